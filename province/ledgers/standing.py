"""How a station's ledgers stand by what the province has of them: what a visit recorded at the desk starts from."""

from __future__ import annotations

import msgspec

from inspector_app.domain.custody import ON_HAND, SheetFlow
from inspector_app.domain.visits import LedgerSeen
from inspector_app.journal.books.standing import Ground, read_standing
from province.custody import deciding
from province.journal.rows import DjangoRows


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The seven ledgers of a station, whether both equations hold, how many cases are open."""

    ledgers: tuple[LedgerSeen, ...]
    blocks_hold: bool
    sheets_hold: bool
    open_cases: int


def standing_of(using: str, station: int) -> Standing:
    """A station's ledgers as they stand now; what its computers have not sent yet is not in them."""
    rows = DjangoRows(using)
    devices = tuple(str(row["device"]) for row in rows.many("journals", station=station))
    return Standing(
        ledgers=tuple(read_standing(_ground(using, rows, station, devices))),
        blocks_hold=all(_block_holds(rows, device) for device in devices),
        sheets_hold=all(_sheets_hold(rows, device) for device in devices),
        open_cases=sum(rows.count("custody_cases", device=device, state="open") for device in devices),
    )


def _ground(using: str, rows: DjangoRows, station: int, devices: tuple[str, ...]) -> Ground:
    """A computer that was shut down counts no more."""
    counters = tuple(device for device in devices if rows.count("devices", device=device, state="active"))
    return Ground(
        rows=rows,
        policy=deciding.policy(using),
        today=deciding.today(using),
        counters=counters,
        devices=devices,
        station=station,
    )


def _block_holds(rows: DjangoRows, device: str) -> bool:
    """Whether every number of the device's blocks is on record, once, in one of its states."""
    blocks = rows.many("blocks", device=device)
    return all(rows.count("numbers", block=block["block"]) == int(block["size"] or 0) for block in blocks)


def _sheets_hold(rows: DjangoRows, device: str) -> bool:
    """Whether as many sheets lie there as came in and did not go out."""
    lying = rows.tally("sheets", "state", device=device)
    on_hand = sum(count for (state,), count in lying.items() if state in ON_HAND)
    moved = rows.tally("sheet_moves", "flow", device=device)
    return on_hand == moved.get((SheetFlow.IN.value,), 0) - moved.get((SheetFlow.OUT.value,), 0)
