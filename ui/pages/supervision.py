"""监督检查: a visit with the seven ledgers as they stand, what was found, by when, and what was put right (S22)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from inspector_app.services import supervision
from inspector_app.services.device import Device
from inspector_app.services.supervision import FINDINGS, VisitForm
from ui.desk import Desk
from ui.forms.form import Form
from ui.models.naming import Naming
from ui.models.records import Line as RecordLine
from ui.models.records import Record
from ui.models.supervision import read_ledgers, read_left, read_visit, read_visits
from ui.pages.deed_review import Answers, DeedReview, Question
from ui.pages.records_page import RecordsPage
from ui.pages.sheet_deeds import Told, day_field, photo_field
from ui.places import Place
from ui.texts import text
from ui.widgets.checklist import CheckList
from ui.widgets.field import Field
from ui.widgets.line import Line
from ui.widgets.moment_field import DayEdit
from ui.widgets.note import Note
from ui.widgets.popup_list import Option


class SupervisionPage(RecordsPage):
    """Visits at the left; one with its findings and its ledgers at the right."""

    place = Place.SUPERVISION
    words = "supervision"
    icon = "shield-check"
    starts = (("record", "plus"),)

    def word(self, name: str) -> str:
        """One of the page's own texts."""
        return text(f"supervision.{name}")

    def read_lines(self, device: Device, view: str, search: str) -> Sequence[RecordLine]:
        """All visits."""
        return read_visits(device)

    def read_record(self, device: Device, view: str, chosen: Sequence[RecordLine]) -> Record | None:
        """One visit."""
        return read_visit(device, chosen[0])

    def do(self, name: str) -> None:
        """Record a visit, or what was put right."""
        if name == "record":
            self._record()
        elif self.chosen:
            self._rectify(self.chosen[0].item)

    def _record(self) -> None:
        def done(ref: Any) -> None:
            self.desk.say(text("supervision.recorded"))
            self.choose(str(ref))
            self.refresh()

        def ask(ledgers: list[tuple[str, str]]) -> None:
            self.review = ask_visit(self.desk, self, ledgers, done)

        self.desk.read(read_ledgers, self).on_success(ask).on_failure(self.say_problem)

    def _rectify(self, visit: str) -> None:
        done = self.told(text("supervision.rectified"))

        def ask(left: list[str]) -> None:
            self.review = ask_rectify(self.desk, self, visit, left, done)

        self.desk.read(lambda device: read_left(device, visit), self).on_success(ask)


def _findings(options: Sequence[Option]) -> Field:
    field = Field("findings", CheckList(2), words=lambda: text("supervision.findings"))
    field.editor.offer(options)
    return field


def ask_visit(desk: Desk, parent: QWidget, ledgers: Sequence[tuple[str, str]], done: Told) -> DeedReview:
    """A visit; the program itself states how the ledgers stand."""
    fields = (
        day_field(desk, "visited_on"),
        Field("official", Line()),
        Field("unit", Line()),
        _findings(Naming(desk.device).reasons(FINDINGS, desk.today())),
        Field("rectify_by", DayEdit(desk.today), required=True),
        Field("note", Note(3)),
        photo_field(desk),
    )

    def deed(device: Device, said: Answers) -> Any:
        form = VisitForm(
            findings=said["findings"],
            rectify_by=said["rectify_by"] if said["findings"] else "",
            visited_on=said["visited_on"],
            official=said["official"],
            unit=said["unit"],
            note=said["note"],
            attachments=said["attachments"],
        )
        return supervision.record_visit(device, form)

    def adapt(form: Form) -> None:
        form.fields["rectify_by"].setVisible(bool(form.value("findings")))

    return DeedReview(
        desk,
        parent,
        Question(
            "visit",
            "",
            text("supervision.record_title"),
            text("supervision.record_explained"),
            text("supervision.record_act"),
            fields,
            deed,
            done,
            ledgers,
            adapt=adapt,
            check=_check_day,
        ),
    )


def _check_day(form: Form) -> dict[str, str]:
    return {} if form.value("visited_on") else {"visited_on": text("form.fill_in")}


def ask_rectify(desk: Desk, parent: QWidget, visit: str, left: Sequence[str], done: Told) -> DeedReview:
    """What was put right of a visit's findings."""
    naming = Naming(desk.device)
    findings = _findings([Option(code, naming.reason(FINDINGS, code)) for code in left])

    def deed(device: Device, said: Answers) -> Any:
        photos, note = said["attachments"], said["note"]
        return supervision.record_rectification(device, visit, said["findings"], attachments=photos, note=note)

    return DeedReview(
        desk,
        parent,
        Question(
            "rectification",
            visit,
            text("supervision.rectify_title"),
            text("supervision.rectify_explained"),
            text("supervision.rectify_act"),
            (findings, photo_field(desk), Field("note", Note(2))),
            deed,
            done,
        ),
    )
