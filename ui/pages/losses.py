"""遗失登记: every loss with its notice, reports, acknowledgements and terms, until it is concluded (S17)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog

from inspector_app.domain.refusals import Refused
from inspector_app.errors import StationError
from inspector_app.services import following_losses
from inspector_app.services.device import Device
from inspector_app.services.loss_cases import LossCase, find_case
from ui import explain
from ui.models.losses import read_loss, read_losses
from ui.models.records import Line, Record
from ui.pages import loss_deeds
from ui.pages.records_page import RecordsPage
from ui.places import Place
from ui.texts import text

PAPERS = ("notice", "to_authority", "to_institution")
"""The papers of a loss in the order in which its case names them."""


class LossesPage(RecordsPage):
    """Losses at the left; one with its steps at the right."""

    place = Place.LOSSES
    words = "losses"
    icon = "shield-alert"
    view_names = ("open", "all")
    starts = (("report_lost", "plus"),)
    traces = True

    def word(self, name: str) -> str:
        """One of the page's own texts."""
        return text(f"losses.{name}")

    def read_lines(self, device: Device, view: str, search: str) -> Sequence[Line]:
        """Open losses, or all."""
        return read_losses(device, view)

    def read_record(self, device: Device, view: str, chosen: Sequence[Line]) -> Record | None:
        """One loss."""
        return read_loss(device, chosen[0])

    def number_of(self, line: Line) -> str:
        """The first number that is gone."""
        return line.title.partition("–")[0]

    def do(self, name: str) -> None:
        """Report a loss, or ask what the chosen step needs."""
        if name == "report_lost":
            self._report_lost()
        if name == "report_lost" or not self.chosen:
            return
        loss = self.chosen[0].item
        if name in loss_deeds.ASKED:
            self._ask(name, loss, self.told(self.word(f"{name}_done")))
        elif name == "draft":
            self._draft(loss)
        else:
            self._save_papers(loss)

    def _ask(self, name: str, loss: str, done: Callable[[Any], None]) -> None:
        def ask(case: LossCase | None) -> None:
            if case is not None:
                self.review = loss_deeds.ASKED[name](self.desk, self, case, done)

        self.desk.read(lambda device: find_case(device, loss), self).on_success(ask)

    def _report_lost(self) -> None:
        def done(ref: Any) -> None:
            self.desk.say(self.word("report_lost_done"))
            self.show_view("open", str(ref))

        self.review = loss_deeds.ask_loss(self.desk, self, done)

    def _draft(self, loss: str) -> None:
        def deed(device: Device) -> Any:
            return following_losses.draft_papers(device, loss)

        done = self.told(text("losses.draft_done"))
        self.desk.act(deed, self, done=done, refused=self._say_refused, failed=self.say_problem)

    def _say_refused(self, outcome: Refused) -> None:
        self.say(explain.refused(outcome.refusals))

    def _save_papers(self, loss: str) -> None:
        chosen = QFileDialog.getExistingDirectory(self, text("losses.save_papers"))
        if not chosen:
            return
        folder = Path(chosen)
        names = [f"{text(f'losses.paper_{paper}')}.pdf" for paper in PAPERS]

        def save(device: Device) -> None:
            case = find_case(device, loss)
            for name, kept in zip(names, case.papers if case else (), strict=True):
                _write(folder / name, device.files.read(kept))

        def done(_nothing: object) -> None:
            self.desk.say(text("losses.papers_saved", folder=folder.name))

        self.desk.read(save, self).on_success(done).on_failure(self.say_problem)

    def enter(self, subject: str = "") -> None:
        """A view, or one loss."""
        if subject in self.view_names:
            self.list.views.set_value(subject)
        elif subject:
            self.list.views.set_value("all")
            self.choose(subject)
        super().enter(subject)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise StationError("file_unreadable", name=path.name) from error
