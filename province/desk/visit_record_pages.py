"""M14 监督检查: the institution's own person records a visit, and afterwards what was put right."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import msgspec
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inspector_app.clock import legal_date
from inspector_app.domain.visits import LedgerSeen
from inspector_app.journal.entries.supervision import LedgerState
from inspector_app.journal.projections import Row
from province.custody.visits import (
    FINDINGS,
    NO_PICTURE,
    codes_in,
    left_of,
    record_rectified,
    record_visit,
    speaks_above,
    station_of,
)
from province.databases import DEFAULT
from province.desk.acting import attempt
from province.desk.attachment_pages import picture_links, pictures_told
from province.desk.showing import Cell, Fact, Link, Section, Table, chip, number, show, text
from province.desk.visit_forms import RectifiedForm, VisitForm, speaks_for
from province.desk.visitor import Visitor, desk_page
from province.journal.rows import DjangoRows
from province.ledgers.standing import Standing, standing_of


@desk_page()
def choose(visitor: Visitor) -> HttpResponse:
    """The stations the visitor may visit, each with when it was visited last."""
    units = (row for row in DjangoRows(DEFAULT).many("organisations") if row["station"])
    stations = sorted(station for row in units if speaks_for(visitor, station := int(row["station"] or 0)))
    head = [visitor.say(f"col_{name}") for name in ("station", "visited_last", "left")]
    visits = _latest_visits()
    rows = [_station(visitor, one, visits.get(one)) for one in stations]
    table = Table(head=head, rows=rows, empty=visitor.say("visits_nobody"))
    section = Section(note=visitor.say("visit_choose_note"), table=table, links=[_back(visitor)])
    return show(visitor, "visits", visitor.say("visit_new"), [section])


def _latest_visits() -> dict[int, Row]:
    rows = DjangoRows(DEFAULT).many("visits", order="visited_on")
    return {station_of(DEFAULT, row): row for row in rows}


def _station(visitor: Visitor, station: int, last: Row | None) -> list[Cell]:
    left = len(left_of(DEFAULT, last)) if last else 0
    return [
        text(visitor.station(station), link=reverse("desk-visit-record", args=[station])),
        text(last["visited_on"] if last else visitor.say("never_visited")),
        chip(visitor.say("findings_left", count=left), "notice") if left else text(""),
    ]


def _back(visitor: Visitor) -> Link:
    return Link(reverse("desk-visits"), visitor.say("menu_visits"))


@desk_page("GET", "POST")
def record(visitor: Visitor, station: int) -> HttpResponse:
    """A station's ledgers as they stand, and the visit that is recorded with them."""
    if DjangoRows(DEFAULT).one("organisations", station=station) is None:
        raise Http404
    posted = visitor.request.method == "POST"
    form = VisitForm(visitor, station, visitor.request.POST if posted else None, files=visitor.request.FILES or None)
    if posted and form.is_valid():
        done = attempt(visitor, form, lambda: record_visit(DEFAULT, form.report(visitor.person)))
        if done is not None:
            return redirect(address_of(done[0].visit))
    title = visitor.say("visit_of", station=visitor.station(station))
    asked = Section(title=visitor.say("visit_found"), note=visitor.say("visit_note"), form=form, wide=False)
    return show(visitor, "visits", title, [_standing(visitor, standing_of(DEFAULT, station)), asked])


def _standing(visitor: Visitor, seen: Standing) -> Section:
    held = [("blocks_hold", seen.blocks_hold), ("sheets_hold", seen.sheets_hold)]
    return Section(
        title=visitor.say("ledgers_now"),
        note=visitor.say("ledgers_now_note"),
        facts=_facts_held(visitor, held, seen.open_cases),
        table=_ledgers(visitor, seen.ledgers),
    )


def _facts_held(visitor: Visitor, held: Sequence[tuple[str, bool]], cases: int) -> list[Fact]:
    said = {True: ("holds", "good"), False: ("does_not_hold", "stop")}
    facts = [Fact(visitor.say(name), visitor.say(said[holds][0]), said[holds][1]) for name, holds in held]
    return [*facts, Fact(visitor.say("open_cases"), f"{cases:,}")]


