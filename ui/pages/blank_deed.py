"""What is asked when a blank of pre-numbered stock is registered as spoiled (空白废证)."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from inspector_app.services.blanks import spoil_blank
from inspector_app.services.device import Device
from inspector_app.services.number_custody import KINDS
from inspector_app.services.sheet_custody import SPOIL
from inspector_app.services.typed import NO_PICTURE
from ui.desk import Desk
from ui.explain import label
from ui.forms.form import Form
from ui.pages.deed_review import Answers, DeedReview, Question
from ui.pages.sheet_deeds import Told, code, photo_field, reason_field
from ui.texts import text
from ui.widgets.choice import Segments
from ui.widgets.field import Field
from ui.widgets.line import CodeLine
from ui.widgets.popup_list import Option

USUAL = "B"


def ask_spoil_blank(desk: Desk, parent: QWidget, done: Told) -> DeedReview:
    """Which number stands on it, what is wrong with it, and its photograph."""
    kind = Field("kind", Segments(upright=True), required=True)
    kind.editor.offer([Option(one, label("kind", one)) for one in KINDS])
    kind.set_value(USUAL)
    fields = (
        kind,
        Field("number", CodeLine(), required=True, words=lambda: text("old_sheets.blank_number")),
        reason_field(desk, "category", SPOIL),
        photo_field(desk),
        reason_field(desk, "no_picture", NO_PICTURE, required=False),
    )

    def adapt(form: Form) -> None:
        form.fields["no_picture"].setVisible(not form.value("attachments"))

    return DeedReview(
        desk,
        parent,
        Question(
            "spoil_blank",
            "",
            text("old_sheets.spoil_blank_title"),
            text("old_sheets.spoil_blank_explained"),
            text("old_sheets.spoil_blank_act"),
            fields,
            _spoil,
            done,
            adapt=adapt,
            dangerous=True,
        ),
    )


def _spoil(device: Device, said: Answers) -> Any:
    return spoil_blank(
        device,
        code(said["kind"]),
        str(said["number"] or ""),
        category=code(said["category"]),
        photos=said["attachments"],
        no_picture="" if said["attachments"] else code(said["no_picture"]),
    )
