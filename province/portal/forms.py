"""The declaration form (检疫申报单) a producer fills in, checked by the rules the station would check it by."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from typing import Any

from django import forms

from inspector_app.clock import MS_PER_DAY, MS_PER_MINUTE, day_start, legal_date
from inspector_app.domain.areas import Area, Level
from inspector_app.domain.quantities import Quantity, QuantityError, base_value, parse_quantity
from inspector_app.domain.typed_text import TextError, TextProblem, check_phone, clean_optional, normalise_phone
from province import provinces, reference
from province.portal.declaring import Declared
from province.registry.models import Station
from province.texts import Language, word

DAYS_AHEAD = 60
TEXT_LIMIT, REMARKS_LIMIT = 80, 200
_TEXTS = ("owner", "owner_address", "permit", "origin_place", "pond", "destination_place", "consignee")
_OPTIONAL = ("owner_address", "permit", "pond", "consignee", "remarks")
PARTS = {
    "part_declarant": ("station", "owner", "owner_phone", "owner_address", "permit"),
    "part_batch": ("species", "stage", "amount", "unit", "purpose", "wild"),
    "part_trip": (
        *("origin", "origin_place", "pond", "destination", "destination_place", "consignee"),
        *("departs_on", "departs_time", "remarks"),
    ),
}
Choices = list[Any]


class DeclarationPage(forms.Form):
    """One declaration. Area fields take a name or a code; what fits several is offered as a choice."""

    station = forms.TypedChoiceField(coerce=int)
    owner = forms.CharField()
    owner_phone = forms.CharField(widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}))
    owner_address = forms.CharField(required=False)
    permit = forms.CharField(required=False)
    species = forms.TypedChoiceField(coerce=int)
    stage = forms.ChoiceField()
    amount = forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    unit = forms.TypedChoiceField(coerce=int)
    purpose = forms.TypedChoiceField(coerce=int)
    wild = forms.BooleanField(required=False)
    origin = forms.CharField()
    origin_place = forms.CharField()
    pond = forms.CharField(required=False)
    destination = forms.CharField()
    destination_place = forms.CharField()
    consignee = forms.CharField(required=False)
    departs_on = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    departs_time = forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    remarks = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, using: str, language: Language, data: Any = None) -> None:
        super().__init__(data, auto_id="%s", use_required_attribute=False)
        self._using, self._language = using, language
        self._now = provinces.of(using).clock.now().at
        self.today = legal_date(self._now)
        self.near: dict[str, list[Area]] = {}
        for name, field in self.fields.items():
            field.label = word("portal", name, language)
            field.error_messages["required"] = self._say("required")
            field.error_messages["invalid_choice"] = self._say("required")
        self._offer_choices()

    def _say(self, name: str, **values: str | int) -> str:
        return word("portal", name, self._language, **values)

    def _offer_choices(self) -> None:
        catalogue, on = reference.catalogue(), self.today
        stations = Station.objects.using(self._using).order_by("number")
        zh = self._language == "zh"
        offered: dict[str, Choices] = {
            "station": [(row.number, row.name if zh else row.name_en or row.name) for row in stations],
            "species": [(row.code, row.name(self._language)) for row in catalogue.all_species(on)],
            "stage": [(row.code, row.name(self._language)) for row in _stages(on)],
            "unit": [(code, unit.zh if zh else unit.en) for code, unit in catalogue.units.items()],
            "purpose": [(row.code, row.name(self._language)) for row in catalogue.purposes(on)],
        }
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # declared so above
            field.choices = [("", self._say("choose")), *choices]

    def clean_owner_phone(self) -> str:
        """A telephone number as recorded."""
        text = str(self.cleaned_data["owner_phone"])
        fault = check_phone(text)
        if fault is not None and not fault.soft:
            raise forms.ValidationError(self._say("phone_wrong"))
        phone = normalise_phone(text)
        if not 5 <= sum(char.isdigit() for char in phone) <= 20:
            raise forms.ValidationError(self._say("phone_wrong"))
        return phone

    def clean_origin(self) -> int:
        """The county of origin."""
        return self._county("origin")

    def clean_destination(self) -> int:
        """The county of destination."""
        return self._county("destination")

    def _county(self, name: str) -> int:
        typed = str(self.cleaned_data[name])
        areas = reference.areas()
        found = [area for area in areas.search(typed, self.today) if area.level is Level.COUNTY]
        exact = [area for area in found if typed.strip() in (area.name, str(area.code), areas.full_name(area.code))]
        chosen = exact if len(exact) == 1 else found
        if len(chosen) == 1:
            return chosen[0].code
        self.near[name] = chosen
        raise forms.ValidationError(self._say("area_wrong"))

    def clean(self) -> dict[str, Any]:
        """What fields say together: texts, quantity, stage of the species, departure."""
        cleaned = super().clean() or self.cleaned_data
        for name, limit in {**dict.fromkeys(_TEXTS, TEXT_LIMIT), "remarks": REMARKS_LIMIT}.items():
            self._check(name, functools.partial(self._text, cleaned, name, limit))
        self._check("amount", lambda: self._quantity(cleaned))
        self._check("stage", lambda: self._stage(cleaned))
        self._check("departs_on", lambda: self._departure(cleaned))
        return cleaned

    def _check(self, name: str, check: Callable[[], str]) -> None:
        """Add what is wrong to the field, unless the field itself was already wrong."""
        if name not in self.errors and (problem := check()):
            self.add_error(name, problem)

    def _text(self, cleaned: dict[str, Any], name: str, limit: int) -> str:
        try:
            cleaned[name] = clean_optional(str(cleaned.get(name) or ""), limit)
        except TextError as problem:
            too_long = problem.fault.problem is TextProblem.TOO_LONG
            return self._say("too_long", limit=limit) if too_long else self._say("text_wrong")
        return "" if cleaned[name] or name in _OPTIONAL else self._say("required")

    def _quantity(self, cleaned: dict[str, Any]) -> str:
        if not cleaned.get("unit"):
            return ""
        try:
            units = reference.units()
            quantity: Quantity = parse_quantity(str(cleaned["amount"]), units, cleaned["unit"])
            base_value(quantity, units)
        except QuantityError:
            return self._say("amount_wrong")
        cleaned["quantity"] = quantity
        return ""

    def _stage(self, cleaned: dict[str, Any]) -> str:
        if not cleaned.get("species"):
            return ""
        stages = {row.code for row in reference.catalogue().stages_for(cleaned["species"], self.today)}
        return "" if cleaned["stage"] in stages else self._say("stage_wrong")

    def _departure(self, cleaned: dict[str, Any]) -> str:
        day, time = cleaned.get("departs_on"), cleaned.get("departs_time")
        if not isinstance(day, datetime.date) or not isinstance(time, datetime.time):
            return ""
        departs_at = day_start(day.isoformat()) + (time.hour * 60 + time.minute) * MS_PER_MINUTE
        if departs_at <= self._now:
            return self._say("departs_past")
        if departs_at > self._now + DAYS_AHEAD * MS_PER_DAY:
            return self._say("departs_far")
        cleaned["departs_at"] = departs_at
        return ""

    def declared(self) -> Declared:
        """The declaration of a valid form."""
        names = Declared.__struct_fields__
        return Declared(**{name: self.cleaned_data[name] for name in names})


def _stages(on_date: str) -> list[Any]:
    found: dict[str, Any] = {}
    catalogue = reference.catalogue()
    for species in catalogue.all_species(on_date):
        found |= {row.code: row for row in catalogue.stages_for(species.code, on_date)}
    return list(found.values())
