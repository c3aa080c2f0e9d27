"""Inspecting: times, findings, quantities, results, and the notice a failed batch leads to."""

from __future__ import annotations

from typing import Any

from inspector_app.domain.quantities import Quantity
from tests.ui.at_work import around, at, rows, start_inspection
from tests.ui.conftest import settle, wait_for
from ui.application import Shell
from ui.places import Place

__all__ = ["around"]  # the printers of the test, found by their name


def conclude(editor: Any, conclusion: str) -> None:
    """Choose a conclusion a minute after the inspection began."""
    editor.fields["started_at"].set_value(editor._desk.now() - 60_000)
    editor.fields["conclusion"].set_value(conclusion)
    editor.conclusion.edited.emit()


def test_the_end_is_empty_until_the_conclusion_and_never_the_start(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    assert editor.started_at.text()
    assert not editor.ended_at.text()
    editor.fields["history_clean"].set_value("not_clean")
    editor.fields["conclusion"].set_value("failed")
    editor.conclusion.edited.emit()
    assert editor.ended_at.value() == editor.started_at.value()
    editor.fields["ended_at"].set_value(editor._desk.now() - 3_600_000)
    editor.conclusion.edited.emit()
    assert editor.ended_at.value() < editor.started_at.value(), "what was typed is not touched"


def test_what_was_mended_is_not_blamed_again_when_it_is_submitted(shell: Shell) -> None:
    page = start_inspection(shell)
    editor, before = page.pane.editor, len(rows(shell, "inspections"))
    page.pane.live._timer.setInterval(3_600_000)  # the person is quicker than the pause after typing
    editor.fields["history_clean"].set_value("not_clean")
    conclude(editor, "failed")
    editor.fields["ended_at"].set_value(editor._desk.now() - 3_600_000)
    page.submit()
    settle(shell)
    assert editor.fields["ended_at"].message
    assert len(rows(shell, "inspections")) == before
    page.pane.live.look()
    settle(shell)
    editor.fields["ended_at"].set_value(editor._desk.now())
    editor.conclusion.edited.emit()
    said = []
    editor.fields["ended_at"].say = lambda shown, *_: said.append(shown)
    page.submit()
    settle(shell)
    assert len(rows(shell, "inspections")) == before + 1
    assert not any(said)


def test_more_than_was_declared_asks_for_its_reason(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    assert not editor.fields["quantity_reason"].isVisible()
    editor.documents.tick_all()
    editor.fields["history_clean"].set_value("clean")
    editor.fields["quantity"].set_value(Quantity(900, 0, 11))
    conclude(editor, "passed")
    page.submit()
    settle(shell)
    assert editor.fields["quantity_reason"].isVisible()
    assert editor.fields["quantity_reason"].message
    editor.fields["quantity_reason"].set_value("counted")
    page.submit()
    settle(shell)
    assert page.side.currentWidget() is page.batch
    assert any("现场清点" in value for _name, value in page.batch.detail.facts)


def test_readings_and_laboratories_are_told_by_name(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    editor.documents.tick_all()
    editor.fields["history_clean"].set_value("clean")
    editor.fields["water.temperature"].set_value("21.4")
    conclude(editor, "passed")
    page.submit()
    settle(shell)
    assert dict(page.batch.detail.facts)["水质数据"] == "水温 21.4℃"
    waiting = next(row for row in rows(shell, "inspections") if row["batch"] == "2026-11-07")
    page = at(shell, Place.INSPECTION, waiting["ref"])
    wait_for(lambda: page.batch.detail is not None and bool(page.batch.detail.samples))
    assert "练习省水产苗种检测中心（练习）" in page.batch.detail.samples[0].detail


def test_a_conclusion_that_the_findings_forbid_is_refused_beside_it(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    editor.documents.tick_all()
    editor.fields["history_clean"].set_value("clean")
    editor.findings.set_value(["fish_bleeding"])
    editor.fields["conclusion"].set_value("passed")
    page.submit()
    settle(shell)
    assert editor.fields["conclusion"].message
    assert page.side.currentWidget() is page.pane


def test_the_twelve_month_history_is_never_assumed(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    editor.documents.tick_all()
    editor.fields["conclusion"].set_value("passed")
    page.submit()
    settle(shell)
    assert editor.fields["history_clean"].message


def test_signs_propose_the_diseases_they_point_to(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    assert not editor._suspects.isVisible()
    editor.findings.set_value(["fish_gut"])
    editor.findings.edited.emit()
    assert editor._suspects.isVisible()
    assert editor.suspected.value() == ["GCHD"]


def test_a_reading_that_cannot_be_true_is_said_below_it(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    name = next(name for name in editor.fields if name.startswith("water."))
    editor.fields[name].set_value("999")
    page.submit()
    settle(shell)
    assert editor.fields[name].message


def test_a_failed_batch_leads_to_a_treatment_notice(shell: Shell) -> None:
    page = start_inspection(shell)
    editor = page.pane.editor
    editor.documents.tick_all()
    editor.fields["history_clean"].set_value("clean")
    editor.findings.set_value(["fish_bleeding"])
    conclude(editor, "failed")
    page.submit()
    settle(shell)
    assert page.side.currentWidget() is page.batch
    assert page.batch.notice_button.isVisible()
    assert not page.batch.issue_button.isVisible()
    page.submit()
    settle(shell)
    assert page.side.currentWidget() is page.notice
    page.submit()
    settle(shell)
    assert page.side.currentWidget() is page.notice, "a notice needs its legal basis"
    page.notice.form.fill({"failures": ["clinical_signs"], "basis": ["proc2023_fish"]})
    page.notice.method.set_value("isolation")
    page.notice.live.look()
    settle(shell)
    page.submit()
    settle(shell)
    assert len(rows(shell, "notices")) == 1
    assert shell.workplace is not None
    assert shell.workplace.page.place is Place.PRINTS


def test_a_batch_waiting_for_its_result_says_so_and_takes_it(shell: Shell) -> None:
    inspection = next(row for row in rows(shell, "inspections") if row["batch"] == "2026-11-07")
    page = at(shell, Place.INSPECTION, inspection["ref"])
    wait_for(lambda: page.side.currentWidget() is page.batch)
    assert page.batch.issue_button.reason
    assert page.batch.banner.isVisible()
    sample = page.batch.detail.samples[0]
    assert sample.next_step == "receive"
    page.batch.result_wanted.emit(sample)
    settle(shell)
    page.submit()
    settle(shell)
    assert page.side.currentWidget() is page.result
    assert page.result.form.fields["report_no"].message
    page.result.form.fill({"report_no": "JC-2026-117", "laboratory": 1})
    for answers in page.result.outcomes.values():
        answers.set_value("negative")
    page.submit()
    settle(shell)
    assert page.side.currentWidget() is page.batch
    assert rows(shell, "results", inspection=inspection["ref"])
    assert not page.batch.issue_button.reason


def test_a_sample_without_animals_is_refused(shell: Shell) -> None:
    inspection = next(row for row in rows(shell, "inspections") if row["batch"] == "2026-11-01")
    page = at(shell, Place.INSPECTION, inspection["ref"])
    wait_for(lambda: page.side.currentWidget() is page.batch)
    before = len(rows(shell, "samples"))
    page.batch.sample_button.click()
    settle(shell)
    page.sample.form.fill({"individuals": "0", "diseases": ["GCHD"]})
    page.submit()
    settle(shell)
    assert page.sample.form.fields["individuals"].message
    assert len(rows(shell, "samples")) == before
