"""Why no certificate is issued: what is to stand on the paper, and its times."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.clock import day_start
from inspector_app.domain.authority import FormSheet
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import RefusalCode
from inspector_app.services.device import Device
from inspector_app.services.issuing import can_issue, issue_certificate
from inspector_app.services.paperwork import draft_content
from tests.office import HandClock, Office, PlainPaper
from tests.services.gates import UnprintablePaper, batch, coded, one
from tests.services.work import (
    DAY,
    FISH,
    GAOYOU,
    HANGZHOU,
    HOUR,
    TEN_THOUSAND_FISH,
    codes,
    done,
    draft,
    draft_a,
    issued,
    number_states,
    only,
    reported,
)

__all__ = ["batch"]  # found by its name

C = RefusalCode


# --- the paper -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["destination_place", "plate"])
def test_g27_a_b_needs_place_and_plate(device: Device, batch: str, field: str) -> None:
    for blank in ("", " \u3000"):
        found = one(device, inspection=batch, **{field: blank})
        assert (found.code, found.field) == (C.FIELD_MISSING, field)


@pytest.mark.parametrize(
    "field", ["destination_place", "carrier", "carrier_phone", "transport", "plate", "disinfectant"]
)
def test_an_a_needs_carrier_transport_and_disinfection_as_well(device: Device, batch: str, field: str) -> None:
    reported(device, batch, GCHD="negative")
    found = one(device, inspection=batch, kind="A", **{field: 0 if field in ("transport", "disinfectant") else ""})
    assert (found.code, found.field) == (C.FIELD_MISSING, field)


@pytest.mark.parametrize("reason", ["no_plate", "vessel_or_flight"])
def test_where_there_is_no_plate_the_item_is_struck(device: Device, batch: str, reason: str) -> None:
    reported(device, batch, GCHD="negative")
    for made in (draft, draft_a):
        number = done(issue_certificate(device, made(device, batch, plate=" ", plate_reason=reason))).number
        row = device.rows.one("certificates", number=number) or {}
        assert (row["plate"], row["plate_reason"]) == ("", reason)
    content = draft_content(device, draft_a(device, batch, plate="", plate_reason=reason))
    assert content is not None
    assert content.values["plate"] == "/"


@pytest.mark.parametrize(("reason", "field"), [("foreign", "plate"), ("司机说没有", "plate_reason")])
def test_no_other_reason_stands_for_a_plate(device: Device, batch: str, reason: str, field: str) -> None:
    assert one(device, inspection=batch, plate="", plate_reason=reason).field == field


def test_a_carrier_abroad_has_a_telephone(device: Device, batch: str) -> None:
    reported(device, batch, GCHD="negative")
    assert can_issue(device, draft_a(device, batch, carrier_phone="+84 90 123 4567")) == ()
    assert one(device, inspection=batch, kind="A", carrier_phone="+84 90").field == "carrier_phone"


@pytest.mark.parametrize(("field", "code"), [("transport", 77), ("disinfectant", -1)])
def test_a_code_outside_the_catalogue_is_refused_at_its_own_field(
    device: Device, batch: str, field: str, code: int
) -> None:
    changes: dict[str, Any] = {field: code}
    found = one(device, inspection=batch, **changes)
    assert (found.code, found.field, found.current) == (C.FIELD_INVALID, field, code)


@pytest.mark.parametrize(
    ("quantity", "problem"),
    [
        (Quantity(0, 0, FISH), "not_positive"),
        (Quantity(1, 1, FISH), "not_whole"),
        (Quantity(1, 0, 12345), "unit_unknown"),
        (Quantity(2**53 - 1, 0, TEN_THOUSAND_FISH), "too_large"),
    ],
)
def test_a_quantity_nobody_can_load_is_refused_not_stumbled_over(
    device: Device, batch: str, quantity: Quantity, problem: str
) -> None:
    found = one(device, inspection=batch, quantity=quantity)
    assert (found.code, found.field, found.details) == (C.FIELD_INVALID, "quantity", {"problem": problem})


def test_an_area_that_does_not_exist_is_refused_before_the_kind_is_judged(device: Device, batch: str) -> None:
    assert coded(device, draft(device, batch, destination=321281_9)) == [
        (C.FIELD_INVALID, "destination"),
        (C.KIND_WRONG, "kind"),
    ]


def test_the_trip_decides_the_kind(device: Device, batch: str) -> None:
    found = one(device, inspection=batch, destination=HANGZHOU)
    assert (found.code, found.limit, found.current) == (C.KIND_WRONG, "A", "B")
    reported(device, batch, GCHD="negative")
    found = one(device, inspection=batch, kind="A", destination=GAOYOU)
    assert (found.code, found.limit, found.current) == (C.KIND_WRONG, "B", "A")


def test_there_are_two_kinds(device: Device, batch: str) -> None:
    assert coded(device, draft(device, batch, kind="C")) == [(C.FIELD_INVALID, "kind")]


@pytest.mark.parametrize(
    ("plate", "problem", "amount"),
    [("苏K1234", "plate_too_short", 1), ("苏K1234567", "plate_too_long", 1), ("KA12345", "plate_unusual", 0)],
)
def test_an_unusual_plate_needs_a_reason_of_the_list(
    device: Device, batch: str, plate: str, problem: str, amount: int
) -> None:
    found = one(device, inspection=batch, plate=plate)
    assert (found.code, found.field) == (C.FIELD_INVALID, "plate")
    assert (found.details["problem"], found.details["amount"]) == (problem, amount)
    assert one(device, inspection=batch, plate=plate, plate_reason="司机说的").field == "plate_reason"
    assert can_issue(device, draft(device, batch, plate=plate, plate_reason="special")) == ()


@pytest.mark.parametrize("plate", ["苏K\u202e12345", "苏K12345苏K12345苏K12345", "苏K/12345", "苏K12345\x00"])
def test_no_reason_passes_a_plate_that_cannot_be_read_or_held(device: Device, batch: str, plate: str) -> None:
    found = one(device, inspection=batch, plate=plate, plate_reason="special")
    assert (found.code, found.field) == (C.FIELD_INVALID, "plate")


@pytest.mark.parametrize("typed", ["苏K·12345", "苏k-1 2345", "苏Ｋ１２３４５"])
def test_a_plate_is_what_it_looks_like(device: Device, batch: str, typed: str) -> None:
    number = issued(device, batch, plate=typed)
    assert (device.rows.one("certificates", number=number) or {})["plate"] == "苏K12345"


@pytest.mark.parametrize("field", ["destination_place", "consignee", "carrier", "remarks"])
@pytest.mark.parametrize("character", ["\u202a", "\u2069", "\u0085", "\u200d", "\ufff9", "\u2028"])
def test_hidden_characters_do_not_get_onto_the_paper(device: Device, batch: str, field: str, character: str) -> None:
    found = one(device, inspection=batch, **{field: f"练{character}习"})
    assert (found.code, found.field) == (C.FIELD_INVALID, field)
    assert found.details["character"] == f"U+{ord(character):04X}"


def test_a_telephone_with_a_digit_too_many_says_so(device: Device, batch: str) -> None:
    found = one(device, inspection=batch, carrier_phone="139000000021")
    assert (found.code, found.field, found.details["problem"]) == (C.FIELD_INVALID, "carrier_phone", "phone_too_long")


def test_a_character_without_a_glyph_is_refused_before_a_number_is_taken(device: Device, batch: str) -> None:
    device.paper = UnprintablePaper()
    outcome = issue_certificate(device, draft(device, batch, consignee="王龘"))
    found = only(outcome, C.CHARACTER_NOT_PRINTABLE, "consignee")
    assert found.current == "龘"
    assert number_states(device, "B") == ["free"] * 10


def test_g29_a_template_the_province_did_not_release_prints_no_certificate(
    office: Office, device: Device, batch: str
) -> None:
    class OtherPaper(PlainPaper):
        def form_hash(self, form: str) -> str:
            return "0" * 64

    device.paper = OtherPaper()
    found = one(device, inspection=batch)
    assert (found.code, found.details) == (C.TEMPLATE_NOT_SIGNED, {"form": "certificate_b"})
    office.publish(device, FormSheet("certificate_b", "2", bytes(32), 0))
    assert can_issue(device, draft(device, batch)) == ()


def test_g29_a_template_released_for_later_is_not_released_yet(office: Office, device: Device, batch: str) -> None:
    class NewPaper(PlainPaper):
        def form_hash(self, form: str) -> str:
            return "ff" * 32

    device.paper = NewPaper()
    office.publish(device, FormSheet("certificate_b", "2", b"\xff" * 32, device.clock.now().at + 1))
    assert one(device, inspection=batch).code is C.TEMPLATE_NOT_SIGNED


@pytest.mark.parametrize(("kind", "medium"), [("A", "thermal_80"), ("B", "papyrus"), ("A", "")])
def test_each_kind_has_its_media(device: Device, batch: str, kind: str, medium: str) -> None:
    reported(device, batch, GCHD="negative")
    found = one(device, inspection=batch, kind=kind, medium=medium)
    assert (found.code, found.field, found.current) == (C.FIELD_INVALID, "medium", medium)


def test_the_province_may_switch_thermal_paper_off(office: Office, device: Device, batch: str) -> None:
    assert can_issue(device, draft(device, batch, medium="thermal_80")) == ()
    office.publish(device, office.policy(thermal_kinds=[]))
    assert one(device, inspection=batch, medium="thermal_80").field == "medium"
    assert can_issue(device, draft(device, batch)) == ()


# --- the time --------------------------------------------------------------------------------------------------------


def test_a_truck_that_left_needs_no_certificate(device: Device, batch: str) -> None:
    now = device.clock.now().at
    assert can_issue(device, draft(device, batch, departs_at=now - 5 * 60_000)) == ()
    found = one(device, inspection=batch, departs_at=now - 5 * 60_000 - 1)
    assert (found.code, found.field) == (C.DEPARTURE_PASSED, "departs_at")


def test_a_b_that_departs_on_the_next_date_names_the_date(device: Device, batch: str) -> None:
    midnight = day_start("2026-11-22")
    assert can_issue(device, draft(device, batch, departs_at=midnight - 1)) == ()
    found = one(device, inspection=batch, departs_at=midnight)
    assert (found.code, found.limit) == (C.DEPARTS_NEXT_DATE, "2026-11-22")


def test_loading_at_night_is_prepared_before_midnight_and_signed_after(
    device: Device, batch: str, clock: HandClock
) -> None:
    clock.at = day_start("2026-11-22") - 60_000
    prepared = draft(device, batch, departs_at=day_start("2026-11-22") + HOUR)
    assert codes(issue_certificate(device, prepared)) == [C.DEPARTS_NEXT_DATE]
    clock.forward(minutes=1)
    number = done(issue_certificate(device, prepared)).number
    assert (device.rows.one("certificates", number=number) or {})["issued_on"] == "2026-11-22"


def test_where_policy_lets_a_b_depart_later_it_may(office: Office, device: Device, batch: str) -> None:
    office.publish(device, office.policy(b_departs_on_issue_date=False))
    assert can_issue(device, draft(device, batch, departs_at=day_start("2026-11-22") + HOUR)) == ()


def test_an_a_may_depart_on_the_next_date_while_it_is_valid(device: Device, batch: str) -> None:
    reported(device, batch, GCHD="negative")
    now = device.clock.now().at
    assert can_issue(device, draft_a(device, batch, departs_at=now + 2 * DAY, valid_days=2)) == ()
    found = one(device, inspection=batch, kind="A", departs_at=now + 2 * DAY + 1, valid_days=2)
    assert (found.code, found.field) == (C.FIELD_INVALID, "departs_at")


@pytest.mark.parametrize("departs_at", [2**60, -(2**60)])
def test_a_departure_beyond_all_calendars_is_refused(device: Device, batch: str, departs_at: int) -> None:
    assert one(device, inspection=batch, departs_at=departs_at).field == "departs_at"


@pytest.mark.parametrize("days", [0, 6, -1])
def test_an_a_is_valid_one_to_five_days(device: Device, batch: str, days: int) -> None:
    reported(device, batch, GCHD="negative")
    found = one(device, inspection=batch, kind="A", valid_days=days)
    assert (found.code, found.field, found.limit, found.current) == (C.VALIDITY_TOO_LONG, "valid_days", 5, days)


def test_the_province_may_demand_a_network_for_a_kind(office: Office, device: Device, batch: str) -> None:
    reported(device, batch, GCHD="negative")
    office.publish(device, office.policy(offline_kinds=["B"]))
    found = one(device, inspection=batch, kind="A")
    assert (found.code, found.details) == (C.OFFLINE_NOT_ALLOWED, {"kind": "A"})
    device.online = True
    assert can_issue(device, draft_a(device, batch)) == ()
