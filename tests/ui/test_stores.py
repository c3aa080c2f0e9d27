"""保管: stores, keepers, checks, draws taken in, and the list of the first day with its errors row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog

from inspector_app.services.custody_cases import open_cases
from inspector_app.services.device import Device, Session
from inspector_app.services.keeping import assign_store
from tests.office import HEAD, VET
from tests.services.test_workbook import workbook_of
from tests.services.work import acting, done
from tests.ui.at_work import at, said
from tests.ui.conftest import settle
from tests.ui.station import Station
from tests.ui.test_old_sheets import answer, deeds, head, keeper, photo
from ui.application import Shell
from ui.pages.deed_review import DeedReview
from ui.pages.stores import StoresPage
from ui.places import Place
from ui.tokens import Tone

__all__ = ["head", "keeper"]
PROFILE = {
    "sort": "cabinet",
    "storage_fire": ["fire_extinguisher"],
    "storage_damp": ["desiccant"],
    "storage_theft": ["iron_cabinet"],
}
LIST = """类别,种类,起号,止号,页数,状态,日期,备注
纸证,B,3200000001,3200000003,2,空白,,封条完好
编号,A,3200000101,3200000110,,已用,,
案件,,,,,,2026-10-08,少一本存根
"""
WRONG = LIST + "纸证,B,3200000002,,2,空白,,\n纸证,X,3200000044,,2,空白,,\n"


def page_at(shell: Shell, view: str = "") -> StoresPage:
    page = at(shell, Place.STORES, view)
    assert isinstance(page, StoresPage)
    return page


def press(shell: Shell, page: StoresPage, name: str) -> DeedReview:
    {**page.pane.buttons, **page.start_buttons}[name].click()
    settle(shell)
    assert page.review.isVisible()
    return page.review


def choose_file(shell: Shell, page: StoresPage, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    page.opening.choose_button.click()
    settle(shell)


def state(page: StoresPage) -> list[str]:
    return [line.state for line in page.list.model.items]


# --- stores -----------------------------------------------------------------------------------------------------------


def test_a_store_gets_its_profile_its_keeper_and_its_first_check(shell: Shell, keeper: Device) -> None:
    page = page_at(shell)
    assert page.list.is_empty
    answer(shell, press(shell, page, "new_store"), store="main", **PROFILE)
    assert state(page) == ["没有保管人"]
    answer(shell, press(shell, page, "assign"), keeper=VET)
    assert state(page) == ["正常"]
    assert said(shell) == "保管人已登记"
    review = press(shell, page, "check")
    review.form.fields["attachments"].editor.restore(photo(keeper))
    answer(shell, review)
    assert page.pane.facts.shown[-1][1].startswith("没有问题")
    assert len(keeper.rows.many("store_checks")) == 1


def test_a_store_without_a_measure_against_damp_is_refused_beside_it(shell: Shell, keeper: Device) -> None:
    page = page_at(shell)
    review = press(shell, page, "new_store")
    answer(shell, review, store="main", **{**PROFILE, "storage_damp": []})
    assert review.form.fields["storage_damp"].message == "至少选一项"
    assert not review.form.fields["storage_fire"].message
    assert keeper.rows.many("stores") == []


def test_a_name_no_store_can_have_is_refused_beside_it(shell: Shell, keeper: Device) -> None:
    review = press(shell, page_at(shell), "new_store")
    answer(shell, review, store="主柜 1", **PROFILE)
    assert review.form.fields["store"].message
    assert review.form.fields["store"].editor.hasFocus()


def test_a_check_without_photograph_says_why_and_a_finding_opens_a_case(shell: Shell, keeper: Device) -> None:
    page = page_at(shell)
    answer(shell, press(shell, page, "new_store"), store="main", **PROFILE)
    review = press(shell, page, "check")
    answer(shell, review, findings=["lock_broken"])
    assert any(field.message for field in review.form.fields.values())
    assert keeper.rows.many("store_checks") == []
    answer(shell, review, no_picture="camera_broken")
    assert [row["kind"] for row in open_cases(keeper)] == ["storage_unsafe"]


def test_another_keeper_takes_over_only_by_a_count(shell: Shell, keeper: Device, station: Station) -> None:
    done(assign_store(keeper, "main", VET))
    station.office.publish(keeper, station.office.grant(HEAD, "head", "keeper"))
    page = page_at(shell)
    review = press(shell, page, "assign")
    assert review.form.fields["keeper"].editor.count() == 2
    answer(shell, review, keeper=HEAD)
    assert review.isVisible()
    assert review.banner.headline or review.form.fields["keeper"].message
    assert (keeper.rows.one("stores", store="main") or {})["keeper"] == VET


def test_a_check_that_is_due_stands_in_red(shell: Shell, keeper: Device, station: Station) -> None:
    page = page_at(shell)
    answer(shell, press(shell, page, "new_store"), store="main", **PROFILE)
    answer(shell, press(shell, page, "assign"), keeper=VET)
    station.clock.forward(days=3)
    page.refresh()
    settle(shell)
    assert state(page) == ["检查已到期"]
    assert page.list.model.items[0].tone is Tone.BAD


# --- draws ------------------------------------------------------------------------------------------------------------


def test_the_keeper_takes_a_draw_in_and_it_says_where_it_lies(shell: Shell, keeper: Device) -> None:
    done(assign_store(keeper, "main", VET))
    page = page_at(shell, "draws")
    assert set(state(page)) == {"待入库"}
    review = press(shell, page, "receive")
    answer(shell, review)  # there is only one store
    assert sorted(set(state(page))) == ["已入 main", "待入库"]


def test_where_nobody_keeps_a_store_nothing_is_taken_in(shell: Shell, keeper: Device) -> None:
    page = page_at(shell, "draws")
    review = press(shell, page, "receive")
    answer(shell, review)
    assert review.form.fields["store"].message
    assert keeper.rows.many("draw_receipts") == []


def test_who_is_no_keeper_is_told_so_at_the_button(shell: Shell) -> None:
    page = page_at(shell, "draws")
    assert deeds(page)["receive"]


# --- the first day ----------------------------------------------------------------------------------------------------


@pytest.fixture
def first_day(shell: Shell, keeper: Device) -> Any:
    done(assign_store(keeper, "main", VET))
    page = page_at(shell)
    page.start_buttons["take_over"].click()
    settle(shell)
    assert page.opening.isVisible()
    return page


def test_a_list_is_read_dry_then_taken_over_and_confirmed_by_a_second_person(
    shell: Shell, keeper: Device, head: Session, first_day: StoresPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    choose_file(shell, first_day, monkeypatch, path)
    assert [row.state for row in first_day.opening.rows.model.items] == ["可以接收"] * 3
    assert keeper.rows.many("openings") == []
    first_day.submit()
    settle(shell)
    assert not first_day.opening.isVisible()
    assert state(first_day) == ["待复核"]
    first_day.pane.buttons["confirm_opening"].click()
    settle(shell)
    assert first_day.banner.isVisible()  # who took it over is not the second person
    with acting(keeper, head):
        first_day.refresh()
        settle(shell)
        first_day.pane.buttons["confirm_opening"].click()
        settle(shell)
    assert state(first_day) == ["已复核"]


def test_every_row_that_does_not_fit_is_named_first_and_nothing_is_taken_over(
    shell: Shell, keeper: Device, first_day: StoresPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(WRONG, encoding="gb18030")
    choose_file(shell, first_day, monkeypatch, path)
    rows = first_day.opening.rows.model.items
    assert [(row.row, row.tone) for row in rows if row.tone is Tone.BAD] == [("5", Tone.BAD), ("6", Tone.BAD)]
    assert rows[0].what == "编号范围：与前面的行重叠"
    first_day.submit()
    settle(shell)
    assert first_day.opening.banner.isVisible()
    assert keeper.rows.many("openings") == []
    path.write_text(LIST, encoding="utf-8")
    first_day.opening.again_button.click()
    settle(shell)
    assert not first_day.opening.act_button.reason
    assert not first_day.opening.banner.isVisible()


def test_a_workbook_is_read_like_any_other_list(
    shell: Shell, first_day: StoresPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook_of(("类别", "种类", "起号", "页数", "状态"), ("纸证", "B", "3200000001", 1, "空白")))
    choose_file(shell, first_day, monkeypatch, path)
    assert [row.state for row in first_day.opening.rows.model.items] == ["可以接收"]
    path.write_bytes(workbook_of(("类别", "种类", "起号", "页数", "状态"), ("纸证", "B", "=A1", 1, "空白")))
    first_day.opening.again_button.click()
    settle(shell)
    (row,) = first_day.opening.rows.model.items
    assert (row.row, row.what, row.tone) == ("2", "起号：是公式，请改为数值", Tone.BAD)


def test_a_list_without_a_store_says_so_beside_it(
    shell: Shell, keeper: Device, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = page_at(shell)
    page.start_buttons["take_over"].click()
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    choose_file(shell, page, monkeypatch, path)
    page.submit()
    settle(shell)
    assert page.opening.store.message
    assert keeper.rows.many("openings") == []


def test_a_file_that_is_gone_is_said_as_such(
    shell: Shell, first_day: StoresPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_file(shell, first_day, monkeypatch, tmp_path / "gone.csv")
    assert first_day.opening.banner.tone is Tone.BAD
    assert first_day.opening.act_button.reason == "先选择清单"
