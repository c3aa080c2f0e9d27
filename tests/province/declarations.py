"""An online declaration as the portal's form would make it."""

from __future__ import annotations

from typing import Any

import msgspec

from inspector_app.domain.quantities import Quantity
from province.portal.declaring import Declared, declare
from province.portal.models import PortalDeclaration
from tests.province.fixtures import STATION, Province


def declared(province: Province, **changes: Any) -> Declared:
    """A sound declaration."""
    sound = Declared(
        station=STATION,
        owner="三垛鱼种场",
        owner_phone="13900000002",
        owner_address="三垛镇",
        permit="",
        species=101,
        stage="summerling",
        quantity=Quantity(50, 0, 11),
        purpose=1,
        origin=321084,
        origin_place="三垛镇鱼种场",
        pond="3 号塘",
        destination=321281,
        destination_place="昌荣镇",
        consignee="",
        wild=False,
        departs_at=province.clock.at + 4 * 86_400_000,
        remarks="",
    )
    return msgspec.structs.replace(sound, **changes)


def declare_online(province: Province, **changes: Any) -> PortalDeclaration:
    """A declaration that came in."""
    return declare(province.using, declared(province, **changes))
