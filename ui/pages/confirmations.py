"""待复核: every act of the station that waits for its second person, and what there is to look at first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from ui.desk import Desk
from ui.models.confirmations import WaitingAct, read_waiting
from ui.models.items import Cell, Column
from ui.pages.confirming import Confirming
from ui.pages.page import Page
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.beside import Beside
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.empty import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.list_pane import ListPane
from ui.widgets.scroll import Scroll, column

COLUMNS = (Column("waiting_act", 190, stretch=True), Column("due_on", 96), Column("state"))
DETAIL_LOW_PX, NARROW_PX = 340, 740


class ConfirmationsPage(Page):
    """The list, and beside it the marked act with the one button."""

    place = Place.CONFIRMATIONS

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wanted = ""
        self.confirming: Confirming | None = None
        self.list = ListPane(
            "confirmations",
            COLUMNS,
            _cells,
            desk.preferences,
            empty_icon="circle-check",
            searchable=False,
            tall=True,
        )
        self.nothing = EmptyState("users", on_card=True)
        self.pane = ActPane()
        self.side = QStackedWidget()
        self.side.addWidget(self.nothing)
        self.side.addWidget(self.pane)
        self.content.addWidget(Beside(self.list, self.side, (6, 5), low=DETAIL_LOW_PX, narrow=NARROW_PX), 1)
        self.list.table.marked.connect(self._on_marked)
        self.list.table.opened.connect(lambda _act: self.submit())
        self.pane.confirm_button.act_wanted.connect(self.submit)
        self.pane.confirm_button.reason_wanted.connect(lambda why: self.banner.say(Tone.WARN, why))
        self.pane.look_button.act_wanted.connect(self._look)
        self.begin()

    def refresh(self) -> None:
        """Read the list again."""
        self.desk.read(read_waiting, self).on_success(self._show).on_failure(self.say_problem)

    def _show(self, waiting: list[WaitingAct]) -> None:
        self.list.show_items(waiting)
        wanted, self._wanted = self._wanted, ""
        at = next((at for at, act in enumerate(waiting) if act.ref == wanted), None)
        if at is not None:
            self.list.table.mark(at)
        self._on_marked(self.list.table.current)
        self.side.setVisible(bool(waiting))  # where nothing waits there is nothing to choose
        mine = sum(1 for act in waiting if not act.why)
        chips = [(text("confirmations.count", n=len(waiting)), Tone.INFO)] if waiting else []
        self.set_chips([*chips, *([(text("confirmations.count_yours", n=mine), Tone.WARN)] if mine else [])])

    def _on_marked(self, act: WaitingAct | None) -> None:
        self.side.setCurrentWidget(self.pane if act is not None else self.nothing)
        if act is not None:
            self.pane.show_act(act)

    def submit(self) -> None:
        """Confirm the marked act."""
        act = self.pane.act
        if act is None or self.side.currentWidget() is not self.pane:
            return
        if self.pane.confirm_button.reason:
            self.banner.say(Tone.WARN, self.pane.confirm_button.reason)
            return
        self.confirming = Confirming(
            self.desk, self, act.ref, title=act.title, facts=act.facts, only_together=bool(act.why), done=self.refresh
        )

    def _look(self) -> None:
        act = self.pane.act
        if act is not None and act.place is not None:
            self.desk.go(act.place, act.subject)

    def enter(self, subject: str = "") -> None:
        """An act by its entry's name, perhaps."""
        self._wanted, self._stale = subject, False
        self.refresh()
        self.list.enter_list()

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (("Ctrl+Enter", text("confirming.confirm")),)

    def _set_texts(self) -> None:
        self.list.empty.say(text("confirmations.empty"), text("confirmations.empty_body"))
        self.nothing.say(text("confirmations.choose"), text("confirmations.choose_body"))
        if not self._stale:
            self.refresh()


class ActPane(Card):
    """One act: who did it and when, and what the second person compares before saying yes."""

    def __init__(self) -> None:
        super().__init__()
        self.act: WaitingAct | None = None
        self.facts = Facts()
        self.look_button = Button("plain", "eye")
        self.confirm_button = Button("primary", "users")
        inner, lines = column(spacing=10)
        lines.addWidget(self.facts)
        lines.addStretch(1)
        self.body.addWidget(Scroll(inner), 1)
        acts = QHBoxLayout()
        acts.setSpacing(10)
        acts.addStretch(1)
        acts.addWidget(self.look_button)
        acts.addWidget(self.confirm_button)
        self.body.addLayout(acts)

    def show_act(self, act: WaitingAct) -> None:
        """Show one. Whoever did it can still call the second person to this desk."""
        self.act = act
        self.title(act.title, text("confirmations.done_by", name=act.name, when=act.when))
        due = text("confirmations.late", day=act.due) if act.late else act.due
        self.facts.show_facts([*act.facts, (text("column.due_on"), due)])
        self.look_button.say(text("confirmations.look"))
        self.look_button.setVisible(act.place is not None)
        self.confirm_button.say(text("confirmations.call_second" if act.why else "confirming.confirm"), "Ctrl+Enter")


def _cells(act: WaitingAct) -> Sequence[Cell]:
    shown, tone = act.state
    due = Cell(act.due, tone=Tone.BAD if act.late else None, order=act.due)
    return (Cell(act.title, f"{act.name} · {act.when}", order=act.at), due, Cell(shown, tone=tone))
