"""The two equations of custody in figures, as the journals of both devices give them."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import msgspec

from inspector_app.demo.stage import Stage
from inspector_app.domain.custody import ON_HAND, KeeperCount, SheetState
from inspector_app.domain.numbering import BlockCount
from inspector_app.journal.projections.openings import FORMER
from inspector_app.services.day_close import keeper_count
from inspector_app.services.device import Device
from inspector_app.services.number_custody import BlockLine, ledger


def block_lines(stage: Stage) -> list[BlockLine]:
    """Every block of the station, by kind."""
    return sorted(ledger(stage.laptop.device), key=lambda line: line.first)


def keepers(stage: Stage) -> dict[str, KeeperCount]:
    """Sheets of paper per device: on hand at opening + in = out + on hand at closing."""
    return {seat.place: keeper_count(seat.device, seat.device.today()) for seat in (stage.laptop, stage.desk)}


class Held(NamedTuple):
    """The copies of one print: how many were made, how many left in which way, and why both are here if none did."""

    name: str
    made: int
    given: int
    lost: int
    handed_in: int
    why: str

    @property
    def left(self) -> int:
        """How many are no longer here."""
        return self.given + self.lost + self.handed_in


def held_copies(stage: Stage) -> dict[str, list[Held]]:
    """The prints behind the second equation, per device."""
    return {seat.place: _held(seat.device) for seat in (stage.laptop, stage.desk)}


def _held(device: Device) -> list[Held]:
    sheets = device.rows.many("sheets", order="number, print", device=device.id)
    prints: dict[tuple[str, int], list[str]] = {}
    for row in sheets:
        if row["print"] == FORMER:
            continue
        prints.setdefault((str(row["number"]), int(row["print"] or 0)), []).append(str(row["state"]))
    several = Counter(number for number, _print in prints)
    found = []
    for (number, print_no), states in prints.items():
        given, lost, handed_in = map(states.count, (SheetState.HANDED_OVER, SheetState.LOST, SheetState.RETURNED))
        why = "" if given or lost or handed_in else _why(device, number, states)
        name = f"{number} print {print_no}" if several[number] > 1 else number
        found.append(Held(name, len(states), given, lost, handed_in, why))
    return found


def former_stubs(stage: Stage) -> dict[str, int]:
    """Copies of a former system on hand, per device; they were taken over, not printed."""
    found = {}
    for seat in (stage.laptop, stage.desk):
        rows = seat.device.rows.many("sheets", device=seat.device.id, print=FORMER)
        found[seat.place] = sum(row["state"] in set(ON_HAND) for row in rows)
    return found


def _why(device: Device, number: str, states: list[str]) -> str:
    certificate = device.rows.one("certificates", number=number)
    if SheetState.SPOILED in states and (certificate is None or certificate["state"] == "issued"):
        return "spoiled"
    return "replaced" if certificate is not None and certificate["state"] == "replaced" else "not_handed_over"


def equations(stage: Stage) -> dict[str, object]:
    """Both equations as they stand in ``summary.json``."""
    blocks = {f"{line.kind} {line.first}–{line.last}": _block(line.count) for line in block_lines(stage)}
    paper = {place: _keeper(count) for place, count in keepers(stage).items()}
    return {"blocks": blocks, "paper": paper}


def _block(count: BlockCount) -> dict[str, object]:
    return msgspec.structs.asdict(count) | {"holds": count.holds}


def _keeper(count: KeeperCount) -> dict[str, object]:
    return msgspec.structs.asdict(count) | {"holds": count.holds}
