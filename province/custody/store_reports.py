"""The two reports of what a store lost: to the authority of its level and to the institution above (GX-2014 Art. 17).

As at a station: drawn (:mod:`.report_papers`), sent, acknowledged, each with its day; a case is concluded after both
went out. The highest institution has nobody above it within the register and reports to its authority alone.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from inspector_app.domain.loss_notice import StoreReportAcknowledged, StoreReportSent
from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_destruction import picture_refusals
from inspector_app.domain.stock_endings import Ending
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.journal.books.register import authority_of, superiors
from inspector_app.journal.entries.losses import Recipient
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock_endings import OPEN
from province.custody import deciding
from province.custody.deciding import record
from province.custody.organisations import find
from province.custody.store_notices import find_loss, needs_notice, refused, speaker_refusals
from province.journal.rows import DjangoRows

MISSED = ("lost", "stolen")
"""Causes, of the list ``loss``, by which goods came into unknown hands."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A report's sending or acknowledgement: ``to`` whom, when, the SHA-256 (hex) of a photograph, "" for none."""

    to: str
    on: str = ""
    picture: str = ""


Check = Callable[[str, Row, Step, str], list[StockRefusal]]
"""Why a step of a report of a loss may not be taken on a day."""


def send_report(using: str, loss: str, said: Step, *, by: int) -> StoreReportSent | StockRefused:
    """A report went out, once, while the case is open."""
    with deciding.deciding(using):
        day = _day_of(using, "send_report", sending_refusals, loss, said, by)
        if isinstance(day, StockRefused):
            return day
        made = StoreReportSent(loss, said.to, day, said.picture, by, deciding.moment(using))
        record(using, made)
        return made


def acknowledge_report(using: str, loss: str, said: Step, *, by: int) -> StoreReportAcknowledged | StockRefused:
    """Whoever was reported to acknowledged it, once; also after the case was concluded."""
    with deciding.deciding(using):
        day = _day_of(using, "acknowledge_report", _answer_refusals, loss, said, by)
        if isinstance(day, StockRefused):
            return day
        made = StoreReportAcknowledged(loss, said.to, day, said.picture, by, deciding.moment(using))
        record(using, made)
        return made


def _day_of(using: str, act: str, check: Check, loss: str, said: Step, by: int) -> str | StockRefused:
    """The legal day of a step of a report that may be taken, or why it may not."""
    row, organisation = find_loss(using, loss)
    if row is None or organisation is None:
        return refused(using, act, {}, by, [refusal(StockCode.RECORD_UNKNOWN, current=loss)])
    day = said.on or deciding.today(using)
    found = speaker_refusals(using, organisation, by) + check(using, row, said, day)
    return refused(using, act, row, by, found) if found else day


def sending_refusals(using: str, loss: Row, said: Step, day: str) -> list[StockRefusal]:
    """A report is drawn before it is sent, and sent once, no earlier than the loss."""
    if found := recipient_refusals(using, loss, said.to):
        return found
    name, drawn = str(loss["ending"]), report_of(using, str(loss["ending"]), said.to)
    found = deciding.day_refusals(using, day, earliest=str(loss["day"])) + _picture_refusals(said)
    if drawn is None:
        found.append(refusal(StockCode.REPORT_NOT_DRAWN, current=name))
    elif drawn["sent_on"] is not None or loss["state"] != OPEN:
        found.append(refusal(StockCode.RECORD_SETTLED, current=name))
    return found


def _answer_refusals(using: str, loss: Row, said: Step, day: str) -> list[StockRefusal]:
    if found := recipient_refusals(using, loss, said.to):
        return found
    name, sent = str(loss["ending"]), report_of(using, str(loss["ending"]), said.to)
    if sent is None or sent["sent_on"] is None:
        return [_not_sent(name, said.to)]
    found = deciding.day_refusals(using, day, earliest=str(sent["sent_on"])) + _picture_refusals(said)
    if sent["acknowledged_on"] is not None:
        found.append(refusal(StockCode.RECORD_SETTLED, current=name))
    return found


def recipient_refusals(using: str, loss: Row, to: str) -> list[StockRefusal]:
    """Nobody but the recipients of this loss is reported to."""
    return [] if to in recipients_of(using, loss) else [refusal(StockCode.RECIPIENT_UNKNOWN, current=to)]


def _picture_refusals(said: Step) -> list[StockRefusal]:
    return picture_refusals(said.picture) if said.picture else []


@enforces("G22")
def unreported_refusals(using: str, case: Row) -> list[StockRefusal]:
    """A loss is reported to the authority of its level and to the institution above (GX-2014 Art. 17)."""
    return [_not_sent(str(case["ending"]), to) for to in unsent(using, case)]


def unsent(using: str, case: Row) -> list[Recipient]:
    """To whom a case is still to be reported; nobody where it needs no report."""
    return [to for to in recipients_of(using, case) if not _is_sent(report_of(using, str(case["ending"]), to))]


def _is_sent(report: Row | None) -> bool:
    return report is not None and report["sent_on"] is not None


def _not_sent(loss: str, to: str) -> StockRefusal:
    return refusal(StockCode.REPORT_NOT_SENT, current=loss, step=f"reported_{to}")


# --- who is told, and by when ----------------------------------------------------------------------------------------


def needs_reports(case: Row) -> bool:
    """Whether a case is one of lost numbers, or of goods without numbers that are in unknown hands.

    Goods without numbers that were only damaged lie there still, and concern nobody else.
    """
    return needs_notice(case) or (case.get("how") == Ending.LOST and case["cause"] in MISSED)


def recipients_of(using: str, case: Row) -> list[Recipient]:
    """To whom a case is reported: nobody where it needs no report, the authority alone where nobody stands above."""
    organisation = find(using, int(case["organisation"] or 0)) if needs_reports(case) else None
    if organisation is None:
        return []
    return [to for to in Recipient if to is Recipient.AUTHORITY or organisation.superior]


def registered(using: str, organisation: OrganisationSheet, to: Recipient, day: str) -> OrganisationSheet | None:
    """A recipient as the register names it on a legal day; None where it names none."""
    rows = DjangoRows(using)
    if to is Recipient.AUTHORITY:
        return authority_of(rows, organisation, day)
    return next(superiors(rows, organisation), None)


def report_of(using: str, loss: str, to: str) -> Row | None:
    """A report of a loss as far as it came; None where none was drawn."""
    return DjangoRows(using).one("store_reports", ending=loss, to_whom=str(to))


def report_due_on(using: str, loss: Row) -> str:
    """The legal day by which both reports are to be sent."""
    return _term(using, str(loss["day"]), "report")


def answer_due_on(using: str, report: Row) -> str:
    """The legal day by which a report that was sent is to be acknowledged; after it somebody asks."""
    return _term(using, str(report["sent_on"]), "ack")


def _term(using: str, since: str, rule: str) -> str:
    policy = deciding.policy(using).on(since)
    return policy.after_working_days(since, policy.loss_working_days(rule))
