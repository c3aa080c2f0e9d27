"""What happened, as a time line a person can read and as one hash a machine can compare.

The hash covers every decision and every public byte. Sealed and encrypted bytes are left out: they draw on the
operating system's randomness and are different in every run.
"""

from __future__ import annotations

import hashlib

from inspector_app.clock import moment_text

SHOWN = 60


class Trace:
    """The time line of one world."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self.lines: list[str] = []
        self.counts: dict[str, int] = {}

    def note(self, at: int, who: str, what: str, *public: bytes) -> None:
        """One line at a moment (UTC ms): who did what; ``public`` bytes go into the hash only."""
        line = f"{len(self.lines):04d} {moment_text(at)} {who:<8} {what}"
        self.lines.append(line)
        for part in (line.encode(), *public):
            self._digest.update(len(part).to_bytes(8, "big") + part)

    def count(self, what: str) -> None:
        """One more of a kind; for the statistics of many seeds."""
        self.counts[what] = self.counts.get(what, 0) + 1

    @property
    def hash(self) -> str:
        """Hex SHA-256 of everything so far."""
        return self._digest.hexdigest()

    def tail(self, lines: int = SHOWN) -> list[str]:
        """The last lines."""
        return self.lines[-lines:]
