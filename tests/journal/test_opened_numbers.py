"""Numbers of a block that a list of the first day names too: the same end in whatever order the journals are heard."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from inspector_app.domain.custody import SheetFlow
from inspector_app.domain.numbering import Block, Number
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.blanks import BlankSpoiled
from inspector_app.journal.entries.custody import NumbersLost, NumbersReturned
from inspector_app.journal.entries.openings import OpeningLine, OpeningRecorded
from inspector_app.journal.envelope import Fact
from inspector_app.journal.projections.registry import project, project_document
from tests.journal.test_taken_twice import A, B, C, Journals, Memory, heard, journals

FIRST, LAST = "9900000001", "9900000004"
BACK, GONE, FREE = ("returned", "b"), ("lost", "b"), ("free", "N")
RETURNED = NumbersReturned(block="b1", first=FIRST, last=LAST, reason="leave")
LOST = NumbersLost(block="b1", first=FIRST, last=LAST, cause="lost", found_out_on="2026-11-21")


BLOCK = Block("b1", "d1", "", "B", FIRST, LAST, B, 7, 1, 0)


SPOILED = BlankSpoiled(number=Number("", "B", "9900000002"), block="b1", category="damaged", attachments=["5f" * 32])


def named(state: str) -> OpeningRecorded:
    """A list by which the second and third number ended before."""
    line = OpeningLine(what="number", form="B", first="9900000002", last="9900000003", state=state)
    return OpeningRecorded(source="00" * 32, store="main", lines=[line])


def ends(told: Journals) -> list[list[tuple[object, object]]]:
    """State and cause of each number of a block of B, for every order of hearing."""
    return [_ends(order) for order in heard(told)]


def _ends(order: Sequence[Entry]) -> list[tuple[object, object]]:
    return [(row["state"], str(row["ended_by"])[:1]) for row in _heard(order).many("numbers")]


def _heard(order: Sequence[Entry]) -> Memory:
    rows = Memory()
    for device in (A, B, C):
        rows.insert("journals", {"device": device, "station": 7})
    project_document(BLOCK, rows)
    for one in order:
        project(one, rows)
    return rows


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([(A, 1, named("used")), (B, 2, RETURNED)], [BACK, ("withdrawn", "a"), ("withdrawn", "a"), BACK]),
        ([(A, 2, named("lost")), (B, 1, RETURNED)], [BACK, ("lost", "a"), ("lost", "a"), BACK]),
        ([(A, 1, named("used")), (B, 2, LOST)], [GONE] * 4),
        ([(A, 2, named("lost")), (B, 1, LOST)], [GONE] * 4),
        ([(A, 1, named("used")), (B, 2, SPOILED)], [FREE, ("withdrawn", "a"), ("withdrawn", "a"), FREE]),
        ([(A, 2, named("lost")), (B, 1, SPOILED)], [FREE, ("lost", "a"), ("lost", "a"), FREE]),
        ([(A, 1, named("used")), (C, 2, LOST), (B, 3, SPOILED)], [("lost", "c")] * 4),
        (
            [(A, 2, named("lost")), (C, 1, named("used")), (B, 3, RETURNED)],
            [BACK, ("withdrawn", "c"), ("withdrawn", "c"), BACK],
        ),
    ],
)
def test_a_number_taken_over_as_ended_ends_alike_whatever_is_heard_first(
    told: list[tuple[str, int, Fact]], expected: list[tuple[str, str]]
) -> None:
    found = ends(journals(*told))
    assert len(found) > 1
    assert all(one == expected for one in found), found


@pytest.mark.parametrize("state", ["spoiled", "kept"])
def test_a_blank_spoiled_and_a_paper_taken_over_under_one_number_are_two_sheets_in_any_order(state: str) -> None:
    line = OpeningLine(what="sheet", form="B", first="9900000002", last="9900000002", pages=2, state=state)
    taken = OpeningRecorded(source="00" * 32, store="main", lines=[line])
    told = journals((A, 1, taken), (B, 2, SPOILED))
    found = [_sheets(order) for order in heard(told)]
    assert len(found) == 2
    assert all(one == found[0] for one in found)
    sheets, moves = found[0]
    assert sheets == [(0, "spoiled", B), (1, state, A), (2, state, A)]
    assert sorted(moves) == [(A, SheetFlow.IN.value), (A, SheetFlow.IN.value), (B, SheetFlow.IN.value)]


def _sheets(order: Sequence[Entry]) -> tuple[list[tuple[object, object, object]], list[tuple[object, object]]]:
    rows = _heard(order)
    sheets: list[tuple[object, object, object]]
    sheets = [(row["sheet"], row["state"], row["device"]) for row in rows.many("sheets")]
    return sheets, [(row["device"], row["flow"]) for row in rows.many("sheet_moves")]
