"""Facts of one thing: question at the left, answer at the right, or above each other where there is little room."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ui import theme
from ui.widgets.words import words

ANSWER_PX = 130
GAP_PX = 16


class Facts(QWidget):
    """A grid of facts in one or two columns; an empty answer leaves its line out; answers can be marked and copied."""

    def __init__(self, columns: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._shown: list[tuple[str, str]] = []
        self._pairs: list[tuple[QLabel, QLabel]] = []
        self._stacked = False

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Question and answer of every line."""
        return self._shown

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these, in order, column by column in reading direction."""
        self._shown = [fact for fact in facts if fact[1]]
        for pair in self._pairs:
            for label in pair:
                self._grid.removeWidget(label)
                label.hide()
                label.deleteLater()
        self._pairs = [(words("label", question), _answer(question, answer)) for question, answer in self._shown]
        self._stacked = self._is_narrow(self.width())
        self._place()

    def _is_narrow(self, width: int) -> bool:
        """Whether the longest question would leave its answer no room."""
        longest = max((question.sizeHint().width() for question, _ in self._pairs), default=0)
        return width < self._columns * (longest + GAP_PX + theme.scaled(ANSWER_PX))

    def _place(self) -> None:
        for label in (label for pair in self._pairs for label in pair):
            self._grid.removeWidget(label)
        self._grid.setHorizontalSpacing(GAP_PX)
        self._grid.setVerticalSpacing(2 if self._stacked else 7)
        for column in range(2 * self._columns):
            self._grid.setColumnStretch(column, int(column < self._columns if self._stacked else column % 2))
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, 0)
        for at, (question, answer) in enumerate(self._pairs):
            row, column = divmod(at, self._columns)
            if self._stacked:
                self._grid.addWidget(question, 3 * row, column)
                self._grid.addWidget(answer, 3 * row + 1, column)
                self._grid.setRowMinimumHeight(3 * row + 2, 4)
            else:
                self._grid.addWidget(question, row, 2 * column, Qt.AlignmentFlag.AlignTop)
                self._grid.addWidget(answer, row, 2 * column + 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose by the room there is."""
        super().resizeEvent(event)
        narrow = self._is_narrow(event.size().width())
        if narrow is not self._stacked:
            self._stacked = narrow
            self._place()


def _answer(question: str, answer: str) -> QLabel:
    label = words("", answer, wrap=True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setAccessibleName(f"{question} {answer}")
    return label
