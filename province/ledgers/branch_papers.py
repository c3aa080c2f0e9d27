"""Papers of branches that were set aside (分叉日志上的证): each by its number, with its case, owner and deadline.

They were issued on a copied, restored or fenced computer and never took effect, but the paper is with somebody. Where
another paper bears the same number both are named, and people decide which of them stands.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from inspector_app.clock import legal_date
from inspector_app.journal.envelope import Envelope, read_envelope, read_fact
from inspector_app.journal.projections.successions import BRANCH_PAPER
from province import provinces, reference
from province.journal.models import AsideEntry, Journal
from province.journal.rows import DjangoRows
from province.numbers.contested import number_used

PAPERS = ("certificates", "notices")


class BranchPaper(msgspec.Struct, frozen=True, kw_only=True):
    """One such paper: where it was written and by whom, and what has to be done about it by when.

    ``entry`` is ``device/seq`` on its branch and ``hash`` (hex) tells it from the accepted entry of that place;
    ``accepted`` names the paper on record that bears the same number. ``case`` is "" until somebody at the station goes
    on for the computer; the station owes that until ``due_on``.
    """

    number: str
    entry: str
    hash: str
    cause: str
    station: int
    by: int
    issued_at: int
    accepted: str
    case: str
    due_on: str
    overdue: bool
    conclusion: str


def branch_papers(using: str, *, station: int = 0, concluded: bool = True) -> list[BranchPaper]:
    """Those of a station (0: of every one), the earliest due first; the concluded ones only if asked for."""
    reader = _Reader(using)
    found = (reader.paper(*one) for one in _set_aside(using))
    wanted = (one for one in found if station in (0, one.station) and (concluded or not one.conclusion))
    return sorted(wanted, key=lambda one: (one.due_on, one.number, one.hash))


def _set_aside(using: str) -> Iterator[tuple[AsideEntry, Envelope, str]]:
    for aside in AsideEntry.objects.using(using).order_by("device", "seq", "hash"):
        envelope, _verdict = read_envelope(bytes(aside.public))
        used = number_used(read_fact(envelope)[0]) if envelope is not None else None
        if envelope is not None and used is not None:
            yield aside, envelope, str(used[0])


class _Reader:
    """What the province's rows say about such papers; each table is asked once."""

    def __init__(self, using: str) -> None:
        self._using = using
        self._rows = DjangoRows(using)
        self._stations = dict(Journal.objects.using(using).values_list("device", "station"))
        cases = {row["ref"]: row for row in self._rows.many("custody_cases", kind=BRANCH_PAPER)}
        self._cases = {str(row["hash"]): cases.get(row["ref"], {}) for row in self._rows.many("branch_papers")}
        self._today = legal_date(provinces.of(using).clock.now().at)

    def paper(self, aside: AsideEntry, envelope: Envelope, number: str) -> BranchPaper:
        """One paper with its case; where nobody opened one, what the station owes."""
        case = self._cases.get(bytes(aside.hash).hex(), {})
        due_on = str(case.get("due_on") or _due_on(self._using, legal_date(aside.received_at)))
        conclusion = str(case.get("conclusion") or "")
        return BranchPaper(
            number=number,
            entry=f"{aside.device}/{aside.seq}",
            hash=bytes(aside.hash).hex(),
            cause=str(aside.cause),
            station=self._stations[aside.device],
            by=envelope.actor,
            issued_at=envelope.at,
            accepted=self._accepted(number),
            case=str(case.get("ref") or ""),
            due_on=due_on,
            overdue=not conclusion and due_on < self._today,
            conclusion=conclusion,
        )

    def _accepted(self, number: str) -> str:
        held = (self._rows.one(table, number=number) for table in PAPERS)
        return next((str(row["ref"]) for row in held if row is not None), "")


def _due_on(using: str, day: str) -> str:
    """Until when somebody at the station has to take it up: the term of a case that begins with its arrival."""
    return reference.policy(using).on(day).case_due_on(day)
