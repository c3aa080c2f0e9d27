"""A question with few answers: all of them in sight, one chosen; arrows move, Enter goes on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.widgets.button import Button
from ui.widgets.flow import Flow
from ui.widgets.popup_list import Option
from ui.widgets.quantity_field import CalmBox


class Segments(QWidget):
    """Answers side by side; ``upright`` puts them below each other.

    Signals:
        edited: another answer was chosen.
        left: the focus went elsewhere.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, *, upright: bool = False, look: str = "segment", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._buttons: dict[int | str, Button] = {}
        self._group = QButtonGroup(self)
        self._row: QLayout = QVBoxLayout(self) if upright else Flow(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._group.idClicked.connect(lambda _id: self.edited.emit())
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def buttons(self) -> list[Button]:
        """The answers' buttons, in order."""
        return list(self._buttons.values())

    def offer(self, options: Sequence[Option]) -> None:
        """Show these answers; the chosen one stays chosen if it is among them."""
        chosen = self.value()
        if [option.value for option in options] != list(self._buttons):
            self._rebuild(options)
        for option in options:
            self._buttons[option.value].say(option.title)
            self._buttons[option.value].setToolTip(option.detail)
        self.set_value(chosen)

    def value(self) -> int | str | None:
        """The chosen answer."""
        return next((value for value, button in self._buttons.items() if button.isChecked()), None)

    def set_value(self, value: int | str | None) -> None:
        """Choose an answer; None chooses none."""
        self._group.setExclusive(False)
        for one, button in self._buttons.items():
            button.setChecked(one == value)
        self._group.setExclusive(True)

    def draft(self) -> object:
        """What a draft keeps: the chosen answer."""
        return self.value()

    def restore(self, kept: object) -> None:
        """Show what a draft kept."""
        self.set_value(kept if isinstance(kept, (int, str)) else None)

    def _rebuild(self, options: Sequence[Option]) -> None:
        for button in self._buttons.values():
            self._group.removeButton(button)
            button.deleteLater()
        while self._row.count():
            self._row.takeAt(0)
        self._buttons = {}
        for option in options:
            button = _Answer(self, self._look)
            button.setCheckable(True)
            self._group.addButton(button)
            self._row.addWidget(button)
            self._buttons[option.value] = button

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Go to the chosen answer, else to the first."""
        chosen = [button for button in self.buttons if button.isChecked()]
        for button in (chosen or self.buttons)[:1]:
            button.setFocus(reason)

    def step(self, by: int) -> None:
        """Choose the next or previous answer and go there."""
        values = list(self._buttons)
        at = next((i for i, button in enumerate(self._buttons.values()) if button.hasFocus()), 0)
        at = max(0, min(len(values) - 1, at + by))
        self._buttons[values[at]].setFocus(Qt.FocusReason.TabFocusReason)
        self.set_value(values[at])
        self.edited.emit()

    def setAccessibleDescription(self, description: str) -> None:
        """Describe every answer, since each can hold the focus."""
        super().setAccessibleDescription(description)
        for button in self._buttons.values():
            button.setAccessibleDescription(description)


class _Answer(Button):
    """One answer; arrows go to its neighbours."""

    def __init__(self, segments: Segments, look: str) -> None:
        super().__init__(look)
        self._segments = segments

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move, Space and Enter choose; Enter then belongs to the form."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        by = steps.get(Qt.Key(event.key()))
        if by is not None:
            self._segments.step(by)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # an answer is given by choosing it, never by walking past it
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The question is left when its last answer is."""
        super().focusOutEvent(event)
        self._segments.left.emit()


class DropDown(CalmBox):
    """A question with more answers than fit side by side.

    Signals:
        edited: another answer was chosen.
        left: the focus went elsewhere.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.activated.connect(lambda _at: self.edited.emit())

    def offer(self, options: Sequence[Option]) -> None:
        """Show these answers; the chosen one stays chosen if it is among them."""
        chosen = self.value()
        self.clear()
        for option in options:
            self.addItem(option.title, option.value)
        self.set_value(chosen)

    def value(self) -> int | str | None:
        """The chosen answer, None when there is none."""
        found = self.currentData()
        return found if isinstance(found, (int, str)) else None

    def set_value(self, value: int | str | None) -> None:
        """Choose an answer; an unknown one chooses none."""
        self.setCurrentIndex(self.findData(value) if value is not None else -1)

    def draft(self) -> object:
        """What a draft keeps: the chosen answer."""
        return self.value()

    def restore(self, kept: object) -> None:
        """Show what a draft kept."""
        self.set_value(kept if isinstance(kept, (int, str)) else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F4 opens the list; Enter belongs to the form."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        elif event.key() == Qt.Key.Key_F4:
            self.showPopup()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Time to look at the answer."""
        super().focusOutEvent(event)
        self.left.emit()
