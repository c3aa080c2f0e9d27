"""Ledgers on the command line: every gap with its cause; what nobody accounts for ends with 1."""

from __future__ import annotations

import pytest

from inspector_app.services.handing_over import void_certificate
from tests.commands.conftest import Desk
from tests.services.work import done, issued, printed


def test_every_gap_is_told_with_its_cause(desk: Desk) -> None:
    with desk.at_work() as device:
        done(void_certificate(device, issued(device), reason="wrong_entry", on_desk=0))
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
