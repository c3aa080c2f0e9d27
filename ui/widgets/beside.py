"""List and detail: next to each other where there is room, below each other in a small window or with large letters."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from ui import theme

NARROW_PX = 880
LIST_LOW_PX, DETAIL_LOW_PX = 240, 460
LIST_WIDE_PX = 400
GAP_PX = 12


class Beside(QWidget):
    """``shares`` say how the width is divided; below each other the page scrolls.

    Then the detail is at least ``low`` high, the list ``list_low``. Below ``narrow`` there is no room for both.
    """

    def __init__(
        self,
        left: QWidget,
        right: QWidget,
        shares: tuple[int, int] = (5, 7),
        *,
        list_width: int = LIST_WIDE_PX,
        low: int = DETAIL_LOW_PX,
        list_low: int = LIST_LOW_PX,
        narrow: int = NARROW_PX,
    ) -> None:
        super().__init__()
        self._lows = (list_low, low)
        self._narrow = narrow
        self._list_width = list_width
        self._parts = (left, right)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(14)
        for part, share in zip(self._parts, shares, strict=True):
            self._row.addWidget(part, share)

    @property
    def is_stacked(self) -> bool:
        """Whether the detail lies below the list."""
        return self._row.direction() is QBoxLayout.Direction.TopToBottom

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose by the room there is."""
        super().resizeEvent(event)
        narrow = event.size().width() < theme.scaled(self._narrow)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        for part, low in zip(self._parts, self._lows, strict=True):
            part.setMinimumHeight(theme.scaled(low) if narrow else 0)
        self._parts[0].setMinimumWidth(0 if narrow else theme.scaled(self._list_width))


class Above(QWidget):
    """Two lists, one above the other, sharing the height there is; they ask for no more than ``lows`` of the page."""

    def __init__(self, upper: QWidget, lower: QWidget, shares: tuple[int, int], lows: tuple[int, int]) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_PX)
        self._low = theme.scaled(sum(lows)) + GAP_PX
        for part, share, low in zip((upper, lower), shares, lows, strict=True):
            part.setMinimumHeight(theme.scaled(low))
            column.addWidget(part, share)

    def sizeHint(self) -> QSize:
        """Both lists scroll, so the page around them need not."""
        return QSize(super().sizeHint().width(), self._low)

    def hasHeightForWidth(self) -> bool:
        """Wrapped words inside do not make it taller."""
        return False
