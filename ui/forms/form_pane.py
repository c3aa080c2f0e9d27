"""A form as a page shows it: messages above, the fields scrolling, and below what is missing beside the acts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout

from inspector_app.domain.refusals import Refusal, Refused
from inspector_app.services import drafts
from inspector_app.services.device import Device
from ui import explain, theme
from ui.desk import Desk
from ui.forms.autosave import Autosave
from ui.forms.form import Form
from ui.forms.live import LiveCheck
from ui.models.naming import moment_words_kept
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.living import Living
from ui.widgets.scroll import Scroll
from ui.widgets.words import words

Question = Callable[[Device], Sequence[Refusal]]
NAMED = 4
WIDE_PX = 600


class FormPane(Living, Card):
    """One form and its main act. Subclasses say how to check (:meth:`check`) and what to do (:meth:`deed`).

    Signals:
        done: the act is on record (its result).
        left: the person turned to something else; what was typed is kept.
    """

    done = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, form: Form, *, draft_of: str = "", margin: int = 20) -> None:
        super().__init__(margin=margin)
        self.desk = desk
        self.form = form
        self.saved = words("muted")
        self.missing = words("message", wrap=True)
        self.missing.setProperty("tone", Tone.WARN.value)
        self.banner = Banner()
        self.act_button = Button("primary", "check")
        self.later_button = Button("quiet")
        self.acts = QHBoxLayout()
        self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.autosave = Autosave(desk, form, draft_of) if draft_of else None
        self.live = LiveCheck(desk, form, self.check)
        self._acting = False
        self._lay_out()
        self._wire()
        self.form.follow_with(self.later_button, self.act_button)

    def _lay_out(self) -> None:
        self.corner.addWidget(self.saved)
        self.saved.hide()
        self.body.addWidget(self.banner)
        self.body.addWidget(Scroll(self.form), 1)
        self.acts.setSpacing(10)
        self.acts.addStretch(1)
        self.acts.addWidget(self.later_button)
        self.acts.addWidget(self.act_button)
        self._foot.addWidget(self.missing, 1)
        self._foot.addLayout(self.acts)
        self.body.addLayout(self._foot)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow place what is missing stands above the acts."""
        super().resizeEvent(event)
        wide = event.size().width() >= theme.scaled(WIDE_PX)
        directions = QBoxLayout.Direction
        self._foot.setDirection(directions.LeftToRight if wide else directions.TopToBottom)

    def _wire(self) -> None:
        self.act_button.act_wanted.connect(self.submit)
        # Pressed while something seemed missing: the service is asked anew and says what is, where it is.
        self.act_button.reason_wanted.connect(lambda _why: self.submit())
        self.later_button.act_wanted.connect(self.leave)
        self.form.submit_wanted.connect(self.submit)
        self.live.looked.connect(self._on_looked)
        if self.autosave is not None:
            self.autosave.kept.connect(lambda at: self._say_saved(moment_words_kept(at)))

    # --- what a subclass says ---------------------------------------------------------------------------------------

    def check(self) -> Question | None:
        """What stands against the act; None while there is nothing to look at."""
        return None

    def deed(self) -> Callable[[Device], Any]:
        """The act itself, with everything it needs already read from the fields."""
        raise NotImplementedError

    def recorded(self, result: Any) -> None:
        """The act is on record; says so and lets the page go on."""
        self.done.emit(result)

    # --- beginning and leaving --------------------------------------------------------------------------------------

    def begin_draft(self, kept: drafts.Kept | None, subject: str) -> None:
        """The form is now about ``subject``; ``kept`` is the draft it continues."""
        self.banner.dismiss()
        self._say_saved(moment_words_kept(kept.saved_at) if kept else "")
        if self.autosave is not None:
            self.autosave.begin(kept.draft if kept else "", subject)
        if kept is not None:
            self.form.restore(kept.content)
        self.live.start_anew()

    def _say_saved(self, shown: str) -> None:
        self.saved.setText(shown)
        self.saved.setVisible(bool(shown))

    def leave(self) -> None:
        """The draft stays; nobody is asked."""
        if self.autosave is not None:
            self.autosave.flush()
        self.left.emit()

    # --- acting -------------------------------------------------------------------------------------------------------

    def submit(self) -> None:
        """Do it, unless something is missing; then go there."""
        if self._acting:
            return
        self.live.visit_all()
        self._acting = True
        task = self.desk.act(self.deed(), self, done=self._on_done, refused=self.on_refused, failed=self.on_failed)
        task.ended.connect(self._on_ended)

    def _on_ended(self) -> None:
        self._acting = False

    def _on_done(self, result: Any) -> None:
        if self.autosave is not None:
            self.autosave.done()
        self.recorded(result)

    def on_refused(self, outcome: Refused) -> None:
        """Messages below their fields, the rest above the form; the focus goes to the first."""
        left = self.form.say_refusals(outcome.refusals)
        if left:
            said = explain.refused(left)
            self.banner.say(said.tone, said.headline, said.body, details=said.details)
        self._on_looked(outcome.refusals)
        self.form.go_to_problem()

    def on_failed(self, error: Exception) -> None:
        """The environment did not allow it; the form stays as it is."""
        said = explain.problem(error)
        self.banner.say(said.tone, said.headline, said.body, details=said.details)

    def _on_looked(self, refusals: Sequence[Refusal]) -> None:
        shown = missing_words(refusals)
        self.missing.setText(shown)
        self.act_button.block(shown)


def missing_words(refusals: Sequence[Refusal]) -> str:
    """还差 2 项：车牌号、到达地点; what belongs to no field is said by its own headline."""
    fields = list(dict.fromkeys(one.field for one in refusals if one.field))
    if fields:
        names = text("list.comma").join(explain.word("field", name) for name in fields[:NAMED])
        more = text("list.more") if len(fields) > NAMED else ""
        return text("form.missing", n=len(fields), what=names + more)
    return explain.refusal(refusals[0]).headline if refusals else ""
