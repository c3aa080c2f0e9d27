"""The products ours is measured beside: installed when they are measured, into a cache, each a process of its own.

A peer is a program that reads commands from standard input and answers each with one line of JSON. It syncs with its
own server, through the same proxy as ours.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from inspector_app.config import default_home

HERE: Final = Path(__file__).parent
_WAIT_S, _TRIES = 0.05, 600
_INSTALL_S: Final = 600


class NotInstalledError(Exception):
    """A peer that is not there; the text says why."""


class Peer(msgspec.Struct, frozen=True):
    """How a peer is called, installed, served and driven. Commands are given the folder of the installation."""

    name: str
    install: Callable[[Path], None]
    serve: Callable[[Path, Path, int], tuple[list[str], dict[str, str]]]
    """(installation, folder for its data, port) → command and what it adds to the environment."""
    drive: Callable[[Path], list[str]]


class Client:
    """A peer's client: one process, one command after another."""

    def __init__(self, command: Sequence[str], folder: Path, url: str) -> None:
        folder.mkdir(parents=True)
        self._errors = (folder / "errors").open("wb")
        self._process = subprocess.Popen(
            [*command, str(folder), url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )

    def do(self, command: str, **named: Any) -> dict[str, Any]:
        """Have one command done; its answer, ``seconds`` among it. SystemExit when the peer gave up."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": command, **named}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{command}: the peer gave up: {Path(self._errors.name).read_text('utf-8')[-500:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def close(self) -> None:
        """End it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(60)
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._errors.close()


def cache() -> Path:
    """Where peers are installed, beside the homes of this user."""
    return default_home("inspector-benchmarks")


def installed(peer: Peer, folder: Path | None = None) -> Path:
    """The peer's installation, made now if it is not there. NotInstalledError when it cannot be made."""
    place = (folder or cache()) / peer.name
    mark = place / "installed"
    if not mark.exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        peer.install(place)
        mark.touch()
    return place


@contextmanager
def served(peer: Peer, place: Path, data: Path) -> Iterator[int]:
    """The port of the peer's server while this lasts."""
    data.mkdir(parents=True)
    port = _free_port()
    command, environment = peer.serve(place, data, port)
    with (data / "log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log)
        try:
            _await(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(30)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(_TRIES):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(_WAIT_S)
        else:
            return
    raise SystemExit("the peer's server did not start")


def _run(command: Sequence[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=_INSTALL_S)
    except FileNotFoundError as problem:
        raise NotInstalledError(f"{command[0]} is not on this machine") from problem
    except subprocess.CalledProcessError as problem:
        said = (problem.stderr or problem.stdout).strip().splitlines()
        raise NotInstalledError(said[-1] if said else f"{command[0]} failed") from problem
    except subprocess.TimeoutExpired as problem:
        raise NotInstalledError(f"{command[0]} took more than {_INSTALL_S} s") from problem


# --- Anki: its desktop library against its own sync server -----------------------------------------------------------

ANKI_VERSION: Final = "26.9.3"


def _install_anki(place: Path) -> None:
    _run([sys.executable, "-m", "venv", "venv"], place)
    _run([_python(place), "-m", "pip", "install", "--quiet", f"anki=={ANKI_VERSION}"], place)


def _python(place: Path) -> str:
    return str(place / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python")


def _serve_anki(place: Path, data: Path, port: int) -> tuple[list[str], dict[str, str]]:
    settings = {"SYNC_USER1": "bench:bench", "SYNC_BASE": str(data), "SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(port)}
    return [_python(place), "-m", "anki.syncserver"], settings


ANKI: Final = Peer(
    f"anki-{ANKI_VERSION}", _install_anki, _serve_anki, lambda place: [_python(place), str(HERE / "anki_client.py")]
)

# --- PouchDB: replication to express-pouchdb, LevelDB on both sides --------------------------------------------------

POUCH_VERSION: Final = "9.0.0"
_POUCH: Final = (f"pouchdb@{POUCH_VERSION}", "express-pouchdb@4.2.0", "express@4.22.3")


def _install_pouch(place: Path) -> None:
    (place / "package.json").write_text('{"private": true}', "ascii")
    _run(["npm", "install", "--no-audit", "--no-fund", "--silent", *_POUCH], place)


def _serve_pouch(place: Path, data: Path, port: int) -> tuple[list[str], dict[str, str]]:
    return ["node", str(HERE / "pouch.js"), str(place), "serve", str(data), str(port)], {}


POUCH: Final = Peer(
    f"pouchdb-{POUCH_VERSION}",
    _install_pouch,
    _serve_pouch,
    lambda place: ["node", str(HERE / "pouch.js"), str(place), "drive"],
)
PEERS: Final = (ANKI, POUCH)
