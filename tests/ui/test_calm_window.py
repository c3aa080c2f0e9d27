"""The window never waits on the disk, a review stands out, pages say only what is so, and lock when left alone."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.quantities import Quantity
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.sampling import DiseaseOutcome, ResultForm, receive_result
from inspector_app.services.sign_in import LockedHome
from tests.services.work import done
from tests.ui.at_work import at, issue_one, open_review, rows
from tests.ui.conftest import settle, wait_for
from tests.ui.station import PASSPHRASE, VET, WAN, WUHU, Station, Surroundings
from ui.application import Shell
from ui.pages.unlock import UnlockPage
from ui.places import Place
from ui.widgets.review import Shade


def test_the_lock_page_is_there_before_keyring_and_trust_file_were_read(
    app: QApplication, station: Station, around: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []
    people = LockedHome.people

    def watched(home: LockedHome) -> tuple[int, ...]:
        threads.append(threading.get_ident())
        return people(home)

    monkeypatch.setattr(LockedHome, "people", watched)
    shell = Shell(app, station.open(), around)
    page = shell.window.inside
    assert isinstance(page, UnlockPage)
    page.passphrase.setText("x")
    asked: list[int] = []
    page.unlock_wanted.connect(lambda person, _passphrase: asked.append(person))
    page.unlock_button.click()
    assert asked == []
    page.unlock_wanted.disconnect(shell.unlock)
    settle(shell)
    assert asked == [page.tiles[0].tile.person]
    assert threading.get_ident() not in threads
    shell.window.close()


def test_a_closed_window_is_gone_before_what_still_runs_has_ended(locked_shell: Shell) -> None:
    seen: list[bool] = []
    close = locked_shell.tasks.close

    def watched() -> None:
        seen.append(locked_shell.window.isVisible())
        close()

    locked_shell.tasks.close = watched  # type: ignore[method-assign]
    told: list[bool] = []
    locked_shell.window.closed.connect(lambda: told.append(True))
    locked_shell.window.close()
    assert seen == [False]
    assert told == [True]


def test_a_review_darkens_the_page_behind_it_until_it_is_answered(shell: Shell, app: QApplication) -> None:
    page = at(shell, Place.CERTIFICATES, issue_one(shell))
    wait_for(lambda: page.pane.detail is not None)
    page.pane.void_button.click()
    review = open_review(app)
    (shade,) = shell.window.findChildren(Shade)
    assert shade.isVisible()
    assert shade.size() == shell.window.size()
    review.reject()
    assert not shade.isVisible()


def test_a_station_that_never_synced_is_not_told_that_everything_was_accepted(shell: Shell) -> None:
    page = at(shell, Place.SYNC)
    assert page.remarks.empty._headline.text() == "还没有同步过"


def test_a_real_computer_without_a_licence_does_not_claim_one(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shell.desk is not None
    page = at(shell, Place.ABOUT)
    assert "练习模式" in page._specimen.text()
    monkeypatch.setattr(type(shell.desk.device), "practice", property(lambda _device: False))
    page.refresh()
    settle(shell)
    assert "还没有" in page._specimen.text()


# --- A certificates without contact -----------------------------------------------------------------------------------


def issued_a(shell: Shell, *, online: bool) -> str:
    """A certificate A for the batch that waits for its result."""
    assert shell.desk is not None
    device = shell.desk.device
    device.online = online
    (sample,) = device.rows.many("samples")
    found = [DiseaseOutcome("ISKN", "negative")]
    form = ResultForm(
        sample=str(sample["ref"]), laboratory=1, report_no="JC-1", reported_on=device.today(), outcomes=found
    )
    done(receive_result(device, form))
    draft = IssueDraft(
        inspection=str(sample["inspection"]),
        kind="A",
        quantity=Quantity(10, 0, WAN),
        destination=WUHU,
        destination_place="六郎镇",
        departs_at=device.clock.now().at + 3_600_000,
        plate="苏K5A168",
        carrier="李长路",
        carrier_phone="13900000002",
        transport=1,
        disinfectant=4,
        valid_days=2,
    )
    return done(issue_certificate(device, draft)).number


def facts_of(shell: Shell, number: str) -> Any:
    page = at(shell, Place.CERTIFICATES, number)
    wait_for(lambda: page.pane.detail is not None and page.pane.detail.line.number == number)
    return dict(page.pane.facts.shown)


def test_an_a_issued_offline_is_marked_and_asks_for_a_sync(shell: Shell) -> None:
    number = issued_a(shell, online=False)
    assert facts_of(shell, number)["离线签发"] == "请在启运前同步一次"
    assert shell.desk is not None
    device = shell.desk.device
    head = device.store.head()
    device.store.note_acknowledged(device.store.acknowledged()._replace(seq=head.seq, hash=head.hash))
    shell.desk.recorded.emit()
    settle(shell)
    assert facts_of(shell, number)["离线签发"] == "是，省平台已知道"


def test_an_a_issued_with_contact_bears_no_mark(shell: Shell) -> None:
    assert "离线签发" not in facts_of(shell, issued_a(shell, online=True))


def test_the_issuing_page_says_it_quietly_for_an_a_only(shell: Shell) -> None:
    waiting, ready = (
        next(row for row in rows(shell, "inspections") if row["batch"] == batch)
        for batch in ("2026-11-07", "2026-11-01")
    )
    assert shell.desk is not None
    shell.desk.device.online = False
    pane = at(shell, Place.ISSUE, waiting["ref"]).pane
    assert pane.offline.isVisible()
    pane = at(shell, Place.ISSUE, ready["ref"]).pane
    assert not pane.offline.isVisible()
    shell.desk.device.online = True
    assert not at(shell, Place.ISSUE, waiting["ref"]).pane.offline.isVisible()


# --- left alone -------------------------------------------------------------------------------------------------------


def is_locked(shell: Shell) -> bool:
    return shell.workplace is None


def test_a_desk_left_alone_locks_by_the_wall_clock_and_keeps_what_was_typed(shell: Shell, station: Station) -> None:
    page = at(shell, Place.DECLARATIONS, "new")
    page.editor.form.fields["owner"].set_value("没写完的场")
    page.editor.form.edited.emit()
    station.clock.forward(minutes=14)
    shell.idle.look()
    assert not is_locked(shell)
    station.clock.forward(minutes=1)
    shell.idle.look()
    settle(shell)
    assert is_locked(shell)
    shell.unlock(VET, PASSPHRASE)
    wait_for(lambda: shell.workplace is not None, "signed in again")
    settle(shell)
    assert [one for one in at(shell, Place.TODAY)._drafts if "没写完的场" in one.title]


def test_a_touch_begins_the_wait_anew(shell: Shell, station: Station, qtbot: QtBot) -> None:
    station.clock.forward(minutes=14)
    qtbot.keyClick(shell.window, Qt.Key.Key_Shift)
    station.clock.forward(minutes=14)
    shell.idle.look()
    assert shell.workplace is not None


def test_a_person_who_does_not_want_it_is_not_locked_out(shell: Shell, station: Station) -> None:
    page = at(shell, Place.SETTINGS)
    page.lock.set_value(0)
    page.lock.editor.edited.emit()
    station.clock.forward(days=1)
    shell.idle.look()
    assert shell.workplace is not None
    shell.preferences._settings.setValue("lock_minutes", "7")
    assert shell.preferences.lock_minutes == 15
