"""What the page says, from ``resources/demo/page.toml``."""

from __future__ import annotations

import functools
import tomllib
from typing import Any

from inspector_app.config import read_resource
from inspector_app.demo.telling import Both


@functools.cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(read_resource("demo/page.toml").decode("utf-8"))


def said(name: str, **values: str | int) -> Both:
    """The text ``section.key`` with its values filled in. KeyError for one that is not there."""
    section, _, key = name.partition(".")
    entry = _texts()[section][key]
    return Both(entry["en"].format_map(values), entry["zh"].format_map(values))


def fields() -> frozenset[str]:
    """The keys of the remarks on fields."""
    return frozenset(_texts()["field"])


def listed(name: str) -> list[dict[str, str]]:
    """The entries of a list."""
    entries: list[dict[str, str]] = _texts()[name]
    return entries


def style() -> str:
    """The style sheet."""
    return read_resource("demo/page.css").decode("utf-8")
