"""Who a loss is reported to, and who reports it: by the register of organisations the province told this station.

A station that never heard of a register, or of whom it lacks, names them by its area code.
"""

from __future__ import annotations

from inspector_app.domain.loss_notice import authority_by_area
from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.reference import UnknownCodeError
from inspector_app.domain.rules import enforces
from inspector_app.journal.books.register import authority_of, superiors, unit_of
from inspector_app.journal.entries.losses import Recipient
from inspector_app.services.device import Device


def recipient(device: Device, to: Recipient) -> str:
    """The name of a recipient: the authority of the same level, or the institution above (GX-2014 Art. 17)."""
    known = registered(device, to)
    return known.name if known is not None else _by_area(device, to)


@enforces("G22", "G45")
def registered(device: Device, to: Recipient) -> OrganisationSheet | None:
    """A recipient as the register names it today; None where it does not, or none was heard."""
    unit = unit_of(device.rows, device.sheet.station)
    if unit is None:
        return None
    if to is Recipient.AUTHORITY:
        return authority_of(device.rows, unit, device.today())
    return next(superiors(device.rows, unit), None)


def agency(device: Device) -> str:
    """Who speaks in a paper of this station: the using unit as registered, else the agency of the station's sheet."""
    unit = unit_of(device.rows, device.sheet.station)
    if unit is not None:
        return unit.name
    station = _station(device)
    return str(station.get("agency") or "") or str(station.get("name") or "")


def where_to_tell(device: Device) -> str:
    """To whom the public is asked to tell of a sheet that was declared void: us, and whom the register names."""
    named = [known.name for to in Recipient if (known := registered(device, to)) is not None]
    return "、".join(["我单位", *named])


def _by_area(device: Device, to: Recipient) -> str:
    area = int(_station(device).get("area") or 0)
    if to is Recipient.AUTHORITY:
        return authority_by_area(_place(device, area))
    return f"{_place(device, area // 100 * 100)}水生动物检疫机构"


def _station(device: Device) -> dict[str, str | int | None]:
    return device.rows.one("stations", station=device.sheet.station) or {}


def _place(device: Device, area: int) -> str:
    try:
        return device.areas.full_name(area)
    except UnknownCodeError:
        return ""
