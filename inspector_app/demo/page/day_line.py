"""The day as a line: two devices, the province, and the stretch without a network between them."""

from __future__ import annotations

from collections.abc import Iterator

from inspector_app.clock import MS_PER_MINUTE, clock_text, legal_date
from inspector_app.demo.page.html import Page, card, plain
from inspector_app.demo.page.opening import offline
from inspector_app.demo.page.texts import said
from inspector_app.demo.story import Story
from inspector_app.demo.telling import Both, Line

WIDTH, LEFT, RIGHT = 1120, 108, 24
TOP, LANE, HEIGHT = 76, 112, 400
ASIDE = 9
"""How far below its lane a refusal stands, so that a certificate issued two minutes later does not hide it."""
CLOCK_WIDTH = 44
HALO = {"stroke": "#fff", "stroke_width": "4", "stroke_linejoin": "round", "paint_order": "stroke"}
STEPS, MOST_TICKS = (1, 5, 10, 15, 30, 60, 120), 11
LANES = {"province": TOP, "laptop": TOP + LANE, "desk": TOP + 2 * LANE - 12}
NAMES = {
    "province": Both("province", "省平台"),
    "laptop": Both("vet's laptop", "兽医笔记本"),
    "desk": Both("clerk's desk", "窗口电脑"),
}
COLOURS = {
    "issued": "#0B5CAD",
    "notice": "#6b7c8d",
    "refused": "#8a5a00",
    "cut": "#b3261e",
    "jam": "#b3261e",
    "spare": "#0B5CAD",
    "closed": "#16222e",
    "draft": "#8a5a00",
    "withdrawn": "#6b7c8d",
    "order": "#0B5CAD",
    "ordered": "#0B5CAD",
    **dict.fromkeys(("request", "stocktake", "handed_in", "counted_in", "draw"), "#1f7a4d"),
}
SMALL = ("refused", "draft")
SHOWN = {
    "cut": Both("killed, twice", "两次强制终止"),
    "jam": Both("jam", "卡纸"),
    "spare": Both("print 2", "第2次打印"),
    "closed": Both("day closed", "日结"),
    "withdrawn": Both("withdrawn", "撤回"),
    "request": Both("to be destroyed", "销毁申请"),
    "stocktake": Both("stocktake", "盘点"),
    "handed_in": Both("old ones in", "缴旧"),
    "counted_in": Both("counted in", "清点"),
    "draw": Both("draw", "领用"),
}


LEGEND = {
    "issued": Both("certificate issued or printed", "签发、打印"),
    "notice": Both("treatment notice, withdrawal", "处理通知单、撤回"),
    "refused": Both("refused, or waiting for midnight", "不予办理、待零点"),
    "cut": Both("killed in place of a power cut; paper jam", "强制终止（代替断电）、卡纸"),
    "draw": Both("custody: draw, hand-in, stocktake, request for destruction", "保管：领用、缴旧、盘点、销毁申请"),
    "closed": Both("day closed", "日结"),
}


LEGEND_NOTICE = Both("treatment notice", "处理通知单")


