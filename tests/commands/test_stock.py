"""Stocktakes, stores, cases, visits and the opening stock on the command line, and what the province lists."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Desk
from tests.office import CLERK, HEAD, VET
from tests.services.test_workbook import workbook_of as workbook
from tests.services.work import printed

JPEG = b"%PDF-1.7 first and last sheet"
MEASURES = ("--measure", "desiccant", "--measure", "iron_cabinet", "--measure", "smoke_alarm")


def test_a_stocktake_from_open_to_close_with_one_difference(desk: Desk) -> None:
    desk.doing(printed)
    assert desk.run("stocktake", "open", "--kind", "B").out == "Stocktake open: 2 ranges in the book\n"
    left = desk.run("stocktake")
    assert "Not counted so far: unused numbers certificate B 9900000002–9900000010" in left.out
    assert desk.run("stocktake", "count", "on_hand", "B", "9900000001", "--pages", "2").code == 0
    assert desk.run("stocktake", "count", "unused", "B", "９９００００００02～8").code == 0
    photo = desk.file("photo.jpg", JPEG)
    ran = desk.run("stocktake", "close", "--photo", photo, "--photo", photo)
    assert "1 differences, 0 numbers moved meanwhile" in ran.out
    assert "Missing: certificate B 9900000009–9900000010: book 2, counted 0" in ran.out
    shown = desk.run("case", "--json")
    (case,) = shown.json["cases"]
    assert case["kind"] == "book_differs"
    conclude = ("case", "conclude", case["ref"], "--cause", "counting_mistake", "--conclusion", "found_again")
    early = desk.run(*conclude, user=HEAD)
    assert (early.code, "no stocktake has found book and stock to agree" in early.out) == (1, True)
    for step in (("open", "--kind", "B"), ("count", "on_hand", "B", "9900000001", "--pages", "2")):
        assert desk.run("stocktake", *step).code == 0
    assert desk.run("stocktake", "count", "unused", "B", "9900000002-10").code == 0
    assert desk.run("stocktake", "close", "--photo", photo, "--photo", photo).code == 0
    assert desk.run(*conclude, user=HEAD).code == 0
    assert desk.run("case").out == "Open cases: 0\n"


def test_a_scanners_file_is_counted_a_line_for_each_sheet(desk: Desk) -> None:
    desk.doing(printed)
    desk.run("stocktake", "open", "--kind", "B")
    scans = desk.file("scans.txt", b"B 9900000001\r\n9900000001\r\n")
    assert desk.run("stocktake", "count", "on_hand", "B", "--scan", scans).code == 0
    assert desk.run("stocktake", "count", "unused", "B", "9900000002-10").code == 0
    ran = desk.run("--json", "stocktake", "close", "--no-picture", "camera_broken")
    assert ran.json["differences"] == []


def test_what_keeps_a_stocktake_open_is_said(desk: Desk) -> None:
    desk.run("stocktake", "open", "--kind", "B")
    ran = desk.run("stocktake", "close")
    assert ran.code == 1
    assert "Not counted so far: 1 ranges, first B 9900000001–9900000010." in ran.out
    assert "Photographs are needed: 2; there are 0." in ran.out
    assert desk.run("stocktake", "open").code == 1
    assert desk.run("stocktake", "abandon", "--reason", "urgent_work").out == "Stocktake abandoned\n"
    assert "No stocktake is open" in desk.run("stocktake").out


def test_a_return_of_what_is_counted_says_who_counts_and_since_when(desk: Desk) -> None:
    with desk.at_work() as device:
        desk.office.publish(device, *desk.office.numbers(device.id, "B"))
    desk.run("stocktake", "open", "--kind", "B")
    ran = desk.run("return-numbers", "B", "9900000011-20", "--reason", "too_many")
    assert ran.code == 1
    assert f"Person {VET} has been counting these numbers since 2026-11-21 12:00." in ran.out


def test_a_store_is_described_assigned_checked_and_takes_a_draw_in(desk: Desk) -> None:
    assert desk.run("storage", "assign", "main", str(HEAD), user=HEAD).out == f"Main is kept by person {HEAD}\n"
    assert desk.run("storage", "describe", "main", "--sort", "cabinet", *MEASURES, user=HEAD).code == 0
    photo = desk.file("photo.jpg", JPEG)
    assert desk.run("storage", "check", "main", "--photo", photo, "--finding", "damp_found", user=HEAD).code == 0
    assert "next check 2026-12-22" in desk.run("storage").out
    assert desk.run("storage", "receive", "draw-B-1", "main", user=HEAD).code == 0
    refused = desk.run("storage", "receive", "draw-A-1", "main", user=CLERK)
    assert refused.code == 1
    assert f"Person {HEAD} keeps main" in refused.out


def test_a_store_without_a_lock_is_told_what_it_lacks(desk: Desk) -> None:
    ran = desk.run("--lang", "zh", "storage", "describe", "main", "--sort", "room", "--measure", "desiccant", user=HEAD)
    assert ran.code == 1
    assert "还缺：防盗" in ran.out
    assert "还缺：防火" in ran.out


def test_a_visit_is_recorded_and_put_right(desk: Desk) -> None:
    said = ("--finding", "ledger_wrong", "--by", "2026-12-01", "--official", "孙检查", "--unit", "市局")
    assert desk.run("supervision", "record", *said, user=HEAD).code == 0
    (seen,) = desk.run("--json", "supervision", user=HEAD).json["visits"]
    assert seen["left"] == ["ledger_wrong"]
    assert "A ledger is not accurate" in desk.run("supervision", user=HEAD).out
    assert desk.run("supervision", "rectify", seen["visit"], "--finding", "ledger_wrong", user=HEAD).code == 0
    assert desk.run("--json", "supervision").json["visits"][0]["left"] == []


def test_an_opening_list_is_tried_first_and_then_taken_over(desk: Desk) -> None:
    desk.run("storage", "assign", "main", str(HEAD), user=HEAD)
    wrong = desk.file("wrong.csv", "类别,种类,起号,页数,状态\n纸证,B,九号,0,未用\n".encode())
    ran = desk.run("opening", wrong, "--dry-run", user=HEAD)
    assert ran.code == 1
    assert ran.out.count("Row 2, ") == 3
    good = desk.file("good.csv", "类别,种类,起号,止号,页数,状态\n纸证,B,3200000001,3200000009,1,空白\n".encode())
    assert desk.run("opening", good, "--dry-run", user=HEAD).out == "Ready to be taken over: 1 lines, 0 cases\n"
    assert desk.run("opening", good, "--store", "main", user=HEAD).code == 0
    assert desk.run("opening", good, "--store", "main", user=HEAD).code == 1


def test_an_opening_list_may_be_a_workbook_and_a_cell_at_fault_is_named(desk: Desk) -> None:
    desk.run("storage", "assign", "main", str(HEAD), user=HEAD)
    head, row = ("what", "kind", "first", "pages", "state"), ["sheet", "B", "3200000001", 1, "blank"]
    wrong = desk.file("wrong.xlsx", workbook(head, [*row[:3], "=1+1", row[4]]))
    assert "Row 2, pages: a formula" in desk.run("opening", wrong, "--dry-run", user=HEAD).out
    assert "more than one sheet" not in desk.run("opening", wrong, "--dry-run", user=HEAD).out
    good = desk.file("good.xlsx", workbook(head, row))
    assert desk.run("opening", good, "--store", "main", user=HEAD).code == 0
    torn = desk.file("torn.xlsx", workbook(head, row)[:300])
    assert "The list was not taken in: it cannot be read" in desk.run("opening", torn, "--dry-run", user=HEAD).out


@pytest.mark.parametrize(
    "typed",
    [
        ("stocktake", "count", "cellar", "B"),
        ("storage", "assign", "main", "keeper"),
        ("case", "conclude", "x"),
        ("opening",),
    ],
)
def test_a_step_that_is_not_understood_is_wrong_usage(desk: Desk, typed: tuple[str, ...]) -> None:
    assert desk.run(*typed).code == 2
