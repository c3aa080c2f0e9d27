"""The step after printing: a person says how it came out; meanwhile the printer is asked too, and may know first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from inspector_app.errors import StationError
from inspector_app.services import print_jobs
from ui import explain
from ui.desk import Desk
from ui.explain import Explained
from ui.models.prints import PaperDetail
from ui.pages.steps.step import KeyRest, PaperStep
from ui.tasks import Lane, Task
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.waiting import Waiting

ANSWERS = (
    ("printed", "yes", "check"),
    ("spoiled", "jam", "triangle-alert"),
    ("spoiled", "misplaced", "triangle-alert"),
    ("not_printed", "nothing", "x"),
    ("unknown", "unsure", "circle-help"),
)
FOLLOW_MS = 1_500
FOLLOW_MOST = 20


class AnsweringStep(PaperStep):
    """How a print came out is answered by its own buttons and keys only, by somebody who looked: never by Ctrl+Enter.

    Signals:
        heard: the printer says why it does not go on (its words).
    """

    heard = Signal(str)
    comes_at = ("answer",)

    def __init__(self, desk: Desk, rest: KeyRest) -> None:
        super().__init__(desk, rest)
        self.answers = [Button("primary" if at == 0 else "plain", icon) for at, (_, _, icon) in enumerate(ANSWERS)]
        self.waiting = Waiting()
        self.folder_button = Button("plain", "file-text")
        self.cancel_button = Button("plain", "x")
        self._follows = QTimer(self)
        self._follows.setInterval(FOLLOW_MS)
        self._followed = 0
        self._place((self.waiting,), (*self.answers, self.folder_button, self.cancel_button))
        self._connect()
        self.begin()

    def _connect(self) -> None:
        for at, (outcome, _words, _icon) in enumerate(ANSWERS):
            self.answers[at].act_wanted.connect(lambda outcome=outcome: self._on_answer(outcome))
        self.cancel_button.act_wanted.connect(self._cancel)
        self.folder_button.act_wanted.connect(self._open_folder)
        self._follows.timeout.connect(self._follow)

    def begin_paper(self) -> None:
        """The printer is asked no more about the paper before."""
        self._follows.stop()

    def show_step(self, detail: PaperDetail) -> None:
        """A print into a folder can be looked at there."""
        self.folder_button.setVisible(bool(detail.file))

    def focus_order(self) -> Sequence[QWidget]:
        """It came out well."""
        return self.answers[:1]

    # --- what the printer says --------------------------------------------------------------------------------------

    def follow(self, report: Any) -> None:
        """The print was sent: say what is settled already, otherwise go on asking."""
        self._followed = 0
        if report.settled:
            self._say_report(report)
        else:
            self._follows.start()

    def _say_report(self, report: Any) -> None:
        """What the device says that will not change any more; only bad news needs saying."""
        if report.outcome == "not_printed":
            said = next((reason for reason in report.reasons if reason.startswith("printer.")), "")
            reasons = " ".join(report.reasons)
            fault = StationError(said) if said else StationError("printer.not_printed", reasons=reasons)
            self.concluded.emit(explain.problem(fault))

    def _follow(self) -> None:
        """Ask the printer how far it is; its own counter may answer instead of the person."""
        detail = self.detail
        printer = self._open_printer()
        self._followed += 1
        if detail is None or not detail.open_attempt or printer is None or self._followed > FOLLOW_MOST:
            self._follows.stop()
            return
        attempt = detail.open_attempt
        task = self.desk.tasks.run(lambda: print_jobs.follow(self.desk.device, attempt, printer), Lane.OUTSIDE, self)
        task.on_success(self._on_followed).on_failure(self._say_problem)

    def _on_followed(self, report: Any) -> None:
        if report.reasons:
            reasons = text("list.comma").join(explain.word("printer_reason", one) for one in report.reasons)
            self.heard.emit(text("prints.printer_says", what=reasons))
        if report.settled:
            self._follows.stop()
            self.desk.recorded.emit()

    def _open_printer(self) -> Any:
        """The printer that has the open attempt, None when it is not there now."""
        sent_to = self.detail.printer if self.detail else ""
        return next((one for one in self.desk.printers.values() if one.name == sent_to), None)

    # --- what the person does ---------------------------------------------------------------------------------------

    def press(self, at: int) -> None:
        """The key of one answer."""
        if self.is_next:
            self.answers[at].click()

    def _cancel(self) -> None:
        """Take the job back, and look whether that was seen."""
        detail, printer = self.detail, self._open_printer()
        if detail is None or not detail.open_attempt:
            return
        if printer is None:
            self._say_why(text("prints.not_cancelled"))
            return
        self._follows.stop()

        def show(report: Any) -> None:
            if report.settled and report.outcome == "not_printed":
                self.desk.say(text("prints.cancelled", number=detail.line.number))
            elif report.settled:  # it was printed before it could be taken back: the paper goes on from there
                self.concluded.emit(Explained(Tone.WARN, text("prints.not_cancelled"), "", ""))
            else:
                self._say_why(text("prints.not_cancelled"))
            self.desk.recorded.emit()

        task: Task[Any] = self.desk.tasks.run(
            lambda: print_jobs.cancel(self.desk.device, detail.open_attempt, printer), Lane.OUTSIDE, self
        )
        self.waiting.follow(task, text("prints.cancelling"))
        task.on_success(show).on_failure(self._say_problem)

    def _open_folder(self) -> None:
        if self.detail is not None and self.detail.file:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self.detail.file).parent)))

    def _on_answer(self, outcome: str) -> None:
        if not self.rest.isActive():
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

    def _set_texts(self) -> None:
        for at, (_outcome, name, _icon) in enumerate(ANSWERS):
            self.answers[at].say(text(f"prints.{name}"), str(at + 1))
        self.cancel_button.say(text("prints.cancel"))
        self.folder_button.say(text("prints.open_folder"))
