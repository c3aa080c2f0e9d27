"""Tracing: an auditor takes any number that was ever drawn and sees its whole life, each step with its entry."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.continuity import Standing
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import RefusalCode
from inspector_app.domain.writing_off import CHECKS, CopyRead
from inspector_app.journal.books.lives import Life, SheetNow, SheetStep
from inspector_app.journal.entries.sheets import SheetName
from inspector_app.services.ceremony import confirm_act
from inspector_app.services.day_close import close_day
from inspector_app.services.destroying import destroy, review
from inspector_app.services.device import Device, Session
from inspector_app.services.handing_over import confirm_void, file_stub
from inspector_app.services.keeping import assign_store
from inspector_app.services.losses import report_loss
from inspector_app.services.number_custody import return_numbers
from inspector_app.services.opening import record_opening
from inspector_app.services.print_jobs import release_spare
from inspector_app.services.print_orders import order_print, receive_order
from inspector_app.services.stocktaking import close_stocktake, count_stock, open_stocktake
from inspector_app.services.tracing import of_sheets, trace
from inspector_app.services.writing_off import WriteOffForm, write_off
from tests.office import VET, HandClock, Office
from tests.services.old_papers import carried_out, due, requested, signed, staff
from tests.services.work import acting, done, handed_over, inspected, issued, only, printed, void_paper

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
    done(void_paper(device, number, reason="wrong_entry", on_desk=2))
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


# --- from before the first day, and to the end ----------------------------------------------------------------------

TAKEN_OVER = """what,kind,first,last,pages,state,opened_on,note
sheet,B,3200000001,3200000003,2,kept,2026-01-05,
number,B,3200000010,3200000011,,lost,,
number,B,3200000020,3200000020,,used,,
sheet,A,3200000001,3200000002,1,blank,,
case,,,,,,2026-02-01,少一本存根
"""


@pytest.fixture
def keeping(office: Office, device: Device) -> Device:
    """The list of the first day is taken over by the vet, who is keeper; the county has yet to confirm it."""
    staff(office, device)
    done(assign_store(device, "main", VET))
    done(record_opening(device, TAKEN_OVER.encode(), "main"))
    return device


@pytest.mark.parametrize(
    ("typed", "standing"),
    [
        ("B 3200000002", S.USED),
        ("B 3200000010", S.LOST),
        ("3200000020", S.USED),
        ("A 3200000002", S.WITHDRAWN),
    ],
)
def test_g03_what_a_former_system_gave_has_its_life_from_the_taking_over(
    keeping: Device, typed: str, standing: Standing
) -> None:
    life = done(trace(keeping, typed))
    assert (life.standing, life.place.draw, deeds(life)) == (standing, "", ["opening.recorded"])
    assert life.station == keeping.sheet.station


def test_g03_a_former_paper_is_followed_to_the_bin(keeping: Device, head: Session, clock: HandClock) -> None:
    number, stub = "B 3200000002", SheetName("B", "3200000002", 0, 1)
    day, amount = keeping.today(), Quantity(1, 0, 1)
    form = WriteOffForm(
        number=number,
        print=0,
        checks=[check.code for check in keeping.catalogue.checks(CHECKS, day)],
        copies=[CopyRead(sheet=at, issued_on=day, quantity=amount) for at in (1, 2)],
        same_hand=True,
    )
    done(write_off(keeping, form))
    clock.forward(days=800)
    request = requested(keeping, [stub])
    signed(keeping, request, head)
    done(destroy(keeping, request, carried_out(keeping)))
    life = done(trace(keeping, number))
    assert deeds(life) == ["opening.recorded", "paper.written_off", *DESTRUCTION]
    assert [one.state for one in life.sheets] == ["destroyed", "kept"]
    assert deeds(done(trace(keeping, "B 3200000001"))) == ["opening.recorded"], "its neighbour lies where it lay"


DESTRUCTION = [
    "destruction.requested",
    "destruction.reviewed",
    "destruction.signed",
    "act.confirmed",
    "sheets.destroyed",
]


def test_g03_a_destroyed_sheet_shows_who_asked_who_agreed_and_who_confirmed(
    office: Office, device: Device, head: Session, clock: HandClock
) -> None:
    staff(office, device)
    (name,) = due(device, clock)
    staff(office, device)
    request = requested(device, [name])
    act = signed(device, request, head)
    done(destroy(device, request, carried_out(device)))
    life = done(trace(device, name.number))
    assert deeds(life)[-5:] == DESTRUCTION
    assert {request, act} <= {step.ref for step in life.steps}
    assert deeds(done(trace(device, "B 9900000002"))) == BEFORE, "what was not destroyed does not show it"


def test_a_request_that_was_sent_back_is_part_of_the_life_too(
    office: Office, device: Device, head: Session, clock: HandClock
) -> None:
    staff(office, device)
    (name,) = due(device, clock)
    request = requested(device, [name])
    with acting(device, head):
        done(review(device, request, counted=1, sent_back="other", note="还在查"))
    assert deeds(done(trace(device, name.number)))[-2:] == ["destruction.requested", "destruction.reviewed"]


def test_of_the_cases_of_one_count_only_the_number_s_own_is_in_its_life(device: Device) -> None:
    done(open_stocktake(device, kinds=("B",)))
    done(count_stock(device, "unused", "B", "9900000001-2，9900000004-9"))
    done(count_stock(device, "on_hand", "B", ""))
    closed = done(close_stocktake(device, no_picture="camera_broken"))
    assert len(closed.cases) == 2
    for number, case in (("B 9900000003", closed.cases[0]), ("B 9900000010", closed.cases[1])):
        opened = [step.ref for step in done(trace(device, number)).steps if step.what == "custody_case.opened"]
        assert opened == [case]
    whole = deeds(done(trace(device, "B 9900000005")))
    assert ("stocktake.closed" in whole, "custody_case.opened" in whole) == (True, False)
    assert whole.count("stocktake.counted") == 1, "the counts of other ranges and shelves are not of its life"
    assert "stocktake.counted" not in deeds(done(trace(device, "B 9900000003"))), "nobody counted it"


@pytest.mark.parametrize("typed", ["B 3200000004", "A 3200000010", "3200000012"])
def test_what_stands_on_no_list_has_no_life(keeping: Device, typed: str) -> None:
    only(trace(keeping, typed), C.NOT_FOUND, "number")


def test_former_digits_of_two_kinds_are_asked_back(keeping: Device) -> None:
    found = only(trace(keeping, "3200000001"), C.AMBIGUOUS, "number")
    assert found.details["candidates"] == "A 3200000001, B 3200000001"


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
