"""The province's public page as a telephone shows it: the real page, answered by the real view, kept in this file."""

from __future__ import annotations

from inspector_app.demo import provincial_pages
from inspector_app.demo.page.html import Page, plain
from inspector_app.demo.page.texts import said
from inspector_app.demo.papers import Papers, write
from inspector_app.demo.story import Story
from inspector_app.demo.telling import Both

FOLDER = "public-page"
SHOWN = (
    (
        *("grass", "en", True),
        Both("In force; the end of the plate typed, as read off the truck", "有效（英文）；已填车牌末两位"),
        (1790, 1850),
    ),
    (
        "grass",
        "zh",
        False,
        Both("The same page in Chinese, nothing typed yet", "同一页（中文），尚未填写"),
        (1380, 1460),
    ),
    ("crab before", "en", False, Both("The one that was replaced", "被替换的一张（英文）"), (1410, 1560)),
)
"""Number, language, whether the plate is typed, caption, and the heights in which a frame of a desk's page and the
narrowest frame are whole."""
MASKED = 2


def section(page: Page, story: Story, papers: Papers) -> str:
    """Three screens of a telephone; each page is also left as a file of its own."""
    shown = []
    plates = {str(row["number"]): str(row["plate"]) for row in story.stage.laptop.device.rows.many("certificates")}
    digits = len(papers.current(story.numbers["grass"]).content.code.rpartition("/")[2])
    for name, lang, compares, what, heights in SHOWN:
        print_ = papers.current(story.numbers[name])
        plate = plates[print_.number]
        answered = provincial_pages.look_at(print_.content.code, lang, plate[-MASKED:] if compares else "")
        write(story.folder, f"{FOLDER}/{print_.number.replace(' ', '-')}-{lang}.html", answered.encode())
        shown.append(_phone(page, answered, what, heights))
    title = Both("What a telephone shows", "手机查验")
    return page.section(
        "phone", title, f'<div class="phones">{"".join(shown)}</div>', said("phone.lead", digits=digits)
    )


def _phone(page: Page, answered: str, what: Both, heights: tuple[int, int]) -> str:
    # A telephone scrolls; here the whole answer is shown, and no script measures it: nothing runs on this page.
    attributes = (
        f'sandbox scrolling="no" style="--desk:{heights[0]}px;--narrow:{heights[1]}px" title="{plain(what.en)}"'
    )
    return (
        f'<div class="phone"><div><iframe {attributes} srcdoc="{escaped(answered)}"></iframe></div>'
        f"{page.both(what, 'p')}</div>"
    )


def escaped(answered: str) -> str:
    """A whole page as the value of an attribute, unchanged."""
    return answered.replace("&", "&amp;").replace('"', "&quot;")
