"""The twelve declarations and what became of each."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from inspector_app.demo.cast import TRIPS, Trip
from inspector_app.demo.page.html import Page, card, chip, plain
from inspector_app.demo.page.texts import said
from inspector_app.demo.story import Story, cargo, route
from inspector_app.demo.telling import Both

CERTIFIED, NOTICE, NOT_ACCEPTED, WITHDRAWN, AWAITING = "certified", "notice", "not_accepted", "withdrawn", "awaiting"
WORDS = {
    CERTIFIED: Both("certified", "签发"),
    NOTICE: Both("treatment notice", "处理通知"),
    NOT_ACCEPTED: Both("not accepted", "不予受理"),
    WITHDRAWN: Both("withdrawn", "撤回"),
    AWAITING: Both("awaiting results", "待检测结果"),
}
TONES = {CERTIFIED: "good", NOTICE: "stop", NOT_ACCEPTED: "plain", WITHDRAWN: "plain", AWAITING: "notice"}
WHY = {
    NOTICE: Both("sick fish: not to be moved", "发现病征，禁止移动"),
    NOT_ACCEPTED: Both("another county's animals", "不属本辖区"),
    WITHDRAWN: Both("the buyer cancelled", "买方取消"),
    AWAITING: Both("sampled; no report, no certificate A", "已采样，无报告不签发 A 证"),
}
HEAD = (Both("Who", "货主"), Both("What", "内容"), Both("Where to", "去向"), Both("Outcome", "结果"))


class Outcome(NamedTuple):
    """What became of one declaration; ``numbers`` are the papers made of it."""

    trip: Trip
    came_to: str
    numbers: tuple[str, ...]


def outcomes(story: Story) -> list[Outcome]:
    """All twelve, in the order in which they were declared, by the records of the laptop after the last contact."""
    return [_outcome(story, trip) for trip in sorted(TRIPS, key=lambda trip: trip.declared)]


def _outcome(story: Story, trip: Trip) -> Outcome:
    rows, ref = story.stage.laptop.device.rows, story.declarations[trip.name]
    certificates = rows.many("certificates", order="digits", declaration=ref)
    notices = rows.many("notices", declaration=ref)
    state = str((rows.one("declarations", ref=ref) or {})["state"])
    if any(row["state"] == "issued" for row in certificates):
        came_to = CERTIFIED
    elif notices:
        came_to = NOTICE
    else:
        came_to = state if state in (NOT_ACCEPTED, WITHDRAWN) else AWAITING
    return Outcome(trip, came_to, tuple(str(row["number"]) for row in (*certificates, *notices)))


def counted(found: list[Outcome]) -> Both:
    """``7 certified, 1 treatment notice, …`` in both languages."""
    count = Counter(item.came_to for item in found)
    parts = [(name, count[name]) for name in WORDS if count[name]]
    return Both(
        ", ".join(f"{amount} {WORDS[name].en}" for name, amount in parts),
        "，".join(f"{WORDS[name].zh} {amount}" for name, amount in parts),
    )


def section(page: Page, found: list[Outcome]) -> str:
    """The table."""
    lead = said("declarations.lead")
    body = card(page.table(HEAD, [_row(page, item) for item in found], "wide"))
    return page.section("declarations", Both("The twelve declarations", "十二份申报"), body, lead)


def _row(page: Page, item: Outcome) -> list[str]:
    trip = item.trip
    chipped = chip(WORDS[item.came_to].said(page.lang), TONES[item.came_to])
    more = Both(", ".join(item.numbers), "、".join(item.numbers)) if item.numbers else WHY[item.came_to]
    if item.came_to == NOTICE:
        more = Both(f"{item.numbers[0]}: {WHY[NOTICE].en}", f"{item.numbers[0]}：{WHY[NOTICE].zh}")
    detail = f"<div>{plain(more.en)}</div>" if item.came_to == CERTIFIED else page.both(more, "div")
    return [
        page.both(Both(trip.farm.name_en, trip.farm.name)),
        page.both(cargo(trip)),
        page.both(route(trip)),
        chipped + detail,
    ]
