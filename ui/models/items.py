"""Rows of a list as a table model: pages are appended as the person scrolls, cells are made when they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui.texts import text
from ui.tokens import Tone

Index = QModelIndex | QPersistentModelIndex
CELL = Qt.ItemDataRole.UserRole
ITEM = Qt.ItemDataRole.UserRole + 1


class Cell(NamedTuple):
    """What one cell shows: words, quiet words below them, or a chip when it has a tone."""

    shown: str
    detail: str = ""
    tone: Tone | None = None
    icon: str = ""
    right: bool = False
    order: int | str | None = None


class Column(NamedTuple):
    """One column: its words are ``column.<name>``; ``stretch`` columns share what room is left.

    ``width`` is what it begins with, 0 as wide as its states need; of a ``stretch`` column it is the least that can be
    read. The words above it always fit.
    """

    name: str
    width: int = 0
    stretch: bool = False
    right: bool = False


class ItemModel(QAbstractTableModel):
    """Items of any kind; ``cells(item)`` gives one :class:`Cell` per column.

    Signals:
        more_wanted: the view reached the end and there are more (how many it has).
        rest_wanted: the person sorts, which needs all rows.
    """

    more_wanted = Signal(int)
    rest_wanted = Signal()

    def __init__(
        self, columns: Sequence[Column], cells: Callable[[Any], Sequence[Cell]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = columns
        self._cells = cells
        self._items: list[Any] = []
        self._made: dict[int, Sequence[Cell]] = {}
        self._total = 0
        self._sorting: tuple[int, Qt.SortOrder] | None = None
        self._asked = False

    @property
    def items(self) -> list[Any]:
        """The items loaded so far, in the order shown."""
        return self._items

    @property
    def total(self) -> int:
        """How many there are in all."""
        return self._total

    def show_items(self, items: Sequence[Any], total: int | None = None) -> None:
        """Start anew with these; ``total`` when there are more to come."""
        self.beginResetModel()
        self._items = list(items)
        self._total = len(self._items) if total is None else total
        self._made = {}
        self._asked = False
        self._order()
        self.endResetModel()

    def add_items(self, items: Sequence[Any]) -> None:
        """Append the next page."""
        if not items:
            self._total = len(self._items)
            return
        first = len(self._items)
        self.beginInsertRows(QModelIndex(), first, first + len(items) - 1)
        self._items += items
        self._asked = False
        self.endInsertRows()
        if self._sorting is not None:
            self.sort(*self._sorting)

    def item(self, row: int) -> Any:
        """The item in a row, None outside."""
        return self._items[row] if 0 <= row < len(self._items) else None

    def renew_cells(self) -> None:
        """Make all cells anew: another language."""
        self._made = {}
        if self._items:
            last = self.index(len(self._items) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def cell(self, row: int, column: int) -> Cell:
        """One cell, made when first looked at."""
        made = self._made.get(row)
        if made is None:
            made = self._made[row] = self._cells(self._items[row])
        return made[column]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Rows loaded so far."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Words for the eye and for assistive technology, the cell and the item for our own delegate."""
        if not index.isValid() or index.row() >= len(self._items):
            return None
        if role == ITEM:
            return self._items[index.row()]
        cell = self.cell(index.row(), index.column())
        if role == CELL:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.shown
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{cell.shown}\n{cell.detail}".strip()
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The column's words."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return text(f"column.{column.name}")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are more than are loaded."""
        return not parent.isValid() and len(self._items) < self._total and not self._asked

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page, once."""
        self._asked = True
        self.more_wanted.emit(len(self._items))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column; rows that are not here yet are asked for first. Column −1: as the service gave them."""
        self._sorting = (column, order) if column >= 0 else None
        if self._sorting is not None and len(self._items) < self._total:
            if not self._asked:
                self._asked = True
                self.rest_wanted.emit()
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        marked = [(index, self._items[index.row()]) for index in before if index.row() < len(self._items)]
        self._order()
        rows = {id(item): row for row, item in enumerate(self._items)}
        for index, item in marked:
            self.changePersistentIndex(index, self.index(rows[id(item)], index.column()))
        self.layoutChanged.emit()

    def _order(self) -> None:
        if self._sorting is None:
            return
        column, order = self._sorting
        key = {id(item): _key(self._cells(item)[column]) for item in self._items}
        self._items.sort(key=lambda item: key[id(item)], reverse=order == Qt.SortOrder.DescendingOrder)
        self._made = {}


def _key(cell: Cell) -> tuple[bool, int, str]:
    if isinstance(cell.order, int):
        return (False, cell.order, "")
    return (True, 0, str(cell.order if cell.order is not None else cell.shown))
