"""A home: the one folder in which a device keeps everything.

::

    home/
      journal.db        SQLCipher: entries, documents, projections, drafts, file keys
      files/            attachments and exact print bytes, encrypted one by one
      keyring/          slots of the people, device identity
      trust.pack        trust file with root and key statements: signed, public
      home.json         what kind of home this is (public)
      province-ca.pem   whose certificates the province's server shows, where it is not the system's matter (public)
      contact.json      how the last contact ended: when the next is due, and what to say until then (public)
      lock              held while a process works here

Refused on network and removable drives: their locks and fsyncs do not hold what they promise.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import msgspec

from inspector_app.errors import StationError
from inspector_app.journal.envelope import UNREADABLE
from inspector_app.ports import Disk

NETWORK_FILESYSTEMS = frozenset(
    "nfs nfs4 cifs smb smb2 smb3 smbfs smb3_fs afs coda ncpfs davfs 9p ceph glusterfs lustre beegfs ocfs2 gfs2 "
    "vboxsf prl_fs fuse.sshfs fuse.davfs2 fuse.rclone fuse.s3fs fuse.curlftpfs fuse.glusterfs fuse.ceph "
    "fuse.gvfsd-fuse fuse.vmhgfs-fuse fuse.portal".split()
)
REMOVABLE_FILESYSTEMS = frozenset("vfat exfat msdos".split())
BLOCK_DEVICES = Path("/sys/class/block")
_OCTAL = re.compile(r"\\([0-7]{3})")


class HomeSheet(msgspec.Struct, frozen=True, kw_only=True):
    """The public facts of a home: whose device, where it syncs, and the one root it trusts (base64 of its sheet).

    ``ca`` is the CA (PEM) vouched for at enrolment; what the root has stated since comes before it.
    """

    device: str
    station: int
    province: str
    practice: bool
    server: str
    host: str
    root: bytes
    statements: list[bytes]
    language: str = "zh_CN"
    ca: bytes = b""


class HomePaths:
    """Where things lie in a home."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "journal.db"
        self.files = folder / "files"
        self.keyring = folder / "keyring"
        self.trust = folder / "trust.pack"
        self.sheet = folder / "home.json"
        self.introduction = self.keyring / "introduction"
        self.ca = folder / "province-ca.pem"
        self.contact = folder / "contact.json"
        self.lock = folder / "lock"
        self.backups = folder / "backups"


def read_sheet(paths: HomePaths, disk: Disk) -> HomeSheet | None:
    """The home's sheet; None in a folder that is no home. StationError ``home_damaged`` when it cannot be read."""
    raw = disk.read(paths.sheet)
    if raw is None:
        return None
    try:
        return msgspec.json.decode(raw, type=HomeSheet)
    except UNREADABLE as error:
        raise StationError("home_damaged") from error


def write_sheet(paths: HomePaths, disk: Disk, sheet: HomeSheet) -> None:
    """Write the home's sheet durably."""
    disk.replace(paths.sheet, msgspec.json.encode(sheet))


def require_local(folder: Path) -> None:
    """Refuse a folder on a network or removable drive (StationError ``home_not_local``)."""
    kind = filesystem_of(folder)
    if kind in NETWORK_FILESYSTEMS | REMOVABLE_FILESYSTEMS:
        raise StationError("home_not_local", filesystem=kind)
    if is_removable(_mount_table(), folder.resolve()):
        raise StationError("home_not_local", filesystem=f"{kind}, removable")


def filesystem_of(folder: Path) -> str:
    """The name of the file system a folder lies on, "" when the system does not say."""
    if sys.platform == "win32":
        return _windows_drive(folder)
    return filesystem_in(_mount_table(), folder.resolve())


def _mount_table() -> str:
    mounts = Path("/proc/self/mounts")
    return mounts.read_text("utf-8", "replace") if mounts.exists() else ""


def filesystem_in(mounts: str, folder: Path) -> str:
    """The file system of the deepest mount point above ``folder`` in a mount table."""
    return mount_of(mounts, folder)[1]


def mount_of(mounts: str, folder: Path) -> tuple[str, str]:
    """Device and file system of the deepest mount point above ``folder`` in a mount table, ("", "") for none."""
    best, found = "", ("", "")
    for line in mounts.splitlines():
        device, point, filesystem, *_options = [*line.split(" "), "", "", ""]
        # Blanks and backslashes stand as octal in the table (getmntent(3)).
        point = _OCTAL.sub(lambda match: chr(int(match[1], 8)), point)
        if point and folder.is_relative_to(point) and len(point) >= len(best):
            best, found = point, (device, filesystem)
    return found


def is_removable(mounts: str, folder: Path, blocks: Path = BLOCK_DEVICES) -> bool:
    """Whether the kernel calls the drive under ``folder`` removable; a stick may carry any file system."""
    device = mount_of(mounts, folder)[0]
    if not device.startswith("/dev/"):
        return False
    node = (blocks / Path(device).name).resolve()
    # A partition's folder lies in its drive's, and only the drive says whether it is removable.
    return any(
        (place / "removable").is_file() and (place / "removable").read_text() == "1\n" for place in (node, node.parent)
    )


def _windows_drive(folder: Path) -> str:
    import ctypes

    remote, removable = 4, 2
    drive = ctypes.windll.kernel32.GetDriveTypeW(folder.resolve().anchor)  # type: ignore[attr-defined,unused-ignore]
    return {remote: "smb", removable: "vfat"}.get(int(drive), "")
