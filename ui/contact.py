"""Contact with the province as the desktop keeps it: one round at a time, asked for by a person or by the schedule.

A round by the schedule is never in the way: nobody is interrupted, and what it failed with is said only where somebody
looks for it. That there is no network is the usual state of a laptop at a pond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from inspector_app.errors import StationError
from inspector_app.services.device import Device
from ui.explain import word
from ui.models.attachments import size_words
from ui.tasks import Lane, Progress, Task
from ui.texts import text

if TYPE_CHECKING:
    from ui.desk import Desk

STOPPED: Final = "sync_cancelled"
CLOCK_FAULTS: Final = frozenset({"network.clock_wrong", "network.certificate_time"})


class ContactKeeper(QObject):
    """Signals:
    began: a round or a diagnosis is under way (the task).
    synced: a round ended (the report).
    diagnosed: a diagnosis ended (the Diagnosis).
    failed: there is no contact (the error, whether a person had asked for it).
    stopped: the person stopped it.
    ended: it is over, however it ended.
    """

    began = Signal(object)
    synced = Signal(object)
    diagnosed = Signal(object)
    failed = Signal(object, bool)
    stopped = Signal()
    ended = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._task: Task[Any] | None = None
        self._looking = False
        desk.leaving.connect(self.stop)

    @property
    def task(self) -> Task[Any] | None:
        """What is under way; None when nothing is."""
        return self._task

    def look(self) -> None:
        """Contact the province if the schedule asks for it and the person lets the program do so."""
        if self._task is not None or self._looking or not self._desk.preferences.automatic_contact:
            return
        self._looking = True
        equipment = self._desk.equipment
        reading = self._desk.read(lambda device: equipment.contact(device).plan(), self)
        reading.on_success(self._on_plan).on_failure(lambda _error: None)
        reading.ended.connect(self._on_looked)

    def _on_plan(self, plan: Any) -> None:
        if plan.is_due:
            self.start(by_hand=False)

    def _on_looked(self) -> None:
        self._looking = False

    def start(self, *, by_hand: bool = True) -> None:
        """One round; a second wish while one runs does nothing."""
        equipment = self._desk.equipment

        def job(device: Device, progress: Progress) -> Any:
            def tell(done: int, total: int, size: int = 0) -> None:
                progress.tell(done, total, text("sync.progress", done=done, total=total, size=size_words(size)))

            return equipment.contact(device).sync(tell, progress.is_cancelled, by_hand=by_hand)

        self._run(job, self._on_synced, by_hand=by_hand)

    def diagnose(self) -> None:
        """Look where the line to the province ends."""
        equipment = self._desk.equipment

        def job(device: Device, progress: Progress) -> Any:
            def tell(step: Any) -> None:
                progress.tell(0, 0, text("sync.looking", step=word("probe_step", step.value)))

            return equipment.contact(device).diagnose(tell, progress.is_cancelled)

        self._run(job, self.diagnosed.emit, by_hand=True)

    def stop(self) -> None:
        """Ask what is under way to stop."""
        if self._task is not None:
            self._task.cancel()

    def _run(self, job: Any, done: Any, *, by_hand: bool) -> None:
        if self._task is not None:
            return
        desk = self._desk
        self._task = task = desk.tasks.run_with_progress(
            lambda progress: job(desk.device, progress), Lane.OUTSIDE, self
        )
        task.on_success(done).on_failure(lambda error: self._on_failed(error, by_hand=by_hand))
        task.on_cancelled(self.stopped.emit)
        task.ended.connect(self._on_ended)
        self.began.emit(task)

    def _on_ended(self) -> None:
        self._task = None
        self.ended.emit()

    def _on_synced(self, report: Any) -> None:
        device = self._desk.device
        device.online = True
        device.clock_doubted = abs(report.clock_offset_ms) > device.policy().clock_tolerance_ms
        self._desk.recorded.emit()
        self.synced.emit(report)

    def _on_failed(self, error: Exception, *, by_hand: bool) -> None:
        if isinstance(error, StationError) and error.code == STOPPED:
            self.stopped.emit()
            return
        if isinstance(error, StationError):
            self._desk.device.online = False
            self._desk.device.clock_doubted = error.code in CLOCK_FAULTS
            self._desk.recorded.emit()
        self.failed.emit(error, by_hand)
