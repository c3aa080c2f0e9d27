"""A dense, calm table: rows not cells, state as icon and word, everything by keyboard (U65–U72)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui import theme
from ui.models.items import CELL, ITEM, Cell, Index, ItemModel
from ui.preferences import Preferences
from ui.widgets.chip import chip_font, chip_size, paint_chip
from ui.widgets.living import Living

LEAST_PX, HEADING_PADDING, LOOKED_AT = 150, 24, 50
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class CellDelegate(QStyledItemDelegate):
    """Draws words, two lines, or a chip; one thin line below each row, a ring around the row that has the focus."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        cell: Cell = index.data(CELL)
        tokens = theme.current()
        rect: QRect = option.rect
        selected = bool(option.state & option.state.State_Selected)
        painter.save()
        if selected:
            painter.fillRect(rect, QColor(tokens.soft))
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if selected and index.column() == 0:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(tokens.accent))
        if selected and option.widget.hasFocus():
            self._paint_ring(painter, rect, index)
        inner = rect.adjusted(theme.scaled(10), 0, -theme.scaled(8), -1)
        if cell.tone is not None:
            self._paint_chip(painter, inner, cell, option.font, on_selected=selected)
        else:
            self._paint_words(painter, inner, cell, option)
        painter.restore()

    def _paint_ring(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """Two pixels around the whole row: every cell draws its part."""
        header = self.parent().horizontalHeader()
        at, last = header.visualIndex(index.column()), header.count() - 1
        ink = QColor(theme.current().accent)
        painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 2), ink)
        painter.fillRect(QRect(rect.left(), rect.bottom() - 1, rect.width(), 2), ink)
        if at == 0:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), ink)
        if at == last:
            painter.fillRect(QRect(rect.right() - 1, rect.top(), 2, rect.height()), ink)

    def _paint_chip(self, painter: QPainter, inner: QRect, cell: Cell, base: QFont, *, on_selected: bool) -> None:
        font = chip_font(base)
        painter.setFont(font)
        size = chip_size(font, cell.shown)
        top = inner.center().y() - size.height() / 2 + 0.5
        width = min(size.width(), inner.width() + theme.scaled(6))
        assert cell.tone is not None
        room = QRectF(inner.left(), top, width, size.height())
        paint_chip(painter, room, cell.shown, cell.tone, cell.icon, on_selected=on_selected)

    def _paint_words(self, painter: QPainter, inner: QRect, cell: Cell, option: QStyleOptionViewItem) -> None:
        tokens = theme.current()
        side = _RIGHT if cell.right else _LEFT
        elided = option.fontMetrics.elidedText
        painter.setPen(QColor(tokens.text))
        if not cell.detail:
            painter.drawText(inner, side, elided(cell.shown, Qt.TextElideMode.ElideRight, inner.width()))
            return
        half = inner.height() // 2
        upper = QRect(inner.left(), inner.top() + theme.scaled(5), inner.width(), half - theme.scaled(3))
        lower = QRect(inner.left(), inner.top() + half, inner.width(), half - theme.scaled(5))
        bold = QFont(option.font)
        bold.setBold(True)
        painter.setFont(bold)
        painter.drawText(upper, side, elided(cell.shown, Qt.TextElideMode.ElideRight, inner.width() - 6))
        small = QFont(option.font)
        small.setPixelSize(theme.scaled(13))
        painter.setFont(small)
        painter.setPen(QColor(tokens.muted))
        painter.drawText(lower, side, elided(cell.detail, Qt.TextElideMode.ElideRight, inner.width()))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Rows have one height; the view sets it."""
        return QSize(60, theme.scaled(32))


class DataTable(Living, QTableView):
    """The table of one list; widths and order of its columns are kept under ``name``.

    Signals:
        opened: Enter or double click (the item).
        previewed: Space (the item).
        marked: another row is current (the item or None).
    """

    opened = Signal(object)
    previewed = Signal(object)
    marked = Signal(object)

    def __init__(
        self,
        name: str,
        model: ItemModel,
        preferences: Preferences,
        *,
        tall: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._items = model
        self._preferences = preferences
        self._tall = tall
        self.setModel(model)
        self.setItemDelegate(CellDelegate(self))
        self._fitting = False
        self._settle()
        self._restore()
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(ITEM)))
        self.selectionModel().currentRowChanged.connect(self._on_row_changed)
        model.modelReset.connect(self._on_reset)
        self.begin()

    def _settle(self) -> None:
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(40)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        header.sectionResized.connect(lambda at, *_: self._on_resized(at))
        header.sectionMoved.connect(lambda *_: self._keep())

    def _restore(self) -> None:
        header = self.horizontalHeader()
        for at, column in enumerate(self._items.columns):
            mode = QHeaderView.ResizeMode.Stretch if column.stretch else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(at, mode)
        kept = self._preferences.layout(self._name)
        if not kept.isEmpty():
            header.restoreState(kept)
            header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    def _on_resized(self, at: int) -> None:
        if not self._items.columns[at].stretch:  # those follow the window, which is no choice of the person
            self._keep()

    def _fit_columns(self) -> None:
        """Columns in the size of the letters in force; one the person made narrower still shows its heading."""
        kept = not self._preferences.layout(self._name).isEmpty()
        self._fitting = True
        for at, column in enumerate(self._items.columns):
            if not column.stretch:
                chosen = self.columnWidth(at) if kept else theme.scaled(column.width)
                wanted = chosen if column.width else self._chip_width(at)
                self.setColumnWidth(at, max(wanted, self._heading_width(at)))
        self._fitting = False
        self._share_room()

    def _heading_width(self, at: int) -> int:
        small = QFont(self.font())
        small.setPixelSize(theme.scaled(13))
        shown = self._items.headerData(at, Qt.Orientation.Horizontal)
        return QFontMetrics(small).horizontalAdvance(str(shown)) + theme.scaled(HEADING_PADDING)

    def _chip_width(self, at: int) -> int:
        """As wide as the widest state among the first rows: names need the room."""
        font = chip_font(self.font())
        cells = [self._items.cell(row, at) for row in range(min(LOOKED_AT, self._items.rowCount()))]
        widest = max((chip_size(font, cell.shown).width() for cell in cells if cell.tone is not None), default=0)
        return round(widest) + theme.scaled(HEADING_PADDING)

    def _share_room(self) -> None:
        """Stretched columns take what is left, but never less than can be read: then the list scrolls sideways."""
        header, columns = self.horizontalHeader(), self._items.columns
        least = {
            at: max(theme.scaled(column.width or LEAST_PX), self._heading_width(at))
            for at, column in enumerate(columns)
            if column.stretch
        }
        self._fitting = True  # from here on: asking for a size makes Qt do what it had put off
        rest = sum(header.sectionSize(at) for at in range(len(columns)) if at not in least)
        fits = self.viewport().width() >= rest + sum(least.values())
        modes = QHeaderView.ResizeMode
        for at, width in least.items():
            header.setSectionResizeMode(at, modes.Stretch if fits else modes.Fixed)
            if not fits:
                header.resizeSection(at, width)
        self._fitting = False

    def show_column(self, at: int, *, shown: bool) -> None:
        """Show a column only while it has something to say; that is no choice of the person."""
        self._fitting = True
        self.setColumnHidden(at, not shown)
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width: is there still room for everything? The marked row stays in sight if it was."""
        row, before = self.visualRect(self.currentIndex()), QRect(QPoint(0, 0), event.oldSize())
        super().resizeEvent(event)
        self._share_room()
        if self.currentIndex().isValid() and before.intersects(row):
            self.scrollTo(self.currentIndex())

    def _keep(self) -> None:
        if self.isVisible() and not self._fitting:
            self._preferences.set_layout(self._name, self.horizontalHeader().saveState())

    @property
    def current(self) -> Any:
        """The current row's item, None when there is none."""
        return self._items.item(self.currentIndex().row()) if self.currentIndex().isValid() else None

    def mark(self, row: int) -> None:
        """Make a row current and show it."""
        index = self._items.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    def _on_row_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        self.marked.emit(self._items.item(now.row()) if now.isValid() else None)

    def _on_reset(self) -> None:
        if any(not column.stretch and not column.width for column in self._items.columns):
            self._fit_columns()
        self.marked.emit(None)

    def _set_texts(self) -> None:
        self._items.renew_cells()
        self._fit_columns()

    def _set_look(self) -> None:
        height = theme.scaled(54 if self._tall else 34)
        self.verticalHeader().setDefaultSectionSize(height)
        self.verticalHeader().setMinimumSectionSize(height)
        self._fit_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Space previews, Ctrl+C takes the row as clean text."""
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control and self.current is not None:
            if not event.isAutoRepeat():
                self.opened.emit(self.current)
        elif event.key() == Qt.Key.Key_Space and self.current is not None:
            self.previewed.emit(self.current)
        elif control and event.key() == Qt.Key.Key_C and self.currentIndex().isValid():
            row = self.currentIndex().row()
            cells = [self._items.cell(row, column) for column in range(self._items.columnCount())]
            QGuiApplication.clipboard().setText("\t".join(f"{one.shown} {one.detail}".strip() for one in cells))
        else:
            super().keyPressEvent(event)
