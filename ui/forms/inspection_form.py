"""What the vet looks at on site: papers, the last twelve months, the animals, the water; and the conclusion (S06).

Large targets for cold fingers. A required check that stays unticked counts as not satisfied.
"""

from __future__ import annotations

from typing import Any

from inspector_app.domain.quantities import Quantity
from inspector_app.domain.typed_text import normalise_code_text
from inspector_app.services.inspecting import FAILED, PASSED, InspectionForm, Measurement
from inspector_app.services.issuing_gates import quantity_of
from ui.desk import Desk
from ui.explain import label
from ui.forms.counts import MOST_DIGITS
from ui.forms.form import Form
from ui.models.naming import Naming, Row
from ui.texts import either, text
from ui.widgets.attachments import AttachmentEdit
from ui.widgets.button import Button
from ui.widgets.checklist import CheckList
from ui.widgets.choice import DropDown, Segments
from ui.widgets.field import Field
from ui.widgets.line import CodeLine, Line
from ui.widgets.living import Living
from ui.widgets.moment_field import MomentEdit
from ui.widgets.note import Note
from ui.widgets.popup_list import Option
from ui.widgets.quantity_field import QuantityEdit

HISTORY = "history_clean"
UNITS_FIRST = 11


def scaled_value(typed: str, scale: int) -> int | None:
    """``26.5`` at scale 1 → 265; None when it is no number, too large a one or has more decimals than the scale."""
    whole, _, decimals = normalise_code_text(typed).partition(".")
    typed_digits = whole.removeprefix("-") + decimals
    digits = typed_digits + "0" * (scale - len(decimals))
    # What was not typed was not measured: it is no zero.
    if not typed_digits or len(decimals) > scale or len(digits) > MOST_DIGITS or not digits.isascii():
        return None
    if not digits.isdigit():
        return None
    return int(digits) * (-1 if whole.startswith("-") else 1)


