"""Time in the world: one true time, and the clock of each laptop, which may be wrong."""

from __future__ import annotations

from inspector_app.clock import MS_PER_DAY, MS_PER_MINUTE, Stamp, day_start, legal_date

MORNING = 8 * 60 * MS_PER_MINUTE
EVENING = 18 * 60 * MS_PER_MINUTE
BEGINNING = day_start("2026-11-21") + MORNING
"""Eight o'clock at UTC+8 on the first day of every world."""


class TrueTime:
    """What the sun says; it moves between steps and when somebody waits. It is also the clock of the province."""

    def __init__(self, at: int = BEGINNING) -> None:
        self.at = at

    def now(self) -> Stamp:
        """The province's clock."""
        return Stamp(self.at, self.at - BEGINNING, "province")

    def wait(self, seconds: float) -> None:
        """Somebody waits."""
        self.at += round(seconds * 1000)

    def forward(self, minutes: int) -> None:
        """Let minutes pass; nobody works at night, so after the evening comes the next morning."""
        self.at += minutes * MS_PER_MINUTE
        midnight = day_start(legal_date(self.at))
        if not midnight + MORNING <= self.at < midnight + EVENING:
            tomorrow = midnight if self.at < midnight + MORNING else midnight + MS_PER_DAY
            self.at = tomorrow + MORNING


class LaptopClock:
    """A laptop's clock: right but for ``wrong_by`` milliseconds; each start begins a new count of ``mono``."""

    def __init__(self, time: TrueTime) -> None:
        self._time = time
        self.wrong_by = 0
        self._boots = 0
        self._booted_at = time.at

    def now(self) -> Stamp:
        """All clocks at once."""
        return Stamp(self._time.at + self.wrong_by, self._time.at - self._booted_at, f"boot{self._boots:012d}")

    def wait(self, seconds: float) -> None:
        """Let time pass for the whole world."""
        self._time.wait(seconds)

    def start(self) -> None:
        """The computer was started."""
        self._boots += 1
        self._booted_at = self._time.at
