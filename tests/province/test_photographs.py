"""Photographs that come later, at the province: beside the acts of their own station only."""

from __future__ import annotations

from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.chain import reference
from inspector_app.journal.entries.custody import SheetSpoiled
from inspector_app.journal.entries.photographs import PhotographsAdded
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.registry import publishing
from tests.province import work
from tests.province.fixtures import OTHER_STATION, SECOND_VET, VET, Province
from tests.province.judged import only, verdicts_on
from tests.sync.fakes import FakeDevice

PHOTO = "5f" * 32


def spoiled(device: FakeDevice) -> str:
    number = work.certify(device).number
    return device.record(VET, SheetSpoiled(number, 1, 2, category="damaged", no_picture="camera_broken"))


def test_it_is_taken_in_beside_its_act(province: Province) -> None:
    device = province.enrol()
    ref = spoiled(device)
    device.record(VET, PhotographsAdded(about=ref, attachments=[PHOTO]))
    before = [sheet.code for sheet in verdicts_on(province, device) if sheet.seq == device.head().seq]
    assert before == []
    assert [row["pictures"] for row in DjangoRows(province.using).many("photographs", about=ref)] == [1]
    assert differences(province.using) == []


def test_what_was_photographed_from_the_beginning_asks_for_none(province: Province) -> None:
    device = province.enrol()
    number = work.certify(device).number
    ref = device.record(VET, SheetSpoiled(number, 1, 2, category="damaged", attachments=[PHOTO]))
    device.record(VET, PhotographsAdded(about=ref, attachments=[PHOTO]))
    assert only(province, device)[0] == Judgement.RECORD_DIFFERS


def test_nothing_is_added_to_an_act_that_is_still_to_come(province: Province) -> None:
    device = province.enrol()
    spoiled(device)
    head = device.head()
    device.record(VET, PhotographsAdded(about=reference(device.device, head.seq + 1), attachments=[PHOTO]))
    assert only(province, device)[0] == Judgement.REFERENCE_UNKNOWN


def test_of_an_act_nobody_has_heard_of_yet_nothing_is_said(province: Province) -> None:
    device, sister = province.enrol(), province.enrol("二号机", people=(SECOND_VET,))
    device.record(VET, PhotographsAdded(about=reference(sister.device, sister.head().seq + 1), attachments=[PHOTO]))
    assert [one for one in verdicts_on(province, device) if one.seq == device.head().seq] == []


def test_nobody_photographs_the_acts_of_another_station(province: Province) -> None:
    ref = spoiled(province.enrol())
    publishing.grant(province.using, SECOND_VET, station=OTHER_STATION, posts=("vet",), kinds=("B",), valid_from=1)
    other = province.enrol("二号机", station=OTHER_STATION, people=(SECOND_VET,))
    other.record(SECOND_VET, PhotographsAdded(about=ref, attachments=[PHOTO]))
    assert only(province, other)[0] == Judgement.REFERENCE_UNKNOWN
