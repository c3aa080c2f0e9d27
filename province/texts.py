"""The province's words in both languages (``resources/i18n/province.toml``, ``desk_words.toml``), and all sentences."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Literal

from inspector_app.clock import moment_text
from inspector_app.config import read_resource, resource_names
from inspector_app.domain.sentences import Sentences

Language = Literal["zh", "en"]


@cache
def _tables() -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for name in ("province", "desk_words"):
        tables = tomllib.loads(read_resource(f"i18n/{name}.toml").decode())
        tables.pop("family")
        found |= tables
    return found


@cache
def sentences() -> Sentences:
    """Every sentence and word of the program."""
    return Sentences.parse(read_resource(name).decode() for name in resource_names("i18n", ".toml"))


def word(table: str, name: str, language: Language, **values: str | int) -> str:
    """One text with its values filled in; KeyError for a name the file does not have."""
    return _tables()[table][name][language].format(**values)


def table(name: str, language: Language) -> dict[str, str]:
    """A whole table in one language, its placeholders as they stand."""
    return {key: texts[language] for key, texts in _tables()[name].items()}


def language_of(asked: str) -> Language:
    """The language a page was asked in; Chinese unless it says English."""
    return "en" if asked == "en" else "zh"


def moment_shown(at: int) -> str:
    """A moment for people to read; what a stranger wrote and no calendar has stays the number it is."""
    try:
        return moment_text(at)
    except ValueError:
        return str(at)
