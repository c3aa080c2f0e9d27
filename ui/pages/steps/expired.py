"""The step of a paper whose validity ended: it is voided where certificates are, or was handed over in time."""

from __future__ import annotations

from collections.abc import Sequence

from ui.desk import Desk
from ui.models.prints import PaperDetail
from ui.pages.steps.late_record import ask_late
from ui.pages.steps.step import KeyRest, PaperStep
from ui.places import Place
from ui.texts import text
from ui.widgets.button import Button


class ExpiredStep(PaperStep):
    """The way to the void; what was printed may have been handed over before anybody recorded it."""

    comes_at = ("expired",)

    def __init__(self, desk: Desk, rest: KeyRest) -> None:
        super().__init__(desk, rest)
        self.void_button = Button("primary", "triangle-alert")
        self.late_button = Button("plain", "history")
        self._place((), (self.void_button, self.late_button))
        self.late_button.act_wanted.connect(lambda: ask_late(self))
        self.void_button.act_wanted.connect(self._go_to_void)
        self.begin()

    def show_step(self, detail: PaperDetail) -> None:
        """What never came out of the printer was handed to nobody."""
        self.late_button.setVisible(bool(detail.sheets))

    def acts(self) -> Sequence[Button]:
        """Go there."""
        return (self.void_button,)

    def _go_to_void(self) -> None:
        if self.detail is not None:
            self.desk.go(Place.CERTIFICATES, self.detail.line.number)

    def _set_texts(self) -> None:
        self.void_button.say(text("prints.go_void"), "Ctrl+Enter")
        self.late_button.say(text("prints.late"))
