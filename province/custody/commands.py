"""Custody on the server's command line: organisations, their stores, orders, distribution, fees, terms, the estimate.

Each answers with a table of values; what is refused ends with exit 1 and all reasons (:class:`RefusedError`).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import msgspec

from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.seals import SealSheet
from inspector_app.domain.stock_refusals import StockRefused
from inspector_app.errors import StationError
from inspector_app.suites import sha256
from province import reference
from province.custody.refused import RefusedError
from province.databases import DEFAULT

Answer = dict[str, Any]


def done(outcome: msgspec.Struct) -> Answer:
    """The document of a decision as a table. RefusedError for one that was not taken."""
    if isinstance(outcome, StockRefused):
        raise RefusedError(outcome)
    return {name: msgspec.to_builtins(getattr(outcome, name)) for name in outcome.__struct_fields__}


def picture_digest(picture: Path | None) -> str:
    """The SHA-256 (hex) of a photograph's file, which stays where it is; "" for none. StationError for no such file."""
    if picture is None:
        return ""
    try:
        return sha256(picture.read_bytes()).hex()
    except OSError as problem:
        raise StationError("file_unreadable", name=picture.name) from problem


def organisation(arguments: argparse.Namespace) -> Answer:
    """Register or change an organisation; with --keeper also its store and the one keeper of it."""
    from province.custody import organisations

    sheet = OrganisationSheet(
        organisation=arguments.number,
        ordinal=0,
        name=arguments.name,
        line=arguments.line,
        level=arguments.level,
        superior=arguments.superior,
        area=arguments.area,
        station=arguments.station,
        head=arguments.head,
        filing=arguments.filing,
        category=arguments.category,
        filed_from=arguments.filed_from,
        filed_until=arguments.filed_until,
        by=arguments.by,
        at=0,
        deputy=arguments.deputy,
        legal=arguments.legal,
    )
    told = done(organisations.register(DEFAULT, sheet))
    if not arguments.keeper:
        return told
    placed = organisations.place_store(
        DEFAULT,
        arguments.number,
        arguments.location,
        store=arguments.store,
        keeper=arguments.keeper,
        by=arguments.by,
        counted=_counted(arguments.counted),
    )
    return told | {"keeper": done(placed)["keeper"], "location": arguments.location}


def _counted(said: list[str]) -> dict[str, int]:
    """``B=100 mark=7`` as both keepers counted it at a hand-over."""
    pairs = (one.partition("=") for one in said)
    return {kind: int(count) for kind, _, count in pairs if count.isascii() and count.isdigit()}


def stock_in(arguments: argparse.Namespace) -> Answer:
    """A delivery from the printing house into an organisation's store."""
    from province.custody.receiving import Delivery, receive

    delivery = Delivery(
        organisation=arguments.organisation,
        kind=arguments.kind,
        by=arguments.by,
        location=arguments.location,
        typed=arguments.ranges or _one_range(arguments),
        count=0 if arguments.ranges or arguments.first else arguments.count,
        day=arguments.day,
        note=arguments.source,
        ledger=arguments.format,
    )
    return done(receive(DEFAULT, delivery))


def _one_range(arguments: argparse.Namespace) -> str:
    if not arguments.first:
        return ""
    last = arguments.last or str(int(arguments.first) + arguments.count - 1).zfill(len(arguments.first))
    return f"{arguments.first}-{last}"


def order(arguments: argparse.Namespace) -> Answer:
    """Place an order with the direct superior, or without --wanted list a month's; with --reason the head is asked."""
    from province.custody.ordering import OrderRequest, place_order
    from province.journal.rows import DjangoRows

    if not arguments.wanted:
        return {"orders": DjangoRows(DEFAULT).many("orders", month=arguments.month)}
    request = OrderRequest(
        organisation=arguments.organisation,
        superior=arguments.superior,
        kind=arguments.kind,
        wanted=arguments.wanted,
        by=arguments.by,
        location=arguments.location,
        reason=arguments.reason,
    )
    return done(place_order(DEFAULT, request))


def distribute(arguments: argparse.Namespace) -> Answer:
    """Give stock to a direct subordinate; --paper: done on --day by a slip; --reason: the head is asked."""
    from province.custody import deciding, terms
    from province.custody.distributing import DistributionRequest
    from province.custody.distributing import distribute as give

    request = DistributionRequest(
        giver=arguments.giver,
        receiver=arguments.receiver,
        kind=arguments.kind,
        by=arguments.by,
        location=arguments.location,
        typed=arguments.ranges,
        count=arguments.count,
        day=arguments.day,
        paper=arguments.paper,
        order=arguments.order,
        reason=arguments.reason,
        ledger=arguments.format,
    )
    told = done(give(DEFAULT, request))
    if "distribution" not in told:
        return told
    due_on = terms.due(deciding.policy(DEFAULT), told["on"])
    return told | {"due_on": due_on, "late": deciding.today(DEFAULT) > due_on}


