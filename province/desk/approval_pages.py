"""What a keeper asked the head: an order after its window, other stock than the oldest; approved here or not."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inspector_app.clock import moment_text
from inspector_app.domain.stock import span
from inspector_app.domain.stock_approvals import Excused
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ASKED, ranges_of
from province.custody.approving import approve, decline, waiting_approvals
from province.custody.deciders import deciders
from province.custody.organisations import find
from province.databases import DEFAULT
from province.desk.acting import attempt
from province.desk.forms import ActForm, press
from province.desk.showing import Button, Cell, Fact, Link, Section, Table, show, text
from province.desk.visitor import Visitor, desk_page
from province.journal.rows import DjangoRows

REASONS = {Excused.ORDER: "late_order", Excused.DISTRIBUTE: "other_stock"}
"""The list each act's reason is of."""


def waiting(visitor: Visitor) -> Section:
    """What waits for a head."""
    names = ("record", "organisation", "to", "kind", "goods", "reason", "person")
    head = [visitor.say(f"col_{name}") for name in names]
    rows = [_line(visitor, row) for row in waiting_approvals(DEFAULT)]
    table = Table(head=head, rows=rows, empty=visitor.say("no_approvals"))
    return Section(title=visitor.say("approvals"), table=table)


def _line(visitor: Visitor, row: Row) -> list[Cell]:
    ranges, pieces = _goods(visitor, row)
    return [
        text(row["ask"], link=reverse("desk-stock-ask", args=[row["ask"]]), note=visitor.say(f"approve_{row['act']}")),
        text(visitor.organisation(row["organisation"])),
        text(visitor.organisation(row["counterpart"])),
        text(visitor.short_kind(str(row["kind"]))),
        text(ranges or pieces, note=pieces if ranges else ""),
        text(visitor.reason(REASONS[Excused(str(row["act"]))], row["reason"])),
        text(visitor.who(row["by"])),
    ]


def _goods(visitor: Visitor, row: Row) -> tuple[str, str]:
    """Its ranges, "" for a count alone; and how many."""
    ranges = "\u3000".join(span(*ends) for ends in ranges_of(str(row["ranges"])))
    return ranges, visitor.say("pieces", count=int(row["count"] or 0))


@desk_page("GET", "POST")
def ask(visitor: Visitor, record: str) -> HttpResponse:
    """One ask before the head."""
    row = DjangoRows(DEFAULT).one("stock_approvals", ask=record)
    if row is None:
        raise Http404
    form = press(visitor.language)
    if visitor.request.method == "POST":
        answer = decline if "decline" in visitor.request.POST else approve
        done = attempt(visitor, form, lambda: answer(DEFAULT, record, by=visitor.person))
        if done is not None:
            return redirect("desk-document", done[1])
    status = 409 if form.errors else 200
    return show(visitor, "stock", visitor.say("approval_title"), [_asked(visitor, row, form)], status=status)


def answers(visitor: Visitor, ask: Row, organisation: int, agree: Button, here: str) -> list[Button]:
    """What the visitor may answer: the head agrees or declines; what the head asked for is declined above."""
    asking, by = find(DEFAULT, organisation), int(ask["by"] or 0)
    if asking is None or visitor.person not in deciders(DEFAULT, asking, by):
        return []
    declining = Button(here, visitor.say("do_decline_draw"), {"decline": "1"})
    return [agree, declining] if visitor.person == asking.head else [declining]


def _asked(visitor: Visitor, row: Row, form: ActForm) -> Section:
    waits = row["state"] == ASKED
    here = reverse("desk-stock-ask", args=[row["ask"]])
    approving = Button(here, visitor.say("do_approve"), {"approve": "1"})
    return Section(
        note=visitor.say("ask_note") if waits else "",
        facts=_facts(visitor, row),
        problems=[str(one) for one in form.non_field_errors()],
        buttons=answers(visitor, row, int(row["organisation"] or 0), approving, here) if waits else (),
        links=[Link(reverse("desk-stock"), visitor.say("menu_stock"))],
        wide=False,
    )


def _facts(visitor: Visitor, row: Row) -> list[Fact]:
    ranges, pieces = _goods(visitor, row)
    state, act = str(row["state"]), visitor.say(f"approve_{row['act']}")
    facts = [
        Fact(visitor.say("col_record"), f"{row['ask']} · {act}"),
        Fact(visitor.say("col_organisation"), visitor.organisation(row["organisation"])),
        Fact(visitor.say("col_to"), visitor.organisation(row["counterpart"])),
        Fact(visitor.say("col_kind"), visitor.kind(str(row["kind"]))),
        Fact(visitor.say("col_goods"), f"{ranges} · {pieces}" if ranges else pieces),
        Fact(visitor.say("col_reason"), visitor.reason(REASONS[Excused(str(row["act"]))], row["reason"])),
        Fact(visitor.say("col_decided_by"), f"{visitor.who(row['by'])} · {moment_text(int(row['at'] or 0))}"),
        Fact(visitor.say("col_state"), visitor.say(f"ask_{state}"), "notice" if state == ASKED else "good"),
    ]
    return facts + ([Fact(visitor.say("approved_by"), visitor.who(row["answered_by"]))] if row["record"] else [])
