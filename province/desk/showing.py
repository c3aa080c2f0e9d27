"""What pages of the desk are made of: sections with a table, facts or a form; and the same tables as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from inspector_app.domain.documents import PRACTICE_PROVINCE
from inspector_app.domain.spreadsheets import as_csv
from province.databases import DEFAULT
from province.desk.forms import ActForm
from province.desk.visitor import Visitor
from province.journal.models import State
from province.texts import table

TIGHT = 24
MENU = ("stock", "draws", "papers", "destruction", "losses", "visits", "chains", "registers")


class Button(msgspec.Struct, frozen=True):
    """An act of one press: where it is posted to, its words, what goes with it; ``quiet`` for one seldom wanted."""

    to: str
    label: str
    fields: dict[str, str] = {}
    quiet: bool = False


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell: its text, a chip's tone, where it leads, how deep it stands in a tree, a share to draw."""

    text: str = ""
    note: str = ""
    tone: str = ""
    link: str = ""
    right: bool = False
    indent: int = 0
    share: int = -1

    @property
    def is_tight(self) -> bool:
        """Whether it is a number, a day or a name of a record, which no line may break."""
        return self.text.replace("–", "-").isascii() and len(self.text) <= TIGHT


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table; what it says when there is nothing in it."""

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    empty: str = ""

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """Each heading, and whether it stands over counts."""
        rights = [cell.right for cell in self.rows[0]] if self.rows else []
        return list(zip(self.head, rights, strict=False))


class Fact(msgspec.Struct, frozen=True):
    """One thing said with its name."""

    label: str
    text: str
    tone: str = ""


class Link(msgspec.Struct, frozen=True):
    """Where one may go from here; ``chosen`` where one is."""

    to: str
    label: str
    chosen: bool = False


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A card of a page."""

    title: str = ""
    note: str = ""
    facts: Sequence[Fact] = ()
    table: Table | None = None
    form: ActForm | None = None
    links: Sequence[Link] = ()
    problems: Sequence[str] = ()
    buttons: Sequence[Button] = ()
    wide: bool = True


def text(value: object, *, note: str = "", link: str = "") -> Cell:
    """A plain cell."""
    return Cell(text=str(value or ""), note=note, link=link)


def number(value: int) -> Cell:
    """A count, right-aligned, thousands apart."""
    return Cell(text=f"{value:,}", right=True)


def chip(words: str, tone: str) -> Cell:
    """A state in word and colour: ``good``, ``notice``, ``stop``, ``unknown``, ``info``."""
    return Cell(text=words, tone=tone)


def show(
    visitor: Visitor,
    place: str,
    title: str,
    sections: Iterable[Section],
    *,
    tabs: Sequence[Link] = (),
    status: int = 200,
) -> HttpResponse:
    """A page in the desk's frame."""
    state = State.objects.using(DEFAULT).get(only=1)
    menu = [Link(reverse(f"desk-{name}"), visitor.say(f"menu_{name}"), name == place) for name in MENU]
    query = visitor.request.GET.copy()
    query["lang"] = "zh" if visitor.language == "en" else "en"
    context: dict[str, Any] = {
        "w": table("desk", visitor.language),
        "language": visitor.language,
        "title": title,
        "menu": menu,
        "tabs": tabs,
        "sections": list(sections),
        "province": state.name_en if visitor.language == "en" and state.name_en else state.name,
        "practice": state.province == PRACTICE_PROVINCE,
        "who": visitor.who(visitor.person),
        "other_language": f"{visitor.request.path}?{query.urlencode()}",
    }
    return render(visitor.request, "desk/page.html", context, status=status)


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Iterable[object]]) -> HttpResponse:
    """A table to save."""
    answer = HttpResponse(as_csv(head, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
