"""期初移交: a list from a file, read without recording anything, every row that does not fit named, then taken over."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from inspector_app.domain.refusals import Refused
from inspector_app.services import opening
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.models.items import Cell, Column
from ui.models.stores import OpeningRow, counted, opening_rows, store_options
from ui.pages import files
from ui.tasks import Lane
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.choice import DropDown
from ui.widgets.field import Field
from ui.widgets.list_pane import ListPane
from ui.widgets.living import Living
from ui.widgets.popup_list import Option
from ui.widgets.words import words

COLUMNS = (
    Column("opening_row", 50, right=True),
    Column("opening_what", 240, stretch=True),
    Column("opening_pages", 60, right=True),
    Column("state"),
)


class OpeningPane(Living, Card):
    """Signals:
    left: the person goes back to the stores.
    taken_over: the list is on record (its entry).
    """

    left = Signal()
    taken_over = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._content, self._name = b"", ""
        self._rows: list[OpeningRow] = []
        self.banner = Banner()
        self.choose_button = Button("plain", "download")
        self.again_button = Button("plain", "refresh-cw")
        self.file = words("muted", wrap=True)
        self.rows = ListPane(
            "opening_lines", COLUMNS, _cells, desk.preferences, empty_icon="files", searchable=False, tall=True
        )
        self.store = Field("store", DropDown(), required=True)
        self.back_button = Button("quiet", "chevron-left")
        self.act_button = Button("primary", "check")
        self._build()
        self._connect()
        self.begin()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        for part in (self.choose_button, self.again_button):
            top.addWidget(part)
        top.addWidget(self.file, 1)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.store, 1)
        foot.addStretch(1)
        foot.addWidget(self.back_button)
        foot.addWidget(self.act_button)
        self.body.addWidget(self.banner)
        self.body.addLayout(top)
        self.body.addWidget(self.rows, 1)
        self.body.addLayout(foot)

    def _connect(self) -> None:
        self.choose_button.act_wanted.connect(self.choose)
        self.again_button.act_wanted.connect(self.read_again)
        self.back_button.act_wanted.connect(self.left)
        self.act_button.act_wanted.connect(self.submit)
        self.act_button.reason_wanted.connect(lambda why: self.banner.say(Tone.WARN, why))

    def start(self) -> None:
        """Offer the stores a list may be taken over into."""
        self.desk.read(store_options, self).on_success(self._offer)
        self.choose_button.setFocus()

    def _offer(self, stores: Sequence[Option]) -> None:
        self.store.editor.offer(stores)
        if len(stores) == 1:
            self.store.set_value(stores[0].value)

    def choose(self) -> None:
        """Choose the file."""
        path = files.ask_which(self, text("stores.choose_list"), "*.csv *.xlsx")
        if path is not None:
            self._path = path
            self.read_again()

    def read_again(self) -> None:
        """Read the file anew: it was mended beside this window."""
        path: Path | None = getattr(self, "_path", None)
        if path is None:
            self.choose()
            return
        task = self.desk.tasks.run(lambda: files.read_small(path), Lane.OUTSIDE, self)
        task.on_success(lambda content: self._dry_run(path.name, content)).on_failure(self._fail)

    def _dry_run(self, name: str, content: bytes) -> None:
        self._content, self._name = content, name
        task = self.desk.read(lambda device: opening_rows(opening.read_opening(device, content)), self)
        task.on_success(self._show).on_failure(self._fail)

    def _show(self, rows: list[OpeningRow]) -> None:
        self._rows = rows
        self.banner.dismiss()
        self.rows.show_items(rows)
        fits, wrong = counted(rows)
        said = text("stores.dry_run_wrong", fits=fits, wrong=wrong) if wrong else text("stores.dry_run", n=fits)
        self.file.setText(f"{self._name} · {said}")
        self._block()

    def _block(self) -> None:
        _fits, wrong = counted(self._rows)
        why = text("stores.mend_first", n=wrong) if wrong else ""
        self.act_button.block(why or ("" if self._rows else text("stores.choose_first")))

    def submit(self) -> None:
        """Take the list over."""
        if self.act_button.reason:
            self.act_button.click()
            return
        if not self.store.value():
            self.store.say(text("old_sheets.answer"))
            self.store.setFocus()
            return
        content, store = self._content, str(self.store.value())

        def deed(device: Device) -> Any:
            return opening.record_opening(device, content, store)

        self.desk.act(deed, self, done=self._on_done, refused=self._on_refused, failed=self._fail)

    def _on_done(self, ref: str) -> None:
        self._content, self._rows = b"", []
        self.rows.show_items([])
        self.file.setText("")
        self._block()
        self.taken_over.emit(ref)

    def _on_refused(self, outcome: Refused) -> None:
        said = explain.refused(outcome.refusals)
        self.banner.say(said.tone, said.headline, said.body, details=said.details)

    def _fail(self, error: Exception) -> None:
        said = explain.problem(error)
        self.banner.say(said.tone, said.headline, said.body, details=said.details)

    def _set_texts(self) -> None:
        self.title(text("stores.opening_title"), text("stores.opening_caption"))
        self.choose_button.say(text("stores.choose_list"))
        self.again_button.say(text("stores.read_again"))
        self.back_button.say(text("stores.back"))
        self.act_button.say(text("stores.take_over_act"), "Ctrl+Enter")
        self.rows.empty.say(text("stores.no_list"), text("stores.no_list_body"))
        self._block()
        if self._content:
            self._dry_run(self._name, self._content)


def _cells(row: OpeningRow) -> Sequence[Cell]:
    order = int(row.row) if row.row.isdigit() else 0
    return (
        Cell(row.row, right=True, order=order),
        Cell(row.what, row.numbers),
        Cell(row.pages, right=True),
        Cell(row.state, tone=row.tone),
    )
