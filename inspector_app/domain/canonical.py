"""The one way our signed things are written as bytes: a narrow, deterministic CBOR (RFC 8949, 4.2).

Allowed: integers within ±2^53, byte strings, UTF-8 text, arrays, maps, true, false, null; lengths definite and
shortest, map keys sorted and single. Not allowed: floats, tags, undefined, indefinite lengths. A tag could make a
decoder compile a regular expression or build a huge integer, so the bytes are walked before `cbor2` sees them, and the
walk costs no more than the bytes are long, whatever lengths they claim.

Every value has one encoding, and `decode` accepts only that one: what is signed is what is stored is what is read.
"""

from __future__ import annotations

import enum
from typing import Any, Final

import cbor2

MAX_INTEGER: Final = 2**53
MAX_DEPTH: Final = 8
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_FALSE_TRUE_NULL: Final = frozenset({20, 21, 22})


class CborFault(enum.StrEnum):
    """Why bytes are not ours, in order of precedence."""

    TOO_LARGE = "too_large"
    MALFORMED = "malformed"
    NOT_CANONICAL = "not_canonical"


class CborError(ValueError):
    """Raised by `decode` for bytes that are not the canonical encoding of an allowed value."""

    def __init__(self, fault: CborFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def encode(value: Any) -> bytes:
    """The value's only encoding. ValueError for a value outside the allowed kinds or deeper than 8."""
    raw = cbor2.dumps(value, canonical=True)
    _walk_all(raw)
    return raw


def decode(raw: bytes, max_bytes: int) -> Any:
    """The value whose encoding `raw` is. Raises CborError for everything else, without unbounded work."""
    if len(raw) > max_bytes:
        raise CborError(CborFault.TOO_LARGE)
    _walk_all(raw)
    try:
        value = cbor2.loads(raw, allow_duplicate_keys=False)
    except (cbor2.CBORDecodeError, ValueError, TypeError) as problem:
        raise CborError(CborFault.MALFORMED) from problem
    if cbor2.dumps(value, canonical=True) != raw:
        raise CborError(CborFault.NOT_CANONICAL)
    return value


def _walk_all(raw: bytes) -> None:
    """Step over one item, whatever is in it; it must be all there is."""
    at, end, left = 0, len(raw), [1]  # left: how many items are still to come in each container that is open
    while left:
        if not left[-1]:
            left.pop()
            continue
        left[-1] -= 1
        if at >= end:
            _refuse()
        major, argument = raw[at] >> 5, raw[at] & 0x1F
        at += 1
        if argument >= 24:
            argument, at = _argument(raw, at, major, argument)
        if major in (_ARRAY, _MAP):
            items = argument * (1 + (major == _MAP))
            # Each takes a byte at least, so a claimed length beyond the rest is refused before it is counted through.
            if len(left) > MAX_DEPTH or items > end - at:
                _refuse()
            left.append(items)
        else:
            at = _after(major, argument, at, end)
    if at != end:
        _refuse()


def _argument(raw: bytes, at: int, major: int, low: int) -> tuple[int, int]:
    """An argument written after its item's first byte, and where what follows begins."""
    width = 1 << (low - 24)
    if low > 27 or major == _SIMPLE or at + width > len(raw):
        _refuse()
    return int.from_bytes(raw[at : at + width]), at + width


def _after(major: int, argument: int, at: int, end: int) -> int:
    """Where the item after a plain one begins."""
    if major in (_UNSIGNED, _NEGATIVE):
        return at if argument + (major == _NEGATIVE) <= MAX_INTEGER else _refuse()
    if major in (_BYTES, _TEXT):
        return at + argument if at + argument <= end else _refuse()
    return at if major == _SIMPLE and argument in _FALSE_TRUE_NULL else _refuse()


def _refuse() -> int:
    raise CborError(CborFault.MALFORMED)
