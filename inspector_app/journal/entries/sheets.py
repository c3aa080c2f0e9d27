"""The after-life of sheets: collected, found, handed in, written off, asked to be destroyed, destroyed (GX-2014 23–26).

One print × copy (联) is one sheet. Lists name each sheet in four short values, so that a whole quarter fits one entry.
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.numbering import Number
from inspector_app.domain.writing_off import CopyRead
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.envelope import Fact, fact


class SheetName(msgspec.Struct, frozen=True, array_like=True, order=True):
    """One sheet: kind and digits of its number, its print, its place in the form."""

    kind: str
    digits: str
    print: int
    sheet: int

    @property
    def number(self) -> str:
        """The key of its number: ``B 9900000003``."""
        return f"{self.kind} {self.digits}"

    def __str__(self) -> str:
        return f"{self.number} {self.print}/{self.sheet}"


@fact("sheet.collected/1", private=Note, accountable=True)
class SheetCollected(Fact, frozen=True):
    """A sheet came back from its holder (回收); ``reason`` is of the list ``collection`` (Art. 23 (2)–(6)).

    ``marked``: who took it in saw 作废 on it.
    """

    number: Number
    print: int
    sheet: int
    reason: str
    attachments: list[str] = []
    marked: bool = False


@fact("sheet.taken_in/1", private=Note, accountable=True)
class SheetTakenIn(Fact, frozen=True):
    """A sheet that this station never issued was taken in, as used papers are at a check (Art. 23 (5)).

    ``number`` is what the sheet bears, its scheme unknown (""); ``sheet`` its place in the form. ``reason`` is of the
    list ``collection``, ``source`` of the list ``sheet_source``: from whom it came. ``unpictured`` is of the list
    ``no_picture`` where nobody could photograph it.
    """

    number: Number
    sheet: int
    reason: str
    source: str
    attachments: list[str] = []
    unpictured: str = ""


@fact("sheet.found/1", private=Note, accountable=True)
class SheetFound(Fact, frozen=True):
    """A lost sheet was found (追回): dead for ever, it is only handed in or destroyed (Art. 23 (3), 26)."""

    number: Number
    print: int
    sheet: int
    found_on: str


@fact("sheets.handed_in/1", private=Note, accountable=True)
class SheetsHandedIn(Fact, frozen=True):
    """Sheets left the station for ``to``, the keeper of the institution above (缴旧); ``slip`` is the PDF's SHA-256."""

    sheets: list[SheetName]
    to: str
    slip: str


@fact("paper.written_off/1", private=Note, accountable=True)
class PaperWrittenOff(Fact, frozen=True):
    """One print of a paper was checked (核销, Art. 25).

    ``unlawful``: what the data known speak against (form, institution, vet). ``checks`` were satisfied, ``findings``
    were not. ``copies`` say what was read off the sheets there, ``mismatches`` in what they differ from the record.
    ``suspect``: something of all that stands against the paper, so it is kept as evidence.
    """

    number: Number
    print: int
    unlawful: list[str]
    checks: list[str]
    findings: list[str]
    copies: list[CopyRead]
    same_hand: bool
    mismatches: list[str]
    suspect: bool
    attachments: list[str] = []


@fact("destruction.requested/1", private=Note, accountable=True)
class DestructionRequested(Fact, frozen=True):
    """The keeper asks that sheets be destroyed (销毁申请单, Art. 24 (1)).

    ``method`` is of the list ``destruction``, ``planned_on`` a legal day; ``counted`` what the keeper counted in hand,
    ``form`` the hex SHA-256 of the request as PDF.
    """

    sheets: list[SheetName]
    method: str
    planned_on: str
    counted: int
    form: str


@fact("destruction.reviewed/1", private=Note, accountable=True)
class DestructionReviewed(Fact, frozen=True):
    """The head reviewed a request (初审) and counted the sheets: it goes on, or ``sent_back`` gives the reason.

    ``suspected``: an offence is suspected, and the sheets are traced (Art. 24 (4)).
    """

    request: str
    counted: int
    sent_back: str = ""
    suspected: bool = False


@fact("destruction.approved/1", accountable=True)
class DestructionApproved(Fact, frozen=True):
    """The deputy leader or the legal representative (``post``) approves a request at a computer (Art. 24 (2))."""

    request: str
    post: str


@fact("destruction.signed/1", accountable=True)
class DestructionSigned(Fact, frozen=True):
    """Deputy leader and legal representative signed and sealed the printed request; ``attachments`` photograph it.

    Entered by the keeper; it counts once the head has confirmed it.
    """

    request: str
    deputy: int
    legal: int
    signed_on: str
    attachments: list[str]


@fact("sheets.destroyed/1", private=Note, accountable=True)
class SheetsDestroyed(Fact, frozen=True):
    """The sheets of a request were destroyed, ``supervisor`` being present (Art. 24 (2), (3))."""

    request: str
    method: str
    counted: int
    destroyed_on: str
    supervisor: int
    attachments: list[str]
