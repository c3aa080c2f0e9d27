"""Destruction of a store's stock, on the server's command line: asked for, agreed to by three others, carried out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from province.custody.commands import BY, LOCATION, NUMBER, TEXT, Answer, done, picture_digest
from province.databases import DEFAULT


def ask(arguments: argparse.Namespace) -> Answer:
    """Ask that stock of a store be destroyed; without --kind list the requests that are open."""
    from province.custody import destroying

    if not arguments.kind:
        return {"asks": destroying.asked_ends(DEFAULT)}
    request = destroying.DestructionRequest(
        organisation=arguments.organisation,
        kind=arguments.kind,
        by=arguments.by,
        cause=arguments.cause,
        method=arguments.method,
        planned_on=arguments.planned,
        typed=arguments.ranges,
        count=arguments.count,
        location=arguments.location,
    )
    return done(destroying.ask_destruction(DEFAULT, request))


def review(arguments: argparse.Namespace) -> Answer:
    """The head reviews a request with what was counted, or sends it --back; --suspected opens a case."""
    from province.custody import destroying

    said = {"sent_back": arguments.back, "suspected": arguments.suspected}
    return done(destroying.review(DEFAULT, arguments.ask, counted=arguments.counted, by=arguments.by, **said))


def approve(arguments: argparse.Namespace) -> Answer:
    """Deputy leader or legal representative agrees to a request."""
    from province.custody import destroying

    return done(destroying.approve(DEFAULT, arguments.ask, by=arguments.by))


def signed(arguments: argparse.Namespace) -> Answer:
    """The keeper enters a request signed on paper (--picture), or the head confirms one entered (--confirm)."""
    from province.custody import destroying

    if arguments.confirm:
        return done(destroying.confirm_signed(DEFAULT, arguments.record, by=arguments.by))
    picture = picture_digest(arguments.picture)
    entered = destroying.enter_signed(
        DEFAULT, arguments.record, signed_on=arguments.day, picture=picture, by=arguments.by
    )
    return done(entered)


def destroy(arguments: argparse.Namespace) -> Answer:
    """The keeper records that a request was carried out in the deputy leader's presence."""
    from province.custody import destroying

    said = destroying.Done(
        method=arguments.method,
        counted=arguments.counted,
        supervisor=arguments.supervisor,
        picture=picture_digest(arguments.picture),
        on=arguments.day,
    )
    return done(destroying.destroy(DEFAULT, arguments.ask, said, by=arguments.by))


def add(verbs: Any, verb: Any) -> None:
    """Add the commands; ``verb`` adds one, as :mod:`province.commands` does."""
    goods = (("--organisation", NUMBER), ("--kind", TEXT), ("--ranges", TEXT), ("--count", NUMBER))
    why = (("--cause", {**TEXT, "help": "of the list loss"}), ("--planned", {**TEXT, "help": "YYYY-MM-DD"}))
    method = ("--method", {**TEXT, "help": "of the list destruction"})
    by = (BY[0], {**BY[1], "required": False, "default": 0})
    request: tuple[str, dict[str, Any]] = ("ask", {})
    verb(verbs, "ask-destruction", ask, *goods, *why, method, by, LOCATION)
    counted = ("--counted", {"type": int, "required": True, "help": "pieces counted in hand"})
    back = ("--back", {**TEXT, "help": "send it back: of the list destruction_back"})
    verb(verbs, "review-destruction", review, request, counted, back, ("--suspected", {"action": "store_true"}), BY)
    verb(verbs, "approve-destruction", approve, request, BY)
    picture = ("--picture", {"type": Path, "help": "the photograph"})
    day = ("--day", {**TEXT, "help": "YYYY-MM-DD"})
    confirm = ("--confirm", {"action": "store_true", "help": "the head saw the form"})
    record = ("record", {"help": "the request, or with --confirm the form"})
    verb(verbs, "signed-destruction", signed, record, day, picture, confirm, BY)
    watched = ("--supervisor", {"type": int, "required": True, "help": "the deputy leader"})
    verb(verbs, "destroy-stock", destroy, request, counted, watched, method, picture, day, BY)
