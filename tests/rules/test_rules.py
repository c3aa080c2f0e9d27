"""The registry of the custody rules: complete, true to its page, and able to tell a rule that no longer holds."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.rules import POINTS, Point, enforces, parse_rules, points_of
from tests.rules import page
from tests.rules.weaker import weaker


def test_the_profile_has_all_fifty_one_rules_in_order() -> None:
    profile = page.profile()
    assert [rule.id for rule in profile.rule] == [f"G{at:02d}" for at in range(1, 52)]
    assert (profile.profile, profile.effective_from) == ("GX-2014", "2014-05-27")
    assert profile.find("G47").articles == "26, 23(3)"
    with pytest.raises(KeyError):
        profile.find("G52")


@pytest.mark.parametrize("damage", [('id = "G02"', 'id = "G01"'), ('side = "C"', 'side = "X"'), ("[terms]", "")])
def test_a_damaged_profile_is_refused(damage: tuple[str, str]) -> None:
    text = page.RULES.read_text("utf-8")
    assert damage[0] in text
    with pytest.raises((ValueError, msgspec.ValidationError)):
        parse_rules(text.replace(*damage, 1))


def test_every_enforced_rule_has_its_tests_and_every_test_its_rule() -> None:
    page.import_product()
    enforced = {rule for point in POINTS.values() for rule in point.rules}
    assert enforced == set(page.tests_by_rule())
    assert enforced <= {rule.id for rule in page.profile().rule}


def test_the_page_of_rules_is_as_the_program_is() -> None:
    assert page.PAGE.read_text("utf-8") == page.page(), "run: python -m tests.rules.page"


def test_each_point_can_be_weakened() -> None:
    page.import_product()
    assert all(callable(weaker(point)) for point in POINTS.values())


def test_a_point_is_called_as_the_function_it_stands_for() -> None:
    point = Point(("G01",), weaker)
    assert (point.__name__, point.__doc__) == (weaker.__name__, weaker.__doc__)  # type: ignore[attr-defined]
    assert "test_a_point" not in str(POINTS)
    assert points_of("G99") == []


def test_a_point_without_a_rule_is_a_slip() -> None:
    with pytest.raises(ValueError, match="enforces a rule"):
        enforces()


def test_a_point_nobody_said_how_to_weaken_is_named() -> None:
    def number() -> int:
        return 1

    with pytest.raises(KeyError, match="say in"):
        weaker(Point(("G01",), number))
