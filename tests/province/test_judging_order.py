"""Judging in any order: what waits for a sister's report, and the papers that are ordered elsewhere."""

from __future__ import annotations

import inspect

import msgspec
import pytest
from django.db import OperationalError

from inspector_app.clock import MS_PER_DAY
from inspector_app.domain.numbering import Number
from inspector_app.domain.verdicts import Judgement
from inspector_app.errors import BugError
from inspector_app.journal.chain import Act, Entry
from inspector_app.journal.entries.certificates import CertificateIssued
from inspector_app.journal.entries.custody import BlockRequested, StubFiled
from inspector_app.journal.entries.declarations import (
    DeclarationAccepted,
    DeclarationWithdrawn,
    Note,
)
from inspector_app.journal.entries.printing import PrintOrderReceived
from inspector_app.journal.projections import Rows
from inspector_app.suites import sha256
from province.journal.judging import bench
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.earlier import NOWHERE, place_of
from province.journal.models import Deferred, FeedDocument, Journal
from province.journal.overview import overview
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.numbers.models import ContestedNumber
from province.registry.fencing import fence_device
from tests.province import work
from tests.province.fixtures import SECOND_VET, VET, Province
from tests.province.judged import (
    certificate,
    notice,
    only,
    verdicts_on,
)
from tests.sync.fakes import FakeDevice

J = Judgement


def test_work_on_a_sister_s_case_waits_until_the_sister_has_reported(either_province: Province) -> None:
    first, second = either_province.enrol("一号机"), either_province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    work.move_case(first, second, declaration)
    issued = work.issue(second, inspection, declaration, actor=SECOND_VET)
    work.inspect(second, declaration, actor=SECOND_VET)
    assert verdicts_on(either_province, second) == []
    assert Deferred.objects.using(either_province.using).count() == 3
    row = DjangoRows(either_province.using).one("numbers", number=str(issued.number))
    assert row is not None
    assert row["state"] == "used"
    first.sync(either_province.exchange)
    assert verdicts_on(either_province, second) == []
    assert Deferred.objects.using(either_province.using).count() == 0
    assert differences(either_province.using) == []


def test_what_waited_is_judged_once_the_sister_has_reported(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration, conclusion="failed")
    work.issue(second, inspection, declaration, actor=SECOND_VET)
    assert verdicts_on(province, second) == []
    first.sync(province.exchange)
    assert only(province, second)[0] is J.INSPECTION_FAILED


def test_a_reference_to_what_never_was_does_not_wait_for_ever(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机")
    second.record(VET, DeclarationAccepted(declaration=f"{first.device}/2", inspect_on="2026-11-21", area=321084))
    assert only(province, second)[0] is J.REFERENCE_UNKNOWN


def _speaks_of_an_unused_number(province: Province) -> tuple[FakeDevice, FakeDevice]:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    number, _block = work.next_number(owner, "B")
    work.void(desk, work.Issued(number, "", ()), actor=SECOND_VET)
    desk.sync(province.exchange)
    return owner, desk


def test_a_word_on_a_number_that_was_never_used_waits_until_its_owner_has_told_all(either_province: Province) -> None:
    owner, desk = _speaks_of_an_unused_number(either_province)
    owner.sync(either_province.exchange)  # tells what it wrote before it heard anything more
    assert Deferred.objects.using(either_province.using).count() == 1
    assert verdicts_on(either_province, desk) == []
    either_province.clock.wait(2 * 3600)
    owner.sync(either_province.exchange)  # is told something new
    owner.sync(either_province.exchange)  # and says so, in a journal that never used the number
    assert only(either_province, desk) == (J.REFERENCE_UNKNOWN, False, False)
    assert Deferred.objects.using(either_province.using).count() == 0


def test_a_word_on_a_number_that_was_used_after_all_is_accepted(province: Province) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    issued = work.certify(owner)
    work.void(desk, issued, actor=SECOND_VET)
    desk.sync(province.exchange)
    assert Deferred.objects.using(province.using).count() == 1
    owner.sync(province.exchange)
    assert verdicts_on(province, desk) == []
    assert (certificate(province, issued)["state"], Deferred.objects.using(province.using).count()) == ("voided", 0)


def test_what_waits_for_a_fenced_sister_waits_no_longer(province: Province) -> None:
    owner, desk = _speaks_of_an_unused_number(province)
    fence_device(province.using, owner.device)
    assert only(province, desk) == (J.REFERENCE_UNKNOWN, True, False)
    assert Deferred.objects.using(province.using).count() == 0


def _hundreds_wait(province: Province, count: int) -> tuple[FakeDevice, FakeDevice]:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(VET,))
    issued = work.certify(owner)
    for _ in range(count):
        desk.record(VET, StubFiled(number=issued.number, print=1, sheets=1))
    desk.sync(province.exchange)
    assert Deferred.objects.using(province.using).count() == count
    return owner, desk


