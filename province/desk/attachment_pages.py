"""A photograph or scan that a station sent, to be looked at where the record that names it is shown."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.urls import reverse

from province.databases import DEFAULT
from province.desk.showing import Link
from province.desk.visitor import Visitor, desk_page
from province.journal import attachments, views


@desk_page()
def attachment(_visitor: Visitor, name: str) -> HttpResponse:
    """The bytes of one that is here whole."""
    return views.attachment(name)


def pictures_told(visitor: Visitor, names: Iterable[str]) -> str:
    """The attachments of a record by their SHA-256, each with a word where it has not come in yet."""
    return "\u3000".join(
        name if attachments.is_whole(DEFAULT, name) else f"{name} {visitor.say('attachment_waits')}" for name in names
    )


def picture_links(visitor: Visitor, names: Iterable[str]) -> list[Link]:
    """Ways to those that are here."""
    here = [name for name in names if attachments.is_whole(DEFAULT, name)]
    return [
        Link(to=reverse("desk-attachment", args=[name]), label=visitor.say("show_attachment", n=place))
        for place, name in enumerate(here, start=1)
    ]
