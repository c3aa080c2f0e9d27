"""What an empty list says: what will appear here, and the first thing to do (U04)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ui import icons, theme
from ui.widgets.button import Button
from ui.widgets.living import Living
from ui.widgets.words import words


class EmptyState(Living, QFrame):
    """An icon, a sentence, and perhaps a button.

    Signals:
        action_wanted: the first thing to do was chosen.
    """

    action_wanted = Signal()

    def __init__(self, icon: str, *, on_card: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card" if on_card else "clear")
        self._icon_name = icon
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._headline = words("h3")
        self._headline.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body = words("muted", wrap=True)
        self._body.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._action = Button("plain")
        self._action.setVisible(False)
        self._action.act_wanted.connect(self.action_wanted)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(2)
        for part in (self._icon, self._headline, self._body):
            column.addWidget(part)
        column.addSpacing(6)
        column.addWidget(self._action, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)
        self.begin()

    def say(self, headline: str, body: str = "", action: str = "") -> None:
        """Set the sentence; an empty ``action`` offers no button."""
        self._headline.setText(headline)
        self._body.setText(body)
        self._action.say(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(headline)

    def _set_look(self) -> None:
        self._icon.setPixmap(icons.pixmap(self._icon_name, theme.current().muted, theme.scaled(34)))
