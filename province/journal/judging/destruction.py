"""Whether old sheets might be destroyed: four different persons, the deputy present, the term of keeping over.

What was destroyed is gone whatever is found here, so it always takes effect; what it lacked is disputed and put right.
"""

from __future__ import annotations

from functools import partial

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Post
from inspector_app.domain.custody import DESTROYABLE, SheetState
from inspector_app.domain.destruction import DestructionState, Step
from inspector_app.domain.policy import Policy
from inspector_app.domain.rules import enforces
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.custody import StubFiled
from inspector_app.journal.entries.sheets import (
    DestructionApproved,
    DestructionRequested,
    DestructionReviewed,
    DestructionSigned,
    SheetName,
    SheetsDestroyed,
)
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.destruction import approvals, requested_sheets
from inspector_app.journal.projections.openings import kept_since
from inspector_app.journal.projections.sheet_custody import sheet_row
from inspector_app.journal.projections.sheets import is_stub
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.earlier import earlier
from province.journal.judging.knowledge import Holds, as_known, happened, knew
from province.journal.judging.old_sheets import tellings
from province.registry.models import PublishedGrant


def approver(case: Case) -> Finding | None:
    """Who approves as deputy leader or as legal representative holds that very post."""
    fact = case.entry.fact
    if not isinstance(fact, DestructionApproved):
        return None
    known, true = (_holds(grant, fact.post) for grant in (case.known_grant(case.actor), case.true_grant(case.actor)))
    if true and (known or case.court.known.forgotten):
        return None
    return CONSEQUENCES[Judgement.POST_MISSING]._replace(followed=known, holds=true, takes_effect=true)


def _holds(grant: PublishedGrant | None, post: str) -> bool:
    return grant is not None and post in grant.posts


@enforces("G38")
def signers(case: Case) -> Finding | None:
    """Who signed the form as deputy leader and as legal representative hold these posts in the roster (Art. 24 (2)).

    The signature of anybody else is none, so the form counts only where both stand there.
    """
    fact = case.entry.fact
    if not isinstance(fact, DestructionSigned):
        return None
    named = {Post.DEPUTY: fact.deputy, Post.LEGAL: fact.legal}
    known = all(_stands(case, case.known_grant(person), post) for post, person in named.items())
    true = all(_stands(case, case.true_grant(person), post) for post, person in named.items())
    if true and (known or case.court.known.forgotten):
        return None
    followed = known or case.court.known.forgotten
    return CONSEQUENCES[Judgement.POST_MISSING]._replace(followed=followed, holds=true, takes_effect=true)


def _stands(case: Case, grant: PublishedGrant | None, post: Post) -> bool:
    here = grant is not None and grant.station in (0, case.journal.station)
    return here and _holds(grant, post) and grant is not None and grant.valid_from <= case.at <= grant.valid_until


@enforces("G38")
def in_turn(case: Case) -> Finding | None:
    """Deputy leader and legal representative agree after the head's review, and nobody who stands there already.

    A review the device had heard of counts for whoever relied on it, even where it turns out to be none.
    """
    fact = case.entry.fact
    if not isinstance(fact, DestructionReviewed | DestructionApproved | DestructionSigned):
        return None
    if isinstance(fact, DestructionReviewed):
        return None if fact.sent_back else _twice(case, fact.request, {Step.HEAD: case.actor})
    if (early := _before_review(case, fact.request)) is not None:
        return early
    if isinstance(fact, DestructionSigned):
        return _twice(case, fact.request, {Step.DEPUTY: fact.deputy, Step.LEGAL: fact.legal})
    return _twice(case, fact.request, {Step(fact.post): case.actor}) if fact.post in set(Step) else None


def _before_review(case: Case, request: str) -> Finding | None:
    reviews = [said for said in earlier(case, DestructionReviewed) if said.fact.request == request]
    told = any(as_known(case).in_favour(said.ref) for said in reviews if not said.fact.sent_back)
    steps = case.rows.many("destruction_steps", request=request, step=Step.HEAD.value)
    true = any(happened(case, str(step["ref"])) for step in steps)
    if (told and true) or case.court.known.doubtful:
        return None
    return CONSEQUENCES[Judgement.OUT_OF_TURN]._replace(followed=told)


def _twice(case: Case, request: str, named: dict[Step, int]) -> Finding | None:
    """Whether one person stands for two steps, by what the device knew; never by accounts or posts."""
    row = case.rows.one("destructions", ref=request)
    if row is None:
        return None
    stand = msgspec.structs.asdict(approvals(case.rows, row, partial(knew, case)))
    stand = {step: person for step, person in stand.items() if person}
    again = any(person == one for step, one in named.items() for other, person in stand.items() if other != step)
    if again or len(set(named.values())) < len(named):
        return CONSEQUENCES[Judgement.ONE_PERSON_TWICE]
    return None


