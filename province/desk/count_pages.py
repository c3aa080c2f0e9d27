"""Counting a store (库房盘点): the keeper counts, the head confirms, here or later; each difference is a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inspector_app.clock import moment_text
from inspector_app.domain.stock import span
from inspector_app.domain.stock_receipts import Counted
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ranges_of
from inspector_app.journal.projections.stock_endings import OPEN
from province.custody.counting import CountRequest, confirm_count, count_store
from province.custody.ending import conclude_loss
from province.databases import DEFAULT
from province.desk.acting import attempt, seconded_by
from province.desk.ending_pages import ConcludeForm, concluded, decides
from province.desk.forms import ActForm, PerhapsNumber, Together, choice, line, press
from province.desk.showing import Button, Cell, Fact, Link, Section, Table, chip, number, show, text
from province.desk.stock_forms import offer_kinds, offer_reasons, offer_stores, store_of
from province.desk.visitor import Visitor, desk_page
from province.journal.rows import DjangoRows

SHOWN = 50


class CountForm(Together):
    """What lay there of one kind. What the ledger says is not shown before: a count is no copy of the book."""

    act = "count_store"
    store = choice()
    kind = choice()
    there = line(required=False, inputmode="numeric")
    pieces_there = PerhapsNumber()
    cause = choice(required=False)
    second_name = line(required=False, autocomplete="off")
    second_passphrase = forms.CharField(required=False, strip=False)

    def __init__(self, visitor: Visitor, data: Any = None) -> None:
        super().__init__(visitor.language, data)
        offer_stores(self, visitor)
        offer_kinds(self, visitor)
        offer_reasons(self, visitor, "loss", field="cause")

    def request(self, visitor: Visitor, head: int) -> CountRequest:
        """The count of a valid form."""
        organisation, location = store_of(self)
        said = self.cleaned_data
        return CountRequest(
            organisation=organisation,
            kind=said["kind"],
            by=visitor.person,
            counted=Counted(count=said["pieces_there"], typed=said["there"], cause=said["cause"]),
            location=location,
            confirmed_by=head,
        )


@desk_page("GET", "POST")
def counts(visitor: Visitor) -> HttpResponse:
    """The latest counts, and a new one."""
    form = CountForm(visitor, visitor.request.POST or None)
    if visitor.request.method == "POST" and form.is_valid():
        head = seconded_by(visitor, form)
        request = form.request(visitor, head) if head is not None else None
        done = attempt(visitor, form, lambda: count_store(DEFAULT, request)) if request else None
        if done is not None:
            return redirect("desk-stock-count", done[0].count)
    note = visitor.say("note_count_store") if visitor.keeps else visitor.say("keeps_nothing")
    new = Section(title=form.label, note=note, form=form, wide=False)
    return show(visitor, "stock", visitor.say("go_stock_counts"), [_latest(visitor), new])


def _latest(visitor: Visitor) -> Section:
    names = ("record", "organisation", "kind", "day", "by_ledger", "lay_there", "difference", "confirmed")
    head = [visitor.say(f"col_{name}") for name in names]
    rows = [_count(visitor, row) for row in DjangoRows(DEFAULT).many("store_counts", order="at")[::-1][:SHOWN]]
    table = Table(head=head, rows=rows, empty=visitor.say("no_counts"))
    return Section(title=visitor.say("counts"), table=table)


def _count(visitor: Visitor, row: Row) -> list[Cell]:
    return [
        text(row["count"], link=reverse("desk-stock-count", args=[row["count"]])),
        text(visitor.organisation(row["organisation"]), note=visitor.who(row["by"])),
        text(visitor.short_kind(str(row["kind"]))),
        text(row["day"]),
        number(int(row["expected"] or 0)),
        number(int(row["counted"] or 0) + int(row["surplus_count"] or 0)),
        _difference(visitor, row),
        _confirmed(visitor, row),
    ]


def _difference(visitor: Visitor, row: Row) -> Cell:
    found = _differences(visitor, row)
    return chip("\u3000".join(found), "notice") if found else chip(visitor.say("count_agrees"), "good")


def _differences(visitor: Visitor, row: Row) -> list[str]:
    missing = int(row["expected"] or 0) - int(row["counted"] or 0)
    more = int(row["surplus_count"] or 0)
    said = [visitor.say("count_missing", count=missing)] if missing else []
    return said + ([visitor.say("count_more", count=more)] if more else [])


def _confirmed(visitor: Visitor, row: Row) -> Cell:
    if row["confirmed_by"] is None:
        return chip(visitor.say("waits_for_head"), "notice")
    return text(visitor.who(row["confirmed_by"]))


@desk_page("GET", "POST")
def count(visitor: Visitor, record: str) -> HttpResponse:
    """One count with the cases of its differences: the head confirms it here, and concludes what lay there besides."""
    row = DjangoRows(DEFAULT).one("store_counts", count=record)
    if row is None:
        raise Http404
    posted = visitor.request.POST if visitor.request.method == "POST" else None
    pressed, form = (
        press(visitor.language),
        ConcludeForm(visitor, posted if posted and "confirm" not in posted else None),
    )
    if posted is not None and _acted(visitor, record, pressed, form):
        return redirect("desk-stock-count", record)
    sections = [_facts(visitor, row, pressed)]
    if row["state"] is not None:
        sections.append(_surplus(visitor, row, form))
    status = 409 if pressed.errors else 200
    return show(visitor, "stock", visitor.say("count_title"), sections, status=status)


def _acted(visitor: Visitor, record: str, pressed: ActForm, form: ConcludeForm) -> bool:
    if "confirm" in visitor.request.POST:
        return attempt(visitor, pressed, lambda: confirm_count(DEFAULT, record, by=visitor.person)) is not None
    if not form.is_valid():
        return False
    said = form.said()
    return attempt(visitor, form, lambda: conclude_loss(DEFAULT, record, **said, by=visitor.person)) is not None


def _facts(visitor: Visitor, row: Row, pressed: ActForm) -> Section:
    waits, ending = row["confirmed_by"] is None, str(row["ending"] or "")
    differences = _differences(visitor, row)
    said, tone = ("\u3000".join(differences), "notice") if differences else (visitor.say("count_agrees"), "good")
    confirmed = visitor.say("waits_for_head") if waits else visitor.who(row["confirmed_by"])
    facts = [
        Fact(visitor.say("col_record"), str(row["count"])),
        Fact(visitor.say("col_organisation"), f"{visitor.organisation(row['organisation'])} · {row['location']}"),
        Fact(visitor.say("col_kind"), visitor.kind(str(row["kind"]))),
        Fact(visitor.say("col_by_ledger"), f"{int(row['expected'] or 0):,}"),
        Fact(visitor.say("col_lay_there"), f"{int(row['counted'] or 0) + int(row['surplus_count'] or 0):,}"),
        Fact(visitor.say("col_difference"), said, tone),
        Fact(visitor.say("counted_by"), f"{visitor.who(row['by'])} · {moment_text(int(row['at'] or 0))}"),
        Fact(visitor.say("col_confirmed"), confirmed, "notice" if waits else "good"),
    ]
    links = [Link(reverse("desk-stock-loss", args=[ending]), visitor.say("case_of_missing"))] if ending else []
    button = Button(reverse("desk-stock-count", args=[row["count"]]), visitor.say("do_confirm_count"), {"confirm": "1"})
    return Section(
        note=visitor.say("note_confirm_count") if waits else "",
        facts=facts,
        problems=[str(one) for one in pressed.non_field_errors()],
        buttons=[button] if waits and decides(visitor, row) else (),
        links=[*links, Link(reverse("desk-stock-counts"), visitor.say("go_stock_counts"))],
        wide=False,
    )


def _surplus(visitor: Visitor, row: Row, form: ConcludeForm) -> Section:
    """The case of what lay there and is in no ledger."""
    ranges = "\u3000".join(span(*ends) for ends in ranges_of(str(row["surplus"])))
    goods = ranges or visitor.say("pieces", count=int(row["surplus_count"] or 0))
    facts = [Fact(visitor.say("col_goods"), goods), Fact(visitor.say("col_due_on"), str(row["due_on"]))]
    is_open = row["state"] == OPEN
    return Section(
        title=visitor.reason("store_case", "stock_surplus"),
        note=visitor.say("note_conclude_surplus") if is_open else "",
        facts=facts if is_open else [*facts, concluded(visitor, row)],
        form=form if (is_open and decides(visitor, row)) or form.errors else None,
        wide=False,
    )
