"""What an entry speaks of, and whether the province already knows it.

Entries of sister devices may arrive in any order: a certificate issued on one laptop may reach the province before the
declaration taken down on another. What speaks of something that may still come waits; only what cannot come any more
is a reference to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from inspector_app.domain.numbering import Number, NumberState
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.chain import reference
from inspector_app.journal.entries import (
    ceremony,
    certificates,
    corrections,
    custody,
    custody_cases,
    declarations,
    devices,
    inspections,
    losses,
    photographs,
    printing,
    sheets,
    stocktakes,
    stores,
    supervision,
)
from inspector_app.journal.envelope import Fact
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.certificates import is_foreign
from inspector_app.journal.projections.numbers import latest_row
from inspector_app.journal.projections.openings import FORMER, is_former
from province.journal.judging import holding, work
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.earlier import NOWHERE, Said, earlier, place_of
from province.journal.judging.losses import STEPS
from province.journal.models import Deferred, Journal, JournalState
from province.numbers.contested import number_used

_REFERENCES: dict[type[Fact], dict[str, str]] = {
    declarations.DeclarationAccepted: {"declaration": "declarations"},
    declarations.DeclarationNotAccepted: {"declaration": "declarations"},
    declarations.DeclarationWithdrawn: {"declaration": "declarations"},
    inspections.InspectionCompleted: {"declaration": "declarations"},
    inspections.SampleTaken: {"inspection": "inspections"},
    inspections.SampleSent: {"sample": "samples"},
    inspections.ResultReceived: {"sample": "samples"},
    certificates.NoticeIssued: {"declaration": "declarations", "inspection": "inspections"},
    printing.PrintEnded: {"attempt": "attempts"},
    ceremony.ActConfirmed: {"act": "acts"},
    losses.LossDrafted: {"loss": "losses"},
    losses.LossPublished: {"loss": "losses"},
    losses.LossReported: {"loss": "losses"},
    losses.LossAcknowledged: {"loss": "losses"},
    losses.LossConcluded: {"loss": "losses"},
    stocktakes.StocktakeListed: {"stocktake": "stocktakes"},
    stocktakes.StocktakeCounted: {"stocktake": "stocktakes"},
    stocktakes.StocktakeClosed: {"stocktake": "stocktakes"},
    stocktakes.StocktakeAbandoned: {"stocktake": "stocktakes"},
    custody_cases.CustodyCaseConcluded: {"opened": "custody_cases"},
    stores.StoreAssigned: {"previous": "store_keepers", "stocktake": "stocktakes"},
    supervision.RectificationRecorded: {"visit": "visits"},
    sheets.DestructionReviewed: {"request": "destructions"},
    sheets.DestructionApproved: {"request": "destructions"},
    sheets.DestructionSigned: {"request": "destructions"},
    sheets.SheetsDestroyed: {"request": "destructions"},
    devices.CaseHandedOver: {"declaration": "declarations"},
    devices.CaseReceived: {"declaration": "declarations"},
    devices.CaseReturned: {"declaration": "declarations"},
    devices.CaseTakenBack: {"declaration": "declarations"},
}
_SPEAK_OF_NUMBER = (
    certificates.CertificateHandedOver,
    certificates.CertificateVoided,
    certificates.NoticeHandedOver,
    certificates.NoticeVoided,
    corrections.CertificateCorrected,
    certificates.OwnerTold,
    printing.PrintSubmitted,
    printing.PrintReleased,
    printing.PrintOrdered,
    printing.PrintOrderReceived,
    custody.SheetLost,
    custody.SheetSpoiled,
    custody.StubFiled,
    sheets.SheetCollected,
    sheets.SheetFound,
    sheets.PaperWrittenOff,
)
_LIST_SHEETS = (sheets.SheetsHandedIn, sheets.DestructionRequested)
_OF_REQUEST = (
    sheets.DestructionReviewed,
    sheets.DestructionApproved,
    sheets.DestructionSigned,
    sheets.SheetsDestroyed,
)
SELF_CONTAINED = (certificates.CertificateIssued, certificates.NoticeIssued)
"""Their number is used at once, whatever else is still on its way."""


def awaited(case: Case) -> str:
    """The entry (``device/seq``, seq 0: any) this one has to wait for; "" when nothing can still come."""
    for ref in _missing(case):
        device, _, seq = ref.partition("/")
        if device == case.journal.device:
            if waited := _waits_itself(case, int(seq)):
                return waited
        elif _may_still_come(case, device, int(seq)):
            return ref
    return holding.may_come_back(case) or _stick_awaited(case) or _told_again(case)


def _stick_awaited(case: Case) -> str:
    """What came with a case the giver may have yet to report: her word that she gave it comes after all of it."""
    giver = holding.unheard_giver(case)
    return reference(giver, 0) if giver and _may_still_come(case, giver, 0) else ""


def _told_again(case: Case) -> str:
    """The sister that may yet tell again what the province forgot in a restore, where the act stands on that."""
    if not case.court.known.doubtful or not work.lacks_support(case):
        return ""
    sisters = Journal.objects.using(case.using).filter(station=case.journal.station, pulled__lte=case.court.state.base)
    others = sisters.exclude(device=case.journal.device).order_by("device").values_list("device", flat=True)
    return next((reference(one, 0) for one in others if _may_still_come(case, one, 0)), "")


def _waits_itself(case: Case, seq: int) -> str:
    """What an own earlier entry still waits for: whoever speaks of that entry waits with it."""
    waiting = Deferred.objects.using(case.using).filter(device=case.journal.device, seq=seq, projected=False)
    return waiting.values_list("waits_for", flat=True).first() or ""


def is_dangling(case: Case) -> bool:
    """Whether something the entry speaks of is not there; asked of what waits for nothing any more."""
    return bool(_missing(case))


def is_silenced(case: Case) -> bool:
    """Whether all that is missing stood in journals of sisters that are heard no more, stolen or copied.

    Who works with what such a laptop gave them, on a stick or through the province, does nothing wrong.
    """
    return all(_is_silenced(case, ref.partition("/")[0]) for ref in _missing(case))


def _is_silenced(case: Case, device: str) -> bool:
    journal = Journal.objects.using(case.using).filter(device=device, station=case.journal.station).first()
    return journal is not None and device != case.journal.device and journal.state != JournalState.ACTIVE


def foreign(case: Case) -> Finding | None:
    """Nobody speaks of another station's paper: it is not theirs to void, to replace, to print or to hand over."""
    fact = case.entry.fact
    if isinstance(fact, devices.DeviceEnrolled):
        named = CONSEQUENCES[Judgement.RECORD_DIFFERS]._replace(takes_effect=False)
        return None if fact.station == case.journal.station else named
    if isinstance(fact, ceremony.ActConfirmed):
        return None if _is_of_station(case, fact.act) else CONSEQUENCES[Judgement.REFERENCE_UNKNOWN]
    if isinstance(fact, photographs.PhotographsAdded):
        return None if _is_of_station(case, fact.about) else CONSEQUENCES[Judgement.REFERENCE_UNKNOWN]
    if isinstance(fact, STEPS):
        known = CONSEQUENCES[Judgement.REFERENCE_UNKNOWN]._replace(takes_effect=False)
        return None if _is_of_station(case, fact.loss) else known
    if isinstance(fact, _OF_REQUEST) and not _is_of_station(case, fact.request):
        return CONSEQUENCES[Judgement.REFERENCE_UNKNOWN]._replace(takes_effect=False)
    if isinstance(fact, _LIST_SHEETS) and any(_is_foreign_sheet(case, name) for name in fact.sheets):
        return CONSEQUENCES[Judgement.REFERENCE_UNKNOWN]._replace(takes_effect=False)
    row = _paper(case, fact)
    if row is None or not is_foreign(row, case.entry, case.rows):
        return None
    twin = _issued_here(case, str(row["number"]))
    if not isinstance(fact, certificates.CertificateIssued):
        return CONSEQUENCES[Judgement.REFERENCE_UNKNOWN]._replace(followed=twin, takes_effect=False)
    # It is on the road whatever it says it replaces; the other's paper stays as it is.
    return None if twin else CONSEQUENCES[Judgement.REFERENCE_UNKNOWN]


