"""Judging what two computers did without knowing of each other, and whose paper it is."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.ceremony import ActConfirmed
from inspector_app.journal.entries.declarations import (
    DeclarationAccepted,
    DeclarationWithdrawn,
    Note,
)
from inspector_app.journal.entries.devices import (
    DeviceEnrolled,
)
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.numbers import custody
from province.registry import publishing
from tests.province import work
from tests.province.fixtures import HEAD, OTHER_STATION, SECOND_VET, STATION, VET, Province
from tests.province.judged import (
    certificate,
    certified_at_two,
    found_on,
    only,
    second_persons,
    verdicts_on,
)
from tests.sync.fakes import FakeDevice

J = Judgement


# --- what another computer did meanwhile ----------------------------------------------------------------------------


def test_a_void_made_at_two_computers_blames_nobody_and_the_first_stands(either_province: Province) -> None:
    device, desk, issued = certified_at_two(either_province)
    first = work.void(device, issued)
    work.void(desk, issued, actor=SECOND_VET)
    device.sync(either_province.exchange)
    assert found_on(either_province, desk) == found_on(either_province, device) == []
    row = certificate(either_province, issued)
    assert (row["state"], row["void_ref"], row["void_by"]) == ("voided", first, VET)
    assert differences(either_province.using) == []


def test_who_had_heard_of_the_void_and_voids_once_more_did_not_follow(province: Province) -> None:
    device, desk, issued = certified_at_two(province)
    work.void(device, issued)
    device.sync(province.exchange)
    desk.sync(province.exchange)
    work.void(desk, issued, actor=SECOND_VET)
    assert only(province, desk) == (J.WRONG_STATE, False, False)


def test_a_void_of_what_was_replaced_meanwhile_changes_nothing_and_blames_nobody(province: Province) -> None:
    device, desk, issued = certified_at_two(province)
    row = certificate(province, issued)
    new = work.issue(
        device,
        str(row["inspection"]),
        str(row["declaration"]),
        replaces=str(issued.number),
        replace_reason="wrong_plate",
    )
    device.sync(province.exchange)
    work.void(desk, issued, actor=SECOND_VET)
    assert found_on(province, desk) == []
    ended = certificate(province, issued)
    assert (ended["state"], ended["void_ref"], ended["replaced_by"]) == ("replaced", new.ref, str(new.number))


def test_the_second_person_may_confirm_the_void_her_own_computer_shows(province: Province) -> None:
    device, desk, issued = certified_at_two(province)
    work.void(device, issued)
    repeated = work.void(desk, issued, actor=SECOND_VET)
    device.sync(province.exchange)
    desk.add_person(HEAD)
    desk.record(HEAD, ActConfirmed(act=repeated, form="apart"))
    assert found_on(province, desk) == []
    assert second_persons(province, issued) == {HEAD}


def test_who_voided_first_is_not_the_second_person_of_another_s_void_too(province: Province) -> None:
    """He confirms in good faith what a colleague voided; but one person never counts twice."""
    device, desk, issued = certified_at_two(province)
    work.void(device, issued)
    repeated = work.void(desk, issued, actor=SECOND_VET)
    device.sync(province.exchange)
    desk.add_person(VET)
    desk.record(VET, ActConfirmed(act=repeated, form="apart"))
    assert found_on(province, desk) == []
    assert second_persons(province, issued) - {VET} == set()


@pytest.mark.parametrize("named", ["{own}/1", "{own}/999", "nothing", "{own}/-1"])
def test_nobody_confirms_his_own_void_by_naming_another_entry(province: Province, named: str) -> None:
    device, _desk, issued = certified_at_two(province)
    work.void(device, issued)
    device.record(VET, ActConfirmed(act=named.format(own=device.device), form="apart"))
    assert only(province, device) == (J.REFERENCE_UNKNOWN, False, False)
    assert second_persons(province, issued) == set()


def test_a_certificate_replaced_at_two_computers_is_disputed_and_blames_nobody(province: Province) -> None:
    device, desk, issued = certified_at_two(province)
    row = certificate(province, issued)
    inspection, declaration = str(row["inspection"]), str(row["declaration"])
    named: dict[str, Any] = {"replaces": str(issued.number), "replace_reason": "wrong_plate"}
    work.move_case(device, desk, declaration)
    first = work.issue(device, inspection, declaration, **named)
    second = work.issue(desk, inspection, declaration, actor=SECOND_VET, **named)
    device.sync(province.exchange)
    desk.sync(province.exchange)
    assert found_on(province, desk) == [(J.WRONG_STATE, True, False)]
    assert certificate(province, issued)["replaced_by"] == str(first.number)
    assert certificate(province, second)["state"] == "issued"
    assert differences(province.using) == []


def _declared_at_two(province: Province) -> tuple[FakeDevice, FakeDevice, str]:
    first, second = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    ref = work.declare(first)
    first.sync(province.exchange)
    return first, second, ref


def test_a_declaration_withdrawn_at_two_computers_blames_nobody(province: Province) -> None:
    first, second, ref = _declared_at_two(province)
    fact = DeclarationWithdrawn(declaration=ref, reason="sold")
    stands = first.record(VET, fact, private=Note(text="卖了"))
    first.sync(province.exchange)
    second.record(SECOND_VET, fact, private=Note(text="来电说卖了"))
    assert found_on(province, second) == []
    row = DjangoRows(province.using).one("declarations", ref=ref) or {}
    assert (row["decided_ref"], row["decision_note"]) == (stands, "卖了")
    assert differences(province.using) == []


@pytest.mark.parametrize("told", [True, False])
def test_a_decision_against_a_colleague_s_blames_only_who_had_heard_of_it(province: Province, told: bool) -> None:
    first, second, ref = _declared_at_two(province)
    first.record(VET, DeclarationWithdrawn(declaration=ref, reason="sold"), private=Note(text=""))
    first.sync(province.exchange)
    if told:
        second.sync(province.exchange)
    second.record(SECOND_VET, DeclarationAccepted(declaration=ref, inspect_on="2026-11-22", area=work.GAOYOU))
    assert only(province, second) == (J.WRONG_STATE, not told, False)


# --- whose paper it is ----------------------------------------------------------------------------------------------


def _stranger(province: Province) -> FakeDevice:
    publishing.grant(province.using, SECOND_VET, station=OTHER_STATION, posts=("vet",), kinds=("B",))
    custody.draw(province.using, "B", "9900005001", "9900005100", station=OTHER_STATION)
    return province.enrol("外站一号机", station=OTHER_STATION, people=(SECOND_VET,))


def test_a_station_replaces_only_its_own_paper(either_province: Province) -> None:
    device = either_province.enrol()
    issued = work.certify(device)
    device.sync(either_province.exchange)
    stranger = _stranger(either_province)
    new = work.certify(stranger, actor=SECOND_VET, replaces=str(issued.number), replace_reason="wrong_plate")
    assert only(either_province, stranger) == (J.REFERENCE_UNKNOWN, False, False)
    assert certificate(either_province, issued)["state"] == "issued"
    assert certificate(either_province, new)["state"] == "issued"
    assert differences(either_province.using) == []


def test_a_journal_does_not_say_that_it_is_another_station_s(province: Province) -> None:
    device = province.enrol()
    issued = work.certify(device)
    device.sync(province.exchange)
    stranger = _stranger(province)
    stranger.record(0, DeviceEnrolled(station=STATION, province="99", root="", name="一号机", program="t"))
    assert only(province, stranger)[0] is J.RECORD_DIFFERS
    work.void(stranger, issued, actor=SECOND_VET)
    assert certificate(province, issued)["state"] == "issued"


def test_who_replaces_his_own_paper_under_a_number_used_twice_puts_it_right(province: Province) -> None:
    device = province.enrol()
    stolen = work.next_number(device, "B")
    work.certify(device, taken=stolen)
    device.sync(province.exchange)
    stranger = _stranger(province)
    mine = work.certify(stranger, actor=SECOND_VET, taken=stolen)
    assert only(province, stranger)[0] is J.OUTSIDE_BLOCK
    work.certify(stranger, actor=SECOND_VET, replaces=str(mine.number), replace_reason="wrong_content")
    assert len(verdicts_on(province, stranger)) == 1
    work.void(stranger, mine, actor=SECOND_VET)
    assert found_on(province, stranger)[1:] == [(J.REFERENCE_UNKNOWN, True, False)]
    assert certificate(province, mine)["state"] == "issued"  # the other station's, of the same number
