"""The window: navigation, title, pages and the strip; or the lock page when nobody is signed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from inspector_app.services.device import Device
from ui import explain
from ui.commands import records_for, shortcut_groups
from ui.desk import Desk
from ui.explain import Explained
from ui.models.people import person_words
from ui.models.standing import Standing, read_standing, strip_cells
from ui.page_list import PAGES
from ui.pages.page import Page
from ui.places import SIGNS, Place
from ui.texts import either, text
from ui.tokens import Tone
from ui.widgets.living import Living
from ui.widgets.navigation import Navigation
from ui.widgets.palette import Command, CommandPalette
from ui.widgets.scroll import Scroll
from ui.widgets.shortcut_sheet import ShortcutSheet
from ui.widgets.status_strip import StatusStrip
from ui.widgets.toast import Toast
from ui.widgets.top_bar import TopBar

SMALLEST = (1024, 600)
REFRESH_MS = 60_000  # "3 days left" and the clock change by themselves; nothing else is polled


class Workplace(Living, QWidget):
    """The window's inside while somebody is signed in."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setProperty("look", "page")
        self.navigation = Navigation()
        self.top = TopBar()
        self.strip = StatusStrip()
        self.stack = QStackedWidget()
        self.pages: dict[Place, Page] = {}
        self.frames: dict[Place, Scroll] = {}
        self._standing: Standing | None = None
        self._build()
        self._connect()
        self.begin()
        self.refresh_standing()
        self.go(Place.TODAY)

    def _build(self) -> None:
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.top)
        right.addWidget(self.stack, 1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.navigation)
        row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row, 1)
        column.addWidget(self.strip)
        self.palette_box = CommandPalette(self)
        self.sheet = ShortcutSheet(self)
        self.toast = Toast(self)
        self._clockwork = QTimer(self)
        self._clockwork.setInterval(REFRESH_MS)

    def _connect(self) -> None:
        self.navigation.place_chosen.connect(lambda place: self.go(Place(place)))
        self.strip.cell_opened.connect(lambda place: self.go(Place(place)))
        self.top.palette_wanted.connect(self.open_palette)
        self.top.attention_wanted.connect(lambda: self.go(Place.SYNC))
        self.top.lock_wanted.connect(self.desk.lock_wanted)
        self.top.switch_wanted.connect(self.desk.lock_wanted)
        self.palette_box.typed.connect(self._on_palette_typed)
        self.toast.undo_wanted.connect(self.desk.take_back)
        self.desk.place_wanted.connect(lambda place, subject: self.go(Place(place), subject))
        self.desk.said.connect(lambda shown, undo: self.toast.say(shown, undo=undo))
        self.desk.explained.connect(self._on_explained)
        self.desk.recorded.connect(self.refresh_standing)
        self._clockwork.timeout.connect(self.refresh_standing)
        self._clockwork.timeout.connect(self.desk.contacts.look)
        self._clockwork.start()
        for place, sign in SIGNS.items():
            if sign.keys:
                self._key(sign.keys, partial(self._on_place_key, place))
        self._key("Ctrl+K", self.open_palette)
        self._key("Ctrl+/", self.open_sheet)
        self._key("Ctrl+L", self.desk.lock_wanted.emit)
        self._key("Ctrl+Shift+L", self.desk.lock_wanted.emit)

    def _on_place_key(self, place: Place) -> None:
        if self.page.place is place:
            self.page.called_again()
        else:
            self.go(place)

    def _key(self, keys: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setAutoRepeat(False)
        shortcut.activated.connect(act)

    @property
    def page(self) -> Page:
        """The page in front."""
        frame = self.stack.currentWidget()
        assert isinstance(frame, Scroll)
        page = frame.widget()
        assert isinstance(page, Page)
        return page

    def go(self, place: Place, subject: str = "") -> None:
        """Bring a page to the front; it is made when first visited."""
        page = self.pages.get(place) or self._make(place)
        self.stack.setCurrentWidget(self.frames[place])
        self.navigation.go(place)
        self._show_title()
        page.enter(subject)

    def _make(self, place: Place) -> Page:
        page = PAGES[place](self.desk)
        self.pages[place] = page
        page.chips_changed.connect(self._show_title)
        self.frames[place] = Scroll(page)  # in a small window, or with large letters, the page scrolls
        self.stack.addWidget(self.frames[place])
        return page

    def _show_title(self) -> None:
        self.top.show_page(self.page.title, self.page.chips)

    # --- how things stand -------------------------------------------------------------------------------------------

    def refresh_standing(self) -> None:
        """Read again what strip and counts say."""
        self.desk.read(read_standing, self).on_success(self._on_standing)

    def _on_standing(self, standing: Standing) -> None:
        self._standing = standing
        self.strip.show_states(strip_cells(standing))
        counts = {
            Place.DECLARATIONS: standing.undecided,
            Place.INSPECTION: standing.to_inspect,
            Place.ISSUE: standing.issuable,
            Place.PRINTS: standing.queued,
            Place.SYNC: standing.waiting,
        }
        for place, count in counts.items():
            self.navigation.set_count(place, count)
        self.navigation.set_count(Place.DAY_CLOSE, standing.unclosed, Tone.WARN)
        self.navigation.set_count(Place.CONFIRMATIONS, standing.to_confirm, Tone.WARN)
        self.top.show_attention(standing.attention)

    # --- palette, sheet, messages -----------------------------------------------------------------------------------

    def open_palette(self) -> None:
        """Ctrl+K."""
        self.palette_box.open(self._commands())

    def open_sheet(self) -> None:
        """Ctrl+/."""
        self.sheet.open(shortcut_groups(self.page.keys_here()))

    def _commands(self) -> Sequence[Command]:
        places = [
            Command(
                text(f"place.{place.value}"),
                f"{place.value} {text(f'place_also.{place.value}')}",
                sign.keys,
                partial(self.go, place),
            )
            for place, sign in SIGNS.items()
        ]
        lock = Command(text("top.lock"), "lock", "Ctrl+L", self.desk.lock_wanted.emit)
        return [*places, lock]

    def _on_palette_typed(self, asked: str) -> None:
        if not asked:
            return

        def show(found: Sequence[tuple[Place, str, str, str]]) -> None:
            commands = [
                Command(words, "", detail, partial(self.go, place, subject)) for place, subject, words, detail in found
            ]
            self.palette_box.add_records(asked, commands)

        self.desk.read(lambda device: records_for(device, asked), self).on_success(show)

    def _on_explained(self, message: Explained) -> None:
        self.page.say(message)

    def show_mishap(self, report: str) -> None:
        """Something of ours went wrong; the page stays as it is."""
        body = "\n".join((text("mishap.safe"), text("mishap.todo")))
        self.page.say(Explained(Tone.BAD, text("mishap.happened"), body, report))

    def _set_texts(self) -> None:
        self._name_station(self.desk.device)
        if self.stack.count():
            self._show_title()
        if self._standing is not None:
            self.strip.show_states(strip_cells(self._standing))

    def _name_station(self, device: Device) -> None:
        def show(words: tuple[str, str, str, str, str]) -> None:
            station_zh, station_en, name_zh, name_en, posts = words
            mark = text("practice.mark") if device.practice else ""
            self.navigation.name_station(either(station_zh, station_en), mark)
            self.top.show_person(either(name_zh, name_en), posts)
            self.window().setWindowTitle(window_title(either(station_zh, station_en), practice=device.practice))

        self.desk.read(person_words, self).on_success(show)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What lies over the window goes with it."""
        super().resizeEvent(event)
        if self.palette_box.isVisible():
            self.palette_box.close_quietly()


def window_title(station: str, *, practice: bool) -> str:
    """What the task bar shows: program and station, no person, no certificate (U128)."""
    parts = [text("program.name"), station, text("practice.title") if practice else ""]
    return " · ".join(part for part in parts if part)


class Window(QMainWindow):
    """The one window of the program; :meth:`show_inside` changes between lock page and workplace.

    Signals:
        closed: the window is gone and everything is given back.
    """

    closed = Signal()

    def __init__(self, on_close: Callable[[], None]) -> None:
        super().__init__()
        self._on_close = on_close
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setMinimumSize(*SMALLEST)
        self.resize(1366, 768)

    @property
    def inside(self) -> QWidget:
        """What is shown now."""
        shown = self._stack.currentWidget()
        assert shown is not None
        return shown

    def show_inside(self, inside: QWidget) -> None:
        """Show this, and let go of what was shown before."""
        before = self._stack.currentWidget()
        self._stack.addWidget(inside)
        self._stack.setCurrentWidget(inside)
        if before is not None:
            self._stack.removeWidget(before)
            before.deleteLater()

    def say_problem(self, error: Exception) -> None:
        """A fault while no page is in front: the inside shows it if it can."""
        say = getattr(self.inside, "say_problem", None)
        if say is not None:
            say(error)
        else:
            self.statusBar().showMessage(explain.problem(error).headline)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Everything typed is already saved; there is nothing to ask. The window goes at once, whatever still runs."""
        self.hide()
        self._on_close()
        event.accept()
        self.closed.emit()
