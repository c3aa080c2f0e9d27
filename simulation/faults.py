"""Which faults a world knows, how often they come, and the profiles that set them.

Each seed multiplies every rate by a throw of its own (0, ⅓, 1 or 3): one world is all bad lines, the next has perfect
lines and a printer that jams all day. A fault that is never alone is never seen clearly.
"""

from __future__ import annotations

import msgspec

from simulation.chance import Dice

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
    plug_pulled=0.02,
    printer_mood=0.12,
    disk_full=0.02,
    clock_wrong=0.02,
    copied=0.004,
    state_kept=0.02,
    put_back=0.005,
    province_backup=0.03,
    province_restored=0.006,
    restored_in_silence=0.001,
    lost=0.002,
    handed_out_again=0.002,
    restored_after_cut=0.001,
    split=0.003,
)


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of world: how many steps, and its faults before the seed multiplies them."""

    name: str
    steps: int
    rates: Rates


def _worse(name: str, *, steps: int = 70, **rates: float) -> Profile:
    return Profile(name=name, steps=steps, rates=msgspec.structs.replace(USUAL, **rates))


PROFILES = {
    profile.name: profile
    for profile in (
        _worse("normal"),
        Profile(name="long", steps=260, rates=USUAL),
        Profile(name="calm", steps=70, rates=NO_FAULTS),
        # Twice as long: a paper in doubt and the next one issued after it must both fit in.
        _worse("paper", steps=140, printer_mood=0.3, wrong_answer=0.2),
        _worse("copies", copied=0.02),
        _worse("cuts", restored_after_cut=0.03),
        _worse("splits", split=0.06),
        _worse("fences", lost=0.04),
        _worse("regrants", handed_out_again=0.1),
        _worse("backups", state_kept=0.12, put_back=0.06),
        _worse("restores", province_backup=0.06, province_restored=0.03, restored_in_silence=0.0, drawn=0.15),
    )
}


def thrown(rates: Rates, dice: Dice) -> Rates:
    """The rates of one seed."""
    fields = {name: min(0.9, getattr(rates, name) * dice.among(SWARM)) for name in Rates.__struct_fields__}
    return Rates(**fields)
