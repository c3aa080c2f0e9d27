"""One paper beside the queue: the sheet itself, and exactly the step that comes next (U79)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from inspector_app.domain.refusals import Refused
from inspector_app.errors import StationError
from inspector_app.services import handing_over, print_jobs
from inspector_app.services.attaching import attach
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.models.prints import NEEDED_MARKS, PAPER_DPI, PaperDetail
from ui.pages.asking import AskedReason, ask_reason
from ui.places import Place
from ui.tasks import Lane, Task
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.checklist import CheckList
from ui.widgets.chip import Chip
from ui.widgets.choice import DropDown
from ui.widgets.facts import Facts
from ui.widgets.field import Field
from ui.widgets.living import Living
from ui.widgets.paper_view import PaperView
from ui.widgets.popup_list import Option
from ui.widgets.scroll import Scroll
from ui.widgets.waiting import Waiting
from ui.widgets.words import words

ANSWERS = (
    ("printed", "yes", "check"),
    ("spoiled", "jam", "triangle-alert"),
    ("spoiled", "misplaced", "triangle-alert"),
    ("not_printed", "nothing", "x"),
    ("unknown", "unsure", "circle-help"),
)
KEYS_REST_MS = 600
"""After a step changes, keys already on their way belong to the step before."""
FOLLOW_MS = 1_500
FOLLOW_MOST = 20


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
        self.waiting = Waiting()
        self.printer = Field("printer", DropDown(), words=lambda: text("prints.printer"))
        self.question = words("h2", wrap=True)
        self.hint = words("muted", wrap=True)
        self.signed = CheckList(1)
        self.answers = [Button("primary" if at == 0 else "plain", icon) for at, (_, _, icon) in enumerate(ANSWERS)]
        self.print_button = Button("primary", "printer")
        self.hand_over_button = Button("primary", "package-check")
        self.release_button = Button("plain", "files")
        self.cancel_button = Button("plain", "x")
        self.folder_button = Button("plain", "file-text")
        self.void_button = Button("primary", "triangle-alert")
        self.stub_draw_button = Button("plain", "printer")
        self.stub_photo_button = Button("plain", "camera")
        self.stub_button = Button("primary", "archive")
        self._drawn = ""
        self._offered = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(KEYS_REST_MS)
        self._shown: tuple[str, str, int] = ("", "", 0)
        self._follows = QTimer(self)
        self._follows.setInterval(FOLLOW_MS)
        self._followed = 0
        self._build()
        self._connect()
        self.begin()

    def _build(self) -> None:
        self.corner.addWidget(self.state)
        self.body.addWidget(self.banner)
        inner = QWidget()
        left = QVBoxLayout(inner)
        left.setContentsMargins(0, 0, 6, 0)
        left.setSpacing(12)
        self.step_card = Card("well", margin=12)
        self.step_card.add(self.question, self.hint, self.printer, self.signed, self.waiting)
        rows = QVBoxLayout()
        rows.setSpacing(8)
        for button in (*self.answers, *self._other_buttons()):
            rows.addWidget(button)
        self.step_card.body.addLayout(rows)
        left.addWidget(self.step_card)
        left.addWidget(self.facts)
        left.addWidget(self.history_title)
        left.addWidget(self.history)
        left.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(Scroll(inner), 10)
        well = Card("well", margin=10)
        well.body.addWidget(self.paper, 1)
        row.addWidget(well, 11)
        self.body.addLayout(row, 1)

    def _other_buttons(self) -> tuple[Button, ...]:
        """Every button but the answers, in the order in which they stand."""
        return (
            self.folder_button,
            self.cancel_button,
            self.print_button,
            self.hand_over_button,
            self.release_button,
            self.void_button,
            self.stub_photo_button,
            self.stub_draw_button,
            self.stub_button,
        )

    def _connect(self) -> None:
        for at, (outcome, _words, _icon) in enumerate(ANSWERS):
            self.answers[at].act_wanted.connect(lambda outcome=outcome: self._on_answer(outcome))
            keys = QShortcut(QKeySequence(str(at + 1)), self)
            keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            keys.activated.connect(lambda at=at: self._on_answer_key(at))
        self.print_button.act_wanted.connect(self.print_now)
        self.hand_over_button.act_wanted.connect(self._hand_over)
        self.release_button.act_wanted.connect(self._release)
        self.cancel_button.act_wanted.connect(self._cancel)
        self.folder_button.act_wanted.connect(self._open_folder)
        self.void_button.act_wanted.connect(self._go_to_void)
        self.stub_draw_button.act_wanted.connect(self._draw_stub)
        self.stub_photo_button.act_wanted.connect(self._file_photo)
        self.stub_button.act_wanted.connect(self._file_paper)
        self.signed.edited.connect(self._show_marks)
        self._follows.timeout.connect(self._follow)
        self.desk.printers_found.connect(self._show_step)
        for button in self._other_buttons():
            button.reason_wanted.connect(lambda why: self.banner.say(Tone.WARN, why))

    # --- showing ----------------------------------------------------------------------------------------------------

    def show_detail(self, detail: PaperDetail) -> None:
        """Show one paper."""
        if detail.line.number != self.number:
            self.banner.dismiss()
            self._follows.stop()
            self._drawn = ""
        self.detail, self.number = detail, detail.line.number
        shown = (self.number, detail.line.step, detail.line.print_no)
        if shown != self._shown:
            self._shown = shown
            self._rest.start()
            self._offer_marks(detail)
            self.signed.set_value([])  # nobody has looked at this paper yet
        self.title(detail.line.number, f"{detail.line.owner} · {detail.line.batch}")
        self.state.say(detail.line.step_words, detail.line.tone)
        self.facts.show_facts(detail.facts)
        self.history.show_facts(detail.attempts)
        self.history_title.setVisible(bool(detail.attempts))
        self._show_step()
        self._draw()

    def forget(self) -> None:
        """Nothing is in the queue any more."""
        self.detail, self.number = None, ""
        self._follows.stop()

    def _show_step(self) -> None:
        detail = self.detail
        if detail is None:
            return
        step = detail.line.step
        of = "hand_over_notice" if step == "hand_over" and detail.is_notice else step
        self.question.setText(text(f"prints.{of}_question", number=detail.line.number))
        self.hint.setText(text("prints.file", path=detail.file) if detail.file else text(f"prints.{of}_hint"))
        for button in self.answers:
            button.setVisible(step == "answer")
        self.printer.setVisible(step == "print")
        self.print_button.setVisible(step == "print")
        self.signed.setVisible(step == "hand_over")
        self.hand_over_button.setVisible(step == "hand_over")
        self.release_button.setVisible(step in ("hand_over", "release"))
        self.cancel_button.setVisible(step == "answer")
        self.folder_button.setVisible(step == "answer" and bool(detail.file))
        self.void_button.setVisible(step == "expired")
        faded = detail.stock == print_jobs.THERMAL
        self.stub_photo_button.setVisible(step == "stub" and faded)
        self.stub_draw_button.setVisible(step == "stub" and faded)
        self.stub_button.setVisible(step == "stub" and (not faded or bool(self._drawn)))
        if step == "print":
            self._offer_printers(detail)
        self._show_marks()

    @property
    def is_resting(self) -> bool:
        """Whether the step has only just changed, so that keys are not heard yet."""
        return self._rest.isActive()

    def _offer_marks(self, detail: PaperDetail) -> None:
        self.signed.offer([Option(code, text(f"prints.{code}")) for code in detail.marks])

    def _show_marks(self) -> None:
        """Hand-over waits until what makes the paper valid was seen on it."""
        marks = self.detail.marks if self.detail else ()
        missing = [code for code in marks if code in NEEDED_MARKS and code not in self.signed.value()]
        names = text("list.comma").join(text(f"prints.{code}") for code in missing)
        self.hand_over_button.block(text("prints.tick_first", what=names) if missing else "")

    def _offer_printers(self, detail: PaperDetail) -> None:
        fit = [name for name, one in self.desk.printers.items() if detail.media_type in one.media_types]
        self.printer.editor.offer([Option(name, name) for name in fit])
        if self.printer.value() not in fit or self._offered != detail.stock:
            chosen = self.desk.preferences.printer_for(detail.stock)
            self.printer.set_value(chosen if chosen in fit else next(iter(fit), None))
        self._offered = detail.stock
        reason = "" if fit else text("prints.no_fit" if self.desk.printers else "prints.no_printer")
        if detail.blocked:
            reason = text("prints.blocked", number=detail.blocked)
        self.print_button.block(reason)

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
        task.on_success(show).on_failure(self._say_problem)

    def take_focus(self) -> None:
        """The keyboard goes to the step's first button."""
        boxes = self.signed.boxes if self.signed.isVisibleTo(self) else []
        for button in (*boxes[:1], *self.answers[:1], *self._next_buttons()):
            if button.isVisibleTo(self):
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _next_buttons(self) -> tuple[Button, ...]:
        return (
            self.print_button,
            self.hand_over_button,
            self.release_button,
            self.void_button,
            self.stub_button,
            self.stub_photo_button,
        )

    def submit(self) -> None:
        """The next step; how a print came out is answered by its own keys only, by somebody who looked."""
        if self._rest.isActive() or self.answers[0].isVisibleTo(self):
            return
        for button in self._next_buttons():
            if button.isVisibleTo(self):
                button.click()
                return

    # --- printing ---------------------------------------------------------------------------------------------------

    def print_now(self) -> None:
        """Send the current print to the chosen printer."""
        detail = self.detail
        if detail is None or detail.line.step != "print" or self.print_button.reason:
            return
        name = str(self.printer.value() or "")
        printer = self.desk.printers.get(name)
        if printer is None:
            return
        self.desk.preferences.set_printer_for(detail.stock, name)
        self.print_button.block(text("prints.sending"))
        number = detail.line.number

        def deed(device: Device) -> Any:
            return print_jobs.submit(device, number, printer)

        def done(attempt: Any) -> None:
            self._followed = 0
            if attempt.report.settled:
                self._say_report(attempt.report)
            else:
                self._follows.start()

        task = self.desk.act(
            deed, self, done=done, refused=self._say_refused, failed=self._say_problem, lane=Lane.OUTSIDE
        )
        self.waiting.follow(task, text("prints.sending"))
        task.ended.connect(lambda: self.print_button.block(""))

    def _say_report(self, report: Any) -> None:
        """What the device says that will not change any more; only bad news needs saying."""
        if report.outcome == "not_printed":
            said = next((reason for reason in report.reasons if reason.startswith("printer.")), "")
            reasons = " ".join(report.reasons)
            self._say_problem(StationError(said) if said else StationError("printer.not_printed", reasons=reasons))

    def _follow(self) -> None:
        """Ask the printer how far it is; its own counter may answer instead of the person."""
        detail = self.detail
        printer = self._open_printer()
        self._followed += 1
        if detail is None or not detail.open_attempt or printer is None or self._followed > FOLLOW_MOST:
            self._follows.stop()
            return
        attempt = detail.open_attempt

        def show(report: Any) -> None:
            if report.reasons:
                reasons = text("list.comma").join(explain.word("printer_reason", one) for one in report.reasons)
                self.hint.setText(text("prints.printer_says", what=reasons))
            if report.settled:
                self._follows.stop()
                self.desk.recorded.emit()

        task = self.desk.tasks.run(lambda: print_jobs.follow(self.desk.device, attempt, printer), Lane.OUTSIDE, self)
        task.on_success(show).on_failure(self._say_problem)

    def _open_printer(self) -> Any:
        """The printer that has the open attempt, None when it is not there now."""
        sent_to = self.detail.printer if self.detail else ""
        return next((one for one in self.desk.printers.values() if one.name == sent_to), None)

    def _cancel(self) -> None:
        """Take the job back, and look whether that was seen."""
        detail, printer = self.detail, self._open_printer()
        if detail is None or not detail.open_attempt:
            return
        if printer is None:
            self.banner.say(Tone.WARN, text("prints.not_cancelled"))
            return
        self._follows.stop()

        def show(report: Any) -> None:
            if report.settled and report.outcome == "not_printed":
                self.desk.say(text("prints.cancelled", number=detail.line.number))
            else:
                self.banner.say(Tone.WARN, text("prints.not_cancelled"))
            self.desk.recorded.emit()

        task: Task[Any] = self.desk.tasks.run(
            lambda: print_jobs.cancel(self.desk.device, detail.open_attempt, printer), Lane.OUTSIDE, self
        )
        self.waiting.follow(task, text("prints.cancelling"))
        task.on_success(show).on_failure(self._say_problem)

    def _open_folder(self) -> None:
        if self.detail is not None and self.detail.file:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self.detail.file).parent)))

    def _on_answer_key(self, at: int) -> None:
        if self.answers[at].isVisibleTo(self):
            self.answers[at].click()

    def _on_answer(self, outcome: str) -> None:
        if not self._rest.isActive():
            self._answer(outcome)

    def _answer(self, outcome: str) -> None:
        detail = self.detail
        if detail is None or not detail.open_attempt:
            return
        self._follows.stop()
        attempt, printer = detail.open_attempt, self._open_printer()

        def done(_entry: Any) -> None:
            self.desk.say(text(f"prints.answered_{outcome}", number=detail.line.number))

        self.desk.act(
            lambda device: print_jobs.answer(device, attempt, outcome, printer),
            self,
            done=done,
            refused=self._say_refused,
            failed=self._say_problem,
            # That nothing came out is made sure of at the printer, which may take seconds.
            lane=Lane.OUTSIDE if outcome == "not_printed" else Lane.DATABASE,
        )

    # --- handing over and the next print ------------------------------------------------------------------------------

    def _hand_over(self) -> None:
        detail = self.detail
        if detail is None or self._rest.isActive():
            return
        number, ticked = detail.line.number, set(self.signed.value())

        def deed(device: Device) -> Any:
            return handing_over.hand_over(
                device,
                number,
                wet_signature="signature" in ticked,
                wet_seal="seal" in ticked,
                receipt_signed="receipt" in ticked,
                file_stub="stub" in ticked,
            )

        def done(_entry: Any) -> None:
            self.desk.say(text("prints.handed_over", number=number, owner=detail.line.owner))

        self.desk.act(deed, self, done=done, refused=self._say_refused, failed=self._say_problem)

    def _go_to_void(self) -> None:
        if self.detail is not None:
            self.desk.go(Place.CERTIFICATES, self.detail.line.number)

    # --- the stub ----------------------------------------------------------------------------------------------------

    def _draw_stub(self) -> None:
        """Draw the stub for plain paper and save it where it can be printed."""
        number = self.number
        chosen = f"{text('prints.stub_file')}-{number.replace(' ', '-')}.pdf"
        name, _ = QFileDialog.getSaveFileName(self, text("prints.stub_draw"), chosen, "PDF (*.pdf)")
        if not name:
            return

        def draw(device: Device) -> str:
            kept = handing_over.draw_stub(device, number)
            Path(name).write_bytes(device.files.read(kept))
            return kept

        def show(kept: str) -> None:
            if number == self.number:
                self._drawn = kept
                self._show_step()
                self.desk.say(text("prints.stub_drawn"))

        self.desk.read(draw, self).on_success(show).on_failure(self._say_problem)

    def _file_photo(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, text("prints.stub_photo"), "", text("prints.stub_photos"))
        number = self.number
        if not name:
            return

        def deed(device: Device) -> Any:
            kept = attach(device, Path(name).read_bytes())
            return handing_over.file_stub(device, number, means="photo", attachments=[kept])

        self._file_stub(deed)

    def _file_paper(self) -> None:
        number, drawn = self.number, self._drawn
        means, kept = ("laser", [drawn]) if drawn else ("paper", [])
        self._file_stub(lambda device: handing_over.file_stub(device, number, means=means, attachments=kept))

    def _file_stub(self, deed: Callable[[Device], Any]) -> None:
        number = self.number

        def done(_entry: Any) -> None:
            self.desk.say(text("prints.stub_done", number=number))

        self.desk.act(deed, self, done=done, refused=self._say_refused, failed=self._say_problem)

    def _release(self) -> None:
        detail = self.detail
        if detail is None:
            return
        sheets = Field("spoiled", CheckList(1), words=lambda: text("prints.spoiled_sheets"))
        sheets.editor.offer([Option(str(one), text("prints.sheet", n=one)) for one in detail.sheets])
        sheets.set_value([str(one) for one in detail.sheets])
        number = detail.line.number

        def deed(device: Device, asked: AskedReason) -> Any:
            spoiled = [int(one) for one in asked.more.get("spoiled", [])]
            return print_jobs.release_spare(device, number, reason=asked.reason, spoiled=spoiled, note=asked.note)

        act = text("prints.release", n=detail.line.print_no + 1)
        ask_reason(
            self.desk,
            self,
            of="spare_print",
            title=text("prints.release_title", number=number),
            explanation=text("prints.release_explained", n=detail.line.print_no + 1),
            act=act,
            facts=detail.facts,
            more=[sheets] if detail.sheets else [],
            deed=deed,
            done=lambda: self.desk.go(Place.PRINTS, number),
        )

    def _say_refused(self, outcome: Refused) -> None:
        said = explain.refused(outcome.refusals)
        self.banner.say(said.tone, said.headline, said.body, details=said.details)

    def _say_problem(self, error: Exception) -> None:
        said = explain.problem(error)
        self.banner.say(said.tone, said.headline, said.body, details=said.details)

    def _set_texts(self) -> None:
        for at, (_outcome, name, _icon) in enumerate(ANSWERS):
            self.answers[at].say(text(f"prints.{name}"), str(at + 1))
        self.print_button.say(text("prints.print_it"), "Ctrl+P")
        self.hand_over_button.say(text("prints.hand_over"), "Ctrl+Enter")
        self.release_button.say(text("prints.release_next"))
        self.history_title.setText(text("prints.history"))
        self.cancel_button.say(text("prints.cancel"))
        self.folder_button.say(text("prints.open_folder"))
        self.void_button.say(text("prints.go_void"), "Ctrl+Enter")
        self.stub_draw_button.say(text("prints.stub_draw"))
        self.stub_photo_button.say(text("prints.stub_photo"))
        self.stub_button.say(text("prints.stub_on_file"), "Ctrl+Enter")
        if self.detail is not None:
            self._offer_marks(self.detail)
        self._show_step()
