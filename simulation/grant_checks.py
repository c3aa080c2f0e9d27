"""What numbers may be granted, and what may still be said of them: fences (I10), and sheets given out again (I1)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from simulation.violations import Violation

GIVEN_BACK = ("returned", "lost")
FENCED = "SELECT device, seq FROM journal_journal WHERE state = 'fenced'"
AGAIN = "SELECT draw, kind, first, last, turn FROM number_draw WHERE turn > 1"
EARLIER = (
    "SELECT reg_numbers.number, reg_numbers.state FROM reg_numbers JOIN number_block USING (block) "
    "WHERE reg_numbers.kind = ? AND reg_numbers.digits BETWEEN ? AND ? AND number_block.turn < ?"
)


class Fences:
    """Where each fenced journal stood when it was fenced: from there on nothing of its device counts."""

    def __init__(self) -> None:
        self._at: dict[str, int] = {}

    def forget(self) -> None:
        """The province was restored, and may have forgotten fences until sisters tell of them."""
        self._at.clear()

    def hold(self, database: sqlite3.Connection) -> None:
        """I10: no entry after the fence was taken in, by whatever way it came."""
        for device, seq in database.execute(FENCED).fetchall():
            if seq > (fence := self._at.setdefault(device, seq)):
                raise Violation("I10", f"{device[:8]} was fenced at {fence} and its entry {seq} was taken in")


def only_what_came_back(database: sqlite3.Connection) -> None:
    """I1: sheets are drawn again only where every block that ever held their numbers is closed over them."""
    for draw, kind, first, last, turn in database.execute(AGAIN).fetchall():
        held: Iterable[tuple[str, str]] = database.execute(EARLIER, (kind, first, last, turn))
        open_still = [number for number, state in held if state not in GIVEN_BACK]
        if open_still:
            raise Violation("I1", f"{draw} draws {open_still[0]} again, which was never given back")
