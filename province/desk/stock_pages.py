"""M02 证号库存: where every number lies, deliveries, orders, distributions, receipts and fees."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import msgspec
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from inspector_app.domain.stock import size_of, span, take_oldest, yuan
from inspector_app.domain.stock_refusals import StockRefusal
from inspector_app.journal.projections import Row
from province import reference
from province.custody import fees, terms
from province.custody.distributing import distribute
from province.custody.ordering import place_order
from province.custody.receiving import receive
from province.custody.returning import give_back, open_returns
from province.custody.stores import ended_lots, lots
from province.databases import DEFAULT
from province.desk import approval_pages
from province.desk.acting import approved_by, attempt
from province.desk.forms import ActForm
from province.desk.holdings import Holding, WaitingOrder, holdings, is_short, waiting_orders
from province.desk.showing import Cell, Fact, Link, Section, Table, chip, number, show, text
from province.desk.stock_forms import (
    ChargeForm,
    DeliveryForm,
    DistributionForm,
    OrderForm,
    PaymentForm,
    ReturnForm,
    store_of,
)
from province.desk.visitor import Visitor, desk_page
from province.journal.rows import DjangoRows

RANGES_SHOWN = 3
ASKED = ("receiver", "kind", "count", "order")
"""What a link to a distribution may fill in."""
ACTS = ("stock_deliver", "stock_order", "stock_distribute", "stock_return", "stock_end", "fees")


@desk_page()
def stock(visitor: Visitor) -> HttpResponse:
    """The tree of one kind, what is on its way, what waits."""
    asked = visitor.request.GET.get("kind", "")
    kinds = reference.catalogue().stock_kinds(visitor.today)
    kind = asked if asked in {row.code for row in kinds} else kinds[0].code
    tabs = [Link(f"?kind={row.code}", row.name(visitor.language), row.code == kind) for row in kinds]
    sections = [_tree(visitor, kind), _coming(visitor), _going_back(visitor), approval_pages.waiting(visitor)]
    sections += [_orders(visitor), _terms(visitor)]
    return show(visitor, "stock", visitor.say("menu_stock"), sections, tabs=tabs)


def _tree(visitor: Visitor, kind: str) -> Section:
    found = holdings(DEFAULT, kind)
    head = [visitor.say(name) for name in ("col_organisation", "col_on_hand", "col_ranges", "col_coming", "col_days")]
    rows = [_holding(visitor, one) for one in found]
    return Section(
        title=visitor.say("stock_tree", kind=visitor.kind(kind)),
        note=visitor.say("stock_tree_note"),
        table=Table(head=head, rows=rows, empty=visitor.say("no_organisations")),
        links=[Link(reverse(f"desk-{name.replace('_', '-')}"), visitor.say(f"go_{name}")) for name in ACTS],
    )


def _holding(visitor: Visitor, one: Holding) -> list[Cell]:
    shown = "\u3000".join(one.ranges[:RANGES_SHOWN])
    more = len(one.ranges) - RANGES_SHOWN
    level = visitor.say(f"level_{one.level}")
    return [
        Cell(text=visitor.organisation(one.organisation), note=level, indent=one.depth),
        _on_hand(visitor, one),
        text(shown, note=visitor.say("more_ranges", count=more) if more > 0 else ""),
        number(one.coming) if one.coming else text(""),
        _days(visitor, one),
    ]


def _on_hand(visitor: Visitor, one: Holding) -> Cell:
    note = visitor.say("with_ended", count=one.ended) if one.ended else ""
    return msgspec.structs.replace(number(one.on_hand), note=note)


def _days(visitor: Visitor, one: Holding) -> Cell:
    if one.days_left is None:
        return text(visitor.say("nothing_used") if one.on_hand else "")
    return chip(visitor.say("days", count=one.days_left), "notice" if is_short(one) else "good")


def _coming(visitor: Visitor) -> Section:
    head = [visitor.say(f"col_{name}") for name in ("record", "kind", "goods", "from", "to", "day", "receipt")]
    rows = [_distribution(visitor, row) for row in DjangoRows(DEFAULT).many("distributions", received_on=None)]
    table = Table(head=head, rows=rows, empty=visitor.say("nothing_coming"))
    return Section(title=visitor.say("on_its_way"), table=table)


def _distribution(visitor: Visitor, row: Row) -> list[Cell]:
    return _on_its_way(visitor, row, str(row["distribution"]))


def _on_its_way(visitor: Visitor, row: Row, record: str) -> list[Cell]:
    """What left one store and is not counted into the other yet; its receiver's keeper may do that."""
    goods = str(row["ranges"]).replace("-", "–").replace(",", "\u3000")
    mine = any(organisation == row["receiver"] for organisation, _at in visitor.keeps)
    to_count = text(visitor.say("do_count_receipt"), link=reverse("desk-stock-receipt", args=[record]))
    return [
        text(record),
        text(visitor.short_kind(str(row["kind"]))),
        text(goods, note=visitor.say("pieces", count=int(row["count"] or 0))),
        text(visitor.organisation(row["giver"])),
        text(visitor.organisation(row["receiver"])),
        text(row["day"]),
        to_count if mine else text(visitor.say("waits_for_receiver")),
    ]


