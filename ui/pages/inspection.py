"""检疫与采样: look at the batch, take and send samples, enter results, and the notice when it fails (S06–S08)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QStackedWidget

from inspector_app.services import drafts
from inspector_app.services.device import Device
from ui.desk import Desk
from ui.forms.form_pane import FormPane
from ui.models.inspections import (
    VIEWS,
    BatchDetail,
    BatchLine,
    SampleLine,
    Unfinished,
    read_batch,
    read_batches,
    read_unfinished,
)
from ui.models.items import Cell, Column
from ui.pages.batch_pane import BatchPane
from ui.pages.inspection_pane import DRAFT, InspectionPane
from ui.pages.page import Page
from ui.pages.sampling_panes import (
    NOTICE,
    RESULT,
    SAMPLE,
    SENDING,
    NoticePane,
    ResultPane,
    SamplePane,
    SendPane,
)
from ui.places import Place
from ui.texts import text
from ui.widgets.beside import Beside
from ui.widgets.empty import EmptyState
from ui.widgets.list_pane import ListPane
from ui.widgets.popup_list import Option

COLUMNS = (Column("owner", stretch=True), Column("when", 96), Column("state"))


class InspectionPage(Page):
    """List at the left; beside it the form on site, or an inspected batch with its samples."""

    place = Place.INSPECTION

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.list = ListPane("inspection", COLUMNS, self._cells, desk.preferences, empty_icon="microscope", tall=True)
        self.nothing = EmptyState("microscope", on_card=True)
        self.pane = InspectionPane(desk)
        self.batch = BatchPane(desk)
        self.sample = SamplePane(desk)
        self.send = SendPane(desk)
        self.result = ResultPane(desk)
        self.notice = NoticePane(desk)
        self.side = QStackedWidget()
        for part in (self.nothing, self.pane, self.batch, self.sample, self.send, self.result, self.notice):
            self.side.addWidget(part)
        self.content.addWidget(Beside(self.list, self.side, (9, 12)), 1)
        self._wanted = ""
        self._connect()
        self.begin()

    def _connect(self) -> None:
        self.list.query_changed.connect(self.refresh)
        self.list.table.marked.connect(self._on_marked)
        self.list.table.opened.connect(self._on_opened)
        self.nothing.action_wanted.connect(self.submit)
        self.pane.done.connect(self._on_inspected)
        self.pane.left.connect(self._back_to_list)
        for pane in (self.sample, self.send, self.result, self.notice):
            pane.done.connect(lambda _result: self._show_batch_again())
            pane.left.connect(self._show_batch_again)
        self.batch.sample_wanted.connect(lambda batch: self._begin(SAMPLE, batch.line.inspection, batch))
        self.batch.send_wanted.connect(lambda sample: self._begin(SENDING, sample.ref, sample))
        self.batch.result_wanted.connect(lambda sample: self._begin(RESULT, sample.ref, sample))
        self.batch.notice_wanted.connect(lambda batch: self._begin(NOTICE, batch.line.inspection, batch))
        self.key("Ctrl+F", self.list.search.setFocus)
        for number in range(1, len(VIEWS) + 1):
            self.key(f"Ctrl+{number}", lambda number=number: self.list.choose_view(number))

    def _cells(self, line: BatchLine) -> Sequence[Cell]:
        return (
            Cell(line.owner, f"{line.batch} · {line.quantity}"),
            Cell(line.when, order=line.at),
            Cell(line.state, tone=line.tone),
        )

    def refresh(self) -> None:
        """Read the list again."""
        view, search = self.list.view or VIEWS[0], self.list.search.text()

        def question(device: Device) -> list[BatchLine]:
            return read_batches(device, view=view, search=search)

        self.desk.read(question, self).on_success(self._show).on_failure(self.say_problem)

    def _show(self, lines: list[BatchLine]) -> None:
        self.list.show_items_quietly(lines)
        named = [row for row, line in enumerate(lines) if self._wanted in (line.declaration, line.inspection)]
        if self._wanted and named:
            self.list.mark_quietly(named[-1])
            self._wanted = ""
        # Still wanted: an older reading of the list arrived first, and must not show another batch in its place.
        if self.side.currentWidget() is self.nothing and not self._wanted:
            self._on_marked(self.list.table.current)

    @property
    def _is_writing(self) -> bool:
        return isinstance(self.side.currentWidget(), FormPane)

    def _on_marked(self, line: BatchLine | None) -> None:
        self._wanted = ""
        if self._is_writing:
            return
        if line is None:
            self.side.setCurrentWidget(self.nothing)
        elif line.inspection:
            self.show_batch(line.inspection)
        else:
            self.nothing.say(line.owner, f"{line.batch} · {line.quantity}", text("inspection.start"))
            self.side.setCurrentWidget(self.nothing)

    def _on_opened(self, line: BatchLine) -> None:
        if line.inspection:
            self._leave()
            self.show_batch(line.inspection)
        else:
            self.start(line.declaration)

    def _leave(self) -> None:
        pane = self.side.currentWidget()
        if isinstance(pane, FormPane):
            self.side.setCurrentWidget(self.nothing)
            pane.leave()

    def start(self, declaration: str, draft: str = "") -> None:
        """Inspect the batch of a declaration, or go on where it was left."""

        def question(device: Device) -> tuple[Any, drafts.Kept | None]:
            kept = drafts.find(device, draft) if draft else drafts.about(device, DRAFT, declaration)
            ref = declaration or (kept.subject if kept else "")
            return device.rows.one("declarations", ref=ref), kept

        def ready(found: tuple[Any, drafts.Kept | None]) -> None:
            row, kept = found
            if row is not None:
                self._wanted = str(row["ref"])
                self.refresh()
                self._open(self.pane, lambda: self.pane.start(row, kept))

        self.desk.read(question, self).on_success(ready)

    def _begin(self, form: str, subject: str, about: BatchDetail | SampleLine) -> None:
        """A form about a batch or a sample, going on where it was left."""
        self.desk.read(lambda device: drafts.about(device, form, subject), self).on_success(
            lambda kept: self._start_side(form, about, kept)
        )

    def _start_side(self, form: str, about: Any, kept: drafts.Kept | None) -> None:
        pane: Any = {SAMPLE: self.sample, SENDING: self.send, RESULT: self.result, NOTICE: self.notice}[form]
        self._open(pane, lambda: pane.start(about, kept))

    def _resume(self, draft: str) -> None:
        """A draft from the first page: each form goes on where it was left."""

        def ready(found: Unfinished | None) -> None:
            if found is None:
                return
            if found.batch is None:
                self.start("", draft)
                return
            self.list.views.set_value("inspected")
            self._wanted = found.batch.line.inspection
            self.refresh()
            self.batch.show_detail(found.batch)
            self._start_side(found.kept.form, found.sample or found.batch, found.kept)

        self.desk.read(lambda device: read_unfinished(device, draft), self).on_success(ready)

    def _open(self, pane: FormPane, begin: Callable[[], None]) -> None:
        self.side.setCurrentWidget(pane)
        begin()

    def _on_inspected(self, inspection: str) -> None:
        self.desk.say(text("inspection.recorded"))
        self.side.setCurrentWidget(self.nothing)
        self.list.views.set_value("inspected")
        self._wanted = inspection
        self.refresh()
        self.show_batch(inspection)

    def show_batch(self, inspection: str) -> None:
        """An inspected batch with its samples."""

        def show(detail: BatchDetail | None) -> None:
            if detail is not None and not self._is_writing:
                self.batch.show_detail(detail)
                self.side.setCurrentWidget(self.batch)

        self.desk.read(lambda device: read_batch(device, inspection), self).on_success(show)

    def _show_batch_again(self) -> None:
        if self.batch.detail is not None:
            self.side.setCurrentWidget(self.batch)
            self.show_batch(self.batch.detail.line.inspection)
            self.refresh()

    def _back_to_list(self) -> None:
        self._wanted = ""
        self.side.setCurrentWidget(self.nothing)
        self.refresh()
        self.list.enter_list()

    def enter(self, subject: str = "") -> None:
        """A declaration to inspect, an inspected batch, or ``draft:<name>``."""
        if subject.startswith("draft:"):
            self._resume(subject.removeprefix("draft:"))
        elif subject:
            self._go_to(subject)
        super().enter(subject)

    def _go_to(self, subject: str) -> None:
        def ready(is_batch: bool) -> None:
            if is_batch:
                self._wanted = subject
                self.side.setCurrentWidget(self.nothing)
                self.list.views.set_value("inspected")
                self.refresh()
                self.show_batch(subject)
            else:
                self.start(subject)

        def question(device: Device) -> bool:
            return device.rows.one("inspections", ref=subject) is not None

        self.desk.read(question, self).on_success(ready)

    def submit(self) -> None:
        """Ctrl+Enter: the main act of what is beside the list."""
        pane = self.side.currentWidget()
        line = self.list.table.current
        if isinstance(pane, (FormPane, BatchPane)):
            pane.submit()
        elif line is not None and not line.inspection:
            self.start(line.declaration)

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return (
            ("Ctrl+F", text("key.search")),
            ("Ctrl+1…3", text("key.views")),
            (text("key.space"), text("inspection.key_tick")),
            ("Ctrl+Enter", text("key.submit")),
        )

    def _set_texts(self) -> None:
        self.list.offer_views([Option(view, text(f"inspection.view_{view}")) for view in VIEWS])
        self.list.empty.say(text("inspection.empty"), text("inspection.empty_body"))
        self.nothing.say(text("inspection.choose"), text("inspection.choose_body"))
        if not self._stale:
            self.refresh()
