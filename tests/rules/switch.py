"""Each test ``test_gNN_…`` runs twice: with its rule in force, and with the rule's points weakened, when it must fail.

So a rule whose enforcement is lost cannot pass, and neither can a test that would not notice (DESIGN 14.1). Only the
test itself runs with the weaker points: what it is given was made under the rule.
"""

from __future__ import annotations

import re
from collections.abc import Generator

import pytest

from inspector_app.domain.rules import points_of
from tests.rules.weaker import weaker

NAMED = re.compile(r"test_(g\d\d)_")


def rule_of(name: str) -> str:
    """The id of the rule a test's name begins with, "" for other tests."""
    found = NAMED.match(name)
    return found[1].upper() if found else ""


@pytest.fixture(autouse=True)
def rule_weakened(request: pytest.FixtureRequest) -> bool:
    """Whether this run of the test is the one with its rule weakened."""
    return bool(getattr(request, "param", False))


class RuleSwitch:
    """The hooks."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """A second run of every test of a rule, expected to fail."""
        if rule_of(metafunc.function.__name__):
            must_fail = pytest.param(True, id="weakened", marks=pytest.mark.xfail(strict=True, reason="no such rule"))
            metafunc.parametrize("rule_weakened", [pytest.param(False, id="in_force"), must_fail], indirect=True)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None]:
        """Put weaker functions in the place of the rule's points while the test itself runs."""
        is_weakened = isinstance(item, pytest.Function) and item.funcargs.get("rule_weakened")
        with pytest.MonkeyPatch.context() as patch:
            for point in points_of(rule_of(item.originalname)) if is_weakened else ():  # type: ignore[attr-defined]
                patch.setattr(point, "check", weaker(point))
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """What fails before the test begins proves nothing about a rule."""
        report = yield
        if report.when == "setup" and call.excinfo is not None and item.get_closest_marker("xfail"):
            report.outcome = "failed"
            report.longrepr = f"its fixtures failed: {call.excinfo.exconly()}"
            del report.wasxfail
        return report
