"""The trust file (可信数据): what anybody needs to judge a certificate offline, built from what the province knows.

Building reads the projections; signing needs the authority key. The public page judges by the same structure, built
fresh and unsigned.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from django.db import transaction

from inspector_app.clock import MS_PER_DAY
from inspector_app.domain.documents import PRACTICE_PROVINCE, Role, sign_document, unsigned
from inspector_app.domain.numbering import range_size
from inspector_app.domain.rules import enforces
from inspector_app.domain.trust import (
    DEVICE_BYTES,
    NumberException,
    TrustBlock,
    TrustFile,
    TrustKey,
    TrustStation,
    pack_trust,
)
from inspector_app.suites import sha256
from province import provinces
from province.journal import feed
from province.journal.models import FeedDocument, State
from province.numbers.dead import DeadNumbers, dead_numbers
from province.numbers.drawing_again import left_standing
from province.numbers.models import CutBlock
from province.registry.models import Device, Person, PersonSigningKey, Station, TrustRelease
from province.registry.number_facts import NumberFacts, Said, read_facts
from province.registry.publishing import authority_of
from sync.protocol import epoch_number

TRUST_LIFE_MS = 30 * MS_PER_DAY


def root_documents(using: str) -> tuple[bytes, tuple[bytes, ...]]:
    """The root sheet and the key statements, as published; the root is empty before the province is founded."""
    rows = FeedDocument.objects.using(using).filter(kind__in=("root/1", "key/1")).order_by("cursor")
    kept = [(row.kind, bytes(row.content)) for row in rows]
    root = next((content for kind, content in kept if kind == "root/1"), b"")
    return root, tuple(content for kind, content in kept if kind == "key/1")


def build(using: str, *, seq: int = 0) -> TrustFile:
    """The trust file as of now, unsigned."""
    published = PersonSigningKey.objects.using(using).filter(cursor__gt=0).order_by("key_id")
    blocks = CutBlock.objects.using(using).order_by("kind", "low")
    return _build(using, list(published), list(blocks), dead_numbers(using), every=True, seq=seq)


def build_about(using: str, *, key_id: bytes, kind: str, digits: str) -> TrustFile:
    """What the trust file would say about one certificate: its signer's key and the block of its number."""
    published = PersonSigningKey.objects.using(using).filter(cursor__gt=0, key_id=key_id.hex())
    about = CutBlock.objects.using(using).filter(kind=kind, first__lte=digits, last__gte=digits)
    blocks = [block for block in about if len(block.first) == len(digits)]
    standing = (ends for spans in left_standing(using, blocks).values() for ends in spans)
    is_cut = any(first <= digits <= last for first, last in standing)
    dead = [] if is_cut else dead_numbers(using, kind=kind, digits=digits)
    return _build(using, list(published), blocks, dead, every=False)


def _build(
    using: str,
    published: list[PersonSigningKey],
    blocks: list[CutBlock],
    dead: Iterable[DeadNumbers],
    *,
    every: bool,
    seq: int = 0,
) -> TrustFile:
    state = State.objects.using(using).get(only=1)
    now = provinces.of(using).clock.now().at
    return TrustFile(
        epoch=epoch_number(state.epoch),
        seq=seq,
        issued_at=now,
        expires=now + TRUST_LIFE_MS,
        practice=state.province == PRACTICE_PROVINCE,
        province=state.province,
        hosts=tuple(state.hosts.split(",")),
        keys=_keys(using, published),
        others=(),
        stations=tuple(
            TrustStation(row.number, row.name, row.name_en, row.phone)
            for row in Station.objects.using(using).order_by("number")
        ),
        blocks=_blocks(using, blocks, dead, every=every),
    )


def _blocks(using: str, blocks: list[CutBlock], dead: Iterable[DeadNumbers], *, every: bool) -> tuple[TrustBlock, ...]:
    made = [_dead(one) for one in dead]
    if blocks:
        facts, standing = read_facts(using, blocks, every=every), left_standing(using, blocks)
        made += [_piece(one, *ends, facts) for one in blocks for ends in standing[one.block]]
    return tuple(sorted(made, key=lambda one: (one.kind, len(one.first), one.first)))


