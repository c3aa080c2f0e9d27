"""Cutting blocks (号段) out of draws, by machine, at contact.

A block goes to one device and one person for one kind. It is cut when the person's free numbers there fall under half
of the usual size, or when more were asked for; always the lowest part of the oldest draw that was never cut nor lost,
above every mark remembered outside the database. Nothing is cut while the province is in doubt about its own past.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from inspector_app.clock import day_start, legal_date
from inspector_app.domain.authority import Post
from inspector_app.domain.documents import sign_document
from inspector_app.domain.numbering import Block
from inspector_app.journal.projections import Row, project_document
from inspector_app.journal.projections.uncut import living_spans
from province import granting, provinces
from province.high_water import next_ordinal
from province.journal import feed
from province.journal.models import FeedDocument, Journal, JournalState, StoredEntry
from province.journal.rows import DjangoRows
from province.numbers.contradictions import stop_cutting
from province.numbers.custody import NOTICE, scheme_for
from province.numbers.models import CutBlock, DrawnRange
from province.numbers.ranges import NumbersError, Place, columns, contains, overlapping_in_turn, place_of
from province.registry.grants import grants_of, in_force
from province.registry.models import PersonSigningKey

BLOCK_SIZE = {"A": 50, "B": 100, "N": 20}
"""About a fortnight of one vet; what is left unused bounds what a copied disk could misuse (SYNC 3.5 H)."""
MAX_REQUESTED = 500
MAX_EMERGENCY = 2_000
"""What one contact answers at most; a station that has run out gets more than one that asks in time."""
MAX_OPEN_REQUESTS = 50


class Holder(msgspec.Struct, frozen=True):
    """Who gets numbers of a kind on a device, and how many are wanted at least."""

    device: str
    person: int
    kind: str
    station: int
    wanted: int
    emergency: bool = False


def replenish(using: str, device: str) -> list[CutBlock]:
    """Cut what a device's vets need; returns the new blocks, which its feed then tells."""
    with transaction.atomic(using=using):
        state = feed.lock_state(using)
        journal = Journal.objects.using(using).get(device=device)
        if journal.state != JournalState.ACTIVE or state.rolled_back:
            return []
        return [cut for holder in _in_need(using, journal) for cut in _cut_for(using, holder)]


def _cut_for(using: str, holder: Holder) -> Iterator[CutBlock]:
    """One block at a contact; for who has run out as many as it takes, out of as many draws as have room."""
    while holder.wanted > 0 and (cut := cut_block(using, holder)) is not None:
        yield cut
        wanted = holder.wanted - cut.size if holder.emergency else 0
        holder = msgspec.structs.replace(holder, wanted=wanted)


def _in_need(using: str, journal: Journal) -> Iterator[Holder]:
    rows, now = DjangoRows(using), provinces.of(using).clock.now().at
    vets = list(_vets(using, journal))
    numbers = [vet for vet, _kinds in vets]
    requests = rows.many("block_requests", device=journal.device) if vets else []
    for person, kinds in vets:
        for kind in dict.fromkeys((*kinds, NOTICE)):
            holder = Holder(journal.device, person, kind, journal.station, 0)
            size, free = BLOCK_SIZE[kind], free_of(rows, journal.device, person, kind, now)
            own = [row for row in requests if row["kind"] == kind][-MAX_OPEN_REQUESTS:]
            asked = _asked_for(using, own, holder, numbers)
            urgent = _asked_urgently(using, own, holder, free, numbers)
            if free < size / 2 or max(asked, urgent) > free:
                wanted = max(size, min(asked - free, MAX_REQUESTED), min(urgent - free, MAX_EMERGENCY))
                yield msgspec.structs.replace(holder, wanted=wanted, emergency=urgent > free)


def free_of(rows: DjangoRows, device: str, person: int, kind: str, now: int) -> int:
    """Numbers a person may still take on a device; those of a block that has ended are none."""
    held = rows.many("blocks", device=device, kind=kind, holder=person)
    lasting = [row for row in held if not row["expires"] or now <= int(row["expires"])]
    return sum(rows.count("numbers", block=row["block"], state="free") for row in lasting)


def _vets(using: str, journal: Journal) -> Iterator[tuple[int, list[str]]]:
    """People with a key on the device and a grant to issue at its station that has not ended."""
    now = provinces.of(using).clock.now().at
    people = PersonSigningKey.objects.using(using).filter(device=journal.device).values_list("person", flat=True)
    for person in sorted(set(people)):
        grant = in_force(grants_of(using, person), now)
        here = grant is not None and grant.station in (0, journal.station)
        if grant is not None and here and Post.VET in grant.posts and now <= grant.valid_until:
            yield person, [kind for kind in grant.kinds if kind in BLOCK_SIZE]


