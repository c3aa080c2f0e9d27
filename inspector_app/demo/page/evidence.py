"""What can be checked: both equations, what went over the wire, what went wrong on purpose, what was refused."""

from __future__ import annotations

from inspector_app.clock import clock_text, legal_date
from inspector_app.demo.page.html import Page, card, chip, code, plain
from inspector_app.demo.page.texts import said
from inspector_app.demo.reckoning import Held, block_lines, former_stubs, held_copies, keepers
from inspector_app.demo.story import Proof, Story
from inspector_app.demo.telling import Both

ORDER = ("power", "altered", "doubled", "cloned")
SHORT = {"A": Both("A", "A 证"), "B": Both("B", "B 证"), "N": Both("notices", "通知单")}
WHY_HELD = {
    "spoiled": Both("spoiled by the jam", "卡纸废页"),
    "replaced": Both("replaced", "已被替换"),
    "not_handed_over": Both("not handed to its owner yet", "尚未交当事人"),
}
PLACES = {"laptop": Both("vet's laptop", "兽医笔记本"), "desk": Both("clerk's desk", "窗口电脑")}


def equations(page: Page, story: Story) -> str:
    """Both equations of custody, with the figures of the day."""
    lead = said("equations.lead")
    tables = f'<div class="two">{card(_blocks(page, story))}{card(_sheets(page, story))}</div>'
    body = tables + card(_where_copies_are(page, story))
    return page.section("equations", Both("Do the books balance?", "账是否平？"), body, lead)


def _blocks(page: Page, story: Story) -> str:
    head = (
        Both("block", "号段"),
        *(Both(en, zh) for en, zh in (("size", "总数"), ("free", "未用"), ("used", "已用"), ("returned", "退回"))),
        *(Both(en, zh) for en, zh in (("lost", "遗失"), ("withdrawn", "收回"))),
        Both("holds", "成立"),
    )
    rows = []
    for line in sorted(block_lines(story.stage), key=lambda line: line.kind):
        count = line.count
        figures = (count.size, count.free, count.used, count.returned, count.lost, count.withdrawn)
        rows.append([page.both(SHORT[line.kind]), *map(str, figures), _holds(count.holds)])
    title = page.both(Both("Numbers", "证号"), "h3")
    said = page.both(
        Both("size = free + used + returned + lost + withdrawn", "总数＝未用＋已用＋退回＋遗失＋收回"), "p"
    )
    return title + said + page.table(head, rows, "count")


def _sheets(page: Page, story: Story) -> str:
    rows = []
    for place, count in keepers(story.stage).items():
        figures = (count.opening, count.came_in, count.went_out, count.closing)
        rows.append([page.both(PLACES[place]), *map(str, figures), _holds(count.holds)])
    head = (
        Both("kept at", "保管"),
        *(Both(en, zh) for en, zh in (("morning", "期初"), ("in", "收进"), ("out", "发出"))),
        Both("evening", "期末"),
        Both("holds", "成立"),
    )
    title = page.both(Both("Paper", "纸证"), "h3")
    said = page.both(Both("on hand + in = out + on hand, counted in copies", "期初＋收进＝发出＋期末（联）"), "p")
    return f"{title}{said}{page.table(head, rows, 'count')}"


def _where_copies_are(page: Page, story: Story) -> str:
    title = page.both(Both("Where each copy is", "每一联在哪里"), "h3")
    sheets = " · ".join(
        f'<a href="day-close/{place}.pdf">{plain(PLACES[place].said(page.lang))}</a>' for place in ("laptop", "desk")
    )
    signed = page.both(Both("Day-close sheets to be signed by hand:", "待签字的日结单："))
    former = former_stubs(story.stage)
    words = "".join(
        f"<div>{page.both(_in_words(place, copies, former[place]), 'p', kind='caption')}</div>"
        for place, copies in held_copies(story.stage).items()
    )
    return f'{title}<div class="two">{words}</div><p class="caption">{signed} {sheets}</p>'


