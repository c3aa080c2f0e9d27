"""Who is signed in, and who could be: names and posts as people say them."""

from __future__ import annotations

from typing import NamedTuple

from inspector_app.domain.trust import TrustFile
from inspector_app.services.device import Device
from ui.explain import label

POSTS_SHOWN = 2


class Tile(NamedTuple):
    """One person on the lock page: number, and the names the province made public with the key, if any."""

    person: int
    zh: str
    en: str


def person_words(device: Device) -> tuple[str, str, str, str, str]:
    """Station in Chinese and English, person in both, posts; runs in the background."""
    station = device.rows.one("stations", station=device.sheet.station) or {}
    grant = device.grant(device.session.person) if device.session else None
    names = (grant.name, grant.name_en) if grant else ("", "")
    posts = post_words(grant.posts, grant.kinds) if grant else ""
    return str(station.get("name") or ""), str(station.get("name_en") or ""), names[0], names[1], posts


def post_words(posts: tuple[str, ...], kinds: tuple[str, ...]) -> str:
    """Posts in words, a vet with the kinds of certificate they may sign."""
    shown = []
    for post in posts[:POSTS_SHOWN]:
        word = label("post", post)
        shown.append(f"{word} {'/'.join(kinds)}" if post == "vet" and kinds else word)
    return " · ".join(shown)


def tiles(people: tuple[int, ...], trust: TrustFile | None) -> list[Tile]:
    """The people with a slot here; names come from the public trust file, since the database is still locked."""
    named = {key.subject: key for key in trust.keys} if trust else {}
    found = []
    for person in people:
        key = named.get(person)
        found.append(Tile(person, key.name if key else "", key.name_en if key else ""))
    return found
