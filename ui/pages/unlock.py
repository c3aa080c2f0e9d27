"""解锁: who is using this computer. No record is shown here; a certificate can be verified without signing in (S01)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui import explain, theme
from ui.models.people import Tile
from ui.texts import Language, either, language, text
from ui.tokens import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.living import Living
from ui.widgets.scroll import Scroll
from ui.widgets.waiting import Waiting
from ui.widgets.words import set_property, words


class PersonTile(Button):
    """One person; arrows go to the neighbours."""

    def __init__(self, tile: Tile, page: UnlockPage) -> None:
        self.tile = tile
        self._page = page
        super().__init__("tile", "user")
        self.setCheckable(True)

    def _set_texts(self) -> None:
        number = text("unlock.person", number=self.tile.person)
        name = either(self.tile.zh, self.tile.en)
        self.say(f"{name}   {number}" if name else number)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, a letter or digit begins the passphrase."""
        by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if by is not None:
            self._page.step(by)
        else:
            super().keyPressEvent(event)


class UnlockPage(Living, QWidget):
    """Signals:
    unlock_wanted: person and passphrase.
    verify_wanted: verify a certificate without signing in.
    language_chosen: zh or en.
    """

    unlock_wanted = Signal(int, str)
    verify_wanted = Signal()
    language_chosen = Signal(str)

    def __init__(self, station: str, *, practice_passphrase: str = "", practice: bool) -> None:
        super().__init__()
        self.setProperty("look", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._practice_passphrase = practice_passphrase
        self._practice = practice
        self._station = station
        self._program = words("big")
        self._place = words("muted")
        self._mark = words("key")
        self.banner = Banner()
        self._question = words("label")
        self.tiles: list[PersonTile] = []
        self._known = False
        self._pressed: Callable[[], None] | None = None
        self._people = QVBoxLayout()
        self._people.setSpacing(12)
        self._group = QButtonGroup(self)
        self._label = words("label")
        self.passphrase = QLineEdit()
        self.show_button = Button("quiet", "eye")
        self._hint = words("message", wrap=True)
        self.unlock_button = Button("primary", "key-round")
        self.practice_button = Button("plain", "fish")
        self.verify_button = Button("quiet", "scan-line")
        self.language_button = Button("quiet", "languages")
        self.waiting = Waiting()
        self._build()
        self._connect()
        self.begin()
        QTimer.singleShot(0, self.passphrase.setFocus)

    def _build(self) -> None:
        card = Card(margin=30)
        card.setFixedWidth(theme.scaled(440))
        for part in (self._program, self._place):
            card.add(part)
        card.body.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignLeft)
        card.add(self.banner, self._question)
        card.body.addLayout(self._people)
        row = QHBoxLayout()
        row.addWidget(self.passphrase, 1)
        row.addWidget(self.show_button)
        card.add(self._label)
        card.body.addLayout(row)
        card.add(self._hint, self.waiting, self.unlock_button, self.practice_button)
        below = QHBoxLayout()
        below.addWidget(self.verify_button)
        below.addStretch(1)
        below.addWidget(self.language_button)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.addStretch(2)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        foot = QWidget()
        foot.setLayout(below)
        foot.setFixedWidth(theme.scaled(440))
        column.addWidget(foot, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(Scroll(inner))

    def _connect(self) -> None:
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.passphrase.installEventFilter(self)
        self.passphrase.returnPressed.connect(self._on_unlock)
        self.unlock_button.act_wanted.connect(self._on_unlock)
        self.practice_button.act_wanted.connect(self._on_practice)
        self.practice_button.setVisible(bool(self._practice_passphrase))
        self.show_button.setCheckable(True)
        self.show_button.toggled.connect(self._on_show)
        self.verify_button.act_wanted.connect(self.verify_wanted)
        self.language_button.act_wanted.connect(self._on_language)
        key = QShortcut(QKeySequence("F7"), self)
        key.setAutoRepeat(False)
        key.activated.connect(self.verify_wanted)

    def show_people(self, people: Sequence[Tile]) -> None:
        """Who has a slot in this home; read from the disk while the page is already there."""
        self._known = True
        self.tiles = [PersonTile(tile, self) for tile in people]
        for tile in self.tiles:
            self._group.addButton(tile)
            self._people.addWidget(tile)
            tile.act_wanted.connect(self.passphrase.setFocus)
        for tile in self.tiles[:1]:
            tile.setChecked(True)
        self.passphrase.setFocus()
        if self._pressed is not None:  # whoever was faster than the disk is not asked to press again
            self._pressed()

    @property
    def person(self) -> int:
        """The chosen person, 0 when this home has none."""
        return next((tile.tile.person for tile in self.tiles if tile.isChecked()), 0)

    def step(self, by: int) -> None:
        """Choose the next or previous person."""
        at = next((i for i, tile in enumerate(self.tiles) if tile.isChecked()), 0)
        chosen = self.tiles[max(0, min(len(self.tiles) - 1, at + by))]
        chosen.setChecked(True)
        for tile in self.tiles:
            tile.checkStateSet()

    def say_wrong_passphrase(self, sentence: str) -> None:
        """One sentence; what was typed can be corrected."""
        self._say(sentence, Tone.BAD)
        self.passphrase.selectAll()
        self.passphrase.setFocus()

    def say_problem(self, error: Exception) -> None:
        """The home could not be opened."""
        said = explain.problem(error)
        self.banner.say(said.tone, said.headline, said.body, details=said.details)

    def set_busy(self, task: Any = None) -> None:
        """Wait for the passphrase to be tried, or stop waiting."""
        for part in (self.passphrase, self.unlock_button, self.practice_button):
            part.setEnabled(task is None)
        if task is not None:
            self.waiting.follow(task, text("unlock.trying"))

    def _on_unlock(self) -> None:
        if not self._known:
            self._pressed = self._on_unlock
            return
        if not self.passphrase.text():
            self._say(text("unlock.empty"), Tone.WARN)
            self.passphrase.setFocus()
            return
        self.unlock_wanted.emit(self.person, self.passphrase.text())

    def _on_practice(self) -> None:
        if not self._known:
            self._pressed = self._on_practice
            return
        self.unlock_wanted.emit(self.person, self._practice_passphrase)

    def _on_show(self, on: bool) -> None:
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
        self.show_button.set_icon("eye-off" if on else "eye")

    def _on_language(self) -> None:
        self.language_chosen.emit(Language.ZH.value if language() is Language.EN else Language.EN.value)

    def _say(self, shown: str, tone: Tone) -> None:
        set_property(self._hint, "tone", tone.value)
        self._hint.setText(shown)
        self._hint.setVisible(bool(shown))

    def _set_texts(self) -> None:
        self._program.setText(text("program.name"))
        self._place.setText(self._station)
        self._place.setVisible(bool(self._station))
        self._mark.setText(text("practice.title"))
        self._mark.setVisible(self._practice)
        self._question.setText(text("unlock.who"))
        self._label.setText(text("unlock.passphrase"))
        self._label.setBuddy(self.passphrase)
        self.passphrase.setAccessibleName(text("unlock.passphrase"))
        self.show_button.setAccessibleName(text("unlock.show"))
        self.show_button.setToolTip(text("unlock.show"))
        self.unlock_button.say(text("unlock.unlock"), "Enter")
        self.practice_button.say(text("unlock.practise"))
        self.verify_button.say(text("unlock.verify"), "F7")
        self.language_button.say(text("unlock.other_language"))
        self._say("", Tone.OFF)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """↑ ↓ choose a person while one is in the passphrase box; Caps Lock is told."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if by is not None:
                self.step(by)
                return True
            self._look_for_caps(event)
        return False

    def _look_for_caps(self, event: QKeyEvent) -> None:
        """A capital letter without Shift means Caps Lock; Qt has no other way to know."""
        typed = event.text()
        if len(typed) == 1 and typed.isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            caps = typed.isupper() != shifted
            self._say(text("unlock.caps_lock") if caps else "", Tone.WARN)
