"""The home: only on a local disk that stays, and its public sheet."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector_app.errors import StationError
from inspector_app.store import home as home_module
from inspector_app.store.disk import LocalDisk
from inspector_app.store.home import (
    NETWORK_FILESYSTEMS,
    REMOVABLE_FILESYSTEMS,
    HomePaths,
    HomeSheet,
    filesystem_in,
    is_removable,
    mount_of,
    read_sheet,
    require_local,
    write_sheet,
)
from tests.journal.samples import DEVICE

TABLE = r"""sysfs /sys sysfs rw,nosuid 0 0
/dev/vda1 / ext4 rw,relatime 0 0
tmpfs /run tmpfs rw 0 0
//nas/share /mnt/nas cifs rw,vers=3.1.1 0 0
server:/export /srv/data nfs4 rw 0 0
/dev/sdb1 /media/li/U\040disk vfat rw 0 0
/dev/sdc1 /media/li/back\134slash exfat rw 0 0
/dev/sdd1 /media/li/stick ext4 rw 0 0
user@host:/ /data/li/remote fuse.sshfs rw 0 0
/dev/vda2 /srv/data/local ext4 rw 0 0
none /mnt/later tmpfs rw 0 0
/dev/vda3 /mnt/later xfs rw 0 0

broken
"""


@pytest.mark.parametrize(
    ("folder", "filesystem"),
    [
        ("/data/li/inspector", "ext4"),
        ("/mnt/nas", "cifs"),
        ("/mnt/nas/inspector/home", "cifs"),
        ("/mnt/nasty", "ext4"),
        ("/srv/data/home", "nfs4"),
        ("/srv/data/local/home", "ext4"),
        ("/media/li/U disk/home", "vfat"),
        ("/media/li/back\\slash/home", "exfat"),
        ("/data/li/remote/x", "fuse.sshfs"),
        ("/mnt/later/x", "xfs"),
    ],
)
def test_the_deepest_and_latest_mount_above_a_folder_counts(folder: str, filesystem: str) -> None:
    assert filesystem_in(TABLE, Path(folder)) == filesystem


def test_an_empty_table_names_no_file_system() -> None:
    assert mount_of("", Path("/data")) == ("", "")


@pytest.fixture
def mounts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Lines put before what the machine itself says of its mounts."""
    lines = [f"/dev/vda1 {tmp_path} ext4 rw 0 0"]
    monkeypatch.setattr(home_module, "_mount_table", lambda: "\n".join(lines))
    return lines


@pytest.mark.parametrize("filesystem", sorted(NETWORK_FILESYSTEMS | REMOVABLE_FILESYSTEMS))
def test_a_home_on_a_network_or_removable_drive_is_refused(mounts: list[str], tmp_path: Path, filesystem: str) -> None:
    mounts.append(f"something {tmp_path}/there {filesystem} rw 0 0")
    with pytest.raises(StationError, match="home_not_local") as refused:
        require_local(tmp_path / "there" / "home")
    assert refused.value.details == {"filesystem": filesystem}
    require_local(tmp_path / "here")


def test_this_machines_temporary_folder_is_local(tmp_path: Path) -> None:
    require_local(tmp_path)


def block_device(blocks: Path, drive: str, partition: str, removable: str) -> None:
    """A drive with a partition, as the kernel shows them under /sys."""
    place = blocks.parent / "devices" / drive / partition
    place.mkdir(parents=True)
    (place.parent / "removable").write_text(removable + "\n")
    blocks.mkdir(exist_ok=True)
    (blocks / partition).symlink_to(place)


@pytest.mark.parametrize(("flag", "expected"), [("1", True), ("0", False)])
def test_a_stick_is_removable_whatever_file_system_it_carries(tmp_path: Path, flag: str, expected: bool) -> None:
    blocks = tmp_path / "block"
    block_device(blocks, "sdd", "sdd1", flag)
    assert is_removable(TABLE, Path("/media/li/stick/home"), blocks) is expected
    assert is_removable(TABLE, Path("/data/li"), blocks) is False
    assert is_removable(TABLE, Path("/run/x"), blocks) is False


# --- the sheet ------------------------------------------------------------------------------------------------------

SHEET = HomeSheet(
    device=DEVICE,
    station=1,
    province="99",
    practice=True,
    server="https://127.0.0.1:8001",
    host="chaxun.practice.invalid",
    root=b"\x00root",
    statements=[b"\xff", b""],
)


def test_the_sheet_reads_back_as_it_was_written(tmp_path: Path) -> None:
    paths = HomePaths(tmp_path)
    assert read_sheet(paths, LocalDisk()) is None
    write_sheet(paths, LocalDisk(), SHEET)
    assert read_sheet(paths, LocalDisk()) == SHEET


@pytest.mark.parametrize("raw", [b"", b"{}", b"\xff\xfe", b"[]", b'{"device":1}', b'{"device":"\xff"}'])
def test_a_sheet_that_cannot_be_read_is_damage_not_an_empty_home(tmp_path: Path, raw: bytes) -> None:
    paths = HomePaths(tmp_path)
    paths.sheet.write_bytes(raw)
    with pytest.raises(StationError, match="home_damaged"):
        read_sheet(paths, LocalDisk())
