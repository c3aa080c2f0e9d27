"""How the page begins: what this is, for somebody who knows nothing, and the day in four figures."""

from __future__ import annotations

from inspector_app.clock import MS_PER_MINUTE, clock_text
from inspector_app.demo.page.declarations import Outcome, counted
from inspector_app.demo.page.html import Page, card, plain
from inspector_app.demo.page.texts import said
from inspector_app.demo.story import Story
from inspector_app.demo.telling import Both

CONTENTS = {
    "numbers": Both("Numbers", "证号"),
    "day": Both("Day", "一天"),
    "declarations": Both("Declarations", "申报"),
    "papers": Both("Papers", "纸证"),
    "custody": Both("Custody", "保管"),
    "equations": Both("Books", "账目"),
    "proofs": Both("What if", "如果"),
    "refusals": Both("Refused", "不予办理"),
    "sync": Both("Catching up", "同步"),
    "phone": Both("Telephone", "手机"),
    "checkpoint": Both("Checkpoint", "关卡"),
    "words": Both("Words", "词语"),
    "specimen": Both("What is real", "真实与练习"),
}


def top(page: Page, story: Story) -> str:
    """The line at the top of the page."""
    mark = page.both(Both("specimen, no legal force", "练习 · 无法律效力"))
    links = "".join(f'<a href="#{name}">{plain(words.said(page.lang))}</a>' for name, words in CONTENTS.items())
    return (
        f'<header class="top"><div><b>Inspector</b><span>{plain(story.clock.today)}</span><nav>{links}</nav>'
        f'<span class="mark">{mark}</span></div></header>'
    )


def section(page: Page, story: Story, found: list[Outcome]) -> str:
    """Headline, paragraph and figures."""
    pressed = said("opening.pressed", time=clock_text(story.clock.started)) if story.clock.is_pressed else None
    note = page.both(pressed, "p", kind="caption") if pressed else ""
    title, about = page.both(said("opening.title"), "h1"), page.prose(said("opening.about"), "big")
    played, reading = page.prose(said("opening.played")), page.prose(said("opening.reading"), "caption")
    return f"{title}{about}{played}{reading}{_figures(page, story, found)}{note}"


def _figures(page: Page, story: Story, found: list[Outcome]) -> str:
    rows = story.stage.laptop.device.rows
    certificates = rows.many("certificates")
    in_force = sum(row["state"] == "issued" for row in certificates)
    day = [contact for contact in story.stage.contacts if contact.at >= story.clock.midnight]
    up, down = sum(contact.bytes_up for contact in day), sum(contact.bytes_down for contact in day)
    hours = _offline_text(story).said(page.lang)
    figures = (
        (
            str(len(found)),
            Both("declarations", "份申报"),
            counted(found),
        ),
        (
            str(len(certificates)),
            Both("numbers used", "个证号"),
            Both(
                f"{in_force} in force, {len(certificates) - in_force} replaced, none missing, none twice",
                f"有效 {in_force}，被替换 {len(certificates) - in_force}，无缺号、无重号",
            ),
        ),
        (
            hours,
            Both("without a network", "离线"),
            Both("inspecting, signing, printing, handing over", "检疫、签发、打印、交付照常"),
        ),
        (
            f"{(up + down) / 1024:.0f} KB",
            Both("over the network, all day", "全天网络流量"),
            Both(
                f"everything both devices told and heard, morning and evening: {up:,} bytes up, {down:,} down",
                f"两台设备早晚与省平台同步的全部内容：上传 {up:,}，下载 {down:,} 字节",
            ),
        ),
    )
    cards = "".join(
        card(f"<strong>{plain(value)}</strong>{page.both(name)}<small>{page.both(more)}</small>")
        for value, name, more in figures
    )
    return f'<div class="figures">{cards}</div>'


def _offline_text(story: Story) -> Both:
    begin, end = offline(story)
    minutes = (end - begin) // MS_PER_MINUTE
    if not minutes:
        return Both(f"{(end - begin) / 1000:.0f} s", f"{(end - begin) / 1000:.0f} 秒")
    return Both(f"{minutes // 60} h {minutes % 60:02d}", f"{minutes // 60} 小时 {minutes % 60} 分")


def offline(story: Story) -> tuple[int, int]:
    """From the last contact of the laptop before departure to its first one afterwards (UTC ms)."""
    times = [contact.at for contact in story.stage.contacts if contact.place == "laptop"]
    today = sorted(at for at in times if at >= story.clock.midnight)
    return today[0], today[1]
