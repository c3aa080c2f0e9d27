"""A clock for tests: waits are short, or only counted."""

from __future__ import annotations

import time

from inspector_app.clock import Stamp


class HurriedClock:
    """Real time at `speed`; what the program waits half a second for, the test waits a fraction of."""

    def __init__(self, speed: float = 20.0) -> None:
        self.speed, self.waited = speed, 0.0

    def now(self) -> Stamp:
        return Stamp(round(self.waited * 1000), round(self.waited * 1000), "test")

    def wait(self, seconds: float) -> None:
        self.waited += seconds
        time.sleep(seconds / self.speed)
