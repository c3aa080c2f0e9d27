"""The day close (日结): what the day used, both equations, what still waits; printed, signed by hand, on record.

Per device, numbered and each naming the one before, in the order of the days. Never a gate for the next morning: an
unclosed day is tomorrow's first task, and stands in the way of issuing only after as many working days as policy says.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from inspector_app.clock import day_start, legal_date, moment_text
from inspector_app.domain.authority import Action, Grant, Post
from inspector_app.domain.closing import ClosedDay, last_close, last_closed
from inspector_app.domain.custody import ON_HAND, KeeperCount, SheetFlow, SheetState
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.custody import DayClosed, DayCount
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.openings import FORMER
from inspector_app.journal.projections.sheets import CAME_BACK, STUB
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
LEFT_FOR_GOOD = (SheetState.RETURNED, SheetState.DESTROYED)
CERTIFICATE_TABLES = {"A": "certificates", "B": "certificates", "N": "notices"}


class DeviceDay(msgspec.Struct, frozen=True):
    """How a device of the station stands on a day: the number of its close, 0 while none is known here.

    ``seq`` and ``head`` are the last entry of it that is known here and that entry's hex hash; 0 and "" before any.
    """

    device: str
    name: str
    ordinal: int
    seq: int
    head: str


class DaySheet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a day-close sheet says.

    ``follows`` is the close before it, ``set_back`` counts entries whose day lies before that close though they came
    after it: the clock had been set back, and this sheet is the first that can tell.
    """

    date: str
    follows: ClosedDay
    devices: list[DeviceDay]
    set_back: int
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
    came_back: int
    left_for_good: int
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
        follows=last_close(closes(device)),
        devices=devices_on(device, date),
        set_back=len(_set_back(device)),
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
        came_back=_moved_to(device, date, SheetFlow.IN, CAME_BACK),
        left_for_good=_moved_to(device, date, SheetFlow.OUT, LEFT_FOR_GOOD),
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
    moved = [row for row in moved if _is_kind(row, kind) and row["state"] not in CAME_BACK]
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
        prints=len({(row["number"], row["print"]) for row in moved if row["flow"] == SheetFlow.IN} - _former(moved)),
        sheets=sum(1 for row in moved if row["flow"] == SheetFlow.IN),
        spoiled=sum(1 for row in moved if row["state"] == SheetState.SPOILED and row["ref"] not in ends),
        stubs=sum(1 for row in moved if row["state"] == SheetState.KEPT and row["sheet"] == STUB),
        free=free,
    )


def _former(moved: list[Row]) -> set[tuple[object, object]]:
    """Papers of a former system, which came in without being printed here."""
    return {(row["number"], row["print"]) for row in moved if row["print"] == FORMER}


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


def _moved_to(device: Device, date: str, flow: SheetFlow, states: Sequence[SheetState]) -> int:
    moved = [row for row in moves(device) if row["day"] == date and row["state"] in states]
    return _flows(moved, flow)


def _flows(moved: list[Row], flow: SheetFlow) -> int:
    return sum(1 for row in moved if row["flow"] == flow)


def _net(moved: list[Row]) -> int:
    return _flows(moved, SheetFlow.IN) - _flows(moved, SheetFlow.OUT)


def close_refusals(device: Device, date: str) -> list[Refusal]:
    """Why a day may not be closed now: no day, one to come, closed with nothing since, not the next in order.

    A print nobody answered for does not stand in the way (DESIGN 5): the sheet names it, its answer reopens the day.
    """
    found = device.may(Action.CLOSE_DAY) + sheet_refusals(device, date)
    if not any(refusal.field == "date" for refusal in found):
        found += order_refusals(device, date)
    if is_closed(device, date):
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, current=date))
    return found


def order_refusals(device: Device, date: str) -> list[Refusal]:
    """Days are closed in their order: none before the last closed one, none while an earlier one is open."""
    last = last_closed(closes(device), device.today())
    if date < last:
        return [Refusal(code=RefusalCode.DAY_BEFORE_LAST, field="date", limit=last, current=date)]
    earlier = [day for day in unclosed_days(device) if day < date]
    return [Refusal(code=RefusalCode.DAY_EARLIER_OPEN, field="date", limit=day, current=date) for day in earlier[:1]]


