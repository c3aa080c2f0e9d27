"""Every reason why a certificate may not be issued, with its limit, the value that is there, and which comes first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from inspector_app.clock import day_start
from inspector_app.domain.authority import FormSheet, Lease, PersonKey, TerminalLicence
from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.journal.entries.devices import CaseHandedOver
from inspector_app.services.declaring import withdraw_declaration
from inspector_app.services.device import Device, Session
from inspector_app.services.inspecting import complete_inspection
from inspector_app.services.issuing import batch_to_issue, can_issue, issue_certificate
from inspector_app.services.paperwork import draft_content
from tests.office import FAR, NOON, STATION, VET, HandClock, Office, PlainPaper, parts
from tests.services.work import (
    DAY,
    FISH,
    GAOYOU,
    HANGZHOU,
    HOUR,
    KG,
    TEN_THOUSAND_FISH,
    accepted,
    acting,
    codes,
    done,
    draft,
    draft_a,
    inspected,
    inspection_form,
    issued,
    number_states,
    only,
    reported,
)

C = RefusalCode


@pytest.fixture
def batch(device: Device) -> str:
    """120 万尾 of grass carp fry, inspected and passed."""
    return inspected(device)


def one(device: Device, *, inspection: str, kind: str = "B", **fields: Any) -> Refusal:
    """The only refusal of a draft."""
    made = (draft_a if kind == "A" else draft)(device, inspection, **fields)
    found = can_issue(device, made)
    assert len(found) == 1, found
    return found[0]


def coded(device: Device, made: IssueDraft) -> list[tuple[RefusalCode, str]]:
    return [(refusal.code, refusal.field) for refusal in can_issue(device, made)]


# --- the device ------------------------------------------------------------------------------------------------------


def test_a_frozen_device_says_why_it_is_frozen(device: Device, batch: str) -> None:
    device.frozen = "witness_higher"
    found = one(device, inspection=batch)
    assert (found.code, found.details) == (C.DEVICE_FROZEN, {"reason": "witness_higher"})


def test_a_clock_behind_the_journal_says_both_times(device: Device, batch: str, clock: HandClock) -> None:
    last = clock.at
    clock.forward(minutes=-6)
    found = one(device, inspection=batch, departs_at=last + HOUR)
    assert (found.code, found.limit, found.current) == (C.CLOCK_BEHIND_JOURNAL, last, clock.at)


def test_a_clock_set_back_by_a_moment_stops_nobody(device: Device, batch: str, clock: HandClock) -> None:
    clock.forward(minutes=-5)
    assert can_issue(device, draft(device, batch)) == ()


def test_nobody_signed_in_issues_nothing(device: Device, batch: str) -> None:
    made = draft(device, batch)
    with acting(device, None):
        assert codes(issue_certificate(device, made)) == [C.NOT_SIGNED_IN]


def test_a_full_disk_is_told_before_a_number_is_taken(device: Device, batch: str) -> None:
    device.free_bytes = lambda: 63 * 1024 * 1024
    found = one(device, inspection=batch)
    assert (found.code, found.limit, found.current) == (C.DISK_LOW, 64, 63)


@pytest.fixture
def real(tmp_path: Path, clock: HandClock) -> Iterator[tuple[Office, Device]]:
    """A device under a root that is no practice."""
    office = Office(practice=False, province="32")
    opened = office.enrol(tmp_path / "real", parts(clock))
    yield office, opened
    opened.store.database.abandon()


def test_without_a_licence_a_real_device_is_no_terminal(real: tuple[Office, Device], clock: HandClock) -> None:
    office, device = real
    batch = inspected(device)
    assert one(device, inspection=batch).code is C.NO_TERMINAL_LICENCE
    office.publish(device, TerminalLicence(device.id, STATION, clock.at, clock.at + 5 * DAY))
    assert can_issue(device, draft(device, batch)) == ()
    clock.forward(days=5, minutes=1)
    assert one(device, inspection=batch).code is C.NO_TERMINAL_LICENCE


def test_a_licence_renewed_by_a_faster_clock_leaves_the_one_before_in_force(
    real: tuple[Office, Device], clock: HandClock
) -> None:
    office, device = real
    batch = inspected(device)
    office.publish(device, TerminalLicence(device.id, STATION, clock.at - DAY, clock.at + DAY))
    office.publish(device, TerminalLicence(device.id, STATION, clock.at + DAY // 2, FAR))
    assert can_issue(device, draft(device, batch)) == ()


def test_a_licence_taken_back_ends_the_one_before(real: tuple[Office, Device], clock: HandClock) -> None:
    office, device = real
    batch = inspected(device)
    office.publish(device, TerminalLicence(device.id, STATION, clock.at - DAY, FAR))
    office.publish(device, TerminalLicence(device.id, STATION, clock.at - 1, clock.at - 1))
    assert one(device, inspection=batch).code is C.NO_TERMINAL_LICENCE


def test_a_licence_for_another_device_is_none(real: tuple[Office, Device], clock: HandClock) -> None:
    office, device = real
    office.publish(device, TerminalLicence("7" * 32, STATION, clock.at, FAR))
    assert one(device, inspection=inspected(device)).code is C.NO_TERMINAL_LICENCE


# --- the person ------------------------------------------------------------------------------------------------------


def test_g23_only_a_vet_issues(device: Device, batch: str, clerk: Session) -> None:
    made = draft(device, batch)
    with acting(device, clerk):
        found = can_issue(device, made)
    assert [(refusal.code, refusal.details) for refusal in found] == [
        (C.POST_MISSING, {"action": "issue"}),
        (C.AUTHORITY_MISSING, {}),
        (C.NO_NUMBERS_LEFT, {"kind": "B"}),
    ]


def test_g23_an_expired_grant_stops_issuing(office: Office, device: Device, batch: str, clock: HandClock) -> None:
    office.publish(device, office.grant(VET, "vet", kinds=("A", "B"), valid_until=clock.at + HOUR))
    clock.forward(minutes=61)
    found = one(device, inspection=batch)
    assert (found.code, found.limit) == (C.GRANT_EXPIRED, "2026-11-21")


def test_a_grant_that_begins_tomorrow_changes_nothing_today(
    office: Office, device: Device, batch: str, clock: HandClock
) -> None:
    office.publish(device, office.grant(VET, "clerk", valid_from=clock.at + HOUR))
    assert can_issue(device, draft(device, batch)) == ()
    clock.forward(minutes=61)
    assert C.POST_MISSING in codes(issue_certificate(device, draft(device, batch)))


def test_a_first_grant_that_has_not_begun_does_not_count_yet(tmp_path: Path, clock: HandClock) -> None:
    office = Office()
    whole = office.grant
    office.grant = lambda *posts, **fields: whole(*posts, **fields, valid_from=clock.at + HOUR)  # type: ignore[method-assign]
    device = office.enrol(tmp_path / "home", parts(clock))
    assert C.GRANT_EXPIRED in codes(issue_certificate(device, draft(device, "")))
    device.store.database.abandon()


def test_a_key_whose_window_has_ended_signs_nothing(
    office: Office, device: Device, batch: str, clock: HandClock
) -> None:
    key = device.session_key().public
    ends = PersonKey(VET, device.id, key.suite, key.raw, 0, clock.at + HOUR)
    office.publish(device, ends)
    assert can_issue(device, draft(device, batch)) == ()
    clock.forward(minutes=61)
    found = one(device, inspection=batch)
    assert (found.code, found.limit) == (C.KEY_ENDED, "2026-11-21")
    office.publish(device, msgspec.structs.replace(ends, valid_until=FAR))
    assert can_issue(device, draft(device, batch)) == ()


def test_an_older_grant_never_overwrites_a_newer_one(office: Office, device: Device, batch: str) -> None:
    old, new = office.grant(VET, "clerk"), office.grant(VET, "vet", kinds=("B",))
    office.publish(device, new, old)
    assert can_issue(device, draft(device, batch)) == ()


def test_g24_a_kind_outside_the_authority_names_what_is_inside(office: Office, device: Device, batch: str) -> None:
    reported(device, batch, GCHD="negative")
    office.publish(device, office.grant(VET, "vet", kinds=("B",)))
    found = one(device, inspection=batch, kind="A")
    assert (found.code, found.limit, found.current) == (C.AUTHORITY_MISSING, "A", "B")


def test_g25_a_vet_filed_for_a_alone_issues_no_b(office: Office, device: Device, batch: str) -> None:
    office.publish(device, office.grant(VET, "vet", kinds=("A",)))
    found = one(device, inspection=batch)
    assert (found.code, found.limit, found.current) == (C.AUTHORITY_MISSING, "B", "A")


def test_a_key_the_province_has_not_published_signs_nothing(tmp_path: Path, clock: HandClock) -> None:
    office = Office()
    office.publish_key = lambda device: None  # type: ignore[method-assign]
    device = office.enrol(tmp_path / "home", parts(clock))
    assert one(device, inspection=inspected(device)).code is C.KEY_NOT_PUBLISHED
    Office.publish_key(office, device)
    issued(device)
    device.store.database.abandon()


def test_a_lapsed_lease_names_its_last_day(device: Device, batch: str, clock: HandClock) -> None:
    clock.forward(days=7)
    assert can_issue(device, draft(device, batch)) == ()
    clock.forward(minutes=1)
    found = one(device, inspection=batch)
    assert (found.code, found.limit) == (C.LEASE_EXPIRED, "2026-11-28")


def test_a_longer_lease_gives_the_right_back_and_a_stale_one_takes_nothing(
    office: Office, device: Device, batch: str, clock: HandClock
) -> None:
    clock.forward(days=8)
    office.publish(device, Lease(device.id, clock.at, clock.at + 7 * DAY, 0, b""))
    office.publish(device, Lease(device.id, NOON, NOON + DAY, 0, b""))
    assert can_issue(device, draft(device, batch)) == ()


# --- the case --------------------------------------------------------------------------------------------------------


def test_a_batch_nobody_inspected_is_named(device: Device) -> None:
    found = one(device, inspection="nowhere/4")
    assert (found.code, found.current) == (C.NOT_INSPECTED, "nowhere/4")


def test_a_withdrawn_declaration_carries_no_certificate(device: Device, batch: str) -> None:
    declaration = str(device.rows.many("declarations")[0]["ref"])
    done(withdraw_declaration(device, declaration, reason="trip_cancelled"))
    found = one(device, inspection=batch)
    assert (found.code, found.current) == (C.DECLARATION_NOT_ACCEPTED, "withdrawn")


def test_a_case_given_to_a_sister_device_is_issued_there(device: Device, batch: str) -> None:
    declaration = str(device.rows.many("declarations")[0]["ref"])
    fact = CaseHandedOver(declaration=declaration, device="5" * 32, bundle="0" * 64)
    device.record(lambda act: act.add(fact, sign=device.sign))
    found = one(device, inspection=batch)
    assert (found.code, found.details) == (C.CASE_HANDED_OVER, {"device": "5" * 32})


def test_a_batch_that_failed_is_never_certified(device: Device) -> None:
    failed = inspected(device, form={"conclusion": "failed", "findings": ["fish_bleeding"]})
    assert one(device, inspection=failed).code is C.INSPECTION_FAILED


def other_batch(device: Device, sound: str, **form: Any) -> None:
    """A second batch of the declaration of ``sound`` that failed."""
    declaration = str((device.rows.one("inspections", ref=sound) or {})["declaration"])
    given = {"batch": "4 号池", "quantity": Quantity(1, 0, TEN_THOUSAND_FISH), "conclusion": "failed", **form}
    done(complete_inspection(device, inspection_form(device, declaration, **given)))


@pytest.mark.parametrize("sign", [{"findings": ["fish_dark"]}, {"suspected": ["ICH"]}, {"history_clean": False}])
def test_disease_in_one_batch_of_a_declaration_stops_the_others(device: Device, sign: dict[str, Any]) -> None:
    sound = inspected(device, form={"quantity": Quantity(60, 0, TEN_THOUSAND_FISH)})
    assert can_issue(device, draft(device, sound)) == ()
    other_batch(device, sound, **sign)
    found = one(device, inspection=sound)
    assert (found.code, found.field, found.current) == (C.INSPECTION_FAILED, "batch", "4 号池")


SUSPICION = {"findings": ["fish_bleeding"], "suspected": ["GCHD", "ICH"]}


def sick_sister(device: Device) -> tuple[str, str]:
    """A sound batch, and another of its declaration that failed under suspicion."""
    part = Quantity(60, 0, TEN_THOUSAND_FISH)
    sound = inspected(device, form={"quantity": part})
    other_batch(device, sound, **SUSPICION)
    (sick,) = device.rows.many("inspections", conclusion="failed")
    return sound, str(sick["ref"])


def test_a_suspicion_the_laboratory_cleared_stops_no_other_batch(device: Device) -> None:
    sound, sick = sick_sister(device)
    reported(device, sick, GCHD="negative")
    assert one(device, inspection=sound).code is C.INSPECTION_FAILED  # the second suspicion still stands
    reported(device, sick, ICH="negative")
    assert can_issue(device, draft(device, sound)) == ()
    assert can_issue(device, draft(device, sick))[0].code is C.INSPECTION_FAILED


@pytest.mark.parametrize("outcome", ["positive", "inconclusive"])
def test_a_suspicion_that_was_confirmed_or_stays_open_stops_the_others(device: Device, outcome: str) -> None:
    sound, sick = sick_sister(device)
    reported(device, sick, GCHD="negative", ICH=outcome)
    assert one(device, inspection=sound).field == "batch"
    # No later report takes a positive finding back.
    reported(device, sick, ICH="negative")
    assert bool(can_issue(device, draft(device, sound))) == (outcome == "positive")


def test_an_outbreak_within_twelve_months_is_cleared_by_no_report(device: Device) -> None:
    sound = inspected(device, form={"quantity": Quantity(60, 0, TEN_THOUSAND_FISH)})
    other_batch(device, sound, **SUSPICION, history_clean=False)
    (sick,) = device.rows.many("inspections", conclusion="failed")
    reported(device, str(sick["ref"]), GCHD="negative", ICH="negative")
    assert one(device, inspection=sound).code is C.INSPECTION_FAILED


def test_a_batch_that_failed_on_its_papers_stops_no_other(device: Device) -> None:
    sound = inspected(device, form={"quantity": Quantity(60, 0, TEN_THOUSAND_FISH)})
    other_batch(device, sound, failings=["production_record"])
    assert can_issue(device, draft(device, sound)) == ()


def test_the_batch_of_a_declaration_is_found_or_said_why_not(device: Device) -> None:
    only(batch_to_issue(device, "nowhere/1"), C.NOT_FOUND)
    declaration = accepted(device)
    only(batch_to_issue(device, declaration), C.NOT_INSPECTED)
    part = {"quantity": Quantity(10, 0, TEN_THOUSAND_FISH)}
    missing = {"conclusion": "failed", "failings": ["production_record"], "batch": "1"}
    done(complete_inspection(device, inspection_form(device, declaration, **part, **missing)))
    only(batch_to_issue(device, declaration), C.INSPECTION_FAILED)
    now = device.clock.now().at
    first, second = (
        done(complete_inspection(device, inspection_form(device, declaration, **part, batch=name, ended_at=end)))
        for name, end in (("2", now - 1), ("3", now))
    )
    assert done(batch_to_issue(device, declaration))["ref"] == first
    issued(device, first)
    assert done(batch_to_issue(device, declaration))["ref"] == second


def test_an_a_is_refused_until_its_required_result_stands(device: Device, batch: str) -> None:
    found = one(device, inspection=batch, kind="A")
    assert (found.code, found.details) == (C.RESULT_MISSING, {"disease": "GCHD"})
    reported(device, batch, GCHD="inconclusive")
    assert one(device, inspection=batch, kind="A").code is C.RESULT_MISSING
    reported(device, batch, GCHD="negative")
    assert can_issue(device, draft_a(device, batch)) == ()


def test_every_missing_result_is_named(device: Device) -> None:
    koi = inspected(device, species=106, stage="fingerling")
    missing = [refusal.details["disease"] for refusal in can_issue(device, draft_a(device, koi))]
    assert missing == ["CEVD", "KHVD", "SVC"]


def test_a_positive_result_stops_a_and_b_alike(device: Device, batch: str) -> None:
    reported(device, batch, GCHD="positive")
    for kind in ("A", "B"):
        found = one(device, inspection=batch, kind=kind)
        assert (found.code, found.details) == (C.RESULT_POSITIVE, {"disease": "GCHD"})


def test_what_exceeds_the_inspected_batch_is_told_what_is_left(device: Device, batch: str) -> None:
    issued(device, batch, quantity=Quantity(1_000_000, 0, FISH))
    found = one(device, inspection=batch, quantity=Quantity(21, 0, TEN_THOUSAND_FISH))
    assert (found.code, found.field) == (C.QUANTITY_EXCEEDS_INSPECTED, "quantity")
    assert (found.limit, found.current) == ("200,000", "210,000")
    assert can_issue(device, draft(device, batch, quantity=Quantity(20, 0, TEN_THOUSAND_FISH))) == ()


def test_one_fish_too_many_is_too_many(device: Device, batch: str) -> None:
    found = one(device, inspection=batch, quantity=Quantity(1_200_001, 0, FISH))
    assert found.code is C.QUANTITY_EXCEEDS_INSPECTED


def test_a_weight_is_never_summed_with_a_count(device: Device, batch: str) -> None:
    found = one(device, inspection=batch, quantity=Quantity(3, 0, KG))
    assert (found.code, found.field) == (C.UNITS_DIFFER, "quantity")


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


class UnprintablePaper(PlainPaper):
    """Paper whose fonts lack one character; it shows the consignee."""

    unprintable = "龘"

    def check(self, content: Any) -> Any:
        return super().check(msgspec.structs.replace(content, values=content.values | {"consignee": "王龘"}))


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


# --- numbers ---------------------------------------------------------------------------------------------------------


def test_without_numbers_the_kind_is_named(office: Office, tmp_path: Path, clock: HandClock) -> None:
    device = office.enrol(tmp_path / "home", parts(clock), blocks=0)
    found = one(device, inspection=inspected(device))
    assert (found.code, found.details) == (C.NO_NUMBERS_LEFT, {"kind": "B"})
    device.store.database.abandon()


def test_only_a_block_past_its_last_day_left_is_told_as_such(office: Office, tmp_path: Path, clock: HandClock) -> None:
    device = office.enrol(tmp_path / "home", parts(clock), blocks=0)
    draw, block = office.numbers(device.id, "B")
    office.publish(device, draw, msgspec.structs.replace(block, expires=clock.at + HOUR))
    batch = inspected(device)
    issued(device, batch)
    clock.forward(minutes=61)
    found = one(device, inspection=batch)
    assert (found.code, found.details) == (C.BLOCK_EXPIRED, {"block": block.block})
    device.store.database.abandon()


# --- replacing -------------------------------------------------------------------------------------------------------


def test_what_is_replaced_must_be_here_in_force_and_of_this_batch(device: Device, batch: str) -> None:
    reason = {"replace_reason": "vehicle_changed"}
    found = one(device, inspection=batch, replaces="B 9900000009", **reason)
    assert (found.code, found.field, found.current) == (C.NOT_FOUND, "replaces", "B 9900000009")
    other = issued(device)
    found = one(device, inspection=batch, replaces=other, **reason)
    assert (found.code, found.field, found.current) == (C.FIELD_INVALID, "replaces", other)
    old = issued(device, batch)
    issued(device, batch, replaces=old, **reason)
    found = one(device, inspection=batch, replaces=old, **reason)
    assert (found.code, found.field, found.current, found.limit) == (C.WRONG_STATE, "replaces", "replaced", "issued")


@pytest.mark.parametrize(
    ("reason", "code"), [("", C.FIELD_MISSING), ("因为王大河换了车", C.FIELD_INVALID), ("void", C.FIELD_INVALID)]
)
def test_replacing_needs_a_reason_of_the_list(device: Device, batch: str, reason: str, code: RefusalCode) -> None:
    old = issued(device, batch)
    found = one(device, inspection=batch, replaces=old, replace_reason=reason)
    assert (found.code, found.field) == (code, "replace_reason")


# --- which comes first -----------------------------------------------------------------------------------------------


def test_everything_that_stands_against_a_draft_is_told_in_one_order(
    office: Office, device: Device, clock: HandClock
) -> None:
    failed = inspected(device, form={"conclusion": "failed", "suspected": ["ICH"]})
    office.publish(device, office.policy(offline_kinds=[]))
    office.publish(device, office.grant(VET, "clerk", valid_until=clock.at - 1))
    device.frozen = "witness_other_hash"
    device.free_bytes = lambda: 0
    last = clock.at
    clock.at += 8 * DAY
    issued_nothing = draft_a(
        device,
        failed,
        quantity=Quantity(3, 0, KG),
        destination_place="",
        plate="1",
        valid_days=9,
        departs_at=last,
        replaces="A 1",
        destination=GAOYOU,
        medium="none",
    )
    assert codes(issue_certificate(device, issued_nothing)) == [
        C.DEVICE_FROZEN,
        C.POST_MISSING,
        C.AUTHORITY_MISSING,
        C.LEASE_EXPIRED,
        C.NOT_FOUND,
        C.INSPECTION_FAILED,
        C.RESULT_MISSING,
        C.RESULT_MISSING,
        C.UNITS_DIFFER,
        C.FIELD_MISSING,
        C.FIELD_MISSING,
        C.FIELD_INVALID,
        C.FIELD_INVALID,
        C.KIND_WRONG,
        C.DEPARTURE_PASSED,
        C.VALIDITY_TOO_LONG,
        C.OFFLINE_NOT_ALLOWED,
        C.DISK_LOW,
    ]


def test_the_paper_is_asked_only_when_the_rest_could_be_printed(device: Device, batch: str) -> None:
    device.paper = UnprintablePaper()
    assert coded(device, draft(device, batch, plate="")) == [(C.FIELD_MISSING, "plate")]
    assert [code for code, _field in coded(device, draft(device, batch))] == [C.CHARACTER_NOT_PRINTABLE]


def test_what_may_be_issued_is_issued_and_what_may_not_changes_nothing(device: Device, batch: str) -> None:
    before = device.store.head()
    assert codes(issue_certificate(device, draft(device, batch, plate=""))) == [C.FIELD_MISSING]
    assert device.store.head() == before
    assert number_states(device, "B") == ["free"] * 10
    assert can_issue(device, draft(device, batch)) == ()
    done(issue_certificate(device, draft(device, batch)))
