"""Taking a declaration down: at the counter, from a draft, or in answer to an online one (S04)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal

from inspector_app.domain.refusals import Refusal, Refused
from inspector_app.services import declaring, drafts
from inspector_app.services.device import Device
from ui.desk import Desk
from ui.forms.declaration_form import DeclarationEditor
from ui.forms.form_pane import FormPane, Question
from ui.models.declarations import DeclarationDetail, read_owners
from ui.texts import text
from ui.widgets.button import Button

FORM = "declaration"


class DeclarationPane(FormPane):
    """The form with its two acts: take down and accept, or only take down.

    Signals:
        taken_down: it is on record (its name, and the day to inspect on if it is to be accepted at once).
    """

    taken_down = Signal(str, str)

    def __init__(self, desk: Desk, station_area: int) -> None:
        self.editor = DeclarationEditor(desk, station_area)
        super().__init__(desk, self.editor, draft_of=FORM)
        self._accept = True
        self.record_button = Button("plain")
        self.acts.insertWidget(2, self.record_button)
        self.form.follow_with(self.later_button, self.record_button, self.act_button)
        self.record_button.act_wanted.connect(self._record_only)
        self.record_button.reason_wanted.connect(lambda _why: self._record_only())
        self.begin()

    def check(self) -> Question | None:
        """Everything still wrong with what is typed."""
        collected = self.editor.collect()
        return lambda device: declaring.check_form(device, collected)

    def start(self, online: DeclarationDetail | None = None) -> None:
        """An empty form, or one that answers an online declaration."""
        self._with_owners(lambda: self._start(online))

    def _start(self, online: DeclarationDetail | None) -> None:
        values = self.editor.values_of(online.line.row) if online else None
        self.editor.start(values, online.line.online if online else "")
        self.begin_draft(None, f"online:{online.line.online}" if online else "")
        self.editor.go_to("owner")

    def resume(self, draft: str) -> None:
        """A draft, as it was left."""

        def show(kept: drafts.Kept | None) -> None:
            if kept is not None:
                self._with_owners(lambda: self._restore(kept))

        self.desk.read(lambda device: drafts.find(device, draft), self).on_success(show)

    def _restore(self, kept: drafts.Kept) -> None:
        self.editor.start()
        self.begin_draft(kept, kept.subject)
        self.editor.go_to("owner")

    def _with_owners(self, then: Callable[[], None]) -> None:
        def show(owners: list[dict[str, Any]]) -> None:
            self.editor.know_owners(owners)
            then()

        self.desk.read(read_owners, self).on_success(show)

    def submit(self) -> None:
        """Take it down and accept it."""
        self._accept = True
        super().submit()

    def _record_only(self) -> None:
        self._accept = False
        super().submit()

    def deed(self) -> Callable[[Device], str | Refused]:
        """Take it down."""
        collected = self.editor.collect()
        return lambda device: declaring.record_declaration(device, collected)

    def recorded(self, result: str) -> None:
        """It is on record; whether it is to be accepted too is told on."""
        inspect_on = str(self.editor.value("inspect_on") or self.desk.today())
        self.desk.say(text("declarations.recorded", owner=str(self.editor.value("owner"))))
        self.taken_down.emit(result, inspect_on if self._accept else "")

    def _on_looked(self, refusals: Sequence[Refusal]) -> None:
        super()._on_looked(refusals)
        self.record_button.block(self.act_button.reason)

    def _set_texts(self) -> None:
        self.title(text("declarations.editor"), text("declarations.editor_caption"))
        self.act_button.say(text("declarations.accept_new"), "Ctrl+Enter")
        self.record_button.say(text("declarations.record_only"))
        self.later_button.say(text("form.later"))
