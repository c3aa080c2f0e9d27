"""监督检查: a visit with the ledgers as they stand, findings with a term, and what was put right."""

from __future__ import annotations

import pytest

from inspector_app.clock import MS_PER_DAY
from inspector_app.services.device import Device
from inspector_app.services.supervision import LEDGERS
from tests.ui.at_work import at, said
from tests.ui.conftest import settle
from tests.ui.station import Station
from tests.ui.test_old_sheets import answer, keeper
from ui.application import Shell
from ui.pages.deed_review import DeedReview
from ui.pages.supervision import SupervisionPage
from ui.places import Place

__all__ = ["keeper"]
VISITORS = {"official": "顾巡查", "unit": "高邮市农业农村局"}


def page_at(shell: Shell) -> SupervisionPage:
    page = at(shell, Place.SUPERVISION)
    assert isinstance(page, SupervisionPage)
    return page


def press(shell: Shell, page: SupervisionPage, name: str) -> DeedReview:
    {**page.pane.buttons, **page.start_buttons}[name].click()
    settle(shell)
    assert page.review.isVisible()
    return page.review


def recorded(shell: Shell, page: SupervisionPage, *findings: str, by: str = "2026-12-01") -> None:
    review = press(shell, page, "record")
    answer(shell, review, **VISITORS, findings=list(findings), rectify_by=by)
    assert not review.isVisible()


def state(page: SupervisionPage) -> list[str]:
    return [line.state for line in page.list.model.items]


def test_a_visit_shows_the_seven_ledgers_before_it_is_recorded_and_keeps_them(shell: Shell, keeper: Device) -> None:
    page = page_at(shell)
    review = press(shell, page, "record")
    assert len(review.facts.shown) == len(LEDGERS) == 7
    answer(shell, review, **VISITORS)
    assert said(shell) == "检查已登记"
    assert state(page) == ["没有问题"]
    facts = dict(page.pane.facts.shown)
    assert facts["检查人员"] == "顾巡查"
    assert "缺" in facts["盘点台账"]  # none was ever closed
    assert facts["两个等式"] == "证号成立、纸证成立"
    assert not page.pane.buttons


def test_findings_are_put_right_one_by_one(shell: Shell, keeper: Device) -> None:
    page = page_at(shell)
    recorded(shell, page, "ledger_incomplete", "storage_poor")
    assert state(page) == ["2 项待整改"]
    review = press(shell, page, "rectify")
    assert review.form.fields["findings"].editor.codes == ["ledger_incomplete", "storage_poor"]
    answer(shell, review, findings=["storage_poor"])
    assert state(page) == ["1 项待整改"]
    answer(shell, press(shell, page, "rectify"), findings=["ledger_incomplete"])
    assert state(page) == ["已整改"]


def test_what_is_not_put_right_in_time_is_overdue(shell: Shell, keeper: Device, station: Station) -> None:
    page = page_at(shell)
    recorded(shell, page, "stocktake_late")
    station.clock.at += 30 * MS_PER_DAY
    page.refresh()
    settle(shell)
    assert state(page) == ["1 项逾期未改"]


def test_the_term_is_asked_for_only_where_something_was_found(shell: Shell, keeper: Device) -> None:
    review = press(shell, page_at(shell), "record")
    term = review.form.fields["rectify_by"]
    assert term.isHidden()
    answer(shell, review, **VISITORS, findings=["ledger_wrong"])
    assert not term.isHidden()
    assert term.message
    assert keeper.rows.many("visits") == []


@pytest.mark.parametrize("missing", VISITORS)
def test_who_came_is_named(shell: Shell, keeper: Device, missing: str) -> None:
    review = press(shell, page_at(shell), "record")
    answer(shell, review, **{**VISITORS, missing: ""})
    assert review.form.fields[missing].message
    assert review.form.fields[missing].editor.hasFocus()
    assert keeper.rows.many("visits") == []


def test_a_visit_to_come_is_none(shell: Shell, keeper: Device) -> None:
    review = press(shell, page_at(shell), "record")
    answer(shell, review, **VISITORS, visited_on="2027-01-01")
    assert review.form.fields["visited_on"].message


def test_nothing_ticked_is_nothing_put_right(shell: Shell, keeper: Device) -> None:
    page = page_at(shell)
    recorded(shell, page, "use_irregular")
    review = press(shell, page, "rectify")
    answer(shell, review)
    assert review.form.fields["findings"].message
    assert keeper.rows.many("rectifications") == []
