"""Ledgers on the command line: every gap with its cause; what nobody accounts for ends with 1."""

from __future__ import annotations

from inspector_app.services.handing_over import void_certificate
from tests.commands.conftest import Desk
from tests.services.work import done, issued


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
