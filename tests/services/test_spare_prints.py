"""Spare prints and the prints of notices."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from inspector_app.domain.credential import Verdict, body_of
from inspector_app.domain.custody import SheetState
from inspector_app.domain.refusals import RefusalCode
from inspector_app.domain.trust import Standing
from inspector_app.journal.entries.printing import PrintReleased
from inspector_app.services import print_jobs
from inspector_app.services.device import Device, Session
from inspector_app.services.noticing import NoticeDraft, issue_notice
from inspector_app.services.print_jobs import (
    Attempt,
    answer,
    current_print,
    release_spare,
    submit,
)
from tests.office import VET, HandClock, Office
from tests.printers.fake import FakePrinter
from tests.services.prints import issued_for_long, sheets, state_of
from tests.services.proof import judged, trust_of, with_exception
from tests.services.work import (
    acting,
    assert_sound,
    codes,
    done,
    handed_over,
    inspected,
    issued,
    only,
    printed,
)

C = RefusalCode


def spoil(device: Device, number: str, **changes: Any) -> int | Any:
    """Release the next print because both sheets of the last one jammed."""
    return release_spare(device, number, **{"reason": "paper_jam", "spoiled": [1, 2], **changes})


# --- spare prints ----------------------------------------------------------------------------------------------------


def test_a_clerk_releases_prints_2_and_3_and_never_signs(device: Device, clerk: Session) -> None:
    number = printed(device)
    with acting(device, clerk):
        assert done(spoil(device, number)) == 2
        printed(device, number)
        assert done(spoil(device, number, reason="torn_or_wet")) == 3
        printed(device, number)
    states = [state_of(device, number, print_no) for print_no in (1, 2, 3)]
    assert states == ["superseded", "superseded", "printed"]
    assert sheets(device, number, 1) == ["spoiled", "spoiled"]
    for print_no in (1, 2, 3):
        found = judged(device, number, print_no)
        assert found.verdict in (Verdict.GENUINE, Verdict.NOT_YET_REPORTED)
        assert found.signer is not None
        assert found.signer.subject == VET
    assert_sound(device)


def test_an_earlier_print_is_superseded_for_whoever_scans_it(device: Device) -> None:
    number = printed(device)
    done(spoil(device, number))
    trust = with_exception(trust_of(device), number, Standing.IN_FORCE, current_print=2)
    assert judged(device, number, 1, trust).code == "practice:print_superseded"
    assert judged(device, number, 2, trust).code == "practice:genuine"


def test_the_release_says_who_why_and_which_credential(device: Device, clerk: Session) -> None:
    number = printed(device)
    with acting(device, clerk):
        done(spoil(device, number))
    fact = [entry.fact for entry in device.store.entries()][-1]
    assert isinstance(fact, PrintReleased)
    assert (fact.print, fact.reason, fact.spoiled) == (2, "paper_jam", [1, 2])
    row = device.rows.one("prints", number=number, print=2) or {}
    assert (row["released_by"], row["credential"]) == (clerk.person, fact.credential)


def test_print_4_needs_the_vet_who_issued_it(office: Office, device: Device, clerk: Session, head: Session) -> None:
    number = printed(device)
    for _ in range(2):
        done(spoil(device, number))
        printed(device, number)
    office.publish(device, office.grant(head.person, "vet", kinds=("A", "B")))
    for other in (clerk, head):
        with acting(device, other):
            assert only(spoil(device, number), C.PRINTS_USED_UP).limit == 2
    assert done(spoil(device, number)) == 4
    body = body_of(print_jobs.open_credential(device, number, 4))
    first = body_of(print_jobs.open_credential(device, number, 1))
    assert body is not None
    assert first is not None
    assert body == msgspec.structs.replace(first, print_no=4)
    assert judged(device, number, 4).claimed == number
    printed(device, number)
    assert_sound(device)


def test_signing_print_4_needs_the_right_to_issue(device: Device, clock: HandClock) -> None:
    number = printed(device, issued_for_long(device, clock))
    for _ in range(2):
        done(spoil(device, number))
        printed(device, number)
    clock.forward(days=2)
    only(spoil(device, number), C.LEASE_EXPIRED)


@pytest.mark.parametrize(("reason", "code"), [("", C.PRINT_NEEDS_REASON), ("我手滑了", C.FIELD_INVALID)])
def test_a_further_print_needs_a_reason_of_the_list(device: Device, reason: str, code: RefusalCode) -> None:
    only(spoil(device, printed(device), reason=reason), code, "reason")


@pytest.mark.parametrize("spoiled", [[], [1], [2], [3], [1, 2, 3], [0]])
def test_every_sheet_of_the_earlier_print_lies_on_the_desk_as_spoiled(device: Device, spoiled: list[int]) -> None:
    number = printed(device)
    found = only(spoil(device, number, spoiled=spoiled), C.PRINT_NEEDS_SHEET, "spoiled")
    assert found.details == {"print": 1}
    assert sheets(device, number) == ["printed", "printed"]


def test_a_print_answered_as_spoiled_has_its_sheets_on_record_already(device: Device) -> None:
    number = issued(device)
    attempt = done(submit(device, number, FakePrinter(jams=True)))
    done(answer(device, attempt.ref, "spoiled"))
    assert done(spoil(device, number, spoiled=[])) == 2


def test_sheets_nobody_can_find_are_lost_not_spoiled(device: Device) -> None:
    number = printed(device)
    done(spoil(device, number, reason="lost_before_handover", spoiled=[1]))
    assert sheets(device, number) == [SheetState.SPOILED, SheetState.LOST]
    printed(device, number)
    assert_sound(device)


def test_a_print_in_doubt_is_followed_by_the_next_without_a_sheet(device: Device) -> None:
    number = issued(device)
    attempt = done(submit(device, number, FakePrinter(jams=True)))
    done(answer(device, attempt.ref, "unknown"))
    assert only(submit(device, number, FakePrinter()), C.WRONG_STATE).current == "unknown"
    assert done(spoil(device, number, reason="outcome_unknown", spoiled=[])) == 2
    printed(device, number)


@pytest.mark.parametrize("submitted", [False, True])
def test_a_print_that_was_not_tried_or_not_answered_is_not_followed(device: Device, submitted: bool) -> None:
    number = issued(device)
    if submitted:
        done(submit(device, number, FakePrinter(deaf=True)))
    found = only(spoil(device, number, spoiled=[]), C.WRONG_STATE)
    assert (found.current, found.limit) == ("submitted" if submitted else "open", "printed")


def test_paper_in_the_holders_hands_is_answered_with_a_replacement(device: Device) -> None:
    number = handed_over(device)
    found = only(spoil(device, number), C.WRONG_STATE)
    assert (found.current, found.limit) == ("handed_over", "issued")
    assert sheets(device, number) == ["kept", "handed_over"]


def test_of_two_clerks_who_release_at_once_only_one_print_is_made(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = printed(device)
    real, faster = print_jobs._next_print, [1]

    def meanwhile(where: Device, what: str) -> Any:
        if faster:
            faster.clear()
            assert done(spoil(where, what)) == 2
        return real(where, what)

    monkeypatch.setattr(print_jobs, "_next_print", meanwhile)
    assert only(spoil(device, number), C.WRONG_STATE).current == "open"
    assert (current_print(device, number) or {})["print"] == 2
    assert state_of(device, number, 3) == "sealed"


def test_who_may_not_release_is_told_first(device: Device, head: Session) -> None:
    number = printed(device)
    with acting(device, head):
        assert codes(spoil(device, number, reason="", spoiled=[])) == [
            C.POST_MISSING,
            C.PRINT_NEEDS_REASON,
            C.PRINT_NEEDS_SHEET,
        ]
    only(spoil(device, "B 9900000008"), C.NOT_FOUND)


# --- notices ---------------------------------------------------------------------------------------------------------


def noticed(device: Device) -> str:
    batch = inspected(device, form={"conclusion": "failed", "findings": ["fish_bleeding"]})
    made = NoticeDraft(inspection=batch, basis=["apl_56"], method="isolation", failures=["clinical_signs"])
    return done(issue_notice(device, made)).number


def test_a_notice_is_printed_and_printed_anew_without_a_code(device: Device, clerk: Session) -> None:
    printer = FakePrinter()
    number = printed(device, noticed(device), printer)
    with acting(device, clerk):
        for print_no in (2, 3, 4):
            assert done(spoil(device, number)) == print_no
            printed(device, number, printer)
    shown = [msgspec.json.decode(job.content) for job in printer.sheets]
    assert [(page["code"], page["print_no"]) for page in shown] == [("", 1), ("", 2), ("", 3), ("", 4)]
    assert_sound(device)


def test_two_attempts_at_once_are_one(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    number = issued(device)
    printer, real, faster = FakePrinter(deaf=True), print_jobs.content_of, [1]

    def meanwhile(where: Device, what: str, print_no: int) -> Any:
        if faster:
            faster.clear()
            assert isinstance(submit(where, what, printer), Attempt)
        return real(where, what, print_no)

    monkeypatch.setattr(print_jobs, "content_of", meanwhile)
    assert codes(submit(device, number, printer)) == [C.WRONG_STATE, C.PRINT_OPEN]
    assert len(printer.sheets) == 1


def test_bytes_of_a_print_superseded_meanwhile_are_never_sent(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    number = issued(device)
    printer, real, faster = FakePrinter(), print_jobs.content_of, [1]

    def meanwhile(where: Device, what: str, print_no: int) -> Any:
        if faster:
            faster.clear()
            printed(where, what)
            done(spoil(where, what))
        return real(where, what, print_no)

    monkeypatch.setattr(print_jobs, "content_of", meanwhile)
    found = only(submit(device, number, printer), C.WRONG_STATE)
    assert (found.current, printer.sheets) == ("superseded", [])
