"""Issued here, printed there: an order for another computer of the station, carried as a file (DESIGN 7)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from inspector_app.domain.refusals import Refused
from inspector_app.services import print_orders
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.explain import Explained
from ui.pages import files
from ui.places import Place
from ui.tasks import Lane
from ui.texts import text
from ui.widgets.choice import Segments
from ui.widgets.field import Field
from ui.widgets.popup_list import Option
from ui.widgets.review import Review

SUFFIX = ".print-order"


def sisters(device: Device) -> list[Option]:
    """The other computers of this station that may print."""
    rows = device.rows.many("devices", state="active", order="name")
    others = [row for row in rows if row["station"] == device.sheet.station and row["device"] != device.id]
    return [Option(str(row["device"]), str(row["name"] or str(row["device"])[:8])) for row in others]


class SendOrder:
    """The page that asks which computer prints; the file is written when the order is on record."""

    def __init__(self, desk: Desk, parent: QWidget, number: str, others: list[Option]) -> None:
        self._desk, self._number = desk, number
        title, explanation = text("print_orders.title", number=number), text("print_orders.explained")
        self.review = Review(parent, title, explanation, act=text("print_orders.send"), dangerous=False)
        self.device = Field("device", Segments(upright=True), required=True, words=lambda: text("print_orders.to"))
        self.device.editor.offer(others)
        self.device.set_value(others[0].value)
        self.review.ask(self.device)
        self.review.act_wanted.connect(self._on_act)
        self.review.open()

    def _on_act(self) -> None:
        path = files.ask_where(self.review, text("print_orders.save"), f"{self._number}{SUFFIX}", f"*{SUFFIX}")
        to, number = str(self.device.value()), self._number
        if path is None:
            return

        def on_sealed(sealed: bytes) -> None:
            files.write(self._desk, self.review, path, lambda: sealed, done=on_written, failed=self._say_problem)

        def on_written() -> None:
            self.review.accept()
            self._desk.say(text("print_orders.sent", name=path.name))

        self._desk.act(
            lambda device: print_orders.order_print(device, number, to),
            self.review,
            done=on_sealed,
            refused=lambda outcome: self._say(explain.refused(outcome.refusals)),
            failed=self._say_problem,
        )

    def _say_problem(self, error: Exception) -> None:
        self._say(explain.problem(error))

    def _say(self, said: Explained) -> None:
        self.review.banner.say(said.tone, said.headline, said.body, details=said.details)


def receive(desk: Desk, owner: QWidget, say: Callable[[Explained], None]) -> None:
    """Take an order in: the paper then waits on the printing page."""
    path = files.ask_which(owner, text("print_orders.receive"), f"*{SUFFIX};;*")
    if path is None:
        return

    def on_refused(outcome: Refused) -> None:
        say(explain.refused(outcome.refusals))

    def on_failed(error: Exception) -> None:
        say(explain.problem(error))

    def on_read(sealed: bytes) -> None:
        desk.act(
            lambda device: print_orders.receive_order(device, sealed),
            owner,
            done=lambda number: desk.go(Place.PRINTS, number),
            refused=on_refused,
            failed=on_failed,
        )

    desk.tasks.run(lambda: files.read_small(path), Lane.OUTSIDE, owner).on_success(on_read).on_failure(on_failed)
