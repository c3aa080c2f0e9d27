"""Stock as pure rules: what lies on hand, which goes first, who stands above whom, how much one draw may hold."""

from __future__ import annotations

from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.catalogue import Shape, StockKind
from inspector_app.domain.days import after_months
from inspector_app.domain.organisations import OrganisationSheet, Tier, is_inside, keeper_refusals
from inspector_app.domain.reference import Confidence
from inspector_app.domain.stock import (
    Goods,
    Lot,
    Move,
    hand_refusals,
    month_of_order,
    on_hand,
    order_refusals,
    propose,
    read_goods,
    shape_refusals,
    size_of,
    take_oldest,
    yuan,
)
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.domain.stock_refusals import StockRefusal, in_order, refusal
from inspector_app.domain.usage import Use, cap_refusals, coming_window, cost_estimate, draw_cap, recent_window


def numbers(first: int, last: int) -> tuple[str, str]:
    return f"99{first:08d}", f"99{last:08d}"


def came(first: int, last: int, on: str = "2026-11-01") -> Move:
    return Move(True, *numbers(first, last), last - first + 1, on)


def went(first: int, last: int) -> Move:
    return Move(False, *numbers(first, last), last - first + 1, "2026-11-20")


def kind(shape: Shape = Shape.NUMBERED, price: int = 0) -> StockKind:
    return StockKind(
        code="B",
        zh="证",
        en="certificate",
        shape=shape,
        measure="sheet",
        unit_price_fen=price,
        source="test",
        confidence=Confidence.GUESS,
    )


# --- on hand ----------------------------------------------------------------------------------------------------------


def test_a_range_taken_out_of_the_middle_leaves_both_ends() -> None:
    left = on_hand([came(1, 100), went(41, 60)], [numbers(91, 95)])
    assert [(lot.first, lot.last, lot.count) for lot in left] == [
        (*numbers(1, 40), 40),
        (*numbers(61, 90), 30),
        (*numbers(96, 100), 5),
    ]


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 15)), max_size=12), st.randoms(use_true_random=False))
def test_whatever_the_order_the_same_numbers_are_left(spans: list[tuple[int, int]], chance: Random) -> None:
    moves = [came(1, 40), came(41, 60, "2026-11-02"), *(went(first, min(first + more, 60)) for first, more in spans)]
    taken = {at for first, more in spans for at in range(first, min(first + more, 60) + 1)}
    shuffled = list(moves)
    chance.shuffle(shuffled)
    left = on_hand(shuffled)
    assert left == on_hand(moves)
    held = [at for lot in left for at in range(int(lot.first), int(lot.last) + 1)]
    assert sorted(held) == [9_900_000_000 + at for at in range(1, 61) if at not in taken]
    assert all(lot.count == int(lot.last) - int(lot.first) + 1 for lot in left)


def test_numbers_of_another_width_are_other_numbers() -> None:
    left = on_hand([came(1, 10), Move(False, "9900001", "9900010", 10, "2026-11-02")])
    assert sum(lot.count for lot in left) == 10


@given(st.integers(0, 40))
def test_counted_goods_go_out_of_the_oldest_lot(out: int) -> None:
    moves = [Move(True, "", "", 25, "2026-11-02"), Move(True, "", "", 15, "2026-11-01"), Move(False, "", "", out, "")]
    left = on_hand(moves)
    assert sum(lot.count for lot in left) == 40 - out
    assert [lot.on for lot in left] == ["2026-11-01"] * (out < 15) + ["2026-11-02"] * (out < 40)


# --- oldest first -----------------------------------------------------------------------------------------------------

LOTS = [Lot("2026-11-02", *numbers(1, 50), 50), Lot("2026-11-01", *numbers(201, 230), 30)]


@pytest.mark.parametrize(
    ("count", "wanted"),
    [
        (10, (numbers(201, 210),)),
        (30, (numbers(201, 230),)),
        (31, (numbers(201, 230), numbers(1, 1))),
        (500, (numbers(201, 230), numbers(1, 50))),
        (0, ()),
    ],
)
def test_the_oldest_day_then_the_lowest_number_is_proposed(count: int, wanted: tuple[tuple[str, str], ...]) -> None:
    assert propose(LOTS, count) == wanted


@given(st.integers(1, 80))
def test_what_is_proposed_is_always_accepted(count: int) -> None:
    ranges = propose(LOTS, count)
    goods = Goods(ranges, size_of(ranges))
    assert goods.count == count
    assert hand_refusals(LOTS, goods) + order_refusals(LOTS, goods, excused=False) == []


def test_a_count_that_is_not_there_is_no_goods_at_all() -> None:
    assert take_oldest(LOTS, 80) == Goods((numbers(201, 230), numbers(1, 50)), 80)
    short = take_oldest(LOTS, 81)
    assert isinstance(short, StockRefusal)
    assert (short.code, short.details) == (C.NOT_ON_HAND, {"current": 81, "limit": 80})


@pytest.mark.parametrize(
    ("shape", "goods", "fits"),
    [
        (Shape.NUMBERED, Goods((numbers(1, 10),), 10), True),
        (Shape.NUMBERED, Goods((numbers(1, 10),), 11), False),
        (Shape.NUMBERED, Goods((), 10), False),
        (Shape.COUNTED, Goods((), 10), True),
        (Shape.COUNTED, Goods((), 0), False),
        (Shape.COUNTED, Goods((numbers(1, 10),), 10), False),
        (Shape.SINGLE, Goods((), 1), False),
    ],
)
def test_each_shape_of_goods_is_booked_in_its_own_measure(shape: Shape, goods: Goods, fits: bool) -> None:
    assert (shape_refusals(kind(shape), goods) == []) is fits


