"""``province regularise``: the papers of branches that were set aside, and what is due about each."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import msgspec

from province.databases import DEFAULT

Verb = Callable[..., argparse.ArgumentParser]


def add(verbs: Any, verb: Verb) -> None:
    """The commands of this module."""
    of_station = ("--station", {"type": int, "default": 0})
    concluded = ("--all", {"action": "store_true", "help": "those whose case is concluded too"})
    verb(verbs, "regularise", regularise, of_station, concluded)


def regularise(arguments: argparse.Namespace) -> dict[str, Any]:
    """Papers of copied, restored or fenced computers; each with its case, whose it is and by when."""
    from province.ledgers.branch_papers import branch_papers

    found = branch_papers(DEFAULT, station=arguments.station, concluded=arguments.all)
    return {"papers": [msgspec.to_builtins(one) for one in found], "count": len(found)}
