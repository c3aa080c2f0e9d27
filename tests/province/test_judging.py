"""Judging: each rule broken once, its name, whom it blames, whether it holds; and that honest work is silent."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import OperationalError, connections
from django.test.utils import CaptureQueriesContext

from inspector_app.clock import MS_PER_DAY, day_start, legal_date
from inspector_app.config import read_resource
from inspector_app.domain.numbering import Block, Number
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.verdicts import Judgement, VerdictSheet
from inspector_app.errors import StationError
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.ceremony import ActConfirmed
from inspector_app.journal.entries.certificates import CertificateIssued, NoticeDetails, NoticeIssued
from inspector_app.journal.entries.custody import BlockRequested, NumbersLost, NumbersReturned, StubFiled
from inspector_app.journal.entries.declarations import (
    DeclarationAccepted,
    DeclarationNotAccepted,
    DeclarationWithdrawn,
    Note,
)
from inspector_app.journal.entries.devices import (
    CaseContent,
    CaseHandedOver,
    CaseReceived,
    CaseReturned,
    DeviceEnrolled,
    PersonKeyAdded,
    RetentionApplied,
)
from inspector_app.journal.entries.inspections import DiseaseOutcome, ResultReceived, SampleTaken
from inspector_app.journal.entries.printing import PrintOrderReceived, PrintReleased
from inspector_app.suites import SigningKey, Suite, sha256
from province import inprocess, reference
from province.journal.judging import bench
from province.journal.judging.case import CONSEQUENCES, Case, Court, Finding
from province.journal.judging.earlier import NOWHERE, place_of
from province.journal.models import Deferred, EntryPrivate, Journal
from province.journal.overview import overview
from province.journal.projecting import differences
from province.journal.recovery import declare_epoch
from province.journal.rows import DjangoRows
from province.numbers import custody
from province.numbers.models import ContestedNumber
from province.registry import publishing
from province.registry.fencing import fence_device
from tests.office import CountingRandom
from tests.province import work
from tests.province.fixtures import CLERK, HEAD, OTHER_STATION, SECOND_VET, STATION, VET, Province
from tests.sync.fakes import FakeDevice

J = Judgement


def verdicts_on(province: Province, device: FakeDevice) -> list[VerdictSheet]:
    """Sync, and what the province said of this device's entries."""
    device.sync(province.exchange)
    return [sheet for sheet in device.held(VerdictSheet) if sheet.device == device.device]


def only(province: Province, device: FakeDevice) -> tuple[Judgement, bool, bool]:
    """The single verdict given: code, followed, holds."""
    (sheet,) = verdicts_on(province, device)
    return Judgement(sheet.code), sheet.followed, sheet.holds


def verdict_on(province: Province, device: FakeDevice, ref: str) -> list[tuple[str, bool, bool]]:
    """What was said of one entry of a device."""
    said = [sheet for sheet in verdicts_on(province, device) if f"{sheet.device}/{sheet.seq}" == ref]
    return [(sheet.code, sheet.followed, sheet.holds) for sheet in said]


# --- honest work ----------------------------------------------------------------------------------------------------


def test_a_day_s_honest_work_is_accepted_in_silence(either_province: Province) -> None:
    device = either_province.enrol(people=(VET, CLERK, HEAD))
    first, second = work.certify(device), work.certify(device)
    work.hand_over(device, first, actor=CLERK)
    void = work.void(device, second)
    device.record(HEAD, ActConfirmed(act=void, form="apart"))
    assert verdicts_on(either_province, device) == []
    rows = DjangoRows(either_province.using)
    states = [row["state"] for row in rows.many("certificates", order="number")]
    assert states == ["issued", "voided"]
    assert differences(either_province.using) == []


def test_two_certificates_share_one_batch_as_long_as_it_lasts(province: Province) -> None:
    device = province.enrol()
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    for _ in range(5):
        work.issue(device, inspection, declaration)
    assert verdicts_on(province, device) == []
    work.issue(device, inspection, declaration, quantity=Quantity(1, 0, work.FISH))
    assert only(province, device) == (J.QUANTITY_EXCEEDS_INSPECTED, False, False)


def test_quantities_in_other_units_of_the_same_kind_are_added_up(province: Province) -> None:
    device = province.enrol()
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    ten_thousand_fish = 11
    work.issue(device, inspection, declaration, quantity=Quantity(50, 0, ten_thousand_fish))
    assert verdicts_on(province, device) == []
    work.issue(device, inspection, declaration, quantity=Quantity(1, 0, ten_thousand_fish))
    assert only(province, device)[0] is J.QUANTITY_EXCEEDS_INSPECTED


def test_a_quantity_that_cannot_be_compared_is_not_within_the_batch(province: Province) -> None:
    device = province.enrol()
    pieces = 3
    work.certify(device, quantity=Quantity(10, 0, pieces))
    assert only(province, device)[0] is J.QUANTITY_EXCEEDS_INSPECTED


def test_a_replacement_takes_the_place_of_what_it_replaces(province: Province) -> None:
    device = province.enrol()
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    old = work.issue(device, inspection, declaration, quantity=work.QUANTITY)
    work.issue(
        device, inspection, declaration, quantity=work.QUANTITY, replaces=str(old.number), replace_reason="wrong_plate"
    )
    assert verdicts_on(province, device) == []
    row = DjangoRows(province.using).one("certificates", number=str(old.number))
    assert row is not None
    assert row["state"] == "replaced"


def test_a_treatment_notice_takes_its_own_number(province: Province) -> None:
    device = province.enrol()
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration, conclusion="failed")
    number, block = work.next_number(device, "N")
    notice(device, declaration, inspection, number, block)
    assert verdicts_on(province, device) == []
    assert str(number) == "N 2026000001"


def notice(device: FakeDevice, declaration: str, inspection: str, number: Number, block: str, **changes: Any) -> str:
    fact = NoticeIssued(
        number=number,
        block=block,
        declaration=declaration,
        inspection=inspection,
        species=work.GRASS_CARP,
        stage="summerling",
        quantity=work.QUANTITY,
        basis=["AQM-2022-20"],
        failures=[],
        diseases=[],
        method="destroy",
        issued_on=legal_date(device.clock.now().at),
        vet=VET,
        station=STATION,
        form="treatment_notice",
        form_hash=work.form_hash("treatment_notice"),
    )
    fact = msgspec.structs.replace(fact, **changes)
    return device.record(VET, fact, private=NoticeDetails(owner="湖西", owner_phone="13900000001"))


# --- each rule, broken once -----------------------------------------------------------------------------------------

Break = Callable[[FakeDevice], Any]


def by_a_clerk(device: FakeDevice) -> None:
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    taken = work.next_number(device, "B")
    work.issue(device, inspection, declaration, actor=CLERK, taken=taken)


def without_signature(device: FakeDevice) -> None:
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    work.issue(device, inspection, declaration)
    device.entries[-1] = msgspec.structs.replace(device.entries[-1], actor_sig=b"")


def with_a_foreign_key(device: FakeDevice) -> None:
    work.certify(device, key=SigningKey.generate(Suite.ED25519, CountingRandom("foreign")))


def out_of_order(device: FakeDevice) -> None:
    work.certify(device, taken=work.next_number(device, "B", skip=3))


def outside_every_block(device: FakeDevice) -> None:
    work.certify(device, taken=(Number("99-B", "B", "9900000777"), work.next_number(device, "B")[1]))


def in_a_block_of_another_name(device: FakeDevice) -> None:
    number, _block = work.next_number(device, "B")
    work.certify(device, taken=(number, "another"))


