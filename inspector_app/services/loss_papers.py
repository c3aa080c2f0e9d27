"""The papers of a loss: the public notice (作废公告) and the report to each recipient, as letters (公文)."""

from __future__ import annotations

from inspector_app.domain.certificate import CertificateState
from inspector_app.domain.loss_notice import (
    NOTICE_HEAD,
    NOTICE_TITLE,
    REPORT_TITLE,
    LossNotice,
    NoticeLine,
    notice_closing,
    notice_paragraphs,
    notice_rows,
    report_paragraphs,
)
from inspector_app.domain.rules import RuleProfile
from inspector_app.journal.entries.losses import Recipient
from inspector_app.journal.projections.losses import NUMBERS
from inspector_app.ports import ReportLetter, ReportTable
from inspector_app.services.device import Device
from inspector_app.services.loss_cases import LossCase
from inspector_app.services.on_desk import paper_row
from inspector_app.services.paperwork import leave
from inspector_app.services.recipients import agency, recipient, where_to_tell

KIND_NAMES = {"A": "动物检疫合格证明（动物A）", "B": "动物检疫合格证明（动物B）", "N": "检疫处理通知单"}


def draw_notice(device: Device, case: LossCase) -> str:
    """The notice by which the numbers are declared void in public; returns its file (hex SHA-256)."""
    notice = _notice(device, case)
    letter = ReportLetter(paragraphs=notice_paragraphs(notice), closing=notice_closing(notice))
    return _draw(device, NOTICE_TITLE, letter, notice)


def _notice(device: Device, case: LossCase) -> LossNotice:
    line = NoticeLine(
        name=KIND_NAMES.get(case.kind, case.kind), first=case.first, last=case.last, count=case.count, unit=_unit(case)
    )
    return LossNotice(
        agency=agency(device),
        lost_on=case.lost_on,
        given_on=device.today(),
        cause=case.cause,
        lines=(line,),
        tell=where_to_tell(device),
        phone=_phone(device),
        in_force=_is_in_force(device, case),
    )


def draw_report(device: Device, case: LossCase, to: Recipient, profile: RuleProfile) -> str:
    """The report to one recipient, under the rules in force; returns its file (hex SHA-256)."""
    notice = _notice(device, case)
    letter = ReportLetter(
        addressee=f"{recipient(device, to)}：",
        paragraphs=report_paragraphs(notice, profile),
        closing=notice_closing(notice),
    )
    return _draw(device, REPORT_TITLE, letter, notice)


def _is_in_force(device: Device, case: LossCase) -> bool:
    """Whether only a sheet is gone, a stub or one of an earlier print, and its paper goes on covering the trip."""
    paper = None if case.what == NUMBERS else paper_row(device, f"{case.kind} {case.first}")
    return paper is not None and paper["state"] == CertificateState.ISSUED


def _draw(device: Device, title: str, letter: ReportLetter, notice: LossNotice) -> str:
    now = device.clock.now().at
    allowed = leave(device, device.paper.report_form(title), device.person())
    table = ReportTable("", NOTICE_HEAD, notice_rows(notice))
    drawn = device.paper.report(title, {}, (table,), now, leave=allowed, letter=letter)
    return device.files.add(drawn, "application/pdf")


def _unit(case: LossCase) -> str:
    return "个编号" if case.what == NUMBERS else "张"


def _phone(device: Device) -> str:
    station = device.rows.one("stations", station=device.sheet.station) or {}
    return str(station.get("phone") or "")
