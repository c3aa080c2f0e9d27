"""The second person's confirmation on one review page: at this desk, by whoever is signed in, or from a signed form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from inspector_app.errors import StationError
from inspector_app.services import ceremony
from inspector_app.services.device import Device, Session
from ui import explain
from ui.desk import Desk
from ui.models.confirmations import read_seconds
from ui.pages.asking import say_problem, say_refused
from ui.tasks import Lane
from ui.texts import text
from ui.widgets.attachments import AttachmentEdit
from ui.widgets.choice import DropDown, Segments
from ui.widgets.field import Field
from ui.widgets.passphrase import PassphraseLine
from ui.widgets.popup_list import Option
from ui.widgets.review import Review


class Confirming(QObject):
    """Asks how two persons share an act that is on record, and has it confirmed.

    With ``only_together`` the person signed in cannot be the second: somebody else gives a passphrase at this desk.
    ``done`` is called when the confirmation is on record.
    """

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        act: str,
        *,
        title: str,
        facts: Sequence[tuple[str, str]],
        only_together: bool,
        done: Callable[[], Any],
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.act = act
        self._done = done
        self.review = Review(
            parent, title, text("confirming.explained"), act=text("confirming.confirm"), dangerous=False
        )
        self.form = Field("confirm_form", Segments(), required=True, words=lambda: text("confirming.form"))
        self.second = Field("second", DropDown(), required=True, words=lambda: text("confirming.second"))
        self.passphrase = Field(
            "passphrase", PassphraseLine(), required=True, words=lambda: text("confirming.passphrase")
        )
        self.paper = Field("attachments", AttachmentEdit(desk), words=lambda: text("confirming.paper"))
        self._open(facts, only_together=only_together)

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its questions in order."""
        return (self.form, self.second, self.passphrase, self.paper)

    def _open(self, facts: Sequence[tuple[str, str]], *, only_together: bool) -> None:
        forms = [ceremony.TOGETHER] if only_together else [ceremony.APART, ceremony.TOGETHER, ceremony.ON_PAPER]
        self.form.editor.offer([Option(form, text(f"confirming.form_{form}")) for form in forms])
        self.form.set_value(forms[0])
        self.form.setVisible(len(forms) > 1)
        self.review.show_facts(facts)
        self.review.ask(*self.fields)
        self.form.editor.edited.connect(self._show_form)
        self.passphrase.editor.given.connect(self.review.button.click)
        self.review.act_wanted.connect(self._on_act)
        self.review.finished.connect(self._on_closed)
        self._show_form()
        self.review.open()
        if only_together:
            self.second.setFocus()
        home, act = self.desk.home, self.act
        seconds = self.desk.read(lambda device: read_seconds(device, home.people(), act), self.review)
        seconds.on_success(self._offer_seconds).on_failure(lambda error: say_problem(self.review, error))

    def _offer_seconds(self, people: list[Option]) -> None:
        self.second.editor.offer(people)
        if len(people) == 1:
            self.second.set_value(people[0].value)
        if not people:
            self.second.say(text("confirming.nobody"))

    def _show_form(self) -> None:
        form = self.form.value()
        for field in (self.second, self.passphrase):
            field.setVisible(form == ceremony.TOGETHER)
        # Apart the policy may want a signed form as well; the service says so below the field.
        self.paper.setVisible(form != ceremony.TOGETHER)

    def _on_act(self) -> None:
        if self.review.button.reason:
            return
        if self.form.value() == ceremony.TOGETHER:
            self._together()
            return
        form, attachments = str(self.form.value()), list(self.paper.value())
        self._act(lambda device: ceremony.confirm_act(device, self.act, form=form, attachments=attachments))

    def _together(self) -> None:
        person, passphrase = self.second.value(), self.passphrase.value()
        if not isinstance(person, int):
            self.second.say(text("confirming.nobody" if not self.second.editor.count() else "asking.choose"))
            return
        if not passphrase:
            self.passphrase.say(text("unlock.empty"))
            self.passphrase.setFocus()
            return
        home = self.desk.home
        self.review.button.block(text("unlock.trying"))
        # Argon2 takes its time: the screen stays alive, and the database is left to others meanwhile.
        task = self.desk.tasks.run(lambda: home.second(person, passphrase), Lane.OUTSIDE, self.review)
        task.on_success(self._on_second).on_failure(lambda error: say_problem(self.review, error))
        task.ended.connect(self._on_tried)

    def _on_closed(self) -> None:
        """Nobody's passphrase stays in a page that is gone."""
        self.passphrase.set_value("")
        self.deleteLater()

    def _on_tried(self) -> None:
        self.review.button.block("")

    def _on_second(self, found: Any) -> None:
        self.passphrase.set_value("")
        if not self.review.isVisible():
            return  # whoever thought better of it while the passphrase was tried has confirmed nothing
        if isinstance(found, Session):
            self._act(lambda device: ceremony.confirm_together(device, self.act, found))
            return
        self.passphrase.say(explain.problem(StationError(found.value)).headline)
        self.passphrase.setFocus()

    def _act(self, deed: Callable[[Device], Any]) -> None:
        self.desk.act(
            deed,
            self.review,
            done=self._on_done,
            refused=lambda outcome: say_refused(self.review, outcome, self.fields),
            failed=lambda error: say_problem(self.review, error),
        )

    def _on_done(self, _ref: Any) -> None:
        self.review.accept()
        self.desk.say(text("confirming.done"))
        self._done()
