"""The command line over a small practice home: `main` itself, with a clock and a paper in the test's hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from inspector_app import bootstrap
from inspector_app.__main__ import main
from inspector_app.services.device import Device
from inspector_app.services.sign_in import LockedHome, Parts
from tests.office import CLERK, HEAD, PASSPHRASE, VET, HandClock, Office, parts


class Ran(NamedTuple):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it said to a program."""
        return json.loads(self.out)


class Desk(NamedTuple):
    """A home, and the hands that type."""

    folder: Path
    home: Path
    parts: Parts
    office: Office
    capture: pytest.CaptureFixture[str]

    def run(self, *typed: str, user: int = VET, secret: str = "passphrase") -> Ran:
        """Type a command; the passphrase is in a file."""
        before = ["--home", str(self.home), "--user", str(user), "--passphrase-file", str(self.folder / secret)]
        self.capture.readouterr()
        code = main([*before, *typed])
        said = self.capture.readouterr()
        return Ran(code, said.out, said.err)

    def file(self, name: str, content: Any) -> str:
        """A file to name on the command line: bytes as they are, everything else as JSON."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return str(path)

    def path(self, name: str) -> str:
        """A name for a file that is not there yet."""
        return str(self.folder / name)

    @contextmanager
    def at_work(self, person: int = VET) -> Iterator[Device]:
        """The device through the services, for what a test needs to stand before it types."""
        locked = LockedHome(self.home, self.parts, doing="test")
        try:
            device = locked.unlock(person, PASSPHRASE)
            assert isinstance(device, Device)
            yield device
        finally:
            locked.close()

    def doing(self, step: Callable[[Device], str]) -> str:
        """One step of :mod:`tests.services.work`; what it gave."""
        with self.at_work() as device:
            return step(device)


@pytest.fixture
def clock() -> HandClock:
    """Noon of 21 November 2026 at UTC+8, until a test moves it."""
    return HandClock()


@pytest.fixture
def desk(tmp_path: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A founded home with ten numbers of each kind; vet, clerk and head can sign in."""
    used = parts(clock)
    monkeypatch.setattr(bootstrap, "real_parts", lambda: used)
    office, home = Office(), tmp_path / "home"
    device = office.enrol(home, used)
    for person in (CLERK, HEAD):
        office.let_join(device, home, used, person)
    device.store.database.close()
    (tmp_path / "passphrase").write_text(f"{PASSPHRASE}\n", "utf-8")
    return Desk(tmp_path, home, used, office, capsys)
