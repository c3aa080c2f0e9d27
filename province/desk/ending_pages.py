"""Stock that ends in a store (库存减少): lost at once, used by count; notice, reports, and its case concluded."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inspector_app.domain.stock import span
from inspector_app.domain.stock_endings import Ending
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ranges_of
from inspector_app.journal.projections.stock_endings import OPEN
from province.custody.deciders import deciders
from province.custody.ending import EndRequest, conclude_loss, end_stock, open_losses
from province.custody.organisations import find
from province.custody.store_notices import needs_notice, notice_due_on, notice_of
from province.databases import DEFAULT
from province.desk.acting import attempt
from province.desk.forms import ActForm, WholeNumber, choice, line
from province.desk.notice_pages import notice_section
from province.desk.report_pages import report_sections, reports_cell
from province.desk.showing import Cell, Fact, Link, Section, Table, chip, show, text
from province.desk.stock_forms import offer_kinds, offer_reasons
from province.desk.visit_pages import case_kind
from province.desk.visitor import Visitor, desk_page
from province.journal.rows import DjangoRows
from province.ledgers.cases import SHORT_RECEIPT, STORE_LOSS


class EndForm(ActForm):
    """What ends in which store, and how; numbers are named one and all."""

    act = "end_stock"
    store = choice()
    kind = choice()
    how = choice()
    ranges = line(required=False, inputmode="numeric")
    count = WholeNumber(required=False)
    cause = choice(required=False)

    def __init__(self, visitor: Visitor, data: Any = None) -> None:
        super().__init__(visitor.language, data)
        own = [(int(row["organisation"] or 0), 1) for row in visitor.organisations.values() if is_head(visitor, row)]
        places = dict.fromkeys([*visitor.keeps, *own])
        named = [(f"{one}:{at}", f"{visitor.organisation(one)} · {at}") for one, at in places]
        self.offer("store", named, none=not named)
        offer_kinds(self, visitor)
        self.offer("how", [(one.value, self.say(f"ends_{one.value}")) for one in (Ending.LOST, Ending.USED)])
        offer_reasons(self, visitor, "loss", field="cause")

    def request(self, visitor: Visitor) -> EndRequest:
        """What a valid form says."""
        said = self.cleaned_data
        organisation, _, location = said["store"].partition(":")
        return EndRequest(
            organisation=int(organisation),
            kind=said["kind"],
            how=said["how"],
            by=visitor.person,
            cause=said["cause"],
            typed=said["ranges"],
            count=said["count"],
            location=int(location),
        )


class ConcludeForm(ActForm):
    """What the head found out."""

    act = "conclude_loss"
    case_cause = choice()
    case_conclusion = choice()

    def __init__(self, visitor: Visitor, data: Any = None) -> None:
        super().__init__(visitor.language, data)
        for listed in ("case_cause", "case_conclusion"):
            offer_reasons(self, visitor, listed, field=listed)

    def said(self) -> dict[str, str]:
        """Cause and conclusion of a valid form."""
        return {"cause": self.cleaned_data["case_cause"], "conclusion": self.cleaned_data["case_conclusion"]}


def is_head(visitor: Visitor, organisation: Row | None) -> bool:
    """Whether who looks heads an organisation."""
    return bool(visitor.person) and organisation is not None and organisation["head"] == visitor.person


def decides(visitor: Visitor, row: Row) -> bool:
    """Whether who looks decides over what somebody of an institution reported, counted or asked for."""
    organisation = find(DEFAULT, int(row["organisation"] or 0))
    return organisation is not None and visitor.person in deciders(DEFAULT, organisation, int(row["by"] or 0))


def concluded(visitor: Visitor, row: Row) -> Fact:
    """How a case ended, and by whom."""
    said = f"{visitor.reason('case_cause', row['case_cause'])} · "
    said += f"{visitor.reason('case_conclusion', row['conclusion'])} · {visitor.who(row['concluded_by'])}"
    return Fact(visitor.say("col_conclusion"), said, "good")


def _goods(visitor: Visitor, row: Row) -> Cell:
    ranges = "\u3000".join(span(*ends) for ends in ranges_of(str(row["ranges"])))
    pieces = visitor.say("pieces", count=int(row["count"] or 0))
    return text(ranges or pieces, note=pieces if ranges else "")


@desk_page("GET", "POST")
def endings(visitor: Visitor) -> HttpResponse:
    """What waits, and a new record."""
    form = EndForm(visitor, visitor.request.POST or None)
    if visitor.request.method == "POST" and form.is_valid():
        done = attempt(visitor, form, lambda: end_stock(DEFAULT, form.request(visitor)))
        if done is not None:
            return redirect("desk-document", done[1])
    new = Section(title=form.label, note=visitor.say("note_end_stock"), form=form, wide=False)
    return show(visitor, "stock", visitor.say("go_stock_end"), [_losses(visitor), new])


def _losses(visitor: Visitor) -> Section:
    names = ("record", "organisation", "kind", "goods", "cause", "notice", "reports", "due_on")
    head = [visitor.say(f"col_{name}") for name in names]
    rows = [
        [
            *_named(visitor, row, reverse("desk-stock-loss", args=[row["ending"]]), str(row["ending"])),
            text(visitor.reason("loss", row["cause"])),
            _notice(visitor, row),
            reports_cell(visitor, row),
            _due(visitor, row),
        ]
        for row in open_losses(DEFAULT)
    ]
    return Section(
        title=visitor.say("store_cases"), table=Table(head=head, rows=rows, empty=visitor.say("no_store_cases"))
    )


def _named(visitor: Visitor, row: Row, link: str, name: str) -> list[Cell]:
    return [
        text(name, link=link, note=visitor.who(row["by"])),
        text(visitor.organisation(row["organisation"])),
        text(visitor.short_kind(str(row["kind"]))),
        _goods(visitor, row),
    ]


def _notice(visitor: Visitor, row: Row) -> Cell:
    """How far the public notice of lost numbers came."""
    if not needs_notice(row):
        return text("—")
    known, due_on = notice_of(DEFAULT, str(row["ending"])), notice_due_on(DEFAULT, row)
    if known is not None and known["published_on"]:
        return chip(visitor.say("published"), "good")
    late = due_on < visitor.today
    said = visitor.say("overdue_since", day=due_on) if late else visitor.say("until_day", day=due_on)
    return chip(said, "stop" if late else "notice")


def _due(visitor: Visitor, row: Row) -> Cell:
    late = str(row["due_on"]) < visitor.today
    return chip(visitor.say("overdue_since", day=str(row["due_on"])), "stop") if late else text(row["due_on"])


@desk_page("GET", "POST")
def loss(visitor: Visitor, record: str) -> HttpResponse:
    """One case of a store; its head, or who decides for them, concludes it here."""
    row = DjangoRows(DEFAULT).one("stock_endings", ending=record, how=Ending.LOST.value)
    if row is None:
        raise Http404
    posted = visitor.request.POST if visitor.request.method == "POST" else None
    form = ConcludeForm(visitor, posted)
    if posted is not None and form.is_valid():
        said = form.said()
        done = attempt(visitor, form, lambda: conclude_loss(DEFAULT, record, **said, by=visitor.person))
        if done is not None:
            return redirect("desk-document", done[1])
    sections = [_case(visitor, row), *([notice_section(visitor, row)] if needs_notice(row) else [])]
    sections += report_sections(visitor, row)
    if row["state"] == OPEN or form.errors:
        note, shown = visitor.say("note_conclude_loss"), form if decides(visitor, row) or form.errors else None
        sections.append(Section(title=form.label, note=note, form=shown, wide=False))
    return show(visitor, "stock", visitor.say("store_case_title"), sections)


def _case(visitor: Visitor, row: Row) -> Section:
    goods = _goods(visitor, row)
    facts = [
        Fact(visitor.say("col_record"), str(row["ending"])),
        Fact(visitor.say("col_case"), case_kind(visitor, SHORT_RECEIPT if row["shipment"] else STORE_LOSS)),
        Fact(visitor.say("col_organisation"), visitor.organisation(row["organisation"])),
        Fact(visitor.say("col_kind"), visitor.kind(str(row["kind"]))),
        Fact(visitor.say("col_goods"), " · ".join(filter(None, (goods.text, goods.note)))),
        Fact(visitor.say("col_cause"), visitor.reason("loss", row["cause"])),
        *([Fact(visitor.say("col_about"), str(row["shipment"]))] if row["shipment"] else []),
        Fact(visitor.say("col_day"), str(row["day"])),
        Fact(visitor.say("col_due_on"), str(row["due_on"])),
        Fact(visitor.say("col_decided_by"), visitor.who(row["by"])),
    ]
    if row["state"] != OPEN:
        facts.append(concluded(visitor, row))
    return Section(facts=facts, links=[Link(reverse("desk-stock-end"), visitor.say("go_stock_end"))], wide=False)
