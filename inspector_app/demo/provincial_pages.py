"""The province's own pages, asked as a browser asks them and kept as one file each, readable without a server."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

from inspector_app.errors import BugError

if TYPE_CHECKING:
    from django.test import Client

_STYLESHEET = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)">')
_LOOKUP = re.compile(r'<form method="get" action="/q/">.*?</form>', re.DOTALL)
_PLATE_INPUT, _PLATE_BUTTON = '<input id="plate"', "<button>"
_HEADLINE = re.compile(r"<h1>(.*?)</h1>")
OK, FOUND = 200, 302


def _browser() -> Client:
    from django.test import Client

    return Client(headers={"host": "localhost"})


def declare(fields: dict[str, object]) -> str:
    """Send the declaration form; returns the reference the producer is shown."""
    answer = _browser().post("/declare/", {name: str(value) for name, value in fields.items()})
    if answer.status_code != FOUND:
        raise BugError(f"the declaration was not taken: {answer.context['page'].errors if answer.context else ''}")
    return str(answer.headers["Location"]).rstrip("/").rpartition("/")[2]


def look_at(code: str, lang: str, plate_end: str = "") -> str:
    """The page a telephone shows for a scanned code, its style sheet inside it; ``plate_end`` is what was typed."""
    digits = code.rpartition("/")[2]
    asked = ({"lang": lang} if lang == "en" else {}) | ({"plate": plate_end} if plate_end else {})
    answer = _browser().get(f"/q/{digits}", asked)
    if answer.status_code != OK:
        raise BugError(f"the public page answered {answer.status_code}")
    return alone(answer.content.decode(), plate_end)


def headline(page: str) -> str:
    """The answer in large letters on the public page."""
    found = _HEADLINE.search(page)
    if found is None:
        raise BugError("the public page has no headline")
    return html.unescape(found[1])


def alone(page: str, plate_end: str = "") -> str:
    """The page as one file: the style sheet stands inside, and what only a server could answer takes no more input."""
    styled = _LOOKUP.sub("", _STYLESHEET.sub(lambda link: f"<style>{_style(link[1])}</style>", page))
    typed = f'{_PLATE_INPUT} value="{html.escape(plate_end)}" disabled'
    return styled.replace(_PLATE_INPUT, typed).replace(_PLATE_BUTTON, "<button disabled>")


def _style(name: str) -> str:
    from django.contrib.staticfiles import finders

    found = finders.find(name)
    if not isinstance(found, str):
        raise BugError(f"no style sheet {name}")
    return Path(found).read_text("utf-8")
