"""The only place where the program reads the time.

``at`` is UTC in milliseconds, ``mono`` counts milliseconds since an arbitrary start *including sleep*, ``boot`` names
the run of the operating system ``mono`` belongs to. Legal dates are days at fixed UTC+8, whatever the computer's zone.
"""

from __future__ import annotations

import datetime
import hashlib
import time
from pathlib import Path
from typing import NamedTuple, Protocol

MS_PER_MINUTE = 60_000
MS_PER_DAY = 86_400_000
BEIJING_OFFSET_MS = 8 * 3_600_000
_EPOCH = datetime.date(1970, 1, 1)


class Stamp(NamedTuple):
    """One reading of all clocks."""

    at: int
    mono: int
    boot: str


class Clock(Protocol):
    """What services and sync ask for the time; tests and the simulated world move it by hand."""

    def now(self) -> Stamp:
        """Read all clocks at once."""

    def wait(self, seconds: float) -> None:
        """Let ``seconds`` pass; only device and network code on a worker thread calls this."""


class SystemClock:
    """The computer's own clocks."""

    def __init__(self) -> None:
        self._boot = _boot_id()

    def now(self) -> Stamp:
        """Read wall clock and the clock that goes on counting while the computer sleeps."""
        return Stamp(time.time_ns() // 1_000_000, _counting_sleep_ns() // 1_000_000, self._boot)

    def wait(self, seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)


def _counting_sleep_ns() -> int:
    # CLOCK_BOOTTIME counts suspend on Linux; elsewhere (Windows) the monotonic clock already does.
    source = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic_ns() if source is None else time.clock_gettime_ns(source)


def _boot_id() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    if path.exists():
        return path.read_text("ascii").strip().replace("-", "")[:16]
    started_minute = (time.time_ns() - _counting_sleep_ns()) // 60_000_000_000
    return hashlib.sha256(str(started_minute).encode()).hexdigest()[:16]


def legal_date(at: int) -> str:
    """The legal day (``YYYY-MM-DD``, UTC+8) of a UTC millisecond; ValueError for one no calendar has."""
    try:
        return (_EPOCH + datetime.timedelta(days=(at + BEIJING_OFFSET_MS) // MS_PER_DAY)).isoformat()
    except OverflowError as error:
        raise ValueError(f"{at} ms is on no day") from error


def day_start(date: str) -> int:
    """The UTC millisecond at which the legal day ``date`` begins."""
    return (datetime.date.fromisoformat(date) - _EPOCH).days * MS_PER_DAY - BEIJING_OFFSET_MS


def moment_of(text: str) -> int:
    """The UTC millisecond of ``YYYY-MM-DD HH:MM`` on the station's wall; ValueError for any other spelling."""
    moment = datetime.datetime.strptime(f"{text}+0800", "%Y-%m-%d %H:%M%z")
    return round(moment.timestamp()) * 1_000


def clock_text(at: int) -> str:
    """``HH:MM`` on the station's wall (UTC+8)."""
    minutes = (at + BEIJING_OFFSET_MS) % MS_PER_DAY // MS_PER_MINUTE
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def moment_text(at: int) -> str:
    """``YYYY-MM-DD HH:MM`` on the station's wall (UTC+8)."""
    return f"{legal_date(at)} {clock_text(at)}"
