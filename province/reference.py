"""Catalogue and policy as the province judges by them: the reference data shipped, and the policy it published."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from inspector_app.config import read_resource, resource_names
from inspector_app.domain.quantities import Units

if TYPE_CHECKING:
    from inspector_app.domain.areas import Areas
    from inspector_app.domain.catalogue import Catalogue
    from inspector_app.domain.policy import Policy
    from inspector_app.domain.rules import RuleProfile

POLICY_FILE = "catalogue/policy.toml"


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue: species, stages, diseases, units."""
    from inspector_app.domain.catalogue import parse_catalogue

    names = [name for name in resource_names("catalogue", ".toml") if name != POLICY_FILE]
    return parse_catalogue([read_resource(name).decode() for name in names])


@cache
def areas() -> Areas:
    """GB/T 2260."""
    from inspector_app.domain.areas import parse_areas

    return parse_areas(read_resource("catalogue/areas.csv").decode())


def units() -> Units:
    """The catalogue's units by code."""
    return catalogue().units


@cache
def _policy(body: str) -> Policy:
    from inspector_app.domain.policy import parse_policy

    shipped = parse_policy(read_resource(POLICY_FILE).decode())
    return parse_policy(body, shipped) if body else shipped


def policy_of(body: str) -> Policy:
    """The policy of this text, its unsaid rules as shipped; "": the shipped one. PolicyError for what is no policy."""
    return _policy(body)


def policy(using: str) -> Policy:
    """The newest policy the province published."""
    from province.journal.rows import DjangoRows

    rows = DjangoRows(using).many("policies", order="issued_at")
    return policy_of(str(rows[-1]["body"]) if rows else "")


@cache
def shipped_rules() -> tuple[RuleProfile, ...]:
    """The sets of custody rules (规则集) this program carries out."""
    from inspector_app.domain.rules import parse_rules

    return tuple(parse_rules(read_resource(name).decode()) for name in resource_names("rules", ".toml"))


def rules_in_force(using: str, day: str) -> RuleProfile | None:
    """The set the province's policy names, on a legal day; None where this program does not carry it out (G51)."""
    from inspector_app.domain.rules import choose_rules

    return choose_rules(shipped_rules(), policy(using).on(day).custody_rules, day)


def required_results(held: Policy, species: int, kind: str, on_date: str) -> set[str]:
    """Diseases of which a result must stand before a certificate of this kind (dated policy)."""
    return set(held.required_results(kind, catalogue().diseases_for(species, on_date), on_date))
