"""How much to send at once: little on a bad line, much on a good one (SYNC 3.3: aim at ten seconds of air time)."""

from __future__ import annotations

from typing import ClassVar

import msgspec

KB = 1024


class Pace(msgspec.Struct):
    """The size of the next batch in bytes before compression: halved on failure, doubled on success."""

    batch_bytes: int

    SMALLEST: ClassVar[int] = 4 * KB
    LARGEST: ClassVar[int] = 256 * KB
    START: ClassVar[int] = 64 * KB

    def __post_init__(self) -> None:
        """Keep within the bounds."""
        self.batch_bytes = min(max(self.batch_bytes, self.SMALLEST), self.LARGEST)

    def failed(self) -> None:
        """No answer, or none that could be used."""
        self.batch_bytes = max(self.batch_bytes // 2, self.SMALLEST)

    def succeeded(self) -> None:
        """An answer came."""
        self.batch_bytes = min(self.batch_bytes * 2, self.LARGEST)

    def answered(self, size: int, milliseconds: int) -> None:
        """An answer to ``size`` bytes came after that time: aim at ten seconds of air time, no more (SYNC 3.3)."""
        if milliseconds > AIR_MS:
            self.batch_bytes = max(size * AIR_MS // milliseconds, self.SMALLEST)
        elif milliseconds * 2 <= AIR_MS:
            self.succeeded()


AIR_MS = 10_000
SLOWEST = 500
"""Bytes per second: a line that carries less is of no use."""
PATIENCE_S = 60


def whole_seconds(size: int) -> float:
    """How long an exchange of ``size`` bytes both ways may take in all, on the slowest line and with much patience."""
    return PATIENCE_S + timeout_seconds(size, SLOWEST)


def timeout_seconds(size: int, bytes_per_second: int) -> float:
    """How long to wait for an answer to ``size`` bytes: a floor of 25 s and half again of what the line needs."""
    return 25 + 1.5 * size / max(bytes_per_second, 1)
