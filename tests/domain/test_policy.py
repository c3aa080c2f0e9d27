"""Provincial policy: dated values, wording, and texts that cannot be a policy."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.policy import RULES, Policy, PolicyError, parse_policy
from tests.domain.reference_data import FOLDER, TODAY, catalogue, policy

TEXT = (FOLDER / "policy.toml").read_text("utf-8")
FROM_2027 = 'effective_from = "2027-01-01"\nsource = "s"\nconfidence = "G"\n'


def with_rule(name: str, **changes: object) -> str:
    """The shipped policy with one rule's lines changed; a change to None drops the rule."""
    head, *rules = TEXT.split("[[rule]]")
    kept = []
    for rule in rules:
        if f'name = "{name}"' in rule:
            if not changes:
                continue
            for key, value in changes.items():
                lines = [line for line in rule.splitlines() if not line.startswith(f"{key} =")]
                rule = "\n".join([*lines, f"{key} = {value}", ""])  # noqa: PLW2901
        kept.append(rule)
    return "[[rule]]".join([head, *kept])


@pytest.mark.parametrize(("on", "days"), [
    ("2010-03-01", 20), ("2022-11-30", 20), ("2022-12-01", 3), (TODAY, 3),
])  # fmt: skip
def test_lead_time_changed_on_the_first_of_december_2022(on: str, days: int) -> None:
    assert policy().lead_time_days(on) == days


def test_a_policy_answers_for_the_day_it_is_asked_for() -> None:
    old = policy().on("2022-01-01")
    assert old.rule("lead_time_days").value == 20
    assert policy().rule("lead_time_days").value == 3
    assert old.version == policy().version


