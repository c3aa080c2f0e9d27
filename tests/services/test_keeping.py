"""Stores: one keeper each, who changes only by a hand-over count; profile, checks, and what comes in."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.services.attaching import attach
from inspector_app.services.ceremony import confirm_act, confirm_together
from inspector_app.services.custody_cases import open_cases
from inspector_app.services.device import Device, Session
from inspector_app.services.keeping import assign_store, check_store, describe_store, receive_draw, stores
from inspector_app.services.stocktaking import Closed, close_stocktake, count_stock, open_stocktake
from tests.office import CLERK, HEAD, VET, HandClock, Office
from tests.services.work import acting, assert_sound, codes, done, only

PHOTO = b"%PDF-1.7 the cabinet"
MEASURES = ("fire_extinguisher", "desiccant", "iron_cabinet")


@pytest.fixture
def kept(device: Device, head: Session) -> Device:
    """The station's cabinet in the keeping of its head, who is signed in."""
    device.session = head
    done(assign_store(device, "main", HEAD))
    return device


def keeper(device: Device, store: str = "main") -> object:
    return (device.rows.one("stores", store=store) or {}).get("keeper")


def draw_of(device: Device, kind: str = "B") -> str:
    return str(device.rows.many("draws", kind=kind)[0]["draw"])


def hand_over_count(device: Device) -> Closed:
    """The keeper counts the B numbers for whoever takes over."""
    done(open_stocktake(device, kinds=("B",), purpose="hand_over", store="main"))
    done(count_stock(device, "unused", "B", "9900000001-10"))
    outcome = close_stocktake(device, no_picture="nothing_there")
    assert isinstance(outcome, Closed), outcome
    return outcome


# --- the keeper -----------------------------------------------------------------------------------------------------


def test_the_keeper_takes_a_draw_in(kept: Device) -> None:
    done(receive_draw(kept, draw_of(kept), "main"))
    only(receive_draw(kept, draw_of(kept), "main"), C.ALREADY_RECORDED, "draw")
    assert_sound(kept)


def test_g02_nobody_else_takes_a_draw_in_whatever_their_post(office: Office, kept: Device, clerk: Session) -> None:
    office.publish(kept, office.grant(CLERK, "keeper"))
    with acting(kept, clerk):
        found = only(receive_draw(kept, draw_of(kept), "main"), C.NOT_THE_KEEPER)
    assert found.details == {"store": "main", "keeper": HEAD}
    assert kept.rows.many("draw_receipts") == []


def test_without_the_post_of_a_keeper_nothing_is_taken_in(device: Device) -> None:
    assert codes(receive_draw(device, draw_of(device), "main")) == [C.POST_MISSING, C.NOT_FOUND]


@pytest.mark.parametrize(("draw", "store", "field"), [("no-such", "main", "draw"), ("", "cellar", "store")])
def test_a_draw_and_a_store_there_is_are_named(kept: Device, draw: str, store: str, field: str) -> None:
    only(receive_draw(kept, draw or draw_of(kept), store), C.NOT_FOUND, field)


def test_g20_nothing_is_taken_in_while_its_kind_is_counted(kept: Device) -> None:
    done(open_stocktake(kept, kinds=("B",)))
    only(receive_draw(kept, draw_of(kept, "B"), "main"), C.STOCKTAKE_OPEN)
    done(receive_draw(kept, draw_of(kept, "A"), "main"))


@pytest.mark.parametrize(
    ("store", "who", "field"), [("主柜", HEAD, "store"), ("main", VET, "keeper"), ("", HEAD, "store")]
)
def test_g02_a_store_has_a_name_and_a_keeper_with_the_post(
    device: Device, head: Session, store: str, who: int, field: str
) -> None:
    with acting(device, head):
        only(assign_store(device, store, who), C.FIELD_INVALID, field)


def test_g02_a_store_changes_its_keeper_only_by_a_hand_over_count(office: Office, kept: Device) -> None:
    office.publish(kept, office.grant(VET, "vet", "keeper", kinds=("A", "B")))
    found = only(assign_store(kept, "main", VET), C.HAND_OVER_COUNT_NEEDED)
    assert (found.current, found.details) == (VET, {"store": "main", "keeper": HEAD})
    only(assign_store(kept, "main", HEAD), C.ALREADY_RECORDED, "keeper")
    assert keeper(kept) == HEAD


def test_the_old_keeper_counts_and_the_new_one_confirms(office: Office, device: Device, head: Session) -> None:
    vet = device.session
    assert vet is not None
    office.publish(device, office.grant(VET, "vet", "keeper", kinds=("A", "B")))
    with acting(device, head):
        done(assign_store(device, "main", HEAD))
        act = hand_over_count(device).ref
        only(assign_store(device, "main", VET), C.HAND_OVER_COUNT_NEEDED)
        done(confirm_together(device, act, vet))
        done(assign_store(device, "main", VET))
    assert keeper(device) == VET
    with acting(device, head):
        only(receive_draw(device, draw_of(device), "main"), C.NOT_THE_KEEPER)
    done(receive_draw(device, draw_of(device), "main"))
    assert_sound(device)


