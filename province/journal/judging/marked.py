"""Whether the sheets of a paper that ended were marked 作废 and shown (GX-2014 Art. 23, last paragraph)."""

from __future__ import annotations

from inspector_app.domain.certificate import CertificateState
from inspector_app.domain.rules import enforces
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.certificates import CertificateIssued, CertificateVoided, NoticeVoided
from inspector_app.journal.entries.sheets import SheetCollected
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.knowledge import knew

_ENDS = (CertificateIssued, CertificateVoided, NoticeVoided)


@enforces("G35")
def pictured(case: Case) -> Finding | None:
    """What lay on the desk when a paper ended was photographed, or a reason says why not."""
    fact = case.entry.fact
    if not isinstance(fact, _ENDS) or fact.on_desk <= 0 or fact.attachments or fact.no_picture:
        return None
    return CONSEQUENCES[Judgement.PHOTO_MISSING]


@enforces("G35")
def collected(case: Case) -> Finding | None:
    """A sheet of a paper whose end the station knew of came back marked; who did not know took in a used one."""
    fact = case.entry.fact
    if not isinstance(fact, SheetCollected) or fact.marked:
        return None
    number = str(fact.number)
    paper = case.rows.one("certificates", number=number) or case.rows.one("notices", number=number)
    if paper is None or paper["state"] == CertificateState.ISSUED or not knew(case, str(paper["void_ref"])):
        return None
    return CONSEQUENCES[Judgement.SHEET_UNMARKED]
