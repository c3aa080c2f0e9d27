"""The device's identity in a file: bound to the machine, wrapped, and plain about what that is worth."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector_app.errors import StationError
from inspector_app.store.disk import LocalDisk
from inspector_app.suites import seal, sha256, verify
from inspector_app.vault.device import DeviceIdentity, FileDeviceSecretStore
from inspector_app.vault.faults import VaultFault
from tests.proof_samples import SeededRandom
from tests.vault.conftest import MACHINE, WatchedDisk


def store(folder: Path, machine: bytes = MACHINE) -> FileDeviceSecretStore:
    return FileDeviceSecretStore(LocalDisk(), folder / "device", machine)


def loaded(folder: Path, machine: bytes = MACHINE) -> DeviceIdentity:
    identity = store(folder, machine).load()
    assert isinstance(identity, DeviceIdentity)
    return identity


def test_an_identity_is_the_same_after_a_restart(tmp_path: Path) -> None:
    made = store(tmp_path).create(SeededRandom())
    kept = loaded(tmp_path)
    assert kept.device_id == made.device_id == sha256(made.signing.public.raw).hex()[:32]
    assert kept.secret == made.secret
    assert verify(made.signing.public, "inspector/head/1", b"h", kept.signing.sign("inspector/head/1", b"h"))
    assert kept.box.open(b"bundle", seal(made.box.public_raw, b"bundle", b"block")) == b"block"


def test_two_devices_have_nothing_in_common(tmp_path: Path) -> None:
    one, other = store(tmp_path / "1").create(SeededRandom(1)), store(tmp_path / "2").create(SeededRandom(2))
    assert one.device_id != other.device_id
    assert one.secret != other.secret


def test_a_missing_file_is_a_missing_secret(tmp_path: Path) -> None:
    assert store(tmp_path).load() is VaultFault.DEVICE_SECRET_MISSING


def test_on_another_machine_the_file_is_foreign_and_does_not_open(tmp_path: Path) -> None:
    store(tmp_path).create(SeededRandom())
    for machine in (b"", b"another machine-id"):
        assert store(tmp_path, machine).load() is VaultFault.DEVICE_SECRET_FOREIGN


def test_after_destroying_it_nothing_is_left(tmp_path: Path) -> None:
    store(tmp_path).create(SeededRandom())
    store(tmp_path).destroy()
    assert list(tmp_path.iterdir()) == []
    assert store(tmp_path).load() is VaultFault.DEVICE_SECRET_MISSING


def test_the_identity_is_durable_before_it_is_used(tmp_path: Path) -> None:
    disk = WatchedDisk()
    disk.writes_left = 0
    with pytest.raises(StationError, match="disk_full"):
        FileDeviceSecretStore(disk, tmp_path / "device", MACHINE).create(SeededRandom())


def test_the_store_says_plainly_what_protects_the_keys(tmp_path: Path) -> None:
    assert store(tmp_path).protection == "device_secret_in_file"
    assert store(tmp_path, b"").protection == "device_secret_in_file_unbound"


def test_the_same_identity_is_never_wrapped_the_same_way_twice(tmp_path: Path) -> None:
    random = SeededRandom()
    store(tmp_path).create(random)
    first = (tmp_path / "device").read_bytes()
    store(tmp_path).create(random)
    assert (tmp_path / "device").read_bytes() != first


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(at=st.integers(0, 5000), bit=st.integers(0, 7))
def test_no_flipped_bit_gives_an_identity(tmp_path: Path, at: int, bit: int) -> None:
    path = tmp_path / "device"
    if not path.exists():
        store(tmp_path).create(SeededRandom())
    raw = path.read_bytes()
    changed = bytearray(raw)
    changed[at % len(changed)] ^= 1 << bit
    path.write_bytes(changed)
    try:
        assert isinstance(store(tmp_path).load(), VaultFault)
    finally:
        path.write_bytes(raw)
