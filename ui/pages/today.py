"""工作台: what needs me today, in order of time; unfinished forms; numbers left (S03)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from inspector_app.services import drafts
from ui.desk import Desk
from ui.explain import label
from ui.models.items import Cell, Column
from ui.models.standing import moment_words
from ui.models.today import DraftLine, TaskLine, Today, read_today
from ui.pages.page import Page
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.facts import Facts
from ui.widgets.list_pane import ListPane
from ui.widgets.words import words

COLUMNS = (Column("task", stretch=True), Column("due", 128), Column("state", 140))


class TodayPage(Page):
    """Enter opens a task, 1–9 the first nine."""

    place = Place.TODAY

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.tasks = ListPane(
            "today", COLUMNS, self._cells, desk.preferences, empty_icon="circle-check", searchable=False, tall=True
        )
        self.unfinished = Card()
        self.unfinished_rows = QVBoxLayout()
        self.stock = Card()
        self.stock_rows = QVBoxLayout()
        self.figures = Facts()
        self._drafts: list[DraftLine] = []
        self._build()
        self.tasks.table.opened.connect(self._on_opened)
        self.tasks.empty.action_wanted.connect(lambda: desk.go(Place.DECLARATIONS, "new"))
        for number in range(1, 10):
            self._number_key(number)
        self.begin()

    def _build(self) -> None:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        self.unfinished.body.addLayout(self.unfinished_rows)
        self.stock.body.addLayout(self.stock_rows)
        self.stock_rows.setSpacing(10)
        column.addWidget(self.unfinished)
        column.addWidget(self.stock)
        self.figures_card = Card()
        self.figures_card.add(self.figures)
        column.addWidget(self.figures_card)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.tasks, 7)
        row.addWidget(side, 3)
        self.content.addLayout(row, 1)
        self.tasks.fill()

    def _number_key(self, number: int) -> None:
        shortcut = QShortcut(QKeySequence(str(number)), self.tasks)
        shortcut.setAutoRepeat(False)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: self._on_opened(self.tasks.model.item(number - 1)))

    def _cells(self, task: TaskLine) -> Sequence[Cell]:
        return (
            Cell(task.title, task.detail),
            Cell(task.due_words, order=task.due),
            Cell(task.state, tone=task.tone),
        )

    def refresh(self) -> None:
        """Read the day anew."""
        self.desk.read(read_today, self).on_success(self._show).on_failure(self.say_problem)

    def _show(self, today: Today) -> None:
        self.tasks.show_items(today.tasks)
        self._show_drafts(today.drafts)
        self._show_stock(today.stock)
        standing = today.standing
        self.figures.show_facts(
            [
                (text("today.issued"), f"{today.issued_today:,}"),
                (text("today.waiting"), f"{standing.waiting:,}"),
                (text("today.contact"), moment_words(standing.contacted_at, standing.now)),
            ]
        )
        overdue = sum(1 for task in today.tasks if task.due <= standing.now)
        chips = [(text("today.overdue", n=overdue), Tone.WARN)] if overdue else []
        self.set_chips([(text("today.count", n=len(today.tasks)), Tone.INFO), *chips] if today.tasks else [])

    def _show_drafts(self, found: list[DraftLine]) -> None:
        self._drafts = found
        _clear(self.unfinished_rows)
        for draft in found[:5]:
            self.unfinished_rows.addWidget(self._draft_row(draft))
        caption = text("today.drafts_caption", n=len(found)) if found else text("today.no_drafts")
        self.unfinished.title(text("today.drafts"), caption)

    def _draft_row(self, draft: DraftLine) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        resume = Button("link", "pencil")
        resume.say(draft.title)
        resume.act_wanted.connect(lambda: self.desk.go(draft.place, draft.subject))
        discard = Button("quiet", "trash-2")
        discard.setAccessibleName(text("today.discard", what=draft.title))
        discard.setToolTip(text("today.discard", what=draft.title))
        discard.act_wanted.connect(lambda: self._discard(draft))
        line.addWidget(resume, 1)
        line.addWidget(words("muted", moment_words(draft.saved_at, self.desk.now())))
        line.addWidget(discard)
        return row

    def _discard(self, draft: DraftLine) -> None:
        def told(_nothing: None) -> None:
            self.refresh()
            self.desk.say(text("today.discarded"), undo=lambda: self._restore(draft))

        self.desk.read(lambda device: drafts.discard(device, draft.draft), self).on_success(told)

    def _restore(self, draft: DraftLine) -> None:
        self.desk.read(lambda device: drafts.restore(device, draft.draft), self).on_success(lambda _: self.refresh())

    def _show_stock(self, stock: dict[str, tuple[int, int]]) -> None:
        _clear(self.stock_rows)
        for kind, (left, given) in stock.items():
            self.stock_rows.addWidget(_gauge(kind, left, given))
        self.stock.title(text("today.stock"), text("today.stock_caption"))

    def _on_opened(self, task: TaskLine | None) -> None:
        if task is not None:
            self.desk.go(task.place, task.subject)

    def enter(self, subject: str = "") -> None:
        """Every return reads again: times have moved on."""
        self.refresh()
        self.tasks.enter_list()

    def submit(self) -> None:
        """Ctrl+Enter opens the first task."""
        self._on_opened(self.tasks.model.item(0))

    def keys_here(self) -> Sequence[tuple[str, str]]:
        """Keys of this page."""
        return ((text("key.enter"), text("today.key_open")), ("1–9", text("today.key_number")))

    def _set_texts(self) -> None:
        self.tasks.title(text("today.tasks"))
        self.tasks.empty.say(text("today.empty"), text("today.empty_body"), text("declarations.new"))
        self.figures_card.title(text("today.figures"))
        if not self._stale:
            self.refresh()


def _gauge(kind: str, left: int, given: int) -> QWidget:
    widget = QWidget()
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    row = QHBoxLayout()
    row.addWidget(words("", label("kind", kind)), 1)
    row.addWidget(words("h3", text("today.left", n=left)))
    column.addLayout(row)
    bar = QProgressBar()
    bar.setTextVisible(False)
    bar.setRange(0, max(1, left, given))
    bar.setValue(left)
    bar.setAccessibleName(f"{label('kind', kind)} {text('today.left', n=left)}")
    column.addWidget(bar)
    return widget


def _clear(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        if item is not None and item.widget() is not None:
            item.widget().hide()
            item.widget().deleteLater()
