"""The step before anything is on paper: choose the printer that takes this paper, and send the print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal

from inspector_app.services import print_jobs
from inspector_app.services.device import Device
from ui.desk import Desk
from ui.models.prints import PaperDetail
from ui.pages.steps.step import KeyRest, PaperStep
from ui.tasks import Lane
from ui.texts import text
from ui.widgets.button import Button
from ui.widgets.choice import DropDown
from ui.widgets.field import Field
from ui.widgets.popup_list import Option
from ui.widgets.waiting import Waiting


class PrintingStep(PaperStep):
    """Signals:
    sent: the printer has the print; what it says so far (a report of ``services.print_jobs``).
    """

    sent = Signal(object)
    comes_at = ("print",)

    def __init__(self, desk: Desk, rest: KeyRest) -> None:
        super().__init__(desk, rest)
        self.printer = Field("printer", DropDown(), words=lambda: text("prints.printer"))
        self.waiting = Waiting()
        self.print_button = Button("primary", "printer")
        self._offered = ""
        self._place((self.printer, self.waiting), (self.print_button,))
        self.print_button.act_wanted.connect(self.print_now)
        self.begin()

    def acts(self) -> Sequence[Button]:
        """Print."""
        return (self.print_button,)

    def show_step(self, detail: PaperDetail) -> None:
        """Offer the printers that take this paper; the one used last for it is proposed."""
        fit = [name for name, one in self.desk.printers.items() if detail.media_type in one.media_types]
        self.printer.editor.offer([Option(name, name) for name in fit])
        if self.printer.value() not in fit or self._offered != detail.stock:
            chosen = self.desk.preferences.printer_for(detail.stock)
            self.printer.set_value(chosen if chosen in fit else next(iter(fit), None))
        self._offered = detail.stock
        self.print_button.block(self._reason(detail, fit))

    def _reason(self, detail: PaperDetail, fit: Sequence[str]) -> str:
        if detail.blocked:
            return text("prints.blocked", number=detail.blocked)
        if fit:
            return ""
        return text("prints.no_fit" if self.desk.printers else "prints.no_printer")

    def print_now(self) -> None:
        """Send the current print to the chosen printer."""
        if self.detail is None or not self.is_next or self.print_button.reason:
            return
        name = str(self.printer.value() or "")
        printer = self.desk.printers.get(name)
        if printer is not None:
            self.desk.preferences.set_printer_for(self.detail.stock, name)
            self._send(self.detail.line.number, printer)

    def _send(self, number: str, printer: Any) -> None:
        self.print_button.block(text("prints.sending"))

        def deed(device: Device) -> Any:
            return print_jobs.submit(device, number, printer)

        task = self.desk.act(
            deed,
            self,
            done=lambda attempt: self.sent.emit(attempt.report),
            refused=self._say_refused,
            failed=self._say_problem,
            lane=Lane.OUTSIDE,
        )
        self.waiting.follow(task, text("prints.sending"))
        task.ended.connect(lambda: self.print_button.block(""))

    def _set_texts(self) -> None:
        self.print_button.say(text("prints.print_it"), "Ctrl+P")
