"""Custody: old for new, the stocktake, the continuity report, and two papers of the books explained."""

from __future__ import annotations

from typing import NamedTuple

from inspector_app import bootstrap
from inspector_app.clock import clock_text
from inspector_app.demo.books import Agreement, accounted
from inspector_app.demo.page.html import Page, card, chip, link, picture, plain
from inspector_app.demo.page.pictures import small
from inspector_app.demo.page.texts import said
from inspector_app.demo.reckoning import block_lines, keepers
from inspector_app.demo.story import Story
from inspector_app.demo.telling import Both, Line
from inspector_app.domain.continuity import Standing
from inspector_app.services.number_custody import BlockLine
from printing.preview import page_image

DPI = 110
KINDS_TOLD = {"draw", "handed_in", "counted_in", "stubs"}
COUNTED = {"stocktake", "lost", "notice_drawn", "concluded"}
PLACES = {
    "laptop": Both("vet's laptop", "兽医笔记本"),
    "desk": Both("clerk's desk", "窗口电脑"),
    "province": Both("province", "省平台"),
}


class Remark(NamedTuple):
    """A remark of a picture: its text in ``page.toml``, and where on the page it points, in parts of the whole."""

    name: str
    x: float
    y: float


class Explained(NamedTuple):
    """A paper that is shown and explained: file, how much of its height, title and remarks."""

    file: str
    upper: float
    title: str
    remarks: tuple[Remark, ...]


LEDGER = Explained(
    "ledgers/stock.pdf",
    0.585,
    "custody.ledger_title",
    (
        Remark("ledger.period", 0.055, 0.13),
        Remark("ledger.proof", 0.055, 0.195),
        Remark("ledger.numbers", 0.055, 0.26),
        Remark("ledger.sheets", 0.055, 0.43),
    ),
)
REQUEST = Explained(
    "destruction/request.pdf",
    0.83,
    "custody.request_title",
    (
        Remark("request.method", 0.055, 0.185),
        Remark("request.items", 0.055, 0.27),
        Remark("request.sheets", 0.055, 0.36),
        Remark("request.keeper", 0.27, 0.57),
        Remark("request.head", 0.73, 0.57),
        Remark("request.leaders", 0.5, 0.69),
    ),
)


def section(page: Page, story: Story, found: Agreement) -> str:
    """The whole section."""
    body = card(_lines(page, story, Both("Old for new", "缴旧领新"), "custody.old_for_new", _draws(story)))
    body += card(
        _lines(
            page, story, Both("A stocktake with one difference", "盘点一处不符"), "custody.stocktake", _counted(story)
        )
        + _notice(page)
    )
    body += card(_balance(page, story)) + card(_continuity(page, found))
    body += "".join(_explained(page, story, one) for one in (LEDGER, REQUEST))
    return page.section(
        "custody", Both("Custody: every number, every sheet", "保管：每号每联都有交代"), body, said("custody.lead")
    )


def _draws(story: Story) -> list[Line]:
    return [
        line
        for line in story.tale.lines
        if line.kind in KINDS_TOLD or (line.kind, line.place) == ("refused", "province")
    ]


def _counted(story: Story) -> list[Line]:
    return [line for line in story.tale.lines if line.kind in COUNTED]


def _lines(page: Page, story: Story, title: Both, lead: str, lines: list[Line]) -> str:
    head = (Both("when", "时间"), Both("where", "地点"), Both("what", "经过"))
    rows = [[_when(story, line), page.both(PLACES[line.place]), _told(page, line)] for line in lines]
    return page.both(title, "h3") + page.prose(said(lead)) + page.table(head, rows, "wide")


def _when(story: Story, line: Line) -> str:
    early = line.at < story.clock.midnight
    return plain(story.clock.date(-1)[5:] + " " if early else "") + clock_text(line.at)


def _told(page: Page, line: Line) -> str:
    mark = {"refused": chip(Both("refused", "不予办理").said(page.lang), "stop")}.get(line.kind, "")
    return mark + page.both(line.text, "div")


