"""The second person before the judge: who confirms, what, and in which order it is heard."""

from __future__ import annotations

import pytest

from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.ceremony import ActConfirmed
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.registry import publishing
from tests.province.fixtures import CLERK, HEAD, OTHER_STATION, VET, Province
from tests.province.judged import only, verdicts_on
from tests.province.test_day_chain import FIRST
from tests.sync.fakes import FakeDevice

J = Judgement
OTHER_VET = 21


def close(device: FakeDevice, actor: int = VET) -> str:
    """A day closed by one person."""
    return device.record(actor, FIRST)


def confirmed_by(province: Province, act: str) -> object:
    """Who the province has as second person."""
    return (DjangoRows(province.using).one("acts", ref=act) or {}).get("confirmed_by")


def test_a_countersigned_day_is_accepted_in_silence(either_province: Province) -> None:
    device = either_province.enrol(people=(VET, HEAD))
    act = close(device)
    device.record(HEAD, ActConfirmed(act=act, form="apart"))
    assert verdicts_on(either_province, device) == []
    assert confirmed_by(either_province, act) == HEAD
    assert differences(either_province.using) == []


@pytest.mark.parametrize("actor", [VET, CLERK])
def test_without_the_post_nobody_counts_as_the_second(province: Province, actor: int) -> None:
    device = province.enrol(people=(VET, CLERK, HEAD))
    act = close(device, HEAD)
    device.record(actor, ActConfirmed(act=act, form="apart"))
    assert only(province, device) == (J.POST_MISSING, False, False)


def test_whoever_closed_the_day_never_counts_twice(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    act = close(device, HEAD)
    device.record(HEAD, ActConfirmed(act=act, form="apart"))
    assert only(province, device) == (J.POST_MISSING, False, False)
    assert confirmed_by(province, act) is None


def test_a_confirmation_waits_for_the_act_on_a_sister(province: Province) -> None:
    first, second = province.enrol(people=(VET, HEAD)), province.enrol(people=(VET, HEAD))
    act = close(first)
    second.record(HEAD, ActConfirmed(act=act, form="apart"))
    assert verdicts_on(province, second) == []
    assert confirmed_by(province, act) is None
    assert verdicts_on(province, first) == []
    assert confirmed_by(province, act) == HEAD


def test_what_another_station_did_is_not_ours_to_confirm(province: Province) -> None:
    publishing.add_person(province.using, OTHER_VET, name="丁官医", name_en="Ding")
    publishing.grant(province.using, OTHER_VET, station=OTHER_STATION, posts=("vet",), kinds=("B",))
    ours, theirs = province.enrol(people=(VET, HEAD)), province.enrol(station=OTHER_STATION, people=(OTHER_VET,))
    act = close(theirs, OTHER_VET)
    theirs.sync(province.exchange)
    ours.record(HEAD, ActConfirmed(act=act, form="apart"))
    assert only(province, ours) == (J.REFERENCE_UNKNOWN, False, False)
