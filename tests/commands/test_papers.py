"""Papers on the command line: nothing that was done is hidden by a file or a printer that would not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector_app import bootstrap
from inspector_app.clock import moment_of, moment_text
from inspector_app.commands import copies, values, verifying
from inspector_app.commands.session import write_file
from inspector_app.domain.documents import Role, sign_document
from inspector_app.domain.trust import pack_trust
from inspector_app.errors import BugError, StationError
from inspector_app.services.device import Device
from inspector_app.services.on_desk import Sheet
from tests.commands.conftest import Desk
from tests.office import CLERK, HEAD, HandClock
from tests.proof_samples import AUTHORITY, code, credential, root_document, statement, trust_file
from tests.services.work import HOUR, inspected, issued, printed, state

PLACES = ["plain.txt/copy.pdf", "."]


def to_issue(desk: Desk, **changes: Any) -> tuple[str, ...]:
    """What to type for a certificate on a batch that passed."""

    def batch(device: Any) -> str:
        return str(device.rows.one("inspections", ref=inspected(device))["declaration"])

    given = {"plate": "苏K12345", "departs_at": desk.parts.clock.now().at + HOUR} | changes
    return ("issue", desk.doing(batch), desk.file("issue.json", given))


def certificates(desk: Desk) -> list[str]:
    with desk.at_work() as device:
        return [str(row["number"]) for row in device.rows.many("certificates")]


# --- issue -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES)
def test_where_no_copy_can_be_written_nothing_is_issued(desk: Desk, place: str) -> None:
    desk.file("plain.txt", b"")
    ran = desk.run("--json", *to_issue(desk), "--pdf", desk.path(place))
    assert ran.code == 3
    assert ran.json["fault"] in ("disk_failing", "file_is_folder")
    assert not certificates(desk)


@pytest.mark.parametrize("trouble", [StationError("disk_full"), BugError("a mistake of ours")])
def test_a_copy_that_fails_after_the_act_is_told_beside_the_number(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def full(*_args: object) -> None:
        raise trouble

    monkeypatch.setattr(copies, "write_file", full)
    ran = desk.run("--json", *to_issue(desk), "--pdf", desk.path("copy.pdf"))
    assert ran.code == 3
    assert [ran.json["number"]] == certificates(desk)
    assert ran.json["file_fault"]["fault"] in ("disk_full", "bug")


def test_people_read_the_number_and_that_it_holds(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise StationError("disk_full")

    monkeypatch.setattr(copies, "write_file", full)
    ran = desk.run(*to_issue(desk), "--pdf", desk.path("copy.pdf"))
    assert (ran.code, ran.out) == (3, "B 9900000001 issued\n")
    assert "B 9900000001 is done and holds; only the file could not be written." in ran.err


@pytest.mark.parametrize(("medium", "option"), [("laser", "--ticket"), ("thermal_80", "--pdf")])
def test_an_option_that_does_not_fit_the_paper_is_refused_before_the_act(desk: Desk, medium: str, option: str) -> None:
    ran = desk.run("--json", *to_issue(desk, medium=medium), option, desk.path("copy"))
    assert (ran.code, ran.json["fault"]) == (2, "option_does_not_fit")
    assert not certificates(desk)


def test_a_copy_is_no_attempt(desk: Desk) -> None:
    ran = desk.run("--json", *to_issue(desk), "--pdf", desk.path("copy.pdf"))
    assert (ran.code, ran.json["pdf"]) == (0, desk.path("copy.pdf"))
    assert Path(desk.path("copy.pdf")).read_bytes()
    assert not desk.run("--json", "list", "attempts").json["rows"]


def test_a_portable_b_leaves_its_picture(desk: Desk) -> None:
    ran = desk.run("--json", *to_issue(desk, medium="thermal_80"), "--ticket", desk.path("ticket.png"))
    assert (ran.code, ran.json["ticket"]) == (0, desk.path("ticket.png"))
    assert Path(desk.path("ticket.png")).read_bytes()


def test_issue_prints_at_once_and_the_copy_is_what_was_printed(desk: Desk) -> None:
    (desk.folder / "prints").mkdir()
    ran = desk.run("--json", *to_issue(desk), "--printer", f"pdf:{desk.path('prints')}", "--pdf", desk.path("copy.pdf"))
    assert (ran.code, ran.json["print"], ran.json["printer_says"]) == (0, 1, "unknown")
    (attempt,) = desk.run("--json", "list", "attempts").json["rows"]
    assert (attempt["ref"], attempt["outcome"]) == (ran.json["attempt"], "open")
    (page,) = (desk.folder / "prints").iterdir()
    assert page.read_bytes() == Path(desk.path("copy.pdf")).read_bytes()


def test_issue_with_a_printer_that_is_away_tells_the_number_and_the_fault(desk: Desk) -> None:
    ran = desk.run(*to_issue(desk), "--printer", f"pdf:{desk.path('nowhere')}")
    assert ran.code == 3
    assert "B 9900000001 issued" in ran.out
    assert certificates(desk) == ["B 9900000001"]
    again = desk.run("--json", "print", "9900000001", "--printer", f"pdf:{desk.path('nowhere')}")
    assert (again.code, again.json["printer_says"]) == (3, "not_printed")


def test_issue_with_an_address_that_is_none_issues_nothing(desk: Desk) -> None:
    assert desk.run(*to_issue(desk), "--printer", "escpos://a:b").code == 2
    assert not certificates(desk)


def test_a_further_print_that_no_printer_takes_is_released_and_told(desk: Desk) -> None:
    number = desk.doing(printed)
    typed = ("print", number, "--reason", "paper_jam", "--spoiled", "1,2", "--printer")
    assert desk.run(*typed, "escpos://a:b").code == 2  # before anything is released
    ran = desk.run("--json", *typed, f"pdf:{desk.path('nowhere')}")
    assert (ran.code, ran.json["released"], ran.json["unprinted"]) == (3, 2, ["printer.unreachable"])
    (desk.folder / "prints").mkdir()
    again = desk.run("--json", "print", number, "--printer", f"pdf:{desk.path('prints')}")
    assert (again.code, again.json["print"]) == (0, 2)


# --- numbers as people write them ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["B9900000001", "B  9900000001", "b 99 0000 0001", "Ｂ ９９０００００００１", "9900000001", " B 9900000001 "],
)
def test_a_number_is_found_however_it_is_written(desk: Desk, typed: str) -> None:
    desk.doing(printed)
    hand = ("--wet-signature", "--wet-seal")
    assert desk.run("hand-over", typed, *hand) == (0, "B 9900000001 handed over\n", "")


@pytest.mark.parametrize("typed", ["", "C 9900000001", "A 9900000001", "990000000", "99000000011", "B-9900000001"])
def test_what_is_no_number_here_is_refused(desk: Desk, typed: str) -> None:
    desk.doing(printed)
    ran = desk.run("--json", "void", typed, "--reason", "wrong_entry")
    assert (ran.code, ran.json["refused"][0]["code"]) == (1, "not_found")


def test_the_number_to_be_replaced_may_be_written_any_way(desk: Desk) -> None:
    old = desk.doing(issued)
    with desk.at_work() as device:
        batch = device.rows.one("certificates", number=old)
        assert batch is not None
    again = desk.file(
        "again.json",
        {
            "replaces": "b9900000001",
            "replace_reason": "vehicle_changed",
            "plate": "苏K54321",
            "departs_at": desk.parts.clock.now().at + HOUR,
        },
    )
    ran = desk.run("--json", "issue", str(batch["declaration"]), again)
    assert ran.code == 0, ran.out
    with desk.at_work() as device:
        assert state(device, old) == "replaced"


def test_a_number_to_be_replaced_that_is_none_names_its_field(desk: Desk) -> None:
    ran = desk.run("--json", *to_issue(desk, replaces="B 9900000077", replace_reason="vehicle_changed"))
    assert (ran.code, ran.json["refused"][0]["field"]) == (1, "replaces")
    assert not certificates(desk)


# --- order, day close, hand-over, void -------------------------------------------------------------------------------


def test_the_day_is_closed_though_its_sheet_cannot_be_saved(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise StationError("disk_full")

    monkeypatch.setattr(copies, "write_file", full)
    ran = desk.run("--json", "day-close", "--pdf", desk.path("day.pdf"))
    assert (ran.code, ran.json["file_fault"]["fault"]) == (3, "disk_full")
    assert ran.json["entry"]
    assert desk.run("--json", "day-close").json["refused"][0]["code"] == "already_recorded"


def test_where_the_sheet_cannot_be_saved_the_day_stays_open(desk: Desk) -> None:
    assert desk.run("day-close", "--pdf", str(desk.folder)).code == 3
    assert desk.run("day-close", "--pdf", desk.path("day.pdf")).code == 0
    assert Path(desk.path("day.pdf")).read_bytes()


def test_an_order_that_cannot_be_written_is_not_given(desk: Desk) -> None:
    number = desk.doing(issued)
    ran = desk.run("order", number, "--to", "0" * 32, "--out", str(desk.folder))
    assert ran.code == 3
    with desk.at_work() as device:
        assert not device.rows.many("print_orders")


@pytest.mark.parametrize("given", [(), ("--wet-signature",), ("--wet-seal",)])
def test_what_is_on_the_paper_is_said_and_not_supposed(desk: Desk, given: tuple[str, ...]) -> None:
    assert desk.run("hand-over", desk.doing(printed), *given).code == 2


@pytest.mark.parametrize(
    ("marks", "code"),
    [
        (("--wet-signature", "--no-wet-seal"), "paper_unsealed"),
        (("--no-wet-signature", "--wet-seal"), "paper_unsigned"),
    ],
)
def test_a_paper_without_signature_or_seal_is_not_handed_over(desk: Desk, marks: tuple[str, ...], code: str) -> None:
    number = desk.doing(printed)
    ran = desk.run("--json", "hand-over", number, *marks)
    assert (ran.code, [one["code"] for one in ran.json["refused"]]) == (1, [code])


def test_a_hand_over_is_recorded_when_the_power_is_back(desk: Desk, clock: HandClock) -> None:
    number, given_at = desk.doing(printed), clock.at
    clock.forward(days=1)
    marks = ("hand-over", number, "--wet-signature", "--wet-seal")
    told = desk.run("--json", *marks).json["refused"]
    assert [(one["code"], one["field"]) for one in told] == [("expired", "handed_at")]
    assert "录" in desk.run("--lang", "zh", *marks).out
    late = (*marks, "--at", moment_text(given_at))
    assert [one["field"] for one in desk.run("--json", *late).json["refused"]] == ["late_reason"]
    assert desk.run(*late, "--late-reason", "power_cut").code == 0
    with desk.at_work() as device:
        row = device.rows.one("certificates", number="B 9900000001") or {}
        assert (row["handed_over_at"], row["late_reason"]) == (given_at, "power_cut")


def test_the_first_minute_of_1970_is_a_time_and_not_now(desk: Desk) -> None:
    marks = ("--wet-signature", "--wet-seal", "--at", "1970-01-01 08:00", "--late-reason", "power_cut")
    told = desk.run("--json", "hand-over", desk.doing(printed), *marks).json["refused"]
    assert [(one["code"], one["field"]) for one in told] == [("field_invalid", "handed_at")]
    with desk.at_work() as device:
        assert not (device.rows.one("certificates", number="B 9900000001") or {})["handed_over_at"]


MARKS = ("--wet-signature", "--wet-seal")
MISTYPED = {
    "time_unreadable": (("hand-over", "B 9900000001", *MARKS, "--at"), "2026-11-21 08:30"),
    "sheets_unreadable": (("print", "B 9900000001", "--printer", "pdf:x", "--reason", "paper_jam", "--spoiled"), "1,2"),
    "places_unreadable": (("void", "B 9900000001", "--reason", "missing_sheet", "--on-desk", "1", "--lost"), "1/2"),
    "rows_unreadable": (("list", "certificates", "--first"), "--first 1 --count 2"),
}
"""What to type before the value, and the example its sentence gives."""


@pytest.mark.parametrize(
    ("code", "value"),
    [
        *[("time_unreadable", at) for at in ("yesterday", "2026-11-21", "2026-13-01 08:00", "2026-11-21T08:00", "")],
        *[("sheets_unreadable", sheets) for sheets in ("first", "1;2", "1.5", "²³x", "9" * 5000)],
        *[("places_unreadable", places) for places in ("second", "1", "1/2/3", "1/", "1/2,x", "1/" + "9" * 5000)],
        *[("rows_unreadable", rows) for rows in ("0", "x", "1.5", "²x", "9" * 5000, "")],
    ],
)
def test_a_value_that_cannot_be_read_says_how_it_is_written_before_anybody_signs_in(
    desk: Desk, code: str, value: str
) -> None:
    before, example = MISTYPED[code]
    for lang, shown in (("zh", f"（{value or '—'}）。"), ("en", f"({value or '—'}).")):
        plain = desk.run("--lang", lang, *before, value, secret="no such passphrase")
        assert (plain.code, plain.out) == (2, "")
        happened, _safe, todo = plain.err.splitlines()
        assert happened.endswith(shown)
        assert example in todo
    told = desk.run("--json", *before, value, secret="no such passphrase")
    assert (told.code, told.err, told.json["fault"]) == (2, "", code)
    assert told.json["details"] == {"given": value}
    assert told.json["sentence"]
    assert told.json["safe"]
    assert example in told.json["what_to_do"]


def test_values_may_come_from_a_chinese_input_method() -> None:
    assert values.moment("２０２６－１１－２１ ０８：３０") == moment_of("2026-11-21 08:30")
    assert values.sheets("１，２、 3,") == [1, 2, 3]
    assert values.places("１／２，2/1") == [Sheet(1, 2), Sheet(2, 1)]
    assert (values.moment(None), values.sheets(""), values.places("")) == (None, [], [])


def printed_into_a_folder(desk: Desk) -> str:
    """A paper whose printer is a folder, which never says how it came out."""
    number = desk.doing(issued)
    (desk.folder / "prints").mkdir()
    assert desk.run("print", number, "--printer", f"pdf:{desk.path('prints')}").code == 0
    return number


def test_that_nothing_came_out_is_believed_when_the_printer_confirms_it(desk: Desk) -> None:
    number = printed_into_a_folder(desk)
    ran = desk.run("--json", "answer", number, "not_printed")
    assert (ran.code, ran.json["refused"][0]["code"]) == (1, "print_still_queued")
    assert desk.run("answer", number, "unknown").code == 0


def test_a_job_that_is_not_seen_cancelled_stays_open(desk: Desk) -> None:
    number = printed_into_a_folder(desk)
    ran = desk.run("--json", "cancel-print", number)
    assert (ran.code, ran.json["printer_says"]) == (1, "unknown")
    assert desk.run("answer", number, "printed").code == 0
    assert desk.run("--json", "cancel-print", number).json["refused"][0]["code"] == "not_found"


def test_a_void_counts_the_sheets_on_the_desk_and_supposes_nothing(desk: Desk) -> None:
    number = desk.doing(printed)
    ran = desk.run("--json", "void", number, "--reason", "wrong_entry")
    assert (ran.code, ran.json["refused"][0]["code"], ran.json["refused"][0]["limit"]) == (1, "copies_not_on_desk", 2)
    assert desk.run("void", number, "--reason", "wrong_entry", "--on-desk", "2", "--no-picture", "too_dark").code == 0


def test_a_void_names_the_sheets_nobody_can_find(desk: Desk) -> None:
    number = desk.doing(printed)
    marked = ("--on-desk", "1", "--no-picture", "too_dark")
    void = ("void", number, "--reason", "missing_sheet", *marked, "--lost")
    strange = desk.run("--json", *void, "1/3")
    assert (strange.code, strange.json["refused"][0]["field"]) == (1, "lost")
    assert desk.run(*void, "1/2").code == 0
    with desk.at_work() as device:
        assert [row["state"] for row in device.rows.many("sheets")] == ["spoiled", "lost"]


def handed_over_on_thermal_paper(desk: Desk) -> str:
    """A portable B with the holder; its stub on thermal paper does not count yet."""

    def strip(device: Device) -> str:
        return printed(device, issued(device, inspected(device), medium="thermal_80"))

    number = desk.doing(strip)
    assert desk.run("hand-over", number, "--wet-signature", "--wet-seal").code == 0
    return number


def test_a_thermal_stub_goes_on_file_with_its_proof_only(desk: Desk) -> None:
    number = handed_over_on_thermal_paper(desk)
    assert desk.run("--json", "file-stub", number).json["refused"][0]["code"] == "stub_needs_proof"
    assert desk.run("file-stub", number, "--draw", desk.path("stub.pdf")).code == 0
    assert "存根归档补打" in Path(desk.path("stub.pdf")).read_text("utf-8")
    assert desk.run("--json", "file-stub", number).json["refused"][0]["code"] == "already_recorded"


def test_a_photograph_of_the_stub_is_proof_too_and_a_text_is_none(desk: Desk) -> None:
    number = handed_over_on_thermal_paper(desk)
    assert desk.run("file-stub", number, "--photo", desk.file("stub.txt", b"a stub, believe me")).code == 3
    assert desk.run("file-stub", number, "--photo", desk.file("stub.png", b"%PDF-1.7 stub")).code == 0


def test_a_void_is_confirmed_by_the_second_person_only(desk: Desk) -> None:
    number = desk.doing(issued)
    assert desk.run("void", number, "--reason", "wrong_entry").code == 0
    alone = desk.run("--json", "confirm-void", number)
    assert alone.code == 1
    assert "one_person_twice" in {one["code"] for one in alone.json["refused"]}
    assert desk.run("confirm-void", number, user=HEAD) == (0, f"{number}: void confirmed\n", "")


def test_a_sample_leaves_for_the_laboratory(desk: Desk) -> None:
    with desk.at_work() as device:
        form = {"inspection": inspected(device), "individuals": 150, "preservation": "ethanol", "diseases": ["GCHD"]}
    sample = desk.run("--json", "sample", desk.file("sample.json", form)).json["sample"]
    ran = desk.run("--json", "sample-sent", sample, "--laboratory", "3")
    assert ran.code == 0, ran.out
    with desk.at_work() as device:
        assert (device.rows.one("samples", ref=sample) or {})["sent_on"] == "2026-11-21"
    assert desk.run("sample-sent", sample, "--laboratory", "3", "--sent-on", "2027-01-01").code == 1


# --- print, doctor, language -----------------------------------------------------------------------------------------


def test_a_refusal_has_all_three_parts_for_a_program(desk: Desk) -> None:
    (reason,) = desk.run("--json", "confirm-void", "9900000001").json["refused"]
    assert all(reason[part] for part in ("sentence", "safe", "what_to_do", "reference"))


def test_what_was_done_is_said_in_the_chosen_language(desk: Desk) -> None:
    number = desk.doing(printed)
    ran = desk.run("--lang", "zh", "hand-over", number, "--wet-signature", "--wet-seal", user=CLERK)
    assert ran == (0, f"{number} 已交付\n", "")


def test_doctor_says_what_it_found_in_sentences(desk: Desk) -> None:
    with desk.at_work() as device:
        device.store.database.execute("UPDATE p_numbers SET state = 'lost' WHERE number = 'B 9900000001'")
    ran = desk.run("doctor")
    assert ran.code == 1
    assert "projection_differs: " in ran.out
    found = desk.run("--json", "doctor").json["findings"]
    assert all(one["what_to_do"] for one in found)
    assert any(one["code"] == "projection_differs" for one in found)


# --- verify ----------------------------------------------------------------------------------------------------------


def test_a_verdict_says_what_to_do_and_how_old_the_trust_file_is(desk: Desk, trusting: Callable[[int], str]) -> None:
    pack = trusting(3)
    ran = desk.run("verify", "nothing of ours", "--trust", pack)
    assert ran.code == 1
    assert "Age of the trust file: 3 hours" in ran.out
    assert len(ran.out.splitlines()) >= 4
    assert "查验资料是 3 小时前的" in desk.run("--lang", "zh", "verify", "nothing of ours", "--trust", pack).out


def test_every_code_on_a_page_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, trusting: Callable[[int], str]
) -> None:
    class TwoCodes:
        def read(self, _content: bytes) -> list[str]:
            return [code(credential(3)), code(credential(4))]

    monkeypatch.setattr(bootstrap, "code_reader", TwoCodes)
    page, pack = desk.file("page.pdf", b"%PDF-"), trusting(1)
    told = desk.run("--json", "verify", page, "--trust", pack).json
    assert len(told) == 2
    assert desk.run("verify", page, "--trust", pack).out.count("Age of the trust file") == 2


@pytest.fixture
def trusting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], str]:
    """A trust file so many hours old by the clock of the test."""
    made = trust_file()
    signed = sign_document(made, AUTHORITY).encoded()
    pack_bytes = pack_trust(root_document().encoded(), [statement(Role.AUTHORITY, AUTHORITY)], signed)

    def pack(hours: int) -> str:
        monkeypatch.setattr(verifying, "SystemClock", lambda: HandClock(made.issued_at + hours * HOUR))
        return desk.file("trust.pack", pack_bytes)

    return pack


def test_a_file_a_person_names_is_written_as_the_umask_says(desk: Desk) -> None:
    write_file(desk.path("shared.json"), json.dumps({}).encode())
    mode = Path(desk.path("shared.json")).stat().st_mode & 0o777
    plain = Path(desk.file("plain", b"")).stat().st_mode & 0o777
    assert mode == plain
