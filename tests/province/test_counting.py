"""An institution's store counted against its ledger: by two, and each difference a case."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.stock_endings import StockLossConcluded
from inspector_app.domain.stock_receipts import Counted
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.domain.store_counts import StoreCountConfirmed, StoreCounted
from inspector_app.domain.trust import Standing
from province.custody import counting, drawing, ending
from province.custody.counting import CountRequest
from province.journal.projecting import differences
from province.ledgers.cases import STORE_LOSS, SURPLUS, CaseState, cases
from province.registry import trust
from province.violations import violations
from tests.province.drawing import codes, drawn, request
from tests.province.fixtures import Province
from tests.province.institutions import (
    CITY_HEAD,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    PROVINCE,
    PROVINCE_KEEPER,
    combine_posts,
)
from tests.province.stocked import on_hand, one_chain

__all__ = ["one_chain"]  # found by its name

AS_BOOKED = Counted()
THERE = "9900001001-9900001500, 9900001511-9900002000"
"""What lay in the county's store: ten numbers less than its ledger has."""


def asked(counted: Counted = AS_BOOKED, **changes: object) -> CountRequest:
    stated = CountRequest(organisation=COUNTY, kind="B", by=COUNTY_KEEPER, counted=counted)
    return msgspec.structs.replace(stated, **changes)


def count(province: Province, counted: Counted = AS_BOOKED, **changes: object) -> StoreCounted:
    made = counting.count_store(province.using, asked(counted, **changes))
    assert isinstance(made, StoreCounted), made
    return made


def marks(province: Province, there: int, cause: str = "") -> StoreCounted:
    return count(province, Counted(count=there, cause=cause), organisation=PROVINCE, kind="mark", by=PROVINCE_KEEPER)


def case(province: Province) -> CaseState:
    (found,) = cases(province.using)
    return found


def test_a_store_that_agrees_with_its_ledger_opens_no_case(one_chain: Province) -> None:
    drawn(one_chain, count=100)
    made = count(one_chain)
    assert (made.expected, made.counted, made.ending, made.due_on) == (900, 900, "", "")
    assert cases(one_chain.using) == []
    assert differences(one_chain.using) == []


def test_what_is_missing_is_lost_and_a_case_as_a_short_receipt_is(one_chain: Province) -> None:
    made = count(one_chain, Counted(typed=THERE, cause="stolen"))
    assert (made.expected, made.counted, made.surplus) == (1000, 990, ())
    found = case(one_chain)
    assert (found.case, found.kind, found.organisation) == (made.ending, STORE_LOSS, COUNTY)
    assert found.numbers == "B 9900001501–9900001510"
    assert on_hand(one_chain) == 990
    assert C.CROSSES_STOCK in codes(drawing.draw(one_chain.using, request(typed="9900001495-9900001505", count=0)))
    block = trust.build(one_chain.using).block("B", "9900001505")
    dead = block.exception("9900001505") if block else None
    assert dead is not None
    assert dead.standing == Standing.LOST
    assert differences(one_chain.using) == []


def test_what_lies_there_besides_is_a_case_until_the_head_concludes_it(one_chain: Province) -> None:
    made = count(one_chain, Counted(typed=f"9900000901-9900000905, {THERE}", cause="damaged"))
    surplus = next(one for one in cases(one_chain.using) if one.kind == SURPLUS)
    assert (surplus.case, surplus.numbers, surplus.due_on) == (made.count, "B 9900000901–9900000905", made.due_on)
    assert on_hand(one_chain) == 990, "what is in no ledger is given to nobody"
    said = {"cause": "recording_mistake", "conclusion": "record_added"}
    refused = ending.conclude_loss(one_chain.using, made.count, **said, by=COUNTY_KEEPER)
    assert C.NOT_THE_HEAD in codes(refused)
    assert isinstance(ending.conclude_loss(one_chain.using, made.count, **said, by=COUNTY_HEAD), StockLossConcluded)
    closed = next(one for one in cases(one_chain.using) if one.kind == SURPLUS)
    assert (closed.cause, closed.concluded_by) == ("recording_mistake", COUNTY_HEAD)
    again = ending.conclude_loss(one_chain.using, made.count, **said, by=COUNTY_HEAD)
    assert codes(again) == [C.RECORD_SETTLED]
    assert differences(one_chain.using) == []


