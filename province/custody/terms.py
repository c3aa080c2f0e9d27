"""Terms of distribution records (发放、领用): five working days, with a countdown, then escalated (GX-2014 Art. 11).

Three things run: a distribution waits for its receiver, a draw waits for a computer of its station to have taken it in
and reported so, and a record entered after a paper slip had its term when it was entered. What is overdue goes to the
organisation above; each further term it goes one level higher.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from django.db.models import Max

from inspector_app.clock import legal_date
from inspector_app.domain.documents import SignedDocument, decode_document, from_payload
from inspector_app.domain.numbering import Draw
from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.policy import Policy
from inspector_app.domain.rules import enforces
from inspector_app.journal.projections import Row
from province.custody import deciding
from province.custody.organisations import above, find, of_station
from province.journal.models import FeedDocument, Journal
from province.journal.rows import DjangoRows


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """One record that is waited for.

    ``what`` is ``receipt`` (of a distribution) or ``draw_receipt``; ``working_days_left`` is negative once overdue.
    ``escalated_to`` is the organisation it then has gone to, 0 as long as it is in time or nobody stands above.
    """

    what: str
    record: str
    organisation: int
    station: int
    on: str
    due_on: str
    working_days_left: int
    escalated_to: int


class LateRecord(msgspec.Struct, frozen=True):
    """A distribution done on paper and entered after its term."""

    distribution: str
    giver: int
    on: str
    due_on: str
    entered_on: str
    working_days_late: int


def open_terms(using: str) -> list[Term]:
    """Everything that is waited for, the most urgent first."""
    found = [*_receipts(using), *_draw_receipts(using)]
    return sorted(found, key=lambda term: (term.due_on, term.record))


@enforces("G13")
def overdue(using: str) -> list[Term]:
    """What has not come within its term, with whom it has gone to; from the first working day after it."""
    return [term for term in open_terms(using) if term.working_days_left < 0]


@enforces("G13")
def late_records(using: str) -> list[LateRecord]:
    """The distributions on paper that were entered after their term."""
    policy = deciding.policy(using)
    rows = DjangoRows(using).many("distributions", paper=1)
    return [late for row in rows if (late := _late(policy, row)) is not None]


def _late(policy: Policy, row: Row) -> LateRecord | None:
    on, entered_on = str(row["day"]), legal_date(int(row["at"] or 0))
    due_on = due(policy, on)
    if entered_on <= due_on:
        return None
    late = -policy.working_days_left(entered_on, due_on)
    return LateRecord(str(row["distribution"]), int(row["giver"] or 0), on, due_on, entered_on, late)


def due(policy: Policy, on: str) -> str:
    """The last day of the term of what was done on a day."""
    return policy.after_working_days(on, policy.distribution_upload_working_days)


def _receipts(using: str) -> Iterator[Term]:
    for row in DjangoRows(using).many("distributions", received_on=None):
        receiver = find(using, int(row["receiver"] or 0))
        if receiver is not None:
            yield _term(using, "receipt", str(row["distribution"]), str(row["day"]), receiver)


def _draw_receipts(using: str) -> Iterator[Term]:
    """Draws no computer of the station has reported to have taken in."""
    for station, pulled in _pulled_by_station(using).items():
        unit = of_station(using, station)
        told = FeedDocument.objects.using(using).filter(kind="draw/1", station=station, held_back=False)
        for row in told.filter(cursor__gt=pulled).order_by("cursor") if unit is not None else ():
            draw = _draw_of(bytes(row.content))
            if unit is not None and draw is not None:
                yield _term(using, "draw_receipt", draw.draw, legal_date(draw.issued_at), unit)


def _pulled_by_station(using: str) -> dict[int, int]:
    """How far any computer of a station has reported to have taken in the feed; 0 for a station without one."""
    units = [int(row["station"] or 0) for row in DjangoRows(using).many("organisations")]
    through = Journal.objects.using(using).values_list("station").annotate(Max("pulled")).order_by()
    return {station: 0 for station in units if station} | {
        station: pulled for station, pulled in through if station in units
    }


def _draw_of(raw: bytes) -> Draw | None:
    signed = decode_document(raw)
    value = from_payload(signed.type, signed.payload) if isinstance(signed, SignedDocument) else None
    return value if isinstance(value, Draw) else None


def _term(using: str, what: str, record: str, on: str, responsible: OrganisationSheet) -> Term:
    policy, today = deciding.policy(using), deciding.today(using)
    due_on = due(policy, on)
    left = policy.working_days_left(today, due_on)
    return Term(
        what=what,
        record=record,
        organisation=responsible.organisation,
        station=responsible.station,
        on=on,
        due_on=due_on,
        working_days_left=left,
        escalated_to=_gone_to(using, responsible, -left, policy.distribution_upload_working_days),
    )


def _gone_to(using: str, responsible: OrganisationSheet, days_over: int, term: int) -> int:
    """The direct superior at first, one level higher for each further term."""
    uppers = above(using, responsible)
    if days_over <= 0 or not uppers:
        return 0
    step = (days_over - 1) // max(term, 1)
    return uppers[min(step, len(uppers) - 1)].organisation
