"""One value, one encoding: everything else is refused, and refusing costs no more than the bytes are long."""

from __future__ import annotations

from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.canonical import MAX_INTEGER, CborError, CborFault, decode, encode

SCALARS = (
    st.integers(-MAX_INTEGER, MAX_INTEGER) | st.binary(max_size=40) | st.text(max_size=40) | st.booleans() | st.none()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5) | st.integers(0, 99), inner, max_size=5)
    ),
    max_leaves=12,
)


def fault_of(raw: bytes, limit: int = 1000) -> CborFault:
    with pytest.raises(CborError) as caught:
        decode(raw, limit)
    return caught.value.fault


@given(VALUES)
def test_what_is_encoded_decodes_to_itself(value: Any) -> None:
    try:
        raw = encode(value)
    except CborError:  # nested deeper than the profile allows
        return
    assert decode(raw, len(raw)) == value
    assert encode(decode(raw, len(raw))) == raw


@given(st.binary(max_size=60))
def test_any_bytes_are_either_the_one_encoding_or_refused(raw: bytes) -> None:
    try:
        value = decode(raw, 60)
    except CborError:
        return
    assert encode(value) == raw


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("", "nothing"),
        ("0000", "two items"),
        ("8201", "array cut short"),
        ("61", "text cut short"),
        ("19ff", "length cut short"),
        ("61ff", "no UTF-8"),
        ("f97e00", "half float"),
        ("fb3ff0000000000000", "double"),
        ("f7", "undefined"),
        ("e0", "simple value"),
        ("c11a5a497a00", "date tag"),
        ("d8235a0000000161", "tag that would compile a regular expression"),
        ("c249ffffffffffffffffff", "big integer"),
        ("1b0020000000000001", "integer above 2^53"),
        ("3b0020000000000000", "integer below -2^53"),
        ("7f6161ff", "indefinite text"),
        ("9f01ff", "indefinite array"),
        ("1c", "reserved length"),
        ("a201020103", "the same key twice"),
        ("a1800102", "an array as key, and a rest"),
    ],
)
def test_bytes_outside_the_profile_are_malformed(raw: str, why: str) -> None:
    assert fault_of(bytes.fromhex(raw)) is CborFault.MALFORMED, why


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("1800", "a number written longer than needed"),
        ("190017", "in two bytes too"),
        ("580161", "a string's length written longer than needed"),
        ("a2616201616101", "keys out of order"),
    ],
)
def test_another_way_to_write_the_same_is_not_canonical(raw: str, why: str) -> None:
    assert fault_of(bytes.fromhex(raw)) is CborFault.NOT_CANONICAL, why


@pytest.mark.parametrize("head", ["9b", "bb", "5b", "7b"])
def test_a_claimed_length_of_2_to_the_63_is_refused_at_once(head: str) -> None:
    assert fault_of(bytes.fromhex(head + "7fffffffffffffff")) is CborFault.MALFORMED


def test_an_array_of_ten_thousand_levels_is_refused() -> None:
    assert fault_of(b"\x81" * 10_000 + b"\x00", 20_000) is CborFault.MALFORMED


def test_depth_eight_is_read_and_depth_nine_is_not() -> None:
    assert decode(b"\x81" * 8 + b"\x00", 20) == [[[[[[[[0]]]]]]]]
    assert fault_of(b"\x81" * 9 + b"\x00") is CborFault.MALFORMED


def test_bytes_beyond_the_limit_are_not_looked_at() -> None:
    assert fault_of(b"\xff" * 11, 10) is CborFault.TOO_LARGE


@pytest.mark.parametrize("value", [1.5, {1.5: 0}, 2**60, -(2**60), {1, 2}, cbor2.undefined, b"".join])
def test_values_without_an_encoding_here_cannot_be_signed(value: object) -> None:
    with pytest.raises((ValueError, cbor2.CBOREncodeError)):
        encode(value)
