"""Issued here, printed there: an order for another computer of the station, carried as a file (DESIGN 7)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from inspector_app.services import print_orders
from inspector_app.services.device import Device
from ui.desk import Desk
from ui.explain import Explained
from ui.pages import files
from ui.pages.carried_file import OutgoingFile, take_in
from ui.places import Place
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


class SendOrder(OutgoingFile):
    """The page that asks which computer prints; the file is written when the order is on record."""

    def __init__(self, desk: Desk, parent: QWidget, number: str, others: list[Option]) -> None:
        title, explanation = text("print_orders.title", number=number), text("print_orders.explained")
        super().__init__(desk, Review(parent, title, explanation, act=text("print_orders.send"), dangerous=False))
        self._number = number
        self.device = Field("device", Segments(upright=True), required=True, words=lambda: text("print_orders.to"))
        self.device.editor.offer(others)
        self.device.set_value(others[0].value)
        self.review.ask(self.device)
        self.review.act_wanted.connect(self._on_act)
        self.review.open()

    def _on_act(self) -> None:
        path = files.ask_where(self.review, text("print_orders.save"), f"{self._number}{SUFFIX}", f"*{SUFFIX}")
        to, number = str(self.device.value()), self._number
        if path is not None:
            sent = text("print_orders.sent", name=path.name)
            self._send(path, lambda device: print_orders.order_print(device, number, to), saved=sent)


def receive(desk: Desk, owner: QWidget, say: Callable[[Explained], None]) -> None:
    """Take an order in: the paper then waits on the printing page."""
    path = files.ask_which(owner, text("print_orders.receive"), f"*{SUFFIX};;*")
    if path is not None:
        take_in(
            *(desk, owner, path, print_orders.receive_order),
            done=lambda number: desk.go(Place.PRINTS, number),
            say=say,
        )