def a_number_used_before(device: FakeDevice) -> None:
    taken = work.next_number(device, "B")
    work.certify(device, taken=taken)
    work.certify(device, taken=taken)


def on_a_failed_inspection(device: FakeDevice) -> None:
    declaration = work.declare(device)
    work.issue(device, work.inspect(device, declaration, conclusion="failed"), declaration)


def an_a_without_results(device: FakeDevice) -> None:
    work.certify(device, kind="A")


def for_a_withdrawn_declaration(device: FakeDevice) -> None:
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    device.record(VET, DeclarationWithdrawn(declaration=declaration, reason="sold"), private=Note(text="不卖了"))
    work.issue(device, inspection, declaration)


def for_nothing_at_all(device: FakeDevice) -> None:
    work.issue(device, f"{device.device}/1", f"{device.device}/1")


def with_credentials_twice_the_same(device: FakeDevice) -> None:
    work.certify(device, prints=["ab" * 32, "ab" * 32])


def in_another_vet_s_name(device: FakeDevice) -> None:
    work.certify(device, vet=SECOND_VET)


def with_another_species(device: FakeDevice) -> None:
    work.certify(device, species=102)


def with_another_purpose(device: FakeDevice) -> None:
    work.certify(device, purpose=2)


def in_another_station_s_name(device: FakeDevice) -> None:
    work.certify(device, station=OTHER_STATION)


def a_b_that_leaves_the_province(device: FakeDevice) -> None:
    work.certify(device, destination=work.WUHU)


def a_b_for_a_month(device: FakeDevice) -> None:
    work.certify(device, valid_minutes=43_200, valid_days=30)


def a_b_for_one_minute_more(device: FakeDevice) -> None:
    at = device.clock.now().at
    minutes = (day_start(legal_date(at)) + MS_PER_DAY - at) // 60_000
    work.certify(device, valid_minutes=minutes + 1)


def dated_ahead_of_its_entry(device: FakeDevice) -> None:
    work.certify(device, issued_at=device.clock.now().at + 60_000)


def with_another_day_on_the_paper(device: FakeDevice) -> None:
    work.certify(device, issued_on="2025-11-21")


def on_a_form_never_released(device: FakeDevice) -> None:
    work.certify(device, form_hash="11" * 32)


def on_another_form_s_bytes(device: FakeDevice) -> None:
    work.certify(device, form_hash=work.form_hash("certificate_a"))


def for_nothing_of_the_batch(device: FakeDevice) -> None:
    work.certify(device, quantity=Quantity(0, 0, work.FISH), credential={"quantity_value": 5})


def a_notice_in_another_s_name(device: FakeDevice) -> None:
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration, conclusion="failed")
    number, block = work.next_number(device, "N")
    notice(device, declaration, inspection, number, block, vet=SECOND_VET)


def on_a_case_given_away(device: FakeDevice) -> None:
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    device.record(VET, CaseHandedOver(declaration=declaration, device="ab" * 16, bundle="5f" * 32))
    work.issue(device, inspection, declaration)


def after_the_lease(device: FakeDevice) -> None:
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    device.clock.wait(8 * 86_400)
    work.issue(device, inspection, declaration)


def a_void_confirmed_by_the_same(device: FakeDevice) -> None:
    issued = work.certify(device)
    void = work.void(device, issued)
    device.record(VET, ActConfirmed(act=void, form="apart"))


def a_void_of_what_is_void(device: FakeDevice) -> None:
    issued = work.certify(device)
    work.void(device, issued)
    work.void(device, issued)


def a_second_key_somebody_else_signed(device: FakeDevice) -> None:
    key = SigningKey.generate(Suite.ED25519, CountingRandom("second key")).public
    fact = PersonKeyAdded(person=VET, suite=key.suite, key=key.raw.hex())
    device.record(VET, fact)


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (by_a_clerk, (J.POST_MISSING, False, False)),
        (without_signature, (J.SIGNATURE_MISSING, False, False)),
        (with_a_foreign_key, (J.SIGNATURE_BAD, False, False)),
        (out_of_order, (J.ORDER, False, True)),
        (outside_every_block, (J.OUTSIDE_BLOCK, False, False)),
        (in_a_block_of_another_name, (J.OUTSIDE_BLOCK, False, False)),
        (a_number_used_before, (J.NUMBER_TAKEN, False, False)),
        (on_a_failed_inspection, (J.INSPECTION_FAILED, False, False)),
        (an_a_without_results, (J.RESULT_MISSING, False, False)),
        (for_a_withdrawn_declaration, (J.WRONG_STATE, False, False)),
        (for_nothing_at_all, (J.REFERENCE_UNKNOWN, False, False)),
        (with_credentials_twice_the_same, (J.CREDENTIAL_DIFFERS, False, False)),
        (in_another_vet_s_name, (J.CREDENTIAL_DIFFERS, False, False)),
        (with_another_species, (J.RECORD_DIFFERS, False, False)),
        (with_another_purpose, (J.RECORD_DIFFERS, False, False)),
        (in_another_station_s_name, (J.RECORD_DIFFERS, False, False)),
        (a_notice_in_another_s_name, (J.RECORD_DIFFERS, False, False)),
        (a_b_that_leaves_the_province, (J.KIND_WRONG, False, False)),
        (a_b_for_a_month, (J.VALIDITY_TOO_LONG, False, False)),
        (a_b_for_one_minute_more, (J.VALIDITY_TOO_LONG, False, False)),
        (dated_ahead_of_its_entry, (J.TIME_DIFFERS, False, False)),
        (with_another_day_on_the_paper, (J.TIME_DIFFERS, False, False)),
        (on_a_form_never_released, (J.TEMPLATE_NOT_SIGNED, False, False)),
        (on_another_form_s_bytes, (J.TEMPLATE_NOT_SIGNED, False, False)),
        (for_nothing_of_the_batch, (J.QUANTITY_EXCEEDS_INSPECTED, False, False)),
        (on_a_case_given_away, (J.CASE_HANDED_OVER, False, False)),
        (after_the_lease, (J.LEASE_EXPIRED, False, True)),
        (a_void_confirmed_by_the_same, (J.POST_MISSING, False, False)),
        (a_void_of_what_is_void, (J.WRONG_STATE, False, False)),
        (a_second_key_somebody_else_signed, (J.SIGNATURE_BAD, False, False)),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_each_broken_rule_has_its_verdict(
    province: Province, broken: Break, expected: tuple[Judgement, bool, bool]
) -> None:
    device = province.enrol(people=(VET, CLERK))
    broken(device)
    assert only(province, device) == expected
    assert Journal.objects.using(province.using).get(device=device.device).judged == len(device.entries)
    assert differences(province.using) == []


def test_every_word_of_judgement_has_its_consequences() -> None:
    """A word with a sentence and nobody to say it is a promise to the reader that nothing keeps."""
    assert set(CONSEQUENCES) == set(Judgement)


def test_what_does_not_hold_has_an_owner_and_a_day(province: Province) -> None:
    device = province.enrol(people=(VET, CLERK))
    by_a_clerk(device)
    (sheet,) = verdicts_on(province, device)
    assert sheet.owner == f"station/{STATION}"
    assert sheet.due_on == legal_date(province.clock.at + 5 * MS_PER_DAY)


def test_a_verdict_does_not_block_the_next_entry(province: Province) -> None:
    device = province.enrol(people=(VET, CLERK))
    outside_every_block(device)
    good = work.certify(device)
    device.sync(province.exchange)
    assert DjangoRows(province.using).one("certificates", number=str(good.number)) is not None


