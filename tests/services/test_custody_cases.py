"""Cases of custody: opened by whoever notices, concluded once with cause and conclusion, overdue past their term."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.services.custody_cases import conclude_case, open_case, open_cases, overdue_cases
from inspector_app.services.device import Device, Session
from inspector_app.services.keeping import assign_store
from tests.office import HEAD, HandClock, Office
from tests.services.work import acting, assert_sound, codes, done, only


def test_g21_a_case_is_concluded_with_cause_and_conclusion(device: Device, head: Session) -> None:
    ref = done(open_case(device, "book_differs", "B 9900000003", numbers=("B", "9900000003", "9900000003")))
    with acting(device, head):
        only(conclude_case(device, ref, cause="", conclusion="found_again"), C.FIELD_MISSING, "case_cause")
        only(conclude_case(device, ref, cause="misfiled", conclusion="nothing"), C.FIELD_INVALID, "case_conclusion")
        only(conclude_case(device, ref, cause="misfiled", conclusion="handed_to_law"), C.FIELD_MISSING, "note")
        done(conclude_case(device, ref, cause="misfiled", conclusion="found_again", note="夹在上月的盒里"))
    row = device.rows.one("custody_cases", ref=ref) or {}
    assert (row["state"], row["cause"], row["concluded_by"]) == ("concluded", "misfiled", HEAD)
    assert open_cases(device) == []
    assert_sound(device)


def test_g21_a_case_is_concluded_once_and_only_where_there_is_one(device: Device, head: Session) -> None:
    ref = done(open_case(device, "loss_report", "B 9900000003"))
    with acting(device, head):
        only(conclude_case(device, "nothing", cause="lost", conclusion="loss_reported"), C.NOT_FOUND, "case")
        done(conclude_case(device, ref, cause="lost", conclusion="loss_reported"))
        only(conclude_case(device, ref, cause="stolen", conclusion="loss_reported"), C.ALREADY_RECORDED)


def test_whoever_notices_opens_a_case_and_only_the_head_concludes(device: Device, clerk: Session) -> None:
    with acting(device, clerk):
        ref = done(open_case(device, "other_matter", "B 9900000003", note="柜门未锁"))
        assert codes(conclude_case(device, ref, cause="misfiled", conclusion="put_right")) == [C.POST_MISSING]


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"kind": "gossip"}, C.FIELD_INVALID, "case_kind"),
        ({"kind": ""}, C.FIELD_MISSING, "case_kind"),
        ({"kind": "other_matter"}, C.FIELD_MISSING, "note"),
        ({"about": ""}, C.FIELD_MISSING, "about"),
        ({"about": "王大河的证"}, C.FIELD_INVALID, "about"),
        ({"about": "13800000001"}, C.FIELD_INVALID, "about"),
        ({"about": "wang-dahe"}, C.FIELD_INVALID, "about"),
        ({"opened_on": "2099-01-01"}, C.DAY_TO_COME, "opened_on"),
        ({"opened_on": "yesterday"}, C.FIELD_INVALID, "opened_on"),
        ({"numbers": ("X", "1", "2")}, C.FIELD_INVALID, "kind"),
        ({"numbers": ("B", "王大河", "2")}, C.FIELD_INVALID, "numbers"),
    ],
)
def test_what_is_no_case_is_refused(device: Device, said: dict[str, Any], code: C, field: str) -> None:
    form: dict[str, Any] = {"kind": "loss_report", "about": "B 9900000003"} | said
    only(open_case(device, form.pop("kind"), form.pop("about"), **form), code, field)


def test_a_case_may_be_about_a_store_or_a_draw_there_is(device: Device, head: Session) -> None:
    draw = str(device.rows.many("draws")[0]["draw"])
    done(open_case(device, "book_differs", draw))
    with acting(device, head):
        done(assign_store(device, "main", HEAD))
    done(open_case(device, "storage_unsafe", "main"))


def test_a_case_past_its_term_is_overdue(device: Device, clock: HandClock) -> None:
    ref = done(open_case(device, "book_differs", "B 9900000003"))
    assert (open_cases(device)[0]["due_on"], overdue_cases(device)) == ("2026-12-18", [])
    clock.forward(minutes=28 * 24 * 60)
    assert [row["ref"] for row in overdue_cases(device)] == [ref]


def test_of_two_conclusions_the_earlier_stands_in_whatever_order_they_are_heard(
    office: Office, device: Device, sister: Device, clock: HandClock
) -> None:
    for one in (device, sister):
        office.publish(one, office.grant(11, "vet", "head", kinds=("A", "B")), office.grant(12, "head"))
    ref = done(open_case(device, "book_differs", "B 9900000003"))
    office.relay(device, sister)
    done(conclude_case(sister, ref, cause="misfiled", conclusion="found_again"))
    clock.forward(minutes=1)
    done(conclude_case(device, ref, cause="lost", conclusion="loss_reported"))
    office.relay(sister, device)
    assert (device.rows.one("custody_cases", ref=ref) or {})["cause"] == "misfiled"
    assert_sound(device)
