"""Papers of custody in the words of the trade: the slip of what is handed in, and the request for destruction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from inspector_app.clock import moment_text
from inspector_app.domain.stocktake import runs
from inspector_app.journal.entries.sheets import SheetName
from inspector_app.ports import ReportTable
from inspector_app.services.device import Device
from inspector_app.services.paperwork import leave

SLIP, REQUEST = "证章标志交接清单", "证章标志销毁申请单"
KIND_NAMES = {"A": "动物检疫合格证明（动物A）", "B": "动物检疫合格证明（动物B）", "N": "检疫处理通知单"}
STATE_NAMES = {
    "blank": "空白",
    "printed": "打印",
    "kept": "存根归档",
    "spoiled": "废件",
    "handed_over": "交付",
    "collected": "回收",
    "lost": "遗失",
    "found": "追回",
    "returned": "上缴",
    "destroyed": "销毁",
}


def draw_slip(device: Device, sheets: Sequence[SheetName], to: str) -> bytes:
    """The slip both sign when old sheets are handed in, as PDF."""
    facts = _facts(device, sheets) | {"接收": _reason(device, "hand_in", to)}
    return _draw(device, SLIP, facts, (_sums(device, sheets), _items(device, sheets)))


def draw_request(device: Device, sheets: Sequence[SheetName], method: str, planned_on: str) -> bytes:
    """The request for destruction (销毁申请单) as PDF, with room for four signatures and two seals."""
    facts = _facts(device, sheets)
    facts |= {"销毁方式": _reason(device, "destruction", method), "拟销毁时间": planned_on, "监督销毁": "分管领导"}
    return _draw(device, REQUEST, facts, (_sums(device, sheets), _items(device, sheets)))


def ranges(numbers: Iterable[str]) -> str:
    """Digits with neighbours drawn together: ``9900000001–9900000003、9900000007``."""
    return "、".join(first if first == last else f"{first}–{last}" for first, last in runs(numbers))


def _draw(device: Device, title: str, facts: dict[str, str], tables: tuple[ReportTable, ...]) -> bytes:
    allowed = leave(device, device.paper.report_form(title), device.person())
    return device.paper.report(title, facts, tables, device.clock.now().at, leave=allowed)


def _facts(device: Device, sheets: Sequence[SheetName]) -> dict[str, str]:
    grant = device.grant(device.person())
    return {
        "站点": _station(device),
        "经办人": grant.name if grant else "",
        "制表时间": moment_text(device.clock.now().at),
        "合计": f"{len(sheets)} 联",
    }


def _station(device: Device) -> str:
    return str((device.rows.one("stations", station=device.sheet.station) or {}).get("name") or "")


def _reason(device: Device, name: str, code: str) -> str:
    found = device.catalogue.reason(name, code)
    return found.name("zh") if found else code


def _sums(device: Device, sheets: Sequence[SheetName]) -> ReportTable:
    """One line per kind and state: how many, and which numbers."""
    groups = groupby(sorted(sheets, key=lambda one: _group(device, one)), key=lambda one: _group(device, one))
    rows = tuple(_sum_row(kind, state, list(members)) for (kind, state), members in groups)
    return ReportTable("品种、数量、号码", ("品种", "类别", "联数", "号码"), rows)


def _group(device: Device, one: SheetName) -> tuple[str, str]:
    return one.kind, str(_row(device, one).get("state") or "")


def _row(device: Device, one: SheetName) -> dict[str, str | int | None]:
    return device.rows.one("sheets", number=one.number, print=one.print, sheet=one.sheet) or {}


def _sum_row(kind: str, state: str, members: Sequence[SheetName]) -> tuple[str, ...]:
    numbers = ranges(dict.fromkeys(one.digits for one in members))
    return KIND_NAMES.get(kind, kind), STATE_NAMES.get(state, state), str(len(members)), numbers


def _items(device: Device, sheets: Iterable[SheetName]) -> ReportTable:
    rows = tuple(_item(device, at, one) for at, one in enumerate(sorted(sheets), start=1))
    return ReportTable("逐联清单", ("序号", "编号", "第几次打印", "第几联", "类别", "原因", "存放"), rows)


def _item(device: Device, at: int, one: SheetName) -> tuple[str, ...]:
    row = _row(device, one)
    state, category = str(row.get("state") or ""), str(row.get("category") or "")
    why = next((name for name in _LISTS if device.catalogue.reason(name, category)), "")
    reason = _reason(device, why, category) if why else _OTHER_CATEGORIES.get(category, category)
    place = str(row.get("box") or "")
    return (
        str(at),
        one.number,
        str(one.print or "—"),  # a former or taken-in paper was printed elsewhere, a blank not at all
        str(one.sheet or "—"),
        STATE_NAMES.get(state, state),
        reason or "—",
        place or "—",
    )


_LISTS = ("spoil", "spare_print", "collection")
_OTHER_CATEGORIES = {"void": "随证明作废", "opening": "期初接收"}
