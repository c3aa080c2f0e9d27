"""The papers of a loss: the public notice (作废公告) and the report to each recipient, as letters (公文)."""

from __future__ import annotations

from inspector_app.domain.certificate import CertificateState
from inspector_app.domain.rules import RuleProfile
from inspector_app.journal.entries.losses import Recipient
from inspector_app.journal.projections.losses import NUMBERS
from inspector_app.ports import ReportLetter, ReportTable
from inspector_app.services.device import Device
from inspector_app.services.loss_cases import LossCase
from inspector_app.services.on_desk import paper_row
from inspector_app.services.paperwork import leave
from inspector_app.services.recipients import agency, recipient, where_to_tell

NOTICE_TITLE = "动物检疫证章标志作废公告"
REPORT_TITLE = "关于证章标志遗失被盗损毁情况的报告"
KIND_NAMES = {"A": "动物检疫合格证明（动物A）", "B": "动物检疫合格证明（动物B）", "N": "检疫处理通知单"}
_CAUSES = {"lost": "遗失", "stolen": "被盗", "damaged": "损毁"}


def draw_notice(device: Device, case: LossCase) -> str:
    """The notice by which the numbers are declared void in public; returns its file (hex SHA-256)."""
    happened = f"{agency(device)}于 {_day(case.lost_on)}发现下列证章标志{_cause(case)}"
    said = f"{happened}，{_declared(device, case)}"
    asked = f"任何单位和个人发现持有、使用下列编号的，请立即向{where_to_tell(device)}举报。"
    asked += f"我单位联系电话：{_phone(device)}。"
    letter = ReportLetter(paragraphs=(said, asked), closing=_closing(device))
    return _draw(device, NOTICE_TITLE, letter, case)


def draw_report(device: Device, case: LossCase, to: Recipient, profile: RuleProfile) -> str:
    """The report to one recipient, under the rules in force; returns its file (hex SHA-256)."""
    happened = (
        f"{_day(case.lost_on)}，我单位发现下列证章标志{_cause(case)}，共 {case.count} {_unit(case)}。"
        f"{_done_at_once(device, case)}"
    )
    rules = (
        f"根据《{profile.title}》第十七条、第二十六条，我单位正在公告声明作废、查明原因，并将处理结果另行报告"
        f"同级{profile.in_today_s_words('兽医主管部门')}和上一级{profile.in_today_s_words('动物卫生监督机构')}。"
        "请通报各出证、查验单位，发现使用下列编号的，按规定处理。"
    )
    letter = ReportLetter(
        addressee=f"{recipient(device, to)}：",
        paragraphs=(f"现将我单位证章标志{_cause(case)}情况报告如下。", happened, rules, "特此报告。"),
        closing=_closing(device),
    )
    return _draw(device, REPORT_TITLE, letter, case)


def _is_in_force(device: Device, case: LossCase) -> bool:
    """Whether only a sheet is gone, a stub or one of an earlier print, and its paper goes on covering the trip."""
    paper = None if case.what == NUMBERS else paper_row(device, f"{case.kind} {case.first}")
    return paper is not None and paper["state"] == CertificateState.ISSUED


def _declared(device: Device, case: LossCase) -> str:
    if _is_in_force(device, case):  # nobody may take from the owner what was lawfully issued (GX-2014 Art. 29)
        return "所失之联现声明作废，自本公告之日起不得使用；同号的现行证明照常有效。"
    return "现声明作废，自本公告之日起不得使用。"


def _done_at_once(device: Device, case: LossCase) -> str:
    if _is_in_force(device, case):
        return "发现后已在出证系统中登记，所失之联不得使用；同号的现行证明照常有效。"
    return "发现后已立即停用，并在出证系统中登记，编号今后不再使用。"


def _draw(device: Device, title: str, letter: ReportLetter, case: LossCase) -> str:
    now = device.clock.now().at
    allowed = leave(device, device.paper.report_form(title), device.person())
    drawn = device.paper.report(title, {}, (_table(case),), now, leave=allowed, letter=letter)
    return device.files.add(drawn, "application/pdf")


def _table(case: LossCase) -> ReportTable:
    row = (KIND_NAMES.get(case.kind, case.kind), case.first, case.last, f"{case.count} {_unit(case)}", _cause(case))
    return ReportTable("", ("证章标志名称", "起号", "止号", "数量", "情况"), (row,))


def _unit(case: LossCase) -> str:
    return "个编号" if case.what == NUMBERS else "张"


def _cause(case: LossCase) -> str:
    return _CAUSES.get(case.cause, "遗失")


def _phone(device: Device) -> str:
    station = device.rows.one("stations", station=device.sheet.station) or {}
    return str(station.get("phone") or "")


def _closing(device: Device) -> tuple[str, ...]:
    return agency(device), _day(device.today())


def _day(day: str) -> str:
    year, month, date = day.split("-")
    return f"{year} 年 {int(month)} 月 {int(date)} 日"
