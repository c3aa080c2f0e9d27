"""Opens the window over a home and runs until it is closed."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from inspector_app.clock import moment_text
from inspector_app.errors import StationError
from inspector_app.services.device import Device
from inspector_app.services.sign_in import LockedHome
from ui import explain, texts
from ui.desk import Desk, Equipment
from ui.error_boundary import ErrorBoundary
from ui.idle import IdleLock
from ui.models.people import tiles
from ui.pages.unlock import UnlockPage
from ui.pages.verify import LockedVerifyPage
from ui.preferences import Preferences
from ui.tasks import Lane, Tasks
from ui.texts import Language, text
from ui.theme import Theme
from ui.watchdog import Watchdog
from ui.widgets.verifier import Verifier
from ui.window import Window, Workplace, window_title


class Surroundings(Equipment, Protocol):
    """What the program puts around the window: equipment, and how practice is entered."""

    practice_passphrase: str


class Shell(QObject):
    """Changes between lock page and workplace; owns what lives as long as the window."""

    def __init__(self, app: QApplication, home: LockedHome, around: Surroundings) -> None:
        super().__init__(app)
        self.app = app
        self.home = home
        self.around = around
        self.preferences = Preferences(home.paths.folder / "screen.ini")
        self.theme = Theme(app, self.preferences.theme, self.preferences.scale)
        texts.switch(app, self.preferences.language)
        explain.name_diseases(home.parts.catalogue)
        self.boundary = ErrorBoundary(home.paths.folder / "reports", self._stamp, self)
        self.boundary.mishap_happened.connect(self._on_mishap)
        self.tasks = Tasks(self.boundary.report, self)
        self.watchdog = Watchdog(self)
        self.tasks.busy_changed.connect(lambda busy: self.watchdog.look_closely(busy=busy))
        self.window = Window(self.close)
        self.idle = IdleLock(app, lambda: home.parts.clock.now().at, lambda: self.preferences.lock_minutes, self)
        self.idle.idle.connect(self._on_idle)
        self.desk: Desk | None = None
        self.workplace: Workplace | None = None
        self.show_lock()

    def start(self) -> None:
        """Show the window."""
        self.boundary.install()
        self.window.show()
        self.window.activateWindow()

    def close(self) -> None:
        """Everything typed is kept; give the home back."""
        if self.desk is not None:
            self.desk.leaving.emit()
        self.boundary.remove()
        self.watchdog.close()
        self.tasks.close()
        self.home.close()

    # --- lock page ---------------------------------------------------------------------------------------------------

    def show_lock(self) -> UnlockPage:
        """Nobody is signed in."""
        practice = self.home.sheet.practice
        passphrase = self.around.practice_passphrase if practice else ""
        page = UnlockPage("", practice=practice, practice_passphrase=passphrase)
        reading = self.tasks.run(lambda: tiles(self.home.people(), self.home.trust()), Lane.OUTSIDE, page)
        reading.on_success(page.show_people).on_failure(page.say_problem)
        page.unlock_wanted.connect(self.unlock)
        page.verify_wanted.connect(self.show_locked_verify)
        page.language_chosen.connect(lambda chosen: self.speak(Language(chosen)))
        self.window.setWindowTitle(window_title("", practice=practice))
        self.window.show_inside(page)
        return page

    def show_locked_verify(self) -> LockedVerifyPage:
        """Verify a certificate while nobody is signed in."""
        parts = self.home.parts
        verifier = Verifier(
            self.tasks,
            self.home.trust,
            self.around.read_codes,
            lambda: parts.clock.now().at,
            parts.catalogue,
            parts.areas,
        )
        page = LockedVerifyPage(verifier)
        page.back_wanted.connect(self.show_lock)
        self.window.show_inside(page)
        return page

    def speak(self, chosen: Language) -> None:
        """Another language from now on."""
        self.preferences.language = chosen
        texts.switch(self.app, chosen)

    def unlock(self, person: int, passphrase: str) -> None:
        """Try a passphrase, away from the screen."""
        page = self.window.inside
        assert isinstance(page, UnlockPage)
        task = self.tasks.run(lambda: self.home.unlock(person, passphrase), Lane.OUTSIDE, page)
        page.set_busy(task)

        def on_opened(outcome: Any) -> None:
            page.set_busy()
            if isinstance(outcome, Device):
                self._enter(outcome)
            else:
                said = explain.problem(StationError(outcome.value))
                page.say_wrong_passphrase(said.headline)

        def on_failed(error: Exception) -> None:
            page.set_busy()
            page.say_problem(error)

        task.on_success(on_opened).on_failure(on_failed)

    # --- workplace ---------------------------------------------------------------------------------------------------

    def _enter(self, device: Device) -> None:
        self.desk = Desk(device, self.around, self.tasks, self.preferences, self.theme, self.home)
        self.desk.lock_wanted.connect(self.lock)
        self.workplace = Workplace(self.desk)
        self.window.show_inside(self.workplace)
        self.desk.look_for_printers()

    def lock(self) -> None:
        """The person leaves; what was typed is kept, the database is closed."""
        if self.desk is not None:
            self.desk.leaving.emit()
        self.workplace = None
        self.desk = None
        self.show_lock()
        self.tasks.run(self.home.lock)

    def _on_idle(self) -> None:
        """Nobody is at the desk. A job with the outside under way (a sync, a print) is not cut off for it."""
        if self.desk is not None and not self.tasks.under_way:
            self.lock()

    def _on_mishap(self, report: str) -> None:
        if self.workplace is not None:
            self.workplace.show_mishap(report)

    def _stamp(self) -> str:
        return moment_text(self.home.parts.clock.now().at).replace(":", "").replace(" ", "-")


def make_app(arguments: list[str]) -> QApplication:
    """The Qt application: sharp on mixed screens, without a GPU."""
    running = QCoreApplication.instance()
    if isinstance(running, QApplication):
        return running
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(arguments)
    app.setApplicationName("inspector")
    app.setApplicationDisplayName(text("program.name"))
    return app


def run(home: LockedHome, around: Surroundings) -> int:
    """Open the window over an opened home; returns when it is closed."""
    app = make_app(["inspector"])
    shell = Shell(app, home, around)
    shell.window.closed.connect(app.quit)
    shell.start()
    return app.exec()
