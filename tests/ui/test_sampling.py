"""Samples, reports and notices beside the inspection list: what was typed is there again, wherever one comes from."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from inspector_app.services import drafts
from tests.photographs import photograph
from tests.ui.at_work import at, rows, start_inspection
from tests.ui.conftest import settle, wait_for
from ui.application import Shell
from ui.places import Place
from ui.widgets.button import Button

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
    laboratory = page.send.form.fields["laboratory"].editor
    laboratory.set_value(2)
    laboratory.edited.emit()
    page.send.later_button.click()
    settle(shell)
    page.batch.send_wanted.emit(second)
    settle(shell)
    assert page.send.form.value("laboratory") is None
    page.send.later_button.click()
    settle(shell)
    page.batch.send_wanted.emit(first)
    settle(shell)
    assert page.send.form.value("laboratory") == 2


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


# --- photographs ------------------------------------------------------------------------------------------------------

JPEG = photograph()


def attached(shell: Shell, pane: Any, path: Path) -> Any:
    editor = pane.form.fields["attachments"].editor
    editor.drop.take_file(path)
    settle(shell)
    return editor


def entry_of(shell: Shell, ref: str) -> Any:
    assert shell.desk is not None
    entry = shell.desk.device.store.entry(ref)
    assert entry is not None
    return entry.fact


def test_a_photograph_of_the_report_goes_on_record_with_it(shell: Shell, tmp_path: Path) -> None:
    page = report(shell)
    (tmp_path / "report.jpg").write_bytes(JPEG)
    editor = attached(shell, page.result, tmp_path / "report.jpg")
    (name,) = editor.value()
    page.result.form.fill({"laboratory": "1"})
    for answers in page.result.outcomes.values():
        answers.set_value("negative")
    page.submit()
    settle(shell)
    (row,) = rows(shell, "results")
    assert entry_of(shell, row["ref"]).attachments == [name]
    assert shell.desk is not None
    assert shell.desk.device.files.has(name)


def test_a_photograph_is_part_of_the_draft_and_can_be_taken_away(shell: Shell, tmp_path: Path) -> None:
    page = report(shell)
    (tmp_path / "report.jpg").write_bytes(JPEG)
    attached(shell, page.result, tmp_path / "report.jpg")
    page.result.later_button.click()
    settle(shell)
    page.batch.result_wanted.emit(page.batch.detail.samples[0])
    settle(shell)
    editor = page.result.form.fields["attachments"].editor
    ((_name, called),) = editor.draft()
    assert called == "report.jpg"
    away = next(one for one in editor.findChildren(Button) if "report.jpg" in one.accessibleName())
    away.click()
    assert editor.value() == []


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"GIF89a", "附件只收照片"), (None, "读不出来"), (b"\xff\xd8\xff" + bytes(21 << 20), "20 MB")],
)
def test_what_is_no_picturegraph_is_said_beside_it_and_not_kept(
    shell: Shell, tmp_path: Path, content: bytes | None, said: str
) -> None:
    page = report(shell)
    if content is not None:
        (tmp_path / "thing").write_bytes(content)
    editor = attached(shell, page.result, tmp_path / "thing")
    assert editor.value() == []
    assert said in editor.problem.text()


@pytest.mark.parametrize("pane", ["sample", "pane"])
def test_samples_and_inspections_take_photographs_too(shell: Shell, tmp_path: Path, pane: str) -> None:
    page = start_inspection(shell) if pane == "pane" else batch_page(shell, READY)
    if pane == "sample":
        page.batch.sample_button.click()
        settle(shell)
    (tmp_path / "pond.jpg").write_bytes(JPEG)
    (name,) = attached(shell, getattr(page, pane), tmp_path / "pond.jpg").value()
    form = getattr(page, pane).form
    assert form.values()["attachments"] == [name]


def test_a_file_is_read_away_from_the_screen(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = report(shell)
    (tmp_path / "report.jpg").write_bytes(JPEG)
    threads: list[int] = []
    read = Path.read_bytes

    def watched(path: Path) -> bytes:
        threads.append(threading.get_ident())
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", watched)
    attached(shell, page.result, tmp_path / "report.jpg")
    assert threads
    assert threading.get_ident() not in threads
