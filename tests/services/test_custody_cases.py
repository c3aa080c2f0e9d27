"""Cases of custody: opened by whoever notices, concluded once with cause and conclusion, overdue past their term."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.services.custody_cases import conclude_case, open_case, open_cases, overdue_cases
from inspector_app.services.device import Device, Session
from inspector_app.services.keeping import assign_store
from inspector_app.services.losses import report_loss
from inspector_app.services.on_desk import Sheet
from inspector_app.services.sheet_custody import lose_sheet
from inspector_app.services.stocktaking import close_stocktake, count_stock, open_stocktake
from tests.office import CLERK, HEAD, HandClock, Office
from tests.services.work import (
    acting,
    assert_sound,
    codes,
    done,
    handed_over,
    inspected,
    issued,
    number_states,
    only,
    printed,
)


def test_g21_a_case_is_concluded_with_cause_and_conclusion(device: Device, head: Session) -> None:
    ref = done(open_case(device, "book_differs", "B 9900000003", numbers=("B", "9900000003", "9900000003")))
    with acting(device, head):
        only(conclude_case(device, ref, cause="", conclusion="found_again"), C.FIELD_MISSING, "case_cause")
        only(conclude_case(device, ref, cause="misfiled", conclusion="nothing"), C.FIELD_INVALID, "case_conclusion")
        only(conclude_case(device, ref, cause="misfiled", conclusion="handed_to_law"), C.FIELD_MISSING, "note")
        done(conclude_case(device, ref, cause="misfiled", conclusion="put_right", note="夹在上月的盒里"))
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


# --- against the books ----------------------------------------------------------------------------------------------


def missing_three(device: Device) -> str:
    """The case of a stocktake that did not find the last three numbers."""
    counted(device, "9900000001-7")
    return str(open_cases(device)[0]["ref"])


def counted(device: Device, unused: str) -> None:
    done(open_stocktake(device, kinds=("B",)))
    done(count_stock(device, "unused", "B", unused))
    done(close_stocktake(device, no_picture="camera_broken"))


@pytest.mark.parametrize("cause", ["lost", "stolen", "not_found_out"])
def test_g21_nothing_is_concluded_as_reported_lost_that_was_not(device: Device, head: Session, cause: str) -> None:
    ref = missing_three(device)
    said = {"cause": cause, "conclusion": "loss_reported", "note": "四处找过"}
    with acting(device, head):
        found = only(conclude_case(device, ref, **said), C.LOSS_NOT_REPORTED, "case_conclusion")
        assert found.current == "B 9900000008"
        done(report_loss(device, "B", "9900000008-9", cause="lost"))
        assert (
            only(conclude_case(device, ref, **said), C.LOSS_NOT_REPORTED, "case_conclusion").current == "B 9900000010"
        )
        done(report_loss(device, "B", "9900000010", cause="lost"))
        done(conclude_case(device, ref, **said))
    assert number_states(device, "B")[-3:] == ["lost"] * 3
    assert_sound(device)


def test_g21_what_is_said_to_be_stolen_is_reported_whatever_was_concluded(device: Device, head: Session) -> None:
    ref = missing_three(device)
    with acting(device, head):
        only(conclude_case(device, ref, cause="stolen", conclusion="put_right"), C.LOSS_NOT_REPORTED, "case_conclusion")


def test_a_number_used_since_it_was_missed_needs_no_report(device: Device, head: Session) -> None:
    ref = missing_three(device)
    printed(device)
    done(report_loss(device, "B", "9900000008-10", cause="lost"))
    with acting(device, head):
        done(conclude_case(device, ref, cause="lost", conclusion="loss_reported"))


@pytest.mark.parametrize("conclusion", ["found_again", "record_added"])
def test_g21_book_and_stock_agree_when_a_later_count_says_so(device: Device, head: Session, conclusion: str) -> None:
    ref = missing_three(device)
    with acting(device, head):
        found = only(
            conclude_case(device, ref, cause="misfiled", conclusion=conclusion), C.NO_LATER_COUNT, "case_conclusion"
        )
        assert found.current == "B 9900000008–9900000010"
    counted(device, "9900000001-9")
    with acting(device, head):
        only(conclude_case(device, ref, cause="misfiled", conclusion=conclusion), C.NO_LATER_COUNT, "case_conclusion")
    counted(device, "9900000001-10")
    with acting(device, head):
        done(conclude_case(device, ref, cause="misfiled", conclusion=conclusion))


def test_a_count_of_another_kind_or_another_computer_says_nothing(
    office: Office, device: Device, sister: Device, head: Session
) -> None:
    ref = missing_three(device)
    for one in (device, sister):
        office.publish(one, office.grant(CLERK, "clerk", "keeper"))
    done(open_stocktake(sister, kinds=("B",)))
    done(close_stocktake(sister, no_picture="camera_broken"))
    done(open_stocktake(device, kinds=("A",)))
    done(count_stock(device, "unused", "A", "9900000001-10"))
    done(close_stocktake(device, no_picture="camera_broken"))
    office.relay(sister, device)
    with acting(device, head):
        only(
            conclude_case(device, ref, cause="misfiled", conclusion="found_again"), C.NO_LATER_COUNT, "case_conclusion"
        )


def test_a_missing_sheet_is_concluded_with_the_loss_of_its_paper(device: Device, head: Session) -> None:
    number = handed_over(device)
    done(open_stocktake(device, kinds=("B",)))
    for shelf, found in (("on_hand", ""), ("unused", "9900000002-10")):
        done(count_stock(device, shelf, "B", found))
    ref = done(close_stocktake(device, no_picture="camera_broken")).cases[0]
    with acting(device, head):
        only(
            conclude_case(device, ref, cause="lost", conclusion="loss_reported"), C.LOSS_NOT_REPORTED, "case_conclusion"
        )
        done(lose_sheet(device, number, Sheet(1, 1), cause="lost"))
        done(conclude_case(device, ref, cause="lost", conclusion="loss_reported"))


def test_of_papers_counted_by_their_pages_the_one_that_is_missing_is_reported(device: Device, head: Session) -> None:
    batch = inspected(device)
    papers = [printed(device, issued(device, batch)) for _ in range(3)]
    done(open_stocktake(device, kinds=("B",)))
    done(count_stock(device, "on_hand", "B", "9900000001-3", pages=5))
    done(count_stock(device, "unused", "B", "9900000004-10"))
    (ref,) = done(close_stocktake(device, no_picture="camera_broken")).cases
    with acting(device, head):
        said = {"cause": "lost", "conclusion": "loss_reported"}
        only(conclude_case(device, ref, **said), C.LOSS_NOT_REPORTED, "case_conclusion")
        done(lose_sheet(device, papers[1], Sheet(1, 1), cause="lost"))
        done(conclude_case(device, ref, **said))


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
    done(conclude_case(device, ref, cause="recording_mistake", conclusion="put_right"))
    office.relay(sister, device)
    assert (device.rows.one("custody_cases", ref=ref) or {})["cause"] == "misfiled"
    assert_sound(device)


def test_g21_one_missing_copy_of_several_is_concluded_with_its_own_loss(device: Device, head: Session) -> None:
    number, _other = printed(device), printed(device)
    done(open_stocktake(device, kinds=("B",)))
    done(count_stock(device, "on_hand", "B", "9900000001-2", pages=3))
    done(count_stock(device, "unused", "B", "9900000003-10"))
    ref = done(close_stocktake(device, no_picture="camera_broken")).cases[0]
    with acting(device, head):
        only(
            conclude_case(device, ref, cause="lost", conclusion="loss_reported"), C.LOSS_NOT_REPORTED, "case_conclusion"
        )
        done(lose_sheet(device, number, Sheet(1, 1), cause="lost"))
        done(conclude_case(device, ref, cause="lost", conclusion="loss_reported"))