def test_a_pick_out_of_turn_names_what_comes_first() -> None:
    goods = Goods((numbers(1, 10),), 10)
    (found,) = order_refusals(LOTS, goods, excused=False)
    assert found.code is C.OLDER_FIRST
    assert found.details["limit"] == "9900000201–9900000210"
    assert order_refusals(LOTS, goods, excused=True) == []


@pytest.mark.parametrize(
    ("typed", "count", "outcome"),
    [
        ("9900000001-9900000010", 0, 10),
        ("９９００００００１０－２０、9900000030", 0, 12),
        ("9900000001-9900000010", 10, 10),
        ("9900000001-9900000010", 11, C.QUANTITY_MISFIT),
        ("9900000001-9900000010,9900000010-9900000012", 0, C.RANGES_UNREADABLE),
        ("一号到十号", 0, C.RANGES_UNREADABLE),
        ("  ", 7, 7),
    ],
)
def test_what_a_keeper_types_is_read_or_refused(typed: str, count: int, outcome: int | C) -> None:
    read = read_goods(kind(), typed, count)
    assert (read.code if isinstance(read, StockRefusal) else read.count) == outcome


# --- between organisations --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "of", "inside"),
    [
        (321084, 321000, True),
        (321084, 320000, True),
        (321084, 321084, True),
        (321000, 321084, False),
        (321281, 321000, False),
        (330100, 320000, False),
        (320100, 321000, False),
    ],
)
def test_an_area_lies_in_the_area_above_it(area: int, of: int, inside: bool) -> None:
    assert is_inside(area, of) is inside


def test_below_a_station_there_is_nothing() -> None:
    assert [tier.below for tier in Tier] == [Tier.CITY, Tier.COUNTY, Tier.STATION, None]


def test_an_institution_gives_and_neither_station_nor_authority_does() -> None:
    sheet = OrganisationSheet(1, 1, "机构", "institution", "county", 0, 321084, 0, 0, "", "", "", "", 1, 0)
    assert sheet.gives
    assert not msgspec.structs.replace(sheet, level="station").gives
    assert not msgspec.structs.replace(sheet, line="authority").gives
    assert keeper_refusals(None, 33)[0].code is C.NOT_THE_KEEPER


def test_reasons_come_by_precedence() -> None:
    found = in_order([refusal(C.OVER_CAP), refusal(C.NOT_FILED), refusal(C.NOT_THE_KEEPER)])
    assert [one.code for one in found] == [C.NOT_THE_KEEPER, C.NOT_FILED, C.OVER_CAP]


@pytest.mark.parametrize(
    ("on", "excused", "month"),
    [
        ("2026-11-10", False, "2026-11"),
        ("2026-11-11", False, "2026-12"),
        ("2026-11-30", True, "2026-11"),
        ("2026-12-11", False, "2027-01"),
        ("2026-01-01", False, "2026-01"),
    ],
)
def test_the_month_an_order_counts_for(on: str, excused: bool, month: str) -> None:
    assert month_of_order(on, 10, excused=excused) == month


# --- use and money ----------------------------------------------------------------------------------------------------


def test_the_windows_are_the_last_months_and_the_coming_ones_of_last_year() -> None:
    recent, coming = recent_window("2026-11-21", 3), coming_window("2026-11-21", 3)
    assert (recent.first, recent.last) == ("2026-08-22", "2026-11-21")
    assert (coming.first, coming.last) == ("2025-11-21", "2026-02-20")


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [("2026-05-31", -3, "2026-02-28"), ("2024-02-29", 12, "2025-02-28"), ("2026-12-31", 2, "2027-02-28")],
)
def test_a_shorter_month_ends_on_its_last_day(day: str, months: int, wanted: str) -> None:
    assert after_months(day, months) == wanted


@pytest.mark.parametrize(
    ("use", "cap"),
    [
        (Use(120, 90, False), 120),
        (Use(90, 480, False), 480),
        (Use(0, 0, False), 200),
        (Use(3, 0, True), 200),
        (Use(300, 0, True), 300),
        (Use(3, 0, False), 3),
    ],
)
def test_the_cap_is_the_larger_window_and_the_quota_for_who_has_no_history(use: Use, cap: int) -> None:
    assert draw_cap(use, 200) == cap
    assert cap_refusals(cap, cap, unused=0, approved=False) == []
    assert [one.code for one in cap_refusals(cap + 1, cap, unused=0, approved=False)] == [C.OVER_CAP]
    assert [one.code for one in cap_refusals(cap, cap, unused=1, approved=False)] == [C.OVER_CAP]
    assert cap_refusals(cap + 1, cap, unused=1, approved=True) == []


def test_the_estimate_leaves_out_what_nobody_used() -> None:
    kinds = [kind(price=15), msgspec.structs.replace(kind(price=5), code="mark")]
    (line,) = cost_estimate(kinds, {"B": 1_200, "mark": 0})
    assert (line.kind, line.amount_fen, yuan(line.amount_fen)) == ("B", 18_000, "180.00")