def _keys(using: str, published: list[PersonSigningKey]) -> tuple[TrustKey, ...]:
    people = {
        row.number: row for row in Person.objects.using(using).filter(number__in={row.person for row in published})
    }
    # A person who moved on leaves the key behind: what it signed was signed where the device stands.
    devices = Device.objects.using(using).filter(device__in={row.device for row in published})
    stations = dict(devices.values_list("device", "station_id"))
    return tuple(_key(row, people.get(row.person), stations.get(row.device, 0)) for row in published)


def _key(row: PersonSigningKey, person: Person | None, station: int) -> TrustKey:
    return TrustKey(
        key_id=bytes.fromhex(row.key_id),
        suite=row.suite,
        raw=bytes(row.key),
        role=Role.PERSON.value,
        subject=row.person,
        name=person.name if person else "",
        name_en=person.name_en if person else "",
        station=station,
        device=bytes.fromhex(row.device),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        valid_before=row.valid_before,
    )


def _piece(cut: CutBlock, first: str, last: str, facts: NumberFacts) -> TrustBlock:
    """A block, or what is left of it: of numbers that came back and were drawn again their later block tells."""
    said, reached = facts.said.get(cut.block, {}), facts.reached.get(cut.block, "")
    inside = ((digits, one) for digits, one in said.items() if first <= digits <= last)
    return TrustBlock(
        kind=cut.kind,
        first=first,
        last=last,
        device=bytes.fromhex(cut.device),
        holder=cut.holder,
        reported_through=min(reached, last) if reached >= first else "",
        exceptions=_joined(_exception(int(digits) - int(first), one) for digits, one in inside),
    )


def _dead(one: DeadNumbers) -> TrustBlock:
    """Numbers that ended in no block: nobody's, and each of them dead."""
    said = NumberException(0, range_size(one.first, one.last), one.standing, 1, one.since_minute)
    nobody = bytes(DEVICE_BYTES)
    return TrustBlock(one.kind, one.first, one.last, nobody, 0, "", (said,))


def _exception(offset: int, said: Said) -> NumberException:
    return NumberException(offset, 1, *msgspec.structs.astuple(said))


def _joined(exceptions: Iterable[NumberException]) -> tuple[NumberException, ...]:
    """Sorted, with neighbours of which the same is to be said put into one."""
    joined: list[NumberException] = []
    for one in sorted(exceptions, key=lambda item: item.offset):
        last = joined[-1] if joined else None
        same = last and msgspec.structs.astuple(last)[2:] == msgspec.structs.astuple(one)[2:]
        if last and same and last.offset + last.count == one.offset:
            joined[-1] = msgspec.structs.replace(last, count=last.count + one.count)
        else:
            joined.append(one)
    return tuple(joined)


@enforces("G46")
def publish(using: str) -> TrustRelease | None:
    """Build, sign and release the trust file; None when nothing changed since the last one of this week.

    With it the list of void, lost and returned numbers goes to every terminal (GX-2014 Art. 26).
    """
    signer = authority_of(using)
    with transaction.atomic(using=using):
        feed.lock_state(using)  # one release at a time: each takes the next number
        last = TrustRelease.objects.using(using).order_by("-seq").first()
        built = build(using, seq=(last.seq if last else 0) + 1)
        known = _content_hash(built)
        fresh = last is not None and built.issued_at - last.issued_at < 7 * MS_PER_DAY
        if last is not None and fresh and bytes(last.content_hash) == known and last.epoch == built.epoch:
            return None
        root, statements = root_documents(using)
        pack = pack_trust(root, statements, sign_document(built, signer).encoded())
        return TrustRelease.objects.using(using).create(
            seq=built.seq, epoch=built.epoch, issued_at=built.issued_at, content_hash=known, pack=pack
        )


def _content_hash(built: TrustFile) -> bytes:
    timeless = msgspec.structs.replace(built, seq=0, issued_at=0, expires=0)
    return sha256(unsigned(timeless).payload)


def newest(using: str, *, than: tuple[int, int]) -> bytes:
    """The pack of the newest release after (epoch, seq); "" when there is none."""
    last = TrustRelease.objects.using(using).order_by("-seq").first()
    return bytes(last.pack) if last is not None and (last.epoch, last.seq) > than else b""
