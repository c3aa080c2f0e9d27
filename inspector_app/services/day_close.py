"""The day close (日结): what the day used, both equations, what still waits; printed, signed by hand, on record.

Per device. Never a gate for the next morning: an unclosed day is tomorrow's first task.
"""

from __future__ import annotations

import msgspec

from inspector_app.clock import day_start, legal_date, moment_text
from inspector_app.domain.authority import Action, Grant, Post
from inspector_app.domain.custody import ON_HAND, KeeperCount, SheetFlow, SheetState
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.custody import DayClosed, DayCount
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.sheets import STUB
from inspector_app.ports import ReportTable
from inspector_app.services.ceremony import overdue_voids, unconfirmed_voids
from inspector_app.services.day_deeds import Ended, Endings, deeds, endings, moves, told_after
from inspector_app.services.device import Device
from inspector_app.services.on_desk import stubs_waiting
from inspector_app.services.paperwork import leave
from inspector_app.services.typed import day_refusals
from inspector_app.store.doctor import count_blocks

TITLE = "日结单"
KINDS = ("A", "B", "N")
CERTIFICATE_TABLES = {"A": "certificates", "B": "certificates", "N": "notices"}


class DaySheet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a day-close sheet says."""

    date: str
    counts: list[DayCount]
    endings: Endings
    keeper: KeeperCount
    blocks_hold: bool
    waiting: int
    open_prints: list[str]
    stubs_waiting: list[str]
    told_after: list[str]
    voids_unconfirmed: list[str]
    voids_overdue: list[str]
    seq: int
    head: str

    @property
    def equations_hold(self) -> bool:
        """Both equations of custody."""
        return self.blocks_hold and self.keeper.holds


class Closed(msgspec.Struct, frozen=True):
    """A closed day: its entry and the sheet's PDF (hex SHA-256)."""

    ref: str
    sheet: str


def day_sheet(device: Device, date: str) -> DaySheet:
    """Count a day of this device from the projections."""
    head = device.store.head()
    ended = endings(device, date)
    return DaySheet(
        date=date,
        counts=_counts(device, date, ended),
        endings=ended,
        keeper=keeper_count(device, date),
        blocks_hold=all(count.holds for count in count_blocks(device.store).values()),
        waiting=device.store.waiting(),
        open_prints=[str(row["number"]) for row in device.rows.many("attempts", outcome="open", device=device.id)],
        stubs_waiting=stubs_waiting(device),
        told_after=told_after(device, date),
        voids_unconfirmed=[str(row["subject"]) for row in unconfirmed_voids(device)],
        voids_overdue=[str(row["subject"]) for row in overdue_voids(device)],
        seq=head.seq,
        head=head.hash.hex(),
    )


def _counts(device: Device, date: str, ended: Endings) -> list[DayCount]:
    today = [row for row in moves(device) if row["day"] == date]
    counts = (_count_kind(device, kind, date, ended, today) for kind in KINDS)
    return [count for count in counts if count is not None]


def _count_kind(device: Device, kind: str, date: str, ended: Endings, moved: list[Row]) -> DayCount | None:
    used = _used(device, kind, date)
    here = [one.state for one in ended.here if one.kind == kind]
    elsewhere = [one for one in ended.elsewhere if one.kind == kind]
    moved = [row for row in moved if _is_kind(row, kind)]
    free = _free(device, kind)
    if not (used or here or elsewhere or moved or free):
        return None
    ends = {row["void_ref"] for row in device.rows.many(CERTIFICATE_TABLES[kind], kind=kind)}
    return DayCount(
        kind=kind,
        issued=len(used),
        first=used[0] if used else "",
        last=used[-1] if used else "",
        voided=here.count("voided"),
        replaced=here.count("replaced"),
        ended_elsewhere=len(elsewhere),
        prints=len({(row["number"], row["print"]) for row in moved if row["flow"] == SheetFlow.IN}),
        sheets=sum(1 for row in moved if row["flow"] == SheetFlow.IN),
        spoiled=sum(1 for row in moved if row["state"] == SheetState.SPOILED and row["ref"] not in ends),
        stubs=sum(1 for row in moved if row["state"] == SheetState.KEPT and row["sheet"] == STUB),
        free=free,
    )


