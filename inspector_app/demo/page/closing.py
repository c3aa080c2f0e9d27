"""How the page ends: words explained, what is a specimen, where the files are."""

from __future__ import annotations

from inspector_app.config import VERSION
from inspector_app.demo.page.html import Page, card, code, link
from inspector_app.demo.page.texts import listed, said
from inspector_app.demo.telling import Both

NO_LINK = ("home/", "desk/", "province/", "passphrase.txt")


def section(page: Page) -> str:
    """Glossary, what is real, a specimen or not run, files."""
    words = "".join(
        f"<dt>{page.both(Both(word['en'], word['term']))}</dt>"
        f"<dd>{page.both(Both(word['means'], word['means_zh']))}</dd>"
        for word in listed("words")
    )
    glossary = page.section("words", Both("Words", "词语"), card(f'<dl class="words">{words}</dl>'))
    real = _list(page, Both("Real", "真实的"), "real")
    specimen = _list(page, Both("Specimen", "练习的"), "specimen")
    untried = _list(page, Both("Not run", "未经运行"), "not_run")
    heading = Both("What is real here, what is not, and what has not been run", "真实、练习与未经运行")
    honest = page.section("specimen", heading, f'<div class="three">{real}{specimen}{untried}</div>')
    return glossary + honest + page.section("files", Both("In this folder", "本文件夹"), card(_files(page)))


def _list(page: Page, title: Both, name: str) -> str:
    items = (Both(item["en"], item["zh"]) for item in listed(name))
    return card(page.both(title, "h3") + "".join(page.both(item, "p") for item in items))


def _files(page: Page) -> str:
    items = "".join(
        f"<li>{code(item['name']) if item['name'] in NO_LINK else link(item['name'], item['name'])} "
        f"{page.both(Both(item['en'], item['zh']))}</li>"
        for item in listed("files")
    )
    return f'<ul class="files">{items}</ul>{page.both(said("closing.left_out"), "p", kind="caption")}'


def footer(page: Page) -> str:
    """The last line."""
    made = Both(
        f"Made by Inspector {VERSION}, inspector demo. Open source, Apache-2.0. Nothing on this page has legal force.",
        f"由 Inspector {VERSION} 的演示生成。开源，Apache-2.0。本页内容无法律效力。",
    )
    return f"<footer>{page.both(made, 'p')}</footer>"
