"""Quantities, units, capital numerals, dates in Chinese digits."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inspector_app.domain.numerals import capital_decimal, capital_integer, iso_date
from inspector_app.domain.quantities import (
    LARGEST,
    Quantity,
    QuantityError,
    QuantityProblem,
    UnitsDifferError,
    base_value,
    capital_numerals,
    capital_text,
    chinese_digits_date,
    compare,
    display,
    normalised,
    parse_quantity,
    remaining,
    small_chinese_numeral,
    total,
)
from tests.domain.reference_data import catalogue

UNITS = catalogue().units
TAIL, PIECE, TAILS_10K, ANIMALS_10K, GRAM, KILOGRAM, TONNE = 1, 3, 11, 12, 31, 32, 33

VALUES = st.integers(0, 10**15)
COUNTS = st.builds(Quantity, st.integers(1, 10**9), st.just(0), st.sampled_from([TAIL, TAILS_10K]))


def numeral_value(text: str) -> int:
    """Reads capital numerals by summing sections; written apart from the writer, by the places alone."""
    total_value = section = digit = 0
    for character in text:
        if character in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(character)
        elif character in "拾佰仟":
            section += digit * {"拾": 10, "佰": 100, "仟": 1000}[character]
            digit = 0
        elif character == "万":
            section = (section + digit) * 10_000
            digit = 0
        elif character == "亿":
            total_value = (total_value + section + digit) * 100_000_000
            section = digit = 0
        else:
            raise AssertionError(character)
    return total_value + section + digit


@pytest.mark.parametrize(("number", "text"), [
    (3, "叁"), (10, "壹拾"), (105, "壹佰零伍"), (1005, "壹仟零伍"), (10500, "壹万零伍佰"), (100000, "壹拾万"),
    (5946000, "伍佰玖拾肆万陆仟"), (100050000, "壹亿零伍万"), (440000000, "肆亿肆仟万"),
    (0, "零"), (1001, "壹仟零壹"), (1010, "壹仟零壹拾"), (100005000, "壹亿零伍仟"), (10**12, "壹万亿"),
])  # fmt: skip
def test_capital_numerals_follow_the_vectors(number: int, text: str) -> None:
    assert capital_integer(number) == text


@given(VALUES)
def test_capital_numerals_read_back_to_the_number(number: int) -> None:
    assert numeral_value(capital_integer(number)) == number


@given(st.integers(1, 10**15))
def test_capital_numerals_have_no_doubled_and_no_final_zero(number: int) -> None:
    text = capital_integer(number)
    assert "零零" not in text
    assert not text.endswith("零")


@pytest.mark.parametrize(("number", "scale", "text"), [
    (15, 1, "壹点伍"), (105, 2, "壹点零伍"), (150, 2, "壹点伍"), (5, 3, "零点零零伍"), (200, 2, "贰"),
])  # fmt: skip
def test_decimals_stand_after_a_point(number: int, scale: int, text: str) -> None:
    assert capital_decimal(number, scale) == text


@pytest.mark.parametrize("number", [-1, 10**16, 10**20])
def test_a_number_without_capital_numerals_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="no capital numerals"):
        capital_integer(number)


@pytest.mark.parametrize(("day", "text"), [
    ("2021-10-08", "二〇二一年十月八日"), ("2026-11-21", "二〇二六年十一月二十一日"),
    ("2030-01-10", "二〇三〇年一月十日"), ("2000-12-31", "二〇〇〇年十二月三十一日"),
])  # fmt: skip
def test_dates_are_written_in_chinese_digits(day: str, text: str) -> None:
    assert chinese_digits_date(day) == text


@pytest.mark.parametrize("day", ["2021-02-30", "20211008", "2021-10-8", "2021-W40-5", "", "二〇二一", " 2021-10-08"])
def test_what_is_no_iso_date_is_refused(day: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        iso_date(day)


def test_validity_days_are_written_in_capitals() -> None:
    assert [small_chinese_numeral(n) for n in range(1, 6)] == ["壹", "贰", "叁", "肆", "伍"]


@pytest.mark.parametrize("number", [0, -1, 100])
def test_a_count_that_is_not_small_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="small count"):
        small_chinese_numeral(number)


@pytest.mark.parametrize(("value", "scale", "unit", "text"), [
    (100, 0, 5, "壹佰羽"), (15, 1, TAILS_10K, "壹点伍万尾"), (120, 0, TAILS_10K, "壹佰贰拾万尾"),
    (12000, 0, TAILS_10K, "壹亿贰仟万尾"), (1200000, 0, TAIL, "壹佰贰拾万尾"), (12000, 0, KILOGRAM, "壹万贰仟千克"),
])  # fmt: skip
def test_number_and_unit_are_written_together(value: int, scale: int, unit: int, text: str) -> None:
    assert capital_text(Quantity(value, scale, unit), UNITS) == text


def test_capital_numerals_take_the_name_of_the_unit_as_given() -> None:
    assert capital_numerals(Quantity(3, 0, 99), "头") == "叁头"


@pytest.mark.parametrize(("value", "scale", "unit", "zh", "en"), [
    (1200000, 0, TAIL, "1,200,000尾", "1,200,000 fish"), (15, 1, TAILS_10K, "1.5万尾", "15,000 fish"),
    (125, 2, KILOGRAM, "1.25千克", "1.25 kg"), (50, 0, TAILS_10K, "50万尾", "500,000 fish"),
])  # fmt: skip
def test_display_has_thousands_separators(value: int, scale: int, unit: int, zh: str, en: str) -> None:
    quantity = Quantity(value, scale, unit)
    assert (display(quantity, UNITS), display(quantity, UNITS, "en")) == (zh, en)


@pytest.mark.parametrize(("text", "value", "scale", "unit"), [
    ("120万尾", 120, 0, TAILS_10K), ("1.5万", 15, 1, TAILS_10K), ("１２０万尾", 120, 0, TAILS_10K),
    ("1,200,000", 1200000, 0, TAIL), ("1，200，000尾", 1200000, 0, TAIL), (" 50 万 尾 ", 50, 0, TAILS_10K),
    ("2.50公斤", 25, 1, KILOGRAM), ("300", 300, 0, TAIL), ("3亿粒", 3, 0, 23), ("2万羽", 20000, 0, 5),
    ("1.5万羽", 15000, 0, 5), ("0.5万尾", 5, 1, TAILS_10K), ("12kg", 12, 0, KILOGRAM),
])  # fmt: skip
def test_typed_quantities_are_read(text: str, value: int, scale: int, unit: int) -> None:
    assert parse_quantity(text, UNITS, TAIL) == Quantity(value, scale, unit)


@pytest.mark.parametrize(("text", "problem"), [
    ("", QuantityProblem.EMPTY), ("　", QuantityProblem.EMPTY), ("万尾", QuantityProblem.NOT_A_NUMBER),
    ("-5尾", QuantityProblem.NOT_A_NUMBER), ("1,20尾", QuantityProblem.NOT_A_NUMBER),
    ("壹佰尾", QuantityProblem.NOT_A_NUMBER), ("0尾", QuantityProblem.NOT_POSITIVE),
    ("0.00万", QuantityProblem.NOT_POSITIVE), ("1.5尾", QuantityProblem.NOT_WHOLE),
    ("1.00005万尾", QuantityProblem.NOT_WHOLE), ("3箱", QuantityProblem.UNIT_UNKNOWN),
    ("9" * 17, QuantityProblem.TOO_LARGE), ("9" * 5000, QuantityProblem.TOO_LARGE),
    ("1.0000001亿粒", QuantityProblem.TOO_PRECISE), ("900719925474099亿尾", QuantityProblem.TOO_LARGE),
    ("1.2.3", QuantityProblem.NOT_A_NUMBER), ("١٢尾", QuantityProblem.NOT_A_NUMBER),
])  # fmt: skip
def test_a_typed_quantity_that_cannot_be_used_says_why(text: str, problem: QuantityProblem) -> None:
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, UNITS, TAIL)
    assert caught.value.problem is problem


@given(st.text(max_size=30))
def test_no_text_crashes_the_reader(text: str) -> None:
    try:
        quantity = parse_quantity(text, UNITS, TAIL)
    except QuantityError:
        return
    assert base_value(quantity, UNITS) > 0


@given(COUNTS)
def test_what_is_displayed_reads_back(quantity: Quantity) -> None:
    assert parse_quantity(display(quantity, UNITS), UNITS, PIECE) == quantity


@given(COUNTS)
def test_capital_text_and_base_value_agree(quantity: Quantity) -> None:
    text = capital_text(quantity, UNITS)
    assert text.endswith("尾")
    assert numeral_value(text.removesuffix("尾")) == base_value(quantity, UNITS)


@given(st.lists(COUNTS, max_size=6), COUNTS)
def test_parts_and_remainder_make_the_whole(parts: list[Quantity], whole: Quantity) -> None:
    used = total(parts, UNITS, whole.unit)
    assume(compare(used, whole, UNITS) <= 0)
    left = remaining(whole, parts, UNITS)
    assert compare(total([used, left], UNITS, TAIL), whole, UNITS) == 0


def test_more_used_than_there_was_leaves_nothing() -> None:
    assert remaining(Quantity(1, 0, TAILS_10K), [Quantity(20000, 0, TAIL)], UNITS) == Quantity(0, 0, TAILS_10K)


def test_the_rest_is_told_in_the_unit_of_the_whole_where_it_can_be() -> None:
    assert remaining(Quantity(1200, 0, KILOGRAM), [Quantity(1, 0, TONNE)], UNITS) == Quantity(200, 0, KILOGRAM)
    assert remaining(Quantity(120, 0, TAILS_10K), [Quantity(1, 0, TAIL)], UNITS) == Quantity(1199999, 4, TAILS_10K)
    assert remaining(Quantity(1, 0, 21), [Quantity(1, 0, TAIL)], UNITS) == Quantity(99_999_999, 0, TAIL)


@given(COUNTS, COUNTS)
def test_comparison_is_antisymmetric(left: Quantity, right: Quantity) -> None:
    assert compare(left, right, UNITS) == -compare(right, left, UNITS)


@pytest.mark.parametrize(("left", "right"), [(TAIL, KILOGRAM), (TAIL, 2), (TAILS_10K, ANIMALS_10K), (PIECE, GRAM)])
def test_counts_weights_and_other_counts_are_never_mixed(left: int, right: int) -> None:
    ours, theirs = Quantity(1, 0, left), Quantity(1, 0, right)
    with pytest.raises(UnitsDifferError):
        compare(ours, theirs, UNITS)
    with pytest.raises(UnitsDifferError):
        total([ours, theirs], UNITS, left)
    with pytest.raises(UnitsDifferError):
        remaining(ours, [theirs], UNITS)


def test_units_of_one_base_are_compared_by_their_factor() -> None:
    assert compare(Quantity(15, 1, TAILS_10K), Quantity(15000, 0, TAIL), UNITS) == 0
    assert compare(Quantity(1, 0, TONNE), Quantity(999999, 0, GRAM), UNITS) == 1
    assert total([Quantity(5, 1, KILOGRAM), Quantity(250, 0, GRAM)], UNITS, KILOGRAM) == Quantity(750, 0, GRAM)


@pytest.mark.parametrize(("value", "scale"), [(-1, 0), (LARGEST + 1, 0), (1, 7), (1, -1)])
def test_a_quantity_out_of_range_is_not_made(value: int, scale: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        Quantity(value, scale, TAIL)


@pytest.mark.parametrize("text", [
    '{"value":1.5,"scale":0,"unit":1}', '{"value":-1,"scale":0,"unit":1}', '{"value":1,"scale":9,"unit":1}',
    '{"value":1,"scale":0,"unit":1,"more":2}', '{"value":1,"scale":0}',
])  # fmt: skip
def test_a_malformed_quantity_in_an_entry_is_refused(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=Quantity)


def test_an_unknown_unit_code_is_refused() -> None:
    with pytest.raises(QuantityError) as caught:
        base_value(Quantity(1, 0, 999), UNITS)
    assert caught.value.problem is QuantityProblem.UNIT_UNKNOWN


def test_a_sum_beyond_the_largest_integer_is_refused() -> None:
    with pytest.raises(QuantityError) as caught:
        total([Quantity(LARGEST, 0, TAIL), Quantity(1, 0, TAIL)], UNITS, TAIL)
    assert caught.value.problem is QuantityProblem.TOO_LARGE


def test_normalising_drops_only_final_zeros_of_decimals() -> None:
    assert normalised(Quantity(1500, 2, TAILS_10K)) == Quantity(15, 0, TAILS_10K)
    assert normalised(Quantity(1500, 0, TAIL)) == Quantity(1500, 0, TAIL)
