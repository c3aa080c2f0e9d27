"""What is asked when a sheet is taken in that this station never issued (收回外来纸证)."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from inspector_app.services.device import Device
from inspector_app.services.sheet_custody import COLLECTION
from inspector_app.services.taking_in import SOURCE, StrangeSheet, take_in_sheet
from inspector_app.services.typed import NO_PICTURE
from ui.desk import Desk
from ui.forms.form import Form
from ui.pages.deed_review import Answers, DeedReview, Question
from ui.pages.sheet_deeds import Told, code, photo_field, reason_field
from ui.texts import text
from ui.widgets.choice import Segments
from ui.widgets.field import Field
from ui.widgets.line import Line
from ui.widgets.note import Note
from ui.widgets.popup_list import Option

PLACES, TRAVELLING = 3, 2
"""Copies a form may have, and the one that usually comes in."""


def ask_take_in(desk: Desk, parent: QWidget, done: Told) -> DeedReview:
    """Which sheet it is, why it was kept, from whom, and its photograph."""
    sheet = Field("sheet", Segments(), required=True, words=lambda: text("old_sheets.place"))
    sheet.editor.offer([Option(at, text("old_sheets.place_n", n=at)) for at in range(1, PLACES + 1)])
    sheet.set_value(TRAVELLING)
    fields = (
        Field("number", Line(), required=True, words=lambda: text("old_sheets.bears")),
        sheet,
        reason_field(desk, "reason", COLLECTION),
        reason_field(desk, "source", SOURCE, words=lambda: text("old_sheets.source")),
        photo_field(desk),
        reason_field(desk, "no_picture", NO_PICTURE, required=False),
        Field("note", Note(2)),
    )

    def adapt(form: Form) -> None:
        form.fields["no_picture"].setVisible(not form.value("attachments"))

    return DeedReview(
        desk,
        parent,
        Question(
            "take_in",
            "",
            text("old_sheets.take_in_title"),
            text("old_sheets.take_in_explained"),
            text("old_sheets.take_in_act"),
            fields,
            _take_in,
            done,
            adapt=adapt,
        ),
    )


def _take_in(device: Device, said: Answers) -> Any:
    return take_in_sheet(
        device,
        StrangeSheet(
            bears=str(said["number"] or ""),
            sheet=int(said["sheet"] or 0),
            reason=code(said["reason"]),
            source=code(said["source"]),
            photos=said["attachments"],
            no_picture=code(said["no_picture"]),
            note=said["note"],
        ),
    )
