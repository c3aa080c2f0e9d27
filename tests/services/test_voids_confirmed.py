"""The second person of a void: in three forms, for notices too, counted at day close and before departure."""

from __future__ import annotations

import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.journal.entries.custody import DayClosed
from inspector_app.journal.projections import Row
from inspector_app.services.attaching import attach
from inspector_app.services.ceremony import (
    confirm_act,
    overdue_voids,
    second_person,
    unconfirmed,
    unconfirmed_voids,
)
from inspector_app.services.day_close import close_day, day_sheet
from inspector_app.services.device import Device, Session
from inspector_app.services.handing_over import confirm_void, confirm_void_together
from inspector_app.services.noticing import issue_notice
from inspector_app.services.ready import Weight, check_departure
from tests.office import VET, HandClock, Office
from tests.services.test_ceremony import PHOTO
from tests.services.test_noticing import notice
from tests.services.work import acting, assert_sound, done, inspected, issued, only, void_paper


def voided(device: Device) -> str:
    """A certificate the vet voided alone."""
    number = issued(device)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    return number


def the_act(device: Device, number: str) -> Row:
    """What is on record of the second person."""
    (row,) = device.rows.many("acts", subject=number)
    return row


def test_at_one_desk_both_sign_and_the_first_stays_signed_in(device: Device, head: Session) -> None:
    number, first = voided(device), device.session
    done(confirm_void_together(device, number, head))
    assert device.session is first
    assert (second_person(device, number), the_act(device, number)["form"]) == (head.person, "together")
    assert_sound(device)


def test_there_is_nothing_to_confirm_at_one_desk_where_nothing_is_void(device: Device, head: Session) -> None:
    number = issued(device)
    assert only(confirm_void_together(device, number, head), C.WRONG_STATE).current == "issued"
    only(confirm_void_together(device, "B 9900000077", head), C.NOT_FOUND)


def test_on_paper_the_signed_form_is_photographed(device: Device, head: Session) -> None:
    number = voided(device)
    with acting(device, head):
        only(confirm_void(device, number, form="on_paper"), C.FIELD_MISSING, "attachments")
        done(confirm_void(device, number, form="on_paper", attachments=[attach(device, PHOTO)]))
    assert the_act(device, number)["form"] == "on_paper"


def test_where_policy_wants_the_signed_form_a_click_is_not_enough(
    office: Office, device: Device, head: Session
) -> None:
    office.publish(device, office.policy(ceremony_void="on_paper"))
    number = voided(device)
    with acting(device, head):
        only(confirm_void(device, number), C.FIELD_MISSING, "attachments")
        only(confirm_act(device, str(the_act(device, number)["ref"])), C.FIELD_MISSING, "attachments")
    done(confirm_void_together(device, number, head))


def test_a_notice_s_void_wants_a_second_person_too(device: Device, head: Session) -> None:
    batch = inspected(device, form={"conclusion": "failed", "findings": ["fish_bleeding"]})
    number = done(issue_notice(device, notice(batch))).number
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    only(confirm_void(device, number), C.ONE_PERSON_TWICE)
    with acting(device, head):
        done(confirm_void(device, number))
    assert second_person(device, number) == head.person
    assert_sound(device)


def test_voids_without_a_second_person_are_counted_at_day_close(device: Device, head: Session) -> None:
    number, other = voided(device), voided(device)
    with acting(device, head):
        done(confirm_void(device, other))
    sheet = day_sheet(device, device.today())
    assert (sheet.voids_unconfirmed, sheet.voids_overdue) == ([number], [])
    done(close_day(device, device.today()))
    entry = device.store.entry(str(device.rows.many("days")[0]["ref"]))
    assert entry is not None
    assert isinstance(entry.fact, DayClosed)
    assert (entry.fact.voids_unconfirmed, entry.fact.voids_overdue) == (1, 0)


def reasons_of_voids(device: Device) -> list[tuple[str, str, object]]:
    """What the check before departure says of voids."""
    return [
        (one.weight.value, one.code, one.details["count"])
        for one in check_departure(device)
        if one.code.startswith("voids")
    ]


@pytest.mark.parametrize(("days", "weight", "code"), [(0, Weight.NOTE, "voids_unconfirmed"),
                                                     (6, Weight.NOTE, "voids_unconfirmed"),
                                                     (7, Weight.CURE, "voids_overdue")])  # fmt: skip
def test_a_void_waits_five_working_days_before_it_is_overdue(
    device: Device, clock: HandClock, days: int, weight: Weight, code: str
) -> None:
    """Voided on a Saturday: the fifth working day is the Friday after."""
    voided(device)
    clock.forward(days=days)
    assert reasons_of_voids(device) == [(weight.value, code, 1)]
    assert len(overdue_voids(device)) == (code == "voids_overdue")


def test_a_confirmed_void_is_no_reason_any_more(device: Device, clock: HandClock, head: Session) -> None:
    number = voided(device)
    with acting(device, head):
        done(confirm_void(device, number))
    clock.forward(days=30)
    assert reasons_of_voids(device) == []
    assert unconfirmed_voids(device) == []


# --- two computers that voided the same ------------------------------------------------------------------------------


@pytest.fixture
def second_vet(office: Office, device: Device, sister: Device) -> int:
    """The person at the sister's desk, who may void there."""
    office.publish(device, office.grant(sister.person(), "head"))
    office.publish(sister, office.grant(sister.person(), "head"))
    return sister.person()


def twice(office: Office, device: Device, sister: Device) -> str:
    """Voided here and at the sister's, neither knowing of the other's void; both have heard of it since."""
    number = issued(device)
    office.show_blocks(device, sister)
    office.relay(device, sister)
    done(void_paper(device, number, reason="wrong_entry", on_desk=0))
    done(void_paper(sister, number, reason="trip_cancelled", on_desk=0))
    office.relay(device, sister)
    office.relay(sister, device)
    return number


def test_of_two_voids_one_confirmation_settles_both(
    office: Office, device: Device, sister: Device, second_vet: int, head: Session
) -> None:
    number = twice(office, device, sister)
    assert [row["by"] for row in device.rows.many("acts", order="at, ref", subject=number)].count(second_vet) == 1
    assert len(unconfirmed_voids(device)) == 2
    with acting(device, head):
        done(confirm_void(device, number))
        assert unconfirmed(device) == []
        only(confirm_void(device, number), C.ALREADY_RECORDED)
    assert second_person(device, number) == head.person
    assert_sound(device)


def test_who_voided_here_confirms_the_colleague_s_void_and_still_wants_a_second_person(
    office: Office, device: Device, sister: Device, second_vet: int
) -> None:
    number = twice(office, device, sister)
    done(confirm_void(device, number))
    (theirs,) = [row for row in device.rows.many("acts", subject=number) if row["by"] == second_vet]
    assert theirs["confirmed_by"] == VET
    assert [row["by"] for row in unconfirmed_voids(device)] == [VET]
    assert second_person(device, number) == 0
    only(confirm_void(device, number), C.ONE_PERSON_TWICE)
