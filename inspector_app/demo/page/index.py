"""The page, put together."""

from __future__ import annotations

from inspector_app.demo.books import Agreement
from inspector_app.demo.page import (
    callouts,
    checkpoint,
    closing,
    custody,
    day_line,
    declarations,
    evidence,
    numbers,
    opening,
    phones,
)
from inspector_app.demo.page.fates import fates
from inspector_app.demo.page.html import Page, plain
from inspector_app.demo.page.texts import said, style
from inspector_app.demo.papers import Papers
from inspector_app.demo.story import Story


def draw(story: Story, papers: Papers, agreed: Agreement) -> str:
    """The whole page as HTML: no script, nothing from elsewhere."""
    page = Page(story.tale.lang)
    told, found = fates(story), declarations.outcomes(story)
    sections = (
        opening.section(page, story, found),
        numbers.section(page, story, papers, told),
        day_line.section(page, story),
        declarations.section(page, found),
        callouts.section(page, story, papers, told),
        custody.section(page, story, agreed),
        evidence.equations(page, story),
        evidence.proofs(page, story),
        evidence.refusals(page, story),
        evidence.contacts(page, story),
        phones.section(page, story, papers),
        checkpoint.section(page, story, papers),
        closing.section(page),
        closing.footer(page),
    )
    title = said("opening.title").said(page.lang)
    return (
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if page.lang == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>Inspector · {plain(title)}</title>'
        f"<style>{style()}</style></head><body>{opening.top(page, story)}<main>{''.join(sections)}</main></body>"
        "</html>\n"
    )
