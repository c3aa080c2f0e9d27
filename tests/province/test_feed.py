"""The province's own feed: who is told what, in which order, and that it can be rebuilt from."""

from __future__ import annotations

import pytest
from django.db import transaction

from inspector_app.domain.authority import Grant, Lease, StationSheet
from inspector_app.domain.declaration import OnlineDeclaration
from inspector_app.domain.numbering import Block
from inspector_app.errors import StationError
from inspector_app.journal.entries.devices import ProvincePulled
from inspector_app.journal.feed import RELAYED, read_relayed
from inspector_app.journal.projections import TABLES
from inspector_app.journal.projections.retention import DECLARED_COLUMNS
from province.journal import feed
from province.journal.models import FeedDocument, FeedPrivate, State
from province.journal.projecting import differences, ensure_projections, rebuild
from province.journal.rows import DjangoRows
from province.portal.declaring import remove_old
from province.registry import publishing
from tests.province import work
from tests.province.declarations import declare_online
from tests.province.fixtures import OTHER_STATION, STATION, VET, Province
from tests.sync.fakes import FakeDevice


def relayed(device: FakeDevice) -> list[str]:
    """The kinds of the sisters' entries a device has taken in."""
    entries = [read_relayed(document.content) for document in device.stored if document.kind == RELAYED]
    return [entry.envelope.kind for entry in entries if entry is not None]


def test_an_accepted_entry_reaches_the_sisters_with_its_private_part(either_province: Province) -> None:
    first, second = either_province.enrol("一号机"), either_province.enrol("二号机")
    work.certify(first)
    first.sync(either_province.exchange)
    second.sync(either_province.exchange)
    assert "certificate.issued/1" in relayed(second)
    entries = [read_relayed(document.content) for document in second.stored if document.kind == RELAYED]
    details = [entry.private for entry in entries if entry and entry.envelope.kind == "declaration.recorded/1"]
    assert getattr(details[0], "owner", "") == "湖西特种水产苗种场"


def test_an_own_entry_never_comes_back(province: Province) -> None:
    device = province.enrol()
    work.certify(device)
    device.sync(province.exchange)
    device.sync(province.exchange)
    assert relayed(device) == []


