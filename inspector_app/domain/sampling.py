"""Laboratory results (检测结果): which are required before a certificate may stand, and whether they do.

A certificate that leaves the province needs a result for every disease the catalogue lists for the species with
``lab_required``, and any certificate needs one for a disease the vet suspected (PROC-2011 4.5.1, 4.5.2; dated policy).
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Outcome(msgspec.Struct, frozen=True):
    """One disease in one report of the day ``reported_on``; no later report takes a positive one back."""

    disease: str
    outcome: str
    reported_on: str


class ResultsStanding(msgspec.Struct, frozen=True):
    """How required results stand: diseases without a conclusive result, and those found positive."""

    missing: tuple[str, ...]
    positive: tuple[str, ...]


NEGATIVE, POSITIVE = "negative", "positive"


def standing(required: Iterable[str], outcomes: Iterable[Outcome]) -> ResultsStanding:
    """Compare what is required with what was reported.

    One positive result stands against the batch whatever was reported before or after it; an inconclusive one proves
    nothing. Positive findings count even for a disease nobody asked about.
    """
    reported = list(outcomes)
    positive = {item.disease for item in reported if item.outcome == POSITIVE}
    negative = {item.disease for item in reported if item.outcome == NEGATIVE}
    missing = set(required) - negative - positive
    return ResultsStanding(tuple(sorted(missing)), tuple(sorted(positive)))
