"""The eight numbers: one line each, and every number of the station's blocks as a coloured cell."""

from __future__ import annotations

from inspector_app.demo.page.fates import Fate
from inspector_app.demo.page.html import Page, card, link, number, plain, verdict_chip
from inspector_app.demo.page.texts import said
from inspector_app.demo.papers import Papers, Print
from inspector_app.demo.reckoning import block_lines
from inspector_app.demo.story import Story, plate_in_english
from inspector_app.demo.telling import Both
from inspector_app.services.number_custody import BlockLine

KINDS = {
    "A": Both("Certificate A · leaves the province", "动物 A 证 · 跨省"),
    "B": Both("Certificate B · inside the province", "动物 B 证 · 省内"),
    "N": Both("Treatment notice", "检疫处理通知单"),
}
HEAD = (
    Both("Number", "证号"),
    Both("For what", "内容"),
    Both("What happened to it", "去向"),
    Both("Paper", "纸证"),
    Both("Verified offline with the evening's trust file", "用傍晚的可信数据离线查验"),
)


def section(page: Page, story: Story, papers: Papers, told: list[Fate]) -> str:
    """The section with table and cells."""
    rows = [_row(page, papers, fate) for fate in told]
    lead = said("numbers.lead")
    body = card(page.table(HEAD, rows, "wide fates") + page.both(said("numbers.mark"), "p", kind="caption")) + card(
        _blocks(page, story)
    )
    return page.section("numbers", Both("The eight numbers", "八个证号"), body, lead)


def _joined(fate: Fate) -> Both:
    return Both(" ".join(item.en for item in fate.sentences), "".join(item.zh for item in fate.sentences))


def _row(page: Page, papers: Papers, fate: Fate) -> list[str]:
    prints = papers.prints[fate.number]
    files = "<br>".join(_files(page, one) for one in prints)
    verdicts = "".join(f"<div>{_verdict(page, one, alone=len(prints) == 1)}</div>" for one in prints)
    way = Both(f"{fate.way.en}, truck {plate_in_english(fate.plate)}", f"{fate.way.zh}，{fate.plate}")
    what = page.both(fate.cargo, "div") + page.both(way, "div")
    return [
        number(fate.number) + page.both(state_word(fate.state), "div"),
        what,
        page.both(_joined(fate), "div", kind="fate"),
        files,
        verdicts,
    ]


def _name(page: Page, one: Print) -> str:
    return Both(f"print {one.print_no}", f"第{one.print_no}次打印").said(page.lang)


def _verdict(page: Page, one: Print, *, alone: bool) -> str:
    which = "" if alone else f"<small>{plain(_name(page, one))}</small> "
    return which + verdict_chip(one.verdict)


def _files(page: Page, one: Print) -> str:
    name = _name(page, one)
    strip = link(one.strip, Both("picture", "图片").said(page.lang)) if one.strip else ""
    return link(one.pdf, name) + (f"<br>{strip}" if strip else "")


def state_word(state: str) -> Both:
    """A certificate's state as the table says it."""
    return Both("in force", "有效") if state == "issued" else Both("replaced", "已替换")


def _blocks(page: Page, story: Story) -> str:
    lines = sorted(block_lines(story.stage), key=lambda line: line.kind)
    shown = "".join(f"<div>{_block(page, story, line)}</div>" for line in lines)
    legend = "".join(
        f"<span><i class='{name}'></i>{page.both(text)}</span>"
        for name, text in (
            ("used", Both("used, in force", "已用，有效")),
            ("replaced", Both("used, replaced", "已用，被替换")),
            ("notice", Both("used by a treatment notice", "处理通知单")),
            ("free", Both("free", "未用")),
        )
    )
    title = page.both(Both("Every number the vet holds", "兽医手中的每一个号"), "h3")
    return f'{title}<div class="blocks">{shown}</div><div class="legend">{legend}</div>'


def _block(page: Page, story: Story, line: BlockLine) -> str:
    device = story.stage.laptop.device
    states = {str(row["number"]): str(row["state"]) for row in device.rows.many("certificates")}
    cells = []
    for row in device.rows.many("numbers", order="digits", block=line.block):
        name = str(row["number"])
        kind = "free" if row["state"] == "free" else _kind_of_cell(line.kind, states.get(name, ""))
        shown = str(row["digits"])[-1] if kind != "free" else ""
        cells.append(f'<i class="{kind}" title="{plain(name)} {kind}">{shown}</i>')
    count = line.count
    text = Both(
        f"{count.used} used, {count.free} free of {count.size}",
        f"共 {count.size}：已用 {count.used}，未用 {count.free}",
    )
    return page.both(KINDS[line.kind], "div") + f'<div class="cells">{"".join(cells)}</div>' + page.both(text, "div")


def _kind_of_cell(kind: str, state: str) -> str:
    return "notice" if kind == "N" else "replaced" if state == "replaced" else "used"
