"""查验: is this certificate genuine? Offline, against the trust file; also from the lock screen (S21)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.desk import Desk
from ui.pages.page import Page
from ui.places import Place
from ui.texts import text
from ui.widgets.button import Button
from ui.widgets.living import Living
from ui.widgets.verifier import Verifier
from ui.widgets.words import words


class VerifyPage(Page):
    """The verifier on a page of its own."""

    place = Place.VERIFY

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        device = desk.device
        self.verifier = Verifier(
            desk.tasks, desk.trust, desk.equipment.read_codes, desk.now, device.catalogue, device.areas
        )
        self.content.addWidget(self.verifier, 1)
        self.key("Ctrl+O", self.verifier.drop.choose)
        self.key("Ctrl+Shift+V", self.verifier.drop.paste)
        self.begin()

    def enter(self, subject: str = "") -> None:
        """A text to judge, perhaps."""
        self.verifier.line.setFocus()
        if subject:
            self.verifier.verify_text(subject)

    def submit(self) -> None:
        """Judge."""
        self.verifier.verify_line()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (("Ctrl+O", text("verify.choose")), ("Ctrl+Shift+V", text("verify.key_paste")))


class LockedVerifyPage(Living, QWidget):
    """The verifier while nobody is signed in, with the way back."""

    def __init__(self, verifier: Verifier) -> None:
        super().__init__()
        self.setProperty("look", "page")
        self.verifier = verifier
        self._title = words("h1")
        self.back_button = Button("plain", "chevron-left")
        self.back_wanted = self.back_button.act_wanted
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 20, 28, 24)
        column.setSpacing(14)
        column.addWidget(self.back_button)
        column.addWidget(self._title)
        column.addWidget(verifier, 1)
        self.back_button.setSizePolicy(
            self.back_button.sizePolicy().Policy.Fixed, self.back_button.sizePolicy().Policy.Fixed
        )
        acts = {"Esc": self.back_button.click, "Ctrl+O": verifier.drop.choose, "Ctrl+Shift+V": verifier.drop.paste}
        for keys, act in acts.items():
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setAutoRepeat(False)
        self.begin()
        verifier.line.setFocus()

    def _set_texts(self) -> None:
        self._title.setText(text("place.verify"))
        self.back_button.say(text("unlock.back"), "Esc")
