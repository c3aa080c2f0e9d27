"""Correction notes: what may change, on which paper, and what the note says."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.journal.entries.corrections import CertificateCorrected
from inspector_app.journal.projections.corrections import corrected_values
from inspector_app.services.correcting import correct, current_values, draw_note, note_lines
from inspector_app.services.device import Device, Session
from inspector_app.services.print_jobs import number_of
from tests.office import HandClock, Office
from tests.services.work import (
    DAY,
    acting,
    assert_sound,
    codes,
    done,
    handed_over,
    issued,
    only,
    printed,
    state,
    void_paper,
)

NEW_PLATE = "苏K99887"


def test_a_plate_that_changed_on_the_road_is_corrected_and_the_certificate_stands(device: Device) -> None:
    number = handed_over(device)
    ref = done(correct(device, number, {"plate": "苏k·99887"}, reason="vehicle_changed"))
    assert state(device, number) == "issued"
    assert (device.rows.one("certificates", number=number) or {})["plate"] == "苏K12345", "the paper says what it said"
    assert corrected_values(device.rows, number) == {"plate": NEW_PLATE}
    entry = device.store.entry(ref)
    assert entry is not None
    assert isinstance(entry.fact, CertificateCorrected)
    assert entry.fact == CertificateCorrected(number_of(device, number), ["plate"], "vehicle_changed")
    assert_sound(device)


def test_no_value_stands_in_the_public_part(device: Device) -> None:
    number = handed_over(device)
    ref = done(correct(device, number, {"plate": NEW_PLATE, "carrier": "练习运输队"}, reason="vehicle_changed"))
    entry = device.store.entry(ref)
    assert entry is not None
    public = msgspec.json.encode(entry.fact).decode()
    assert NEW_PLATE not in public
    assert "练习运输队" not in public


def test_of_two_notes_the_later_counts_and_each_says_what_it_changed(device: Device, clock: HandClock) -> None:
    number = handed_over(device)
    first = done(correct(device, number, {"plate": NEW_PLATE}, reason="vehicle_changed"))
    clock.forward(minutes=5)
    second = done(correct(device, number, {"plate": "苏K55555"}, reason="wrong_entry"))
    assert current_values(device, number)["plate"] == "苏K55555"
    assert [(line.before, line.after) for line in note_lines(device, first)] == [("苏K12345", NEW_PLATE)]
    assert [(line.before, line.after) for line in note_lines(device, second)] == [(NEW_PLATE, "苏K55555")]


def test_the_note_is_drawn_with_old_and_new(device: Device) -> None:
    number = handed_over(device)
    ref = done(correct(device, number, {"plate": NEW_PLATE}, reason="vehicle_changed"))
    drawn = device.files.read(draw_note(device, ref)).decode()
    assert all(word in drawn for word in ("更正说明", number.replace(" ", ""), "苏K12345", NEW_PLATE, "继续有效"))


@pytest.mark.parametrize("field", ["owner", "quantity", "species", "origin", "destination", "valid_days", "consignee"])
def test_g32_what_is_material_is_replaced_and_never_corrected(device: Device, field: str) -> None:
    number = handed_over(device)
    only(correct(device, number, {field: "别的", "plate": NEW_PLATE}, reason="wrong_entry"), C.NEEDS_REPLACEMENT, field)
    assert corrected_values(device.rows, number) == {}


def test_g32_what_the_day_s_policy_does_not_list_is_replaced(office: Office, device: Device) -> None:
    office.publish(device, office.policy(correctable_fields=["owner_phone"]))
    number = handed_over(device)
    only(correct(device, number, {"plate": NEW_PLATE}, reason="vehicle_changed"), C.NEEDS_REPLACEMENT, "plate")
    done(correct(device, number, {"owner_phone": "13900000009"}, reason="wrong_entry"))


def test_a_policy_that_lists_the_owner_lets_nobody_correct_the_owner(office: Office, device: Device) -> None:
    office.publish(device, office.policy(correctable_fields=["owner", "plate"]))
    number = handed_over(device)
    only(correct(device, number, {"owner": "别人"}, reason="wrong_entry"), C.NEEDS_REPLACEMENT, "owner")


def test_what_is_still_on_the_desk_is_replaced(device: Device) -> None:
    number = printed(device)
    only(correct(device, number, {"plate": NEW_PLATE}, reason="wrong_entry"), C.PAPER_ON_DESK)


def test_what_is_void_is_not_corrected(device: Device) -> None:
    number = issued(device)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    found = only(correct(device, number, {"plate": NEW_PLATE}, reason="wrong_entry"), C.WRONG_STATE)
    assert (found.current, found.limit) == ("voided", "issued")


def test_a_trip_that_is_over_gets_no_note(device: Device, clock: HandClock) -> None:
    number = handed_over(device)
    clock.at += 2 * DAY
    only(correct(device, number, {"plate": NEW_PLATE}, reason="vehicle_changed"), C.EXPIRED)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({}, C.FIELD_MISSING, "values"),
        ({"plate": " "}, C.FIELD_MISSING, "plate"),
        ({"plate": "卡车"}, C.FIELD_INVALID, "plate"),
        ({"owner_phone": "一三九"}, C.FIELD_INVALID, "owner_phone"),
        ({"carrier": "甲\u202e乙"}, C.FIELD_INVALID, "carrier"),
        ({"plate": "苏K12345"}, C.ALREADY_RECORDED, "plate"),
    ],
)
def test_what_cannot_be_a_correction_is_refused(device: Device, values: dict[str, str], code: C, field: str) -> None:
    number, before = handed_over(device), device.store.head()
    only(correct(device, number, values, reason="wrong_entry"), code, field)
    assert device.store.head() == before


def test_a_note_has_a_reason_and_somebody_who_may_give_it(device: Device, clerk: Session) -> None:
    number = handed_over(device)
    only(correct(device, number, {"plate": NEW_PLATE}, reason="because"), C.FIELD_INVALID, "reason")
    only(correct(device, number, {"plate": NEW_PLATE}, reason="other"), C.FIELD_MISSING, "note")
    with acting(device, clerk):
        assert codes(correct(device, number, {"plate": NEW_PLATE}, reason="wrong_entry")) == [C.POST_MISSING]
    only(correct(device, "B 9900000077", {"plate": NEW_PLATE}, reason="wrong_entry"), C.NOT_FOUND)


def test_a_sister_corrects_what_was_issued_here(office: Office, device: Device, sister: Device) -> None:
    number = handed_over(device)
    office.publish(sister, office.grant(sister.person(), "head"))
    office.relay(device, sister)
    only(correct(sister, number, {"plate": NEW_PLATE}, reason="vehicle_changed"), C.CASE_HANDED_OVER)
    office.show_blocks(device, sister)
    ref = done(correct(sister, number, {"plate": NEW_PLATE}, reason="vehicle_changed"))
    assert [(line.before, line.after) for line in note_lines(sister, ref)] == [("苏K12345", NEW_PLATE)]
