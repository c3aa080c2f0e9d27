"""The page of what custody withstands names tests there are, and names every test made for it."""

from __future__ import annotations

import re
from pathlib import Path

from tests.source_tree import ROOT

PAGE = (ROOT / "docs" / "withstands.md").read_text("utf-8")
NAMED = re.compile(r"`(test_[a-z0-9_]+)`")
DEFINED = re.compile(r"^def (test_[a-z0-9_]+)\(", re.MULTILINE)
OWN = ROOT / "tests" / "services" / "test_withstand_custody.py"
PAINS = (4, 5, 6, 8, 9)
SENTENCES = 12


def named_in(*files: Path) -> set[str]:
    """The tests these files define."""
    return {name for file in files for name in DEFINED.findall(file.read_text("utf-8"))}


def test_every_test_the_page_names_is_there() -> None:
    assert set(NAMED.findall(PAGE)) - named_in(*(ROOT / "tests").rglob("test_*.py")) == set()


def test_every_test_made_for_it_is_on_the_page_and_each_sentence_has_one() -> None:
    assert named_in(OWN) <= set(NAMED.findall(PAGE))
    lines = [line for line in PAGE.splitlines() if line.startswith("| ") and NAMED.search(line)]
    assert len(lines) == SENTENCES


def test_each_pain_point_with_numbers_has_its_tests() -> None:
    names = named_in(ROOT / "tests" / "services" / "test_pain_points.py")
    found = {int(name.split("_")[2]) for name in names if name.startswith("test_pain_")}
    assert found == set(PAINS)
    assert all(name.startswith("test_pain_") for name in names)
