"""Numbers of a block that a list of the first day names too: the same end in whatever order the journals are heard."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from inspector_app.domain.numbering import Block
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.custody import NumbersLost, NumbersReturned
from inspector_app.journal.entries.openings import OpeningLine, OpeningRecorded
from inspector_app.journal.envelope import Fact
from inspector_app.journal.projections.registry import project, project_document
from tests.journal.test_taken_twice import A, B, C, Journals, Memory, heard, journals

FIRST, LAST = "9900000001", "9900000004"
BACK, GONE = ("returned", "b"), ("lost", "b")
RETURNED = NumbersReturned(block="b1", first=FIRST, last=LAST, reason="leave")
LOST = NumbersLost(block="b1", first=FIRST, last=LAST, cause="lost", found_out_on="2026-11-21")


BLOCK = Block("b1", "d1", "", "B", FIRST, LAST, B, 7, 1, 0)


def named(state: str) -> OpeningRecorded:
    """A list by which the second and third number ended before."""
    line = OpeningLine(what="number", form="B", first="9900000002", last="9900000003", state=state)
    return OpeningRecorded(source="00" * 32, store="main", lines=[line])


def ends(told: Journals) -> list[list[tuple[object, object]]]:
    """State and cause of each number of a block of B, for every order of hearing."""
    return [_ends(order) for order in heard(told)]


def _ends(order: Sequence[Entry]) -> list[tuple[object, object]]:
    rows = Memory()
    for device in (A, B, C):
        rows.insert("journals", {"device": device, "station": 7})
    project_document(BLOCK, rows)
    for one in order:
        project(one, rows)
    return [(row["state"], str(row["ended_by"])[:1]) for row in rows.many("numbers")]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([(A, 1, named("used")), (B, 2, RETURNED)], [BACK, ("withdrawn", "a"), ("withdrawn", "a"), BACK]),
        ([(A, 2, named("lost")), (B, 1, RETURNED)], [BACK, ("lost", "a"), ("lost", "a"), BACK]),
        ([(A, 1, named("used")), (B, 2, LOST)], [GONE] * 4),
        ([(A, 2, named("lost")), (B, 1, LOST)], [GONE] * 4),
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
