"""遗失登记: a loss from notice and reports to its conclusion; terms, what is missing, numbers that turn up again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from inspector_app.services.device import Device
from inspector_app.services.losses import report_loss
from tests.services.registers import chain
from tests.services.work import done
from tests.ui.at_work import at, device_of, pass_time, said
from tests.ui.conftest import settle
from tests.ui.station import Station
from tests.ui.test_old_sheets import answer, keeper, photo
from ui.application import Shell
from ui.pages.deed_review import DeedReview
from ui.pages.losses import LossesPage
from ui.places import Place
from ui.tokens import Tone

__all__ = ["keeper"]


@pytest.fixture
def lost(shell: Shell, keeper: Device, station: Station) -> str:
    """Three stolen numbers; the vet is keeper and head of the smallest station."""
    station.office.publish(keeper, station.office.grant(keeper.person(), "vet", "keeper", "head", kinds=("A", "B")))
    return done(report_loss(keeper, "B", "9900000100-102", cause="stolen"))


def page_at(shell: Shell, subject: str = "") -> LossesPage:
    page = at(shell, Place.LOSSES, subject)
    assert isinstance(page, LossesPage)
    return page


def press(shell: Shell, page: LossesPage, name: str) -> DeedReview:
    page.pane.buttons[name].click()
    settle(shell)
    assert page.review.isVisible()
    return page.review


def drafted(shell: Shell) -> LossesPage:
    page = page_at(shell)
    page.submit()
    settle(shell)
    return page


def published(shell: Shell, device: Device, page: LossesPage) -> None:
    review = press(shell, page, "publish")
    review.form.fields["attachments"].editor.restore(photo(device))
    answer(shell, review, loss_medium="newspaper", medium_name="练习日报第 3 版")


def test_a_loss_goes_step_by_step_to_its_conclusion(shell: Shell, keeper: Device, lost: str) -> None:
    page = page_at(shell)
    assert set(page.pane.buttons) == {"draft", "turned_up"}
    page.submit()
    settle(shell)
    published(shell, keeper, page)
    answer(shell, press(shell, page, "report"), recipient="authority")
    answer(shell, press(shell, page, "report"))  # only the institution is left
    assert "report" not in page.pane.buttons
    answer(shell, press(shell, page, "acknowledge"), recipient="institution")
    answer(shell, press(shell, page, "conclude"), cause="theft", conclusion="to_police")
    assert page.list.is_empty
    page.show_view("all", lost)
    settle(shell)
    assert [line.state for line in page.list.model.items] == ["已结案"]
    assert page.pane.record is not None
    assert [step.tone for step in page.pane.record.steps].count(Tone.GOOD) == 6


def test_g22_a_loss_shows_whom_its_reports_go_to(shell: Shell, station: Station, lost: str) -> None:
    station.office.publish(device_of(shell), *chain())
    page = page_at(shell)
    assert page.pane.record is not None
    shown = dict(page.pane.record.facts)
    assert shown["同级主管部门"] == "高邮市农业农村局（登记）"
    assert shown["上一级监督机构"] == "高邮市水生动物卫生监督所"


def test_the_papers_are_saved_together(
    shell: Shell, lost: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = drafted(shell)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    page.pane.buttons["save_papers"].click()
    settle(shell)
    assert len(list(tmp_path.glob("*.pdf"))) == 3
    assert "已存入" in said(shell)


def test_papers_that_cannot_be_written_are_told(
    shell: Shell, lost: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = drafted(shell)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "gone"))
    page.pane.buttons["save_papers"].click()
    settle(shell)
    assert page.banner.isVisible()


def test_what_is_past_its_term_stands_in_red(shell: Shell, keeper: Device, station: Station, lost: str) -> None:
    pass_time(shell, station, days=90)
    page = page_at(shell)
    (line,) = page.list.model.items
    assert line.tone is Tone.BAD
    assert line.state.endswith("项逾期")
    assert page.pane.record is not None
    assert Tone.BAD in [step.tone for step in page.pane.record.steps]


def test_a_publication_without_its_clipping_is_refused_beside_the_photographs(
    shell: Shell, keeper: Device, lost: str
) -> None:
    page = drafted(shell)
    review = press(shell, page, "publish")
    answer(shell, review, loss_medium="newspaper", medium_name="练习日报第 3 版")
    assert review.form.fields["attachments"].message
    assert review.form.value("medium_name") == "练习日报第 3 版"
    assert "publish" in page.pane.buttons


def test_a_day_before_the_loss_was_noticed_is_refused_beside_it(shell: Shell, keeper: Device, lost: str) -> None:
    page = drafted(shell)
    review = press(shell, page, "report")
    answer(shell, review, recipient="authority", report_sent_on="2026-01-01")
    assert review.form.fields["report_sent_on"].message
    assert review.isVisible()


def test_a_report_to_nobody_asks_to_whom(shell: Shell, lost: str) -> None:
    review = press(shell, drafted(shell), "report")
    answer(shell, review)
    assert review.form.fields["recipient"].message == "请选择或填写这一项"


def test_numbers_that_turn_up_stay_dead_and_only_lost_ones_turn_up(shell: Shell, keeper: Device, lost: str) -> None:
    page = page_at(shell)
    review = press(shell, page, "turned_up")
    assert review.form.value("numbers") == "9900000100-9900000102"
    answer(shell, review, numbers="9900000099-101")
    assert review.isVisible()
    assert any(field.message for field in review.form.fields.values()) or review.banner.isVisible()
    answer(shell, review, numbers="9900000101")
    assert dict(page.pane.facts.shown)["已追回，仍停用"] == "B 9900000101"
    assert (keeper.rows.one("numbers", number="B 9900000101") or {})["state"] == "lost"


def test_who_may_not_conclude_sees_why(shell: Shell, keeper: Device, station: Station, lost: str) -> None:
    page = drafted(shell)
    published(shell, keeper, page)
    for to in ("authority", "institution"):
        answer(shell, press(shell, page, "report"), recipient=to)
    station.office.publish(keeper, station.office.grant(keeper.person(), "vet", "keeper", kinds=("A", "B")))
    page.refresh()
    settle(shell)
    assert page.pane.buttons["conclude"].reason


def test_a_loss_is_reported_here_and_its_steps_follow(shell: Shell, keeper: Device) -> None:
    page = page_at(shell)
    page.start_buttons["report_lost"].click()
    settle(shell)
    review = page.review
    review.button.click()
    settle(shell)
    assert [name for name, field in review.form.fields.items() if field.message] == ["kind", "numbers", "cause"]
    answer(shell, review, kind="B", numbers="9900000110-112", cause="stolen")
    assert said(shell).startswith("已报失")
    assert [line.title for line in page.list.model.items] == ["B 9900000110–9900000112"]
    assert keeper.rows.many("numbers", state="lost")


def test_numbers_that_are_none_of_the_station_are_not_lost(shell: Shell, keeper: Device) -> None:
    page = page_at(shell)
    page.start_buttons["report_lost"].click()
    settle(shell)
    review = page.review
    answer(shell, review, kind="B", numbers="8800000001", cause="lost")
    assert review.isVisible()
    assert review.form.fields["numbers"].message
    assert keeper.rows.many("numbers", state="lost") == []
    review.reject()


def test_the_life_of_the_first_lost_number_is_one_step_away(shell: Shell, keeper: Device, lost: str) -> None:
    page = page_at(shell)
    page.life_button.click()
    settle(shell)
    assert shell.workplace is not None
    assert shell.workplace.page.place is Place.LIFE
    assert shell.workplace.page.chips[0][0] == "B 9900000100"
