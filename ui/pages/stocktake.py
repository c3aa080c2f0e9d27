"""盘点: begin, count by scanner or by ranges against the book, close, let a second person confirm; and cases (S15)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from inspector_app.services import drafts, stocktaking
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.models.items import Cell, Column
from ui.models.stocktakes import STATES, CountLine, PastStocktake, Stocktakes, read_stocktakes
from ui.pages.asking import AskedReason, ask_reason
from ui.pages.cases_pane import CasesPane
from ui.pages.page import Page
from ui.pages.stocktake_closing import Closing
from ui.pages.stocktake_panes import DRAFT, BeginPane, CountPane
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.beside import Beside
from ui.widgets.button import Button
from ui.widgets.choice import Segments
from ui.widgets.list_pane import ListPane
from ui.widgets.one_of import OneOf
from ui.widgets.popup_list import Option

LINES = (
    Column("stock_line", 206, stretch=True),
    Column("in_book", 54, right=True),
    Column("found", 58, right=True),
    Column("state"),
)
PAST = (
    Column("past_stocktake", 190, stretch=True),
    Column("ended", 108),
    Column("differing", 56, right=True),
    Column("state"),
)
COUNT, CASES = "count", "cases"
PANE_LOW_PX, NARROW_PX = 520, 760


class _Read(NamedTuple):
    stand: Stocktakes
    kept: drafts.Kept | None


def _read(device: Device) -> _Read:
    stand = read_stocktakes(device)
    kept = drafts.about(device, DRAFT, stand.open.ref) if stand.open is not None else None
    return _Read(stand, kept)


class StocktakePage(Page):
    """Two views: the count with its book, and the cases that came of differences."""

    place = Place.STOCKTAKE

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.stand: Stocktakes | None = None
        self.closing: Closing | None = None
        self._open_cases = 0
        self.views = Segments(look="filter")
        self.stack, self.left, self.right = OneOf(), QStackedWidget(), QStackedWidget()
        self.lines = ListPane(
            "stock_lines", LINES, _line_cells, desk.preferences, empty_icon="hash", searchable=False, tall=True
        )
        self.past = ListPane(
            "stocktakes", PAST, _past_cells, desk.preferences, empty_icon="hash", searchable=False, tall=True
        )
        self.begin_pane, self.count_pane, self.cases = BeginPane(desk), CountPane(desk), CasesPane(desk)
        self.abandon_button, self.close_button = Button("quiet", "trash-2"), Button("primary", "package-check")
        self.confirm_button = Button("plain", "users")
        self._build()
        self._wire()
        self.begin()

    def _build(self) -> None:
        self.left.addWidget(_with_acts(self.past, self.confirm_button))
        self.left.addWidget(_with_acts(self.lines, self.abandon_button, self.close_button))
        self.right.addWidget(self.begin_pane)
        self.right.addWidget(self.count_pane)
        self.stack.addWidget(Beside(self.left, self.right, (7, 6), list_width=444, low=PANE_LOW_PX, narrow=NARROW_PX))
        self.stack.addWidget(self.cases)
        self.content.addWidget(self.views)
        self.content.addWidget(self.stack, 1)

    def _wire(self) -> None:
        self.views.edited.connect(self._on_view)
        self.lines.table.opened.connect(self._count_line)
        self.past.table.marked.connect(self._on_past)
        self.past.table.opened.connect(lambda _line: self._confirm())
        self.close_button.act_wanted.connect(self._close)
        self.close_button.reason_wanted.connect(lambda why: self.banner.say(Tone.WARN, why))
        self.abandon_button.act_wanted.connect(self._abandon)
        self.confirm_button.act_wanted.connect(self._confirm)
        self.key("Ctrl+N", self._open_case)
        self.cases.counted.connect(self._on_cases)
        self.cases.failed.connect(self.say_problem)

    # --- what is shown ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read book, counts and cases again."""
        self.desk.read(_read, self).on_success(self._show).on_failure(self.say_problem)
        self.cases.refresh()

    def _show(self, read: _Read) -> None:
        stand = self.stand = read.stand
        self.left.setCurrentIndex(int(stand.open is not None))
        self.right.setCurrentIndex(int(stand.open is not None))
        self.past.show_items(stand.past)
        self._on_past(self.past.table.current)
        self.begin_pane.show_stores(stand)
        if stand.open is not None:
            self.lines.show_items(stand.open.lines)
            self.count_pane.show_open(stand.open, read.kept)
            left = stand.open.left
            self.close_button.block(text("stocktake.left", n=left) if left else "")
        elif self.count_pane.open is not None:
            self.count_pane.forget()
        self._show_chips(stand)

    def _show_chips(self, stand: Stocktakes) -> None:
        chips = []
        if stand.open is not None:
            chips.append((text("stocktake.under_way"), Tone.INFO))
            differing = len(stand.open.differences)
            if not stand.open.left:
                chips.append((text("stocktake.differing", n=differing), Tone.WARN if differing else Tone.GOOD))
        else:
            chips.append((text("stocktake.due", day=stand.due_on), Tone.WARN if stand.overdue else Tone.OFF))
        if stand.elsewhere:
            names = text("list.comma").join(stand.elsewhere)
            chips.append((text("stocktake.elsewhere", names=names), Tone.INFO))
        self.set_chips(chips)

    def _on_view(self) -> None:
        self.stack.setCurrentIndex(int(self.views.value() == CASES))

    def _open_case(self) -> None:
        self.views.set_value(CASES)
        self._on_view()
        self.cases.ask_open()

    def _on_cases(self, count: int) -> None:
        self._open_cases = count
        self._name_views()

    def _on_past(self, line: PastStocktake | None) -> None:
        self.confirm_button.setVisible(line is not None and bool(line.to_confirm))

    def _count_line(self, line: CountLine) -> None:
        """Enter on a line: this shelf and kind is counted next."""
        self.count_pane.choose(line.shelf, line.kind)
        self.count_pane.form.go_to("scans" if self.count_pane.means.value() == stocktaking.SCANNED else "numbers")

    # --- acts ---------------------------------------------------------------------------------------------------------

    def submit(self) -> None:
        """Ctrl+Enter: begin, record a count, conclude a case."""
        if self.stack.currentIndex():
            self.cases.conclude()
        elif self.stand is not None:
            pane = self.count_pane if self.stand.open is not None else self.begin_pane
            pane.submit()

    def _close(self) -> None:
        if self.stand is None or self.stand.open is None:
            return
        if self.count_pane.scans.value():
            self.count_pane.record_nothing_more()  # says that what was scanned is to be recorded first
            return
        self.closing = Closing(self.desk, self, self.stand.open, alone=self.stand.alone, done=self.refresh)

    def _abandon(self) -> None:
        def deed(device: Device, asked: AskedReason) -> Any:
            return stocktaking.abandon_stocktake(device, reason=asked.reason, note=asked.note)

        ask_reason(
            self.desk,
            self,
            of="stocktake_abandoned",
            title=text("stocktake.abandon_title"),
            explanation=text("stocktake.abandon_explained"),
            act=text("stocktake.abandon"),
            deed=deed,
            done=lambda _ref: self.desk.say(text("stocktake.abandoned")),
        )

    def _confirm(self) -> None:
        line = self.past.table.current
        if isinstance(line, PastStocktake) and line.to_confirm:
            self.desk.go(Place.CONFIRMATIONS, line.to_confirm)

    def enter(self, subject: str = "") -> None:
        """The count; ``cases``, a case by its entry's name, or ``open:<number>`` for a new one about a number."""
        number = subject.removeprefix("open:") if subject.startswith("open:") else ""
        subject = CASES if number else subject
        is_case = bool(subject) and not subject.startswith("draft:")
        self.views.set_value(CASES if is_case else COUNT)
        self._on_view()
        self._stale = False
        self.desk.read(_read, self).on_success(self._show).on_failure(self.say_problem)
        self.cases.refresh(subject if is_case and subject != CASES else "")
        if number:
            self.cases.ask_open(number)

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (
            ("Ctrl+Enter", text("stocktake.record")),
            (text("key.enter"), text("stocktake.key_scan")),
            ("Ctrl+N", text("cases.open")),
        )

    def _name_views(self) -> None:
        shown = text("cases.view_n", n=self._open_cases) if self._open_cases else text("cases.view")
        self.views.offer([Option(COUNT, text("stocktake.view")), Option(CASES, shown)])
        if self.views.value() is None:
            self.views.set_value(COUNT)

    def _set_texts(self) -> None:
        self._name_views()
        self.lines.title(text("stocktake.book"), text("stocktake.book_caption"))
        self.lines.empty.say(text("stocktake.book_empty"), text("stocktake.book_empty_body"))
        self.past.title(text("stocktake.past"))
        self.past.empty.say(text("stocktake.past_empty"), text("stocktake.past_empty_body"))
        self.abandon_button.say(text("stocktake.abandon"))
        self.close_button.say(text("stocktake.close"))
        self.confirm_button.say(text("confirming.confirm"))
        if not self._stale:
            self.refresh()


def _with_acts(pane: ListPane, *buttons: Button) -> ListPane:
    acts = QHBoxLayout()
    acts.setSpacing(8)
    acts.addStretch(1)
    for button in buttons:
        acts.addWidget(button)
    pane.body.addLayout(acts)
    return pane


def _line_cells(line: CountLine) -> Sequence[Cell]:
    span = line.first if line.first == line.last else f"{line.first} – {line.last}"
    pages = text("stocktake.pages", n=line.pages) if line.pages != line.expected else ""
    return (
        Cell(f"{line.kind} {span}", explain.label("shelf", line.shelf), order=f"{line.kind} {line.first}"),
        Cell(f"{line.expected:,}", pages, right=True, order=line.expected),
        Cell(f"{line.counted:,}", right=True, order=line.counted),
        Cell(text(f"stocktake.line_{line.state}"), tone=STATES[line.state]),
    )


def _past_cells(line: PastStocktake) -> Sequence[Cell]:
    return (
        Cell(line.title, line.detail),
        Cell(line.ended, order=line.ended_at),
        Cell(line.differences, right=True),
        Cell(line.state, tone=line.tone),
    )
