"""Things that were looked at: each a large target with two plain answers, or one box to tick."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from ui.widgets.popup_list import Option


class TargetBox(QCheckBox):
    """A box as large as a fingertip; Space ticks it, Enter belongs to the form."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "target")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def hitButton(self, pos: object) -> bool:
        """The whole target answers, not only the box."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the form have Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)


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
        self.setFocusProxy(next(iter(self._boxes.values()), None))
