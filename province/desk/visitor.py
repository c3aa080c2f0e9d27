"""Who looks at a page of the desk, in which language, acting as whom; and the door every page has."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from inspector_app.domain.sentences import Sentence
from inspector_app.journal.projections import Row
from province import reference
from province.custody import deciding
from province.databases import DEFAULT
from province.desk.accounts import person_of
from province.journal.rows import DjangoRows
from province.registry.models import Person, Station
from province.texts import Language, language_of, sentences, word

Page = Callable[..., HttpResponse]


class Visitor:
    """One signed-in account at one request; names of the registers are read once."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.language: Language = language_of(str(request.session.get("desk_language", "")))
        self.person = person_of(DEFAULT, request.user)
        self.today = deciding.today(DEFAULT)

    def say(self, name: str, table: str = "desk", **values: str | int) -> str:
        """A label of the desk."""
        return word(table, name, self.language, **values)

    def term(self, table: str, value: object) -> str:
        """The word of a value as sentences use it; the value itself where the table has none."""
        return sentences().word(table, str(value), self.language) if value else ""

    def sentence(self, family: str, code: str, details: dict[str, str | int]) -> Sentence:
        """What a code says."""
        return sentences().of(family, code, self.language, details)

    def reason(self, listed: str, code: object) -> str:
        """The name of a reason of the catalogue."""
        found = reference.catalogue().reason(listed, str(code)) if code else None
        return found.name(self.language) if found is not None else str(code or "")

    def kind(self, code: str) -> str:
        """The name of a kind of stock."""
        found = reference.catalogue().stock_kind(code)
        return found.name(self.language) if found is not None else code

    def short_kind(self, code: str) -> str:
        """The name of a kind as it stands in a narrow column: A 证."""
        named = self.term("kind", code)
        return named if named != code else self.kind(code)

    def station(self, number: object) -> str:
        """The name of a station."""
        return self._stations.get(int(str(number or 0)), str(number or ""))

    def organisation(self, number: object) -> str:
        """The name of an organisation; the printing house for 0."""
        row = self.organisations.get(int(str(number or 0)))
        return str(row["name"]) if row is not None else (str(number) if number else self.say("printing_house"))

    def who(self, number: object) -> str:
        """A person of the roster, with the number."""
        name = self._people.get(int(str(number or 0)), "")
        return f"{name} {number}".strip() if number else ""

    @cached_property
    def organisations(self) -> dict[int, Row]:
        """Every organisation by number."""
        return {int(row["organisation"] or 0): row for row in DjangoRows(DEFAULT).many("organisations")}

    @cached_property
    def keeps(self) -> list[tuple[int, int]]:
        """Organisation and location of every store whose keeper acts here."""
        rows = DjangoRows(DEFAULT).many("stock_locations", keeper=self.person) if self.person else []
        return [(int(row["organisation"] or 0), int(row["location"] or 0)) for row in rows]

    @cached_property
    def _stations(self) -> dict[int, str]:
        english = self.language == "en"
        rows = Station.objects.using(DEFAULT).values_list("number", "name", "name_en")
        return {number: (name_en if english and name_en else name) for number, name, name_en in rows}

    @cached_property
    def _people(self) -> dict[int, str]:
        english = self.language == "en"
        rows = Person.objects.using(DEFAULT).values_list("number", "name", "name_en")
        return {number: (name_en if english and name_en else name) for number, name, name_en in rows}


def desk_page(*methods: str) -> Callable[[Page], Page]:
    """A page for signed-in administrators alone, under these methods; GET where none is named."""

    def guarded(page: Page) -> Page:
        @wraps(page)
        def answer(request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
            if not (request.user.is_active and request.user.is_staff):
                return redirect_to_login(request.get_full_path(), reverse("desk-sign-in"))
            if (asked := request.GET.get("lang")) is not None:
                request.session["desk_language"] = language_of(asked)
                left = request.GET.copy()
                del left["lang"]
                return redirect(f"{request.path}?{left.urlencode()}" if left else request.path)
            return page(Visitor(request), *given, **named)

        return require_http_methods(list(methods or ("GET",)))(answer)

    return guarded


def whole_number(text: str, default: int = 0) -> int:
    """What an address says as a number; the default for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default
