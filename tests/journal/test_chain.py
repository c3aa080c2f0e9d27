"""The chain: what an act writes, what continues a journal, and what a removed private part leaves standing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.errors import BugError
from inspector_app.journal.chain import (
    ACTOR_CONTEXT,
    SALT_SIZE,
    Act,
    ChainFault,
    Entry,
    Head,
    PrivatePart,
    WrittenEntry,
    commitment,
    entry_hash,
    follow,
    genesis,
    private_holds,
    read_entry,
    reference,
)
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.envelope import MAX_PRIVATE_BYTES, Fact, Verdict, read_envelope
from inspector_app.suites import verify
from tests.journal.samples import DEVICE, MORNING, SAMPLES, SISTER, STAMP, act_on, sign
from tests.journal.shapes import OldWords, Wide, known_shapes
from tests.proof_samples import VET_KEY, SeededRandom

SPOILED = SAMPLES["sheet.spoiled/1"][0]
VOIDED = SAMPLES["certificate.voided/1"][0]


@pytest.fixture(autouse=True, scope="module")
def shapes() -> Iterator[None]:
    with known_shapes():
        yield


def journal(*facts: Fact) -> tuple[Act, list[Entry]]:
    """An act with these facts on an empty journal, and its entries as somebody else reads them."""
    act = act_on()
    for value in facts:
        act.add(value, private=SAMPLES[value.KIND][1], sign=sign)
    return act, read(act.base, act.entries)


def read(head: Head, entries: list[WrittenEntry]) -> list[Entry]:
    found = []
    for written in entries:
        followed = follow(head, written)
        assert not isinstance(followed, ChainFault), followed
        head, entry = followed
        found.append(entry)
    return found


# --- hashes, by hand ------------------------------------------------------------------------------------------------


def test_the_hashes_are_those_that_are_written_down() -> None:
    start = hashlib.sha256(b"inspector/genesis/1" + bytes.fromhex(DEVICE)).digest()
    assert genesis(DEVICE) == Head(DEVICE, 0, start)
    length = (5).to_bytes(8, "big")
    assert entry_hash(start, b"bytes") == hashlib.sha256(b"inspector/entry/1" + start + length + b"bytes").digest()
    promised = hashlib.sha256(b"inspector/private/1" + bytes(16) + b"private").hexdigest()
    assert commitment(bytes(16), b"private") == promised


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_what_is_moved_between_two_entries_changes_the_hash(one: bytes, other: bytes) -> None:
    start = genesis(DEVICE).hash
    together = entry_hash(entry_hash(start, one), other)
    for cut in range(len(one)):
        assert entry_hash(entry_hash(start, one[:cut]), one[cut:] + other) != together


def test_two_devices_never_share_a_beginning() -> None:
    assert genesis(DEVICE).hash != genesis(SISTER).hash


# --- acts -----------------------------------------------------------------------------------------------------------


def test_an_act_names_its_entries_before_they_are_written() -> None:
    act = act_on(Head(DEVICE, 41, b"\x01" * 32))
    assert act.next_ref == f"{DEVICE}/42"
    assert act.add(SPOILED) == f"{DEVICE}/42"
    assert act.next_ref == reference(DEVICE, 43) == f"{DEVICE}/43"
    assert act.base == Head(DEVICE, 41, b"\x01" * 32)


def test_an_act_chains_its_entries_on_its_base() -> None:
    act, entries = journal(SPOILED, VOIDED, SPOILED)
    assert [entry.hash for entry in entries] == act.hashes
    assert [entry.envelope.seq for entry in entries] == [1, 2, 3]
    assert act.head == Head(DEVICE, 3, act.hashes[-1])
    assert [entry.previous for entry in entries] == [genesis(DEVICE).hash, *act.hashes[:-1]]


def test_all_entries_of_an_act_bear_its_time_and_its_person() -> None:
    _act, entries = journal(SPOILED, VOIDED)
    stamps = {(one.envelope.at, one.envelope.mono, one.envelope.boot, one.envelope.actor) for one in entries}
    assert stamps == {(*STAMP, 7)}


def test_an_accountable_entry_carries_the_persons_signature_over_its_hash_and_no_other_does() -> None:
    act, entries = journal(SPOILED, VOIDED)
    assert [bool(one.actor_sig) for one in act.entries] == [False, True]
    assert verify(VET_KEY.public, ACTOR_CONTEXT, entries[1].hash, act.entries[1].actor_sig)
    assert not verify(VET_KEY.public, ACTOR_CONTEXT, entries[0].hash, act.entries[1].actor_sig)


@pytest.mark.parametrize("kind", sorted(kind for kind, (value, _private) in SAMPLES.items() if value.ACCOUNTABLE))
def test_an_accountable_kind_without_a_signature_is_a_bug(kind: str) -> None:
    act = act_on()
    with pytest.raises(BugError, match="needs the person's signature"):
        act.add(SAMPLES[kind][0])
    assert act.entries == []
    assert act.head == act.base


@pytest.mark.parametrize(
    ("value", "private"),
    [
        (SPOILED, Note(text="nobody asked")),
        (SPOILED, PrivatePart(bytes(SALT_SIZE), b"{}")),
        (VOIDED, OldWords(words="another shape")),
        (Wide(), Note(text="another shape")),
    ],
)
def test_a_private_part_that_does_not_suit_its_kind_is_a_bug(value: Fact, private: Any) -> None:
    with pytest.raises(BugError, match="has no such private part"):
        act_on().add(value, private=private, sign=sign)


def test_a_private_part_larger_than_the_province_takes_is_a_bug_here() -> None:
    """It could never be sent, and everything after it would wait for ever."""
    act = act_on()
    act.add(Wide(), private=OldWords(words="x" * (MAX_PRIVATE_BYTES - len('{"words":""}'))))
    with pytest.raises(BugError, match="too_large"):
        act.add(Wide(), private=OldWords(words="x" * MAX_PRIVATE_BYTES))
    assert len(act.entries) == 1


def test_a_private_part_fixed_beforehand_is_the_one_that_is_written() -> None:
    """A credential binds the commitment before the entry exists."""
    act = act_on()
    part, promise = act.commit_private(Note(text="车牌写错"))
    act.add(VOIDED, private=part, sign=sign)
    entry = read(act.base, act.entries)[0]
    assert entry.envelope.private == promise == commitment(part.salt, part.content)
    assert entry.private == Note(text="车牌写错")


def test_every_private_part_gets_a_salt_of_its_own() -> None:
    """Without it a phone number could be found from its hash by trying them all."""
    act = Act(genesis(DEVICE), STAMP, 7, salt=SeededRandom(1).bytes)
    for _ in range(3):
        act.add(VOIDED, private=Note(text="same words"), sign=sign)
    salts = {written.private.salt for written in act.entries if written.private}
    promises = {said.private for written in act.entries if (said := read_envelope(written.public)[0])}
    assert len(salts) == len(promises) == 3
    assert {len(salt) for salt in salts} == {SALT_SIZE}


# --- following a journal --------------------------------------------------------------------------------------------


def test_only_the_next_entry_of_the_same_device_continues_a_journal() -> None:
    act, _entries = journal(SPOILED, SPOILED, SPOILED)
    first, second, third = act.entries
    head = genesis(DEVICE)
    assert follow(head, second) is ChainFault.OUT_OF_SEQUENCE
    assert follow(genesis(SISTER), first) is ChainFault.FOREIGN_DEVICE
    followed = follow(head, first)
    assert not isinstance(followed, ChainFault)
    assert follow(followed[0], first) is ChainFault.OUT_OF_SEQUENCE
    assert follow(followed[0], third) is ChainFault.OUT_OF_SEQUENCE
    assert not isinstance(follow(followed[0], second), ChainFault)


UNREADABLE = WrittenEntry(b"\xff")
ELSEWHERE = act_on(Head(SISTER, 7, bytes(32)))
ELSEWHERE.add(SPOILED)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (UNREADABLE, ChainFault.UNREADABLE),
        (WrittenEntry(ELSEWHERE.entries[0].public[:-1]), ChainFault.UNREADABLE),
        (ELSEWHERE.entries[0], ChainFault.FOREIGN_DEVICE),
    ],
)
def test_of_two_faults_of_an_entry_the_one_listed_first_is_told(written: WrittenEntry, fault: ChainFault) -> None:
    """Unreadable before foreign, foreign before out of sequence."""
    assert follow(genesis(DEVICE), written) is fault
    assert list(ChainFault) == [ChainFault.UNREADABLE, ChainFault.FOREIGN_DEVICE, ChainFault.OUT_OF_SEQUENCE]


def test_an_entry_nobody_understands_still_continues_the_chain() -> None:
    """Recording and judging are separate: what is not canonical, or of a kind unknown here, is kept and passed on."""
    known, _entries = journal(SPOILED)
    public = known.entries[0].public
    for changed, verdict in (
        (public.replace(b"sheet.spoiled/1", b"sheet.spoiled/9"), Verdict.UNKNOWN_KIND),
        (public.replace(b'"print":1', b'"print": 1'), Verdict.NOT_CANONICAL),
        (public.replace(b'"print":1', b'"print":"1"'), Verdict.MALFORMED),
        (public.replace(b'"print":1', b'"print":1,"print":1'), Verdict.NOT_CANONICAL),
    ):
        followed = follow(genesis(DEVICE), WrittenEntry(changed))
        assert not isinstance(followed, ChainFault)
        head, entry = followed
        assert (entry.verdict, entry.fact) == (verdict, None)
        assert head == Head(DEVICE, 1, entry_hash(genesis(DEVICE).hash, changed))


def test_a_forked_journal_shows_itself_in_two_hashes_of_one_seq() -> None:
    """A cloned folder: both copies continue from one head, each truthfully, and cannot hide it."""
    trunk, _entries = journal(SPOILED)
    one, other = act_on(trunk.head, seed=1), act_on(trunk.head, at=MORNING + 1, seed=2)
    one.add(SPOILED)
    other.add(SPOILED)
    heads = []
    for branch in (one, other):
        followed = follow(trunk.head, branch.entries[0])
        assert not isinstance(followed, ChainFault)
        heads.append(followed[0])
    assert heads[0].seq == heads[1].seq == 2
    assert heads[0].hash != heads[1].hash
    after = act_on(other.head)
    after.add(SPOILED)
    crossed = follow(heads[0], after.entries[0])
    assert not isinstance(crossed, ChainFault)
    assert crossed[0].hash != after.head.hash, "the branches never meet again"


@given(st.data())
def test_no_change_anywhere_in_a_journal_leaves_its_head_the_same(data: st.DataObject) -> None:
    act, _entries = journal(SPOILED, VOIDED, SPOILED)
    public = [bytearray(written.public) for written in act.entries]
    which = data.draw(st.integers(0, 2))
    at = data.draw(st.integers(0, len(public[which]) - 1))
    public[which][at] ^= 1 << data.draw(st.integers(0, 7))
    base = genesis(DEVICE).hash
    for one in public:
        base = entry_hash(base, bytes(one))
    assert base != act.head.hash


# --- removing a private part ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(kind for kind, (_value, private) in SAMPLES.items() if private is not None))
def test_without_its_private_part_an_entry_keeps_hash_fact_and_signature(kind: str) -> None:
    act, (whole,) = journal(SAMPLES[kind][0])
    written = act.entries[0]
    bare = read_entry(genesis(DEVICE).hash, msgspec.structs.replace(written, private=None))
    assert bare is not None
    assert (bare.hash, bare.fact, bare.verdict, bare.envelope) == (whole.hash, whole.fact, Verdict.OK, whole.envelope)
    assert bare.private is None
    assert whole.private == SAMPLES[kind][1]


@pytest.mark.parametrize(
    "part",
    [
        PrivatePart(bytes(SALT_SIZE), b'{"text":"another"}'),
        PrivatePart(b"", b""),
        PrivatePart(b"\x01" * SALT_SIZE, b"\xff"),
    ],
)
def test_a_private_part_the_entry_did_not_commit_to_is_not_read(part: PrivatePart) -> None:
    act, (whole,) = journal(VOIDED)
    assert not private_holds(whole.envelope, part)
    swapped = read_entry(genesis(DEVICE).hash, msgspec.structs.replace(act.entries[0], private=part))
    assert swapped is not None
    assert swapped.private is None
    assert swapped.hash == whole.hash


def test_an_entry_without_a_commitment_takes_no_private_part() -> None:
    act, _entries = journal(SPOILED)
    given_one = msgspec.structs.replace(act.entries[0], private=PrivatePart(bytes(16), b"{}"))
    entry = read_entry(genesis(DEVICE).hash, given_one)
    assert entry is not None
    assert entry.private is None


@given(st.lists(st.sampled_from(sorted(SAMPLES)), min_size=1, max_size=12), st.data())
def test_whatever_private_parts_are_removed_the_chain_holds(kinds: list[str], data: st.DataObject) -> None:
    act, entries = journal(*(SAMPLES[kind][0] for kind in kinds))
    kept = data.draw(st.lists(st.booleans(), min_size=len(kinds), max_size=len(kinds)))
    stripped = [
        written if keep else msgspec.structs.replace(written, private=None)
        for written, keep in zip(act.entries, kept, strict=True)
    ]
    again = read(act.base, stripped)
    assert again[-1].hash == act.head.hash
    assert [entry.fact for entry in again] == [entry.fact for entry in entries]
    for before, after in zip(entries, again, strict=True):
        assert after.private in (None, before.private)
