"""A window without a screen over a practice home: each test gets its own home, made once and copied."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

from inspector_app.services.device import Device
from tests.office import CountingRandom
from tests.ui.station import PASSPHRASE, VET, Station, Surroundings, busy_station, station_parts
from tests.ui.strays import Strays
from ui import explain, texts, theme
from ui.application import Shell, make_app
from ui.texts import Language
from ui.theme import Theme, ThemeChoice
from ui.window import Workplace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
PATIENCE_MS = 60_000
"""How long something may take to come about; only a test that fails waits so long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Offscreen, Qt warns that no window manager hears of size hints; that is no fault of a test."""
    for item in items:
        if "/tests/ui/" in str(item.path):
            item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True))


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """pytest-qt makes the application; ours only sets it up."""
    return QApplication


@pytest.fixture
def app(qapp: QApplication) -> QApplication:
    """The application in light colours, normal size, Chinese."""
    made = make_app([])
    assert made is qapp
    _look(made)
    return made


@pytest.fixture(autouse=True)
def strays(request: pytest.FixtureRequest) -> Iterator[Strays | None]:
    """No window comes up that nobody opened, in any test that has a screen."""
    if not {"qapp", "qtbot"} & set(request.fixturenames):
        yield None
        return

    def opened() -> list[QWidget]:
        handed_over = getattr(request.node, "qt_widgets", [])  # to qtbot, which closes them
        return [widget for made, _before_close in handed_over if (widget := made()) is not None]

    watch = Strays(request.getfixturevalue("qapp"), opened)
    yield watch
    watch.close()
    assert not watch.seen, f"came up as windows of their own: {sorted(watch.seen)}"


def _look(app: QApplication) -> None:
    Theme(app, ThemeChoice.LIGHT, 100)
    texts.switch(app, Language.ZH)
    assert theme.scaled(100) == 100


def wait_for(condition: Callable[[], bool], what: str = "") -> None:
    """Let the application work until the condition holds."""
    clock = QElapsedTimer()
    clock.start()
    while not condition():
        assert clock.elapsed() < PATIENCE_MS, f"still not: {what or condition}"
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        time.sleep(0.002)  # leaves the interpreter to the background


def settle(shell: Shell) -> None:
    """Let everything asked for in the background arrive."""
    idle = 0
    while idle < 3:
        wait_for(lambda: shell.tasks.under_way == 0, "the background is idle")
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        idle = idle + 1 if shell.tasks.under_way == 0 else 0


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """A busy station, made once; tests work on copies of its folder."""
    station = busy_station(tmp_path_factory.mktemp("template") / "home")
    station.rest()
    return station


@pytest.fixture
def pair(template: Station, tmp_path: Path) -> Iterator[tuple[Station, Device]]:
    """The busy station with a second computer beside it; both know each other."""
    shutil.copytree(template.folder, tmp_path / "two")
    station = template.moved_to(tmp_path / "two")
    device = station.work()
    parts = station_parts(station.clock, random=CountingRandom("sister"))
    sister = station.office.enrol(tmp_path / "sister", parts, blocks=10)
    station.office.introduce(device, sister)
    station.rest()
    yield station, sister
    sister.store.database.abandon()


@pytest.fixture
def station(request: pytest.FixtureRequest, template: Station, tmp_path: Path) -> Station:
    """A busy station of the test's own; with its second computer where a test asks for the pair."""
    if "pair" in request.fixturenames:
        two: tuple[Station, Device] = request.getfixturevalue("pair")
        return two[0]
    shutil.copytree(template.folder, tmp_path / "home")
    return template.moved_to(tmp_path / "home")


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    """Printers and province of the test."""
    return Surroundings()


@pytest.fixture
def locked_shell(app: QApplication, station: Station, around: Surroundings) -> Iterator[Shell]:
    """The window at the lock page."""
    shell = Shell(app, station.open(), around)
    shell.theme.choose(ThemeChoice.LIGHT)
    shell.window.show()
    shell.window.activateWindow()
    QCoreApplication.processEvents()
    yield shell
    shell.window.close()
    shell.window.deleteLater()
    shell.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def shell(locked_shell: Shell) -> Shell:
    """The window with the vet signed in."""
    locked_shell.unlock(VET, PASSPHRASE)
    wait_for(lambda: locked_shell.workplace is not None, "signed in")
    settle(locked_shell)
    return locked_shell


@pytest.fixture
def workplace(shell: Shell) -> Workplace:
    """What the signed-in vet sees."""
    assert shell.workplace is not None
    return shell.workplace


@pytest.fixture
def sentences(app: QApplication, template: Station) -> None:
    """Sentences that name diseases, for tests that have no window."""
    explain.name_diseases(template.parts.catalogue)
