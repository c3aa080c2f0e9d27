"""The page of stocktakes: begun, counted by scanner and by ranges, closed with photographs, confirmed, given up; cases."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app.domain.quantities import Quantity
from inspector_app.services import print_jobs
from inspector_app.services.attaching import attach
from inspector_app.services.device import Device
from inspector_app.services.issuing import Issued, issue_certificate
from inspector_app.services.print_jobs import Attempt
from tests.office import CLERK, HEAD, PASSPHRASE, VET
from tests.printers.fake import FakePrinter
from tests.ui.conftest import settle, wait_for
from tests.ui.station import WAN, Station
from tests.ui.test_pages import at, open_review, rows, said
from ui import texts
from ui.application import Shell
from ui.pages.confirmations import ConfirmationsPage
from ui.pages.stocktake import StocktakePage
from ui.places import Place
from ui.tokens import Tone
from ui.widgets.review import Review

FIRST, LAST = "9900000001", "9900000400"
PHOTO = b"\xff\xd8\xff\xe0 a sheet"


def page_of(shell: Shell, subject: str = "") -> StocktakePage:
    page = at(shell, Place.STOCKTAKE, subject)
    assert isinstance(page, StocktakePage)
    return page


def device_of(shell: Shell) -> Device:
    assert shell.desk is not None
    return shell.desk.device


def begun(shell: Shell, *kinds: str) -> StocktakePage:
    """A stocktake under way; of B numbers unless said otherwise."""
    page = page_of(shell)
    page.begin_pane.form.fields["kind"].set_value(list(kinds or ("B",)))
    page.submit()
    settle(shell)
    assert page.stand is not None
    assert page.stand.open is not None
    return page


def scan(page: StocktakePage, qtbot: QtBot, *typed: str) -> None:
    """The scanner types a reading and ends it with Enter."""
    line = page.count_pane.scans.line
    for one in typed:
        line.setText(one)
        qtbot.keyClick(line, Qt.Key.Key_Return)


def count_typed(shell: Shell, page: StocktakePage, numbers: str, *, pages: str = "") -> None:
    form = page.count_pane.form
    form.fields["means"].set_value("typed")
    form.fields["means"].editor.edited.emit()
    form.fields["numbers"].set_value(numbers)
    form.fields["pages"].set_value(pages)
    page.submit()
    settle(shell)


def fields(review: Review) -> dict[str, Any]:
    return {field.name: field for field in review._fields}


def states(page: StocktakePage) -> list[tuple[str, str, int, str]]:
    return [(line.shelf, line.first[-3:], line.counted, line.state) for line in page.lines.model.items]


def photos(review: Review, shell: Shell) -> None:
    """Two photographs are put into the review."""
    kept = [[attach(device_of(shell), PHOTO + bytes([one])), f"{one}.jpg"] for one in range(2)]
    fields(review)["attachments"].editor.restore(kept)


def certify(shell: Shell, station: Station) -> str:
    """A certificate in force; its number."""
    station.device = device_of(shell)
    ref = station.declare("界首鱼种场", "草鱼", "summer_fingerling", Quantity(5, 0, WAN))
    batch = station.inspect(station.accept(ref), batch="second")
    outcome = issue_certificate(device_of(shell), station.draft(batch, "B", Quantity(5, 0, WAN)))
    assert isinstance(outcome, Issued)
    return outcome.number


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
    ("typed", "told"), [("", "请写起止号"), ("not a range", "编号范围"), ("9900000391-9900000405", "号段")]
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


# --- closing ----------------------------------------------------------------------------------------------------------


def counted(shell: Shell, numbers: str = f"{FIRST}-{LAST}") -> StocktakePage:
    page = begun(shell)
    count_typed(shell, page, numbers)
    return page


def test_what_is_not_counted_keeps_it_open(shell: Shell) -> None:
    page = begun(shell)
    page.close_button.click()
    assert page.banner.headline == "还有 1 段没有清点"
    assert page.closing is None


def test_who_counts_alone_is_asked_for_photographs_below_the_question(app: QApplication, shell: Shell) -> None:
    page = counted(shell)
    page.close_button.click()
    review = open_review(app)
    review.button.click()
    settle(shell)
    assert fields(review)["attachments"].message
    assert rows(shell, "stocktakes")[0]["state"] == "open"
    review.reject()


def test_a_reason_stands_where_there_is_no_photograph(app: QApplication, shell: Shell) -> None:
    page = counted(shell)
    page.close_button.click()
    review = open_review(app)
    fields(review)["no_picture"].set_value("camera_broken")
    review.button.click()
    settle(shell)
    assert rows(shell, "stocktakes")[0]["state"] == "closed"
    open_review(app).reject()


def test_differences_are_seen_before_the_close_and_become_cases(app: QApplication, shell: Shell) -> None:
    page = counted(shell, "9900000001-390")
    page.close_button.click()
    review = open_review(app)
    assert dict(review.facts.shown)["差异"] == "少：未用编号 B 9900000391–9900000400，账 10，物 0"
    photos(review, shell)
    review.button.click()
    settle(shell)
    assert said(shell) == "盘点已结束，差异 1 处"
    open_review(app).reject()
    settle(shell)
    assert [line.state for line in page.past.model.items] == ["待复核"]
    (case,) = rows(shell, "custody_cases")
    assert (case["kind"], case["first"]) == ("book_differs", "9900000391")
    page = page_of(shell, "cases")
    assert [line.about for line in page.cases.list.model.items] == ["B 9900000391–9900000400"]


def test_a_stocktake_is_abandoned_with_a_reason_only(app: QApplication, shell: Shell) -> None:
    page = begun(shell)
    page.abandon_button.click()
    review = open_review(app)
    review.button.click()
    settle(shell)
    assert fields(review)["reason"].message
    fields(review)["reason"].set_value("wrong_scope")
    review.button.click()
    settle(shell)
    assert rows(shell, "stocktakes")[0]["state"] == "abandoned"
    assert page.right.currentWidget() is page.begin_pane
    assert [line.state for line in page.past.model.items] == ["已放弃"]


# --- the second person ------------------------------------------------------------------------------------------------


def join(station: Station, shell: Shell, *people: int) -> None:
    """Colleagues make their slots at this computer."""
    device = shell.home.unlock(VET, PASSPHRASE)
    assert isinstance(device, Device)
    for person in people:
        station.office.let_join(device, shell.home.paths.folder, station.parts, person)
    shell.home.lock()


@pytest.fixture
def crew(station: Station, locked_shell: Shell) -> Shell:
    """The vet signed in, at a computer where head and clerk have a passphrase too."""
    join(station, locked_shell, HEAD, CLERK)
    locked_shell.unlock(VET, PASSPHRASE)
    wait_for(lambda: locked_shell.workplace is not None, "signed in")
    settle(locked_shell)
    return locked_shell


def closed(app: QApplication, shell: Shell) -> Review:
    """A stocktake closed alone; the review that calls the second person."""
    page = counted(shell)
    page.close_button.click()
    review = open_review(app)
    photos(review, shell)
    review.button.click()
    settle(shell)
    return open_review(app)


def sign_in(shell: Shell, person: int) -> None:
    shell.lock()
    settle(shell)
    shell.unlock(person, PASSPHRASE)
    wait_for(lambda: shell.workplace is not None, "signed in")
    settle(shell)


def test_the_second_person_confirms_at_this_desk_and_the_first_stays_signed_in(app: QApplication, crew: Shell) -> None:
    review = closed(app, crew)
    asked = fields(review)
    assert [asked["second"].editor.itemText(at) for at in range(asked["second"].editor.count())] == ["周望山"]
    asked["passphrase"].set_value(PASSPHRASE)
    review.button.click()
    assert review.button.reason == "正在核对口令"
    settle(crew)
    assert not review.isVisible()
    (act,) = rows(crew, "acts")
    assert (act["by"], act["confirmed_by"], act["form"]) == (VET, HEAD, "together")
    assert device_of(crew).person() == VET
    assert [line.state for line in page_of(crew).past.model.items] == ["已复核"]


@pytest.mark.parametrize("passphrase", ["", "wrong"])
def test_a_wrong_passphrase_is_told_below_it_and_nothing_is_confirmed(
    app: QApplication, crew: Shell, passphrase: str
) -> None:
    review = closed(app, crew)
    asked = fields(review)
    asked["passphrase"].set_value(passphrase)
    review.button.click()
    settle(crew)
    assert asked["passphrase"].message
    assert asked["passphrase"].value() == ""
    assert rows(crew, "acts")[0]["confirmed_by"] is None
    assert review.isVisible()
    review.reject()


def test_where_nobody_else_has_a_passphrase_it_waits(app: QApplication, shell: Shell) -> None:
    review = closed(app, shell)
    asked = fields(review)
    assert asked["second"].message.startswith("本机没有能复核")
    review.button.click()
    settle(shell)
    assert rows(shell, "acts")[0]["confirmed_by"] is None
    review.reject()
    page: Any = at(shell, Place.CONFIRMATIONS)
    assert [act.state for act in page.list.model.items] == [("您办理的", Tone.INFO)]


def test_the_head_finds_it_waiting_and_confirms_apart(app: QApplication, crew: Shell) -> None:
    closed(app, crew).reject()
    sign_in(crew, HEAD)
    assert crew.workplace is not None
    assert crew.workplace.navigation.buttons[Place.CONFIRMATIONS].count == 1
    tasks: Any = at(crew, Place.TODAY)
    title = "复核：盘点结束 B 证"
    assert title in [task.title for task in tasks.tasks.model.items]
    page = at(crew, Place.CONFIRMATIONS)
    assert isinstance(page, ConfirmationsPage)
    assert dict(page.pane.facts.shown)["差异"] == "账物相符"
    page.submit()
    settle(crew)
    review = open_review(app)
    assert fields(review)["confirm_form"].value() == "apart"
    assert not fields(review)["passphrase"].isVisible()
    review.button.click()
    settle(crew)
    assert page.list.is_empty
    (act,) = rows(crew, "acts")
    assert (act["confirmed_by"], act["form"]) == (HEAD, "apart")
    assert crew.workplace.navigation.buttons[Place.CONFIRMATIONS].count == 0


def test_on_paper_the_signed_form_is_photographed(app: QApplication, crew: Shell) -> None:
    closed(app, crew).reject()
    sign_in(crew, HEAD)
    page: Any = at(crew, Place.CONFIRMATIONS)
    page.submit()
    settle(crew)
    review = open_review(app)
    asked = fields(review)
    asked["confirm_form"].set_value("on_paper")
    asked["confirm_form"].editor.edited.emit()
    review.button.click()
    settle(crew)
    assert asked["attachments"].message
    assert rows(crew, "acts")[0]["confirmed_by"] is None
    asked["attachments"].editor.restore([[attach(device_of(crew), PHOTO), "form.jpg"]])
    review.button.click()
    settle(crew)
    assert rows(crew, "acts")[0]["form"] == "on_paper"


def test_the_clerk_sees_it_wait_for_others(app: QApplication, crew: Shell) -> None:
    closed(app, crew).reject()
    sign_in(crew, CLERK)
    page: Any = at(crew, Place.CONFIRMATIONS)
    assert [act.state for act in page.list.model.items] == [("由他人复核", Tone.OFF)]
    page.submit()
    settle(crew)
    review = open_review(app)
    assert [button.accessibleName() for button in fields(review)["confirm_form"].editor.buttons] == [
        "第二个人在场，在此输入口令"
    ]
    review.reject()
    tasks: Any = at(crew, Place.TODAY)
    assert not [task for task in tasks.tasks.model.items if task.place is Place.CONFIRMATIONS]


# --- cases ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def case(app: QApplication, crew: Shell) -> Shell:
    """The head signed in, with a case of a difference."""
    page = counted(crew, "9900000001-390")
    page.close_button.click()
    review = open_review(app)
    photos(review, crew)
    review.button.click()
    settle(crew)
    open_review(app).reject()
    sign_in(crew, HEAD)
    return crew


def test_the_head_concludes_a_case_with_cause_and_conclusion(app: QApplication, case: Shell) -> None:
    tasks: Any = at(case, Place.TODAY)
    task = next(task for task in tasks.tasks.model.items if task.title == "查明案件：账物不符")
    page = page_of(case, task.subject)
    assert page.stack.currentIndex() == 1
    page.cases.conclude_button.click()
    review = open_review(app)
    asked = fields(review)
    asked["case_cause"].set_value("misfiled")
    review.button.click()
    settle(case)
    assert asked["case_conclusion"].message
    asked["case_conclusion"].set_value("found_again")
    review.button.click()
    settle(case)
    assert "盘点" in asked["case_conclusion"].message, "no later count says so"
    asked["case_conclusion"].set_value("put_right")
    review.button.click()
    settle(case)
    assert rows(case, "custody_cases")[0]["state"] == "concluded"
    assert [line.state for line in page.cases.list.model.items] == ["已结案"]
    assert not page.cases.conclude_button.isVisible()


def test_a_conclusion_that_needs_words_is_not_taken_without(app: QApplication, case: Shell) -> None:
    page = page_of(case, "cases")
    page.submit()
    review = open_review(app)
    asked = fields(review)
    asked["case_cause"].set_value("misfiled")
    asked["case_conclusion"].set_value("unfounded")
    review.button.click()
    settle(case)
    assert asked["note"].message
    assert rows(case, "custody_cases")[0]["state"] == "open"
    review.reject()


def test_who_may_not_conclude_is_told(app: QApplication, case: Shell) -> None:
    sign_in(case, CLERK)
    page = page_of(case, "cases")
    page.submit()
    review = open_review(app)
    asked = fields(review)
    asked["case_cause"].set_value("misfiled")
    asked["case_conclusion"].set_value("found_again")
    review.button.click()
    settle(case)
    assert review.banner.isVisible()
    assert rows(case, "custody_cases")[0]["state"] == "open"
    review.reject()


def test_a_case_past_its_term_is_red(station: Station, case: Shell) -> None:
    station.clock.forward(days=40)
    page = page_of(case, "cases")
    assert [(line.state, line.tone) for line in page.cases.list.model.items] == [("已逾期", Tone.BAD)]


# --- language ---------------------------------------------------------------------------------------------------------


def test_in_english_everything_is_english(app: QApplication, shell: Shell, qtbot: QtBot) -> None:
    page = begun(shell)
    texts.switch(app, texts.Language.EN)
    settle(shell)
    scan(page, qtbot, "9900000999")
    assert page.count_pane.scans.said.text().startswith("B 9900000999 is not in the book")
    assert page.close_button.reason == "1 range is not counted yet"
    assert page.views.buttons[0].accessibleName() == "Count"