def overdue_days(device: Device) -> dict[str, str]:
    """Days that stayed open beyond the working days for which that is only a reminder (DOMAIN 11), with the last."""
    policy, today = device.policy(), device.today()

    def due(day: str) -> str:
        return policy.after_working_days(day, policy.unclosed_day_soft_days)

    # What is open is no older than the last close, or the first entry: most days nothing need be counted.
    if today <= due(last_closed(closes(device), today) or _first_day(device)):
        return {}
    return {day: due(day) for day in unclosed_days(device) if today > due(day)}


def overdue_refusals(device: Device) -> list[Refusal]:
    """The oldest day that has to be closed before anything is issued."""
    overdue = list(overdue_days(device).items())
    return [Refusal(code=RefusalCode.DAY_UNCLOSED, limit=due, current=day) for day, due in overdue[:1]]


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
            ordinal=sheet.follows.ordinal + 1,
            previous=sheet.follows.hash,
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


def closes(device: Device) -> list[ClosedDay]:
    """The closes of this device, one a day: of a day closed more than once the last."""
    own = device.rows.many("days", device=device.id)
    return [ClosedDay(str(row["date"]), int(row["ordinal"] or 0), str(row["hash"])) for row in own]


def _closed(device: Device) -> dict[str, int]:
    """Closed days and the entry (seq) of the last close of each."""
    own = device.rows.many("days", device=device.id)
    return {str(row["date"]): int(str(row["ref"]).partition("/")[2]) for row in own}


def _worked(device: Device) -> dict[str, int]:
    """Days with something a day close counts, and the last entry (seq) of this device about each.

    What a clock set back wrote onto a day before the last closed one is that day's: no earlier one is closed any more.
    """
    last: dict[str, int] = {}
    closed_last = last_closed(closes(device), device.today())
    for day, seq in deeds(device):
        counted = max(day, closed_last)
        last[counted] = max(last.get(counted, 0), seq)
    return last


def _set_back(device: Device) -> set[int]:
    """Entries (seq) of a day before the last closed one that came after its close."""
    last = last_closed(closes(device), device.today())
    since = _closed(device).get(last, 0)
    return {seq for day, seq in deeds(device) if day < last and seq > since}


def devices_on(device: Device, date: str) -> list[DeviceDay]:
    """Every device in use at the station on a day: closed or not in (未报), with its last entry known here."""
    sheets = device.rows.many("devices", station=device.sheet.station, state="active")
    names = {str(row["device"]): str(row["name"]) for row in sheets}
    names.setdefault(device.id, str((device.rows.one("journals", device=device.id) or {}).get("name") or ""))
    return [_device_on(device, one, name, date) for one, name in sorted(names.items())]


def _device_on(device: Device, one: str, name: str, date: str) -> DeviceDay:
    row = device.rows.one("days", device=one, date=date)
    ordinal = int(row["ordinal"] or 0) if row else 0
    if one == device.id:
        head = device.store.head()
        return DeviceDay(one, name, ordinal, head.seq, head.hash.hex())
    heard = device.rows.many("relayed", order="seq", device=one)
    return DeviceDay(one, name, ordinal, *((int(heard[-1]["seq"] or 0), str(heard[-1]["hash"])) if heard else (0, "")))


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
        "日结序号": _numbered(sheet),
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
        "回收、追回": f"{sheet.came_back} 联",
        "上缴、销毁": f"{sheet.left_for_good} 联",
        "账本摘要": f"{sheet.head[:16]}",
        "号段等式": "成立" if sheet.blocks_hold else "不成立",
        "纸证等式": f"{keeper.opening} + {keeper.came_in} = {keeper.went_out} + {keeper.closing}"
        f"（{'成立' if keeper.holds else '不成立'}）",
    }
    if sheet.set_back:
        facts["时钟回拨"] = f"{sheet.set_back} 条记录的日期早于上一次日结"
    tables = (_counts_table(sheet), _blocks_table(device), _devices_table(device, sheet))
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


def _numbered(sheet: DaySheet) -> str:
    before = sheet.follows
    after = f"，接 {before.date} 第 {before.ordinal} 号 {before.hash[:16]}" if before.ordinal else ""
    return f"第 {before.ordinal + 1} 号{after}"


def _devices_table(device: Device, sheet: DaySheet) -> ReportTable:
    rows = [
        (
            f"{one.name} {one.device[:8]}".strip(),
            "本单" if one.device == device.id else f"已日结（第 {one.ordinal} 号）" if one.ordinal else "未报",
            f"第 {one.seq} 条" if one.seq else "—",
            one.head[:16] or "—",
        )
        for one in sheet.devices
    ]
    return ReportTable("本站各设备", ("设备", "当日日结", "所知末条", "末条摘要"), tuple(rows))


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
