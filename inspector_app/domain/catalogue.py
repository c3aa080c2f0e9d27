"""The catalogue: species, stages, diseases and hosts, units, purposes, checks, reasons. Reference data, dated.

The files are ``resources/catalogue/*.toml``; :func:`parse_catalogue` is given their texts. Every record says where it
comes from and how sure it is, and since when until when it holds. A look-up with a day answers ``None`` when the code
is not in force on that day; without a day it finds the code whatever its days, because old entries name it.
"""

from __future__ import annotations

import enum
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from inspector_app.domain.pinyin import Match, Reading, match_reading, parse_reading
from inspector_app.domain.quantities import Unit
from inspector_app.domain.reference import LONG_AGO, Confidence, UnknownCodeError, in_force, is_in_force
from inspector_app.domain.typed_text import search_key


class Group(enum.StrEnum):
    """Class groups with procedures, stages and signs of their own."""

    FRESHWATER_FISH = "freshwater_fish"
    MARINE_FISH = "marine_fish"
    SHRIMP = "shrimp"
    CRAB = "crab"
    SHELLFISH = "shellfish"
    OTHER = "other"


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every record carries beside its own fields; ``zh`` and ``en`` are its name or its sentence."""

    zh: str
    en: str
    source: str
    confidence: Confidence
    effective_from: str = LONG_AGO
    effective_to: str = ""

    def name(self, lang: str = "zh") -> str:
        """Its name or sentence in Chinese or English."""
        return self.zh if lang == "zh" else self.en


class Species(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A species; ``code`` is printed inside the QR. ``pinyin`` are the readings of the name and of each alias."""

    code: int
    latin: str
    family: str
    group: Group
    aliases: tuple[str, ...] = ()
    pinyin: tuple[str, ...] = ()

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings as :mod:`~inspector_app.domain.pinyin` matches them."""
        return tuple(parse_reading(text) for text in self.pinyin)


class GroupRecord(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class group; ``unit`` is the unit its animals are counted in."""

    code: Group
    unit: int


