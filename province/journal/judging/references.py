"""What an entry speaks of, and whether the province already knows it.

Entries of sister devices may arrive in any order: a certificate issued on one laptop may reach the province before the
declaration taken down on another. What speaks of something that may still come waits; only what cannot come any more
is a reference to nothing.
"""

from __future__ import annotations

from inspector_app.domain.numbering import Number
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.chain import reference
from inspector_app.journal.entries import certificates, custody, declarations, devices, inspections, printing
from inspector_app.journal.envelope import Fact
from province.journal.judging import holding
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.models import Deferred, Journal

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
    devices.CaseHandedOver: {"declaration": "declarations"},
    devices.CaseReceived: {"declaration": "declarations"},
    devices.CaseReturned: {"declaration": "declarations"},
}
_SPEAK_OF_NUMBER = (
    certificates.CertificateHandedOver,
    certificates.CertificateVoided,
    certificates.VoidConfirmed,
    certificates.NoticeHandedOver,
    certificates.NoticeVoided,
    printing.PrintSubmitted,
    printing.PrintReleased,
    printing.PrintOrdered,
    printing.PrintOrderReceived,
    custody.SheetLost,
    custody.SheetSpoiled,
    custody.StubFiled,
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
        elif _may_still_come(case.using, device, int(seq)):
            return ref
    return holding.may_come_back(case)


def _waits_itself(case: Case, seq: int) -> str:
    """What an own earlier entry still waits for: whoever speaks of that entry waits with it."""
    waiting = Deferred.objects.using(case.using).filter(device=case.journal.device, seq=seq, projected=False)
    return waiting.values_list("waits_for", flat=True).first() or ""


def is_dangling(case: Case) -> bool:
    """Whether something the entry speaks of is not there; asked of what waits for nothing any more."""
    return bool(_missing(case))


def foreign(case: Case) -> Finding | None:
    """Nobody speaks of another station's paper: it is not theirs to void, to print or to hand over."""
    fact = case.entry.fact
    if not isinstance(fact, _SPEAK_OF_NUMBER):
        return None
    table = "notices" if fact.number.kind == "N" else "certificates"
    row = case.rows.one(table, number=str(fact.number))
    owner = case.rows.one("journals", device=row["device"]) if row is not None else None
    theirs = owner is not None and owner["station"] != case.journal.station
    return CONSEQUENCES[Judgement.REFERENCE_UNKNOWN]._replace(takes_effect=False) if theirs else None


def _may_still_come(using: str, device: str, seq: int) -> bool:
    journal = Journal.objects.using(using).filter(device=device).first()
    return journal is not None and (seq == 0 or journal.judged < seq)


def _missing(case: Case) -> list[str]:
    fact = case.entry.fact
    if fact is None:
        return []
    pairs = list(_named(fact))
    missing = [ref for ref, table in pairs if _is_reference(ref) and case.rows.one(table, ref=ref) is None]
    if isinstance(fact, _SPEAK_OF_NUMBER) and not _number_is_known(case, fact.number):
        missing.append(reference(_owner(case, fact.number), 0))
    return missing


def _named(fact: Fact) -> list[tuple[str, str]]:
    if isinstance(fact, certificates.CertificateIssued):
        return [(fact.record.declaration, "declarations"), (fact.record.inspection, "inspections")]
    return [(getattr(fact, field), table) for field, table in _REFERENCES.get(type(fact), {}).items()]


def _is_reference(text: str) -> bool:
    device, _, seq = text.partition("/")
    return len(device) == 32 and seq.isascii() and seq.isdigit() and len(seq) < 16


def _number_is_known(case: Case, number: Number) -> bool:
    tables = ("notices",) if number.kind == "N" else ("certificates",)
    return any(case.rows.one(table, number=str(number)) is not None for table in tables)


def _owner(case: Case, number: Number) -> str:
    row = case.rows.one("numbers", number=str(number))
    block = row and case.rows.one("blocks", block=row["block"])
    return str(block["device"]) if block else case.journal.device
