"""Blanks of pre-numbered stock at the province: their numbers are dead, and nobody is blamed who could not know."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.config import read_resource
from inspector_app.domain.numbering import Number
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.blanks import BlankSpoiled
from inspector_app.journal.entries.custody import NumbersLost
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.numbers import custody
from province.registry import publishing
from tests.province import work
from tests.province.fixtures import CLERK, HEAD, STATION, VET, Province
from tests.province.judged import only, verdicts_on
from tests.sync.fakes import FakeDevice

PHOTO = "5f" * 32


@pytest.fixture
def numbered(province: Province) -> Province:
    """The province prints numbers on its stock and forgives no old sheet."""
    body = read_resource("catalogue/policy.toml").decode()
    for name, old, new in (("paper_mode", '"plain"', '"pre_numbered"'), ("draws_in_arrears", "1", "0")):
        assert f'name = "{name}"\nvalue = {old}' in body
        body = body.replace(f'name = "{name}"\nvalue = {old}', f'name = "{name}"\nvalue = {new}')
    province.clock.wait(1)
    publishing.publish_policy(province.using, "2", body)
    return province


def blank(device: FakeDevice, number: Number, block: str, **changes: object) -> BlankSpoiled:
    said = BlankSpoiled(number=number, block=block, category="missing_number", attachments=[PHOTO])
    return msgspec.structs.replace(said, **changes)


def at_work(province: Province, name: str = "一号机") -> FakeDevice:
    """A computer that has heard of the policy."""
    device = province.enrol(name)
    device.sync(province.exchange)
    return device


def state_of(province: Province, number: Number) -> str:
    return str((DjangoRows(province.using).one("numbers", number=str(number)) or {})["state"])


def test_its_number_is_passed_by_and_its_sheet_is_owed(numbered: Province) -> None:
    device = at_work(numbered)
    number, block = work.next_number(device, "B")
    device.record(VET, blank(device, number, block))
    paper = work.certify(device, taken=work.next_number(device, "B", skip=1))
    assert verdicts_on(numbered, device) == []
    assert int(paper.number.digits) == int(number.digits) + 1
    assert state_of(numbered, number) == "withdrawn"
    owed = custody.unsettled_sheets(numbered.using, "B", STATION)
    assert [(row["number"], row["print"], row["sheet"]) for _draw, row in owed] == [(str(number), 0, 0)]
    assert differences(numbered.using) == []


def test_g47_what_was_printed_on_is_no_blank(numbered: Province) -> None:
    device = numbered.enrol()
    block = work.next_number(device, "B")[1]
    paper = work.certify(device)
    device.record(VET, blank(device, paper.number, block))
    assert only(numbered, device) == (Judgement.WRONG_STATE, False, False)
    assert state_of(numbered, paper.number) == "used"


def test_g34_nobody_spoils_the_blanks_of_another_computer(numbered: Province) -> None:
    device, sister = numbered.enrol(), numbered.enrol("二号机", people=(CLERK,))
    number, block = work.next_number(device, "B")
    sister.record(CLERK, blank(sister, number, block))
    assert only(numbered, sister) == (Judgement.OUTSIDE_BLOCK, False, False)
    assert state_of(numbered, number) == "free"


def test_g34_a_blank_without_photograph_or_reason_is_disputed(numbered: Province) -> None:
    device = numbered.enrol()
    device.record(VET, blank(device, *work.next_number(device, "B"), attachments=[]))
    assert only(numbered, device)[0] == Judgement.PHOTO_MISSING


def test_g34_on_plain_paper_there_is_none_and_its_number_stays_unused(province: Province) -> None:
    device = province.enrol()
    number, block = work.next_number(device, "B")
    device.record(VET, blank(device, number, block))
    assert only(province, device) == (Judgement.WRONG_STATE, False, False)
    assert state_of(province, number) == "withdrawn"


def test_without_the_post_nobody_registers_one(numbered: Province) -> None:
    device = numbered.enrol(people=(VET, HEAD))
    device.record(HEAD, blank(device, *work.next_number(device, "B")))
    assert only(numbered, device)[0] == Judgement.POST_MISSING


@pytest.mark.parametrize("loss_first", [True, False])
def test_a_loss_told_by_a_sister_stands_whichever_is_heard_first(numbered: Province, *, loss_first: bool) -> None:
    device, sister = at_work(numbered), at_work(numbered, "二号机")
    number, block = work.next_number(device, "B")
    device.record(VET, blank(device, number, block))
    sister.record(VET, NumbersLost(block, number.digits, number.digits, "stolen", "2026-11-21"))
    for one in (sister, device) if loss_first else (device, sister):
        assert verdicts_on(numbered, one) == []
    assert state_of(numbered, number) == "lost"
    assert differences(numbered.using) == []
