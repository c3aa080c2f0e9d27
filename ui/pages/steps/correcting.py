"""The step that corrects a certificate on the road by a note (更正说明), and saves the note to be printed."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from inspector_app.services import correcting
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.models.certificates import CertificateDetail
from ui.pages import files
from ui.pages.asking import AskedReason, ask_reason
from ui.texts import text
from ui.widgets.field import Field
from ui.widgets.line import Line


def ask_correction(desk: Desk, parent: QWidget, detail: CertificateDetail) -> None:
    """Ask for the new values; what is left as it was is not corrected."""
    number, known = detail.line.number, detail.correctable
    fields = [_field(name, value) for name, value in known.items()]

    def deed(device: Device, asked: AskedReason) -> Any:
        told = {name: str(asked.more[name] or "").strip() for name in known}
        changed = {name: value for name, value in told.items() if value != known[name]}
        return correcting.correct(device, number, changed, reason=asked.reason, note=asked.note)

    def done(ref: Any) -> None:
        desk.say(text("certificates.corrected", number=number))
        save_note(desk, parent, number, str(ref))

    ask_reason(
        desk,
        parent,
        of=correcting.REASONS,
        title=text("certificates.correct_title", number=number),
        explanation=text("certificates.correct_explained"),
        act=text("certificates.correct", number=number),
        facts=detail.facts[:4],
        more=fields,
        deed=deed,
        done=done,
    )


def _field(name: str, value: str) -> Field:
    field = Field(name, Line())
    field.set_value(value)
    return field


def save_note(desk: Desk, parent: QWidget, number: str, ref: str) -> None:
    """Save a note as a PDF file to print and sign."""
    file = f"{text('certificates.note_file')}-{number.replace(' ', '')}.pdf"
    path = files.ask_where(parent, text("certificates.save_note"), file, "PDF (*.pdf)")
    if path is None:
        return
    device = desk.device
    files.write(
        desk,
        parent,
        path,
        lambda: device.files.read(correcting.draw_note(device, ref)),
        done=lambda: desk.say(text("certificates.note_saved", name=path.name)),
        failed=lambda error: desk.say(explain.problem(error).headline),
    )
