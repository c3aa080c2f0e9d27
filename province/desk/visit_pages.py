"""M14 监督检查: visits and their findings, what is put right, violations, and the lots of the next visits."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inspector_app.journal.projections import Row
from province.custody.visiting import draw_visits
from province.databases import DEFAULT
from province.desk.acting import attempt
from province.desk.forms import ActForm, WholeNumber, choice
from province.desk.showing import Cell, Link, Section, Table, chip, csv_answer, number, show, text
from province.desk.visit_record_pages import address_of
from province.desk.visitor import Visitor, desk_page, whole_number
from province.journal.read_once import ReadOnceRows
from province.journal.rows import DjangoRows
from province.ledgers.cases import SHORT_RECEIPT, STORE_LOSS, SURPLUS, SUSPECTED
from province.violations import Violation, violations

VIOLATIONS_SHOWN = 200
CSV_HEAD = (
    "station",
    "name",
    "day",
    "source",
    "code",
    "entry",
    "person",
    "overdue",
    "organisation",
    "organisation_name",
)


@desk_page()
def visits(visitor: Visitor) -> HttpResponse:
    """The visits, the latest first."""
    rows = ReadOnceRows(DEFAULT, "rectifications", "journals")
    names = ("day", "station", "findings", "rectified", "due_on", "equations", "cases")
    found = [_visit(visitor, rows, row) for row in rows.many("visits", order="at")[::-1]]
    head = [visitor.say(f"col_{name}") for name in names]
    start = [Link(reverse("desk-visit-new"), visitor.say("visit_new"))]
    section = Section(table=Table(head=head, rows=found, empty=visitor.say("no_visits")), links=start)
    return show(visitor, "visits", visitor.say("menu_visits"), [section], tabs=tabs(visitor, "visits"))


def tabs(visitor: Visitor, chosen: str) -> list[Link]:
    """What stands side by side under supervision."""
    places = ("visits", "cases", "violations", "visit_plan")
    return [Link(reverse(f"desk-{one.replace('_', '-')}"), visitor.say(f"tab_{one}"), one == chosen) for one in places]


def _visit(visitor: Visitor, rows: ReadOnceRows, row: Row) -> list[Cell]:
    home = rows.one("journals", device=row["device"])
    findings = _codes(row["findings"])
    unit = visitor.organisation(row["organisation"]) if row["organisation"] else ""
    done = {code for one in rows.many("rectifications", visit=row["ref"]) for code in _codes(one["findings"])}
    open_ones = [code for code in findings if code not in done]
    return [
        text(row["visited_on"], note=visitor.who(row["by"]), link=address_of(str(row["ref"]))),
        text(visitor.station(row["station"] or (home["station"] if home else 0)), note=unit),
        text("、".join(visitor.reason("supervision_finding", code) for code in findings) or visitor.say("no_findings")),
        _rectified(visitor, findings, open_ones),
        _due(visitor, row, open_ones),
        _equations(visitor, row),
        number(int(row["open_cases"] or 0)),
    ]


def _codes(listed: object) -> list[str]:
    return msgspec.json.decode(str(listed), type=list[str])


def _rectified(visitor: Visitor, findings: list[str], open_ones: list[str]) -> Cell:
    if not findings:
        return text("")
    done = len(findings) - len(open_ones)
    return chip(f"{done} / {len(findings)}", "notice" if open_ones else "good")


def _due(visitor: Visitor, row: Row, open_ones: list[str]) -> Cell:
    due = str(row["rectify_by"] or "")
    late = bool(open_ones) and due < visitor.today
    return chip(visitor.say("overdue_since", day=due), "stop") if late else text(due)


def _equations(visitor: Visitor, row: Row) -> Cell:
    holds = row["blocks_hold"] and row["sheets_hold"]
    return chip(visitor.say("holds"), "good") if holds else chip(visitor.say("does_not_hold"), "stop")


@desk_page()
def violation_list(visitor: Visitor) -> HttpResponse:
    """What is held against stations and institutions, the latest first; all of it as CSV."""
    asked = {name: whole_number(visitor.request.GET.get(name, "")) for name in ("station", "organisation")}
    found = violations(DEFAULT, station=asked["station"], organisation=asked["organisation"])[::-1]
    if visitor.request.GET.get("format") == "csv":
        return csv_answer("violations", CSV_HEAD, (_csv_line(visitor, one) for one in found))
    head = [visitor.say(f"col_{name}") for name in ("day", "whose", "source", "said", "person", "record")]
    rows = [_violation(visitor, one) for one in found[:VIOLATIONS_SHOWN]]
    note = visitor.say("first_only", count=VIOLATIONS_SHOWN) if len(found) > VIOLATIONS_SHOWN else ""
    section = Section(
        title=visitor.say("violations", count=len(found)),
        note=note,
        table=Table(head=head, rows=rows, empty=visitor.say("no_violations")),
        links=[Link(f"?{urlencode({**asked, 'format': 'csv'})}", visitor.say("save_csv"))],
    )
    return show(visitor, "visits", visitor.say("menu_visits"), [section], tabs=tabs(visitor, "violations"))


def case_kind(visitor: Visitor, code: str) -> str:
    """What a case is about: of a store, or of a station."""
    of_store = code in (SHORT_RECEIPT, STORE_LOSS, SURPLUS, SUSPECTED)
    return visitor.reason("store_case" if of_store else "custody_case", code)


def said_of(visitor: Visitor, one: Violation) -> str:
    """What the violation is, in words."""
    if one.source == "supervision":
        return visitor.reason("supervision_finding", one.code)
    if one.source == "case":
        return case_kind(visitor, one.code)
    if one.source != "verdict":
        return visitor.say(f"breach_{one.code}")
    said = visitor.sentence("judgements", one.code, {})
    return said.title or said.happened


def _violation(visitor: Visitor, one: Violation) -> list[Cell]:
    return [
        text(one.day),
        _whose(visitor, one),
        text(visitor.say(f"source_{one.source}")),
        Cell(text=said_of(visitor, one), note=visitor.say("overdue") if one.overdue else ""),
        text(visitor.who(one.person)),
        text(short_ref(one.ref)),
    ]


def _whose(visitor: Visitor, one: Violation) -> Cell:
    """The station, or the institution above the stations."""
    if one.station:
        return text(visitor.station(one.station), link=f"?station={one.station}")
    link = f"?organisation={one.organisation}"
    return text(visitor.organisation(one.organisation), link=link) if one.organisation else text("")


def short_ref(ref: str) -> str:
    """An entry's name as a narrow column shows it; any other name as it is."""
    device, _, seq = ref.partition("/")
    return f"{device[:8]}/{seq}" if seq else ref


