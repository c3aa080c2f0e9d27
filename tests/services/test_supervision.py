"""Supervision visits: the seven ledgers as they stand, findings with a term, and what was put right."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.domain.visits import FindingsRectified, LedgerSeen, StationVisited
from inspector_app.journal.entries.supervision import LedgerState
from inspector_app.journal.projections import Row
from inspector_app.services.ceremony import confirm_act, unconfirmed
from inspector_app.services.device import Device, Session
from inspector_app.services.keeping import assign_store, receive_draw
from inspector_app.services.on_desk import Sheet
from inspector_app.services.opening import record_opening
from inspector_app.services.sheet_custody import spoil_sheet
from inspector_app.services.supervision import (
    LEDGERS,
    VisitForm,
    find_visit,
    ledger_states,
    record_rectification,
    record_visit,
    visits,
)
from tests.office import CLERK, HEAD, HandClock, Office
from tests.services.work import acting, assert_sound, codes, done, issued, only, printed


@pytest.fixture
def station(device: Device, head: Session) -> Device:
    """The head, who is also the keeper, signed in."""
    device.session = head
    return device


def form(**changes: object) -> VisitForm:
    """A visit with one finding."""
    fields: dict[str, object] = {"findings": ["storage_poor"], "rectify_by": "2026-12-21", "official": "孙检查"}
    return VisitForm(**{**fields, "unit": "高邮市农业农村局", **changes})  # type: ignore[arg-type]


def visit_row(device: Device, ref: str) -> Row:
    return device.rows.one("visits", ref=ref) or {}


def lacking(device: Device) -> dict[str, int]:
    """What each ledger lacks."""
    return {state.ledger: state.lacking for state in ledger_states(device)}


def ledger(device: Device, name: str) -> LedgerState:
    """One of the seven."""
    return next(state for state in ledger_states(device) if state.ledger == name)


def test_g48_a_visit_states_the_seven_ledgers_and_whether_stock_agrees(station: Device) -> None:
    ref = done(record_visit(station, form()))
    row = visit_row(station, ref)
    ledgers = msgspec.json.decode(str(row["ledgers"]), type=list[LedgerState])
    assert [one.ledger for one in ledgers] == list(LEDGERS)
    assert len(ledgers) == 7
    assert (row["blocks_hold"], row["sheets_hold"], row["open_cases"]) == (1, 1, 0)
    assert_sound(station)


def test_a_ledger_says_what_it_lacks(station: Device) -> None:
    assert lacking(station) == {
        "draw": 3, "keep": 1, "distribute": 0, "stocktake": 1, "use": 0, "write_off": 0, "destroy": 0,
    }  # fmt: skip
    done(assign_store(station, "main", HEAD))
    done(receive_draw(station, str(station.rows.many("draws")[0]["draw"]), "main"))
    assert lacking(station)["draw"] == 2


def test_the_ledger_of_use_has_every_number_and_its_paper(device: Device) -> None:
    issued(device)
    (used,) = [state for state in ledger_states(device) if state.ledger == "use"]
    assert (used.records, used.lacking) == (1, 0)


def visited(**changes: object) -> StationVisited:
    """A visit of the institution, told by the province."""
    told = StationVisited(
        visit="99-J0001-ab",
        station=1,
        organisation=321084,
        unit="高邮市水生动物卫生监督所",
        visited_on="2026-11-20",
        findings=("ledger_wrong", "storage_poor"),
        rectify_by="2026-11-30",
        ledgers=(LedgerSeen("draw", 3, 1),),
        blocks_hold=True,
        sheets_hold=False,
        open_cases=2,
        picture="",
        no_picture="too_dark",
        by=43,
        at=1,
    )
    return msgspec.structs.replace(told, **changes)


def test_a_visit_the_institution_recorded_stands_beside_the_station_s_own(office: Office, station: Device) -> None:
    own = done(record_visit(station, form()))
    office.publish(station, visited())
    assert [one.visit for one in visits(station)] == [own, "99-J0001-ab"]
    seen = find_visit(station, "99-J0001-ab")
    assert seen is not None
    assert (seen.unit, seen.by, seen.open_cases, seen.sheets_hold) == ("高邮市水生动物卫生监督所", 43, 2, False)
    assert seen.ledgers == [LedgerState(ledger="draw", records=3, lacking=1)]
    assert [row["ref"] for row in unconfirmed(station)] == [own], "who came has signed; nobody confirms it"
    assert_sound(station)


def test_what_the_institution_found_is_put_right_by_the_station_and_by_itself(office: Office, station: Device) -> None:
    office.publish(station, visited())
    done(record_rectification(station, "99-J0001-ab", ["storage_poor"]))
    office.publish(station, FindingsRectified("99-Z0001-ab", "99-J0001-ab", 1, ("ledger_wrong",), 43, 2))
    (seen,) = visits(station)
    assert (seen.left, seen.overdue) == ([], False)
    again = record_rectification(station, "99-J0001-ab", ["ledger_wrong"])
    assert codes(again) == [C.ALREADY_RECORDED], "the institution saw it put right already"
    assert_sound(station)


def test_what_the_institution_did_not_find_is_not_put_right(office: Office, station: Device) -> None:
    office.publish(station, visited(findings=("storage_poor",)))
    only(record_rectification(station, "99-J0001-ab", ["use_irregular"]), C.FIELD_INVALID, "findings")


def test_who_came_is_named_unless_the_supervisor_signs(office: Office, station: Device) -> None:
    assert codes(record_visit(station, form(official=" ", unit=""))) == [C.FIELD_MISSING, C.FIELD_MISSING]
    office.publish(station, office.grant(HEAD, "supervisor", station=0))
    done(record_visit(station, form(official="", unit="")))


def test_a_visit_the_station_tells_of_waits_for_another_person(device: Device, head: Session) -> None:
    with acting(device, head):
        ref = done(record_visit(device, form()))
        only(confirm_act(device, ref), C.ONE_PERSON_TWICE)
        assert [row["ref"] for row in unconfirmed(device)] == [ref]
    done(confirm_act(device, ref))
    assert unconfirmed(device) == []
    assert_sound(device)


def test_what_the_supervisor_signs_waits_for_nobody(office: Office, station: Device) -> None:
    office.publish(station, office.grant(HEAD, "supervisor", station=0))
    done(record_visit(station, form(official="", unit="")))
    assert unconfirmed(station) == []


def test_g48_the_ledger_of_write_offs_lacks_what_has_waited_past_its_working_days(
    device: Device, clock: HandClock
) -> None:
    number = printed(device)
    done(spoil_sheet(device, number, Sheet(1, 2), category="damaged", no_picture="camera_broken"))
    assert (ledger(device, "write_off").records, ledger(device, "write_off").lacking) == (0, 0)
    clock.forward(days=30)
    assert (ledger(device, "write_off").records, ledger(device, "write_off").lacking) == (0, 1)


def test_g48_the_ledger_of_destruction_lacks_what_last_quarter_s_list_named(station: Device, clock: HandClock) -> None:
    done(assign_store(station, "main", HEAD))
    old = "what,kind,first,last,pages,state,opened_on\nsheet,B,3200000021,3200000022,1,kept,2024-06-30\n"
    done(record_opening(station, old.encode(), "main"))
    assert ledger(station, "destroy").lacking == 2
    young = old.replace("2024-06-30", "2024-10-30").replace("00002", "00003")
    done(record_opening(station, young.encode(), "main"))
    assert ledger(station, "destroy").lacking == 2, "due in this quarter, so not on last quarter's list"
    clock.forward(days=60)
    assert ledger(station, "destroy").lacking == 4


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"rectify_by": ""}, C.FIELD_MISSING, "rectify_by"),
        ({"rectify_by": "2026-11-01"}, C.FIELD_INVALID, "rectify_by"),
        ({"rectify_by": "next month"}, C.FIELD_INVALID, "rectify_by"),
        ({"visited_on": "2099-01-01", "rectify_by": "2099-02-01"}, C.DAY_TO_COME, "visited_on"),
        ({"visited_on": "yesterday"}, C.FIELD_INVALID, "visited_on"),
        ({"findings": ["bad_mood"]}, C.FIELD_INVALID, "findings"),
        ({"findings": ["other"]}, C.FIELD_MISSING, "note"),
        ({"attachments": ["00" * 32]}, C.FIELD_INVALID, "attachments"),
        ({"official": "孙\u202e检查"}, C.FIELD_INVALID, "official"),
        ({"findings": [], "rectify_by": "", "note": "齐\u202e全"}, C.FIELD_INVALID, "note"),
        ({"findings": [], "rectify_by": "", "note": "全" * 30_000}, C.FIELD_INVALID, "note"),
    ],
)
def test_what_is_no_record_of_a_visit_is_refused(
    station: Device, changes: dict[str, object], code: C, field: str
) -> None:
    only(record_visit(station, form(**changes)), code, field)


def test_a_clerk_records_no_visit(device: Device, clerk: Session) -> None:
    with acting(device, clerk):
        assert codes(record_visit(device, form())) == [C.POST_MISSING]
        assert C.POST_MISSING in codes(record_rectification(device, "x", ["other"]))
    assert clerk.person == CLERK


def test_findings_are_put_right_one_by_one_and_overdue_past_their_term(station: Device, clock: HandClock) -> None:
    ref = done(record_visit(station, form(findings=["storage_poor", "ledger_wrong"])))
    done(record_rectification(station, ref, ["storage_poor"]))
    assert [(one.left, one.overdue) for one in visits(station)] == [(["ledger_wrong"], False)]
    clock.forward(minutes=31 * 24 * 60)
    assert visits(station)[0].overdue
    done(record_rectification(station, ref, ["ledger_wrong"], note="已补登记"))
    assert [(one.left, one.overdue) for one in visits(station)] == [([], False)]
    assert_sound(station)


def test_g48_only_what_was_found_is_put_right_and_once(station: Device) -> None:
    ref = done(record_visit(station, form()))
    only(record_rectification(station, "nothing", ["storage_poor"]), C.NOT_FOUND, "visit")
    only(record_rectification(station, ref, ["ledger_wrong"]), C.FIELD_INVALID, "findings")
    only(record_rectification(station, ref, []), C.FIELD_MISSING, "findings")
    done(record_rectification(station, ref, ["storage_poor"]))
    only(record_rectification(station, ref, ["storage_poor"]), C.ALREADY_RECORDED, "findings")
