"""The public notice (作废公告) of numbers that ended in an institution's store by loss, and its publication.

As at a station: drawn (:mod:`.notice_papers`), published with its clipping, and only then is the case concluded
(GX-2014 Art. 26).
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.loss_notice import StoreNoticePublished
from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_destruction import picture_refusals
from inspector_app.domain.stock_endings import Ending
from inspector_app.domain.stock_refusals import StockCode, StockRefusal, StockRefused, refusal
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stock_endings import OPEN
from province.custody import deciding
from province.custody.deciding import Sides, record, refuse
from province.custody.organisations import find
from province.journal.rows import DjangoRows

MEDIUM = "loss_medium"


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """Where a notice appeared (``medium`` of the list ``loss_medium``), when, and its clipping's SHA-256 (hex)."""

    medium: str
    picture: str
    published_on: str = ""


def publish_notice(using: str, loss: str, said: Publication, *, by: int) -> StoreNoticePublished | StockRefused:
    """The notice appeared, once."""
    with deciding.deciding(using):
        row, organisation = find_loss(using, loss)
        if row is None or organisation is None:
            return refused(using, "publish_notice", {}, by, [refusal(StockCode.RECORD_UNKNOWN, current=loss)])
        day = said.published_on or deciding.today(using)
        found = notice_refusals(using, row, organisation, by)
        found += publication_refusals(using, row, said, day) if not found else []
        if found:
            return refused(using, "publish_notice", row, by, found)
        made = StoreNoticePublished(loss, said.medium, day, said.picture, by, deciding.moment(using))
        record(using, made)
        return made


@enforces("G45")
def publication_refusals(using: str, loss: Row, said: Publication, day: str) -> list[StockRefusal]:
    """A notice is drawn before it is published, and tracked to its clipping (GX-2014 Art. 26)."""
    drawn = notice_of(using, str(loss["ending"]))
    found = deciding.reason_refusals(MEDIUM, said.medium, deciding.today(using)) + picture_refusals(said.picture)
    found += deciding.day_refusals(using, day, earliest=str(loss["day"]))
    if drawn is None:
        found.append(refusal(StockCode.NOTICE_NOT_DRAWN, current=str(loss["ending"])))
    elif drawn["published_on"] is not None:
        found.append(refusal(StockCode.RECORD_SETTLED, current=str(loss["ending"])))
    return found


@enforces("G45")
def public_refusals(using: str, case: Row) -> list[StockRefusal]:
    """No case of lost numbers is concluded before they are declared void in public."""
    if not needs_notice(case):
        return []
    known = notice_of(using, str(case["ending"]))
    if known is not None and known["published_on"] is not None:
        return []
    return [refusal(StockCode.NOTICE_NOT_PUBLIC, current=str(case["ending"]))]


def needs_notice(case: Row) -> bool:
    """Whether a case is one of lost numbers; goods without numbers cannot be told apart in public."""
    return case.get("how") == Ending.LOST and bool(case["ranges"])


def notice_of(using: str, loss: str) -> Row | None:
    """The notice of a loss as far as it came; None where none was drawn."""
    return DjangoRows(using).one("store_notices", ending=loss)


def notice_due_on(using: str, loss: Row) -> str:
    """The legal day by which the notice is to be public."""
    policy = deciding.policy(using).on(str(loss["day"]))
    return policy.after_working_days(str(loss["day"]), policy.loss_working_days("notice"))


# --- what the steps share --------------------------------------------------------------------------------------------


def find_loss(using: str, loss: str) -> tuple[Row | None, OrganisationSheet | None]:
    """A loss of a store, and whose it is."""
    row = DjangoRows(using).one("stock_endings", ending=loss, how=Ending.LOST.value)
    return row, find(using, int(row["organisation"] or 0)) if row is not None else None


def notice_refusals(using: str, loss: Row, organisation: OrganisationSheet, by: int) -> list[StockRefusal]:
    """Head or a keeper of the organisation gives notice, of numbers, while the case is open."""
    found, name = speaker_refusals(using, organisation, by), str(loss["ending"])
    if not needs_notice(loss):
        found.append(refusal(StockCode.NO_NUMBERS, current=name))
    if loss["state"] != OPEN:
        found.append(refusal(StockCode.RECORD_SETTLED, current=name))
    return found


def speaker_refusals(using: str, organisation: OrganisationSheet, by: int) -> list[StockRefusal]:
    """Head and keepers speak for an organisation."""
    unit = organisation.organisation
    keeps = DjangoRows(using).many("stock_locations", organisation=unit, keeper=by) if by else []
    if keeps or (by and by == organisation.head):
        return []
    return [refusal(StockCode.NOT_THE_HEAD, limit=organisation.head or "", current=by or "")]


def refused(using: str, act: str, loss: Row, by: int, found: list[StockRefusal]) -> StockRefused:
    """Not done; {} for a loss that is none."""
    unit, kind = int(loss.get("organisation") or 0), str(loss.get("kind") or "")
    return refuse(using, Sides(act=act, by=by, organisation=unit, kind=kind), found)
