"""What is told: one line for each thing that happened, on standard output and again on the page."""

from __future__ import annotations

import sys
from typing import NamedTuple, TextIO

from inspector_app.clock import Clock, clock_text, legal_date


class Both(NamedTuple):
    """The same thing said in English and in Chinese, each written, neither translated word by word."""

    en: str
    zh: str

    def said(self, lang: str) -> str:
        """One of the two."""
        return self.zh if lang == "zh" else self.en


class Line(NamedTuple):
    """One thing that happened: when (UTC ms), at which place of the station, with or without a network."""

    at: int
    place: str
    online: bool
    text: Both
    kind: str = ""
    number: str = ""
    short: Both | None = None


OFFLINE, ONLINE = Both("offline", "离线"), Both("online ", "在线")


class Tale:
    """Tells as things happen and remembers what was told."""

    def __init__(self, clock: Clock, lang: str, out: TextIO | None = None) -> None:
        self.clock = clock
        self.lang = lang
        self.lines: list[Line] = []
        self._out = out or sys.stdout

    def tell(
        self,
        text: Both,
        *,
        place: str = "laptop",
        online: bool = False,
        kind: str = "",
        number: str = "",
        short: Both | None = None,
    ) -> None:
        """Tell one line of the story at the story's present moment; ``short`` is what the time line calls it."""
        at = self.clock.now().at
        self.lines.append(Line(at, place, online, text, kind, number, short))
        state = (ONLINE if online else OFFLINE).said(self.lang)
        self._write(f"{clock_text(at)} {state} · {text.said(self.lang)}")

    def head(self, text: Both, day: bool = False) -> None:
        """A heading; ``day`` adds the story's date."""
        date = f"  {legal_date(self.clock.now().at)}" if day else ""
        self._write(f"\n{text.said(self.lang)}{date}")

    def say(self, text: Both) -> None:
        """A line that is not part of the day: what is being done, where to look."""
        self._write(text.said(self.lang))

    def _write(self, line: str) -> None:
        print(line, file=self._out, flush=True)
