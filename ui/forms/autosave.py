"""Keeps what is being typed within a second, without asking anybody (U55–U62)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from inspector_app.services import drafts
from inspector_app.services.device import Device
from ui.desk import Desk
from ui.forms.form import Draft, Form

PAUSE_MS = 400
LONGEST_MS = 900


class Autosave(QObject):
    """Saves the form's draft after each pause, at the latest 0.9 s after the first change.

    Signals:
        kept: the draft is safe on this computer (UTC ms).
    """

    kept = Signal(object)

    def __init__(self, desk: Desk, form: Form, of: str, also: Callable[[], Draft] | None = None) -> None:
        super().__init__(form)
        self._desk = desk
        self._form = form
        self._of = of
        self._also = also
        self._subject = ""
        self.draft = ""
        self._pause = self._timer(PAUSE_MS)
        self._latest = self._timer(LONGEST_MS)
        form.edited.connect(self._on_edited)
        desk.leaving.connect(self.flush)

    def _timer(self, interval: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(self.save)
        return timer

    @property
    def has_unsaved(self) -> bool:
        """Whether something was typed that is not kept yet."""
        return self._latest.isActive()

    def begin(self, draft: str, subject: str) -> None:
        """From now on this form is the draft ``draft`` ("" when nothing was typed yet) about ``subject``."""
        self.flush()
        self.draft, self._subject = draft, subject

    def flush(self) -> None:
        """Keep now what is not kept yet."""
        if self.has_unsaved:
            self.save()

    def save(self) -> None:
        """Keep the draft now."""
        self._stop()
        content = self._form.draft() | (self._also() if self._also else {})
        name, of, subject = self.draft, self._of, self._subject
        if not name:
            name = self.draft = drafts.new_draft(self._desk.device)

        def keep(device: Device) -> int:
            return drafts.save(device, name, form=of, subject=subject, content=content)

        self._desk.read(keep, self).on_success(self.kept.emit)

    def done(self) -> None:
        """The draft became a record."""
        self._stop()
        name, self.draft = self.draft, ""
        if name:
            self._desk.read(lambda device: drafts.finish(device, name), self)

    def put_aside(self) -> None:
        """The person does not want it; it can be taken back for thirty days."""
        self._stop()
        name, self.draft = self.draft, ""
        if name:
            self._desk.read(lambda device: drafts.discard(device, name), self)

    def _on_edited(self) -> None:
        self._pause.start()
        if not self._latest.isActive():
            self._latest.start()

    def _stop(self) -> None:
        self._pause.stop()
        self._latest.stop()