@pytest.mark.parametrize(("there", "missing", "surplus"), [(40, 0, 0), (37, 3, 0), (42, 0, 2), (0, 40, 0)])
def test_counted_goods_are_counted_by_pieces(one_chain: Province, there: int, missing: int, surplus: int) -> None:
    made = marks(one_chain, there, "lost" if missing else "")
    assert (made.expected - made.counted, made.surplus_count) == (missing, surplus)
    assert on_hand(one_chain, PROVINCE, "mark") == 40 - missing
    assert len(cases(one_chain.using)) == bool(missing) + bool(surplus)


def test_g20_a_count_is_confirmed_by_the_head_who_is_another_person(one_chain: Province) -> None:
    made = count(one_chain)
    for stranger in (CITY_HEAD, COUNTY_KEEPER):
        assert C.NOT_THE_HEAD in codes(counting.confirm_count(one_chain.using, made.count, by=stranger))
    assert [row["count"] for row in counting.unconfirmed_counts(one_chain.using)] == [made.count]
    assert isinstance(counting.confirm_count(one_chain.using, made.count, by=COUNTY_HEAD), StoreCountConfirmed)
    assert counting.unconfirmed_counts(one_chain.using) == []
    assert codes(counting.confirm_count(one_chain.using, made.count, by=COUNTY_HEAD)) == [C.RECORD_SETTLED]


def test_g20_who_counted_confirms_nothing_in_another_post(one_chain: Province) -> None:
    combine_posts(one_chain, COUNTY, COUNTY_HEAD)
    made = count(one_chain, by=COUNTY_HEAD)
    assert C.SAME_PERSON in codes(counting.confirm_count(one_chain.using, made.count, by=COUNTY_HEAD))


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (asked(by=CITY_KEEPER), C.NOT_THE_KEEPER),
        (asked(organisation=424242), C.ORGANISATION_UNKNOWN),
        (asked(kind="Z"), C.KIND_UNKNOWN),
        (asked(Counted(typed="abc")), C.RANGES_UNREADABLE),
        (asked(Counted(count=990)), C.QUANTITY_MISFIT),
        (asked(Counted(typed=THERE)), C.REASON_UNKNOWN),
        (asked(Counted(typed=THERE, cause="fate")), C.REASON_UNKNOWN),
        (asked(Counted(cause="lost")), C.NONE_MISSING),
    ],
)
def test_a_count_that_says_too_little_or_by_who_keeps_nothing_there_is_not_recorded(
    one_chain: Province, request_: CountRequest, code: C
) -> None:
    assert code in codes(counting.count_store(one_chain.using, request_))
    assert counting.unconfirmed_counts(one_chain.using) == []
    assert on_hand(one_chain) == 1000


def test_no_count_of_that_name_is_confirmed(one_chain: Province) -> None:
    assert codes(counting.confirm_count(one_chain.using, "99-K0001-zz", by=COUNTY_HEAD)) == [C.RECORD_UNKNOWN]


def test_a_surplus_nobody_concluded_in_time_is_a_violation_of_its_institution(one_chain: Province) -> None:
    made = marks(one_chain, 42)
    assert [one for one in violations(one_chain.using) if one.ref == made.count] == []
    one_chain.clock.forward(days=60)
    (late,) = [one for one in violations(one_chain.using) if one.ref == made.count]
    assert (late.code, late.organisation, late.day, late.overdue) == (SURPLUS, PROVINCE, made.due_on, True)
