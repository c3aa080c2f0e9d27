"""What was written about losses of stores: notices drawn and published, reports drawn, sent, acknowledged; as rows."""

from __future__ import annotations

from inspector_app.domain.loss_notice import (
    StoreNoticeDrawn,
    StoreNoticePublished,
    StoreReport,
    StoreReportAcknowledged,
    StoreReportsDrawn,
    StoreReportSent,
)
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


@projects_document(StoreReportsDrawn)
def store_reports_drawn(value: StoreReportsDrawn, rows: Rows) -> None:
    """They may be sent; of those drawn again the newest counts."""
    for one in value.reports:
        _report_drawn(value, one, rows)


def _report_drawn(value: StoreReportsDrawn, one: StoreReport, rows: Rows) -> None:
    drawn: Row = {"addressee": one.addressee, "report": one.report}
    drawn |= {"drawn_on": value.on, "drawn_by": value.by, "drawn_at": value.at}
    key: Row = {"ending": value.ending, "to_whom": one.to}
    if rows.one("store_reports", **key) is not None:
        rows.update("store_reports", key, drawn)
        return
    sent: Row = dict.fromkeys(("sent_on", "sent_picture", "sent_by", "sent_at"))
    answered: Row = dict.fromkeys(("acknowledged_on", "acknowledged_picture", "acknowledged_by", "acknowledged_at"))
    rows.put("store_reports", key | drawn | sent | answered)


@projects_document(StoreReportSent)
def store_report_sent(value: StoreReportSent, rows: Rows) -> None:
    """It went out."""
    sent: Row = {"sent_on": value.sent_on, "sent_picture": value.picture, "sent_by": value.by, "sent_at": value.at}
    rows.update("store_reports", {"ending": value.ending, "to_whom": value.to}, sent)


@projects_document(StoreReportAcknowledged)
def store_report_acknowledged(value: StoreReportAcknowledged, rows: Rows) -> None:
    """It arrived."""
    answered: Row = {"acknowledged_on": value.acknowledged_on, "acknowledged_picture": value.picture}
    answered |= {"acknowledged_by": value.by, "acknowledged_at": value.at}
    rows.update("store_reports", {"ending": value.ending, "to_whom": value.to}, answered)