def _is_foreign_sheet(case: Case, name: sheets.SheetName) -> bool:
    paper = case.rows.one("notices" if name.kind == "N" else "certificates", number=name.number)
    return name.print != FORMER and paper is not None and is_foreign(paper, case.entry, case.rows)


def _is_of_station(case: Case, ref: str) -> bool:
    home = case.rows.one("journals", device=place_of(ref)[0])
    return home is not None and home["station"] == case.journal.station


def ordered(case: Case) -> Finding | None:
    """A print order is for a certificate, and names the entry that issued it: it would stand for that entry."""
    fact = case.entry.fact
    if not isinstance(fact, printing.PrintOrderReceived):
        return None
    paper = case.rows.one("certificates", number=str(fact.number))
    if paper is not None and paper["ref"] == fact.issued:
        return None
    # Of two papers under one number the other may be on record; who prints what a sister issued does nothing wrong.
    named = any(said.ref == fact.issued for said in _issued_as(case, str(fact.number)))
    return CONSEQUENCES[Judgement.REFERENCE_UNKNOWN]._replace(followed=named, takes_effect=False)


def is_owner_s(case: Case) -> bool:
    """Whether a print order names an entry of the device that has the number to give, and a certificate's number."""
    fact = case.entry.fact
    if not isinstance(fact, printing.PrintOrderReceived) or fact.number.kind == "N":
        return False
    device, seq = place_of(fact.issued)
    return seq > 0 and device == _owner(case, fact.number)


