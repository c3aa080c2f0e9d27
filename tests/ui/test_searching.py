"""Every search box keeps what it promises: number, name, pinyin initials, plate, end of a telephone number."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ui.at_work import at, issue_one, rows
from tests.ui.conftest import settle, wait_for
from ui.application import Shell
from ui.commands import records_for
from ui.places import Place


def looked_for(shell: Shell, page: Any, typed: str) -> int:
    page.list.search.setText(typed)
    page.list.search._ask()
    settle(shell)
    return 0 if page.list.is_empty else len(page.list.model.items)


@pytest.mark.parametrize("typed", ["ltyzc", "lingtang", "0001", "草鱼"])
def test_batches_to_issue_on_are_found_by_initials_telephone_and_species(shell: Shell, typed: str) -> None:
    page = at(shell, Place.ISSUE)
    assert looked_for(shell, page, "") > 1
    assert looked_for(shell, page, typed) >= 1
    assert looked_for(shell, page, f"{typed}zz") == 0


def test_a_batch_is_found_by_the_plate_of_a_truck_that_took_a_part(shell: Shell) -> None:
    page = at(
        shell, Place.ISSUE, next(row for row in rows(shell, "inspections") if row["batch"] == "2026-11-01")["ref"]
    )
    wait_for(lambda: page.side.currentWidget() is page.pane)
    from inspector_app.domain.quantities import Quantity
    from tests.ui.station import WAN

    page.pane.form.fill({"plate": "苏K5A168", "quantity": Quantity(20, 0, WAN)})
    page.submit()
    settle(shell)
    page = at(shell, Place.ISSUE)
    assert looked_for(shell, page, "k5a1") == 1
    assert looked_for(shell, page, "k5a2") == 0


@pytest.mark.parametrize("typed", ["hxtz", "0001", "湖西"])
def test_inspected_batches_are_found_by_initials_and_telephone(shell: Shell, typed: str) -> None:
    page = at(shell, Place.INSPECTION)
    page.list.choose_view(3)
    settle(shell)
    assert looked_for(shell, page, typed) >= 1
    assert looked_for(shell, page, "nirgends") == 0


@pytest.mark.parametrize("typed", ["b 99", "9900000001", "k5a1", "lty", "0001"])
def test_papers_to_print_are_found_by_number_plate_initials_and_telephone(shell: Shell, typed: str) -> None:
    issue_one(shell)
    page = at(shell, Place.PRINTS)
    assert looked_for(shell, page, typed) == 1
    assert looked_for(shell, page, f"{typed}7") == 0


def test_the_palette_finds_by_initials_and_the_end_of_a_telephone(shell: Shell) -> None:
    number = issue_one(shell)
    assert shell.desk is not None
    for typed in ("ltyz", "0001", "k5a1"):
        assert number in [subject for _, subject, _, _ in records_for(shell.desk.device, typed)], typed
    assert records_for(shell.desk.device, "nirgends") == []