@enforces("G37", "G41")
def as_asked(case: Case) -> Finding | None:
    """Request, book and count agree, and so do method and day; who agrees or destroys goes by the request (Art. 24)."""
    fact = case.entry.fact
    if isinstance(fact, DestructionRequested):
        return None if fact.counted == len(fact.sheets) else CONSEQUENCES[Judgement.DESTRUCTION_DIFFERS]
    if not isinstance(fact, DestructionReviewed | DestructionSigned | SheetsDestroyed):
        return None
    request = case.rows.one("destructions", ref=fact.request)
    if request is None or _is_as_asked(case, fact, request):
        return None
    return CONSEQUENCES[Judgement.DESTRUCTION_DIFFERS]._replace(followed=not knew(case, fact.request))


def _is_as_asked(case: Case, fact: DestructionReviewed | DestructionSigned | SheetsDestroyed, request: Row) -> bool:
    asked, named = legal_date(int(request["at"] or 0)), len(requested_sheets(case.rows, fact.request))
    match fact:
        case DestructionReviewed():
            return bool(fact.sent_back) or fact.counted == named
        case DestructionSigned():
            return asked <= fact.signed_on <= case.today
        case SheetsDestroyed():
            same = fact.counted == named and fact.method == request["method"]
            return same and asked <= fact.destroyed_on <= case.today


@enforces("G38", "G39")
def pictured(case: Case) -> Finding | None:
    """The signed form is photographed, and so is the destruction."""
    fact = case.entry.fact
    if not isinstance(fact, DestructionSigned | SheetsDestroyed) or fact.attachments:
        return None
    return CONSEQUENCES[Judgement.PHOTO_MISSING]


@enforces("G38", "G39")
def agreed(case: Case) -> Finding | None:
    """Keeper, head, deputy and legal representative agreed before, four different persons; the deputy supervises.

    Nobody supervises themself: who destroys is another person than the deputy.
    """
    fact = case.entry.fact
    if not isinstance(fact, SheetsDestroyed) or case.court.known.doubtful:
        return None
    request = case.rows.one("destructions", ref=fact.request)
    if request is None:
        return None
    four = approvals(case.rows, request)
    if fact.supervisor == case.actor:
        return CONSEQUENCES[Judgement.NOT_AGREED]
    if four.complete and four.deputy == fact.supervisor and request["state"] != DestructionState.SENT_BACK:
        return None
    # Sent back by the head meanwhile: who could not know of that did what all four had agreed to.
    told = request["state"] != DestructionState.SENT_BACK or knew(case, str(request["back_ref"]))
    return CONSEQUENCES[Judgement.NOT_AGREED]._replace(followed=four.complete and not told)


@enforces("G18")
def kept(case: Case) -> Finding | None:
    """Each sheet was kept for its term, by the newest policy the device had pulled and by the newest there is."""
    fact = case.entry.fact
    if not isinstance(fact, SheetsDestroyed):
        return None
    names = requested_sheets(case.rows, fact.request)
    true = _all_kept(case, names, case.court.policy(), partial(happened, case))
    known = case.court.known.doubtful or _all_kept(case, names, case.court.known_policy(), partial(knew, case))
    return None if known and true else CONSEQUENCES[Judgement.DESTROYED_EARLY]._replace(followed=known, holds=true)


def _all_kept(case: Case, names: list[SheetName], policy: Policy, counts: Holds) -> bool:
    rows = [row for name in names if (row := sheet_row(case.rows, name)) is not None]
    here = [row for row in rows if row["state"] in DESTROYABLE and any(map(counts, tellings(case, row)))]
    return all(_is_kept(case, row, policy, counts) for row in here)


def _is_kept(case: Case, row: Row, policy: Policy, counts: Holds) -> bool:
    today, stub = legal_date(case.at), is_stub(row) and _was_filed(case, row, counts)
    return today > policy.on(today).sheet_kept_through(kept_since(case.rows, row), stub=stub)


def _was_filed(case: Case, row: Row, counts: Holds) -> bool:
    """Whether it counts that a stub was on file; one that still is was told of with its state."""
    if row["state"] == SheetState.KEPT:
        return True
    filed = (said for said in earlier(case, StubFiled) if counts(said.ref))
    return any((str(said.fact.number), said.fact.print) == (row["number"], row["print"]) for said in filed)
