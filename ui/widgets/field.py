"""A labelled field: the label above, the editor, and a message below it that names what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.explain import label
from ui.texts import has_text, text
from ui.tokens import Tone
from ui.widgets import words as label_words
from ui.widgets.living import Living
from ui.widgets.moment_field import DayEdit
from ui.widgets.words import set_property


class Editor(Protocol):
    """What a field holds: any widget with a value that says when the person changed it and left it."""

    edited: SignalInstance
    left: SignalInstance

    def value(self) -> Any:
        """The value, None or "" when there is none yet."""

    def set_value(self, value: Any) -> None:
        """Show a value."""


class Field(Living, QWidget):
    """One question of a form.

    ``name`` is the field's name in refusals and drafts; its words are those sentences use too (table ``field``) unless
    ``words`` says others, with an optional example ``example.<name>``. Message and example share the line below.
    """

    def __init__(
        self,
        name: str,
        editor: QWidget,
        *,
        required: bool = False,
        span: int = 1,
        words: Callable[[], str] | None = None,
    ) -> None:
        super().__init__()
        self.name = name
        self.editor = cast(Any, editor)
        self.required = required
        self.span = span
        self._words = words or (lambda: label("field", name))
        self._said = False
        self._tone = Tone.OFF
        self._label = label_words.words("label")
        self._label.setBuddy(editor)
        self._mark = label_words.words("label")
        self._below = label_words.words("message", wrap=True)
        self._build(editor)
        self.editor.edited.connect(self._on_edited)
        self.begin()

    def _build(self, editor: QWidget) -> None:
        above = QHBoxLayout()
        above.setSpacing(6)
        above.addWidget(self._label)
        above.addStretch(1)
        above.addWidget(self._mark)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(above)
        column.addWidget(editor)
        column.addWidget(self._below)
        column.addStretch(1)

    @property
    def label(self) -> str:
        """The question's words."""
        return self._label.text()

    @property
    def message(self) -> str:
        """What is said below it, "" when nothing is wrong."""
        return self._below.text() if self._said else ""

    @property
    def tone(self) -> Tone:
        """The tone of the message."""
        return self._tone

    @property
    def unread(self) -> str:
        """What is to be said of an answer that cannot be read as what is asked for, "" while there is none such."""
        if not getattr(self.editor, "is_unread", False):
            return ""
        return text("form.no_day" if isinstance(self.editor, DayEdit) else "form.no_moment")

    def value(self) -> Any:
        """The editor's value."""
        return self.editor.value()

    def set_value(self, value: Any) -> None:
        """Show a value; a message about the old one goes."""
        self.editor.set_value(value)
        self._on_edited()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Go to the editor."""
        self.editor.setFocus(reason)

    def refresh(self) -> None:
        """The value was changed from outside: a message about the old one goes."""
        self._on_edited()

    def say(self, shown: str, tone: Tone = Tone.BAD) -> None:
        """Put a message below the field; "" takes it away."""
        self._said, self._tone = bool(shown), tone
        set_property(self.editor, "problem", self._said and tone is Tone.BAD)
        set_property(self._below, "tone", tone.value if shown else Tone.OFF.value)
        self._show_below(shown)
        self.editor.setAccessibleDescription(shown or self._example())

    def _on_edited(self) -> None:
        if self._said:
            self.say("")
        elif hasattr(self.editor, "echo"):
            self._show_below("")
        self._show_mark()

    def _show_mark(self) -> None:
        missing = self.required and self.editor.value() in (None, "", [])
        self._mark.setVisible(missing)

    def _show_below(self, shown: str) -> None:
        below = shown or ("" if getattr(self.editor, "echo", "") else self._example())
        self._below.setText(below)
        self._below.setVisible(bool(below))

    def _example(self) -> str:
        return text(f"example.{self.name}") if has_text(f"example.{self.name}") else ""

    def _set_texts(self) -> None:
        self._label.setText(self._words())
        self._mark.setText(text("form.required"))
        self._show_mark()
        name = self._label.text()
        self.editor.setAccessibleName(f"{name}, {self._mark.text()}" if self.required else name)
        if not self._said:
            set_property(self._below, "tone", Tone.OFF.value)
            self._show_below("")
