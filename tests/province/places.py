"""Where a province's tables lie under test: SQLite files, and databases of a PostgreSQL server of our own.

The server is Debian's, with its own cluster in a temporary folder, reached by a Unix socket only, run by a user that is
not root, and stopped by its process id.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from tests.office import CountingRandom, HandClock

SERVER_USER = "postgres"
PORT = 5432  # only a name of the socket in our own folder; nothing listens on TCP
SEED = "province under test"


def programs() -> Path:
    """The folder of PostgreSQL's server programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    assert found, "apt-get install postgresql (build_spec/debian-packages.txt)"
    return found[-1].parent


@contextmanager
def postgresql_server() -> Iterator[str]:
    """A running server; yields the base of its URLs. Its data live in memory-speed settings and die with it."""
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    as_user: dict[str, str | int] = {}
    if os.geteuid() == 0:
        owner = pwd.getpwnam(SERVER_USER)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_user = {"user": owner.pw_uid, "group": owner.pw_gid}
    data = folder / "data"
    run = {"cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **as_user}
    subprocess.run(
        [programs() / "initdb", "-D", data, "-U", "province", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        capture_output=True,
        timeout=60,
        **run,  # type: ignore[call-overload]
    )
    options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", f"port={PORT}"]
    options += ["-c", "dynamic_shared_memory_type=mmap"]  # a bare root has no /dev/shm
    options += ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=30"]
    log = (folder / "log").open("wb")
    server = subprocess.Popen([programs() / "postgres", "-D", data, *options], stderr=log, stdout=log, **run)  # type: ignore[call-overload]
    try:
        base = f"postgresql://province@{quote(str(folder), safe='')}:{PORT}/"
        _wait_until_up(folder, server)
        yield base
    finally:
        server.send_signal(signal.SIGINT)  # PostgreSQL: at once, whoever is still connected; by its pid, and only it
        server.wait(timeout=30)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_up(folder: Path, server: subprocess.Popen[bytes]) -> None:
    clock = HandClock()
    import time

    for _attempt in range(200):
        assert server.poll() is None, (folder / "log").read_text()
        try:
            connection(folder, "postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
            clock.wait(0.05)
        else:
            return
    raise AssertionError("PostgreSQL did not start: " + (folder / "log").read_text())


def connection(folder: Path, database: str) -> psycopg.Connection[tuple[object, ...]]:
    """An administrator's connection."""
    return psycopg.connect(host=str(folder), port=PORT, user="province", dbname=database, autocommit=True)


class Databases:
    """Fresh databases, each a copy of one founded province, which is much quicker than founding each."""

    def fresh(self) -> str:
        """The place of a new copy."""
        raise NotImplementedError


class SqliteDatabases(Databases):
    """Files."""

    def __init__(self, template: Path, folder: Path) -> None:
        self._template, self._folder, self._count = template, folder, 0

    def fresh(self) -> str:
        self._count += 1
        place = self._folder / f"{self._count}.sqlite3"
        shutil.copy(self._template, place)
        return str(place)


class PostgresqlDatabases(Databases):
    """Databases of the server, copied by the server."""

    def __init__(self, base: str, template: str, folder: Path) -> None:
        self._base, self._template, self._folder, self._count = base, template, folder, 0

    def fresh(self) -> str:
        self._count += 1
        name = f"province_{self._count}"
        with connection(self._folder, "postgres") as admin:
            admin.execute(f"CREATE DATABASE {name} TEMPLATE {self._template}".encode())
        return self._base + name


def seeded() -> CountingRandom:
    """The chance from which the province under test draws its keys; the same again gives the same keys."""
    return CountingRandom(SEED)
