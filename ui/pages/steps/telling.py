"""The owner was told that the paper in their hands ended (告知货主): by whatever means, and when."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from inspector_app.services.device import Device
from inspector_app.services.telling_owners import MEANS, tell_owner
from ui.desk import Desk
from ui.models.certificates import CertificateDetail
from ui.pages.asking import AskedReason, ask_reason
from ui.texts import text
from ui.widgets.field import Field
from ui.widgets.moment_field import MomentEdit
from ui.widgets.review import Review

MOST_FACTS = 4


def ask_told(desk: Desk, parent: QWidget, detail: CertificateDetail) -> Review:
    """Ask how the owner heard and when; a moment left alone is now."""
    number, owner = detail.line.number, detail.line.owner
    when = Field("told_at", MomentEdit(desk.now), words=lambda: text("certificates.told_when"))

    def deed(device: Device, asked: AskedReason) -> Any:
        return tell_owner(device, number, means=asked.reason, told_at=asked.more["told_at"], note=asked.note)

    return ask_reason(
        desk,
        parent,
        of=MEANS,
        title=text("certificates.tell_title", number=number),
        explanation=text("certificates.tell_explained", owner=owner, state=detail.line.state),
        act=text("certificates.tell_act"),
        facts=detail.facts[:MOST_FACTS],
        more=[when],
        deed=deed,
        done=lambda _entry: desk.say(text("certificates.told", number=number)),
    )
