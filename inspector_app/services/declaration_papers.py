"""Declaration form (检疫申报单) and acceptance slip (受理单): papers, but neither numbered stock nor prints."""

from __future__ import annotations

from inspector_app.clock import legal_date
from inspector_app.domain.filling import AcceptanceFacts, DeclarationFacts, acceptance_fields, declaration_fields
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, refused
from inspector_app.journal.projections import Row
from inspector_app.ports import PaperContent, Printer, PrintJob
from inspector_app.services.device import Device
from inspector_app.services.issuing_gates import quantity_of
from inspector_app.services.paperwork import leave

DECLARATION_FORM, SLIP_FORM = "declaration", "acceptance_slip"


def declaration_content(device: Device, declaration: str) -> PaperContent | Refused:
    """The declaration form, with the point's own part once it was decided."""
    row = device.rows.one("declarations", ref=declaration)
    if row is None:
        return refused(Refusal(code=RefusalCode.NOT_FOUND, current=declaration))
    values = declaration_fields(_facts(device, row), device.catalogue, device.areas, _decision(device, row))
    return _content(device, row, DECLARATION_FORM, values)


def slip_content(device: Device, declaration: str) -> PaperContent | Refused:
    """The acceptance slip, or the slip that says why it was not accepted."""
    row = device.rows.one("declarations", ref=declaration)
    if row is None:
        return refused(Refusal(code=RefusalCode.NOT_FOUND, current=declaration))
    decision = _decision(device, row)
    if decision is None:
        return refused(Refusal(code=RefusalCode.WRONG_STATE, current=str(row["state"]), limit="accepted"))
    return _content(device, row, SLIP_FORM, acceptance_fields(_facts(device, row), decision, device.catalogue))


def hand_to_printer(device: Device, content: PaperContent, printer: Printer) -> str:
    """Print one of these papers; returns the printer's ticket. No number and no stock stands on it, so nothing is kept.

    StationError when certainly nothing was handed over.
    """
    job = PrintJob(f"{content.form} {content.number}", device.paper.render(content), "application/pdf", 1)
    return printer.submit(job)


def declaration_number(row: Row) -> str:
    """What stands after 编号: area, day, device and the entry's place in its journal, so that no two are alike."""
    device, _, seq = str(row["ref"]).partition("/")
    day = legal_date(int(row["recorded_at"] or 0)).replace("-", "")
    return f"{int(row['origin'] or 0):06d}-{day}-{device[:4]}-{int(seq):05d}"


def _content(device: Device, row: Row, form: str, values: dict[str, str]) -> PaperContent:
    return PaperContent(
        form=form,
        number=declaration_number(row),
        values=values,
        made_at=int(row["recorded_at"] or 0),
        leave=leave(device, form, int(row["recorded_by"] or 0)),
    )


def _facts(device: Device, row: Row) -> DeclarationFacts:
    station = device.rows.one("stations", station=device.sheet.station) or {}
    texts = ("owner_phone", "owner_address", "origin_place", "destination_place", "consignee", "permit", "pond")
    return DeclarationFacts(
        number=declaration_number(row),
        declared_at=int(row["declared_at"] or 0),
        owner=str(row["owner_name"] or ""),
        species=int(row["species"] or 0),
        stage=str(row["stage"]),
        quantity=quantity_of(row),
        purpose=int(row["purpose"] or 0),
        origin=int(row["origin"] or 0),
        destination=int(row["destination"] or 0),
        departs_at=int(row["departs_at"] or 0),
        channel=str(row["channel"]),
        wild=bool(row["wild"]),
        remarks=str(row["remarks"] or ""),
        station=str(station.get("name") or ""),
        **{name: str(row[name] or "") for name in texts},
    )


def _decision(device: Device, row: Row) -> AcceptanceFacts | None:
    if row["state"] not in ("accepted", "not_accepted"):
        return None
    grant = device.grant(int(row["decided_by"] or 0))
    accepted = row["state"] == "accepted"
    return AcceptanceFacts(
        handled_by=grant.name if grant else "",
        handled_at=int(row["decided_at"] or 0),
        reason="" if accepted else str(row["reason"] or ""),
        note="" if accepted else str(row["decision_note"] or ""),
        inspect_on=str(row["inspect_on"] or "") if accepted else "",
        inspect_place=str(row["origin_place"] or "") if accepted else "",
    )
