"""Correction notes (更正说明): plate, carrier, telephone of a certificate that is already with its holder.

The holder keeps a valid paper, whoever erred (GX-2014 Art. 29). What is still on the desk is replaced instead, and so
is everything material.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from inspector_app.clock import legal_date, moment_text
from inspector_app.domain.authority import Action
from inspector_app.domain.certificate import CertificateState
from inspector_app.domain.correction import FIELDS, CorrectedValues, needs_replacement
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.domain.typed_text import TextFault, check_phone, check_plate, normalise_phone, normalise_plate
from inspector_app.errors import BugError, StationError
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.corrections import CertificateCorrected
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.corrections import corrected_values, corrections_of
from inspector_app.ports import ReportLetter, ReportTable
from inspector_app.services.device import Device
from inspector_app.services.issuing_gates import PLATE
from inspector_app.services.on_desk import strange_number_refusals
from inspector_app.services.paperwork import issued_papers, leave
from inspector_app.services.print_jobs import number_of
from inspector_app.services.typed import one_text, reason_refusals, text_refusal

TITLE = "更正说明"
REASONS = "correction"
_PHONES = ("owner_phone", "carrier_phone", "agency_phone")
LABELS = {
    "plate": "运载工具牌号",
    "carrier": "承运人",
    "carrier_phone": "承运人电话",
    "owner_phone": "货主联系电话",
    "agency_phone": "机构电话",
    "remarks": "备注",
}
"""The correctable fields as a note names them, those that change most often first."""


def correct(device: Device, number: str, values: Mapping[str, str], *, reason: str, note: str = "") -> str | Refused:
    """Correct fields of a certificate by a note; returns the entry's name, which :func:`draw_note` takes."""
    told = _normal(values)

    def add(act: Act) -> str:
        private = CorrectedValues(**{name: value for name, value in told.items() if name in FIELDS}, note=note.strip())
        fact = CertificateCorrected(number=number_of(device, number), fields=sorted(told), reason=reason)
        return act.add(fact, private=private, sign=device.sign)

    return device.record_unless(lambda: correct_refusals(device, number, told, reason, note), add)


def _normal(values: Mapping[str, str]) -> dict[str, str]:
    normal = {"plate": normalise_plate} | dict.fromkeys(_PHONES, normalise_phone)
    return {name: normal.get(name, str.strip)(value) for name, value in values.items()}


def correct_refusals(
    device: Device, number: str, values: Mapping[str, str], reason: str, note: str = ""
) -> list[Refusal]:
    """Why a certificate may not be corrected so now."""
    row = device.rows.one("certificates", number=number)
    found = [*device.may(Action.CORRECT), *reason_refusals(device, REASONS, reason, note)]
    found += material_refusals(device, values)
    if row is None:
        return [*found, Refusal(code=RefusalCode.NOT_FOUND, current=number)]
    found += strange_number_refusals(device, row)
    return [*found, *_state_refusals(device, row), *_value_refusals(device, row, values)]


@enforces("G32")
def material_refusals(device: Device, values: Mapping[str, str]) -> list[Refusal]:
    """Fields no note may change: the way out is another certificate in its place (GX-2014 Art. 22)."""
    fields = needs_replacement(device.policy(), sorted(values))
    return [Refusal(code=RefusalCode.NEEDS_REPLACEMENT, field=field) for field in fields]


def _state_refusals(device: Device, row: Row) -> list[Refusal]:
    """Only what is in force, with its holder and still on its way."""
    if row["state"] != CertificateState.ISSUED:
        return [Refusal(code=RefusalCode.WRONG_STATE, current=str(row["state"]), limit=CertificateState.ISSUED.value)]
    if not row["handed_over_at"]:
        return [Refusal(code=RefusalCode.PAPER_ON_DESK, current=str(row["number"]))]
    until = int(row["expires_at"] or 0)
    if until and device.clock.now().at > until:
        return [Refusal(code=RefusalCode.EXPIRED, current=str(row["number"]), limit=moment_text(until))]
    return []


def _value_refusals(device: Device, row: Row, values: Mapping[str, str]) -> list[Refusal]:
    if not values:
        return [Refusal(code=RefusalCode.FIELD_MISSING, field="values")]
    now = current_values(device, str(row["number"]))
    found = [refusal for field, value in values.items() if field in FIELDS for refusal in _field_refusals(field, value)]
    same = [field for field, value in values.items() if field in FIELDS and value == now.get(field)]
    return found + [Refusal(code=RefusalCode.ALREADY_RECORDED, field=field, current=values[field]) for field in same]


