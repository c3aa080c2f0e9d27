"""核销: every check of the list answered one way or the other, and each copy held against the electronic one."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtWidgets import QWidget

from inspector_app.domain.quantities import Quantity
from inspector_app.domain.writing_off import CHECKS, CopyRead
from inspector_app.services import writing_off
from inspector_app.services.device import Device
from inspector_app.services.issuing_gates import quantity_of
from inspector_app.services.on_desk import paper_row
from inspector_app.services.sheet_custody import SheetName
from inspector_app.services.writing_off import WriteOffForm, sheets_there
from ui.desk import Desk
from ui.forms.form import Form
from ui.models.naming import Naming
from ui.pages.deed_review import Answers, DeedReview, Question
from ui.pages.sheet_deeds import Told, photo_field
from ui.texts import either, text
from ui.widgets.choice import Segments
from ui.widgets.field import Field
from ui.widgets.moment_field import DayEdit
from ui.widgets.note import Note
from ui.widgets.popup_list import Option
from ui.widgets.quantity_field import QuantityEdit

SAME, DIFFERS = "same", "differs"
YES, NO = "yes", "no"


class Paper(NamedTuple):
    """What the record says of a print, what is asked of it, and which of its sheets are there.

    Of a paper a former system made there is no record: ``issued_on`` is "", and its copies are held against each other.
    """

    name: SheetName
    issued_on: str
    quantity: Quantity
    shown: str
    checks: list[Option]
    there: list[int]


def read_paper(device: Device, name: SheetName) -> Paper:
    """Read it; runs in the background."""
    row = paper_row(device, name.number)
    asked = device.catalogue.checks(CHECKS, device.today())
    checks = [Option(check.code, either(check.zh, check.en)) for check in asked]
    there = sheets_there(device, name.number, name.print)
    if row is None:
        return Paper(name, "", Quantity(0, 0, next(iter(device.catalogue.units))), "", checks, there)
    quantity = quantity_of(row)
    return Paper(name, str(row["issued_on"]), quantity, Naming(device).amount(quantity), checks, there)


class WritingOff:
    """The questions about one print, and what the answers say."""

    def __init__(self, desk: Desk, paper: Paper) -> None:
        self.paper = paper
        units = desk.device.catalogue.units
        self.fields = [*map(self._check, paper.checks), self._one_hand()]
        for sheet in paper.there:
            self.fields += self._copy(desk, units, sheet)
        self.fields += [photo_field(desk), Field("note", Note(2))]

    @property
    def _has_record(self) -> bool:
        return bool(self.paper.issued_on)

    def _check(self, check: Option) -> Field:
        field = Field(f"check_{check.value}", Segments(), required=True, words=lambda: check.title)
        field.editor.offer([Option(YES, text("old_sheets.satisfied")), Option(NO, text("old_sheets.not_satisfied"))])
        return field

    def _one_hand(self) -> Field:
        field = Field("same_hand", Segments(), required=True, words=lambda: text("old_sheets.same_hand"))
        field.editor.offer([Option(YES, text("old_sheets.yes")), Option(NO, text("old_sheets.no"))])
        return field

    def _copy(self, desk: Desk, units: Any, sheet: int) -> list[Field]:
        says = Field(f"copy_{sheet}", Segments(), required=True, words=lambda: text("old_sheets.copy", sheet=sheet))
        says.editor.offer([Option(SAME, text("old_sheets.same")), Option(DIFFERS, text("old_sheets.differs"))])
        day = Field(
            f"day_{sheet}", DayEdit(desk.today), required=True, words=lambda: text("old_sheets.copy_day", sheet=sheet)
        )
        amount = QuantityEdit(units, self.paper.quantity.unit)
        return [
            says,
            day,
            Field(f"amount_{sheet}", amount, required=True, words=lambda: text("old_sheets.copy_amount", sheet=sheet)),
        ]

    def adapt(self, form: Form) -> None:
        """Day and amount are asked of a copy that says something else than the record, or of which there is none."""
        for sheet in self.paper.there:
            form.fields[f"copy_{sheet}"].setVisible(self._has_record)
            differs = not self._has_record or form.value(f"copy_{sheet}") == DIFFERS
            for name in ("day", "amount"):
                form.fields[f"{name}_{sheet}"].setVisible(differs)

    def check(self, form: Form) -> dict[str, str]:
        """Nothing is taken for satisfied that nobody looked at."""
        shown = {name: field for name, field in form.fields.items() if field.required and not field.isHidden()}
        return {name: text("old_sheets.answer") for name, field in shown.items() if field.value() in (None, "")}

    def form(self, said: Answers) -> WriteOffForm:
        """What the service is told."""
        answered = {str(check.value): said[f"check_{check.value}"] == YES for check in self.paper.checks}
        return WriteOffForm(
            number=self.paper.name.number,
            print=self.paper.name.print,
            checks=[code for code, satisfied in answered.items() if satisfied],
            findings=[code for code, satisfied in answered.items() if not satisfied],
            copies=[self._read(said, sheet) for sheet in self.paper.there],
            same_hand=said["same_hand"] == YES,
            attachments=said["attachments"],
            note=said["note"],
        )

    def _read(self, said: Answers, sheet: int) -> CopyRead:
        if self._has_record and said[f"copy_{sheet}"] == SAME:
            return CopyRead(sheet=sheet, issued_on=self.paper.issued_on, quantity=self.paper.quantity)
        return CopyRead(sheet=sheet, issued_on=said[f"day_{sheet}"], quantity=said[f"amount_{sheet}"])


def ask_write_off(desk: Desk, parent: QWidget, paper: Paper, done: Told) -> DeedReview:
    """The checks of Art. 25 on one print."""
    asked = WritingOff(desk, paper)
    facts = [
        (text("old_sheets.number"), paper.name.number),
        (text("old_sheets.issued_on"), paper.issued_on),
        (text("old_sheets.quantity"), paper.shown),
    ]
    return DeedReview(
        desk,
        parent,
        Question(
            "write_off",
            f"{paper.name.number} {paper.name.print}",
            text("old_sheets.write_off_title", number=paper.name.number),
            text("old_sheets.write_off_explained"),
            text("old_sheets.write_off_act"),
            asked.fields,
            lambda device, said: writing_off.write_off(device, asked.form(said)),
            done,
            facts,
            adapt=asked.adapt,
            check=asked.check,
        ),
    )