def give_back(arguments: argparse.Namespace) -> Answer:
    """Give unused stock back to the direct superior; --ranges for numbers, --count for counted goods."""
    from province.custody.returning import ReturnRequest
    from province.custody.returning import give_back as give

    request = ReturnRequest(
        giver=arguments.giver,
        kind=arguments.kind,
        by=arguments.by,
        reason=arguments.reason,
        location=arguments.location,
        typed=arguments.ranges,
        count=arguments.count,
        ledger=arguments.format,
    )
    return done(give(DEFAULT, request))


def receive(arguments: argparse.Namespace) -> Answer:
    """Count a distribution in, or what was given back from below; less than was sent opens a case (--cause)."""
    from inspector_app.domain.stock_receipts import Counted
    from province.custody.receiving import confirm_receipt
    from province.custody.returning import receive_back
    from province.journal.rows import DjangoRows

    name, counted = (
        arguments.distribution,
        Counted(count=arguments.count, typed=arguments.ranges, cause=arguments.cause),
    )
    whose = {"by": arguments.by, "location": arguments.location, "counted": counted}
    if DjangoRows(DEFAULT).one("stock_returns", record=name) is not None:
        told = done(receive_back(DEFAULT, name, **whose))
    else:
        told = done(confirm_receipt(DEFAULT, name, **whose, day=arguments.day))
    case = DjangoRows(DEFAULT).one("stock_endings", shipment=name)
    return told | ({"case": case["ending"], "missing": case["count"]} if case is not None else {})


def fee(arguments: argparse.Namespace) -> Answer:
    """Charge the cost fee of a distribution or a draw (--invoice), or record a payment of a fee (--receipt)."""
    from province.custody import fees

    if arguments.receipt:
        settled = fees.settle(
            DEFAULT, arguments.record, amount_fen=arguments.fen, receipt=arguments.receipt, by=arguments.by
        )
        return done(settled)
    charged = fees.charge(
        DEFAULT, arguments.record, amount_fen=arguments.fen, invoice=arguments.invoice, by=arguments.by
    )
    return done(charged)


def on_hand(arguments: argparse.Namespace) -> Answer:
    """What lies in an organisation's store, and with --from its ledger in the province's format."""
    from province.custody import stores

    place = (DEFAULT, arguments.organisation, arguments.kind)
    read = stores.ended_lots if arguments.given_back else stores.lots
    held = [msgspec.to_builtins(lot) for lot in read(*place, location=arguments.location)]
    if not arguments.first_day:
        return {"on_hand": held}
    shelf = {"location": arguments.location, "named": arguments.format, "ended": arguments.given_back}
    page = stores.ledger(*place, arguments.first_day, arguments.last_day or arguments.first_day, **shelf)
    return {"ledger": done(page), "on_hand": held}


def estimate(arguments: argparse.Namespace) -> Answer:
    """The cost estimate for the year after --year, in fen."""
    from province.custody.using import estimate as lines_of

    lines = lines_of(DEFAULT, arguments.organisation, arguments.year)
    total = sum(line.amount_fen for line in lines)
    return {"lines": [msgspec.to_builtins(line) for line in lines], "total_fen": total}


def draw(arguments: argparse.Namespace) -> Answer:
    """Draw for a station that is a using unit, under all rules; over the cap with a reason it waits for the head."""
    from province.custody import drawing

    return drawn(drawing.draw(DEFAULT, _draw_request(arguments)))


def confirm_draw(arguments: argparse.Namespace) -> Answer:
    """The head lets a draw over the cap happen, or with --decline does not."""
    from province.custody import drawing

    if arguments.decline:
        return done(drawing.decline(DEFAULT, arguments.ask, by=arguments.by))
    return drawn(drawing.confirm(DEFAULT, arguments.ask, by=arguments.by))


def drawn(outcome: Any) -> Answer:
    """A draw as a table, or the document of another decision."""
    from province.numbers.models import DrawnRange

    if not isinstance(outcome, DrawnRange):
        return done(outcome)
    ends = {"first": outcome.first, "last": outcome.last}
    return {"draw": outcome.draw, "kind": outcome.kind, **ends, "station": outcome.station}


