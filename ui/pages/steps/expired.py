"""The step of a paper that was never handed over in time: it is voided where certificates are."""

from __future__ import annotations

from collections.abc import Sequence

from ui.desk import Desk
from ui.pages.steps.step import KeyRest, PaperStep
from ui.places import Place
from ui.texts import text
from ui.widgets.button import Button


class ExpiredStep(PaperStep):
    """The way to the void."""

    comes_at = ("expired",)

    def __init__(self, desk: Desk, rest: KeyRest) -> None:
        super().__init__(desk, rest)
        self.void_button = Button("primary", "triangle-alert")
        self._place((), (self.void_button,))
        self.void_button.act_wanted.connect(self._go_to_void)
        self.begin()

    def acts(self) -> Sequence[Button]:
        """Go there."""
        return (self.void_button,)

    def _go_to_void(self) -> None:
        if self.detail is not None:
            self.desk.go(Place.CERTIFICATES, self.detail.line.number)

    def _set_texts(self) -> None:
        self.void_button.say(text("prints.go_void"), "Ctrl+Enter")
