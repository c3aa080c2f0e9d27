"""What is asked of a loss: where the notice appeared, reports and their acknowledgements, what turned up, the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtWidgets import QWidget

from inspector_app.services import following_losses
from inspector_app.services.device import Device
from inspector_app.services.loss_cases import ACKNOWLEDGED, REPORTED, LossCase
from inspector_app.services.losses import report_loss
from inspector_app.services.number_custody import KINDS
from ui.desk import Desk
from ui.explain import label
from ui.forms.form import Form
from ui.models.losses import waiting_recipients
from ui.pages.deed_review import Answers, DeedReview, Question
from ui.pages.sheet_deeds import Told, code, day_field, photo_field, reason_field
from ui.texts import text
from ui.widgets.choice import Segments
from ui.widgets.field import Field
from ui.widgets.line import CodeLine, Line
from ui.widgets.note import Note
from ui.widgets.popup_list import Option

Deed = Callable[[Device, Answers], Any]


class Asking(NamedTuple):
    """Where a step is asked, of which loss, and whom to tell."""

    desk: Desk
    parent: QWidget
    case: LossCase
    done: Told

    def ask(
        self, name: str, fields: Sequence[Field], deed: Deed, check: Callable[[Form], dict[str, str]] | None = None
    ) -> DeedReview:
        """Open the page of a step."""
        facts = [(text("losses.which"), self.case.span), (text("losses.noticed"), self.case.lost_on)]
        title, act = text(f"losses.{name}_title"), text(f"losses.{name}_act")
        of, ref, explained = f"loss_{name}", self.case.ref, text(f"losses.{name}_explained")
        asked = Question(of, ref, title, explained, act, fields, deed, self.done, facts, check=check)
        return DeedReview(self.desk, self.parent, asked)


def ask_publish(desk: Desk, parent: QWidget, case: LossCase, done: Told) -> DeedReview:
    """The notice appeared; with a photograph of it."""
    fields = (
        reason_field(desk, "loss_medium", "loss_medium"),
        Field("medium_name", Line(), required=True),
        day_field(desk, "published_on"),
        photo_field(desk, required=True),
        Field("note", Note(2)),
    )

    def deed(device: Device, said: Answers) -> Any:
        return following_losses.publish(
            device,
            case.ref,
            medium=code(said["loss_medium"]),
            name=said["medium_name"],
            published_on=said["published_on"],
            attachments=said["attachments"],
            note=said["note"],
        )

    return Asking(desk, parent, case, done).ask("publish", fields, deed)


def _recipient_field(case: LossCase, step: str) -> Field:
    field = Field("recipient", Segments(upright=True), required=True)
    waiting = waiting_recipients(case, step)
    field.editor.offer([Option(to, text(f"losses.to_{to}")) for to in waiting])
    field.set_value(waiting[0] if len(waiting) == 1 else None)
    return field


def _check_recipient(form: Form) -> dict[str, str]:
    return {} if form.value("recipient") else {"recipient": text("old_sheets.answer")}


def ask_report(desk: Desk, parent: QWidget, case: LossCase, done: Told) -> DeedReview:
    """A report went out."""
    day, photos = day_field(desk, "report_sent_on"), photo_field(desk)
    fields = (_recipient_field(case, REPORTED), day, photos, Field("note", Note(2)))

    def deed(device: Device, said: Answers) -> Any:
        to, on, photos, note = said["recipient"], said["report_sent_on"], said["attachments"], said["note"]
        return following_losses.report(device, case.ref, to=to, sent_on=on, attachments=photos, note=note)

    return Asking(desk, parent, case, done).ask("report", fields, deed, _check_recipient)


def ask_acknowledge(desk: Desk, parent: QWidget, case: LossCase, done: Told) -> DeedReview:
    """Whoever was reported to answered."""
    day, photos = day_field(desk, "acknowledged_on"), photo_field(desk)
    fields = (_recipient_field(case, ACKNOWLEDGED), day, photos, Field("note", Note(2)))

    def deed(device: Device, said: Answers) -> Any:
        to, on, photos, note = said["recipient"], said["acknowledged_on"], said["attachments"], said["note"]
        return following_losses.acknowledge(device, case.ref, to=to, acknowledged_on=on, attachments=photos, note=note)

    return Asking(desk, parent, case, done).ask("acknowledge", fields, deed, _check_recipient)


def ask_conclude(desk: Desk, parent: QWidget, case: LossCase, done: Told) -> DeedReview:
    """The case is closed."""
    conclusion = reason_field(desk, "conclusion", "loss_conclusion", words=lambda: text("losses.conclusion"))
    fields = (reason_field(desk, "cause", "loss_cause"), conclusion, Field("note", Note(3)))

    def deed(device: Device, said: Answers) -> Any:
        cause, end, note = code(said["cause"]), code(said["conclusion"]), said["note"]
        return following_losses.conclude(device, case.ref, cause=cause, conclusion=end, note=note)

    return Asking(desk, parent, case, done).ask("conclude", fields, deed)


def ask_loss(desk: Desk, parent: QWidget, done: Told) -> DeedReview:
    """Unused numbers are gone: which, how, noticed when; they are dead from now on."""
    kind = Field("kind", Segments(), required=True)
    kind.editor.offer([Option(one, label("kind", one)) for one in KINDS])
    fields = (
        kind,
        Field("numbers", CodeLine(), required=True),
        reason_field(desk, "cause", "loss"),
        day_field(desk, "found_out_on"),
        Field("note", Note(2)),
    )

    def deed(device: Device, said: Answers) -> Any:
        chosen, typed, on = code(said["kind"]), said["numbers"], code(said["found_out_on"])
        return report_loss(device, chosen, typed, cause=code(said["cause"]), found_out_on=on, note=said["note"])

    title, explained = text("numbers.loss_title"), text("numbers.loss_explained")
    act = text("numbers.loss_act")
    question = Question("loss", "", title, explained, act, fields, deed, done, dangerous=True, check=_check_loss)
    return DeedReview(desk, parent, question)


def _check_loss(form: Form) -> dict[str, str]:
    return {name: text("asking.choose") for name in ("kind", "numbers", "cause") if not form.value(name)}


def ask_turned_up(desk: Desk, parent: QWidget, case: LossCase, done: Told) -> DeedReview:
    """Lost numbers turned up; they stay dead."""
    numbers = Field("numbers", CodeLine(), required=True)
    numbers.set_value(case.first if case.first == case.last else f"{case.first}-{case.last}")
    fields = (numbers, day_field(desk, "found_on"), Field("note", Note(2)))

    def deed(device: Device, said: Answers) -> Any:
        typed, on, note = said["numbers"], said["found_on"], said["note"]
        return following_losses.report_found(device, case.kind, typed, found_on=on, note=note)

    return Asking(desk, parent, case, done).ask("turned_up", fields, deed)


ASKED: dict[str, Callable[[Desk, QWidget, LossCase, Told], DeedReview]] = {
    "publish": ask_publish,
    "report": ask_report,
    "acknowledge": ask_acknowledge,
    "conclude": ask_conclude,
    "turned_up": ask_turned_up,
}
"""The deeds of a loss that ask questions."""