def test_a_number_that_could_not_be_taken_stays_with_its_owner(province: Province) -> None:
    device, sister = province.enrol(), province.enrol("二号机")
    stolen = work.next_number(device, "B")
    work.certify(sister, taken=stolen)
    assert only(province, sister)[0] is J.OUTSIDE_BLOCK
    work.certify(device)
    assert verdicts_on(province, device) == []
    row = DjangoRows(province.using).one("certificates", number=str(stolen[0]))
    assert row is not None
    assert row["device"] == device.device


@pytest.mark.parametrize("actor", [CLERK, VET])
def test_nobody_takes_a_sister_s_number_whatever_else_is_wrong(province: Province, actor: int) -> None:
    device, sister = province.enrol(), province.enrol("二号机", people=(VET, CLERK))
    stolen = work.next_number(device, "B")
    declaration = work.declare(sister)
    work.issue(sister, work.inspect(sister, declaration), declaration, actor=actor, taken=stolen)
    assert only(province, sister)[0] is (J.POST_MISSING if actor == CLERK else J.OUTSIDE_BLOCK)
    assert DjangoRows(province.using).one("certificates", number=str(stolen[0])) is None
    work.certify(device)
    assert verdicts_on(province, device) == []


# --- what was known, and what was true ------------------------------------------------------------------------------


def test_who_acts_on_a_grant_revoked_meanwhile_followed_the_rules(province: Province) -> None:
    device = province.enrol()
    publishing.grant(province.using, VET, station=STATION, posts=("reception",), valid_from=province.clock.at - 1)
    work.certify(device)
    sheets = verdicts_on(province, device)
    assert {(sheet.code, sheet.followed, sheet.holds) for sheet in sheets} == {("post_missing", True, False)}


def test_who_acts_against_the_grant_he_had_did_not(province: Province) -> None:
    device = province.enrol()
    publishing.grant(province.using, VET, station=STATION, posts=("reception",), valid_from=province.clock.at - 1)
    device.sync(province.exchange)
    inspection = work.inspect(device, work.declare(device))
    assert inspection
    (sheet,) = verdicts_on(province, device)
    assert (sheet.code, sheet.followed, sheet.holds) == ("post_missing", False, False)


def test_a_kind_without_filing_is_not_issued(province: Province) -> None:
    device = province.enrol(people=(VET, SECOND_VET))
    declaration = work.declare(device, destination=work.WUHU)
    inspection = work.inspect(device, declaration)
    work.issue(device, inspection, declaration, actor=SECOND_VET, taken=work.next_number(device, "A"))
    assert only(province, device)[0] is J.AUTHORITY_MISSING


def test_an_expired_grant_is_named_as_such(province: Province) -> None:
    device = province.enrol()
    publishing.grant(
        province.using,
        VET,
        station=STATION,
        posts=("vet",),
        kinds=("B",),
        valid_from=province.clock.at - 2,
        valid_until=province.clock.at - 1,
    )
    device.sync(province.exchange)
    work.declare(device)
    assert {sheet.code for sheet in verdicts_on(province, device)} == {"grant_expired"}


def test_a_grant_for_another_station_is_none_here(province: Province) -> None:
    device = province.enrol(people=())
    publishing.grant(province.using, VET, station=OTHER_STATION, posts=("vet",), kinds=("B",))
    device.add_person(VET)
    assert only(province, device)[0] is J.WRONG_STATE
    assert device.sync(province.exchange).left == 0


def test_results_let_an_a_stand(province: Province) -> None:
    device = province.enrol()
    declaration = work.declare(device, destination=work.WUHU)
    inspection = work.inspect(device, declaration)
    _tested(device, inspection, _required(province), "negative")
    work.issue(device, inspection, declaration, kind="A")
    assert verdicts_on(province, device) == []


def _required(province: Province) -> list[str]:
    policy, today = reference.policy(province.using), legal_date(province.clock.at)
    required = sorted(reference.required_results(policy, work.GRASS_CARP, "A", today))
    assert required
    return required


def _tested(device: FakeDevice, inspection: str, diseases: list[str], outcome: str, *, actor: int = VET) -> None:
    """A sample taken and the laboratory's word on each disease."""
    taken = SampleTaken(inspection=inspection, code="S1", individuals=10, preservation="ice", diseases=diseases)
    sample = device.record(actor, taken, private=Note(text=""))
    outcomes = [DiseaseOutcome(disease, outcome) for disease in diseases]
    fact = ResultReceived(sample=sample, laboratory=1, report_no="R1", reported_on="2026-11-20", outcomes=outcomes)
    device.record(actor, fact)


def test_a_certificate_that_came_late_blames_nobody(province: Province) -> None:
    device = province.enrol()
    work.certify(device)
    province.clock.wait(3 * 86_400)
    assert only(province, device) == (J.LATE, True, True)


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_a_b_is_reported_with_its_day_whatever_the_hour(province: Province, hour: int) -> None:
    """A day is a legal day (UTC+8) and closed by the end of the next."""
    province.clock.at = day_start("2026-11-22") + hour * 3_600_000
    device = province.enrol()
    work.certify(device)
    province.clock.at = day_start("2026-11-24") - 1
    assert verdicts_on(province, device) == []
    province.clock.at = day_start("2026-11-22") + MS_PER_DAY + hour * 3_600_000
    work.certify(device)
    province.clock.at = day_start("2026-11-25")
    assert only(province, device) == (J.LATE, True, True)


@pytest.mark.parametrize(("hours", "late"), [(24, []), (25, [J.LATE])])
def test_an_a_is_reported_within_the_hours_of_policy(province: Province, hours: int, late: list[Judgement]) -> None:
    device = province.enrol()
    declaration = work.declare(device, destination=work.WUHU)
    inspection = work.inspect(device, declaration)
    _tested(device, inspection, _required(province), "negative")
    work.issue(device, inspection, declaration, kind="A")
    province.clock.wait(hours * 3600)
    assert [sheet.code for sheet in verdicts_on(province, device)] == late


# --- the same, learnt from a sister ---------------------------------------------------------------------------------


def _withdrawn_by_a_sister(province: Province) -> tuple[FakeDevice, FakeDevice, str, str]:
    device, sister = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    device.sync(province.exchange)
    fact = DeclarationWithdrawn(declaration=declaration, reason="sold")
    sister.record(SECOND_VET, fact, private=Note(text="不卖了"))
    sister.sync(province.exchange)
    return device, sister, declaration, inspection


@pytest.mark.parametrize("told", [True, False])
def test_a_withdrawal_blames_only_who_had_heard_of_it(province: Province, told: bool) -> None:
    device, _sister, declaration, inspection = _withdrawn_by_a_sister(province)
    if told:
        device.sync(province.exchange)
    work.issue(device, inspection, declaration)
    assert only(province, device) == (J.WRONG_STATE, not told, False)


@pytest.mark.parametrize("told", [True, False])
def test_a_positive_result_blames_only_who_had_heard_of_it(province: Province, told: bool) -> None:
    device, sister = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    device.sync(province.exchange)
    _tested(sister, inspection, ["SVC"], "positive", actor=SECOND_VET)
    sister.sync(province.exchange)
    if told:
        device.sync(province.exchange)
    work.issue(device, inspection, declaration)
    assert only(province, device) == (J.INSPECTION_FAILED, not told, False)


@pytest.mark.parametrize("told", [True, False])
def test_who_issues_before_the_result_has_come_did_not_follow_though_it_holds(province: Province, told: bool) -> None:
    device, sister = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(device, destination=work.WUHU)
    inspection = work.inspect(device, declaration)
    device.sync(province.exchange)
    _tested(sister, inspection, _required(province), "negative", actor=SECOND_VET)
    sister.sync(province.exchange)
    if told:
        device.sync(province.exchange)
    work.issue(device, inspection, declaration, kind="A")
    sheets = [(sheet.code, sheet.followed, sheet.holds) for sheet in verdicts_on(province, device)]
    assert sheets == ([] if told else [(J.RESULT_MISSING, False, True)])


