"""The judge follows a device's day closes: a number left out, a chain that breaks, a day before the last are told."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.custody import DayClosed
from province.journal.rows import DjangoRows
from tests.province.fixtures import VET, Province
from tests.province.judged import only, verdicts_on
from tests.sync.fakes import FakeDevice

J = Judgement
FIRST = DayClosed(
    date="2026-11-20",
    ordinal=1,
    previous="",
    counts=[],
    waiting=0,
    at_seq=1,
    head="00" * 32,
    equations_hold=True,
    opening_sheets=0,
    sheets_in=0,
    sheets_out=0,
    closing_sheets=0,
    sheet="00" * 32,
)


def closed(device: FakeDevice, **changes: str | int) -> str:
    return device.record(VET, msgspec.structs.replace(FIRST, **changes))


def hash_of(province: Province, device: FakeDevice, ref: str) -> str:
    device.sync(province.exchange)
    return str((DjangoRows(province.using).one("days", ref=ref) or {})["hash"])


def test_closes_in_their_order_are_accepted_in_silence(province: Province) -> None:
    device = province.enrol()
    first = closed(device)
    closed(device, date="2026-11-21", ordinal=2, previous=hash_of(province, device, first))
    assert verdicts_on(province, device) == []
    assert [row["ordinal"] for row in DjangoRows(province.using).many("days")] == [1, 2]


@pytest.mark.parametrize(
    "changes",
    [{"ordinal": 3}, {"previous": "11" * 32}, {"previous": ""}, {"date": "2026-11-19"}, {"ordinal": 1}],
    ids=str,
)
def test_a_close_out_of_order_is_told_and_kept(province: Province, changes: dict[str, str | int]) -> None:
    device = province.enrol()
    previous = hash_of(province, device, closed(device))
    usual: dict[str, str | int] = {"date": "2026-11-21", "ordinal": 2, "previous": previous}
    closed(device, **(usual | changes))
    assert only(province, device) == (J.DAY_CHAIN, False, False)
    assert len(DjangoRows(province.using).many("days")) == 2


def test_a_first_close_that_claims_one_before_is_told(province: Province) -> None:
    device = province.enrol()
    closed(device, ordinal=2, previous="11" * 32)
    assert only(province, device)[0] is J.DAY_CHAIN


def test_each_device_has_a_chain_of_its_own(province: Province) -> None:
    one, other = province.enrol("一号机"), province.enrol("二号机")
    closed(one)
    closed(other)
    assert (verdicts_on(province, one), verdicts_on(province, other)) == ([], [])
