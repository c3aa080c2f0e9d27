"""M03 号段发放: draws of stations, decided on their figures; what waits for a head; who has run out of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inspector_app.clock import moment_text
from inspector_app.domain.numbering import range_size
from inspector_app.domain.stock import DrawAsked, span
from inspector_app.journal.projections import Row
from province.custody import drawing, emergencies
from province.custody.drawing import DrawRequest, Prospect, outstanding_stubs, prospect
from province.custody.emergencies import Emergency
from province.custody.receiving import ISSUED_KINDS
from province.databases import DEFAULT
from province.desk import hand_in_pages
from province.desk.acting import attempt
from province.desk.approval_pages import answers
from province.desk.forms import ActForm, WholeNumber, choice, line, press
from province.desk.showing import Button, Cell, Fact, Link, Section, Table, chip, number, show, text
from province.desk.stock_forms import offer_kinds, offer_reasons
from province.desk.stock_pages import refused
from province.desk.visitor import Visitor, desk_page, whole_number
from province.journal.models import FeedDocument
from province.journal.rows import DjangoRows
from province.numbers.custody import unsettled_sheets
from province.numbers.models import DrawnRange
from province.registry.models import Station

SHOWN = 50
ASKED = ("station", "kind", "count", "emergency")
"""What a link to a draw may fill in."""


class DrawForm(ActForm):
    """What a county's keeper lets a station draw."""

    act = "draw"
    station = choice()
    kind = choice()
    count = WholeNumber(required=False)
    ranges = line(required=False, inputmode="numeric")
    holder = WholeNumber(required=False)
    reason = choice(required=False)
    emergency = line(required=False)

    def __init__(self, visitor: Visitor, data: Any = None, **settings: Any) -> None:
        super().__init__(visitor.language, data, **settings)
        self.looks = [("figures", self.say("do_figures"))]
        offer_kinds(self, visitor, drawn_only=True)
        offer_reasons(self, visitor, "over_cap")
        units = (row for row in visitor.organisations.values() if row["station"])
        self.offer("station", [(row["station"], str(row["name"])) for row in units])

    def request(self, visitor: Visitor) -> DrawRequest:
        """The request of a valid form."""
        said = self.cleaned_data
        unit = next((row for row in visitor.organisations.values() if str(row["station"]) == said["station"]), {})
        giver = unit.get("superior")
        return DrawRequest(
            station=int(said["station"]),
            kind=said["kind"],
            by=visitor.person,
            typed=said["ranges"],
            count=said["count"],
            holder=said["holder"],
            location=next((at for one, at in visitor.keeps if one == giver), 1),
            reason=said["reason"],
            emergency=said["emergency"],
        )


@desk_page()
def draws(visitor: Visitor) -> HttpResponse:
    """Who has run out, what waits for a head, what was drawn."""
    sections = [_emergencies(visitor), _waiting(visitor), hand_in_pages.waiting(visitor), _drawn(visitor)]
    return show(visitor, "draws", visitor.say("menu_draws"), sections)


def _emergencies(visitor: Visitor) -> Section:
    head = [visitor.say(f"col_{name}") for name in ("station", "kind", "asked", "short", "since", "todo")]
    rows = [_emergency(visitor, one) for one in emergencies.open_emergencies(DEFAULT)]
    return Section(
        title=visitor.say("emergencies"),
        note=visitor.say("emergencies_note") if rows else "",
        table=Table(head=head, rows=rows, empty=visitor.say("no_emergencies")),
    )


def _emergency(visitor: Visitor, one: Emergency) -> list[Cell]:
    asked = {"station": one.station, "kind": one.kind, "count": one.short, "emergency": one.request}
    link = f"{reverse('desk-draw-new')}?{urlencode(asked)}" if one.is_for_keeper else ""
    todo = text(visitor.say("draw_now"), link=link) if link else chip(visitor.say("next_contact_answers"), "unknown")
    return [
        text(visitor.station(one.station), note=visitor.who(one.person)),
        text(visitor.short_kind(one.kind)),
        number(one.wanted),
        number(one.short),
        text(moment_text(one.at)),
        todo,
    ]


def _waiting(visitor: Visitor) -> Section:
    head = [visitor.say(f"col_{name}") for name in ("record", "station", "kind", "goods", "reason", "decided_by")]
    rows = [_ask(visitor, row) for row in drawing.waiting(DEFAULT)]
    return Section(
        title=visitor.say("draws_waiting"),
        table=Table(head=head, rows=rows, empty=visitor.say("no_draws_waiting")),
        links=[Link(reverse("desk-draw-new"), visitor.say("go_draw_new"))],
    )


def _ask(visitor: Visitor, row: Row) -> list[Cell]:
    first, last = str(row["first"]), str(row["last"])
    return [
        text(row["ask"], link=reverse("desk-draw-ask", args=[row["ask"]])),
        text(visitor.station(row["station"])),
        text(visitor.short_kind(str(row["kind"]))),
        text(span(first, last), note=visitor.say("pieces", count=range_size(first, last))),
        text(visitor.reason("over_cap", row["reason"])),
        text(visitor.who(row["by"])),
    ]


