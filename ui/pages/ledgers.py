"""台账: the statutory books over a period, as table, spreadsheet and form; each line leads to its entry (S17)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from inspector_app.domain.refusals import Refused
from inspector_app.services.device import Device
from inspector_app.services.ledger_paper import Spelling, as_csv, draw_book, used_columns
from inspector_app.services.ledgers import BOOKS, LedgerColumn
from ui import explain
from ui.desk import Desk
from ui.models.items import Cell, Column
from ui.models.ledgers import About, Book, BookLine, holds, read_about, read_book, read_life
from ui.pages import files
from ui.pages.page import Page
from ui.places import Place
from ui.tasks import Progress
from ui.texts import Language, language, text
from ui.tokens import Tone
from ui.widgets.beside import Beside
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.choice import Segments
from ui.widgets.facts import Facts
from ui.widgets.field import Field
from ui.widgets.flow import Flow
from ui.widgets.list_pane import ListPane
from ui.widgets.moment_field import DayEdit
from ui.widgets.popup_list import Option
from ui.widgets.scroll import Scroll, column
from ui.widgets.waiting import Waiting
from ui.widgets.words import words

FIGURES = frozenset("came_in went_out left size opening used returned lost withdrawn voided replaced".split())
SHEET_FIGURES = frozenset("sheets_opening sheets_in sheets_out sheets_left".split())
WIDTHS = {
    "span": 172,
    "number": 104,
    "what": 78,
    "ref": 116,
    "request": 116,
    "by": 100,
    "vet": 100,
    "holder": 100,
    "reason": 120,
    "standing": 110,
    "period": 76,
}
ABOUT_LOW_PX = 260
LONGEST_REF = 14


def _column(column: LedgerColumn, *, widest: str) -> Column:
    right = column.name in FIGURES | SHEET_FIGURES
    width = 62 if right else WIDTHS.get(column.name, 92)
    return Column(f"ledger_{column.name}", width, stretch=column.name == widest, right=right)


class LedgersPage(Page):
    """Book and period above, the lines below, what stands behind a line beside them."""

    place = Place.LEDGERS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._book: Book | None = None
        self._wanted = ""
        self.books = Segments(look="filter")
        self.first, self.last = (Field(name, DayEdit(desk.today)) for name in ("first", "last"))
        self.show_button = Button("plain", "refresh-cw")
        self.lists = {name: self._list(name) for name in BOOKS}
        self.stack = QStackedWidget()
        self.about = AboutPane(desk)
        self.csv_button, self.pdf_button = Button("plain", "download"), Button("primary", "printer")
        self.waiting = Waiting()
        self._build()
        self.books.edited.connect(self._on_book)
        self.show_button.act_wanted.connect(self.refresh)
        self.csv_button.act_wanted.connect(lambda: self._save("csv"))
        self.pdf_button.act_wanted.connect(self.submit)
        self.key("Ctrl+E", self.csv_button.click)
        self.begin()

    def _list(self, name: str) -> ListPane:
        columns, _write = BOOKS[name]
        names = {column.name for column in columns}
        widest = next(one for one in ("span", "number", "period") if one in names)
        made = ListPane(
            f"ledger_{name}",
            [_column(column, widest=widest) for column in columns],
            lambda line: _cells(line, columns),
            self.desk.preferences,
            empty_icon="clipboard-list",
            searchable=False,
        )
        made.query_changed.connect(self._show_part)
        made.table.marked.connect(self._on_marked)
        return made

    def _build(self) -> None:
        period = QHBoxLayout()
        period.setSpacing(12)
        for part in (self.first, self.last):
            period.addWidget(part)
        period.addWidget(self.show_button, 0, Qt.AlignmentFlag.AlignBottom)
        period.addStretch(1)
        period.addWidget(self.csv_button, 0, Qt.AlignmentFlag.AlignBottom)
        period.addWidget(self.pdf_button, 0, Qt.AlignmentFlag.AlignBottom)
        for pane in self.lists.values():
            self.stack.addWidget(pane)
        lines = QVBoxLayout()
        lines.setSpacing(10)
        lines.addWidget(self.books)
        lines.addLayout(period)
        lines.addWidget(self.waiting)
        lines.addWidget(Beside(self.stack, self.about, (13, 5), list_width=600, low=ABOUT_LOW_PX), 1)
        self.content.addLayout(lines, 1)

    @property
    def book(self) -> str:
        """The chosen book."""
        return str(self.books.value() or next(iter(BOOKS)))

    @property
    def list(self) -> ListPane:
        """The list of the chosen book."""
        return self.lists[self.book]

    def refresh(self) -> None:
        """Read the book again."""
        book, first, last = self.book, str(self.first.value() or ""), str(self.last.value() or "")

        def question(device: Device, progress: Progress) -> Book | Refused:
            found = read_book(device, book, first, last)
            progress.check()  # whoever stopped it meanwhile keeps what was shown
            return found

        task = self.desk.read_long(question, self).on_success(self._show).on_failure(self.say_problem)
        self.waiting.follow(task.on_cancelled(self._on_stopped), text("ledgers.reading"))

    def _on_stopped(self) -> None:
        self.desk.say(text("ledgers.stopped"))

    def _show(self, book: Book | Refused) -> None:
        refused = isinstance(book, Refused)
        for button in (self.csv_button, self.pdf_button):
            button.block(text("ledgers.nothing_to_save") if refused else "")
        if isinstance(book, Refused):
            self.say(explain.refused(book.refusals))
            return
        self.banner.hide()
        self._book = book
        for field, day in ((self.first, book.ledger.first), (self.last, book.ledger.last)):
            field.set_value(day)
        held = text("numbers.holds" if book.ledger.holds else "numbers.broken")
        self.set_chips([(book.ledger.format, Tone.OFF), (held, Tone.GOOD if book.ledger.holds else Tone.BAD)])
        self.list.offer_views([Option(at, part.title) for at, part in enumerate(book.parts)])
        self._choose_part(self._wanted.partition(" ")[0])
        self._show_part()

    def _choose_part(self, kind: str) -> None:
        """The part that counts the kind of a number somebody came for."""
        sections = self._book.ledger.sections if self._book is not None else ()
        at = next((at for at, section in enumerate(sections) if section.kind == kind), None)
        if at is not None:
            self.list.views.set_value(at)

    def _show_part(self) -> None:
        parts = self._book.parts if self._book is not None else []
        at = int(self.list.view or 0)
        lines = parts[at].lines if at < len(parts) else []
        self.about.clear()
        self.list.show_items(lines)
        self._show_columns(lines)
        if self._wanted:
            self._show_life(lines)
            return
        newest = max((place for place, line in enumerate(lines) if line.line.ref), default=None)
        if newest is not None:
            self.list.table.mark(newest)

    def _show_columns(self, lines: Sequence[BookLine]) -> None:
        columns = self._book.ledger.columns if self._book is not None else ()
        shown = used_columns(columns, [line.cells for line in lines])
        for at in range(len(columns)):
            self.list.table.setColumnHidden(at, at not in shown)

    def _show_life(self, lines: Sequence[BookLine]) -> None:
        """The stretch a number lies in, and beside it the number's own life."""
        number, self._wanted = self._wanted, ""
        digits = number.partition(" ")[2]
        at = next((at for at, line in enumerate(lines) if holds(line, digits)), None)
        if at is not None:
            self.list.mark_quietly(at)
        self.desk.read(lambda device: read_life(device, number), self).on_success(self.about.show_about)

    def _on_book(self) -> None:
        self.stack.setCurrentWidget(self.list)
        self._book = None
        for field in (self.first, self.last):
            field.set_value("")
        self.refresh()

    def _on_marked(self, line: BookLine | None) -> None:
        if line is None or not line.line.ref:
            self.about.clear()
            return
        self.desk.read(lambda device: read_about(device, line), self).on_success(self.about.show_about)

    def submit(self) -> None:
        """Save the book on its form."""
        self._save("pdf")

    def _save(self, what: str) -> None:
        if self._book is None:
            return
        ledger = self._book.ledger
        suggested = f"{explain.word('book', ledger.book)}-{ledger.first}-{ledger.last}.{what}"
        path = files.ask_where(self, text(f"ledgers.save_{what}"), suggested, f"*.{what}")
        if path is None:
            return

        def write(device: Device, progress: Progress) -> None:
            content = _drawn(device, ledger) if what == "pdf" else _spread(device, ledger)
            progress.check()
            files.write_now(path, content)

        task = self.desk.read_long(write, self).on_cancelled(self._on_stopped)
        task.on_success(lambda _nothing: self.desk.say(text("ledgers.saved"))).on_failure(self.say_problem)
        self.waiting.follow(task, text("ledgers.saving"))

    def enter(self, subject: str = "") -> None:
        """A book, a number whose life is wanted (``B 9900000003``), or what is shown."""
        self._wanted = "" if subject in BOOKS else subject
        if subject:
            self._stale = False
            self.books.set_value(subject if subject in BOOKS else "continuity")
            self._on_book()
            return
        super().enter(subject)

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (("Ctrl+E", text("ledgers.save_csv")), ("Ctrl+Enter", text("ledgers.save_pdf")))

    def _set_texts(self) -> None:
        self.books.offer([Option(name, explain.label("book", name)) for name in BOOKS])
        self.books.set_value(self.book)
        self.show_button.say(text("ledgers.show"))
        self.csv_button.say(text("ledgers.save_csv"), "Ctrl+E")
        self.pdf_button.say(text("ledgers.save_pdf"), "Ctrl+Enter")
        for pane in self.lists.values():
            pane.empty.say(text("ledgers.empty"), text("ledgers.empty_body"))
        if not self._stale:
            self.refresh()


