"""The public notice of a store's loss as a PDF, worded as the station's (:mod:`inspector_app.domain.loss_notice`)."""

from __future__ import annotations

from inspector_app.clock import legal_date
from inspector_app.domain.loss_notice import (
    NOTICE_HEAD,
    NOTICE_TITLE,
    LossNotice,
    NoticeLine,
    StoreNoticeDrawn,
    notice_closing,
    notice_paragraphs,
    notice_rows,
)
from inspector_app.domain.numbering import range_size
from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.stock_refusals import StockCode, StockRefused, refusal
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock import ranges_of
from inspector_app.ports import ReportLetter, ReportTable
from inspector_app.suites import sha256
from printing.letters import Report
from province import reference
from province.custody import deciding
from province.custody.store_notices import find_loss, notice_of, notice_refusals, refused
from province.papers import draw_letter

FORM = "loss_notice"


def draw_notice(using: str, loss: str, *, by: int, phone: str = "") -> StoreNoticeDrawn | StockRefused:
    """Draw the notice of a loss; ``phone``, where people report to, stands on the paper and nowhere else.

    The file is not kept: :func:`redraw` makes the same bytes again. StationError as
    :func:`province.papers.draw_letter`.
    """
    with deciding.deciding(using):
        row, organisation = find_loss(using, loss)
        if row is None or organisation is None:
            return refused(using, "draw_notice", {}, by, [refusal(StockCode.RECORD_UNKNOWN, current=loss)])
        if found := notice_refusals(using, row, organisation, by):
            return refused(using, "draw_notice", row, by, found)
        moment = deciding.moment(using)
        drawn = sha256(_pdf(using, row, organisation, phone, moment)).hex()
        told = StoreNoticeDrawn(loss, drawn, legal_date(moment), by, moment)
        deciding.record(using, told)
        return told


def redraw(using: str, loss: str, *, phone: str = "") -> bytes | None:
    """The PDF of the notice that was drawn last, the very bytes; None where phone or names are no longer the same."""
    row, organisation = find_loss(using, loss)
    known = notice_of(using, loss)
    if row is None or organisation is None or known is None:
        return None
    pdf = _pdf(using, row, organisation, phone, int(known["drawn_at"] or 0))
    return pdf if sha256(pdf).hex() == known["notice"] else None


def _pdf(using: str, loss: Row, organisation: OrganisationSheet, phone: str, at: int) -> bytes:
    notice = _notice(loss, organisation, phone, legal_date(at))
    said = Report(
        title=NOTICE_TITLE,
        made_at=at,
        tables=(ReportTable("", NOTICE_HEAD, notice_rows(notice)),),
        letter=ReportLetter(paragraphs=notice_paragraphs(notice), closing=notice_closing(notice)),
    )
    return draw_letter(using, FORM, said, organisation)


def _notice(loss: Row, organisation: OrganisationSheet, phone: str, given_on: str) -> LossNotice:
    return LossNotice(
        agency=organisation.name,
        lost_on=str(loss["day"]),
        given_on=given_on,
        cause=str(loss["cause"]),
        lines=lost_lines(loss),
        phone=phone,
    )


def lost_lines(loss: Row) -> tuple[NoticeLine, ...]:
    """What was lost, range by range; of goods without numbers one line with their count."""
    kind = reference.catalogue().stock_kind(str(loss["kind"]))
    name = kind.name("zh") if kind is not None else str(loss["kind"])
    ranges = ranges_of(str(loss["ranges"]))
    if not ranges:
        unit = _MEASURES.get(kind.measure if kind is not None else "", "件")
        return (NoticeLine(name=name, first="", last="", count=int(loss["count"] or 0), unit=unit),)
    return tuple(NoticeLine(name=name, first=one, last=end, count=range_size(one, end)) for one, end in ranges)


_MEASURES = {"sheet": "张", "piece": "枚"}
