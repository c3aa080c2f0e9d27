"""The public notices of what stores lost, drawn and published, as rows."""

from __future__ import annotations

from inspector_app.domain.loss_notice import StoreNoticeDrawn, StoreNoticePublished
from inspector_app.journal.projections.registry import projects_document
from inspector_app.journal.projections.rows import Row, Rows


@projects_document(StoreNoticeDrawn)
def store_notice_drawn(value: StoreNoticeDrawn, rows: Rows) -> None:
    """It may be published; drawn again the newest counts."""
    drawn: Row = {"notice": value.notice, "drawn_on": value.on, "drawn_by": value.by, "drawn_at": value.at}
    if rows.one("store_notices", ending=value.ending) is not None:
        rows.update("store_notices", {"ending": value.ending}, drawn)
        return
    later: Row = dict.fromkeys(("medium", "published_on", "picture", "published_by", "published_at"))
    rows.put("store_notices", {"ending": value.ending} | drawn | later)


@projects_document(StoreNoticePublished)
def store_notice_published(value: StoreNoticePublished, rows: Rows) -> None:
    """It is public."""
    public: Row = {"medium": value.medium, "published_on": value.published_on, "picture": value.picture}
    public |= {"published_by": value.by, "published_at": value.at}
    rows.update("store_notices", {"ending": value.ending}, public)