def _drawn(visitor: Visitor) -> Section:
    decided = {str(row["draw"]): row for row in DjangoRows(DEFAULT).many("draw_decisions")}
    head = [visitor.say(f"col_{name}") for name in ("draw", "station", "kind", "goods", "cut", "decided_by", "moment")]
    rows = [
        _draw_line(visitor, one, decided.get(one.draw))
        for one in DrawnRange.objects.using(DEFAULT).order_by("-issued_at", "-low")[:SHOWN]
    ]
    return Section(title=visitor.say("drawn"), table=Table(head=head, rows=rows, empty=visitor.say("nothing_drawn")))


def _draw_line(visitor: Visitor, one: DrawnRange, decided: Row | None) -> list[Cell]:
    cut = max(one.cut_through - one.low + 1, 0)
    people = [visitor.who(decided[post]) for post in ("by", "head") if decided[post]] if decided is not None else []
    return [
        text(one.draw, link=reverse("desk-draw", args=[one.draw])),
        text(visitor.station(one.station)),
        text(visitor.short_kind(one.kind)),
        text(span(one.first, one.last), note=visitor.say("pieces", count=one.size)),
        Cell(text=f"{cut:,}", share=cut * 100 // one.size, right=True),
        text(" · ".join(people)),
        text(moment_text(one.issued_at)),
    ]


@desk_page("GET", "POST")
def new(visitor: Visitor) -> HttpResponse:
    """A draw: its figures and what stands in the way, then the decision, or the question to the head."""
    asked: Mapping[str, Any] = {name: value for name, value in visitor.request.GET.items() if name in ASKED}
    form = DrawForm(visitor, visitor.request.POST or None, initial=asked)
    if visitor.request.method == "POST":
        asked = dict(form.cleaned_data) if form.is_valid() else {}
        done = None if "figures" in visitor.request.POST or not asked else _draw(visitor, form)
        if done is not None:
            return redirect(_answer_to(done[0]))
    sections = [Section(note=visitor.say("note_draw"), form=form, wide=False), *_looked_at(visitor, asked)]
    return show(visitor, "draws", visitor.say("go_draw_new"), sections)


def _draw(visitor: Visitor, form: DrawForm) -> tuple[DrawnRange | DrawAsked, int] | None:
    request = form.request(visitor)
    return attempt(visitor, form, lambda: drawing.draw(DEFAULT, request))


def _answer_to(outcome: DrawnRange | DrawAsked) -> str:
    if isinstance(outcome, DrawAsked):
        return reverse("desk-draw-ask", args=[outcome.ask])
    return reverse("desk-draw", args=[outcome.draw])


def _looked_at(visitor: Visitor, asked: Mapping[str, Any]) -> list[Section]:
    """The figures of what a form, or the link to it, asks for."""
    station, kind = whole_number(str(asked.get("station", ""))), str(asked.get("kind", ""))
    if not station or kind not in ISSUED_KINDS:
        return []
    count, holder = (whole_number(str(asked.get(name, ""))) for name in ("count", "holder"))
    return figures(visitor, station, kind, count=count, holder=holder)


def figures(visitor: Visitor, station: int, kind: str, *, count: int = 0, holder: int = 0) -> list[Section]:
    """Use, cap and proposal of a draw, and everything that stands in its way, sheet by sheet."""
    unit = next((row for row in visitor.organisations.values() if row["station"] == station), {})
    at = next((at for one, at in visitor.keeps if one == unit.get("superior")), 1)
    asked = DrawRequest(station=station, kind=kind, by=visitor.person, count=count, holder=holder, location=at)
    found = prospect(DEFAULT, asked)
    if found is None:
        return []
    return [_figures(visitor, found, kind), _in_the_way(visitor, found, station, kind)]


def _figures(visitor: Visitor, found: Prospect, kind: str) -> Section:
    proposed = "\u3000".join(span(*one) for one in found.proposed)
    facts = [
        Fact(visitor.say("use_recent"), f"{found.use.recent:,}"),
        Fact(visitor.say("use_coming"), f"{found.use.coming:,}"),
        Fact(visitor.say("unused_before"), f"{found.unused:,}"),
        Fact(visitor.say("cap_quota" if found.use.is_new else "cap"), f"{found.cap:,}"),
        Fact(visitor.say("on_hand_at", where=visitor.organisation(found.giver)), f"{found.on_hand:,}"),
        Fact(visitor.say("oldest_first"), proposed or "—"),
    ]
    return Section(title=visitor.say("figures", kind=visitor.kind(kind)), facts=facts)


def _in_the_way(visitor: Visitor, found: Prospect, station: int, kind: str) -> Section:
    said = [visitor.sentence("stock", one.code.value, one.details) for one in found.refusals]
    sheets = [*outstanding_stubs(DEFAULT, kind, station), *unsettled_sheets(DEFAULT, kind, station)]
    head = [visitor.say(f"col_{name}") for name in ("number", "print", "sheet", "state", "draw")]
    rows = [
        [
            text(row["number"]),
            number(int(row["print"] or 0)),
            number(int(row["sheet"] or 0)),
            chip(visitor.term("state", row["state"]), "notice"),
            text(draw),
        ]
        for draw, row in sheets
    ]
    return Section(
        title=visitor.say("in_the_way"),
        note="" if said or rows else visitor.say("nothing_in_the_way"),
        problems=[f"{one.whole} {one.reference}" for one in said],
        table=Table(head=head, rows=rows) if rows else None,
    )


def _confirm(visitor: Visitor, form: ActForm, record: str) -> HttpResponse | None:
    done = attempt(visitor, form, lambda: drawing.confirm(DEFAULT, record, by=visitor.person))
    return redirect(_answer_to(done[0])) if done is not None else None


def _decline(visitor: Visitor, form: ActForm, record: str) -> HttpResponse | None:
    done = attempt(visitor, form, lambda: drawing.decline(DEFAULT, record, by=visitor.person))
    return redirect("desk-document", done[1]) if done is not None else None


@desk_page("GET", "POST")
def ask(visitor: Visitor, record: str) -> HttpResponse:
    """A draw over the cap before the head: figures, then approved or not."""
    row = DjangoRows(DEFAULT).one("draw_asks", ask=record)
    if row is None:
        raise Http404
    form = press(visitor.language)
    if visitor.request.method == "POST":
        answered = _decline if "decline" in visitor.request.POST else _confirm
        return answered(visitor, form, record) or refused(visitor, form, "draws")
    seen = figures(visitor, int(row["station"] or 0), str(row["kind"]), holder=int(row["holder"] or 0))
    return show(visitor, "draws", visitor.say("ask_title"), [_asked(visitor, row), *seen])


def _asked(visitor: Visitor, row: Row) -> Section:
    first, last, state = str(row["first"]), str(row["last"]), str(row["state"])
    facts = [
        Fact(visitor.say("col_record"), str(row["ask"])),
        Fact(visitor.say("col_station"), visitor.station(row["station"])),
        Fact(visitor.say("col_kind"), visitor.kind(str(row["kind"]))),
        Fact(visitor.say("col_goods"), f"{span(first, last)} · {range_size(first, last):,}"),
        Fact(visitor.say("col_reason"), visitor.reason("over_cap", row["reason"])),
        Fact(visitor.say("col_decided_by"), visitor.who(row["by"])),
        Fact(visitor.say("col_state"), visitor.say(f"ask_{state}"), "notice" if state == "asked" else "good"),
    ]
    here = reverse("desk-draw-ask", args=[row["ask"]])
    confirm = Button(here, visitor.say("do_confirm_draw", count=range_size(first, last)), {"confirm": "1"})
    waits = state == "asked"
    buttons = answers(visitor, row, int(row["giver"] or 0), confirm, here) if waits else ()
    return Section(note=visitor.say("ask_note") if waits else "", facts=facts, buttons=buttons, wide=False)


@desk_page()
def drawn(visitor: Visitor, record: str) -> HttpResponse:
    """A draw as it was decided, with the document the station gets."""
    one = DrawnRange.objects.using(DEFAULT).filter(draw=record).first()
    if one is None:
        raise Http404
    row = DjangoRows(DEFAULT).one("draw_decisions", draw=record)
    facts, links = _draw_facts(visitor, one, row), _told(visitor, one)
    section = Section(title=record, note=visitor.say("drawn_note"), facts=facts, links=links)
    return show(visitor, "draws", visitor.say("drawn_title"), [section])


def _draw_facts(visitor: Visitor, one: DrawnRange, row: Row | None) -> list[Fact]:
    facts = [
        Fact(visitor.say("col_station"), Station.objects.using(DEFAULT).get(number=one.station).name),
        Fact(visitor.say("col_kind"), visitor.kind(one.kind)),
        Fact(visitor.say("col_goods"), f"{span(one.first, one.last)} · {one.size:,}"),
        Fact(visitor.say("col_day"), moment_text(one.issued_at)),
    ]
    if row is None:
        return facts
    facts += [Fact(visitor.say("from"), visitor.organisation(row["giver"]))]
    facts += [Fact(visitor.say("use_recent"), str(row["recent"])), Fact(visitor.say("cap"), str(row["cap"]))]
    facts += [Fact(visitor.say("col_decided_by"), visitor.who(row["by"]))]
    return facts + ([Fact(visitor.say("approved_by"), visitor.who(row["head"]))] if row["head"] else [])


def _told(visitor: Visitor, one: DrawnRange) -> list[Link]:
    told = FeedDocument.objects.using(DEFAULT).filter(kind="draw/1", station=one.station, at=one.issued_at)
    documents = [row.cursor for row in told if bytes(row.content) == bytes(one.document)]
    return [Link(reverse("desk-document", args=[cursor]), visitor.say("see_document")) for cursor in documents]
