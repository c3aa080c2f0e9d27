"""Whatever stands in a sister's entries or in documents, a pull goes on: recorded, set aside if need be, never a fault.

A sister may be damaged, cloned, of another version, or somebody's experiment. Her values are absurd here on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector_app.domain.documents import sign_document
from inspector_app.journal.chain import Head, WrittenEntry, entry_hash, genesis
from inspector_app.journal.envelope import MAX_INTEGER, VERSION, Envelope
from inspector_app.journal.feed import relay
from inspector_app.store.doctor import examine
from tests.golden.make import BLOCK, DRAW
from tests.journal.samples import MORNING, NUMBER, SAMPLES, SISTER
from tests.journal.test_feed import ONLINE
from tests.proof_samples import AUTHORITY, SERVER
from tests.store.homes import Home, block_document, draw_document

WANTED = {"kind": "B", "wanted": 3, "emergency": False}
KINDS_OF_DOCUMENT = ["entry", "block/1", "draw/1", "online_declaration/1", "x/9", ""]
INTEGERS = [0, -1, 1, 2**31, MAX_INTEGER, -MAX_INTEGER]
TEXTS = [
    "",
    "x",
    "/",
    f"{SISTER}/1",
    f"{SISTER}/99999999999999999999",
    str(NUMBER),
    "not-hex",
    "printed",
    "𬀩 words",
    "9" * 5_000,
]


def variants(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any]]:
    """A fact's plain values with one leaf replaced by something absurd, in every way."""
    match value:
        case bool():
            yield from ((f"{path}", other) for other in (not value,))
        case int():
            yield from ((f"{path}={other}", other) for other in INTEGERS)
        case str():
            yield from ((f"{path}={other[:12]}", other) for other in TEXTS)
        case dict():
            for name in value:
                for label, other in variants(value[name], (*path, name)):
                    yield label, value | {name: other}
        case list():
            yield f"{path}=[]", []
            yield f"{path}*300", value * 300
            for place, item in enumerate(value[:1]):
                for label, other in variants(item, (*path, place)):
                    yield label, [*value[:place], other, *value[place + 1 :]]
        case _:
            raise AssertionError(f"no entry holds {value!r}")


class LooseSister:
    """A sister whose program checks nothing."""

    def __init__(self) -> None:
        self.head = genesis(SISTER)

    def says(self, kind: str, fact: Any, *, at: int = MORNING) -> tuple[str, bytes]:
        """The relayed document of an entry with this fact, as it is."""
        envelope = Envelope(
            v=VERSION,
            device=SISTER,
            seq=self.head.seq + 1,
            at=at,
            mono=0,
            boot="",
            actor=7,
            kind=kind,
            fact=msgspec.Raw(msgspec.json.encode(fact)),
        )
        public = msgspec.json.encode(envelope)
        previous, self.head = self.head.hash, Head(SISTER, self.head.seq + 1, entry_hash(self.head.hash, public))
        return "entry", relay(previous, WrittenEntry(public))


@pytest.fixture
def station(home: Home) -> Home:
    """A device with numbers, a declaration, a certificate of its own, printed."""
    home.record(SAMPLES["person.key_added/1"][0])
    home.pull(draw_document(), block_document(1, 20))
    home.record(*(SAMPLES[kind][0] for kind in ("declaration.recorded/1", "inspection.completed/1", "sample.taken/1")))
    home.record(SAMPLES["certificate.issued/1"][0], SAMPLES["print.submitted/1"][0])
    return home


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_no_value_in_a_sisters_entry_stops_a_pull(station: Home, kind: str) -> None:
    sister = LooseSister()
    plain = msgspec.to_builtins(SAMPLES[kind][0])
    told = [sister.says(kind, fact) for _label, fact in variants(plain)]
    told += [sister.says(kind, plain, at=at) for at in INTEGERS]
    for start in range(0, len(told), 40):
        station.pull(*told[start : start + 40])
    station.pull(sister.says("block.requested/1", WANTED))
    assert station.store.rows.one("block_requests", ref=f"{SISTER}/{sister.head.seq}") is not None
    assert examine(station.store) == []


def test_a_print_of_absurdly_many_sheets_is_set_aside_at_once(station: Home) -> None:
    sister = LooseSister()
    submitted = msgspec.to_builtins(SAMPLES["print.submitted/1"][0]) | {"sheets": MAX_INTEGER}
    ended = {"attempt": f"{SISTER}/1", "outcome": "printed", "source": "person"}
    station.pull(sister.says("print.submitted/1", submitted), sister.says("print.ended/1", ended))
    assert [row["ref"] for row in station.store.rows.many("set_aside")] == [f"{SISTER}/2"]
    assert station.store.rows.many("sheets") == []


@pytest.mark.parametrize("at", [MAX_INTEGER, -MAX_INTEGER])
def test_a_sheet_moved_on_a_day_that_no_calendar_has_is_set_aside(station: Home, at: int) -> None:
    sister = LooseSister()
    submitted = msgspec.to_builtins(SAMPLES["print.submitted/1"][0])
    ended = {"attempt": f"{SISTER}/1", "outcome": "printed", "source": "person"}
    station.pull(sister.says("print.submitted/1", submitted), sister.says("print.ended/1", ended, at=at))
    assert [row["ref"] for row in station.store.rows.many("set_aside")] == [f"{SISTER}/2"]


DOCUMENTS = {
    "a block of a billion numbers": (msgspec.structs.replace(BLOCK, first="0", last="9" * 12), SERVER),
    "a block without numbers": (msgspec.structs.replace(BLOCK, first="x", last="y"), SERVER),
    "a block that goes backwards": (msgspec.structs.replace(BLOCK, first="9", last="1"), SERVER),
    "a draw of nonsense": (msgspec.structs.replace(DRAW, first="", last="", station=-1), AUTHORITY),
    "an online declaration of no day": (msgspec.structs.replace(ONLINE, departs_at=MAX_INTEGER), SERVER),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_stops_a_pull(station: Home, name: str) -> None:
    """Services refuse a wrong block when it arrives; what is stored all the same must not wedge the home."""
    value, key = DOCUMENTS[name]
    signed = sign_document(value, key)
    station.pull(
        (signed.type, signed.encoded()),
        LooseSister().says("block.requested/1", WANTED),
    )
    assert len(station.store.rows.many("block_requests")) == 1
    assert examine(station.store) == []


@given(
    content=st.binary(max_size=200),
    kind=st.sampled_from(KINDS_OF_DOCUMENT),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_garbage_of_any_kind_is_kept_and_changes_nothing(station: Home, content: bytes, kind: str) -> None:
    station.pull((kind, content))
    pull = station.store.rows.one("pulls", device=station.store.device)
    assert pull is not None
    (held,) = station.store.documents(str(pull["epoch"]), int(pull["last"] or 0), int(pull["last"] or 0))
    assert (held.kind, held.content) == (kind, content)
    assert station.store.rows.many("blocks", draw="") == []
