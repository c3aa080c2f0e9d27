"""Whatever keepers try, in any order: every number that came in is in exactly one place, and every ledger adds up."""

from __future__ import annotations

import random

import pytest

from inspector_app.domain.stock import size_of
from inspector_app.journal.projections import stock
from province.custody import distributing, drawing, receiving, returning, stores
from province.custody.distributing import DistributionRequest
from province.custody.drawing import DrawRequest
from province.custody.receiving import Delivery
from province.custody.returning import ReturnRequest
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.numbers.ranges import NumbersError
from tests.province.fixtures import OTHER_STATION, STATION, Province
from tests.province.institutions import (
    CITY,
    CITY_HEAD,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    OTHER_CITY,
    OTHER_CITY_KEEPER,
    OTHER_COUNTY,
    OTHER_COUNTY_KEEPER,
    OTHER_HEAD,
    PROVINCE,
    PROVINCE_HEAD,
    PROVINCE_KEEPER,
    found_chain,
    receive,
)

KEEPERS = {
    PROVINCE: PROVINCE_KEEPER,
    CITY: CITY_KEEPER,
    COUNTY: COUNTY_KEEPER,
    OTHER_CITY: OTHER_CITY_KEEPER,
    OTHER_COUNTY: OTHER_COUNTY_KEEPER,
}
HEADS = {PROVINCE: PROVINCE_HEAD, CITY: CITY_HEAD, OTHER_CITY: OTHER_HEAD}
BELOW = {PROVINCE: (CITY, OTHER_CITY), CITY: (COUNTY,), OTHER_CITY: (OTHER_COUNTY,)}
LOWEST = 9_900_001_001


class Walk:
    """One keeper after another does something, sensible or not."""

    def __init__(self, province: Province, seed: int) -> None:
        self.province, self.chance = province, random.Random(seed)
        self.using = province.using

    def step(self) -> object:
        self.province.clock.wait(1)
        act = self.chance.choice(
            (
                self.receive,
                *[self.distribute] * 3,
                *[self.confirm] * 3,
                self.draw,
                self.draw,
                self.give_back,
                self.count_in,
            )
        )
        try:
            return act()
        except NumbersError as problem:
            return problem

    def range(self) -> str:
        first = LOWEST + self.chance.randrange(0, 900, 50)
        return f"{first}-{first + self.chance.choice((9, 49, 99, 299))}"

    def keeper_of(self, organisation: int) -> int:
        mistaken = self.chance.random() < 0.1
        return self.chance.choice(list(KEEPERS.values())) if mistaken else KEEPERS[organisation]

    def receive(self) -> object:
        delivery = Delivery(organisation=PROVINCE, kind="B", by=self.keeper_of(PROVINCE), typed=self.range())
        return receiving.receive(self.using, delivery)

    def distribute(self) -> object:
        giver = self.chance.choice(list(BELOW))
        receiver = self.chance.choice(BELOW[giver] if self.chance.random() < 0.9 else list(KEEPERS))
        out_of_turn = self.chance.random() < 0.2
        count = 0 if out_of_turn else self.chance.choice((10, 30, 60))
        request = DistributionRequest(
            giver=giver,
            receiver=receiver,
            kind="B",
            by=self.keeper_of(giver),
            typed=self.range() if out_of_turn else "",
            count=count,
            reason="damaged" if out_of_turn else "",
            approved_by=HEADS[giver],
        )
        return distributing.distribute(self.using, request)

    def confirm(self) -> object:
        again = self.chance.random() < 0.1
        rows = DjangoRows(self.using).many("distributions")
        rows = [row for row in rows if again or row["received_on"] is None]
        row = self.chance.choice(rows) if rows else None
        if row is None:
            return None
        keeper = self.keeper_of(int(row["receiver"] or 0))
        return receiving.confirm_receipt(self.using, str(row["distribution"]), by=keeper)

    def draw(self) -> object:
        station, by = self.chance.choice(((STATION, COUNTY_KEEPER), (OTHER_STATION, OTHER_COUNTY_KEEPER)))
        asks = drawing.waiting(self.using)
        if asks and self.chance.random() < 0.5:
            return drawing.confirm(self.using, str(self.chance.choice(asks)["ask"]), by=COUNTY_HEAD)
        count = self.chance.choice((5, 10, 40, 250))
        request = DrawRequest(station=station, kind="B", by=by, reason="season", count=count)
        return drawing.draw(self.using, request)

    def give_back(self) -> object:
        giver = self.chance.choice([CITY, COUNTY, OTHER_CITY, OTHER_COUNTY])
        lots = [lot for lot in stores.lots(self.using, giver, "B") if lot.count > 20]
        typed = f"{int(lots[-1].last) - 9}-{lots[-1].last}" if lots else self.range()
        by = self.keeper_of(giver)
        return returning.give_back(
            self.using, ReturnRequest(giver=giver, kind="B", by=by, reason="too_many", typed=typed)
        )

    def count_in(self) -> object:
        again = self.chance.random() < 0.1
        rows = DjangoRows(self.using).many("stock_returns") if again else returning.open_returns(self.using)
        if not rows:
            return None
        row = self.chance.choice(rows)
        keeper = self.keeper_of(int(row["receiver"] or 0))
        return returning.receive_back(self.using, str(row["record"]), by=keeper)

    def places(self) -> list[tuple[int, str]]:
        """Every number with where it is: in a store, on its way, or with a station."""
        held = [(lot.first, lot.last, f"store {one}") for one in KEEPERS for lot in stores.lots(self.using, one, "B")]
        rows = DjangoRows(self.using)
        for row in (*rows.many("distributions", received_on=None), *rows.many("stock_returns", received_on=None)):
            held += [(first, last, "on its way") for first, last in stock.ranges_of(str(row["ranges"]))]
        held += [(first, last, "drawn") for first, last in stores.drawn(self.using, "B") if int(first) >= LOWEST]
        return [(at, where) for first, last, where in held for at in range(int(first), int(last) + 1)]

    def came_in(self) -> set[int]:
        rows = DjangoRows(self.using).many("stock_moves", kind="B", counterpart=0)
        return {at for row in rows for at in range(int(str(row["first"])), int(str(row["last"])) + 1)}


@pytest.mark.parametrize("seed", range(3))
def test_every_number_is_in_exactly_one_place_and_every_ledger_adds_up(province: Province, seed: int) -> None:
    found_chain(province)
    receive(province, typed=f"{LOWEST}-{LOWEST + 399}")
    walk = Walk(province, seed)
    for _ in range(240):
        walk.step()
        places = walk.places()
        assert len({at for at, _where in places}) == len(places), "a number is in two places"
        assert {at for at, _where in places} == walk.came_in()
    for organisation in KEEPERS:
        page = stores.ledger(province.using, organisation, "B", "2026-11-01", "2026-12-31")
        assert isinstance(page, stores.LedgerPage)
        assert page.holds
        assert page.closing == page.on_hand
    rows = DjangoRows(province.using)
    assert rows.count("distributions") >= 5, "the walk went nowhere"
    assert rows.count("draw_decisions") >= 2
    assert rows.count("stock_returns") >= 1
    for row in rows.many("distributions"):
        assert row["count"] == size_of(stock.ranges_of(str(row["ranges"])))
    assert differences(province.using) == []
