"""What is typed to change a register: an organisation, a store and its keeper, a seal, a licence's file.

The second person of the first three may sign in on the same form, and otherwise agrees later.
"""

from __future__ import annotations

from typing import Any

from django import forms

from inspector_app.domain.organisations import Line, LocationSheet, OrganisationSheet, Tier
from inspector_app.domain.register_changes import OrganisationAsked, SealAsked, StoreAsked
from inspector_app.domain.seals import SealSheet
from inspector_app.journal.projections import Row
from province import reference
from province.databases import DEFAULT
from province.desk.forms import ActForm, Together, WholeNumber, choice, day, photograph, picture_digest
from province.desk.forms import line as one_line
from province.desk.stock_forms import offer_reasons, offer_stores, store_of
from province.desk.visitor import Visitor
from province.registry.models import Person, Station

POSTS = ("head", "deputy", "legal")
KIND_FIELD = "kind_"


def offer_people(form: ActForm, visitor: Visitor, *fields: str, none: str = "choose") -> None:
    """Everybody of the roster."""
    numbers = Person.objects.using(DEFAULT).order_by("number").values_list("number", flat=True)
    people = [("0", form.say(none)), *((number, visitor.who(number)) for number in numbers)]
    for name in fields:
        form.offer(name, people, none=False)


class OrganisationForm(Together):
    """An organisation as it shall stand; its number is the page's where it stands already."""

    act = "ask_organisation"
    number = WholeNumber()
    name = one_line()
    line = choice()
    level = choice()
    superior = choice()
    area = WholeNumber()
    station = choice(required=False)
    head = choice(required=False)
    deputy = choice(required=False)
    legal = choice(required=False)
    filing = one_line(required=False)
    category = choice(required=False)
    filed_from = day()
    filed_until = day()
    second_name = one_line(required=False, autocomplete="off")
    second_passphrase = forms.CharField(required=False, strip=False)

    def __init__(self, visitor: Visitor, held: Row | None, data: Any = None) -> None:
        super().__init__(visitor.language, data, initial=dict(held) if held is not None else {})
        if held is not None:
            del self.fields["number"]
        self.held = held
        self.offer("line", [(one.value, self.say(f"line_{one}")) for one in Line], none=False)
        self.offer("level", [(one.value, self.say(f"level_{one}")) for one in Tier], none=held is None)
        units = [(number, str(row["name"])) for number, row in visitor.organisations.items() if not row["station"]]
        self.offer("superior", [("0", self.say("no_superior")), *units], none=False)
        stations = Station.objects.using(DEFAULT).order_by("number").values_list("number", flat=True)
        named = [("0", self.say("no_station")), *((number, visitor.station(number)) for number in stations)]
        self.offer("station", named, none=False)
        offer_people(self, visitor, *POSTS)
        offer_reasons(self, visitor, "unit_category", field="category")

    def wish(self, person: int) -> OrganisationAsked:
        """The change of a valid form."""
        said = self.cleaned_data
        sheet = OrganisationSheet(
            organisation=int(self.held["organisation"] or 0) if self.held is not None else said["number"],
            ordinal=0,
            name=said["name"],
            line=said["line"],
            level=said["level"],
            superior=int(said["superior"]),
            area=said["area"],
            station=int(said["station"] or 0),
            head=int(said["head"] or 0),
            filing=said["filing"],
            category=said["category"],
            filed_from=said["filed_from"],
            filed_until=said["filed_until"],
            by=person,
            at=0,
            deputy=int(said["deputy"] or 0),
            legal=int(said["legal"] or 0),
        )
        return OrganisationAsked("", sheet)