def test_a_result_that_came_with_the_case_on_a_stick_was_known(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(VET,))
    declaration = work.declare(first, destination=work.WUHU)
    inspection = work.inspect(first, declaration)
    _tested(first, inspection, _required(province), "negative")
    work.move_case(first, second, declaration)
    work.issue(second, inspection, declaration, kind="A")
    first.sync(province.exchange)
    assert verdicts_on(province, second) == []


def test_who_reports_before_the_giver_is_not_blamed_for_the_result_the_stick_brought(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(VET,))
    declaration = work.declare(first, destination=work.WUHU)
    inspection = work.inspect(first, declaration)
    first.sync(province.exchange)
    _tested(first, inspection, _required(province), "negative")
    work.move_case(first, second, declaration)
    work.issue(second, inspection, declaration, kind="A")
    assert verdicts_on(province, second) == []
    assert Deferred.objects.using(province.using).count() == 1
    first.sync(province.exchange)
    assert verdicts_on(province, second) == []
    assert Deferred.objects.using(province.using).count() == 0


def test_a_giver_who_never_gave_the_case_is_not_waited_for_for_ever(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(VET,))
    declaration = work.declare(first, destination=work.WUHU)
    inspection = work.inspect(first, declaration)
    first.sync(province.exchange)
    second.record(0, CaseReceived(declaration=declaration, device=first.device), private=CaseContent(entries=[]))
    issued = work.issue(second, inspection, declaration, kind="A")
    assert verdicts_on(province, second) == []
    first.sync(province.exchange)
    first.sync(province.exchange)
    assert verdict_on(province, second, issued.ref) == [(J.RESULT_MISSING, False, False)]


