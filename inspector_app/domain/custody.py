"""The life of a sheet of paper (纸证) and the equation of its keeper.

One row per print × copy, and per blank in pre-numbered mode. On plain paper a sheet comes into being *printed*, on the
desk; on pre-numbered stock it starts *blank*. A sheet on hand may be lost and a lost one found (追回), which only goes
on to be returned or destroyed (GX-2014 Art. 23, 26).
"""

from __future__ import annotations

import enum

import msgspec


class SheetState(enum.StrEnum):
    """The life of a sheet."""

    BLANK = "blank"
    PRINTED = "printed"
    KEPT = "kept"
    HANDED_OVER = "handed_over"
    SPOILED = "spoiled"
    COLLECTED = "collected"
    LOST = "lost"
    FOUND = "found"
    RETURNED = "returned"
    DESTROYED = "destroyed"


_S = SheetState
SHEET_MOVES: dict[SheetState, frozenset[SheetState]] = {
    _S.BLANK: frozenset({_S.KEPT, _S.HANDED_OVER, _S.SPOILED, _S.RETURNED, _S.LOST}),
    _S.PRINTED: frozenset({_S.KEPT, _S.HANDED_OVER, _S.SPOILED, _S.LOST}),
    _S.KEPT: frozenset({_S.HANDED_OVER, _S.SPOILED, _S.RETURNED, _S.DESTROYED, _S.LOST}),
    _S.SPOILED: frozenset({_S.RETURNED, _S.DESTROYED, _S.LOST}),
    _S.HANDED_OVER: frozenset({_S.COLLECTED}),
    _S.COLLECTED: frozenset({_S.RETURNED, _S.DESTROYED, _S.LOST}),
    _S.LOST: frozenset({_S.FOUND}),
    _S.FOUND: frozenset({_S.RETURNED, _S.DESTROYED}),
    _S.RETURNED: frozenset(),
    _S.DESTROYED: frozenset(),
}

LOST_BEFORE_HAND_OVER = "lost_before_handover"
"""The reason of a further print (list ``spare_print``) whose earlier sheets nobody can find: they are lost."""

ON_HAND = frozenset({_S.BLANK, _S.PRINTED, _S.KEPT, _S.SPOILED, _S.COLLECTED, _S.FOUND})

DESTROYABLE = frozenset(state for state, follows in SHEET_MOVES.items() if _S.DESTROYED in follows)
"""States of a sheet that may be destroyed once it has been kept long enough."""


def move_sheet(state: SheetState, to: SheetState) -> SheetState:
    """The sheet's next state; ValueError for a move its life does not have."""
    if to not in SHEET_MOVES[state]:
        raise ValueError(f"a {state} sheet cannot become {to}")
    return to


_BY_WEIGHT = (
    *(_S.BLANK, _S.PRINTED, _S.KEPT, _S.SPOILED, _S.LOST, _S.HANDED_OVER),
    *(_S.COLLECTED, _S.FOUND, _S.RETURNED, _S.DESTROYED),
)
"""How much a report of a sheet weighs against another: what is with the holder is neither lost nor on any desk; whoever
collected or found it has it in hand; what was handed in or destroyed is nowhere else any more."""


def reconcile_sheet(state: SheetState, told: SheetState) -> SheetState:
    """What a sheet is once one more computer has told of it, which may not have known what the others told.

    In whatever order the reports are heard, it comes out the same. What came back and went on from there stands.
    """
    if told in SHEET_MOVES[state]:
        return move_sheet(state, told)
    return max(state, told, key=_BY_WEIGHT.index)


class SheetFlow(enum.StrEnum):
    """What a move means for the keeper's book: a sheet came in, went out, or stayed on hand."""

    IN = "in"
    OUT = "out"
    STAYS = "stays"


def flow(before: SheetState | None, after: SheetState) -> SheetFlow:
    """How a move changes what is on hand; ``before`` is None for a sheet that comes into being."""
    was, is_now = before in ON_HAND, after in ON_HAND
    if was == is_now:
        return SheetFlow.STAYS
    return SheetFlow.IN if is_now else SheetFlow.OUT


class KeeperCount(msgspec.Struct, frozen=True, kw_only=True):
    """A keeper's sheets over one period; the second equation of custody."""

    opening: int
    came_in: int
    went_out: int
    closing: int

    @property
    def holds(self) -> bool:
        """``opening + in = out + closing``."""
        return self.opening + self.came_in == self.went_out + self.closing
