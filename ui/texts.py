"""Every word on the screen, in Chinese and English, switched while the program runs.

One mechanism for labels and sentences: ``resources/i18n/*.toml``, where each entry holds both languages side by side
(build_spec/decisions/0050-desktop.md says why not Qt Linguist). A label has ``zh`` and ``en`` (and ``en_one`` for the
English singular); a sentence for a code has for each language what happened, what is safe and what to do. Values are
put in after the language is chosen.
"""

from __future__ import annotations

import enum
import functools
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from inspector_app import config
from inspector_app.errors import BugError

Values = str | int


class Language(enum.StrEnum):
    """The two languages of the program."""

    ZH = "zh"
    EN = "en"


class _InForce:
    """The language in force; one application, one language."""

    language: Language = Language.ZH
    translator: QTranslator | None = None


def language() -> Language:
    """The language in force."""
    return _InForce.language


def text(key: str, **values: Values) -> str:
    """The label ``key`` (``place.name``) in the language in force; BugError when there is none."""
    entry = labels().get(key)
    if entry is None:
        raise BugError(f"no text for {key}")
    return _filled(_chosen(entry, values), values)


def either(zh: str, en: str) -> str:
    """Whichever of two names of one thing belongs to the language in force (names from the catalogue, registers)."""
    return en if _InForce.language is Language.EN and en else zh


def has_text(key: str) -> bool:
    """Whether there is a label with this key."""
    return key in labels()


def _chosen(entry: Mapping[str, str], values: Mapping[str, Values]) -> str:
    if _InForce.language is Language.EN:
        return entry["en_one"] if values.get("n") == 1 and "en_one" in entry else entry["en"]
    return entry["zh"]


def _filled(pattern: str, values: Mapping[str, Values]) -> str:
    return pattern.format(**values) if values else pattern


@functools.cache
def labels() -> dict[str, dict[str, str]]:
    """All labels: ``file-independent dotted key → {zh, en[, en_one]}``. A key defined twice is a BugError."""
    found: dict[str, dict[str, str]] = {}
    for name in ("ui", "pages"):
        tables = tomllib.loads(config.read_resource(f"i18n/{name}.toml").decode("utf-8"))
        for key, entry in _leaves(tables):
            if key in found:
                raise BugError(f"text {key} is defined twice")
            found[key] = entry
    return found


def _leaves(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    for name, value in table.items():
        key = f"{above}.{name}" if above else name
        if "zh" in value and "en" in value:
            yield key, value
        else:
            yield from _leaves(value, key)


def switch(app: QApplication, chosen: Language) -> None:
    """Speak ``chosen`` from now on: Qt tells every widget, open windows included, to set its words anew."""
    if _InForce.translator is not None:
        app.removeTranslator(_InForce.translator)
    _InForce.language = chosen
    _InForce.translator = _qt_translator(app, chosen)
    if _InForce.translator is not None:
        app.installTranslator(_InForce.translator)
    for window in app.topLevelWidgets():
        app.sendEvent(window, QEvent(QEvent.Type.LanguageChange))


def _qt_translator(app: QApplication, chosen: Language) -> QTranslator | None:
    """Qt's own few words (cut, copy, paste); English is what Qt speaks without a translator."""
    if chosen is Language.EN:
        return None
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return translator if translator.load("qtbase_zh_CN", folder) else None
