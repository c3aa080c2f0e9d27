"""Grants change: what then becomes of a person's keys, of the stations they worked at, and of the numbers they get."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inspector_app.clock import MS_PER_DAY
from inspector_app.domain.authority import Grant, PersonKey
from inspector_app.domain.credential import Verdict, judge
from inspector_app.journal.entries.devices import PersonKeyAdded
from inspector_app.suites import verify
from province import inprocess
from province.journal.recovery import declare_epoch
from province.journal.rows import DjangoRows
from province.numbers.models import CutBlock
from province.registry import publishing, trust
from province.registry.fencing import fence_device
from province.registry.grants import end_of_signing, in_force
from province.registry.models import PersonSigningKey, PublishedGrant
from tests.province import work
from tests.province.fixtures import CLERK, OTHER_STATION, STATION, VET, Province
from tests.sync.fakes import FakeDevice

DAY_SECONDS = 86_400


def give(province: Province, person: int = VET, **changes: Any) -> PublishedGrant:
    """A vet's grant at the test station, with what a test wants otherwise."""
    facts: dict[str, Any] = {"station": STATION, "posts": ("vet",), "kinds": ("A", "B")}
    return publishing.grant(province.using, person, **(facts | changes))


def says(province: Province, issued: work.Issued) -> Verdict:
    """The verdict by the trust file as of now."""
    return judge(issued.code(), trust.build(province.using), province.clock.at, verify).verdict


def window(device: FakeDevice, person: int = VET) -> int:
    """Until when the device believes the person's key to last."""
    return [key.valid_until for key in device.held(PersonKey) if key.person == person][-1]


def test_a_renewed_grant_renews_the_keys(either_province: Province) -> None:
    now = either_province.clock.at
    give(either_province, valid_until=now + 2 * MS_PER_DAY)
    device = either_province.enrol()
    either_province.clock.wait(DAY_SECONDS)
    give(either_province, valid_until=now + 300 * MS_PER_DAY)
    device.sync(either_province.exchange)
    assert window(device) == now + 300 * MS_PER_DAY
    either_province.clock.wait(2 * DAY_SECONDS)
    device.sync(either_province.exchange)
    issued = work.certify(device)
    device.sync(either_province.exchange)
    assert says(either_province, issued) is Verdict.GENUINE
    assert DjangoRows(either_province.using).many("verdicts") == []


@pytest.mark.parametrize(
    "changed",
    [{"posts": (), "kinds": ()}, {"station": OTHER_STATION}, {"posts": ("clerk",), "kinds": ()}],
    ids=["dismissed", "moved", "no vet any more"],
)
def test_what_a_person_signs_after_leaving_is_not_believed(province: Province, changed: dict[str, Any]) -> None:
    device = province.enrol()
    before = work.certify(device)
    device.sync(province.exchange)
    province.clock.wait(600)
    give(province, **changed)
    province.clock.wait(600)
    after = work.certify(device)
    assert says(province, before) is Verdict.GENUINE
    assert says(province, after) is Verdict.KEY_NOT_VALID_THEN
    device.sync(province.exchange)
    assert window(device) < province.clock.at


def test_who_comes_back_may_sign_again(province: Province) -> None:
    device = province.enrol()
    give(province, posts=(), kinds=())
    province.clock.wait(3600)
    give(province)
    province.clock.wait(60)
    device.sync(province.exchange)
    assert says(province, work.certify(device)) is Verdict.NOT_YET_REPORTED


def test_a_withdrawal_from_the_very_beginning_leaves_no_window(province: Province) -> None:
    device = province.enrol()
    give(province, posts=(), kinds=(), valid_from=1)
    assert says(province, work.certify(device)) is Verdict.KEY_NOT_VALID_THEN
    device.sync(province.exchange)
    assert window(device) == 0


def test_a_new_grant_gives_a_lost_device_s_key_nothing_back(province: Province) -> None:
    device = province.enrol()
    fence_device(province.using, device.device)
    before = PersonSigningKey.objects.using(province.using).get(device=device.device)
    province.clock.wait(60)
    give(province)
    after = PersonSigningKey.objects.using(province.using).get(device=device.device)
    assert (after.valid_until, after.valid_before) == (before.valid_until, before.valid_before)
    assert says(province, work.certify(device)) is Verdict.KEY_NOT_VALID_THEN


def test_a_grant_that_changes_no_end_publishes_no_key(province: Province) -> None:
    device = province.enrol()
    row = PublishedGrant.objects.using(province.using).filter(person_id=VET).latest("ordinal")
    give(province, posts=("vet", "head"), valid_until=row.valid_until)
    known = len(device.held(PersonKey))
    device.sync(province.exchange)
    assert len(device.held(PersonKey)) == known


def test_a_grant_brought_back_after_a_restore_gives_its_keys_their_window(province: Province, tmp_path: Path) -> None:
    device = province.enrol()
    backup = tmp_path / "backup.sqlite3"
    inprocess.copy_database(province.using, backup)
    until = province.clock.at + 700 * MS_PER_DAY
    give(province, valid_until=until)
    device.sync(province.exchange)
    inprocess.restore_database(province.using, backup)
    declare_epoch(province.using)
    device.sync(province.exchange)
    assert PersonSigningKey.objects.using(province.using).get(device=device.device).valid_until == until


