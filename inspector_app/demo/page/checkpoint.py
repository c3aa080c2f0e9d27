"""What a checkpoint learns about the same papers: offline with an old trust file, offline with a new one, online."""

from __future__ import annotations

import msgspec

from inspector_app import bootstrap
from inspector_app.clock import clock_text
from inspector_app.demo import provincial_pages
from inspector_app.demo.page.html import Page, card, number, plain, verdict_chip
from inspector_app.demo.page.texts import said
from inspector_app.demo.papers import Papers, Print, judge, write
from inspector_app.demo.story import Story
from inspector_app.demo.telling import Both
from inspector_app.domain.credential import Judgement
from inspector_app.domain.sentences import describe_verdict
from inspector_app.domain.trust import TrustFile
from inspector_app.errors import BugError
from inspector_app.services import verifying

MORNING = "proofs/trust-morning.pack"
SHOWN = ("grass", "crab before", "crab", "catfish")
UNHEARD = "practice:not_yet_reported"


def section(page: Page, story: Story, papers: Papers) -> str:
    """The table, and the morning's trust file beside the page so that a reader can ask again."""
    write(story.folder, MORNING, story.morning_trust)
    morning = verifying.trust_from_pack(story.morning_trust)
    prints = [one for name in SHOWN for one in papers.prints[story.numbers[name]]]
    rows = [_row(page, one, morning) for one in prints]
    body = card(page.table(_head(story), rows, "wide"))
    title = Both("How a checkpoint learns “replaced”", "关卡如何得知“已被替换”")
    return page.section("checkpoint", title, body, said("checkpoint.lead"))


def _head(story: Story) -> tuple[Both, ...]:
    at = clock_text(next(contact.at for contact in story.stage.contacts if contact.at >= story.clock.midnight))
    return (
        Both("paper", "纸证"),
        Both(f"offline, trust file of the morning ({at})", f"离线，早上的可信数据（{at}）"),
        Both("offline, trust file of the evening", "离线，傍晚的可信数据"),
        Both("online, the province's page in the evening", "联网，傍晚的省平台查验页"),
    )


def _row(page: Page, one: Print, morning: TrustFile) -> list[str]:
    early = judge(one.content.code, morning)
    if early.code != UNHEARD:
        raise BugError(f"with the morning's trust file {one.number} was judged {early.code}")
    name = Both(f"print {one.print_no}", f"第{one.print_no}次打印")
    online = provincial_pages.headline(provincial_pages.look_at(one.content.code, page.lang))
    return [
        number(one.number) + page.both(name, "div"),
        _judged(page, early),
        _judged(page, one.verdict),
        plain(online),
    ]


def _judged(page: Page, judged: Judgement) -> str:
    bare = msgspec.structs.replace(judged, practice=False)  # without the practice mark, which the chip shows
    titles = Both(*(describe_verdict(bootstrap.sentences(), bare, lang).title for lang in ("en", "zh")))
    return verdict_chip(judged) + page.both(titles, "div")
