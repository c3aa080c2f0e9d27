"""Inspection of a batch: which cases, which conclusions; nothing typed in passing reaches the public record."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import RefusalCode, Refused
from inspector_app.journal.entries.devices import CaseHandedOver
from inspector_app.journal.entries.inspections import InspectionCompleted, InspectionDetails, Measurement
from inspector_app.services.declaring import (
    accept_declaration,
    form_from_online,
    record_declaration,
    refuse_acceptance,
)
from inspector_app.services.device import Device, Session
from inspector_app.services.inspecting import (
    FAILED,
    PASSED,
    InspectionForm,
    check_form,
    complete_inspection,
    required_checks,
)
from tests.office import VET, HandClock, Office
from tests.services.work import (
    FISH,
    HOUR,
    KG,
    MINUTE,
    TEN_THOUSAND_FISH,
    accepted,
    acting,
    assert_sound,
    codes,
    declared,
    document_checks,
    done,
    inspection_form,
    online_declaration,
    only,
)


def inspect(device: Device, declaration: str, **changes: Any) -> str | Refused:
    return complete_inspection(device, inspection_form(device, declaration, **changes))


def test_an_inspection_keeps_what_was_seen_and_the_catalogue_it_was_judged_by(device: Device) -> None:
    declaration = accepted(device)
    reading = Measurement("temperature", 185, 1, "℃")
    ref = done(complete_inspection(device, inspection_form(device, declaration, measurements=[reading])))
    entry = device.store.entry(ref)
    assert entry is not None
    assert isinstance(entry.fact, InspectionCompleted)
    assert isinstance(entry.private, InspectionDetails)
    assert (entry.fact.catalogue, entry.fact.species, entry.fact.stage) == (device.catalogue.version, 101, "fry")
    row = device.rows.one("inspections", ref=ref) or {}
    assert msgspec.json.decode(str(row["measurements"]), type=list[Measurement]) == [reading]
    assert (entry.private.batch, entry.private.place) == ("3 号池第一批", "菱塘")
    assert (entry.envelope.actor, entry.fact.measurements) == (VET, [reading])


def test_one_declaration_may_be_inspected_in_several_batches(device: Device) -> None:
    declaration = accepted(device)
    for pond in ("东塘", "西塘"):
        done(inspect(device, declaration, batch=pond, quantity=Quantity(60, 0, TEN_THOUSAND_FISH)))
    assert [row["batch"] for row in device.rows.many("inspections", order="ended_at, batch")] == ["东塘", "西塘"]


def test_a_declaration_that_is_not_accepted_is_not_inspected(device: Device) -> None:
    declaration = declared(device)
    assert only(inspect(device, declaration), RefusalCode.DECLARATION_NOT_ACCEPTED).current == "recorded"
    done(refuse_acceptance(device, declaration, reason="out_of_scope"))
    assert only(inspect(device, declaration), RefusalCode.DECLARATION_NOT_ACCEPTED).current == "not_accepted"


def test_a_declaration_nobody_made_is_not_found(device: Device) -> None:
    assert codes(inspect(device, "nowhere/3", checks=[])) == [RefusalCode.NOT_FOUND, *[RefusalCode.FIELD_MISSING] * 4]


def test_a_case_given_to_a_sister_device_is_inspected_there(device: Device) -> None:
    declaration = accepted(device)
    fact = CaseHandedOver(declaration=declaration, device="5" * 32, bundle="0" * 64, turn=1)
    device.record(lambda act: act.add(fact, sign=device.sign))
    found = only(inspect(device, declaration), RefusalCode.CASE_HANDED_OVER)
    assert found.details == {"device": "5" * 32}


@pytest.mark.parametrize(
    "unclean",
    [
        {"history_clean": False},
        {"failings": ["facility"], "checks": ["culture_licence", "production_record", "introduced_stock"]},
        {"findings": ["fish_bleeding"]},
    ],
    ids=["history", "documents", "clinical signs"],
)
def test_what_failed_one_of_the_three_criteria_cannot_be_concluded_passed(
    device: Device, unclean: dict[str, Any]
) -> None:
    declaration = accepted(device)
    found = only(inspect(device, declaration, **unclean), RefusalCode.FIELD_INVALID, "conclusion")
    assert (found.current, found.limit) == (PASSED, FAILED)
    done(inspect(device, declaration, conclusion=FAILED, **unclean))


def test_a_batch_passes_only_when_every_demanded_check_was_made(device: Device) -> None:
    declaration = accepted(device)
    for missing in required_checks(device, wild=False):
        made = [code for code in document_checks(device) if code != missing]
        found = only(inspect(device, declaration, checks=made), RefusalCode.FIELD_MISSING, "checks")
        assert found.current == missing


def test_a_wild_caught_batch_has_checks_of_its_own(device: Device) -> None:
    declaration = accepted(device, wild=True)
    assert codes(inspect(device, declaration)) == [RefusalCode.FIELD_MISSING] * len(required_checks(device, wild=True))
    done(inspect(device, declaration, checks=required_checks(device, wild=True)))


def test_a_batch_may_fail_without_a_single_check(device: Device) -> None:
    done(inspect(device, accepted(device), conclusion=FAILED, checks=[], findings=["fish_mortality"]))


@pytest.mark.parametrize("conclusion", ["", "合格", "maybe"])
def test_there_are_two_conclusions_and_one_must_be_drawn(device: Device, conclusion: str) -> None:
    only(inspect(device, accepted(device), conclusion=conclusion), RefusalCode.FIELD_MISSING, "conclusion")


def test_a_batch_must_be_told_from_others(device: Device) -> None:
    only(inspect(device, accepted(device), batch="  "), RefusalCode.FIELD_MISSING, "batch")


@pytest.mark.parametrize(
    ("quantity", "problem"),
    [
        (Quantity(0, 0, FISH), "not_positive"),
        (Quantity(15, 1, FISH), "not_whole"),
        (Quantity(1, 0, 4711), "unit_unknown"),
    ],
)
def test_an_inspected_quantity_is_one_that_can_be_certified(device: Device, quantity: Quantity, problem: str) -> None:
    found = only(inspect(device, accepted(device), quantity=quantity), RefusalCode.FIELD_INVALID, "quantity")
    assert found.details == {"problem": problem}


@pytest.mark.parametrize(("start", "end"), [(0, -HOUR), (0, -1), (0, HOUR)])
def test_an_inspection_ends_after_it_began_and_has_ended(device: Device, start: int, end: int) -> None:
    now = device.clock.now().at
    only(
        inspect(device, accepted(device), started_at=now + start, ended_at=now + end),
        RefusalCode.FIELD_INVALID,
        "ended_at",
    )


@pytest.mark.parametrize("start", [1, 6 * MINUTE])
def test_an_inspection_begins_after_the_declaration(device: Device, clock: HandClock, start: int) -> None:
    declared, declaration = clock.at, accepted(device)
    clock.forward(minutes=30)
    begun = 1 if start == 1 else declared - start
    found = only(inspect(device, declaration, started_at=begun), RefusalCode.FIELD_INVALID, "started_at")
    assert found.limit == declared
    done(inspect(device, declaration, started_at=declared))


def test_what_was_declared_by_telephone_is_inspected_before_it_is_typed_in(device: Device, clock: HandClock) -> None:
    rang = clock.at
    clock.forward(minutes=300)
    taken = accepted(device, channel="phone", declared_at=rang)
    found = only(inspect(device, taken, started_at=rang - 6 * MINUTE), RefusalCode.FIELD_INVALID, "started_at")
    assert found.limit == rang
    done(inspect(device, taken, started_at=rang + HOUR, ended_at=rang + 2 * HOUR))


def test_what_came_online_was_declared_when_it_was_sent(office: Office, device: Device, clock: HandClock) -> None:
    office.publish(device, online_declaration(device, "o-1"))
    clock.forward(minutes=60)
    row = device.rows.one("online_declarations", online="o-1") or {}
    taken = done(record_declaration(device, replace(form_from_online(row), online="o-1")))
    done(accept_declaration(device, taken, inspect_on=device.today()))
    done(inspect(device, taken, started_at=clock.at - HOUR // 2))


def test_the_twelve_months_are_answered_and_never_assumed(device: Device) -> None:
    given = msgspec.to_builtins(inspection_form(device, accepted(device)))
    del given["history_clean"]
    with pytest.raises(msgspec.ValidationError, match="history_clean"):
        msgspec.convert(given, InspectionForm)


def test_a_batch_that_fails_says_why(device: Device) -> None:
    declaration = accepted(device)
    only(inspect(device, declaration, conclusion=FAILED), RefusalCode.FIELD_MISSING, "failings")
    done(inspect(device, declaration, conclusion=FAILED, history_clean=False))


# --- what the declaration leaves room for -----------------------------------------------------------------------------


def test_the_same_batch_is_not_inspected_twice(device: Device) -> None:
    declaration = accepted(device)
    done(inspect(device, declaration, quantity=Quantity(50, 0, TEN_THOUSAND_FISH)))
    again = inspect(device, declaration, quantity=Quantity(50, 0, TEN_THOUSAND_FISH), batch=" 3号池 第一批")
    assert only(again, RefusalCode.ALREADY_RECORDED, "batch").current == "3号池 第一批"
    assert len(device.rows.many("inspections")) == 1
    done(inspect(device, declaration, quantity=Quantity(70, 0, TEN_THOUSAND_FISH), batch="4 号池"))


def test_batches_together_are_no_more_than_was_declared(device: Device) -> None:
    declaration = accepted(device)
    done(inspect(device, declaration, quantity=Quantity(100, 0, TEN_THOUSAND_FISH)))
    second = {"batch": "4 号池", "quantity": Quantity(200_001, 0, FISH)}
    found = only(inspect(device, declaration, **second), RefusalCode.QUANTITY_EXCEEDS_DECLARED, "quantity_reason")
    assert (found.limit, found.current, found.details) == ("1,200,000", "1,200,001", {"unit": "1"})
    done(inspect(device, declaration, batch="4 号池", quantity=Quantity(200_000, 0, FISH)))


def test_more_on_site_than_declared_passes_with_its_reason_on_record(device: Device) -> None:
    more = {"quantity": Quantity(125, 0, TEN_THOUSAND_FISH)}
    declaration = accepted(device)
    only(
        inspect(device, declaration, quantity_reason="王大河说的", **more), RefusalCode.FIELD_INVALID, "quantity_reason"
    )
    only(inspect(device, declaration, quantity_reason="other", **more), RefusalCode.FIELD_MISSING, "note")
    ref = done(inspect(device, declaration, quantity_reason="counted", **more))
    assert (device.rows.one("inspections", ref=ref) or {})["quantity_reason"] == "counted"
    assert_sound(device)


def test_a_reason_nobody_needed_is_not_recorded(device: Device) -> None:
    ref = done(inspect(device, accepted(device), quantity_reason="王大河说的"))
    assert (device.rows.one("inspections", ref=ref) or {})["quantity_reason"] == ""


def test_what_failed_is_declared_anew_and_not_inspected_once_more(device: Device) -> None:
    declaration = accepted(device)
    done(inspect(device, declaration, conclusion=FAILED, findings=["fish_dark"]))
    once_more = {"batch": "另一批", "quantity_reason": "counted"}
    only(inspect(device, declaration, **once_more), RefusalCode.INSPECTION_FAILED, "declaration")


def test_fish_declared_are_not_inspected_by_weight(device: Device) -> None:
    declaration = accepted(device)
    given = {"quantity": Quantity(1, 0, KG), "quantity_reason": "counted"}
    only(inspect(device, declaration, **given), RefusalCode.UNITS_DIFFER, "quantity")


def test_a_sum_beyond_all_counting_is_refused(device: Device) -> None:
    declaration = accepted(device)
    done(inspect(device, declaration, quantity=Quantity(2**53 - 1, 0, FISH), quantity_reason="counted"))
    outcome = inspect(device, declaration, batch="4 号池", quantity_reason="counted")
    assert only(outcome, RefusalCode.FIELD_INVALID, "quantity").details == {"problem": "too_large"}


# --- what goes into the record ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("checks", "王大河说没问题"),
        ("failings", "unknown_check"),
        ("findings", "crab_tremor"),  # a sign of crabs
        ("suspected", "COVID"),
    ],
)
def test_only_codes_of_the_catalogue_go_into_the_public_record(device: Device, field: str, value: str) -> None:
    declaration = accepted(device)
    given = {"checks": document_checks(device), "conclusion": FAILED, "history_clean": False}
    outcome = inspect(device, declaration, **{**given, field: [value]})
    assert only(outcome, RefusalCode.FIELD_INVALID, field).current == value


@pytest.mark.parametrize(
    "reading",
    [
        Measurement("temperature", 9999, 1, "℃"),
        Measurement("temperature", 185, 1, "°F"),
        Measurement("temperature", 185, 2, "℃"),
        Measurement("temperature", 9999, 2**40, "℃"),
    ],
)
def test_a_reading_that_cannot_be_true_is_refused_with_its_name_and_limits(
    device: Device, reading: Measurement
) -> None:
    outcome = inspect(device, accepted(device), measurements=[reading])
    found = only(outcome, RefusalCode.FIELD_INVALID, "measurements")
    assert (found.limit, found.details) == ("-2.0–45.0 ℃", {"what": "temperature"})
    assert str(found.current).endswith(reading.unit)


def test_a_reading_nobody_knows_is_refused_by_its_name(device: Device) -> None:
    outcome = inspect(device, accepted(device), measurements=[Measurement("mood", 1, 0, "")])
    assert only(outcome, RefusalCode.FIELD_INVALID, "measurement").current == "mood"


@pytest.mark.parametrize("field", ["batch", "place", "note"])
def test_texts_without_a_face_are_refused(device: Device, field: str) -> None:
    found = only(inspect(device, accepted(device), **{field: "东\u2067塘"}), RefusalCode.FIELD_INVALID, field)
    assert found.details["character"] == "U+2067"


def test_an_attachment_is_one_this_device_keeps(device: Device) -> None:
    declaration = accepted(device)
    only(inspect(device, declaration, attachments=["ab" * 32]), RefusalCode.FIELD_INVALID, "attachments")
    photo = device.files.add(b"a photograph", "image/jpeg")
    done(inspect(device, declaration, attachments=[photo]))
    assert_sound(device)


def test_only_a_vet_inspects(device: Device, clerk: Session) -> None:
    declaration = accepted(device)
    with acting(device, clerk):
        found = only(inspect(device, declaration), RefusalCode.POST_MISSING)
    assert found.details == {"action": "inspect"}
    with acting(device, None):
        only(inspect(device, declaration), RefusalCode.NOT_SIGNED_IN)


def test_the_case_comes_before_the_fields(device: Device) -> None:
    declaration = declared(device)
    form = inspection_form(device, declaration, batch="", quantity=Quantity(0, 0, FISH))
    assert [one.code for one in check_form(device, form)] == [
        RefusalCode.DECLARATION_NOT_ACCEPTED,
        RefusalCode.FIELD_MISSING,
        RefusalCode.FIELD_INVALID,
    ]
