"""What the continuous checks take for a number that ended twice, and what for a loss somebody told of earlier."""

from __future__ import annotations

from typing import cast

import pytest

from inspector_app.journal.projections import Row
from simulation.checks import Checks
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