def _asked_for(using: str, requests: list[Row], holder: Holder, vets: list[int]) -> int:
    """The most asked for since the holder's last block, by the vet, or by somebody who is none, for all of them."""
    if not requests:
        return 0
    device, person = holder.device, holder.person
    blocks = CutBlock.objects.using(using).filter(device=device, kind=holder.kind, holder=person)
    served_through = blocks.order_by("-cursor").values_list("cursor", flat=True).first() or 0
    refs = {int(str(row["ref"]).partition("/")[2]): int(row["wanted"] or 0) for row in requests}
    news = FeedDocument.objects.using(using).filter(
        entry_device=device, entry_seq__in=list(refs), cursor__gt=served_through
    )
    open_seqs = set(news.values_list("entry_seq", flat=True))
    actors = StoredEntry.objects.using(using).filter(device=device, seq__in=open_seqs).values_list("seq", "actor")
    return max((refs[seq] for seq, actor in actors if actor == person or actor not in vets), default=0)


def _asked_urgently(using: str, requests: list[Row], holder: Holder, free: int, vets: list[int]) -> int:
    """The free numbers a holder should have by emergency requests; each stands until it was answered in full."""
    urgent = [row for row in requests if row["emergency"]]
    if not urgent:
        return 0
    wanted = {int(str(row["ref"]).partition("/")[2]): int(row["wanted"] or 0) for row in urgent}
    stored = StoredEntry.objects.using(using).filter(device=holder.device, seq__in=list(wanted))
    own = [seq for seq, actor in stored.values_list("seq", "actor") if actor == holder.person or actor not in vets]
    told = FeedDocument.objects.using(using).filter(entry_device=holder.device, entry_seq__in=own)
    return max(
        (
            min(wanted[seq], free + wanted[seq] - given_since(using, holder.device, holder.kind, cursor))
            for seq, cursor in told.values_list("entry_seq", "cursor")
        ),
        default=0,
    )


def given_since(using: str, device: str, kind: str, cursor: int) -> int:
    """Numbers of a kind cut for a device after a place in the feed."""
    blocks = CutBlock.objects.using(using).filter(device=device, kind=kind, cursor__gt=cursor)
    return sum(block.size for block in blocks)


def room_for(using: str, kind: str, station: int, person: int) -> int:
    """Numbers of a kind that were drawn for a station, or this person at it, and not cut yet."""
    draws = _draws_of(using, kind, station, person)
    return sum(high - low + 1 for draw in draws for low, high in left_to_cut(using, draw))


def cut_block(using: str, holder: Holder) -> CutBlock | None:
    """Cut one block for a holder out of the oldest draw with room; None when no draw has any left."""
    for draw in _draws(using, holder):
        for low, high in left_to_cut(using, draw):
            return _cut(using, holder, draw, low, min(high, low + holder.wanted - 1))
    return None


def left_to_cut(using: str, draw: DrawnRange) -> Iterator[tuple[int, int]]:
    """The stretches of a draw that may still be cut, as places on the line, lowest first.

    A block lies in one of them: over what was reported lost none is cut, and what lies below it is not left behind.
    """
    whole = place_of(using, draw.scheme, draw.kind, draw.first, draw.last)
    start = max(draw.cut_through, provinces.of(using).high_water.read(draw.draw), draw.low - 1) + 1
    row = DjangoRows(using).one("draws", draw=draw.draw)
    for first, last in living_spans(DjangoRows(using), row) if row is not None else []:
        low, high = max(start, whole.at(first)), whole.at(last)
        if low <= high:
            yield low, high


def _draws(using: str, holder: Holder) -> list[DrawnRange]:
    return list(_draws_of(using, holder.kind, holder.station, holder.person).select_for_update())


def _draws_of(using: str, kind: str, station: int, person: int) -> QuerySet[DrawnRange]:
    """The draws blocks may be cut from for a person at a station, the oldest first."""
    own = DrawnRange.objects.using(using).filter(kind=kind, station=station, holder__in=(0, person), contested=False)
    # A notice's year is part of its number: last year's draws are not cut any more.
    current = own.filter(scheme=scheme_for(using, kind).scheme) if kind == NOTICE else own
    return current.order_by("issued_at", "low")


