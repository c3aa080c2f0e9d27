"""How long the free numbers of the person signed in will last here, and what brings more."""

from __future__ import annotations

from inspector_app.clock import MS_PER_DAY, day_start, legal_date
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_refusals import StockRefusal
from inspector_app.domain.supply import WINDOW_DAYS, Forecast, Supply, forecast
from inspector_app.domain.usage import Use, cap_refusals, coming_window, draw_cap, recent_window
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


@enforces("G14")
def cap_ahead(device: Device, kind: str, wanted: int) -> list[StockRefusal]:
    """What the keeper above will meet when ``wanted`` free numbers are asked for: more than one draw may hold.

    Nothing where enough was drawn and is only to be cut. The request goes out all the same: the head may approve.
    """
    unused = numbers_left(device, kind, device.person()) + uncut(device, kind, device.person())
    if wanted <= unused:
        return []
    policy = device.policy()
    cap = draw_cap(_use(device, kind, policy.draw_months), policy.draw_quota_new)
    return cap_refusals(wanted - unused, cap, unused=unused, approved=False)


def _use(device: Device, kind: str, months: int) -> Use:
    """What whoever draws here used in both windows: the vet of the last draw, or the whole station."""
    draws = device.rows.many("draws", kind=kind, order="issued_at")
    holder = int(draws[-1]["holder"] or 0) if draws else 0
    whose = {"vet": holder} if holder else {"station": device.sheet.station}
    table = "notices" if kind == "N" else "certificates"
    days = [str(row["issued_on"]) for row in device.rows.many(table, kind=kind, **whose)]
    recent, coming = recent_window(device.today(), months), coming_window(device.today(), months)
    return Use(
        recent=sum(recent.first <= day <= recent.last for day in days),
        coming=sum(coming.first <= day <= coming.last for day in days),
        is_new=min(days, default=recent.first) >= recent.first,
    )


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