def _draw_request(arguments: argparse.Namespace) -> Any:
    from province.custody.drawing import DrawRequest

    return DrawRequest(
        station=arguments.station,
        kind=arguments.kind,
        by=arguments.by,
        typed=_one_range(arguments),
        count=0 if arguments.first else arguments.count,
        holder=arguments.holder,
        location=arguments.location,
        reason=arguments.reason,
        emergency=arguments.emergency,
        ledger=arguments.format,
    )


def is_under_rules(station: int) -> bool:
    """Whether a station is a registered using unit, so that its draws are decided here."""
    from province.custody.organisations import of_station

    return of_station(DEFAULT, station) is not None


def overdue(arguments: argparse.Namespace) -> Answer:
    """What has passed its term and whom it has gone to, and what waits for people; --all tells what still runs, too."""
    from province.custody import approving, drawing, emergencies, terms

    running = terms.open_terms(DEFAULT) if arguments.all else terms.overdue(DEFAULT)
    return {
        "terms": [msgspec.to_builtins(term) for term in running],
        "late_records": [msgspec.to_builtins(one) for one in terms.late_records(DEFAULT)],
        "emergencies": [
            msgspec.to_builtins(one) | {"is_for_keeper": one.is_for_keeper}
            for one in emergencies.open_emergencies(DEFAULT)
        ],
        "draws_waiting": drawing.waiting(DEFAULT),
        "stock_waiting": approving.waiting_approvals(DEFAULT),
    }


def seal(arguments: argparse.Namespace) -> Answer:
    """Register an official seal, give it to its next holder, or end it."""
    from province.custody import seals

    held = seals.seal_now(DEFAULT, arguments.seal)
    picture = picture_digest(arguments.impression)
    sheet = SealSheet(
        seal=arguments.seal,
        ordinal=0,
        organisation=arguments.organisation,
        holder=arguments.holder,
        impression=picture or (held.impression if held is not None else ""),
        since=arguments.since,
        until=arguments.until,
        by=arguments.by,
        at=0,
    )
    return done(seals.keep_seal(DEFAULT, sheet, location=arguments.location))


def licence_file(arguments: argparse.Namespace) -> Answer:
    """Papers of a licence's application go on file; --cancelled: the licence ended; --remove: they are destroyed."""
    from province.custody import seals

    if arguments.remove:
        return done(seals.remove_file(DEFAULT, arguments.file, by=arguments.by))
    if arguments.cancelled:
        return done(seals.cancel_licence(DEFAULT, arguments.file, by=arguments.by, day=arguments.cancelled))
    opened = seals.open_file(
        DEFAULT, arguments.file, organisation=arguments.organisation, licence=arguments.licence, by=arguments.by
    )
    return done(opened)


def kinds() -> list[str]:
    """The kinds of stock of the catalogue."""
    return [row.code for row in reference.catalogue().records("stock_kind")]


NUMBER: dict[str, Any] = {"type": int, "default": 0}
TEXT: dict[str, Any] = {"default": ""}
BY = ("--by", {"type": int, "required": True, "help": "roster number of who decides"})
LOCATION = ("--location", {"type": int, "default": 1, "help": "the store, where an organisation has several"})
FORMAT = ("--format", {**TEXT, "help": "the ledger format of the record; the one in force by default"})