def _cut(using: str, holder: Holder, draw: DrawnRange, low: int, high: int) -> CutBlock:
    province = provinces.of(using)
    place = _place(using, draw, low, high)
    now = province.clock.now().at
    document = Block(
        block=f"{draw.draw}-{place.first}",
        draw=draw.draw,
        scheme=draw.scheme,
        kind=draw.kind,
        first=place.first,
        last=place.last,
        device=holder.device,
        holder=holder.person,
        ordinal=_next_ordinal(using, holder.device),
        issued_at=now,
        expires=_year_end(now) if draw.kind == NOTICE else 0,
    )
    # Outside the database first: should this transaction be undone, the numbers are lost, never given twice.
    province.high_water.raise_to(draw.draw, high)
    granting.require_holder(using)  # once more: who takes over from now on finds the mark raised
    draw.cut_through = high
    draw.save(using=using, update_fields=["cut_through"])
    signed = sign_document(document, province.keys.server)
    cursor = feed.publish(using, signed, feed.Audience(station=holder.station), now)
    project_document(document, DjangoRows(using))
    return store_block(using, document, signed.encoded(), place, draw, cursor)


def _place(using: str, draw: DrawnRange, low: int, high: int) -> Place:
    whole = place_of(using, draw.scheme, draw.kind, draw.first, draw.last)
    return Place(whole.scheme, whole.space, whole.digits(low), whole.digits(high))


def _next_ordinal(using: str, device: str) -> int:
    last = CutBlock.objects.using(using).filter(device=device).order_by("-ordinal").values_list("ordinal", flat=True)
    return next_ordinal(provinces.of(using).high_water, f"block {device}", last.first() or 0)


def _year_end(now: int) -> int:
    """The last UTC millisecond of the legal year: a notice's year is part of its number."""
    year = int(legal_date(now)[:4])
    return day_start(f"{year + 1}-01-01") - 1


def store_block(using: str, document: Block, raw: bytes, place: Place, draw: DrawnRange, cursor: int) -> CutBlock:
    """Keep a block's row; the database itself refuses overlap."""
    return CutBlock.objects.using(using).create(
        **columns(place),
        block=document.block,
        draw=draw,
        device=document.device,
        holder=document.holder,
        ordinal=document.ordinal,
        turn=draw.turn,
        issued_at=document.issued_at,
        expires=document.expires,
        cursor=cursor,
        document=raw,
    )


def import_block(using: str, document: Block, raw: bytes) -> bool:
    """Take back a verified block the province forgot in a restore; False when it is known already.

    Cutting goes on above it. Its numbers are projected but not told again: the device has the block. One that
    contradicts what is known is not taken: it becomes an incident, and cutting stops there.
    """
    with transaction.atomic(using=using):
        feed.lock_state(using)
        known = CutBlock.objects.using(using).filter(block=document.block).first()
        if known is not None and bytes(known.document) == raw:
            return False
        draw = DrawnRange.objects.using(using).select_for_update().filter(draw=document.draw).first()
        place = _room_for(using, document, draw) if known is None else None
        if draw is None or place is None:
            stop_cutting(using, document, raw, told_by=document.device)
            return False
        _take_back(using, document, raw, place, draw)
        return True


def _room_for(using: str, document: Block, draw: DrawnRange | None) -> Place | None:
    """Where the block lies; None when it is in no draw known here, or another block stands in its way."""
    if draw is None or (draw.scheme, draw.kind) != (document.scheme, document.kind):
        return None
    try:
        place = place_of(using, document.scheme, document.kind, document.first, document.last)
    except NumbersError:
        return None
    same = CutBlock.objects.using(using).filter(device=document.device, ordinal=document.ordinal)
    held = overlapping_in_turn(using, CutBlock, place, draw.turn)
    return place if contains(draw, place) and held is None and not same.exists() else None


def _take_back(using: str, document: Block, raw: bytes, place: Place, draw: DrawnRange) -> None:
    marks = provinces.of(using).high_water
    marks.raise_to(draw.draw, place.high)
    marks.raise_to(f"block {document.device}", document.ordinal)
    draw.cut_through = max(draw.cut_through, place.high)
    draw.save(using=using, update_fields=["cut_through"])
    cursor = feed.publish_raw(using, raw, feed.NOBODY)
    project_document(document, DjangoRows(using))
    store_block(using, document, raw, place, draw, cursor)
