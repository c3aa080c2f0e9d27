"""M14 案件: cases of custody of stations and stores with their terms, causes and conclusions."""

from __future__ import annotations

from django.http import HttpResponse

from province.databases import DEFAULT
from province.desk.showing import Cell, Link, Section, Table, chip, csv_answer, show, text
from province.desk.visit_pages import short_ref, tabs
from province.desk.visitor import Visitor, desk_page, whole_number
from province.ledgers.cases import CaseState, cases

CASES_SHOWN = 200
CSV_HEAD = (
    "station", "name", "case", "kind", "about", "numbers", "opened_on", "due_on", "overdue", "cause", "conclusion",
    "concluded_on", "opened_by", "concluded_by", "organisation",
)  # fmt: skip


@desk_page()
def case_list(visitor: Visitor) -> HttpResponse:
    """Every case, the open ones first; all of it as CSV."""
    station = whole_number(visitor.request.GET.get("station", ""))
    found = cases(DEFAULT, station=station)
    if visitor.request.GET.get("format") == "csv":
        return csv_answer("cases", CSV_HEAD, (_csv_line(visitor, one) for one in found))
    names = ("opened", "station", "case", "about", "due_on", "conclusion", "person")
    head = [visitor.say(f"col_{name}") for name in names]
    section = Section(
        title=visitor.say("cases", count=sum(not one.concluded_on for one in found), all=len(found)),
        note=visitor.say("first_only", count=CASES_SHOWN) if len(found) > CASES_SHOWN else "",
        table=Table(
            head=head, rows=[_case(visitor, one) for one in found[:CASES_SHOWN]], empty=visitor.say("no_cases")
        ),
        links=[Link(f"?station={station}&format=csv" if station else "?format=csv", visitor.say("save_csv"))],
    )
    return show(visitor, "visits", visitor.say("menu_visits"), [section], tabs=tabs(visitor, "cases"))


def _case(visitor: Visitor, one: CaseState) -> list[Cell]:
    return [
        text(one.opened_on),
        _whose(visitor, one),
        text(visitor.reason("custody_case", one.kind), note=short_ref(one.case)),
        text(one.numbers or short_ref(one.about)),
        _due(visitor, one),
        _ended(visitor, one),
        text(visitor.who(one.concluded_by or one.by)),
    ]


def _whose(visitor: Visitor, one: CaseState) -> Cell:
    """The station, or the institution whose store it is."""
    if one.organisation:
        return text(visitor.organisation(one.organisation))
    return text(visitor.station(one.station), link=f"?station={one.station}" if one.station else "")


def _due(visitor: Visitor, one: CaseState) -> Cell:
    return chip(visitor.say("overdue_since", day=one.due_on), "stop") if one.overdue else text(one.due_on)


def _ended(visitor: Visitor, one: CaseState) -> Cell:
    if not one.concluded_on:
        return chip(visitor.say("open_case"), "unknown")
    cause = visitor.reason("case_cause", one.cause)
    return text(f"{cause} · {visitor.reason('case_conclusion', one.conclusion)}", note=one.concluded_on)


def _csv_line(visitor: Visitor, one: CaseState) -> tuple[object, ...]:
    name = visitor.organisation(one.organisation) if one.organisation else visitor.station(one.station)
    place = (one.station, name, one.case, one.kind, one.about, one.numbers)
    ended = (one.cause, one.conclusion, one.concluded_on, one.by, one.concluded_by or "", one.organisation or "")
    return (*place, one.opened_on, one.due_on, int(one.overdue), *ended)
