"""A form: labelled fields in reading order, driven by the keyboard, with messages beside what they concern.

Enter goes to the next field, Shift+Enter back, Ctrl+Enter submits, and both Enter keys are alike; while the input
method composes a word none of them does anything. Ctrl+Z goes back over whole fields once a line has nothing to undo.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QLineEdit, QVBoxLayout, QWidget

from inspector_app.domain.refusals import Refusal
from ui import theme
from ui.explain import field_message
from ui.tokens import Tone
from ui.widgets.field import Field
from ui.widgets.line import ENTERS
from ui.widgets.words import rule, words

NARROW_PX = 560
UNDO_STEPS = 50
Draft = dict[str, Any]


class Section(QWidget):
    """Fields that belong together: two columns where there is room, one where there is not."""

    def __init__(self, fields: Sequence[Field], columns: int = 2) -> None:
        super().__init__()
        self._fields = list(fields)
        self._columns = columns
        self._now = 0
        self.heading = words("h3")
        self.heading.hide()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addLayout(self._grid)
        self._arrange(columns)

    def title(self, shown: str) -> None:
        """Name the section."""
        self.heading.setText(shown)
        self.heading.setVisible(bool(shown))

    def _arrange(self, columns: int) -> None:
        if columns == self._now:
            return
        self._now = columns
        for at in range(2):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)
        row = column = 0
        for field in self._fields:
            span = min(field.span, columns)
            if column + span > columns:
                row, column = row + 1, 0
            self._grid.addWidget(field, row, column, 1, span)
            column += span

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column when it gets narrow."""
        super().resizeEvent(event)
        self._arrange(self._columns if event.size().width() >= theme.scaled(NARROW_PX) else 1)


