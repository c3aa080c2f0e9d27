"""Sentences for codes: what happened, what is safe, what to do, in Chinese and English side by side.

Texts come from ``resources/i18n/*.toml``; nothing here reads a file, so Qt, the command line and the province share it.
A file begins with ``family = "…"`` and holds one table per code: a short number (``no``, shown as ``YJ-2107``, never
given to another code) and for each language the three parts, with a ``title`` where a screen needs a word instead of a
sentence. The file of the family ``words`` holds the names of fields, states and posts that sentences mention.

A text mentions a value as ``{name}``, or says how it reads:

=====================  ===============================================================================
``{current:state}``    the word of that table; several, separated by blanks or commas, are joined
``{limit:moment}``     a UTC millisecond as ``2026-11-21 09:40`` at UTC+8
``{trust_age:span}``   milliseconds in words
``{device:id}``        the first eight characters
``{left:day|days}``    in English the number with its noun, in Chinese the number
=====================  ===============================================================================

A value that was not given is shown as a dash: a sentence that does not come is worse than one with a gap.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from inspector_app.domain.catalogue import Catalogue
from inspector_app.domain.credential import Judgement
from inspector_app.domain.quantities import QuantityProblem
from inspector_app.domain.refusals import Detail, Refusal
from inspector_app.domain.typed_text import TextProblem

WORDS: Final = "words"
FAMILIES: Final = ("refusals", "faults", "reasons", "judgements", "verdicts", "stock")
"""Where a code is looked for that its own family does not have."""
GENERAL: Final = "unknown"
PRACTICE: Final = "practice"
PHRASES: Final = "said"
"""The table of words with what the command line says when something is done."""
MISSING: Final = "—"
_PLACE: Final = re.compile(r"\{(\w+)(?::([^{}]+))?\}")
_BEIJING: Final = datetime.timezone(datetime.timedelta(hours=8))
_SPANS: Final = (
    (86_400_000, "天", "day", "days"),
    (3_600_000, "小时", "hour", "hours"),
    (60_000, "分钟", "minute", "minutes"),
)
_ID_SHOWN: Final = 8

Details = Mapping[str, Detail]


class Sentence(msgspec.Struct, frozen=True):
    """What a person reads about one code; ``reference`` is what they may say on the telephone (``YJ-2107``).

    ``title`` is a word or two for a heading; "" where the code has none.
    """

    happened: str
    safe: str
    todo: str
    reference: str
    title: str = ""

    @property
    def whole(self) -> str:
        """The three parts in one line."""
        gap = "" if self.happened.endswith("。") else " "
        return gap.join((self.happened, self.safe, self.todo))


class _Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One code in one language, placeholders not yet filled."""

    happened: str
    safe: str
    todo: str
    title: str = ""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One code in both languages and its number."""

    no: int
    zh: _Said
    en: _Said

    def said(self, lang: str) -> _Said:
        """The texts in a language; Chinese for everything that is not ``en``."""
        return self.en if lang == "en" else self.zh

    @property
    def reference(self) -> str:
        """The short code."""
        return f"YJ-{self.no:04d}"


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name of a thing in both languages."""

    zh: str
    en: str


