"""The next server or authority key: stated by the root, heard of by every device, and only then signing."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from inspector_app.clock import MS_PER_DAY
from inspector_app.domain.authority import TerminalLicence
from inspector_app.errors import StationError
from province import provinces, renewal
from province.keys import load_keys, save_keys
from province.registry import publishing
from province.registry.fencing import fence_device
from tests.province.fixtures import STATION, VET, Province

YEARS_6 = 6 * 365 * MS_PER_DAY


@pytest.fixture
def keys(province: Province, tmp_path: Path) -> Path:
    """A folder with the province's keys."""
    folder = tmp_path / "keys"
    save_keys(provinces.of(province.using).keys, folder)
    return folder


def start_again(province: Province, keys: Path) -> None:
    """The server's process reads its keys anew."""
    provinces.register(msgspec.structs.replace(provinces.of(province.using), keys=load_keys(keys)))


def test_a_server_key_that_ended_is_followed_by_one_the_devices_know(province: Province, keys: Path) -> None:
    device = province.enrol()
    key = renewal.state_next(province.using, "server", keys)
    assert renewal.waiting_for(province.using, key) == [device.device]
    device.sync(province.exchange)
    assert renewal.waiting_for(province.using, key) == []
    renewal.switch(province.using, "server", keys)
    start_again(province, keys)
    assert provinces.of(province.using).keys.server.public == key.public
    assert device.sync(province.exchange).status == "ok"
    assert province.enrol("二号机").sync(province.exchange).status == "ok"


def test_what_the_next_key_is_for(province: Province, keys: Path) -> None:
    device = province.enrol()
    province.clock.at += YEARS_6
    with pytest.raises(StationError, match=r"network\.server_key_ended"):
        device.sync(province.exchange)


def test_asking_twice_states_one_key(province: Province, keys: Path) -> None:
    first = renewal.state_next(province.using, "server", keys)
    assert renewal.state_next(province.using, "server", keys).public == first.public


def test_the_next_key_signs_only_when_every_device_at_work_knows_it(province: Province, keys: Path) -> None:
    away, lost = province.enrol("一号机"), province.enrol("二号机")
    present = load_keys(keys).server.public
    renewal.state_next(province.using, "server", keys)
    with pytest.raises(StationError, match=r"province\.devices_behind"):
        renewal.switch(province.using, "server", keys)
    assert load_keys(keys).server.public == present
    fence_device(province.using, lost.device)
    away.sync(province.exchange)
    renewal.switch(province.using, "server", keys)
    assert load_keys(keys).server.public != present


def test_who_has_not_heard_of_it_believes_nothing_it_signs(province: Province, keys: Path) -> None:
    away = province.enrol()
    renewal.state_next(province.using, "server", keys)
    renewal.switch(province.using, "server", keys, even_so=True)
    start_again(province, keys)
    with pytest.raises(StationError, match=r"network\.identity"):
        away.sync(province.exchange)


def test_nothing_is_switched_that_the_root_has_not_stated(province: Province, keys: Path) -> None:
    with pytest.raises(StationError, match=r"province\.next_key_absent"):
        renewal.switch(province.using, "server", keys)
    rootless = msgspec.structs.replace(provinces.of(province.using).keys, root=None)
    provinces.register(msgspec.structs.replace(provinces.of(province.using), keys=rootless))
    with pytest.raises(StationError, match=r"province\.root_key_absent"):
        renewal.state_next(province.using, "server", keys)
    assert not (keys / "server.next.key").exists()


def test_the_authority_key_is_renewed_the_same_way(province: Province, keys: Path) -> None:
    device = province.enrol()
    renewal.state_next(province.using, "authority", keys)
    device.sync(province.exchange)
    renewal.switch(province.using, "authority", keys)
    start_again(province, keys)
    publishing.grant(province.using, VET, station=STATION, posts=("vet", "head"), kinds=("A", "B"), valid_from=1)
    assert device.sync(province.exchange).pulled > 0
    assert device.trust is not None


# --- licences --------------------------------------------------------------------------------------------------------


def without_authority(province: Province) -> None:
    """The authority key is taken off the server."""
    bare = msgspec.structs.replace(provinces.of(province.using).keys, authority=None, root=None)
    provinces.register(msgspec.structs.replace(provinces.of(province.using), keys=bare, publishes=False))


def test_a_device_enrolled_without_the_authority_key_is_licensed_afterwards(province: Province) -> None:
    whole = provinces.of(province.using)
    without_authority(province)
    device = province.enrol()
    assert device.held(TerminalLicence) == []
    with pytest.raises(StationError, match=r"province\.authority_key_absent"):
        publishing.license_device(province.using, device.device)
    provinces.register(whole)
    assert publishing.in_need_of_licence(province.using) == [device.device]
    publishing.license_device(province.using, device.device)
    device.sync(province.exchange)
    assert [one.device for one in device.held(TerminalLicence)] == [device.device]
    assert publishing.in_need_of_licence(province.using) == []


def test_a_licence_that_ends_within_a_month_is_due(province: Province) -> None:
    device = province.enrol()
    province.clock.at += 334 * MS_PER_DAY
    assert publishing.in_need_of_licence(province.using) == []
    province.clock.at += 2 * MS_PER_DAY
    assert publishing.in_need_of_licence(province.using) == [device.device]


def test_neither_a_stranger_nor_a_fenced_device_is_licensed(province: Province) -> None:
    device = province.enrol()
    fence_device(province.using, device.device)
    with pytest.raises(StationError, match=r"province\.device_fenced"):
        publishing.license_device(province.using, device.device)
    with pytest.raises(StationError, match=r"province\.device_unknown"):
        publishing.license_device(province.using, "00" * 16)
    assert publishing.in_need_of_licence(province.using) == []
