"""Quantities (数量及单位): an integer, a decimal scale and a unit code; never a float, never a Decimal.

A unit belongs to a *base* unit (尾, 只, 粒 …, 克) by an integer factor. Only quantities of one base can be compared or
summed: a count is never mixed with a weight, nor 尾 with 只 (statistics keep native totals, DOMAIN 6.2). Mixing
raises :class:`UnitsDifferError`; a gate that meets it answers with the refusal ``units_differ``. Text typed by a person
is read by :func:`parse_quantity`, whose :class:`QuantityError` carries the code of the sentence to show.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable, Mapping

import msgspec

from inspector_app.domain.numerals import capital_decimal, chinese_digits_date, small_chinese_numeral, tens

__all__ = [
    "LARGEST", "Dimension", "Quantity", "QuantityError", "QuantityProblem", "Unit", "UnitsDifferError", "base_value",
    "capital_numerals", "capital_text", "chinese_digits_date", "compare", "digits", "display", "normalised",
    "parse_quantity", "plain", "remaining", "scaled_text", "small_chinese_numeral", "total",
]  # fmt: skip

LARGEST = 2**53 - 1
"""The largest integer every reader of an entry holds exactly."""

SCALE_MAX = 6
TYPED_MAX = 40
_TYPED = re.compile(r"(?P<digits>[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<decimals>[0-9]+))?(?P<rest>[^0-9,.].*)?")
_MULTIPLES = {"万": 10_000, "亿": 100_000_000}


class Dimension(enum.StrEnum):
    """What a unit measures; a sum never crosses from one to the other."""

    COUNT = "count"
    WEIGHT = "weight"


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit of the catalogue: ``factor`` of the unit ``base`` (itself with factor 1) make one of this."""

    code: int
    zh: str
    en: str
    dimension: Dimension
    base: int
    factor: int
    aliases: tuple[str, ...] = ()

    @property
    def is_multiple(self) -> bool:
        """Whether the name already counts by 万 or 亿 (万尾, 亿粒)."""
        return self.zh[0] in _MULTIPLES


Units = Mapping[int, Unit]


class Quantity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``value`` × 10^-``scale`` of the unit with code ``unit``; 1.5 万尾 is ``Quantity(15, 1, code of 万尾)``."""

    value: int
    scale: int
    unit: int

    def __post_init__(self) -> None:
        if not 0 <= self.value <= LARGEST:
            raise ValueError(f"quantity {self.value} is out of range")
        if not 0 <= self.scale <= SCALE_MAX:
            raise ValueError(f"scale {self.scale} is out of range")


class UnitsDifferError(ValueError):
    """Two quantities of different base units were to be compared or summed; ``units`` are their codes."""

    def __init__(self, *units: int) -> None:
        super().__init__(f"units {units} cannot be mixed")
        self.units = units


class QuantityProblem(enum.StrEnum):
    """What is wrong with a typed quantity; each has a sentence ``quantity_<code>``."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    NOT_POSITIVE = "not_positive"
    TOO_LARGE = "too_large"
    TOO_PRECISE = "too_precise"
    NOT_WHOLE = "not_whole"
    UNIT_UNKNOWN = "unit_unknown"


class QuantityError(ValueError):
    """A quantity that cannot be used; ``problem`` says why, ``text`` is what was given."""

    def __init__(self, problem: QuantityProblem, text: str) -> None:
        super().__init__(f"{problem}: {text!r}")
        self.problem = problem
        self.text = text


def unit_of(quantity: Quantity, units: Units) -> Unit:
    """The quantity's unit; :class:`QuantityError` when the catalogue does not know its code."""
    try:
        return units[quantity.unit]
    except KeyError:
        raise QuantityError(QuantityProblem.UNIT_UNKNOWN, str(quantity.unit)) from None


def base_value(quantity: Quantity, units: Units) -> int:
    """The whole number of base units; :class:`QuantityError` when it is not whole (half a fish) or beyond 2^53."""
    whole, part = divmod(quantity.value * unit_of(quantity, units).factor, tens(quantity.scale))
    if part:
        raise QuantityError(QuantityProblem.NOT_WHOLE, digits(quantity))
    if whole > LARGEST:
        raise QuantityError(QuantityProblem.TOO_LARGE, digits(quantity))
    return whole


def compare(left: Quantity, right: Quantity, units: Units) -> int:
    """-1, 0 or 1 as ``left`` is less, equal or more; :class:`UnitsDifferError` for different base units."""
    _one_base((left, right), units)
    ours, theirs = base_value(left, units), base_value(right, units)
    return (ours > theirs) - (ours < theirs)


def total(quantities: Iterable[Quantity], units: Units, unit: int) -> Quantity:
    """Their sum in the base unit of ``unit`` (0 for none); :class:`UnitsDifferError` if any has another base."""
    parts = [*quantities]
    base = unit_of(Quantity(0, 0, unit), units).base
    _one_base((Quantity(0, 0, base), *parts), units)
    summed = sum(base_value(part, units) for part in parts)
    if summed > LARGEST:
        raise QuantityError(QuantityProblem.TOO_LARGE, str(summed))
    return Quantity(summed, 0, base)


