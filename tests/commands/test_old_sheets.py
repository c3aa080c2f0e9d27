"""Sheets after use on the command line, from the desk to the book; refused with a sentence, exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Desk
from tests.office import HEAD, VET, HandClock
from tests.services.old_papers import DEPUTY, LEGAL, collected, staff
from tests.services.work import handed_over, printed

NUMBER = "B 9900000001"
CHECKS = ["filled_properly", "one_hand", "not_blank_issued", "not_forged", "not_altered"]


@pytest.fixture
def keeper(desk: Desk) -> Desk:
    """A desk whose vet is keeper, with deputy and legal representative in the roster."""
    with desk.at_work() as device:
        staff(desk.office, device)
    return desk


def photo(desk: Desk) -> str:
    return desk.file("form.jpg", b"%PDF-1.7 a signed form")


def write_off_form(desk: Desk, **changes: object) -> str:
    copies = [
        {"sheet": sheet, "issued_on": "2026-11-21", "quantity": {"value": 10, "scale": 0, "unit": 11}}
        for sheet in (1, 2)
    ]
    form = {"number": NUMBER, "print": 1, "checks": CHECKS, "copies": copies, "same_hand": True}
    return desk.file("write-off.json", form | changes)


def sheet_state(desk: Desk) -> str:
    with desk.at_work() as device:
        return str((device.rows.one("sheets", number=NUMBER, print=1, sheet=2) or {})["state"])


def test_a_spoiled_sheet_stands_in_the_register(keeper: Desk) -> None:
    keeper.doing(printed)
    ran = keeper.run("spoil", "9900000001", "1/2", "--category", "damaged", "--photo", photo(keeper))
    assert (ran.code, ran.out) == (0, f"{NUMBER} 1/2: recorded as spoiled\n")
    ran = keeper.run("spoil")
    assert ran.out.startswith(f"{NUMBER} 1/2: Damaged, since 2026-11-21, write off by 2026-11-27\n")


def test_a_sheet_without_a_photograph_is_refused_with_the_way_out(keeper: Desk) -> None:
    keeper.doing(printed)
    ran = keeper.run("spoil", "9900000001", "1/2", "--category", "damaged")
    assert ran.code == 1
    assert "There is no photograph yet." in ran.out
    assert keeper.run("spoil", "9900000001", "1", "--category", "damaged").code == 2


def test_a_sheet_comes_back_and_is_handed_in_with_its_slip(keeper: Desk) -> None:
    keeper.doing(handed_over)
    assert keeper.run("collect", "9900000001", "1/2", "--reason", "voided").code == 1
    assert keeper.run("void", "9900000001", "--reason", "trip_cancelled").code == 0
    collect = ("collect", "9900000001", "1/2", "--reason", "voided", "--photo", photo(keeper))
    assert keeper.run("--json", *collect).json["refused"][0]["code"] == "sheet_unmarked"
    assert keeper.run(*collect, "--marked").code == 0
    slip = keeper.path("slip.pdf")
    ran = keeper.run("--json", "hand-in", "--to", "county_keeper", "--pdf", slip)
    assert (ran.code, sheet_state(keeper)) == (0, "returned")
    assert "证章标志交接清单" in Path(slip).read_text("utf-8")
    assert keeper.run("hand-in", "--to", "county_keeper", "--sheets", "9900000001 1/2").code == 1
    assert keeper.run("hand-in", "--to", "county_keeper", "--sheets", "9900000001").code == 2


def test_a_sheet_that_cannot_be_found_is_reported_lost_and_becomes_a_loss_to_follow(keeper: Desk) -> None:
    keeper.doing(handed_over)
    assert keeper.run("lost", "9900000001", "1/2", "--cause", "lost").code == 1
    assert keeper.run("lost", "9900000001", "1/1", "--cause", "eaten").code == 1
    assert keeper.run("lost", "9900000001", "1/1", "--cause", "lost").code == 0
    assert "B 9900000001" in keeper.run("losses").out
    told = keeper.run("--json", "losses").json["recipients"]  # by the area code: no register was heard
    assert told == {"authority": "江苏省扬州市高邮市农业农村局", "institution": "江苏省扬州市水生动物检疫机构"}
    assert told["authority"] in keeper.run("losses").out


def test_a_lost_sheet_is_found(keeper: Desk) -> None:
    keeper.doing(printed)
    assert keeper.run("found", "9900000001", "1/2").code == 1
    void = ("void", "9900000001", "--reason", "missing_sheet", "--on-desk", "1", "--lost", "1/2")
    assert keeper.run(*void, "--no-picture", "too_dark").code == 0
    assert keeper.run("found", "9900000001", "1/2", "--on", "2026-11-21").code == 0
    assert sheet_state(keeper) == "found"


def test_a_paper_is_written_off_and_what_stands_against_it_is_named(keeper: Desk) -> None:
    keeper.doing(collected)
    ran = keeper.run("write-off", write_off_form(keeper, checks=CHECKS[:4], findings=CHECKS[4:], same_hand=False))
    assert ran.code == 0
    assert "No sign of alteration, handwritings differ" in ran.out
    ran = keeper.run("write-off", write_off_form(keeper))
    assert (ran.code, "cannot clear it yourself" in ran.out) == (1, True)


def test_the_whole_way_of_a_destruction(keeper: Desk, clock: HandClock) -> None:
    keeper.doing(collected)
    assert keeper.run("write-off", write_off_form(keeper)).code == 0
    clock.forward(days=366)
    listing = keeper.path("due.csv")
    assert f"{NUMBER} 1/2: collected, kept through 2027-11-21, written off" in keeper.run("due", "--csv", listing).out
    assert "B 9900000001,1,2,collected,2027-11-21,1,0" in Path(listing).read_text("utf-8-sig")
    asked = ("request-destruction", "--method", "shredding", "--on", "2027-12-01", "--count")
    assert keeper.run(*asked, "2").code == 1
    ran = keeper.run("--json", *asked, "1", "--pdf", keeper.path("request.pdf"))
    request = ran.json["ref"]
    assert "lacks: the head's review" in keeper.run("destructions").out
    destroyed = ("destroy", request, "--method", "shredding", "--count", "1", "--supervisor", str(DEPUTY))
    assert "still lacks a step" in keeper.run(*destroyed, "--photo", photo(keeper)).out
    assert keeper.run("review-destruction", request, "--count", "1", user=HEAD).code == 0
    signing = ("sign-destruction", request, "--deputy", str(DEPUTY), "--legal", str(LEGAL))
    assert keeper.run(*signing).code == 1
    act = keeper.run("--json", *signing, "--photo", photo(keeper)).json
    assert keeper.run("confirm", act, user=HEAD).code == 0
    assert "lacks: nothing" in keeper.run("destructions").out
    assert keeper.run(*destroyed, "--photo", photo(keeper)).code == 0
    assert sheet_state(keeper) == "destroyed"
    ran = keeper.run("ledger", "stock", "--csv", keeper.path("book.csv"))
    (line,) = [line for line in ran.out.splitlines() if "destroyed" in line]
    assert (ran.code, request in line, "9900000001/1" in line) == (0, True, True)
    assert request in Path(keeper.path("book.csv")).read_text("utf-8-sig")


def test_a_request_is_sent_back(keeper: Desk, clock: HandClock) -> None:
    keeper.doing(collected)
    keeper.run("write-off", write_off_form(keeper))
    clock.forward(days=366)
    asked = ("request-destruction", "--method", "pulping", "--on", "2027-12-01", "--count", "1")
    request = keeper.run("--json", *asked).json["ref"]
    assert keeper.run("review-destruction", request, "--count", "1").code == 1
    sent = keeper.run("review-destruction", request, "--count", "0", "--send-back", "count_differs", user=HEAD)
    assert (sent.code, sent.out) == (0, f"{request} sent back\n")
    assert keeper.run("approve-destruction", request).code == 1
    assert "Open requests: 0" in keeper.run("destructions").out


def test_the_stub_s_box_and_the_paper_s_number_are_taken_from_the_command_line(keeper: Desk) -> None:
    keeper.doing(handed_over)
    assert keeper.run("file-stub", "9900000001", "--box", "b-7").code == 0
    with keeper.at_work() as device:
        assert (device.rows.one("sheets", number=NUMBER, print=1, sheet=1) or {})["box"] == "B-7"
    assert keeper.run("file-stub", "9900000001", "--box", "蓝色柜子").code == 1


def test_of_more_sheets_than_a_slip_names_the_oldest_go_and_the_rest_is_told(keeper: Desk) -> None:
    keeper.run("storage", "assign", "main", str(VET))
    rows = "what,kind,first,last,pages,state\nsheet,B,3200000001,3200000260,2,spoiled\n"
    assert keeper.run("opening", keeper.file("old.csv", rows.encode()), "--store", "main").code == 0
    ran = keeper.run("hand-in", "--to", "county_keeper")
    assert ran.out.splitlines()[:2] == [
        "Handed in: 500 sheets",
        "20 sheets are left for another: one paper names at most 500, the oldest first",
    ]
    assert "left for another" not in keeper.run("hand-in", "--to", "county_keeper").out


def test_a_paper_of_another_station_is_taken_in(keeper: Desk) -> None:
    photo = keeper.file("kept.jpg", b"%PDF-1.7 a paper kept at a check")
    said = ("--reason", "used", "--source", "check_on_the_road", "--photo", photo)
    ran = keeper.run("take-in", "B 3300000003", "2", *said)
    assert (ran.code, ran.out) == (0, "B 3300000003 0/2: taken in, kept as a sheet from elsewhere\n")
    again = keeper.run("take-in", "B 3300000003", "2", *said)
    assert (again.code, keeper.run("take-in", "3300000003", "2", *said).code) == (1, 1)
