"""Old sheets counted in (清点收回): the superior's keeper counts what a station handed in before it draws again.

Where a station stands under no organisation nobody is its superior's keeper: whoever of the roster keeps the
province's numbers counts.
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.hand_ins import OldSheetsReceived, count_refusals
from inspector_app.domain.organisations import keeper_refusals
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.journal.entries.sheets import SheetsHandedIn
from inspector_app.journal.envelope import read_envelope, read_fact
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.hand_ins import missing_of
from province import provinces
from province.custody import deciding
from province.custody.deciding import Sides, refuse
from province.custody.organisations import location_of, of_station
from province.journal import feed
from province.journal.models import Journal, StoredEntry
from province.journal.rows import DjangoRows
from province.registry.publishing import publish


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """What a keeper counted of one slip: so many sheets, and by name (``B 9900000003 1/2``) those that were missing."""

    hand_in: str
    counted: int
    by: int
    missing: tuple[str, ...] = ()
    location: int = 1


class HandIn(msgspec.Struct, frozen=True, kw_only=True):
    """A slip on record: who handed it in, which sheets it names, and what the latest count did not find."""

    hand_in: str
    station: int
    superior: int
    sheets: tuple[str, ...]
    slip: str
    at: int
    by: int
    counts: int
    missing: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether it was never counted, or not everything was found."""
        return not self.counts or bool(self.missing)


def find_hand_in(using: str, ref: str) -> HandIn | None:
    """The slip an entry handed in."""
    row = DjangoRows(using).one("hand_ins", ref=ref)
    return _hand_in(using, row) if row is not None else None


def open_hand_ins(using: str) -> list[HandIn]:
    """The slips that wait to be counted, or in which something was missing; the oldest first."""
    found = [_hand_in(using, row) for row in DjangoRows(using).many("hand_ins", order="at")]
    return [one for one in found if one.is_open]


def _hand_in(using: str, row: Row) -> HandIn:
    journal = Journal.objects.using(using).get(device=row["device"])
    unit = of_station(using, journal.station)
    counts = DjangoRows(using).many("hand_in_counts", order="at", hand_in=row["ref"])
    return HandIn(
        hand_in=str(row["ref"]),
        station=journal.station,
        superior=unit.superior if unit is not None else 0,
        sheets=_sheets(using, str(row["ref"])),
        slip=str(row["slip"]),
        at=int(row["at"] or 0),
        by=int(row["by"] or 0),
        counts=len(counts),
        missing=tuple(missing_of(counts[-1])) if counts else (),
    )


def _sheets(using: str, ref: str) -> tuple[str, ...]:
    """What a slip names, read from its entry: of two slips with one sheet both name it, and one lies."""
    device, _, seq = ref.partition("/")
    stored = StoredEntry.objects.using(using).filter(device=device, seq=int(seq)).first()
    envelope = read_envelope(bytes(stored.public))[0] if stored is not None else None
    fact = read_fact(envelope)[0] if envelope is not None else None
    return tuple(str(one) for one in fact.sheets) if isinstance(fact, SheetsHandedIn) else ()


def count_in(using: str, count: Count) -> OldSheetsReceived | StockRefused:
    """Count a slip; the station hears of it. What was missing is counted again once it turned up."""
    with deciding.deciding(using):
        held = find_hand_in(using, count.hand_in)
        if held is None:
            sides = Sides(act="count_in", by=count.by, organisation=0)
            return refuse(using, sides, [refusal(StockCode.RECORD_UNKNOWN, current=count.hand_in)])
        found = counter_refusals(using, held, count) + count_refusals(held.sheets, count.missing, count.counted)
        if not held.is_open:
            found.append(refusal(StockCode.RECORD_SETTLED, current=count.hand_in))
        if found:
            return refuse(using, Sides(act="count_in", by=count.by, organisation=held.superior), found)
        made = _received(using, held, count)
        publish(using, made, provinces.of(using).keys.server, feed.Audience(station=held.station))
        return made


@enforces("G10")
def counter_refusals(using: str, held: HandIn, count: Count) -> list[StockRefusal]:
    """Who takes old sheets in is the superior's keeper, and never the person who handed them in (Art. 5, 10)."""
    found = deciding.people_refusals(using, count.by)
    if count.by == held.by:
        found.append(refusal(StockCode.SAME_PERSON, current=count.by))
    if not held.superior:
        return found
    return found + keeper_refusals(location_of(using, held.superior, count.location), count.by)


def _received(using: str, held: HandIn, count: Count) -> OldSheetsReceived:
    today = deciding.today(using)
    return OldSheetsReceived(
        receipt=deciding.name(using, "C", "hand_in_counts"),
        hand_in=count.hand_in,
        station=held.station,
        organisation=held.superior,
        location=count.location if held.superior else 0,
        counted=count.counted,
        missing=tuple(dict.fromkeys(count.missing)),
        on=today,
        due_on=deciding.policy(using).case_due_on(today) if count.missing else "",
        by=count.by,
        at=deciding.moment(using),
    )
