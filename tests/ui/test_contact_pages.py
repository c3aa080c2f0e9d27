"""Contact with the province, and the close of the day."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from inspector_app.domain.verdicts import Judgement, VerdictSheet
from inspector_app.errors import StationError
from inspector_app.journal.entries.stores import StorageChecked
from inspector_app.journal.feed import Acknowledged
from inspector_app.ports import SyncReport
from inspector_app.services.attaching import attach
from inspector_app.services.day_deeds import Ended, Endings
from sync import diagnosis
from tests.ui.at_work import around, at, certify, device_of, issue_one, open_review, printed, rows, said
from tests.ui.conftest import settle, wait_for
from tests.ui.station import Station, Surroundings
from ui import explain
from ui.application import Shell
from ui.pages.day_close import ended_facts
from ui.places import Place
from ui.tokens import Tone

__all__ = ["around"]  # the printers of the test, found by their name


def report(**changes: Any) -> SyncReport:
    made = {"pushed": 23, "pulled": 2, "requests": 2, "bytes_up": 9000, "bytes_down": 800, "waiting": 0, "frozen": ""}
    return msgspec.convert(made | changes, SyncReport)


def test_no_contact_says_first_what_is_safe_and_offers_to_try_again(shell: Shell) -> None:
    page = at(shell, Place.SYNC)
    page.start()
    settle(shell)
    assert page.result.isVisible()
    assert page.result.tone is Tone.WARN
    assert page.result.body
    assert not page.sync_button.reason


@pytest.mark.parametrize(("answer", "tone"), [(report(), Tone.GOOD), (report(waiting=3), Tone.WARN)])
def test_the_result_of_a_round_is_told_honestly(
    shell: Shell, around: Surroundings, answer: SyncReport, tone: Tone
) -> None:
    around.sync_with = lambda _device, _progress, _cancelled: answer
    page = at(shell, Place.SYNC)
    page.start()
    settle(shell)
    assert page.result.tone is tone


@pytest.mark.parametrize(
    ("answer", "tone", "said"),
    [
        (report(attachments_sent=3), Tone.GOOD, "已传 3 份"),
        (
            report(attachments_sent=1, attachments_left=2, attachment_bytes_left=3_000_000, attachments_ended="x"),
            Tone.INFO,
            "待传 2 份，2.9 MB",
        ),
        (report(waiting=4, attachments_left=2, attachment_bytes_left=5_000), Tone.WARN, "待传 2 份，5 KB"),
    ],
)
def test_photographs_that_wait_are_told_and_worry_nobody(
    shell: Shell, around: Surroundings, answer: SyncReport, tone: Tone, said: str
) -> None:
    around.sync_with = lambda _device, _progress, _cancelled: answer
    page = at(shell, Place.SYNC)
    page.start()
    settle(shell)
    assert page.result.tone is tone
    assert said in page.result.body


def test_the_page_counts_the_photographs_that_wait(shell: Shell) -> None:
    page = at(shell, Place.SYNC)
    assert "没有待传的" in facts_of(page)
    assert shell.desk is not None
    device = shell.desk.device
    name = attach(device, b"%PDF-1.7 " + bytes(3_000))
    fact = StorageChecked(store="main", findings=[], attachments=[name])
    device.record(lambda act: act.add(fact, sign=device.sign))
    page.refresh()
    settle(shell)
    assert "待传 1 份，3 KB" in facts_of(page)


def facts_of(page: Any) -> list[str]:
    return [label.text() for label in page.facts.findChildren(QLabel)]


@contextmanager
def under_way(shell: Shell, around: Surroundings, done: int, total: int, size: int) -> Iterator[Any]:
    """The page while a contact is at this place; it goes on afterwards, whatever a test found."""
    going_on = threading.Event()

    def slow(_device: Any, progress: Callable[..., None], _cancelled: Any) -> SyncReport:
        while not going_on.wait(0.02):  # the first word may come before the page listens
            progress(done, total, size)
        return report()

    around.sync_with = slow
    page = at(shell, Place.SYNC)
    page.start()
    try:
        wait_for(lambda: page.waiting.bar.maximum() == total)
        yield page
    finally:
        going_on.set()
        settle(shell)


def test_how_far_the_photographs_are_stands_beside_the_bar(shell: Shell, around: Surroundings) -> None:
    with under_way(shell, around, 1, 4, 2_500_000) as page:
        assert page.waiting._word.text() == "1/4，2.4 MB"


@pytest.mark.parametrize("reason", ["fork", "fenced", "rolled_back", "history_differs", "witness_higher"])
def test_a_computer_that_has_to_stop_says_why_what_is_safe_and_how_to_go_on(
    shell: Shell, around: Surroundings, reason: str
) -> None:
    def stopped(device: Any, _progress: Any, _cancelled: Any) -> SyncReport:
        device.frozen = reason
        return report(frozen=reason)

    around.sync_with = stopped
    page = at(shell, Place.SYNC)
    assert page.stopped.isHidden()
    page.start()
    settle(shell)
    assert page.stopped.isVisible()
    assert page.stopped.tone is Tone.BAD
    assert explain.word("frozen", reason) in page.stopped.headline
    assert len(page.stopped.body.splitlines()) == 2
    assert page.result.isHidden()
    page.take_command()
    taken = QGuiApplication.clipboard().text()
    device = shell.desk.device
    assert f'--after "{device.store.database.path.parent}"' in taken
    assert taken.endswith("--code ")


def test_a_round_can_be_stopped(shell: Shell, around: Surroundings) -> None:
    def slow(_device: Any, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> SyncReport:
        for done in range(10_000):
            progress(done, 10_000)
            if cancelled():
                raise StationError("sync_cancelled")
            threading.Event().wait(0.002)
        return report()

    around.sync_with = slow
    assert shell.workplace is not None
    shell.workplace.go(Place.SYNC)
    page = shell.workplace.page
    page.start()
    wait_for(lambda: page.waiting.bar.maximum() == 10_000)
    page.waiting.cancel_wanted.emit()
    settle(shell)
    assert page.result.headline == "已停止"


def test_one_round_at_a_time(shell: Shell, around: Surroundings) -> None:
    rounds: list[int] = []
    around.sync_with = lambda *_: (rounds.append(1), report())[1]
    page = at(shell, Place.SYNC)
    page.start()
    page.start()
    settle(shell)
    assert rounds == [1]


def test_closing_the_day_keeps_a_sheet_and_says_who(shell: Shell, qtbot: QtBot) -> None:
    page = printed(shell)
    qtbot.keyClick(page.pane.answering.answers[0], Qt.Key.Key_Return)
    settle(shell)
    page = at(shell, Place.DAY_CLOSE)
    page.submit()
    settle(shell)
    (row,) = rows(shell, "days")
    assert row["equations_hold"] == 1
    assert "陆清河" in page.closed.text()
    assert page.save_button.isVisible()
    assert not page.close_button.isVisible()


def test_a_day_to_which_something_was_added_is_closed_once_more(shell: Shell) -> None:
    page = at(shell, Place.DAY_CLOSE)
    page.submit()
    settle(shell)
    issue_one(shell)
    page = at(shell, Place.DAY_CLOSE)
    assert "请再次日结" in page.closed.text()
    assert page.close_button.isVisible()
    page.submit()
    settle(shell)
    assert "请再次日结" not in page.closed.text()
    assert not page.close_button.isVisible()


@pytest.mark.parametrize(
    ("endings", "shown"),
    [
        (([], []), []),
        (([], [("B 1", "voided", "here", "there")]), ["他机作废换证"]),
        (([("B 2", "voided", "there", "here"), ("B 3", "voided", "here", "here")], []), ["代他机作废换证"]),
    ],
)
def test_what_another_computer_ended_is_named_only_where_there_is_something(
    shell: Shell, endings: tuple[list[tuple[str, ...]], list[tuple[str, ...]]], shown: list[str]
) -> None:
    page = at(shell, Place.DAY_CLOSE)
    here, elsewhere = ([Ended(*one) for one in ended] for ended in endings)
    sheet = msgspec.structs.replace(page._day.sheet, endings=Endings(here, elsewhere))
    named = ended_facts(sheet)
    assert [name for name, _numbers in named] == shown
    assert "B 3" not in str(named)


def test_a_day_with_an_unanswered_print_says_so_and_can_be_closed(shell: Shell) -> None:
    number = printed(shell).pane.detail.line.number
    page = at(shell, Place.DAY_CLOSE)
    assert "没有回答" in page.closed.text()
    assert page._day.sheet.open_prints == [number]
    page.submit()
    settle(shell)
    assert len(rows(shell, "days")) == 1


# --- the line and the schedule --------------------------------------------------------------------------------------


def refuse(code: str, **details: Any) -> Callable[..., Any]:
    def end(*_: Any) -> Any:
        raise StationError(code, **details)

    return end


def test_a_failed_round_names_the_step_without_a_second_look(shell: Shell, around: Surroundings) -> None:
    around.sync_with = refuse("network.captive_portal", status=200)
    page = at(shell, Place.SYNC)
    page.start()
    settle(shell)
    lines = dict(page.line.shown)
    assert lines["这里不通"] == "连到省平台"
    assert lines["正常"] == "网络连接、查找地址"
    assert "时间" in lines["还没看"]


def test_a_good_round_says_that_the_whole_line_works(shell: Shell, around: Surroundings) -> None:
    around.sync_with = lambda *_: report()
    page = at(shell, Place.SYNC)
    page.start()
    settle(shell)
    assert list(dict(page.line.shown)) == ["正常"]


def test_no_network_at_all_is_said_in_grey(shell: Shell, around: Surroundings) -> None:
    around.sync_with = refuse("network.no_link")
    page = at(shell, Place.SYNC)
    page.start()
    settle(shell)
    assert page.result.tone is Tone.OFF


def test_a_clock_that_differs_is_said_after_a_good_round_and_in_the_strip(shell: Shell, around: Surroundings) -> None:
    around.sync_with = lambda *_: report(clock_offset_ms=3_600_000)
    page = at(shell, Place.SYNC)
    page.start()
    settle(shell)
    assert "相差 1 小时" in page.result.headline
    assert shell.workplace is not None
    assert shell.workplace._standing is not None
    assert shell.workplace._standing.clock_doubted


def test_the_line_is_looked_at_away_from_the_screen_and_told(shell: Shell, around: Surroundings) -> None:
    threads: list[str] = []

    def look(tell: Any, _cancelled: Any) -> diagnosis.Diagnosis:
        threads.append(threading.current_thread().name)
        tell(diagnosis.Step.DNS)
        return diagnosis.of_failure("network.name_unknown", {"host": "province.example"})

    around.diagnose_with = look
    page = at(shell, Place.SYNC)
    page.find_button.act_wanted.emit()
    settle(shell)
    assert threads != [threading.main_thread().name]
    assert "province.example" in page.result.headline
    assert dict(page.line.shown)["这里不通"] == "查找地址"
    assert not page.find_button.reason


def test_a_diagnosis_that_finds_nothing_says_so(shell: Shell, around: Surroundings) -> None:
    around.diagnose_with = lambda _tell, _cancelled: diagnosis.of_last("", {})
    page = at(shell, Place.SYNC)
    page.find_button.act_wanted.emit()
    settle(shell)
    assert page.result.tone is Tone.GOOD


def test_a_diagnosis_can_be_stopped(shell: Shell, around: Surroundings) -> None:
    def slow(_tell: Any, cancelled: Callable[[], bool]) -> Any:
        while not cancelled():
            threading.Event().wait(0.002)
        raise StationError("sync_cancelled")

    around.diagnose_with = slow
    page = at(shell, Place.SYNC)
    page.find_button.act_wanted.emit()
    page.waiting.cancel_wanted.emit()
    settle(shell)
    assert page.result.headline == "已停止"


@pytest.mark.parametrize(("due_in_ms", "wanted", "rounds"), [(0, True, 1), (60_000, True, 0), (0, False, 0)])
def test_the_schedule_contacts_when_due_and_only_if_it_may(
    shell: Shell, around: Surroundings, due_in_ms: int, wanted: bool, rounds: int
) -> None:
    made: list[int] = []
    around.sync_with = lambda *_: (made.append(1), report())[1]
    around.due_in_ms = due_in_ms
    assert shell.desk is not None
    shell.desk.preferences.automatic_contact = wanted
    shell.desk.contacts.look()
    settle(shell)
    assert len(made) == rounds


def test_what_the_schedule_tried_in_vain_interrupts_nobody(shell: Shell, around: Surroundings) -> None:
    around.sync_with = refuse("network.unreachable")
    around.due_in_ms = 0
    page = at(shell, Place.TODAY)
    assert shell.desk is not None
    shell.desk.contacts.look()
    settle(shell)
    assert shell.workplace is not None
    assert shell.workplace.page is page
    assert not page.banner.isVisible()
    sync_page = at(shell, Place.SYNC)
    shell.desk.contacts.look()
    settle(shell)
    assert sync_page.result.tone is Tone.OFF


def test_a_round_under_way_is_followed_by_a_page_opened_later(shell: Shell, around: Surroundings) -> None:
    going = threading.Event()

    def slow(*_: Any) -> SyncReport:
        going.wait(10)
        return report()

    around.sync_with = slow
    assert shell.desk is not None
    assert shell.workplace is not None
    shell.desk.contacts.start(by_hand=False)
    shell.workplace.go(Place.SYNC)
    page = shell.workplace.page
    assert page.sync_button.reason
    going.set()
    settle(shell)
    assert not page.sync_button.reason
    assert page.result.tone is Tone.GOOD


def test_progress_is_told_in_items_and_bytes(shell: Shell, around: Surroundings) -> None:
    with under_way(shell, around, 3, 20, 5_000) as page:
        assert page.waiting._word.text() == "3/20，5 KB"


# --- what needs somebody --------------------------------------------------------------------------------------------


def remarked(shell: Shell, station: Station, code: Judgement, *, posts: tuple[str, ...] = ("vet",)) -> str:
    """A paper of this computer on which the province has a remark; its number."""
    number, device = certify(shell, station), device_of(shell)
    (row,) = rows(shell, "certificates", number=number)
    seq = int(str(row["ref"]).rpartition("/")[2])
    at_ms = station.clock.at
    device.store.note_acknowledged(Acknowledged("1-aa", seq, device.store.hash_at(seq), b"", 0, at_ms))
    said = VerdictSheet(device.id, seq, followed=False, holds=False, code=code, given_at=at_ms, due_on="2026-11-25")
    station.office.publish(device, station.office.grant(device.person(), *posts, kinds=("A", "B")), said)
    assert shell.desk is not None
    shell.desk.recorded.emit()
    return number


def test_what_needs_somebody_is_listed_with_case_owner_and_day(shell: Shell, station: Station) -> None:
    remarked(shell, station, Judgement.GRANT_EXPIRED)
    page = at(shell, Place.SYNC)
    (line,) = page.remarks.model.items
    assert (line.case, line.owner, line.due_on) == ("上级裁定", "监督员", "2026-11-25")
    assert [shown for shown, _tone in page.chips][1] == "1 件需要处理"
    assert shell.workplace is not None
    assert shell.workplace._standing is not None
    assert shell.workplace._standing.attention == 1


def test_today_names_it_and_goes_there(shell: Shell, station: Station) -> None:
    remarked(shell, station, Judgement.GRANT_EXPIRED)
    page = at(shell, Place.TODAY)
    (task,) = [one for one in page.tasks.model.items if one.place is Place.SYNC]
    assert "授权已到期" in task.title
    assert "监督员" in task.detail
    page._on_opened(task)
    settle(shell)
    assert shell.workplace is not None
    assert shell.workplace.page.remarks.table.current.remark.ref == task.subject


def test_a_paper_to_be_replaced_opens_the_paper(shell: Shell, station: Station) -> None:
    remarked(shell, station, Judgement.KIND_WRONG)
    page = at(shell, Place.SYNC)
    page._on_opened(page.remarks.model.items[0])
    settle(shell)
    assert shell.workplace is not None
    assert shell.workplace.page.place is Place.CERTIFICATES


def test_who_may_not_settle_is_told_who_does(shell: Shell, station: Station) -> None:
    remarked(shell, station, Judgement.GRANT_EXPIRED)
    page = at(shell, Place.SYNC)
    assert not page.settle_button.isVisible()
    page._on_opened(page.remarks.model.items[0])
    assert "由监督员办" in page.result.body


def test_the_head_settles_it_with_words(shell: Shell, station: Station, app: QApplication) -> None:
    remarked(shell, station, Judgement.GRANT_EXPIRED, posts=("vet", "head"))
    page = at(shell, Place.SYNC)
    page.remarks.table.mark(0)
    page.settle_button.act_wanted.emit()
    settle(shell)
    review = open_review(app)
    review.act_wanted.emit()
    settle(shell)
    assert review.isVisible(), "nothing was answered"
    review.form.fill({"case_cause": "rule_not_kept", "case_conclusion": "explained", "note": "已重新学习规定"})
    review.act_wanted.emit()
    settle(shell)
    (case,) = rows(shell, "custody_cases", kind="late_rejection")
    assert (case["state"], case["conclusion"]) == ("concluded", "explained")
    assert page.remarks.is_empty
    assert said(shell).startswith("已了结")
