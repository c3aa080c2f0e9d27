"""The list under a picker: part of the same window, so it never takes the focus from what is being typed."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui import theme

SHOWN = 8
Index = QModelIndex | QPersistentModelIndex


class Option(NamedTuple):
    """One thing that can be chosen: its value, its name, and quiet words at the right."""

    value: int | str
    title: str
    detail: str = ""


class OptionModel(QAbstractListModel):
    """Options as a list model."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options: list[Option] = []

    def offer(self, options: list[Option]) -> None:
        """Show these."""
        self.beginResetModel()
        self._options = options
        self.endResetModel()

    def option(self, row: int) -> Option | None:
        """The option in a row."""
        return self._options[row] if 0 <= row < len(self._options) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many there are."""
        return 0 if parent.isValid() else len(self._options)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Title for the eye, title and detail for assistive technology."""
        option = self.option(index.row())
        if option is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return option.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{option.title} {option.detail}".strip()
        return option if role == Qt.ItemDataRole.UserRole else None


class OptionDelegate(QStyledItemDelegate):
    """Draws the name at the left and the quiet words at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One comfortable row."""
        return QSize(120, theme.scaled(32))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one option."""
        item = index.data(Qt.ItemDataRole.UserRole)
        tokens = theme.current()
        painter.save()
        rect: QRect = option.rect
        if option.state & option.state.State_Selected:
            painter.fillRect(rect, QColor(tokens.soft))
        inner = rect.adjusted(theme.scaled(10), 0, -theme.scaled(10), 0)
        metrics = option.fontMetrics
        room = inner.width()
        title = min(metrics.horizontalAdvance(item.title), room)
        detail_room = max(0, room - title - theme.scaled(16))
        painter.setPen(QColor(tokens.text))
        shown = metrics.elidedText(item.title, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.setPen(QColor(tokens.muted))
        quiet = metrics.elidedText(item.detail, Qt.TextElideMode.ElideRight, detail_room)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, quiet)
        painter.restore()


class PopupList(QFrame):
    """Options right below (or above) their editor.

    Signals:
        option_chosen: by click (the option).
    """

    option_chosen = Signal(object)

    def __init__(self, editor: QWidget) -> None:
        super().__init__(editor)
        self._editor = editor
        self.setProperty("look", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.model = OptionModel(self)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(OptionDelegate(self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setMouseTracking(True)
        self.view.entered.connect(self.view.setCurrentIndex)
        self.view.clicked.connect(self._on_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.view)
        self.hide()

    def offer(self, options: list[Option]) -> None:
        """Show these options, the first one marked; nothing to offer hides the list."""
        self.model.offer(options)
        if not options:
            self.hide()
            return
        self.view.setCurrentIndex(self.model.index(0))
        self._place(len(options))
        self.show()
        self.raise_()

    def move_mark(self, by: int) -> None:
        """Mark another option, stopping at both ends."""
        row = self.view.currentIndex().row() + by
        row = max(0, min(self.model.rowCount() - 1, row))
        self.view.setCurrentIndex(self.model.index(row))

    def marked(self) -> Option | None:
        """The marked option, None when the list is hidden."""
        return self.model.option(self.view.currentIndex().row()) if self.isVisible() else None

    def _place(self, count: int) -> None:
        window = self._editor.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        height = min(count, SHOWN) * theme.scaled(32) + 10
        width = max(self._editor.width(), theme.scaled(260))
        corner = self._editor.mapTo(window, QPoint(0, self._editor.height() + 2))
        if corner.y() + height > window.height():
            corner.setY(max(0, self._editor.mapTo(window, QPoint(0, 0)).y() - height - 2))
        corner.setX(max(0, min(corner.x(), window.width() - width - 4)))
        self.setGeometry(corner.x(), corner.y(), width, height)

    def _on_clicked(self, index: QModelIndex) -> None:
        option = self.model.option(index.row())
        if option is not None:
            self.option_chosen.emit(option)
