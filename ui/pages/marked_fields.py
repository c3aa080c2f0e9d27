"""The proof asked for where marked sheets lie on the desk: photographs, or the reason why there are none."""

from __future__ import annotations

from inspector_app.services.typed import NO_PICTURE
from ui.desk import Desk
from ui.pages.sheet_deeds import reason_field
from ui.texts import text
from ui.widgets.attachments import AttachmentEdit
from ui.widgets.field import Field


def marked_fields(desk: Desk, on_desk: Field) -> list[Field]:
    """Photographs of the marked sheets and the reason for none; each seen only while the answers before ask for it."""
    photos = Field("attachments", AttachmentEdit(desk), words=lambda: text("certificates.marked_photos"))
    reason = reason_field(desk, NO_PICTURE, NO_PICTURE, required=False)

    def follow() -> None:
        photos.setVisible(bool(on_desk.value()))
        reason.setVisible(bool(on_desk.value()) and not photos.value())

    for field in (on_desk, photos):
        field.editor.edited.connect(follow)
    follow()
    return [photos, reason]
