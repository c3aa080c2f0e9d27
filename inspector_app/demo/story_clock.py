"""The clock of the story: a working day that is always over before now.

The day is written as if it ran from 07:40 to 17:50. Whoever starts the demonstration earlier than that sees the same
day pressed together, so that nothing of it lies in the future: a certificate issued "in the story" is judged by
``inspector verify`` a moment later with the computer's own clock and gives the same verdict. Days before today keep
their hours. Planned departures are plans: they keep their hours too.
"""

from __future__ import annotations

from inspector_app.clock import MS_PER_DAY, MS_PER_MINUTE, Clock, Stamp, day_start, legal_date
from inspector_app.errors import BugError

FIRST, LAST = "07:40", "17:50"
ROOM_MS = 2 * 60 * MS_PER_MINUTE
"""With less than this since 07:40 the day begins at midnight instead."""
LATE_MS = 4 * MS_PER_MINUTE
"""With less than this until midnight a certificate B would end before the reader could verify it."""


def minutes_of(time: str) -> int:
    """``09:12`` as minutes since midnight."""
    hours, _, minutes = time.partition(":")
    return int(hours) * 60 + int(minutes)


class StoryClock:
    """A `Clock` that stands still until the story moves it on; it never goes back."""

    def __init__(self, now: int) -> None:
        self.started = now
        self.today = legal_date(now)
        self.midnight = day_start(self.today)
        self._begins, self._ends = _window(self.midnight, now)
        self._at = self.midnight - 30 * MS_PER_DAY

    @property
    def is_pressed(self) -> bool:
        """Whether the day had to be pressed together."""
        return self._ends - self._begins < (minutes_of(LAST) - minutes_of(FIRST)) * MS_PER_MINUTE

    def go(self, time: str, day: int = 0) -> None:
        """Move to ``time`` of the story, ``day`` days from today (0 or negative)."""
        at = self.planned(time, day) if day else self._pressed(minutes_of(time))
        if at < self._at:
            raise BugError(f"the story goes back to {time}")
        self._at = at

    def planned(self, time: str, day: int = 0) -> int:
        """The moment the wall clock will show ``time`` on that day: for departures, which are plans."""
        return self.midnight + day * MS_PER_DAY + minutes_of(time) * MS_PER_MINUTE

    def date(self, day: int = 0) -> str:
        """The legal date ``day`` days from today."""
        return legal_date(self.midnight + day * MS_PER_DAY)

    def _pressed(self, minutes: int) -> int:
        first, last = minutes_of(FIRST), minutes_of(LAST)
        if not first <= minutes <= last:
            raise BugError("the story's day runs from 07:40 to 17:50")
        return self._begins + (self._ends - self._begins) * (minutes - first) // (last - first)

    def now(self) -> Stamp:
        """The moment the story has come to."""
        return Stamp(self._at, self._at - self.midnight + 60 * MS_PER_DAY, "story")

    def wait(self, seconds: float) -> None:
        """Nothing: the story has no idle moments."""


def _window(midnight: int, now: int) -> tuple[int, int]:
    first, last = (midnight + minutes_of(time) * MS_PER_MINUTE for time in (FIRST, LAST))
    return (first if now - first >= ROOM_MS else midnight), min(last, now)


class StillClock:
    """A `Clock` told the time once: for a process that lives a moment."""

    def __init__(self, at: int, mono: int) -> None:
        self._stamp = Stamp(at, mono, "story")

    def now(self) -> Stamp:
        """That moment."""
        return self._stamp

    def wait(self, seconds: float) -> None:
        """Nothing."""


def seconds_until_safe(clock: Clock) -> float:
    """How long to wait so that the day does not end under the reader's hands: 0 except just before midnight (UTC+8)."""
    now = clock.now().at
    left = day_start(legal_date(now)) + MS_PER_DAY - now
    return (left + MS_PER_MINUTE) / 1000 if left < LATE_MS else 0.0
