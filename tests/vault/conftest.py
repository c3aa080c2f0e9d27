"""A vault on a real disk whose every written byte is kept, to be searched for keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector_app.errors import StationError
from inspector_app.store.disk import LocalDisk
from inspector_app.suites import Argon2Cost
from inspector_app.vault.device import FileDeviceSecretStore
from inspector_app.vault.vault import Vault
from tests.proof_samples import SeededRandom

CHEAP = Argon2Cost(memory_kib=64, iterations=1, lanes=1)
MACHINE = b"3f2c machine-id"
HEAD, CLERK = 7, 8
PASSPHRASE = "luyu chitang qingchen bandeng 7"
CLERK_PASSPHRASE = "shuicao yugan"
DATA_KEY = bytes(range(100, 132))
NEW_DATA_KEY = bytes(range(132, 164))


class WatchedDisk(LocalDisk):
    """The real disk; remembers all that was ever written, and can be made to fail from the n-th write on."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[tuple[Path, bytes]] = []
        self.writes_left = -1

    def replace(self, path: Path, content: bytes, *, durable: bool = True) -> None:
        if self.writes_left == 0:
            raise StationError("disk_full")
        self.writes_left -= 1
        super().replace(path, content, durable=durable)
        self.written.append((path, content))


class Setting:
    """A folder, its disk, and what opens it."""

    def __init__(self, folder: Path, machine: bytes = MACHINE, seed: int = 1) -> None:
        self.folder = folder
        self.disk = WatchedDisk()
        self.random = SeededRandom(seed)
        self.secrets = FileDeviceSecretStore(self.disk, folder / "device", machine)
        self.vault = Vault(folder, disk=self.disk, secrets=self.secrets, random=self.random, cost=CHEAP)

    def create(self) -> Setting:
        Vault.create(self.folder, disk=self.disk, secrets=self.secrets, random=self.random, cost=CHEAP)
        return self

    def with_people(self) -> Setting:
        self.create()
        self.vault.add_person(HEAD, PASSPHRASE, DATA_KEY)
        self.vault.add_person(CLERK, CLERK_PASSPHRASE, DATA_KEY)
        return self


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path).with_people()
