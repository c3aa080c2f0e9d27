"""A real window on a real screen: the whole chain by keyboard, the plug pulled while typing, a small laptop."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.practice import Practice
from tests.desktop.screen import screen
from tests.source_tree import ROOT
from ui.forms import autosave


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    """A screen for the tests of this module."""
    with screen() as made:
        yield made


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice home as a newcomer gets it, founded once."""
    folder = tmp_path_factory.mktemp("practice")
    Practice(folder).close()
    return folder


@pytest.fixture
def folder(founded: Path, tmp_path: Path) -> Path:
    """A copy of the test's own."""
    return Path(shutil.copytree(founded, tmp_path / "practice"))


def start(what: str, folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-W", "error", "-m", "tests.desktop.driver", what, str(folder)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            start_new_session=True)  # fmt: skip


def drive(what: str, folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    process = start(what, folder, environment)
    try:
        out, err = process.communicate(timeout=270)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
    assert process.returncode == 0, out + err
    told: dict[str, Any] = json.loads(out.splitlines()[-1])
    return told


def test_a_declaration_becomes_a_certificate_in_the_owners_hands_without_the_mouse(
    folder: Path, environment: dict[str, str]
) -> None:
    told = drive("whole_day", folder, environment)
    assert told["number"] == f"B {told['number_on_button']}"
    assert told["state"] == "issued"
    assert told["quantity"] == [12, 11]
    assert told["handed_over"]
    assert told["waiting"] == 0, "the province has confirmed everything"
    assert len(told["files"]) == 1


def test_a_pulled_plug_loses_no_more_than_a_second_of_typing(folder: Path, environment: dict[str, str]) -> None:
    """The second is a timer's interval, not this machine's speed; that the timer saves without help is shown here."""
    assert autosave.LONGEST_MS <= 1_000
    process = start("type_and_wait", folder, environment)
    assert process.stdout is not None
    try:
        assert process.stdout.readline().strip() == "kept"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    told = drive("recovered", folder, environment)
    assert told["owner"] == "甘垛新鱼种场（练习）"
    assert told["phone"] == "139000000"
    assert told["owner"] in told["title"]


def test_a_small_laptop_shows_every_page_without_scrolling_sideways(folder: Path, environment: dict[str, str]) -> None:
    told = drive("small", folder, environment)
    assert told["width"] == 1024
    assert told["scroll_sideways"] == []


def test_a_second_window_on_the_same_home_is_told_who_holds_it(folder: Path, environment: dict[str, str]) -> None:
    process = start("type_and_wait", folder, environment)
    assert process.stdout is not None
    try:
        assert process.stdout.readline().strip() == "kept"
        second = start("recovered", folder, environment)
        _, err = second.communicate(timeout=240)
        assert second.returncode != 0
        assert "home_in_use" in err
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
