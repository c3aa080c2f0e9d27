"""What nobody caught: the form stays, the work recorded stays, a calm report is offered (U98–U103).

A report holds the trace of the program, its version and the systems' names: no values, no names, no records.
"""

from __future__ import annotations

import logging
import platform
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from inspector_app import config

log = logging.getLogger(__name__)


class ErrorBoundary(QObject):
    """Takes over ``sys.excepthook`` while the window is open.

    Signals:
        mishap_happened: something of ours went wrong (the report's text).
    """

    mishap_happened = Signal(str)

    def __init__(self, reports: Path, stamp: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reports = reports
        self._stamp = stamp
        self._before: Callable[..., None] | None = None

    def install(self) -> None:
        """Be asked from now on."""
        self._before = sys.excepthook
        sys.excepthook = self._on_uncaught

    def remove(self) -> None:
        """Give the hook back."""
        if self._before is not None:
            sys.excepthook = self._before
            self._before = None

    def report(self, problem: BaseException) -> str:
        """Write a report and tell the window; returns the report's text. A full disk loses only the file."""
        told = describe(problem)
        log.error("%s", told)
        try:
            self._reports.mkdir(parents=True, exist_ok=True)
            (self._reports / f"mishap-{self._stamp()}.txt").write_text(told, "utf-8")
        except OSError as fault:
            log.warning("the report could not be written: %s", fault)
        self.mishap_happened.emit(told)
        return told

    def _on_uncaught(self, kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, problem, trace)
            return
        self.report(problem)


def describe(problem: BaseException) -> str:
    """Version, system and trace, without the values that were being worked on."""
    frames = traceback.extract_tb(problem.__traceback__)
    trace = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    head = f"Inspector {config.VERSION} · Python {platform.python_version()} · {platform.system()} {platform.machine()}"
    return "\n".join([head, type(problem).__name__, *trace])
