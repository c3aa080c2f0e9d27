"""Numbers of a draw that were lost before a block held them: the same end whatever is heard first."""

from __future__ import annotations

from itertools import permutations

import msgspec
import pytest

from inspector_app.domain.numbering import Block, Draw
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.custody import NumbersLost
from inspector_app.journal.projections.losses import case_key
from inspector_app.journal.projections.registry import project, project_document
from inspector_app.journal.projections.uncut import living_spans, lost_uncut
from tests.journal.test_taken_twice import A, B, Memory, entry

DRAW = Draw("d1", "", "B", "9900000001", "9900000010", 7, 0, 0)
BLOCK = Block("b1", "d1", "", "B", "9900000003", "9900000005", B, 7, 1, 0)
LOST = NumbersLost(
    block="", first="9900000004", last="9900000007", cause="stolen", found_out_on="2026-11-21", draw="d1"
)
FIRST = entry(A, 1, 5, LOST)
AGAIN = entry(B, 1, 9, msgspec.structs.replace(LOST, first="9900000002", last="9900000005"))
OF_BLOCK = entry(B, 2, 3, NumbersLost("b1", "9900000005", "9900000005", "lost", "2026-11-21"))


def after(*told: Block | Entry) -> Memory:
    """The rows once these are heard, in this order; the draw is known from the start."""
    rows = Memory()
    project_document(DRAW, rows)
    for one in told:
        if isinstance(one, Block):
            project_document(one, rows)
        else:
            project(one, rows)
    return rows


def draw_of(rows: Memory) -> dict[str, str | int | None]:
    row = rows.one("draws", draw="d1")
    assert row is not None
    return row


@pytest.mark.parametrize("order", list(permutations([BLOCK, FIRST, AGAIN])))
def test_g47_a_block_cut_over_lost_numbers_has_none_of_them_free_in_any_order_of_hearing(
    order: tuple[Block | Entry, ...],
) -> None:
    rows = after(*order)
    assert [(row["state"], row["ended_by"]) for row in rows.many("numbers")] == [
        ("lost", AGAIN.ref),
        ("lost", FIRST.ref),
        ("lost", FIRST.ref),
    ]
    assert [(one.first, one.last, one.ref) for one in lost_uncut(rows, "d1")] == [
        ("9900000002", "9900000002", AGAIN.ref),
        ("9900000006", "9900000007", FIRST.ref),
    ]
    assert living_spans(rows, draw_of(rows)) == [("9900000001", "9900000001"), ("9900000008", "9900000010")]


@pytest.mark.parametrize("order", [(BLOCK, FIRST, OF_BLOCK), (BLOCK, OF_BLOCK, FIRST)])
def test_of_a_report_by_block_and_one_by_draw_the_earlier_ended_the_number(order: tuple[Block | Entry, ...]) -> None:
    rows = after(*order)
    assert [(row["state"], row["ended_by"]) for row in rows.many("numbers")] == [
        ("free", None),
        ("lost", FIRST.ref),
        ("lost", OF_BLOCK.ref),
    ]


def test_a_number_used_before_the_loss_was_heard_of_stays_used() -> None:
    rows = after(BLOCK)
    rows.update("numbers", {"number": "B 9900000004"}, {"state": "used", "ended_by": f"{B}/9"})
    project(FIRST, rows)
    assert [row["state"] for row in rows.many("numbers")] == ["free", "used", "lost"]


@pytest.mark.parametrize("with_block", [False, True])
def test_two_who_tell_of_the_same_uncut_numbers_told_of_one_loss(*, with_block: bool) -> None:
    same = entry(B, 1, 9, LOST)
    rows = after(same, FIRST, *([BLOCK] if with_block else []))
    assert {case_key(rows, loss) for loss in rows.many("losses")} == {FIRST.ref}


def test_a_loss_of_a_draw_nobody_knows_ends_nothing() -> None:
    rows = after(BLOCK, entry(A, 1, 5, msgspec.structs.replace(LOST, draw="d2")))
    assert {row["state"] for row in rows.many("numbers")} == {"free"}
    assert lost_uncut(rows, "d2") == []