def test_what_a_device_pulled_is_not_told_to_its_sisters(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机")
    for _ in range(3):
        first.sync(province.exchange)
        second.sync(province.exchange)
    assert "province.pulled/1" not in relayed(first) + relayed(second)
    pulls = [entry for entry in first.entries if ProvincePulled.KIND.encode() in entry.public]
    assert len(pulls) <= 4


def test_two_sisters_come_to_rest(province: Province) -> None:
    devices = [province.enrol("一号机"), province.enrol("二号机")]
    work.certify(devices[0])
    rounds = [[device.sync(province.exchange) for device in devices] for _ in range(3)]
    assert [(report.sent, report.pulled) for report in rounds[-1]] == [(0, 0), (0, 0)]


def test_another_station_hears_nothing_of_it(province: Province) -> None:
    here, there = province.enrol(), province.enrol("别站", station=OTHER_STATION, people=())
    work.certify(here)
    here.sync(province.exchange)
    there.sync(province.exchange)
    assert relayed(there) == []
    assert there.held(Block) == []
    assert [grant.station for grant in there.held(Grant)] == []
    assert {sheet.station for sheet in there.held(StationSheet)} == {STATION, OTHER_STATION}


def test_a_lease_is_for_its_device_alone(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机")
    second.sync(province.exchange)
    assert {lease.device for lease in second.held(Lease)} == {second.device}
    assert first.held(Lease)


def test_an_entry_that_cannot_stand_is_not_told_to_anybody(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机")
    issued = work.certify(first)
    work.void(first, issued)
    work.void(first, issued)
    first.sync(province.exchange)
    second.sync(province.exchange)
    assert relayed(second).count("certificate.voided/1") == 1


def test_a_lease_is_renewed_at_contact_but_not_at_every_contact(province: Province) -> None:
    device = province.enrol()
    for _ in range(3):
        device.sync(province.exchange)
    assert len(device.held(Lease)) == 1
    province.clock.wait(2 * 3600)
    device.sync(province.exchange)
    assert len(device.held(Lease)) == 2
    assert device.held(Lease)[-1].issue_until > device.held(Lease)[0].issue_until


def test_a_long_feed_comes_in_several_answers(province: Province) -> None:
    device = province.enrol()
    for number in range(100, 400):
        publishing.add_station(
            province.using,
            number,
            name="站" * 20,
            name_en="Station " * 9,
            area=321084,
            phone="0514-84600000",
            address="路" * 100,
        )
    report = device.sync(province.exchange)
    assert report.requests >= 2
    assert len(device.held(StationSheet)) == 302


def test_a_withdrawn_transaction_leaves_no_hole_in_the_cursors(either_province: Province) -> None:
    using = either_province.using
    before = State.objects.using(using).get(only=1).cursor
    with transaction.atomic(using=using):
        publishing.add_station(using, 99, name="站", name_en="", area=321084, phone="1")
        transaction.set_rollback(True, using=using)
    publishing.add_station(using, 98, name="站", name_en="", area=321084, phone="1")
    assert State.objects.using(using).get(only=1).cursor == before + 1
    cursors = list(FeedDocument.objects.using(using).order_by("cursor").values_list("cursor", flat=True))
    assert cursors == list(range(1, len(cursors) + 1))


def test_without_the_authority_key_nothing_is_decided(province: Province) -> None:
    import msgspec

    from province import provinces

    served = provinces.of(province.using)
    online = msgspec.structs.replace(served, keys=msgspec.structs.replace(served.keys, authority=None, root=None))
    provinces.register(online)
    with pytest.raises(StationError, match=r"province\.authority_key_absent"):
        publishing.add_station(province.using, 9, name="站", name_en="", area=321084, phone="1")


# --- projections ----------------------------------------------------------------------------------------------------


def test_projections_rebuilt_from_the_feed_are_the_same(either_province: Province) -> None:
    first, second = either_province.enrol("一号机"), either_province.enrol("二号机")
    work.void(first, work.certify(first))
    work.certify(second)
    declare_online(either_province)
    first.sync(either_province.exchange)
    second.sync(either_province.exchange)
    rows = DjangoRows(either_province.using)
    before = rows.many("certificates")
    assert differences(either_province.using) == []
    rebuild(either_province.using)
    assert rows.many("certificates") == before
    assert not ensure_projections(either_province.using)


def test_a_projection_somebody_tampered_with_is_noticed(province: Province) -> None:
    device = province.enrol()
    work.certify(device)
    device.sync(province.exchange)
    DjangoRows(province.using).update("certificates", {"state": "issued"}, {"state": "voided"})
    assert differences(province.using) == ["certificates"]


# --- online declarations --------------------------------------------------------------------------------------------


def test_an_online_declaration_reaches_its_station_only(province: Province) -> None:
    here, there = province.enrol(), province.enrol("别站", station=OTHER_STATION, people=())
    row = declare_online(province)
    here.sync(province.exchange)
    there.sync(province.exchange)
    assert [declaration.online for declaration in here.held(OnlineDeclaration)] == [row.online]
    assert there.held(OnlineDeclaration) == []


def test_an_online_declaration_past_its_retention_leaves_only_its_hash(province: Province) -> None:
    row = declare_online(province)
    assert remove_old(province.using) == 0
    province.clock.wait(3 * 365 * 86_400)
    assert remove_old(province.using) == 1
    assert not FeedPrivate.objects.using(province.using).exists()
    kept = FeedDocument.objects.using(province.using).get(cursor=row.cursor)
    assert len(bytes(kept.content)) == 32
    assert feed.contents_of(province.using, [kept]) == [None]
    shown = DjangoRows(province.using).one("online_declarations", online=row.online)
    assert shown is not None
    assert (shown["owner_name"], shown["species"]) == (None, 101)


def test_everything_a_producer_says_of_people_and_places_is_in_the_one_list_that_goes() -> None:
    said = {column for column, kind in TABLES["online_declarations"].columns.items() if kind == "TEXT"}
    assert said - {"online", "stage", "declaration"} == set(DECLARED_COLUMNS)
    assert set(DECLARED_COLUMNS) <= set(TABLES["declarations"].columns)


def test_a_device_that_comes_after_the_retention_is_not_stopped_by_it(province: Province) -> None:
    declare_online(province)
    province.clock.wait(3 * 365 * 86_400)
    remove_old(province.using)
    publishing.grant(province.using, VET, station=STATION, posts=("vet",), kinds=("B",))
    device = province.enrol()
    assert device.held(OnlineDeclaration) == []
    assert not device.frozen
