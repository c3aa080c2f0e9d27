"""Running the demonstration as a process without screen and without network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from inspector_app.clock import SystemClock, legal_date
from tests.source_tree import ROOT

SECONDS = 480  # just before midnight in China it waits for the new day
# Imported by every Python before anything else: without Qt, and with no way to another computer.
ALONE = """
import socket, sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6"):
            raise ModuleNotFoundError(f"{name} is not there", name=name)

sys.meta_path.insert(0, NoQt())
_connect = socket.socket.connect

def connect(self, address):
    if self.family != socket.AF_UNIX and self.type != socket.SOCK_DGRAM:
        raise OSError(101, f"no network: {address}")
    return _connect(self, address)

socket.socket.connect = connect
"""


class Told(NamedTuple):
    """A demonstration that has run."""

    out: Path
    stdout: str

    @property
    def summary(self) -> dict[str, Any]:
        """What it left for programs."""
        read: dict[str, Any] = json.loads((self.out / "summary.json").read_text("utf-8"))
        return read

    def verdict_now(self, number: str) -> str:
        """The verdict of the summary, unless midnight passed in China since: a certificate B ends with its day."""
        line = self.certificate(number)
        made_on = legal_date(round((self.out / "summary.json").stat().st_mtime * 1000))
        over = line["kind"] == "B" and line["state"] == "issued" and made_on != legal_date(SystemClock().now().at)
        return "practice:expired" if over else str(line["verdict"])

    @property
    def page(self) -> str:
        """The page."""
        return (self.out / "index.html").read_text("utf-8")

    def certificate(self, number: str) -> dict[str, Any]:
        """The line of ``B 9900000003``."""
        kind, _, digits = number.partition(" ")
        found = [line for line in self.summary["certificates"] if (line["kind"], line["number"]) == (kind, digits)]
        assert len(found) == 1
        return dict(found[0])


def environment(alone: Path) -> dict[str, str]:
    """No display, no network, no Qt."""
    (alone / "sitecustomize.py").write_text(ALONE, "utf-8")
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return kept | {"PYTHONPATH": str(alone), "PYTHONUTF8": "1"}


def command(out: Path, *options: str) -> list[str]:
    """``inspector demo --out OUT …``."""
    return [sys.executable, "-m", "inspector_app", "demo", "--out", str(out), *options]


def demo(out: Path, alone: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    return subprocess.run(
        command(out, *options),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        cwd=ROOT,
        env=environment(alone),
        stdin=subprocess.DEVNULL,
    )


def inspector(*arguments: str) -> tuple[int, Any]:
    """Exit code and JSON of another command of the program."""
    done = subprocess.run(
        [sys.executable, "-m", "inspector_app", *arguments, "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=ROOT,
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)
