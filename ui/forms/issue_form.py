"""What a vet fills in to issue: vehicle, destination, consignee belong to the certificate, not to the batch (S10)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal

from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.quantities import Quantity, compare
from inspector_app.services.issuing_gates import quantity_of
from inspector_app.services.typed import NO_PICTURE
from ui.desk import Desk
from ui.explain import label
from ui.forms.form import Form
from ui.models.certificates import place, sheet_option
from ui.models.issuing import IssueCase, kind_of, values_of
from ui.models.naming import Naming, day_words
from ui.texts import either, text
from ui.tokens import Tone
from ui.widgets.attachments import AttachmentEdit
from ui.widgets.checklist import CheckList
from ui.widgets.choice import DropDown, Segments
from ui.widgets.field import Field
from ui.widgets.line import CodeLine, Line
from ui.widgets.living import Living
from ui.widgets.moment_field import MomentEdit
from ui.widgets.note import Note
from ui.widgets.picker import Picker
from ui.widgets.popup_list import Option
from ui.widgets.quantity_field import QuantityEdit

ONLY_A = ("valid_days", "carrier", "carrier_phone", "transport", "disinfectant")
LONGEST_TRIP = 5
UNITS_FIRST = 11


class IssueEditor(Living, Form):
    """Fields named as in :class:`IssueDraft`; the kind follows from the trip.

    Signals:
        kind_changed: the trip now asks for the other kind of certificate (A or B).
    """

    kind_changed = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._naming = Naming(desk.device)
        self._case: IssueCase | None = None
        self.kind = "B"
        self._make_editors()
        self._make_sections()
        self.destination.edited.connect(self._follow_trip)
        self.edited.connect(self._show_differences)
        self.edited.connect(self._ask_for_proof)
        self.begin()

    def _make_editors(self) -> None:
        self.quantity = QuantityEdit(self._desk.device.catalogue.units, UNITS_FIRST)
        self.destination = Picker(self._find_area)
        self.departs_at = MomentEdit(self._desk.now)
        self.valid_days = Segments()
        self.transport = Segments()
        self.disinfectant = DropDown()
        self.plate = CodeLine()
        self.plate_reason = DropDown()
        self.medium = Segments()
        self.replace_reason = DropDown()
        self.replaces_on_desk = Segments()
        self.replaces_lost = CheckList(1)
        self.replaces_photos = AttachmentEdit(self._desk)
        self.replaces_no_picture = DropDown()

    def _make_sections(self) -> None:
        self._load = self.add_section(
            [
                Field("replace_reason", self.replace_reason, required=True, span=2),
                Field("replace_note", Note(1), span=2),
                Field("replaces_on_desk", self.replaces_on_desk, required=True, span=2),
                Field("replaces_photos", self.replaces_photos, span=2),
                Field("replaces_no_picture", self.replaces_no_picture, span=2),
                Field("replaces_lost", self.replaces_lost, span=2),
                Field("quantity", self.quantity, required=True, span=2),
                Field("destination", self.destination, required=True, span=2),
                Field("destination_place", Line(), required=True),
                Field("consignee", Line()),
                Field("departs_at", self.departs_at, required=True),
                Field("valid_days", self.valid_days, required=True),
            ]
        )
        self._vehicle = self.add_section(
            [
                Field("plate", self.plate, required=True),
                Field("plate_reason", self.plate_reason),
                Field("transport", self.transport, span=2),
                Field("carrier", Line(), required=True),
                Field("carrier_phone", CodeLine(), required=True),
                Field("disinfectant", self.disinfectant, required=True),
                Field("medium", self.medium),
                Field("remarks", Note(1), span=2),
            ],
            ruled=True,
        )

    def _find_area(self, typed: str) -> list[Option]:
        near = int(self._case.declaration["destination"] or 0) if self._case else 0
        return self._naming.find_area(typed, self._desk.today(), near)

    # --- beginning ---------------------------------------------------------------------------------------------------

    def start(self, case: IssueCase) -> None:
        """Begin with what the declaration said."""
        self._case = case
        self.fill(values_of(case, self._naming))
        for name in ("replace_reason", "replace_note"):
            self.fields[name].setVisible(case.replaces is not None)
        self._ask_for_sheets(case)
        self._follow_trip()
        self._show_plate_reason()
        self.clear_messages()
        self._show_differences()
        self.settle()

    def _ask_for_sheets(self, case: IssueCase) -> None:
        """How many sheets of the replaced paper lie here, and which of them nobody can find."""
        for name in ("replaces_on_desk", "replaces_lost"):
            self.fields[name].setVisible(bool(case.in_hand))
        self.replaces_on_desk.offer([Option(count, f"{count}") for count in range(len(case.in_hand) + 1)])
        self.replaces_lost.offer([sheet_option(one) for one in case.in_hand])
        for button in (*self.replaces_on_desk.buttons, *self.replaces_lost.boxes):
            self.watch(button)
        self._ask_for_proof()

    def _ask_for_proof(self) -> None:
        """Marked sheets that lie here are photographed, or a reason says why not."""
        lie_here = bool(self.replaces_on_desk.value())
        self.fields["replaces_photos"].setVisible(lie_here)
        self.fields["replaces_no_picture"].setVisible(lie_here and not self.replaces_photos.value())

    def restore(self, draft: Any) -> None:
        """A draft: the kind follows its destination."""
        super().restore(draft)
        self._ask_for_proof()
        self._follow_trip()
        self._show_plate_reason()

    def _follow_trip(self) -> None:
        if self._case is None:
            return
        destination = self.destination.value()
        kind = kind_of(self._case, destination if isinstance(destination, int) else 0)
        for name in ONLY_A:
            self.fields[name].setVisible(kind == "A")
        self.fields["medium"].setVisible(kind == "B")
        if kind != self.kind:
            self.kind = kind
            self.kind_changed.emit(kind)

    def _show_plate_reason(self, *, unusual: bool = False) -> None:
        self.fields["plate_reason"].setVisible(unusual or self.plate_reason.value() is not None)

    def say_plate_unusual(self, *, unusual: bool) -> None:
        """A foreign or special plate passes with its reason; only then is it asked for."""
        self._show_plate_reason(unusual=unusual)

    def _show_differences(self) -> None:
        """What is no longer as it was declared is said below its field (U75); it stands against nothing."""
        if self._case is None or self._case.replaces is not None:
            return
        row = self._case.declaration
        declared: dict[str, tuple[Any, str]] = {
            "destination": (int(row["destination"] or 0), self._naming.area(int(row["destination"] or 0))),
            "destination_place": (str(row["destination_place"] or ""), str(row["destination_place"] or "")),
            "consignee": (str(row["consignee"] or ""), str(row["consignee"] or "")),
            "departs_at": (int(row["departs_at"] or 0), day_words(int(row["departs_at"] or 0), self._desk.now())),
            "quantity": (quantity_of(dict(row)), self._naming.quantity(row)),
        }
        for name, (value, shown) in declared.items():
            self._say_difference(self.fields[name], value, shown)

    def _say_difference(self, field: Field, declared: Any, shown: str) -> None:
        now = field.value()
        if field.message and field.tone is not Tone.INFO:
            return
        same = now == declared or self._is_same_amount(now, declared)
        differs = now not in (None, "") and bool(shown) and not same
        field.say(text("issue.declared", what=shown) if differs else "", Tone.INFO)

    def _is_same_amount(self, now: Any, declared: Any) -> bool:
        """50 万尾 and 500,000 尾 are no difference."""
        if not isinstance(now, Quantity) or not isinstance(declared, Quantity):
            return False
        units = self._desk.device.catalogue.units
        try:
            return compare(now, declared, units) == 0
        except ValueError:
            return False

    # --- values -------------------------------------------------------------------------------------------------------

    def collect(self) -> IssueDraft:
        """What was typed, as the service takes it."""
        assert self._case is not None
        values = self.values()
        is_a = self.kind == "A"
        return IssueDraft(
            inspection=str(self._case.inspection["ref"]),
            kind=self.kind,
            quantity=values["quantity"] or Quantity(0, 0, UNITS_FIRST),
            destination=int(values["destination"] or 0),
            destination_place=values["destination_place"],
            departs_at=values["departs_at"] or 0,
            valid_days=int(values["valid_days"] or 1) if is_a else 1,
            consignee=values["consignee"],
            carrier=values["carrier"] if is_a else "",
            carrier_phone=values["carrier_phone"] if is_a else "",
            transport=int(values["transport"] or 0) if is_a else 0,
            disinfectant=int(values["disinfectant"] or 0) if is_a else 0,
            plate=values["plate"],
            plate_reason=str(values["plate_reason"] or ""),
            remarks=values["remarks"],
            medium=str(values["medium"] or "laser") if not is_a else "laser",
            replaces=str(self._case.replaces["number"]) if self._case.replaces is not None else "",
            replaces_on_desk=int(values["replaces_on_desk"] or 0),
            replaces_photos=list(values["replaces_photos"]),
            replaces_no_picture="" if values["replaces_photos"] else str(values["replaces_no_picture"] or ""),
            replaces_lost=[one for one in self._case.in_hand if place(one) in values["replaces_lost"]],
            replace_reason=str(values["replace_reason"] or "") if self._case.replaces is not None else "",
            replace_note=values["replace_note"] if self._case.replaces is not None else "",
        )

    def _set_texts(self) -> None:
        catalogue, on = self._desk.device.catalogue, self._desk.today()
        self._load.title(text("issue.load"))
        self._vehicle.title(text("issue.vehicle"))
        self.valid_days.offer([Option(day, text("issue.days", n=day)) for day in range(1, LONGEST_TRIP + 1)])
        self.transport.offer([Option(row.code, either(row.zh, row.en)) for row in catalogue.transports(on)])
        self.disinfectant.offer([Option(row.code, either(row.zh, row.en)) for row in catalogue.disinfectants(on)])
        self.plate_reason.offer(self._naming.reasons("plate", on))
        self.replace_reason.offer(self._naming.reasons("replacement", on))
        self.replaces_no_picture.offer(self._naming.reasons(NO_PICTURE, on))
        self.medium.offer(
            [Option(code, text(f"issue.medium_{code}")) for code in ("laser", "thermal_80", "thermal_58")]
        )
        for part in (self.valid_days, self.transport, self.medium):
            for button in part.buttons:
                self.watch(button)
        self._show_differences()


def certificate_title(kind: str) -> str:
    """The certificate's words in the language in force."""
    return label("form", f"certificate_{kind.lower()}")