def _ledgers(visitor: Visitor, ledgers: Sequence[LedgerSeen]) -> Table:
    head = [visitor.say(f"col_{name}") for name in ("ledger", "records", "lacking")]
    rows = [
        [
            text(visitor.say(f"ledger_{one.ledger}")),
            number(one.records),
            chip(f"{one.lacking:,}", "notice") if one.lacking else chip(visitor.say("ledger_complete"), "good"),
        ]
        for one in ledgers
    ]
    return Table(head=head, rows=rows)


# --- one visit ------------------------------------------------------------------------------------------------------


def address_of(visit: str) -> str:
    """Where one visit is shown."""
    return f"{reverse('desk-visit')}?{urlencode({'visit': visit})}"


@desk_page("GET", "POST")
def visit(visitor: Visitor) -> HttpResponse:
    """One visit with its ledgers and findings; an institution above the station records what was put right."""
    row = DjangoRows(DEFAULT).one("visits", ref=visitor.request.GET.get("visit", ""))
    if row is None:
        raise Http404
    left, ref = left_of(DEFAULT, row), str(row["ref"])
    form = RectifiedForm(visitor, left, visitor.request.POST if visitor.request.method == "POST" else None)
    if visitor.request.method == "POST" and form.is_valid():
        findings = form.cleaned_data["findings"]
        if attempt(visitor, form, lambda: record_rectified(DEFAULT, ref, findings, by=visitor.person)) is not None:
            return redirect(address_of(ref))
    title = visitor.say("visit_on", station=visitor.station(station_of(DEFAULT, row)), day=str(row["visited_on"]))
    return show(visitor, "visits", title, [_facts(visitor, row), _findings(visitor, row), *_asked(visitor, row, form)])


def _asked(visitor: Visitor, row: Row, form: RectifiedForm) -> list[Section]:
    may = form.errors or speaks_above(DEFAULT, station_of(DEFAULT, row), visitor.person)
    if not may or not left_of(DEFAULT, row):
        return []
    note = visitor.say("rectified_note")
    return [Section(title=visitor.say("do_record_rectified"), note=note, form=form, wide=False)]


def _facts(visitor: Visitor, row: Row) -> Section:
    pictures = codes_of(row["attachments"])
    why = visitor.reason(NO_PICTURE, row["no_picture"]) if row["no_picture"] else ""
    kept = visitor.say("without_picture", why=why) if why else ""
    held = [("blocks_hold", bool(row["blocks_hold"])), ("sheets_hold", bool(row["sheets_hold"]))]
    unit = visitor.organisation(row["organisation"]) if row["organisation"] else visitor.say("visit_by_station")
    facts = [
        Fact(visitor.say("col_organisation"), unit),
        Fact(visitor.say("col_person"), visitor.who(row["by"])),
        Fact(visitor.say("field_picture"), pictures_told(visitor, pictures) or kept or "—"),
        *_facts_held(visitor, held, int(row["open_cases"] or 0)),
    ]
    states = msgspec.json.decode(str(row["ledgers"]), type=list[LedgerState])
    seen = [LedgerSeen(one.ledger, one.records, one.lacking) for one in states]
    return Section(
        facts=facts, table=_ledgers(visitor, seen), links=[*picture_links(visitor, pictures), _back(visitor)]
    )


def codes_of(listed: object) -> list[str]:
    """What a column lists."""
    return msgspec.json.decode(str(listed), type=list[str])


def _findings(visitor: Visitor, row: Row) -> Section:
    head = [visitor.say(f"col_{name}") for name in ("finding", "rectify_by", "rectified", "person")]
    records = DjangoRows(DEFAULT).many("rectifications", order="at", visit=row["ref"])
    lines = [_finding(visitor, row, code, records) for code in codes_in(row)]
    return Section(title=visitor.say("findings"), table=Table(head=head, rows=lines, empty=visitor.say("no_findings")))


def _finding(visitor: Visitor, row: Row, code: str, records: Sequence[Row]) -> list[Cell]:
    done = next((one for one in records if code in codes_in(one)), None)
    late = str(row["rectify_by"]) < visitor.today
    open_one = chip(visitor.say("overdue" if late else "still_open"), "stop" if late else "notice")
    return [
        text(visitor.reason(FINDINGS, code)),
        text(row["rectify_by"]),
        chip(legal_date(int(done["at"] or 0)), "good") if done else open_one,
        text(visitor.who(done["by"]) if done else ""),
    ]
