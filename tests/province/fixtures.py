"""A province for each test, founded and with a station, on SQLite or on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec
import pytest
from pytest_django.plugin import DjangoDbBlocker

from province import inprocess
from tests.office import CountingRandom, HandClock
from tests.province import places
from tests.sync.fakes import FakeDevice

STATION, OTHER_STATION = 7, 8
VET, SECOND_VET, CLERK, HEAD = 11, 12, 13, 14
FOUNDING = "founding"


class Province(msgspec.Struct):
    """A province in this process and what a test needs to speak with it."""

    using: str
    exchange: inprocess.InProcessExchange
    clock: HandClock
    place: str
    devices: int = 0

    def enrol(self, name: str = "一号机", *, station: int = STATION, people: tuple[int, ...] = (VET,)) -> FakeDevice:
        """A device of a station, its people's keys published, with numbers to issue."""
        from province.registry.enrolment import make_code

        self.devices += 1
        device = FakeDevice(self.clock, CountingRandom(f"device {self.devices}"), name)
        device.join(self.exchange, make_code(self.using, station))
        for person in people:
            device.add_person(person)
        device.sync(self.exchange)
        return device


def furnish(using: str, clock: HandClock) -> None:
    """Stations, people, grants, stock and draws of the province under test."""
    from province.numbers import custody
    from province.registry import publishing

    publishing.add_station(
        using, STATION, name="高邮湖西站", name_en="Gaoyou Huxi Station", area=321084, phone="0514-84600000"
    )
    publishing.add_station(
        using, OTHER_STATION, name="兴化城东站", name_en="Xinghua Chengdong Station", area=321281, phone="0523-83200000"
    )
    staff: tuple[tuple[int, str, str, tuple[str, ...], tuple[str, ...]], ...]
    staff = (
        (VET, "陆清河", "Lu Qinghe", ("vet", "keeper"), ("A", "B")),
        (SECOND_VET, "严白石", "Yan Baishi", ("vet",), ("B",)),
    )
    staff += (
        (CLERK, "钱小满", "Qian Xiaoman", ("clerk", "reception"), ()),
        (HEAD, "周望山", "Zhou Wangshan", ("head",), ()),
    )
    for number, name, name_en, posts, kinds in staff:
        publishing.add_person(using, number, name=name, name_en=name_en)
        publishing.grant(using, number, station=STATION, posts=posts, kinds=kinds, valid_from=clock.at - 60_000)
    for kind in ("A", "B", "N"):
        first = custody.free_start(using, kind)
        custody.add_stock(using, kind, first, str(int(first) + 9_999))
        custody.draw(using, kind, first, str(int(first) + 999), station=STATION)


def _template(place: str) -> None:
    clock = HandClock()
    inprocess.open_province(FOUNDING, place, clock=clock, random=places.seeded(), hosts="q.practice.example")
    furnish(FOUNDING, clock)
    inprocess.close_province(FOUNDING)


@pytest.fixture(scope="session", autouse=True)
def _databases_open(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The databases under test are our own, made here; pytest-django's guard protects only configured ones."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="session")
def sqlite_databases(_databases_open: None, tmp_path_factory: pytest.TempPathFactory) -> places.Databases:
    """Copies of one founded province as files."""
    folder = tmp_path_factory.mktemp("provinces")
    template = folder / "template.sqlite3"
    _template(str(template))
    return places.SqliteDatabases(template, folder)


@pytest.fixture(scope="session")
def postgresql_databases(_databases_open: None) -> Iterator[places.Databases]:
    """Copies of one founded province on a PostgreSQL server."""
    with places.postgresql_server() as base:
        folder = Path(unquote(urlsplit(base).hostname or ""))
        with places.connection(folder, "postgres") as admin:
            admin.execute("CREATE DATABASE founded")
        _template(base + "founded")
        yield places.PostgresqlDatabases(base, "founded", folder)


def opened(place: str) -> Iterator[Province]:
    """The province in a database, served until the test ends."""
    from province.keys import make_keys

    clock = HandClock()
    keys = make_keys(places.seeded())
    exchange = inprocess.attach_province("tested", place, keys, clock=clock, random=CountingRandom(place))
    yield Province("tested", exchange, clock, place)
    inprocess.close_province("tested")


@pytest.fixture
def province(sqlite_databases: places.Databases) -> Iterator[Province]:
    """A province on SQLite."""
    yield from opened(sqlite_databases.fresh())


@pytest.fixture(params=["sqlite", "postgresql"])
def either_province(request: pytest.FixtureRequest) -> Iterator[Province]:
    """A province on SQLite, and again on PostgreSQL."""
    databases: places.Databases = request.getfixturevalue(f"{request.param}_databases")
    yield from opened(databases.fresh())


@pytest.fixture
def site(sqlite_databases: places.Databases) -> Iterator[Province]:
    """A province under the alias the pages and commands use."""
    from django.db import connections

    from province.databases import DEFAULT
    from province.keys import make_keys

    configured = connections.settings[DEFAULT]
    clock = HandClock()
    place = sqlite_databases.fresh()
    exchange = inprocess.attach_province(
        DEFAULT, place, make_keys(places.seeded()), clock=clock, random=CountingRandom(place)
    )
    yield Province(DEFAULT, exchange, clock, place)
    inprocess.close_province(DEFAULT)
    connections.settings[DEFAULT] = configured