class _Axis:
    """Where a moment lies on the line."""

    def __init__(self, first: int, last: int) -> None:
        """Long enough for the round time after the last moment."""
        minutes = (last - first) / MS_PER_MINUTE
        self.step = next((size for size in STEPS if minutes / size <= MOST_TICKS), STEPS[-1]) * MS_PER_MINUTE
        self.first, self.last = first, max(-(-last // self.step) * self.step, first + 1)

    def x(self, at: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (at - self.first) / (self.last - self.first)


def section(page: Page, story: Story) -> str:
    """The drawing and, folded, every line as it was told."""
    lead = said("day.lead")
    words = Both("Every line as it was told, with the days before", "逐行记录（含此前几天）")
    legend = "".join(
        f'<span><i style="background:{COLOURS[kind]};border-color:{COLOURS[kind]}"></i>{page.both(text)}</span>'
        for kind, text in LEGEND.items()
    )
    told = f"<details><summary>{page.both(words)}</summary>{_told(page, story)}</details>"
    moments = f'<ol class="moments">{"".join(_moments(page, story))}</ol>'
    body = card(f'<div class="line">{drawing(page, story)}</div>{moments}<div class="legend">{legend}</div>{told}')
    return page.section("day", Both("The day", "这一天"), body, lead)


def drawing(page: Page, story: Story) -> str:
    """The line as SVG."""
    lines = _of_the_day(story)
    axis = _Axis(lines[0].at, max(lines[-1].at, story.stage.contacts[-1].at))
    begin, end = offline(story)
    parts = [
        *_offline_bar(page, axis, begin, end),
        *_lanes(page),
        *_ticks(axis),
        *_contacts(story, axis),
        *_carried(page, lines, axis),
        *_dots(lines, axis),
        *_labels(page, lines, axis),
    ]
    label = Both("Time line of the day", "一天的时间线").said(page.lang)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{plain(label)}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _of_the_day(story: Story) -> list[Line]:
    return [line for line in story.tale.lines if line.at >= story.clock.midnight and line.place in LANES]


def _moments(page: Page, story: Story) -> Iterator[str]:
    """The same moments one below the other, for a screen too narrow for the drawing."""
    last = ("", "")
    for line in _of_the_day(story):
        label = _named(page, line)
        moment = (label, clock_text(line.at) if line.kind == "contact" else line.place)
        if label and moment != last:
            last = moment
            state = "on" if line.online else "off"
            yield (
                f'<li class="{state}"><span>{clock_text(line.at)}</span>'
                f'<i style="background:{COLOURS.get(line.kind, COLOURS["issued"])}"></i><div>{plain(label)} '
                f"<small>{plain(NAMES[line.place].said(page.lang))}</small></div></li>"
            )


def _named(page: Page, line: Line) -> str:
    if line.kind in ("issued", "notice"):
        what = Both("issued", "签发") if line.kind == "issued" else LEGEND_NOTICE
        return f"{line.number} {what.said(page.lang)}"
    if line.kind == "contact":
        return Both("contact with the province", "与省平台同步").said(page.lang)
    return _label(page, line)


def _text(
    x: float, y: float, text: str, *, size: float = 13, fill: str = "#16222e", anchor: str = "start", **more: str
) -> str:
    extra = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place} style="fill:{fill}"{extra}>{plain(text)}</text>'


def _offline_bar(page: Page, axis: _Axis, begin: int, end: int) -> Iterator[str]:
    x, width = axis.x(begin), axis.x(end) - axis.x(begin)
    yield f'<rect x="{x:.1f}" y="26" width="{width:.1f}" height="{HEIGHT - 66}" rx="8" fill="#eef1f5"/>'
    words = Both("no network", "断网").said(page.lang)
    span = f"{words} · {clock_text(begin)} – {clock_text(end)}"
    yield _text(x + width / 2, 46, span, size=13.5, fill="#536372", anchor="middle", font_weight="600")


def _lanes(page: Page) -> Iterator[str]:
    for name, y in LANES.items():
        yield f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="#b9c4cf" stroke-width="1.5"/>'
        yield _text(0, y - 2, NAMES[name].said(page.lang), size=13.5, font_weight="600")
        yield _text(0, y + 15, NAMES[name].said("en" if page.lang == "zh" else "zh"), size=12, fill="#536372")


def _ticks(axis: _Axis) -> Iterator[str]:
    """Round times, as many as there is room for."""
    first = -(-axis.first // axis.step) * axis.step
    for moment in range(first, axis.last + 1, axis.step):
        x = axis.x(moment)
        yield f'<line x1="{x:.1f}" y1="{HEIGHT - 34}" x2="{x:.1f}" y2="{HEIGHT - 28}" stroke="#b9c4cf"/>'
        yield _text(x, HEIGHT - 12, clock_text(moment), size=12, fill="#536372", anchor="middle")


def _contacts(story: Story, axis: _Axis) -> Iterator[str]:
    """A line to the province for every contact, and its time where there is room."""
    free = -1e9
    for contact in story.stage.contacts:
        if contact.at >= story.clock.midnight:
            x, y = axis.x(contact.at), LANES[contact.place]
            top = LANES["province"]
            yield f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{y}" stroke="#9dbfe0" stroke-width="1.5"/>'
            yield f'<circle cx="{x:.1f}" cy="{top}" r="4.5" fill="#0B5CAD"/>'
            if x > free:
                yield _text(x, top - 12, clock_text(contact.at), size=12, fill="#0B5CAD", anchor="middle", **HALO)
                free = x + CLOCK_WIDTH


def _carried(page: Page, lines: list[Line], axis: _Axis) -> Iterator[str]:
    """The print order on its way from the laptop to the desk."""
    sent = next(line.at for line in lines if line.kind == "order")
    taken = next(line.at for line in lines if line.kind == "ordered")
    x1, x2, y1, y2 = axis.x(sent), axis.x(taken), LANES["laptop"], LANES["desk"]
    yield f'<path d="M{x1:.1f} {y1}L{x2:.1f} {y2}" stroke="#0B5CAD" stroke-width="1.5" stroke-dasharray="4 4"/>'
    words = Both("print order on a stick", "U 盘打印单").said(page.lang)
    yield _text(x1 - 6, (y1 + y2) / 2 + 12, words, size=12.5, fill="#0B5CAD", anchor="end")


def _dots(lines: list[Line], axis: _Axis) -> Iterator[str]:
    for line in lines:
        if line.kind in COLOURS:
            small = line.kind in SMALL
            y, radius = LANES[line.place] + (ASIDE if small else 0), 4.5 if small else 6
            yield (
                f'<circle cx="{axis.x(line.at):.1f}" cy="{y}" r="{radius}" fill="{COLOURS[line.kind]}" '
                f'stroke="#fff" stroke-width="2"><title>{plain(line.text.en)}</title></circle>'
            )


def _labels(page: Page, lines: list[Line], axis: _Axis) -> Iterator[str]:
    """All leaders first, then all texts with a white rim: no line crosses a word."""
    taken: dict[tuple[str, int, bool], float] = {}
    last = ("", "")
    leaders, texts = [], []
    for line in lines:
        label = _label(page, line)
        if not label or (line.place, label) == last:
            continue
        last = (line.place, label)
        x, y, above = axis.x(line.at), LANES[line.place], line.kind in ("issued", "notice")
        at_end = x > WIDTH - 90 and not above
        step = _free_step(taken, line.place, above, x - (len(label) * 3.9 if at_end else 0), len(label))
        dy = -15 - 17 * step if above else 32 + 17 * step
        leaders.append(_leader(x, y, dy, above=above))
        size, weight = (14.5, "650") if above else (12.5, "400")
        anchor = "end" if at_end else "middle"
        fill = COLOURS[line.kind]
        texts.append(_text(x, y + dy, label, size=size, fill=fill, anchor=anchor, font_weight=weight, **HALO))
    yield from leaders
    yield from texts


def _label(page: Page, line: Line) -> str:
    if line.kind in ("issued", "notice"):
        return line.number[0] + line.number[2:].lstrip("0")[-1:]
    if line.short is not None:
        return line.short.said(page.lang)
    return SHOWN[line.kind].said(page.lang) if line.kind in SHOWN else ""


def _leader(x: float, y: float, dy: float, *, above: bool) -> str:
    begin, end = (y, y + dy + 4) if above else (y + ASIDE, y + dy - 12)
    return f'<line x1="{x:.1f}" y1="{begin}" x2="{x:.1f}" y2="{end:.1f}" stroke="#b9c4cf" stroke-width="1"/>'


def _free_step(taken: dict[tuple[str, int, bool], float], place: str, above: bool, x: float, length: int) -> int:
    """How far from its lane a label must stand so as not to run into the one before."""
    half = length * 3.9 + 6
    for step in range(3):
        if taken.get((place, step, above), -1e9) < x - half:
            taken[place, step, above] = x + half
            return step
    return 0


def _told(page: Page, story: Story) -> str:
    items, day = [], ""
    for line in story.tale.lines:
        date = legal_date(line.at)
        if date != day:
            items.append(f'<li class="day">{plain(date)}</li>')
            day = date
        state = ("on", Both("online", "在线")) if line.online else ("off", Both("offline", "离线"))
        items.append(
            f'<li><span>{clock_text(line.at)}</span><span class="{state[0]}">{plain(state[1].said(page.lang))}</span>'
            f"{page.both(line.text, 'div')}</li>"
        )
    return f'<ol class="told">{"".join(items)}</ol>'