def _paper(case: Case, fact: Fact | None) -> Row | None:
    if isinstance(fact, certificates.CertificateIssued):
        return case.rows.one("certificates", number=fact.record.replaces) if fact.record.replaces else None
    if not isinstance(fact, _SPEAK_OF_NUMBER) or getattr(fact, "print", None) == FORMER:
        return None  # print 0 is of no record here, or of a sheet taken in, whoever issued it
    return case.rows.one("notices" if fact.number.kind == "N" else "certificates", number=str(fact.number))


def _issued_here(case: Case, number: str) -> bool:
    """Whether the station had issued a paper of its own under the same number, and speaks of that."""
    return any(True for _said in _issued_as(case, number))


def _issued_as(case: Case, number: str) -> Iterator[Said[Fact]]:
    for said in earlier(case, *SELF_CONTAINED):
        taken = number_used(said.fact)
        if taken is not None and str(taken[0]) == number:
            yield said


def _may_still_come(case: Case, device: str, seq: int) -> bool:
    journal = Journal.objects.using(case.using).filter(device=device).first()
    if journal is None or journal.state != JournalState.ACTIVE:
        return journal is not None and journal.judged < seq <= journal.seq  # what it sends from now on is evidence
    return journal.judged < seq if seq else not _has_told_all(case, journal)


def _has_told_all(case: Case, journal: Journal) -> bool:
    """Whether a sister has reported everything written before this entry came in.

    A number is spoken of after it was used. Who has pulled, by an entry of its own, what the province said only after
    it began to wait, wrote that entry later; its journal comes in order, so all that was before it is here.
    """
    waiting = Deferred.objects.using(case.using).filter(device=case.journal.device, seq=case.seq)
    asked_at = waiting.values_list("asked_at", flat=True).first()
    return asked_at is not None and journal.pulled > asked_at


def _missing(case: Case) -> list[str]:
    fact = case.entry.fact
    if fact is None:
        return []
    pairs = list(_named(fact))
    missing = [ref for ref, table in pairs if place_of(ref) != NOWHERE and case.rows.one(table, ref=ref) is None]
    if isinstance(fact, _SPEAK_OF_NUMBER) and not _number_is_known(case, fact.number):
        missing.append(reference(_owner(case, fact.number), 0))
    if isinstance(fact, _LIST_SHEETS):
        named = {name.number: Number("", name.kind, name.digits) for name in fact.sheets}
        missing += [reference(_owner(case, one), 0) for one in named.values() if not _number_is_known(case, one)]
    if isinstance(fact, custody.SheetLost) and fact.came_back and not case.rows.many("sheet_moves", ref=fact.came_back):
        missing.append(fact.came_back)
    return missing


def _named(fact: Fact) -> list[tuple[str, str]]:
    if isinstance(fact, certificates.CertificateIssued):
        return [(fact.record.declaration, "declarations"), (fact.record.inspection, "inspections")]
    return [(getattr(fact, field), table) for field, table in _REFERENCES.get(type(fact), {}).items()]


def _number_is_known(case: Case, number: Number) -> bool:
    table = "notices" if number.kind == "N" else "certificates"
    return case.rows.one(table, number=str(number)) is not None or is_former(case.rows, str(number))


def _owner(case: Case, number: Number) -> str:
    """The device that may still report having used a number; this one where nobody can, for it need not wait."""
    row = latest_row(case.rows, str(number))
    block = row and row["state"] == NumberState.FREE and case.rows.one("blocks", block=row["block"])
    return str(block["device"]) if block else case.journal.device
