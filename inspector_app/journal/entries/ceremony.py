"""The second person (复核): acts of one person that another one confirms, in one of the three forms of DESIGN 9."""

from __future__ import annotations

import enum

from inspector_app.domain.authority import Action
from inspector_app.journal.entries.certificates import CertificateVoided, NoticeVoided
from inspector_app.journal.entries.custody import DayClosed
from inspector_app.journal.entries.openings import OpeningRecorded
from inspector_app.journal.entries.sheets import DestructionSigned
from inspector_app.journal.entries.stocktakes import StocktakeClosed
from inspector_app.journal.entries.supervision import SupervisionRecorded
from inspector_app.journal.envelope import Fact, fact


class Ceremony(enum.StrEnum):
    """How two persons share an act: at one desk, one after the other (待复核), or on a signed form."""

    TOGETHER = "together"
    APART = "apart"
    ON_PAPER = "on_paper"


@fact("act.confirmed/1", accountable=True)
class ActConfirmed(Fact, frozen=True):
    """The second person confirmed an act, named by its entry; ``attachments`` are the photographs of a signed form."""

    act: str
    form: str
    attachments: list[str] = []


VOIDS = (CertificateVoided.KIND, NoticeVoided.KIND)
"""Voids of papers: in force at once, and confirmed by a second person afterwards."""

CONFIRMED_BY: dict[str, Action] = {
    DayClosed.KIND: Action.CONFIRM_DAY,
    StocktakeClosed.KIND: Action.CONFIRM_STOCKTAKE,
    OpeningRecorded.KIND: Action.CONFIRM_OPENING,
    DestructionSigned.KIND: Action.CONFIRM_DESTRUCTION,
    SupervisionRecorded.KIND: Action.CONFIRM_VISIT,
} | dict.fromkeys(VOIDS, Action.CONFIRM_VOID)
"""Kinds of entries that want a second person, and what that person must be allowed to do."""
