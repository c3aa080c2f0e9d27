"""A second run in the same folder, a run that was killed, and folders that cannot be used."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from inspector_app.clock import SystemClock
from inspector_app.store.lock import HomeLock
from tests.demo import running
from tests.demo.running import Told, inspector
from tests.source_tree import ROOT

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def earlier(told: Told, tmp_path: Path) -> Path:
    """The folder of an earlier demonstration, with things of the reader's own in it."""
    out = tmp_path / "out"
    shutil.copytree(told.out, out)
    (out / "notes.txt").write_text("mine", "utf-8")
    (out / "certificates" / "letter.pdf").write_text("mine", "utf-8")
    (out / "home" / "notes.txt").write_text("mine", "utf-8")
    return out


def own_things(out: Path) -> set[str]:
    return {
        path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file() and path.read_bytes() == b"mine"
    }


def test_killed_in_the_middle_it_leaves_the_earlier_result_and_the_next_run_replaces_it(
    earlier: Path, tmp_path: Path
) -> None:
    before = (earlier / "summary.json").read_bytes()
    (earlier / "home" / "journal.db-wal").write_bytes(b"what the program wrote since")
    _kill_after(earlier, tmp_path, "B 9900000003 issued")
    assert (earlier / "summary.json").read_bytes() == before
    assert (earlier / ".inspector-demo.new").is_dir()

    done = running.demo(earlier, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "its own files are replaced, all others stay" in done.stdout
    assert own_things(earlier) == {"notes.txt", "certificates/letter.pdf", "home/notes.txt"}
    assert not (earlier / ".inspector-demo.new").exists()
    again = Told(earlier, done.stdout)
    assert [line["state"] for line in again.summary["certificates"]].count("issued") == 7
    assert (earlier / "summary.json").read_bytes() != before
    home = ("--home", str(earlier / "home"), "--passphrase-file", str(earlier / "passphrase.txt"))
    code, answer = inspector(*home, "doctor")
    assert (code, answer["sound"]) == (0, True)
    line = again.certificate("B 9900000003")
    _code, answer = inspector("verify", str(earlier / line["pdf"]), "--trust", str(earlier / "trust.pack"))
    assert answer["verdict"] == again.verdict_now("B 9900000003")


def _kill_after(out: Path, alone: Path, said: str) -> None:
    with subprocess.Popen(
        running.command(out),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        env=running.environment(alone),
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if said in line:
                break
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


def test_interrupted_it_tidies_up_and_says_so_by_its_exit_code(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        # A test run that was started in the background would hand its deafness to this signal down.
        ["env", "--default-signal=INT", *running.command(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=running.environment(tmp_path),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        next(line for line in process.stdout if "Three days before" in line)
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert "Traceback" not in process.stderr.read()
    assert process.returncode == 130
    assert list(out.iterdir()) == []


def test_when_nobody_reads_along_any_more_it_stops_quietly(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        running.command(out),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=running.environment(tmp_path),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
    assert process.returncode == 130
    assert list(out.iterdir()) == []


def refused(out: Path, alone: Path, *options: str) -> str:
    done = running.demo(out, alone, *options)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert not done.stdout or "holds an earlier demonstration" in done.stdout
    return done.stderr


def test_a_folder_that_cannot_be_made_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", "utf-8")
    said = refused(tmp_path / "file" / "out", tmp_path)
    assert "cannot be written" in said
    assert "--out DIR" in said
    assert (tmp_path / "file").read_text("utf-8") == "mine"


def test_a_file_where_the_folder_should_be_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", "utf-8")
    assert "不可写入" in refused(tmp_path / "out", tmp_path, "--lang", "zh")
    assert (tmp_path / "out").read_text("utf-8") == "mine"


def test_a_foreign_page_is_never_replaced(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "index.html").write_text("mine", "utf-8")
    assert "is not from an earlier demonstration" in refused(out, tmp_path)
    assert [path.name for path in out.iterdir()] == ["index.html"]


def test_a_home_somebody_works_in_is_not_replaced(earlier: Path, tmp_path: Path) -> None:
    lock = HomeLock(earlier / "home" / "lock")
    lock.take("desktop", SystemClock().now().at)
    try:
        said = refused(earlier, tmp_path)
    finally:
        lock.release()
    assert f"process {os.getpid()}" in said
    assert (earlier / "index.html").exists()


@pytest.mark.parametrize("options", [["--lang", "fr"], ["--out"], ["--loud"], ["--cut-power", "later"]])
def test_wrong_usage_ends_with_two(options: list[str], tmp_path: Path) -> None:
    done = running.demo(tmp_path / "out", tmp_path, *options)
    assert done.returncode == 2
    assert "usage: inspector demo" in done.stderr
    assert not (tmp_path / "out").exists()
