"""Released entry bytes mean the same for ever; so do the lives, and a block inside its draw."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from inspector_app.domain.documents import DocumentFault, open_document
from inspector_app.domain.numbering import Block, BlockFault, Draw, check_block
from inspector_app.journal.chain import PrivatePart, WrittenEntry, commitment, entry_hash, genesis, read_entry
from inspector_app.journal.envelope import Verdict, read_envelope, read_private, registered, successor
from inspector_app.suites import verify
from tests.domain.lives import LIVES, life_table
from tests.golden.make import BLOCK, DRAW, GOLDEN, fixtures
from tests.journal.samples import DEVICE, SAMPLES, file_name
from tests.proof_samples import NOW, VET_KEY, keyring

DRIFT = "a released shape never changes: register {next} and a lift, and a fixture for it ({path})"
KINDS = sorted(registered())


def fixture(folder: str, name: str) -> Any:
    return json.loads((GOLDEN / folder / name).read_text("utf-8"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_registered_kind_has_released_bytes(kind: str) -> None:
    """A new kind: add a sample to tests/journal/samples.py and run ``python -m tests.golden.make``."""
    assert kind in SAMPLES
    assert (GOLDEN / "entries" / file_name(kind)).exists()


@pytest.mark.parametrize("name", sorted(fixtures()))
def test_what_is_written_today_is_byte_for_byte_what_was_released(name: str) -> None:
    kind = name.rpartition("/")[2].removesuffix(".json").replace("-", "/")
    told = DRIFT.format(next=successor(kind) if kind in SAMPLES else "a new version", path=name)
    assert (GOLDEN / name).read_bytes() == fixtures()[name], told


@pytest.mark.parametrize("path", sorted((GOLDEN / "entries").iterdir()), ids=lambda path: path.stem)
def test_released_bytes_still_decode_to_their_fact(path: Any) -> None:
    """Also those of shapes nobody writes any more: they are lifted, never forgotten."""
    released = json.loads(path.read_text("utf-8"))
    public = released["public"].encode()
    private_path = GOLDEN / "private" / path.name
    part = None
    if private_path.exists():
        held = json.loads(private_path.read_text("utf-8"))
        part = PrivatePart(bytes.fromhex(held["salt"]), held["content"].encode())
    previous = genesis(DEVICE).hash
    entry = read_entry(previous, WrittenEntry(public, part, bytes.fromhex(released["actor_sig"])))
    assert entry is not None
    assert entry.verdict is Verdict.OK, DRIFT.format(next=successor(released["kind"]), path=path.name)
    assert entry_hash(previous, public).hex() == released["hash"] == entry.hash.hex()
    assert (entry.private is None) == (part is None)
    if released["kind"] in SAMPLES:
        assert (entry.fact, entry.private) == SAMPLES[released["kind"]]
    if entry.fact is not None and entry.fact.ACCOUNTABLE:
        assert verify(VET_KEY.public, "inspector/actor/1", entry.hash, bytes.fromhex(released["actor_sig"]))


@pytest.mark.parametrize("path", sorted((GOLDEN / "private").iterdir()), ids=lambda path: path.stem)
def test_a_released_private_part_opens_its_commitment_and_no_other_does(path: Any) -> None:
    held = json.loads(path.read_text("utf-8"))
    salt, content = bytes.fromhex(held["salt"]), held["content"].encode()
    envelope, _verdict = read_envelope(fixture("entries", path.name)["public"].encode())
    assert envelope is not None
    assert envelope.private == commitment(salt, content)
    assert envelope.private != commitment(salt, content + b" ")
    assert envelope.private != commitment(bytes(16), content)
    assert read_private(held["kind"], content) == SAMPLES[held["kind"]][1]


@pytest.mark.parametrize("name", LIVES)
def test_the_lives_are_those_released(name: str) -> None:
    released = fixture("lives", f"{name}.json")
    told = "a life cycle is part of the entry format: moves may be added by a decision record, never taken away"
    assert life_table(name) == released, told


def test_the_released_block_lies_in_the_released_draw_under_both_signatures() -> None:
    opened = [_opened("draw-1.cbor"), _opened("block-1.cbor")]
    assert opened == [DRAW, BLOCK]
    draw, block = opened
    assert isinstance(draw, Draw)
    assert isinstance(block, Block)
    assert check_block(block, draw, DEVICE, [], station=1) is None
    assert check_block(block, None, DEVICE, []) is BlockFault.DRAW_UNKNOWN
    longer = msgspec.structs.replace(block, last="9900000501")
    assert check_block(longer, draw, DEVICE, []) is BlockFault.OUTSIDE_DRAW


def _opened(name: str) -> msgspec.Struct:
    result = open_document((GOLDEN / "block_in_draw" / name).read_bytes(), keyring(), verify, at_ms=NOW)
    assert not isinstance(result, DocumentFault)
    return result[1]


@pytest.mark.parametrize("name", ["draw-1.cbor", "block-1.cbor"])
def test_one_flipped_bit_of_draw_or_block_is_refused(name: str) -> None:
    raw = bytearray((GOLDEN / "block_in_draw" / name).read_bytes())
    for at in range(0, len(raw), 7):
        raw[at] ^= 1
        assert isinstance(open_document(bytes(raw), keyring(), verify, at_ms=NOW), DocumentFault)
        raw[at] ^= 1