class StoreForm(Together):
    """A store and its keeper; who takes it over says with the old keeper what was counted, kind by kind.

    What the ledger says is not shown: it is compared.
    """

    act = "ask_store"
    organisation = choice()
    location = WholeNumber()
    store_name = one_line()
    keeper = choice()
    second_name = one_line(required=False, autocomplete="off")
    second_passphrase = forms.CharField(required=False, strip=False)

    def __init__(self, visitor: Visitor, held: Row | None, data: Any = None) -> None:
        known = {} if held is None else {"store_name": held["name"], "keeper": held["keeper"]}
        super().__init__(visitor.language, data, initial=known or {"location": 1})
        self.held = held
        offer_people(self, visitor, "keeper")
        if held is None:
            mine = [(one, str(row["name"])) for one, row in visitor.organisations.items()]
            self.offer("organisation", mine)
        else:
            del self.fields["organisation"], self.fields["location"]
            self._ask_counts(visitor)

    def _ask_counts(self, visitor: Visitor) -> None:
        for kind in reference.catalogue().stock_kinds(visitor.today):
            field = WholeNumber(required=False)
            field.label = self.say("field_counted_of", kind=kind.name(visitor.language))
            field.error_messages["invalid"] = self.say("invalid")
            self.fields[f"{KIND_FIELD}{kind.code}"] = field
        self.order_fields(["store_name", "keeper", *self._counts(), "second_name", "second_passphrase"])

    def _counts(self) -> list[str]:
        return [name for name in self.fields if name.startswith(KIND_FIELD)]

    def wish(self, person: int) -> StoreAsked:
        """The change of a valid form."""
        said, held = self.cleaned_data, self.held
        place = (said["organisation"], said["location"]) if held is None else (held["organisation"], held["location"])
        sheet = LocationSheet(
            organisation=int(place[0] or 0),
            location=int(place[1] or 0),
            ordinal=0,
            name=said["store_name"],
            keeper=int(said["keeper"]),
            by=person,
            at=0,
        )
        counted = ((name.removeprefix(KIND_FIELD), said[name]) for name in self._counts())
        return StoreAsked("", sheet, tuple(sorted((kind, count) for kind, count in counted if count)))


class SealForm(Together):
    """A seal as it shall stand: its holder, its term; the picture of its impression with the first sheet."""

    act = "ask_seal"
    seal = one_line()
    store = choice()
    holder = choice(required=False)
    impression = photograph(required=True)
    since = day(required=True)
    until = day()
    second_name = one_line(required=False, autocomplete="off")
    second_passphrase = forms.CharField(required=False, strip=False)

    def __init__(self, visitor: Visitor, held: Row | None, data: Any = None, **settings: Any) -> None:
        known = {} if held is None else {name: held[name] for name in ("holder", "since", "until")}
        super().__init__(visitor.language, data, initial=known, **settings)
        self.held = held
        self.fields["holder"].label, self.fields["holder"].help_text = self.say("col_holder"), ""
        offer_stores(self, visitor)
        offer_people(self, visitor, "holder", none="with_the_keeper")
        if held is not None:
            del self.fields["seal"], self.fields["impression"]

    def wish(self, person: int) -> SealAsked:
        """The change of a valid form."""
        said, held = self.cleaned_data, self.held
        organisation, location = store_of(self)
        sheet = SealSheet(
            seal=str(held["seal"]) if held is not None else said["seal"],
            ordinal=0,
            organisation=organisation,
            holder=int(said["holder"] or 0),
            impression=str(held["impression"]) if held is not None else picture_digest(said["impression"]),
            since=said["since"],
            until=said["until"],
            by=person,
            at=0,
        )
        return SealAsked("", sheet, location)


class LicenceForm(ActForm):
    """The papers of a licence's application go on file."""

    act = "open_file"
    file = one_line()
    organisation = choice()
    licence = one_line()

    def __init__(self, visitor: Visitor, data: Any = None) -> None:
        super().__init__(visitor.language, data)
        kept = dict.fromkeys(organisation for organisation, _at in visitor.keeps)
        self.offer("organisation", [(one, visitor.organisation(one)) for one in kept], none=not kept)


class CancelForm(ActForm):
    """The licence was cancelled."""

    act = "cancel_licence"
    cancelled_on = day()

    def __init__(self, visitor: Visitor, data: Any = None) -> None:
        super().__init__(visitor.language, data)
