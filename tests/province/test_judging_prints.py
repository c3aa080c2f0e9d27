"""Judging prints, and numbers that are given up."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from inspector_app.config import read_resource
from inspector_app.domain.verdicts import Judgement
from inspector_app.errors import StationError
from inspector_app.journal.entries.ceremony import ActConfirmed
from inspector_app.journal.entries.custody import NumbersLost, NumbersReturned
from inspector_app.journal.entries.declarations import (
    Note,
)
from inspector_app.journal.entries.printing import PrintReleased
from inspector_app.suites import sha256
from province.journal.models import Deferred
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.registry import publishing
from tests.province import work
from tests.province.fixtures import CLERK, HEAD, OTHER_STATION, SECOND_VET, VET, Province
from tests.province.judged import (
    certificate,
    certified_at_two,
    found_on,
    held,
    notice,
    number_states,
    only,
    second_persons,
    verdicts_on,
)
from tests.sync.fakes import FakeDevice

J = Judgement


# --- prints ---------------------------------------------------------------------------------------------------------


def release(device: FakeDevice, issued: work.Issued, print_no: int, digest: str, *, actor: int = VET) -> None:
    """Release a print under any credential."""
    fact = PrintReleased(number=issued.number, print=print_no, reason="jam", spoiled=[], credential=digest)
    device.record(actor, fact, private=Note(text=""))


def test_a_clerk_releases_the_print_that_was_signed_at_issue(province: Province) -> None:
    device, _desk, issued = certified_at_two(province)
    release(device, issued, 2, sha256(issued.payloads[1]).hex(), actor=CLERK)
    assert found_on(province, device) == []
    assert certificate(province, issued)["current_print"] == 2


def test_beyond_the_prints_of_issue_the_vet_signs_anew(province: Province) -> None:
    device, _desk, issued = certified_at_two(province)
    release(device, issued, 4, "ab" * 32)
    assert found_on(province, device) == []
    assert certificate(province, issued)["current_print"] == 4


@pytest.mark.parametrize(
    ("print_no", "digest", "actor"),
    [(2, "ab" * 32, VET), (2, "", VET), (4, "ab" * 32, CLERK), (5, "ab" * 32, VET), (4, "", VET)],
    ids=["another's digest", "no digest", "signed by a clerk", "not the next", "without credential"],
)
def test_no_print_is_released_that_nobody_signed(province: Province, print_no: int, digest: str, actor: int) -> None:
    device, _desk, issued = certified_at_two(province)
    release(device, issued, print_no, digest, actor=actor)
    assert only(province, device) == (J.CREDENTIAL_DIFFERS, False, False)
    assert certificate(province, issued)["current_print"] == 1


def test_a_notice_bears_no_credential(province: Province) -> None:
    device = province.enrol()
    declaration = work.declare(device)
    number, block = work.next_number(device, "N")
    notice(device, declaration, work.inspect(device, declaration, conclusion="failed"), number, block)
    fact = PrintReleased(number=number, print=2, reason="jam", spoiled=[], credential="")
    device.record(VET, fact, private=Note(text=""))
    device.record(VET, msgspec.structs.replace(fact, credential="ab" * 32), private=Note(text=""))
    assert only(province, device)[0] is J.CREDENTIAL_DIFFERS


def test_a_confirmation_waits_for_the_void_it_confirms(province: Province) -> None:
    """After a restore of the province the confirmation may come back first; it is not forgotten."""
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(HEAD,))
    issued = work.certify(owner)
    owner.sync(province.exchange)
    void = work.void(owner, issued)
    desk.record(HEAD, ActConfirmed(act=void, form="apart"))
    assert verdicts_on(province, desk) == []
    assert Deferred.objects.using(province.using).count() == 1
    assert verdicts_on(province, owner) == []
    assert Deferred.objects.using(province.using).count() == 0
    assert second_persons(province, issued) == {HEAD}


def test_a_policy_published_before_the_program_asked_for_a_rule_judges_nobody_wrong(province: Province) -> None:
    head, *rules = read_resource("catalogue/policy.toml").decode().split("[[rule]]")
    older = "[[rule]]".join([head, *(rule for rule in rules if 'name = "clock_tolerance_minutes"' not in rule)])
    publishing.publish_policy(province.using, "2026-01", older)
    device = province.enrol()
    work.certify(device)
    assert verdicts_on(province, device) == []


def test_a_text_no_station_could_go_by_is_not_published(province: Province) -> None:
    before = DjangoRows(province.using).many("policies")
    unusable = read_resource("catalogue/policy.toml").decode().replace("value = 5", 'value = "five"', 1)
    for body in ("# nothing", unusable):
        with pytest.raises(StationError, match=r"province\.policy_unusable"):
            publishing.publish_policy(province.using, "2026-03", body)
    assert DjangoRows(province.using).many("policies") == before


# --- numbers given up -----------------------------------------------------------------------------------------------


def test_numbers_go_back_and_the_block_still_balances(province: Province) -> None:
    device = province.enrol()
    block = held(province, device)
    first = str(int(str(block["last"])) - 4)
    device.record(VET, NumbersReturned(block=block["block"], first=first, last=block["last"], reason="too_many"))
    assert verdicts_on(province, device) == []
    found = number_states(province, block)
    assert (found.count("returned"), found.count("free")) == (5, int(block["size"]) - 5)
    assert differences(province.using) == []


def test_g30_nobody_returns_the_numbers_of_another_computer(province: Province) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    block = held(province, owner)
    back = NumbersReturned(block=block["block"], first=block["first"], last=block["last"], reason="too_many")
    desk.record(SECOND_VET, back)
    assert only(province, desk) == (J.OUTSIDE_BLOCK, False, False)
    assert set(number_states(province, block)) == {"free"}


@pytest.mark.parametrize("span", [("0000000001", "0000000002"), ("9900000009", "9900000001")])
def test_g33_numbers_outside_their_block_are_not_given_up(province: Province, span: tuple[str, str]) -> None:
    device = province.enrol()
    block = held(province, device)
    lost = NumbersLost(block=block["block"], first=span[0], last=span[1], cause="lost", found_out_on="2026-11-21")
    device.record(VET, lost)
    assert only(province, device) == (J.OUTSIDE_BLOCK, False, False)


def test_a_station_reports_the_numbers_of_a_stolen_laptop_lost(province: Province) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    block = held(province, owner)
    report_lost(desk, block)
    assert verdicts_on(province, desk) == []
    assert set(number_states(province, block)) == {"lost"}


def report_lost(desk: FakeDevice, block: dict[str, Any], actor: int = SECOND_VET) -> None:
    span = {"first": str(block["first"]), "last": str(block["last"])}
    desk.record(actor, NumbersLost(block=block["block"], **span, cause="stolen", found_out_on="2026-11-21"))


def test_another_station_reports_nothing_lost_here(province: Province) -> None:
    publishing.grant(province.using, SECOND_VET, station=OTHER_STATION, posts=("vet",), kinds=("B",), valid_from=1)
    owner = province.enrol("一号机")
    stranger = province.enrol("外站", station=OTHER_STATION, people=(SECOND_VET,))
    block = held(province, owner)
    report_lost(stranger, block)
    assert only(province, stranger) == (J.OUTSIDE_BLOCK, False, False)
    assert set(number_states(province, block)) == {"free"}


def test_a_certificate_that_bears_a_number_reported_lost_is_on_record_and_blames_nobody_who_did_not_know(
    province: Province,
) -> None:
    owner, desk = province.enrol("一号机"), province.enrol("二号机", people=(SECOND_VET,))
    block = held(province, owner)
    issued = work.certify(owner)
    report_lost(desk, block)
    assert verdicts_on(province, desk) == []
    assert only(province, owner) == (J.NUMBER_LOST, True, False)
    assert certificate(province, issued)["state"] == "issued"
    number = DjangoRows(province.using).one("numbers", number=str(issued.number)) or {}
    assert number["state"] == "lost", "a number that was lost stays dead"
