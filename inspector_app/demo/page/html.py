"""Small pieces of HTML: escaped text in both languages, tables, cards, pictures inside the file."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Sequence

from inspector_app.demo.telling import Both
from inspector_app.domain.credential import Judgement, Tone

TONES = {"good": "✓", "stop": "✕", "notice": "!", "plain": "·"}
VERDICT_TONES = {Tone.GOOD: "good", Tone.NOTICE: "notice", Tone.STOP: "stop", Tone.UNKNOWN: "plain"}


_NUMBER = re.compile(r"\b([ABN]) (?=[0-9]{10}\b)")
_PLATE = re.compile(r"苏(?=K)")
_SPELT_PLATE = re.compile(r"\bSu (?=K[0-9])")
_APOSTROPHE = re.compile(r"(?<=[a-zA-Z0-9])'(?=[a-z]|\s|$)")


def plain(text: str) -> str:
    """Text as HTML, with printers' apostrophes; numbers and plates are never broken over two lines."""
    whole = _PLATE.sub("\\g<0>\u2060", _NUMBER.sub("\\1\u00a0", _APOSTROPHE.sub("’", text)))
    return html.escape(_SPELT_PLATE.sub("Su\u00a0", whole), quote=True)


class Page:
    """Writes in the reader's language first and the other one beside it."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def both(self, text: Both, tag: str = "span", *, kind: str = "") -> str:
        """Both languages one after the other, the reader's first."""
        first, second = ("zh", "en") if self.lang == "zh" else ("en", "zh")
        return (
            f'<{tag} class="both {kind}"><span class="first" lang="{_code(first)}">{plain(text.said(first))}</span> '
            f'<span class="second" lang="{_code(second)}">{plain(text.said(second))}</span></{tag}>'
        )

    def prose(self, text: Both, kind: str = "") -> str:
        """A paragraph with its counterpart beside it."""
        first, second = ("zh", "en") if self.lang == "zh" else ("en", "zh")
        return (
            f'<div class="prose {kind}"><p lang="{_code(first)}">{plain(text.said(first))}</p>'
            f'<p class="beside" lang="{_code(second)}">{plain(text.said(second))}</p></div>'
        )

    def section(self, name: str, title: Both, body: str, lead: Both | None = None) -> str:
        """A section of the page with its heading."""
        leading = self.prose(lead) if lead else ""
        return f'<section id="{name}">{self.both(title, "h2")}{leading}{body}</section>'

    def table(self, head: Sequence[Both], rows: Iterable[Sequence[str]], kind: str = "") -> str:
        """A table; cells are HTML already."""
        heads = "".join(f'<th scope="col">{self.both(cell)}</th>' for cell in head)
        names = [plain(cell.said(self.lang)) for cell in head]
        body = "".join("<tr>" + "".join(map(_cell, row, names)) + "</tr>" for row in rows)
        inside = f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody>"
        return f'<div class="scroll"><table class="{kind}">{inside}</table></div>'


def _cell(cell: str, name: str) -> str:
    """A cell that knows its column's heading: on a narrow screen the heading stands beside it."""
    return f'<td data-name="{name}">{cell}</td>'


def _code(lang: str) -> str:
    return "zh-CN" if lang == "zh" else "en"


def card(body: str, kind: str = "") -> str:
    """A white card."""
    return f'<div class="card {kind}">{body}</div>'


def chip(text: str, tone: str) -> str:
    """A word with a sign and a colour; never colour alone."""
    return f'<span class="chip {tone}"><b aria-hidden="true">{TONES[tone]}</b>{plain(text)}</span>'


def verdict_chip(judged: Judgement) -> str:
    """What a verification answered, in the colour the screen and the public page give it."""
    return chip(judged.code, VERDICT_TONES[judged.verdict.tone])


def code(text: str) -> str:
    """Something typed or printed by a program."""
    return f"<code>{html.escape(text)}</code>"


def number(text: str) -> str:
    """A certificate's number, its last digit emphasised: the reader tells eight of them apart by it."""
    return f'<span class="no">{plain(text[:-1])}<b>{plain(text[-1:])}</b></span>'


def link(to: str, text: str) -> str:
    """A link to a file beside the page."""
    return f'<a href="{plain(to)}">{plain(text)}</a>'


def picture(png: bytes, alt: str) -> str:
    """A picture inside the page."""
    data = base64.b64encode(png).decode("ascii")
    return f'<img src="data:image/png;base64,{data}" alt="{plain(alt)}">'
