"""Why the province's custody of certificates, seals and marks (证章标志) refuses something.

These are reasons of institutions and their keepers, met at the province; what a station meets is in
:mod:`inspector_app.domain.refusals`. Sentences are in ``resources/i18n/stock.toml``.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable

import msgspec

from inspector_app.domain.refusals import Detail


class StockCode(enum.StrEnum):
    """Every reason a keeper can meet; the order of definition is the order of precedence."""

    # who acts
    PERSON_UNKNOWN = "roster_unknown"
    NOT_THE_KEEPER = "not_the_keeper"
    NOT_THE_HEAD = "not_the_head"
    SAME_PERSON = "approver_is_keeper"
    DECIDED_ABOVE = "decided_above"
    KEEPER_IS_HEAD = "keeper_is_head"
    DRAWS_FOR_SELF = "draws_for_self"
    HOLDER_NO_VET = "holder_no_vet"
    NOT_DEPUTY_NOR_LEGAL = "not_deputy_nor_legal"
    AGREES_TWICE = "agrees_twice"
    NOT_AGREED_YET = "not_agreed_yet"
    SUPERVISOR_ABSENT = "stock_supervisor_absent"
    NOT_FOR_REGISTER = "not_for_register"
    NOT_THE_SECOND = "not_the_second"
    # between whom
    ORGANISATION_UNKNOWN = "organisation_unknown"
    ORGANISATION_MISPLACED = "organisation_misplaced"
    STATION_TAKEN = "station_taken"
    NO_SUPERIOR = "no_superior"
    NOT_PRINTING_LEVEL = "not_printing_level"
    NOT_DIRECT_SUPERIOR = "not_direct_superior"
    LEVEL_SKIPPED = "level_skipped"
    ACROSS_DISTRICTS = "across_districts"
    NOT_USING_UNIT = "not_using_unit"
    STATION_NO_UNIT = "station_no_unit"
    NOT_FILED = "not_filed"
    NOT_OF_INSTITUTION = "not_of_institution"
    STATION_NOT_BELOW = "station_not_below"
    # what
    KIND_UNKNOWN = "stock_kind_unknown"
    FORMAT_FOREIGN = "ledger_format_foreign"
    RANGES_UNREADABLE = "ranges_unreadable"
    RANGES_FOREIGN = "ranges_foreign"
    QUANTITY_MISFIT = "quantity_misfit"
    ONE_RANGE_EACH = "one_range_each"
    DRAWN_NOT_DISTRIBUTED = "drawn_not_distributed"
    ENDED_BEFORE = "ended_before"
    ALREADY_IN_STOCK = "already_in_stock"
    BACK_FOR_GOOD = "back_for_good"
    NOT_ON_HAND = "not_on_hand"
    CROSSES_STOCK = "crosses_stock"
    OLDER_FIRST = "older_first"
    ENDS_OTHERWISE = "ends_otherwise"
    HAND_OVER_DIFFERS = "hand_over_differs"
    NOT_ON_SLIP = "not_on_slip"
    COUNT_MISFITS_SLIP = "count_misfits_slip"
    MORE_THAN_SENT = "more_than_sent"
    NOTHING_MISSING = "nothing_missing"
    NONE_MISSING = "none_missing"
    COUNT_DIFFERS = "stock_count_differs"
    METHOD_DIFFERS = "stock_method_differs"
    ASKED_ALREADY = "stock_asked_already"
    SUSPECTED_GOES_BACK = "suspected_goes_back"
    REASON_UNKNOWN = "stock_reason_unknown"
    NOTHING_TO_RECTIFY = "nothing_to_rectify"
    PICTURE_MISSING = "visit_picture_missing"
    PICTURE_NEEDED = "stock_picture_needed"
    NO_NUMBERS = "notice_without_numbers"
    # when, how much, against what
    DAY_IMPOSSIBLE = "stock_day_impossible"
    TERM_MISSING = "visit_term_missing"
    NOT_YET_ON_HAND = "not_yet_on_hand"
    RECORD_UNKNOWN = "stock_record_unknown"
    ORDER_OF_OTHER = "order_of_other"
    RECORD_SETTLED = "stock_record_settled"
    NOTICE_NOT_DRAWN = "notice_not_drawn"
    NOTICE_NOT_PUBLIC = "notice_not_public"
    RECIPIENT_UNKNOWN = "report_recipient_unknown"
    RULES_OTHER = "stock_rules_other"
    REPORT_NOT_DRAWN = "report_not_drawn"
    REPORT_NOT_SENT = "report_not_sent"
    REGISTER_AS_IT_IS = "register_as_it_is"
    REGISTER_OVERTAKEN = "register_overtaken"
    OVER_CAP = "over_cap"
    DRAW_UNTAKEN = "draw_untaken"
    STUBS_OUTSTANDING = "stubs_outstanding"
    SHEETS_OUTSTANDING = "sheets_outstanding"
    FEE_UNSETTLED = "fee_unsettled"
    AMOUNT_WRONG = "fee_amount_wrong"
    SEAL_KNOWN = "seal_known"
    FILE_STILL_KEPT = "licence_file_still_kept"


_RANK = {code: rank for rank, code in enumerate(StockCode)}


class StockRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """One reason; ``details`` fill its sentence: ``limit`` is what the rule demands, ``current`` what there is."""

    code: StockCode
    details: dict[str, Detail] = msgspec.field(default_factory=dict)


class StockRefused(msgspec.Struct, frozen=True):
    """The outcome of an act that was not done: nothing was changed but the log of refused requests."""

    refusals: tuple[StockRefusal, ...]

    @property
    def codes(self) -> tuple[StockCode, ...]:
        """The reasons alone, by precedence."""
        return tuple(refusal.code for refusal in self.refusals)


def refusal(code: StockCode, **details: Detail) -> StockRefusal:
    """A reason with its values."""
    return StockRefusal(code=code, details=details)


def in_order(refusals: Iterable[StockRefusal]) -> tuple[StockRefusal, ...]:
    """The reasons by precedence; those of one code keep the order in which they were found."""
    return tuple(sorted(refusals, key=lambda one: _RANK[one.code]))
