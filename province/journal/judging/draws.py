"""Draws taken in at a station: by somebody else than who decided them, and who may do it for the store's keeper."""

from __future__ import annotations

from inspector_app.domain.documents import SignedDocument, decode_document, from_payload
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock import DrawDecided
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.books.draw_sides import keeper_decided, who_decided
from inspector_app.journal.entries.stores import DrawReceived
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.models import FeedDocument

DECIDED = "draw_decided/1"


@enforces("G10")
def two_sides(case: Case) -> Finding | None:
    """Who decided a draw does not take it in; nobody is blamed who had not heard who did."""
    fact = case.entry.fact
    if not isinstance(fact, DrawReceived) or who_decided(case.rows, fact.draw) != case.actor:
        return None
    return CONSEQUENCES[Judgement.DRAW_ONE_SIDED]._replace(followed=not _had_heard(case, fact.draw))


def is_for_keeper(case: Case) -> bool:
    """Whether somebody takes a draw in for a keeper who decided it themself, or was the keeper when it was decided.

    Whoever knew of a keeper before this one could not tell that it had become their own affair to take it in.
    """
    fact = case.entry.fact
    if not isinstance(fact, DrawReceived):
        return False
    return keeper_decided(case.rows, case.journal.station, fact.store, fact.draw)


def _had_heard(case: Case, draw: str) -> bool:
    if case.court.known.doubtful:
        return False
    told = FeedDocument.objects.using(case.using).filter(kind=DECIDED, station=case.journal.station)
    told = told.filter(cursor__lte=case.court.known.through)
    return any(_names(bytes(row.content), draw) for row in told)


def _names(content: bytes, draw: str) -> bool:
    signed = decode_document(content)
    value = from_payload(signed.type, signed.payload) if isinstance(signed, SignedDocument) else None
    return isinstance(value, DrawDecided) and value.draw == draw
