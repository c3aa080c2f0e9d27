"""Whether the person might do it: posts, kinds and dates of the grant, and the device's lease.

Twice: by the newest grant the device had pulled, which says whether the person followed the rules, and by the newest
grant there is, which says whether the act holds.
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.authority import ALLOWED, Action, TerminalLicence
from inspector_app.domain.filings import Filing, misfiled
from inspector_app.domain.rules import enforces
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries import (
    blanks,
    ceremony,
    certificates,
    corrections,
    custody,
    custody_cases,
    declarations,
    devices,
    inspections,
    losses,
    openings,
    photographs,
    printing,
    sheets,
    stocktakes,
    stores,
    successions,
    supervision,
)
from inspector_app.journal.envelope import Fact
from inspector_app.journal.projections.ceremony import confirming
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.draws import is_for_keeper
from province.registry.models import PublishedGrant

ACTIONS: dict[type[Fact], tuple[Action, ...]] = {
    declarations.PartyRecorded: (Action.DECLARE,),
    declarations.DeclarationRecorded: (Action.DECLARE,),
    declarations.DeclarationAccepted: (Action.DECIDE,),
    declarations.DeclarationNotAccepted: (Action.DECIDE,),
    declarations.DeclarationWithdrawn: (Action.DECIDE, Action.DECLARE),
    inspections.InspectionCompleted: (Action.INSPECT,),
    inspections.SampleTaken: (Action.SAMPLE,),
    inspections.SampleSent: (Action.SAMPLE,),
    inspections.ResultReceived: (Action.RECORD_RESULT,),
    certificates.CertificateIssued: (Action.ISSUE,),
    certificates.NoticeIssued: (Action.ISSUE,),
    certificates.CertificateHandedOver: (Action.HAND_OVER,),
    certificates.CertificateVoided: (Action.VOID,),
    certificates.NoticeHandedOver: (Action.HAND_OVER,),
    corrections.CertificateCorrected: (Action.CORRECT,),
    certificates.OwnerTold: (Action.NOTIFY_OWNER,),
    certificates.NoticeVoided: (Action.VOID,),
    printing.PrintSubmitted: (Action.PRINT,),
    printing.PrintReleased: (Action.RELEASE_SPARE,),
    printing.PrintOrdered: (Action.PRINT,),
    printing.PrintOrderReceived: (Action.PRINT,),
    custody.StubFiled: (Action.HAND_OVER,),
    custody.SheetLost: (Action.VOID, Action.REPORT_LOSS),
    blanks.BlankSpoiled: (Action.SPOIL_SHEET,),
    photographs.PhotographsAdded: (Action.ADD_PHOTOGRAPH,),
    custody.SheetSpoiled: (Action.SPOIL_SHEET,),
    sheets.SheetCollected: (Action.COLLECT_SHEET,),
    sheets.SheetTakenIn: (Action.COLLECT_SHEET,),
    sheets.SheetFound: (Action.COLLECT_SHEET,),
    sheets.SheetsHandedIn: (Action.HAND_IN_SHEETS,),
    sheets.PaperWrittenOff: (Action.WRITE_OFF,),
    sheets.DestructionRequested: (Action.REQUEST_DESTRUCTION,),
    sheets.DestructionReviewed: (Action.REVIEW_DESTRUCTION,),
    sheets.DestructionApproved: (Action.APPROVE_DESTRUCTION,),
    sheets.DestructionSigned: (Action.REQUEST_DESTRUCTION,),
    sheets.SheetsDestroyed: (Action.DESTROY_SHEETS,),
    custody.BlockRequested: (Action.REQUEST_BLOCK,),
    custody.NumbersReturned: (Action.RETURN_NUMBERS,),
    custody.NumbersLost: (Action.REPORT_LOSS,),
    losses.LossDrafted: (Action.FOLLOW_LOSS,),
    losses.LossPublished: (Action.FOLLOW_LOSS,),
    losses.LossReported: (Action.FOLLOW_LOSS,),
    losses.LossAcknowledged: (Action.FOLLOW_LOSS,),
    losses.LossConcluded: (Action.CONCLUDE_LOSS,),
    losses.NumbersFound: (Action.REPORT_FOUND,),
    custody.DayClosed: (Action.CLOSE_DAY,),
    stocktakes.StocktakeOpened: (Action.STOCKTAKE,),
    stocktakes.StocktakeListed: (Action.STOCKTAKE,),
    stocktakes.StocktakeCounted: (Action.STOCKTAKE,),
    stocktakes.StocktakeClosed: (Action.STOCKTAKE,),
    stocktakes.StocktakeAbandoned: (Action.STOCKTAKE,),
    custody_cases.CustodyCaseOpened: (Action.OPEN_CUSTODY_CASE,),
    custody_cases.CustodyCaseConcluded: (Action.CONCLUDE_CUSTODY_CASE,),
    successions.DeviceSucceeded: (Action.SUCCEED_DEVICE,),
    successions.PaperRegularised: (Action.SUCCEED_DEVICE,),
    stores.StoreAssigned: (Action.ASSIGN_STORE,),
    stores.StorageDescribed: (Action.DESCRIBE_STORE,),
    stores.StorageChecked: (Action.CHECK_STORE,),
    stores.DrawReceived: (Action.RECEIVE_DRAW,),
    supervision.SupervisionRecorded: (Action.SUPERVISE,),
    supervision.RectificationRecorded: (Action.RECTIFY,),
    openings.OpeningRecorded: (Action.RECORD_OPENING,),
    devices.CaseHandedOver: (Action.ISSUE,),
    devices.CaseReturned: (Action.ISSUE,),
    devices.CaseTakenBack: (Action.ISSUE,),
}
AGREES = (sheets.DestructionReviewed, sheets.DestructionApproved, sheets.DestructionSigned)
"""Agreement to a destruction: given by who may not give it, it is none."""
ISSUES = (certificates.CertificateIssued, certificates.NoticeIssued)
_KINDS_BY_FILING = ("A", "B")


def authority(case: Case) -> Finding | None:
    """Post, kind and dates, as known and as true."""
    actions = _actions(case)
    if not actions:
        return None
    kind = _kind(case.entry.fact)
    known = _problem(case.known_grant(case.actor), actions, kind, case) or _unfiled(case)
    true = _problem(case.true_grant(case.actor), actions, kind, case)
    if known is not None and true is None and case.court.known.forgotten:
        return None  # what the device knew may be what the province forgot in a restore and has heard of again since
    effect = true is None or not _agrees(case)
    if known is not None:
        return CONSEQUENCES[known]._replace(holds=true is None, takes_effect=effect)
    return CONSEQUENCES[true]._replace(followed=True, takes_effect=effect) if true is not None else None


def _agrees(case: Case) -> bool:
    fact = case.entry.fact
    if isinstance(fact, ceremony.ActConfirmed):
        act = case.rows.one("acts", ref=fact.act)
        return act is not None and act["kind"] == sheets.DestructionSigned.KIND
    return isinstance(fact, AGREES)


def _actions(case: Case) -> tuple[Action, ...]:
    fact = case.entry.fact
    if isinstance(fact, ceremony.ActConfirmed):
        act = case.rows.one("acts", ref=fact.act)
        return (confirming(case.rows, act, _posts(case, int(act["by"] or 0))),) if act else ()
    if isinstance(fact, supervision.SupervisionRecorded) and fact.by_supervisor:
        return (Action.SIGN_VISIT,)
    if is_for_keeper(case):
        return (Action.RECEIVE_DRAW, Action.RECEIVE_FOR_KEEPER)
    return ACTIONS.get(type(fact), ()) if fact else ()


def _posts(case: Case, person: int) -> tuple[str, ...]:
    """The posts of the first person, as the device of the second had them."""
    grant = case.known_grant(person)
    return tuple(grant.posts) if grant is not None else ()


def _kind(fact: Fact | None) -> str:
    return fact.record.number.kind if isinstance(fact, certificates.CertificateIssued) else ""


def _problem(grant: PublishedGrant | None, actions: tuple[Action, ...], kind: str, case: Case) -> Judgement | None:
    if grant is None or grant.station not in (0, case.journal.station):
        return Judgement.POST_MISSING
    if not any(post in ALLOWED[action] for action in actions for post in grant.posts):
        return Judgement.POST_MISSING
    if kind in _KINDS_BY_FILING and (kind not in grant.kinds or misfiled(kind, _filings(grant)) is not None):
        return Judgement.AUTHORITY_MISSING
    return None if grant.valid_from <= case.at <= grant.valid_until else Judgement.GRANT_EXPIRED


def _filings(grant: PublishedGrant) -> tuple[Filing, ...]:
    return msgspec.convert(grant.filings, tuple[Filing, ...])


@enforces("G24", "G25")
def _unfiled(case: Case) -> Judgement | None:
    """A certificate that names a grant its vet never had, or one whose filing does not cover it."""
    fact = case.entry.fact
    if not isinstance(fact, certificates.CertificateIssued) or not fact.grant or case.court.known.doubtful:
        return None
    kind = fact.record.number.kind
    named = (one for one in case.court.grants(case.actor) if one.ordinal == fact.grant)
    covers = any(kind in one.kinds and misfiled(kind, _filings(one)) is None for one in named)
    return None if covers else Judgement.AUTHORITY_MISSING


def lease(case: Case) -> Finding | None:
    """A certificate is issued within a lease the device held."""
    if not isinstance(case.entry.fact, ISSUES):
        return None
    held = case.known_lease()
    if case.court.known.forgotten or (held and case.at <= held.issue_until):
        return None
    return CONSEQUENCES[Judgement.LEASE_EXPIRED]


def licence(case: Case) -> Finding | None:
    """Outside practice a certificate or notice comes from a device licensed as a terminal (GX-2014 Art. 20)."""
    if case.court.practice or not isinstance(case.entry.fact, ISSUES):
        return None
    true = _covers(case.true_licence(), case.at)
    known = case.court.known.forgotten or _covers(case.known_licence(), case.at)
    if known and true:
        return None
    return CONSEQUENCES[Judgement.NO_TERMINAL_LICENCE]._replace(followed=known, holds=true)


def _covers(held: TerminalLicence | None, at: int) -> bool:
    """Whether a licence that has begun had not ended."""
    return held is not None and at <= held.valid_until


def second_person(case: Case) -> Finding | None:
    """Who confirms is not who acted: one person never counts twice."""
    fact = case.entry.fact
    if not isinstance(fact, ceremony.ActConfirmed):
        return None
    act = case.rows.one("acts", ref=fact.act)
    return CONSEQUENCES[Judgement.POST_MISSING] if act and act["by"] == case.actor else None