def _csv_line(visitor: Visitor, one: Violation) -> tuple[object, ...]:
    place = (one.station, visitor.station(one.station), one.day, one.source)
    whose = (one.organisation or "", visitor.organisation(one.organisation) if one.organisation else "")
    return (*place, one.code, one.ref, one.person or "", int(one.overdue), *whose)


class LotForm(ActForm):
    """How many stations an organisation visits."""

    act = "draw_visits"
    organisation = choice()
    count = WholeNumber()

    def __init__(self, visitor: Visitor, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor.language, data, **settings)
        keeps = {number for number, _at in visitor.keeps}
        own = [
            (number, str(row["name"]))
            for number, row in visitor.organisations.items()
            if not row["station"] and visitor.person and (row["head"] == visitor.person or number in keeps)
        ]
        self.offer("organisation", own, none=not own)


@desk_page("GET", "POST")
def plan(visitor: Visitor) -> HttpResponse:
    """Stations drawn by lot, once a day; every lot stays on record with what it was drawn from."""
    form = LotForm(visitor, visitor.request.POST or None)
    if visitor.request.method == "POST" and form.is_valid():
        asked = int(form.cleaned_data["organisation"]), form.cleaned_data["count"]
        done = attempt(visitor, form, lambda: draw_visits(DEFAULT, *asked, by=visitor.person))
        if done is not None:
            return redirect("desk-visit-plan")
    sections = [Section(note=visitor.say("note_lots"), form=form, wide=False), _lots(visitor)]
    return show(visitor, "visits", visitor.say("menu_visits"), sections, tabs=tabs(visitor, "visit_plan"))


def _lots(visitor: Visitor) -> Section:
    head = [visitor.say(f"col_{name}") for name in ("day", "organisation", "drawn_stations", "pool", "seed", "person")]
    rows = [
        [
            text(row["day"], note=str(row["plan"])),
            text(visitor.organisation(row["organisation"])),
            text("、".join(visitor.station(one) for one in _codes(row["drawn"]))),
            number(len(_codes(row["pool"]))),
            text(row["seed"]),
            text(visitor.who(row["by"])),
        ]
        for row in DjangoRows(DEFAULT).many("visit_plans", order="at")[::-1]
    ]
    return Section(title=visitor.say("lots"), table=Table(head=head, rows=rows, empty=visitor.say("no_lots")))
