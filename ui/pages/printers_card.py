"""The station's printers: added by kind and address, tried, and taken away again (S29)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import explain
from ui.desk import Desk
from ui.tasks import Lane
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.choice import Segments
from ui.widgets.field import Field
from ui.widgets.line import Line
from ui.widgets.living import Living
from ui.widgets.popup_list import Option
from ui.widgets.words import words

STARTS = {"ipp": "ipp://", "escpos": "escpos://", "folder": "pdf:"}


class PrintersCard(Living, Card):
    """What stands in the station's list, each with its two acts, and a line to add one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.banner = Banner()
        self.kind = Field("printer_kind", Segments(), words=lambda: text("printers.kind"))
        self.address = Field("printer_address", Line(), words=lambda: text("printers.address"))
        self.add_button = Button("plain", "plus")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        self.body.addWidget(self.banner)
        self.body.addLayout(self._rows)
        self.add(self.kind, self.address)
        row = QHBoxLayout()
        row.addWidget(self.add_button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.add_button.act_wanted.connect(self._on_add)
        self.address.editor.returnPressed.connect(self._on_add)
        desk.printers_found.connect(self.refresh)
        self.begin()

    def refresh(self) -> None:
        """Read the list again."""
        self._desk.tasks.run(self._desk.equipment.printer_addresses, Lane.OUTSIDE, self).on_success(self._show)

    def _show(self, addresses: list[str]) -> None:
        while self._rows.count():
            item = self._rows.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        for address in addresses:
            self._rows.addWidget(self._row(address))

    def _row(self, address: str) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(words("", address, wrap=True), 1)
        for name, icon, act in (("try", "printer", self._on_try), ("remove", "trash-2", self._on_remove)):
            button = Button("quiet", icon)
            button.say(text(f"printers.{name}"))
            button.setAccessibleName(f"{text(f'printers.{name}')} {address}")
            button.act_wanted.connect(lambda act=act: act(address))
            line.addWidget(button)
        return row

    def _on_add(self) -> None:
        typed = str(self.address.value()).strip()
        if not typed:
            self.address.say(text("printers.write"))
            self.address.setFocus()
            return
        start = STARTS[str(self.kind.value())]
        address = typed if typed.startswith(start) else start + typed
        self._change(lambda: self._desk.equipment.add_printer(address), text("printers.added", address=address))

    def _on_remove(self, address: str) -> None:
        self._change(lambda: self._desk.equipment.remove_printer(address), text("printers.removed", address=address))

    def _change(self, act: Callable[[], None], told: str) -> None:
        def done(_nothing: object) -> None:
            self.banner.dismiss()
            self.address.set_value("")
            self._desk.say(told)
            self._desk.look_for_printers()

        self._desk.tasks.run(act, Lane.OUTSIDE, self).on_success(done).on_failure(self._say_problem)

    def _on_try(self, address: str) -> None:
        """Ask the printer itself; nothing is printed."""
        printer = self._desk.printers.get(address)
        if printer is None:
            return

        def told(reasons: tuple[str, ...]) -> None:
            if reasons:
                shown = text("list.comma").join(reasons)
                self.banner.say(Tone.WARN, text("printers.not_ready", address=address), shown)
            else:
                self.banner.say(Tone.GOOD, text("printers.ready", address=address), "")

        self._desk.tasks.run(printer.health, Lane.OUTSIDE, self).on_success(told).on_failure(self._say_problem)

    def _say_problem(self, error: Exception) -> None:
        said = explain.problem(error)
        self.banner.say(said.tone, said.headline, said.body, details=said.details)

    def _set_texts(self) -> None:
        self.title(text("printers.title"), text("printers.caption"))
        self.kind.editor.offer([Option(kind, text(f"printers.{kind}")) for kind in STARTS])
        if self.kind.value() is None:
            self.kind.set_value("ipp")
        self.add_button.say(text("printers.add"))
        self.refresh()
