"""A paper in its owner's hands: never ended for our errors without another, never seized without cause and order."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.journal.entries.certificates import CertificateVoided
from inspector_app.services.device import Device, Session
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.ready import check_departure
from inspector_app.services.telling_owners import Order, owners_to_tell, tell_owner, who_may_order
from tests.office import CLERK, HEAD, STATION, VET, HandClock, Office
from tests.services.work import (
    MINUTE,
    acting,
    assert_sound,
    done,
    draft,
    handed_over,
    issued,
    only,
    reasons,
    state,
    void_paper,
)

BY_LAW = Order("apl_103", HEAD)


def ended(device: Device) -> str:
    """A certificate its owner held and gave up."""
    number = handed_over(device)
    done(void_paper(device, number, reason="trip_cancelled", on_desk=0))
    return number


@pytest.mark.parametrize("reason", ["wrong_entry", "wrong_make", "damaged", "missing_sheet", "number_fault"])
def test_g50_an_error_of_ours_is_replaced_and_never_just_voided(device: Device, reason: str) -> None:
    number = handed_over(device)
    only(void_paper(device, number, reason=reason, on_desk=0), C.NEEDS_REPLACEMENT, "reason")
    assert state(device, number) == "issued"


@pytest.mark.parametrize("reason", ["revoked", "seized", "disease_found", "other"])
def test_g50_nobody_seizes_or_revokes_without_a_basis_and_an_order(device: Device, reason: str) -> None:
    number = handed_over(device)
    outcome = void_paper(device, number, reason=reason, on_desk=0, note="有人举报")
    found = [(one.code, one.field) for one in reasons(outcome)]
    assert found == [(C.FIELD_MISSING, "legal_basis"), (C.FIELD_MISSING, "ordered_by")]
    assert state(device, number) == "issued"


def test_g50_who_ordered_it_may_order_it(device: Device) -> None:
    number = handed_over(device)
    order = Order("apl_103", CLERK)
    only(
        void_paper(device, number, reason="seized", on_desk=0, note="冒用", order=order),
        C.FIELD_INVALID,
        "ordered_by",
    )


def test_g50_nobody_orders_it_whose_grant_is_over(office: Office, device: Device, clock: HandClock) -> None:
    number = handed_over(device)
    over = msgspec.structs.replace(office.grant(HEAD, "head"), valid_until=clock.now().at - 1)
    office.publish(device, over)
    assert HEAD not in [grant.person for grant in who_may_order(device)]
    seized = void_paper(device, number, reason="seized", on_desk=0, note="冒用", order=BY_LAW)
    only(seized, C.FIELD_INVALID, "ordered_by")


def test_g50_nobody_seizes_by_their_own_order(device: Device) -> None:
    number = handed_over(device)
    assert VET not in [grant.person for grant in who_may_order(device)]
    seized = void_paper(device, number, reason="seized", on_desk=0, note="冒用", order=Order("apl_103", VET))
    only(seized, C.ONE_PERSON_TWICE, "ordered_by")
    assert state(device, number) == "issued"


@pytest.mark.parametrize(("station", "allowed"), [(0, True), (STATION, True), (STATION + 1, False)])
def test_who_orders_it_is_of_this_station_or_of_the_institution_above(
    office: Office, device: Device, station: int, *, allowed: bool
) -> None:
    number = handed_over(device)
    office.publish(device, office.grant(31, "supervisor", name="严督查", station=station))
    assert (31 in [grant.person for grant in who_may_order(device)]) is allowed
    seized = void_paper(device, number, reason="seized", on_desk=0, note="冒用", order=Order("apl_103", 31))
    if allowed:
        done(seized)
    else:
        only(seized, C.FIELD_INVALID, "ordered_by")


def test_by_law_and_by_order_it_is_seized_and_both_are_on_record(device: Device) -> None:
    number = handed_over(device)
    ref = done(void_paper(device, number, reason="seized", on_desk=0, note="冒用", order=BY_LAW))
    fact = (device.store.entry(ref) or pytest.fail("no entry")).fact
    assert isinstance(fact, CertificateVoided)
    assert (fact.legal_basis, fact.ordered_by) == ("apl_103", HEAD)
    assert_sound(device)


def test_what_is_still_on_the_desk_is_voided_for_any_error(device: Device) -> None:
    number = issued(device)
    ref = done(void_paper(device, number, reason="wrong_entry", on_desk=0, order=BY_LAW))
    fact = (device.store.entry(ref) or pytest.fail("no entry")).fact
    assert isinstance(fact, CertificateVoided)
    assert (fact.legal_basis, fact.ordered_by) == ("", 0)
    assert owners_to_tell(device) == []


def test_a_replacement_in_its_owner_s_hands_is_told_to_the_owner(device: Device) -> None:
    number = handed_over(device)
    batch = str((device.rows.one("certificates", number=number) or {})["inspection"])
    done(issue_certificate(device, draft(device, batch, replaces=number, replace_reason="wrong_entry")))
    assert [row["number"] for row in owners_to_tell(device)] == [number]
    assert "owner_not_told" in [reason.code for reason in check_departure(device)]
    done(tell_owner(device, number, means="telephone"))
    assert owners_to_tell(device) == []
    assert "owner_not_told" not in [reason.code for reason in check_departure(device)]
    assert_sound(device)


def test_an_owner_is_told_once_and_a_clerk_may(device: Device, clerk: Session) -> None:
    number = ended(device)
    with acting(device, clerk):
        done(tell_owner(device, number, means="in_person", note="货主到站"))
        only(tell_owner(device, number, means="in_person"), C.ALREADY_RECORDED)


@pytest.mark.parametrize("shift", [-60 * MINUTE, MINUTE])
def test_nobody_was_told_before_the_hand_over_or_in_time_to_come(device: Device, clock: HandClock, shift: int) -> None:
    number = ended(device)
    only(tell_owner(device, number, means="letter", told_at=clock.at + shift), C.FIELD_INVALID, "told_at")


def test_there_is_nothing_to_tell_of_what_is_in_force_or_never_left_the_desk(device: Device) -> None:
    only(tell_owner(device, handed_over(device), means="telephone"), C.WRONG_STATE, "owner_told")
    number = issued(device)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    only(tell_owner(device, number, means="telephone"), C.WRONG_STATE, "owner_told")
    only(tell_owner(device, "B 9900000077", means="telephone"), C.NOT_FOUND)


def test_how_the_owner_was_told_is_a_code_of_the_list(device: Device) -> None:
    only(tell_owner(device, ended(device), means="pigeon"), C.FIELD_INVALID, "told_by")
