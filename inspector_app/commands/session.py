"""Opening a home for one command: whose it is, the passphrase, and giving it back afterwards."""

from __future__ import annotations

import getpass
import warnings
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inspector_app import bootstrap, config
from inspector_app.errors import StationError
from inspector_app.services.device import Device
from inspector_app.services.sign_in import LockedHome
from inspector_app.store.disk import LocalDisk
from inspector_app.vault.faults import VaultFault

ASKED = {
    "passphrase": ("口令：", "Passphrase: "),
    "new": ("新口令：", "New passphrase: "),
    "second": ("复核人口令：", "The second person's passphrase: "),
    "again": ("再输一次：", "Once more: "),
}


def home_folder(arguments: Namespace) -> Path:
    """``--home``, else ``INSPECTOR_HOME``, else the user's data folder."""
    return Path(arguments.home or config.setting("INSPECTOR_HOME") or config.default_home())


@contextmanager
def locked_home(arguments: Namespace) -> Iterator[LockedHome]:
    """The home, not signed in to; its lock is given back at the end."""
    home = bootstrap.open_home(home_folder(arguments), doing=f"inspector {arguments.command}")
    try:
        yield home
    finally:
        home.close()


@contextmanager
def signed_in_home(arguments: Namespace) -> Iterator[tuple[LockedHome, Device]]:
    """The home with ``--user`` signed in. StationError ``vault_wrong_passphrase`` and the like."""
    with locked_home(arguments) as home:
        device = home.unlock(person(arguments, home), passphrase(arguments))
        if isinstance(device, VaultFault):
            raise StationError(device.value)
        yield home, device


@contextmanager
def signed_in(arguments: Namespace) -> Iterator[Device]:
    """The device with ``--user`` signed in."""
    with signed_in_home(arguments) as (_home, device):
        yield device


def person(arguments: Namespace, home: LockedHome) -> int:
    """Who is at work: ``--user``, or the only one there is. StationError ``user_needed``."""
    if arguments.user is not None:
        return int(arguments.user)
    people = home.people()
    if len(people) == 1:
        return people[0]
    raise StationError("user_needed", people=", ".join(map(str, people)))


def passphrase(arguments: Namespace) -> str:
    """From ``--passphrase-file``, else asked for."""
    return passphrase_in(arguments.passphrase_file) or _asked("passphrase", arguments.lang)


def new_passphrase(arguments: Namespace, file: str | None) -> str:
    """A passphrase to be: from a file, else asked for twice. StationError ``passphrases_differ``."""
    if found := passphrase_in(file):
        return found
    typed = _asked("new", arguments.lang)
    if _asked("again", arguments.lang) != typed:
        raise StationError("passphrases_differ")
    return typed


def second_passphrase(arguments: Namespace) -> str:
    """The second person's, from ``--second-passphrase-file``, else asked for."""
    return passphrase_in(arguments.second_passphrase_file) or _asked("second", arguments.lang)


def passphrase_in(file: str | None) -> str:
    """The passphrase a file holds, "" without a file. StationError ``file_unreadable``, ``passphrase_not_utf8``."""
    if file is None:
        return ""
    try:
        return read_file(file).decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise StationError("passphrase_not_utf8", name=Path(file).name) from error


def _asked(what: str, lang: str) -> str:
    zh, en = ASKED[what]
    try:
        with warnings.catch_warnings():
            # Without a terminal it is read from standard input, which echoes nothing there is to hide.
            warnings.simplefilter("ignore", getpass.GetPassWarning)
            return getpass.getpass(zh if lang == "zh" else en)
    except EOFError as error:
        raise StationError("passphrase_not_given") from error


def read_file(name: str) -> bytes:
    """A file the person named. StationError ``file_unreadable``."""
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        raise StationError("file_unreadable", name=Path(name).name) from error


def write_file(name: str, content: bytes) -> None:
    """Write a file the person named, whole or not at all."""
    LocalDisk(private=False).replace(Path(name), content)


def require_writable(*names: str | None) -> None:
    """Find out *before* an act whether what it leaves can be written there; the fault is the one writing would meet."""
    disk = LocalDisk(private=False)
    for path in (Path(name) for name in names if name):
        if path.is_dir():
            raise StationError("file_is_folder", name=path.name)
        trial = path.with_name(f"{path.name}.trial")
        disk.replace(trial, b"")
        disk.remove(trial)