@pytest.mark.parametrize("day", ["", "yesterday", "2022-13-01", "20220101"])
def test_a_policy_is_not_asked_for_what_is_no_day(day: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        policy().on(day)


def test_before_the_first_rule_there_is_no_answer() -> None:
    with pytest.raises(PolicyError, match="no rule lead_time_days on 2009-12-31"):
        policy().lead_time_days("2009-12-31")


@pytest.mark.parametrize(("kind", "days", "text"), [
    ("A", 1, "应于壹日内到达有效"), ("A", 2, "应于贰日内到达有效"), ("A", 5, "应于伍日内到达有效"),
    ("B", 1, "应于当日内到达有效"),
])  # fmt: skip
def test_validity_is_worded_by_policy(kind: str, days: int, text: str) -> None:
    assert policy().validity_text(kind, days) == text


@pytest.mark.parametrize(("kind", "days"), [("A", 0), ("A", 6), ("A", -1), ("C", 1), ("", 1)])
def test_an_impossible_validity_is_refused(kind: str, days: int) -> None:
    with pytest.raises(ValueError, match="no validity"):
        policy().validity_text(kind, days)


@pytest.mark.parametrize(("kind", "species", "on", "required"), [
    ("A", 101, TODAY, ("GCHD",)), ("B", 101, TODAY, ()), ("A", 103, TODAY, ()),
    ("A", 101, "2022-06-01", ("SVC", "GCHD")),
    ("A", 401, TODAY, ("SPIROPLASMA",)), ("A", 603, TODAY, ()),
])  # fmt: skip
def test_an_a_certificate_needs_the_results_of_listed_diseases(
    kind: str, species: int, on: str, required: tuple[str, ...]
) -> None:
    rows = catalogue().diseases_for(species, on)
    assert policy().required_results(kind, rows, on) == required


def test_a_suspected_disease_needs_a_result_for_any_kind() -> None:
    rows = catalogue().diseases_for(101, TODAY)
    assert policy().required_results("B", rows, TODAY, suspected=["SVC", "SVC"]) == ("SVC",)
    assert policy().required_results("A", rows, TODAY, suspected=["GCHD"]) == ("GCHD",)


def test_defaults_are_those_of_the_practice_province() -> None:
    asked = policy().on(TODAY)
    assert (asked.spare_prints, asked.lease_days, asked.retention_months, asked.validity_days_max) == (2, 7, 24, 5)
    assert (asked.copies("A"), asked.sheets("A"), asked.copies("B"), asked.sheets("B")) == (2, 2, 2, 1)
    assert (asked.paper_mode, asked.stub_required, asked.fee_text, asked.ear_tags_text) == ("plain", True, "免费", "/")
    assert asked.certificate_title("A") == "动物检疫合格证明（动物A）"
    assert asked.certificate_title("B", portable=True) == "便携式动物检疫合格证明（动物B）"


def test_an_a_certificate_is_never_thermal_and_material_fields_are_never_corrected() -> None:
    asked = policy().on(TODAY)
    assert not asked.thermal_allowed("A")
    assert asked.thermal_allowed("B")
    assert asked.offline_allowed("A")
    assert asked.may_correct("owner_phone")
    assert not any(asked.may_correct(field) for field in ("owner", "quantity", "species", "destination", "valid_days"))
    assert asked.may_correct("plate"), "after departure, by a note"


@pytest.mark.parametrize(("ended_on", "through"), [
    ("2026-11-21", "2028-11-21"), ("2026-12-31", "2028-12-31"), ("2028-02-29", "2030-02-28"),
])  # fmt: skip
def test_the_personal_part_of_a_case_is_kept_for_whole_months(ended_on: str, through: str) -> None:
    assert policy().on(TODAY).kept_through(ended_on) == through


def test_the_end_of_a_case_is_a_day() -> None:
    with pytest.raises(ValueError, match="month"):
        policy().on(TODAY).kept_through("2026-13-01")


def test_every_rule_states_source_and_confidence() -> None:
    assert {rule.name for rule in policy().rules} == set(RULES)
    assert all(rule.source and rule.confidence for rule in policy().rules)


def test_a_rule_this_program_does_not_know_is_kept_and_ignored() -> None:
    extra = TEXT + '\n[[rule]]\nname = "from_the_future"\nvalue = "x"\n' + FROM_2027
    assert parse_policy(extra).rule("from_the_future", "2027-01-01").value == "x"


def test_a_rule_that_begins_later_does_not_hold_yet() -> None:
    ended = with_rule("spare_prints", effective_to='"2026-12-31"')
    later = '\n[[rule]]\nname = "spare_prints"\nvalue = 1\n' + FROM_2027
    changed = parse_policy(ended + later)
    assert (changed.spare_prints, changed.on("2027-01-01").spare_prints) == (2, 1)


@pytest.mark.parametrize(("text", "why"), [
    ("", "not a policy"), ("= x", "not a policy"), (TEXT.replace('issued_on = "2026-11-21"', ""), "issued_on"),
    (TEXT.replace('issued_on = "2026-11-21"', 'issued_on = "2026-11-31"'), "not a policy"),
    (with_rule("spare_prints"), "no rule spare_prints"), (with_rule("spare_prints", value='"two"'), "is not a int"),
    (with_rule("spare_prints", value="true"), "is not a int"), (with_rule("spare_prints", value="-1"), "negative"),
    (with_rule("spare_prints", value="1.5"), "not a policy"), (with_rule("stub_required", value="1"), "is not a bool"),
    (with_rule("paper_mode", value='"parchment"'), "cannot be"), (with_rule("offline_kinds", value='"A"'), "tuple"),
    (with_rule("validity_wording_a", value='"应于伍日内到达有效"'), "has no"),
    (with_rule("lease_days", effective_from='"2010"'), "no rule|lease_days"),
    (with_rule("lease_days", effective_to='"2020-01-01"'), "no rule lease_days"),
    (with_rule("lease_days", confidence='"certain"'), "not a policy"),
    (with_rule("lead_time_days", effective_from='"2010-03-01"', effective_to='""'), "two values"),
])  # fmt: skip
def test_a_text_that_is_no_policy_is_refused(text: str, why: str) -> None:
    with pytest.raises(PolicyError, match=why):
        parse_policy(text)


def test_a_policy_cannot_be_changed_in_place() -> None:
    with pytest.raises(AttributeError):
        policy().version = "mine"  # type: ignore[misc]
    assert isinstance(msgspec.structs.replace(policy(), version="2"), Policy)


def test_a_rule_no_policy_of_that_time_had_is_the_shipped_ones() -> None:
    older = with_rule("clock_tolerance_minutes").replace("value = 24", "value = 12")
    read = parse_policy(older, policy())
    assert read.clock_tolerance_ms == policy().clock_tolerance_ms
    assert read.a_upload_hours == 12, "what the province did say holds"


def test_a_rule_that_was_said_is_not_filled_up_from_the_shipped_policy() -> None:
    ended = with_rule("lease_days", effective_to='"2020-01-01"')
    with pytest.raises(PolicyError, match="no rule lease_days"):
        parse_policy(ended, policy())


@pytest.mark.parametrize(("day", "works"), [
    ("2026-11-27", True),  # a Friday
    ("2026-11-28", False), ("2026-11-29", False),
    ("2026-10-01", False),  # a Thursday, National Day
    ("2026-10-10", True),  # a Saturday worked instead
    ("2027-10-01", True),  # not announced yet: weekends alone are free
])  # fmt: skip
def test_a_working_day_is_told_by_the_calendar(day: str, works: bool) -> None:
    assert policy().is_working_day(day) is works


@pytest.mark.parametrize(("day", "count", "due"), [
    ("2026-11-27", 5, "2026-12-04"),
    ("2026-09-30", 1, "2026-10-08"),
    ("2026-11-28", 1, "2026-11-30"),
    ("2026-11-27", 0, "2026-11-27"),
])  # fmt: skip
def test_a_term_in_working_days_does_not_count_its_first_day(day: str, count: int, due: str) -> None:
    assert policy().after_working_days(day, count) == due
    assert policy().working_days_left(day, due) == count


def test_what_is_overdue_is_so_by_working_days() -> None:
    assert policy().working_days_left("2026-10-09", "2026-09-30") == -2
    assert policy().working_days_left("2026-09-30", "2026-09-30") == 0


def test_a_calendar_day_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="day"):
        policy().is_working_day("2026-02-30")