def _in_words(place: str, copies: list[Held], former: int) -> Both:
    """Where each copy is: what a reader needs to add the figures up again."""
    given = [held for held in copies if held.given]
    whole = [held for held in copies if not held.left]
    made, out = sum(held.made for held in copies), sum(held.left for held in copies)
    stubs = sum(held.made - held.left for held in copies if held.left)
    gone = _gone(copies)
    kept_en = [f"both copies of {held.name} ({WHY_HELD[held.why].en})" for held in whole]
    kept_zh = [f"{held.name} 两联（{WHY_HELD[held.why].zh}）" for held in whole]
    kept_en += [f"{former} stubs of the former system"] if former else []
    kept_zh += [f"旧系统存根 {former} 联"] if former else []
    return Both(
        f"{PLACES[place].en.capitalize()}: {len(copies)} prints of two copies, {made} in. The second copy left of "
        f"{', '.join(held.name for held in given)}{gone.en}: {out} out. Still here: {stubs} of the first copies"
        f"{''.join(f', {text}' for text in kept_en)}: {made - out + former}.",
        f"{PLACES[place].zh}：打印 {len(copies)} 次，每次两联，收进 {made}。第二联已交付："
        f"{'、'.join(held.name for held in given)}{gone.zh}，发出 {out}。留存：第一联 {stubs} 份"
        f"{''.join(f'，{text}' for text in kept_zh)}，共 {made - out + former}。",
    )


def _gone(copies: list[Held]) -> Both:
    """Copies that left in another way than to their owner."""
    lost = [held for held in copies if held.lost]
    handed_in = [held for held in copies if held.handed_in]
    en = [f"; {held.lost} of {held.name} is lost" for held in lost]
    en += [f"; {held.handed_in} of {held.name} went to the county" for held in handed_in]
    zh = [f"；{held.name} 遗失 {held.lost} 联" for held in lost]
    zh += [f"；{held.name} 上缴 {held.handed_in} 联" for held in handed_in]
    return Both("".join(en), "".join(zh))


def _holds(holds: bool) -> str:
    return chip("yes" if holds else "NO", "good" if holds else "stop")


def proofs(page: Page, story: Story) -> str:
    """What was done to the program on purpose."""
    lead = said("proofs.lead")
    cards = "".join(_proof(page, story.proofs[name]) for name in ORDER)
    return page.section("proofs", Both("What if …?", "如果……？"), f'<div class="proofs">{cards}</div>', lead)


def _proof(page: Page, proof: Proof) -> str:
    head = (Both("seen", "所见"), *proof.columns)
    rows = [[page.both(figure.what), *map(_seen, figure.seen)] for figure in proof.figures]
    follows = f'<div class="so">{page.prose(proof.follows)}</div>'
    return card(page.both(proof.title, "h3") + page.prose(proof.done) + page.table(head, rows, "seen") + follows)


def _seen(text: str) -> str:
    return plain(text.removesuffix(".")) if text.endswith(".") else code(text)


def contacts(page: Page, story: Story) -> str:
    """Every contact of the day in figures."""
    head = (
        *(Both(en, zh) for en, zh in (("time", "时间"), ("device", "设备"), ("requests", "请求"))),
        *(Both(en, zh) for en, zh in (("entries up", "上传条数"), ("bytes up", "上传字节"))),
        *(
            Both(en, zh)
            for en, zh in (("documents down", "收到份数"), ("bytes down", "下载字节"), ("waiting", "待上传"))
        ),
    )
    rows = [
        [
            clock_text(contact.at),
            page.both(PLACES[contact.place]),
            *(f"{figure:,}" for figure in (contact.requests, contact.pushed, contact.bytes_up)),
            *(f"{figure:,}" for figure in (contact.pulled, contact.bytes_down, contact.waiting)),
        ]
        for contact in story.stage.contacts
        if contact.at >= story.clock.midnight
    ]
    body = card(page.table(head, rows, "count named") + page.both(_all_entries(story), "p", kind="caption"))
    return page.section("sync", Both("Catching up", "同步"), body, said("sync.lead"))


def _all_entries(story: Story) -> Both:
    """Every entry the province has, by the contacts that brought them: the figures elsewhere are parts of this sum."""
    made = story.stage.contacts
    earlier = sum(contact.pushed for contact in made if contact.at < story.clock.midnight)
    today = [contact.pushed for contact in made if contact.at >= story.clock.midnight and contact.pushed]
    return said("sync.sum", earlier=earlier, today=" + ".join(map(str, today)), all=earlier + sum(today))


def refusals(page: Page, story: Story) -> str:
    """What the program would not do, in its own words."""
    head = (Both("when", "时间"), Both("tried", "尝试"), Both("the program said", "程序回答"))
    rows = [
        [f"{legal_date(item.at)} {clock_text(item.at)}", page.both(item.tried), page.both(item.said)]
        for item in story.refusals
    ]
    lead = said("refusals.lead")
    title = Both("What it would not do", "不予办理")
    return page.section("refusals", title, card(page.table(head, rows, "wide")), lead)
