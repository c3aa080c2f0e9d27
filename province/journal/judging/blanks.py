"""Whether a blank that is told spoiled was one: a free number of the device's own block, on pre-numbered stock."""

from __future__ import annotations

from inspector_app.domain.numbering import NumberState
from inspector_app.domain.rules import enforces
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.blanks import BlankSpoiled
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.numbers import row_in_block
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.knowledge import knew
from province.numbers.drawing_again import PRE_NUMBERED

_WRONG = CONSEQUENCES[Judgement.WRONG_STATE]


@enforces("G34", "G47")
def blank(case: Case) -> Finding | None:
    """A spoiled blank lay at this device, and nothing had become of its number that the device knew of.

    Whatever paper the policy names, a number nobody wants to use stays unused.
    """
    fact = case.entry.fact
    if not isinstance(fact, BlankSpoiled):
        return None
    number = row_in_block(case.rows, fact.number, fact.block)
    if number is None or not _lies_here(case, fact, number):
        return CONSEQUENCES[Judgement.OUTSIDE_BLOCK]
    if number["state"] != NumberState.FREE and knew(case, str(number["ended_by"])):
        return _WRONG
    if not (fact.attachments or fact.unpictured):
        return CONSEQUENCES[Judgement.PHOTO_MISSING]
    has_blanks = case.court.known_policy().on(case.today).paper_mode == PRE_NUMBERED
    return None if has_blanks or case.court.known.doubtful else _WRONG._replace(takes_effect=True)


def _lies_here(case: Case, fact: BlankSpoiled, number: Row) -> bool:
    block = case.rows.one("blocks", block=number["block"])
    named = fact.number.scheme == number["scheme"]
    return block is not None and named and block["device"] == case.journal.device
