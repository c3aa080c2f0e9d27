"""One record beside a list, as any page shows it: what it is, its steps, and what may be done with it now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from inspector_app.domain.authority import Action, Post
from inspector_app.domain.refusals import Refusal
from inspector_app.services.device import Device
from ui import explain
from ui.models.naming import Naming
from ui.tokens import Tone
from ui.widgets.popup_list import Option


class Line(NamedTuple):
    """One line of a list of records; ``item`` is what the page works with."""

    ref: str
    title: str
    detail: str
    what: str
    day: str
    state: str
    tone: Tone
    item: Any = None


class Deed(NamedTuple):
    """Something that may be done with a record: its words are ``<page>.<name>``; ``why_not`` says why not now."""

    name: str
    icon: str
    why_not: str = ""


class StepShown(NamedTuple):
    """One step of several: what it is, with who took it or what it lacks."""

    words: str
    tone: Tone


class Record(NamedTuple):
    """One record in words; ``steps`` in their order, empty where it has none."""

    ref: str
    title: str
    caption: str = ""
    state: str = ""
    tone: Tone = Tone.OFF
    facts: Sequence[tuple[str, str]] = ()
    deeds: Sequence[Deed] = ()
    steps: Sequence[StepShown] = ()
    next_words: str = ""


def why_not(device: Device, action: Action, *more: Refusal) -> str:
    """Why the signed-in person may not do something now, "" when they may; ``more`` are reasons already known."""
    found = [*device.may(action), *more]
    return explain.refusal(found[0]).headline if found else ""


def people_with(device: Device, post: Post) -> list[Option]:
    """Everybody in the station's roster who holds a post now."""
    now, naming = device.clock.now().at, Naming(device)
    grants = [
        device.grant(number) for number in sorted({int(row["person"] or 0) for row in device.rows.many("grants")})
    ]
    holding = [
        grant
        for grant in grants
        if grant is not None
        and post in grant.posts
        and grant.station in (0, device.sheet.station)
        and grant.valid_from <= now <= grant.valid_until
    ]
    return [Option(grant.person, naming.person(grant.person)) for grant in holding]


def names_of(options: Sequence[Option], comma: str) -> str:
    """The names of people, one after the other."""
    return comma.join(option.title for option in options)
