"""The two equations of custody in figures, as the journals of both devices give them."""

from __future__ import annotations

import msgspec

from inspector_app.demo.stage import Stage
from inspector_app.domain.custody import KeeperCount
from inspector_app.domain.numbering import BlockCount
from inspector_app.services.day_close import keeper_count
from inspector_app.services.number_custody import BlockLine, ledger


def block_lines(stage: Stage) -> list[BlockLine]:
    """Every block of the station, by kind."""
    return sorted(ledger(stage.laptop.device), key=lambda line: line.first)


def keepers(stage: Stage) -> dict[str, KeeperCount]:
    """Sheets of paper per device: on hand at opening + in = out + on hand at closing."""
    return {seat.place: keeper_count(seat.device, seat.device.today()) for seat in (stage.laptop, stage.desk)}


def equations(stage: Stage) -> dict[str, object]:
    """Both equations as they stand in ``summary.json``."""
    blocks = {f"{line.kind} {line.first}–{line.last}": _block(line.count) for line in block_lines(stage)}
    paper = {place: _keeper(count) for place, count in keepers(stage).items()}
    return {"blocks": blocks, "paper": paper}


def _block(count: BlockCount) -> dict[str, object]:
    return msgspec.structs.asdict(count) | {"holds": count.holds}


def _keeper(count: KeeperCount) -> dict[str, object]:
    return msgspec.structs.asdict(count) | {"holds": count.holds}
