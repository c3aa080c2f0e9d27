"""What is asked on the way to a destruction: the request, the review, the form signed on paper, the destruction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtWidgets import QWidget

from inspector_app.domain.authority import Post
from inspector_app.services import destroying
from inspector_app.services.destroying import BACK, METHOD, Destruction
from inspector_app.services.device import Device
from inspector_app.services.sheet_custody import Batch, SheetName
from ui.desk import Desk
from ui.forms.counts import typed_count
from ui.forms.form import Form
from ui.models.old_sheets import span_facts
from ui.models.records import people_with
from ui.pages.deed_review import Answers, DeedReview, Question
from ui.pages.sheet_deeds import Told, batch_facts, code, day_field, photo_field, reason_field
from ui.texts import text
from ui.widgets.choice import DropDown, Segments
from ui.widgets.field import Field
from ui.widgets.line import CodeLine
from ui.widgets.note import Note
from ui.widgets.popup_list import Option


class Request(NamedTuple):
    """An open request, and the people who may stand in it."""

    ref: str
    sheets: list[SheetName]
    method: str
    deputy: int
    deputies: list[Option]
    legals: list[Option]


def read_request_parts(device: Device, ref: str) -> Request:
    """Read what the questions need; runs in the background."""
    row = device.rows.one("destructions", ref=ref) or {}
    people = people_with(device, Post.DEPUTY), people_with(device, Post.LEGAL)
    deputy = destroying.agreed(device, row).deputy
    return Request(ref, destroying.sheets_of(device, ref), str(row["method"]), deputy, *people)


def _count_field() -> Field:
    return Field("counted", CodeLine(), required=True, words=lambda: text("old_sheets.count_by_hand"))


def _count(said: Answers) -> int:
    return typed_count(said["counted"], -1)


def _check_count(form: Form) -> dict[str, str]:
    """A count is a number somebody counted, not one that is filled in."""
    return {} if _count(form.values()) >= 0 else {"counted": text("old_sheets.count_please")}


def _person_field(name: str, people: Sequence[Option]) -> Field:
    field = Field(name, DropDown(), required=True)
    field.editor.offer(people)
    return field


def _facts(request: Request) -> list[tuple[str, str]]:
    return [
        (text("old_sheets.how_many"), text("old_sheets.sheets", n=len(request.sheets))),
        *span_facts(request.sheets),
    ]


def ask_request(desk: Desk, parent: QWidget, batch: Batch, done: Told) -> DeedReview:
    """Ask for the destruction of sheets; the request is drawn for four signatures."""
    fields = (
        reason_field(desk, "destruction_method", METHOD),
        day_field(desk, "planned_on"),
        _count_field(),
        Field("note", Note(2)),
    )

    def deed(device: Device, said: Answers) -> Any:
        return destroying.request_destruction(
            device,
            batch.sheets,
            method=code(said["destruction_method"]),
            planned_on=said["planned_on"],
            counted=_count(said),
            note=said["note"],
        )

    return DeedReview(
        desk,
        parent,
        Question(
            "destruction_request",
            "",
            text("old_sheets.request_title", n=len(batch.sheets)),
            text("old_sheets.request_explained"),
            text("old_sheets.request_act"),
            fields,
            deed,
            done,
            batch_facts(batch),
            check=_check_count,
        ),
    )


def ask_review(desk: Desk, parent: QWidget, request: Request, done: Told) -> DeedReview:
    """The head's review: the count agrees, and the request goes on."""

    def deed(device: Device, said: Answers) -> Any:
        return destroying.review(device, request.ref, counted=_count(said), note=said["note"])

    return DeedReview(
        desk,
        parent,
        Question(
            "destruction_review",
            request.ref,
            text("old_sheets.review_title"),
            text("old_sheets.review_explained"),
            text("old_sheets.review_act"),
            (_count_field(), Field("note", Note(2))),
            deed,
            done,
            _facts(request),
            check=_check_count,
        ),
    )


