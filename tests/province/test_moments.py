"""What is typed in later than it happened: followed where the moment can be, disputed where it cannot."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inspector_app.clock import MS_PER_DAY, MS_PER_MINUTE
from inspector_app.config import read_resource
from inspector_app.domain.verdicts import Judgement, VerdictSheet
from inspector_app.journal.entries.certificates import CertificateVoided
from inspector_app.journal.entries.custody import SheetLost
from inspector_app.journal.entries.printing import PrintEnded, PrintSubmitted
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.registry import publishing
from tests.province import work
from tests.province.fixtures import CLERK, VET, Province
from tests.sync.fakes import FakeDevice

HOUR = 60 * MS_PER_MINUTE
WRONG = [(Judgement.MOMENT_WRONG.value, False, False)]


def verdicts(province: Province, device: FakeDevice) -> list[tuple[str, bool, bool]]:
    device.sync(province.exchange)
    told = [sheet for sheet in device.held(VerdictSheet) if sheet.device == device.device]
    return [(sheet.code, sheet.followed, sheet.holds) for sheet in told]


def printed(device: FakeDevice, issued: work.Issued) -> None:
    fact = PrintSubmitted(issued.number, 1, 1, "pdf", "laser", "certificate_b", "5f" * 32, 2)
    attempt = device.record(VET, fact)
    device.record(VET, PrintEnded(attempt=attempt, outcome="printed", source="person"))


def test_a_hand_over_in_time_is_followed_however_late_it_is_recorded(province: Province) -> None:
    device = province.enrol(people=(VET, CLERK))
    issued = work.certify(device)
    device.sync(province.exchange)
    given_at = province.clock.at + HOUR
    province.clock.wait(2 * 86_400)
    work.hand_over(device, issued, actor=CLERK, handed_at=given_at)
    assert verdicts(province, device) == []
    row = DjangoRows(province.using).one("certificates", number=str(issued.number)) or {}
    assert (row["handed_over_at"], row["handed_over_recorded_at"]) == (given_at, province.clock.at)
    assert differences(province.using) == []


def handed_over_before_it_was_issued(province: Province, device: FakeDevice, issued: work.Issued) -> None:
    work.hand_over(device, issued, handed_at=province.clock.at - HOUR)


def handed_over_in_time_to_come(province: Province, device: FakeDevice, issued: work.Issued) -> None:
    work.hand_over(device, issued, handed_at=province.clock.at + MS_PER_MINUTE)


def handed_over_after_its_validity(province: Province, device: FakeDevice, issued: work.Issued) -> None:
    province.clock.wait(20 * 3600)
    work.hand_over(device, issued, handed_at=province.clock.at)


@pytest.mark.parametrize(
    "broken", [handed_over_before_it_was_issued, handed_over_in_time_to_come, handed_over_after_its_validity]
)
def test_a_hand_over_at_a_moment_that_cannot_be_is_disputed_and_stays(
    province: Province, broken: Callable[[Province, FakeDevice, work.Issued], None]
) -> None:
    device = province.enrol()
    issued = work.certify(device)
    province.clock.wait(60)
    broken(province, device, issued)
    assert verdicts(province, device) == WRONG
    assert (DjangoRows(province.using).one("certificates", number=str(issued.number)) or {})["handed_over_at"]


@pytest.mark.parametrize(("ahead", "found"), [(4, []), (7, WRONG)])
def test_a_colleague_s_hand_over_may_lie_before_the_issue_by_a_clock_that_was_ahead(
    province: Province, ahead: int, found: list[tuple[str, bool, bool]]
) -> None:
    device, desk = province.enrol("一号机"), province.enrol("二号机")
    province.clock.at += ahead * MS_PER_MINUTE
    issued = work.certify(device)
    province.clock.at -= ahead * MS_PER_MINUTE
    device.sync(province.exchange)
    desk.sync(province.exchange)
    given_at = province.clock.at + MS_PER_MINUTE
    province.clock.wait(2 * 3600)
    work.hand_over(desk, issued, handed_at=given_at)
    assert verdicts(province, desk) == found


@pytest.mark.parametrize("told", [True, False])
def test_a_tolerance_blames_only_from_the_day_the_device_has_heard_of_it(province: Province, told: bool) -> None:
    device = province.enrol()
    body = read_resource("catalogue/policy.toml").decode()
    asked = 'name = "clock_tolerance_minutes"\nvalue = 5'
    assert asked in body
    province.clock.wait(1)
    publishing.publish_policy(province.using, "2026-03", body.replace(asked, asked[:-1] + "1"))
    if told:
        device.sync(province.exchange)
    now = province.clock.at
    declaration = work.declare(device, declared_at=now)
    work.inspect(device, declaration, started_at=now - 3 * MS_PER_MINUTE, ended_at=now)
    assert verdicts(province, device) == [(Judgement.MOMENT_WRONG.value, not told, False)]


def test_a_declaration_by_telephone_may_be_typed_in_after_the_inspection(province: Province) -> None:
    device = province.enrol()
    rang = province.clock.at - 5 * HOUR
    declaration = work.declare(device, declared_at=rang, channel="phone")
    work.inspect(device, declaration, started_at=rang)
    assert verdicts(province, device) == []


@pytest.mark.parametrize(("begun", "ended"), [(-6 * HOUR, 0), (0, -1), (0, 6 * MS_PER_MINUTE)])
def test_an_inspection_before_its_declaration_or_after_its_record_is_disputed(
    province: Province, begun: int, ended: int
) -> None:
    device, now = province.enrol(), province.clock.at
    declaration = work.declare(device, declared_at=now - 5 * HOUR)
    work.inspect(device, declaration, started_at=now + begun, ended_at=now + ended)
    assert verdicts(province, device) == WRONG


def test_a_declaration_of_time_to_come_is_disputed(province: Province) -> None:
    device = province.enrol()
    work.declare(device, declared_at=province.clock.at + MS_PER_DAY)
    assert verdicts(province, device) == WRONG


def test_a_void_with_a_lost_sheet_is_followed_and_the_sheet_counted_as_lost(province: Province) -> None:
    device = province.enrol()
    issued = work.certify(device)
    printed(device, issued)
    device.record(VET, SheetLost(issued.number, 1, 2, category="lost_before_handover"))
    void = CertificateVoided(number=issued.number, reason="missing_sheet", on_desk=1, no_picture="too_dark")
    device.record(VET, void)
    assert verdicts(province, device) == []
    sheets = DjangoRows(province.using).many("sheets", number=str(issued.number))
    assert [sheet["state"] for sheet in sheets] == ["spoiled", "lost"]
    assert differences(province.using) == []


def test_a_clerk_may_say_that_a_sheet_is_lost_for_that_protects(province: Province) -> None:
    device = province.enrol(people=(VET, CLERK))
    issued = work.certify(device)
    printed(device, issued)
    device.record(CLERK, SheetLost(issued.number, 1, 2, category="lost_before_handover"))
    assert verdicts(province, device) == []
