"""Continuity: every number once, in order, with its cause; what nobody accounted for is to be explained."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.continuity import (
    Accounted,
    Continuity,
    DrawnNumbers,
    HeldNumbers,
    KnownNumber,
    Standing,
    account,
    standing_of,
    stands,
    told,
)
from inspector_app.domain.numbering import NumberState

S = Standing
LETTERS = {
    "f": NumberState.FREE,
    "u": NumberState.USED,
    "v": NumberState.USED,
    "r": NumberState.USED,
    "b": NumberState.RETURNED,
    "l": NumberState.LOST,
    "w": NumberState.WITHDRAWN,
}
PAPERS = {"u": "issued", "v": "voided", "r": "replaced"}


def numbers(letters: str, start: int = 1, *, at: int = 100) -> tuple[KnownNumber, ...]:
    """One number a letter; the n-th was used at ``at`` + n."""
    return tuple(
        KnownNumber(
            f"99{start + place:08d}",
            LETTERS[letter],
            entry="" if letter == "f" else f"d/{letter if letter in 'bl' else start + place}",
            used_at=at + place if letter in PAPERS else 0,
            paper=PAPERS.get(letter, ""),
        )
        for place, letter in enumerate(letters)
    )


def block(letters: str, start: int = 1, **changes: Any) -> HeldNumbers:
    fields: dict[str, Any] = {
        "block": f"block-{start}",
        "draw": "draw",
        "kind": "B",
        "first": f"99{start:08d}",
        "last": f"99{start + len(letters) - 1:08d}",
        "device": "one",
        "holder": 11,
        "ordinal": start,
        "expires": 0,
        "numbers": numbers(letters, start),
    }
    return HeldNumbers(**{**fields, **changes})


def spans(found: Continuity) -> list[tuple[str, str, Standing]]:
    """The last two digits of each stretch and how it stands."""
    return [(one.first[-2:], one.last[-2:], one.standing) for one in found.stretches]


def test_neighbours_of_one_cause_are_one_stretch_and_every_gap_has_its_cause() -> None:
    found = account([], [block("uuvruubbllff")])
    assert spans(found) == [
        ("01", "02", S.USED),
        ("03", "03", S.VOIDED),
        ("04", "04", S.REPLACED),
        ("05", "06", S.USED),
        ("07", "08", S.RETURNED),
        ("09", "10", S.LOST),
        ("11", "12", S.FREE),
    ]
    assert found.to_explain == ()
    assert found.totals()["B"]["used"] == 4
    assert sum(found.totals()["B"].values()) == 12


def test_what_ended_by_two_entries_is_two_stretches() -> None:
    two = [*numbers("bb")[:1], KnownNumber("9900000002", NumberState.RETURNED, entry="d/other")]
    found = account([], [block("bb", numbers=tuple(two))])
    assert [one.entry for one in found.stretches] == ["d/b", "d/other"]


def test_numbers_in_force_name_no_single_paper_unless_they_are_alone() -> None:
    found = account([], [block("uuvu")])
    assert [one.entry for one in found.stretches] == ["", "d/3", "d/4"]


def test_g26_a_free_number_below_a_used_one_was_skipped_and_is_to_be_explained() -> None:
    found = account([], [block("ufufff")])
    assert spans(found) == [
        ("01", "01", S.USED),
        ("02", "02", S.SKIPPED),
        ("03", "03", S.USED),
        ("04", "06", S.FREE),
    ]
    assert [one.first for one in found.to_explain] == ["9900000002"]


def test_a_lost_number_above_a_free_one_skips_nothing() -> None:
    assert account([], [block("ufllff")]).to_explain == ()


def test_g26_a_holder_who_goes_on_in_the_next_block_skips_the_rest_of_the_one_before() -> None:
    found = account([], [block("uff"), block("uf", 21)])
    assert [(one.first[-2:], one.last[-2:]) for one in found.to_explain] == [("02", "03")]


@pytest.mark.parametrize("changes", [{"device": "two"}, {"holder": 12}, {"kind": "A"}])
def test_another_holder_device_or_kind_skips_nothing(changes: dict[str, Any]) -> None:
    assert account([], [block("uff"), block("uf", 21, **changes)]).to_explain == ()


def test_what_was_free_in_a_block_that_had_ended_was_not_skipped() -> None:
    ended = block("uff", expires=150)
    later = block("uf", 21, numbers=numbers("uf", 21, at=151))
    assert account([], [ended, later]).to_explain == ()
    in_time = block("uf", 21, numbers=numbers("uf", 21, at=150))
    assert len(account([], [ended, in_time]).to_explain) == 1


def test_of_two_later_uses_the_earlier_one_tells_whether_the_block_had_ended() -> None:
    chain = [
        block("uf", expires=150),
        block("u", 21, numbers=numbers("u", 21, at=140)),
        block("u", 31, numbers=numbers("u", 31, at=200)),
    ]
    assert [one.first[-2:] for one in account([], chain).to_explain] == ["02"]


def test_what_is_in_no_block_is_told_and_belongs_to_nobody() -> None:
    draw = DrawnNumbers("draw", "B", "9900000001", "9900000010")
    found = account([draw], [block("uf", 3), block("ff", 7)])
    assert spans(found) == [
        ("01", "02", S.UNCUT),
        ("03", "03", S.USED),
        ("04", "04", S.FREE),
        ("05", "06", S.UNCUT),
        ("07", "08", S.FREE),
        ("09", "10", S.UNCUT),
    ]
    assert sum(one.size for one in found.stretches) == 10


def test_a_used_number_without_a_paper_on_record_is_to_be_explained() -> None:
    assert stands(KnownNumber("9900000001", NumberState.USED, "d/9")) is S.UNEXPLAINED


def test_a_number_of_which_there_is_no_record_at_all_is_to_be_explained() -> None:
    found = account([], [block("uuu", numbers=numbers("u") + numbers("u", 3))])
    assert [(one.first[-2:], one.standing) for one in found.to_explain] == [("02", S.UNEXPLAINED)]


@pytest.mark.parametrize("letter", "uvlf")
def test_a_number_that_two_papers_bear_is_contested_whatever_else_it_is(letter: str) -> None:
    (one,) = numbers(letter)
    told_twice = KnownNumber(one.digits, one.state, one.entry, paper=one.paper, contested=True)
    assert stands(told_twice) is S.CONTESTED


@given(st.lists(st.text("fuvrblw", min_size=1, max_size=12), min_size=1, max_size=4))
def test_every_number_is_accounted_for_exactly_once(written: list[str]) -> None:
    blocks = [block(letters, 1 + 20 * place) for place, letters in enumerate(written)]
    found = account([DrawnNumbers("draw", "B", "9900000001", "9900000100")], blocks)
    single = [digits for one in found.stretches for digits in _each(one)]
    assert single == [f"99{value:08d}" for value in range(1, 101)]
    in_blocks = [one for one in found.numbers if one.standing is not S.UNCUT]
    assert len(in_blocks) == sum(map(len, written))
    for one in in_blocks:
        (stretch,) = [held for held in found.stretches if held.first <= one.first <= held.last]
        assert stretch.standing is one.standing


@given(st.lists(st.text("fuvrblw", min_size=1, max_size=8), min_size=1, max_size=4), st.sampled_from([0, 103, 121]))
def test_a_number_asked_for_alone_stands_as_in_the_whole_report(written: list[str], expires: int) -> None:
    blocks = [block(letters, 1 + 20 * place, expires=expires) for place, letters in enumerate(written)]
    for one in account([], blocks).numbers:
        at = next(place for place, held in enumerate(blocks) if held.first <= one.first <= held.last)
        assert standing_of(one.first, blocks[at], blocks[at + 1 :]) == (one.standing, one.place)


def test_a_number_its_block_says_nothing_of_is_to_be_explained() -> None:
    held = block("uf", last="9900000003")
    assert standing_of("9900000003", held, [])[0] is S.UNEXPLAINED
    assert account([], [held]).to_explain[0].first == "9900000003"


def _each(one: Accounted) -> list[str]:
    return [str(value) for value in range(int(one.first), int(one.last) + 1)]


def test_programs_are_told_the_same_words_with_and_without_every_number() -> None:
    found = account([], [block("uf")])
    short, long = told(found), told(found, each=True)
    assert short == {key: value for key, value in long.items() if key != "numbers"}
    each = msgspec.convert(long["numbers"], list[dict[str, Any]])
    assert [one["standing"] for one in each] == ["used", "free"]
    assert short["to_explain"] == 0
