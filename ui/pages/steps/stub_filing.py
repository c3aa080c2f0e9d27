"""The step after hand-over while the stub is not on file; thermal paper fades, so its stub is drawn anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog

from inspector_app.services import handing_over, print_jobs
from inspector_app.services.attaching import attach
from inspector_app.services.device import Device
from ui.desk import Desk
from ui.models.prints import PaperDetail
from ui.pages.steps.step import KeyRest, PaperStep
from ui.texts import text
from ui.widgets.button import Button


class StubFilingStep(PaperStep):
    """A photograph, a drawing for plain paper, or the paper itself."""

    comes_at = ("stub",)

    def __init__(self, desk: Desk, rest: KeyRest) -> None:
        super().__init__(desk, rest)
        self.stub_photo_button = Button("plain", "camera")
        self.stub_draw_button = Button("plain", "printer")
        self.stub_button = Button("primary", "archive")
        self._drawn = ""
        self._place((), (self.stub_photo_button, self.stub_draw_button, self.stub_button))
        self.stub_photo_button.act_wanted.connect(self._file_photo)
        self.stub_draw_button.act_wanted.connect(self._draw_stub)
        self.stub_button.act_wanted.connect(self._file_paper)
        self.begin()

    def begin_paper(self) -> None:
        """Nothing is drawn of this paper yet."""
        self._drawn = ""

    def show_step(self, detail: PaperDetail) -> None:
        """What fades is on file only once it was photographed or drawn."""
        faded = detail.stock == print_jobs.THERMAL
        self.stub_photo_button.setVisible(faded)
        self.stub_draw_button.setVisible(faded)
        self.stub_button.setVisible(not faded or bool(self._drawn))

    def acts(self) -> Sequence[Button]:
        """File the paper; while it cannot be, its photograph."""
        return (self.stub_button, self.stub_photo_button)

    @property
    def _number(self) -> str:
        return self.detail.line.number if self.detail else ""

    def _draw_stub(self) -> None:
        """Draw the stub for plain paper and save it where it can be printed."""
        number = self._number
        chosen = f"{text('prints.stub_file')}-{number.replace(' ', '-')}.pdf"
        name, _ = QFileDialog.getSaveFileName(self, text("prints.stub_draw"), chosen, "PDF (*.pdf)")
        if not name:
            return

        def draw(device: Device) -> str:
            kept = handing_over.draw_stub(device, number)
            Path(name).write_bytes(device.files.read(kept))
            return kept

        self.desk.read(draw, self).on_success(lambda kept: self._on_drawn(number, kept)).on_failure(self._say_problem)

    def _on_drawn(self, number: str, kept: str) -> None:
        if self.detail is None or number != self._number:
            return
        self._drawn = kept
        self.show_detail(self.detail)
        self.desk.say(text("prints.stub_drawn"))

    def _file_photo(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, text("prints.stub_photo"), "", text("prints.stub_photos"))
        number = self._number
        if not name:
            return

        def deed(device: Device) -> Any:
            kept = attach(device, Path(name).read_bytes())
            return handing_over.file_stub(device, number, means="photo", attachments=[kept])

        self._file_stub(deed)

    def _file_paper(self) -> None:
        number, drawn = self._number, self._drawn
        means, kept = ("laser", [drawn]) if drawn else ("paper", [])
        self._file_stub(lambda device: handing_over.file_stub(device, number, means=means, attachments=kept))

    def _file_stub(self, deed: Callable[[Device], Any]) -> None:
        number = self._number

        def done(_entry: Any) -> None:
            self.desk.say(text("prints.stub_done", number=number))

        self.desk.act(deed, self, done=done, refused=self._say_refused, failed=self._say_problem)

    def _set_texts(self) -> None:
        self.stub_draw_button.say(text("prints.stub_draw"))
        self.stub_photo_button.say(text("prints.stub_photo"))
        self.stub_button.say(text("prints.stub_on_file"), "Ctrl+Enter")
