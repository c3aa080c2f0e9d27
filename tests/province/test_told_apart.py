"""Sheets and hand-overs two computers tell of: the second to report is blamed only for what it knew."""

from __future__ import annotations

import pytest

from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.certificates import CertificateVoided
from inspector_app.journal.entries.custody import SheetLost, SheetSpoiled
from inspector_app.journal.entries.printing import PrintReleased
from inspector_app.journal.envelope import Fact
from inspector_app.suites import sha256
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from tests.province import work
from tests.province.fixtures import VET, Province
from tests.province.test_moments import HOUR, printed, verdicts
from tests.sync.fakes import FakeDevice

BLAMED = (Judgement.WRONG_STATE.value, False, False)
Pair = tuple[FakeDevice, FakeDevice, work.Issued]


@pytest.fixture
def pair(province: Province) -> Pair:
    """Two computers of a station that both know a printed certificate."""
    first, second = province.enrol("1"), province.enrol("2")
    issued = work.certify(first)
    printed(first, issued)
    first.sync(province.exchange)
    second.sync(province.exchange)
    return first, second, issued


def lose(device: FakeDevice, issued: work.Issued) -> None:
    device.record(VET, SheetLost(issued.number, 1, 2, category="lost_before_handover"))
    void = CertificateVoided(number=issued.number, reason="missing_sheet", on_desk=1, no_picture="too_dark")
    device.record(VET, void)


def release(device: FakeDevice, issued: work.Issued) -> None:
    credential = sha256(issued.payloads[1]).hex()
    device.record(VET, PrintReleased(issued.number, 2, "paper_jam", [1, 2], credential))


def states(province: Province, issued: work.Issued) -> list[str]:
    assert differences(province.using) == []
    return [str(row["state"]) for row in DjangoRows(province.using).many("sheets", number=str(issued.number))]


def test_a_sheet_two_report_lost_blames_nobody(province: Province, pair: Pair) -> None:
    first, second, issued = pair
    for device in (first, second):
        lose(device, issued)
    assert (verdicts(province, first), verdicts(province, second)) == ([], [])
    assert states(province, issued) == ["spoiled", "lost"]


@pytest.mark.parametrize("loss_first", [True, False])
def test_a_loss_and_a_hand_over_blame_nobody_in_either_order(
    province: Province, pair: Pair, *, loss_first: bool
) -> None:
    first, second, issued = pair
    lose(first, issued)
    work.hand_over(second, issued)
    for device in (first, second) if loss_first else (second, first):
        assert verdicts(province, device) == []
    assert states(province, issued) == ["printed", "handed_over"]


@pytest.mark.parametrize("loss_first", [True, False])
def test_a_loss_and_a_release_blame_nobody_in_either_order(province: Province, pair: Pair, *, loss_first: bool) -> None:
    first, second, issued = pair
    lose(second, issued)
    release(first, issued)
    for device in (second, first) if loss_first else (first, second):
        assert verdicts(province, device) == []
    assert states(province, issued) == ["spoiled", "lost"]


@pytest.mark.parametrize("fact", [SheetLost, SheetSpoiled])
def test_who_knew_where_the_sheet_was_is_blamed(province: Province, pair: Pair, fact: type[Fact]) -> None:
    first, second, issued = pair
    work.hand_over(first, issued)
    first.sync(province.exchange)
    second.sync(province.exchange)
    second.record(VET, fact(issued.number, 1, 2, category="torn_or_wet"))
    assert verdicts(province, second) == [BLAMED]
    assert states(province, issued) == ["printed", "handed_over"]


def test_who_knew_that_the_sheets_are_lost_releases_no_print_for_them(province: Province, pair: Pair) -> None:
    first, _second, issued = pair
    first.record(VET, SheetLost(issued.number, 1, 2, category="lost_before_handover"))
    release(first, issued)
    assert verdicts(province, first) == [BLAMED]


def test_the_same_hand_over_twice_keeps_the_earlier_moment(province: Province, pair: Pair) -> None:
    first, second, issued = pair
    province.clock.wait(3600)
    early = province.clock.at - HOUR // 2
    work.hand_over(first, issued, handed_at=province.clock.at)
    work.hand_over(second, issued, handed_at=early)
    assert (verdicts(province, first), verdicts(province, second)) == ([], [])
    row = DjangoRows(province.using).one("certificates", number=str(issued.number)) or {}
    assert row["handed_over_at"] == early
    assert states(province, issued) == ["printed", "handed_over"]


def test_who_knew_of_a_hand_over_records_none_again(province: Province, pair: Pair) -> None:
    first, second, issued = pair
    work.hand_over(first, issued)
    first.sync(province.exchange)
    second.sync(province.exchange)
    work.hand_over(second, issued)
    assert verdicts(province, second) == [BLAMED]


@pytest.mark.parametrize(("after_ms", "blamed"), [(-1, []), (0, [BLAMED])])
def test_who_knew_of_the_void_gives_out_nothing_after_it(
    province: Province, pair: Pair, after_ms: int, blamed: list[tuple[str, bool, bool]]
) -> None:
    first, second, issued = pair
    province.clock.wait(600)
    work.void(second, issued)
    void_at = province.clock.at
    second.sync(province.exchange)
    first.sync(province.exchange)
    province.clock.wait(600)
    work.hand_over(first, issued, handed_at=void_at + after_ms)
    assert verdicts(province, first) == blamed
    assert states(province, issued) == ["printed", "handed_over"], "it is with its holder either way"
