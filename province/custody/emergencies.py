"""Stations that have run out of numbers: refusing a batch that passed is an offence, so this is answered first.

Where a draw of the station has room, the next contact cuts more than the usual block by itself
(:func:`province.numbers.blocks.replenish`). Where none has, it is the keeper's to do: an emergency draw.
"""

from __future__ import annotations

import msgspec

from inspector_app.journal.projections import Row
from province.custody.deciding import moment
from province.custody.organisations import of_station
from province.journal.models import FeedDocument, StoredEntry
from province.journal.rows import DjangoRows
from province.numbers.blocks import free_of, given_since, room_for
from province.registry.models import Device
from province.registry.publishing import ACTIVE


class Emergency(msgspec.Struct, frozen=True, kw_only=True):
    """An emergency request that was not answered in full: ``short`` numbers are wanted, ``room`` could be cut now.

    ``keeper_of`` is the institution whose keeper draws for the station, 0 where the station stands under none.
    """

    request: str
    station: int
    device: str
    person: int
    kind: str
    wanted: int
    short: int
    room: int
    at: int
    keeper_of: int

    @property
    def is_for_keeper(self) -> bool:
        """Whether contact alone will not answer it."""
        return self.room < self.short


def open_emergencies(using: str) -> list[Emergency]:
    """The emergency requests not answered in full, the oldest first."""
    rows = DjangoRows(using).many("block_requests", emergency=1, order="at")
    found = [_emergency(using, row) for row in rows]
    return [one for one in found if one is not None]


def _emergency(using: str, row: Row) -> Emergency | None:
    device, _, seq = str(row["ref"]).partition("/")
    told = FeedDocument.objects.using(using).filter(entry_device=device, entry_seq=int(seq)).first()
    owner = Device.objects.using(using).filter(device=device, state=ACTIVE).first()
    entry = StoredEntry.objects.using(using).filter(device=device, seq=int(seq)).first()
    if told is None or owner is None or entry is None:
        return None
    kind, wanted = str(row["kind"]), int(row["wanted"] or 0)
    free = free_of(DjangoRows(using), device, int(entry.actor), kind, moment(using))
    short = wanted - max(free, given_since(using, device, kind, told.cursor))
    if short <= 0:
        return None
    unit = of_station(using, owner.station_id)
    return Emergency(
        request=str(row["ref"]),
        station=owner.station_id,
        device=device,
        person=int(entry.actor),
        kind=kind,
        wanted=wanted,
        short=short,
        room=room_for(using, kind, owner.station_id, int(entry.actor)),
        at=int(row["at"] or 0),
        keeper_of=unit.superior if unit is not None else 0,
    )