class Sentences:
    """All sentences of the program."""

    def __init__(self, entries: Mapping[str, Mapping[str, Entry]], words: Mapping[str, Mapping[str, Word]]) -> None:
        self._entries, self._words = entries, words
        if GENERAL not in entries.get("faults", {}) or PRACTICE not in entries.get("verdicts", {}):
            raise ValueError("the general sentence, or the practice mark, is missing")

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Sentences:
        """Read the texts of the files; one without a family holds labels of a screen and is passed over.

        ValueError for a wrong shape, or a family, a table of words or a number that stands in two places.
        """
        entries: dict[str, dict[str, Entry]] = {}
        words: dict[str, dict[str, Word]] = {}
        for text in texts:
            tables = tomllib.loads(text)
            family = str(tables.pop("family", ""))
            if family in entries:
                raise ValueError(f"family {family!r} stands in two files")
            if family == WORDS:
                _require_apart(words, tables)
                words |= msgspec.convert(tables, dict[str, dict[str, Word]])
            elif family:
                entries[family] = msgspec.convert(tables, dict[str, Entry])
        _require_single(entry.no for family in entries.values() for entry in family.values())
        return cls(entries, words)

    def including(self, table: str, words: Mapping[str, tuple[str, str]]) -> Sentences:
        """These sentences with further words (Chinese, English), e.g. the diseases of the catalogue in force."""
        named = {value: Word(zh, en) for value, (zh, en) in words.items()}
        return Sentences(self._entries, {**self._words, table: {**self._words.get(table, {}), **named}})

    def naming(self, catalogue: Catalogue) -> Sentences:
        """These sentences with the names of the catalogue's units, diseases, checks, reasons and readings."""
        named = self.including("unit", {str(unit.code): (unit.zh, unit.en) for unit in catalogue.units.values()})
        for table in ("disease", "check", "reason", "measurement"):
            named = named.including(table, {row.code: (row.zh, row.en) for row in catalogue.records(table)})
        return named

    def codes(self, family: str) -> tuple[str, ...]:
        """The codes a family has sentences for, in the order of the file."""
        return tuple(self._entries.get(family, ()))

    def entries(self) -> Iterator[tuple[str, str, Entry]]:
        """Every family, code and entry."""
        for family, codes in self._entries.items():
            yield from ((family, code, entry) for code, entry in codes.items())

    def words(self) -> Mapping[str, Mapping[str, Word]]:
        """The tables of words."""
        return self._words

    def word(self, table: str, value: str, lang: str) -> str:
        """The name of a value; the value itself when the table does not know it."""
        found = self._words.get(table, {}).get(value)
        return value if found is None else (found.en if lang == "en" else found.zh)

    def phrase(self, key: str, lang: str, details: Details | None = None) -> str:
        """What the command line says of something done; values in it read as they do in sentences."""
        return self._fill(self.word(PHRASES, key, lang), lang, details or {})

    def of(self, family: str, code: str, lang: str, details: Details | None = None) -> Sentence:
        """The sentence of a code, values filled in; the general one, naming the code, when there is none."""
        if code.startswith(f"{PRACTICE}:"):
            return self._of_practice(family, code.partition(":")[2], lang, details or {})
        entry = self._find(family, code) or self._entries["faults"][GENERAL]
        return self._filled(entry, lang, {"code": code, **(details or {})})

    def headline(self, family: str, code: str, lang: str, details: Details | None = None) -> str:
        """The shortest way to say it: the title, or what happened."""
        sentence = self.of(family, code, lang, details)
        return sentence.title or sentence.happened

    def _of_practice(self, family: str, code: str, lang: str, details: Details) -> Sentence:
        """The same, with its mark: nobody may take a specimen for a certificate."""
        inner = self.of(family, code, lang, details)
        mark = self._entries["verdicts"][PRACTICE]
        parts = {"happened": inner.happened, "safe": inner.safe, "todo": inner.todo, "title": inner.title}
        return msgspec.structs.replace(self._filled(mark, lang, parts), reference=inner.reference)

    def _find(self, family: str, code: str) -> Entry | None:
        """The entry of a code: in its family, then in the others, then by what stands after the last dot."""
        families = (family, *(name for name in FAMILIES if name != family))
        for key in dict.fromkeys((code, code.rpartition(".")[2])):
            for name in families:
                if key != GENERAL and key in self._entries.get(name, {}):
                    return self._entries[name][key]
        return None

    def _filled(self, entry: Entry, lang: str, details: Details) -> Sentence:
        said = entry.said(lang)
        return Sentence(
            happened=self._fill(said.happened, lang, details),
            safe=self._fill(said.safe, lang, details),
            todo=self._fill(said.todo, lang, details),
            reference=entry.reference,
            title=self._fill(said.title, lang, details),
        )

    def _fill(self, text: str, lang: str, details: Details) -> str:
        filled = _PLACE.sub(lambda place: self._shown(details.get(place[1], ""), place[2] or "", lang), text)
        starts_with_value = lang == "en" and text.startswith("{")
        return filled[:1].upper() + filled[1:] if starts_with_value else filled

    def _shown(self, value: Detail, how: str, lang: str) -> str:
        if value == "":
            return MISSING
        match how:
            case "":
                return str(value)
            case "moment":
                return _moment(value)
            case "span":
                return _span(value, lang)
            case "id":
                return str(value)[:_ID_SHOWN]
            case _:
                return _counted(value, how, lang) if "|" in how else self._named(value, how, lang)

    def _named(self, value: Detail, table: str, lang: str) -> str:
        """One or several words of a table."""
        named = [self.word(table, part, lang) for part in re.split(r"[\s,]+", str(value)) if part]
        return (", " if lang == "en" else "、").join(named)


