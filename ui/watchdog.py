"""Notices when the screen stood still: every turn of the event loop longer than 100 ms is logged (U121).

It costs nothing while idle, since it only listens to the event loop going to sleep and waking up.
"""

from __future__ import annotations

import logging

from PySide6.QtCore import QAbstractEventDispatcher, QElapsedTimer, QObject

STALL_MS = 100
log = logging.getLogger(__name__)


class Watchdog(QObject):
    """Measures each turn of the event loop; ``longest_ms`` and ``stalls`` are read by tests and about pages."""

    def __init__(self, parent: QObject | None = None, stall_ms: int = STALL_MS) -> None:
        super().__init__(parent)
        self.longest_ms = 0
        self.stalls = 0
        self._stall_ms = stall_ms
        self._turn = QElapsedTimer()
        dispatcher = QAbstractEventDispatcher.instance()
        dispatcher.awake.connect(self._on_awake)
        dispatcher.aboutToBlock.connect(self._on_about_to_block)

    def _on_awake(self) -> None:
        if not self._turn.isValid():
            self._turn.start()

    def _on_about_to_block(self) -> None:
        if not self._turn.isValid():
            return
        took = self._turn.elapsed()
        self._turn.invalidate()
        self.longest_ms = max(self.longest_ms, took)
        if took > self._stall_ms:
            self.stalls += 1
            log.info("the screen stood still for %d ms", took)
