"""The invented station of practice mode: real places and species, nobody real (练习数据).

Farms, people, laboratory, buyers, telephone numbers and plates are made up; ``139 0000 ….`` numbers belong to no range
in service. The counties they are put in are real.
"""

from __future__ import annotations

from typing import NamedTuple

STATION = 1
PASSPHRASE = "lianxi gaoyou huxi 2026"
GAOYOU = 321084
BAOYING = 321023
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


class Buyer(NamedTuple):
    """Who receives; ``town_en`` is the place as English speakers say it."""

    name: str
    name_en: str
    area: int
    place: str
    town_en: str


class Laboratory(NamedTuple):
    """A laboratory designated by the province."""

    number: int
    name: str
    name_en: str


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


CARP_FARM = Farm("周巷锦鲤养殖场（练习）", "Zhouxiang Carp Farm", "13900000007", 321084, "周巷镇锦鲤场", "练苏高邮007")
BASS_FARM = Farm("送桥鲈鱼场（练习）", "Songqiao Bass Farm", "13900000008", 321084, "送桥镇鲈鱼场", "练苏高邮008")
FARM_ELSEWHERE = Farm(
    "射阳湖水产场（练习）", "Sheyanghu Fishery", "13900000009", BAOYING, "射阳湖镇水产场", "练苏宝应001"
)

BUYERS = {
    "baoying": Buyer("宝应柳堡养殖合作社（练习）", "Liubao Cooperative", BAOYING, "柳堡镇合作社", "Baoying"),
    "jianhu": Buyer("建湖恒济渔场（练习）", "Hengji Fishery", 320925, "恒济镇渔场", "Jianhu"),
    "xinghua": Buyer("兴化大垛养殖场（练习）", "Daduo Farm", 321281, "大垛镇养殖场", "Xinghua"),
    "jinhu": Buyer("金湖塔集蟹业（练习）", "Taji Crab Company", 320831, "塔集镇蟹塘", "Jinhu"),
    "jiangyan": Buyer("姜堰溱潼渔业（练习）", "Qintong Fisheries", 321204, "溱潼镇渔场", "Jiangyan"),
    "xuanzhou": Buyer("宣州水阳养殖场（练习）", "Shuiyang Farm", 341802, "水阳镇养殖场", "Xuanzhou, Anhui"),
    "deqing": Buyer("德清新市虾业（练习）", "Xinshi Prawn Company", 330521, "新市镇虾塘", "Deqing, Zhejiang"),
    "wanzhi": Buyer("湾沚六郎渔场（练习）", "Liulang Fishery", 340210, "六郎镇渔场", "Wanzhi, Anhui"),
    "qianjiang": Buyer("潜江熊口龙虾场（练习）", "Xiongkou Crayfish Farm", 429005, "熊口镇虾田", "Qianjiang, Hubei"),
}

# Plates with the letter I, which no real mainland plate bears (GA 36). They differ before their last two characters,
# which the public page masks.
PLATES = (
    *("苏K1I207", "苏K2I314", "苏K3I428", "苏K4I536", "苏K5I641", "苏K6I755", "苏K7I863", "苏K8I972", "苏K9I089"),
    *("苏K1I196", "苏K2I285", "苏K3I374", "苏K4I463"),
)
CARRIERS = (("陶远航（练习）", "13900000011"), ("卞长河（练习）", "13900000012"))
LABORATORY = Laboratory(1, "练习省水产苗种检测中心（练习）", "Practice Seed Testing Centre")


class Batch(NamedTuple):
    """What a producer declares online; it leaves ``days`` after the practice station was set up."""

    species: int
    stage: str
    amount: int
    unit: int
    pond: str
    days: int


FIRST_FARMS = (FARMS[1], FARMS[4], FARMS[0])
FIRST_BUYERS = (BUYERS["xinghua"], BUYERS["jiangyan"], BUYERS["wanzhi"])
FIRST_BATCHES = (
    Batch(101, "summer_fingerling", 500_000, 1, "3 号池", 0),
    Batch(103, "fry", 3_000_000, 1, "孵化 2 号", 3),
    Batch(111, "summer_fingerling", 120_000, 1, "5 号池", 4),
)
