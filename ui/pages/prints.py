"""打印与交付: put it on paper, say whether it came out well, sign and seal it by hand, hand it over (S12)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget

from inspector_app.services import print_jobs
from ui.desk import Desk
from ui.models.items import Cell, Column
from ui.models.prints import PaperDetail, PaperLine, read_paper, read_queue
from ui.pages.page import Page
from ui.pages.paper_pane import PaperPane
from ui.places import Place
from ui.tasks import Lane
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.beside import Beside
from ui.widgets.empty import EmptyState
from ui.widgets.list_pane import ListPane

COLUMNS = (Column("number", stretch=True), Column("step", 130))


class PrintsPage(Page):
    """Queue at the left, the paper with its next step beside it."""

    place = Place.PRINTS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.list = ListPane("prints", COLUMNS, self._cells, desk.preferences, empty_icon="printer", tall=True)
        self.nothing = EmptyState("printer", on_card=True)
        self.pane = PaperPane(desk)
        self.side = QStackedWidget()
        self.side.addWidget(self.nothing)
        self.side.addWidget(self.pane)
        self.content.addWidget(Beside(self.list, self.side, (7, 15), list_width=330), 1)
        self._wanted = ""
        self._entered = ""
        self._to_print = ""
        self._round = 0
        self.list.query_changed.connect(self.refresh)
        self.list.table.marked.connect(self._on_marked)
        self.list.table.opened.connect(lambda _line: self.pane.take_focus())
        desk.printers_found.connect(self._look_up_open_prints)
        self.key("Ctrl+F", self.list.search.setFocus)
        self.key("Ctrl+P", self._print)
        self.begin()

    def _cells(self, line: PaperLine) -> Sequence[Cell]:
        return (Cell(line.number, line.owner), Cell(line.step_words, tone=line.tone))

    def refresh(self) -> None:
        """Read the queue again."""
        search = self.list.search.text()
        self._round += 1
        asked = self._round

        def show(lines: list[PaperLine]) -> None:
            if asked == self._round:  # an answer overtaken by a newer question would lose the wanted paper
                self._show(lines)

        task = self.desk.read(lambda device: read_queue(device, search=search), self)
        task.on_success(show).on_failure(self.say_problem)

    def _look_up_open_prints(self) -> None:
        """Ask the printers after what nobody answered for, as after a restart (PRINTING 1.5)."""
        printers = list(self.desk.printers.values())

        def tell(settled: int) -> None:
            if settled:
                self.desk.recorded.emit()

        task = self.desk.tasks.run(lambda: print_jobs.follow_open(self.desk.device, printers), Lane.OUTSIDE, self)
        task.on_success(tell).on_failure(self.say_problem)

    def _show(self, lines: list[PaperLine]) -> None:
        self.list.show_items_quietly(lines)
        asked = sum(1 for line in lines if line.step == "answer")
        self.set_chips([(text("prints.asked", n=asked), Tone.WARN)] if asked else [])
        wanted = self._wanted or self.pane.number
        self._wanted = ""
        numbers = [line.number for line in lines]
        if wanted in numbers:
            self.list.mark_quietly(numbers.index(wanted))
            self.show_paper(wanted)
        elif lines:
            self._to_print = self._entered = ""
            self._on_marked(self.list.table.current)
        else:
            self.pane.forget()
            self.side.setCurrentWidget(self.nothing)

    def _on_marked(self, line: PaperLine | None) -> None:
        if line is not None:
            self.show_paper(line.number)

    def show_paper(self, number: str) -> None:
        """One paper and its next step."""

        def show(detail: PaperDetail | None) -> None:
            if detail is None:
                return
            was_there, step_before = self.pane.has_focus_inside, self.pane.step_of(number)
            self.pane.show_detail(detail)
            self.side.setCurrentWidget(self.pane)
            if detail.line.number == self._to_print:
                self._to_print = ""
                self.pane.print_now()
            # Only who works on this paper is brought to its next step: a search or the list keeps the keyboard (U21).
            is_asked_now = detail.line.step == "answer" != step_before
            if number == self._entered or (is_asked_now and was_there):
                self._entered = ""
                self.pane.take_focus()

        self.desk.read(lambda device: read_paper(device, number), self).on_success(show)

    def _print(self) -> None:
        """Print from anywhere on the page; the keyboard goes where the answer will be asked for."""
        if self.pane.printing.is_next:
            self.pane.take_focus()
        self.pane.print_now()

    def enter(self, subject: str = "") -> None:
        """A number, or ``print:<number>``: print it at once."""
        self._wanted = self._entered = subject.removeprefix("print:")
        self._to_print = self._wanted if subject.startswith("print:") else ""
        if subject:
            self.list.search.clear()
        self.refresh()
        self._look_up_open_prints()
        if not subject:
            self.list.enter_list()

    def submit(self) -> None:
        """The paper's next step."""
        if self.side.currentWidget() is self.pane:
            self.pane.submit()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (
            ("Ctrl+P", text("prints.key_print")),
            (f"{text('key.enter')} / 1", text("prints.key_yes")),
            ("2 3 4 5", text("prints.key_answers")),
            ("Ctrl+Enter", text("key.submit")),
        )

    def _set_texts(self) -> None:
        self.list.empty.say(text("prints.empty"), text("prints.empty_body"))
        self.nothing.say(text("prints.empty"), text("prints.empty_body"))
        if not self._stale:
            self.refresh()
