"""A message above the content: what happened, what is safe, what to do; in place, never in the way."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import icons, theme
from ui.texts import Language, language, text
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.chip import ICONS
from ui.widgets.living import Living
from ui.widgets.words import set_property, words


class Banner(Living, QFrame):
    """Hidden until it has something to say; Esc or ✕ puts it away, ``details`` can be taken to the clipboard.

    What it says is not known in the other language, so it goes when the language changes.

    Signals:
        action_wanted: the remedy offered beside the message was chosen.
        dismissed: the person put it away.
    """

    action_wanted = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = Tone.INFO
        self._details = ""
        self._said_in: Language = language()
        self.setProperty("look", "banner")
        self._icon = QLabel()
        self._headline = words("h3", wrap=True)
        self._body = words("", wrap=True)
        self._action = Button("plain")
        self._take = Button("quiet", "files")
        self._close = Button("quiet", "x")
        self._build()
        self._action.act_wanted.connect(self.action_wanted)
        self._take.act_wanted.connect(self._on_take)
        self._close.act_wanted.connect(self.dismiss)
        self.setVisible(False)
        self.begin()

    def _build(self) -> None:
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(self._headline)
        lines.addWidget(self._body)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addLayout(lines, 1)
        for button in (self._action, self._take, self._close):
            row.addWidget(button)

    @property
    def headline(self) -> str:
        """What it says first."""
        return self._headline.text()

    @property
    def body(self) -> str:
        """What it says below."""
        return self._body.text()

    @property
    def tone(self) -> Tone:
        """Its tone."""
        return self._tone

    def say(self, tone: Tone, headline: str, body: str = "", *, action: str = "", details: str = "") -> None:
        """Show a message; ``action`` labels the remedy's button, ``details`` is what 复制详情 takes."""
        self._tone, self._details, self._said_in = tone, details, language()
        self._headline.setText(headline)
        self._body.setText(body)
        self._body.setVisible(bool(body))
        self._action.say(action)
        self._action.setVisible(bool(action))
        self._take.setVisible(bool(details))
        self.setAccessibleName(headline)
        self.setAccessibleDescription(body)
        set_property(self, "tone", tone.value)
        for label in (self._headline, self._body):
            label.style().unpolish(label)
            label.style().polish(label)
        self._set_look()
        self.setVisible(True)

    def dismiss(self) -> None:
        """Put it away."""
        if not self.isHidden():
            self.setVisible(False)
            self.dismissed.emit()

    def _on_take(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
        self._take.say(text("banner.taken"))

    def _set_texts(self) -> None:
        self._take.say(text("banner.take_details"))
        self._close.setAccessibleName(text("banner.close"))
        self._close.setToolTip(text("banner.close"))
        if self._said_in is not language():  # an owner that says it anew has done so already: Qt tells parents first
            self.dismiss()

    def _set_look(self) -> None:
        side = theme.scaled(20)
        self._icon.setPixmap(icons.pixmap(ICONS[self._tone], theme.current().ink(self._tone), side))
