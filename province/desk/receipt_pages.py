"""What is on its way and arrives: the receiver's keeper counts it in (清点收货); less than was sent is a case."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from inspector_app.domain.stock import span
from inspector_app.domain.stock_receipts import Counted
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ranges_of
from province.custody.receiving import confirm_receipt
from province.custody.returning import receive_back
from province.databases import DEFAULT
from province.desk.acting import attempt
from province.desk.forms import ActForm, WholeNumber, choice, line
from province.desk.showing import Fact, Section, show
from province.desk.stock_forms import offer_reasons
from province.desk.visitor import Visitor, desk_page
from province.journal.rows import DjangoRows


class ReceiptForm(ActForm):
    """What was counted of it in good order; where that is not all, which numbers came and what became of the rest."""

    act = "count_receipt"
    arrived = WholeNumber()
    came = line(required=False, inputmode="numeric")
    cause = choice(required=False)

    def __init__(self, visitor: Visitor, row: Row, data: Any = None) -> None:
        super().__init__(visitor.language, data)
        offer_reasons(self, visitor, "loss", field="cause")
        if not row["ranges"]:
            del self.fields["came"]

    def goods(self) -> Counted:
        """The count of a valid form."""
        said = self.cleaned_data
        return Counted(count=said["arrived"], typed=said.get("came", ""), cause=said["cause"])


@desk_page("GET", "POST")
def receipt(visitor: Visitor, record: str) -> HttpResponse:
    """What was given, down from above or back from below, and its count."""
    rows = DjangoRows(DEFAULT)
    given_back = rows.one("stock_returns", record=record)
    row = given_back or rows.one("distributions", distribution=record)
    if row is None:
        raise Http404
    form = ReceiptForm(visitor, row, visitor.request.POST or None)
    if visitor.request.method == "POST" and form.is_valid():
        at = next((at for one, at in visitor.keeps if one == row["receiver"]), 1)
        act = receive_back if given_back is not None else confirm_receipt
        counted = form.goods()
        done = attempt(visitor, form, lambda: act(DEFAULT, record, by=visitor.person, location=at, counted=counted))
        if done is not None:
            return redirect("desk-document", done[1])
    asked = Section(note=visitor.say("note_count_receipt"), form=form, wide=False)
    return show(visitor, "stock", visitor.say("receipt_title"), [_sent(visitor, record, row), asked])


def _sent(visitor: Visitor, record: str, row: Row) -> Section:
    """What the giver says was sent."""
    ranges = "\u3000".join(span(*ends) for ends in ranges_of(str(row["ranges"])))
    facts = [
        Fact(visitor.say("col_record"), record),
        Fact(visitor.say("col_kind"), visitor.kind(str(row["kind"]))),
        Fact(visitor.say("col_goods"), ranges or visitor.say("pieces", count=int(row["count"] or 0))),
        *([Fact(visitor.say("together"), f"{int(row['count'] or 0):,}")] if ranges else []),
        Fact(visitor.say("col_from"), visitor.organisation(row["giver"])),
        Fact(visitor.say("col_to"), visitor.organisation(row["receiver"])),
        Fact(visitor.say("col_day"), str(row["day"])),
    ]
    return Section(facts=facts, wide=False)
