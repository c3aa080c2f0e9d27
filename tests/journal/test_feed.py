"""The feed: documents as received, what stays of them for ever, and the hash a pull states over them."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.canonical import encode
from inspector_app.domain.declaration import OnlineDeclaration
from inspector_app.domain.documents import DocumentFault, sign_document
from inspector_app.domain.quantities import Quantity
from inspector_app.journal.chain import Head, WrittenEntry, genesis
from inspector_app.journal.feed import (
    Pulled,
    RemovablePart,
    feed_hash,
    joined,
    kept_hash,
    part_holds,
    parted,
    read_document,
    read_relayed,
    relay,
)
from tests.golden.make import BLOCK, DRAW
from tests.journal.samples import MORNING, SAMPLES, SISTER, act_on, sign
from tests.proof_samples import AUTHORITY, SERVER

ONLINE = OnlineDeclaration(
    online="O1",
    station=1,
    declared_at=MORNING - 1,
    owner="王𬀩",
    owner_phone="13900000000",
    owner_address="高邮市练习镇",
    permit="苏练（2026）苗种第0001号",
    species=101,
    stage="fry",
    quantity=Quantity(500_000, 0, 1),
    purpose=1,
    origin=321084,
    origin_place="一号塘",
    pond="1",
    destination=321281,
    destination_place="兴化市练习镇",
    consignee="李㛃",
    wild=False,
    departs_at=MORNING + 86_400_000,
    remarks="清晨起运",
)


def sisters(kind: str, *, private: bool = True) -> tuple[bytes, WrittenEntry]:
    """A sister's entry of a kind with the hash before it."""
    head = Head(SISTER, 8, b"\x08" * 32)
    act = act_on(head)
    act.add(SAMPLES[kind][0], private=SAMPLES[kind][1] if private else None, sign=sign)
    return head.hash, act.entries[0]


def feed() -> list[Pulled]:
    return [
        Pulled("1-ab", 1, "draw/1", sign_document(DRAW, AUTHORITY).encoded()),
        Pulled("1-ab", 2, "block/1", sign_document(BLOCK, SERVER).encoded()),
        Pulled("1-ab", 4, "entry", relay(*sisters("certificate.voided/1"))),
        Pulled("1-ab", 5, "entry", relay(*sisters("sheet.spoiled/1"))),
        Pulled("1-ab", 9, "online_declaration/1", sign_document(ONLINE, SERVER).encoded()),
    ]


# --- reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_a_relayed_entry_reads_as_at_its_own_device(kind: str) -> None:
    previous, written = sisters(kind)
    entry = read_relayed(relay(previous, written))
    assert entry is not None
    assert (entry.fact, entry.private) == SAMPLES[kind]
    assert entry.ref == f"{SISTER}/9"
    assert entry.previous == previous


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        encode([b"a", b"b"]),
        encode([b"a", b"b", b"c", b"d", "no bytes"]),
        encode([b"a" * 32, b"\xff\xff", b"", b"", b""]),
        encode([b"a" * 32, b"{}", b"", b"", b""]),
        encode([genesis(SISTER).hash, b"x" * 300_000, b"", b"", b""]),
    ],
    ids=["empty", "garbage", "short", "text", "no utf-8", "no envelope", "too large"],
)
def test_what_is_no_relayed_entry_is_none(content: bytes) -> None:
    assert read_relayed(content) is None


def test_a_document_reads_as_its_struct_and_garbage_as_a_fault() -> None:
    assert read_document(feed()[0].content) == DRAW
    assert isinstance(read_document(b"\x00"), DocumentFault)


# --- what stays and what may go -------------------------------------------------------------------------------------


def test_of_each_document_only_what_is_personal_can_be_removed() -> None:
    parts = [part for _kept, part in map(parted, feed())]
    assert [part and part.ref for part in parts] == [None, None, f"{SISTER}/9", None, "online/O1"]


@pytest.mark.parametrize("place", range(5))
def test_a_document_parted_and_joined_is_the_one_received(place: int) -> None:
    document = feed()[place]
    kept, part = parted(document)
    assert joined(kept, part) == document
    assert part is None or part_holds(kept, part)


@pytest.mark.parametrize("place", [2, 4])
def test_nothing_personal_is_in_what_stays(place: int) -> None:
    kept, part = parted(feed()[place])
    assert part is not None
    for word in ("王𬀩", "李㛃", "车牌写错", "13900000000", "高邮"):
        assert word.encode() not in kept.content
    assert "车牌写错".encode() in part.content or "王𬀩".encode() in part.content


def test_a_relayed_entry_without_its_private_part_is_read_like_one_whose_retention_has_ended() -> None:
    kept, part = parted(feed()[2])
    entry = read_relayed(kept.content)
    assert part is not None
    assert entry is not None
    assert entry.private is None
    assert entry.fact == SAMPLES["certificate.voided/1"][0]
    whole = read_relayed(feed()[2].content)
    assert whole is not None
    assert entry.hash == whole.hash


def test_a_private_part_the_sister_never_committed_to_is_not_kept_at_all() -> None:
    previous, written = sisters("certificate.voided/1", private=False)
    foreign = msgspec.structs.replace(written, private=sisters("certificate.voided/1")[1].private)
    kept, part = parted(Pulled("1-ab", 4, "entry", relay(previous, foreign)))
    assert part is None
    assert kept.content == relay(previous, written)


@pytest.mark.parametrize("place", [2, 4])
def test_a_removable_part_that_was_changed_does_not_hold(place: int) -> None:
    kept, part = parted(feed()[place])
    assert part is not None
    changed = part.content.replace("李".encode(), "张".encode()).replace("车".encode(), "船".encode())
    assert not part_holds(kept, part._replace(content=changed))
    assert not part_holds(kept, part._replace(ref="online/O2"))


@pytest.mark.parametrize("content", [b"", b"\xff", b"\x80"])
def test_a_document_that_cannot_be_read_is_kept_whole(content: bytes) -> None:
    document = Pulled("1-ab", 3, "entry", content)
    assert parted(document) == (document, None)
    assert joined(document, RemovablePart("x", b"", b"")) == document


# --- the hash of a pull ---------------------------------------------------------------------------------------------


def test_the_hash_of_a_pull_is_the_same_with_and_without_what_retention_removes() -> None:
    assert feed_hash(feed()) == kept_hash(kept for kept, _part in map(parted, feed()))


@given(st.sampled_from(range(5)), st.sampled_from(["cursor", "kind", "content", "lost", "twice", "swapped"]))
def test_any_change_of_a_pull_changes_its_hash(place: int, change: str) -> None:
    documents = feed()
    one = documents[place]
    match change:
        case "cursor":
            documents[place] = one._replace(cursor=one.cursor + 1)
        case "kind":
            documents[place] = one._replace(kind="draw/2")
        case "content":
            documents[place] = one._replace(content=one.content[:-1] + bytes([one.content[-1] ^ 1]))
        case "lost":
            del documents[place]
        case "twice":
            documents.insert(place, one)
        case _:
            documents[place], documents[place - 1] = documents[place - 1], documents[place]
    assert feed_hash(documents) != feed_hash(feed())
