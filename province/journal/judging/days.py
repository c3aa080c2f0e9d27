"""Whether a day close is the next of its device: numbered, chained, and of no day before the last one (日结)."""

from __future__ import annotations

from inspector_app.clock import legal_date
from inspector_app.domain.closing import ClosedDay, follows
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.custody import DayClosed
from province.journal.judging.case import CONSEQUENCES, Case, Finding


def day_close(case: Case) -> Finding | None:
    """Number, chain and day of a close against those that stand in the same journal."""
    fact = case.entry.fact
    if not isinstance(fact, DayClosed):
        return None
    rows = case.rows.many("days", device=case.journal.device)
    closes = [ClosedDay(str(row["date"]), int(row["ordinal"] or 0), str(row["hash"])) for row in rows]
    today = legal_date(case.at)
    in_order = follows(closes, date=fact.date, ordinal=fact.ordinal, previous=fact.previous, today=today)
    return None if in_order else CONSEQUENCES[Judgement.DAY_CHAIN]
