"""The other side of a draw: who decided it never takes it in, and if they keep the store by now, somebody else does."""

from __future__ import annotations

import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.domain.stock import DrawDecided
from inspector_app.journal.books.draw_sides import receipt_of
from inspector_app.journal.entries.stores import DrawReceived
from inspector_app.services.device import Device, Session
from inspector_app.services.keeping import assign_store, profile, receive_draw
from tests.office import CLERK, HEAD, NOON, VET, HandClock, Office
from tests.services.work import acting, assert_sound, codes, done, only


@pytest.fixture
def kept(device: Device, head: Session) -> Device:
    """The station's cabinet in the keeping of its head; the vet is signed in."""
    with acting(device, head):
        done(assign_store(device, "main", HEAD))
    return device


def draw_of(device: Device) -> str:
    return str(device.rows.many("draws", kind="B")[0]["draw"])


def decided(device: Device, by: int) -> DrawDecided:
    """The county's word on who decided the first draw of B."""
    told = ("99-Q1", "GX-2014/1", by, 0, NOON)
    return DrawDecided(draw_of(device), 100, 1, 1000, 0, 0, 200, 0, "", "", *told)


def taken_by(device: Device) -> object:
    return (receipt_of(device.rows, draw_of(device)) or {}).get("by")


def test_g10_who_decided_a_draw_does_not_take_it_in(office: Office, kept: Device, head: Session) -> None:
    office.publish(kept, decided(kept, HEAD))
    with acting(kept, head):
        only(receive_draw(kept, draw_of(kept), "main"), C.DRAW_DECIDED_BY_TAKER, "draw")
    assert taken_by(kept) is None


def test_where_the_keeper_decided_it_a_vet_of_the_station_takes_it_in(office: Office, kept: Device) -> None:
    unheard = codes(receive_draw(kept, draw_of(kept), "main"))
    assert unheard == [C.POST_MISSING, C.NOT_THE_KEEPER]
    office.publish(kept, decided(kept, HEAD))
    done(receive_draw(kept, draw_of(kept), "main"))
    assert taken_by(kept) == VET
    only(receive_draw(kept, draw_of(kept), "main"), C.ALREADY_RECORDED, "draw")
    assert profile(kept, "main").draws == [draw_of(kept)]
    assert_sound(kept)


def test_a_clerk_does_not_take_it_in_for_the_keeper(office: Office, kept: Device, clerk: Session) -> None:
    office.publish(kept, decided(kept, HEAD))
    with acting(kept, clerk):
        found = only(receive_draw(kept, draw_of(kept), "main"), C.POST_MISSING)
    assert found.details == {"action": "receive_for_keeper"}


def test_where_somebody_else_decided_it_the_keeper_alone_takes_it_in(
    office: Office, kept: Device, head: Session
) -> None:
    office.publish(kept, decided(kept, 33))
    assert codes(receive_draw(kept, draw_of(kept), "main")) == [C.POST_MISSING, C.NOT_THE_KEEPER]
    with acting(kept, head):
        done(receive_draw(kept, draw_of(kept), "main"))
    assert taken_by(kept) == HEAD


def test_a_vet_who_decided_it_leaves_it_to_the_keeper(office: Office, kept: Device, head: Session) -> None:
    office.publish(kept, office.grant(VET, "vet", "keeper", kinds=("A", "B")), decided(kept, VET))
    only(receive_draw(kept, draw_of(kept), "main"), C.DRAW_DECIDED_BY_TAKER, "draw")
    with acting(kept, head):
        done(receive_draw(kept, draw_of(kept), "main"))


@pytest.mark.parametrize("late", [False, True])
def test_a_receipt_by_who_decided_it_is_none_whenever_the_decision_is_heard(
    office: Office, kept: Device, head: Session, late: bool
) -> None:
    """Recorded before it was known here who decided, or by a program that did not ask."""
    if not late:
        office.publish(kept, decided(kept, HEAD))
    with acting(kept, head):
        kept.record(lambda act: act.add(DrawReceived(draw=draw_of(kept), store="main"), sign=kept.sign))
    if late:
        assert taken_by(kept) == HEAD
        office.publish(kept, decided(kept, HEAD))
    assert taken_by(kept) is None
    done(receive_draw(kept, draw_of(kept), "main"))
    assert taken_by(kept) == VET
    assert_sound(kept)


def test_the_earliest_of_two_good_receipts_stands(
    office: Office, kept: Device, sister: Device, clock: HandClock
) -> None:
    office.show_blocks(kept, sister)
    office.publish(kept, decided(kept, HEAD))
    office.publish(sister, decided(kept, HEAD), office.grant(CLERK, "clerk", "keeper"))
    clock.wait(60)
    sister.record(lambda act: act.add(DrawReceived(draw=draw_of(kept), store="main"), sign=sister.sign))
    done(receive_draw(kept, draw_of(kept), "main"))
    office.relay(kept, sister)
    office.relay(sister, kept)
    assert taken_by(kept) == taken_by(sister)
    assert len(kept.rows.many("draw_receipts")) == 2


def test_a_store_nobody_keeps_takes_nothing_in(office: Office, kept: Device) -> None:
    office.publish(kept, decided(kept, HEAD))
    assert codes(receive_draw(kept, draw_of(kept), "cellar")) == [C.POST_MISSING, C.NOT_FOUND]