def _going_back(visitor: Visitor) -> Section:
    head = [visitor.say(f"col_{name}") for name in ("record", "kind", "goods", "from", "to", "day", "receipt")]
    rows = []
    for row in open_returns(DEFAULT):
        cells = _on_its_way(visitor, row, str(row["record"]))
        dead = visitor.say("ended_numbers") if row["ended"] else visitor.say("undrawn_stock")
        rows.append([text(row["record"], note=dead), *cells[1:]])
    table = Table(head=head, rows=rows, empty=visitor.say("nothing_going_back"))
    return Section(title=visitor.say("going_back"), table=table)


def _orders(visitor: Visitor) -> Section:
    names = ("record", "organisation", "kind", "wanted", "given", "month", "state")
    head = [visitor.say(f"col_{name}") for name in names]
    rows = [_order(visitor, one) for one in waiting_orders(DEFAULT)]
    return Section(
        title=visitor.say("orders_waiting"), table=Table(head=head, rows=rows, empty=visitor.say("no_orders"))
    )


def _order(visitor: Visitor, one: WaitingOrder) -> list[Cell]:
    state = chip(visitor.say("overdue"), "stop") if one.overdue else chip(visitor.say("waiting"), "unknown")
    may_give = any(organisation == one.superior for organisation, _at in visitor.keeps)
    asked = urlencode({"receiver": one.organisation, "kind": one.kind, "count": one.wanted - one.given})
    to_give = f"{reverse('desk-stock-distribute')}?{asked}&order={one.order}"
    return [
        text(one.order, link=to_give if may_give else ""),
        text(visitor.organisation(one.organisation)),
        text(visitor.short_kind(one.kind)),
        number(one.wanted),
        number(one.given),
        text(one.month, note=visitor.say("order_late") if one.late else ""),
        state,
    ]


def _terms(visitor: Visitor) -> Section:
    head = [visitor.say(f"col_{name}") for name in ("record", "waits_for", "day", "due_on", "gone_to")]
    rows = [
        [
            text(one.record, note=visitor.say(f"term_{one.what}")),
            text(visitor.organisation(one.organisation)),
            text(one.on),
            chip(one.due_on, "stop" if one.working_days_left < 0 else "unknown"),
            text(visitor.organisation(one.escalated_to) if one.escalated_to else ""),
        ]
        for one in terms.open_terms(DEFAULT)
    ]
    return Section(title=visitor.say("terms"), table=Table(head=head, rows=rows, empty=visitor.say("no_terms")))


@desk_page("GET", "POST")
def deliver(visitor: Visitor) -> HttpResponse:
    """A delivery of the printing house comes in."""
    form = DeliveryForm(visitor, visitor.request.POST or None)
    if visitor.request.method == "POST" and form.is_valid():
        done = attempt(visitor, form, lambda: receive(DEFAULT, form.delivery(visitor.person)))
        if done is not None:
            return redirect("desk-document", done[1])
    return _form_page(visitor, form, "deliver")


@desk_page("GET", "POST")
def order(visitor: Visitor) -> HttpResponse:
    """An order to the direct superior."""
    form = OrderForm(visitor, visitor.request.POST or None)
    if visitor.request.method == "POST" and form.is_valid():
        head = approved_by(visitor, form)
        request = form.request(visitor, head) if head is not None else None
        done = attempt(visitor, form, lambda: place_order(DEFAULT, request)) if request else None
        if done is not None:
            return redirect("desk-document", done[1])
    return _form_page(visitor, form, "order")


@desk_page("GET", "POST")
def give(visitor: Visitor) -> HttpResponse:
    """Stock for a direct subordinate: first what would be given, then the act."""
    asked = {name: value for name, value in visitor.request.GET.items() if name in ASKED}
    form = DistributionForm(visitor, visitor.request.POST or None, initial=asked)
    proposal: list[Section] = []
    if visitor.request.method == "POST" and form.is_valid():
        if "propose" in visitor.request.POST:
            proposal = list(_proposal(visitor, form))
        elif (head := approved_by(visitor, form)) is not None:
            done = attempt(visitor, form, lambda: distribute(DEFAULT, form.request(visitor, head)))
            if done is not None:
                return redirect("desk-document", done[1])
    return _form_page(visitor, form, "distribute", *proposal)


def _proposal(visitor: Visitor, form: DistributionForm) -> Iterator[Section]:
    """What oldest first means for the count that was typed."""
    organisation, location = store_of(form)
    held = lots(DEFAULT, organisation, form.cleaned_data["kind"], location=location)
    goods = take_oldest(held, form.cleaned_data["count"]) if any(lot.first for lot in held) else None
    if isinstance(goods, StockRefusal):
        form.refuse([goods])
        return
    ranges = goods.ranges if goods is not None else ()
    facts = [Fact(visitor.say("col_on_hand"), f"{sum(lot.count for lot in held):,}")]
    facts += [Fact(visitor.say("oldest_first"), span(*one)) for one in ranges]
    facts += [Fact(visitor.say("together"), f"{size_of(ranges):,}")] if ranges else []
    yield Section(title=visitor.say("proposal"), facts=facts)


