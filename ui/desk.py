"""What every page works with: the opened device, the door to the background, where to go, whom to tell.

A page asks (:meth:`Desk.read`) or acts (:meth:`Desk.act`); both run away from the screen. After an act everybody is
told by ``recorded``, and whoever shows a list reads it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from inspector_app.domain.refusals import Refused
from inspector_app.domain.trust import TrustFile
from inspector_app.services.device import Device
from ui import explain
from ui.contact import ContactKeeper
from ui.places import Place
from ui.preferences import Preferences
from ui.tasks import Lane, Progress, Task, Tasks
from ui.theme import Theme

T = TypeVar("T")


class Contact(Protocol):
    """The province over a network, as a page sees it; everything here is asked in the background."""

    def sync(self, progress: Callable[..., None], cancelled: Callable[[], bool], *, by_hand: bool = True) -> Any:
        """One round of catching up; StationError when there is no contact. ``progress(done, total, bytes)``."""

    def diagnose(self, tell: Callable[[Any], None], cancelled: Callable[[], bool]) -> Any:
        """Look where the line to the province ends, step by step; ``tell`` hears which is looked at."""

    def last(self) -> Any:
        """How the last contact ended; None before the first."""

    def plan(self) -> Any:
        """When the next automatic contact is due."""


class Equipment(Protocol):
    """What is around the device: printers by name, and contact with the province."""

    def printers(self) -> Mapping[str, Any]:
        """Printers as ``services.print_jobs`` takes them, by the name shown; the first is proposed."""

    def printer_addresses(self) -> list[str]:
        """The printers the station added itself, by address."""

    def add_printer(self, address: str) -> None:
        """Add one; StationError when the address is none."""

    def remove_printer(self, address: str) -> None:
        """Take one away."""

    def read_codes(self, content: bytes) -> list[str]:
        """QR texts in a picture or PDF; StationError when it is neither."""

    def contact(self, device: Device) -> Contact:
        """The province over the network."""

    def findings(self, last: Any) -> Sequence[Any]:
        """What the end of the last contact says of each step to the province, without looking at anything."""


class OpenedHome(Protocol):
    """The home behind the device: who else has a passphrase here, and the trust file beside the database."""

    def trust(self) -> TrustFile | None:
        """The trust file, None when there is none that holds."""

    def people(self) -> tuple[int, ...]:
        """Everybody with a slot here, by number. StationError when the keyring cannot be read."""

    def second(self, person: int, passphrase: str) -> Any:
        """Their session for one confirmation, or a fault with a ``value``; takes Argon2id's time."""


class Desk(QObject):
    """Signals:
    recorded: something was recorded on this device.
    place_wanted: go to a page, perhaps to one thing there (place, subject).
    said: a short word that something was done (text, whether it can be taken back).
    explained: a message above the page (Explained).
    lock_wanted: the person leaves the desk.
    printers_found: ``printers`` is known, or known anew.
    leaving: the desk is about to be left; whoever holds something unsaved saves it now.
    """

    recorded = Signal()
    place_wanted = Signal(str, str)
    said = Signal(str, bool)
    explained = Signal(object)
    lock_wanted = Signal()
    printers_found = Signal()
    leaving = Signal()

    def __init__(
        self,
        device: Device,
        equipment: Equipment,
        tasks: Tasks,
        preferences: Preferences,
        theme: Theme,
        home: OpenedHome,
    ) -> None:
        super().__init__()
        self.device = device
        self.equipment = equipment
        self.tasks = tasks
        self.preferences = preferences
        self.theme = theme
        self.home = home
        self.trust = home.trust
        self.printers: Mapping[str, Any] = {}
        self._undo: Callable[[], None] | None = None
        self.contacts = ContactKeeper(self)

    def read(self, question: Callable[[Device], T], owner: QObject) -> Task[T]:
        """Ask something of the device in the background."""
        return self.tasks.run(lambda: question(self.device), Lane.DATABASE, owner)

    def read_long(self, question: Callable[[Device, Progress], T], owner: QObject) -> Task[T]:
        """Ask something that goes through the whole journal: it tells its steps and can be cancelled."""
        return self.tasks.run_with_progress(lambda progress: question(self.device, progress), Lane.DATABASE, owner)

    def act(
        self,
        deed: Callable[[Device], T | Refused],
        owner: QObject,
        *,
        done: Callable[[T], Any],
        refused: Callable[[Refused], Any],
        failed: Callable[[Exception], Any] | None = None,
        lane: Lane = Lane.DATABASE,
    ) -> Task[Any]:
        """Do something that is recorded; ``refused`` is told the reasons, and nothing was changed then.

        What went wrong beside an act that holds (Device.trouble) is told after ``done``.
        """

        def deliver(outcome: Any) -> None:
            if isinstance(outcome, Refused):
                refused(outcome)
                return
            self.recorded.emit()
            done(outcome)
            trouble, self.device.trouble = self.device.trouble, None
            if trouble is not None:
                self.explained.emit(explain.trouble(trouble))

        task: Task[Any] = self.tasks.run(lambda: deed(self.device), lane, owner).on_success(deliver)
        return task.on_failure(failed) if failed is not None else task

    def work(self, job: Callable[[Device, Progress], T], owner: QObject) -> Task[T]:
        """Something that takes long and talks to the outside: tells its steps, can be cancelled."""
        return self.tasks.run_with_progress(lambda progress: job(self.device, progress), Lane.OUTSIDE, owner)

    def look_for_printers(self) -> None:
        """Ask in the background which printers there are."""
        self.tasks.run(self.equipment.printers, Lane.OUTSIDE, self).on_success(self._on_printers)

    def _on_printers(self, found: Mapping[str, Any]) -> None:
        self.printers = found
        self.printers_found.emit()

    def go(self, place: Place, subject: str = "") -> None:
        """Go to a page."""
        self.place_wanted.emit(place.value, subject)

    def say(self, shown: str, undo: Callable[[], None] | None = None) -> None:
        """A short word; ``undo`` is called when the person takes it back in time."""
        self._undo = undo
        self.said.emit(shown, undo is not None)

    def take_back(self) -> None:
        """The person chose 撤销."""
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()

    def now(self) -> int:
        """UTC milliseconds; reading the clock never waits."""
        return self.device.clock.now().at

    def today(self) -> str:
        """The legal day."""
        return self.device.today()
