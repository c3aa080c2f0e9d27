"""Whether a certificate or notice took the number it had to take, and no other."""

from __future__ import annotations

from inspector_app.domain.numbering import Number, NumberState
from inspector_app.domain.rules import enforces
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.custody import NumbersLost, NumbersReturned
from inspector_app.journal.entries.losses import NumbersFound
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.numbers import row_in_block
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.knowledge import knew
from province.numbers.contested import number_used
from province.numbers.contradictions import blocks_forgotten


def number(case: Case) -> Finding | None:
    """In a block of this device and person, free, and the lowest free of the oldest such block (GX-2014 Art. 20)."""
    taken = number_used(case.entry.fact)
    if taken is None:
        return None
    wanted, block = taken
    row = row_in_block(case.rows, wanted, block)
    held = row and case.rows.one("blocks", block=block)
    if row is None or not held or not _is_own(case, held) or held["scheme"] != wanted.scheme:
        contested = _was_given(case, wanted, block)
        return CONSEQUENCES[Judgement.NUMBER_CONTESTED if contested else Judgement.OUTSIDE_BLOCK]
    if row["state"] in (NumberState.LOST, NumberState.WITHDRAWN):
        # Its paper is on the road, whatever was reported or taken over; the number stays dead, and people look into it.
        return CONSEQUENCES[Judgement.NUMBER_LOST]._replace(followed=not knew(case, str(row["ended_by"])))
    if row["state"] != NumberState.FREE:
        return CONSEQUENCES[Judgement.NUMBER_TAKEN]
    return None if _is_next(case, held, wanted) else CONSEQUENCES[Judgement.ORDER]


@enforces("G30", "G33")
def given_up(case: Case) -> Finding | None:
    """Numbers go back from their holder's own block, and are reported lost or found by their station (Art. 21, 26)."""
    fact = case.entry.fact
    if not isinstance(fact, NumbersReturned | NumbersLost | NumbersFound):
        return None
    if not isinstance(fact, NumbersReturned) and fact.draw:
        return None if _is_of_own_draw(case, fact) else CONSEQUENCES[Judgement.OUTSIDE_BLOCK]
    block = case.rows.one("blocks", block=fact.block)
    if block is None or not _holds(block, fact):
        return CONSEQUENCES[Judgement.OUTSIDE_BLOCK]
    if isinstance(fact, NumbersReturned):
        own = block["device"] == case.journal.device and block["holder"] in (0, case.actor)
        return None if own else CONSEQUENCES[Judgement.OUTSIDE_BLOCK]
    home = case.rows.one("journals", device=block["device"])
    return None if home and home["station"] == case.journal.station else CONSEQUENCES[Judgement.OUTSIDE_BLOCK]


def _is_of_own_draw(case: Case, fact: NumbersLost | NumbersFound) -> bool:
    """Whether numbers named by their draw are their station's: they may be in a block by now nobody there knew of."""
    draw = case.rows.one("draws", draw=fact.draw) if not fact.block else None
    return draw is not None and draw["station"] == case.journal.station and _holds(draw, fact)


def _holds(given: Row, fact: NumbersReturned | NumbersLost | NumbersFound) -> bool:
    alike = len(fact.first) == len(fact.last) == len(str(given["first"]))
    return alike and str(given["first"]) <= fact.first <= fact.last <= str(given["last"])


def _was_given(case: Case, wanted: Number, name: str) -> bool:
    """Whether the province signed such a block for this device and forgot it: then nobody here is to blame."""
    blocks = blocks_forgotten(case.using, case.journal.device, wanted.kind)
    return any(
        (block.block, block.scheme) == (name, wanted.scheme)
        and block.holder in (0, case.actor)
        and block.first <= wanted.digits <= block.last
        for block in blocks
    )


def _is_own(case: Case, block: Row) -> bool:
    expires = int(block["expires"] or 0)
    in_time = not expires or case.at <= expires
    return block["device"] == case.journal.device and block["holder"] in (0, case.actor) and in_time


def _is_next(case: Case, block: Row, wanted: Number) -> bool:
    for held, lowest in case.rows.open_blocks(case.journal.device, wanted.kind):
        if _is_own(case, held):
            return held["block"] == block["block"] and lowest == wanted.digits
    return False
