"""Sheets: every move of their life, and a keeper's book that balances whatever happens to the paper."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from inspector_app.domain.custody import (
    ON_HAND,
    SHEET_MOVES,
    KeeperCount,
    SheetFlow,
    SheetState,
    flow,
    move_sheet,
)
from tests.domain.lives import LIVES

S = SheetState
EVERY_MOVE = [(state, to) for state in S for to in S]


@pytest.mark.parametrize(("state", "to"), [move for move in EVERY_MOVE if move[1] in SHEET_MOVES[move[0]]])
def test_every_move_of_the_table_is_allowed(state: SheetState, to: SheetState) -> None:
    assert move_sheet(state, to) is to


@pytest.mark.parametrize(("state", "to"), [move for move in EVERY_MOVE if move[1] not in SHEET_MOVES[move[0]]])
def test_every_other_move_is_refused(state: SheetState, to: SheetState) -> None:
    with pytest.raises(ValueError, match=f"a {state} sheet cannot become {to}"):
        move_sheet(state, to)


@pytest.mark.parametrize("name", LIVES)
def test_every_state_of_a_life_can_be_reached_from_where_it_begins(name: str) -> None:
    life = LIVES[name]
    reached = {life.states(state) for state in life.begins}
    while more := {to for state in reached for to in life.moves[state]} - reached:
        reached |= more
    assert reached == set(life.states)


@pytest.mark.parametrize("name", LIVES)
def test_no_state_follows_itself_and_every_state_is_in_the_table(name: str) -> None:
    life = LIVES[name]
    assert set(life.moves) == set(life.states)
    assert not [state for state in life.states if state in life.moves[state]]


@pytest.mark.parametrize("end", [S.RETURNED, S.DESTROYED])
def test_returned_and_destroyed_sheets_have_no_further_life(end: SheetState) -> None:
    assert SHEET_MOVES[end] == frozenset()


def test_paper_with_the_holder_comes_back_only_by_being_collected() -> None:
    assert SHEET_MOVES[S.HANDED_OVER] == {S.COLLECTED}


def test_a_found_sheet_only_goes_on_to_be_returned_or_destroyed() -> None:
    """GX-2014 Art. 26: what was reported lost is never used again."""
    assert SHEET_MOVES[S.LOST] == {S.FOUND}
    assert SHEET_MOVES[S.FOUND] == {S.RETURNED, S.DESTROYED}


def test_a_sheet_that_was_printed_on_never_becomes_blank_again() -> None:
    assert not [state for state in S if S.BLANK in SHEET_MOVES[state] or S.PRINTED in SHEET_MOVES[state]]


@pytest.mark.parametrize(
    ("before", "after", "meaning"),
    [
        (None, S.PRINTED, SheetFlow.IN),
        (None, S.BLANK, SheetFlow.IN),
        (None, S.SPOILED, SheetFlow.IN),
        (S.PRINTED, S.HANDED_OVER, SheetFlow.OUT),
        (S.HANDED_OVER, S.COLLECTED, SheetFlow.IN),
        (S.KEPT, S.LOST, SheetFlow.OUT),
        (S.LOST, S.FOUND, SheetFlow.IN),
        (S.SPOILED, S.DESTROYED, SheetFlow.OUT),
        (S.COLLECTED, S.RETURNED, SheetFlow.OUT),
        (S.PRINTED, S.SPOILED, SheetFlow.STAYS),
        (S.PRINTED, S.KEPT, SheetFlow.STAYS),
        (None, S.LOST, SheetFlow.STAYS),
    ],
)
def test_a_move_means_in_out_or_stays_for_the_book(
    before: SheetState | None, after: SheetState, meaning: SheetFlow
) -> None:
    assert flow(before, after) is meaning


def test_a_book_that_is_off_by_one_sheet_does_not_hold() -> None:
    assert KeeperCount(opening=3, came_in=2, went_out=1, closing=4).holds
    assert not KeeperCount(opening=3, came_in=2, went_out=1, closing=3).holds


class KeepersBook(RuleBasedStateMachine):
    """Paper comes, moves and goes over many days; the book is kept from flows, the closing counted from sheets."""

    sheets = Bundle("sheets")

    @initialize()
    def open_the_book(self) -> None:
        self.states: dict[int, SheetState] = {}
        self.opening = 0
        self.came_in = self.went_out = 0

    @rule(target=sheets, state=st.sampled_from([S.BLANK, S.PRINTED, S.SPOILED]))
    def a_sheet_comes_into_being(self, state: SheetState) -> int:
        sheet = len(self.states)
        self._note(sheet, None, state)
        return sheet

    @rule(sheet=sheets, to=st.sampled_from(S))
    def a_sheet_moves(self, sheet: int, to: SheetState) -> None:
        before = self.states[sheet]
        if to in SHEET_MOVES[before]:
            self._note(sheet, before, move_sheet(before, to))
            return
        with pytest.raises(ValueError, match="cannot become"):
            move_sheet(before, to)

    @rule()
    def a_day_is_closed(self) -> None:
        self.opening, self.came_in, self.went_out = self._on_hand(), 0, 0

    def _note(self, sheet: int, before: SheetState | None, after: SheetState) -> None:
        self.states[sheet] = after
        self.came_in += flow(before, after) is SheetFlow.IN
        self.went_out += flow(before, after) is SheetFlow.OUT

    def _on_hand(self) -> int:
        return sum(state in ON_HAND for state in self.states.values())

    @invariant()
    def opening_and_in_equal_out_and_closing(self) -> None:
        count = KeeperCount(opening=self.opening, came_in=self.came_in, went_out=self.went_out, closing=self._on_hand())
        assert count.holds


TestKeepersBook = KeepersBook.TestCase
TestKeepersBook.settings = settings(stateful_step_count=40)
