"""What follows a loss of numbers or sheets (遗失、被盗、损毁): papers, publication, reports, conclusion; numbers found.

A loss is named by the entry that told of it (``numbers.lost`` or ``sheet.lost``). Steps may be told by two computers in
any order; of each step the earliest stands.
"""

from __future__ import annotations

import enum

import msgspec

from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.envelope import Fact, fact


class Recipient(enum.StrEnum):
    """To whom a loss is reported (GX-2014 Art. 17): the authority of the same level and the institution above."""

    AUTHORITY = "authority"
    INSTITUTION = "institution"


class Publication(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a notice appeared: the medium's name and place (版次), and further words."""

    name: str
    note: str = ""


@fact("loss.drafted/1", accountable=True)
class LossDrafted(Fact, frozen=True):
    """The public notice (作废公告) and the two reports of a loss were drawn; each the hex SHA-256 of its PDF."""

    loss: str
    notice: str
    to_authority: str
    to_institution: str


@fact("loss.published/1", private=Publication, accountable=True)
class LossPublished(Fact, frozen=True):
    """The notice was published: ``medium`` is a code of the list ``loss_medium``, ``attachments`` the clippings."""

    loss: str
    medium: str
    published_on: str
    attachments: list[str]


@fact("loss.reported/1", private=Note, accountable=True)
class LossReported(Fact, frozen=True):
    """A report of a loss was sent to a :class:`Recipient`; ``attachments`` may show it signed and sealed."""

    loss: str
    to: str
    sent_on: str
    attachments: list[str] = []


@fact("loss.acknowledged/1", private=Note, accountable=True)
class LossAcknowledged(Fact, frozen=True):
    """A :class:`Recipient` acknowledged the report (回执)."""

    loss: str
    to: str
    acknowledged_on: str
    attachments: list[str] = []


@fact("loss.concluded/1", private=Note, accountable=True)
class LossConcluded(Fact, frozen=True):
    """The loss was looked into: a cause of the list ``loss_cause`` and a conclusion of the list ``loss_conclusion``."""

    loss: str
    cause: str
    conclusion: str


@fact("numbers.found/1", private=Note, accountable=True)
class NumbersFound(Fact, frozen=True):
    """Lost numbers turned up again (追回), digits inclusive: they stay dead for ever, what bears them is destroyed.

    Those in no block, as far as whoever tells of it knew, are named by their ``draw``; ``block`` is then "".
    """

    block: str
    first: str
    last: str
    found_on: str
    draw: str = ""
