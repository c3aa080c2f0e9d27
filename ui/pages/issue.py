"""签发: the batches that may be certified, the certificate's own facts, and the paper as it will print (S09, S10)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget

from inspector_app.services.issuing import Issued
from ui.desk import Desk
from ui.models.issuing import (
    IssueCase,
    IssueLine,
    read_case,
    read_issuable,
)
from ui.models.items import Cell, Column
from ui.pages.issue_pane import IssuePane
from ui.pages.page import Page
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.beside import Beside
from ui.widgets.empty import EmptyState
from ui.widgets.list_pane import ListPane

COLUMNS = (Column("owner", stretch=True), Column("state"))


class IssuePage(Page):
    """List at the left, form and paper beside it."""

    place = Place.ISSUE

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.list = ListPane("issue", COLUMNS, self._cells, desk.preferences, empty_icon="file-signature", tall=True)
        self.nothing = EmptyState("file-signature", on_card=True)
        self.pane = IssuePane(desk)
        self.side = QStackedWidget()
        self.side.addWidget(self.nothing)
        self.side.addWidget(self.pane)
        self._shown = ""
        self._place_parts()
        self.list.query_changed.connect(self.refresh)
        self.list.table.marked.connect(self._on_marked)
        self.list.table.opened.connect(lambda _line: self.pane.take_focus())
        self.pane.done.connect(self._on_issued)
        self.pane.left.connect(self.list.enter_list)
        self.key("Ctrl+F", self.list.search.setFocus)
        self.key("Ctrl+P", self.pane.look_at_paper)
        self.begin()

    def _place_parts(self) -> None:
        self.content.addWidget(Beside(self.list, self.side, (2, 7), list_width=370), 1)

    def _cells(self, line: IssueLine) -> Sequence[Cell]:
        return (Cell(line.owner, f"{line.batch} · {line.left}"), Cell(line.state, tone=line.tone))

    def refresh(self) -> None:
        """Read the list again."""
        search = self.list.search.text()
        self.desk.read(lambda device: read_issuable(device, search=search), self).on_success(self._show).on_failure(
            self.say_problem
        )

    def _show(self, lines: list[IssueLine]) -> None:
        self.list.show_items_quietly(lines)
        ready = sum(1 for line in lines if line.tone is Tone.GOOD)
        waits = sum(1 for line in lines if line.tone is Tone.OFF)
        chips = [(text("issue.ready", n=ready), Tone.GOOD)] if ready else []
        self.set_chips([*chips, *([(text("issue.waits", n=waits), Tone.WARN)] if waits else [])])
        shown = [row for row, line in enumerate(lines) if line.inspection == self._shown]
        if shown:
            self.list.mark_quietly(shown[0])
        elif lines and not self._shown:
            self._on_marked(self.list.table.current)
        elif not lines and not self._shown:
            self.side.setCurrentWidget(self.nothing)

    def _on_marked(self, line: IssueLine | None) -> None:
        if line is not None and line.inspection != self._shown:
            self.start(line.inspection, focus=False)

    def start(self, inspection: str, *, draft: str = "", replaces: str = "", focus: bool = True) -> None:
        """Fill in the certificate of one batch; the keyboard goes there unless the person walks the list."""

        def ready(case: IssueCase | None) -> None:
            if case is not None:
                self._shown = str(case.inspection["ref"])
                self.side.setCurrentWidget(self.pane)
                self.pane.start(case)
                if focus:
                    self.pane.take_focus()

        self.desk.read(lambda device: read_case(device, inspection, draft, replaces), self).on_success(ready)

    def _on_issued(self, issued: Issued) -> None:
        self._shown = ""
        self.side.setCurrentWidget(self.nothing)
        self.desk.go(Place.PRINTS, f"print:{issued.number}")

    def enter(self, subject: str = "") -> None:
        """A batch, ``draft:<name>``, or ``replace:<number>``."""
        if subject.startswith("draft:"):
            self.start("", draft=subject.removeprefix("draft:"))
        elif subject.startswith("replace:"):
            self.start("", replaces=subject.removeprefix("replace:"))
        elif subject:
            self.start(subject)
        else:
            self.list.table.setFocus()
        self.refresh()

    def submit(self) -> None:
        """Issue."""
        if self.side.currentWidget() is self.pane:
            self.pane.submit()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (
            ("Ctrl+F", text("key.search")),
            ("Ctrl+P", text("issue.key_paper")),
            ("Ctrl+Enter", text("issue.key_issue")),
        )

    def _set_texts(self) -> None:
        self.list.empty.say(text("issue.empty"), text("issue.empty_body"))
        self.nothing.say(text("issue.nothing"), text("issue.nothing_body"))
        if not self._stale:
            self.refresh()
