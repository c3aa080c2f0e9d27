"""The second person: apart, together at one desk, on paper; and whoever acted never counts twice."""

from __future__ import annotations

import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.journal.projections import Row
from inspector_app.services.attaching import attach
from inspector_app.services.ceremony import confirm_act, confirm_together, may_be_second, unconfirmed
from inspector_app.services.day_close import close_day
from inspector_app.services.device import Device, Session
from tests.office import VET, Office
from tests.services.work import acting, assert_sound, codes, done, only

PHOTO = b"%PDF-1.7 a signed form"


def closed(device: Device) -> str:
    """A day the vet closed alone, by its entry's name."""
    done(close_day(device, device.today()))
    (row,) = unconfirmed(device)
    return str(row["ref"])


def act_row(device: Device, act: str) -> Row:
    """What is on record of an act."""
    return device.rows.one("acts", ref=act) or {}


def test_a_day_closed_alone_waits_until_the_head_countersigns(device: Device, head: Session) -> None:
    act = closed(device)
    with acting(device, head):
        ref = done(confirm_act(device, act))
    assert unconfirmed(device) == []
    row = act_row(device, act)
    assert (row["by"], row["confirmed_by"], row["form"], row["confirm_ref"]) == (VET, head.person, "apart", ref)
    assert_sound(device)


def test_whoever_acted_never_counts_twice_whatever_posts_they_hold(office: Office, device: Device) -> None:
    office.publish(device, office.grant(VET, "vet", "head", "keeper", kinds=("A", "B")))
    act = closed(device)
    only(confirm_act(device, act), C.ONE_PERSON_TWICE)
    assert act_row(device, act)["confirmed_by"] is None


def test_at_one_desk_the_second_person_signs_and_the_first_stays_signed_in(device: Device, head: Session) -> None:
    act, first = closed(device), device.session
    done(confirm_together(device, act, head))
    assert device.session is first
    assert (act_row(device, act)["confirmed_by"], act_row(device, act)["form"]) == (head.person, "together")


def test_a_refusal_at_one_desk_leaves_the_first_signed_in(device: Device, clerk: Session) -> None:
    act, first = closed(device), device.session
    only(confirm_together(device, act, clerk), C.POST_MISSING)
    assert device.session is first
    assert act_row(device, act)["confirmed_by"] is None


def test_on_paper_the_photograph_is_asked_for(device: Device, head: Session) -> None:
    act = closed(device)
    with acting(device, head):
        only(confirm_act(device, act, form="on_paper"), C.FIELD_MISSING, "attachments")
        only(confirm_act(device, act, form="on_paper", attachments=["00" * 32]), C.FIELD_INVALID, "attachments")
        photo = attach(device, PHOTO)
        done(confirm_act(device, act, form="on_paper", attachments=[photo]))
    assert act_row(device, act)["form"] == "on_paper"


def test_what_is_confirmed_is_not_confirmed_again(device: Device, head: Session) -> None:
    act = closed(device)
    with acting(device, head):
        done(confirm_act(device, act))
        only(confirm_act(device, act), C.ALREADY_RECORDED)


@pytest.mark.parametrize("act", ["", "nothing", "0123456789abcdef0123456789abcdef/1"])
def test_there_is_nothing_to_confirm_where_nothing_was_done(device: Device, act: str) -> None:
    found = only(confirm_act(device, act), C.NOT_FOUND)
    assert found.current == act


def test_nobody_confirms_who_is_not_signed_in(device: Device) -> None:
    act = closed(device)
    device.session = None
    assert codes(confirm_act(device, act)) == [C.NOT_SIGNED_IN]
    assert codes(confirm_act(device, "nothing")) == [C.NOT_SIGNED_IN, C.NOT_FOUND]


def test_a_form_nobody_knows_is_refused(device: Device, head: Session) -> None:
    act = closed(device)
    with acting(device, head):
        only(confirm_act(device, act, form="by_telephone"), C.FIELD_INVALID, "form")


def test_only_another_person_with_a_post_for_it_can_be_the_second(
    office: Office, device: Device, head: Session, clerk: Session
) -> None:
    act = closed(device)
    told = [may_be_second(device, act, person) for person in (VET, head.person, clerk.person, 4711)]
    assert told == [False, True, False, False]
    assert not may_be_second(device, "nothing/1", head.person)
    office.publish(device, office.grant(head.person, "head", valid_until=device.clock.now().at - 1))
    assert not may_be_second(device, act, head.person), "a grant that has ended allows nothing"