def _notice(page: Page) -> str:
    files = " · ".join(
        link(f"loss/{name}", title.said(page.lang))
        for name, title in (
            ("notice.pdf", Both("public notice", "作废公告")),
            ("report-authority.pdf", Both("report to the authority", "给主管部门的报告")),
            ("report-institution.pdf", Both("report to the institution above", "给上一级机构的报告")),
        )
    )
    return f'<p class="caption">{files}</p>'


def _balance(page: Page, story: Story) -> str:
    """Both equations, each line with its figures put in."""
    numbers = [_counts(line) for line in sorted(block_lines(story.stage), key=lambda line: line.kind)]
    paper = [
        f"{PLACES[place].said(page.lang)} · {count.opening} + {count.came_in} = {count.went_out} + {count.closing}"
        for place, count in keepers(story.stage).items()
    ]
    title = page.both(Both("Both equations in the evening", "傍晚的两个等式"), "h3")
    return title + "<div class='two'>" + _equation(page, NUMBERS, numbers) + _equation(page, PAPER, paper) + "</div>"


def _counts(line: BlockLine) -> str:
    count = line.count
    parts = (count.free, count.used, count.returned, count.lost, count.withdrawn)
    return f"{line.kind} · {count.size} = {' + '.join(map(str, parts))}"


NUMBERS = Both("size = free + used + returned + lost + withdrawn", "总数＝未用＋已用＋退回＋遗失＋收回")
PAPER = Both("on hand + in = out + on hand, in copies", "期初＋收进＝发出＋期末（联）")


def _equation(page: Page, law: Both, lines: list[str]) -> str:
    return f"<div>{page.both(law, 'p')}" + "".join(f"<p><b>{plain(line)}</b></p>" for line in lines) + "</div>"


def _continuity(page: Page, found: Agreement) -> str:
    sizes: dict[str, str | int] = {
        name: sum(one.size for one in report.stretches) for name, report in found.reports.items()
    }
    answer = Both("they agree", "完全一致") if found.agree else Both("THEY DIFFER", "不一致")
    told = said("custody.continuity", answer=answer.en, answer_zh=answer.zh, **sizes)
    figures = {(kind, name): count for kind, name, count in accounted(found)}
    names = [one.value for one in Standing if any(name == one for _kind, name in figures)]
    head = (Both("kind", "种类"), *map(_standing, names), Both("all", "合计"))
    rows = [
        [plain(kind), *(f"{count:,}" for count in counts), f"{sum(counts):,}"]
        for kind in sorted({kind for kind, _name in figures})
        for counts in [[figures.get((kind, name), 0) for name in names]]
    ]
    title = page.both(Both("Continuity report", "连号核对"), "h3")
    mark = chip(answer.said(page.lang), "good" if found.agree else "stop")
    file = f'<p class="caption">{link("ledgers/continuity.pdf", "PDF")}</p>'
    return title + page.prose(told) + f"<p>{mark}</p>" + page.table(head, rows, "count") + file


def _standing(name: str) -> Both:
    return Both(*(bootstrap.sentences().word("standing", name, lang) for lang in ("en", "zh")))


def _explained(page: Page, story: Story, paper: Explained) -> str:
    whole = page_image((story.folder / paper.file).read_bytes(), DPI)
    png = small(whole.crop((0, 0, whole.width, round(whole.height * paper.upper))))
    pins = "".join(
        f'<span class="pin" style="left:{one.x:.2%};top:{one.y / paper.upper:.2%}">{at}</span>'
        for at, one in enumerate(paper.remarks, start=1)
    )
    title = said(paper.title)
    shot = f'<div class="shot">{picture(png, title.en)}{pins}</div>'
    seen = f'<div class="seen">{shot}<p class="caption">{link(paper.file, "PDF")}</p></div>'
    items = "".join(
        f"<li><i>{at}</i><div>{page.both(said(one.name), 'div')}</div></li>"
        for at, one in enumerate(paper.remarks, start=1)
    )
    return card(f'{page.both(title, "h3")}<div class="paper">{seen}<ol class="pins">{items}</ol></div>')
