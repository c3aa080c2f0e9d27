"""出发前检查: may I drive off? Every reason not to, each with the button that cures it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from inspector_app.services.ready import Reason, Weight, check_departure, heaviest_first, may_drive, printers_not_ready
from ui import explain, icons, theme
from ui.desk import Desk
from ui.pages.page import Page
from ui.places import Place
from ui.tasks import Lane
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import ICONS
from ui.widgets.scroll import Scroll
from ui.widgets.words import words

TONES = {Weight.STOPS: Tone.BAD, Weight.CURE: Tone.WARN, Weight.NOTE: Tone.INFO}
CURES = {
    "sync": Place.SYNC,
    "numbers": Place.NUMBERS,
    "day_close": Place.DAY_CLOSE,
    "declarations": Place.DECLARATIONS,
    "prints": Place.PRINTS,
    "certificates": Place.CERTIFICATES,
    "old_sheets": Place.OLD_SHEETS,
    "settings": Place.SETTINGS,
    "stocktake": Place.STOCKTAKE,
    "stores": Place.STORES,
}


class ReadyPage(Page):
    """One verdict in large letters, then the reasons."""

    place = Place.READY

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._icon = QLabel()
        self._verdict = words("big")
        self._below = words("muted", wrap=True)
        self._reasons = QVBoxLayout()
        self._reasons.setSpacing(10)
        self.again = Button("plain", "refresh-cw")
        self.again.act_wanted.connect(self.refresh)
        self._found: Sequence[Reason] = ()
        self._checked: Sequence[Reason] | None = None
        self._of_printers: Sequence[Reason] = ()
        self.buttons: list[Button] = []
        self._build()
        self.begin()

    def _build(self) -> None:
        card = Card(margin=26)
        head = QHBoxLayout()
        head.setSpacing(16)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(self._verdict)
        titles.addWidget(self._below)
        head.addWidget(self._icon)
        head.addLayout(titles, 1)
        head.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(head)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(12)
        column.addWidget(card)
        column.addLayout(self._reasons)
        column.addStretch(1)
        self.content.addWidget(Scroll(inner), 1)

    def refresh(self) -> None:
        """Check again."""
        self.desk.read(check_departure, self).on_success(self._on_checked).on_failure(self.say_problem)
        printers = dict(self.desk.printers)
        asked = self.desk.tasks.run(lambda: printers_not_ready(printers), Lane.OUTSIDE, self)
        asked.on_success(self._on_printers)

    def _on_checked(self, found: Sequence[Reason]) -> None:
        self._checked = found
        self._show_all()

    def _on_printers(self, found: Sequence[Reason]) -> None:
        self._of_printers = found
        self._show_all()

    def _show_all(self) -> None:
        if self._checked is not None:
            self._show(heaviest_first([*self._checked, *self._of_printers]))

    def _show(self, found: Sequence[Reason]) -> None:
        self._found = found
        reasons = tuple(found)
        good = may_drive(reasons)
        heavy = sum(1 for one in reasons if one.weight is not Weight.NOTE)
        self._verdict.setText(text("ready.yes") if good else text("ready.no", n=heavy))
        self._below.setText(text("ready.yes_body") if good else text("ready.no_body"))
        tone = Tone.GOOD if good else TONES[reasons[0].weight]
        self._icon.setPixmap(icons.pixmap(ICONS[tone], theme.current().ink(tone), theme.scaled(40)))
        self._clear()
        for reason in reasons:
            self._reasons.addWidget(self._row(reason))

    def _row(self, reason: Reason) -> Card:
        tone = TONES[reason.weight]
        lang = explain.language_code()
        said = explain.sentences().of("reasons", reason.code, lang, reason.details)
        card = Card(margin=18)
        row = QHBoxLayout()
        row.setSpacing(14)
        sign = QLabel()
        sign.setPixmap(icons.pixmap(ICONS[tone], theme.current().ink(tone), theme.scaled(22)))
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(words("h3", said.happened, wrap=True))
        lines.addWidget(words("muted", "  ".join(part for part in (said.safe, said.todo) if part), wrap=True))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        place = CURES.get(reason.cure)
        if place is not None:
            cure = Button("primary" if tone is Tone.BAD else "plain")
            cure.say(text("ready.go", place=text(f"place.{place.value}")))
            cure.setAccessibleDescription(said.happened)
            cure.act_wanted.connect(lambda: self.desk.go(place))
            self.buttons.append(cure)
            row.addWidget(cure)
        card.body.addLayout(row)
        return card

    def _clear(self) -> None:
        self.buttons = []
        while self._reasons.count():
            item = self._reasons.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()

    def enter(self, subject: str = "") -> None:
        """Every visit checks anew."""
        self.refresh()

    def submit(self) -> None:
        """Ctrl+Enter: cure the heaviest reason."""
        if self.buttons:
            self.buttons[0].click()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (("F5", text("ready.again")), ("Ctrl+Enter", text("ready.key_cure")))

    def _set_texts(self) -> None:
        self.again.say(text("ready.again"), "F5")
        if self._found or not self._stale:
            self.refresh()

    def _set_look(self) -> None:
        if self._found:
            self._show(self._found)
