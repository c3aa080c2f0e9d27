"""Administrative areas (GB/T 2260 行政区划): code, names, search; dated, so that old records stay readable.

A code is six digits: province, prefecture, county. The parent of a county is its prefecture, or the province where
there is none (municipalities, counties directly under a province). Province 99 is the practice province (练习省).
The file is ``resources/catalogue/areas.csv``; its head names source and licence.
"""

from __future__ import annotations

import csv
import enum
import re
from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

from inspector_app.domain.pinyin import Match, Reading, match_reading, parse_reading
from inspector_app.domain.reference import Confidence, UnknownCodeError, is_in_force
from inspector_app.domain.typed_text import search_key

PRACTICE_PROVINCE = 99
COLUMNS = ["code", "name", "name_en", "pinyin", "effective_from", "effective_to", "confidence"]


class Level(enum.StrEnum):
    """Province (省级), prefecture (地级), county (县级)."""

    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"


class Area(msgspec.Struct, frozen=True):
    """One area; ``parent`` is 0 for a province; ``pinyin`` one syllable per character, apart by spaces."""

    code: int
    name: str
    name_en: str
    level: Level
    parent: int
    pinyin: str
    effective_from: str
    effective_to: str
    confidence: str

    @property
    def is_practice(self) -> bool:
        """Whether the area belongs to the practice province."""
        return self.code // 10_000 == PRACTICE_PROVINCE


class Areas:
    """All areas of all times, by code; of one code the row that began last comes first."""

    def __init__(self, rows: Iterable[Area]) -> None:
        self._rows: dict[int, tuple[Area, ...]] = {}
        for row in rows:
            self._rows[row.code] = (row, *self._rows.get(row.code, ()))

    def __iter__(self) -> Iterator[Area]:
        return (row for rows in self._rows.values() for row in rows)

    def __contains__(self, code: int) -> bool:
        return code in self._rows

    def area(self, code: int, on_date: str = "") -> Area:
        """The area with this code, as it was on ``on_date`` if it then existed, otherwise its last row.

        Raises :class:`UnknownCodeError` for a code that never was.
        """
        rows = self._rows.get(code)
        if rows is None:
            raise UnknownCodeError("area", code)
        return next((row for row in rows if is_in_force(row, on_date)), rows[0])

    def is_in_force(self, code: int, on_date: str) -> bool:
        """Whether the code names an area on that day; False for an unknown code."""
        return any(is_in_force(row, on_date) for row in self._rows.get(code, ()))

    def line(self, code: int, on_date: str = "") -> tuple[Area, ...]:
        """Province, prefecture and county of the area, from the top, as far as it reaches."""
        area = self.area(code, on_date)
        above = self.line(area.parent, on_date) if area.parent else ()
        return (*above, area)

    def full_name(self, code: int, on_date: str = "") -> str:
        """As forms write it: 江苏省扬州市高邮市, 北京市东城区."""
        return "".join(area.name for area in self.line(code, on_date))

    def full_name_en(self, code: int, on_date: str = "") -> str:
        """For the English page, smallest first: ``Gaoyou, Yangzhou, Jiangsu``."""
        return ", ".join(area.name_en for area in reversed(self.line(code, on_date)))

    def children(self, code: int = 0, on_date: str = "") -> tuple[Area, ...]:
        """The areas right below ``code`` in force on that day, by code; the provinces for 0."""
        found = (row for rows in self._rows.values() for row in rows if row.parent == code)
        return tuple(sorted((row for row in found if is_in_force(row, on_date)), key=lambda row: row.code))

    def search(self, text: str, on_date: str = "", near: int = 0, limit: int = 20) -> tuple[Area, ...]:
        """Areas in force whose code, name, pinyin or initials begin with ``text``; best first.

        A name may be preceded by names above it (扬州高邮). Among equals those sharing the longest code with ``near``
        come first, then the higher level, then the code. An empty text finds nothing.
        """
        key = search_key(text)
        if not key:
            return ()
        found = [
            (rank, -_shared(area.code, near), len(area.name), area.code, area)
            for area, spelling, reading in self._readings
            if is_in_force(area, on_date) and (rank := self._rank(key, area, spelling, reading)) is not None
        ]
        return tuple(hit[-1] for hit in sorted(found, key=lambda hit: hit[:-1])[:limit])

    @cached_property
    def _readings(self) -> tuple[tuple[Area, str, Reading], ...]:
        return tuple((area, search_key(area.name_en), parse_reading(area.pinyin)) for area in self)

    def _rank(self, key: str, area: Area, spelling: str, reading: Reading) -> Match | None:
        if key.isascii():
            if key.isdigit():
                return Match.START if str(area.code).startswith(key) else None
            if key == spelling:
                return Match.EXACT
            return match_reading(key, reading)
        if area.name.startswith(key):
            return Match.EXACT if key == area.name else Match.START
        return Match.INSIDE if self._named_from_above(key, area) else None

    def _named_from_above(self, key: str, area: Area) -> bool:
        """Whether the key is a name from above and then the start of this one: 扬州高邮, 江苏省高邮市."""
        if key[-1] not in area.name:
            return False
        names = [name for above in self.line(area.code)[:-1] for name in (above.name, above.name[:-1])]
        rests = [key[len(name) :] for name in names if key.startswith(name)]
        return any(rest and (area.name.startswith(rest) or self._named_from_above(rest, area)) for rest in rests)


def parse_areas(text: str) -> Areas:
    """Read ``areas.csv``; ValueError when a row is not what the head promises."""
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    table = csv.reader(lines)
    if next(table, None) != COLUMNS:
        raise ValueError(f"areas: the columns are not {COLUMNS}")
    rows = [row for row in table if row]
    wrong = next((row for row in rows if len(row) != len(COLUMNS) or not _is_code(row[0])), None)
    if wrong is not None:
        raise ValueError(f"areas: {wrong} is not a row")
    codes = {int(row[0]) for row in rows}
    return Areas(_area(row, codes) for row in rows)


def _area(row: list[str], codes: set[int]) -> Area:
    code, name, name_en, pinyin, effective_from, effective_to, confidence = row
    number = int(code)
    dated = _DAY.fullmatch(effective_from) and (not effective_to or _DAY.fullmatch(effective_to))
    if not dated or len(pinyin.split()) != len(name) or confidence not in _CONFIDENCES:
        raise ValueError(f"areas: {row} is not a row")
    level, parent = _place(number, codes)
    return Area(number, name, name_en, level, parent, pinyin, effective_from, effective_to, confidence)


_CONFIDENCES = frozenset(Confidence)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_code(text: str) -> bool:
    return len(text) == 6 and text.isascii() and text.isdigit()


def _place(code: int, codes: set[int]) -> tuple[Level, int]:
    """Level and parent of a code."""
    province = code // 10_000 * 10_000
    prefecture = code // 100 * 100
    if code == province:
        return Level.PROVINCE, 0
    if code == prefecture:
        return Level.PREFECTURE, province
    return Level.COUNTY, prefecture if prefecture in codes else province


def _shared(code: int, near: int) -> int:
    """How many levels two codes have in common: 0–3."""
    return sum(near != 0 and code // size == near // size for size in (10_000, 100, 1))
