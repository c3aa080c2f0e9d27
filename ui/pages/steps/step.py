"""What all steps of a paper are: seen while they come next, with acts that are done by click, Enter or Ctrl+Enter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector_app.domain.refusals import Refused
from ui import explain
from ui.desk import Desk
from ui.explain import Explained
from ui.models.prints import PaperDetail
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.living import Living

KEYS_REST_MS = 600
"""After a step changes, keys already on their way belong to the step before."""


class KeyRest(QTimer):
    """Runs for a moment after each change of step; what a key asks meanwhile is not done."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setSingleShot(True)
        self.setInterval(KEYS_REST_MS)


class PaperStep(Living, QWidget):
    """One step. Subclasses say at which states it comes, build their parts, and do what is done there.

    Signals:
        explained: something is to be said above the paper, while it stays at this step (Explained).
        concluded: how this step came out is to be said, also above the next one (Explained).
    """

    explained = Signal(object)
    concluded = Signal(object)
    comes_at: tuple[str, ...] = ()

    def __init__(self, desk: Desk, rest: KeyRest) -> None:
        super().__init__()
        self.desk = desk
        self.rest = rest
        self.detail: PaperDetail | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)

    def _place(self, parts: Sequence[QWidget], buttons: Sequence[Button]) -> None:
        for part in parts:
            self._column.addWidget(part)
        rows = QVBoxLayout()
        rows.setSpacing(8)
        for button in buttons:
            rows.addWidget(button)
            button.reason_wanted.connect(self._say_why)
        self._column.addLayout(rows)

    # --- what a subclass says ---------------------------------------------------------------------------------------

    def begin_paper(self) -> None:
        """Another paper lies here, or none: forget what belonged to the one before."""

    def begin_step(self, detail: PaperDetail) -> None:
        """The paper has come to another step or print: nobody has answered anything yet."""

    def show_step(self, detail: PaperDetail) -> None:
        """Show what can be done; asked only while this step is the next."""

    def acts(self) -> Sequence[Button]:
        """The buttons Ctrl+Enter may mean, the first one seen is meant."""
        return ()

    def focus_order(self) -> Sequence[QWidget]:
        """Where the keyboard begins: the first one seen."""
        return self.acts()

    # --- what the pane asks -----------------------------------------------------------------------------------------

    def show_detail(self, detail: PaperDetail) -> None:
        """Be seen if this paper's next step is this one."""
        self.detail = detail
        self.setVisible(self.is_next)
        if self.is_next:
            self.show_step(detail)

    def forget(self) -> None:
        """Nothing is in the queue any more."""
        self.detail = None
        self.begin_paper()

    @property
    def is_next(self) -> bool:
        """Whether the paper shown has come to this step."""
        return self.detail is not None and self.detail.line.step in self.comes_at

    def take_focus(self) -> None:
        """The keyboard goes to the first thing to do."""
        first = next((one for one in self.focus_order() if one.isVisibleTo(self)), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Do what Ctrl+Enter means here."""
        meant = next((button for button in self.acts() if button.isVisibleTo(self)), None)
        if meant is not None:
            meant.click()

    # --- saying -----------------------------------------------------------------------------------------------------

    def _say_why(self, why: str) -> None:
        self.explained.emit(Explained(Tone.WARN, why, "", ""))

    def _say_refused(self, outcome: Refused) -> None:
        self.explained.emit(explain.refused(outcome.refusals))

    def _say_problem(self, error: Exception) -> None:
        self.explained.emit(explain.problem(error))
