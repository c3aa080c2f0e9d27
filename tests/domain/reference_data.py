"""The shipped reference data, read once for all tests of the rules."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from inspector_app.domain.areas import Areas, parse_areas
from inspector_app.domain.catalogue import Catalogue, parse_catalogue
from inspector_app.domain.policy import Policy, parse_policy

FOLDER = Path(__file__).parents[2] / "resources" / "catalogue"
TODAY = "2026-11-21"


def catalogue_texts() -> dict[str, str]:
    """{file name: text} of the catalogue's files, without the policy."""
    return {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("*.toml")) if path.name != "policy.toml"}


@cache
def catalogue() -> Catalogue:
    return parse_catalogue(catalogue_texts().values())


@cache
def areas() -> Areas:
    return parse_areas((FOLDER / "areas.csv").read_text("utf-8"))


@cache
def policy() -> Policy:
    return parse_policy((FOLDER / "policy.toml").read_text("utf-8"))
