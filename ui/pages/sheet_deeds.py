"""What is asked when a sheet is registered as spoiled, comes back, turns up again, or goes to the keeper above."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from inspector_app.services import sheet_custody
from inspector_app.services.device import Device
from inspector_app.services.on_desk import Sheet
from inspector_app.services.photographs import add_photographs
from inspector_app.services.sheet_custody import COLLECTION, HAND_IN, SPOIL, Batch, SheetName
from inspector_app.services.typed import NO_PICTURE
from ui.desk import Desk
from ui.forms.form import Form
from ui.models.naming import Naming
from ui.models.old_sheets import registered_by, sheet_words, span_facts
from ui.pages.deed_review import Answers, DeedReview, Question
from ui.texts import text
from ui.widgets.attachments import AttachmentEdit
from ui.widgets.checklist import CheckList
from ui.widgets.choice import DropDown
from ui.widgets.field import Field
from ui.widgets.moment_field import DayEdit
from ui.widgets.note import Note
from ui.widgets.popup_list import Option

Told = Callable[[Any], None]


def reason_field(
    desk: Desk, name: str, of: str, *, required: bool = True, words: Callable[[], str] | None = None
) -> Field:
    """A choice from one list of reasons."""
    field = Field(name, DropDown(), required=required, words=words)
    field.editor.offer(Naming(desk.device).reasons(of, desk.today()))
    return field


def code(answer: object) -> str:
    """The code of a choice, "" for none."""
    return str(answer or "")


def day_field(desk: Desk, name: str) -> Field:
    """A legal day, today unless the person says another."""
    field = Field(name, DayEdit(desk.today), required=True)
    field.set_value(desk.today())
    return field


def photo_field(desk: Desk, *, required: bool = False) -> Field:
    """Photographs."""
    return Field("attachments", AttachmentEdit(desk), required=required, words=lambda: text("old_sheets.photos"))


def sheet_facts(name: SheetName) -> list[tuple[str, str]]:
    """Which sheet it is about."""
    return [(text("old_sheets.number"), name.number), (text("old_sheets.which"), sheet_words(name))]


def _place(name: SheetName) -> Sheet:
    return Sheet(name.print, name.sheet)


def ask_spoil(desk: Desk, parent: QWidget, name: SheetName, done: Told) -> DeedReview:
    """Register a sheet as spoiled, with its category and photograph or the reason why there is none."""
    fields = (
        reason_field(desk, "category", SPOIL),
        photo_field(desk),
        reason_field(desk, "no_picture", NO_PICTURE, required=False),
    )

    def deed(device: Device, said: Answers) -> Any:
        return sheet_custody.spoil_sheet(
            device,
            name.number,
            _place(name),
            category=code(said["category"]),
            photos=said["attachments"],
            no_picture="" if said["attachments"] else code(said["no_picture"]),
        )

    def adapt(form: Form) -> None:
        form.fields["no_picture"].setVisible(not form.value("attachments"))

    return DeedReview(
        desk,
        parent,
        Question(
            "spoil",
            str(name),
            text("old_sheets.spoil_title", number=name.number),
            text("old_sheets.spoil_explained"),
            text("old_sheets.spoil_act"),
            fields,
            deed,
            done,
            sheet_facts(name),
            adapt=adapt,
        ),
    )


def ask_photo(desk: Desk, parent: QWidget, name: SheetName, done: Told) -> DeedReview:
    """The photograph of a spoiled sheet that could not be taken when it was registered."""
    return ask_later_photo(
        desk, parent, name.number, lambda device: registered_by(device, name), sheet_facts(name), done
    )


def ask_later_photo(
    desk: Desk,
    parent: QWidget,
    number: str,
    about: Callable[[Device], str],
    facts: Sequence[tuple[str, str]],
    done: Told,
) -> DeedReview:
    """The photograph of sheets of this number that a reason had excused; ``about`` gives the entry that did."""

    def deed(device: Device, said: Answers) -> Any:
        return add_photographs(device, about(device), said["attachments"])

    return DeedReview(
        desk,
        parent,
        Question(
            "add_photo",
            number,
            text("old_sheets.add_photo_title", number=number),
            text("old_sheets.add_photo_explained"),
            text("old_sheets.add_photo_act"),
            (photo_field(desk, required=True),),
            deed,
            done,
            facts,
        ),
    )


def ask_collect(desk: Desk, parent: QWidget, name: SheetName, done: Told) -> DeedReview:
    """A sheet came back from its holder."""
    marked = Field("marked", CheckList(1), words=lambda: text("old_sheets.marked"))
    marked.editor.offer([Option("seen", text("old_sheets.marked_seen"))])
    fields = (reason_field(desk, "reason", COLLECTION), marked, photo_field(desk), Field("note", Note(2)))

    def deed(device: Device, said: Answers) -> Any:
        return sheet_custody.collect_sheet(
            device,
            name.number,
            _place(name),
            reason=code(said["reason"]),
            marked=bool(said["marked"]),
            photos=said["attachments"],
            note=said["note"],
        )

    return DeedReview(
        desk,
        parent,
        Question(
            "collect",
            str(name),
            text("old_sheets.collect_title", number=name.number),
            text("old_sheets.collect_explained"),
            text("old_sheets.collect_act"),
            fields,
            deed,
            done,
            sheet_facts(name),
        ),
    )


def ask_find(desk: Desk, parent: QWidget, name: SheetName, done: Told) -> DeedReview:
    """A lost sheet turned up; it stays dead."""
    fields = (day_field(desk, "found_on"), Field("note", Note(2)))

    def deed(device: Device, said: Answers) -> Any:
        found_on, note = said["found_on"], said["note"]
        return sheet_custody.find_lost(device, name.number, _place(name), found_on=found_on, note=note)

    return DeedReview(
        desk,
        parent,
        Question(
            "find",
            str(name),
            text("old_sheets.find_title", number=name.number),
            text("old_sheets.find_explained"),
            text("old_sheets.find_act"),
            fields,
            deed,
            done,
            sheet_facts(name),
        ),
    )


def ask_lose(desk: Desk, parent: QWidget, name: SheetName, done: Told) -> DeedReview:
    """A sheet that should be on hand cannot be found."""
    fields = (reason_field(desk, "cause", "loss"),)

    def deed(device: Device, said: Answers) -> Any:
        return sheet_custody.lose_sheet(device, name.number, _place(name), cause=code(said["cause"]))

    return DeedReview(
        desk,
        parent,
        Question(
            "lose",
            str(name),
            text("old_sheets.lose_title", number=name.number),
            text("old_sheets.lose_explained"),
            text("old_sheets.lose_act"),
            fields,
            deed,
            done,
            sheet_facts(name),
            dangerous=True,
        ),
    )


def batch_facts(batch: Batch) -> list[tuple[str, str]]:
    """The numbers of the sheets that go together, and how many wait for the next time."""
    left = [(text("old_sheets.left"), text("old_sheets.left_over", n=batch.left))] if batch.left else []
    return [*span_facts(batch.sheets), *left]


def ask_hand_in(desk: Desk, parent: QWidget, batch: Batch, done: Told) -> DeedReview:
    """Old sheets go to the keeper of the institution above; the slip is drawn."""
    fields = (reason_field(desk, "receiver", HAND_IN), Field("note", Note(2)))

    def deed(device: Device, said: Answers) -> Any:
        return sheet_custody.hand_in(device, batch.sheets, to=code(said["receiver"]), note=said["note"])

    return DeedReview(
        desk,
        parent,
        Question(
            "hand_in",
            "",
            text("old_sheets.hand_in_title", n=len(batch.sheets)),
            text("old_sheets.hand_in_explained"),
            text("old_sheets.hand_in_act", n=len(batch.sheets)),
            fields,
            deed,
            done,
            batch_facts(batch),
            dangerous=True,
        ),
    )