@desk_page("GET", "POST")
def back(visitor: Visitor) -> HttpResponse:
    """Unused stock goes back to the direct superior."""
    form = ReturnForm(visitor, visitor.request.POST or None)
    if visitor.request.method == "POST" and form.is_valid():
        done = attempt(visitor, form, lambda: give_back(DEFAULT, form.request(visitor)))
        if done is not None:
            return redirect("desk-document", done[1])
    return _form_page(visitor, form, "return", _returnable(visitor))


def _returnable(visitor: Visitor) -> Section:
    """What lies in the stores of whoever acts here, stock and numbers given back apart."""
    head = [visitor.say(f"col_{name}") for name in ("organisation", "kind", "ranges", "on_hand")]
    rows = [
        [
            text(visitor.organisation(organisation), note=visitor.say(sort)),
            text(visitor.short_kind(kind.code)),
            text(span(lot.first, lot.last) if lot.first else ""),
            number(lot.count),
        ]
        for organisation, at in visitor.keeps
        for kind in reference.catalogue().stock_kinds(visitor.today)
        for sort, read in (("undrawn_stock", lots), ("ended_numbers", ended_lots))
        for lot in read(DEFAULT, organisation, kind.code, location=at)
    ]
    return Section(
        title=visitor.say("returnable"), table=Table(head=head, rows=rows, empty=visitor.say("nothing_returnable"))
    )


def refused(visitor: Visitor, form: ActForm, place: str) -> HttpResponse:
    """Why an act of one press was not done."""
    section = Section(
        problems=[str(one) for one in form.non_field_errors()],
        links=[Link(reverse(f"desk-{place}"), visitor.say(f"menu_{place}"))],
    )
    return show(visitor, place, visitor.say("not_done"), [section], status=409)


@desk_page("GET", "POST")
def fee_pages(visitor: Visitor) -> HttpResponse:
    """The cost fees between institutions: what is owed, charging one, a payment."""
    posted = visitor.request.POST or None
    pays = bool(posted and "fee" in posted)
    charging = ChargeForm(visitor, None if pays else posted)
    paying = PaymentForm(visitor, posted if pays else None, initial={"fee": visitor.request.GET.get("fee", "")})
    form = paying if pays else charging
    if posted and form.is_valid():
        done = attempt(visitor, form, lambda: _fee_act(visitor, form))
        if done is not None:
            return redirect("desk-document", done[1])
    sections = [_fees(visitor), Section(title=charging.label, form=charging, wide=False)]
    sections.append(Section(title=paying.label, form=paying, wide=False))
    return show(visitor, "stock", visitor.say("go_fees"), sections)


def _fee_act(visitor: Visitor, form: ActForm) -> object:
    said, by = form.cleaned_data, visitor.person
    location = visitor.keeps[0][1] if visitor.keeps else 1
    if isinstance(form, PaymentForm):
        return fees.settle(
            DEFAULT, said["fee"], amount_fen=said["yuan"], receipt=said["receipt"], by=by, location=location
        )
    record = said["distribution"]
    return fees.charge(DEFAULT, record, amount_fen=said["yuan"], invoice=said["invoice"], by=by, location=location)


def _fees(visitor: Visitor) -> Section:
    head = [visitor.say(f"col_{name}") for name in ("record", "payer", "payee", "invoice", "amount", "paid", "state")]
    rows = [_fee(visitor, row) for row in DjangoRows(DEFAULT).many("fees", order="at")[::-1]]
    return Section(title=visitor.say("fees"), table=Table(head=head, rows=rows, empty=visitor.say("no_fees")))


def _fee(visitor: Visitor, row: Row) -> list[Cell]:
    settled = row["settled_on"] is not None
    state = visitor.say("settled", day=str(row["settled_on"])) if settled else visitor.say("owed")
    return [
        text(row["fee"], link="" if settled else f"?fee={row['fee']}"),
        text(visitor.organisation(row["payer"])),
        text(visitor.organisation(row["payee"])),
        text(row["invoice"], note=str(row["distribution"])),
        Cell(text=yuan(int(row["amount_fen"] or 0)), right=True),
        Cell(text=yuan(int(row["paid_fen"] or 0)), right=True),
        chip(state, "good" if settled else "notice"),
    ]


def _form_page(visitor: Visitor, form: ActForm, name: str, *more: Section) -> HttpResponse:
    title = visitor.say(f"go_stock_{name}")
    note = visitor.say(f"note_stock_{name}") if visitor.keeps else visitor.say("keeps_nothing")
    return show(visitor, "stock", title, [*more, Section(note=note, form=form, wide=False)])