class InspectionEditor(Living, Form):
    """Fields named as in :class:`InspectionForm`; one more per measurement (``water.<code>``)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._naming = Naming(desk.device)
        self._declaration: Row = {}
        self._make_editors()
        self._make_sections()
        self.findings.edited.connect(self._on_findings)
        self.conclusion.edited.connect(self._on_concluded)
        self.begin()

    def _make_editors(self) -> None:
        self.batch = Line()
        self.quantity = QuantityEdit(self._desk.device.catalogue.units, UNITS_FIRST)
        self.quantity_reason = DropDown()
        self.started_at = MomentEdit(self._desk.now)
        self.ended_at = MomentEdit(self._desk.now)
        self.documents = CheckList(2)
        self.all_fine = Button("link", "check")
        self.all_fine.act_wanted.connect(self.documents.tick_all)
        self.history = Segments()
        self.wild_checks = CheckList(2)
        self.findings = CheckList(2)
        self.suspected = CheckList(2)
        self.conclusion = Segments()

    def _make_sections(self) -> None:
        self._batch = self.add_section(
            [
                Field("batch", self.batch, required=True),
                Field("quantity", self.quantity, required=True),
                Field("quantity_reason", self.quantity_reason),
                Field("place", Line()),
                Field("started_at", self.started_at, required=True),
                Field("ended_at", self.ended_at, required=True),
            ]
        )
        self._papers = self.add_section([Field("checks", self.documents, span=2)], ruled=True)
        self.add_widget(self.all_fine)
        self._past = self.add_section([Field("history_clean", self.history, span=2)], ruled=True)
        self._wild = self.add_section([Field("wild", self.wild_checks, span=2)], ruled=True)
        self._animals = self.add_section([Field("findings", self.findings, span=2)], ruled=True)
        self._suspects = self.add_section([Field("suspected", self.suspected, span=2)])
        self._water = self.add_section([self._measure_field(code) for code in self._measured()], ruled=True)
        self._end = self.add_section(
            [
                Field("conclusion", self.conclusion, required=True),
                Field("note", Note(1)),
                Field("attachments", AttachmentEdit(self._desk), span=2, words=lambda: text("attachments.photos")),
            ],
            ruled=True,
        )

    def _measured(self) -> list[str]:
        return [row.code for row in self._desk.device.catalogue.measurements(self._desk.today())][:6]

    def _measure_field(self, code: str) -> Field:
        line = CodeLine()
        row = self._desk.device.catalogue.measurement(code)
        assert row is not None
        return Field(f"water.{code}", line, words=lambda: f"{either(row.zh, row.en)}  {row.unit}".rstrip(" "))

    # --- what depends on the batch ----------------------------------------------------------------------------------

    def start(self, declaration: Row, now: int) -> None:
        """Look at the batch of this declaration; everything is asked anew."""
        self._declaration = declaration
        self._offer()
        for name, field in self.fields.items():
            field.set_value(
                [] if isinstance(field.editor, (CheckList, AttachmentEdit)) else "" if name != "quantity" else None
            )
        for name in ("history_clean", "conclusion", "quantity_reason"):
            self.fields[name].set_value(None)
        self.fill(
            {
                "quantity": quantity_of(dict(declaration)),
                "batch": f"{declaration['pond'] or ''} {self._desk.today()[5:]}".strip(),
                "place": str(declaration["origin_place"] or ""),
                "started_at": now,
            }
        )
        self.say_more_than_declared(needed=False)
        self._wild.setVisible(bool(declaration["wild"]))
        self._show_suspects()
        self.clear_messages()
        self.settle()

    def _offer(self) -> None:
        catalogue, on = self._desk.device.catalogue, self._desk.today()
        self.quantity_reason.offer(self._naming.reasons("quantity", on))
        species = int(self._declaration.get("species") or 0)
        checks = [row for row in catalogue.checks("documents", on) if row.code != HISTORY]
        mark = text("inspection.must")
        self.documents.offer(
            [Option(row.code, either(row.zh, row.en) + (f"  {mark}" if row.required else "")) for row in checks]
        )
        self.wild_checks.offer([Option(row.code, either(row.zh, row.en)) for row in catalogue.checks("wild", on)])
        self.findings.offer([Option(row.code, either(row.zh, row.en)) for row in catalogue.signs_for(species, on)])
        hosts = catalogue.diseases_for(species, on)
        self.suspected.offer([Option(host.disease, self._naming.disease(host.disease)) for host in hosts])
        for part in (self.documents, self.wild_checks, self.findings, self.suspected):
            for box in part.boxes:
                self.watch(box)

    def _on_findings(self) -> None:
        """Signs point to diseases; what they point to is proposed, the vet decides."""
        catalogue = self._desk.device.catalogue
        pointed: list[str] = []
        for code in self.findings.value():
            sign = catalogue.sign(code)
            pointed += sign.diseases if sign else ()
        offered = set(self.suspected.codes)
        self.suspected.set_value([*self.suspected.value(), *(code for code in pointed if code in offered)])
        self._show_suspects()

    def _on_concluded(self) -> None:
        """The work ends with the conclusion; who goes on looking says so in the field."""
        if not self.ended_at.text().strip():
            self.fields["ended_at"].set_value(self._desk.now())

    def say_more_than_declared(self, *, needed: bool) -> None:
        """More than was declared passes with its reason; only then is it asked for."""
        self.fields["quantity_reason"].setVisible(needed or self.quantity_reason.value() is not None)

    def _show_suspects(self) -> None:
        self._suspects.setVisible(bool(self.findings.value()))

    # --- values -------------------------------------------------------------------------------------------------------

    def collect(self) -> InspectionForm:
        """What was seen, as the service takes it; required checks without a tick are failings."""
        values = self.values()
        catalogue = self._desk.device.catalogue
        wild = self.wild_checks.unticked if self._declaration.get("wild") else []
        open_checks = [catalogue.check(code) for code in (*self.documents.unticked, *wild)]
        return InspectionForm(
            declaration=str(self._declaration.get("ref") or ""),
            quantity=values["quantity"] or Quantity(0, 0, UNITS_FIRST),
            started_at=values["started_at"] or 0,
            ended_at=values["ended_at"] or -1,
            conclusion=str(values["conclusion"] or ""),
            checks=[*values["checks"], *(values["wild"] if self._declaration.get("wild") else [])],
            failings=[check.code for check in open_checks if check is not None and check.required],
            history_clean=values["history_clean"] == "clean",
            findings=values["findings"],
            suspected=values["suspected"] if values["findings"] else [],
            measurements=self._measurements(values),
            batch=values["batch"],
            place=values["place"],
            note=values["note"],
            quantity_reason=str(values["quantity_reason"] or ""),
            attachments=values["attachments"],
        )

    def _measurements(self, values: dict[str, Any]) -> list[Measurement]:
        found = []
        for code in self._measured():
            row = self._desk.device.catalogue.measurement(code)
            value = scaled_value(str(values[f"water.{code}"]), row.scale) if row else None
            if row is not None and value is not None:
                found.append(Measurement(code, value, row.scale, row.unit))
        return found

    def unreadable(self) -> list[str]:
        """Measurements that were typed but cannot be read, or cannot be true, by field name."""
        wrong = []
        for code in self._measured():
            typed = str(self.value(f"water.{code}"))
            row = self._desk.device.catalogue.measurement(code)
            value = scaled_value(typed, row.scale) if row and typed else None
            if row is not None and typed and (value is None or not row.low <= value <= row.high):
                wrong.append(f"water.{code}")
        return wrong

    def _set_texts(self) -> None:
        self._batch.title(text("inspection.batch"))
        self._papers.title(text("inspection.papers"))
        self._past.title(text("inspection.past"))
        self._wild.title(text("inspection.wild"))
        self._animals.title(text("inspection.animals"))
        self._water.title(text("inspection.water"))
        self._end.title(label("field", "conclusion"))
        self.all_fine.say(text("inspection.all_fine"))
        self.history.offer(
            [Option("clean", text("inspection.clean")), Option("not_clean", text("inspection.not_clean"))]
        )
        self.conclusion.offer([Option(code, label("state", code)) for code in (PASSED, FAILED)])
        for part in (self.history, self.conclusion):
            for button in part.buttons:
                self.watch(button)
        self._offer()
