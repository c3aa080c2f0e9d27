"""The public notice by which lost numbers and sheets are declared void (作废公告), as station and province word it.

It is a letter, no certificate: it bears no number of a scheme, no code and no seal image (GX-2014 Art. 26).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from inspector_app.domain.documents import Role, document

NOTICE_TITLE = "动物检疫证章标志作废公告"
NOTICE_HEAD = ("证章标志名称", "起号", "止号", "数量", "情况")
_CAUSES = {"lost": "遗失", "stolen": "被盗", "damaged": "损毁"}


class NoticeLine(msgspec.Struct, frozen=True, kw_only=True):
    """One range: the name of its kind, how many, and of what (个编号 or 张)."""

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
        (one.name, one.first, one.last, f"{one.count} {one.unit}", cause_word(notice.cause)) for one in notice.lines
    )


def notice_closing(notice: LossNotice) -> tuple[str, str]:
    """Who gives it, and the day."""
    return notice.agency, day_word(notice.given_on)


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