def placeholders(text: str) -> dict[str, str]:
    """The values a text mentions and how each reads."""
    return {place[1]: place[2] or "" for place in _PLACE.finditer(text)}


def describe_refusal(sentences: Sentences, refusal: Refusal, lang: str) -> Sentence:
    """The sentence of a refusal.

    A problem or a field may have one of its own (``field_invalid.text_too_long``, ``field_invalid.quantity``), and so
    may a code that comes with a value (``field_invalid.with_value``).
    """
    code, problem = refusal.code.value, str(refusal.details.get("problem", ""))
    details = {**refusal.details, "field": refusal.field, "limit": refusal.limit, "current": refusal.current}
    special = [f"{code}.{name}{problem}" for name in ("text_", "quantity_") if problem]
    special += [f"{code}.{refusal.field}", *([] if refusal.current == "" else [f"{code}.with_value"])]
    known = sentences.codes("refusals")
    chosen = next((key for key in special if key in known), code)
    return sentences.of("refusals", chosen, lang, details)


def describe_problem(
    sentences: Sentences, problem: TextProblem | QuantityProblem, field: str, lang: str, details: Details | None = None
) -> Sentence:
    """The sentence of a fault in what a person is typing into ``field``."""
    kind = "text" if isinstance(problem, TextProblem) else "quantity"
    return sentences.of("refusals", f"field_invalid.{kind}_{problem}", lang, {**(details or {}), "field": field})


def describe_fault(sentences: Sentences, code: str, details: Details, lang: str) -> Sentence:
    """The sentence of a fault of the environment, as ``StationError`` carries it."""
    return sentences.of("faults", code, lang, details)


def describe_verdict(sentences: Sentences, judgement: Judgement, lang: str) -> Sentence:
    """The sentence of a verdict on a certificate; its colour and sign are ``judgement.verdict.tone``."""
    return sentences.of("verdicts", judgement.code, lang, verdict_details(judgement))


def verdict_details(judgement: Judgement) -> dict[str, Detail]:
    """What a verdict's sentence may mention; times are UTC ms. Nothing of it is believed unless the verdict is."""
    facts, exception, station = judgement.facts, judgement.exception, judgement.station
    details: dict[str, Any] = {"number": facts.number if facts else judgement.claimed}
    details["trust_age"] = judgement.trust_age_ms
    if facts:
        details |= {"print": facts.print_no, "expires": facts.expires_ms, "issued": facts.issued_from_ms}
    if exception:
        details |= {"current_print": exception.current_print, "since": exception.since_minute * 60_000}
    if station:
        details["phone"] = station.phone
    return details


def _require_apart(known: Mapping[str, object], added: Mapping[str, object]) -> None:
    if both := known.keys() & added.keys():
        raise ValueError(f"words {sorted(both)} stand in two files")


def _require_single(numbers: Iterable[int]) -> None:
    seen: set[int] = set()
    for number in numbers:
        if number in seen:
            raise ValueError(f"YJ-{number:04d} is used twice")
        seen.add(number)


def _counted(value: Detail, nouns: str, lang: str) -> str:
    """A number with the noun that fits it; Chinese writes its own measure word."""
    one, _, many = nouns.partition("|")
    return f"{value} {one if str(value) == '1' else many}" if lang == "en" else str(value)


def _moment(value: Detail) -> str:
    """``2026-11-21 09:40`` at UTC+8; what is no moment is shown as it came."""
    try:
        return datetime.datetime.fromtimestamp(int(value) / 1000, _BEIJING).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return str(value)


def _span(value: Detail, lang: str) -> str:
    """Milliseconds in the largest unit that fits: 2 小时, 3 days."""
    try:
        length = int(value)
    except ValueError:
        return str(value)
    for size, zh, one, many in _SPANS:
        if length >= size:
            count = length // size
            return f"{count} {zh}" if lang != "en" else f"{count} {one if count == 1 else many}"
    return "less than a minute" if lang == "en" else "不到 1 分钟"
