"""The tree as the house's own tests read it: files, parsed modules, their imports and the dotted names they use."""

from __future__ import annotations

import ast
import builtins
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("inspector_app", "sync", "printing", "ui", "province", "simulation", "benchmarks", "build_spec", "tests")
FOLDERS = (*PACKAGES, "resources", "docs", ".ci")
MADE_BY_TOOLS = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}


class Module(NamedTuple):
    """One Python file: its path from the root, its dotted name, its syntax tree."""

    path: str
    name: str
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        """Whether the file is the ``__init__`` of a folder; relative imports count from there."""
        return self.path.endswith("__init__.py")


class Use(NamedTuple):
    """A dotted name as it stands after resolving imports, with the node where it stands."""

    dotted: str
    node: ast.expr


def files() -> Iterator[Path]:
    """Every file of the project's folders and of its root, made by people; generated folders are left out."""
    yield from (path for path in ROOT.iterdir() if path.is_file())
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and MADE_BY_TOOLS.isdisjoint(path.relative_to(ROOT).parts):
                yield path


@functools.cache
def modules() -> tuple[Module, ...]:
    """All Python modules of the project, parsed."""
    found = (path for path in files() if path.suffix == ".py")
    return tuple(parse(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in found)


def parse(path: str, text: str) -> Module:
    """One module from its path (``sync/frames.py``) and its text."""
    name = path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    return Module(path, name, ast.parse(text, filename=path))


def imports(module: Module) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything imported, at the top or inside a function, by statement or by call."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _imported_from(module, node)
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
    for use in uses(module):
        if use.dotted in ("importlib.import_module", "builtins.__import__"):
            call = calls(module).get(use.node)
            if call and call.args and isinstance(call.args[0], ast.Constant):
                yield call.lineno, str(call.args[0].value)


def _imported_from(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    parts = parts[: len(parts) - node.level + (1 if module.is_package else 0)]
    return ".".join([*parts, *([node.module] if node.module else [])])


def calls(module: Module) -> dict[ast.expr, ast.Call]:
    """Each called expression with its call, to ask what a used name is given."""
    return {node.func: node for node in ast.walk(module.tree) if isinstance(node, ast.Call)}


def uses(module: Module) -> Iterator[Use]:
    """Every whole dotted name, imports resolved: after ``import time as t`` the text ``t.sleep`` is ``time.sleep``.

    A builtin stands under ``builtins``, a name of the module's own under ``here``: neither is taken for a library.
    """
    known = _known_names(module)
    inner: set[ast.expr] = set()
    for node in ast.walk(module.tree):  # breadth first: a whole chain is met before its parts
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load) and node not in inner:
            parts: list[str] = []
            part: ast.expr = node
            while isinstance(part, ast.Attribute):
                parts.append(part.attr)
                part = part.value
                inner.add(part)
            if isinstance(part, ast.Name):
                place = "builtins" if hasattr(builtins, part.id) else "here"
                yield Use(".".join([known.get(part.id, f"{place}.{part.id}"), *reversed(parts)]), node)


def _known_names(module: Module) -> dict[str, str]:
    known: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                known[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            base = _imported_from(module, node)
            known.update({alias.asname or alias.name: f"{base}.{alias.name}" for alias in node.names})
    return known


def is_within(dotted: str, prefix: str) -> bool:
    """Whether ``dotted`` is ``prefix`` or lies below it."""
    return dotted == prefix or dotted.startswith(f"{prefix}.")