class AboutPane(Card):
    """What stands behind a line: its entry, and the life of its number in short."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._number = ""
        self.facts, self.steps = Facts(), Facts()
        self.said = words("muted", wrap=True)
        self.steps_title = words("h3")
        self.life_button, self.open_button = Button("plain", "history"), Button("plain", "files")
        inner, lines = column(spacing=12)
        for part in (self.facts, self.said, self.steps_title, self.steps):
            lines.addWidget(part)
        lines.addStretch(1)
        self.body.addWidget(Scroll(inner), 1)
        acts = Flow(spacing=8)
        for button in (self.life_button, self.open_button):
            acts.addWidget(button)
        self.body.addLayout(acts)
        self.life_button.act_wanted.connect(lambda: desk.go(Place.LIFE, self._number))
        self.open_button.act_wanted.connect(lambda: desk.go(Place.CERTIFICATES, self._number))
        self.clear()

    def clear(self) -> None:
        """Nothing is chosen."""
        self.show_about(About([], [], "", text("ledgers.choose")))

    def show_about(self, about: About) -> None:
        """Show what was found."""
        self._number = about.number
        self.title(about.number or text("ledgers.about"))
        self.facts.show_facts(about.facts)
        self.said.setText(about.said)
        self.said.setVisible(bool(about.said))
        self.steps_title.setText(text("ledgers.life"))
        self.steps_title.setVisible(bool(about.steps))
        self.steps.show_facts(about.steps)
        self.life_button.say(text("numbers.life"))
        self.life_button.setVisible(bool(about.number and about.steps))
        self.open_button.say(text("ledgers.open"))
        self.open_button.setVisible(about.number[:1] in ("A", "B") and len(about.steps) > 2)


def _cells(line: BookLine, columns: Sequence[LedgerColumn]) -> Sequence[Cell]:
    return tuple(_cell(shown, column) for shown, column in zip(line.cells, columns, strict=True))


def _cell(shown: str, column: LedgerColumn) -> Cell:
    if column.name in FIGURES | SHEET_FIGURES:
        return Cell(f"{int(shown):,}" if shown else "", right=True, order=int(shown or 0))
    if column.words == "entry" and "/" in shown:
        device, _, seq = shown.partition("/")
        return Cell(f"{device[: LONGEST_REF - 6]}/{seq}", order=shown)
    return Cell(shown)


def _drawn(device: Device, ledger: Any) -> bytes:
    # The form is the authority's: Chinese, whatever language the screen speaks.
    return draw_book(device, ledger, lambda table, code: explain.sentences().word(table, code, Language.ZH.value))


def _spread(device: Device, ledger: Any) -> bytes:
    columns = {name: explain.word("column", name) for name in ("format", "kind", "item")}
    return as_csv(ledger, Spelling(device, explain.word, english=language() is Language.EN), columns)
