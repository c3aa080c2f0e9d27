"""Samples, reports and notices beside the inspection list: what was typed is there again, wherever one comes from."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.services import drafts
from tests.ui.conftest import settle, wait_for
from tests.ui.test_pages import at, rows, start_inspection
from ui.application import Shell
from ui.places import Place

WAITING, READY = "2026-11-07", "2026-11-01"


def batch_page(shell: Shell, batch: str) -> Any:
    inspection = next(row for row in rows(shell, "inspections") if row["batch"] == batch)
    page = at(shell, Place.INSPECTION, inspection["ref"])
    wait_for(lambda: page.side.currentWidget() is page.batch)
    assert page.batch.detail.line.inspection == inspection["ref"]
    return page


def report(shell: Shell) -> Any:
    """The page with the report's form open, and a number typed."""
    page = batch_page(shell, WAITING)
    page.batch.result_wanted.emit(page.batch.detail.samples[0])
    settle(shell)
    type_in(page.result, "report_no", "JC-2026-117")
    return page


def type_in(pane: Any, name: str, value: Any) -> None:
    pane.form.fields[name].set_value(value)
    pane.form.edited.emit()


def test_a_report_put_off_for_later_is_found_as_it_was_typed(shell: Shell) -> None:
    page = report(shell)
    disease = next(iter(page.result.outcomes))
    type_in(page.result, f"outcome.{disease}", "negative")
    page.result.later_button.click()
    settle(shell)
    page.batch.result_wanted.emit(page.batch.detail.samples[0])
    settle(shell)
    assert page.result.form.value("report_no") == "JC-2026-117"
    assert page.result.outcomes[disease].value() == "negative"


def test_a_report_put_off_stands_on_the_first_page_and_opens_there(shell: Shell) -> None:
    report(shell).result.later_button.click()
    settle(shell)
    draft = next(one for one in at(shell, Place.TODAY)._drafts if one.form == "result")
    assert "湖西特种水产苗种场" in draft.title
    page = at(shell, draft.place, f"draft:{draft.draft}")
    assert page.side.currentWidget() is page.result
    assert page.result.form.value("report_no") == "JC-2026-117"


@pytest.mark.parametrize(("form", "name", "value"), [("sample", "individuals", "60"), ("notice", "remarks", "没写完")])
def test_forms_about_a_batch_are_kept_too(shell: Shell, form: str, name: str, value: str) -> None:
    page = batch_page(shell, READY)
    wanted = getattr(page.batch, f"{form}_wanted")
    wanted.emit(page.batch.detail)
    settle(shell)
    pane = getattr(page, form)
    type_in(pane, name, value)
    pane.later_button.click()
    settle(shell)
    wanted.emit(page.batch.detail)
    settle(shell)
    assert pane.form.value(name) == value
    draft = next(one for one in at(shell, Place.TODAY)._drafts if one.form == form)
    assert getattr(at(shell, draft.place, f"draft:{draft.draft}"), form).form.value(name) == value


def test_a_sending_put_off_is_kept_for_its_own_sample_only(shell: Shell) -> None:
    page = batch_page(shell, READY)
    for _ in range(2):
        page.batch.sample_button.click()
        settle(shell)
        page.sample.form.fill({"diseases": page.sample.diseases.codes[:1]})
        page.submit()
        settle(shell)
    first, second = page.batch.detail.samples
    page.batch.send_wanted.emit(first)
    settle(shell)
    type_in(page.send, "laboratory", "7")
    page.send.later_button.click()
    settle(shell)
    page.batch.send_wanted.emit(second)
    settle(shell)
    assert page.send.form.value("laboratory") == ""
    page.send.later_button.click()
    settle(shell)
    page.batch.send_wanted.emit(first)
    settle(shell)
    assert page.send.form.value("laboratory") == "7"


def test_a_report_on_record_leaves_no_draft(shell: Shell) -> None:
    page = report(shell)
    page.result.autosave.save()
    page.result.form.fill({"laboratory": "1"})
    for answers in page.result.outcomes.values():
        answers.set_value("negative")
    page.submit()
    settle(shell)
    assert shell.desk is not None
    assert not drafts.kept(shell.desk.device, "result")


def test_an_unfinished_inspection_still_opens_from_the_first_page(shell: Shell) -> None:
    page = start_inspection(shell)
    type_in(page.pane, "place", "写了一半")
    page.pane.later_button.click()
    settle(shell)
    draft = next(one for one in at(shell, Place.TODAY)._drafts if one.form == "inspection")
    page = at(shell, draft.place, f"draft:{draft.draft}")
    assert page.side.currentWidget() is page.pane
    assert page.pane.form.value("place") == "写了一半"


def test_a_draft_that_is_gone_opens_nothing(shell: Shell) -> None:
    page = at(shell, Place.INSPECTION, "draft:00ff")
    assert page.side.currentWidget() not in (page.pane, page.sample, page.send, page.result, page.notice)
