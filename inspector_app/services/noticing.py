"""Treatment notices (检疫处理通知单) for batches that failed (DOMAIN 1.7)."""

from __future__ import annotations

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, in_order
from inspector_app.errors import BugError
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.certificates import NoticeDetails, NoticeIssued
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.issuing import Issued
from inspector_app.services.issuing_gates import device_refusals, quantity_of
from inspector_app.services.number_custody import next_number, number_refusals
from inspector_app.services.paperwork import NOTICE_FORM
from inspector_app.services.sampling import results_standing
from inspector_app.services.typed import text_refusals

KIND = "N"


class NoticeDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a vet fills in for a notice; ``basis``, ``failures`` and ``method`` are codes of the catalogue's lists."""

    inspection: str
    basis: list[str]
    method: str
    failures: list[str] = []
    diseases: list[str] = []
    remarks: str = ""


def notice_refusals(device: Device, draft: NoticeDraft) -> list[Refusal]:
    """Everything that stands against issuing a notice for this batch now."""
    found = [*device_refusals(device), *device.may(Action.ISSUE), *text_refusals(draft, ("remarks",))]
    inspection = device.rows.one("inspections", ref=draft.inspection)
    if inspection is None:
        found.append(Refusal(code=RefusalCode.NOT_INSPECTED, current=draft.inspection))
    elif not _failed(device, inspection):
        found.append(Refusal(code=RefusalCode.WRONG_STATE, current="passed", limit="failed"))
    elif device.rows.many("notices", inspection=draft.inspection):
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, current=draft.inspection))
    for name in ("basis", "method"):
        if not getattr(draft, name):
            found.append(Refusal(code=RefusalCode.FIELD_MISSING, field=name))
    if device.session is not None:
        found += number_refusals(device, KIND, device.session.person)
    return found


def _failed(device: Device, inspection: Row) -> bool:
    return inspection["conclusion"] == "failed" or bool(results_standing(device, inspection, "A").positive)


def issue_notice(device: Device, draft: NoticeDraft) -> Issued | Refused:
    """Issue a treatment notice with the next notice number."""
    refusals = notice_refusals(device, draft)
    if refusals:
        return Refused(in_order(refusals))
    inspection = device.rows.one("inspections", ref=draft.inspection) or {}
    declaration = device.rows.one("declarations", ref=inspection["declaration"]) or {}

    def build(act: Act) -> Issued:
        fact = _fact(device, draft, inspection, act)
        return Issued(str(fact.number), act.add(fact, private=_details(device, draft, declaration), sign=device.sign))

    return device.record(build)


def _fact(device: Device, draft: NoticeDraft, inspection: Row, act: Act) -> NoticeIssued:
    taken = next_number(device, KIND, device.person())
    if taken is None:
        raise BugError("the numbers ran out between the gate and the act")
    return NoticeIssued(
        number=taken.number,
        block=taken.block,
        declaration=str(inspection["declaration"]),
        inspection=draft.inspection,
        species=int(inspection["species"] or 0),
        stage=str(inspection["stage"]),
        quantity=quantity_of(inspection),
        basis=draft.basis,
        failures=draft.failures,
        diseases=draft.diseases,
        method=draft.method,
        issued_on=legal_date(act.at),
        vet=device.person(),
        station=device.sheet.station,
        form=NOTICE_FORM,
        form_hash=device.paper.form_hash(NOTICE_FORM),
    )


def _details(device: Device, draft: NoticeDraft, declaration: Row) -> NoticeDetails:
    station = device.rows.one("stations", station=device.sheet.station) or {}
    grant = device.grant(device.person())
    return NoticeDetails(
        owner=str(declaration["owner_name"] or ""),
        owner_phone=str(declaration["owner_phone"] or ""),
        place=str(declaration["origin_place"] or ""),
        vet_name=grant.name if grant else "",
        station_name=str(station.get("agency") or station.get("name") or ""),
        agency_phone=str(station.get("phone") or ""),
        remarks=draft.remarks.strip(),
    )
