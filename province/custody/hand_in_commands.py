"""Old sheets counted in, on the server's command line."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from province.custody.commands import BY, LOCATION, Answer, done
from province.databases import DEFAULT


def count_in(arguments: argparse.Namespace) -> Answer:
    """Count what a station handed in against its slip; without a slip list those that wait."""
    from province.custody import hand_ins

    if not arguments.slip:
        return {"hand_ins": [msgspec.to_builtins(one) for one in hand_ins.open_hand_ins(DEFAULT)]}
    count = hand_ins.Count(
        hand_in=arguments.slip,
        counted=arguments.counted,
        missing=tuple(arguments.missing),
        by=arguments.by,
        location=arguments.location,
    )
    return done(hand_ins.count_in(DEFAULT, count))


def add(verbs: Any, verb: Any) -> None:
    """Add the command; ``verb`` adds one, as :mod:`province.commands` does."""
    missing = (
        "--missing",
        {"action": "append", "default": [], "help": "a sheet that was not there: 'B 9900000003 1/2'"},
    )
    slip = ("slip", {"nargs": "?", "default": "", "help": "the entry that handed the sheets in"})
    by = (BY[0], {**BY[1], "required": False, "default": 0})
    verb(verbs, "count-in", count_in, slip, ("--counted", {"type": int, "default": 0}), missing, by, LOCATION)
