"""Attempts and prints: what goes to the printer, who says how it came out, and the spare prints."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from inspector_app.domain.authority import TerminalLicence
from inspector_app.domain.credential import Verdict, body_of
from inspector_app.domain.custody import SheetState
from inspector_app.domain.refusals import RefusalCode
from inspector_app.domain.trust import Standing
from inspector_app.errors import StationError
from inspector_app.journal.entries.printing import PrintEnded, PrintReleased, PrintSubmitted
from inspector_app.ports import JobReport, Outcome, PrintJob
from inspector_app.services import print_jobs
from inspector_app.services.device import Device, Session
from inspector_app.services.handing_over import void_certificate
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.noticing import NoticeDraft, issue_notice
from inspector_app.services.print_jobs import (
    Attempt,
    answer,
    cancel,
    current_print,
    follow,
    follow_open,
    open_attempts,
    release_spare,
    submit,
)
from printing.escpos_printers import EscposTcpPrinter
from printing.thermal import PrinterProfile
from tests.office import FAR, STATION, VET, HandClock, Office, PlainPaper
from tests.printers.fake import FakePrinter
from tests.services.proof import judged, trust_of, with_exception
from tests.services.work import (
    HANGZHOU,
    HOUR,
    acting,
    assert_sound,
    codes,
    done,
    draft_a,
    handed_over,
    inspected,
    issued,
    only,
    printed,
    reported,
)

C = RefusalCode


def state_of(device: Device, number: str, print_no: int = 1) -> str:
    return str((device.rows.one("prints", number=number, print=print_no) or {})["state"])


def sheets(device: Device, number: str, print_no: int = 1) -> list[str]:
    return [str(row["state"]) for row in device.rows.many("sheets", number=number, print=print_no)]


def spoil(device: Device, number: str, **changes: Any) -> int | Any:
    """Release the next print because both sheets of the last one jammed."""
    return release_spare(device, number, **{"reason": "paper_jam", "spoiled": [1, 2], **changes})


# --- submitting ------------------------------------------------------------------------------------------------------


def test_the_attempt_and_its_bytes_are_on_record_before_a_byte_leaves(device: Device) -> None:
    seen: list[tuple[str, bytes]] = []

    class Watching(FakePrinter):
        def submit(self, job: PrintJob) -> str:
            (attempt,) = open_attempts(device)
            seen.append((str(attempt["number"]), device.files.read(str(attempt["file"]))))
            assert seen[-1][1] == job.content
            return super().submit(job)

    number = issued(device)
    attempt = done(submit(device, number, Watching()))
    assert [what for what, _bytes in seen] == [number]
    assert attempt.report == JobReport(Outcome.PRINTED, True)
    assert (state_of(device, number), open_attempts(device)) == ("printed", [])


def test_the_job_says_what_it_is_and_how_many_copies_it_holds(device: Device) -> None:
    printer = FakePrinter()
    number = printed(device, issued(device), printer)
    (job,) = printer.sheets
    assert (job.name, job.media_type, job.sheets) == (f"{number} print 1 attempt 1", "application/pdf", 2)
    assert msgspec.json.decode(job.content)["number"] == number


def test_a_thermal_print_is_told_as_such(device: Device) -> None:
    printer = FakePrinter("ticket")
    number = issued(device, medium="thermal_80")
    attempt = done(submit(device, number, printer))
    fact = (device.store.entry(attempt.ref) or pytest.fail("no entry")).fact
    assert isinstance(fact, PrintSubmitted)
    assert (fact.medium, fact.form, fact.printer) == ("thermal", "portable_b_80", "ticket")
    assert printer.sheets[0].media_type == "application/vnd.escpos"


def test_printed_is_what_a_person_or_the_printers_counter_says(device: Device) -> None:
    number = issued(device)
    attempt = done(submit(device, number, FakePrinter(deaf=True)))
    assert sheets(device, number) == []
    done(answer(device, attempt.ref, "printed"))
    assert sheets(device, number) == ["printed", "printed"]
    counted = issued(device)
    printer = FakePrinter(paper_out=True)
    attempt = done(submit(device, counted, printer))
    printer.refill()
    assert follow(device, attempt.ref, printer).outcome is Outcome.PRINTED
    assert (device.rows.one("attempts", ref=attempt.ref) or {})["source"] == "device"
    assert_sound(device)


def test_an_unreachable_printer_proves_nothing_was_printed(device: Device) -> None:
    number = issued(device)
    attempt = done(submit(device, number, FakePrinter(off=True)))
    assert attempt.report == JobReport(Outcome.NOT_PRINTED, True, ("printer.unreachable",))
    assert open_attempts(device) == []
    assert (state_of(device, number), sheets(device, number)) == ("open", [])


def test_the_same_print_is_the_same_bytes_whoever_tries_again(device: Device, clerk: Session) -> None:
    number = issued(device)
    done(submit(device, number, FakePrinter(off=True)))
    device.paper = DriftingPaper()
    empty, printer = FakePrinter("empty", paper_out=True), FakePrinter()
    with acting(device, clerk):
        attempt = done(submit(device, number, empty))
        done(answer(device, attempt.ref, "not_printed", empty))
        done(submit(device, number, printer))
    assert [job.content for job in printer.sheets] == [device.files.read(_only_file(device, number))]
    assert b"drifted" not in printer.sheets[0].content
    tries = device.rows.many("attempts", order="submitted_at, attempt", number=number)
    assert [(row["print"], row["attempt"], row["file"]) for row in tries] == [
        (1, count, tries[0]["file"]) for count in (1, 2, 3)
    ]
    assert state_of(device, number) == "printed"


def _only_file(device: Device, number: str) -> str:
    (name,) = {str(row["file"]) for row in device.rows.many("attempts", number=number)}
    return name


class DriftingPaper(PlainPaper):
    """A press after an update: it would draw the same content with other bytes."""

    def render(self, content: Any) -> bytes:
        return super().render(content) + b"drifted"


# --- refusals of printing --------------------------------------------------------------------------------------------


def test_an_open_attempt_blocks_the_next_print_until_somebody_answers(device: Device) -> None:
    printer = FakePrinter(deaf=True)
    first, second = issued(device), issued(device)
    attempt = done(submit(device, first, printer))
    found = only(submit(device, second, printer), C.PRINT_OPEN)
    assert found.details == {"number": first}
    assert codes(submit(device, first, printer)) == [C.WRONG_STATE, C.PRINT_OPEN]
    done(answer(device, attempt.ref, "printed"))
    printed(device, second)


def test_an_open_attempt_on_the_ticket_printer_does_not_block_the_laser(device: Device) -> None:
    batch = inspected(device)
    ticket, page = issued(device, batch, medium="thermal_80"), issued(device, batch)
    attempt = done(submit(device, ticket, FakePrinter(deaf=True)))
    done(submit(device, page, FakePrinter(deaf=True)))
    other = issued(device, batch, medium="thermal_58")
    assert only(submit(device, other, FakePrinter()), C.PRINT_OPEN).details == {"number": ticket}
    done(answer(device, attempt.ref, "printed"))
    printed(device, other)


def test_an_open_attempt_blocks_printing_and_nothing_else(device: Device) -> None:
    batch = inspected(device)
    number = issued(device, batch)
    done(submit(device, number, FakePrinter(deaf=True)))
    assert issued(device, batch) == "B 9900000002"


def test_a_print_that_came_out_is_not_sent_again(device: Device) -> None:
    number = printed(device)
    found = only(submit(device, number, FakePrinter()), C.WRONG_STATE)
    assert (found.current, found.limit) == ("printed", "open")


def test_a_void_certificate_is_not_printed(device: Device) -> None:
    number = issued(device)
    done(void_certificate(device, number, reason="wrong_entry", on_desk=0))
    assert only(submit(device, number, FakePrinter()), C.WRONG_STATE).current == "voided"


def test_a_number_nobody_used_is_not_found(device: Device) -> None:
    assert only(submit(device, "B 9900000007", FakePrinter()), C.NOT_FOUND).current == "B 9900000007"


def test_a_template_withdrawn_since_stops_the_print_not_the_certificate(device: Device) -> None:
    number = issued(device)

    class OtherPaper(PlainPaper):
        def form_hash(self, form: str) -> str:
            return "00" * 32

    device.paper = OtherPaper()
    assert only(submit(device, number, FakePrinter()), C.TEMPLATE_NOT_SIGNED).details == {"form": "certificate_b"}
    assert open_attempts(device) == []


def test_whoever_neither_vets_nor_prints_prints_nothing(device: Device, head: Session) -> None:
    number = issued(device)
    with acting(device, head):
        assert only(submit(device, number, FakePrinter()), C.POST_MISSING).details == {"action": "print"}
    with acting(device, None):
        assert C.NOT_SIGNED_IN in codes(submit(device, number, FakePrinter()))


def test_the_lapsed_right_to_issue_leaves_the_right_to_print(device: Device, clock: HandClock) -> None:
    number = issued_for_long(device, clock)
    clock.forward(days=3)
    printed(device, number)


def issued_for_long(device: Device, clock: HandClock) -> str:
    """A certificate that outlives the right to issue by some days."""
    batch = inspected(device, destination=HANGZHOU)
    reported(device, batch, GCHD="negative")
    clock.forward(days=6)
    fresh = draft_a(device, batch, valid_days=5, departs_at=clock.at + HOUR)
    return done(issue_certificate(device, fresh)).number


def test_a_credential_that_is_gone_is_told_and_nothing_is_sent(device: Device) -> None:
    number = issued(device)
    device.store.database.execute("DELETE FROM credentials WHERE number = ?", (number,))
    printer = FakePrinter()
    with pytest.raises(StationError, match="credential_missing"):
        submit(device, number, printer)
    assert (printer.sheets, open_attempts(device)) == ([], [])


# --- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "print_state", "made"),
    [
        ("printed", "printed", ["printed", "printed"]),
        ("unknown", "unknown", []),
        ("spoiled", "spoiled", ["spoiled", "spoiled"]),
    ],
)
def test_each_answer_has_its_consequence(device: Device, outcome: str, print_state: str, made: list[str]) -> None:
    number = issued(device)
    attempt = done(submit(device, number, FakePrinter(jams=True)))
    done(answer(device, attempt.ref, outcome))
    assert (state_of(device, number), sheets(device, number)) == (print_state, made)
    assert_sound(device)


def test_an_attempt_is_answered_once_with_one_of_four_words(device: Device) -> None:
    attempt = done(submit(device, issued(device), FakePrinter(deaf=True)))
    only(answer(device, attempt.ref, "fine"), C.FIELD_INVALID, "outcome")
    done(answer(device, attempt.ref, "printed"))
    found = only(answer(device, attempt.ref, "unknown"), C.WRONG_STATE)
    assert (found.current, found.limit) == ("printed", "open")
    only(answer(device, "nowhere/1", "printed"), C.NOT_FOUND)


def test_of_two_people_who_answer_the_first_counts(device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = done(submit(device, issued(device), FakePrinter(deaf=True)))
    asked: list[str] = []
    real = print_jobs._open_refusals

    def meanwhile(where: Device, ref: str) -> Any:
        found = real(where, ref)
        if not asked:
            asked.append(ref)
            done(answer(where, ref, "spoiled"))
        return found

    monkeypatch.setattr(print_jobs, "_open_refusals", meanwhile)
    assert only(answer(device, attempt.ref, "printed"), C.WRONG_STATE).current == "spoiled"
    ends = [entry.fact for entry in device.store.entries() if isinstance(entry.fact, PrintEnded)]
    assert [(fact.outcome, fact.source) for fact in ends] == [("spoiled", "person")]


def test_a_jam_stays_unknown_until_a_person_looks(device: Device) -> None:
    printer = FakePrinter(jams=True)
    attempt = done(submit(device, issued(device), printer))
    assert follow(device, attempt.ref, printer) == JobReport(Outcome.UNKNOWN, True, ("media-jam",))
    assert len(open_attempts(device)) == 1


def test_a_queued_job_must_be_seen_cancelled(device: Device) -> None:
    printer = FakePrinter(paper_out=True)
    number = issued(device)
    attempt = done(submit(device, number, printer))
    assert not attempt.report.settled
    assert cancel(device, attempt.ref, printer).outcome is Outcome.NOT_PRINTED
    assert state_of(device, number) == "open"
    printer.refill()
    assert printer.sheets == []
    printed(device, number, FakePrinter())


def test_a_job_that_came_out_before_it_was_cancelled_stays_open_for_an_answer(device: Device) -> None:
    printer = FakePrinter(deaf=True)
    attempt = done(submit(device, issued(device), printer))
    assert cancel(device, attempt.ref, printer).outcome is Outcome.UNKNOWN
    assert len(open_attempts(device)) == 1


def test_that_nothing_came_out_is_believed_when_the_job_is_seen_cancelled(device: Device) -> None:
    printer = FakePrinter(paper_out=True)
    number = issued(device)
    attempt = done(submit(device, number, printer))
    found = only(answer(device, attempt.ref, "not_printed"), C.PRINT_STILL_QUEUED)
    assert found.details == {"number": number, "printer": "fake"}
    assert len(open_attempts(device)) == 1
    assert answer(device, attempt.ref, "not_printed", printer) == attempt.ref
    printer.refill()
    assert (printer.sheets, state_of(device, number)) == ([], "open")
    assert_sound(device)


@pytest.mark.parametrize("printer", [FakePrinter(deaf=True), FakePrinter(jams=True)], ids=["deaf", "jam"])
def test_what_the_printer_cannot_vouch_for_is_unknown_or_spoiled_never_not_printed(
    device: Device, printer: FakePrinter
) -> None:
    attempt = done(submit(device, issued(device), printer))
    only(answer(device, attempt.ref, "not_printed", printer), C.PRINT_STILL_QUEUED)
    done(answer(device, attempt.ref, "unknown", printer))


def test_what_came_out_meanwhile_is_told_to_who_says_nothing_did(device: Device) -> None:
    printer = FakePrinter(paper_out=True)
    number = issued(device)
    attempt = done(submit(device, number, printer))
    printer.refill()
    assert only(answer(device, attempt.ref, "not_printed", printer), C.WRONG_STATE).current == "printed"
    assert sheets(device, number) == ["printed", "printed"]


def test_after_a_restart_open_attempts_are_looked_up_at_their_own_printers(device: Device) -> None:
    batch = inspected(device)
    laser, ticket = FakePrinter("laser", paper_out=True), FakePrinter("ticket", paper_out=True)
    page, strip = issued(device, batch), issued(device, batch, medium="thermal_80")
    done(submit(device, page, laser))
    done(submit(device, strip, ticket))
    assert follow_open(device, [laser, ticket]) == 0
    laser.refill()
    ticket.refill()
    assert follow_open(device, [laser]) == 1
    assert (state_of(device, page), state_of(device, strip)) == ("printed", "submitted")
    assert follow_open(device, [FakePrinter("another")]) == 0
    assert [row["number"] for row in open_attempts(device)] == [strip]


def test_a_printer_that_cannot_print_this_is_sent_nothing(device: Device) -> None:
    number = issued(device)
    printer = EscposTcpPrinter("ticket", "192.0.2.1", PrinterProfile(name="ticket"))
    attempt = done(submit(device, number, printer))
    assert attempt.report == JobReport(Outcome.NOT_PRINTED, True, ("printer.cannot_print_this",))
    assert state_of(device, number) == "open"


# --- outside practice ------------------------------------------------------------------------------------------------


def test_outside_practice_nothing_is_printed_without_licence_and_grant(
    office: Office, device: Device, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, printer = issued(device), FakePrinter()
    monkeypatch.setattr(Device, "practice", False)
    only(submit(device, number, printer), C.NO_TERMINAL_LICENCE)
    office.publish(device, TerminalLicence(device.id, STATION, 0, clock.at - 1))
    only(submit(device, number, printer), C.NO_TERMINAL_LICENCE)
    office.publish(device, TerminalLicence(device.id, STATION, 0, clock.at + 1))
    done(submit(device, number, printer))
    assert msgspec.json.decode(printer.sheets[0].content)["leave"]["terminal"]


def test_outside_practice_an_ended_grant_of_the_vet_stops_the_clerks_printing(
    office: Office, device: Device, clerk: Session, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = issued(device)
    monkeypatch.setattr(Device, "practice", False)
    office.publish(device, TerminalLicence(device.id, STATION, 0, FAR))
    office.publish(device, office.grant(VET, "vet", kinds=("A", "B"), valid_until=clock.at - 1))
    with acting(device, clerk):
        only(submit(device, number, FakePrinter()), C.GRANT_EXPIRED)


def test_what_a_person_answered_is_not_taken_back_by_the_printer(device: Device) -> None:
    printer = FakePrinter(paper_out=True)
    number = issued(device)
    attempt = done(submit(device, number, printer))
    done(answer(device, attempt.ref, "printed"))  # they looked at the wrong tray
    cancel(device, attempt.ref, printer)
    follow(device, attempt.ref, printer)
    assert state_of(device, number) == "printed"
    assert_sound(device)


def test_an_attempt_without_a_ticket_can_only_be_answered(device: Device) -> None:
    printer = FakePrinter(deaf=True)
    attempt = done(submit(device, issued(device), printer))
    device.store.database.execute("DELETE FROM tickets")
    unknown = JobReport(Outcome.UNKNOWN, True)
    assert (follow(device, attempt.ref, printer), cancel(device, attempt.ref, printer)) == (unknown, unknown)
    done(answer(device, attempt.ref, "printed"))


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
