"""An act with several questions on one review page: a refusal stands beside what it is about, and what was typed stays.

What is typed is kept as a draft within a second, so an answer that has to be looked up (a photograph, a count) may be
given later: whoever opens the same act about the same thing again finds it there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from inspector_app.domain.refusals import Refused
from inspector_app.services import drafts
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.explain import Explained
from ui.forms.autosave import Autosave
from ui.forms.form import Form
from ui.widgets.field import Field
from ui.widgets.review import Review

Answers = dict[str, Any]


class Question(NamedTuple):
    """What an act asks: ``of`` names its drafts, ``subject`` what it is about; fields bear the names refusals use.

    ``deed`` is done with the answers, ``done`` is told when it is on record. ``adapt`` is told of every change, to show
    what an answer makes necessary; ``check`` says what is wrong with the answers themselves, by field.
    """

    of: str
    subject: str
    title: str
    explanation: str
    act: str
    fields: Sequence[Field]
    deed: Callable[[Device, Answers], Any]
    done: Callable[[Any], Any]
    facts: Sequence[tuple[str, str]] = ()
    dangerous: bool = False
    adapt: Callable[[Form], None] | None = None
    check: Callable[[Form], dict[str, str]] | None = None


class DeedReview(Review):
    """The page of one :class:`Question`."""

    def __init__(self, desk: Desk, parent: QWidget, question: Question) -> None:
        super().__init__(parent, question.title, question.explanation, act=question.act, dangerous=question.dangerous)
        self.desk, self.question = desk, question
        self._acting = False
        self.form = Form()
        self.form.add_section(question.fields, columns=1)
        self.show_facts(question.facts)
        self.ask_form(self.form)
        self.autosave = Autosave(desk, self.form, question.of)
        self._connect()
        self._adapt()
        of, subject = question.of, question.subject
        desk.read(lambda device: drafts.about(device, of, subject), self).on_success(self._go_on)
        self.open()
        self.form.go_to(question.fields[0].name)

    def _connect(self) -> None:
        self.act_wanted.connect(self._do)
        self.rejected.connect(self.autosave.flush)
        self.form.edited.connect(self._adapt)
        self.form.submit_wanted.connect(lambda: self.button.setFocus(Qt.FocusReason.TabFocusReason))

    def _go_on(self, kept: drafts.Kept | None) -> None:
        """Show what was typed before, unless the person was faster."""
        if self.autosave.has_unsaved:
            return
        self.autosave.begin(kept.draft if kept else "", self.question.subject)
        if kept is not None:
            self.form.restore(kept.content)
            self._adapt()

    def _adapt(self) -> None:
        if self.question.adapt is not None:
            self.question.adapt(self.form)

    def _do(self) -> None:
        if self._acting or self._say_wrong():
            return
        self._acting = True
        answers, deed = self.form.values(), self.question.deed
        task = self.desk.act(
            lambda device: deed(device, answers), self, done=self._on_done, refused=self._on_refused, failed=self._fail
        )
        task.ended.connect(self._on_ended)

    def _say_wrong(self) -> bool:
        """What cannot be read is said below its field and is not guessed."""
        self.form.clear_messages()
        wrong = self.question.check(self.form) if self.question.check is not None else {}
        for name, field in self.form.fields.items():
            field.say(field.unread or wrong.get(name, ""))
        return self.form.go_to_problem()

    def _on_ended(self) -> None:
        self._acting = False

    def _on_done(self, result: Any) -> None:
        self.autosave.done()
        self.accept()
        self.question.done(result)

    def _on_refused(self, outcome: Refused) -> None:
        left = self.form.say_refusals(outcome.refusals)
        if left:
            self._say(explain.refused(left))
        else:
            self.banner.hide()
        self.form.go_to_problem()

    def _fail(self, error: Exception) -> None:
        self._say(explain.problem(error))

    def _say(self, said: Explained) -> None:
        self.banner.say(said.tone, said.headline, said.body, details=said.details)
