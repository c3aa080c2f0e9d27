"""Which of the four cases a judgement opens, whose it is, and by when: nothing is left without one."""

from __future__ import annotations

import pytest

from inspector_app import bootstrap
from inspector_app.domain.authority import ALLOWED, Action, Post
from inspector_app.domain.late_rejections import OWNERS, LateCase, late_case
from inspector_app.domain.verdicts import Judgement
from province.journal.judging.case import CONSEQUENCES

MONDAY = "2026-11-23"


@pytest.mark.parametrize("code", Judgement)
def test_every_judgement_has_its_case(code: Judgement) -> None:
    """Any of them may not hold where nobody could know, so none is left out."""
    assert late_case(code) in set(LateCase)


def test_each_case_has_judgements_that_open_it() -> None:
    opened = {late_case(code) for code, finding in CONSEQUENCES.items() if not finding.holds}
    assert opened == set(LateCase)


@pytest.mark.parametrize("code", ["", "of_a_later_program"])
def test_what_is_unknown_here_is_for_a_superior(code: str) -> None:
    assert late_case(code) is LateCase.DECIDE


def test_each_case_has_an_owner_who_can_do_something_about_it() -> None:
    assert set(OWNERS) == set(LateCase)
    may = ALLOWED[Action.CONCLUDE_CUSTODY_CASE] | ALLOWED[Action.CORRECT]
    assert set(OWNERS.values()) <= may
    assert Post.ASSISTANT not in OWNERS.values()


def test_terms_are_working_days_of_dated_policy() -> None:
    policy = bootstrap.base_policy().on(MONDAY)
    due = {case: policy.late_due_on(case, MONDAY) for case in LateCase}
    assert due == {
        LateCase.REPAIR: "2026-11-30",
        LateCase.CORRECT: "2026-11-30",
        LateCase.REPLACE: "2026-11-26",
        LateCase.DECIDE: "2026-12-07",
    }


@pytest.mark.parametrize("case", LateCase)
def test_a_term_never_ends_on_a_free_day(case: LateCase) -> None:
    policy = bootstrap.base_policy().on(MONDAY)
    for day in range(20, 31):
        assert policy.is_working_day(policy.late_due_on(case, f"2026-11-{day}"))
