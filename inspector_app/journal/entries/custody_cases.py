"""Cases of custody (账物不符等案件): something does not agree, and somebody finds out why (GX-2014 Art. 17)."""

from __future__ import annotations

from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.envelope import Fact, fact


@fact("custody_case.opened/1", private=Note, accountable=True)
class CustodyCaseOpened(Fact, frozen=True):
    """A case of the list ``custody_case``, its cause not known yet, to be concluded by the legal day ``due_on``.

    ``about`` names what it is about: an entry, a number, a store. ``form``, ``first`` and ``last`` are kind and range
    of the numbers concerned, "" where there are none; ``opened_on`` is a legal day, earlier than this entry's for a
    case that was taken over.
    """

    case: str
    about: str
    due_on: str
    opened_on: str
    form: str = ""
    first: str = ""
    last: str = ""


@fact("custody_case.concluded/1", private=Note, accountable=True)
class CustodyCaseConcluded(Fact, frozen=True):
    """Why it was and what followed: codes of the lists ``case_cause`` and ``case_conclusion``."""

    opened: str
    cause: str
    conclusion: str
