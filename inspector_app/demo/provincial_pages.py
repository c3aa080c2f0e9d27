"""The province's own pages, asked as a browser asks them and kept as one file each, readable without a server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from inspector_app.errors import BugError

if TYPE_CHECKING:
    from django.test import Client

_STYLESHEET = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)">')
_FORM_PARTS = re.compile(r'<form method="get".*?</form>', re.DOTALL)
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


def look_at(code: str, lang: str) -> str:
    """The page a telephone shows for a scanned code, its style sheet inside it."""
    digits = code.rpartition("/")[2]
    answer = _browser().get(f"/q/{digits}", {"lang": lang} if lang == "en" else {})
    if answer.status_code != OK:
        raise BugError(f"the public page answered {answer.status_code}")
    return alone(answer.content.decode())


def alone(page: str) -> str:
    """The page as one file: the style sheet stands inside, and what only a server could answer is left out."""
    styled = _STYLESHEET.sub(lambda link: f"<style>{_style(link[1])}</style>", page)
    return _FORM_PARTS.sub("", styled)


def _style(name: str) -> str:
    from django.contrib.staticfiles import finders

    found = finders.find(name)
    if not isinstance(found, str):
        raise BugError(f"no style sheet {name}")
    return Path(found).read_text("utf-8")
