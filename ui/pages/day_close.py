"""日结: the day in figures, both equations, what still waits; closed with one act that names itself (S24)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from inspector_app.domain.refusals import Refused
from inspector_app.services import day_close
from inspector_app.services.day_close import DaySheet
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.explain import label
from ui.models.items import Cell, Column
from ui.models.standing import moment_words
from ui.pages.page import Page
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.choice import Segments
from ui.widgets.facts import Facts
from ui.widgets.list_pane import ListPane
from ui.widgets.popup_list import Option
from ui.widgets.words import set_property, words

COLUMNS = (
    Column("kind", 200, stretch=True),
    Column("issued", 64, right=True),
    Column("voided", 64, right=True),
    Column("replaced", 64, right=True),
    Column("ended_elsewhere", 84, right=True),
    Column("printed", 64, right=True),
    Column("sheets", 64, right=True),
    Column("spoiled", 64, right=True),
    Column("stubs", 64, right=True),
    Column("free", 64, right=True),
)
ELSEWHERE = next(at for at, column in enumerate(COLUMNS) if column.name == "ended_elsewhere")


class Day(NamedTuple):
    """One day as the page shows it: its figures, by whom it was closed, whether that still stands, open days."""

    sheet: DaySheet
    closed: str
    stands: bool
    pdf: str
    open_days: list[str]


def read_day(device: Device, date: str) -> Day:
    """Read one day; runs in the background."""
    row = device.rows.one("days", device=device.id, date=date)
    closed = ""
    if row is not None:
        by = device.grant(int(row["closed_by"] or 0))
        when = moment_words(int(row["closed_at"] or 0), device.clock.now().at)
        closed = text("day_close.closed_by", name=by.name if by else "—", when=when)
    return Day(
        day_close.day_sheet(device, date),
        closed,
        day_close.is_closed(device, date),
        str(row["sheet"]) if row else "",
        day_close.unclosed_days(device),
    )


class DayClosePage(Page):
    """Figures, equations, what waits; one act."""

    place = Place.DAY_CLOSE

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._date = ""
        self._day: Day | None = None
        self.days = Segments(look="filter")
        self.counts = ListPane(
            "day", COLUMNS, self._cells, desk.preferences, empty_icon="calendar-check", searchable=False, tall=True
        )
        self.equations = Card()
        self.block_chip, self.sheet_chip = Chip("", Tone.OFF), Chip("", Tone.OFF)
        self.block_words, self.sheet_words = words("", wrap=True), words("", wrap=True)
        self.rest = Card()
        self.facts = Facts()
        self.closed = words("message", wrap=True)
        self.save_button = Button("plain", "download")
        self.close_button = Button("primary", "calendar-check")
        self._build()
        self.days.edited.connect(self._on_day)
        self.close_button.act_wanted.connect(self.submit)
        self.close_button.reason_wanted.connect(lambda why: self.banner.say(Tone.WARN, why))
        self.save_button.act_wanted.connect(self._save)
        self.begin()

    def _build(self) -> None:
        for chip, shown in ((self.block_chip, self.block_words), (self.sheet_chip, self.sheet_words)):
            row = QHBoxLayout()
            row.addWidget(shown, 1)
            row.addWidget(chip)
            self.equations.body.addLayout(row)
        self.rest.add(self.facts)
        for card in (self.equations, self.rest):
            card.body.addStretch(1)
        lower = QWidget()
        columns = QHBoxLayout(lower)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(14)
        columns.addWidget(self.equations, 3)
        columns.addWidget(self.rest, 2)
        acts = QHBoxLayout()
        acts.addWidget(self.closed, 1)
        acts.addWidget(self.save_button)
        acts.addWidget(self.close_button)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(self.days)
        column.addWidget(self.counts, 1)
        column.addWidget(lower)
        column.addLayout(acts)
        self.content.addLayout(column, 1)

    def _cells(self, count: Any) -> Sequence[Cell]:
        span = f"{count.first} – {count.last}" if count.first and count.first != count.last else count.first
        ends = (count.voided, count.replaced, count.ended_elsewhere)
        figures = (*ends, count.prints, count.sheets, count.spoiled, count.stubs, count.free)
        return (
            Cell(label("kind", count.kind), span),
            Cell(f"{count.issued:,}", right=True, order=count.issued),
            *(Cell(f"{figure:,}", right=True, order=figure) for figure in figures),
        )

    def refresh(self) -> None:
        """Count again."""
        date = self._date or self.desk.today()
        self.desk.read(lambda device: read_day(device, date), self).on_success(self._show).on_failure(self.say_problem)

    def _show(self, day: Day) -> None:
        self._day = day
        sheet = day.sheet
        self._offer_days(day)
        # Rare, and every column counts in a narrow window.
        self.counts.table.show_column(ELSEWHERE, shown=any(count.ended_elsewhere for count in sheet.counts))
        self.counts.show_items(sheet.counts)
        self.block_words.setText(text("day_close.block_equation"))
        self.block_chip.say(text("numbers.holds" if sheet.blocks_hold else "numbers.broken"), _tone(sheet.blocks_hold))
        keeper = sheet.keeper
        shown = text(
            "day_close.keeper_equation",
            opening=keeper.opening,
            came_in=keeper.came_in,
            went_out=keeper.went_out,
            closing=keeper.closing,
        )
        self.sheet_words.setText(shown)
        self.sheet_chip.say(text("numbers.holds" if keeper.holds else "numbers.broken"), _tone(keeper.holds))
        self.facts.show_facts(
            [
                *ended_facts(sheet),
                (text("day_close.ordinal"), f"{sheet.follows.ordinal + (not day.stands):,}"),
                *not_in(sheet, self.desk.device.id),
                (text("day_close.waiting"), f"{sheet.waiting:,}"),
                (text("day_close.open_prints"), text("list.comma").join(sheet.open_prints) or "0"),
                (text("day_close.stubs_waiting"), f"{len(sheet.stubs_waiting):,}"),
                (text("day_close.records"), f"{sheet.seq:,}"),
                (text("day_close.head"), sheet.head[:16]),
            ]
        )
        self._show_acts(day)

    def _offer_days(self, day: Day) -> None:
        today = self.desk.today()
        dates = [*[one for one in day.open_days if one != today], today]
        self.days.offer([Option(one, text("day_close.today", date=one) if one == today else one) for one in dates])
        self.days.set_value(day.sheet.date)
        self.days.setVisible(len(dates) > 1)

    def _show_acts(self, day: Day) -> None:
        self.closed.setText(_standing(day))
        set_property(self.closed, "tone", (Tone.OFF if day.stands else Tone.WARN).value)
        self.close_button.setVisible(not day.stands)
        self.save_button.setVisible(bool(day.pdf))
        self.close_button.say(text("day_close.close", date=day.sheet.date), "Ctrl+Enter")
        late = [one for one in day.open_days if one != self.desk.today()]
        self.set_chips([(text("day_close.open_days", n=len(late)), Tone.WARN)] if late else [])

    def _on_day(self) -> None:
        self._date = str(self.days.value() or "")
        self.refresh()

    def submit(self) -> None:
        """Close the day: the sheet is drawn, kept and signed."""
        if self._day is None or self._day.stands or self.close_button.reason:
            return
        date = self._day.sheet.date

        def done(_closed: Any) -> None:
            self.desk.say(text("day_close.done", date=date))
            self.refresh()

        task = self.desk.act(
            lambda device: day_close.close_day(device, date),
            self,
            done=done,
            refused=self._on_refused,
            failed=self.say_problem,
        )
        self.close_button.block(text("day_close.closing"))
        task.ended.connect(lambda: self.close_button.block(""))

    def _on_refused(self, outcome: Refused) -> None:
        self.say(explain.refused(outcome.refusals))

    def _save(self) -> None:
        """Save the kept sheet as a PDF file to print and sign."""
        if self._day is None or not self._day.pdf:
            return
        name, _ = QFileDialog.getSaveFileName(
            self, text("day_close.save"), f"{text('day_close.file')}-{self._day.sheet.date}.pdf", "PDF (*.pdf)"
        )
        if not name:
            return
        kept = self._day.pdf

        def write(device: Device) -> None:
            Path(name).write_bytes(device.files.read(kept))

        task = self.desk.read(write, self)
        task.on_success(lambda _nothing: self.desk.say(text("day_close.saved"))).on_failure(self.say_problem)

    def enter(self, subject: str = "") -> None:
        """A date, or today."""
        self._date = subject
        self.refresh()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (("Ctrl+Enter", text("day_close.key_close")),)

    def _set_texts(self) -> None:
        self.counts.title(text("day_close.figures"))
        self.counts.empty.say(text("day_close.empty"), text("day_close.empty_body"))
        self.equations.title(text("day_close.equations"), text("day_close.equations_caption"))
        self.rest.title(text("day_close.rest"))
        self.save_button.say(text("day_close.save"))
        if not self._stale:
            self.refresh()


def _standing(day: Day) -> str:
    """Who closed the day, and whether something was added to it since."""
    if day.closed:
        return day.closed if day.stands else text("day_close.reopened", closed=day.closed)
    return text("day_close.unanswered") if day.sheet.open_prints else ""


def ended_facts(sheet: DaySheet) -> list[tuple[str, str]]:
    """What a sister's computer ended, or this one for a sister; most days say nothing of either."""
    named = (
        ("day_close.ended_elsewhere", sheet.endings.elsewhere),
        ("day_close.ended_for_sisters", sheet.endings.for_sisters),
    )
    return [(text(key), text("list.comma").join(one.number for one in ended)) for key, ended in named if ended]


def not_in(sheet: DaySheet, own: str) -> list[tuple[str, str]]:
    """The station's other devices whose close of the day is not known here (未报)."""
    missing = [one.name or one.device[:8] for one in sheet.devices if one.device != own and not one.ordinal]
    return [(text("day_close.not_in"), text("list.comma").join(missing))] if missing else []


def _tone(holds: bool) -> Tone:
    return Tone.GOOD if holds else Tone.BAD
