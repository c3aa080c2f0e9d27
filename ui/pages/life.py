"""追溯: one number or one sheet, from its draw to its end: what, when, who, which paper, and what vouches for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from inspector_app.domain.refusals import Refused
from inspector_app.services.tracing import Asked, asked_for
from ui import explain
from ui.desk import Desk
from ui.models.items import Cell, Column
from ui.models.lives import LifeShown, LifeStep, SheetAt, as_text, read_life, sheet_words
from ui.pages.page import Page
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.beside import Beside
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.empty import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.flow import Flow
from ui.widgets.list_pane import ListPane
from ui.widgets.popup_list import Option
from ui.widgets.scan_edit import ScanLine
from ui.widgets.scroll import Scroll, column
from ui.widgets.waiting import Waiting
from ui.widgets.words import words

COLUMNS = (
    Column("life_step", 200, stretch=True),
    Column("life_when", 136),
    Column("life_by", 122),
    Column("life_proof"),
)
WHOLE = "whole"
MOST_KEYS = 9
DETAIL_LOW_PX = 270


class LifePage(Page):
    """The line the scanner types into above; the steps in time order, and beside them the number and the marked step.

    Tracing goes through the whole journal: it is cancelled with the button beside its bar, and what was shown stays.
    """

    place = Place.LIFE

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.life: LifeShown | None = None
        self.asked = Asked("")
        self._round = 0
        self.line = ScanLine()
        self.find_button = Button("primary", "search")
        self.waiting = Waiting()
        self.list = ListPane(
            "life", COLUMNS, _cells, desk.preferences, empty_icon="history", searchable=False, tall=True
        )
        self.nothing = EmptyState("history", on_card=True)
        self.pane = StepPane()
        self.side = QStackedWidget()
        self._build()
        self._connect()
        self.list.show_items([])
        self.begin()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.line, 1)
        row.addWidget(self.find_button)
        self.content.addLayout(row)
        self.content.addWidget(self.waiting)
        self.side.addWidget(self.nothing)
        self.side.addWidget(self.pane)
        self.content.addWidget(Beside(self.list, self.side, (11, 8), list_width=520, low=DETAIL_LOW_PX), 1)

    def _connect(self) -> None:
        self.line.scanned.connect(self.trace)
        self.find_button.act_wanted.connect(self.submit)
        self.list.query_changed.connect(self._show_steps)
        self.list.table.marked.connect(self._on_marked)
        self.list.table.opened.connect(lambda _step: self._open_paper())
        self.pane.take_button.act_wanted.connect(self.take_text)
        self.pane.paper_button.act_wanted.connect(self._open_paper)
        self.pane.case_button.act_wanted.connect(self._open_case)
        self.key("Ctrl+F", self.called_again)
        self.key("Ctrl+E", self.take_text)
        for number in range(1, MOST_KEYS + 1):
            self.key(f"Ctrl+{number}", lambda number=number: self.list.choose_view(number))

    # --- asking -----------------------------------------------------------------------------------------------------

    def trace(self, typed: str) -> None:
        """Look up what was typed or scanned: a number, one sheet of it, or the code on a paper."""
        self.asked = asked_for(typed)
        if not self.asked.number:
            self.banner.say(Tone.WARN, text("life.unread"), text("life.unread_body"))
            return
        self.refresh()

    def refresh(self) -> None:
        """Trace the same number again."""
        if not self.asked.number:
            return
        asked, self._round = self.asked, self._round + 1
        current = self._round

        def show(found: LifeShown | Refused) -> None:
            if current == self._round:  # an answer overtaken by a newer question is no answer to it
                self._show(found)

        task = self.desk.read_long(lambda device, progress: read_life(device, asked, progress.step), self)
        self.waiting.follow(task, text("life.working"))
        task.on_success(show).on_failure(self.say_problem).on_cancelled(self._on_stopped)

    def _on_stopped(self) -> None:
        self.desk.say(text("life.stopped"))
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- showing ----------------------------------------------------------------------------------------------------

    def _show(self, found: LifeShown | Refused) -> None:
        if isinstance(found, Refused):
            self.say(explain.refused(found.refusals))
            return
        is_other = self.life is None or self.life.number != found.number
        self.banner.dismiss()
        self.life = found
        doubtful = [(found.proven, Tone.BAD)] if found.is_doubtful else []
        self.set_chips([(found.number, Tone.INFO), (found.standing, found.tone), *doubtful])
        self._offer_sheets(found, is_other=is_other)
        self._show_steps()
        if is_other and found.steps:
            self.list.table.mark(self.list.model.rowCount() - 1)
            if self.line.hasFocus() and not self.line.text():
                self.list.enter_list()

    def _offer_sheets(self, life: LifeShown, *, is_other: bool) -> None:
        wanted = next(iter(self.asked.sheets), None)
        if is_other or wanted:
            self.list.views.set_value(None)
        options = [Option(_view(at), sheet_words(at)) for at in life.sheets]
        self.list.offer_views([Option(WHOLE, text("life.whole")), *options] if options else [])
        if wanted in life.sheets:
            self.list.views.set_value(_view(wanted))

    def _show_steps(self) -> None:
        if self.life is None:
            return
        at = next((at for at in self.life.sheets if _view(at) == self.list.view), None)
        self.list.show_items(self.life.of_sheet(at))
        self.list.say_total(self.life.proven)

    def _on_marked(self, step: LifeStep | None) -> None:
        if step is not None and self.life is not None:
            self.pane.show_step(self.life, step)
        self.side.setCurrentWidget(self.pane if step is not None else self.nothing)

    # --- acts -------------------------------------------------------------------------------------------------------

    def submit(self) -> None:
        """Trace what stands in the line; of an empty line, let it be typed."""
        typed = self.line.text()
        if typed.strip():
            self.line.clear()
            self.trace(typed)
        else:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_text(self) -> None:
        """Put what is shown on the clipboard as lines of text."""
        if self.life is None:
            return
        QGuiApplication.clipboard().setText(as_text(self.life, self.list.model.items))
        self.desk.say(text("life.taken", number=self.life.number))

    def _open_paper(self) -> None:
        if self.life is not None and self.life.paper:
            self.desk.go(Place.CERTIFICATES, self.life.number)

    def _open_case(self) -> None:
        if self.life is not None:
            self.desk.go(Place.STOCKTAKE, f"open:{self.life.number}")

    def enter(self, subject: str = "") -> None:
        """A number, a sheet of it (``B 9900000003 1/2``), or the line to type one into."""
        self._stale = False
        if subject:
            self.trace(subject)
            self.list.table.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def called_again(self) -> None:
        """Another number is wanted."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (
            ("Ctrl+F", text("life.key_line")),
            (f"Ctrl+1…{MOST_KEYS}", text("key.views")),
            ("Ctrl+E", text("life.key_take")),
        )

    def _set_texts(self) -> None:
        self.line.setPlaceholderText(text("life.here"))
        self.line.setAccessibleName(text("life.here"))
        self.find_button.say(text("life.find"), text("key.enter"))
        self.list.empty.say(text("life.empty"), text("life.empty_body"))
        self.nothing.say(text("life.choose"), text("life.choose_body"))
        if self.life is not None:
            self.refresh()


