"""Public notice (作废公告) and reports of a loss, as station and province word them.

They are letters, no certificates: they bear no number of a scheme, no code and no seal image (GX-2014 Art. 17, 26).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from inspector_app.domain.documents import Role, document
from inspector_app.domain.rules import RuleProfile

NOTICE_TITLE = "动物检疫证章标志作废公告"
REPORT_TITLE = "关于证章标志遗失被盗损毁情况的报告"
NOTICE_HEAD = ("证章标志名称", "起号", "止号", "数量", "情况")
_CAUSES = {"lost": "遗失", "stolen": "被盗", "damaged": "损毁"}


class NoticeLine(msgspec.Struct, frozen=True, kw_only=True):
    """One range: the name of its kind, how many, and of what (个编号 or 张); goods without numbers have no ends."""

    name: str
    first: str
    last: str
    count: int
    unit: str = "个编号"


class LossNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What a notice says: who gives it, what was found lost on which legal day, and of which ``cause``.

    ``tell`` is whom to tell (who gives it, unless given), ``phone`` the number of who gives it, "" for none.
    ``in_force``: only a sheet is gone, and its paper goes on being valid.
    """

    agency: str
    lost_on: str
    given_on: str
    cause: str
    lines: Sequence[NoticeLine]
    tell: str = "我单位"
    phone: str = ""
    in_force: bool = False


def cause_word(cause: str) -> str:
    """A cause of the list ``loss`` as a notice says it."""
    return _CAUSES.get(cause, "遗失")


def day_word(day: str) -> str:
    """A legal day as letters write it: ``2026 年 11 月 21 日``."""
    year, month, date = day.split("-")
    return f"{year} 年 {int(month)} 月 {int(date)} 日"


def notice_paragraphs(notice: LossNotice) -> tuple[str, ...]:
    """The running text."""
    happened = f"{notice.agency}于 {day_word(notice.lost_on)}发现下列证章标志{cause_word(notice.cause)}"
    asked = f"任何单位和个人发现持有、使用下列编号的，请立即向{notice.tell}举报。"
    return f"{happened}，{_declared(notice)}", asked + (f"我单位联系电话：{notice.phone}。" if notice.phone else "")


def _declared(notice: LossNotice) -> str:
    if notice.in_force:  # nobody may take from the owner what was lawfully issued (GX-2014 Art. 29)
        return "所失之联现声明作废，自本公告之日起不得使用；同号的现行证明照常有效。"
    return "现声明作废，自本公告之日起不得使用。"


def notice_rows(notice: LossNotice) -> tuple[tuple[str, ...], ...]:
    """The rows of the table below the text, under :data:`NOTICE_HEAD`."""
    return tuple(
        (one.name, one.first or "—", one.last or "—", f"{one.count} {one.unit}", cause_word(notice.cause))
        for one in notice.lines
    )


def notice_closing(notice: LossNotice) -> tuple[str, str]:
    """Who gives it, and the day."""
    return notice.agency, day_word(notice.given_on)


# --- the reports -----------------------------------------------------------------------------------------------------


def report_paragraphs(notice: LossNotice, profile: RuleProfile, *, above: bool = True) -> tuple[str, ...]:
    """The running text of the report to either recipient, under the rules in force (GX-2014 Art. 17, 26).

    ``above``: whether an institution stands above who reports; the highest one reports to its authority alone.
    """
    cause = cause_word(notice.cause)
    count = f"{sum(line.count for line in notice.lines)} {notice.lines[0].unit}"
    happened = f"{day_word(notice.lost_on)}，我单位发现下列证章标志{cause}，共 {count}。"
    return (
        f"现将我单位证章标志{cause}情况报告如下。",
        happened + _done_at_once(notice),
        f"根据《{profile.title}》第十七条、第二十六条，{_going_on(notice, profile, above)}",
        "特此报告。",
    )


def _has_numbers(notice: LossNotice) -> bool:
    return any(line.first for line in notice.lines)


def _done_at_once(notice: LossNotice) -> str:
    if notice.in_force:
        return "发现后已在出证系统中登记，所失之联不得使用；同号的现行证明照常有效。"
    if not _has_numbers(notice):
        return "所失证章标志没有编号，发现后已立即登记，从库存中减去。"
    return "发现后已立即停用，并在出证系统中登记，编号今后不再使用。"


def _going_on(notice: LossNotice, profile: RuleProfile, above: bool) -> str:
    to = f"同级{profile.in_today_s_words('兽医主管部门')}"
    to += f"和上一级{profile.in_today_s_words('动物卫生监督机构')}" if above else ""
    doing = "公告声明作废、查明原因" if _has_numbers(notice) else "查明原因"
    what = "使用下列编号" if _has_numbers(notice) else "来历不明的同类证章标志"
    return f"我单位正在{doing}，并将处理结果另行报告{to}。请通报各出证、查验单位，发现{what}的，按规定处理。"


def authority_by_area(place: str) -> str:
    """The authority (主管部门) of an area by its full name, where no register names one."""
    return f"{place}农业农村局"


# --- of an institution's store ---------------------------------------------------------------------------------------


@document("store_notice_drawn", 1, signed_by=Role.SERVER)
class StoreNoticeDrawn(msgspec.Struct, frozen=True, array_like=True):
    """The notice of what a store lost (``ending``) was drawn on a legal day; ``notice`` is its PDF's SHA-256 (hex).

    Drawn again the newest counts.
    """

    ending: str
    notice: str
    on: str
    by: int
    at: int


@document("store_notice_published", 1, signed_by=Role.SERVER)
class StoreNoticePublished(msgspec.Struct, frozen=True, array_like=True):
    """The notice appeared on a legal day, in a medium of the list ``loss_medium``.

    ``picture`` is the SHA-256 (hex) of the clipping's photograph, which stays with the institution.
    """

    ending: str
    medium: str
    published_on: str
    picture: str
    by: int
    at: int


class StoreReport(msgspec.Struct, frozen=True, array_like=True):
    """One report: ``to`` whom (``authority`` or ``institution``), as the register numbers them, 0 for by the area.

    ``report`` is its PDF's SHA-256 (hex).
    """

    to: str
    addressee: int
    report: str


@document("store_reports_drawn", 1, signed_by=Role.SERVER)
class StoreReportsDrawn(msgspec.Struct, frozen=True, array_like=True):
    """The reports of what a store lost (``ending``) were drawn on a legal day.

    Drawn again the newest counts; what was sent already is not drawn again.
    """

    ending: str
    reports: tuple[StoreReport, ...]
    on: str
    by: int
    at: int


@document("store_report_sent", 1, signed_by=Role.SERVER)
class StoreReportSent(msgspec.Struct, frozen=True, array_like=True):
    """A report went out on a legal day; ``picture`` is the SHA-256 (hex) of a photograph of it, "" for none."""

    ending: str
    to: str
    sent_on: str
    picture: str
    by: int
    at: int


@document("store_report_acknowledged", 1, signed_by=Role.SERVER)
class StoreReportAcknowledged(msgspec.Struct, frozen=True, array_like=True):
    """Whoever was reported to acknowledged it (回执) on a legal day; ``picture`` as at the sending."""

    ending: str
    to: str
    acknowledged_on: str
    picture: str
    by: int
    at: int
