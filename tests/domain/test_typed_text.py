"""Codes, names, telephone numbers and plates as people type them; pinyin matching."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.pinyin import Match, Reading, match_reading, parse_reading
from inspector_app.domain.typed_text import (
    TextError,
    TextFault,
    TextProblem,
    check_phone,
    check_plate,
    clean_name,
    clean_optional,
    normalise_code_text,
    normalise_phone,
    normalise_plate,
    search_key,
)


@pytest.mark.parametrize(("typed", "normal"), [
    ("ｂ ９９００００００03", "B9900000003"), (" a3200000123\n", "A3200000123"), ("２０２６－１１－２１", "2026-11-21"),
    ("苏k12345", "苏K12345"), ("", ""),
])  # fmt: skip
def test_codes_are_normalised(typed: str, normal: str) -> None:
    assert normalise_code_text(typed) == normal


@given(st.text(max_size=40))
def test_normalising_a_code_twice_changes_nothing(text: str) -> None:
    once = normalise_code_text(text)
    assert normalise_code_text(once) == once


@pytest.mark.parametrize("name", [
    "王𬀩", "李㛃", "赵𠮷", "高邮市 董氏特种水产苗种场", "Müller & Söhne", "（个体）张三", "①号池",
])  # fmt: skip
def test_names_are_kept_as_typed(name: str) -> None:
    assert clean_name(f"　{name} \n") == name


@pytest.mark.parametrize(("text", "character"), [
    ("张\u202e三", "U+202E"), ("张\u200b三", "U+200B"), ("张\x00三", "U+0000"), ("张\n三", "U+000A"),
    ("张\u2066三", "U+2066"), ("张\ue000三", "U+E000"), ("张\ud800三", "U+D800"), ("张\u2028三", "U+2028"),
    ("张\ufeff三", "U+FEFF"),
])  # fmt: skip
def test_hidden_characters_are_refused_by_name(text: str, character: str) -> None:
    with pytest.raises(TextError) as caught:
        clean_name(text)
    assert caught.value.fault == TextFault(TextProblem.FORBIDDEN_CHARACTER, character=character)


def test_a_name_from_the_newest_extension_is_not_refused() -> None:
    assert clean_name("王\U0002ebf0") == "王\U0002ebf0"


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\n\t"])
def test_an_empty_name_is_refused_but_an_optional_text_may_be_empty(text: str) -> None:
    with pytest.raises(TextError) as caught:
        clean_name(text)
    assert caught.value.fault.problem is TextProblem.EMPTY
    assert clean_optional(text) == ""


def test_a_text_too_long_says_by_how_much() -> None:
    with pytest.raises(TextError) as caught:
        clean_name("塘" * 205)
    assert caught.value.fault == TextFault(TextProblem.TOO_LONG, amount=5)


@given(st.text(max_size=60))
def test_a_clean_name_stays_clean(text: str) -> None:
    try:
        cleaned = clean_optional(text)
    except TextError:
        return
    assert clean_optional(cleaned) == cleaned


@pytest.mark.parametrize("plate", [
    "苏K12345", "苏k·12345", "苏AD12345", "粤B1234挂", "京A1234警", " 苏K 1234 5 ", "苏Ｋ１２３４５", "粤Z1234港",
])  # fmt: skip
def test_mainland_plates_pass(plate: str) -> None:
    assert check_plate(plate) is None


@pytest.mark.parametrize(("plate", "problem", "amount"), [
    ("苏K1234", TextProblem.PLATE_TOO_SHORT, 1), ("苏K", TextProblem.PLATE_TOO_SHORT, 5),
    ("苏AD123456", TextProblem.PLATE_TOO_LONG, 1), ("苏112345", TextProblem.PLATE_UNUSUAL, 0),
    ("WJ32A1234", TextProblem.PLATE_UNUSUAL, 0), ("苏高渔01234", TextProblem.PLATE_UNUSUAL, 0),
    ("MU5101", TextProblem.PLATE_UNUSUAL, 0),
])  # fmt: skip
def test_an_odd_plate_is_questioned_softly(plate: str, problem: TextProblem, amount: int) -> None:
    assert check_plate(plate) == TextFault(problem, amount=amount, soft=True)


@pytest.mark.parametrize("phone", ["+852 2345 6789", "+84901234567", "+1 (212) 555-0100", "+1234567"])
def test_numbers_abroad_pass_with_their_country_code(phone: str) -> None:
    assert check_phone(phone) is None


@pytest.mark.parametrize(
    "phone", ["+123456", "+1234567890123456", "+0852234567", "852 23456789 1", "+", "+852-", "+85a2345678"]
)
def test_what_no_country_dials_is_questioned(phone: str) -> None:
    assert check_phone(phone) == TextFault(TextProblem.PHONE_UNUSUAL, soft=True)


def test_an_empty_plate_is_not_a_soft_fault() -> None:
    assert check_plate(" ") == TextFault(TextProblem.EMPTY)


def test_a_plate_is_recorded_without_the_dot() -> None:
    assert normalise_plate("苏k · 12345") == "苏K12345"


@pytest.mark.parametrize("phone", [
    "13800000000", "+86 138 0000 0000", "１３８００００００００", "0514-84612345", "(0514)84612345", "84612345-801",
    "400-123-4567", "010-62345678",
])  # fmt: skip
def test_usual_telephone_numbers_pass(phone: str) -> None:
    assert check_phone(phone) is None


@pytest.mark.parametrize(("phone", "problem", "amount"), [
    ("1380000000", TextProblem.PHONE_TOO_SHORT, 1), ("138000000001", TextProblem.PHONE_TOO_LONG, 1),
    ("12345", TextProblem.PHONE_UNUSUAL, 0), ("010-12345678", TextProblem.PHONE_UNUSUAL, 0),
    ("0044 20 7946 0000", TextProblem.PHONE_UNUSUAL, 0),
    ("无", TextProblem.PHONE_UNUSUAL, 0),
])  # fmt: skip
def test_an_odd_telephone_number_is_questioned_softly(phone: str, problem: TextProblem, amount: int) -> None:
    assert check_phone(phone) == TextFault(problem, amount=amount, soft=True)


def test_a_telephone_number_is_recorded_without_country_code() -> None:
    assert normalise_phone("＋86-138 0000 0000") == "13800000000"


def test_search_keys_ignore_width_case_spaces_and_apostrophes() -> None:
    assert search_key(" Lu'an ") == search_key("ＬＵＡＮ") == "luan"


GAOYOU = parse_reading("gao you")
PERCH = parse_reading("gui|jue yu")


@pytest.mark.parametrize(("query", "reading", "match"), [
    ("gaoyou", GAOYOU, Match.EXACT), ("gaoyo", GAOYOU, Match.START), ("gao", GAOYOU, Match.START),
    ("gy", GAOYOU, Match.INITIALS), ("g", GAOYOU, Match.START), ("gyou", GAOYOU, Match.MIXED),
    ("jueyu", PERCH, Match.EXACT), ("guiyu", PERCH, Match.EXACT), ("jy", PERCH, Match.INITIALS),
    ("gaoyoux", GAOYOU, None), ("yg", GAOYOU, None), ("", GAOYOU, None), ("a", (), None), ("gyx", GAOYOU, None),
])  # fmt: skip
def test_pinyin_matches_full_initials_and_mixture(query: str, reading: Reading, match: Match | None) -> None:
    assert match_reading(query, reading) == match
