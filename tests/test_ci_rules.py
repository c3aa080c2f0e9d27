"""In CI a skipped test is a failed one, and the long profile is left out without a skip; tried on small real runs."""

from __future__ import annotations

import configparser
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.source_tree import ROOT

PLAIN = ("-p", "no:randomly", "-p", "no:xdist", "-p", "no:django", "-p", "no:pytest-qt", "-p", "no:cacheprovider")


def run_pytest(folder: Path, test: str, *options: str, ci: str) -> subprocess.CompletedProcess[str]:
    """Run one file of tests under the conftest of this project."""
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = long: as in setup.cfg\n")
    (folder / "test_example.py").write_text(f"import pytest\n{test}\n")
    return _started(folder, *PLAIN, *options, ci=ci)


def _started(folder: Path, *options: str, ci: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment |= {"CI": ci, "PYTHONPATH": str(ROOT)}  # the conftest imports the rules' switch beside it
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False)


SKIPS = {
    "by mark": "@pytest.mark.skip(reason='no printer')\ndef test_a(): pass",
    "by condition": "@pytest.mark.skipif(True, reason='no printer')\ndef test_a(): pass",
    "inside": "def test_a(): pytest.skip('no printer')",
    "in a fixture": "@pytest.fixture\ndef printer(): pytest.skip('no printer')\ndef test_a(printer): pass",
    "of the module": "pytest.skip('no printer', allow_module_level=True)",
    "by a missing library": "pytest.importorskip('no_such_library', reason='no printer')",
}


@pytest.mark.parametrize("test", SKIPS.values(), ids=SKIPS)
def test_a_skip_fails_in_ci_and_says_why_it_was_skipped(tmp_path: Path, test: str) -> None:
    result = run_pytest(tmp_path, test, ci="true")
    assert result.returncode not in (0, 5), result.stdout
    assert "skipped in CI, where everything must run" in result.stdout
    assert "no printer" in result.stdout


@pytest.mark.parametrize("test", SKIPS.values(), ids=SKIPS)
def test_a_skip_is_a_skip_on_a_desk(tmp_path: Path, test: str) -> None:
    result = run_pytest(tmp_path, test, ci="")
    assert "1 skipped" in result.stdout
    assert "failed" not in result.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    result = run_pytest(tmp_path, "@pytest.mark.xfail\ndef test_a(): assert False", ci="true")
    assert result.returncode == 0
    assert "1 xfailed" in result.stdout


LONG = "@pytest.mark.long\ndef test_long(): pass\ndef test_short(): pass"


def test_long_tests_are_left_out_without_a_skip(tmp_path: Path) -> None:
    result = run_pytest(tmp_path, LONG, ci="true")
    assert result.returncode == 0
    assert "1 passed, 1 deselected" in result.stdout


def test_the_long_profile_runs_them(tmp_path: Path) -> None:
    assert "2 passed" in run_pytest(tmp_path, LONG, "--profile=long", ci="true").stdout


def test_a_profile_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    result = run_pytest(tmp_path, LONG, "--profile=endless", ci="true")
    assert result.returncode == 4
    assert "endless" in result.stderr


EXAMPLES = """
from hypothesis import given, settings, strategies as st
@given(st.integers())
def test_example(number):
    with open("seen", "a") as seen:
        seen.write(f"{number} ")
"""


def test_ci_tries_the_same_examples_each_time_and_the_long_profile_more(tmp_path: Path) -> None:
    seen = []
    for options in ((), (), ("--profile=long",)):
        run_pytest(tmp_path, EXAMPLES, *options, ci="true")
        seen.append((tmp_path / "seen").read_text().split())
        (tmp_path / "seen").unlink()
    assert seen[0] == seen[1]
    assert len(seen[2]) > 10 * len(seen[0])


KILLS = """
import os
@pytest.mark.parametrize("number", range(40))
def test_one(number):
    if number == 11:
        os._exit(1)
"""


def test_a_killed_worker_fails_its_test_and_the_others_still_run(tmp_path: Path) -> None:
    """A scheduler that hands out finished work again would wait for ever, and CI with it."""
    config = configparser.ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", "utf-8")
    chosen = shlex.split(config["tool:pytest"]["addopts"])
    (tmp_path / "test_example.py").write_text(f"import pytest\n{KILLS}\n")
    result = _started(tmp_path, "-p", "no:django", "-p", "no:pytest-qt", "-n", "2", *chosen, ci="true")
    assert "1 failed, 39 passed" in result.stdout
    assert "crashed while running 'test_example.py::test_one[11]'" in result.stdout
