"""What every decision about stock has in common: one transaction, one signed document, a log of what was refused.

A decision is recorded for the person who took it (``by``, roster number); whoever calls has made sure who that is. Its
document stays with the province, but for what a station has to know: what it owes and gave back, who decided its draw,
and whatever moves in a store of its own (:mod:`province.custody.stock_told`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import msgspec
from django.db import transaction

from inspector_app.clock import legal_date
from inspector_app.domain.catalogue import StockKind
from inspector_app.domain.numerals import iso_date
from inspector_app.domain.policy import Policy
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, in_order, refusal
from province import provinces, reference
from province.custody.models import RefusedRequest
from province.custody.stock_told import station_concerned
from province.journal import feed
from province.journal.models import State
from province.journal.rows import DjangoRows
from province.registry.models import Person
from province.registry.publishing import authority_of, publish


class Sides(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks for what of whom: what the log of refused requests says."""

    act: str
    by: int
    organisation: int
    counterpart: int = 0
    kind: str = ""


@contextmanager
def deciding(using: str) -> Iterator[None]:
    """One decision: everything it rests on stands still until it is recorded."""
    with transaction.atomic(using=using):
        feed.lock_state(using)
        yield


def record(using: str, document: msgspec.Struct, *, station: int = 0) -> None:
    """Keep what a person decided, signed by the server, and tell the station it concerns, if it concerns one."""
    publish(using, document, provinces.of(using).keys.server, _audience(using, document, station))


def record_by_authority(using: str, document: msgspec.Struct) -> None:
    """Keep what the province decided. StationError where the authority key does not lie."""
    publish(using, document, authority_of(using), _audience(using, document, 0))


def _audience(using: str, document: msgspec.Struct, station: int) -> feed.Audience:
    told = station or station_concerned(using, document)
    return feed.Audience(station=told) if told else feed.NOBODY


def refuse(using: str, sides: Sides, refusals: Iterable[StockRefusal]) -> StockRefused:
    """Not done; that it was asked for stays on record, with every reason."""
    found = in_order(refusals)
    RefusedRequest.objects.using(using).create(
        at=moment(using),
        act=sides.act,
        by=sides.by,
        organisation=sides.organisation,
        counterpart=sides.counterpart,
        kind=sides.kind,
        codes=" ".join(dict.fromkeys(one.code.value for one in found)),
    )
    return StockRefused(found)


def moment(using: str) -> int:
    """Now, UTC ms."""
    return provinces.of(using).clock.now().at


def today(using: str) -> str:
    """The legal day it is now."""
    return legal_date(moment(using))


def policy(using: str) -> Policy:
    """The policy in force today."""
    return reference.policy(using).on(today(using))


def name(using: str, letter: str, table: str) -> str:
    """A name for a new record: province, a letter and a count; by chance it differs from one a restore forgot."""
    province = State.objects.using(using).get(only=1).province
    number = DjangoRows(using).count(table) + 1
    return f"{province}-{letter}{number:04d}-{provinces.of(using).random.bytes(3).hex()}"


def people_refusals(using: str, *numbers: int) -> list[StockRefusal]:
    """Roster numbers nobody bears; 0 stands for nobody and is passed over."""
    wanted = [number for number in dict.fromkeys(numbers) if number]
    known = set(Person.objects.using(using).filter(number__in=wanted).values_list("number", flat=True))
    return [refusal(StockCode.PERSON_UNKNOWN, current=number) for number in wanted if number not in known]


def kind_of(code: str, day: str) -> StockKind | StockRefusal:
    """The kind of stock with this code in force on a day."""
    found = reference.catalogue().stock_kind(code, day)
    return found if found is not None else refusal(StockCode.KIND_UNKNOWN, current=code)


def day_refusals(using: str, day: str, *, earliest: str = "") -> list[StockRefusal]:
    """A day that is none, has not come, or lies before what it follows."""
    possible = bool(day) and _is_date(day) and earliest <= day <= today(using)
    return [] if possible else [refusal(StockCode.DAY_IMPOSSIBLE, current=day, limit=today(using))]


def date_refusals(*days: str) -> list[StockRefusal]:
    """Days that are none, of a term that may lie in the past or still be to come; "" is no day and passed over."""
    return [refusal(StockCode.DAY_IMPOSSIBLE, current=day, limit="YYYY-MM-DD") for day in days if not _is_date(day)]


def _is_date(day: str) -> bool:
    try:
        return not day or bool(iso_date(day))
    except ValueError:
        return False


def reason_refusals(list_name: str, code: str, day: str) -> list[StockRefusal]:
    """A reason that is not one of the list's choices."""
    if reference.catalogue().reason(list_name, code, day) is not None:
        return []
    return [refusal(StockCode.REASON_UNKNOWN, current=code)]
