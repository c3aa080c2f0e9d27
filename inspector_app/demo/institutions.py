"""The institutions above the station in the story: who keeps their stores, what they distribute, what they let draw.

Invented names at real places: the province's institution gets certificates from the printing house, gives them on to
the city and the county, one level at a time, and the county's keeper decides each draw of the station under all rules.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import msgspec

from inspector_app import bootstrap
from inspector_app.demo.telling import Both
from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.stock import Distribution
from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.errors import BugError
from inspector_app.practice import world

S = TypeVar("S")
PROVINCE, CITY, COUNTY, UNIT = 1, 10, 100, 1000
A, B = "A", "B"
DELIVERED, TO_CITY, TO_COUNTY, DRAWN = 1_000, 500, 300, 100
"""How many certificates of a kind go how far."""
PRICE_FEN = 20
HEAD = world.PersonData(5, "韩素秋", "Han Suqiu", ("head",), ())
"""The head of the station, who issues nothing."""


class Institution(NamedTuple):
    """One institution with the keeper of its store."""

    number: int
    level: str
    superior: int
    area: int
    name: str
    keeper: int
    keeper_name: str
    keeper_en: str


CHAIN = (
    Institution(PROVINCE, "province", 0, 320000, "练习省水生动物卫生监督所", 31, "范若水", "Fan Ruoshui"),
    Institution(CITY, "city", PROVINCE, 321000, "扬州市水生动物卫生监督所（练习）", 32, "郑南星", "Zheng Nanxing"),
    Institution(COUNTY, "county", CITY, world.GAOYOU, "高邮市水生动物卫生监督所（练习）", 33, "何秋实", "He Qiushi"),
)
LEADER = 41
"""Who registers the institutions and heads them, by roster number."""
LEADER_NAME, LEADER_EN = "邵文渊", "Shao Wenyuan"
COUNTY_KEEPER = CHAIN[2]


class Draw(NamedTuple):
    """A draw of the station as it was decided; ``refused`` says why not, in both languages, where it was not.

    ``approved``: it was more than the cap, and the county's head let it happen.
    """

    draw: str
    first: str
    last: str
    code: str = ""
    refused: Both | None = None
    approved: bool = False


def found() -> None:
    """Register institutions, keepers, stores and the head of the station; distribute; let the station draw A and B."""
    from province.databases import DEFAULT

    _register(DEFAULT)
    for kind in (A, B):
        _deliver(DEFAULT, kind)
        draw(kind)


def _register(using: str) -> None:
    from province.registry import publishing

    publishing.add_person(using, LEADER, name=LEADER_NAME, name_en=LEADER_EN)
    publishing.add_person(using, HEAD.number, name=HEAD.name, name_en=HEAD.name_en)
    publishing.grant(using, HEAD.number, station=world.STATION, posts=HEAD.posts)
    for one in CHAIN:
        publishing.add_person(using, one.keeper, name=one.keeper_name, name_en=one.keeper_en)
        _institute(using, one.number, one.keeper, name=one.name, level=one.level, superior=one.superior, area=one.area)
    filing = {"filing": "邮备 3", "category": "aquatic_seed", "filed_from": "2020-01-01"}
    _institute(
        using,
        UNIT,
        world.KEEPER.number,
        name=world.THE_STATION.name,
        level="station",
        superior=COUNTY,
        area=world.GAOYOU,
        station=world.STATION,
        head=HEAD.number,
        **filing,
    )


def _institute(using: str, number: int, keeper: int, **stated: str | int) -> None:
    """Who registers an organisation names its first keeper too."""
    from province.custody import organisations

    blank = OrganisationSheet(number, 0, "", "institution", "", 0, 0, 0, LEADER, "", "", "", "", LEADER, 0)
    decided(organisations.register(using, msgspec.structs.replace(blank, **stated)))
    decided(organisations.place_store(using, number, 1, store="证章标志专用柜", keeper=keeper, by=LEADER))


def _deliver(using: str, kind: str) -> None:
    """From the printing house to the county's store, counted in at each step; the county's cost fee is settled."""
    from province.custody import fees, receiving
    from province.custody.distributing import DistributionRequest, distribute
    from province.custody.receiving import Delivery
    from province.numbers import custody

    first = custody.free_start(using, kind)
    last = str(int(first) + DELIVERED - 1).zfill(len(first))
    top, city, county = CHAIN
    typed = f"{first}-{last}"
    decided(
        receiving.receive(using, Delivery(organisation=PROVINCE, kind=kind, by=top.keeper, typed=typed, note="YS-1"))
    )
    for giver, receiver, count in ((top, city, TO_CITY), (city, county, TO_COUNTY)):
        asked = DistributionRequest(
            giver=giver.number, receiver=receiver.number, kind=kind, by=giver.keeper, count=count
        )
        made = decided(distribute(using, asked))
        assert isinstance(made, Distribution)  # nothing of the story is out of turn
        given = made.distribution
        decided(receiving.confirm_receipt(using, given, by=receiver.keeper))
        amount = count * PRICE_FEN
        fee = decided(fees.charge(using, given, amount_fen=amount, invoice=f"FP-{receiver.number}", by=giver.keeper))
        decided(fees.settle(using, fee.fee, amount_fen=amount, receipt=f"SJ-{receiver.number}", by=giver.keeper))


def decided(outcome: S | StockRefused) -> S:
    """What the institutions decided. BugError where the story was refused."""
    if isinstance(outcome, StockRefused):
        raise BugError(f"the story was refused: {[code.value for code in outcome.codes]}")
    return outcome


def draw(kind: str, *, reason: str = "") -> Draw:
    """The county's keeper lets the station draw a further hundred, or says why not; over the cap the head decides."""
    from province.custody import drawing
    from province.custody.drawing import DrawRequest
    from province.databases import DEFAULT
    from province.numbers.models import DrawnRange
    from province.numbers.ranges import NumbersError

    asked = DrawRequest(station=world.STATION, kind=kind, by=COUNTY_KEEPER.keeper, count=DRAWN, reason=reason)
    try:
        made = drawing.draw(DEFAULT, asked)
    except NumbersError as error:
        return Draw("", "", "", error.code, _arrears(int(error.details["sheets"])))
    if isinstance(made, StockRefused):
        first = made.refusals[0]
        said = (bootstrap.sentences().of("stock", first.code.value, lang, first.details) for lang in ("en", "zh"))
        return Draw("", "", "", first.code.value, Both(*(one.happened for one in said)))
    if isinstance(made, DrawnRange):
        return Draw(made.draw, made.first, made.last)
    granted = decided(drawing.confirm(DEFAULT, made.ask, by=LEADER))
    return Draw(granted.draw, granted.first, granted.last, approved=True)


def count_in(hand_in: str, sheets: int) -> None:
    """The county's keeper counts what the station handed in; everything is there."""
    from province.custody import hand_ins
    from province.databases import DEFAULT

    decided(hand_ins.count_in(DEFAULT, hand_ins.Count(hand_in=hand_in, counted=sheets, by=COUNTY_KEEPER.keeper)))


def _arrears(sheets: int) -> Both:
    return Both(
        f"{sheets} spoiled or void sheets of the draw before last are not handed in.",
        f"上上次领用的废证、作废证还有 {sheets} 联没有上缴。",
    )
