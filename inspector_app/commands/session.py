"""Opening a home for one command: whose it is, the passphrase, and giving it back afterwards."""

from __future__ import annotations

import getpass
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
    """The home with ``--user`` signed in. StationError ``wrong_passphrase`` and the like."""
    with locked_home(arguments) as home:
        device = home.unlock(_person(arguments, home), passphrase(arguments))
        if isinstance(device, VaultFault):
            raise StationError(device.value)
        yield home, device


@contextmanager
def signed_in(arguments: Namespace) -> Iterator[Device]:
    """The device with ``--user`` signed in."""
    with signed_in_home(arguments) as (_home, device):
        yield device


def _person(arguments: Namespace, home: LockedHome) -> int:
    if arguments.user is not None:
        return int(arguments.user)
    people = home.people()
    if len(people) == 1:
        return people[0]
    raise StationError("user_needed", people=", ".join(map(str, people)))


def passphrase(arguments: Namespace) -> str:
    """From ``--passphrase-file``, else asked for."""
    if arguments.passphrase_file is None:
        return getpass.getpass()
    try:
        return Path(arguments.passphrase_file).read_text("utf-8").rstrip("\r\n")
    except OSError as error:
        raise StationError("file_unreadable", name=Path(arguments.passphrase_file).name) from error


def read_file(name: str) -> bytes:
    """A file the person named. StationError ``file_unreadable``."""
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise StationError("file_unreadable", name=Path(name).name) from error


def write_file(name: str, content: bytes) -> None:
    """Write a file the person named, whole or not at all."""
    LocalDisk().replace(Path(name), content)
