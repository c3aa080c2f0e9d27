"""What follows a loss: steps of the station that told of it, in their order, and found numbers that were lost."""

from __future__ import annotations

from inspector_app.domain.numbering import NumberState
from inspector_app.domain.rules import enforces
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.losses import (
    LossAcknowledged,
    LossConcluded,
    LossDrafted,
    LossPublished,
    LossReported,
    NumbersFound,
    Recipient,
)
from inspector_app.journal.projections import Value
from inspector_app.journal.projections.losses import REPORTED
from inspector_app.journal.projections.uncut import living_spans
from province.journal.judging.case import CONSEQUENCES, Case, Finding

STEPS = (LossDrafted, LossPublished, LossReported, LossAcknowledged, LossConcluded)
_STANDS = CONSEQUENCES[Judgement.WRONG_STATE]


@enforces("G22")
def concluded(case: Case) -> Finding | None:
    """A loss is concluded once it was reported to the authority of its level and to the institution above.

    What a sister reported may be forgotten here since a restore, until she tells it again: that it is missing then says
    nothing.
    """
    fact = case.entry.fact
    if not isinstance(fact, LossConcluded):
        return None
    told = {row["to_whom"] for row in case.rows.many("loss_steps", loss=fact.loss) if row["step"] == REPORTED}
    return None if set(Recipient) <= told or case.court.known.doubtful else _STANDS


@enforces("G47")
def found(case: Case) -> Finding | None:
    """Only what was lost is found again."""
    fact = case.entry.fact
    if not isinstance(fact, NumbersFound):
        return None
    names: list[Value] = [fact.block]
    if fact.draw:
        names = [row["block"] for row in case.rows.many("blocks", draw=fact.draw)]
    rows = [row for name in names for row in case.rows.many("numbers", block=name)]
    inside = [row for row in rows if fact.first <= str(row["digits"]) <= fact.last]
    lost = all(row["state"] == NumberState.LOST for row in inside) and not _is_uncut(case, fact)
    return None if lost else _STANDS


def _is_uncut(case: Case, fact: NumbersFound) -> bool:
    """Whether one of them is in no block, and nobody reported it lost."""
    draw = case.rows.one("draws", draw=fact.draw) if fact.draw else None
    left = living_spans(case.rows, draw) if draw is not None else []
    return any(first <= fact.last and fact.first <= last for first, last in left)
