"""The entry: public bytes kept for ever, at most one removable private part, and how both are decoded.

The bytes are the record: stored, hashed, sent and verified as written once, never re-encoded. Decoding has two steps:
the envelope with its ``fact`` left raw, then the struct registered for ``kind``, whose name carries its shape
(``inspection.completed/1``). A released shape never changes; a later shape lifts an earlier one by one pure function.
Only msgspec reads entry bytes. Limits: 64 KB (and as much again for the private part), depth 8, integers within ±2^53,
no floats, no nulls.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import msgspec

from inspector_app.errors import BugError

VERSION = 1
MAX_BYTES = 65_536
MAX_PRIVATE_BYTES = 65_536
MAX_DEPTH = 8
MAX_CODE = 128
MAX_INTEGER = 2**53
# Possessive, and a string without an end runs to the end of the bytes: hostile quotes cost no more than honest ones.
_NUMBER = re.compile(r"[A-Z] [0-9]{1,20}")
_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]")
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError)
"""What msgspec raises for bytes that are not what they should be; for those that are no UTF-8 it has another error."""


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that can be recorded; subclasses are registered with :func:`fact`."""

    KIND: ClassVar[str] = ""
    PRIVATE: ClassVar[type[msgspec.Struct] | None] = None
    ACCOUNTABLE: ClassVar[bool] = False
    TYPED: ClassVar[tuple[str, ...]] = ()


class Envelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The public part of one entry.

    ``device`` is 32 hex digits, ``seq`` counts from 1, ``at`` is UTC ms, ``mono``/``boot`` the clock that counts sleep,
    ``actor`` the person's number (0 for the device itself), ``private`` the hex commitment to the private part.
    """

    v: int
    device: str
    seq: int
    at: int
    mono: int
    boot: str
    actor: int
    kind: str
    fact: msgspec.Raw
    private: str = ""


class _Moment(msgspec.Struct):
    at: int


class Verdict(enum.StrEnum):
    """What reading an entry's bytes may find; only ``OK`` and ``UNKNOWN_KIND`` go on to be stored silently."""

    OK = "ok"
    UNKNOWN_KIND = "unknown_kind"
    TOO_LARGE = "too_large"
    MALFORMED = "malformed"
    NOT_CANONICAL = "not_canonical"


_FACTS: dict[str, type[Fact]] = {}
_LIFTS: dict[str, Callable[[Any], Fact]] = {}
_PRIVATE_LIFTS: dict[str, Callable[[Any], msgspec.Struct]] = {}
F = TypeVar("F", bound=type[Fact])


def fact(
    kind: str, *, private: type[msgspec.Struct] | None = None, accountable: bool = False, typed: tuple[str, ...] = ()
) -> Callable[[F], F]:
    """Register a fact under its kind and shape; ``accountable`` entries carry the person's signature.

    All strings of a fact are codes, numbers, dates or hashes, never words about somebody: those belong to the private
    part. ``typed`` names the few fields that are not, because they name a thing (a device, a report's number).
    """

    def register(cls: F) -> F:
        if kind in _FACTS:
            raise BugError(f"{kind} is registered twice")
        cls.KIND, cls.PRIVATE, cls.ACCOUNTABLE, cls.TYPED = kind, private, accountable, typed
        _FACTS[kind] = cls
        return cls

    return register


def lifts(
    kind: str, *, private: Callable[[Any], msgspec.Struct] | None = None
) -> Callable[[Callable[[Any], Fact]], Callable[[Any], Fact]]:
    """Register the pure function that turns a decoded fact of an old shape into the next one.

    ``private`` does the same for its private part, where that changed too.
    """

    def register(function: Callable[[Any], Fact]) -> Callable[[Any], Fact]:
        if kind in _LIFTS or not {kind, successor(kind)} <= _FACTS.keys():
            raise BugError(f"{kind} is lifted twice, or one of the two shapes is not registered")
        _LIFTS[kind] = function
        if private is not None:
            _PRIVATE_LIFTS[kind] = private
        return function

    return register


def successor(kind: str) -> str:
    """The kind of the next shape: ``inspection.completed/1`` → ``inspection.completed/2``."""
    name, _, shape = kind.rpartition("/")
    return f"{name}/{int(shape) + 1}"


def registered() -> dict[str, type[Fact]]:
    """All kinds this program knows, by name."""
    return dict(_FACTS)


def encode(envelope: Envelope) -> bytes:
    """The public bytes of a new entry; BugError when it breaks a limit."""
    public = msgspec.json.encode(envelope)
    if (verdict := _limits(public)) is not Verdict.OK:
        raise BugError(f"{envelope.kind} is {verdict}")
    return public