class Form(QWidget):
    """Signals:
    edited: the person changed a field.
    submit_wanted: Ctrl+Enter, or Enter in the last field.
    """

    edited = Signal()
    submit_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields: dict[str, Field] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(16)
        self._column.addStretch(1)  # an alignment would give the fields less height than their wrapped words need
        self._after: list[QWidget] = []
        self._chaining = QTimer(self)
        self._chaining.setSingleShot(True)
        self._chaining.setInterval(0)
        self._chaining.timeout.connect(self._chain_tabs)
        self._undone: list[Draft] = []
        self._redone: list[Draft] = []
        self._last: Draft = {}

    def add_section(self, fields: Sequence[Field], columns: int = 2, *, ruled: bool = False) -> Section:
        """Put fields below what is there, in the order in which Enter walks them."""
        if ruled:
            self.add_widget(rule())
        section = Section(fields, columns)
        self.add_widget(section)
        for field in fields:
            self.adopt(field)
        return section

    def add_widget(self, widget: QWidget) -> None:
        """Put something that is no field below what is there."""
        self._column.insertWidget(self._column.count() - 1, widget)

    def add_layout(self, layout: QLayout) -> None:
        """Put a layout below what is there; its fields are adopted one by one."""
        self._column.insertLayout(self._column.count() - 1, layout)

    def adopt(self, field: Field) -> None:
        """Let a field laid out elsewhere be part of this form, after those it has."""
        self.fields[field.name] = field
        field.editor.edited.connect(self._on_edited)
        for part in (field.editor, *field.editor.findChildren(QWidget)):
            part.installEventFilter(self)
        self._chaining.start()

    def watch(self, widget: QWidget) -> None:
        """Let Enter also walk over a widget that was made later (answers of a question)."""
        widget.installEventFilter(self)
        self._chaining.start()

    def follow_with(self, *widgets: QWidget) -> None:
        """What Tab reaches after the last field."""
        self._after = list(widgets)
        self._chaining.start()

    def _chain_tabs(self) -> None:
        """Tab walks as the eye does, also over answers that were made after the fields behind them."""
        walked: list[QWidget] = []
        for field in self.fields.values():
            parts = [field.editor, *field.editor.findChildren(QWidget)]
            walked += [part for part in parts if part.focusPolicy() & Qt.FocusPolicy.TabFocus and not part.isHidden()]
        walked += self._after
        walked = [part for part in walked if part.window() is self.window()]  # a closed list is a window of its own
        for before, after in itertools.pairwise(walked):
            QWidget.setTabOrder(before, after)

    # --- values and drafts ----------------------------------------------------------------------------------------

    def value(self, name: str) -> Any:
        """A field's value."""
        return self.fields[name].value()

    def values(self) -> dict[str, Any]:
        """Every field's value."""
        return {name: field.value() for name, field in self.fields.items()}

    def fill(self, values: Mapping[str, Any]) -> None:
        """Show values in the fields of these names; counts as not edited."""
        for name, value in values.items():
            if name in self.fields:
                self.fields[name].set_value(value)
        self.settle()

    def draft(self) -> Draft:
        """Everything as typed, also what cannot be read yet; fit for JSON."""
        return {name: field.editor.draft() for name, field in self.fields.items()}

    def restore(self, draft: Mapping[str, Any]) -> None:
        """Show a draft again."""
        for name, kept in draft.items():
            if name in self.fields:
                self.fields[name].editor.restore(kept)
                self.fields[name].refresh()
        self._last = self.draft()

    def settle(self) -> None:
        """What stands there now is where undo begins."""
        self._last = self.draft()
        self._undone, self._redone = [], []

    def undo(self) -> bool:
        """Go back to how the form stood before the last change of another field; False when there is nothing."""
        return self._travel(self._undone, self._redone)

    def redo(self) -> bool:
        """Forward again."""
        return self._travel(self._redone, self._undone)

    def _travel(self, source: list[Draft], target: list[Draft]) -> bool:
        if not source:
            return False
        target.append(self.draft())
        self.restore(source.pop())
        self.edited.emit()
        return True

    def _on_edited(self) -> None:
        now = self.draft()
        changed = {name for name in now if now[name] != self._last.get(name)}
        # Typing on in one field is one step; the line itself undoes the letters.
        if changed and (not self._undone or changed != self._changed_last()):
            self._undone = [*self._undone[-UNDO_STEPS:], self._last]
        self._redone = []
        self._last = now
        self.edited.emit()

    def _changed_last(self) -> set[str]:
        before = self._undone[-1]
        return {name for name in self._last if self._last[name] != before.get(name)}

    # --- messages -------------------------------------------------------------------------------------------------

    def say_refusals(self, refusals: Iterable[Refusal]) -> list[Refusal]:
        """Put each refusal below its field; returns those that belong to no field of this form."""
        self.clear_messages()
        left = []
        for refusal in refusals:
            field = self.fields.get(refusal.field)
            if field is None:
                left.append(refusal)
            elif not field.message:
                field.say(field.unread or field_message(refusal, field.label), Tone.BAD)
        return left

    def clear_messages(self) -> None:
        """Take all messages away."""
        for field in self.fields.values():
            field.say("")

    def go_to_problem(self) -> bool:
        """Put the focus on the first field with a message; False when there is none."""
        for field in self.fields.values():
            if field.message:
                self.go_to(field.name)
                return True
        return False

    def go_to(self, name: str) -> None:
        """Put the focus on a field."""
        self.fields[name].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Only in its window a widget has neighbours."""
        super().showEvent(event)
        self._chaining.start()

    # --- the keyboard ---------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter walks, Ctrl+Enter submits, Ctrl+Z and Ctrl+Y travel."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if getattr(watched, "is_composing", False):
            return False
        if event.key() in ENTERS:
            return self._on_enter(watched, event)
        if event.matches(QKeySequence.StandardKey.Undo):
            return not _can_undo_itself(watched) and self.undo()
        if event.matches(QKeySequence.StandardKey.Redo):
            return self.redo()
        return False

    def _on_enter(self, watched: QObject, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        submits = modifiers == Qt.KeyboardModifier.ControlModifier
        if _keeps_enter(watched) and not submits:
            return False
        if event.isAutoRepeat():  # a held key is one step: it must not run through the form and on into the act
            return True
        if submits:
            self.submit_wanted.emit()
            return True
        settle = getattr(watched, "take_marked", None)
        if settle is not None:
            settle()
        if modifiers == Qt.KeyboardModifier.ShiftModifier:
            self._step(watched, -1)
            return True
        if modifiers == Qt.KeyboardModifier.NoModifier:
            self._step(watched, 1)
            return True
        return False

    def _step(self, watched: QObject, by: int) -> None:
        shown = [field for field in self.fields.values() if field.isVisibleTo(self)]
        at = next((i for i, field in enumerate(shown) if _holds(field, watched)), -1)
        to = at + by
        if to >= len(shown):
            self.submit_wanted.emit()
        elif to >= 0:
            self.go_to(shown[to].name)


def _holds(field: Field, watched: QObject) -> bool:
    return watched is field.editor or (isinstance(watched, QWidget) and field.isAncestorOf(watched))


def _keeps_enter(watched: QObject) -> bool:
    return bool(watched.property("keepsEnter"))


def _can_undo_itself(watched: QObject) -> bool:
    return isinstance(watched, QLineEdit) and watched.isUndoAvailable()
