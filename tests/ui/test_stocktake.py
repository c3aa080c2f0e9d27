"""A stocktake on the screen: begun and counted by typing and scanning."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app.services import print_jobs
from inspector_app.services.print_jobs import Attempt
from tests.office import CLERK, PASSPHRASE, VET
from tests.printers.fake import FakePrinter
from tests.ui.at_work import at, certify, device_of, rows, said
from tests.ui.conftest import settle, wait_for
from tests.ui.counting import (
    FIRST,
    LAST,
    begun,
    count_typed,
    join,
    page_of,
)
from tests.ui.station import Station
from ui import texts
from ui.application import Shell
from ui.pages.stocktake import StocktakePage
from ui.places import Place
from ui.tokens import Tone


def scan(page: StocktakePage, qtbot: QtBot, *typed: str) -> None:
    """The scanner types a reading and ends it with Enter."""
    line = page.count_pane.scans.line
    for one in typed:
        line.setText(one)
        qtbot.keyClick(line, Qt.Key.Key_Return)


def states(page: StocktakePage) -> list[tuple[str, str, int, str]]:
    return [(line.shelf, line.first[-3:], line.counted, line.state) for line in page.lines.model.items]


# --- beginning --------------------------------------------------------------------------------------------------------


def test_a_stocktake_is_begun_and_shows_the_book(shell: Shell) -> None:
    page = page_of(shell)
    assert page.past.is_empty
    assert page.chips[0][0].startswith("下次盘点期限")
    page = begun(shell)
    assert states(page) == [("unused", "001", 0, "left")]
    assert page.chips == [("盘点进行中", Tone.INFO)]
    assert rows(shell, "stocktakes")[0]["purpose"] == "periodic"
    assert page.close_button.reason == "还有 1 段没有清点"


def test_no_kind_is_no_stocktake(shell: Shell) -> None:
    page = page_of(shell)
    page.begin_pane.form.fields["kind"].set_value([])
    page.submit()
    settle(shell)
    assert page.begin_pane.form.fields["kind"].message
    assert rows(shell, "stocktakes") == []


def test_a_hand_over_is_offered_only_where_a_store_has_a_keeper(shell: Shell) -> None:
    page = page_of(shell)
    offered = [button.accessibleName() for button in page.begin_pane.purpose.buttons]
    assert offered == ["定期盘点", "监督检查", "有疑点"]
    assert not page.begin_pane.form.fields["store"].isVisible()


def test_whoever_may_not_count_is_told_why(station: Station, locked_shell: Shell) -> None:
    join(station, locked_shell, CLERK)
    locked_shell.unlock(CLERK, PASSPHRASE)
    wait_for(lambda: locked_shell.workplace is not None, "signed in")
    settle(locked_shell)
    page = page_of(locked_shell)
    page.submit()
    settle(locked_shell)
    assert page.begin_pane.banner.isVisible()
    assert rows(locked_shell, "stocktakes") == []


# --- counting ---------------------------------------------------------------------------------------------------------


def test_each_scan_is_judged_at_once_and_all_are_recorded_together(shell: Shell, qtbot: QtBot) -> None:
    page = begun(shell)
    scan(page, qtbot, "9900000001", "b 9900000002", "９９０００００００３")
    pane = page.count_pane
    assert pane.scans.said.text() == "B 9900000003 在账"
    assert pane.scans.value() == ["9900000001", "9900000002", "9900000003"]
    assert "已扫 3 张" in pane.scans.tally.text()
    assert rows(shell, "stock_counts") == []
    page.submit()
    settle(shell)
    (count,) = rows(shell, "stock_counts")
    assert (count["means"], count["shelf"], count["kind"]) == ("scanned", "unused", "B")
    assert states(page) == [("unused", "001", 3, "part")]
    assert pane.scans.value() == []
    assert pane.scans.line.hasFocus()
    assert said(shell) == "已记入：未用编号 B 证"


@pytest.mark.parametrize(
    ("typed", "told", "counts"),
    [
        ("A 9900000001", "不是B 证的编号", False),
        ("https://example.com/x", "不是B 证的编号", False),
        ("99000001", "位数不同", False),
        ("9900000999", "账上没有 B 9900000999", True),
    ],
)
def test_a_wrong_or_foreign_number_is_told_beside_the_field(
    shell: Shell, qtbot: QtBot, typed: str, told: str, counts: bool
) -> None:
    page = begun(shell)
    scan(page, qtbot, typed)
    scans = page.count_pane.scans
    assert told in scans.said.text()
    assert scans.said.property("tone") == (Tone.WARN if counts else Tone.BAD).value
    assert bool(scans.value()) is counts
    assert scans.line.text() == ""


def test_a_number_scanned_twice_counts_once_and_one_recorded_before_not_again(shell: Shell, qtbot: QtBot) -> None:
    page = begun(shell)
    scans = page.count_pane.scans
    scan(page, qtbot, FIRST, FIRST)
    assert scans.value() == [FIRST]
    assert "刚才扫过" in scans.said.text()
    page.submit()
    settle(shell)
    scan(page, qtbot, FIRST)
    assert "前面已经记过" in scans.said.text()
    assert scans.value() == []


def test_the_last_sheet_can_be_taken_back(shell: Shell, qtbot: QtBot) -> None:
    page = begun(shell)
    scan(page, qtbot, FIRST, "9900000002")
    page.count_pane.scans.undo_button.click()
    assert page.count_pane.scans.value() == [FIRST]
    page.count_pane.scans.undo_button.click()
    assert page.count_pane.scans.value() == []
    assert not page.count_pane.scans.undo_button.isVisible()


def test_papers_of_two_pages_are_scanned_page_by_page(shell: Shell, station: Station, qtbot: QtBot) -> None:
    number = certify(shell, station).partition(" ")[2]
    device = device_of(shell)
    attempt = print_jobs.submit(device, f"B {number}", FakePrinter())
    assert isinstance(attempt, Attempt)
    if not rows(shell, "sheets"):
        assert isinstance(print_jobs.answer(device, attempt.ref, "printed"), str)
    page = begun(shell)
    page.count_pane.choose("on_hand", "B")
    scan(page, qtbot, number, number)
    assert page.count_pane.scans.said.text() == f"B {number} 第 2 页"
    scan(page, qtbot, number)
    assert "账上只有 2 页" in page.count_pane.scans.said.text()
    page.count_pane.scans.undo_button.click()
    page.submit()
    settle(shell)
    assert ("on_hand", "001", 1, "counted") in states(page)
    (count,) = rows(shell, "stock_counts")
    assert count["pages"] == 2


def test_what_was_scanned_is_recorded_before_another_kind_is_counted(shell: Shell, qtbot: QtBot) -> None:
    page = begun(shell, "A", "B")
    pane = page.count_pane
    scan(page, qtbot, FIRST)
    pane.kind.set_value("B")
    pane.kind.edited.emit()
    assert pane.kind.value() == "A"
    assert pane.form.fields["scans"].message == "请先记入刚扫的 1 张"
    pane.nothing_button.click()
    settle(shell)
    assert rows(shell, "stock_counts") == []


def test_ranges_are_typed_and_nothing_more_leaves_the_rest_missing(shell: Shell) -> None:
    page = begun(shell)
    count_typed(shell, page, "9900000001-390，9900000395")
    assert states(page) == [("unused", "001", 391, "part")]
    page.count_pane.nothing_button.click()
    settle(shell)
    assert said(shell) == "已登记没有其他：未用编号 B 证"
    assert page.close_button.reason == ""
    assert page.chips[1] == ("差异 2 处", Tone.WARN)


@pytest.mark.parametrize(
    ("typed", "told"), [("", "请写起止号"), ("not a range", "编号范围"), ("9900000391-9900000405", "跨出了这一段")]
)
def test_a_range_that_cannot_stand_is_told_below_it(shell: Shell, typed: str, told: str) -> None:
    page = begun(shell)
    count_typed(shell, page, typed)
    field = page.count_pane.form.fields["numbers"]
    assert told in field.message
    assert field.editor.hasFocus()
    assert rows(shell, "stock_counts") == []


def test_papers_need_their_pages(shell: Shell) -> None:
    page = begun(shell)
    page.count_pane.choose("on_hand", "B")
    count_typed(shell, page, "9900000001")
    assert page.count_pane.form.fields["pages"].message
    assert rows(shell, "stock_counts") == []


def test_a_miscount_is_counted_anew(shell: Shell) -> None:
    page = begun(shell)
    count_typed(shell, page, "9900000001-10")
    count_typed(shell, page, f"{FIRST}-{LAST}")
    assert page.count_pane.form.fields["numbers"].message
    page.count_pane.anew.set_value(["anew"])
    count_typed(shell, page, f"{FIRST}-{LAST}")
    assert states(page) == [("unused", "001", 400, "counted")]
    assert page.count_pane.anew.value() == []


def test_the_block_in_use_is_counted_last(shell: Shell, station: Station) -> None:
    station.office.publish(device_of(shell), *station.office.numbers(device_of(shell).id, "B"))
    page = begun(shell)
    assert [(line.first[-3:], line.state) for line in page.lines.model.items] == [("401", "left"), ("001", "last")]
    count_typed(shell, page, f"{FIRST}-{LAST}")
    assert "最后" in page.count_pane.form.fields["numbers"].message
    count_typed(shell, page, "9900000401-9900000410")
    assert [line.state for line in page.lines.model.items] == ["counted", "left"]


def test_an_interrupted_stocktake_is_found_again_with_what_was_scanned(
    app: QApplication, shell: Shell, station: Station, qtbot: QtBot
) -> None:
    page = begun(shell)
    count_typed(shell, page, "9900000001-10")
    page.count_pane.form.fields["means"].set_value("scanned")
    page.count_pane.form.fields["means"].editor.edited.emit()
    scan(page, qtbot, "9900000011", "9900000012")
    shell.lock()
    settle(shell)
    shell.unlock(VET, PASSPHRASE)
    wait_for(lambda: shell.workplace is not None, "signed in again")
    settle(shell)
    today: Any = at(shell, Place.TODAY)
    assert "接着盘点" in [task.title for task in today.tasks.model.items]
    page = page_of(shell)
    assert states(page) == [("unused", "001", 10, "part")]
    assert page.count_pane.scans.value() == ["9900000011", "9900000012"]
    page.submit()
    settle(shell)
    assert states(page) == [("unused", "001", 12, "part")]


# --- language ---------------------------------------------------------------------------------------------------------


def test_in_english_everything_is_english(app: QApplication, shell: Shell, qtbot: QtBot) -> None:
    page = begun(shell)
    texts.switch(app, texts.Language.EN)
    settle(shell)
    scan(page, qtbot, "9900000999")
    assert page.count_pane.scans.said.text().startswith("B 9900000999 is not in the book")
    assert page.close_button.reason == "1 range is not counted yet"
    assert page.views.buttons[0].accessibleName() == "Count"
