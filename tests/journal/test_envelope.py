"""The envelope: its limits, the two steps of decoding, and that the same bytes always mean the same."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.errors import BugError
from inspector_app.journal.envelope import (
    MAX_BYTES,
    MAX_INTEGER,
    MAX_PRIVATE_BYTES,
    VERSION,
    Envelope,
    Fact,
    Verdict,
    encode,
    encode_fact,
    fact,
    lifts,
    read_envelope,
    read_fact,
    read_private,
    successor,
)
from tests.journal.samples import DEVICE, SAMPLES
from tests.journal.shapes import NewWords, OldWords, Weighed1, Weighed3, Wide, known_shapes

pytestmark = pytest.mark.usefixtures("shapes")
SPOILED = SAMPLES["sheet.spoiled/1"][0]


def envelope(value: Fact = SPOILED, **changes: Any) -> Envelope:
    made = Envelope(
        v=VERSION,
        device=DEVICE,
        seq=1,
        at=1_795_136_400_000,
        mono=5,
        boot="b0",
        actor=7,
        kind=value.KIND,
        fact=encode_fact(value),
    )
    return msgspec.structs.replace(made, **changes)


@pytest.fixture(scope="module")
def shapes() -> Iterator[None]:
    with known_shapes():
        yield


def raw(fact_bytes: bytes, kind: str = "test.wide/1", **changes: Any) -> bytes:
    """Public bytes around a fact written by hand."""
    return msgspec.json.encode(envelope(kind=kind, fact=msgspec.Raw(fact_bytes), **changes))


def verdict_of(public: bytes) -> Verdict:
    found, verdict = read_envelope(public)
    if found is None or verdict is not Verdict.OK:
        return verdict
    return read_fact(found)[1]


WIDE = b'{"text":"","number":0,"flag":false,"deep":[]}'


def wide(old: bytes, new: bytes) -> bytes:
    assert old in WIDE
    return raw(WIDE.replace(old, new))


# --- what is written is what is read --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_every_kind_reads_back_as_it_was_written(kind: str) -> None:
    value, private = SAMPLES[kind]
    public = encode(envelope(value, private="ab" * 32 if private else ""))
    found, verdict = read_envelope(public)
    assert verdict is Verdict.OK
    assert found is not None
    assert read_fact(found) == (value, Verdict.OK)
    assert msgspec.json.encode(found) == public


@given(st.text(max_size=300), st.integers(-MAX_INTEGER, MAX_INTEGER), st.booleans())
def test_any_text_and_any_integer_within_the_limits_comes_back(text: str, number: int, flag: bool) -> None:
    try:
        public = encode(envelope(Wide(text=text, number=number, flag=flag)))
    except UnicodeEncodeError:
        assert any("\ud800" <= character <= "\udfff" for character in text)
        return
    assert read_fact(read_envelope(public)[0] or envelope())[0] == Wide(text=text, number=number, flag=flag)


@pytest.mark.parametrize("number", [MAX_INTEGER, -MAX_INTEGER, 0])
def test_integers_up_to_two_to_the_53_are_kept_exactly(number: int) -> None:
    assert verdict_of(encode(envelope(Wide(number=number)))) is Verdict.OK


@pytest.mark.parametrize("number", [MAX_INTEGER + 1, -MAX_INTEGER - 1, 2**64, -(2**80)])
def test_a_larger_integer_is_neither_written_nor_read(number: int) -> None:
    with pytest.raises(BugError, match="malformed"):
        encode(envelope(Wide(number=number)))
    assert verdict_of(wide(b'"number":0', b'"number":%d' % number)) is Verdict.MALFORMED


# --- limits ---------------------------------------------------------------------------------------------------------


def test_an_entry_of_exactly_64_kilobytes_is_kept_and_one_byte_more_is_too_large() -> None:
    room = MAX_BYTES - len(raw(WIDE))
    full = encode(envelope(Wide(text="x" * room)))
    assert len(full) == MAX_BYTES
    assert verdict_of(full) is Verdict.OK
    with pytest.raises(BugError, match="too_large"):
        encode(envelope(Wide(text="x" * (room + 1))))
    assert read_envelope(full + b" ") == (None, Verdict.TOO_LARGE)


def test_depth_eight_is_kept_and_depth_nine_is_malformed() -> None:
    deepest = Wide(deep=[[[[[[]]]]]])
    assert verdict_of(encode(envelope(deepest))) is Verdict.OK
    with pytest.raises(BugError, match="malformed"):
        encode(envelope(Wide(deep=[[[[[[[1]]]]]]])))


@pytest.mark.parametrize("bracket", [b"[", b'{"a":', b"[[]," * 3 + b"["])
def test_bytes_nested_without_end_are_malformed_and_recurse_nowhere(bracket: bytes) -> None:
    assert verdict_of(bracket * (MAX_BYTES // len(bracket))) is Verdict.MALFORMED


@pytest.mark.parametrize(
    "text", ["[" * 50, '"' * 9 + "[" * 9, "\\" * 7 + "{" * 20, '\\"' * 30 + "]" * 9, "[{" * 30 + "\\"]
)
def test_brackets_and_quotes_inside_strings_are_only_text(text: str) -> None:
    public = encode(envelope(Wide(text=text)))
    assert verdict_of(public) is Verdict.OK


@pytest.mark.parametrize(
    "hostile",
    [b'"' + b'\\"' * 32_000, b'"' * 65_535, b'{"a":"' + b"\\" * 65_000, b'"\\' * 32_000, b'"a' * 32_000 + b"[" * 9],
    ids=["escaped quotes", "quotes", "backslashes", "half escapes", "open strings"],
)
def test_hostile_bytes_cost_no_more_than_honest_ones(hostile: bytes) -> None:
    started = time.process_time()
    assert verdict_of(hostile) is Verdict.MALFORMED
    assert time.process_time() - started < 0.5, "quadratic: 64 KB took 12 s before"


# --- what is not an entry -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "public",
    [
        b"",
        b" ",
        b"null",
        b"1",
        b"[]",
        b'"entry"',
        b"{}",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b'{"v":1',
        b"{'v':1}",
        WIDE,
        raw(WIDE)[:-1],
        raw(WIDE) + b"}",
        raw(WIDE) + b"\x00",
        raw(WIDE).replace(b'"seq":1', b'"seq":"1"'),
        raw(WIDE).replace(b'"seq":1', b'"seq":true'),
        raw(WIDE).replace(b'"seq":1,', b""),
        raw(WIDE).replace(b'"v":1', b'"v":1,"prev":"00"'),
    ],
    ids=lambda public: public[:24].decode("latin-1"),
)
def test_bytes_that_are_no_envelope_are_malformed(public: bytes) -> None:
    assert read_envelope(public) == (None, Verdict.MALFORMED)


@pytest.mark.parametrize(
    "value",
    [
        b"null",
        b"1.0",
        b"1e3",
        b"-0.0",
        b"1E400",
        b"NaN",
        b"Infinity",
        b"01",
        b"+1",
        b'"\xff"',
        b'"\\ud800"',
        b'"\t"',
        b"9" * 5_000,
    ],
    ids=lambda value: value[:12].decode("latin-1"),
)
@pytest.mark.parametrize("kind", ["test.wide/1", "nobody.knows/1"])
def test_values_that_entries_do_not_have_are_malformed_in_any_kind(value: bytes, kind: str) -> None:
    public = raw(WIDE.replace(b'"number":0', b'"number":0,"odd":' + b"7"), kind=kind).replace(
        b'"odd":7', b'"odd":' + value
    )
    assert read_envelope(public) == (None, Verdict.MALFORMED)


@pytest.mark.parametrize("place", ["envelope", "fact", "unknown kind"])
def test_bytes_that_are_no_utf8_are_malformed_wherever_they_stand(place: str) -> None:
    public = {
        "envelope": raw(WIDE, boot="BAD"),
        "fact": wide(b'"text":""', b'"text":"BAD"'),
        "unknown kind": raw(b'{"a":"BAD"}', kind="nobody.knows/1"),
    }[place]
    for bad in (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"):
        assert read_envelope(public.replace(b"BAD", bad)) == (None, Verdict.MALFORMED)


# --- one way to write it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "public",
    [
        wide(b'"number":0', b'"number":1,"number":0'),
        wide(b'"text":"",', b'"text":"","text":"",'),
        wide(b'"number":0', b'"number": 0'),
        wide(b'"number":0', b'"number":-0'),
        wide(b'"text":""', b'"text":"\\u0041"'),
        wide(b'"text":""', b'"text":"\\/"'),
        raw(b'{"number":0,"text":"","flag":false,"deep":[]}'),
        raw(b"{}"),
        raw(b'{"a":1,"a":1}', kind="nobody.knows/1"),
        raw(b'{"a": 1}', kind="nobody.knows/1"),
        raw(WIDE).replace(b'"v":1,', b'"v":1,"v":1,'),
        raw(WIDE).replace(b'"v":1,', b'"v":1, '),
        raw(WIDE) + b"\n",
        raw(WIDE)[:-1] + b',"private":""}',
        raw(WIDE).replace(b'"v":1,"device":"%s"' % DEVICE.encode(), b'"device":"%s","v":1' % DEVICE.encode()),
    ],
    ids=[
        "doubled key", "doubled equal key", "blank", "minus zero", "escaped letter", "escaped slash", "other order",
        "defaults left out", "unknown kind, doubled key", "unknown kind, blank", "envelope, doubled key",
        "envelope, blank", "line end", "default written out", "envelope, other order",
    ],
)  # fmt: skip
def test_the_same_thing_written_another_way_is_not_canonical(public: bytes) -> None:
    assert verdict_of(public) is Verdict.NOT_CANONICAL


def test_a_field_nobody_knows_is_malformed_in_a_known_kind() -> None:
    assert verdict_of(wide(b'"number":0', b'"number":0,"surprise":1')) is Verdict.MALFORMED


@pytest.mark.parametrize("value", [b'"one"', b"true", b"[1]", b'{"a":1}'])
def test_a_value_of_another_type_is_malformed(value: bytes) -> None:
    assert verdict_of(wide(b'"number":0', b'"number":' + value)) is Verdict.MALFORMED


@given(st.integers(0, len(raw(WIDE)) - 1), st.integers(0, 7))
def test_no_flipped_bit_is_taken_for_the_entry_that_was_written(at: int, bit: int) -> None:
    changed = bytearray(raw(WIDE))
    changed[at] ^= 1 << bit
    found, verdict = read_envelope(bytes(changed))
    read = None if found is None or verdict is not Verdict.OK else read_fact(found)[0]
    assert (found, read) != (envelope(Wide()), Wide())


# --- kinds of other versions ----------------------------------------------------------------------------------------


def test_an_unknown_kind_is_kept_as_it_is_for_a_newer_program() -> None:
    public = raw(b'{"species":101,"words":["a"]}', kind="harvest.weighed/1")
    found, verdict = read_envelope(public)
    assert verdict is Verdict.OK
    assert found is not None
    assert read_fact(found) == (None, Verdict.UNKNOWN_KIND)
    assert msgspec.json.encode(found) == public


def test_a_known_kind_in_an_envelope_of_another_version_is_not_guessed_at() -> None:
    found, verdict = read_envelope(raw(WIDE, v=VERSION + 1))
    assert verdict is Verdict.OK
    assert found is not None
    assert read_fact(found) == (None, Verdict.UNKNOWN_KIND)


def test_an_old_shape_is_lifted_step_by_step_to_the_newest() -> None:
    found, _verdict = read_envelope(encode(envelope(Weighed1(grams=3))))
    assert found is not None
    assert found.kind == "test.weighed/1"
    assert read_fact(found) == (Weighed3(milligrams=[3_000], method="scale"), Verdict.OK)


@pytest.mark.parametrize("kind", ["test.weighed/1", "test.weighed/2"])
def test_an_old_private_part_is_lifted_along(kind: str) -> None:
    assert read_private(kind, msgspec.json.encode(OldWords(words="三克"))) == NewWords(zh="三克")


def test_the_newest_private_part_stays_as_it_is() -> None:
    newest = NewWords(zh="三克", en="three grams")
    assert read_private("test.weighed/3", msgspec.json.encode(newest)) == newest


def test_the_next_shape_of_a_kind_has_the_next_number() -> None:
    assert successor("inspection.completed/9") == "inspection.completed/10"


def test_a_kind_cannot_be_registered_twice() -> None:
    with pytest.raises(BugError, match="is registered twice"):

        @fact("test.wide/1")
        class Again(Fact, frozen=True):
            """Never known."""


@pytest.mark.parametrize("kind", ["test.weighed/1", "test.weighed/3", "nobody.knows/1"])
def test_a_lift_leads_once_from_a_known_shape_to_a_known_shape(kind: str) -> None:
    with pytest.raises(BugError, match="is lifted twice, or one of the two shapes is not registered"):
        lifts(kind)(lambda old: old)


# --- private parts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("test.wide/1", b""),
        ("test.wide/1", b"{"),
        ("test.wide/1", b"\xff"),
        ("test.wide/1", b'{"words":1}'),
        ("test.wide/1", b'{"words":"a","more":1}'),
        ("test.wide/1", b'{"words":"' + b"a" * MAX_PRIVATE_BYTES + b'"}'),
        ("sheet.spoiled/1", b'{"words":"a"}'),
        ("nobody.knows/1", b'{"words":"a"}'),
    ],
    ids=["empty", "open", "no utf-8", "other type", "unknown field", "too large", "kind without", "unknown kind"],
)
def test_a_private_part_that_cannot_be_read_is_none(kind: str, content: bytes) -> None:
    assert read_private(kind, content) is None
