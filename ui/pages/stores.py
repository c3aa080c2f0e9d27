"""保管: stores with their keepers and checks, draws taken in, and the list taken over at the first day (S14)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from inspector_app.domain.authority import Post
from inspector_app.domain.refusals import Refused
from inspector_app.services import ceremony
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.models import stores
from ui.models.records import Line, Record, people_with
from ui.pages import store_deeds
from ui.pages.opening_pane import OpeningPane
from ui.pages.records_page import RecordsPage
from ui.places import Place
from ui.texts import text
from ui.widgets.beside import Beside
from ui.widgets.popup_list import Option

READERS: dict[str, Callable[[Device], list[Line]]] = {
    "stores": stores.read_stores,
    "draws": stores.read_draws,
    "openings": stores.read_openings,
}
RECORDS: dict[str, Callable[[Device, Line], Record]] = {
    "stores": stores.read_store,
    "draws": stores.read_draw,
    "openings": stores.read_opening_record,
}
OPENING = "take_over"


class StoresPage(RecordsPage):
    """Three views; the list of the first day is read in a pane of its own."""

    place = Place.STORES
    words = "stores"
    icon = "package-check"
    view_names = ("stores", "draws", "openings")
    starts = (("new_store", "plus"), (OPENING, "inbox"))

    def __init__(self, desk: Desk) -> None:
        self.opening = OpeningPane(desk)
        super().__init__(desk)

    def _build(self) -> None:
        super()._build()
        self.content.addWidget(self.opening, 1)
        self.opening.hide()
        self.opening.left.connect(lambda: self._open_pane(shown=False))
        self.opening.taken_over.connect(self._on_taken_over)

    def _open_pane(self, *, shown: bool) -> None:
        for sides in self.findChildren(Beside):
            sides.setVisible(not shown)
        self.opening.setVisible(shown)
        if shown:
            self.opening.start()
        else:
            self.list.table.setFocus()

    def _on_taken_over(self, ref: str) -> None:
        self.desk.say(text("stores.taken_over"))
        self._open_pane(shown=False)
        self.show_view("openings", ref)

    def word(self, name: str) -> str:
        """One of the page's own texts."""
        return text(f"stores.{name}")

    def read_lines(self, device: Device, view: str, search: str) -> Sequence[Line]:
        """The lines of one view."""
        return READERS[view](device)

    def read_record(self, device: Device, view: str, chosen: Sequence[Line]) -> Record | None:
        """A store, a draw, a list."""
        return RECORDS[view](device, chosen[0])

    def do(self, name: str) -> None:
        """Ask what the chosen deed needs."""
        done = self.told(self.word(f"{name}_done"))
        if name == OPENING:
            self._open_pane(shown=True)
        elif name == "new_store":
            self.review = store_deeds.ask_describe(self.desk, self, "", done)
        elif self.chosen:
            getattr(self, f"_{name}")(self.chosen[0].item, done)

    def _describe(self, store: str, done: Callable[[Any], None]) -> None:
        self.review = store_deeds.ask_describe(self.desk, self, store, done)

    def _check(self, store: str, done: Callable[[Any], None]) -> None:
        self.review = store_deeds.ask_check(self.desk, self, store, done)

    def _assign(self, store: str, done: Callable[[Any], None]) -> None:
        def ask(keepers: list[Option]) -> None:
            self.review = store_deeds.ask_assign(self.desk, self, store, keepers, done)

        self.desk.read(lambda device: people_with(device, Post.KEEPER), self).on_success(ask)

    def _receive(self, draw: str, done: Callable[[Any], None]) -> None:
        def ask(options: list[Option]) -> None:
            self.review = store_deeds.ask_receive(self.desk, self, draw, options, done)

        self.desk.read(stores.store_options, self).on_success(ask)

    def _confirm_opening(self, ref: str, done: Callable[[Any], None]) -> None:
        self.desk.act(lambda device: ceremony.confirm_act(device, ref), self, done=done, refused=self._say_refused)

    def _say_refused(self, outcome: Refused) -> None:
        self.say(explain.refused(outcome.refusals))

    def submit(self) -> None:
        """What may be done with the record, or the list of the first day."""
        if self.opening.isVisible():
            self.opening.submit()
        else:
            super().submit()

    def enter(self, subject: str = "") -> None:
        """A view, the opening, or a store."""
        if subject in self.view_names:
            self.list.views.set_value(subject)
        elif subject:
            self.choose(subject)
        super().enter(subject)
