"""Official seals (印章) and files of licence applications (许可证件申请材料): each has a sheet of its own."""

from __future__ import annotations

import msgspec

from inspector_app.domain.days import after_months
from inspector_app.domain.documents import Role, document
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, refusal


@document("seal", 1, signed_by=Role.AUTHORITY)
class SealSheet(msgspec.Struct, frozen=True, array_like=True):
    """An official seal: who holds it, how it looks, when it is in force; a later ``ordinal`` supersedes.

    ``holder`` is a roster number, 0 while it lies with the keeper; ``impression`` the hex SHA-256 of the picture of its
    impression (印模); ``until`` is "" as long as it has no end.
    """

    seal: str
    ordinal: int
    organisation: int
    holder: int
    impression: str
    since: str
    until: str
    by: int
    at: int


@document("licence_file", 1, signed_by=Role.SERVER)
class LicenceFile(msgspec.Struct, frozen=True, array_like=True):
    """The papers of one licence's application; later ordinals say that it was cancelled (注销), the papers removed."""

    file: str
    ordinal: int
    organisation: int
    licence: str
    opened_on: str
    cancelled_on: str
    removed_on: str
    by: int
    at: int


@enforces("G19")
def removal_refusals(cancelled_on: str, today: str, months: int) -> list[StockRefusal]:
    """Application papers are kept for two years after the licence was cancelled (GX-2014 Art. 16 (2))."""
    through = after_months(cancelled_on, months) if cancelled_on else ""
    if through and today > through:
        return []
    return [refusal(StockCode.FILE_STILL_KEPT, limit=through)]
