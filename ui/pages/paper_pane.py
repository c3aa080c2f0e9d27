"""One paper beside the queue: the sheet itself, and exactly the step that comes next (U79)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from inspector_app import config
from inspector_app.services.print_jobs import THERMAL
from ui import explain
from ui.desk import Desk
from ui.explain import Explained
from ui.models.prints import PAPER_DPI, PaperDetail
from ui.pages.steps.answering import AnsweringStep
from ui.pages.steps.expired import ExpiredStep
from ui.pages.steps.handing_over import HandingOverStep
from ui.pages.steps.printing import PrintingStep
from ui.pages.steps.step import KeyRest, PaperStep
from ui.pages.steps.stub_filing import StubFilingStep
from ui.tasks import Lane
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.banner import Banner
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.facts import Facts
from ui.widgets.living import Living
from ui.widgets.paper_view import PaperView
from ui.widgets.scroll import Scroll
from ui.widgets.words import words


def _hinted(of: str, detail: PaperDetail) -> str:
    """Only paper that fades is warned of."""
    return "stub_lasting" if of == "stub" and detail.stock != THERMAL else of


class PaperPane(Living, Card):
    """Print, answer, hand over, or release the next print; one of these at a time."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.detail: PaperDetail | None = None
        self.number = ""
        self.banner = Banner()
        self.state = Chip("", Tone.OFF)
        self.facts = Facts()
        self.history = Facts()
        self.history_title = words("h3")
        self.paper = PaperView(PAPER_DPI)
        self.question = words("h2", wrap=True)
        self.hint = words("muted", wrap=True)
        self.rest = KeyRest(self)
        self.printing = PrintingStep(desk, self.rest)
        self.answering = AnsweringStep(desk, self.rest)
        self.handing_over = HandingOverStep(desk, self.rest)
        self.expired = ExpiredStep(desk, self.rest)
        self.stub_filing = StubFilingStep(desk, self.rest)
        self._shown: tuple[str, str, int] = ("", "", 0)
        self._concluded = False
        self._build()
        self._connect()
        self.begin()

    @property
    def steps(self) -> tuple[PaperStep, ...]:
        """All steps; at most one of them is seen."""
        return (self.printing, self.answering, self.handing_over, self.expired, self.stub_filing)

    def _build(self) -> None:
        self.corner.addWidget(self.state)
        self.body.addWidget(self.banner)
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(Scroll(self._beside_paper(), as_wide=True), 10)
        well = Card("well", margin=10)
        well.body.addWidget(self.paper, 1)
        row.addWidget(well, 11)
        self.body.addLayout(row, 1)

    def _beside_paper(self) -> QWidget:
        inner = QWidget()
        left = QVBoxLayout(inner)
        left.setContentsMargins(0, 0, 6, 0)
        left.setSpacing(12)
        step_card = Card("well", margin=12)
        step_card.add(self.question, self.hint, *self.steps)
        for part in (step_card, self.facts, self.history_title, self.history):
            left.addWidget(part)
        left.addStretch(1)
        return inner

    def _connect(self) -> None:
        for at in range(len(self.answering.answers)):
            keys = QShortcut(QKeySequence(str(at + 1)), self)
            keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            keys.activated.connect(lambda at=at: self.answering.press(at))
        for step in self.steps:
            step.explained.connect(self._say)
            step.concluded.connect(self._say_conclusion)
        self.printing.sent.connect(self.answering.follow)
        self.answering.heard.connect(self.hint.setText)
        self.desk.printers_found.connect(self._show_step)

    # --- showing ----------------------------------------------------------------------------------------------------

    def show_detail(self, detail: PaperDetail) -> None:
        """Show one paper."""
        if detail.line.number != self.number:
            self._begin_paper()
        self.detail, self.number = detail, detail.line.number
        shown = (self.number, detail.line.step, detail.line.print_no)
        if shown != self._shown:
            self._shown = shown
            self._begin_step(detail)
        self._concluded = False
        self.title(detail.line.number, f"{detail.line.owner} · {detail.line.batch}")
        self.state.say(detail.line.step_words, detail.line.tone)
        self.facts.show_facts(detail.facts)
        self.history.show_facts(detail.attempts)
        self.history_title.setVisible(bool(detail.attempts))
        self._show_step()
        self._draw()

    def _begin_paper(self) -> None:
        self.banner.dismiss()
        for step in self.steps:
            step.begin_paper()

    def _begin_step(self, detail: PaperDetail) -> None:
        self.rest.start()
        if not self._concluded:
            self.banner.dismiss()
        for step in self.steps:
            step.begin_step(detail)

    def forget(self) -> None:
        """Nothing is in the queue any more."""
        self.detail, self.number = None, ""
        for step in self.steps:
            step.forget()

    def _show_step(self) -> None:
        detail = self.detail
        if detail is None:
            return
        step = detail.line.step
        of = "hand_over_notice" if step == "hand_over" and detail.is_notice else step
        self.question.setText(text(f"prints.{of}_question", number=detail.line.number))
        self.hint.setText(
            text("prints.file", path=config.shown_path(detail.file))
            if detail.file
            else text(f"prints.{_hinted(of, detail)}_hint")
        )
        # The next one first: whatever hides gives the keyboard to what is seen behind it.
        for one in sorted(self.steps, key=lambda one: step not in one.comes_at):
            one.show_detail(detail)

    @property
    def is_resting(self) -> bool:
        """Whether the step has only just changed, so that keys are not heard yet."""
        return self.rest.isActive()

    def _draw(self) -> None:
        detail = self.detail
        if detail is None or detail.content is None:
            self.paper.show_pages((), text("prints.no_paper"))
            return
        press, number = self.desk.device.paper, detail.line.number

        def show(pages: Sequence[bytes]) -> None:
            if number == self.number:
                self.paper.show_pages(pages, text("prints.this_print", n=detail.line.print_no))

        task = self.desk.tasks.run(lambda: press.picture(detail.content, PAPER_DPI), Lane.OUTSIDE, self)
        task.on_success(show).on_failure(lambda error: self._say(explain.problem(error)))

    def _next_step(self) -> PaperStep | None:
        return next((step for step in self.steps if step.is_next), None)

    @property
    def has_focus_inside(self) -> bool:
        """Whether the keyboard is somewhere in this pane."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def step_of(self, number: str) -> str:
        """The step a paper stands at here, "" when another one is shown."""
        return self.detail.line.step if self.detail is not None and self.number == number else ""

    def take_focus(self) -> None:
        """The keyboard goes to the step's first button; keys on their way were meant for where it was before."""
        step = self._next_step()
        if step is None:
            return
        before = QApplication.focusWidget()
        step.take_focus()
        if QApplication.focusWidget() is not before:
            self.rest.start()

    def submit(self) -> None:
        """The next step, unless the keys rest."""
        step = self._next_step()
        if step is not None and not self.is_resting:
            step.submit()

    def print_now(self) -> None:
        """Send the current print to the chosen printer."""
        self.printing.print_now()

    def _say(self, said: Explained) -> None:
        self.banner.say(said.tone, said.headline, said.body, details=said.details)

    def _say_conclusion(self, said: Explained) -> None:
        """It tells how the step came out, so it still stands when the next one begins."""
        self._concluded = True
        self._say(said)

    def _set_texts(self) -> None:
        self.history_title.setText(text("prints.history"))
        self._show_step()