class StepPane(Card):
    """The number as it stands, and below it the marked step with its entry and what vouches for it."""

    def __init__(self) -> None:
        super().__init__()
        self.facts, self.step_facts = Facts(), Facts()
        self.step_title = words("h3")
        self.take_button = Button("plain", "files")
        self.paper_button = Button("plain", "eye")
        self.case_button = Button("plain", "shield-alert")
        inner, lines = column(spacing=12)
        for part in (self.facts, self.step_title, self.step_facts):
            lines.addWidget(part)
        lines.addStretch(1)
        self.body.addWidget(Scroll(inner), 1)
        acts = Flow(spacing=8)
        for button in (self.case_button, self.paper_button, self.take_button):
            acts.addWidget(button)
        self.body.addLayout(acts)

    def show_step(self, life: LifeShown, step: LifeStep) -> None:
        """Show one."""
        self.title(life.number)
        self.facts.show_facts(life.facts)
        self.step_title.setText(step.what)
        self.step_facts.show_facts(step.facts)
        self.take_button.say(text("life.take_text"), "Ctrl+E")
        self.paper_button.say(text("life.open_paper"))
        self.case_button.say(text("cases.open"))
        self.paper_button.setVisible(life.paper)


def _view(at: SheetAt) -> str:
    return f"{at[0]}/{at[1]}"


def _cells(step: LifeStep) -> Sequence[Cell]:
    return (
        Cell(step.what, step.paper),
        Cell(step.when, order=step.at),
        Cell(step.who, step.computer),
        Cell(step.proof, tone=step.tone),
    )
