"""What the continuous checks take for a number that ended twice, and what for a loss somebody told of earlier."""

from __future__ import annotations

from typing import cast

import pytest

from inspector_app.journal.projections import Row
from simulation.checks import Checks, Range, drawn_again
from simulation.violations import Violation
from simulation.world import World

LOSSES: list[Row] = [{"ref": "first/4", "at": 10}, {"ref": "second/9", "at": 20}, {"ref": "second/12", "at": 30}]


def seen(*ends: tuple[str, str]) -> None:
    """A number whose end is told in this order."""
    checks = Checks(cast("World", None))
    for state, ended_by in ends:
        checks._one_end("L1", [{"number": "B 1", "block": "b1", "state": state, "ended_by": ended_by}], LOSSES)


def test_who_told_of_a_loss_first_may_be_heard_last() -> None:
    seen(("free", ""), ("lost", "second/9"), ("lost", "first/4"))


@pytest.mark.parametrize("ended", ["returned", "withdrawn"])
def test_what_another_computer_reported_lost_is_lost_though_it_was_given_back_or_spoiled(ended: str) -> None:
    seen(("free", ""), (ended, "third/2"), ("lost", "first/4"))


@pytest.mark.parametrize("later", [("lost", "second/12"), ("lost", "third/9"), ("used", "first/4"), ("free", "")])
def test_what_was_given_back_ends_no_second_time(later: tuple[str, str]) -> None:
    with pytest.raises(Violation, match="I3"):
        seen(("returned", "second/2"), later)


@pytest.mark.parametrize("later", [("lost", "second/9"), ("lost", "third/1"), ("used", "second/9"), ("free", "")])
def test_anything_else_is_a_second_end(later: tuple[str, str]) -> None:
    with pytest.raises(Violation, match="I3"):
        seen(("lost", "first/4"), later)


# --- numbers drawn again ----------------------------------------------------------------------------------------------

TURNS = {"b1": 1, "b2": 2, "b3": 1}


def in_blocks(*blocks: tuple[str, str]) -> list[Row]:
    """One number as it stands in each block it was in."""
    return [{"number": "B 1", "block": block, "state": state} for block, state in blocks]


@pytest.mark.parametrize("first", ["returned", "lost"])
@pytest.mark.parametrize("second", ["free", "used"])
def test_what_was_given_back_may_be_in_a_block_of_a_later_turn(first: str, second: str) -> None:
    drawn_again(in_blocks(("b2", second), ("b1", first)), TURNS)


@pytest.mark.parametrize("first", ["free", "used", "withdrawn"])
def test_what_was_not_given_back_is_in_no_later_block(first: str) -> None:
    with pytest.raises(Violation, match="I1: B 1 was drawn again"):
        drawn_again(in_blocks(("b1", first), ("b2", "free")), TURNS)


def test_a_number_is_in_no_two_blocks_of_one_turn() -> None:
    with pytest.raises(Violation, match="I1: B 1 is in two blocks of one turn"):
        drawn_again(in_blocks(("b1", "returned"), ("b3", "free")), TURNS)


@pytest.mark.parametrize("what", ["draw", "block"])
def test_ranges_share_numbers_in_different_turns_only(what: str) -> None:
    checks = Checks(cast("World", None))
    first: Row = {"kind": "B", "first": "0001", "last": "0008", "device": "d", "turn": 1}
    known: dict[str, Range] = {}
    checks._single_grant(what, known, [first | {what: "one"}, first | {what: "two", "first": "0005", "turn": 2}])
    with pytest.raises(Violation, match="share numbers"):
        checks._single_grant(what, known, [first | {what: "three", "first": "0008", "last": "0009", "turn": 2}])
