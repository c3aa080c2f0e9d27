"""Declarations: taken down, accepted with the lead time, not accepted with a reason, withdrawn; provisional parties."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from inspector_app.domain.authority import StationSheet
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import RefusalCode
from inspector_app.journal.entries.declarations import DeclarationAccepted, DeclarationRecorded, PartyRecorded
from inspector_app.services.declaration_papers import declaration_content
from inspector_app.services.declaring import (
    accept_declaration,
    check_form,
    form_from_online,
    record_declaration,
    refuse_acceptance,
    withdraw_declaration,
)
from inspector_app.services.device import Device, Session
from tests.office import STATION, VET, HandClock, Office
from tests.services.work import (
    DAY,
    FISH,
    HANGZHOU,
    HOUR,
    TEN_THOUSAND_FISH,
    accepted,
    acting,
    assert_sound,
    codes,
    declaration_form,
    declared,
    done,
    inspected,
    issued,
    online_declaration,
    only,
    reasons,
)

BAOYING = 321023


def facts(device: Device) -> list[object]:
    return [entry.fact for entry in device.store.entries()]


def row(device: Device, declaration: str) -> dict[str, Any]:
    return device.rows.one("declarations", ref=declaration) or {}


# --- taking down -----------------------------------------------------------------------------------------------------


def test_a_declaration_is_taken_down_with_its_texts_cleaned(device: Device) -> None:
    declaration = declared(device, owner="  王大河 ", owner_phone="+86 138 0000 0001", remarks=" 清晨装车 ")
    held = row(device, declaration)
    assert (held["owner_name"], held["owner_phone"], held["remarks"]) == ("王大河", "13800000001", "清晨装车")
    assert (held["state"], held["recorded_by"], held["holder"]) == ("recorded", VET, device.id)


def test_names_are_only_in_the_private_part(device: Device) -> None:
    declared(device, owner="王𬀩", owner_address="高邮市菱塘", permit="(苏)苗第0101号", remarks="电话下午再打")
    public = b"".join(written.public for written in device.store.written())
    for text in ("王𬀩", "13800000001", "菱塘", "0101", "下午"):
        assert text.encode() not in public


def test_an_unknown_owner_becomes_a_provisional_party_and_a_known_one_is_found_again(device: Device) -> None:
    first, second = declared(device), declared(device, owner=" 王大河", owner_phone="138 0000 0001")
    assert row(device, first)["owner"] == row(device, second)["owner"]
    third = declared(device, owner_phone="13800000009")
    assert row(device, third)["owner"] != row(device, first)["owner"]
    assert sum(isinstance(fact, PartyRecorded) for fact in facts(device)) == 2


def test_a_party_and_its_declaration_are_recorded_together(device: Device) -> None:
    before = device.store.head().seq
    declared(device)
    assert device.store.head().seq == before + 2
    assert isinstance(facts(device)[-1], DeclarationRecorded)


@pytest.mark.parametrize("field", ["owner", "owner_phone", "stage", "origin_place", "destination_place"])
@pytest.mark.parametrize("blank", ["", " \t "])
def test_every_required_field_is_missed_by_its_name(device: Device, field: str, blank: str) -> None:
    outcome = record_declaration(device, declaration_form(device, **{field: blank}))
    only(outcome, RefusalCode.FIELD_MISSING, field)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("species", 0),
        ("species", 9999),
        ("purpose", 77),
        ("origin", 0),
        ("origin", 321000_1),
        ("origin", 320000),
        ("origin", 321000),
        ("destination", 999999),
        ("channel", "wechat"),
        ("stage", "teenager"),
        ("stage", "megalopa"),  # a stage of crabs, not of grass carp
    ],
)
def test_a_code_outside_its_list_is_refused(device: Device, field: str, value: object) -> None:
    outcome = record_declaration(device, declaration_form(device, **{field: value}))
    only(outcome, RefusalCode.FIELD_INVALID, field)


@pytest.mark.parametrize(
    ("quantity", "problem"),
    [
        (Quantity(0, 0, FISH), "not_positive"),
        (Quantity(5, 1, FISH), "not_whole"),
        (Quantity(1, 0, 999), "unit_unknown"),
        (Quantity(2**53 - 1, 0, TEN_THOUSAND_FISH), "too_large"),
    ],
)
def test_a_quantity_that_cannot_be_is_refused_with_its_problem(
    device: Device, quantity: Quantity, problem: str
) -> None:
    outcome = record_declaration(device, declaration_form(device, quantity=quantity))
    assert only(outcome, RefusalCode.FIELD_INVALID, "quantity").details == {"problem": problem}


@pytest.mark.parametrize(
    ("field", "text", "character"),
    [
        ("owner", "王\u202e河大", "U+202E"),
        ("origin_place", "菱塘\u200b镇", "U+200B"),
        ("destination_place", "沙沟\x07镇", "U+0007"),
        ("remarks", "第一行\n第二行", "U+000A"),
        ("permit", "苗\u2066字", "U+2066"),
        ("pond", "3\x00号", "U+0000"),
        ("consignee", "李\ue000", "U+E000"),
        ("owner_address", "高邮\ufeff市", "U+FEFF"),
    ],
)
def test_hidden_and_direction_changing_characters_are_refused_where_they_stand(
    device: Device, field: str, text: str, character: str
) -> None:
    found = only(
        record_declaration(device, declaration_form(device, **{field: text})), RefusalCode.FIELD_INVALID, field
    )
    assert (found.details["problem"], found.details["character"]) == ("forbidden_character", character)


def test_a_rare_name_is_an_ordinary_name(device: Device) -> None:
    declaration = declared(device, owner="㛃𬀩𠮷")
    assert row(device, declaration)["owner_name"] == "㛃𬀩𠮷"


def test_a_text_too_long_says_by_how_much(device: Device) -> None:
    found = only(
        record_declaration(device, declaration_form(device, remarks="长" * 203)), RefusalCode.FIELD_INVALID, "remarks"
    )
    assert (found.details["problem"], found.details["amount"]) == ("too_long", 3)


def test_a_telephone_abroad_is_kept_as_typed(device: Device) -> None:
    declaration = declared(device, owner_phone="+852 2345-6789")
    assert row(device, declaration)["owner_phone"] == "+8522345-6789"
    assert done(declaration_content(device, declaration)).values["owner_phone"] == "+8522345-6789"


def test_a_telephone_one_digit_short_says_so(device: Device) -> None:
    found = only(
        record_declaration(device, declaration_form(device, owner_phone="1380000000")),
        RefusalCode.FIELD_INVALID,
        "owner_phone",
    )
    assert (found.details["problem"], found.details["amount"]) == ("phone_too_short", 1)


@pytest.mark.parametrize("late_ms", [0, 1, DAY])
def test_a_departure_that_is_not_ahead_has_passed(device: Device, late_ms: int) -> None:
    form = declaration_form(device, departs_at=device.clock.now().at - late_ms)
    only(record_declaration(device, form), RefusalCode.DEPARTURE_PASSED, "departs_at")


def test_a_departure_in_another_age_is_a_slip(device: Device) -> None:
    form = declaration_form(device, departs_at=2**60)
    only(record_declaration(device, form), RefusalCode.FIELD_INVALID, "departs_at")


def test_all_faults_of_a_form_are_told_at_once_missing_ones_first(device: Device) -> None:
    form = declaration_form(device, owner="", species=0, departs_at=1)
    assert [(one.code, one.field) for one in check_form(device, form)] == [
        (RefusalCode.FIELD_MISSING, "owner"),
        (RefusalCode.FIELD_INVALID, "species"),
        (RefusalCode.DEPARTURE_PASSED, "departs_at"),
    ]


def test_what_is_refused_leaves_no_trace(device: Device) -> None:
    before = device.store.head()
    reasons(record_declaration(device, declaration_form(device, owner="")))
    assert device.store.head() == before
    assert device.rows.many("parties") == []


# --- who may ---------------------------------------------------------------------------------------------------------


def test_nobody_signed_in_declares_nothing(device: Device) -> None:
    with acting(device, None):
        only(record_declaration(device, declaration_form(device)), RefusalCode.NOT_SIGNED_IN)


def test_a_person_without_the_post_is_told_which_act_it_was(office: Office, device: Device, clerk: Session) -> None:
    office.publish(device, office.grant(clerk.person, "clerk"))
    with acting(device, clerk):
        found = only(record_declaration(device, declaration_form(device)), RefusalCode.POST_MISSING)
    assert found.details == {"action": "declare"}


def test_the_reception_may_declare_and_decide_without_being_a_vet(device: Device, clerk: Session) -> None:
    with acting(device, clerk):
        accepted(device)


# --- declared before it was typed in ---------------------------------------------------------------------------------


def recorded(device: Device, declaration: str) -> DeclarationRecorded:
    entry = device.store.entry(declaration)
    assert entry is not None
    assert isinstance(entry.fact, DeclarationRecorded)
    return entry.fact


def test_a_declaration_says_when_it_was_made(device: Device) -> None:
    now = device.clock.now().at
    assert recorded(device, declared(device)).declared_at == now
    by_phone = declared(device, channel="phone", declared_at=now - 3 * HOUR)
    assert recorded(device, by_phone).declared_at == now - 3 * HOUR
    assert (row(device, by_phone)["declared_at"], row(device, by_phone)["recorded_at"]) == (now - 3 * HOUR, now)


def test_the_lead_time_counts_from_the_telephone_call(device: Device) -> None:
    now = device.clock.now().at
    declaration = declared(device, channel="phone", declared_at=now - DAY, departs_at=now + 2 * DAY)
    # And the vet may have come between the call and the typing.
    done(accept_declaration(device, declaration, inspect_on="2026-11-20"))
    too_early = declared(device, declared_at=now - DAY, departs_at=now + 2 * DAY)
    found = only(
        accept_declaration(device, too_early, inspect_on="2026-11-19"), RefusalCode.FIELD_INVALID, "inspect_on"
    )
    assert found.current == "2026-11-19"


@pytest.mark.parametrize("off", [1, DAY, -32 * DAY])
def test_nothing_was_declared_in_time_to_come_or_in_another_month(device: Device, off: int) -> None:
    form = declaration_form(device, declared_at=device.clock.now().at + off)
    only(record_declaration(device, form), RefusalCode.FIELD_INVALID, "declared_at")


def test_what_came_online_keeps_the_time_the_province_gave_it(office: Office, device: Device) -> None:
    sent = device.clock.now().at - 40 * DAY
    office.publish(device, online_declaration(device, "o-1", declared_at=sent))
    inbox = device.rows.one("online_declarations", online="o-1") or {}
    typed = msgspec.structs.replace(form_from_online(inbox), declared_at=device.clock.now().at)
    assert recorded(device, done(record_declaration(device, typed))).declared_at == sent


# --- online ----------------------------------------------------------------------------------------------------------


def test_an_online_declaration_is_taken_up_once_and_leaves_the_inbox(office: Office, device: Device) -> None:
    office.publish(device, online_declaration(device, "99-20261121-0001"))
    inbox = device.rows.one("online_declarations", online="99-20261121-0001") or {}
    declaration = done(record_declaration(device, form_from_online(inbox)))
    assert (device.rows.one("online_declarations", online="99-20261121-0001") or {})["declaration"] == declaration
    again = only(record_declaration(device, form_from_online(inbox)), RefusalCode.ALREADY_RECORDED)
    assert again.current == declaration


def test_an_online_declaration_nobody_sent_is_not_found(device: Device) -> None:
    form = declaration_form(device, channel="online", online="99-20261121-0404")
    found = only(record_declaration(device, form), RefusalCode.NOT_FOUND, "online")
    assert found.current == "99-20261121-0404"


def test_the_lead_time_of_an_online_declaration_counts_from_when_it_was_sent(office: Office, device: Device) -> None:
    sent = device.clock.now().at - 2 * DAY
    office.publish(device, online_declaration(device, "o-1", declared_at=sent, departs_at=sent + 3 * DAY))
    inbox = device.rows.one("online_declarations", online="o-1") or {}
    declaration = done(record_declaration(device, form_from_online(inbox)))
    done(accept_declaration(device, declaration, inspect_on=device.today()))


def test_a_stale_online_declaration_is_taken_up_to_be_closed_and_never_accepted(office: Office, device: Device) -> None:
    sent = device.clock.now().at - 5 * DAY
    office.publish(device, online_declaration(device, "o-1", declared_at=sent, departs_at=sent + 4 * DAY))
    declaration = done(record_declaration(device, form_from_online(device.rows.one("online_declarations") or {})))
    outcome = accept_declaration(device, declaration, inspect_on=device.today())
    only(outcome, RefusalCode.DEPARTURE_PASSED, "departs_at")
    done(refuse_acceptance(device, declaration, reason="materials_incomplete"))
    assert not [one for one in device.rows.many("online_declarations") if not one["declaration"]]


# --- accepting -------------------------------------------------------------------------------------------------------


def test_a_declaration_in_time_is_accepted_without_a_reason(device: Device) -> None:
    declaration = declared(device, departs_at=device.clock.now().at + 3 * DAY)
    done(accept_declaration(device, declaration, inspect_on="2026-11-22"))
    held = row(device, declaration)
    assert (held["state"], held["inspect_on"], held["short_notice"]) == ("accepted", "2026-11-22", "")


def test_a_lead_time_one_minute_short_needs_a_reason(device: Device) -> None:
    declaration = declared(device, departs_at=device.clock.now().at + 3 * DAY - 60_000)
    found = only(
        accept_declaration(device, declaration, inspect_on=device.today()),
        RefusalCode.LEAD_TIME_TOO_SHORT,
        "short_notice",
    )
    assert (found.limit, found.current) == (3, 2)
    done(accept_declaration(device, declaration, inspect_on=device.today(), short_notice="weather"))
    assert row(device, declaration)["short_notice"] == "weather"


def test_a_reason_for_short_notice_is_one_of_the_list(device: Device) -> None:
    declaration = declared(device, departs_at=device.clock.now().at + HOUR)
    outcome = accept_declaration(device, declaration, inspect_on=device.today(), short_notice="王大河催得急")
    only(outcome, RefusalCode.FIELD_INVALID, "short_notice")


def test_where_policy_allows_no_short_notice_no_reason_helps(office: Office, device: Device) -> None:
    office.publish(device, office.policy(short_notice_allowed=False))
    declaration = declared(device, departs_at=device.clock.now().at + HOUR)
    outcome = accept_declaration(device, declaration, inspect_on=device.today(), short_notice="weather")
    only(outcome, RefusalCode.LEAD_TIME_TOO_SHORT, "short_notice")


def test_a_reason_nobody_needed_is_not_put_on_record(device: Device) -> None:
    declaration = declared(device)
    done(accept_declaration(device, declaration, inspect_on=device.today(), short_notice="weather"))
    fact = facts(device)[-1]
    assert isinstance(fact, DeclarationAccepted)
    assert fact.short_notice == ""


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-11-31", "20261121", "2026-11-20"])
def test_the_day_of_the_visit_is_a_day_from_today_on(device: Device, day: str) -> None:
    outcome = accept_declaration(device, declared(device), inspect_on=day)
    only(outcome, RefusalCode.FIELD_INVALID, "inspect_on")


def test_the_visit_is_not_after_the_departure(device: Device) -> None:
    declaration = declared(device, departs_at=device.clock.now().at + 3 * DAY)
    late = accept_declaration(device, declaration, inspect_on="2026-11-25")
    assert only(late, RefusalCode.FIELD_INVALID, "inspect_on").limit == "2026-11-24"
    done(accept_declaration(device, declaration, inspect_on="2026-11-24"))


def test_what_departed_meanwhile_is_not_accepted(device: Device, clock: HandClock) -> None:
    declaration = declared(device, departs_at=clock.at + HOUR)
    clock.forward(minutes=60)
    outcome = accept_declaration(device, declaration, inspect_on=device.today(), short_notice="weather")
    only(outcome, RefusalCode.DEPARTURE_PASSED, "departs_at")


def test_animals_of_another_district_are_not_accepted(device: Device) -> None:
    declaration = declared(device, origin=BAOYING)
    found = only(
        accept_declaration(device, declaration, inspect_on=device.today()), RefusalCode.OTHER_DISTRICT, "origin"
    )
    assert (found.limit, found.current) == ("江苏省扬州市高邮市", "江苏省扬州市宝应县")
    done(refuse_acceptance(device, declaration, reason="other_district"))


@pytest.mark.parametrize("area", [321000, 320000])
def test_a_station_of_a_city_or_province_accepts_from_all_its_counties(
    office: Office, device: Device, area: int
) -> None:
    office.publish(device, StationSheet(STATION, 2, "练习站", "Practice Station", area, "0514-84600000", "站", "湖西"))
    declaration = declared(device, origin=BAOYING)
    done(accept_declaration(device, declaration, inspect_on=device.today()))


def test_only_a_recorded_declaration_can_be_accepted(device: Device) -> None:
    declaration = accepted(device)
    found = only(accept_declaration(device, declaration, inspect_on=device.today()), RefusalCode.WRONG_STATE)
    assert (found.current, found.limit) == ("accepted", "accepted")


def test_a_declaration_nobody_made_is_not_found(device: Device) -> None:
    found = only(accept_declaration(device, "nowhere/7", inspect_on=device.today()), RefusalCode.NOT_FOUND)
    assert found.current == "nowhere/7"


# --- not accepting, withdrawing --------------------------------------------------------------------------------------


def test_not_accepting_needs_the_reason_the_law_demands(device: Device) -> None:
    declaration = declared(device)
    only(refuse_acceptance(device, declaration, reason=""), RefusalCode.FIELD_MISSING, "reason")
    done(refuse_acceptance(device, declaration, reason="materials_incomplete"))
    assert (row(device, declaration)["state"], row(device, declaration)["reason"]) == (
        "not_accepted",
        "materials_incomplete",
    )


def test_a_reason_in_free_words_never_reaches_the_public_record(device: Device) -> None:
    outcome = refuse_acceptance(device, declared(device), reason="王大河的材料不齐")
    only(outcome, RefusalCode.FIELD_INVALID, "reason")


def test_some_reasons_demand_words_of_their_own(device: Device) -> None:
    declaration = declared(device)
    only(refuse_acceptance(device, declaration, reason="other_law", note=" "), RefusalCode.FIELD_MISSING, "note")
    only(
        refuse_acceptance(device, declaration, reason="other_law", note="见\u202e附"), RefusalCode.FIELD_INVALID, "note"
    )
    done(refuse_acceptance(device, declaration, reason="other_law", note="保护区内捕捞"))
    public = b"".join(written.public for written in device.store.written())
    assert "保护区".encode() not in public


def test_a_declaration_not_accepted_stays_so(device: Device) -> None:
    declaration = declared(device)
    done(refuse_acceptance(device, declaration, reason="out_of_scope"))
    assert codes(accept_declaration(device, declaration, inspect_on=device.today())) == [RefusalCode.WRONG_STATE]
    assert codes(withdraw_declaration(device, declaration, reason="trip_cancelled")) == [RefusalCode.WRONG_STATE]


def test_the_declarant_may_take_an_accepted_declaration_back(device: Device) -> None:
    declaration = accepted(device)
    done(withdraw_declaration(device, declaration, reason="date_changed", note="改到下周"))
    assert row(device, declaration)["state"] == "withdrawn"


def test_who_accepted_stays_on_record_after_a_withdrawal(device: Device, clerk: Session, clock: HandClock) -> None:
    declaration = declared(device, departs_at=clock.at + 2 * DAY)
    words = "凌晨停电"
    done(accept_declaration(device, declaration, inspect_on=device.today(), short_notice="other", note=words))
    accepted_at, vet = clock.at, device.person()
    clock.forward(minutes=5)
    with acting(device, clerk):
        done(withdraw_declaration(device, declaration, reason="other", note="货主改了主意"))
    held = row(device, declaration)
    assert (held["accepted_at"], held["accepted_by"], held["acceptance_note"]) == (accepted_at, vet, words)
    assert (held["decided_by"], held["decision_note"]) == (clerk.person, "货主改了主意")
    assert_sound(device)


def test_a_batch_that_failed_is_dealt_with_and_not_withdrawn(device: Device) -> None:
    batch = inspected(device, form={"conclusion": "failed", "findings": ["fish_dark"]})
    declaration = str((device.rows.one("inspections", ref=batch) or {})["declaration"])
    found = only(withdraw_declaration(device, declaration, reason="trip_cancelled"), RefusalCode.WRONG_STATE)
    assert (found.current, found.limit) == ("failed", "withdrawn")


def test_a_declaration_with_a_certificate_in_force_cannot_be_withdrawn(device: Device) -> None:
    issued(device)
    declaration = str(device.rows.many("declarations")[0]["ref"])
    found = only(withdraw_declaration(device, declaration, reason="trip_cancelled"), RefusalCode.WRONG_STATE)
    assert (found.current, found.limit) == ("certified", "withdrawn")


def test_the_post_comes_before_the_state_and_the_state_before_the_reason(device: Device, clerk: Session) -> None:
    declaration = accepted(device)
    outcome = refuse_acceptance(device, declaration, reason="")
    assert codes(outcome) == [RefusalCode.WRONG_STATE, RefusalCode.FIELD_MISSING]
    with acting(device, None):
        outcome = refuse_acceptance(device, "nowhere/1", reason="")
    assert codes(outcome) == [RefusalCode.NOT_SIGNED_IN, RefusalCode.NOT_FOUND, RefusalCode.FIELD_MISSING]


def test_an_expired_grant_stops_deciding_and_names_its_last_day(
    office: Office, device: Device, clock: HandClock
) -> None:
    office.publish(device, office.grant(VET, "vet", kinds=("A", "B"), valid_until=clock.at + DAY))
    declaration = declared(device)
    clock.forward(days=1, minutes=1)
    found = only(accept_declaration(device, declaration, inspect_on=device.today()), RefusalCode.GRANT_EXPIRED)
    assert found.limit == "2026-11-22"


def test_a_grant_for_another_station_gives_no_post_here(office: Office, device: Device) -> None:
    office.publish(device, office.grant(VET, "vet", kinds=("A", "B"), station=8))
    only(record_declaration(device, declaration_form(device)), RefusalCode.POST_MISSING)


def test_a_home_stays_sound_through_all_of_it(device: Device) -> None:
    inspected(device)
    declared(device, destination=HANGZHOU)
    done(withdraw_declaration(device, declared(device), reason="declared_twice"))
    assert_sound(device)


@pytest.mark.parametrize("given", [-1, 1_795_000_000_000_000, 10**18])
def test_a_time_of_declaration_on_no_calendar_is_refused_as_it_was_given(device: Device, given: int) -> None:
    form = declaration_form(device, declared_at=given)
    refusal = only(record_declaration(device, form), RefusalCode.FIELD_INVALID, "declared_at")
    assert refusal.current == str(given)
