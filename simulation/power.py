"""Power: it can go before every statement that may change something, around every file, every byte sent or printed.

A cut takes an image of the disk at that very moment and then raises, so that whatever the unwinding program still does
to its files (roll back, tidy up) does not count: the laptop goes on from the image. A cut before a statement that only
reads leaves the same disk as one before the next that writes, so reading statements are no points.
"""

from __future__ import annotations

from collections.abc import Callable


class PowerCut(BaseException):
    """The power went. Not an Exception: nothing in the program may catch it and go on."""


class Power:
    """The mains of one laptop. ``on_cut`` takes the image before anything unwinds."""

    def __init__(self, on_cut: Callable[[], None]) -> None:
        self._on_cut = on_cut
        self._left = 0
        self.points = 0
        self.cut_at = ""

    def arm(self, nth: int) -> None:
        """Cut at the ``nth`` point from now."""
        self._left, self.points, self.cut_at = nth, 0, ""

    def disarm(self) -> None:
        """No cut after all; the count of points since :meth:`arm` stays."""
        self._left = 0

    def point(self, what: str) -> None:
        """Something that may be the last thing for a while; raises PowerCut when it is."""
        self.points += 1
        if self._left:
            self._left -= 1
            if not self._left:
                self.cut_at = what
                self._on_cut()
                raise PowerCut(what)

    def before_statement(self, sql: str) -> None:
        """The hook of the encrypted database."""
        if not _only_reads(sql):
            self.point("before " + " ".join(sql.split()[:3]))


def _only_reads(sql: str) -> bool:
    verb = sql.split(None, 1)[0].upper()
    return verb == "SELECT" or (verb == "PRAGMA" and "=" not in sql)
