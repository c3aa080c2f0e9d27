"""Notices when the screen stands still: longer than 100 ms is logged (U121).

A thread sends the event loop a word and measures how long it takes to be heard: ten times a second while the program
works on something, once a second while it rests, so that an idle laptop sleeps.
"""

from __future__ import annotations

import logging
import threading

from PySide6.QtCore import QElapsedTimer, QObject, Qt, Signal, Slot

STALL_MS = 100
CLOSE_LOOK_S, RESTING_S = 0.1, 1.0
log = logging.getLogger(__name__)


class Watchdog(QObject):
    """``stalls`` and ``longest_ms`` are what was noticed so far.

    Signals:
        stalled: the screen stood still (ms).
    """

    stalled = Signal(int)
    _called = Signal()

    def __init__(self, parent: QObject | None = None, stall_ms: int = STALL_MS) -> None:
        super().__init__(parent)
        self.longest_ms = 0
        self.stalls = 0
        self._stall_ms = stall_ms
        self._since_call = QElapsedTimer()
        self._heard = threading.Event()
        self._changed = threading.Event()
        self._closed = False
        self._interval_s = RESTING_S
        self._called.connect(self._on_called, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    def look_closely(self, *, busy: bool) -> None:
        """Something is under way, or is over."""
        self._interval_s = CLOSE_LOOK_S if busy else RESTING_S
        self._changed.set()

    def close(self) -> None:
        """Stop watching."""
        self._closed = True
        self._changed.set()
        self._heard.set()
        self._thread.join()

    def _watch(self) -> None:
        """Runs on the watchdog's own thread."""
        while True:
            if self._changed.wait(self._interval_s):
                self._changed.clear()
            if self._closed:
                return
            self._heard.clear()
            self._since_call.start()
            try:
                self._called.emit()
            except RuntimeError:  # Qt has already deleted us: the program is ending without closing what it opened
                return
            self._heard.wait()

    @Slot()
    def _on_called(self) -> None:
        took = self._since_call.elapsed()
        self._heard.set()
        self.longest_ms = max(self.longest_ms, took)
        if took > self._stall_ms:
            self.stalls += 1
            log.info("the screen stood still for %d ms", took)
            self.stalled.emit(took)
