"""Names of codes in the language in force: species, stages, places, amounts, people's posts, states.

Catalogue and areas are in memory and never change while the program runs, so a name may be asked for on any thread.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from inspector_app.clock import clock_text, legal_date
from inspector_app.domain.quantities import Quantity, Units, display, scaled_text
from inspector_app.services.device import Device
from inspector_app.services.inspecting import Measurement
from inspector_app.services.issuing_gates import quantity_of
from inspector_app.services.sampling import designated
from ui.texts import Language, either, language, text
from ui.tokens import Tone
from ui.widgets.popup_list import Option

Row = Mapping[str, Any]
TEN_THOUSAND = 10_000
ID_SHOWN = 8


class Naming:
    """Turns what a row holds into words."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self.catalogue = device.catalogue
        self.areas = device.areas

    def species(self, code: int) -> str:
        """The species' name."""
        row = self.catalogue.species(code)
        return either(row.zh, row.en) if row else f"#{code}"

    def stage(self, code: str) -> str:
        """The stage's name."""
        row = self.catalogue.stage(code)
        return either(row.zh, row.en) if row else code

    def batch(self, row: Row) -> str:
        """Species and stage of a row: 鳜 · 夏花."""
        parts = (self.species(int(row["species"] or 0)), self.stage(str(row["stage"] or "")))
        return " · ".join(part for part in parts if part)

    def quantity(self, row: Row) -> str:
        """The quantity in a row's batch columns."""
        return self.amount(quantity_of(dict(row)))

    def amount(self, quantity: Quantity) -> str:
        """A quantity with its unit."""
        if quantity.unit not in self.catalogue.units:
            return ""
        return display(readable(quantity, self.catalogue.units), self.catalogue.units, language().value)

    def area(self, code: int) -> str:
        """An area with what is above it."""
        if code not in self.areas:
            return str(code or "")
        if language() is Language.EN:
            return self.areas.full_name_en(code)
        return self.areas.full_name(code)

    def area_short(self, code: int) -> str:
        """County and prefecture, as lists show it: 扬州 高邮, in English the county alone."""
        if code not in self.areas:
            return str(code or "")
        line = self.areas.line(code)
        if language() is Language.EN:
            return line[-1].name_en
        return " ".join(_plain(area.name) for area in line[-2:])

    def place(self, area: int, place: str) -> str:
        """An area and the place in it."""
        return f"{self.area(area)} {place}".strip()

    def purpose(self, code: int) -> str:
        """A purpose."""
        row = self.catalogue.purpose(code)
        return either(row.zh, row.en) if row else ""

    def transport(self, code: int) -> str:
        """A way of transport."""
        row = self.catalogue.transport(code)
        return either(row.zh, row.en) if row else ""

    def disinfectant(self, code: int) -> str:
        """A disinfectant."""
        row = self.catalogue.disinfectant(code)
        return either(row.zh, row.en) if row else ""

    def disease(self, code: str) -> str:
        """A disease."""
        row = self.catalogue.disease(code)
        return either(row.zh, row.en) if row else code

    def laboratory(self, code: int) -> str:
        """A laboratory of the province; its number when the catalogue does not name it."""
        row = self.catalogue.laboratory(self._device.sheet.province, code)
        return either(row.zh, row.en) if row else str(code or "")

    def laboratories(self) -> list[Option]:
        """The laboratories whose reports count."""
        return [Option(row.code, either(row.zh, row.en)) for row in designated(self._device)]

    def sign(self, code: str) -> str:
        """A clinical sign."""
        row = self.catalogue.sign(code)
        return either(row.zh, row.en) if row else code

    def reading(self, reading: Measurement) -> str:
        """A measurement as people write it: 水温 21.4℃."""
        row = self.catalogue.measurement(reading.what)
        name = either(row.zh, row.en) if row else reading.what
        return f"{name} {scaled_text(reading.value, reading.scale)}{reading.unit}"

    def check(self, code: str) -> str:
        """A document or site check."""
        row = self.catalogue.check(code)
        return either(row.zh, row.en) if row else code

    def reason(self, of: str, code: str) -> str:
        """One choice of a list of reasons."""
        row = self.catalogue.reason(of, code)
        return either(row.zh, row.en) if row else code

    def explained(self, of: str, code: str, words: str) -> str:
        """A reason with the person's own words beside it; "" for no reason."""
        return "：".join(part for part in (self.reason(of, code), words) if part) if code else ""

    def noted(self, what: str, of: str, code: str) -> str:
        """Something with the reason it has behind it: a plate that is of no usual form."""
        return f"{what} · {self.reason(of, code)}" if what and code else what

    def person(self, number: int) -> str:
        """A person by number: the name in the grant; runs in the background."""
        grant = self._device.grant(number)
        return either(grant.name, grant.name_en) if grant else text("unlock.person", number=number)

    def computer(self, device: str) -> str:
        """A computer of the station by its id: 本机, its name, else its first digits; runs in the background."""
        if not device or device == self._device.id:
            return text("numbers.here") if device else ""
        row = self._device.rows.one("devices", device=device) or {}
        return str(row.get("name") or device[:ID_SHOWN])

    # --- what can be chosen -----------------------------------------------------------------------------------------

    def find_species(self, typed: str, on: str) -> list[Option]:
        """Species a few letters find; all of them, in the catalogue's order, for none."""
        found = self.catalogue.search_species(typed, on) if typed.strip() else self.catalogue.all_species(on)
        return [Option(row.code, either(row.zh, row.en), row.latin) for row in found]

    def find_area(self, typed: str, on: str, near: int) -> list[Option]:
        """Counties and cities a few letters find; for none those of the station's own prefecture."""
        if typed.strip():
            found = self.areas.search(typed, on, near)
        else:
            found = self.areas.children(near // 100 * 100, on)
        return [Option(area.code, self.area(area.code), str(area.code)) for area in found]

    def area_option(self, code: int) -> Option | None:
        """The option that stands for an area."""
        return Option(code, self.area(code), str(code)) if code in self.areas else None

    def species_option(self, code: int) -> Option | None:
        """The option that stands for a species."""
        row = self.catalogue.species(code)
        return Option(code, either(row.zh, row.en), row.latin) if row else None

    def reasons(self, of: str, on: str) -> list[Option]:
        """The choices of one list of reasons."""
        return [Option(row.code, either(row.zh, row.en)) for row in self.catalogue.reasons(of, on)]


def readable(quantity: Quantity, units: Units) -> Quantity:
    """The same amount in 万 where that leaves a whole number: 500,000 尾 is read more easily as 50 万尾."""
    unit = units[quantity.unit]
    larger = next((one for one in units.values() if one.base == unit.code and one.factor == TEN_THOUSAND), None)
    value, rest = divmod(quantity.value, TEN_THOUSAND)
    if larger is None or quantity.scale or rest or not value:
        return quantity
    return Quantity(value, 0, larger.code)


def _plain(name: str) -> str:
    return name[:-1] if len(name) > 2 and name[-1] in "省市县区" else name


DECLARATION_TONES = {
    "recorded": Tone.WARN,
    "accepted": Tone.GOOD,
    "not_accepted": Tone.BAD,
    "withdrawn": Tone.OFF,
    "online": Tone.INFO,
}
CERTIFICATE_TONES = {"issued": Tone.GOOD, "expired": Tone.OFF, "voided": Tone.BAD, "replaced": Tone.OFF}
PRINT_TONES = {
    "open": Tone.INFO,
    "submitted": Tone.WARN,
    "printed": Tone.GOOD,
    "unknown": Tone.WARN,
    "spoiled": Tone.BAD,
}


def day_words(at: int, now: int) -> str:
    """A moment to come, as people say it: 今天 08:00, 明天 08:00, 11-24 08:00."""
    if not at:
        return ""
    ahead = _days(at) - _days(now)
    if ahead in (0, 1, -1):
        return text(f"moment.day_{ahead + 1}", time=clock_text(at))
    day = legal_date(at)
    return f"{day[5:] if day[:4] == legal_date(now)[:4] else day} {clock_text(at)}"


def _days(at: int) -> int:
    return datetime.date.fromisoformat(legal_date(at)).toordinal()


def moment_words_kept(at: int) -> str:
    """When a draft was kept: 已暂存 10:32."""
    return text("form.kept", time=clock_text(at))