def test_a_hand_over_back_needs_no_county_though_the_keeper_is_the_vet(
    office: Office, device: Device, head: Session
) -> None:
    office.publish(device, office.grant(VET, "vet", "keeper", kinds=("A", "B")))
    done(assign_store(device, "main", VET))
    act = hand_over_count(device).ref
    with acting(device, head):
        done(confirm_act(device, act))
        done(assign_store(device, "main", HEAD))
    assert keeper(device) == HEAD


def test_one_hand_over_count_changes_the_keeper_once(
    office: Office, device: Device, head: Session, clock: HandClock
) -> None:
    office.publish(device, office.grant(VET, "vet", "keeper", kinds=("A", "B")))
    done(assign_store(device, "main", VET))
    act = hand_over_count(device).ref
    with acting(device, head):
        done(confirm_act(device, act))
        done(assign_store(device, "main", HEAD))
        clock.forward(minutes=1)
        only(assign_store(device, "main", VET), C.HAND_OVER_COUNT_NEEDED)


def test_a_hand_over_is_counted_by_the_keeper_or_by_the_head_once_the_keeper_is_gone(
    office: Office, device: Device, head: Session
) -> None:
    office.publish(device, office.grant(VET, "vet", "keeper", kinds=("A", "B")))
    done(assign_store(device, "main", VET))
    with acting(device, head):
        only(open_stocktake(device, kinds=("B",), purpose="hand_over", store="main"), C.NOT_THE_KEEPER)
        office.publish(device, office.grant(VET, "vet", kinds=("A", "B")))
        done(open_stocktake(device, kinds=("B",), purpose="hand_over", store="main"))


def test_of_two_first_keepers_the_earlier_stands_in_whatever_order_they_are_heard(
    office: Office, device: Device, sister: Device, clock: HandClock
) -> None:
    for one in (device, sister):
        office.publish(one, office.grant(VET, "vet", "keeper", kinds=("A", "B")), office.grant(CLERK, "keeper"))
    done(assign_store(sister, "main", CLERK))
    clock.forward(minutes=1)
    done(assign_store(device, "main", VET))
    office.relay(sister, device)
    office.relay(device, sister)
    assert (keeper(device), keeper(sister)) == (CLERK, CLERK)
    assert_sound(device)
    assert_sound(sister)


# --- profile and checks ---------------------------------------------------------------------------------------------


def test_g17_a_store_is_described_with_a_measure_against_fire_damp_and_theft(kept: Device) -> None:
    found = only(describe_store(kept, "main", sort="cabinet", measures=MEASURES[:2]), C.FIELD_MISSING, "measures")
    assert found.details == {"lacking": "storage_theft"}
    done(describe_store(kept, "main", sort="cabinet", measures=MEASURES, note="二楼东墙"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"note": "楼" * 30_000}, "note"),
        ({"sort": "barn"}, "sort"),
        ({"measures": (*MEASURES, "guard_dog")}, "measures"),
        ({"store": "二楼"}, "store"),
    ],
)
def test_a_profile_is_made_of_codes(kept: Device, changes: dict[str, Any], field: str) -> None:
    said: dict[str, Any] = {"store": "main", "sort": "room", "measures": MEASURES} | changes
    only(describe_store(kept, said.pop("store"), **said), C.FIELD_INVALID, field)


def test_g17_a_check_has_a_photograph_and_a_profile_to_be_held_against(kept: Device) -> None:
    only(check_store(kept, "main", attachments=[attach(kept, PHOTO)]), C.NOT_FOUND, "store")
    done(describe_store(kept, "main", sort="cabinet", measures=MEASURES))
    only(check_store(kept, "main"), C.FIELD_MISSING, "attachments")
    done(check_store(kept, "main", no_picture="camera_broken"))


def test_a_store_is_due_when_its_month_has_passed(kept: Device, clock: HandClock) -> None:
    done(describe_store(kept, "main", sort="cabinet", measures=MEASURES))
    assert [(one.due_on, one.overdue) for one in stores(kept)] == [("2026-11-21", False)]
    done(check_store(kept, "main", attachments=[attach(kept, PHOTO)]))
    assert [(one.due_on, one.overdue) for one in stores(kept)] == [("2026-12-22", False)]
    clock.forward(minutes=32 * 24 * 60)
    assert [one.overdue for one in stores(kept)] == [True]


def test_what_a_check_finds_opens_a_case(kept: Device) -> None:
    done(describe_store(kept, "main", sort="cabinet", measures=MEASURES))
    ref = done(check_store(kept, "main", findings=["damp_found"], attachments=[attach(kept, PHOTO)]))
    (case,) = open_cases(kept)
    assert (case["kind"], case["about"]) == ("storage_unsafe", ref)


@pytest.mark.parametrize(
    ("finding", "code", "field"), [("haunted", C.FIELD_INVALID, "findings"), ("other", C.FIELD_MISSING, "note")]
)
def test_a_finding_is_one_of_its_list(kept: Device, finding: str, code: C, field: str) -> None:
    done(describe_store(kept, "main", sort="cabinet", measures=MEASURES))
    only(check_store(kept, "main", findings=[finding], no_picture="camera_broken"), code, field)