def _field_refusals(field: str, value: str) -> list[Refusal]:
    if not value:
        return [Refusal(code=RefusalCode.FIELD_MISSING, field=field)]
    fault = _fault(field, value)
    return [text_refusal(field, fault)] if fault is not None else one_text(field, value)


def _fault(field: str, value: str) -> TextFault | None:
    if field == "plate":
        return check_plate(value) if not PLATE.fullmatch(value) or check_plate(value) else None
    return check_phone(value) if field in _PHONES else None


def current_values(device: Device, number: str) -> dict[str, str]:
    """What a certificate says now of every correctable field; what this computer does not hold is left out."""
    row = device.rows.one("certificates", number=number) or {}
    known = {name: str(row[name] or "") for name in FIELDS if name in row}
    return known | _on_paper(device, number) | corrected_values(device.rows, number)


def _on_paper(device: Device, number: str) -> dict[str, str]:
    try:
        parties = issued_papers(device, number).parties
    except (StationError, BugError):
        return {}  # a sister's paper, or its names are gone by now: its row says what is known
    return {name: str(getattr(parties, name)) for name in FIELDS}


def last_correction(device: Device, number: str) -> tuple[int, dict[str, str]]:
    """When a certificate was last corrected (UTC ms, 0 for never), and what its notes say now by field."""
    notes = corrections_of(device.rows, number)
    return int(notes[-1]["at"] or 0) if notes else 0, corrected_values(device.rows, number)


class NoteLine(msgspec.Struct, frozen=True):
    """One corrected field: what stood there and what is to be read."""

    field: str
    before: str
    after: str


def note_lines(device: Device, ref: str) -> list[NoteLine]:
    """What one note changed; BugError for an entry that is no note."""
    note = device.rows.one("corrections", ref=ref)
    if note is None:
        raise BugError(f"no correction {ref}")
    number = str(note["number"])
    row = device.rows.one("certificates", number=number) or {}
    before = {name: str(row[name] or "") for name in FIELDS if name in row} | _on_paper(device, number)
    for earlier in corrections_of(device.rows, number):
        fields = msgspec.json.decode(str(earlier["fields"]), type=list[str])
        told = {field: str(earlier.get(field) or "") for field in fields}
        if earlier["ref"] == ref:
            return [NoteLine(field, before.get(field, ""), told[field]) for field in fields]
        before |= told
    raise BugError(f"no correction {ref}")


def draw_note(device: Device, ref: str) -> str:
    """Draw a correction note as PDF and keep it; returns its file (hex SHA-256)."""
    note = device.rows.one("corrections", ref=ref) or {}
    lines = note_lines(device, ref)
    number, at = str(note["number"]), int(note["at"] or 0)
    rows = tuple((LABELS[line.field], line.before or "（未填）", line.after) for line in lines)
    drawn = device.paper.report(
        TITLE,
        {},
        (ReportTable("", ("更正项目", "原填写内容", "更正为"), rows),),
        at,
        leave=leave(device, device.paper.report_form(TITLE), device.person()),
        letter=_letter(device, number, at),
    )
    return device.files.add(drawn, "application/pdf")


def _letter(device: Device, number: str, at: int) -> ReportLetter:
    row = device.rows.one("certificates", number=number) or {}
    station = device.rows.one("stations", station=device.sheet.station) or {}
    issued = str(row.get("issued_on") or "")
    owner = str(row.get("owner_name") or "")
    opening = f"{owner}于 {issued} 取得的动物检疫合格证明（编号 {number.replace(' ', '')}），以下内容更正。"
    valid = "证明的其他内容不变，编号和纸质证明继续有效，货主无须另行申报或交费。"
    rest = "本说明随原证明一并使用；动物种类、数量、货主、启运地点、到达地点和有效期以原证明为准。"
    vet = device.grant(int(device.person()))
    closing = (
        str(station.get("agency") or station.get("name") or ""),
        f"官方兽医（签字）：{vet.name if vet else ''}",
        legal_date(at),
    )
    return ReportLetter(paragraphs=(opening + valid, rest), closing=closing)
