"""Draws: the old sheets are settled before new numbers."""

from __future__ import annotations

from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.journal.entries.custody import BlockRequested, SheetSpoiled, StubFiled
from province.custody import drawing, fees, stores
from province.journal.rows import DjangoRows
from province.numbers.models import DrawnRange
from province.registry import publishing
from tests.province import work
from tests.province.drawing import chain, codes, cut_for, one_chain, printed, request
from tests.province.fixtures import VET, Province
from tests.province.institutions import (
    CITY_KEEPER,
    COUNTY,
    COUNTY_KEEPER,
    UNIT,
    give,
    receive,
    to_city,
    to_county,
)
from tests.sync.fakes import FakeDevice

__all__ = ["chain", "one_chain"]  # found by their names


def test_g09_stubs_of_the_draw_before_last_are_settled_first(chain: Province) -> None:
    device, issued = printed(chain)
    work.hand_over(device, issued)
    device.sync(chain.exchange)
    assert codes(drawing.draw(chain.using, request())) == [C.STUBS_OUTSTANDING]
    device.record(VET, StubFiled(number=issued.number, print=1, sheets=1))
    device.sync(chain.exchange)
    assert isinstance(drawing.draw(chain.using, request()), DrawnRange)


def test_where_policy_wants_stubs_handed_in_being_on_file_is_not_enough(one_chain: Province) -> None:
    from inspector_app.config import read_resource

    body = read_resource("catalogue/policy.toml").decode()
    head, _, rest = body.partition('name = "stub_settled_by"\nvalue = "filed"')
    publishing.publish_policy(one_chain.using, "2", f'{head}name = "stub_settled_by"\nvalue = "handed_in"{rest}')
    device, issued = printed(one_chain)
    device.record(VET, StubFiled(number=issued.number, print=1, sheets=1))
    device.sync(one_chain.exchange)
    assert codes(drawing.draw(one_chain.using, request())) == [C.STUBS_OUTSTANDING]


def torn(province: Province) -> FakeDevice:
    """The station of the fixture has a torn sheet of its first draw, which is no longer the latest."""
    device, issued = printed(province)
    device.record(VET, StubFiled(number=issued.number, print=1, sheets=1))
    device.record(VET, SheetSpoiled(number=issued.number, print=1, sheet=2, category="torn"))
    device.sync(province.exchange)
    return device


def test_g10_spoiled_sheets_stand_in_the_way_here_too(one_chain: Province) -> None:
    torn(one_chain)
    before = len(stores.lots(one_chain.using, COUNTY, "B"))
    assert codes(drawing.draw(one_chain.using, request())) == [C.SHEETS_OUTSTANDING]
    assert codes(drawing.draw(one_chain.using, request(count=0))) == [C.QUANTITY_MISFIT, C.SHEETS_OUTSTANDING]
    assert len(stores.lots(one_chain.using, COUNTY, "B")) == before
    assert DjangoRows(one_chain.using).count("draw_decisions") == 1


def test_neither_fee_nor_old_sheets_stand_against_what_a_station_that_has_run_out_is_short_of(
    one_chain: Province,
) -> None:
    device = torn(one_chain)
    ref = owing_and_dry(one_chain, device)
    assert codes(drawing.draw(one_chain.using, request(count=41, emergency=ref))) == [
        C.SHEETS_OUTSTANDING,
        C.FEE_UNSETTLED,
    ]
    assert isinstance(drawing.draw(one_chain.using, request(count=40, emergency=ref)), DrawnRange)
    # Contact alone brings those: whatever more is drawn is an ordinary draw again.
    assert set(codes(drawing.draw(one_chain.using, request(count=1, emergency=ref)))) == {
        C.DRAW_UNTAKEN,
        C.SHEETS_OUTSTANDING,
        C.FEE_UNSETTLED,
    }
    device.sync(one_chain.exchange)
    assert C.FEE_UNSETTLED in codes(drawing.draw(one_chain.using, request(count=1, emergency=ref)))


def owing_and_dry(province: Province, device: FakeDevice) -> str:
    """The unit owes a fee, nothing is left to cut; the computer, which used one number, asks for 40 more."""
    receive(province, kind="mark", typed="", count=5)
    give(province, to_city(kind="mark", count=5), CITY_KEEPER)
    give(province, to_county(kind="mark", count=5), COUNTY_KEEPER)
    given = give(province, to_city(giver=COUNTY, receiver=UNIT, by=COUNTY_KEEPER, kind="mark", count=5), VET)
    charged = fees.charge(province.using, given.distribution, amount_fen=100, invoice="1", by=COUNTY_KEEPER)
    assert not isinstance(charged, StockRefused), charged
    for drawn_range in DrawnRange.objects.using(province.using).filter(kind="B"):
        drawn_range.cut_through = drawn_range.high
        drawn_range.save(using=province.using)
    ref = device.record(VET, BlockRequested(kind="B", wanted=cut_for(province, device) - 1 + 40, emergency=True))
    device.sync(province.exchange)
    return ref
