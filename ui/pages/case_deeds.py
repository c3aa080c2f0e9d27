"""What is asked to open a case by hand: what kind of case, what it is about, since when, and what was seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from inspector_app.domain.numbering import parse_range
from inspector_app.services import custody_cases
from inspector_app.services.custody_cases import LIST
from inspector_app.services.device import Device
from inspector_app.services.number_custody import KINDS
from ui.desk import Desk
from ui.explain import label
from ui.forms.form import Form
from ui.models.cases import NUMBERS, Abouts
from ui.pages.deed_review import Answers, DeedReview, Question
from ui.pages.sheet_deeds import code, day_field, reason_field
from ui.texts import text
from ui.widgets.choice import DropDown, Segments
from ui.widgets.field import Field
from ui.widgets.line import CodeLine
from ui.widgets.note import Note
from ui.widgets.popup_list import Option


def ask_open(
    desk: Desk, parent: QWidget, abouts: Abouts, done: Callable[[Any], None], *, number: str = ""
) -> DeedReview:
    """Open the page; ``abouts`` are the stores and draws a case may be about, ``number`` the one it is about."""
    concerns = Field("concerns", Segments(), required=True, words=lambda: text("cases.concerns"))
    concerns.editor.offer([Option(what, text(f"cases.concerns_{what}")) for what in (NUMBERS, *abouts)])
    concerns.set_value(NUMBERS)
    kind, digits = Field("kind", Segments(), required=True), Field("numbers", CodeLine(), required=True)
    kind.editor.offer([Option(one, label("kind", one)) for one in KINDS])
    kind.set_value(number.partition(" ")[0] or None)
    digits.set_value(number.partition(" ")[2])
    about = Field("about", DropDown(), required=True)
    fields = (
        reason_field(desk, "case_kind", LIST),
        concerns,
        kind,
        digits,
        about,
        day_field(desk, "opened_on"),
        Field("note", Note(3)),
    )

    offered = ""

    def adapt(form: Form) -> None:
        nonlocal offered
        what = code(form.value("concerns"))
        for name, of in (("kind", what == NUMBERS), ("numbers", what == NUMBERS), ("about", what != NUMBERS)):
            form.fields[name].setVisible(of)
        if what != offered:
            offered = what
            form.fields["about"].editor.offer(abouts.get(what, ()))

    question = Question(
        "custody_case",
        number,
        text("cases.open_title"),
        text("cases.open_explained"),
        text("cases.open_act"),
        fields,
        _open,
        done,
        adapt=adapt,
        check=_check,
    )
    return DeedReview(desk, parent, question)


def _open(device: Device, said: Answers) -> Any:
    opened_on, note = code(said["opened_on"]), said["note"]
    if said["concerns"] != NUMBERS:
        about = code(said["about"])
        return custody_cases.open_case(device, code(said["case_kind"]), about, opened_on=opened_on, note=note)
    kind, found = code(said["kind"]), parse_range(said["numbers"])
    first, last = found if found is not None else ("", "")
    return custody_cases.open_case(
        device,
        code(said["case_kind"]),
        f"{kind} {first}",
        numbers=(kind, first, last),
        opened_on=opened_on,
        note=note,
    )


def _check(form: Form) -> dict[str, str]:
    """What has to be answered, and a range that is none."""
    concerns = form.value("concerns") == NUMBERS
    wanted = ("case_kind", "kind", "numbers") if concerns else ("case_kind", "about")
    found = {name: text("asking.choose") for name in wanted if not form.value(name)}
    if concerns and form.value("numbers") and parse_range(str(form.value("numbers"))) is None:
        found["numbers"] = text("cases.no_range")
    return found
