"""The reports of a store's loss as PDFs, worded as a station's (:mod:`inspector_app.domain.loss_notice`).

Addressed by the register on the day they are drawn.
"""

from __future__ import annotations

from inspector_app.clock import legal_date
from inspector_app.domain.loss_notice import (
    NOTICE_HEAD,
    REPORT_TITLE,
    LossNotice,
    StoreReport,
    StoreReportsDrawn,
    authority_by_area,
    notice_closing,
    notice_rows,
    report_paragraphs,
)
from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.reference import UnknownCodeError
from inspector_app.domain.rules import RuleProfile, enforces
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.errors import BugError
from inspector_app.journal.entries.losses import Recipient
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock_endings import OPEN
from inspector_app.ports import ReportLetter, ReportTable
from inspector_app.suites import sha256
from printing.letters import Report
from province import reference
from province.custody import deciding
from province.custody.notice_papers import lost_lines
from province.custody.store_notices import find_loss, refused, speaker_refusals
from province.custody.store_reports import recipients_of, registered, report_of, unsent
from province.papers import draw_letter

FORM = "loss_report"


def draw_reports(using: str, loss: str, *, by: int) -> StoreReportsDrawn | StockRefused:
    """Draw the reports of a loss that did not go out yet.

    The files are not kept: :func:`redraw` makes the same bytes again. StationError as
    :func:`province.papers.draw_letter`.
    """
    with deciding.deciding(using):
        row, organisation = find_loss(using, loss)
        if row is None or organisation is None:
            return refused(using, "draw_reports", {}, by, [refusal(StockCode.RECORD_UNKNOWN, current=loss)])
        if found := _refusals(using, row, organisation, by):
            return refused(using, "draw_reports", row, by, found)
        moment = deciding.moment(using)
        reports = tuple(_drawn(using, row, organisation, to, moment) for to in unsent(using, row))
        told = StoreReportsDrawn(loss, reports, legal_date(moment), by, moment)
        deciding.record(using, told)
        return told


def _refusals(using: str, loss: Row, organisation: OrganisationSheet, by: int) -> list[StockRefusal]:
    """Head or keeper reports, while the case is open and something is still to be sent, under rules carried out."""
    found, name = speaker_refusals(using, organisation, by), str(loss["ending"])
    if not recipients_of(using, loss):
        return [*found, refusal(StockCode.RECIPIENT_UNKNOWN, current=name)]
    if loss["state"] != OPEN or not unsent(using, loss):
        found.append(refusal(StockCode.RECORD_SETTLED, current=name))
    return found + rule_set_refusals(using, deciding.today(using))


@enforces("G51")
def rule_set_refusals(using: str, day: str) -> list[StockRefusal]:
    """A paper that appeals to the rules is made under the set the province names, and no other."""
    if reference.rules_in_force(using, day) is not None:
        return []
    carried = ", ".join(one.profile for one in reference.shipped_rules())
    return [refusal(StockCode.RULES_OTHER, limit=deciding.policy(using).custody_rules, current=carried)]


def redraw(using: str, loss: str, to: Recipient) -> bytes | None:
    """The PDF of the report that was drawn last, the very bytes; None where names or rules are no longer the same."""
    row, organisation = find_loss(using, loss)
    known = report_of(using, loss, to)
    if row is None or organisation is None or known is None:
        return None
    drawn_at = int(known["drawn_at"] or 0)
    if reference.rules_in_force(using, legal_date(drawn_at)) is None:
        return None
    pdf = _pdf(using, row, organisation, to, drawn_at)
    return pdf if sha256(pdf).hex() == known["report"] else None


def _drawn(using: str, loss: Row, organisation: OrganisationSheet, to: Recipient, at: int) -> StoreReport:
    known = registered(using, organisation, to, legal_date(at))
    pdf = _pdf(using, loss, organisation, to, at)
    return StoreReport(to.value, known.organisation if known is not None else 0, sha256(pdf).hex())


def _pdf(using: str, loss: Row, organisation: OrganisationSheet, to: Recipient, at: int) -> bytes:
    day = legal_date(at)
    notice = LossNotice(
        agency=organisation.name,
        lost_on=str(loss["day"]),
        given_on=day,
        cause=str(loss["cause"]),
        lines=lost_lines(loss),
    )
    letter = ReportLetter(
        addressee=f"{addressee(using, organisation, to, day)}：",
        paragraphs=report_paragraphs(notice, _rules(using, day), above=bool(organisation.superior)),
        closing=notice_closing(notice),
    )
    tables = (ReportTable("", NOTICE_HEAD, notice_rows(notice)),)
    return draw_letter(using, FORM, Report(title=REPORT_TITLE, made_at=at, tables=tables, letter=letter), organisation)


def _rules(using: str, day: str) -> RuleProfile:
    profile = reference.rules_in_force(using, day)
    if profile is None:
        raise BugError("a report under rules this program does not carry out")
    return profile


def addressee(using: str, organisation: OrganisationSheet, to: Recipient, day: str) -> str:
    """A recipient's name on a legal day; an authority the register does not name goes by its area."""
    known = registered(using, organisation, to, day)
    if known is not None:
        return known.name
    try:
        return authority_by_area(reference.areas().full_name(organisation.area))
    except UnknownCodeError:
        return authority_by_area("")