class Stage(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stage of life (生长阶段); ``unit`` is proposed first, 0 for the unit of the group."""

    code: str
    groups: tuple[Group, ...]
    unit: int = 0


class Disease(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A quarantine object (检疫对象)."""

    code: str
    agent: str


class Host(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of the table of objects: in which hosts a disease is looked for (检疫范围)."""

    version: str
    disease: str
    scope: str
    lab_required: bool
    source: str
    confidence: Confidence
    species: tuple[int, ...] = ()
    families: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    effective_from: str = LONG_AGO
    effective_to: str = ""

    def covers(self, species: Species) -> bool:
        """Whether the species is one of the hosts."""
        return species.code in self.species or species.family in self.families or species.group in self.groups


class UnitRecord(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A unit with its source; :attr:`unit` is what quantities use."""

    code: int
    dimension: str
    base: int
    factor: int
    aliases: tuple[str, ...] = ()


class Term(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A purpose (用途), a way of transport (运载方式) or a disinfectant (消毒药); ``key`` names a form's tick box."""

    code: int
    key: str = ""


class Reason(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One choice of a list of reasons; ``needs_note``: the person's own words are demanded beside it."""

    list: str
    code: str
    needs_note: bool = False


class Check(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document or site check; ``required``: the inspection cannot pass while it is not satisfied."""

    list: str
    code: str
    required: bool


class Sign(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A clinical sign (临床症状) and the diseases it points to."""

    code: str
    groups: tuple[Group, ...]
    diseases: tuple[str, ...] = ()


class Measure(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A measurement of the water; ``low`` and ``high`` bound what can be true, in 10^-``scale`` of ``unit``."""

    code: str
    unit: str
    scale: int
    low: int
    high: int


class Laboratory(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A laboratory (检测机构) a province designated; ``province`` are the first two digits of its numbers."""

    code: int
    province: str


class Shape(enum.StrEnum):
    """How a kind of stock is booked: by its numbers, by count, or each single thing by its own sheet."""

    NUMBERED = "numbered"
    COUNTED = "counted"
    SINGLE = "single"


class StockKind(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of certificates, seals and marks (证章标志品类); ``measure`` is its unit of count, prices are in fen."""

    code: str
    shape: Shape
    measure: str
    unit_price_fen: int = 0


SHAPES: Mapping[str, type[msgspec.Struct]] = {
    "species": Species,
    "group": GroupRecord,
    "stage": Stage,
    "disease": Disease,
    "host": Host,
    "unit": UnitRecord,
    "purpose": Term,
    "transport": Term,
    "disinfectant": Term,
    "reason": Reason,
    "check": Check,
    "sign": Sign,
    "measurement": Measure,
    "laboratory": Laboratory,
    "stock_kind": StockKind,
}

RecordT = TypeVar("RecordT", bound=Record)


class Catalogue:
    """One version of the catalogue. Make it with :func:`parse_catalogue`."""

    def __init__(self, version: str, tables: Mapping[str, Sequence[Any]]) -> None:
        self.version = version
        self._tables = tables
        self.units: Mapping[int, Unit] = MappingProxyType({row.code: _unit(row) for row in tables["unit"]})
        self._species: dict[int, Species] = {row.code: row for row in tables["species"]}
        self._readings = {row.code: row.readings for row in tables["species"]}

    # species and stages

    def species(self, code: int, on_date: str = "") -> Species | None:
        """The species with this code."""
        row = self._species.get(code)
        return row if row is not None and (not on_date or is_in_force(row, on_date)) else None

    def known_species(self, code: int) -> Species:
        """The species with this code, whatever its days; :class:`UnknownCodeError` if there never was one."""
        row = self._species.get(code)
        if row is None:
            raise UnknownCodeError("species", code)
        return row

    def all_species(self, on_date: str) -> tuple[Species, ...]:
        """Every species in force, by code."""
        return in_force(self._species.values(), on_date)

    def search_species(self, text: str, on_date: str = "", limit: int = 20) -> tuple[Species, ...]:
        """Species whose name, alias, pinyin, initials, Latin or English name or code begin with ``text``; best first.

        All readings of a polyphonic character match; an empty text finds nothing.
        """
        key = search_key(text)
        if not key:
            return ()
        found = [
            (rank, row.code, row)
            for row in self._species.values()
            if is_in_force(row, on_date) and (rank := self._rank(key, row)) is not None
        ]
        return tuple(row for _, _, row in sorted(found, key=lambda hit: hit[:2])[:limit])

    def _rank(self, key: str, row: Species) -> tuple[Match, int] | None:
        """How well the key finds the species, and how long the name is that it began; pinyin goes before Latin."""
        if key.isdigit():
            return (Match.START, 0) if str(row.code).startswith(key) else None
        names = [search_key(name) for name in (row.zh, *row.aliases, row.en, row.latin)]
        if key in names:
            return Match.EXACT, 0
        readings = self._readings[row.code] if key.isascii() else ()
        ranks = [(rank, len(reading)) for reading in readings if (rank := match_reading(key, reading)) is not None]
        begun = Match.MIXED if key.isascii() else Match.START
        ranks += [(begun, len(name)) for name in names if name.startswith(key)]
        ranks += [(Match.INSIDE, len(name)) for name in names if key in name]
        return min(ranks, default=None)

    def stages_for(self, species: int, on_date: str) -> tuple[Stage, ...]:
        """The stages in which the species is traded; empty for an unknown species."""
        row = self._species.get(species)
        return tuple(s for s in in_force(self._tables["stage"], on_date) if row is not None and row.group in s.groups)

    def stage(self, code: str, on_date: str = "") -> Stage | None:
        """The stage with this code."""
        return self._find("stage", Stage, code, on_date)

    def unit_for(self, species: int, stage: str) -> int:
        """The unit a form proposes for a species at a stage."""
        row, found = self.known_species(species), self.stage(stage)
        if found is not None and found.unit:
            return found.unit
        return next(int(group.unit) for group in self._tables["group"] if group.code == row.group)

    def unit(self, code: int) -> Unit | None:
        """The unit with this code."""
        return self.units.get(code)

    # diseases

    def diseases_for(self, species: int, on_date: str) -> tuple[Host, ...]:
        """The rows of the table of objects that cover the species on that day."""
        row = self._species.get(species)
        return tuple(h for h in in_force(self._tables["host"], on_date) if row is not None and h.covers(row))

    def disease(self, code: str, on_date: str = "") -> Disease | None:
        """The disease with this code."""
        return self._find("disease", Disease, code, on_date)

    def signs_for(self, species: int, on_date: str) -> tuple[Sign, ...]:
        """The clinical signs to look for in the species' group."""
        row = self._species.get(species)
        return tuple(s for s in in_force(self._tables["sign"], on_date) if row is not None and row.group in s.groups)

    def sign(self, code: str) -> Sign | None:
        """The clinical sign with this code."""
        return self._find("sign", Sign, code, "")

    # short lists

    def purposes(self, on_date: str) -> tuple[Term, ...]:
        """Purposes in force."""
        return in_force(self._tables["purpose"], on_date)

    def purpose(self, code: int, on_date: str = "") -> Term | None:
        """The purpose with this code."""
        return self._find("purpose", Term, code, on_date)

    def transports(self, on_date: str) -> tuple[Term, ...]:
        """Ways of transport in force."""
        return in_force(self._tables["transport"], on_date)

    def transport(self, code: int, on_date: str = "") -> Term | None:
        """The way of transport with this code."""
        return self._find("transport", Term, code, on_date)

    def disinfectants(self, on_date: str) -> tuple[Term, ...]:
        """Disinfectants in force."""
        return in_force(self._tables["disinfectant"], on_date)

    def disinfectant(self, code: int, on_date: str = "") -> Term | None:
        """The disinfectant with this code."""
        return self._find("disinfectant", Term, code, on_date)

    def reasons(self, name: str, on_date: str) -> tuple[Reason, ...]:
        """The choices of one list (``not_accepted``, ``void``, ``spare_print`` …) in force, in their order."""
        return in_force((row for row in self._tables["reason"] if row.list == name), on_date)

    def reason(self, name: str, code: str, on_date: str = "") -> Reason | None:
        """One choice of a list."""
        rows = (row for row in self._tables["reason"] if row.list == name)
        return _pick(rows, Reason, code, on_date)

    def checks(self, name: str, on_date: str) -> tuple[Check, ...]:
        """The checks of one list: ``documents``, ``wild``, ``must_inspect``, ``departure``."""
        return in_force((row for row in self._tables["check"] if row.list == name), on_date)

    def check(self, code: str) -> Check | None:
        """The check with this code."""
        return self._find("check", Check, code, "")

    def measurements(self, on_date: str) -> tuple[Measure, ...]:
        """The measurements a form offers."""
        return in_force(self._tables["measurement"], on_date)

    def measurement(self, code: str) -> Measure | None:
        """The measurement with this code."""
        return self._find("measurement", Measure, code, "")

    def laboratories(self, province: str, on_date: str) -> tuple[Laboratory, ...]:
        """The laboratories a province designated, in force on that day."""
        return in_force((row for row in self._tables["laboratory"] if row.province == province), on_date)

    def laboratory(self, province: str, code: int, on_date: str = "") -> Laboratory | None:
        """A province's laboratory with this number."""
        rows = (row for row in self._tables["laboratory"] if row.province == province)
        return _pick(rows, Laboratory, code, on_date)

    def stock_kinds(self, on_date: str) -> tuple[StockKind, ...]:
        """The kinds of certificates, seals and marks in force, in their order."""
        return in_force(self._tables["stock_kind"], on_date)

    def stock_kind(self, code: str, on_date: str = "") -> StockKind | None:
        """The kind of stock with this code."""
        return self._find("stock_kind", StockKind, code, on_date)

    def records(self, name: str) -> tuple[Any, ...]:
        """All records of a table, those that ended included; :class:`UnknownCodeError` for another name."""
        if name not in SHAPES:
            raise UnknownCodeError("catalogue", name)
        return tuple(self._tables[name])

    def _find(self, name: str, shape: type[RecordT], code: int | str, on_date: str) -> RecordT | None:
        return _pick(self._tables[name], shape, code, on_date)


class CatalogueError(ValueError):
    """The catalogue's files contradict themselves or have a wrong shape; it is not used at all."""


def parse_catalogue(toml_texts: Iterable[str]) -> Catalogue:
    """Read the catalogue's files; :class:`CatalogueError` when one is malformed or a code points to nothing.

    One text has ``version`` at its top; the others have ``[data]`` with lists of records and ``[defaults]`` with what
    records need not repeat. The policy is not a catalogue file.
    """
    version = ""
    tables: dict[str, list[Any]] = {name: [] for name in SHAPES}
    for text in toml_texts:
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise CatalogueError(str(error)) from error
        if not document.keys() <= {"version", "issued_on", "defaults", "data"}:
            raise CatalogueError(f"unknown tables: {sorted(document)}")
        version = str(document.get("version", version))
        for name, rows in document.get("data", {}).items():
            tables.setdefault(name, []).extend(_records(name, rows, document.get("defaults", {})))
    if not version:
        raise CatalogueError("no file states the version")
    _check_links(tables)
    return Catalogue(version, tables)


def _records(name: str, rows: Sequence[Mapping[str, Any]], defaults: Mapping[str, Any]) -> list[Any]:
    shape = SHAPES.get(name)
    if shape is None:
        raise CatalogueError(f"there is no table {name}")
    try:
        return [msgspec.convert({**defaults, **row}, shape) for row in rows]
    except msgspec.ValidationError as error:
        raise CatalogueError(f"{name}: {error}") from error


def _check_links(tables: Mapping[str, Sequence[Any]]) -> None:
    """Every code is unique in its table and whatever it points to exists."""
    for name, rows in tables.items():
        keys = [_key(name, row) for row in rows]
        doubled = {key for key in keys if keys.count(key) > 1}
        if doubled:
            raise CatalogueError(f"{name}: {sorted(map(str, doubled))} stand twice")
    codes = {name: {getattr(row, "code", None) for row in tables[name]} for name in SHAPES}
    links = [("disease", host.disease) for host in tables["host"]]
    links += [("species", code) for host in tables["host"] for code in host.species]
    links += [("disease", code) for sign in tables["sign"] for code in sign.diseases]
    links += [("unit", row.base) for row in tables["unit"]]
    links += [("unit", row.unit) for row in (*tables["stage"], *tables["group"]) if row.unit]
    dangling = [f"{name} {code}" for name, code in links if code not in codes[name]]
    if dangling:
        raise CatalogueError(f"these codes point to nothing: {dangling}")


def _key(name: str, row: Any) -> tuple[Any, ...]:
    if name == "host":
        return (row.version, row.disease)
    return (getattr(row, "list", ""), getattr(row, "province", ""), row.code)


def _pick(rows: Iterable[Any], shape: type[RecordT], code: int | str, on_date: str) -> RecordT | None:
    for row in rows:
        if row.code == code and (not on_date or is_in_force(row, on_date)):
            assert isinstance(row, shape)
            return row
    return None


def _unit(row: UnitRecord) -> Unit:
    return msgspec.convert(
        {name: getattr(row, name) for name in ("code", "zh", "en", "dimension", "base", "factor", "aliases")}, Unit
    )
