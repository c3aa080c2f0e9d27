"""Treatment notices (检疫处理通知单) for batches that failed (DOMAIN 1.7)."""

from __future__ import annotations

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action
from inspector_app.domain.numbering import Number
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, refused
from inspector_app.domain.typed_text import clean_optional
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.certificates import NoticeDetails, NoticeIssued
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.cases import uses_elsewhere
from inspector_app.ports import PaperContent
from inspector_app.services.day_close import overdue_refusals
from inspector_app.services.device import Device
from inspector_app.services.issuing import Issued
from inspector_app.services.issuing_gates import device_refusals, paper_refusals, quantity_of
from inspector_app.services.number_custody import NextNumber, next_number, no_numbers_left, number_refusals
from inspector_app.services.paperwork import NOTICE_FORM, NOTICE_KIND, UNNUMBERED, notice_paper
from inspector_app.services.sampling import diseases_concerned, results_standing
from inspector_app.services.typed import code_refusals, reason_refusals

KIND = NOTICE_KIND


class NoticeDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a vet fills in for a notice; ``basis``, ``failures`` and ``method`` are codes of the catalogue's lists.

    The notice names what :func:`.sampling.diseases_concerned` finds; ``diseases`` may repeat them, and never adds one.
    """

    inspection: str
    basis: list[str]
    method: str
    failures: list[str] = []
    diseases: list[str] = []
    remarks: str = ""


def notice_refusals(device: Device, draft: NoticeDraft) -> list[Refusal]:
    """Everything that stands against issuing a notice for this batch now; the paper itself is asked last."""
    found = [*device_refusals(device), *overdue_refusals(device), *device.may(Action.ISSUE)]
    found += _case_refusals(device, draft)
    found += _choice_refusals(device, draft)
    if device.session is not None:
        found += number_refusals(device, KIND, device.session.person)
    return found or paper_refusals(device, _draft_content(device, draft))


def _case_refusals(device: Device, draft: NoticeDraft) -> list[Refusal]:
    inspection = device.rows.one("inspections", ref=draft.inspection)
    if inspection is None:
        return [Refusal(code=RefusalCode.NOT_INSPECTED, current=draft.inspection)]
    found = []
    declaration = device.rows.one("declarations", ref=inspection["declaration"])
    if declaration is not None and declaration["holder"] != device.id:
        found.append(Refusal(code=RefusalCode.CASE_HANDED_OVER, details={"device": str(declaration["holder"])}))
    if not _failed(device, inspection):
        found.append(Refusal(code=RefusalCode.WRONG_STATE, current="passed", limit="failed"))
    elif _is_noticed(device, inspection):
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, current=draft.inspection))
    return found


def _is_noticed(device: Device, inspection: Row) -> bool:
    if device.rows.many("notices", inspection=inspection["ref"], state="issued"):
        return True
    brought = uses_elsewhere(device.rows, str(inspection["declaration"]))
    return any(use.number.kind == KIND and use.inspection == inspection["ref"] for use in brought)


def _failed(device: Device, inspection: Row) -> bool:
    return inspection["conclusion"] == "failed" or bool(results_standing(device, inspection, "A").positive)


def _choice_refusals(device: Device, draft: NoticeDraft) -> list[Refusal]:
    today = device.today()
    basis, failures = ({row.code for row in device.catalogue.reasons(name, today)} for name in ("basis", "failure"))
    chosen = {"basis": draft.basis, "failures": draft.failures}
    found = [Refusal(code=RefusalCode.FIELD_MISSING, field=name) for name, codes in chosen.items() if not codes]
    found += code_refusals("basis", draft.basis, basis) + code_refusals("failures", draft.failures, failures)
    found += _disease_refusals(device, draft)
    return found + reason_refusals(device, "treatment", draft.method, draft.remarks, field="method", words="remarks")


def _disease_refusals(device: Device, draft: NoticeDraft) -> list[Refusal]:
    """Diseases no catalogue knows, and those nobody suspected or found: the paper accuses nobody of them."""
    known = {row.code for row in device.catalogue.records("disease")}
    inspection = device.rows.one("inspections", ref=draft.inspection)
    concerned = diseases_concerned(device, inspection) if inspection else list(known)
    strange = [code for code in draft.diseases if code in known and code not in concerned]
    found = code_refusals("diseases", draft.diseases, known)
    return found + [Refusal(code=RefusalCode.DISEASE_NOT_CONCERNED, field="diseases", current=one) for one in strange]


def issue_notice(device: Device, draft: NoticeDraft) -> Issued | Refused:
    """Issue a treatment notice with the next notice number."""

    def build(act: Act) -> Issued | Refused:
        taken = next_number(device, KIND, device.person())
        if taken is None:
            return refused(no_numbers_left(device, KIND, device.person()))
        fact = _fact(device, draft, taken, act.at)
        return Issued(str(fact.number), act.add(fact, private=_details(device, draft), sign=device.sign))

    return device.record_unless(lambda: notice_refusals(device, draft), build)


def _draft_content(device: Device, draft: NoticeDraft) -> PaperContent:
    taken = NextNumber(Number("", KIND, UNNUMBERED), "", 0)
    now = device.clock.now().at
    return notice_paper(device, _fact(device, draft, taken, now), _details(device, draft), now)


def _fact(device: Device, draft: NoticeDraft, taken: NextNumber, at: int) -> NoticeIssued:
    inspection = device.rows.one("inspections", ref=draft.inspection) or {}
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
        diseases=diseases_concerned(device, inspection),
        method=draft.method,
        issued_on=legal_date(at),
        vet=device.person(),
        station=device.sheet.station,
        form=NOTICE_FORM,
        form_hash=device.paper.form_hash(NOTICE_FORM),
    )


def _details(device: Device, draft: NoticeDraft) -> NoticeDetails:
    inspection = device.rows.one("inspections", ref=draft.inspection) or {}
    declaration = device.rows.one("declarations", ref=inspection["declaration"]) or {}
    station = device.rows.one("stations", station=device.sheet.station) or {}
    grant = device.grant(device.person())
    return NoticeDetails(
        owner=str(declaration["owner_name"] or ""),
        owner_phone=str(declaration["owner_phone"] or ""),
        place=str(declaration["origin_place"] or ""),
        vet_name=grant.name if grant else "",
        station_name=str(station.get("agency") or station.get("name") or ""),
        agency_phone=str(station.get("phone") or ""),
        remarks=clean_optional(draft.remarks),
    )