def test_what_a_stick_brought_against_the_batch_was_known_too(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    _tested(first, inspection, ["SVC"], "positive")
    work.move_case(first, second, declaration)
    work.issue(second, inspection, declaration)
    first.sync(province.exchange)
    assert only(province, second) == (J.INSPECTION_FAILED, False, False)


def test_what_was_found_after_the_case_was_given_away_blames_nobody(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    work.move_case(first, second, declaration)
    _tested(first, inspection, ["SVC"], "positive")
    work.issue(second, inspection, declaration)
    first.sync(province.exchange)
    assert only(province, second) == (J.INSPECTION_FAILED, True, False)


def test_a_batch_used_up_before_the_case_was_given_away_was_known(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    first.sync(province.exchange)
    second.sync(province.exchange)
    work.issue(first, inspection, declaration, quantity=work.QUANTITY)
    work.move_case(first, second, declaration)
    work.issue(second, inspection, declaration, actor=SECOND_VET)
    first.sync(province.exchange)
    assert only(province, second) == (J.QUANTITY_EXCEEDS_INSPECTED, False, False)


def test_what_a_sister_issued_of_the_batch_meanwhile_blames_nobody(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    work.move_case(first, second, declaration)
    second.record(SECOND_VET, CaseReturned(declaration=declaration, device=first.device))
    work.issue(first, inspection, declaration, quantity=work.QUANTITY)
    first.sync(province.exchange)
    work.issue(second, inspection, declaration, actor=SECOND_VET)
    codes = {(sheet.code, sheet.followed) for sheet in verdicts_on(province, second)}
    assert codes == {(J.QUANTITY_EXCEEDS_INSPECTED, True)}


@pytest.mark.parametrize("told", [True, False])
def test_a_policy_asks_for_results_from_the_day_the_device_has_heard_of_it(province: Province, told: bool) -> None:
    device = province.enrol()
    body = read_resource("catalogue/policy.toml").decode()
    asked = 'name = "result_required_kinds"\nvalue = ["A"'
    stricter = body.replace(asked, asked + ', "B"')
    assert stricter != body
    province.clock.wait(1)
    publishing.publish_policy(province.using, "2026-03", stricter)
    if told:
        device.sync(province.exchange)
    work.certify(device, policy="default-2026.1")
    assert only(province, device) == (J.RESULT_MISSING, not told, False)


def test_what_the_vet_did_afterwards_does_not_stand_against_what_was_done_before(province: Province) -> None:
    """The certificate waits for a sister; judged late, it is judged as of its place in the journal."""
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    work.move_case(first, second, declaration)
    work.issue(second, inspection, declaration, actor=SECOND_VET)
    fact = DeclarationWithdrawn(declaration=declaration, reason="sold")
    second.record(SECOND_VET, fact, private=Note(text="余下不卖了"))
    second.sync(province.exchange)
    first.sync(province.exchange)
    assert verdicts_on(province, second) == []


@pytest.mark.parametrize("fact", [DeclarationWithdrawn, DeclarationNotAccepted])
@pytest.mark.parametrize("told", [True, False])
def test_who_issues_on_an_acceptance_a_colleague_had_decided_against_is_blamed_if_told(
    province: Province, fact: type[DeclarationWithdrawn | DeclarationNotAccepted], told: bool
) -> None:
    device, sister = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.take_down(device)
    device.sync(province.exchange)
    sister.record(SECOND_VET, fact(declaration=declaration, reason="sold"), private=Note(text="不卖了"))
    sister.sync(province.exchange)
    work.accept(device, declaration)
    inspection = work.inspect(device, declaration)
    if told:
        device.sync(province.exchange)
    issued = work.issue(device, inspection, declaration)
    found = verdict_on(province, device, issued.ref)
    assert found == [(J.WRONG_STATE, not told, False)]


@pytest.mark.parametrize("told", [True, False])
def test_a_notice_on_an_acceptance_a_colleague_had_decided_against_is_blamed_if_told(
    province: Province, told: bool
) -> None:
    device, sister = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.take_down(device)
    device.sync(province.exchange)
    sister.record(SECOND_VET, DeclarationWithdrawn(declaration=declaration, reason="sold"), private=Note(text=""))
    sister.sync(province.exchange)
    work.accept(device, declaration)
    inspection = work.inspect(device, declaration, conclusion="failed")
    if told:
        device.sync(province.exchange)
    number, block = work.next_number(device, "N")
    ref = notice(device, declaration, inspection, number, block)
    assert verdict_on(province, device, ref) == [(J.WRONG_STATE, not told, False)]


def test_who_never_accepted_did_not_follow(province: Province) -> None:
    device = province.enrol()
    declaration = work.take_down(device)
    issued = work.issue(device, work.inspect(device, declaration), declaration)
    assert verdict_on(province, device, issued.ref) == [(J.WRONG_STATE, False, False)]


# --- relying on what the province forgot ----------------------------------------------------------------------------


def _told_and_forgotten(province: Province, backup: Path) -> tuple[FakeDevice, FakeDevice, Callable[[], work.Issued]]:
    """A sister's result is told to a device, and forgotten in a restore; what the device then issues on it."""
    device, sister = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(device, destination=work.WUHU)
    inspection = work.inspect(device, declaration)
    device.sync(province.exchange)
    sister.sync(province.exchange)
    inprocess.copy_database(province.using, backup)
    _tested(sister, inspection, _required(province), "negative", actor=SECOND_VET)
    sister.sync(province.exchange)
    device.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    publishing.add_station(province.using, 100, name="新站", name_en="New Station", area=321084, phone="1")
    return device, sister, lambda: work.issue(device, inspection, declaration, kind="A")


@pytest.mark.parametrize("pulled_again", [True, False])
@pytest.mark.parametrize("sister_first", [True, False])
def test_a_result_forgotten_in_a_restore_is_told_again_before_anything_is_said(
    province: Province, tmp_path: Path, pulled_again: bool, sister_first: bool
) -> None:
    device, sister, issue = _told_and_forgotten(province, tmp_path / "backup.sqlite3")
    if pulled_again:
        device.sync(province.exchange)
    issue()
    for one in (sister, device) if sister_first else (device, sister):
        one.sync(province.exchange)
    assert verdicts_on(province, device) == []
    assert Deferred.objects.using(province.using).count() == 0


def test_a_result_of_a_sister_fenced_since_is_missing_and_its_lack_blames_nobody(
    province: Province, tmp_path: Path
) -> None:
    device, sister, issue = _told_and_forgotten(province, tmp_path / "backup.sqlite3")
    device.sync(province.exchange)
    issued = issue()
    assert verdicts_on(province, device) == []
    (waiting,) = Deferred.objects.using(province.using).all()
    assert (waiting.waits_for, waiting.projected) == (f"{sister.device}/0", True)
    fence_device(province.using, sister.device)
    assert verdict_on(province, device, issued.ref) == [(J.RESULT_MISSING, True, False)]


def test_a_result_nobody_tells_again_is_missing_once_the_sisters_have_told_all(
    province: Province, tmp_path: Path
) -> None:
    device, sister, _issue = _told_and_forgotten(province, tmp_path / "backup.sqlite3")
    device.sync(province.exchange)
    declaration = work.declare(device, destination=work.WUHU)
    issued = work.issue(device, work.inspect(device, declaration), declaration, kind="A")
    assert verdict_on(province, device, issued.ref) == []
    sister.sync(province.exchange)
    sister.sync(province.exchange)
    assert verdict_on(province, device, issued.ref) == [(J.RESULT_MISSING, True, False)]
    assert Deferred.objects.using(province.using).count() == 0


def test_who_was_told_nothing_that_was_forgotten_is_blamed_as_ever(province: Province, tmp_path: Path) -> None:
    _told_and_forgotten(province, tmp_path / "backup.sqlite3")
    fresh = province.enrol("三号机")
    declaration = work.declare(fresh, destination=work.WUHU)
    issued = work.issue(fresh, work.inspect(fresh, declaration), declaration, kind="A")
    assert verdict_on(province, fresh, issued.ref) == [(J.RESULT_MISSING, False, False)]


# --- in any order ---------------------------------------------------------------------------------------------------


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


# --- the device's licence, its clock, its policy --------------------------------------------------------------------


@pytest.fixture
def in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The province judges as one that is not practice; everything else in its world stays."""
    monkeypatch.setattr(Court, "practice", False)


@pytest.mark.usefixtures("in_earnest")
def test_outside_practice_a_licensed_terminal_issues_in_silence(province: Province) -> None:
    device = province.enrol()
    work.certify(device)
    assert verdicts_on(province, device) == []


@pytest.mark.usefixtures("in_earnest")
@pytest.mark.parametrize("told", [True, False])
def test_outside_practice_a_licence_that_ended_is_missed(province: Province, told: bool) -> None:
    device = province.enrol()
    publishing.license_device(province.using, device.device, days=-1)
    if told:
        device.sync(province.exchange)
    work.certify(device)
    assert only(province, device) == (J.NO_TERMINAL_LICENCE, not told, False)


@pytest.mark.usefixtures("in_earnest")
def test_a_licence_renewed_since_does_not_undo_what_was_done_under_the_last(province: Province) -> None:
    device = province.enrol()
    work.certify(device)
    province.clock.wait(3600)
    publishing.license_device(province.using, device.device)
    assert verdicts_on(province, device) == []


@pytest.mark.usefixtures("in_earnest")
@pytest.mark.parametrize("behind_s", [1, 600])
def test_a_slow_clock_issues_under_the_licence_before_the_renewed_one(province: Province, behind_s: int) -> None:
    device = province.enrol()
    province.clock.wait(3600)
    publishing.license_device(province.using, device.device)
    device.sync(province.exchange)
    device.clock = type(province.clock)(province.clock.at - behind_s * 1000)
    work.certify(device)
    device.clock = province.clock
    assert verdicts_on(province, device) == []


@pytest.mark.usefixtures("in_earnest")
@pytest.mark.parametrize("told", [True, False])
def test_a_licence_taken_back_is_not_saved_by_the_one_before(province: Province, told: bool) -> None:
    device = province.enrol()
    province.clock.wait(3600)
    publishing.license_device(province.using, device.device, days=-1)
    if told:
        device.sync(province.exchange)
    province.clock.wait(60)
    work.certify(device)
    assert only(province, device) == (J.NO_TERMINAL_LICENCE, not told, False)


@pytest.mark.parametrize(
    ("to_midnight", "ahead_minutes", "expected"),
    [(1, 5, []), (1, 6, [(J.CLOCK_AHEAD, True, True)]), (6, 7, [(J.CLOCK_AHEAD, True, False)])],
)
def test_a_clock_some_minutes_ahead_at_midnight_makes_no_disputed_paper(
    province: Province, to_midnight: int, ahead_minutes: int, expected: list[tuple[Judgement, bool, bool]]
) -> None:
    province.clock.at = day_start("2026-11-23") - to_midnight * 60_000
    device = province.enrol()
    device.clock = type(province.clock)(province.clock.at + ahead_minutes * 60_000)
    work.certify(device)
    device.clock = province.clock
    found = [(Judgement(one.code), one.followed, one.holds) for one in verdicts_on(province, device)]
    assert found == expected


@pytest.mark.parametrize(("ahead_s", "holds"), [(600, True), (2 * 86_400, False)])
def test_a_clock_ahead_blames_nobody(province: Province, ahead_s: int, holds: bool) -> None:
    device = province.enrol()
    device.clock = type(province.clock)(province.clock.at + ahead_s * 1000)
    work.certify(device)
    device.clock = province.clock
    assert only(province, device) == (J.CLOCK_AHEAD, True, holds)


def test_a_policy_the_device_could_not_know_blames_nobody(province: Province) -> None:
    device = province.enrol()
    made_under, body = "2026-01", read_resource("catalogue/policy.toml").decode()
    publishing.publish_policy(province.using, made_under, body)
    shorter = body.replace('name = "validity_days_max"\nvalue = 5', 'name = "validity_days_max"\nvalue = 1')
    assert shorter != body
    province.clock.wait(1)
    publishing.publish_policy(province.using, "2026-02", shorter)
    declaration = work.declare(device, destination=work.WUHU)
    inspection = work.inspect(device, declaration)
    _tested(device, inspection, _required(province), "negative")
    work.issue(device, inspection, declaration, kind="A", policy=made_under)
    assert only(province, device) == (J.VALIDITY_TOO_LONG, True, False)


# --- whose case it was ----------------------------------------------------------------------------------------------


def test_a_case_that_came_back_may_be_issued_on_whoever_reports_first(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    first.sync(province.exchange)
    work.move_case(first, second, declaration)
    second.record(SECOND_VET, CaseReturned(declaration=declaration, device=first.device))
    work.issue(first, inspection, declaration)
    assert verdicts_on(province, first) == []
    assert Deferred.objects.using(province.using).count() == 1
    province.clock.wait(60)
    assert verdicts_on(province, second) == []
    assert verdicts_on(province, first) == []
    assert Deferred.objects.using(province.using).count() == 0


def test_a_case_that_did_not_come_back_is_told_once_the_sister_has_reported(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    work.move_case(first, second, declaration)
    work.issue(first, inspection, declaration)
    assert verdicts_on(province, first) == []
    province.clock.wait(60)
    assert verdicts_on(province, second) == []
    assert only(province, first) == (J.CASE_HANDED_OVER, False, False)


def test_who_never_had_the_case_may_not_issue_on_it(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(first)
    inspection = work.inspect(first, declaration)
    first.sync(province.exchange)
    work.issue(second, inspection, declaration, actor=SECOND_VET)
    assert only(province, second) == (J.CASE_HANDED_OVER, False, False)


# --- retention ------------------------------------------------------------------------------------------------------

TWO_YEARS_S = 731 * 86_400


def parts_of(province: Province, device: FakeDevice) -> int:
    return EntryPrivate.objects.using(province.using).filter(device=device.device).count()


def let_go(device: FakeDevice) -> None:
    """Everything the journal holds, in one entry."""
    device.record(0, RetentionApplied(entries=[f"{device.device}/{seq}" for seq in range(1, len(device.entries) + 1)]))


@pytest.mark.parametrize("after_s", [0, TWO_YEARS_S - 3 * 86_400])
def test_nothing_goes_before_its_retention_has_ended(province: Province, after_s: int) -> None:
    device = province.enrol()
    work.certify(device)
    device.sync(province.exchange)
    before = parts_of(province, device)
    province.clock.wait(after_s)
    let_go(device)
    assert only(province, device) == (J.RETENTION_EARLY, False, False)
    assert parts_of(province, device) == before > 0


def test_a_clock_ahead_ends_no_retention(province: Province) -> None:
    device = province.enrol()
    work.certify(device)
    device.sync(province.exchange)
    province.clock.wait(5 * 86_400)
    device.clock = type(province.clock)(province.clock.at + TWO_YEARS_S * 1000)
    let_go(device)
    device.clock = province.clock
    assert only(province, device)[0] is J.RETENTION_EARLY


def test_past_its_retention_nothing_personal_is_left_at_the_province(either_province: Province) -> None:
    device = either_province.enrol()
    number = str(work.certify(device).number)
    work.void(device, work.certify(device))
    device.sync(either_province.exchange)
    either_province.clock.wait(TWO_YEARS_S + 2 * 86_400)
    let_go(device)
    assert verdicts_on(either_province, device) == []
    assert parts_of(either_province, device) == 0
    rows = DjangoRows(either_province.using)
    row = rows.one("certificates", number=number)
    assert row is not None
    assert (row["owner_name"], row["owner_phone"], row["plate"], row["species"]) == (None, None, None, work.GRASS_CARP)
    assert [one["owner_name"] for one in rows.many("declarations")] == [None, None]
    assert differences(either_province.using) == []


def test_what_came_in_since_the_last_but_one_backup_stays(province: Province) -> None:
    device = province.enrol()
    work.declare(device)
    province.clock.wait(TWO_YEARS_S + 2 * 86_400)
    device.sync(province.exchange)
    let_go(device)
    assert only(province, device)[0] is J.RETENTION_EARLY
    assert parts_of(province, device) == 1


@pytest.mark.parametrize("named", ["{other}/1", "{own}/999", "{own}/0", "nothing"])
def test_only_what_the_device_holds_can_be_let_go(province: Province, named: str) -> None:
    device, other = province.enrol(), province.enrol("别站", station=OTHER_STATION, people=())
    province.clock.wait(TWO_YEARS_S + 2 * 86_400)
    device.record(0, RetentionApplied(entries=[named.format(own=device.device, other=other.device)]))
    assert only(province, device)[0] is J.RETENTION_EARLY


# --- how much it costs ----------------------------------------------------------------------------------------------


def statements(province: Province, device: FakeDevice) -> int:
    with CaptureQueriesContext(connections[province.using]) as asked:
        device.sync(province.exchange)
    return len(asked)


def test_judging_takes_few_statements_for_each_entry_and_pulling_as_many_for_all(province: Province) -> None:
    """A certificate is four entries; what a sister pulls of twenty takes as many statements as of two."""
    device, sister = province.enrol("一号机"), province.enrol("二号机")
    pushed, pulled = [], []
    for certificates in (0, 2, 20):
        sister.sync(province.exchange)
        for _ in range(certificates):
            work.certify(device)
        pushed.append(statements(province, device))
        pulled.append(statements(province, sister))
    assert (pushed[2] - pushed[1]) / (4 * 18) <= 11
    assert pulled[2] <= pulled[1] + 12


def test_used_up_blocks_are_passed_over_in_one_statement(province: Province) -> None:
    device = province.enrol()
    device.record(VET, BlockRequested(kind="B", wanted=200, emergency=False))
    device.sync(province.exchange)
    first, *others = sorted((one for one in device.held(Block) if one.kind == "B"), key=lambda one: one.ordinal)
    assert others
    rows = DjangoRows(province.using)
    rows.update("numbers", {"block": first.block}, {"state": "used"})
    with CaptureQueriesContext(connections[province.using]) as asked:
        found = rows.open_blocks(device.device, "B")
    assert [(row["block"], lowest) for row, lowest in found] == [(one.block, one.first) for one in others]
    assert len(asked) == 1


def certificate(province: Province, issued: work.Issued) -> dict[str, Any]:
    """The row of a certificate in the province's projections."""
    return DjangoRows(province.using).one("certificates", number=str(issued.number)) or {}


def test_nobody_voids_the_paper_of_another_station(province: Province) -> None:
    device = province.enrol()
    issued = work.certify(device)
    device.sync(province.exchange)
    publishing.grant(province.using, SECOND_VET, station=OTHER_STATION, posts=("vet",), kinds=("B",))
    stranger = province.enrol("外站一号机", station=OTHER_STATION, people=(SECOND_VET,))
    work.void(stranger, issued, actor=SECOND_VET)
    assert only(province, stranger) == (J.REFERENCE_UNKNOWN, False, False)
    assert certificate(province, issued)["state"] == "issued"


def test_what_another_computer_voided_meanwhile_stays_void_and_its_replacement_counts(province: Province) -> None:
    device, desk = province.enrol(), province.enrol("二号机", people=(SECOND_VET,))
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    old = work.issue(device, inspection, declaration)
    device.sync(province.exchange)
    work.void(desk, old, actor=SECOND_VET)
    desk.sync(province.exchange)
    new = work.issue(device, inspection, declaration, replaces=str(old.number), replace_reason="vehicle_changed")
    device.sync(province.exchange)
    assert J.WRONG_STATE not in {sheet.code for sheet in verdicts_on(province, device)}
    ended = certificate(province, old)
    assert (ended["state"], ended["replaced_by"]) == ("voided", str(new.number))
    assert certificate(province, new)["state"] == "issued"


# --- what another computer did meanwhile ----------------------------------------------------------------------------


def _certified_at_two(province: Province) -> tuple[FakeDevice, FakeDevice, work.Issued]:
    """A certificate that both computers of the station hold."""
    device, desk = province.enrol(people=(VET, CLERK)), province.enrol("二号机", people=(SECOND_VET,))
    issued = work.certify(device)
    device.sync(province.exchange)
    desk.sync(province.exchange)
    return device, desk, issued


def found_on(province: Province, device: FakeDevice) -> list[tuple[Judgement, bool, bool]]:
    """Every verdict given on a device's entries."""
    return [(Judgement(one.code), one.followed, one.holds) for one in verdicts_on(province, device)]


def test_a_void_made_at_two_computers_blames_nobody_and_the_first_stands(either_province: Province) -> None:
    device, desk, issued = _certified_at_two(either_province)
    first = work.void(device, issued)
    work.void(desk, issued, actor=SECOND_VET)
    device.sync(either_province.exchange)
    assert found_on(either_province, desk) == found_on(either_province, device) == []
    row = certificate(either_province, issued)
    assert (row["state"], row["void_ref"], row["void_by"]) == ("voided", first, VET)
    assert differences(either_province.using) == []


def test_who_had_heard_of_the_void_and_voids_once_more_did_not_follow(province: Province) -> None:
    device, desk, issued = _certified_at_two(province)
    work.void(device, issued)
    device.sync(province.exchange)
    desk.sync(province.exchange)
    work.void(desk, issued, actor=SECOND_VET)
    assert only(province, desk) == (J.WRONG_STATE, False, False)


def test_a_void_of_what_was_replaced_meanwhile_changes_nothing_and_blames_nobody(province: Province) -> None:
    device, desk, issued = _certified_at_two(province)
    row = certificate(province, issued)
    new = work.issue(
        device,
        str(row["inspection"]),
        str(row["declaration"]),
        replaces=str(issued.number),
        replace_reason="wrong_plate",
    )
    device.sync(province.exchange)
    work.void(desk, issued, actor=SECOND_VET)
    assert found_on(province, desk) == []
    ended = certificate(province, issued)
    assert (ended["state"], ended["void_ref"], ended["replaced_by"]) == ("replaced", new.ref, str(new.number))


def second_persons(province: Province, issued: work.Issued) -> set[int]:
    """Who confirmed a void of this certificate, be it one that only repeated another."""
    acts = DjangoRows(province.using).many("acts", subject=str(issued.number))
    return {int(row["confirmed_by"]) for row in acts if row["confirmed_by"]}


def test_the_second_person_may_confirm_the_void_her_own_computer_shows(province: Province) -> None:
    device, desk, issued = _certified_at_two(province)
    work.void(device, issued)
    repeated = work.void(desk, issued, actor=SECOND_VET)
    device.sync(province.exchange)
    desk.add_person(HEAD)
    desk.record(HEAD, ActConfirmed(act=repeated, form="apart"))
    assert found_on(province, desk) == []
    assert second_persons(province, issued) == {HEAD}


def test_who_voided_first_is_not_the_second_person_of_another_s_void_too(province: Province) -> None:
    """He confirms in good faith what a colleague voided; but one person never counts twice."""
    device, desk, issued = _certified_at_two(province)
    work.void(device, issued)
    repeated = work.void(desk, issued, actor=SECOND_VET)
    device.sync(province.exchange)
    desk.add_person(VET)
    desk.record(VET, ActConfirmed(act=repeated, form="apart"))
    assert found_on(province, desk) == []
    assert second_persons(province, issued) - {VET} == set()


@pytest.mark.parametrize("named", ["{own}/1", "{own}/999", "nothing", "{own}/-1"])
def test_nobody_confirms_his_own_void_by_naming_another_entry(province: Province, named: str) -> None:
    device, _desk, issued = _certified_at_two(province)
    work.void(device, issued)
    device.record(VET, ActConfirmed(act=named.format(own=device.device), form="apart"))
    assert only(province, device) == (J.REFERENCE_UNKNOWN, False, False)
    assert second_persons(province, issued) == set()


def test_a_certificate_replaced_at_two_computers_is_disputed_and_blames_nobody(province: Province) -> None:
    device, desk, issued = _certified_at_two(province)
    row = certificate(province, issued)
    inspection, declaration = str(row["inspection"]), str(row["declaration"])
    named: dict[str, Any] = {"replaces": str(issued.number), "replace_reason": "wrong_plate"}
    work.move_case(device, desk, declaration)
    first = work.issue(device, inspection, declaration, **named)
    second = work.issue(desk, inspection, declaration, actor=SECOND_VET, **named)
    device.sync(province.exchange)
    desk.sync(province.exchange)
    assert found_on(province, desk) == [(J.WRONG_STATE, True, False)]
    assert certificate(province, issued)["replaced_by"] == str(first.number)
    assert certificate(province, second)["state"] == "issued"
    assert differences(province.using) == []


def _declared_at_two(province: Province) -> tuple[FakeDevice, FakeDevice, str]:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    ref = work.declare(first)
    first.sync(province.exchange)
    return first, second, ref


def test_a_declaration_withdrawn_at_two_computers_blames_nobody(province: Province) -> None:
    first, second, ref = _declared_at_two(province)
    fact = DeclarationWithdrawn(declaration=ref, reason="sold")
    stands = first.record(VET, fact, private=Note(text="卖了"))
    first.sync(province.exchange)
    second.record(SECOND_VET, fact, private=Note(text="来电说卖了"))
    assert found_on(province, second) == []
    row = DjangoRows(province.using).one("declarations", ref=ref) or {}
    assert (row["decided_ref"], row["decision_note"]) == (stands, "卖了")
    assert differences(province.using) == []


@pytest.mark.parametrize("told", [True, False])
def test_a_decision_against_a_colleague_s_blames_only_who_had_heard_of_it(province: Province, told: bool) -> None:
    first, second, ref = _declared_at_two(province)
    first.record(VET, DeclarationWithdrawn(declaration=ref, reason="sold"), private=Note(text=""))
    first.sync(province.exchange)
    if told:
        second.sync(province.exchange)
    second.record(SECOND_VET, DeclarationAccepted(declaration=ref, inspect_on="2026-11-22", area=work.GAOYOU))
    assert only(province, second) == (J.WRONG_STATE, not told, False)


# --- whose paper it is ----------------------------------------------------------------------------------------------


def _stranger(province: Province) -> FakeDevice:
    publishing.grant(province.using, SECOND_VET, station=OTHER_STATION, posts=("vet",), kinds=("B",))
    custody.draw(province.using, "B", "9900005001", "9900005100", station=OTHER_STATION)
    return province.enrol("外站一号机", station=OTHER_STATION, people=(SECOND_VET,))


def test_a_station_replaces_only_its_own_paper(either_province: Province) -> None:
    device = either_province.enrol()
    issued = work.certify(device)
    device.sync(either_province.exchange)
    stranger = _stranger(either_province)
    new = work.certify(stranger, actor=SECOND_VET, replaces=str(issued.number), replace_reason="wrong_plate")
    assert only(either_province, stranger) == (J.REFERENCE_UNKNOWN, False, False)
    assert certificate(either_province, issued)["state"] == "issued"
    assert certificate(either_province, new)["state"] == "issued"
    assert differences(either_province.using) == []


def test_a_journal_does_not_say_that_it_is_another_station_s(province: Province) -> None:
    device = province.enrol()
    issued = work.certify(device)
    device.sync(province.exchange)
    stranger = _stranger(province)
    stranger.record(0, DeviceEnrolled(station=STATION, province="99", root="", name="一号机", program="t"))
    assert only(province, stranger)[0] is J.RECORD_DIFFERS
    work.void(stranger, issued, actor=SECOND_VET)
    assert certificate(province, issued)["state"] == "issued"


def test_who_replaces_his_own_paper_under_a_number_used_twice_puts_it_right(province: Province) -> None:
    device = province.enrol()
    stolen = work.next_number(device, "B")
    work.certify(device, taken=stolen)
    device.sync(province.exchange)
    stranger = _stranger(province)
    mine = work.certify(stranger, actor=SECOND_VET, taken=stolen)
    assert only(province, stranger)[0] is J.OUTSIDE_BLOCK
    work.certify(stranger, actor=SECOND_VET, replaces=str(mine.number), replace_reason="wrong_content")
    assert len(verdicts_on(province, stranger)) == 1
    work.void(stranger, mine, actor=SECOND_VET)
    assert found_on(province, stranger)[1:] == [(J.REFERENCE_UNKNOWN, True, False)]
    assert certificate(province, mine)["state"] == "issued"  # the other station's, of the same number


# --- prints ---------------------------------------------------------------------------------------------------------


def release(device: FakeDevice, issued: work.Issued, print_no: int, digest: str, *, actor: int = VET) -> None:
    """Release a print under any credential."""
    fact = PrintReleased(number=issued.number, print=print_no, reason="jam", spoiled=[], credential=digest)
    device.record(actor, fact, private=Note(text=""))


def test_a_clerk_releases_the_print_that_was_signed_at_issue(province: Province) -> None:
    device, _desk, issued = _certified_at_two(province)
    release(device, issued, 2, sha256(issued.payloads[1]).hex(), actor=CLERK)
    assert found_on(province, device) == []
    assert certificate(province, issued)["current_print"] == 2


def test_beyond_the_prints_of_issue_the_vet_signs_anew(province: Province) -> None:
    device, _desk, issued = _certified_at_two(province)
    release(device, issued, 4, "ab" * 32)
    assert found_on(province, device) == []
    assert certificate(province, issued)["current_print"] == 4


@pytest.mark.parametrize(
    ("print_no", "digest", "actor"),
    [(2, "ab" * 32, VET), (2, "", VET), (4, "ab" * 32, CLERK), (5, "ab" * 32, VET), (4, "", VET)],
    ids=["another's digest", "no digest", "signed by a clerk", "not the next", "without credential"],
)
def test_no_print_is_released_that_nobody_signed(province: Province, print_no: int, digest: str, actor: int) -> None:
    device, _desk, issued = _certified_at_two(province)
    release(device, issued, print_no, digest, actor=actor)
    assert only(province, device) == (J.CREDENTIAL_DIFFERS, False, False)
    assert certificate(province, issued)["current_print"] == 1


def test_a_notice_bears_no_credential(province: Province) -> None:
    device = province.enrol()
    declaration = work.declare(device)
    number, block = work.next_number(device, "N")
    notice(device, declaration, work.inspect(device, declaration, conclusion="failed"), number, block)
    fact = PrintReleased(number=number, print=2, reason="jam", spoiled=[], credential="")
    device.record(VET, fact, private=Note(text=""))
    device.record(VET, msgspec.structs.replace(fact, credential="ab" * 32), private=Note(text=""))
    assert only(province, device)[0] is J.CREDENTIAL_DIFFERS


def test_a_confirmation_waits_for_the_void_it_confirms(province: Province) -> None:
    """After a restore of the province the confirmation may come back first; it is not forgotten."""
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(HEAD,))
    issued = work.certify(owner)
    owner.sync(province.exchange)
    void = work.void(owner, issued)
    desk.record(HEAD, ActConfirmed(act=void, form="apart"))
    assert verdicts_on(province, desk) == []
    assert Deferred.objects.using(province.using).count() == 1
    assert verdicts_on(province, owner) == []
    assert Deferred.objects.using(province.using).count() == 0
    assert second_persons(province, issued) == {HEAD}


def test_a_policy_published_before_the_program_asked_for_a_rule_judges_nobody_wrong(province: Province) -> None:
    head, *rules = read_resource("catalogue/policy.toml").decode().split("[[rule]]")
    older = "[[rule]]".join([head, *(rule for rule in rules if 'name = "clock_tolerance_minutes"' not in rule)])
    publishing.publish_policy(province.using, "2026-01", older)
    device = province.enrol()
    work.certify(device)
    assert verdicts_on(province, device) == []


def test_a_text_no_station_could_go_by_is_not_published(province: Province) -> None:
    before = DjangoRows(province.using).many("policies")
    unusable = read_resource("catalogue/policy.toml").decode().replace("value = 5", 'value = "five"', 1)
    for body in ("# nothing", unusable):
        with pytest.raises(StationError, match=r"province\.policy_unusable"):
            publishing.publish_policy(province.using, "2026-03", body)
    assert DjangoRows(province.using).many("policies") == before


# --- numbers given up -----------------------------------------------------------------------------------------------


def held(province: Province, device: FakeDevice) -> dict[str, Any]:
    """The first block of B numbers cut for a device."""
    device.sync(province.exchange)
    return dict(DjangoRows(province.using).many("blocks", order="ordinal", device=device.device, kind="B")[0])


def number_states(province: Province, block: dict[str, Any]) -> list[str]:
    rows = DjangoRows(province.using).many("numbers", order="digits", block=block["block"])
    return [str(row["state"]) for row in rows]


def test_numbers_go_back_and_the_block_still_balances(province: Province) -> None:
    device = province.enrol()
    block = held(province, device)
    first = str(int(str(block["last"])) - 4)
    device.record(VET, NumbersReturned(block=block["block"], first=first, last=block["last"], reason="too_many"))
    assert verdicts_on(province, device) == []
    found = number_states(province, block)
    assert (found.count("returned"), found.count("free")) == (5, int(block["size"]) - 5)
    assert differences(province.using) == []


def test_g30_nobody_returns_the_numbers_of_another_computer(province: Province) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    block = held(province, owner)
    back = NumbersReturned(block=block["block"], first=block["first"], last=block["last"], reason="too_many")
    desk.record(SECOND_VET, back)
    assert only(province, desk) == (J.OUTSIDE_BLOCK, False, False)
    assert set(number_states(province, block)) == {"free"}


@pytest.mark.parametrize("span", [("0000000001", "0000000002"), ("9900000009", "9900000001")])
def test_g33_numbers_outside_their_block_are_not_given_up(province: Province, span: tuple[str, str]) -> None:
    device = province.enrol()
    block = held(province, device)
    lost = NumbersLost(block=block["block"], first=span[0], last=span[1], cause="lost", found_out_on="2026-11-21")
    device.record(VET, lost)
    assert only(province, device) == (J.OUTSIDE_BLOCK, False, False)


def test_a_station_reports_the_numbers_of_a_stolen_laptop_lost(province: Province) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    block = held(province, owner)
    report_lost(desk, block)
    assert verdicts_on(province, desk) == []
    assert set(number_states(province, block)) == {"lost"}


def report_lost(desk: FakeDevice, block: dict[str, Any], actor: int = SECOND_VET) -> None:
    span = {"first": str(block["first"]), "last": str(block["last"])}
    desk.record(actor, NumbersLost(block=block["block"], **span, cause="stolen", found_out_on="2026-11-21"))


def test_another_station_reports_nothing_lost_here(province: Province) -> None:
    publishing.grant(province.using, SECOND_VET, station=OTHER_STATION, posts=("vet",), kinds=("B",), valid_from=1)
    owner = province.enrol("一号机")
    stranger = province.enrol("外站", station=OTHER_STATION, people=(SECOND_VET,))
    block = held(province, owner)
    report_lost(stranger, block)
    assert only(province, stranger) == (J.OUTSIDE_BLOCK, False, False)
    assert set(number_states(province, block)) == {"free"}


def test_a_certificate_that_bears_a_number_reported_lost_is_on_record_and_blames_nobody_who_did_not_know(
    province: Province,
) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    block = held(province, owner)
    issued = work.certify(owner)
    report_lost(desk, block)
    assert verdicts_on(province, desk) == []
    assert only(province, owner) == (J.NUMBER_LOST, True, False)
    assert certificate(province, issued)["state"] == "issued"
    number = DjangoRows(province.using).one("numbers", number=str(issued.number)) or {}
    assert number["state"] == "lost", "a number that was lost stays dead"
