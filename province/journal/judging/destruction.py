"""Whether old sheets might be destroyed: four different persons, the deputy present, the term of keeping over.

What was destroyed is gone whatever is found here, so it always takes effect; what it lacked is disputed and put right.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from inspector_app.clock import legal_date
from inspector_app.domain.custody import DESTROYABLE, SheetState
from inspector_app.domain.destruction import DestructionState
from inspector_app.domain.policy import Policy
from inspector_app.domain.rules import enforces
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.sheets import DestructionApproved, SheetName, SheetsDestroyed
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.destruction import approvals, requested_sheets
from inspector_app.journal.projections.openings import kept_since
from inspector_app.journal.projections.sheet_custody import sheet_row
from inspector_app.journal.projections.sheets import STUB
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.knowledge import happened, knew
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


@enforces("G38", "G39")
def agreed(case: Case) -> Finding | None:
    """Keeper, head, deputy and legal representative agreed before, four different persons; the deputy supervises."""
    fact = case.entry.fact
    if not isinstance(fact, SheetsDestroyed) or case.court.known.doubtful:
        return None
    request = case.rows.one("destructions", ref=fact.request)
    if request is None:
        return None
    four = approvals(case.rows, request)
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


def _all_kept(case: Case, names: list[SheetName], policy: Policy, counts: Callable[[str], bool]) -> bool:
    rows = [row for name in names if (row := sheet_row(case.rows, name)) is not None]
    here = [row for row in rows if row["state"] in DESTROYABLE and any(map(counts, tellings(case, row)))]
    return all(_is_kept(case, row, legal_date(case.at), policy) for row in here)


def _is_kept(case: Case, row: Row, today: str, policy: Policy) -> bool:
    stub = row["sheet"] == STUB and row["state"] == SheetState.KEPT
    return today > policy.on(today).sheet_kept_through(kept_since(case.rows, row), stub=stub)
