"""The one door to the background (STYLE habit 20): ``tasks.run(operation).on_success(show).on_failure(explain)``.

There are two lanes. DATABASE is a single thread, so that two acts never interleave and SQLite is used by one thread;
OUTSIDE is for the network, printers and Argon2, which may take long. Callbacks arrive on the main thread, and only
while the widget that asked still exists.

An operation must not touch a widget, must not start another task and wait for it, and must not keep what it read
beyond its own end: it returns a value.
"""

from __future__ import annotations

import enum
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, QThread, Signal, Slot

T = TypeVar("T")
log = logging.getLogger(__name__)


class Lane(enum.StrEnum):
    """Where an operation runs."""

    DATABASE = "database"
    OUTSIDE = "outside"


class Cancelled(Exception):  # noqa: N818 - it is no error: the person asked for it
    """Raised by :meth:`Progress.check` after the person pressed cancel; on_cancelled is called, nothing else."""


class Progress:
    """What an operation that takes a Progress may say and ask while it runs (on its own thread)."""

    def __init__(self, tell: Callable[[int, int, str], None]) -> None:
        self._tell = tell
        self._stop = threading.Event()

    def step(self, done: int, total: int, note: str = "") -> None:
        """Say how far it is; ``total`` 0 when unknown. Raises :class:`Cancelled` if the person pressed cancel."""
        self.check()
        self._tell(done, total, note)

    def tell(self, done: int, total: int, note: str = "") -> None:
        """The same for an operation that looks at :meth:`is_cancelled` itself."""
        self._tell(done, total, note)

    def check(self) -> None:
        """Raise :class:`Cancelled` if the person pressed cancel."""
        if self._stop.is_set():
            raise Cancelled

    def is_cancelled(self) -> bool:
        """Whether the person pressed cancel."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the operation to stop at its next step."""
        self._stop.set()


class Task(QObject, Generic[T]):
    """One operation under way; all methods belong to the main thread.

    Signals:
        progressed: how far it is (done, total, note).
        ended: it is over, however it ended; after its callback.
    """

    progressed = Signal(int, int, str)
    ended = Signal()

    def __init__(self, parent: QObject, unexpected: Callable[[BaseException], object]) -> None:
        super().__init__(parent)
        self.progress = Progress(self.progressed.emit)
        self._success: Callable[[T], None] | None = None
        self._failure: Callable[[Exception], None] | None = None
        self._cancelled: Callable[[], None] | None = None
        self._unexpected = unexpected
        self._abandoned = False

    def on_success(self, show: Callable[[T], Any]) -> Task[T]:
        """Call ``show(result)`` when it has ended well."""
        self._success = show
        return self

    def on_failure(self, explain: Callable[[Exception], Any]) -> Task[T]:
        """Call ``explain(problem)`` when it raised; without this the error boundary speaks."""
        self._failure = explain
        return self

    def on_cancelled(self, tell: Callable[[], Any]) -> Task[T]:
        """Call ``tell()`` when the person's cancel took effect."""
        self._cancelled = tell
        return self

    def on_progress(self, show: Callable[[int, int, str], Any]) -> Task[T]:
        """Call ``show(done, total, note)`` at each step."""
        self.progressed.connect(show)
        return self

    def cancel(self) -> None:
        """Ask it to stop; it ends by itself, at its next step or not at all."""
        self.progress.cancel()

    def abandon(self) -> None:
        """Nobody waits for the answer any more: no callback will be called. The operation itself goes on."""
        self._abandoned = True

    @Slot(object, object)
    def finish(self, result: T, problem: BaseException | None) -> None:
        """Deliver how it ended (main thread)."""
        if not self._abandoned:
            self._deliver(result, problem)
        self.ended.emit()
        self.deleteLater()

    def _deliver(self, result: T, problem: BaseException | None) -> None:
        if problem is None:
            if self._success:
                self._success(result)
        elif isinstance(problem, Cancelled):
            if self._cancelled:
                self._cancelled()
        elif self._failure and isinstance(problem, Exception):
            self._failure(problem)
        else:
            self._unexpected(problem)


class Tasks(QObject):
    """Runs operations on their lane and brings the answers back.

    Signals:
        busy_changed: whether anything is under way.
    """

    busy_changed = Signal(bool)
    _done = Signal(object, object, object)

    def __init__(self, unexpected: Callable[[BaseException], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._unexpected = unexpected
        self._lanes = {
            Lane.DATABASE: ThreadPoolExecutor(1, thread_name_prefix="database"),
            Lane.OUTSIDE: ThreadPoolExecutor(2, thread_name_prefix="outside"),
        }
        self._under_way: set[Task[Any]] = set()
        self._done.connect(self._on_done)

    @property
    def under_way(self) -> int:
        """How many operations are waiting or running."""
        return len(self._under_way)

    def run(self, operation: Callable[[], T], lane: Lane = Lane.DATABASE, owner: QObject | None = None) -> Task[T]:
        """Start ``operation()``; its callbacks are dropped when ``owner`` is destroyed before it ends."""
        return self._start(lambda _progress: operation(), lane, owner)

    def run_with_progress(
        self, operation: Callable[[Progress], T], lane: Lane = Lane.DATABASE, owner: QObject | None = None
    ) -> Task[T]:
        """Start ``operation(progress)``, which tells its steps and can be cancelled between them."""
        return self._start(operation, lane, owner)

    def close(self) -> None:
        """Let what runs finish, start nothing more, deliver nothing more."""
        for task in self._under_way:
            task.abandon()
            task.cancel()
        # What was asked of the database is done to the end (a draft, a record); what waits for outside is not begun.
        self._lanes[Lane.OUTSIDE].shutdown(wait=True, cancel_futures=True)
        self._lanes[Lane.DATABASE].shutdown(wait=True)

    def _start(self, operation: Callable[[Progress], T], lane: Lane, owner: QObject | None) -> Task[T]:
        assert QThread.currentThread() is self.thread(), "tasks are started from the main thread"
        task: Task[T] = Task(self, self._unexpected)
        if owner is not None:
            owner.destroyed.connect(task.abandon)
        self._under_way.add(task)
        if len(self._under_way) == 1:
            self.busy_changed.emit(True)
        self._lanes[lane].submit(self._work, task, operation)
        return task

    def _work(self, task: Task[T], operation: Callable[[Progress], T]) -> None:
        """Runs on the lane's thread."""
        result: T | None = None
        problem: BaseException | None = None
        try:
            result = operation(task.progress)
        except BaseException as raised:  # noqa: BLE001 - whatever it was, the main thread reports it
            problem = raised
        self._done.emit(task, result, problem)

    @Slot(object, object, object)
    def _on_done(self, task: Task[Any], result: object, problem: BaseException | None) -> None:
        self._under_way.discard(task)
        try:
            task.finish(result, problem)
        finally:
            if not self._under_way:
                self.busy_changed.emit(False)
