"""The step that gives the paper away: tick what was seen on it, hand it over; or give the print up for the next one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from inspector_app.services import print_jobs
from inspector_app.services.device import Device
from ui.desk import Desk
from ui.models.prints import NEEDED_MARKS, PaperDetail
from ui.pages.asking import AskedReason, ask_reason
from ui.pages.steps.late_record import ask_late, hand_over_as_ticked
from ui.pages.steps.step import KeyRest, PaperStep
from ui.places import Place
from ui.texts import text
from ui.widgets.button import Button
from ui.widgets.checklist import CheckList
from ui.widgets.field import Field
from ui.widgets.popup_list import Option


class HandingOverStep(PaperStep):
    """A spoiled print has only the second of the two acts."""

    comes_at = ("hand_over", "release")

    def __init__(self, desk: Desk, rest: KeyRest) -> None:
        super().__init__(desk, rest)
        self.signed = CheckList(1)
        self.hand_over_button = Button("primary", "package-check")
        self.late_button = Button("plain", "history")
        self.release_button = Button("plain", "files")
        self._place((self.signed,), (self.hand_over_button, self.late_button, self.release_button))
        self.signed.edited.connect(self._show_marks)
        self.hand_over_button.act_wanted.connect(self._hand_over)
        self.late_button.act_wanted.connect(lambda: ask_late(self))
        self.release_button.act_wanted.connect(self._release)
        self.begin()

    def begin_step(self, detail: PaperDetail) -> None:
        """Nobody has looked at this paper yet."""
        self._offer_marks(detail)
        self.signed.set_value([])

    def show_step(self, detail: PaperDetail) -> None:
        """What was spoiled cannot be handed over."""
        whole = detail.line.step == "hand_over"
        self.signed.setVisible(whole)
        self.hand_over_button.setVisible(whole)
        self.late_button.setVisible(whole)
        self._show_marks()

    def acts(self) -> Sequence[Button]:
        """Hand over; of a spoiled print release the next."""
        return (self.hand_over_button, self.release_button)

    def focus_order(self) -> Sequence[QWidget]:
        """The first mark to tick."""
        return (*self.signed.boxes[:1], *self.acts()) if self.signed.isVisibleTo(self) else self.acts()

    def _offer_marks(self, detail: PaperDetail) -> None:
        self.signed.offer([Option(code, text(f"prints.{code}")) for code in detail.marks])

    def _show_marks(self) -> None:
        """Hand-over waits until what makes the paper valid was seen on it."""
        marks = self.detail.marks if self.detail else ()
        missing = [code for code in marks if code in NEEDED_MARKS and code not in self.signed.value()]
        names = text("list.comma").join(text(f"prints.{code}") for code in missing)
        self.hand_over_button.block(text("prints.tick_first", what=names) if missing else "")

    def _hand_over(self) -> None:
        detail = self.detail
        if detail is None or self.rest.isActive():
            return
        number, ticked = detail.line.number, set(self.signed.value())

        def deed(device: Device) -> Any:
            return hand_over_as_ticked(device, number, ticked)

        def done(_entry: Any) -> None:
            self.desk.say(text("prints.handed_over", number=number, owner=detail.line.owner))

        self.desk.act(deed, self, done=done, refused=self._say_refused, failed=self._say_problem)

    def _release(self) -> None:
        detail = self.detail
        if detail is None:
            return
        number = detail.line.number

        def deed(device: Device, asked: AskedReason) -> Any:
            spoiled = [int(one) for one in asked.more.get("spoiled", [])]
            return print_jobs.release_spare(device, number, reason=asked.reason, spoiled=spoiled, note=asked.note)

        ask_reason(
            self.desk,
            self,
            of="spare_print",
            title=text("prints.release_title", number=number),
            explanation=text("prints.release_explained", n=detail.line.print_no + 1),
            act=text("prints.release", n=detail.line.print_no + 1),
            facts=detail.facts,
            more=[_spoiled_sheets(detail)] if detail.sheets else [],
            deed=deed,
            done=lambda _entry: self.desk.go(Place.PRINTS, number),
        )

    def _set_texts(self) -> None:
        self.hand_over_button.say(text("prints.hand_over"), "Ctrl+Enter")
        self.late_button.say(text("prints.late"))
        self.release_button.say(text("prints.release_next"))
        if self.detail is not None:
            self._offer_marks(self.detail)
        self._show_marks()


def _spoiled_sheets(detail: PaperDetail) -> Field:
    """Which sheets of the print are spoiled: all, unless the person says otherwise."""
    sheets = Field("spoiled", CheckList(1), words=lambda: text("prints.spoiled_sheets"))
    sheets.editor.offer([Option(str(one), text("prints.sheet", n=one)) for one in detail.sheets])
    sheets.set_value([str(one) for one in detail.sheets])
    return sheets