def _used(device: Device, kind: str, date: str) -> list[str]:
    own = device.rows.many(CERTIFICATE_TABLES[kind], device=device.id, kind=kind)
    return sorted(str(row["digits"]) for row in own if row["issued_on"] == date)


def _is_kind(row: Row, kind: str) -> bool:
    return str(row["number"]).startswith(kind + " ")


def _free(device: Device, kind: str) -> int:
    counts = count_blocks(device.store)
    blocks = device.rows.many("blocks", device=device.id, kind=kind)
    return sum(counts[str(block["block"])].free for block in blocks)


def keeper_count(device: Device, date: str) -> KeeperCount:
    """The second equation for one day; closing is counted from the sheets themselves, not from the moves."""
    moved = moves(device)
    before = [row for row in moved if str(row["day"]) < date]
    today = [row for row in moved if row["day"] == date]
    later = [row for row in moved if str(row["day"]) > date]
    held = [row for row in device.rows.many("sheets", device=device.id) if row["state"] in set(ON_HAND)]
    return KeeperCount(
        opening=_net(before),
        came_in=_flows(today, SheetFlow.IN),
        went_out=_flows(today, SheetFlow.OUT),
        closing=len(held) - _net(later),
    )


def _flows(moved: list[Row], flow: SheetFlow) -> int:
    return sum(1 for row in moved if row["flow"] == flow)


def _net(moved: list[Row]) -> int:
    return _flows(moved, SheetFlow.IN) - _flows(moved, SheetFlow.OUT)


def close_refusals(device: Device, date: str) -> list[Refusal]:
    """Why a day may not be closed now: no day, one to come, closed with nothing since.

    A print nobody answered for does not stand in the way (DESIGN 5): the sheet names it, its answer reopens the day.
    """
    found = device.may(Action.CLOSE_DAY) + sheet_refusals(device, date)
    if is_closed(device, date):
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, current=date))
    return found


def is_closed(device: Device, date: str) -> bool:
    """Whether a day is closed and nothing it counts was done or became known since."""
    closed = _closed(device).get(date)
    return closed is not None and _worked(device).get(date, 0) <= closed


def sheet_refusals(device: Device, date: str) -> list[Refusal]:
    """Why a day cannot even be counted: no day of the calendar, one to come, one before this device's first entry."""
    if wrong := day_refusals("date", date):
        return wrong
    if date > device.today():
        return [Refusal(code=RefusalCode.DAY_TO_COME, field="date", current=date)]
    first = _first_day(device)
    if date < first:
        return [Refusal(code=RefusalCode.DAY_BEFORE_FIRST, field="date", limit=first, current=date)]
    return []


def _first_day(device: Device) -> str:
    entry = device.store.entry(f"{device.id}/1")
    return legal_date(entry.envelope.at) if entry else device.today()


def close_day(device: Device, date: str) -> Closed | Refused:
    """Close a day: draw the sheet, keep it, record it with the journal's head; the person signs the entry.

    A day on which something happened after its close is closed once more; the later sheet counts.
    """

    def build(act: Act) -> Closed:
        sheet = day_sheet(device, date)
        name = device.files.add(draw_sheet(device, sheet), "application/pdf")
        fact = DayClosed(
            date=date,
            counts=sheet.counts,
            waiting=sheet.waiting,
            at_seq=act.head.seq,
            head=act.head.hash.hex(),
            equations_hold=sheet.equations_hold,
            opening_sheets=sheet.keeper.opening,
            sheets_in=sheet.keeper.came_in,
            sheets_out=sheet.keeper.went_out,
            closing_sheets=sheet.keeper.closing,
            sheet=name,
            voids_unconfirmed=len(sheet.voids_unconfirmed),
            voids_overdue=len(sheet.voids_overdue),
        )
        return Closed(act.add(fact, sign=device.sign), name)

    return device.record_unless(lambda: close_refusals(device, date), build)


def unclosed_days(device: Device) -> list[str]:
    """Past days on which something a day close counts was done or became known, and not closed after it."""
    today, closed = device.today(), _closed(device)
    return sorted(day for day, seq in _worked(device).items() if day < today and seq > closed.get(day, 0))


def _closed(device: Device) -> dict[str, int]:
    """Closed days and the entry (seq) of the last close of each."""
    own = device.rows.many("days", device=device.id)
    return {str(row["date"]): int(str(row["ref"]).partition("/")[2]) for row in own}


