"""What job records prove: the table of PRINTING 1.3, and the steps of submitting when the line breaks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inspector_app.errors import StationError
from inspector_app.ports import Outcome, PrintJob
from printing.ipp import Attributes, Operation
from printing.ipp_printer import IppPrinter, impressions, job_name, judge_device, judge_queue, media_size_mm
from tests.printers.clocks import HurriedClock
from tests.printers.ipp_stub import IppStub, Reply, group, message, printer
from tests.printing.samples import certificate_pdf

IDLE: Attributes = {"printer-state": [3], "printer-state-reasons": ["none"]}
EMPTY: Attributes = {"printer-state": [5], "printer-state-reasons": ["media-empty-error"]}
PENDING, HELD, PROCESSING, CANCELED, ABORTED, COMPLETED = 3, 4, 5, 7, 8, 9
JOB = PrintJob("A 1 print 1 attempt 1", certificate_pdf("certificate_a"), "application/pdf", 2)


def job(state: int, made: int | None = None, began: int | None = 1) -> Attributes:
    return {"job-state": [state], "job-impressions-completed": [made], "time-at-processing": [began]}


@pytest.mark.parametrize(
    ("record", "state_of_printer", "outcome", "settled"),
    [
        (job(COMPLETED, 2), IDLE, Outcome.PRINTED, True),
        (job(COMPLETED, 1), IDLE, Outcome.UNKNOWN, True),
        (job(COMPLETED, 0), IDLE, Outcome.UNKNOWN, True),
        (job(COMPLETED, None), IDLE, Outcome.UNKNOWN, True),
        (job(CANCELED, 0, None), IDLE, Outcome.NOT_PRINTED, True),
        (job(CANCELED, 0), IDLE, Outcome.UNKNOWN, True),
        (job(CANCELED, 0), EMPTY, Outcome.NOT_PRINTED, True),
        (job(CANCELED, 1), EMPTY, Outcome.UNKNOWN, True),
        (job(ABORTED, 0), IDLE, Outcome.UNKNOWN, True),
        (job(ABORTED, 0, None), IDLE, Outcome.NOT_PRINTED, True),
        (job(PROCESSING, 0), EMPTY, Outcome.UNKNOWN, False),
        (job(PENDING, 0, None), IDLE, Outcome.UNKNOWN, False),
        ({}, IDLE, Outcome.UNKNOWN, True),
    ],
)
def test_only_the_printers_own_count_proves_a_print(
    record: Attributes, state_of_printer: Attributes, outcome: Outcome, settled: bool
) -> None:
    report = judge_device(record, state_of_printer, pages=2)
    assert (report.outcome, report.settled) == (outcome, settled)


@pytest.mark.parametrize(
    ("queue_job", "device", "device_job", "outcome", "settled"),
    [
        (job(COMPLETED, 2), IDLE, job(COMPLETED, 2), Outcome.PRINTED, True),
        (job(COMPLETED, 2), None, {}, Outcome.UNKNOWN, True),
        (job(COMPLETED, 2), IDLE, {}, Outcome.UNKNOWN, True),
        (job(COMPLETED, 2), EMPTY, job(PROCESSING, 0), Outcome.UNKNOWN, False),
        (job(COMPLETED, 2), IDLE, job(COMPLETED, 1), Outcome.UNKNOWN, True),
        (job(PROCESSING, 2), IDLE, job(COMPLETED, 2), Outcome.PRINTED, True),
        (job(CANCELED, 0, None), None, {}, Outcome.NOT_PRINTED, True),
        (job(CANCELED, 0), None, {}, Outcome.UNKNOWN, True),
        (job(CANCELED, 0), IDLE, job(PROCESSING, 0), Outcome.UNKNOWN, False),
        (job(CANCELED, 0), EMPTY, job(CANCELED, 0), Outcome.NOT_PRINTED, True),
        (job(HELD, 0, None), None, {}, Outcome.UNKNOWN, False),
        ({}, None, {}, Outcome.UNKNOWN, True),
    ],
)
def test_a_queues_word_alone_proves_nothing(
    queue_job: Attributes, device: Attributes | None, device_job: Attributes, outcome: Outcome, settled: bool
) -> None:
    report = judge_queue(queue_job, IDLE, device, device_job, pages=2)
    assert (report.outcome, report.settled) == (outcome, settled)


def test_low_toner_does_not_stop_printing_but_an_open_door_does() -> None:
    low: Attributes = {"printer-state": [3], "printer-state-reasons": ["toner-low-warning", "door-open-report"]}
    report = judge_device(job(PROCESSING, 0), low, pages=1)
    assert report.reasons[:2] == ("printing", "door-open")
    assert "toner-low" not in report.reasons


def stub_printer(**steps: Reply) -> Callable[[int], Reply]:
    """Answers by operation name; the printer itself is idle unless said otherwise."""
    replies: dict[int, Reply] = {Operation.GET_PRINTER_ATTRIBUTES: printer()}
    replies.update({Operation[name.upper()]: reply for name, reply in steps.items()})
    return lambda operation: replies.get(operation, message(0x0501))


def submit(stub: IppStub) -> tuple[IppPrinter, str]:
    laser = IppPrinter("laser", stub.uri, HurriedClock(100), timeout_s=2)
    return laser, laser.submit(JOB)


CREATED = message(0, group(2, job_id=41))


def test_a_break_before_the_job_exists_means_nothing_was_handed_over() -> None:
    with IppStub(stub_printer(create_job=None)) as stub:
        with pytest.raises(StationError) as caught:
            submit(stub)
        assert stub.count(Operation.SEND_DOCUMENT) == 0
    assert caught.value.code == "printer.no_answer"


def test_a_busy_printer_is_told_from_a_broken_one() -> None:
    with IppStub(stub_printer(create_job=message(0x0507))) as stub, pytest.raises(StationError) as caught:
        submit(stub)
    assert caught.value.code == "printer.busy"


def test_a_document_refused_by_the_printer_is_withdrawn_and_nothing_was_handed_over() -> None:
    gone = message(0, group(2, job_id=41, job_state=CANCELED, job_impressions_completed=0))
    steps = stub_printer(
        create_job=CREATED, send_document=message(0x040A), cancel_job=message(0), get_job_attributes=gone
    )
    with IppStub(steps) as stub:
        with pytest.raises(StationError) as caught:
            submit(stub)
        assert stub.count(Operation.CANCEL_JOB) == 1
    assert caught.value.code == "printer.refused"


def test_a_refused_document_that_cannot_be_withdrawn_stays_an_open_attempt() -> None:
    held = message(0, group(2, job_id=41, job_state=PROCESSING))
    steps = stub_printer(
        create_job=CREATED, send_document=message(0x0500), cancel_job=message(0x0404), get_job_attributes=held
    )
    with IppStub(steps) as stub:
        laser, ticket = submit(stub)
        report = laser.report(ticket)
    assert (report.outcome, report.settled) == (Outcome.UNKNOWN, False)


def test_an_answer_lost_after_the_document_leaves_the_job_to_be_looked_up() -> None:
    done = message(0, group(2, job_id=41, job_state=COMPLETED, job_impressions_completed=2))
    with IppStub(stub_printer(create_job=CREATED, send_document=None, get_job_attributes=done)) as stub:
        laser, ticket = submit(stub)
        assert laser.report(ticket).outcome is Outcome.PRINTED


def test_a_printer_that_forgot_the_job_proves_nothing() -> None:
    steps = stub_printer(create_job=CREATED, send_document=message(0), get_job_attributes=message(0x0406))
    with IppStub(steps) as stub:
        laser, ticket = submit(stub)
        report = laser.report(ticket)
    assert (report.outcome, report.settled, report.reasons) == (Outcome.UNKNOWN, True, ("job_forgotten",))


def test_a_printer_that_takes_no_jobs_is_not_sent_any() -> None:
    closed = printer(printer_is_accepting_jobs=False)
    with IppStub(stub_printer(get_printer_attributes=closed)) as stub:
        with pytest.raises(StationError) as caught:
            submit(stub)
        assert stub.count(Operation.CREATE_JOB) == 0
    assert caught.value.code == "printer.not_ready"


def test_two_practice_homes_with_the_same_number_have_different_jobs() -> None:
    other = PrintJob(JOB.name, certificate_pdf("certificate_b"), JOB.media_type, 2)
    assert job_name(JOB) != job_name(other)
    assert job_name(JOB).startswith(JOB.name)


def test_two_copies_on_one_sheet_are_one_impression_whatever_the_job_calls_sheets() -> None:
    both = PrintJob("B 1 print 1 attempt 1", certificate_pdf("certificate_b"), "application/pdf", sheets=2)
    assert impressions(both) == 1
    assert impressions(JOB) == 2


def test_paper_sizes_are_read_from_their_standard_names() -> None:
    assert media_size_mm("iso_a4_210x297mm") == (210.0, 297.0)
    assert media_size_mm("om_small-photo_100x150mm") == (100.0, 150.0)
    with pytest.raises(StationError):
        media_size_mm("na_letter_8.5x11in")
