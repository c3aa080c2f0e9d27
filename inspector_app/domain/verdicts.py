"""The province's judgement of a recorded entry: recording and judging are separate (SYNC 3.3).

``followed`` says whether the act kept the rules as the device could know them, ``holds`` whether it stands against
what was true. Only the first blames a person; ``holds = no`` opens a case with an owner and a deadline. Acceptance is
silent: only other verdicts are documents.
"""

from __future__ import annotations

import enum

import msgspec

from inspector_app.domain.documents import Role, document


class Judgement(enum.StrEnum):
    """Why a recorded entry is not silently accepted; the order of definition is the order of precedence.

    What a fenced device sends is not among them: it is set aside as evidence, unjudged, and told to nobody.
    """

    MALFORMED = "malformed"
    NOT_CANONICAL = "not_canonical"
    UNKNOWN_KIND = "unknown_kind"
    SIGNATURE_MISSING = "signature_missing"
    SIGNATURE_BAD = "signature_bad"
    POST_MISSING = "post_missing"
    AUTHORITY_MISSING = "authority_missing"
    GRANT_EXPIRED = "grant_expired"
    NO_TERMINAL_LICENCE = "no_terminal_licence"
    LEASE_EXPIRED = "lease_expired"
    OUTSIDE_BLOCK = "outside_block"
    NUMBER_CONTESTED = "number_contested"
    ORDER = "order"
    NUMBER_TAKEN = "number_taken"
    NUMBERS_HELD = "numbers_held"
    NUMBER_LOST = "number_lost"
    DAY_CHAIN = "day_chain"
    REFERENCE_UNKNOWN = "reference_unknown"
    WRONG_STATE = "wrong_state"
    REPLACEMENT_MISSING = "replacement_missing"
    NOT_CORRECTABLE = "not_correctable"
    RETENTION_EARLY = "retention_early"
    OUT_OF_TURN = "out_of_turn"
    ONE_PERSON_TWICE = "one_person_twice"
    DRAW_ONE_SIDED = "draw_one_sided"
    WRITE_OFF_WRONG = "write_off_wrong"
    NOT_WRITTEN_OFF = "not_written_off"
    KEPT_AS_EVIDENCE = "kept_as_evidence"
    DESTRUCTION_DIFFERS = "destruction_differs"
    PHOTO_MISSING = "photo_missing"
    SHEET_UNMARKED = "sheet_unmarked"
    SEIZURE_UNFOUNDED = "seizure_unfounded"
    NOT_AGREED = "not_agreed"
    DESTROYED_EARLY = "destroyed_early"
    STOCKTAKE_OPEN = "stocktake_open"
    CASE_HANDED_OVER = "case_handed_over"
    INSPECTION_FAILED = "inspection_failed"
    RESULT_MISSING = "result_missing"
    QUANTITY_EXCEEDS_INSPECTED = "quantity_exceeds_inspected"
    RECORD_DIFFERS = "record_differs"
    KIND_WRONG = "kind_wrong"
    TIME_DIFFERS = "time_differs"
    MOMENT_WRONG = "moment_wrong"
    CLOCK_AHEAD = "clock_ahead"
    VALIDITY_TOO_LONG = "validity_too_long"
    TEMPLATE_NOT_SIGNED = "template_not_signed"
    CREDENTIAL_DIFFERS = "credential_differs"
    LATE = "late"


@document("verdict", 1, signed_by=Role.SERVER)
class VerdictSheet(msgspec.Struct, frozen=True, array_like=True):
    """One verdict other than silent acceptance; a later one for the same entry supersedes.

    ``owner`` says who settles what does not hold, as ``station/7/head``, and ``due_on`` (a legal day) by when; both are
    empty where the act holds. Which of the four cases it is follows from ``code`` (`domain.late_rejections`).
    """

    device: str
    seq: int
    followed: bool
    holds: bool
    code: str
    given_at: int
    owner: str = ""
    due_on: str = ""
