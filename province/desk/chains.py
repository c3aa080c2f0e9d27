"""Where every device's chain stands, and the continuity of a station's numbers, worked out once a state."""

from __future__ import annotations

from functools import lru_cache

import msgspec
from django.db.models import Count, Q

from inspector_app.domain.continuity import Continuity
from province.journal.judging.bench import chain_holds
from province.journal.models import AsideEntry, FeedDocument, Journal
from province.ledgers.continuity import continuity_of, stations_with_numbers
from province.registry.models import Device

STATIONS_A_PAGE = 10
REMEMBERED = 200


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """One device's journal as the province holds it; ``aside`` entries stand outside of it as evidence."""

    device: str
    name: str
    station: int
    state: str
    seq: int
    judged: int
    head: str
    signed_through: int
    contacted_at: int
    aside: int


def chains(using: str) -> list[Chain]:
    """Every device's journal, by station."""
    names = dict(Device.objects.using(using).values_list("device", "name"))
    aside = dict(AsideEntry.objects.using(using).values_list("device").annotate(Count("id")).order_by())
    return [
        Chain(
            device=row.device,
            name=names.get(row.device, row.device[:8]),
            station=row.station,
            state=str(row.state),
            seq=row.seq,
            judged=row.judged,
            head=bytes(row.hash).hex(),
            signed_through=row.head_seq,
            contacted_at=row.contacted_at,
            aside=aside.get(row.device, 0),
        )
        for row in Journal.objects.using(using).order_by("station", "device")
    ]


def has_broken(using: str, device: str) -> bool:
    """Whether an entry of a device no longer follows from the one before it."""
    return not chain_holds(using, device)


class StationPage(msgspec.Struct, frozen=True):
    """Some of the stations for which numbers were drawn."""

    stations: tuple[int, ...]
    at: int
    pages: int


def stations_page(using: str, at: int) -> StationPage:
    """One page of the stations, the lowest number first."""
    every = stations_with_numbers(using)
    pages = max((len(every) + STATIONS_A_PAGE - 1) // STATIONS_A_PAGE, 1)
    at = min(max(at, 1), pages)
    return StationPage(tuple(every[(at - 1) * STATIONS_A_PAGE : at * STATIONS_A_PAGE]), at, pages)


def continuity_now(using: str, station: int) -> Continuity:
    """The continuity of a station's numbers.

    All of it follows from the feed, so what was worked out holds until the feed has news for the station.
    """
    heads = Journal.objects.using(using).filter(station=station).order_by("device").values_list("hash", "judged")
    heard = FeedDocument.objects.using(using).filter(Q(station=station) | Q(station=0)).order_by("-cursor").first()
    told = (heard.epoch, heard.cursor, heard.at, bytes(heard.content)) if heard is not None else ()
    return _continuity(using, station, (*((bytes(head), judged) for head, judged in heads), told))


@lru_cache(maxsize=REMEMBERED)
def _continuity(using: str, station: int, _state: tuple[object, ...]) -> Continuity:
    return continuity_of(using, station)
