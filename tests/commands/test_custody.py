"""Custody of numbers on the command line: returned and lost, refused with a sentence, exit codes."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Desk
from tests.office import CLERK


def states(desk: Desk) -> str:
    """The B numbers' states by their first letters, lowest first."""
    with desk.at_work() as device:
        rows = device.rows.many("numbers", order="digits", kind="B")
        return "".join(str(row["state"])[0] for row in rows)


def test_numbers_are_returned_to_the_end_of_their_block(desk: Desk) -> None:
    ran = desk.run("return-numbers", "B", "9900000006-10", "--reason", "leaves_post")
    assert (ran.code, ran.out) == (0, "Returned to the keeper: certificate B 9900000006-10\n")
    assert states(desk) == "fffffrrrrr"


def test_a_loss_is_reported_and_the_numbers_are_dead(desk: Desk) -> None:
    ran = desk.run("--json", "report-loss", "B", "９９００００００２～4", "--cause", "stolen", "--on", "2026-11-21")
    assert ran.code == 1, "the typed start is one digit short"
    ran = desk.run("--json", "report-loss", "B", "９９０００００００２～4", "--cause", "stolen", "--on", "2026-11-21")
    assert ran.code == 0
    assert states(desk) == "flllffffff"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("return-numbers", "B", "9900000006-9", "--reason", "too_many"), "9900000010"),
        (("return-numbers", "B", "9900000006-15", "--reason", "too_many"), "goes beyond its range"),
        (("return-numbers", "B", "six to ten", "--reason", "too_many"), "cannot be read as a range"),
        (("report-loss", "B", "9900000006", "--cause", "evaporated"), "cause"),
        (("report-loss", "B", "9900000006", "--cause", "lost", "--on", "yesterday"), "is no date"),
    ],
)
def test_what_is_not_done_says_why_and_changes_nothing(desk: Desk, typed: tuple[str, ...], says: str) -> None:
    ran = desk.run(*typed)
    assert ran.code == 1
    assert says in ran.out
    assert states(desk) == "f" * 10


def test_a_clerk_returns_nothing(desk: Desk) -> None:
    assert desk.run("return-numbers", "B", "9900000006-10", "--reason", "too_many", user=CLERK).code == 1
    assert states(desk) == "f" * 10
