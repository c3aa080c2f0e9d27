"""``docs/rules.md``: rule → article → where it is enforced → its tests. ``python -m tests.rules.page`` writes it."""

from __future__ import annotations

import ast
import importlib
import os
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import django
from django.conf import settings

from inspector_app.domain.rules import Point, Rule, RuleProfile, parse_rules, points_of
from tests import source_tree
from tests.rules.switch import rule_of

PAGE: Final = source_tree.ROOT / "docs" / "rules.md"
RULES: Final = source_tree.ROOT / "resources" / "rules" / "gx-2014.toml"
SIDES: Final = {"C": "station", "S": "province", "C/S": "both"}
HEAD: Final = """# Custody rules

Made by `python -m tests.rules.page`; a test compares. Each rule of the measures (证章标志管理, {profile}, in force
since {since}), where the program makes it hold, and the tests that fail when it no longer does. Each of these tests
runs twice: as it is, and with the rule's points weakened, when it must fail.

{done} of {all} rules are enforced; the others are listed below them.

| Rule | Art. | Side | What must hold | Enforced in | Tests |
|---|---|---|---|---|---|
"""


def profile() -> RuleProfile:
    """The rules the program ships."""
    return parse_rules(RULES.read_text("utf-8"))


def import_product() -> None:
    """Import every module that enforces something, so that its points are known."""
    if not settings.configured:
        django.setup()
    for module in source_tree.modules():
        names = (node.id for node in ast.walk(module.tree) if isinstance(node, ast.Name))
        if not module.path.startswith("tests/") and "enforces" in names:
            importlib.import_module(module.name)


def tests_by_rule() -> dict[str, list[str]]:
    """The names of all ``test_gNN_…``, by rule."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for module in source_tree.modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef) and (rule := rule_of(node.name)):
                found[rule].append(node.name)
    return {rule: sorted(names) for rule, names in found.items()}


def page() -> str:
    """The whole page."""
    import_product()
    rules, tests = profile(), tests_by_rule()
    enforced = [rule for rule in rules.rule if points_of(rule.id)]
    head = HEAD.format(profile=rules.profile, since=rules.effective_from, done=len(enforced), all=len(rules.rule))
    rows = [_row(rule, points_of(rule.id), tests.get(rule.id, [])) for rule in enforced]
    return head + "".join(rows) + "".join(_waiting(rules))


def _row(rule: Rule, points: list[Point[..., object]], tests: list[str]) -> str:
    where = "<br>".join(f"`{point.name.removeprefix('inspector_app.')}`" for point in points)
    named = "<br>".join(f"`{name}`" for name in tests)
    what = f"{rule.zh}。{rule.en}."
    return f"| {rule.id} | {rule.articles} | {SIDES[rule.side]} | {what} | {where} | {named} |\n"


def _waiting(rules: RuleProfile) -> Iterator[str]:
    left = [rule for rule in rules.rule if not points_of(rule.id)]
    if left:
        yield "\n## Not enforced yet\n\n"
        yield from (f"- {rule.id} (Art. {rule.articles}): {rule.zh}\n" for rule in left)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "province.settings")
    PAGE.write_text(page(), "utf-8")
