"""What all pages are: a place with a title and chips, a message above the content, and the keys that work there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui import explain
from ui.desk import Desk
from ui.explain import Explained
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.banner import Banner
from ui.widgets.living import Living

Chips = Sequence[tuple[str, Tone]]


class Page(Living, QWidget):
    """A page of the window. Subclasses build below :attr:`content`, read in :meth:`refresh`, act in :meth:`submit`.

    Signals:
        chips_changed: what the chips beside the title say is new.
    """

    place: Place
    chips_changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self._chips: Chips = ()
        self._stale = True
        self.banner = Banner()
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(20, 4, 20, 14)
        self.content.setSpacing(12)
        self.content.addWidget(self.banner)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            self.key(keys, self._on_submit)
        self.key("F5", self.refresh)
        desk.recorded.connect(self._on_recorded)

    @property
    def title(self) -> str:
        """The page's words in the title bar."""
        return text(f"place.{self.place.value}")

    @property
    def chips(self) -> Chips:
        """States beside the title."""
        return self._chips

    def set_chips(self, chips: Chips) -> None:
        """Say states beside the title."""
        self._chips = chips
        self.chips_changed.emit()

    def key(self, keys: str, act: object) -> None:
        """Let a shortcut work anywhere on this page."""
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setAutoRepeat(False)  # a held Ctrl+Enter is one act, not record, accept, inspect and issue
        shortcut.activated.connect(act)

    def refresh(self) -> None:
        """Read again what the page shows."""

    def submit(self) -> None:
        """The page's main act (Ctrl+Enter)."""

    def enter(self, subject: str = "") -> None:
        """The person came here, perhaps for one thing."""
        if self._stale or subject:
            self._stale = False
            self.refresh()

    def called_again(self) -> None:
        """The page's own key was pressed while it is in front."""
        self.refresh()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys that work on this page, for the shortcut sheet."""
        return ()

    def say(self, message: Explained, action: str = "") -> None:
        """Put a message above the content."""
        self.banner.say(message.tone, message.headline, message.body, details=message.details, action=action)

    def say_problem(self, error: Exception) -> None:
        """Something outside did not work."""
        self.say(explain.problem(error))

    def _on_submit(self) -> None:
        focus = QApplication.focusWidget()
        if not getattr(focus, "is_composing", False):
            self.submit()

    def _on_recorded(self) -> None:
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True
