"""Things that were looked at: each a large target with two plain answers, or one box to tick."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QGridLayout, QSizePolicy, QWidget

from ui import icons, theme
from ui.widgets.popup_list import Option

WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextWordWrap)


class TargetBox(QCheckBox):
    """A box as large as a fingertip whose words wrap; Space ticks it, Enter belongs to the form."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hitButton(self, pos: object) -> bool:
        """The whole target answers, not only the box."""
        return True

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher, because the words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As high as the wrapped words need, never lower than a fingertip."""
        room = QRect(0, 0, width - self._words_left() - theme.scaled(10), 10_000)
        words = self.fontMetrics().boundingRect(room, WRAPPED, self.text())
        return max(theme.scaled(42), words.height() + theme.scaled(20))

    def sizeHint(self) -> QSize:
        """One line if it is short, two if it is long."""
        wanted = self._words_left() + self.fontMetrics().horizontalAdvance(self.text()) + theme.scaled(14)
        width = min(wanted, theme.scaled(280))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """The words wrap rather than push the page wider."""
        return QSize(theme.scaled(140), theme.scaled(42))

    def _words_left(self) -> int:
        return theme.scaled(40)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the form have Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A target with its box and words."""
        tokens, ticked = theme.current(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = tokens.soft if ticked else tokens.hover if self.underMouse() else tokens.panel
        line = tokens.accent if ticked or self.hasFocus() else tokens.edge
        painter.setPen(QPen(QColor(line), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        self._paint_box(painter, ticked=ticked)
        painter.setPen(QColor(tokens.text))
        words = self.rect().adjusted(self._words_left(), theme.scaled(6), -theme.scaled(10), -theme.scaled(6))
        painter.drawText(words, WRAPPED, self.text())
        painter.end()

    def _paint_box(self, painter: QPainter, *, ticked: bool) -> None:
        tokens, side = theme.current(), theme.scaled(18)
        box = QRectF(theme.scaled(12), (self.height() - side) / 2, side, side)
        painter.setPen(QPen(QColor(tokens.accent if ticked else tokens.muted), 1.5))
        painter.setBrush(QColor(tokens.accent if ticked else tokens.panel))
        painter.drawRoundedRect(box, 4, 4)
        if ticked:
            mark = icons.pixmap("check", tokens.on_accent, theme.scaled(14))
            painter.drawPixmap(int(box.left() + theme.scaled(2)), int(box.top() + theme.scaled(2)), mark)


class CheckList(QWidget):
    """Boxes in one or more columns; the value is the list of ticked codes, in the list's order.

    Signals:
        edited: a box was ticked or cleared.
        left: never while the list is small; here for the field's sake.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, columns: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._boxes: dict[str, TargetBox] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    @property
    def boxes(self) -> list[TargetBox]:
        """The boxes in order."""
        return list(self._boxes.values())

    @property
    def codes(self) -> list[str]:
        """All codes offered."""
        return list(self._boxes)

    @property
    def unticked(self) -> list[str]:
        """The codes that are not ticked."""
        return [code for code, box in self._boxes.items() if not box.isChecked()]

    def offer(self, options: Sequence[Option]) -> None:
        """Show these; ticks stay where the code is still offered."""
        if [str(option.value) for option in options] != list(self._boxes):
            self._rebuild(options)
        for option in options:
            box = self._boxes[str(option.value)]
            box.setText(option.title)
            box.setAccessibleName(option.title)
            box.setToolTip(option.detail)

    def value(self) -> list[str]:
        """The ticked codes."""
        return [code for code, box in self._boxes.items() if box.isChecked()]

    def set_value(self, value: object) -> None:
        """Tick exactly these codes."""
        ticked = set(value) if isinstance(value, (list, tuple)) else set()
        for code, box in self._boxes.items():
            box.blockSignals(True)
            box.setChecked(code in ticked)
            box.blockSignals(False)

    def draft(self) -> object:
        """What a draft keeps: the ticked codes."""
        return self.value()

    def restore(self, kept: object) -> None:
        """Show what a draft kept."""
        self.set_value(kept)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Go to the first box."""
        for box in self.boxes[:1]:
            box.setFocus(reason)

    def tick_all(self) -> None:
        """Tick every box, as one act of the person."""
        self.set_value(list(self._boxes))
        self.edited.emit()

    def _rebuild(self, options: Sequence[Option]) -> None:
        ticked = self.value()
        for box in self._boxes.values():
            self._grid.removeWidget(box)
            box.deleteLater()
        self._boxes = {}
        for at, option in enumerate(options):
            box = TargetBox()
            self._boxes[str(option.value)] = box
            self._grid.addWidget(box, at // self._columns, at % self._columns)
        self.set_value(ticked)
        for box in self._boxes.values():
            box.toggled.connect(lambda _on: self.edited.emit())