def encode_fact(value: Fact) -> msgspec.Raw:
    """The fact as it stands inside the envelope."""
    return msgspec.Raw(msgspec.json.encode(value))


def wordy_field(value: Fact) -> str:
    """The first field that holds anything but codes although it should, "" when there is none."""
    plain: dict[str, object] = msgspec.to_builtins(value)
    return next((name for name, held in plain.items() if name not in value.TYPED and not _is_coded(held)), "")


def _is_coded(value: object) -> bool:
    match value:
        case str():
            return len(value) <= MAX_CODE and _is_code(value)
        case list():
            return all(map(_is_coded, value))
        case dict():
            return all(map(_is_coded, value.values()))
        case _:
            return True


def _is_code(text: str) -> bool:
    if not text.isprintable() or (" " in text and not _NUMBER.fullmatch(text)):
        return False
    # A unit may be ℃ or ‰, which are signs; what a name or a sentence is made of are letters and blanks.
    return text.isascii() or not any(character.isalpha() and not character.isascii() for character in text)


def read_envelope(public: bytes) -> tuple[Envelope | None, Verdict]:
    """First step: the envelope, its fact still raw."""
    if (verdict := _limits(public)) is not Verdict.OK:
        return None, verdict
    try:
        envelope = msgspec.json.decode(public, type=Envelope)
    except UNREADABLE:
        return None, Verdict.MALFORMED
    if msgspec.json.encode(envelope) != public:
        return envelope, Verdict.NOT_CANONICAL
    return envelope, Verdict.OK


def read_at(public: bytes) -> int:
    """The wall time (UTC ms) an entry states, 0 when it cannot be read; a look at one field, not a judgement."""
    try:
        return msgspec.json.decode(public, type=_Moment).at
    except UNREADABLE:
        return 0


def read_fact(envelope: Envelope) -> tuple[Fact | None, Verdict]:
    """Second step: the fact in its newest shape. Bytes that do not re-encode to themselves are not canonical."""
    shape = _FACTS.get(envelope.kind)
    raw = bytes(envelope.fact)
    if shape is None or envelope.v != VERSION:
        plain = msgspec.json.encode(msgspec.json.decode(raw))
        return None, Verdict.UNKNOWN_KIND if plain == raw else Verdict.NOT_CANONICAL
    try:
        value = msgspec.json.decode(raw, type=shape)
    except UNREADABLE:
        return None, Verdict.MALFORMED
    if msgspec.json.encode(value) != raw:
        return None, Verdict.NOT_CANONICAL
    return _newest(value), Verdict.OK


def _newest(value: Fact) -> Fact:
    while (lift := _LIFTS.get(value.KIND)) is not None:
        value = lift(value)
    return value


def read_private(kind: str, content: bytes) -> msgspec.Struct | None:
    """The private part, in the newest shape of its kind; None when it cannot be read."""
    shape = _FACTS.get(kind)
    if shape is None or shape.PRIVATE is None or len(content) > MAX_PRIVATE_BYTES:
        return None
    try:
        value: msgspec.Struct = msgspec.json.decode(content, type=shape.PRIVATE)
    except UNREADABLE:
        return None
    return _newest_private(kind, value)


def _newest_private(kind: str, value: msgspec.Struct) -> msgspec.Struct:
    # A private part is lifted along with its fact; a step that leaves it alone registers nothing for it.
    while kind in _LIFTS:
        if (lift := _PRIVATE_LIFTS.get(kind)) is not None:
            value = lift(value)
        kind = successor(kind)
    return value


def _limits(public: bytes) -> Verdict:
    if len(public) > MAX_BYTES:
        return Verdict.TOO_LARGE
    # Depth is bounded before the parser sees the bytes, so that a hostile entry cannot make it recurse.
    if _depth(public) > MAX_DEPTH:
        return Verdict.MALFORMED
    try:
        plain = msgspec.json.decode(public)
    except UNREADABLE:
        return Verdict.MALFORMED
    return Verdict.OK if _values_allowed(plain) else Verdict.MALFORMED


def _depth(public: bytes) -> int:
    deepest = level = 0
    for bracket in _BRACKETS.findall(_STRINGS.sub(b"", public)):
        level += 1 if bracket in b"[{" else -1
        deepest = max(deepest, level)
    return deepest


def _values_allowed(value: object) -> bool:
    # Without recursion: every entry written or read comes this way.
    left = [value]
    while left:
        match left.pop():
            case str() | bool():
                pass
            case int() as number:
                if not -MAX_INTEGER <= number <= MAX_INTEGER:
                    return False
            case list() as items:
                left += items
            case dict() as members:
                left += members.values()
            case _:
                return False
    return True
