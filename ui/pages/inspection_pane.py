"""Writing an inspection down on site: documents, history, clinical findings, the conclusion (S06)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.services import drafts, inspecting
from inspector_app.services.device import Device
from ui.desk import Desk
from ui.forms.form_pane import FormPane, Question
from ui.forms.inspection_form import InspectionEditor
from ui.models.naming import Naming
from ui.texts import text

DRAFT = "inspection"


class InspectionPane(FormPane):
    """The form on site."""

    def __init__(self, desk: Desk) -> None:
        self.editor = InspectionEditor(desk)
        super().__init__(desk, self.editor, draft_of=DRAFT)
        self._row: Any = None
        self.editor.conclusion.edited.connect(self._name_act)
        self.begin()

    def start(self, declaration: Any, kept: drafts.Kept | None) -> None:
        """Inspect this declaration's batch."""
        self._row = declaration
        self.editor.start(declaration, self.desk.now())
        self.begin_draft(kept, str(declaration["ref"]))
        self._set_texts()
        self.editor.go_to("batch")

    def check(self) -> Question | None:
        """What is wrong or missing."""
        if self._row is None:
            return None
        form, unreadable = self.editor.collect(), self.editor.unreadable()
        asked = self.editor.value("history_clean") is None

        def question(device: Device) -> Sequence[Refusal]:
            found = list(inspecting.check_form(device, form))
            return [*_unanswered(asked), *found, *_unreadable(unreadable)]

        return question

    def deed(self) -> Callable[[Device], str | Refused]:
        """Record it."""
        form, unreadable = self.editor.collect(), self.editor.unreadable()
        asked = self.editor.value("history_clean") is None

        def do(device: Device) -> str | Refused:
            wrong = [*_unanswered(asked), *_unreadable(unreadable)]
            return Refused(tuple(wrong)) if wrong else inspecting.complete_inspection(device, form)

        return do

    def _on_looked(self, refusals: Sequence[Refusal]) -> None:
        super()._on_looked(refusals)
        needed = any(one.field == "quantity_reason" for one in refusals)
        self.editor.say_more_than_declared(needed=needed)

    def _name_act(self) -> None:
        conclusion = str(self.editor.conclusion.value() or "")
        shown = text(f"inspection.complete_{conclusion}") if conclusion else text("inspection.complete")
        self.act_button.say(shown, "Ctrl+Enter")

    def _set_texts(self) -> None:
        if self._row is not None:
            naming = Naming(self.desk.device)
            caption = f"{naming.batch(self._row)} · {naming.quantity(self._row)}"
            self.title(str(self._row["owner_name"] or text("removed")), caption)
        self._name_act()
        self.later_button.say(text("form.later"))


def _unanswered(asked: bool) -> list[Refusal]:
    return [Refusal(code=RefusalCode.FIELD_MISSING, field="history_clean")] if asked else []


def _unreadable(names: Sequence[str]) -> list[Refusal]:
    return [Refusal(code=RefusalCode.FIELD_INVALID, field=name) for name in names]
