"""The certificate's own facts, what stands against it, and the paper as it will print (S10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.services import issuing
from inspector_app.services.device import Device
from inspector_app.services.issuing import Issued
from ui import theme
from ui.desk import Desk
from ui.forms.form_pane import FormPane, Question
from ui.forms.issue_form import IssueEditor, certificate_title
from ui.models.issuing import (
    DRAFT,
    PREVIEW_DPI,
    Hint,
    IssueCase,
    preview,
    read_hints,
)
from ui.models.papers import Picture, picture_of
from ui.tasks import Lane
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.chip import Chip
from ui.widgets.facts import Facts
from ui.widgets.paper_view import PaperView
from ui.widgets.words import words

NARROW_PX = 720
PREVIEW_PAUSE_MS = 500


class IssuePane(FormPane):
    """The certificate's own facts, its next number, what is missing, and the paper."""

    def __init__(self, desk: Desk) -> None:
        self.editor = IssueEditor(desk)
        self.paper = PaperView(PREVIEW_DPI)
        self.facts = Facts(columns=2)
        self.state = Chip("", Tone.GOOD)
        self.offline = words("muted", wrap=True)
        self._case: IssueCase | None = None
        self._plate_missed = False
        super().__init__(desk, self.editor, draft_of=DRAFT)
        self._preview_timer = QTimer(self)
        self._preview_timer.setSingleShot(True)
        self._preview_timer.setInterval(PREVIEW_PAUSE_MS)
        self._preview_timer.timeout.connect(self._ask_preview)
        self._asked = 0
        self.editor.edited.connect(self._preview_timer.start)
        self.editor.kind_changed.connect(lambda _kind: self._set_texts())
        self.act_button.set_icon("file-signature")
        self.form.follow_with(*self.paper.controls, self.later_button, self.act_button)
        self.begin()

    def _lay_out(self) -> None:
        super()._lay_out()
        scroll = self.body.takeAt(2)
        assert scroll is not None
        self.body.insertWidget(1, self.facts)
        self.body.insertWidget(2, self.offline)
        self._split = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._split.setSpacing(18)
        batches = scroll.widget()
        assert batches is not None
        self._split.addWidget(batches, 9)
        desk = QFrame()
        desk.setProperty("look", "well")
        inside = QBoxLayout(QBoxLayout.Direction.TopToBottom, desk)
        inside.setContentsMargins(8, 6, 8, 8)
        inside.addWidget(self.paper)
        self._desk_frame: QWidget = desk
        self._split.addWidget(desk, 11)
        self.body.insertLayout(4, self._split, 1)
        self.corner.insertWidget(0, self.state)

    def start(self, case: IssueCase) -> None:
        """The certificate of this batch."""
        self._case = case
        self._plate_missed = False
        self.editor.start(case)
        self.facts.show_facts(case.facts)
        self.begin_draft(case.kept, str(case.inspection["ref"]))
        if case.replaces is not None:
            number = str(case.replaces["number"])
            self.banner.say(Tone.WARN, text("issue.replaces", number=number), text("issue.replaces_body"))
        self._set_texts()
        self._preview_timer.start()

    def take_focus(self) -> None:
        """The keyboard goes to the first thing that is still to be filled in."""
        shown = [field for field in self.form.fields.values() if field.isVisibleTo(self.form)]
        empty = [field for field in shown if field.required and field.value() in (None, "")]
        self.form.go_to((empty or shown)[0].name)

    def check(self) -> Question | None:
        """All reasons against issuing this now."""
        if self._case is None:
            return None
        draft = self.editor.collect()
        return lambda device: issuing.can_issue(device, draft)

    def deed(self) -> Callable[[Device], Any]:
        """Issue: number, signatures and journal in one act."""
        draft = self.editor.collect()
        return lambda device: issuing.issue_certificate(device, draft)

    def recorded(self, result: Issued) -> None:
        """In force now."""
        self.desk.say(text("issue.done", number=result.number))
        self._case = None
        super().recorded(result)

    def on_refused(self, outcome: Refused) -> None:
        """A ship or a cart has no plate: whoever left it out may say why, and is asked only then."""
        self._plate_missed = any(one.field == "plate" for one in outcome.refusals)
        super().on_refused(outcome)

    def _on_looked(self, refusals: Sequence[Refusal]) -> None:
        super()._on_looked(refusals)
        plate = [one for one in refusals if one.field == "plate"]
        odd = any(one.code is RefusalCode.FIELD_INVALID for one in plate)
        self.editor.say_plate_unusual(unusual=odd or (self._plate_missed and bool(plate)))
        if self._case is not None:
            draft = self.editor.collect()
            self.desk.read(lambda device: read_hints(device, draft), self).on_success(self._show_hints)

    def _show_hints(self, hints: Sequence[Hint]) -> None:
        for hint in hints:
            field = self.editor.fields[hint.field]
            if not field.message:
                field.say(hint.shown, Tone.WARN)

    # --- the paper ----------------------------------------------------------------------------------------------------

    def _ask_preview(self) -> None:
        if self._case is None:
            return
        self._asked += 1
        asked, draft = self._asked, self.editor.collect()
        self.desk.read(lambda device: preview(device, draft), self).on_success(
            lambda content: self._draw(asked, draft, content)
        )

    def _draw(self, asked: int, draft: IssueDraft, content: Any) -> None:
        if asked != self._asked:
            return
        if content is None:
            self.paper.say(text("issue.no_paper_yet"))
            return
        press = self.desk.device.paper
        task = self.desk.tasks.run(lambda: picture_of(press, content, PREVIEW_DPI), Lane.OUTSIDE, self)
        task.on_success(lambda picture: self._show_paper(asked, picture)).on_failure(self.on_failed)

    def _show_paper(self, asked: int, picture: Picture) -> None:
        if asked == self._asked:
            self.paper.show_pages(picture.pages, text("issue.as_it_prints"), picture.copies)

    def look_at_paper(self) -> None:
        """Ctrl+P: the paper takes the keyboard; + − zoom."""
        self._ask_preview()
        self.paper.take_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the paper lies below the form."""
        super().resizeEvent(event)
        wide = event.size().width() >= theme.scaled(NARROW_PX)
        self._split.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def _set_texts(self) -> None:
        kind = self.editor.kind
        digits, left = self._case.numbers.get(kind, ("", 0)) if self._case else ("", 0)
        caption = text("issue.next_number", number=digits, left=left) if digits else text("issue.no_number")
        self.title(text("issue.title", form=certificate_title(kind)), caption)
        self.state.say(text("issue.passed"), Tone.GOOD)
        self.offline.setText(text("issue.offline_a"))
        self.offline.setVisible(kind == "A" and not self.desk.device.online)
        self.later_button.say(text("form.later"))
        shown = text("issue.issue", number=digits) if digits else text("issue.issue_unnumbered")
        self.act_button.say(shown, "Ctrl+Enter")
