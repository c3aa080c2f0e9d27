"""Where a case is, in words: here, lent, on its way, at another computer, or lost with one."""

from __future__ import annotations

from typing import NamedTuple

from inspector_app.services.case_moves import Whereabouts, whereabouts
from inspector_app.services.device import Device
from ui.models.naming import day_words
from ui.texts import text
from ui.tokens import Tone


class CasePlace(NamedTuple):
    """What the page shows of it: words for the facts, a chip for what is not simply here, and what may be done."""

    where: str
    words: str
    chip: str
    tone: Tone
    other: str
    name: str
    given_here: bool

    @property
    def is_here(self) -> bool:
        """Whether this computer may issue on it."""
        return self.where in ("here", "lent")


NOWHERE = CasePlace("here", "", "", Tone.OFF, "", "", given_here=False)
"""An online declaration nobody has taken down yet is no case of anybody's."""


def read_place(device: Device, declaration: str) -> CasePlace:
    """Where one case is; runs in the background."""
    found = whereabouts(device, declaration)
    name, now = computer_name(device, found.other), device.clock.now().at
    said = [text(f"cases_moved.{_word(found)}", name=name, when=day_words(found.moved_at, now))] if found.other else []
    if found.where in ("away", "lost") and found.given_here:
        taken = day_words(found.taken_at, now) if found.taken_at else ""
        said.append(text("cases_moved.taken", when=taken) if taken else text("cases_moved.not_heard"))
    chip = "" if found.where == "here" else text(f"cases_moved.chip_{found.where}", name=name)
    tone = {"here": Tone.GOOD, "lent": Tone.OFF, "away": Tone.INFO, "lost": Tone.BAD}[found.where]
    return CasePlace(found.where, " · ".join(said), chip, tone, found.other, name, found.given_here)


def _word(found: Whereabouts) -> str:
    if found.where == "here":
        return "came_back"
    if found.where == "lent":
        return "lent"
    return "went" if found.moved_at else "elsewhere"


def computer_name(device: Device, other: str) -> str:
    """What a computer of the station is called; the first digits of its id where it has no name."""
    row = device.rows.one("devices", device=other) or {}
    return str(row.get("name") or other[:8])
