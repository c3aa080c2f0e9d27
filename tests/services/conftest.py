"""A signed-in device of a small practice station for every test of the services."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector_app.services.device import Device, Session
from inspector_app.services.sign_in import Parts
from tests.office import CLERK, HEAD, HandClock, Office, parts


@pytest.fixture
def clock() -> HandClock:
    """Noon of 21 November 2026 at UTC+8, until a test moves it."""
    return HandClock()


@pytest.fixture
def office() -> Office:
    """The province."""
    return Office()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the device keeps everything."""
    return tmp_path / "home"


@pytest.fixture
def home_parts(clock: HandClock) -> Parts:
    """What the program brings to the home."""
    return parts(clock)


@pytest.fixture
def device(office: Office, home: Path, home_parts: Parts) -> Iterator[Device]:
    """A founded home; vet 陆清河 is signed in, with ten numbers of each kind."""
    opened = office.enrol(home, home_parts)
    yield opened
    opened.store.database.abandon()


@pytest.fixture
def clerk(office: Office, device: Device, home: Path, home_parts: Parts) -> Session:
    """The print clerk 钱小满, who never signs a credential."""
    return office.let_join(device, home, home_parts, CLERK)


@pytest.fixture
def head(office: Office, device: Device, home: Path, home_parts: Parts) -> Session:
    """The head of the station 周望山, who is also its keeper."""
    return office.let_join(device, home, home_parts, HEAD)


@pytest.fixture
def sister(office: Office, device: Device, tmp_path: Path, clock: HandClock) -> Iterator[Device]:
    """A second device of the station, with the clerk signed in and no numbers; both know each other."""
    opened = office.enrol(tmp_path / "sister", parts(clock, seed="sister"), person=CLERK, blocks=0)
    office.introduce(device, opened)
    yield opened
    opened.store.database.abandon()