def _worked(device: Device) -> dict[str, int]:
    """Days with something a day close counts, and the last entry (seq) of this device about each."""
    last: dict[str, int] = {}
    for day, seq in deeds(device):
        last[day] = max(last.get(day, 0), seq)
    return last


def draw_sheet(device: Device, sheet: DaySheet) -> bytes:
    """The day-close sheet (日结单) as PDF, in the words of the trade."""
    station = device.rows.one("stations", station=device.sheet.station) or {}
    grant = device.grant(device.person())
    now = device.clock.now().at
    keeper = sheet.keeper
    facts = {
        "站点": str(station.get("name") or ""),
        "设备": f"{device.id[:8]}（第 {sheet.seq} 条记录）",
        "日期": sheet.date,
        "经办人": grant.name if grant else "",
        "制表时间": moment_text(now),
        "待上传": f"{sheet.waiting} 条，均已安全保存在本机",
        "未答复的打印": "、".join(sheet.open_prints) or "无",
        "存根待归档": f"{len(sheet.stubs_waiting)}（{'、'.join(sheet.stubs_waiting)}）"
        if sheet.stubs_waiting
        else "无",
        "他机作废换证": "、".join(_told(one, "由", one.ended_at) for one in sheet.endings.elsewhere) or "无",
        "代他机作废换证": "、".join(_told(one, "号属", one.device) for one in sheet.endings.for_sisters) or "无",
        "作废待复核": _unconfirmed(sheet),
        "作废、遗失后补录交付": "、".join(sheet.told_after) or "无",
        "账本摘要": f"{sheet.head[:16]}",
        "号段等式": "成立" if sheet.blocks_hold else "不成立",
        "纸证等式": f"{keeper.opening} + {keeper.came_in} = {keeper.went_out} + {keeper.closing}"
        f"（{'成立' if keeper.holds else '不成立'}）",
    }
    tables = (_counts_table(sheet), _blocks_table(device))
    allowed = leave(device, device.paper.report_form(TITLE), device.person())
    signers = (_signer(grant), "站（所）负责人", "日期")
    return device.paper.report(TITLE, facts, tables, day_start(sheet.date), leave=allowed, signatures=signers)


def _unconfirmed(sheet: DaySheet) -> str:
    if not sheet.voids_unconfirmed:
        return "无"
    overdue = f"，其中逾期 {len(sheet.voids_overdue)}" if sheet.voids_overdue else ""
    return f"{len(sheet.voids_unconfirmed)}（{'、'.join(sheet.voids_unconfirmed)}）{overdue}"


_ENDED = {"voided": "作废", "replaced": "换证"}


def _told(one: Ended, relation: str, sister: str) -> str:
    return f"{one.number} {_ENDED[one.state]}（{relation} {sister[:8]}）"


def _signer(grant: Grant | None) -> str:
    # Who is no vet does not sign on a line that says so.
    return "官方兽医" if grant is not None and Post.VET in grant.posts else "经办人"


_KIND_NAMES = {"A": "动物 A", "B": "动物 B", "N": "处理通知单"}


def _counts_table(sheet: DaySheet) -> ReportTable:
    head = ("种类", "签发", "首号", "末号", "作废", "换证", "他机终止", "打印份", "联数", "损坏", "存根归档", "余号")
    rows = [
        (
            _KIND_NAMES[count.kind],
            *map(str, (count.issued, count.first or "—", count.last or "—", count.voided, count.replaced)),
            *map(str, (count.ended_elsewhere, count.prints, count.sheets, count.spoiled, count.stubs, count.free)),
        )
        for count in sheet.counts
    ]
    return ReportTable("当日证号与纸证", head, tuple(rows))


def _blocks_table(device: Device) -> ReportTable:
    counts = count_blocks(device.store)
    rows = []
    for block in device.rows.many("blocks", device=device.id):
        count = counts[str(block["block"])]
        parts = (count.size, count.free, count.used, count.returned, count.lost, count.withdrawn)
        rows.append((f"{block['kind']} {block['first']}–{block['last']}", *map(str, parts)))
    return ReportTable("号段等式", ("号段", "总数", "未用", "已用", "退回", "遗失", "收回"), tuple(rows))
