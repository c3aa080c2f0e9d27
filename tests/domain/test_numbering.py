"""Numbers: their life, blocks inside draws, the equation of a block, and what a typed number may mean."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.numbering import (
    MAX_BLOCK,
    Block,
    BlockCount,
    BlockFault,
    Draw,
    Number,
    NumberScheme,
    NumberState,
    check_block,
    count_block,
    move_number,
    parse_number,
    parse_range,
    parse_ranges,
    range_size,
)

DEVICE, SISTER = "0a" * 16, "0b" * 16
DRAW = Draw("D1", "s10", "B", "3200000001", "3200001000", station=1, holder=0, issued_at=1)


def block(**changes: Any) -> Block:
    made = Block("B1", "D1", "s10", "B", "3200000001", "3200000050", DEVICE, 7, 1, 1)
    return msgspec.structs.replace(made, **changes)


def span(first: int, last: int) -> dict[str, Any]:
    return {"first": f"32{first:08d}", "last": f"32{last:08d}"}


KNOWN = [block(**span(101, 150), block="B9", ordinal=5)]


# --- the life of a number -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", [state for state in NumberState if state is not NumberState.FREE])
def test_a_free_number_may_take_each_of_its_four_ends(to: NumberState) -> None:
    assert move_number(NumberState.FREE, to) is to


@pytest.mark.parametrize(
    ("state", "to"),
    [(state, to) for state in NumberState for to in NumberState if state is not NumberState.FREE or to is state],
)
def test_g47_a_number_never_leaves_its_end_nor_becomes_free_again(state: NumberState, to: NumberState) -> None:
    with pytest.raises(ValueError, match=f"a {state} number cannot become {to}"):
        move_number(state, to)


# --- blocks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "size"), [("3200000001", "3200000001", 1), ("0000000001", "0000000050", 50), ("98", "99", 2)]
)
def test_a_range_counts_both_its_ends(first: str, last: str, size: int) -> None:
    assert range_size(first, last) == size


def test_the_numbers_of_a_block_come_lowest_first_and_keep_their_zeros() -> None:
    made = block(first="0099", last="0102")
    assert [number.digits for number in made.numbers()] == ["0099", "0100", "0101", "0102"]
    assert all(number in made for number in made.numbers())


@pytest.mark.parametrize(
    "stranger",
    [Number("s10", "B", "3200000051"), Number("s10", "A", "3200000001"), Number("s9", "B", "3200000001"), "3200000001"],
)
def test_what_is_not_the_blocks_is_not_in_it(stranger: object) -> None:
    assert stranger not in block()


FAULTY: dict[BlockFault, dict[str, Any]] = {
    BlockFault.MALFORMED: span(50, 1),
    BlockFault.FOREIGN_DEVICE: {"device": SISTER},
    BlockFault.DRAW_UNKNOWN: {"draw": "D2"},
    BlockFault.OUTSIDE_DRAW: {"last": "3200001001"},
    BlockFault.REPEATED: {"block": "B9"},
    BlockFault.OVERLAP: span(120, 200),
    BlockFault.BACKWARD: {"ordinal": 5},
}


def test_a_sound_block_is_taken_in() -> None:
    assert check_block(block(ordinal=6), DRAW, DEVICE, KNOWN, station=1) is None


@pytest.mark.parametrize("fault", FAULTY)
def test_g33_each_fault_of_a_block_is_found(fault: BlockFault) -> None:
    assert check_block(block(**({"ordinal": 6} | FAULTY[fault])), DRAW, DEVICE, KNOWN) is fault


# Pairs that speak of the same fields: one range that has both faults.
BOTH: dict[tuple[BlockFault, BlockFault], dict[str, Any]] = {
    (BlockFault.MALFORMED, BlockFault.OUTSIDE_DRAW): span(1_002, 1_001),
    (BlockFault.MALFORMED, BlockFault.OVERLAP): span(140, 120),
    (BlockFault.OUTSIDE_DRAW, BlockFault.OVERLAP): span(120, 1_001),
}


@pytest.mark.parametrize(("earlier", "later"), list(itertools.combinations(BlockFault, 2)))
def test_of_two_faults_the_one_listed_first_is_told(earlier: BlockFault, later: BlockFault) -> None:
    both = BOTH.get((earlier, later), FAULTY[earlier] | FAULTY[later])
    assert check_block(block(**({"ordinal": 6} | both)), DRAW, DEVICE, KNOWN) is earlier


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("", ""),
        ("1", "10"),
        ("32０0000001", "3200000050"),
        ("3200000²01", "3200000250"),
        ("-200000001", "3200000050"),
        ("1" * 5_000, "1" * 5_000),
        ("3200000001", f"32{1 + MAX_BLOCK:08d}"),
    ],
)
def test_a_range_that_is_no_range_is_malformed_before_anything_is_counted(first: str, last: str) -> None:
    assert check_block(block(first=first, last=last), DRAW, DEVICE, []) is BlockFault.MALFORMED


def test_the_largest_block_is_still_well_formed() -> None:
    wide = msgspec.structs.replace(DRAW, last="3299999999")
    assert check_block(block(**span(1, MAX_BLOCK)), wide, DEVICE, []) is None


@pytest.mark.parametrize(
    "draw",
    [None, msgspec.structs.replace(DRAW, draw="D7")],
)
def test_a_block_without_its_draw_creates_no_number(draw: Draw | None) -> None:
    assert check_block(block(), draw, DEVICE, []) is BlockFault.DRAW_UNKNOWN


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "A"},
        {"scheme": "s9"},
        {"holder": 8},
        {"first": "3200000002"},
        {"last": "3200000049"},
        {"last": "99999"},
        {"first": "0", "last": "99999999999"},
    ],
    ids=str,
)
def test_a_block_beside_its_draw_is_outside(changes: dict[str, Any]) -> None:
    assert check_block(block(), msgspec.structs.replace(DRAW, **changes), DEVICE, []) is BlockFault.OUTSIDE_DRAW


def test_a_draw_of_one_vet_gives_blocks_to_that_vet() -> None:
    assert check_block(block(), msgspec.structs.replace(DRAW, holder=7), DEVICE, []) is None


def test_a_draw_of_another_station_gives_this_device_nothing() -> None:
    assert check_block(block(), DRAW, DEVICE, [], station=2) is BlockFault.OUTSIDE_DRAW


def test_equal_digits_of_a_kind_overlap_whatever_their_scheme_is_called() -> None:
    other = block(**span(50, 60), block="B2", scheme="s10-renamed", ordinal=0)
    assert check_block(block(), DRAW, DEVICE, [other]) is BlockFault.OVERLAP


@pytest.mark.parametrize("changes", [{"kind": "A"}, {"first": "320000001", "last": "320000050"}], ids=str)
def test_another_kind_or_width_is_another_row_of_numbers(changes: dict[str, Any]) -> None:
    other = msgspec.structs.replace(block(block="B2", ordinal=0), **changes)
    assert check_block(block(), DRAW, DEVICE, [other]) is None


def test_a_sisters_block_has_an_order_of_its_own() -> None:
    sisters = block(**span(200, 210), block="B2", device=SISTER, ordinal=9)
    assert check_block(block(), DRAW, DEVICE, [sisters]) is None


@st.composite
def offers(draw: st.DrawFn) -> Block:
    first = draw(st.integers(-20, 1_040))
    last = first + draw(st.integers(-3, 60))
    number = draw(st.integers(1, 12))
    return block(
        **span(max(first, 0), max(last, 0)),
        block=f"B{number}",
        ordinal=draw(st.integers(1, 12)),
        device=draw(st.sampled_from([DEVICE, DEVICE, DEVICE, SISTER])),
        kind=draw(st.sampled_from("BBBBA")),
        holder=draw(st.sampled_from([7, 8])),
    )


@given(st.lists(offers(), max_size=40))
def test_accepted_blocks_never_overlap_never_leave_their_draw_and_only_go_forward(offered: list[Block]) -> None:
    held: list[Block] = []
    for one in offered:
        if check_block(one, DRAW, DEVICE, held) is None:
            held.append(one)
    for one in held:
        assert DRAW.first <= one.first <= one.last <= DRAW.last
        assert (one.device, one.kind, one.scheme) == (DEVICE, DRAW.kind, DRAW.scheme)
    for one, other in itertools.combinations(held, 2):
        assert set(one.numbers()).isdisjoint(other.numbers())
        assert one.ordinal < other.ordinal
        assert one.block != other.block


# --- the first equation ---------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 49), st.sampled_from(NumberState)), max_size=120))
def test_the_equation_of_a_block_holds_after_any_moves_tried(tried: list[tuple[int, NumberState]]) -> None:
    states = [NumberState.FREE] * 50
    for index, to in tried:
        try:
            states[index] = move_number(states[index], to)
        except ValueError:
            assert states[index] is not NumberState.FREE or to is NumberState.FREE
        count = count_block(block(), states)
        assert count.holds
        assert count.size == 50


@given(st.lists(st.integers(0, 49), max_size=60))
def test_taking_the_lowest_free_number_leaves_no_gap(asked: list[int]) -> None:
    """I2 of SYNC 3.6: the used numbers of a block are an initial segment of it, strictly rising."""
    states = dict.fromkeys(block().numbers(), NumberState.FREE)
    used: list[Number] = []
    for _ in asked:
        free = min((number for number, state in states.items() if state is NumberState.FREE), default=None)
        if free is not None:
            states[free] = move_number(states[free], NumberState.USED)
            used.append(free)
    assert used == list(block().numbers())[: len(used)]


@pytest.mark.parametrize("missing", [-1, 1])
def test_an_equation_that_is_off_by_one_does_not_hold(missing: int) -> None:
    assert not BlockCount(size=50, free=40 + missing, used=10, returned=0, lost=0, withdrawn=0).holds


def test_a_number_that_is_not_counted_breaks_the_equation() -> None:
    assert not count_block(block(), [NumberState.USED] * 49).holds


# --- schemes and typed numbers --------------------------------------------------------------------------------------

A = NumberScheme("s10", "A", "32", 10)
B = NumberScheme("s10", "B", "32", 10)
NOTICE = NumberScheme("n2026", "N", "2026", 9)
SCHEMES = (A, B, NOTICE)


@given(st.integers(0, 99_999_999))
def test_a_scheme_owns_the_digits_it_makes(sequence: int) -> None:
    digits = B.digits(sequence)
    assert len(digits) == 10
    assert B.owns(digits)


@pytest.mark.parametrize("sequence", [-1, 100_000_000])
def test_a_sequence_the_width_does_not_hold_is_refused(sequence: int) -> None:
    with pytest.raises(ValueError, match="does not fit s10"):
        B.digits(sequence)


@pytest.mark.parametrize(
    "digits", ["320000000", "32000000011", "3300000001", "32000000０1", "32 0000001", "320000000x", ""]
)
def test_a_scheme_does_not_own_other_digits(digits: str) -> None:
    assert not B.owns(digits)


@pytest.mark.parametrize(
    "text",
    [
        "B 3200000123",
        "b3200000123",
        "  B\t3200000123 ",
        "Ｂ　３２０００００１２３",
        "B 3200 0001 23",
        "B\u00a03200000123",
    ],
)
def test_a_number_typed_with_its_kind_is_one_number(text: str) -> None:
    assert parse_number(text, SCHEMES) == (Number("s10", "B", "3200000123"),)


def test_bare_digits_that_fit_two_kinds_are_ambiguous() -> None:
    found = parse_number("3200000123", SCHEMES)
    assert [str(number) for number in found] == ["A 3200000123", "B 3200000123"]


def test_bare_digits_that_fit_one_kind_are_that_number() -> None:
    assert parse_number("202600001", SCHEMES) == (Number("n2026", "N", "202600001"),)


@pytest.mark.parametrize(
    "text",
    ["", " ", "B", "N 3200000123", "C 3200000123", "B 32000001234", "320000012", "B-3200000123", "3200000123 B",
     "B 3200000\u200b123", "三二〇〇〇〇〇一二三", "B 3200000123 B 3200000124"],
)  # fmt: skip
def test_what_is_no_number_of_ours_means_nothing(text: str) -> None:
    assert parse_number(text, SCHEMES) == ()


@given(st.text(max_size=40))
def test_any_text_may_be_typed(text: str) -> None:
    assert all(scheme.kind in "ABN" for scheme in parse_number(text, SCHEMES))


# --- typed ranges ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "9900000021-9900000050",
        "9900000021 - 50",
        "９９００００００２１～９９００００００５０",
        "9900000021—9900000050",
        "9900000021至50",
        "9900000021..50",
    ],
)
def test_a_range_is_read_as_people_write_it(typed: str) -> None:
    assert parse_range(typed) == ("9900000021", "9900000050")


def test_one_number_is_a_range_of_one() -> None:
    assert parse_range(" 9900000021 ") == ("9900000021", "9900000021")


@pytest.mark.parametrize(
    "typed", ["", "-", "9900000050-21", "1-2-3", "9900000021-99000000500", "A1-5", "1-", "-5", "1-999999999"]
)
def test_what_is_no_range_is_none(typed: str) -> None:
    assert parse_range(typed) is None


@pytest.mark.parametrize("comma", [",", "，", "、", ";", "；", " , "])
def test_ranges_stand_apart_by_commas_of_both_kinds(comma: str) -> None:
    assert parse_ranges(f"9900000041-50{comma}9900000001-3") == [
        ("9900000001", "9900000003"),
        ("9900000041", "9900000050"),
    ]


@pytest.mark.parametrize("typed", ["", "1-5,3-9", "1-5,5", "1-5,x", "，"])
def test_ranges_that_overlap_or_cannot_be_read_are_none(typed: str) -> None:
    assert parse_ranges(typed) is None


@given(st.integers(1, 10**9), st.integers(0, 5_000))
def test_a_range_written_out_is_read_back(low: int, more: int) -> None:
    first, last = str(low).zfill(10), str(low + more).zfill(10)
    assert parse_range(f"{first}-{last}") == (first, last)


@given(st.text(max_size=30))
def test_any_text_may_be_typed_for_a_range(text: str) -> None:
    found = parse_range(text)
    assert found is None or found[0] <= found[1]
    assert parse_ranges(text) is None or found is None or parse_ranges(text) == [found]
