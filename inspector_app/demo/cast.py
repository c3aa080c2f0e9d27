"""The twelve declarations of the story: invented producers and buyers, real species, real counties."""

from __future__ import annotations

from typing import NamedTuple

from inspector_app.domain.quantities import Quantity
from inspector_app.practice.world import (
    BASS_FARM,
    BUYERS,
    CARP_FARM,
    FARM_ELSEWHERE,
    FARMS,
    Buyer,
    Farm,
)

FISH, ANIMALS, KILOGRAMS = 1, 2, 32
FARMING, ORNAMENTAL = 1, 4
HUXI, SANDUO, LINGTANG, JIESHOU, CHELUO, WANG_WEI = FARMS


class Trip(NamedTuple):
    """One declaration: what goes where, declared when (days from today, time), leaving when."""

    name: str
    farm: Farm
    species: int
    stage: str
    quantity: Quantity
    buyer: Buyer
    declared: tuple[int, str]
    departs: tuple[int, str]
    pond: str
    channel: str = "phone"
    purpose: int = FARMING


def _fish(count: int) -> Quantity:
    return Quantity(count, 0, FISH)


MANDARIN = Trip(
    *("mandarin", CHELUO, 111, "summer_fingerling", _fish(60_000), BUYERS["xuanzhou"]),
    *((-4, "09:05"), (0, "11:00"), "2号池"),
)
PRAWN = Trip(
    *("prawn", LINGTANG, 305, "desalinated_postlarva", _fish(2_000_000), BUYERS["deqing"]),
    *((-4, "09:20"), (0, "13:00"), "育苗车间3号"),
)
CRUCIAN = Trip(
    *("crucian", SANDUO, 107, "summer_fingerling", _fish(120_000), BUYERS["baoying"]),
    *((-4, "09:40"), (0, "09:00"), "7号塘"),
)
GRASS = Trip(
    *("grass", HUXI, 101, "fry", _fish(800_000), BUYERS["xinghua"], (-4, "10:10"), (0, "09:45"), "1号池", "point"),
)
CRAB = Trip(
    *("crab", JIESHOU, 401, "coin_crab", Quantity(1_200, 0, KILOGRAMS), BUYERS["jinhu"]),
    *((-4, "10:30"), (0, "11:40"), "蟹塘4号"),
)
CATFISH = Trip(
    *("catfish", CHELUO, 113, "summer_fingerling", _fish(90_000), BUYERS["jiangyan"]),
    *((-4, "20:15"), (0, "16:30"), "9号塘", "online"),
)
KOI = Trip(
    *("koi", CARP_FARM, 106, "fingerling", _fish(8_000), BUYERS["jianhu"], (-3, "09:30"), (0, "15:00"), "温室2号"),
    *("phone", ORNAMENTAL),
)
ELSEWHERE = Trip(
    *("elsewhere", FARM_ELSEWHERE, 104, "fry", _fish(300_000), BUYERS["jinhu"], (-3, "10:00"), (1, "08:00"), "3号池"),
)
CANCELLED = Trip(
    *("cancelled", SANDUO, 109, "fry", _fish(400_000), BUYERS["xinghua"], (-3, "10:25"), (0, "14:00"), "5号池"),
)
BASS = Trip(
    *("bass", BASS_FARM, 114, "summer_fingerling", _fish(50_000), BUYERS["wanzhi"], (-3, "11:00"), (2, "06:00")),
    *("1号塘",),
)
CRAYFISH = Trip(
    *("crayfish", LINGTANG, 307, "juvenile_shrimp", Quantity(900, 0, KILOGRAMS), BUYERS["qianjiang"]),
    *((-3, "11:15"), (2, "07:00"), "虾田2区"),
)
SILVER = Trip(
    *(
        "silver",
        WANG_WEI,
        103,
        "fry",
        _fish(1_500_000),
        BUYERS["jianhu"],
        (-1, "16:00"),
        (0, "09:30"),
        "水花池",
        "point",
    ),
)

PONDS = {
    "2号池": "pond 2",
    "育苗车间3号": "nursery hall 3",
    "7号塘": "pond 7",
    "1号池": "pond 1",
    "蟹塘4号": "crab pond 4",
    "9号塘": "pond 9",
    "温室2号": "greenhouse 2",
    "3号池": "pond 3",
    "5号池": "pond 5",
    "1号塘": "pond 1",
    "虾田2区": "crayfish paddy 2",
    "水花池": "fry pond",
}
TRIPS = (MANDARIN, PRAWN, CRUCIAN, GRASS, CRAB, CATFISH, KOI, ELSEWHERE, CANCELLED, BASS, CRAYFISH, SILVER)
