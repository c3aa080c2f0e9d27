"""Chance from a seed: bytes for keys and salts, and the throws that decide what happens next.

Each user of chance has a stream of its own, named by the seed and by what it is for. So a fault that is switched off
changes nothing of what the others throw, and a failing seed can be made smaller one fault at a time.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class SeededRandom:
    """`inspector_app.ports.Random`: unpredictable to the program, the same in every run of the seed."""

    def __init__(self, *name: str | int) -> None:
        self._stream = _stream(name)

    def bytes(self, count: int) -> bytes:
        """``count`` bytes."""
        return self._stream.randbytes(count)


class Dice:
    """Decisions of one stream."""

    def __init__(self, *name: str | int) -> None:
        self._stream = _stream(name)

    def happens(self, rate: float) -> bool:
        """True in ``rate`` of all throws; a throw is made even when the rate is 0."""
        return self._stream.random() < rate

    def among(self, choices: Sequence[T]) -> T:
        """One of them, all alike."""
        return choices[self._stream.randrange(len(choices))]

    def weighed(self, choices: Sequence[tuple[int, T]]) -> T:
        """One of them, by weight."""
        return self._stream.choices([choice for _weight, choice in choices], [weight for weight, _ in choices])[0]

    def shuffle(self, items: list[T]) -> None:
        """Put a list into any order."""
        self._stream.shuffle(items)

    def between(self, low: int, high: int) -> int:
        """An integer, both ends included."""
        return self._stream.randint(low, high)


def _stream(name: Sequence[str | int]) -> random.Random:
    # Seeded with text, Python hashes it with SHA-512: the same in every process, whatever PYTHONHASHSEED says.
    return random.Random("/".join(map(str, name)))
