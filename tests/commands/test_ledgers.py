"""Ledgers on the command line: every gap with its cause; what nobody accounts for ends with 1."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Desk
from tests.services.work import done, issued, printed, void_paper


def test_every_gap_is_told_with_its_cause(desk: Desk) -> None:
    with desk.at_work() as device:
        done(void_paper(device, issued(device), reason="wrong_entry", on_desk=0))
        issued(device)
        entry = device.rows.many("certificates", order="number")[0]["void_ref"]
    ran = desk.run("--lang", "zh", "numbers")
    assert ran.code == 0
    assert f"B 9900000001: 作废 2026-11-21 填写错误 {entry}" in ran.out
    assert "B 9900000002" not in ran.out, "a number in force is no gap"


def test_a_program_is_told_stretches_and_each_number_when_it_asks(desk: Desk) -> None:
    desk.doing(issued)
    short = desk.run("--json", "numbers").json["continuity"]
    long = desk.run("--json", "numbers", "--each").json["continuity"]
    assert "numbers" not in short
    assert (len(long["numbers"]), short["totals"]["B"]["used"], short["to_explain"]) == (30, 1, 0)


def test_a_number_to_be_explained_ends_with_1_and_is_named(desk: Desk) -> None:
    with desk.at_work() as device:
        device.store.rows.update("numbers", {"number": "B 9900000002"}, {"state": "used", "ended_by": "x/3"})
    ran = desk.run("numbers")
    assert ran.code == 1
    assert "B 9900000002: without a record, to be explained x/3" in ran.out


# --- the life of a number -------------------------------------------------------------------------------------------


def test_the_life_of_a_number_is_told_step_by_step(desk: Desk) -> None:
    number = desk.doing(printed)
    ran = desk.run("--lang", "zh", "trace", number)
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == f"{number}：在用"
    assert [line.split()[2] for line in lines[1:]] == ["领用", "切段", "签发证明", "送打印机", "打印结束"]
    assert "1/1 已打印, 1/2 已打印" in lines[-1]
    assert "陆清河" in lines[3]


def test_a_program_is_told_every_step_with_its_entry(desk: Desk) -> None:
    number = desk.doing(printed)
    told = desk.run("--json", "trace", number, "--sheet", "1/2").json
    assert (told["number"], told["standing"], [one["sheet"] for one in told["sheets"]]) == (number, "used", [2])
    with desk.at_work() as device:
        assert all(device.store.entry(step["ref"]) is not None for step in told["steps"][2:])


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        (("trace", "B 8800000001"), 1, "was not found"),
        (("trace", "9900000001"), 1, "fits more than one record"),
        (("trace", "B 9900000001", "--sheet", "one"), 2, "1/2"),
    ],
)
def test_what_cannot_be_followed_says_why(desk: Desk, typed: tuple[str, ...], code: int, says: str) -> None:
    ran = desk.run(*typed)
    assert ran.code == code
    assert says in ran.out + ran.err


# --- the books ------------------------------------------------------------------------------------------------------


def test_a_book_is_told_line_by_line_in_either_language(desk: Desk) -> None:
    desk.doing(printed)
    english = desk.run("ledger", "stock")
    assert english.code == 0
    assert english.out.splitlines()[0] == "Stock in and out, 2026-11-01 to 2026-11-21, format GX-2014/1"
    chinese = desk.run("--lang", "zh", "ledger", "stock").out
    assert "出入库分类登记表，2026-11-01 至 2026-11-21，格式 GX-2014/1" in chinese
    assert "本期合计" in chinese


def test_a_book_goes_into_a_spreadsheet_and_onto_paper(desk: Desk) -> None:
    desk.doing(printed)
    written, drawn = desk.path("book.csv"), desk.path("book.pdf")
    assert desk.run("ledger", "use", "--csv", written, "--pdf", drawn).code == 0
    content = (desk.folder / "book.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "GX-2014/1,B,,2026-11-21,9900000001" in content.decode("utf-8-sig")
    assert "使用登记表" in (desk.folder / "book.pdf").read_text("utf-8"), "the form is Chinese in either language"


def test_a_program_is_told_the_lines_with_their_entries(desk: Desk) -> None:
    desk.doing(issued)
    told = desk.run("--json", "ledger", "stock").json
    assert (told["format"], told["holds"], told["first"]) == ("GX-2014/1", True, "2026-11-01")
    lines = [line for part in told["sections"] if part["kind"] == "B" for line in part["lines"]]
    assert [line["cells"][1] for line in lines][:4] == ["opening", "received", "used", "total"]
    assert "/" in lines[2]["ref"]


def test_a_book_that_does_not_balance_ends_with_1(desk: Desk) -> None:
    with desk.at_work() as device:
        device.store.rows.update("sheets", {"number": printed(device), "sheet": 1}, {"state": "lost"})
    assert desk.run("ledger", "stock").code == 1


@pytest.mark.parametrize("period", [("--from", "2026-11-22"), ("--to", "soon"), ("--from", "2026-13-01")])
def test_a_period_that_is_none_is_refused(desk: Desk, period: tuple[str, str]) -> None:
    ran = desk.run("ledger", "stock", *period)
    assert (ran.code, ran.err) == (1, "")
