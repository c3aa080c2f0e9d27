"""Expected refusals: values, in one fixed order of precedence.

A gate returns *all* reasons why something may not be done now, each with its limit, the current value and the way out;
the first in :class:`RefusalCode` order is the headline. Sentences are in ``resources/i18n/refusals.toml``.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable

import msgspec


class RefusalCode(enum.StrEnum):
    """Every reason a person can meet; the order of definition is the order of precedence."""

    # the device itself
    DEVICE_FROZEN = "device_frozen"
    CLOCK_BEHIND_JOURNAL = "clock_behind_journal"
    NOT_SIGNED_IN = "not_signed_in"
    NO_TERMINAL_LICENCE = "no_terminal_licence"
    # the person
    POST_MISSING = "post_missing"
    GRANT_EXPIRED = "grant_expired"
    KEY_NOT_PUBLISHED = "key_not_published"
    KEY_ENDED = "key_ended"
    AUTHORITY_MISSING = "authority_missing"
    FILED_ELSEWHERE = "filed_elsewhere"
    LEASE_EXPIRED = "lease_expired"
    # the thing acted upon
    NOT_FOUND = "not_found"
    AMBIGUOUS = "ambiguous"
    WRONG_STATE = "wrong_state"
    OWN_NUMBER = "own_number"
    CASE_HANDED_OVER = "case_handed_over"
    ALREADY_RECORDED = "already_recorded"
    NUMBER_ON_OTHER_PAPER = "number_on_other_paper"
    EXPIRED = "expired"
    PAPER_ON_DESK = "paper_on_desk"
    NEEDS_REPLACEMENT = "needs_replacement"
    PAPER_IN_FORCE = "paper_in_force"
    LOSS_STEP_MISSING = "loss_step_missing"
    LOSS_NOT_REPORTED = "loss_not_reported"
    NO_LATER_COUNT = "no_later_count"
    DAY_TO_COME = "day_to_come"
    DAY_BEFORE_FIRST = "day_before_first"
    DAY_BEFORE_LAST = "day_before_last"
    DAY_EARLIER_OPEN = "day_earlier_open"
    DAY_UNCLOSED = "day_unclosed"
    LEDGER_FORMAT_OTHER = "ledger_format_other"
    RULE_SET_OTHER = "rule_set_other"
    # the chain of work
    DECLARATION_NOT_ACCEPTED = "declaration_not_accepted"
    OTHER_DISTRICT = "other_district"
    LEAD_TIME_TOO_SHORT = "lead_time_too_short"
    QUANTITY_EXCEEDS_DECLARED = "quantity_exceeds_declared"
    NOT_INSPECTED = "not_inspected"
    INSPECTION_FAILED = "inspection_failed"
    RESULT_MISSING = "result_missing"
    RESULT_POSITIVE = "result_positive"
    DISEASE_NOT_CONCERNED = "disease_not_concerned"
    QUANTITY_EXCEEDS_INSPECTED = "quantity_exceeds_inspected"
    UNITS_DIFFER = "units_differ"
    # what will be on the paper
    FIELD_MISSING = "field_missing"
    FIELD_INVALID = "field_invalid"
    CHARACTER_NOT_PRINTABLE = "character_not_printable"
    TEXT_TOO_LONG = "text_too_long"
    KIND_WRONG = "kind_wrong"
    DEPARTURE_PASSED = "departure_passed"
    DEPARTS_NEXT_DATE = "departs_next_date"
    VALIDITY_TOO_LONG = "validity_too_long"
    TEMPLATE_NOT_SIGNED = "template_not_signed"
    OFFLINE_NOT_ALLOWED = "offline_not_allowed"
    # numbers and paper
    NO_NUMBERS_LEFT = "no_numbers_left"
    NUMBERS_NOT_CUT = "numbers_not_cut"
    BLOCK_EXPIRED = "block_expired"
    OUTSIDE_BLOCK = "outside_block"
    NOT_TO_BLOCK_END = "not_to_block_end"
    PRINT_OPEN = "print_open"
    PRINT_STILL_QUEUED = "print_still_queued"
    PRINT_NEEDS_REASON = "print_needs_reason"
    PRINT_NEEDS_SHEET = "print_needs_sheet"
    PRINTS_USED_UP = "prints_used_up"
    COPIES_NOT_ON_DESK = "copies_not_on_desk"
    PAPER_UNSIGNED = "paper_unsigned"
    PAPER_UNSEALED = "paper_unsealed"
    RECEIPT_UNSIGNED = "receipt_unsigned"
    STUB_NEEDS_PROOF = "stub_needs_proof"
    SHEET_IS_SINGLE = "sheet_is_single"
    NO_BLANKS = "no_blanks"
    PAPER_NUMBER_DIFFERS = "paper_number_differs"
    PHOTO_MISSING = "photo_missing"
    SHEET_UNMARKED = "sheet_unmarked"
    OLD_SHEETS_OUTSTANDING = "old_sheets_outstanding"
    COPY_NOT_COMPARED = "copy_not_compared"
    NOT_WRITTEN_OFF = "not_written_off"
    KEPT_AS_EVIDENCE = "kept_as_evidence"
    STILL_TO_BE_KEPT = "still_to_be_kept"
    NOT_APPROVED = "not_approved"
    COUNT_DIFFERS = "count_differs"
    METHOD_DIFFERS = "method_differs"
    SUPERVISOR_ABSENT = "supervisor_absent"
    ONE_PERSON_TWICE = "one_person_twice"
    # stock and its keeper
    STOCKTAKE_OPEN = "stocktake_open"
    STOCKTAKE_COUNT_LAST = "stocktake_count_last"
    STOCKTAKE_UNCOUNTED = "stocktake_uncounted"
    STOCKTAKE_TOO_LONG = "stocktake_too_long"
    DRAW_DECIDED_BY_TAKER = "draw_decided_by_taker"
    NOT_THE_KEEPER = "not_the_keeper"
    HAND_OVER_COUNT_NEEDED = "hand_over_count_needed"
    ROW_INVALID = "row_invalid"
    LIST_INVALID = "list_invalid"
    DISK_LOW = "disk_low"


_RANK = {code: rank for rank, code in enumerate(RefusalCode)}

Detail = str | int


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One reason.

    ``field`` names the form field it belongs to, or "" for the whole act. ``limit`` and ``current`` are what the rule
    demands and what is there, as display text or integer; ``details`` fill the rest of the sentence.
    """

    code: RefusalCode
    field: str = ""
    limit: Detail = ""
    current: Detail = ""
    details: dict[str, Detail] = msgspec.field(default_factory=dict)


def in_order(refusals: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """The refusals by precedence; those of one code keep the order in which they were found."""
    return tuple(sorted(refusals, key=lambda refusal: _RANK[refusal.code]))


class Refused(msgspec.Struct, frozen=True):
    """The outcome of an act that was not done: nothing was changed, ``refusals`` say why."""

    refusals: tuple[Refusal, ...]

    @property
    def headline(self) -> Refusal:
        """The refusal that comes first."""
        return self.refusals[0]


def refused(*refusals: Refusal) -> Refused:
    """Refuse for these reasons, in their order of precedence; ValueError without any."""
    if not refusals:
        raise ValueError("a refusal has a reason")
    return Refused(in_order(refusals))
