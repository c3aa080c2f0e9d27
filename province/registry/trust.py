"""The trust file (可信数据): what anybody needs to judge a certificate offline, built from what the province knows.

Building reads the projections; signing needs the authority key. The public page judges by the same structure, built
fresh and unsigned.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from django.db import transaction

from inspector_app.clock import MS_PER_DAY, MS_PER_MINUTE
from inspector_app.domain.documents import PRACTICE_PROVINCE, Role, sign_document, unsigned
from inspector_app.domain.numbering import NumberState
from inspector_app.domain.trust import (
    NumberException,
    Standing,
    TrustBlock,
    TrustFile,
    TrustKey,
    TrustStation,
    pack_trust,
)
from inspector_app.journal.projections import Row
from inspector_app.suites import sha256
from province import provinces
from province.journal import feed
from province.journal.models import FeedDocument, State
from province.journal.rows import DjangoRows
from province.numbers.models import CutBlock
from province.registry.models import Person, PersonSigningKey, PublishedGrant, Station, TrustRelease
from province.registry.publishing import authority_of
from sync.protocol import epoch_number

TRUST_LIFE_MS = 30 * MS_PER_DAY
_BY_STATE = {"voided": Standing.VOIDED, "replaced": Standing.REPLACED}
_BY_NUMBER = {NumberState.WITHDRAWN: Standing.WITHDRAWN, NumberState.LOST: Standing.LOST}


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
    return _build(using, list(published), list(blocks), seq=seq)


def build_about(using: str, *, key_id: bytes, kind: str, digits: str) -> TrustFile:
    """What the trust file would say about one certificate: its signer's key and the block of its number."""
    published = PersonSigningKey.objects.using(using).filter(cursor__gt=0, key_id=key_id.hex())
    about = CutBlock.objects.using(using).filter(kind=kind, first__lte=digits, last__gte=digits)
    blocks = [block for block in about if len(block.first) == len(digits)]
    return _build(using, list(published), blocks)


def _build(using: str, published: list[PersonSigningKey], blocks: list[CutBlock], *, seq: int = 0) -> TrustFile:
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
        blocks=_blocks(using, blocks),
    )


def _keys(using: str, published: list[PersonSigningKey]) -> tuple[TrustKey, ...]:
    numbers = {row.person for row in published}
    people = {row.number: row for row in Person.objects.using(using).filter(number__in=numbers)}
    grants = PublishedGrant.objects.using(using).filter(person__in=numbers).order_by("ordinal")
    stations = {row.person_id: row.station for row in grants}
    return tuple(_key(row, people.get(row.person), stations.get(row.person, 0)) for row in published)


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


def _blocks(using: str, blocks: list[CutBlock]) -> tuple[TrustBlock, ...]:
    rows = DjangoRows(using)
    contested = disputed(rows) if blocks else set()
    made = [_block(rows, one, contested) for one in blocks]
    return tuple(sorted(made, key=lambda one: (one.kind, len(one.first), one.first)))


def disputed(rows: DjangoRows) -> set[str]:
    """References of the entries that do not hold."""
    return {f"{row['device']}/{row['seq']}" for row in rows.many("verdicts", holds=0)}


def _block(rows: DjangoRows, cut: CutBlock, contested: set[str]) -> TrustBlock:
    first = int(cut.first)
    listed = _within(rows, "notices" if cut.kind == "N" else "certificates", cut)
    exceptions = [_exception(row, first, contested) for row in listed]
    for state, standing in _BY_NUMBER.items():
        ended = _within(rows, "numbers", cut, state=state.value)
        exceptions += [NumberException(int(str(row["digits"])) - first, 1, standing, 1, 0) for row in ended]
    return TrustBlock(
        kind=cut.kind,
        first=cut.first,
        last=cut.last,
        device=bytes.fromhex(cut.device),
        holder=cut.holder,
        reported_through=max((str(row["digits"]) for row in listed), default=""),
        exceptions=_joined(one for one in exceptions if one is not None),
    )


def _within(rows: DjangoRows, table: str, cut: CutBlock, **equal: str) -> list[Row]:
    return rows.between(table, column="digits", first=cut.first, last=cut.last, kind=cut.kind, **equal)


def _exception(row: Row, first: int, contested: set[str]) -> NumberException | None:
    standing = _BY_STATE.get(str(row.get("state")), Standing.IN_FORCE)
    if standing is Standing.IN_FORCE and row["ref"] in contested:
        standing = Standing.DISPUTED
    current = int(row.get("current_print") or 1)
    if standing is Standing.IN_FORCE and current == 1:
        return None
    since = int(row.get("void_at") or row["issued_at"] or 0) // MS_PER_MINUTE
    return NumberException(int(str(row["digits"])) - first, 1, standing, current, since)


def _joined(exceptions: Iterable[NumberException]) -> tuple[NumberException, ...]:
    """Sorted, with neighbours of which the same is to be said put into one."""
    joined: list[NumberException] = []
    for one in sorted(exceptions, key=lambda item: item.offset):
        last = joined[-1] if joined else None
        same = last and (last.standing, last.current_print, last.since_minute) == (
            one.standing,
            one.current_print,
            one.since_minute,
        )
        if last and same and last.offset + last.count == one.offset:
            joined[-1] = msgspec.structs.replace(last, count=last.count + one.count)
        else:
            joined.append(one)
    return tuple(joined)


def publish(using: str) -> TrustRelease | None:
    """Build, sign and release the trust file; None when nothing changed since the last one of this week."""
    signer = authority_of(using)
    with transaction.atomic(using=using):
        feed.lock_state(using)  # two of one number would be refused by the second one's database
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
