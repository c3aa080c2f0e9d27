"""Terms of distribution records (发放、领用): five working days, with a countdown, then escalated (GX-2014 Art. 11).

Three things run: a distribution waits for its receiver, a draw waits for the keeper of its station to have taken it
in, and a record entered after a paper slip had its term when it was entered. What is overdue goes to the
organisation above; each further term it goes one level higher.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.policy import Policy
from inspector_app.domain.rules import enforces
from inspector_app.journal.projections import Row
from province.custody import deciding
from province.custody.draw_sides import is_taken
from province.custody.organisations import sheet_of
from province.journal.rows import DjangoRows


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """One record that is waited for.

    ``what`` is ``receipt`` (of a distribution), ``return_receipt`` (of what goes back up) or ``draw_receipt``;
    ``working_days_left`` is negative once overdue.
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
    known = _known(using)
    found = [*_receipts(using, known), *_return_receipts(using, known), *_draw_receipts(using, known)]
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


class _Known(msgspec.Struct, frozen=True):
    """What every term is counted by, read once: policy and day, and the organisations by number."""

    policy: Policy
    today: str
    organisations: dict[int, OrganisationSheet]


def _known(using: str) -> _Known:
    rows = DjangoRows(using).many("organisations")
    sheets = (sheet_of(OrganisationSheet, row) for row in rows)
    held = {sheet.organisation: sheet for sheet in sheets if sheet is not None}
    return _Known(deciding.policy(using), deciding.today(using), held)


def _receipts(using: str, known: _Known) -> Iterator[Term]:
    for row in DjangoRows(using).many("distributions", received_on=None):
        receiver = known.organisations.get(int(row["receiver"] or 0))
        if receiver is not None:
            yield _term(known, "receipt", str(row["distribution"]), str(row["day"]), receiver)


def _return_receipts(using: str, known: _Known) -> Iterator[Term]:
    for row in DjangoRows(using).many("stock_returns", received_on=None):
        receiver = known.organisations.get(int(row["receiver"] or 0))
        if receiver is not None:
            yield _term(known, "return_receipt", str(row["record"]), str(row["day"]), receiver)


def _draw_receipts(using: str, known: _Known) -> Iterator[Term]:
    """Decided draws the station's keeper has not taken in; that a computer heard of one is no receipt."""
    rows = DjangoRows(using)
    units = {sheet.station: sheet for sheet in known.organisations.values() if sheet.station}
    decided = {str(row["draw"]): row for row in rows.many("draw_decisions")}
    for draw in rows.many("draws", order="issued_at"):
        unit, decision = units.get(int(draw["station"] or 0)), decided.get(str(draw["draw"]))
        if unit is not None and decision is not None and not is_taken(using, draw):
            yield _term(known, "draw_receipt", str(draw["draw"]), legal_date(int(draw["issued_at"] or 0)), unit)


def _term(known: _Known, what: str, record: str, on: str, responsible: OrganisationSheet) -> Term:
    due_on = due(known.policy, on)
    left = known.policy.working_days_left(known.today, due_on)
    return Term(
        what=what,
        record=record,
        organisation=responsible.organisation,
        station=responsible.station,
        on=on,
        due_on=due_on,
        working_days_left=left,
        escalated_to=_gone_to(known, responsible, -left),
    )


def _gone_to(known: _Known, responsible: OrganisationSheet, days_over: int) -> int:
    """The direct superior at first, one level higher for each further term."""
    uppers = _above(known, responsible)
    if days_over <= 0 or not uppers:
        return 0
    step = (days_over - 1) // max(known.policy.distribution_upload_working_days, 1)
    return uppers[min(step, len(uppers) - 1)].organisation


def _above(known: _Known, organisation: OrganisationSheet) -> list[OrganisationSheet]:
    """The organisations above one, the nearest first."""
    found = []
    while (upper := known.organisations.get(organisation.superior)) is not None:
        found.append(upper)
        organisation = upper
    return found
