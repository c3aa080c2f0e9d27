"""What setup.cfg declares is what the tree imports, package by package, and what stands installed."""

from __future__ import annotations

import configparser
import functools
import importlib.metadata
import re
import sys
from collections.abc import Iterable, Mapping, Sequence

import pytest
from packaging.requirements import Requirement

import run
from tests import source_tree
from tests.source_tree import ROOT, Module

SETUP_CFG = (ROOT / "setup.cfg").read_text("utf-8")
DEBIAN = (ROOT / "build_spec" / "debian-packages.txt").read_text("utf-8")
EVERYTHING = ("desktop", "province", "camera", "test", "build")
EXTRAS_OF = {
    "inspector_app": (),
    "inspector_app.demo": ("province",),
    "inspector_app.practice": ("province",),
    "sync": (),
    "printing": (),
    "ui": ("desktop", "camera"),
    "province": ("province",),
    "simulation": ("province",),
}
WINDOWS_ONLY = {"win32print", "win32ui", "win32con", "winreg", "pywintypes"}

OF_A_PEER = {"benchmarks.peers.anki_client": "anki"}
"""Run by the interpreter of a peer, which the benchmark installs apart: no dependency of ours."""


@functools.cache
def distributions() -> Mapping[str, Sequence[str]]:
    """Import name → distributions installed here that bring it."""
    return importlib.metadata.packages_distributions()


def undeclared(modules: Iterable[Module]) -> list[str]:
    """Imports of libraries that ``setup.cfg`` does not declare for the package that uses them."""
    found = []
    for module in modules:
        above = ".".join(module.name.split(".")[:2])
        declared = _declared(EXTRAS_OF.get(above, EXTRAS_OF.get(above.partition(".")[0], EVERYTHING)))
        for line, dotted in source_tree.imports(module):
            top = dotted.partition(".")[0]
            if top in sys.stdlib_module_names or top in (*source_tree.PACKAGES, "run", *WINDOWS_ONLY):
                continue
            if OF_A_PEER.get(module.name) == top:
                continue
            if not declared & {_normal(name) for name in distributions().get(top, [top])}:
                found.append(f"{module.path}:{line}: {top} is not among its dependencies in setup.cfg")
    return found


def _declared(extras: Iterable[str]) -> set[str]:
    return {_normal(Requirement(line).name) for line in run.read_requirements(SETUP_CFG, extras)}


def _normal(name: str) -> str:
    name = re.sub(r"[-_.]+", "-", name).lower()
    # psycopg's C part and Qt's halves come as distributions of their own behind the declared one
    return {"psycopg-binary": "psycopg", "shiboken6": "pyside6-essentials"}.get(name, name)


def test_every_library_the_tree_imports_is_declared_for_the_package_that_uses_it() -> None:
    found = undeclared(source_tree.modules())
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("sync/client.py", "import httpx"),
        ("sync/client.py", "import PySide6"),
        ("province/views.py", "from PySide6 import QtCore"),
        ("inspector_app/domain/rule.py", "def f():\n    import django"),
        ("inspector_app/domain/rule.py", "import pytest"),
    ],
)
def test_an_undeclared_library_is_found(path: str, text: str) -> None:
    assert undeclared([source_tree.parse(path, text)])


@pytest.mark.parametrize("line", run.read_requirements(SETUP_CFG, run.NEEDS["test"].extras))
def test_what_is_installed_is_at_least_what_is_declared(line: str) -> None:
    requirement = Requirement(line)
    if requirement.marker is None or requirement.marker.evaluate():
        installed = importlib.metadata.version(requirement.name)
        assert requirement.specifier.contains(installed, prereleases=True)


@pytest.mark.parametrize("verb", run.NEEDS)
def test_every_verb_needs_only_extras_and_sections_that_exist(verb: str) -> None:
    assert run.read_requirements(SETUP_CFG, run.NEEDS[verb].extras)
    assert run.read_debian_packages(DEBIAN, run.NEEDS[verb].debian) or verb == "demo"


def test_a_misspelt_extra_is_not_taken_for_an_empty_one() -> None:
    with pytest.raises(KeyError):
        run.read_requirements(SETUP_CFG, ["dekstop"])


def test_every_requirement_has_a_lower_bound() -> None:
    lines = run.read_requirements(SETUP_CFG, EVERYTHING)
    assert not [line for line in lines if ">=" not in line]


def test_the_version_is_the_same_wherever_it_stands() -> None:
    config = configparser.ConfigParser(interpolation=None)
    config.read_string(SETUP_CFG)
    version = config["metadata"]["version"]
    assert f'VERSION = "{version}"' in (ROOT / "inspector_app" / "config.py").read_text("utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changelog
    assert f"## [{version}]" in changelog or version == "0.1.0", "a released version has its heading in the changelog"
