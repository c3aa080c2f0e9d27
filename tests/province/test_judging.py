"""Judging honest work, and each rule broken once: the verdict, who is blamed, what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from inspector_app.clock import MS_PER_DAY, day_start, legal_date
from inspector_app.domain.numbering import Block, Number
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.ceremony import ActConfirmed
from inspector_app.journal.entries.custody import BlockRequested
from inspector_app.journal.entries.declarations import (
    DeclarationWithdrawn,
    Note,
)
from inspector_app.journal.entries.devices import (
    PersonKeyAdded,
)
from inspector_app.suites import SigningKey, Suite
from province import reference
from province.journal.judging.case import CONSEQUENCES
from province.journal.models import Journal
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.registry import publishing
from tests.office import CountingRandom
from tests.province import work
from tests.province.fixtures import CLERK, HEAD, OTHER_STATION, SECOND_VET, STATION, VET, Province
from tests.province.judged import (
    certificate,
    notice,
    only,
    verdicts_on,
)
from tests.sync.fakes import FakeDevice

J = Judgement


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
    assert sheet.owner == f"station/{STATION}/supervisor"
    assert sheet.due_on == reference.policy(province.using).after_working_days(legal_date(province.clock.at), 10)


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
