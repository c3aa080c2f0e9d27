"""Which faults a world knows, how often they come, and the profiles that set them.

Each seed multiplies every rate by a throw of its own (0, ⅓, 1 or 3): one world is all bad lines, the next has perfect
lines and a printer that jams all day. A fault that is never alone is never seen clearly.
"""

from __future__ import annotations

import msgspec

from simulation.chance import Dice
from simulation.gate import LEAST_STEPS

SWARM = (0.0, 0.33, 1.0, 3.0)


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """How often each fault comes: of a message, of an act, or of a step."""

    # of each message
    drop: float = 0.0
    cut_request: float = 0.0
    doubled: float = 0.0
    late: float = 0.0
    lost_answer: float = 0.0
    cut_answer: float = 0.0
    stale_answer: float = 0.0
    portal: float = 0.0
    busy: float = 0.0
    province_down: float = 0.0
    # of each act
    power_cut: float = 0.0
    wrong_answer: float = 0.0
    # of each step
    plug_pulled: float = 0.0
    printer_mood: float = 0.0
    disk_full: float = 0.0
    clock_wrong: float = 0.0
    copied: float = 0.0
    state_kept: float = 0.0
    put_back: float = 0.0
    province_backup: float = 0.0
    province_restored: float = 0.0
    restored_in_silence: float = 0.0
    lost: float = 0.0
    handed_out_again: float = 0.0
    restored_after_cut: float = 0.0
    split: float = 0.0
    outdated: float = 0.0
    # of each stick on each way
    stick_damaged: float = 0.0
    # no fault, but what a restore may forget
    drawn: float = 0.0


NO_FAULTS = Rates()
USUAL = Rates(
    drop=0.10,
    cut_request=0.05,
    doubled=0.10,
    late=0.06,
    lost_answer=0.12,
    cut_answer=0.05,
    stale_answer=0.05,
    portal=0.05,
    busy=0.03,
    province_down=0.05,
    power_cut=0.08,
    wrong_answer=0.08,
    plug_pulled=0.01,
    printer_mood=0.12,
    disk_full=0.02,
    clock_wrong=0.02,
    copied=0.001,
    state_kept=0.01,
    put_back=0.0015,
    province_backup=0.01,
    province_restored=0.002,
    restored_in_silence=0.0003,
    lost=0.0006,
    outdated=0.002,
    stick_damaged=0.1,
    handed_out_again=0.0006,
    restored_after_cut=0.0003,
    split=0.0008,
)


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of world: how many acts and steps at least, and its faults before the seed multiplies them.

    ``without`` are faults left out after that, so that the others come as they would have.
    """

    name: str
    acts: int
    rates: Rates
    steps: int = LEAST_STEPS
    without: frozenset[str] = frozenset()

    def smaller(self, without: frozenset[str], acts: int) -> Profile:
        """The same worlds with fewer faults, ended after so many acts."""
        return msgspec.structs.replace(self, acts=acts, steps=0, without=without)


def _worse(name: str, *, acts: int = 350, **rates: float) -> Profile:
    return Profile(name=name, acts=acts, rates=msgspec.structs.replace(USUAL, **rates))


PROFILES = {
    profile.name: profile
    for profile in (
        _worse("normal"),
        Profile(name="long", acts=800, rates=USUAL),
        Profile(name="calm", acts=350, rates=NO_FAULTS),
        _worse("paper", printer_mood=0.3, wrong_answer=0.2),
        # The usual world; named for what is looked for: cases that go from laptop to laptop.
        _worse("hands"),
        _worse("copies", copied=0.006),
        _worse("photographs", doubled=0.2, lost_answer=0.25),
        _worse("cuts", restored_after_cut=0.01),
        _worse("splits", split=0.015),
        _worse("fences", lost=0.01),
        _worse("regrants", handed_out_again=0.03),
        # Hardly a call gets through: nearly everything goes by stick.
        _worse("sticks", drop=0.6, portal=0.2, stick_damaged=0.2),
        _worse("backups", state_kept=0.06, put_back=0.02),
        _worse("restores", province_backup=0.03, province_restored=0.01, restored_in_silence=0.0, drawn=0.05),
    )
}


def thrown(rates: Rates, dice: Dice, without: frozenset[str] = frozenset()) -> Rates:
    """The rates of one seed, but for the faults left out."""
    fields = {name: min(0.9, getattr(rates, name) * dice.among(SWARM)) for name in Rates.__struct_fields__}
    return Rates(**fields | dict.fromkeys(without, 0.0))
