"""Lists as people read them: which columns each has, its words in the chosen language, aligned on a terminal."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import msgspec

from inspector_app.commands.output import Output
from inspector_app.domain.filling import batch_text
from inspector_app.domain.reference import UnknownCodeError
from inspector_app.domain.sentences import MISSING
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.issuing_gates import quantity_of

BEIJING = datetime.timezone(datetime.timedelta(hours=8))
GAP = "  "
ID_SHOWN = 8


class Reader(NamedTuple):
    """For whom a row is spelled out: with which catalogue, and in which language."""

    device: Device
    output: Output

    def word(self, table: str, value: object) -> str:
        """The name of a code."""
        return self.output.sentences.word(table, str(value), self.output.lang) if value not in (None, "") else MISSING


Show = Callable[[Row, Reader], str]


class Column(NamedTuple):
    """One column: the key of its heading and what stands in it."""

    heading: str
    show: Show


def _plain(name: str, heading: str = "") -> Column:
    return Column(heading or name, lambda row, reader: _text(row[name]))


def _text(value: object) -> str:
    return MISSING if value in (None, "") else " ".join(str(value).split())


def _named(name: str, table: str, heading: str = "") -> Column:
    return Column(heading or name, lambda row, reader: reader.word(table, row[name]))


def _all_named(name: str, table: str) -> Column:
    def show(row: Row, reader: Reader) -> str:
        codes = msgspec.json.decode(str(row[name] or "[]"), type=list[str])
        return ", ".join(reader.word(table, code) for code in codes) or MISSING

    return Column(name, show)


def _moment(name: str) -> Column:
    return Column("time", lambda row, reader: moment(row[name]))


def moment(at: object) -> str:
    """A UTC millisecond as ``2026-11-21 09:40`` at UTC+8."""
    if not isinstance(at, int) or at <= 0:
        return MISSING
    return datetime.datetime.fromtimestamp(at / 1000, BEIJING).strftime("%Y-%m-%d %H:%M")


def _batch(row: Row, reader: Reader) -> str:
    species, stage = int(row["species"] or 0), str(row["stage"])
    try:
        return batch_text(reader.device.catalogue, species, stage, quantity_of(row), reader.output.lang)
    except UnknownCodeError:
        return f"{species} {stage}"  # of a catalogue newer than this program


def _area(code: object, reader: Reader) -> str:
    try:
        found = reader.device.areas.area(int(str(code)))
    except (UnknownCodeError, ValueError):
        return _text(code)
    return found.name_en if reader.output.lang == "en" else found.name


def _route(row: Row, reader: Reader) -> str:
    return f"{_area(row['origin'], reader)} → {_area(row['destination'], reader)}"


def _said(row: Row, reader: Reader) -> str:
    output = reader.output
    return output.sentences.headline("judgements", str(row["code"]), output.lang) if row["code"] else MISSING


JUDGED = Column("code", _said)
AREA = Column("area", lambda row, reader: _area(row["area"], reader))
BATCH, ROUTE = Column("batch", _batch), Column("route", _route)
DEVICE = Column("device", lambda row, reader: str(row["device"])[:ID_SHOWN])
STATE, OWNER, REF = _named("state", "state"), _plain("owner_name", "owner"), _plain("ref")
NUMBER, PRINT = _plain("number"), _plain("print")

COLUMNS: dict[str, tuple[Column, ...]] = {
    "certificates": (NUMBER, STATE, BATCH, ROUTE, OWNER, _plain("plate"), _moment("issued_at")),
    "declarations": (REF, STATE, BATCH, ROUTE, OWNER, _moment("recorded_at")),
    "notices": (NUMBER, BATCH, OWNER, _named("method", "reason"), _moment("issued_at")),
    "online_declarations": (_plain("online"), BATCH, ROUTE, OWNER, _moment("declared_at")),
    "inspections": (REF, _named("conclusion", "state", "state"), BATCH, _plain("place"), _moment("ended_at")),
    "samples": (
        *(REF, _plain("code", "sample"), _all_named("diseases", "disease"), _plain("individuals")),
        *(_plain("sent_on"), _moment("taken_at")),
    ),
    "results": (REF, _plain("sample"), _plain("laboratory"), _plain("report_no"), _plain("reported_on")),
    "prints": (NUMBER, PRINT, STATE, _named("reason", "reason"), _moment("released_at")),
    "attempts": (NUMBER, PRINT, _plain("printer"), _named("outcome", "state"), _moment("submitted_at")),
    "sheets": (NUMBER, PRINT, _plain("sheet"), STATE, DEVICE, _moment("at")),
    "verdicts": (
        *(DEVICE, _plain("seq"), _named("followed", "yes_no"), _named("holds", "yes_no")),
        *(JUDGED, _plain("due_on"), _moment("given_at")),
    ),
    "parties": (REF, _named("role", "field"), _plain("name"), AREA),
}
"""Telephones are in no list people read on a terminal: whoever looks over a shoulder would read them too."""


def lines(table: str, rows: Sequence[Row], reader: Reader) -> list[str]:
    """The heading and a line per row, columns under each other."""
    columns = COLUMNS[table]
    heading = [reader.word("column", column.heading) for column in columns]
    return aligned([heading, *([column.show(row, reader) for column in columns] for row in rows)])


def aligned(cells: Sequence[Sequence[str]]) -> list[str]:
    """Lines of cells, each column as wide as its widest cell on a terminal."""
    widths = [max(map(width_of, column)) for column in zip(*cells, strict=True)]
    return [_line(line, widths) for line in cells]


def _line(cells: Iterable[str], widths: Iterable[int]) -> str:
    padded = (cell + " " * (width - width_of(cell)) for cell, width in zip(cells, widths, strict=True))
    return GAP.join(padded).rstrip()


def width_of(text: str) -> int:
    """How many places a terminal gives a text: two for a Chinese character, none for a mark upon another."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
