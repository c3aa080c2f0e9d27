"""The rules every test runs under: profiles, and that in CI a skipped test is a failed one.

Nothing of the product belongs here; folders below have their own fixtures.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests.rules.switch import RuleSwitch, rule_weakened

__all__ = ["rule_weakened"]  # a fixture is found by its name here

IN_CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")

# A deadline measures the machine, not the code; speed is judged as a ratio in benchmarks/.
settings.register_profile("normal", deadline=None, print_blob=True)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True, database=None)
settings.register_profile(
    "long", deadline=None, print_blob=True, max_examples=2_000, suppress_health_check=[HealthCheck.too_slow]
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--profile=long`` adds the tests marked ``long`` and twenty times the examples."""
    parser.addoption("--profile", choices=["normal", "long"], default="normal", help="which tests belong to this run")


def pytest_configure(config: pytest.Config) -> None:
    """Choose Hypothesis' profile: CI shall give the same verdict twice, the long profile shall search."""
    chosen = config.getoption("--profile")
    settings.load_profile("ci" if IN_CI and chosen == "normal" else chosen)
    config.pluginmanager.register(RuleSwitch())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the ``long`` tests out of the normal profile: deselected, for a skip would be a failure."""
    if config.getoption("--profile") == "long":
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skip fails: what is not run there is run nowhere."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where everything must run: {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole module that skips itself while it is collected."""
    report = yield
    if IN_CI and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where everything must run: {_reason(report.longrepr)}"
    return report


def _reason(longrepr: object) -> str:
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)
