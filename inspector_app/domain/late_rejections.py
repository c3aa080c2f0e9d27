"""What follows when a recorded act does not hold: one of four cases, each with an owner and a term (PEERS lesson 7).

============ ====================================================== ================================================
``repair``   something of the record is missing or unreadable       the paper stays; what is missing is made up for
``correct``  a statement is wrong and the goods are the same        the paper stays; a correction note is added
``replace``  the paper itself is wrong, or bears another's number   voided or replaced, the holder told
``decide``   somebody acted without being entitled to               everything is kept; a superior decides
============ ====================================================== ================================================

Nobody is told "no" afterwards: it is told what is to be put right, by whom, by when (DESIGN 1).
"""

from __future__ import annotations

import enum
from typing import Final

from inspector_app.domain.authority import Post
from inspector_app.domain.verdicts import Judgement


class LateCase(enum.StrEnum):
    """The four cases."""

    REPAIR = "repair"
    CORRECT = "correct"
    REPLACE = "replace"
    DECIDE = "decide"


OWNERS: Final[dict[LateCase, Post]] = {
    LateCase.REPAIR: Post.HEAD,
    LateCase.CORRECT: Post.HEAD,
    LateCase.REPLACE: Post.HEAD,
    LateCase.DECIDE: Post.SUPERVISOR,
}
"""Whose the case is. Whoever it is, the head of the station may settle it: at a small station that is one person."""

_J, _C = Judgement, LateCase
_CASES: Final[dict[Judgement, LateCase]] = {
    **dict.fromkeys(
        (
            *(_J.MALFORMED, _J.NOT_CANONICAL, _J.UNKNOWN_KIND, _J.SIGNATURE_MISSING, _J.DAY_CHAIN),
            *(_J.REFERENCE_UNKNOWN, _J.WRONG_STATE, _J.RETENTION_EARLY, _J.WRITE_OFF_WRONG, _J.NOT_WRITTEN_OFF),
            *(_J.DESTRUCTION_DIFFERS, _J.PHOTO_MISSING, _J.SHEET_UNMARKED, _J.RESULT_MISSING, _J.STOCKTAKE_OPEN),
            *(_J.NUMBERS_HELD, _J.LATE, _J.ORDER),
        ),
        _C.REPAIR,
    ),
    **dict.fromkeys(
        (_J.TIME_DIFFERS, _J.MOMENT_WRONG, _J.CLOCK_AHEAD, _J.VALIDITY_TOO_LONG, _J.TEMPLATE_NOT_SIGNED), _C.CORRECT
    ),
    **dict.fromkeys(
        (
            *(_J.OUTSIDE_BLOCK, _J.NUMBER_CONTESTED, _J.NUMBER_TAKEN, _J.NUMBER_LOST, _J.REPLACEMENT_MISSING),
            *(_J.NOT_CORRECTABLE, _J.INSPECTION_FAILED, _J.QUANTITY_EXCEEDS_INSPECTED, _J.RECORD_DIFFERS),
            *(_J.KIND_WRONG, _J.CREDENTIAL_DIFFERS, _J.SEIZURE_UNFOUNDED),
        ),
        _C.REPLACE,
    ),
    **dict.fromkeys(
        (
            *(_J.SIGNATURE_BAD, _J.POST_MISSING, _J.AUTHORITY_MISSING, _J.GRANT_EXPIRED, _J.NO_TERMINAL_LICENCE),
            *(_J.LEASE_EXPIRED, _J.OUT_OF_TURN, _J.ONE_PERSON_TWICE, _J.DRAW_ONE_SIDED, _J.KEPT_AS_EVIDENCE),
            *(_J.NOT_AGREED, _J.DESTROYED_EARLY, _J.CASE_HANDED_OVER),
        ),
        _C.DECIDE,
    ),
}


def late_case(code: str) -> LateCase:
    """The case a judgement opens; what a later program judges by a name unknown here is for a superior to decide."""
    return _CASES[Judgement(code)] if code in set(Judgement) else LateCase.DECIDE
