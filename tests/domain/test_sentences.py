"""Sentences: values filled in, the right one chosen, and never an exception where a person waits for an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.credential import Credential, Judgement, Verdict
from inspector_app.domain.quantities import QuantityProblem
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.domain.sentences import (
    Sentences,
    describe_fault,
    describe_problem,
    describe_refusal,
    describe_verdict,
    placeholders,
)
from inspector_app.domain.trust import NumberException, Standing, TrustStation
from inspector_app.domain.typed_text import TextProblem

DAY = 86_400_000
MOMENT = 1_795_225_200_000  # 2026-11-21 01:40 UTC


def table(code: str, no: int, zh: str, en: str, title: str = "") -> str:
    """One code whose three parts say the same in one language."""
    parts = [f'["{code}"]', f"no = {no}"]
    for lang, text in (("zh", zh), ("en", en)):
        parts += [f'{lang}.{part} = "{text}"' for part in ("happened", "safe", "todo")]
        parts += [f'{lang}.title = "{title}"'] if title else []
    return "\n".join(parts) + "\n"


FAULTS = 'family = "faults"\n' + table("unknown", 1001, "情况 {code}。", "Case {code}.")
FAULTS += table("disk_full", 1109, "磁盘已满。", "The disk is full.")
FAULTS += table("document_malformed", 4101, "第 {cursor} 份读不出。", "Document {cursor} cannot be read.")
FAULTS += table("wrong_state", 1199, "别处的状态。", "A state elsewhere.")
REFUSALS = 'family = "refusals"\n' + table("wrong_state", 2303, "现在{current:state}。", "{current:state} now.")
REFUSALS += table("field_invalid", 2502, "{field:field}要改。", "{field:field} cannot be used.")
REFUSALS += table(
    "field_invalid.with_value", 2526, "{field:field}不能是{current}。", "{field:field} cannot be {current}."
)
REFUSALS += table("field_invalid.quantity", 2512, "数量要大于零。", "The quantity must be above zero.")
REFUSALS += table("field_invalid.text_plate_too_short", 2704, "车牌少 {amount} 位。", "{amount:sign|signs} missing.")
REFUSALS += table("field_invalid.quantity_not_whole", 2806, "不是整数。", "Not whole.")
REFUSALS += table(
    "authority_missing", 2204, "不含 {limit:kind}，有 {current:kind}。", "No {limit:kind}: {current:kind}."
)
REFUSALS += table("result_missing", 2405, "缺 {disease:disease}。", "{disease:disease} is missing.")
REFUSALS += table(
    "clock_behind_journal", 2103, "{current:moment} 早于 {limit:moment}。", "{current:moment}, {limit:moment}."
)
VERDICTS = 'family = "verdicts"\n' + table("genuine", 6101, "{number} 有效。", "{number} is good.", title="好 Good")
VERDICTS += table("print_superseded", 6106, "第 {print} 次，现行 {current_print}。", "{print}, not {current_print}.")
VERDICTS += table("practice", 6100, "练习。{happened}", "Practice. {happened}", title="样张：{title}")
REASONS = 'family = "reasons"\n' + table("trust_age", 6210, "{trust_age:span}前。", "{trust_age:span} old.")
REASONS += table("computer", 6299, "电脑 {device:id}。", "Computer {device:id}.")
WORDS = """family = "words"
[state]
voided = { zh = "已作废", en = "voided" }
[field]
owner = { zh = "货主", en = "owner" }
[kind]
A = { zh = "A 证", en = "certificate A" }
B = { zh = "B 证", en = "certificate B" }
"""
SENTENCES = Sentences.parse([FAULTS, REFUSALS, VERDICTS, REASONS, WORDS])


def test_a_sentence_has_three_parts_a_number_and_both_languages() -> None:
    zh, en = (SENTENCES.of("faults", "disk_full", lang) for lang in ("zh", "en"))
    assert (zh.happened, zh.safe, zh.todo, zh.reference) == ("磁盘已满。", "磁盘已满。", "磁盘已满。", "YJ-1109")
    assert (en.happened, en.reference) == ("The disk is full.", "YJ-1109")


def test_the_whole_is_joined_as_each_language_joins_sentences() -> None:
    assert SENTENCES.of("faults", "disk_full", "zh").whole == "磁盘已满。磁盘已满。磁盘已满。"
    assert SENTENCES.of("faults", "disk_full", "en").whole == "The disk is full. The disk is full. The disk is full."


def test_a_value_that_is_missing_or_empty_is_shown_as_a_dash() -> None:
    assert SENTENCES.of("refusals", "wrong_state", "zh").happened == "现在—。"
    assert SENTENCES.of("refusals", "wrong_state", "zh", {"current": ""}).happened == "现在—。"


def test_zero_is_a_value_and_not_a_gap() -> None:
    assert SENTENCES.of("faults", "document_malformed", "zh", {"cursor": 0}).happened == "第 0 份读不出。"


def test_a_code_without_a_sentence_gets_the_general_one_which_names_it() -> None:
    sentence = describe_fault(SENTENCES, "comet_strike", {}, "en")
    assert (sentence.happened, sentence.reference) == ("Case comet_strike.", "YJ-1001")


@pytest.mark.parametrize("family", ["", "verdicts", "nothing_of_ours"])
def test_a_code_asked_for_in_the_wrong_family_is_still_found(family: str) -> None:
    assert SENTENCES.of(family, "disk_full", "zh").reference == "YJ-1109"


def test_the_own_family_comes_before_the_others() -> None:
    assert SENTENCES.of("faults", "wrong_state", "zh").reference == "YJ-1199"
    assert SENTENCES.of("reasons", "wrong_state", "zh").reference == "YJ-2303"


def test_a_code_with_a_prefix_is_found_by_what_follows_its_last_dot() -> None:
    sentence = describe_fault(SENTENCES, "document.document_malformed", {"cursor": 7}, "zh")
    assert sentence.happened == "第 7 份读不出。"


def test_the_general_sentence_cannot_be_asked_for_by_a_tail() -> None:
    assert "some.unknown" in describe_fault(SENTENCES, "some.unknown", {}, "en").happened


def test_words_of_a_table_stand_for_their_values_and_unknown_ones_for_themselves() -> None:
    assert SENTENCES.of("refusals", "wrong_state", "zh", {"current": "voided"}).happened == "现在已作废。"
    assert SENTENCES.of("refusals", "wrong_state", "en", {"current": "molten"}).happened == "Molten now."


def test_several_values_are_joined_in_the_manner_of_the_language() -> None:
    refusal = Refusal(code=RefusalCode.AUTHORITY_MISSING, limit="A", current="A B")
    assert describe_refusal(SENTENCES, refusal, "zh").happened == "不含 A 证，有 A 证、B 证。"
    assert describe_refusal(SENTENCES, refusal, "en").happened == "No certificate A: certificate A, certificate B."


def test_an_english_sentence_that_begins_with_a_value_begins_with_a_capital() -> None:
    refusal = Refusal(code=RefusalCode.FIELD_INVALID, field="owner")
    assert describe_refusal(SENTENCES, refusal, "en").happened == "Owner cannot be used."


def test_a_millisecond_is_shown_at_the_station_s_time() -> None:
    refusal = Refusal(code=RefusalCode.CLOCK_BEHIND_JOURNAL, limit=MOMENT, current=MOMENT - DAY)
    assert describe_refusal(SENTENCES, refusal, "zh").happened == "2026-11-20 09:40 早于 2026-11-21 09:40。"


@pytest.mark.parametrize("value", ["yesterday", 10**30, -(10**30)])
def test_a_moment_that_is_none_is_shown_as_it_came(value: str | int) -> None:
    sentence = SENTENCES.of("refusals", "clock_behind_journal", "en", {"current": value, "limit": 0})
    assert sentence.happened.casefold() == f"{value}, 1970-01-01 08:00."


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (0, "不到 1 分钟", "less than a minute"),
        (60_000, "1 分钟", "1 minute"),
        (7_200_000, "2 小时", "2 hours"),
        (DAY, "1 天", "1 day"),
        (3 * DAY + 5, "3 天", "3 days"),
    ],
)
def test_a_span_is_told_in_its_largest_unit(length: int, zh: str, en: str) -> None:
    details = {"trust_age": length}
    assert SENTENCES.of("reasons", "trust_age", "zh", details).happened == f"{zh}前。"
    assert SENTENCES.of("reasons", "trust_age", "en", details).happened == f"{en[0].upper()}{en[1:]} old."


def test_a_span_that_is_none_is_shown_as_it_came() -> None:
    assert SENTENCES.of("reasons", "trust_age", "zh", {"trust_age": "很久"}).happened == "很久前。"


def test_a_device_is_named_by_the_start_of_its_id() -> None:
    details = {"device": "0123456789abcdef0123456789abcdef"}
    assert SENTENCES.of("reasons", "computer", "zh", details).happened == "电脑 01234567。"


@pytest.mark.parametrize(
    ("amount", "told"), [(1, "1 sign missing."), ("1", "1 sign missing."), (2, "2 signs missing.")]
)
def test_english_counts_one_and_many(amount: int | str, told: str) -> None:
    refusal = Refusal(
        code=RefusalCode.FIELD_INVALID, field="plate", details={"problem": "plate_too_short", "amount": amount}
    )
    assert describe_refusal(SENTENCES, refusal, "en").happened == told


def test_a_field_with_a_sentence_of_its_own_is_told_by_it() -> None:
    own = Refusal(code=RefusalCode.FIELD_INVALID, field="quantity")
    assert describe_refusal(SENTENCES, own, "zh").reference == "YJ-2512"


def test_a_value_that_cannot_be_is_named_where_the_field_has_no_sentence_of_its_own() -> None:
    named = Refusal(code=RefusalCode.FIELD_INVALID, field="owner", current="zz")
    special = Refusal(code=RefusalCode.FIELD_INVALID, field="quantity", current="zz")
    assert describe_refusal(SENTENCES, named, "zh").happened == "货主不能是zz。"
    assert describe_refusal(SENTENCES, special, "zh").reference == "YJ-2512"


def test_a_problem_comes_before_the_field_and_an_unknown_one_leaves_the_field_to_speak() -> None:
    found = [
        describe_refusal(
            SENTENCES, Refusal(code=RefusalCode.FIELD_INVALID, field="quantity", details={"problem": problem}), "zh"
        ).reference
        for problem in ("plate_too_short", "not_whole", "no_such_problem")
    ]
    assert found == ["YJ-2704", "YJ-2806", "YJ-2512"]


def test_a_problem_met_while_typing_has_its_sentence_before_there_is_a_refusal() -> None:
    plate = describe_problem(SENTENCES, TextProblem.PLATE_TOO_SHORT, "plate", "zh", {"amount": 2})
    quantity = describe_problem(SENTENCES, QuantityProblem.NOT_WHOLE, "quantity", "zh")
    assert (plate.happened, quantity.happened) == ("车牌少 2 位。", "不是整数。")


def test_names_from_the_catalogue_can_be_added_without_touching_the_files() -> None:
    refusal = Refusal(code=RefusalCode.RESULT_MISSING, details={"disease": "SVC"})
    with_names = SENTENCES.including("disease", {"SVC": ("鲤春病毒血症", "spring viraemia of carp")})
    assert describe_refusal(with_names, refusal, "zh").happened == "缺 鲤春病毒血症。"
    assert describe_refusal(with_names, refusal, "en").happened == "Spring viraemia of carp is missing."
    assert describe_refusal(SENTENCES, refusal, "zh").happened == "缺 SVC。"


# --- verdicts -------------------------------------------------------------------------------------------------------


def judgement(verdict: Verdict, *, practice: bool = False, exception: NumberException | None = None) -> Judgement:
    """A judgement with everything a sentence may mention."""
    facts = Credential(
        digits="9900000003", kind=2, device_seq=7, prev=b"p" * 8, issue_minute=29_920_000, valid_minutes=600,
        species=1, quantity_value=5, quantity_scale=0, unit=1, origin=321_084, destination=321_281, purpose=1,
        plate="苏K12345", vet=3, print_no=1, record=b"r" * 16, time_confidence=0, offline=True,
    )  # fmt: skip
    station = TrustStation(1, "高邮站", "Gaoyou station", "0514-84600000")
    return Judgement(
        verdict=verdict, practice=practice, trust_age_ms=DAY, facts=facts, station=station, exception=exception
    )


def test_a_verdict_names_the_number_it_is_about() -> None:
    assert describe_verdict(SENTENCES, judgement(Verdict.GENUINE), "zh").happened == "B 9900000003 有效。"


def test_a_superseded_print_says_which_print_counts() -> None:
    exception = NumberException(0, 1, Standing.IN_FORCE, 3, 29_920_000)
    told = describe_verdict(SENTENCES, judgement(Verdict.PRINT_SUPERSEDED, exception=exception), "zh").happened
    assert told == "第 1 次，现行 3。"


def test_practice_marks_title_and_sentence_and_keeps_the_number_of_the_verdict() -> None:
    told = describe_verdict(SENTENCES, judgement(Verdict.GENUINE, practice=True), "zh")
    assert (told.title, told.happened, told.reference) == ("样张：好 Good", "练习。B 9900000003 有效。", "YJ-6101")


def test_a_verdict_without_facts_claims_only_what_the_code_shows() -> None:
    bare = Judgement(verdict=Verdict.GENUINE, practice=False, trust_age_ms=0, claimed="B 3200000001")
    assert describe_verdict(SENTENCES, bare, "en").happened == "B 3200000001 is good."


def test_a_headline_is_the_title_or_else_what_happened() -> None:
    assert SENTENCES.headline("verdicts", "genuine", "zh", {"number": "B 1"}) == "好 Good"
    assert SENTENCES.headline("faults", "disk_full", "en") == "The disk is full."


# --- files that are not right ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ([FAULTS], "practice mark"),
        ([VERDICTS], "general sentence"),
        ([FAULTS, VERDICTS, FAULTS], "two files"),
        ([FAULTS, VERDICTS, 'family = "reasons"\n' + table("again", 1109, "一", "one")], "YJ-1109 is used twice"),
        ([FAULTS, VERDICTS, 'family = "reasons"\n[short]\nno = 5\nzh.happened = "只有一句。"\n'], "safe"),
        ([FAULTS, VERDICTS, 'family = "reasons"\n' + table("odd", 5, "一", "one") + 'fr.happened = "un"\n'], "fr"),
        ([FAULTS, VERDICTS, 'family = "words"\n[state]\nvoided = { zh = "已作废" }\n'], "en"),
        ([FAULTS, VERDICTS, WORDS, WORDS], "stand in two files"),
        ([FAULTS, VERDICTS, "family = reasons"], "Invalid value"),
    ],
    ids=[
        "no mark",
        "no general",
        "twice",
        "number twice",
        "part missing",
        "third language",
        "half a word",
        "words twice",
        "no toml",
    ],
)
def test_files_that_are_not_right_are_refused_when_the_program_starts(texts: list[str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Sentences.parse(texts)


def test_labels_of_screens_lie_in_the_same_folder_and_are_passed_over() -> None:
    labels = '[menu]\nquit = { zh = "退出", en = "Quit" }\n'
    assert Sentences.parse([labels, FAULTS, VERDICTS]).codes("menu") == ()


@given(
    family=st.text(max_size=12),
    code=st.text(max_size=40),
    lang=st.sampled_from(["zh", "en", "fr", ""]),
    details=st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.integers(), max_size=4),
)
def test_asking_never_raises(family: str, code: str, lang: str, details: dict[str, str | int]) -> None:
    assert SENTENCES.of(family, code, lang, details).happened


@given(value=st.text(max_size=20) | st.integers())
def test_no_value_breaks_a_sentence(value: str | int) -> None:
    for family, code, entry in SENTENCES.entries():
        named = dict.fromkeys(placeholders(entry.zh.happened), value)
        assert SENTENCES.of(family, code, "en", named).happened


def test_a_value_with_braces_is_not_filled_again() -> None:
    assert SENTENCES.of("faults", "document_malformed", "zh", {"cursor": "{code}"}).happened == "第 {code} 份读不出。"
