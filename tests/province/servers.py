"""The province's own commands as processes of their own: founded in a folder, served on loopback, stopped by pid."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.source_tree import ROOT

FURNITURE = """
[[station]]
number = 7
name = "高邮湖西站"
name_en = "Gaoyou Huxi Station"
area = 321084
phone = "0514-84600000"

[[person]]
number = 11
name = "陆清河"
name_en = "Lu Qinghe"
station = 7
posts = ["vet", "keeper"]
kinds = ["A", "B"]

[[numbers]]
kind = "A"
count = 200
station = 7

[[numbers]]
kind = "B"
count = 1000
station = 7

[[numbers]]
kind = "N"
count = 50
station = 7
"""


def run(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """One command with ``--json``: its exit code and answer."""
    command = [sys.executable, "-W", "error", "-m", "province", "--folder", str(folder), "--json", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    lines = done.stdout.strip().splitlines()
    return done.returncode, json.loads(lines[-1]) if lines else {}


def found(folder: Path) -> None:
    """A practice province with one station, one vet and numbers."""
    code, said = run(
        folder, "init", "--practice", "--name", "练习省", "--name-en", "Practice", "--host", "q.practice.example"
    )
    assert code == 0, said
    table = folder / "furniture.toml"
    table.write_text(FURNITURE, "utf-8")
    assert run(folder, "furnish", str(table))[0] == 0


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[str]:
    """The server's address while it runs."""
    announce = folder / "address"
    announce.unlink(missing_ok=True)
    command = [sys.executable, "-m", "province", "--folder", str(folder), "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--announce", str(announce), "--until-input-closes", *options],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(os.environ),
    )
    assert process.stdin is not None
    assert process.stderr is not None
    try:
        for _attempt in range(600):
            if announce.exists():
                break
            assert process.poll() is None, process.stderr.read().decode()
            time.sleep(0.05)
        yield announce.read_text("ascii").strip()
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=20)
        process.stderr.close()
