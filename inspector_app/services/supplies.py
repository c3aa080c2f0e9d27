"""How long the free numbers of the person signed in will last here, and what brings more."""

from __future__ import annotations

from inspector_app.clock import MS_PER_DAY, day_start, legal_date
from inspector_app.domain.supply import WINDOW_DAYS, Forecast, Supply, forecast
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.number_custody import KINDS, is_over, lowest_free, numbers_left, own_blocks, uncut

SMALLEST_BLOCK = 20
"""However small the blocks are, fewer than half of this is few."""


def forecasts(device: Device) -> tuple[Forecast, ...]:
    """The forecast of every kind the person holds blocks of here."""
    return tuple(forecast_of(device, kind) for kind in KINDS if own_blocks(device, kind, device.person()))


def forecast_of(device: Device, kind: str) -> Forecast:
    """The forecast of one kind."""
    person = device.person()
    blocks = own_blocks(device, kind, person)
    supply = Supply(
        kind=kind,
        free=numbers_left(device, kind, person),
        used_daily=_used_daily(device, kind, person),
        room=uncut(device, kind, person),
        block=max([SMALLEST_BLOCK, *(int(row["size"] or 0) for row in blocks)]),
        ends_in_days=_ends_in(device, blocks),
    )
    return forecast(supply)


def _used_daily(device: Device, kind: str, person: int) -> list[int]:
    """Certificates, or notices, of the person on each of the last days, the oldest first."""
    table = "notices" if kind == "N" else "certificates"
    today = day_start(device.today())
    days = (legal_date(today - back * MS_PER_DAY) for back in reversed(range(WINDOW_DAYS)))
    return [len(device.rows.many(table, issued_on=day, kind=kind, vet=person)) for day in days]


def _ends_in(device: Device, blocks: list[Row]) -> int | None:
    """Days until the first block that still has free numbers ends."""
    now = device.clock.now().at
    lasting = [row for row in blocks if row["expires"] and not is_over(row, now)]
    ends = [int(row["expires"] or 0) for row in lasting if lowest_free(device, str(row["block"])) is not None]
    return (min(ends) - now) // MS_PER_DAY if ends else None
