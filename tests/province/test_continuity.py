"""The province's continuity report: number for number what the station says, and what the judge found to be skipped."""

from __future__ import annotations

from typing import Any

from inspector_app.domain.continuity import Continuity, Standing
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.custody import NumbersLost, NumbersReturned
from province.journal.rows import DjangoRows
from province.ledgers.continuity import continuity_of, continuity_report
from tests.province import work
from tests.province.fixtures import OTHER_STATION, STATION, VET, Province
from tests.sync.fakes import FakeDevice

S = Standing


def standings(found: Continuity, kind: str = "B") -> dict[str, Standing]:
    """How each number of a kind stands that is in a block."""
    return {one.first: one.standing for one in found.numbers if one.kind == kind and one.place.block}


def report(province: Province) -> Continuity:
    return continuity_of(province.using, STATION)


def block_of(province: Province, device: FakeDevice) -> dict[str, Any]:
    return dict(DjangoRows(province.using).many("blocks", order="ordinal", device=device.device, kind="B")[0])


def skip(device: FakeDevice, count: int = 1) -> work.Issued:
    """A certificate that bears a number further up than the next."""
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    taken = work.next_number(device, "B", skip=count)
    return work.issue(device, inspection, declaration, taken=taken)


def test_every_end_of_a_number_is_told_with_its_entry_day_and_reason(province: Province) -> None:
    device = province.enrol()
    block = block_of(province, device)
    kept, wrong = work.certify(device), work.certify(device)
    work.void(device, wrong)
    lost, back = str(int(block["last"]) - 3), str(int(block["last"]) - 1)
    device.record(VET, NumbersReturned(block=block["block"], first=back, last=block["last"], reason="too_many"))
    device.record(
        VET, NumbersLost(block=block["block"], first=lost, last=lost, cause="stolen", found_out_on="2026-11-20")
    )
    device.sync(province.exchange)
    found = report(province)
    by_cause = {one.standing: one for one in found.stretches if one.kind == "B"}
    assert by_cause[S.USED].entry == kept.ref
    assert (by_cause[S.VOIDED].first, by_cause[S.VOIDED].reason) == (wrong.number.digits, "wrong_content")
    assert (by_cause[S.RETURNED].size, by_cause[S.RETURNED].reason) == (2, "too_many")
    assert (by_cause[S.LOST].reason, by_cause[S.LOST].day) == ("stolen", "2026-11-21")
    assert found.to_explain == ()


def test_g26_a_number_the_judge_found_skipped_is_to_be_explained(province: Province) -> None:
    device = province.enrol()
    issued = skip(device)
    device.sync(province.exchange)
    verdicts = DjangoRows(province.using).many("verdicts", device=device.device)
    assert [row["code"] for row in verdicts] == [Judgement.ORDER]
    found = report(province)
    (passed,) = found.to_explain
    assert int(passed.first) == int(issued.number.digits) - 1
    assert passed.standing is S.SKIPPED
    assert standings(found)[issued.number.digits] is S.USED, "its paper is on the road"


def test_two_papers_of_one_number_are_contested(province: Province) -> None:
    device = province.enrol()
    first = work.certify(device)
    declaration = work.declare(device)
    inspection = work.inspect(device, declaration)
    work.issue(device, inspection, declaration, taken=(first.number, block_of(province, device)["block"]))
    device.sync(province.exchange)
    assert standings(report(province))[first.number.digits] is S.CONTESTED


def test_what_was_drawn_and_is_in_no_block_is_told(province: Province) -> None:
    device = province.enrol()
    found = report(province)
    uncut = [one for one in found.stretches if one.standing is S.UNCUT and one.kind == "B"]
    held = sum(1 for one in found.numbers if one.kind == "B" and one.place.device == device.device)
    assert sum(one.size for one in uncut) + held == 1_000


def test_another_stations_numbers_are_in_its_own_report(province: Province) -> None:
    work.certify(province.enrol())
    assert continuity_report(province.using, OTHER_STATION)[0]["stretches"] == []
    assert [one["station"] for one in continuity_report(province.using)] == [STATION]


def test_a_report_names_every_number_only_when_asked(province: Province) -> None:
    province.enrol()
    (short,), (long,) = (continuity_report(province.using, STATION, each=each) for each in (False, True))
    assert "numbers" not in short
    assert len(long["numbers"]) > len(short["stretches"]) > 2
