"""The invented station of practice mode: real places and species, nobody real (练习数据).

Farms, people, telephone numbers and plates are made up; ``139 0000 ….`` numbers belong to no range in service.
"""

from __future__ import annotations

from typing import NamedTuple

from inspector_app.domain.areas import Areas

STATION = 1
PASSPHRASE = "lianxi gaoyou huxi 2026"
GAOYOU = 321084
NUMBERS_DRAWN = {"A": 400, "B": 1200, "N": 200}


class StationData(NamedTuple):
    """A station as it stands on paper."""

    number: int
    name: str
    name_en: str
    area: int
    phone: str
    agency: str
    address: str


class PersonData(NamedTuple):
    """A person with posts."""

    number: int
    name: str
    name_en: str
    posts: tuple[str, ...]
    kinds: tuple[str, ...]


class Farm(NamedTuple):
    """A hatchery that declares."""

    name: str
    name_en: str
    phone: str
    area: int
    place: str
    permit: str


THE_STATION = StationData(
    STATION,
    "高邮湖西申报点（练习）",
    "Gaoyou Lake West (practice)",
    GAOYOU,
    "0514-0000-0001",
    "练习省水生动物卫生监督所",
    "高邮湖西练习路 1 号",
)
VET = PersonData(1, "陆清河", "Lu Qinghe", ("vet",), ("A", "B", "N"))
SECOND_VET = PersonData(2, "沈望舒", "Shen Wangshu", ("vet", "head"), ("B", "N"))
CLERK = PersonData(3, "钱小满", "Qian Xiaoman", ("clerk", "reception"), ())
KEEPER = PersonData(4, "周立夏", "Zhou Lixia", ("keeper",), ())
PEOPLE = (VET, SECOND_VET, CLERK, KEEPER)

FARMS = (
    Farm("湖西特种水产苗种场（练习）", "Huxi Special Hatchery", "13900000001", 321084, "湖西新区苗种场", "练苏高邮001"),
    Farm("三垛鱼种场（练习）", "Sanduo Fish Farm", "13900000002", 321084, "三垛镇鱼种场", "练苏高邮002"),
    Farm("菱塘虾苗繁育场（练习）", "Lingtang Prawn Hatchery", "13900000003", 321084, "菱塘回族乡虾苗场", "练苏高邮003"),
    Farm("界首蟹苗站（练习）", "Jieshou Crab Station", "13900000004", 321084, "界首镇蟹苗站", "练苏高邮004"),
    Farm("车逻水产站（练习）", "Cheluo Fishery Station", "13900000005", 321084, "车逻镇水产站", "练苏高邮005"),
    Farm("王𬀩家庭渔场（练习）", "Wang Wei Family Farm", "13900000006", 321084, "甘垛镇横泾村", "练苏高邮006"),
)


def area_named(areas: Areas, name: str) -> int:
    """The code of an area by its exact Chinese name; KeyError when there is none."""
    for area in areas:
        if area.name == name:
            return area.code
    raise KeyError(name)
