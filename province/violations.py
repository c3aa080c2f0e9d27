"""Violations of the custody rules, listed for circulation (通报批评): what the province may hold against a station.

Three sources: entries that did not follow the rules as their device knew them, cases of custody past their term, and
what supervision visits found (GX-2014 Art. 27, 28). Nothing here is written; the list is computed when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.rules import enforces
from inspector_app.journal.projections import Row
from province import provinces
from province.journal.judging.earlier import place_of
from province.journal.models import StoredEntry
from province.journal.read_once import ReadOnceRows
from province.journal.rows import DjangoRows


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """One violation: where, on which legal day, its source and code, the entry, and who made it (0: nobody in person).

    ``overdue`` where a term has passed with nothing done.
    """

    station: int
    day: str
    source: str
    code: str
    ref: str
    person: int = 0
    overdue: bool = False


@enforces("G49")
def violations(using: str, *, station: int = 0, since: str = "") -> list[Violation]:
    """All violations of a station (0: of every station) since a legal day, in the order of their days."""
    rows = ReadOnceRows(using, "rectifications")
    home = {str(row["device"]): int(row["station"] or 0) for row in rows.many("journals")}
    today = legal_date(provinces.of(using).clock.now().at)
    found = [*_judged(using, rows, home), *_overdue(rows, home, today), *_found(rows, home, today)]
    wanted = (one for one in found if station in (0, one.station) and one.day >= since)
    return sorted(wanted, key=lambda one: (one.day, one.ref, one.code))


def _judged(using: str, rows: DjangoRows, home: dict[str, int]) -> Iterator[Violation]:
    blamed = rows.many("verdicts", followed=0)
    actors = _actors(using, blamed)
    for row in blamed:
        device, seq = str(row["device"]), int(row["seq"] or 0)
        yield Violation(
            station=home.get(device, 0),
            day=legal_date(int(row["given_at"] or 0)),
            source="verdict",
            code=str(row["code"]),
            ref=f"{device}/{seq}",
            person=actors.get((device, seq), 0),
        )


def _actors(using: str, blamed: list[Row]) -> dict[tuple[str, int], int]:
    """Who wrote each of these entries."""
    seqs: dict[str, list[int]] = {}
    for row in blamed:
        seqs.setdefault(str(row["device"]), []).append(int(row["seq"] or 0))
    return {
        (device, seq): int(actor)
        for device, own in seqs.items()
        for seq, actor in StoredEntry.objects.using(using)
        .filter(device=device, seq__in=own)
        .values_list("seq", "actor")
    }


def _overdue(rows: DjangoRows, home: dict[str, int], today: str) -> Iterator[Violation]:
    for row in rows.many("custody_cases", state="open"):
        if str(row["due_on"]) < today:
            yield _of(row, home, day=str(row["due_on"]), source="case", code=str(row["kind"]), overdue=True)


def _found(rows: DjangoRows, home: dict[str, int], today: str) -> Iterator[Violation]:
    for visit in rows.many("visits"):
        done = {code for row in rows.many("rectifications", visit=visit["ref"]) for code in _codes(row)}
        for code in _codes(visit):
            late = code not in done and str(visit["rectify_by"]) < today
            yield _of(visit, home, day=str(visit["visited_on"]), source="supervision", code=code, overdue=late)


def _of(row: Row, home: dict[str, int], *, day: str, source: str, code: str, overdue: bool) -> Violation:
    ref = str(row["ref"])
    station = home.get(place_of(ref)[0], 0)
    return Violation(station=station, day=day, source=source, code=code, ref=ref, overdue=overdue)


def _codes(row: Row) -> list[str]:
    return msgspec.json.decode(str(row["findings"]), type=list[str])
