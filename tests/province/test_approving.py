"""A keeper asks, the head answers: an order after its window, other stock than the oldest; never one for both."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.organisations import OrganisationSheet, head_refusals
from inspector_app.domain.stock import Distribution, OrderPlaced
from inspector_app.domain.stock_approvals import ApprovalAsked, ApprovalDeclined
from inspector_app.domain.stock_refusals import StockCode as C
from province.custody import approving, distributing, ordering, stores
from province.desk.holdings import waiting_orders
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.violations import violations
from tests.province.desks import Desk
from tests.province.drawing import codes
from tests.province.fixtures import Province
from tests.province.institutional import order
from tests.province.institutions import (
    CITY,
    CITY_HEAD,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    DEPUTY,
    PROVINCE,
    PROVINCE_HEAD,
    PROVINCE_KEEPER,
    SHEET,
    combine_posts,
    found_chain,
    receive,
    to_city,
)

LATER = "9900003001-9900003100"


@pytest.fixture
def chain(province: Province) -> Province:
    """3000 certificates B in the province's store; the county's window of this month is over."""
    found_chain(province)
    receive(province)
    return province


def asked(province: Province, **changes: object) -> ApprovalAsked:
    """The last hundred instead of the first."""
    out_of_turn = to_city(**({"typed": LATER, "count": 0, "reason": "whole_boxes"} | changes))
    made = distributing.distribute(province.using, out_of_turn)
    assert isinstance(made, ApprovalAsked), made
    return made


def asked_late(province: Province, **changes: object) -> ApprovalAsked:
    made = ordering.place_order(province.using, order(reason="disaster", **changes))
    assert isinstance(made, ApprovalAsked), made
    return made


def on_hand(province: Province) -> int:
    return sum(lot.count for lot in stores.lots(province.using, PROVINCE, "B"))


def test_other_stock_lies_where_it_lay_until_the_head_lets_it_go(chain: Province) -> None:
    ask = asked(chain)
    assert (on_hand(chain), DjangoRows(chain.using).count("distributions")) == (3000, 0)
    assert [row["ask"] for row in approving.waiting_approvals(chain.using)] == [ask.ask]
    made = approving.approve(chain.using, ask.ask, by=PROVINCE_HEAD)
    assert isinstance(made, Distribution)
    assert (made.ask, made.by, made.approved_by) == (ask.ask, PROVINCE_KEEPER, PROVINCE_HEAD)
    assert (made.reason, on_hand(chain)) == ("whole_boxes", 2900)
    assert approving.waiting_approvals(chain.using) == []
    assert differences(chain.using) == []


def test_a_late_order_counts_from_the_day_it_was_asked_for(chain: Province) -> None:
    ask = asked_late(chain)
    assert DjangoRows(chain.using).count("orders") == 0
    chain.clock.forward(days=12)
    made = approving.approve(chain.using, ask.ask, by=COUNTY_HEAD)
    assert isinstance(made, OrderPlaced)
    assert (made.on[:7], made.month, made.late, made.approved_by) == ("2026-11", "2026-11", True, COUNTY_HEAD)
    assert [one for one in violations(chain.using) if one.source == "order"] == []


@pytest.mark.parametrize("by", [0, PROVINCE_KEEPER, CITY_HEAD, COUNTY_KEEPER, 9999])
def test_nobody_but_the_head_answers(chain: Province, by: int) -> None:
    ask = asked(chain)
    for answer in (approving.approve, approving.decline):
        assert C.NOT_THE_HEAD in codes(answer(chain.using, ask.ask, by=by))
    assert len(approving.waiting_approvals(chain.using)) == 1
    assert on_hand(chain) == 3000


def test_who_asked_does_not_answer_in_another_post(chain: Province) -> None:
    combine_posts(chain, PROVINCE, PROVINCE_HEAD)
    ask = asked(chain, by=PROVINCE_HEAD)
    assert codes(approving.approve(chain.using, ask.ask, by=PROVINCE_HEAD)) == [C.SAME_PERSON]
    assert on_hand(chain) == 3000


def test_what_the_province_s_own_head_asked_for_is_declined_by_who_agrees_there(chain: Province) -> None:
    combine_posts(chain, PROVINCE, PROVINCE_HEAD)
    ask = asked(chain, by=PROVINCE_HEAD)
    assert codes(approving.decline(chain.using, ask.ask, by=PROVINCE_HEAD)) == [C.SAME_PERSON, C.DECIDED_ABOVE]
    assert isinstance(approving.decline(chain.using, ask.ask, by=DEPUTY), ApprovalDeclined)


def test_where_no_head_is_registered_nobody_approves_as_nobody() -> None:
    headless: OrganisationSheet = msgspec.structs.replace(SHEET, head=0)
    assert [one.code for one in head_refusals(headless, 0, PROVINCE_KEEPER)] == [C.NOT_THE_HEAD]


def test_an_ask_is_answered_once(chain: Province) -> None:
    ask = asked(chain)
    assert isinstance(approving.decline(chain.using, ask.ask, by=PROVINCE_HEAD), ApprovalDeclined)
    for answer in (approving.approve, approving.decline):
        assert codes(answer(chain.using, ask.ask, by=PROVINCE_HEAD)) == [C.RECORD_SETTLED]
        assert codes(answer(chain.using, "99-P9999", by=PROVINCE_HEAD)) == [C.RECORD_UNKNOWN]
    assert on_hand(chain) == 3000


def test_every_rule_is_asked_again_when_the_head_answers(chain: Province) -> None:
    first, second = asked(chain), asked(chain)
    approving.approve(chain.using, first.ask, by=PROVINCE_HEAD)
    assert C.NOT_ON_HAND in codes(approving.approve(chain.using, second.ask, by=PROVINCE_HEAD))
    assert on_hand(chain) == 2900


def test_what_no_head_may_let_pass_is_not_even_asked(chain: Province) -> None:
    skipped = to_city(receiver=COUNTY, typed=LATER, count=0, reason="whole_boxes")
    assert C.LEVEL_SKIPPED in codes(distributing.distribute(chain.using, skipped))
    assert codes(ordering.place_order(chain.using, order(reason="because"))) == [C.REASON_UNKNOWN]
    assert approving.waiting_approvals(chain.using) == []


def test_the_head_answers_at_the_desk(site: Province) -> None:
    found_chain(site)
    receive(site)
    keeper, head = Desk(site, PROVINCE_KEEPER), Desk(site, PROVINCE_HEAD)
    typed = {"store": f"{PROVINCE}:1", "receiver": str(CITY), "kind": "B", "ranges": LATER, "reason": "whole_boxes"}
    assert "签名文件：请负责人批准" in keeper.post("stock/distributions/new/", **typed)
    ask = str(approving.waiting_approvals(site.using)[0]["ask"])
    assert ask in head.get("stock/")
    here = f"stock/asks/{ask}/"
    assert "不批准" not in keeper.get(here)
    assert "YJ-7203" in keeper.refused(here, approve="1")
    assert "签名文件：发放" in head.post(here, approve="1")
    assert "已批准" in head.get(here)
    assert "YJ-7228" in head.refused(here, decline="1")
    head.get("stock/asks/99-P9999/", 404)


def test_a_late_order_waits_at_the_desk_where_no_head_signs_in_beside(site: Province) -> None:
    found_chain(site)
    keeper, head = Desk(site, COUNTY_KEEPER), Desk(site, COUNTY_HEAD)
    keeper.post("stock/orders/new/", store=f"{COUNTY}:1", kind="B", wanted="300", reason="loss")
    assert waiting_orders(site.using) == []
    ask = str(approving.waiting_approvals(site.using)[0]["ask"])
    head.post(f"stock/asks/{ask}/", approve="1")
    assert [one.month for one in waiting_orders(site.using)] == ["2026-11"]
