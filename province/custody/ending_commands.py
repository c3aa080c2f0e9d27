"""Stock that ends in a store, on the server's command line."""

from __future__ import annotations

import argparse
from typing import Any

from inspector_app.domain.stock_endings import Ending
from province.custody.commands import BY, LOCATION, NUMBER, TEXT, Answer, done
from province.databases import DEFAULT


def end_stock(arguments: argparse.Namespace) -> Answer:
    """Report stock of a store lost or used, or ask that it be destroyed; without --kind list what waits."""
    from province.custody import ending

    if not arguments.kind:
        return {"losses": ending.open_losses(DEFAULT), "asks": ending.asked_ends(DEFAULT)}
    request = ending.EndRequest(
        organisation=arguments.organisation,
        kind=arguments.kind,
        how=arguments.how,
        by=arguments.by,
        cause=arguments.cause,
        typed=arguments.ranges,
        count=arguments.count,
        location=arguments.location,
    )
    return done(ending.end_stock(DEFAULT, request))


def decide_end(arguments: argparse.Namespace) -> Answer:
    """The head lets stock be destroyed, or with --decline does not."""
    from province.custody import ending

    return done(ending.decide_end(DEFAULT, arguments.ask, by=arguments.by, decline=arguments.decline))


def conclude_loss(arguments: argparse.Namespace) -> Answer:
    """The head concludes the case of a loss of stock."""
    from province.custody import ending

    said = {"cause": arguments.cause, "conclusion": arguments.conclusion}
    return done(ending.conclude_loss(DEFAULT, arguments.loss, **said, by=arguments.by))


def count_store(arguments: argparse.Namespace) -> Answer:
    """Record what the keeper counted in a store; without --kind list the counts that wait for the head."""
    from inspector_app.domain.stock_receipts import Counted
    from province.custody import counting

    if not arguments.kind:
        return {"counts": counting.unconfirmed_counts(DEFAULT)}
    request = counting.CountRequest(
        organisation=arguments.organisation,
        kind=arguments.kind,
        by=arguments.by,
        counted=Counted(count=arguments.counted, typed=arguments.ranges, cause=arguments.cause),
        location=arguments.location,
    )
    return done(counting.count_store(DEFAULT, request))


def confirm_count(arguments: argparse.Namespace) -> Answer:
    """The head confirms a count of a store."""
    from province.custody import counting

    return done(counting.confirm_count(DEFAULT, arguments.count_name, by=arguments.by))


def add(verbs: Any, verb: Any) -> None:
    """Add the commands; ``verb`` adds one, as :mod:`province.commands` does."""
    goods = (("--organisation", NUMBER), ("--kind", TEXT), ("--ranges", TEXT), ("--count", NUMBER))
    how = ("--how", {"choices": [one.value for one in Ending], "default": Ending.LOST.value})
    cause = ("--cause", {**TEXT, "help": "of the list loss; nothing for what was used"})
    by = (BY[0], {**BY[1], "required": False, "default": 0})
    verb(verbs, "end-stock", end_stock, *goods, how, cause, by, LOCATION)
    verb(verbs, "decide-end", decide_end, ("ask", {}), BY, ("--decline", {"action": "store_true"}))
    said = (("--cause", {"required": True}), ("--conclusion", {"required": True}))
    verb(verbs, "conclude-loss", conclude_loss, ("loss", {}), *said, BY)
    place = (("--organisation", NUMBER), ("--kind", TEXT), ("--ranges", TEXT))
    counted = ("--counted", {"type": int, "default": None, "help": "pieces that lay there; nothing where all did"})
    verb(verbs, "count-store", count_store, *place, counted, cause, by, LOCATION)
    verb(verbs, "confirm-count", confirm_count, ("count_name", {"metavar": "COUNT"}), BY)
