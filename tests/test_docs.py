"""The documents tell of the program as it is: code they name exists, commands they show are understood."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.source_tree import ROOT

ARCHITECTURE = ROOT / "docs" / "architecture.md"
NAMED = re.compile(r"`((?:[a-z_]+/)*[a-z_]+\.(?:py|toml|md))(?::([A-Za-z_]+))?(?:\(|`)")
FOLDER = re.compile(r"`((?:[a-z_]+/)+)`")


def module_path(name: str) -> Path:
    """A path as the document writes it: from the root, or from ``inspector_app``; a module may be a folder."""
    package = f"{name.removesuffix('.py')}/__init__.py"
    places = [ROOT / name, ROOT / "inspector_app" / name, ROOT / package, ROOT / "inspector_app" / package]
    return next((place for place in places if place.exists()), places[0])


def top_level_names(path: Path) -> set[str]:
    """What a module defines or imports at its top level."""
    found: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def named_code(text: str) -> list[tuple[str, str]]:
    """Every (file, name) a document mentions; the name is "" where only the file is."""
    return sorted({(match[1], match[2] or "") for match in NAMED.finditer(text)})


def missing_code(text: str) -> list[str]:
    """Files and names a document mentions that do not exist."""
    lost = []
    for file, name in named_code(text):
        path = module_path(file)
        if not path.exists():
            lost.append(file)
        elif name and path.suffix == ".py" and name not in top_level_names(path):
            lost.append(f"{file}:{name}")
    return lost


def test_architecture_names_only_code_that_exists() -> None:
    text = ARCHITECTURE.read_text("utf-8")
    assert len(named_code(text)) > 60
    assert not missing_code(text)


def test_architecture_names_only_folders_that_exist() -> None:
    folders = {match[1] for match in FOLDER.finditer(ARCHITECTURE.read_text("utf-8"))}
    assert "journal/" in folders
    assert not [folder for folder in folders if not module_path(folder).is_dir()]


@pytest.mark.parametrize(
    "text", ["`services/issuing.py:issue_nothing`", "`services/no_such_thing.py`", "`resources/forms/no_form.toml`"]
)
def test_code_that_does_not_exist_is_noticed(text: str) -> None:
    assert missing_code(text)
