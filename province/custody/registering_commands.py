"""Changes to registers that were asked for at the desk, where the authority key lies: shown, then signed in one go."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.journal.projections import Row
from province.custody.commands import Answer
from province.databases import DEFAULT


def registers(arguments: argparse.Namespace) -> Answer:
    """List what two persons agreed to change on registers; --carry-out signs all of it, or the asks named."""
    from province.custody import registering

    rows = [row for row in registering.waiting(DEFAULT) if not arguments.ask or row["ask"] in arguments.ask]
    if not arguments.carry_out:
        return {"waiting": [_shown(row) for row in rows]}
    agreed = [row for row in rows if row["agreed_by"]]
    outcomes = [(_shown(row), registering.carry_out(DEFAULT, str(row["ask"]))) for row in agreed]
    return {
        "carried_out": [shown for shown, one in outcomes if not isinstance(one, StockRefused)],
        "refused": [shown | _reasons(one) for shown, one in outcomes if isinstance(one, StockRefused)],
        "waiting": [_shown(row) for row in rows if not row["agreed_by"]],
    }


def _shown(row: Row) -> Answer:
    from inspector_app.journal.projections.register_changes import wish_of
    from province.custody import registering

    changed = registering.changes(DEFAULT, wish_of(row))
    names = ("ask", "register", "subject", "organisation", "by", "agreed_by")
    return {name: row[name] for name in names} | {"changes": [msgspec.to_builtins(one) for one in changed]}


def _reasons(outcome: StockRefused) -> Answer:
    return {"reasons": [{"code": one.code.value, **one.details} for one in outcome.refusals]}


def add(verbs: Any, verb: Any) -> None:
    """Add the command; ``verb`` adds one, as :mod:`province.commands` does."""
    carry = ("--carry-out", {"action": "store_true", "help": "sign them with the authority key"})
    verb(verbs, "registers", registers, ("ask", {"nargs": "*", "help": "only these"}), carry)
