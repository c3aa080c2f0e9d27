"""A number drawn again has a row in each block: the same rows whatever is heard first, and each of its own life."""

from __future__ import annotations

from itertools import permutations

import pytest

from inspector_app.domain.numbering import Block, Draw, Number
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.blanks import BlankSpoiled
from inspector_app.journal.entries.custody import NumbersLost, NumbersReturned
from inspector_app.journal.entries.openings import OpeningLine, OpeningRecorded
from inspector_app.journal.projections.numbers import latest_row, standing_spans
from inspector_app.journal.projections.registry import project, project_document
from tests.journal.test_taken_twice import A, B, Memory, entry

FIRST_DRAW = Draw("d1", "", "B", "9900000001", "9900000004", 7, 0, 1)
EARLIER = Block("b1", "d1", "", "B", "9900000001", "9900000004", A, 7, 1, 2)
AGAIN = Draw("d2", "", "B", "9900000002", "9900000004", 7, 0, 10, turn=2)
LATER = Block("b2", "d2", "", "B", "9900000002", "9900000004", B, 7, 1, 11)
RETURNED = entry(A, 1, 5, NumbersReturned("b1", "9900000002", "9900000004", "too_many"))
SPOILED = entry(B, 1, 12, BlankSpoiled(number=Number("", "B", "9900000003"), block="b2", category="damaged"))
LOST = entry(B, 2, 13, NumbersLost("b1", "9900000004", "9900000004", "lost", "2026-11-21"))
LIST = entry(
    "c" * 32,
    1,
    14,
    OpeningRecorded(
        source="00" * 32,
        store="main",
        lines=[OpeningLine(what="number", form="B", first="9900000003", last="9900000003", state="used")],
    ),
)
TOLD = Draw | Block | Entry


def after(*told: TOLD) -> Memory:
    rows = Memory()
    for one in told:
        if isinstance(one, Entry):
            project(one, rows)
        else:
            project_document(one, rows)
    return rows


def states(rows: Memory) -> dict[tuple[str, str], tuple[str, str]]:
    """State and end of each number, by block and digits."""
    held = rows.many("numbers")
    return {(str(row["block"]), str(row["digits"])): (str(row["state"]), str(row["ended_by"])) for row in held}


def in_order(told: tuple[TOLD, ...]) -> bool:
    """Whether nobody speaks of a block he cannot have heard of."""
    return told.index(EARLIER) < told.index(RETURNED) and told.index(LATER) < told.index(SPOILED)


ORDERS: list[tuple[TOLD, ...]] = [
    told for told in permutations(list[TOLD]([EARLIER, LATER, RETURNED, SPOILED])) if in_order(told)
]


@pytest.mark.parametrize("told", ORDERS)
def test_both_blocks_come_to_the_same_rows_in_any_order_of_hearing(told: tuple[TOLD, ...]) -> None:
    rows = after(FIRST_DRAW, AGAIN, *told)
    assert states(rows) == {
        ("b1", "9900000001"): ("free", "None"),
        ("b1", "9900000002"): ("returned", RETURNED.ref),
        ("b1", "9900000003"): ("returned", RETURNED.ref),
        ("b1", "9900000004"): ("returned", RETURNED.ref),
        ("b2", "9900000002"): ("free", "None"),
        ("b2", "9900000003"): ("withdrawn", SPOILED.ref),
        ("b2", "9900000004"): ("free", "None"),
    }
    assert (latest_row(rows, "B 9900000002") or {})["block"] == "b2"
    assert standing_spans(rows, rows.one("blocks", block="b1") or {}) == [("9900000001", "9900000001")]
    assert standing_spans(rows, rows.one("blocks", block="b2") or {}) == [("9900000002", "9900000004")]


@pytest.mark.parametrize("told", list(permutations([LATER, RETURNED, LOST])))
def test_a_loss_that_names_the_earlier_block_ends_nothing_in_the_later(told: tuple[TOLD, ...]) -> None:
    found = states(after(FIRST_DRAW, AGAIN, EARLIER, *told))
    assert found["b1", "9900000004"] == ("lost", LOST.ref)
    assert found["b2", "9900000004"] == ("free", "None")


@pytest.mark.parametrize("told", list(permutations([LATER, RETURNED, LIST])))
def test_g47_what_was_taken_over_as_ended_is_dead_in_both(told: tuple[TOLD, ...]) -> None:
    found = states(after(FIRST_DRAW, AGAIN, EARLIER, *told))
    assert found["b1", "9900000003"] == found["b2", "9900000003"] == ("withdrawn", LIST.ref)


def test_a_number_nobody_heard_of_has_no_row() -> None:
    assert latest_row(after(FIRST_DRAW, EARLIER), "B 9900000009") is None
    assert latest_row(after(FIRST_DRAW), "B 9900000001") is None