def add(verbs: Any, verb: Any) -> None:
    """Add the commands; ``verb`` adds one, as :mod:`province.commands` does."""
    kind = ("--kind", {"required": True})
    day = ("--day", {**TEXT, "help": "YYYY-MM-DD"})
    reason = ("--reason", {**TEXT, "help": "why it should pass all the same: the head is asked"})
    _add_organisation(verbs, verb)
    parties = (("--organisation", NUMBER), ("--superior", NUMBER))
    month = ("--month", {**TEXT, "help": "YYYY-MM: list its orders"})
    verb(
        verbs,
        "order",
        order,
        *parties,
        ("--kind", TEXT),
        ("--wanted", NUMBER),
        month,
        ("--by", NUMBER),
        LOCATION,
        reason,
    )
    goods = (("--ranges", TEXT), ("--count", NUMBER), day, ("--paper", {"action": "store_true"}), ("--order", TEXT))
    sides = (("--giver", {"type": int, "required": True}), ("--receiver", {"type": int, "required": True}))
    verb(verbs, "distribute", distribute, *sides, kind, *goods, BY, LOCATION, reason, FORMAT)
    back = (("--ranges", TEXT), ("--count", NUMBER), ("--reason", {"required": True, "help": "of number_return"}))
    verb(verbs, "give-back", give_back, sides[0], kind, *back, BY, LOCATION, FORMAT)
    came = {"type": int, "default": None, "help": "how many came in good order; all of them by default"}
    ranges = ("--ranges", {**TEXT, "help": "the numbers that came, where not all did"})
    cause = ("--cause", {**TEXT, "help": "what became of the rest: of the list loss"})
    verb(verbs, "receive", receive, ("distribution", {}), ("--count", came), ranges, cause, BY, LOCATION, day)
    paper = (("--invoice", TEXT), ("--receipt", TEXT))
    verb(verbs, "fee", fee, ("record", {}), ("--fen", {"type": int, "required": True}), *paper, BY)
    period = (("--from", {**TEXT, "dest": "first_day"}), ("--to", {**TEXT, "dest": "last_day"}))
    holder = ("--organisation", {"type": int, "required": True})
    shelf = ("--given-back", {"action": "store_true", "help": "the numbers vets gave back"})
    verb(verbs, "on-hand", on_hand, holder, kind, LOCATION, *period, FORMAT, shelf)
    verb(verbs, "estimate", estimate, holder, ("--year", {"type": int, "required": True}))
    verb(verbs, "confirm-draw", confirm_draw, ("ask", {}), BY, ("--decline", {"action": "store_true"}))
    verb(verbs, "overdue", overdue, ("--all", {"action": "store_true"}))
    _add_registers(verbs, verb)


_COUNTED = ("--counted", {"action": "append", "default": [], "help": "KIND=N as counted at a hand-over"})


def _add_organisation(verbs: Any, verb: Any) -> None:
    required = (("--number", {"type": int, "required": True}), ("--name", {"required": True}))
    place = (
        ("--line", {"default": "institution", "choices": ["institution", "authority"]}),
        ("--level", {"required": True, "choices": ["province", "city", "county", "station"]}),
        ("--superior", NUMBER),
        ("--area", {"type": int, "required": True}),
        ("--station", {**NUMBER, "help": "the station this using unit is"}),
        ("--head", NUMBER),
        ("--deputy", {**NUMBER, "help": "the deputy leader (分管领导), who agrees to a destruction and watches it"}),
        ("--legal", {**NUMBER, "help": "the legal representative (法定代表人)"}),
    )
    filed = (("--filing", TEXT), ("--category", TEXT), ("--filed-from", TEXT), ("--filed-until", TEXT))
    store = (("--store", {**TEXT, "help": "the name of the store"}), ("--keeper", NUMBER), _COUNTED, LOCATION)
    verb(verbs, "organisation", organisation, *required, *place, *filed, *store, BY)


def _add_registers(verbs: Any, verb: Any) -> None:
    picture = ("--impression", {"type": Path, "help": "the picture of its impression"})
    term = (("--since", {"required": True}), ("--until", TEXT))
    holder = (("--organisation", {"type": int, "required": True}), ("--holder", NUMBER))
    verb(verbs, "seal", seal, ("seal", {}), *holder, picture, *term, BY, LOCATION)
    ends = (("--cancelled", {**TEXT, "help": "the day of 注销"}), ("--remove", {"action": "store_true"}))
    verb(verbs, "licence-file", licence_file, ("file", {}), ("--organisation", NUMBER), ("--licence", TEXT), *ends, BY)


def add_stock_options(parser: argparse.ArgumentParser) -> None:
    """What ``province stock`` knows of a delivery into an organisation's store."""
    for flag, settings in (
        ("--organisation", {**NUMBER, "help": "the organisation whose store it comes into"}),
        ("--by", {**NUMBER, "help": "roster number of its keeper"}),
        LOCATION,
        ("--ranges", {**TEXT, "help": "several ranges, with commas between them"}),
        ("--day", {**TEXT, "help": "the day it came in, YYYY-MM-DD"}),
        FORMAT,
    ):
        parser.add_argument(flag, **settings)


def add_draw_options(parser: argparse.ArgumentParser) -> None:
    """What ``province draw`` knows of a draw under the rules of custody."""
    for flag, settings in (
        ("--by", {**NUMBER, "help": "roster number of the keeper who decides"}),
        LOCATION,
        ("--reason", {**TEXT, "help": "why more than the cap is wanted"}),
        ("--emergency", {**TEXT, "help": "the request of a station that has run out"}),
        FORMAT,
    ):
        parser.add_argument(flag, **settings)
