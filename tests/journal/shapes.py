"""Kinds that only tests know: an old shape with its lifts, and a fact to meet the limits with.

They are known to the program inside :func:`known_shapes` and nowhere else, so that no other test ever counts them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from inspector_app.journal import envelope
from inspector_app.journal.envelope import Fact, fact, lifts


class OldWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The private part of shapes 1 and 2."""

    words: str


class NewWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The private part since shape 3."""

    zh: str
    en: str = ""


@fact("test.weighed/1", private=OldWords)
class Weighed1(Fact, frozen=True):
    """Grams."""

    grams: int


@fact("test.weighed/2", private=OldWords)
class Weighed2(Fact, frozen=True):
    """Milligrams, and how."""

    milligrams: int
    method: str


@fact("test.weighed/3", private=NewWords)
class Weighed3(Fact, frozen=True):
    """The newest: several."""

    milligrams: list[int]
    method: str


@lifts("test.weighed/1")
def to_milligrams(old: Weighed1) -> Fact:
    return Weighed2(milligrams=old.grams * 1_000, method="scale")


def new_words(old: OldWords) -> NewWords:
    return NewWords(zh=old.words)


@lifts("test.weighed/2", private=new_words)
def to_several(old: Weighed2) -> Fact:
    return Weighed3(milligrams=[old.milligrams], method=old.method)


@fact("test.wide/1", private=OldWords, typed=("text", "deep"))
class Wide(Fact, frozen=True):
    """Anything, to meet the limits."""

    text: str = ""
    number: int = 0
    flag: bool = False
    deep: list[list[list[list[list[list[list[int]]]]]]] = []


_REGISTERS: tuple[dict[str, Any], ...] = (envelope._FACTS, envelope._LIFTS, envelope._PRIVATE_LIFTS)
_OURS = tuple(
    {kind: register.pop(kind) for kind in list(register) if kind.startswith("test.")} for register in _REGISTERS
)


@contextmanager
def known_shapes() -> Iterator[None]:
    """Let the program know these kinds for a while."""
    for register, ours in zip(_REGISTERS, _OURS, strict=True):
        register.update(ours)
    try:
        yield
    finally:
        for register, ours in zip(_REGISTERS, _OURS, strict=True):
            for kind in ours:
                del register[kind]