def test_hundreds_that_waited_are_each_judged_once_and_not_inside_one_another(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, desk = _hundreds_wait(province, 200)
    depths: list[int] = []
    judge_again = bench._judge_again

    def counted(case: Case, *, projected: bool) -> int:
        depths.append(len(inspect.stack(0)))
        return judge_again(case, projected=projected)

    monkeypatch.setattr(bench, "_judge_again", counted)
    owner.sync(province.exchange)
    assert (len(depths), len(set(depths))) == (200, 1)
    assert (Deferred.objects.using(province.using).count(), verdicts_on(province, desk)) == (0, [])


def order_received(desk: FakeDevice, issued: work.Issued) -> None:
    """A sister's certificate came on a stick to be printed here."""
    prints = [sha256(payload).hex() for payload in issued.payloads]
    order = PrintOrderReceived(number=issued.number, issued=issued.ref, ordered=issued.ref, prints=prints)
    desk.record(SECOND_VET, order)


def test_the_paper_a_stolen_laptop_gave_to_be_printed_is_on_the_road_and_blames_nobody(province: Province) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    issued = work.certify(owner)
    order_received(desk, issued)
    fence_device(province.using, owner.device)
    assert only(province, desk) == (J.REFERENCE_UNKNOWN, True, False)
    assert certificate(province, issued)["state"] == "issued"
    number = DjangoRows(province.using).one("numbers", number=str(issued.number)) or {}
    assert (number["state"], number["ended_by"]) == ("used", issued.ref)


def test_an_order_for_a_number_of_nobody_brings_no_paper_on_record(province: Province) -> None:
    desk = province.enrol("二号机", people=(SECOND_VET,))
    number = Number("99-B", "B", "9900000399")
    order_received(desk, work.Issued(number, f"{'ab' * 16}/7", (b"payload",)))
    assert only(province, desk) == (J.REFERENCE_UNKNOWN, False, False)
    assert DjangoRows(province.using).one("certificates", number=str(number)) is None


@pytest.mark.parametrize("named", ["garbage", "", f"{'ab' * 16}/7"])
def test_an_order_brings_no_paper_that_the_owner_of_the_number_did_not_issue(province: Province, named: str) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    issued = work.certify(owner)
    order_received(desk, msgspec.structs.replace(issued, ref=named))
    fence_device(province.using, owner.device)
    assert only(province, desk) == (J.REFERENCE_UNKNOWN, True, False)
    assert DjangoRows(province.using).many("certificates") == []


@pytest.mark.parametrize("named", ["garbage", "another entry"])
def test_an_order_names_the_entry_that_issued(province: Province, named: str) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    issued = work.certify(owner)
    owner.sync(province.exchange)
    ref = f"{owner.device}/1" if named == "another entry" else named
    order_received(desk, msgspec.structs.replace(issued, ref=ref))
    assert only(province, desk) == (J.REFERENCE_UNKNOWN, False, False)
    assert DjangoRows(province.using).many("print_orders") == []


def test_an_order_under_a_notice_s_number_makes_nobody_s_certificate_disappear(province: Province) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    failed = work.declare(owner)
    number, block = work.next_number(owner, "N")
    notice(owner, failed, work.inspect(owner, failed, conclusion="failed"), number, block)
    owner.sync(province.exchange)
    order_received(desk, work.Issued(number, "garbage", (b"payload",)))
    assert only(province, desk) == (J.REFERENCE_UNKNOWN, False, False)
    issued = work.certify(owner)
    assert verdicts_on(province, owner) == []
    assert [row["number"] for row in DjangoRows(province.using).many("certificates")] == [str(issued.number)]


@pytest.mark.parametrize(
    "text", ["", "garbage", "None", f"{'ab' * 16}", f"{'ab' * 16}/", f"{'ab' * 16}/-1", f"{'ab' * 16}/{'9' * 5000}"]
)
def test_what_is_no_reference_stands_nowhere(text: str) -> None:
    assert place_of(text) == NOWHERE


def _trips(case: Case) -> Finding | None:
    return CONSEQUENCES[J("no word of judgement")] if isinstance(case.entry.fact, CertificateIssued) else None


@pytest.mark.parametrize("waits", [False, True])
def test_a_certificate_keeps_its_number_whatever_rows_its_judging_trips_over(
    province: Province, monkeypatch: pytest.MonkeyPatch, waits: bool
) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    issued = work.issue(second, inspection, declaration, actor=SECOND_VET)
    monkeypatch.setattr(bench, "BY_WORK", (_trips,))
    for device in (second, first) if waits else (first, second):
        device.sync(province.exchange)
    mine = [sheet for sheet in verdicts_on(province, second) if f"{sheet.device}/{sheet.seq}" == issued.ref]
    assert [(sheet.code, sheet.followed, sheet.holds) for sheet in mine] == [(J.WRONG_STATE, True, False)]
    number = DjangoRows(province.using).one("numbers", number=str(issued.number)) or {}
    assert (number["state"], certificate(province, issued)["state"]) == ("used", "issued")
    assert not ContestedNumber.objects.using(province.using).exists()
    assert differences(province.using) == []


def test_the_issue_that_comes_after_its_print_order_uses_the_number_once(province: Province) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    issued = work.certify(owner)
    order_received(desk, issued)
    assert verdicts_on(province, desk) == []
    assert Deferred.objects.using(province.using).count() == 1
    assert verdicts_on(province, owner) == []
    number = DjangoRows(province.using).one("numbers", number=str(issued.number)) or {}
    assert (number["state"], number["ended_by"]) == ("used", issued.ref)


def test_what_waits_is_shown_with_its_reason_and_blocks_nothing(province: Province) -> None:
    _owner, desk = _speaks_of_an_unused_number(province)
    good = work.certify(desk, actor=SECOND_VET)
    assert verdicts_on(province, desk) == []
    assert certificate(province, good)["state"] == "issued"
    (waiting,) = overview(province.using)["waiting_for_sisters"]
    assert (waiting["kind"], waiting["waits_for"]) == ("certificate.voided/1", "一号机")
    assert waiting["reason"] == "has not reported since"
    declaration = work.declare(_owner)
    desk.record(SECOND_VET, DeclarationWithdrawn(declaration=declaration, reason="sold"), private=Note(text=""))
    desk.sync(province.exchange)
    shown = overview(province.using)["waiting_for_sisters"]
    assert [one["reason"] for one in shown][1:] == [f"entry {declaration.partition('/')[2]} has not come in"]


def test_judging_that_failed_is_made_up_for_at_the_next_contact(
    province: Province, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    device = province.enrol()
    work.certify(device)

    def broken(_case: object) -> None:
        raise OperationalError("disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(bench, "FORMAL", (broken,))
        report = device.sync(province.exchange)
    assert report.left == 0  # recorded and acknowledged all the same
    assert "judge of" in caplog.text
    journal = Journal.objects.using(province.using).get(device=device.device)
    assert journal.judged < journal.seq
    device.record(VET, BlockRequested(kind="B", wanted=5, emergency=False))
    assert verdicts_on(province, device) == []
    journal.refresh_from_db(using=province.using)
    assert journal.judged == journal.seq


def test_a_clock_that_jumps_does_not_disturb_the_order_of_judging(province: Province) -> None:
    device = province.enrol()
    device.clock = type(province.clock)(province.clock.at - 30 * MS_PER_DAY)
    act = Act(device.head(), device.clock.now(), VET, salt=device.random.bytes)
    act.add(BlockRequested(kind="B", wanted=3, emergency=False))
    device._commit(act.entries[0])
    device.clock = province.clock
    device.sync(province.exchange)
    assert Journal.objects.using(province.using).get(device=device.device).judged == len(device.entries)


@pytest.mark.parametrize("together", [1, 3, 64])
def test_an_entry_that_does_not_fit_changes_nothing_of_those_judged_beside_it(
    province: Province, monkeypatch: pytest.MonkeyPatch, together: int
) -> None:
    """However many share a savepoint: the one is told apart, the others are judged once, as if it were not there."""
    device = province.enrol()
    issued = [work.certify(device) for _ in range(3)]
    misfit = work.take_down(device)
    issued += [work.certify(device) for _ in range(2)]
    real = bench.project

    def project(entry: Entry, rows: Rows) -> None:
        real(entry, rows)
        if entry.ref == misfit:
            raise BugError("it does not fit")

    monkeypatch.setattr(bench, "project", project)
    monkeypatch.setattr(bench, "_TOGETHER", together)
    device.sync(province.exchange)
    assert only(province, device) == (J.WRONG_STATE, False, False)
    rows = DjangoRows(province.using)
    assert rows.one("declarations", ref=misfit) is None
    assert [certificate(province, one)["state"] for one in issued] == ["issued"] * 5
    told = FeedDocument.objects.using(province.using).filter(entry_device=device.device)
    seqs = list(told.order_by("cursor").values_list("entry_seq", flat=True))
    assert seqs == sorted(set(seqs))
    assert int(misfit.partition("/")[2]) not in seqs
    assert Journal.objects.using(province.using).get(device=device.device).judged == device.head().seq
