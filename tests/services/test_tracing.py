"""Tracing: an auditor takes any number that was ever drawn and sees its whole life, each step with its entry."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.continuity import Standing
from inspector_app.domain.refusals import RefusalCode
from inspector_app.journal.books.lives import Life, SheetNow, SheetStep
from inspector_app.services.ceremony import confirm_act
from inspector_app.services.day_close import close_day
from inspector_app.services.device import Device, Session
from inspector_app.services.handing_over import confirm_void, file_stub, void_certificate
from inspector_app.services.losses import report_loss
from inspector_app.services.number_custody import return_numbers
from inspector_app.services.print_jobs import release_spare
from inspector_app.services.print_orders import order_print, receive_order
from inspector_app.services.tracing import of_sheets, trace
from tests.office import VET, Office
from tests.services.work import acting, done, handed_over, inspected, issued, only, printed

S = Standing
C = RefusalCode
BEFORE = ["draw", "block"]


def deeds(life: Life) -> list[str]:
    return [step.what for step in life.steps]


def test_g03_a_number_is_followed_from_the_draw_to_the_holder(device: Device) -> None:
    number = handed_over(device, printed(device))
    done(close_day(device, device.today()))
    life = done(trace(device, number))
    assert deeds(life) == [
        *BEFORE,
        "certificate.issued",
        "print.submitted",
        "print.ended",
        "certificate.handed_over",
        "stub.filed",
        "day.closed",
    ]
    assert (life.standing, life.place.block, life.place.holder) == (S.USED, "block-B-1", VET)
    assert life.sheets == (SheetNow(1, 1, "kept", device.id), SheetNow(1, 2, "handed_over", device.id))
    made = next(step for step in life.steps if step.what == "print.ended")
    assert made.sheets == (SheetStep(1, 1, "printed"), SheetStep(1, 2, "printed"))


def test_g03_each_step_names_its_entry_its_time_its_person_and_its_device(device: Device) -> None:
    number = printed(device)
    for step in done(trace(device, number)).steps[2:]:
        entry = device.store.entry(step.ref)
        assert entry is not None
        said = entry.envelope
        assert (step.at, step.device, step.by) == (said.at, said.device, said.actor)
        assert (step.what, step.day) == (said.kind.partition("/")[0], "2026-11-21")


def test_a_void_shows_who_confirmed_it_and_what_became_of_its_sheets(device: Device, head: Session) -> None:
    number = printed(device)
    done(void_certificate(device, number, reason="wrong_entry", on_desk=2))
    with acting(device, head):
        done(confirm_void(device, number))
    life = done(trace(device, number))
    assert (life.standing, deeds(life)[-2:]) == (S.VOIDED, ["certificate.voided", "act.confirmed"])
    assert [one.state for one in life.sheets] == ["spoiled", "spoiled"]


def test_a_replaced_number_leads_to_the_one_that_replaced_it(device: Device) -> None:
    batch = inspected(device)
    old = issued(device, batch)
    new = issued(device, batch, replaces=old, replace_reason="vehicle_changed")
    life = done(trace(device, old))
    assert (life.standing, deeds(life)) == (S.REPLACED, [*BEFORE, "certificate.issued", "certificate.issued"])
    assert life.steps[-1].ref == (device.rows.one("certificates", number=new) or {})["ref"]
    assert deeds(done(trace(device, new))) == [*BEFORE, "certificate.issued"]


@pytest.mark.parametrize("typed", ["B 9900000009", "ｂ９９００００００１０"])
def test_a_returned_number_shows_the_return_its_range_lies_in(device: Device, typed: str) -> None:
    back = done(return_numbers(device, "B", "9900000008-10", reason="too_many"))
    life = done(trace(device, typed))
    assert (life.standing, deeds(life), life.steps[-1].ref) == (S.RETURNED, [*BEFORE, "numbers.returned"], back)
    assert deeds(done(trace(device, "B 9900000007"))) == BEFORE, "its neighbour stayed"
    assert deeds(done(trace(device, "A 9900000009"))) == BEFORE, "another kind's number of the same digits too"


def test_a_lost_number_shows_the_report(device: Device) -> None:
    lost = done(report_loss(device, "B", "9900000003", cause="stolen"))
    life = done(trace(device, "B 9900000003"))
    assert (life.standing, life.steps[-1].ref) == (S.LOST, lost)


def test_a_free_number_was_drawn_and_cut(device: Device) -> None:
    life = done(trace(device, "N 9900000004"))
    assert (life.standing, deeds(life), life.sheets) == (S.FREE, BEFORE, ())


def test_a_number_in_no_block_yet_was_drawn(office: Office, device: Device) -> None:
    draw, _block = office.numbers(device.id, "B")
    office.publish(device, draw)
    life = done(trace(device, "B 9900000015"))
    assert (life.standing, deeds(life)) == (S.UNCUT, ["draw"])


def test_a_day_close_and_its_confirmation_are_told_apart(device: Device, head: Session) -> None:
    number = issued(device)
    closed = done(close_day(device, device.today()))
    with acting(device, head):
        done(confirm_act(device, closed.ref))
    assert deeds(done(trace(device, number)))[-1] == "day.closed", "a confirmation of the whole day is not its own step"


def test_what_a_sister_did_with_it_is_part_of_its_life(office: Office, device: Device, sister: Device) -> None:
    number = issued(device)
    done(receive_order(sister, done(order_print(device, number, sister.id))))
    printed(sister, number)
    done(release_spare(sister, number, reason="paper_jam", spoiled=[1, 2]))
    office.relay(sister, device)
    life = done(trace(device, number))
    assert deeds(life) == [
        *BEFORE,
        "certificate.issued",
        "print.ordered",
        "print_order.received",
        "print.submitted",
        "print.ended",
        "print.released",
    ]
    assert [step.device for step in life.steps[2:]] == [device.id] * 2 + [sister.id] * 4
    assert [one.device for one in life.sheets] == [sister.id] * 2


def test_one_sheet_is_followed_by_itself(device: Device) -> None:
    number = printed(device)
    done(file_stub(device, number))
    life = of_sheets(done(trace(device, number)), {(1, 2)})
    assert "stub.filed" not in deeds(life)
    assert (deeds(life)[:3], [one.sheet for one in life.sheets]) == ([*BEFORE, "certificate.issued"], [2])
    assert of_sheets(life, ()) == life


@pytest.mark.parametrize("typed", ["B 8800000001", "9900000", "第一号", ""])
def test_a_number_that_was_never_drawn_has_no_life(device: Device, typed: str) -> None:
    only(trace(device, typed), C.NOT_FOUND, "number")


def test_bare_digits_of_several_kinds_are_asked_back(device: Device) -> None:
    found = only(trace(device, "9900000001"), C.AMBIGUOUS, "number")
    assert found.details["candidates"] == "A 9900000001, B 9900000001, N 9900000001"


def test_a_number_drawn_for_another_station_is_not_followed_here(office: Office, device: Device) -> None:

    draw, _block = office.numbers(device.id, "B")
    office.publish(device, msgspec.structs.replace(draw, station=99))
    only(trace(device, "B 9900000015"), C.NOT_FOUND, "number")