def test_the_station_somebody_leaves_learns_of_it(either_province: Province) -> None:
    device = either_province.enrol()
    moved = give(either_province, station=OTHER_STATION, kinds=("B",))
    device.sync(either_province.exchange)
    assert [(one.ordinal, one.station) for one in device.held(Grant) if one.person == VET][-1] == (
        moved.ordinal,
        OTHER_STATION,
    )
    back = give(either_province, station=STATION)
    there = either_province.enrol("兴化", station=OTHER_STATION, people=())
    assert [one.ordinal for one in there.held(Grant)] == [moved.ordinal, back.ordinal]


def test_what_is_done_at_the_old_station_before_it_learns_blames_nobody(province: Province) -> None:
    device = province.enrol()
    give(province, station=OTHER_STATION)
    province.clock.wait(60)
    work.certify(device)
    device.sync(province.exchange)
    rows = DjangoRows(province.using).many("verdicts", device=device.device)
    assert {(row["code"], row["followed"], row["holds"]) for row in rows} == {("post_missing", 1, 0)}
    work.certify(device)
    device.sync(province.exchange)
    codes = DjangoRows(province.using).many("verdicts", device=device.device, followed=0)
    assert codes  # now it had been told


def test_another_station_s_people_are_nobody_s_business(province: Province) -> None:
    there = province.enrol("兴化", station=OTHER_STATION, people=())
    give(province)
    there.sync(province.exchange)
    assert there.held(Grant) == []


def test_a_move_that_begins_next_month_stops_nothing_today(province: Province) -> None:
    begins = province.clock.at + 30 * MS_PER_DAY
    give(province, station=OTHER_STATION, valid_from=begins)
    device = province.enrol()
    assert window(device) == begins - 1
    assert CutBlock.objects.using(province.using).filter(device=device.device, holder=VET).exists()
    issued = work.certify(device)
    device.sync(province.exchange)
    assert says(province, issued) is Verdict.GENUINE


def test_a_key_made_before_the_move_and_told_after_it_ends_with_the_move(province: Province) -> None:
    device = province.enrol(people=())
    device.add_person(VET)
    province.clock.wait(60)
    moved = give(province, station=OTHER_STATION)
    device.sync(province.exchange)
    device.sync(province.exchange)
    assert window(device) == moved.valid_from - 1


def test_nobody_adds_a_key_at_a_station_they_never_worked_at(province: Province) -> None:
    device = province.enrol("兴化", station=OTHER_STATION, people=())
    device.add_person(VET)
    device.sync(province.exchange)
    assert not PersonSigningKey.objects.using(province.using).filter(device=device.device).exists()


def test_nobody_takes_over_a_key_of_another_device(province: Province) -> None:
    honest, rogue = province.enrol("一号机"), province.enrol("二号机", people=(CLERK,))
    issued = work.certify(honest)
    honest.sync(province.exchange)
    rogue.people[VET] = honest.people[VET]  # a stolen key, announced as if it were made there
    public = honest.people[VET].public
    rogue.record(VET, PersonKeyAdded(person=VET, suite=public.suite, key=public.raw.hex()))
    rogue.sync(province.exchange)
    assert says(province, issued) is Verdict.GENUINE


def made(ordinal: int, begins: int, ends: int, *posts: str, station: int = STATION) -> PublishedGrant:
    return PublishedGrant(ordinal=ordinal, valid_from=begins, valid_until=ends, posts=list(posts), station=station)


@pytest.mark.parametrize(
    ("grants", "end"),
    [
        ([], None),
        ([made(1, 10, 100, "vet")], 100),
        ([made(2, 50, 300, "vet"), made(1, 10, 100, "vet")], 300),
        ([made(2, 50, 60, "vet"), made(1, 10, 100, "vet")], 60),
        ([made(2, 50, 300), made(1, 10, 100, "vet")], 49),
        ([made(2, 200, 300), made(1, 10, 100, "vet")], 100),
        ([made(2, 50, 300, "clerk"), made(1, 10, 100, "vet")], 49),
        ([made(2, 50, 300, "vet", station=OTHER_STATION), made(1, 10, 100, "vet")], 49),
        ([made(2, 50, 300, "vet", station=0), made(1, 10, 100, "vet")], 300),
        ([made(3, 70, 300, "vet"), made(2, 50, 300), made(1, 10, 100, "vet")], 300),
        ([made(2, 5, 300), made(1, 10, 100, "vet")], None),
        ([made(1, 10, 100, "clerk")], 100),
        ([made(1, 10, 100, "vet", station=OTHER_STATION)], None),
    ],
)
def test_the_right_to_sign_ends_when_a_later_grant_takes_it_away(grants: list[PublishedGrant], end: int | None) -> None:
    assert end_of_signing(grants, STATION) == end


def test_the_newest_grant_that_has_begun_counts() -> None:
    first, second = made(1, 10, 100, "vet"), made(2, 50, 60, "vet")
    assert [in_force([second, first], at) for at in (5, 10, 49, 50, 99)] == [second, first, first, second, second]
