"""Which system packages run.py finds missing, and who may install them; a stand-in for apt, the real dpkg-query."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import run

LIST = "# comment\n[desktop]  # for windows\nliba | liba-t64  # old and new name\nlibb\n\n[test]\nxvfb\n"
SCRIPTS = {
    "dpkg-query": 'cat "$(dirname "$0")/installed"',
    "apt-get": 'cd "$(dirname "$0")"; echo "$DEBIAN_FRONTEND $*" >> told\n'
    '[ -e broken ] && { echo "E: no route to mirror"; exit 100; }\n'
    'case "$*" in *install*) for last; do :; done; echo "$last installed" >> installed;; esac',
}


def make_apt(tools: Path) -> Path:
    """dpkg-query and apt-get over a text file of installed packages; what apt was told is in ``told``."""
    tools.mkdir()
    (tools / "installed").write_text("libb installed\n")
    for name, script in SCRIPTS.items():
        (tools / name).write_text(f"#!/bin/sh\n{script}\n")
        (tools / name).chmod(0o755)
    return tools


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tools = make_apt(tmp_path / "tools")
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tools


def test_packages_are_read_by_section_with_their_other_names() -> None:
    assert run.read_debian_packages(LIST, ["desktop"]) == [("liba", "liba-t64"), ("libb",)]
    assert run.read_debian_packages(LIST, ["desktop", "test"])[-1] == ("xvfb",)
    with pytest.raises(KeyError):
        run.read_debian_packages(LIST, ["no such section"])


def test_root_installs_only_what_is_missing(apt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    packages = [("liba", "liba-t64"), ("libb",)]
    assert run.install_debian(packages)
    told = (apt / "told").read_text().splitlines()
    assert [line.split()[0] for line in told] == ["noninteractive", "noninteractive"]
    assert told[0].endswith(" update")
    assert told[1].endswith(" install -y --no-install-recommends liba")
    assert run.install_debian(packages)
    assert len((apt / "told").read_text().splitlines()) == 2, "nothing is missing any more, so apt is not asked"


def test_another_name_of_a_package_counts(apt: Path) -> None:
    (apt / "installed").write_text("liba-t64 installed\nlibb config-files\n")
    assert run.missing_packages([("liba", "liba-t64"), ("libb",)]) == ["libb"]


def test_anybody_else_is_given_the_line_to_type(
    apt: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert not run.install_debian([("liba",), ("libb",)])
    assert "sudo apt-get install -y --no-install-recommends liba\n" in capsys.readouterr().out
    assert not (apt / "told").exists()


def test_apt_that_fails_is_shown_whole_with_the_line_to_type(apt: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (apt / "broken").touch()
    with pytest.raises(run.FaultError) as fault:
        run.install_debian([("liba",)])
    assert "E: no route to mirror" in fault.value.english
    assert "sudo apt-get install -y --no-install-recommends liba" in fault.value.chinese


@pytest.mark.usefixtures("apt")
def test_a_python_without_ensurepip_gets_its_package_or_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    run.need_ensurepip()
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(run.FaultError, match=rf"apt-get install -y --no-install-recommends python{run.VERSION}-venv"):
        run.need_ensurepip()


def test_dpkg_is_asked_the_way_it_answers() -> None:
    if not run.is_debian():
        pytest.skip("not a Debian system")
    assert run.missing_packages([("dpkg",), ("no-such-name", "apt"), ("no-such-package",)]) == ["no-such-package"]