def ask_send_back(desk: Desk, parent: QWidget, request: Request, done: Told) -> DeedReview:
    """The request goes back to the handler, with its reason and perhaps a suspicion."""
    suspected = Field("suspected", Segments(), words=lambda: text("old_sheets.suspected"))
    suspected.editor.offer([Option("no", text("old_sheets.no")), Option("yes", text("old_sheets.suspected_yes"))])
    suspected.set_value("no")
    fields = (reason_field(desk, "sent_back", BACK), suspected, Field("note", Note(2)))

    def deed(device: Device, said: Answers) -> Any:
        back, note, doubt = code(said["sent_back"]), said["note"], said["suspected"] == "yes"
        return destroying.review(device, request.ref, counted=0, sent_back=back, suspected=doubt, note=note)

    def check(form: Form) -> dict[str, str]:
        # Without a reason it would be a review that lets the request go on.
        return {} if form.value("sent_back") else {"sent_back": text("asking.choose")}

    return DeedReview(
        desk,
        parent,
        Question(
            "destruction_back",
            request.ref,
            text("old_sheets.send_back_title"),
            text("old_sheets.send_back_explained"),
            text("old_sheets.send_back_act"),
            fields,
            deed,
            done,
            _facts(request),
            dangerous=True,
            check=check,
        ),
    )


def ask_signed(desk: Desk, parent: QWidget, request: Request, done: Told) -> DeedReview:
    """Enter the request that deputy leader and legal representative signed and sealed on paper."""
    fields = (
        _person_field("deputy", request.deputies),
        _person_field("legal", request.legals),
        day_field(desk, "signed_on"),
        photo_field(desk, required=True),
    )

    def deed(device: Device, said: Answers) -> Any:
        return destroying.enter_signed(
            device,
            request.ref,
            deputy=said["deputy"] or 0,
            legal=said["legal"] or 0,
            signed_on=said["signed_on"],
            photos=said["attachments"],
        )

    return DeedReview(
        desk,
        parent,
        Question(
            "destruction_signed",
            request.ref,
            text("old_sheets.signed_title"),
            text("old_sheets.signed_explained"),
            text("old_sheets.signed_act"),
            fields,
            deed,
            done,
            _facts(request),
            check=_missing_people,
        ),
    )


def _missing_people(form: Form) -> dict[str, str]:
    return {name: text("old_sheets.answer") for name in ("deputy", "legal") if not form.value(name)}


def ask_destroy(desk: Desk, parent: QWidget, request: Request, done: Told) -> DeedReview:
    """The sheets were destroyed in the deputy leader's presence."""
    supervisor = _person_field("supervisor", request.deputies)
    supervisor.set_value(request.deputy)
    method = reason_field(desk, "destruction_method", METHOD)
    method.set_value(request.method)
    day, photos = day_field(desk, "destroyed_on"), photo_field(desk, required=True)
    fields = (supervisor, method, _count_field(), day, photos, Field("note", Note(2)))

    def deed(device: Device, said: Answers) -> Any:
        carried_out = Destruction(
            method=code(said["destruction_method"]),
            counted=_count(said),
            destroyed_on=said["destroyed_on"],
            supervisor=said["supervisor"] or 0,
            photos=tuple(said["attachments"]),
        )
        return destroying.destroy(device, request.ref, carried_out, note=said["note"])

    return DeedReview(
        desk,
        parent,
        Question(
            "destruction",
            request.ref,
            text("old_sheets.destroy_title"),
            text("old_sheets.destroy_explained"),
            text("old_sheets.destroy_act", n=len(request.sheets)),
            fields,
            deed,
            done,
            _facts(request),
            dangerous=True,
            check=_check_count,
        ),
    )


ASKED: dict[str, Callable[[Desk, QWidget, Request, Told], DeedReview]] = {
    "review": ask_review,
    "send_back": ask_send_back,
    "enter_signed": ask_signed,
    "destroy": ask_destroy,
}
"""The deeds of a request that ask questions."""
