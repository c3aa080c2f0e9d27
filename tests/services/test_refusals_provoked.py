"""No reason a service can give is left untried, and none is promised that no service gives."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from inspector_app.domain.refusals import RefusalCode

ROOT = Path(__file__).resolve().parents[2]
NOT_GIVEN_BY_SERVICES: set[RefusalCode] = set()
"""A reason with a sentence and no service: whoever begins to give one writes the test that provokes it."""


def codes_in(folder: Path) -> set[RefusalCode]:
    """Every code named as ``RefusalCode.X`` or, in tests, ``C.X``."""
    found = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                named = node.value.id in ("RefusalCode", "C") and node.attr in RefusalCode.__members__
                found |= {RefusalCode[node.attr]} if named and path != Path(__file__) else set()
    return found


def test_every_reason_a_service_gives_is_provoked_by_a_test_of_the_services() -> None:
    given, provoked = codes_in(ROOT / "inspector_app" / "services"), codes_in(ROOT / "tests" / "services")
    assert given - provoked == set()


def test_the_reasons_no_service_gives_are_the_ones_we_know_of() -> None:
    assert set(RefusalCode) - codes_in(ROOT / "inspector_app" / "services") == NOT_GIVEN_BY_SERVICES


def test_every_service_has_its_tests() -> None:
    services = {path.stem for path in (ROOT / "inspector_app" / "services").glob("[a-z]*.py")}
    tested = " ".join(path.read_text("utf-8") for path in (ROOT / "tests" / "services").glob("test_*.py"))
    untested = {name for name in services if not re.search(rf"services(\.| import .*\b){name}\b", tested)}
    assert untested <= {
        "typed",
        "case",
        "case_entries",
        "known_entries",
        "loss_papers",
        "uncut",
    }  # seen through all the others
