"""Who decides over what somebody of an institution reported, counted or asked for: never who did, and always somebody.

The organisation's head decides. What the head reported, or what a keeper reported who has become the head since, is
decided by the head of the nearest institution above who is another person; where there is none, as above the province's
own, by the organisation's deputy leader or legal representative.
"""

from __future__ import annotations

from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, refusal
from inspector_app.journal.books.register import superiors
from province.journal.rows import DjangoRows


def deciders(using: str, organisation: OrganisationSheet, reporter: int) -> list[int]:
    """The persons, by roster number, each of whom may decide; empty where nobody is on the register for it."""
    if organisation.head != reporter:
        return [organisation.head] if organisation.head else []
    above = [unit.head for unit in superiors(DjangoRows(using), organisation) if unit.head not in (0, reporter)]
    return above[:1] or [one for one in (organisation.deputy, organisation.legal) if one not in (0, reporter)]


@enforces("G20", "G21")
def decider_refusals(using: str, organisation: OrganisationSheet, by: int, reporter: int) -> list[StockRefusal]:
    """Two persons: who reported or counted, and who decides, confirms or sends back (GX-2014 Art. 17)."""
    may = deciders(using, organisation, reporter)
    if by in may:
        return []
    found = [refusal(StockCode.SAME_PERSON, current=by)] if by and by == reporter else []
    named = "、".join(str(one) for one in may)
    if organisation.head == reporter:
        return [*found, refusal(StockCode.DECIDED_ABOVE, limit=named or "—", current=by or "")]
    return [refusal(StockCode.NOT_THE_HEAD, limit=named, current=by or ""), *found]