def remaining(whole: Quantity, parts: Iterable[Quantity], units: Units) -> Quantity:
    """What is left of ``whole`` in its own unit, never below 0; :class:`UnitsDifferError` as in :func:`total`.

    What its unit cannot say with six decimals (one fish of 1 亿尾) is given in the base unit.
    """
    left = max(base_value(whole, units) - total(parts, units, whole.unit).value, 0)
    unit = unit_of(whole, units)
    for scale in range(SCALE_MAX + 1):
        value, rest = divmod(left * tens(scale), unit.factor)
        if not rest:
            return Quantity(value, scale, unit.code)
    return Quantity(left, 0, unit.base)


def plain(quantity: Quantity, units: Units) -> Quantity:
    """The same amount without 万 and 亿: 1.5 万尾 → 15,000 尾; a weight stays as it is."""
    unit = unit_of(quantity, units)
    return Quantity(base_value(quantity, units), 0, unit.base) if unit.is_multiple else quantity


def normalised(quantity: Quantity) -> Quantity:
    """The same amount without zeros at the end of its decimals: 1.50 → 1.5."""
    value, scale = quantity.value, quantity.scale
    while scale and value % 10 == 0:
        value, scale = value // 10, scale - 1
    return Quantity(value, scale, quantity.unit)


def capital_numerals(quantity: Quantity, unit_name: str) -> str:
    """Capital numerals and unit written together (DOMAIN 1.8): 100 羽 → 壹佰羽, 1.5 万尾 → 壹点伍万尾."""
    return capital_decimal(quantity.value, quantity.scale) + unit_name


def capital_text(quantity: Quantity, units: Units) -> str:
    """What a form prints: as :func:`capital_numerals`, but 12000 万尾 is 壹亿贰仟万尾, not 壹万贰仟万尾."""
    unit = unit_of(quantity, units)
    if unit.is_multiple and quantity.value >= _MULTIPLES["万"] * tens(quantity.scale):
        base = units[unit.base]
        return capital_numerals(Quantity(base_value(quantity, units), 0, base.code), base.zh)
    return capital_numerals(quantity, unit.zh)


def display(quantity: Quantity, units: Units, lang: str = "zh") -> str:
    """For screens: 1,200,000尾; in English always in the base unit, ``1,200,000 fish``."""
    if lang == "zh":
        return digits(quantity) + unit_of(quantity, units).zh
    shown = plain(quantity, units)
    return f"{digits(shown)} {unit_of(shown, units).en}"


def parse_quantity(text: str, units: Units, default_unit: int) -> Quantity:
    """Read a typed quantity: ``120万尾``, ``1.5万``, ``1,200,000``, full-width digits (NFKC).

    A unit in the text wins over ``default_unit``; a bare 万 or 亿 multiplies the default unit. The result is positive,
    whole in its base unit and :func:`normalised`; otherwise :class:`QuantityError`.
    """
    typed = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if not typed:
        raise QuantityError(QuantityProblem.EMPTY, text)
    if len(typed) > TYPED_MAX:
        raise QuantityError(QuantityProblem.TOO_LARGE, text)
    match = _TYPED.fullmatch(typed)
    if match is None:
        raise QuantityError(QuantityProblem.NOT_A_NUMBER, text)
    factor, unit = _read_unit(match["rest"] or "", units, default_unit)
    decimals = (match["decimals"] or "").rstrip("0")
    value = int(match["digits"].replace(",", "") + decimals) * factor
    return _checked(value, len(decimals), unit, units, text)


def _checked(value: int, scale: int, unit: int, units: Units, text: str) -> Quantity:
    """The quantity of a typed number, or why it cannot be one."""
    while scale and value % 10 == 0:
        value, scale = value // 10, scale - 1
    if value == 0:
        raise QuantityError(QuantityProblem.NOT_POSITIVE, text)
    if value > LARGEST:
        raise QuantityError(QuantityProblem.TOO_LARGE, text)
    if scale > SCALE_MAX:
        raise QuantityError(QuantityProblem.TOO_PRECISE, text)
    quantity = Quantity(value, scale, unit)
    base_value(quantity, units)
    return quantity


def _read_unit(rest: str, units: Units, default_unit: int) -> tuple[int, int]:
    """What follows the digits: (factor, unit code)."""
    named = {name: unit.code for unit in units.values() for name in (unit.zh, *unit.aliases)}
    if rest in named:
        return 1, named[rest]
    factor = _MULTIPLES.get(rest[:1], 1)
    bare = rest[1:] if factor > 1 else rest
    if bare and bare not in named:
        raise QuantityError(QuantityProblem.UNIT_UNKNOWN, rest)
    unit = units[named[bare] if bare else default_unit]
    joined = rest[:1] + unit.zh
    return (1, named[joined]) if factor > 1 and joined in named else (factor, unit.code)


def _one_base(quantities: Iterable[Quantity], units: Units) -> None:
    found = [unit_of(quantity, units) for quantity in quantities]
    if len({unit.base for unit in found}) > 1:
        raise UnitsDifferError(*(unit.code for unit in found))


def scaled_text(value: int, scale: int) -> str:
    """``value`` × 10^-``scale`` in digits, also below zero: (-5, 1) is -0.5."""
    whole, part = divmod(abs(value), tens(scale))
    return ("-" if value < 0 else "") + str(whole) + (f".{part:0{scale}d}" if scale else "")


def digits(quantity: Quantity) -> str:
    """The number in digits with thousands separators, decimals as they are."""
    whole, part = divmod(quantity.value, tens(quantity.scale))
    return f"{whole:,}" + (f".{part:0{quantity.scale}d}" if quantity.scale else "")
