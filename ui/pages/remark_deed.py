"""What is asked to settle a remark of the province: how it came, what followed, and words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from inspector_app.services import outcomes
from inspector_app.services.custody_cases import CAUSES, CONCLUSIONS
from inspector_app.services.device import Device
from ui.desk import Desk
from ui.forms.form import Form
from ui.models.contact import RemarkLine
from ui.pages.deed_review import Answers, DeedReview, Question
from ui.pages.sheet_deeds import code, reason_field
from ui.texts import text
from ui.widgets.field import Field
from ui.widgets.note import Note

ASKED = ("case_cause", "case_conclusion", "note")


def ask_settle(desk: Desk, parent: QWidget, line: RemarkLine, done: Callable[[Any], None]) -> DeedReview:
    """Open the page for one remark."""
    fields = (
        reason_field(desk, "case_cause", CAUSES),
        reason_field(desk, "case_conclusion", CONCLUSIONS),
        Field("note", Note(3), required=True),
    )
    ref = line.remark.ref

    def deed(device: Device, said: Answers) -> Any:
        chosen = {"cause": code(said["case_cause"]), "conclusion": code(said["case_conclusion"])}
        return outcomes.settle(device, ref, **chosen, note=str(said["note"] or ""))

    question = Question(
        "remark",
        ref,
        text("sync.settle_title"),
        f"{line.happened} {line.todo}",
        text("sync.settle_act"),
        fields,
        deed,
        done,
        facts=_facts(line),
        check=_check,
    )
    return DeedReview(desk, parent, question)


def _facts(line: RemarkLine) -> list[tuple[str, str]]:
    return [
        (text("sync.case"), line.case),
        (text("sync.done_when"), line.done_when),
        (text("sync.owner"), line.owner),
        (text("column.due_on"), line.due_on),
        (text("sync.paper"), line.remark.number),
    ]


def _check(form: Form) -> dict[str, str]:
    return {name: text("asking.choose") for name in ASKED[:2] if not form.value(name)}
