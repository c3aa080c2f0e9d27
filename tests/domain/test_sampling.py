"""Laboratory results: what is required, what stands, and that a positive one is never outvoted."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.sampling import NEGATIVE, POSITIVE, Outcome, ResultsStanding, standing

INCONCLUSIVE = "inconclusive"
KHVD, SVC, WSD = "khvd", "svc", "wsd"


def said(*outcomes: tuple[str, str]) -> list[Outcome]:
    return [Outcome(disease, outcome, f"2026-11-{day:02d}") for day, (disease, outcome) in enumerate(outcomes, 1)]


@pytest.mark.parametrize(
    ("required", "reported", "stands"),
    [
        ([], [], ResultsStanding((), ())),
        ([KHVD], [], ResultsStanding((KHVD,), ())),
        ([KHVD, SVC], said((KHVD, NEGATIVE)), ResultsStanding((SVC,), ())),
        ([KHVD], said((KHVD, NEGATIVE)), ResultsStanding((), ())),
        ([KHVD], said((KHVD, INCONCLUSIVE)), ResultsStanding((KHVD,), ())),
        ([KHVD], said((KHVD, INCONCLUSIVE), (KHVD, NEGATIVE)), ResultsStanding((), ())),
        ([KHVD], said((KHVD, NEGATIVE), (KHVD, INCONCLUSIVE)), ResultsStanding((), ())),
        ([KHVD], said((KHVD, POSITIVE), (KHVD, NEGATIVE)), ResultsStanding((), (KHVD,))),
        ([KHVD], said((KHVD, NEGATIVE), (KHVD, POSITIVE)), ResultsStanding((), (KHVD,))),
        ([KHVD], said((KHVD, NEGATIVE), (WSD, POSITIVE)), ResultsStanding((), (WSD,))),
        ([KHVD], said((KHVD, "fine")), ResultsStanding((KHVD,), ())),
        ([KHVD, KHVD], said((SVC, NEGATIVE)), ResultsStanding((KHVD,), ())),
    ],
)
def test_results_stand_as_the_reports_say(
    required: list[str], reported: list[Outcome], stands: ResultsStanding
) -> None:
    assert standing(required, reported) == stands


REPORTS = st.lists(
    st.builds(
        Outcome,
        st.sampled_from([KHVD, SVC, WSD]),
        st.sampled_from([NEGATIVE, POSITIVE, INCONCLUSIVE]),
        st.sampled_from(["2026-11-01", "2026-11-02"]),
    )
)
REQUIRED = st.sets(st.sampled_from([KHVD, SVC, WSD]))


@given(REQUIRED, REPORTS, st.randoms(use_true_random=False))
def test_the_order_in_which_reports_arrive_changes_nothing(
    required: set[str], reports: list[Outcome], deal: Random
) -> None:
    dealt = list(reports)
    deal.shuffle(dealt)
    assert standing(required, dealt) == standing(required, reports)


@given(REQUIRED, REPORTS)
def test_one_positive_stands_against_any_number_of_negatives(required: set[str], reports: list[Outcome]) -> None:
    result = standing(required, [*reports, Outcome(SVC, POSITIVE, "2026-11-03"), Outcome(SVC, NEGATIVE, "2026-11-04")])
    assert SVC in result.positive
    assert SVC not in result.missing


@given(REQUIRED, REPORTS)
def test_what_is_missing_was_required_and_never_concluded(required: set[str], reports: list[Outcome]) -> None:
    concluded = {report.disease for report in reports if report.outcome in (NEGATIVE, POSITIVE)}
    assert set(standing(required, reports).missing) == required - concluded
