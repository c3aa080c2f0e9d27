"""The custody rules G01–G51 (广西动物卫生证章标志管理办法, GX-2014) and the points at which they are enforced.

The rules are data (``resources/rules/gx-2014.toml``: a profile with the day it takes effect, G51). A point is a
function of the product that makes a rule hold, marked with :func:`enforces`; there is no way to switch one off in the
product. Tests put a weaker function in a point's place and expect the rule's own tests to fail (DESIGN 14.1).
"""

from __future__ import annotations

import enum
import functools
import tomllib
from collections.abc import Callable, Iterable
from typing import Any, Generic, ParamSpec, TypeVar

import msgspec

from inspector_app.domain.reference import Confidence

P = ParamSpec("P")
R = TypeVar("R")


class Side(enum.StrEnum):
    """Where a rule is enforced: at the station's computer, at the province, or at both."""

    CLIENT = "C"
    SERVER = "S"
    BOTH = "C/S"


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule: ``articles`` of the measures, the event and the roles it concerns, what is recorded as evidence."""

    id: str
    articles: str
    side: Side
    zh: str
    en: str
    event: str
    roles: tuple[str, ...]
    evidence: str


class RuleProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A set of rules (规则集) and since when it is in force; ``terms`` maps its words to today's (农业农村部门 …)."""

    profile: str
    title: str
    effective_from: str
    source: str
    confidence: Confidence
    terms: dict[str, str]
    rule: tuple[Rule, ...]

    def in_today_s_words(self, text: str) -> str:
        """A text of the measures in the words of today's institutions (兽医主管部门 is 农业农村部门 now)."""
        for word, now in self.terms.items():
            text = text.replace(word, now)
        return text

    def find(self, rule_id: str) -> Rule:
        """The rule of this id; KeyError when the profile has none."""
        return {rule.id: rule for rule in self.rule}[rule_id]


def parse_rules(text: str) -> RuleProfile:
    """A profile from its TOML text; msgspec.ValidationError or ValueError for one that is damaged."""
    profile = msgspec.convert(tomllib.loads(text), RuleProfile)
    ids = [rule.id for rule in profile.rule]
    if len(set(ids)) != len(ids):
        raise ValueError("a rule stands twice")
    return profile


def choose_rules(profiles: Iterable[RuleProfile], name: str, day: str) -> RuleProfile | None:
    """The profile a province names, if it is among these and in force on that legal day; else None."""
    named = [one for one in profiles if one.profile == name and one.effective_from <= day]
    return named[0] if named else None


class Point(Generic[P, R]):
    """A function that makes rules hold; called like the function it stands for."""

    def __init__(self, rules: tuple[str, ...], check: Callable[P, R]) -> None:
        self.rules = rules
        self.check = check
        self.name = f"{check.__module__}.{check.__qualname__}"
        functools.update_wrapper(self, check)

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        return self.check(*arguments, **named)


POINTS: dict[str, Point[..., Any]] = {}
"""Every point of the modules that have been imported, by its name."""


def enforces(*rules: str) -> Callable[[Callable[P, R]], Point[P, R]]:
    """Mark a function as the point where rules are enforced; ValueError without a rule."""
    if not rules:
        raise ValueError("a point enforces a rule")

    def register(check: Callable[P, R]) -> Point[P, R]:
        point = Point(rules, check)
        POINTS[point.name] = point
        return point

    return register


def points_of(rule_id: str) -> list[Point[..., Any]]:
    """The points that enforce a rule, by name."""
    return [point for _name, point in sorted(POINTS.items()) if rule_id in point.rules]
