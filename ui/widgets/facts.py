"""Facts of one thing: question at the left, answer at the right; answers can be marked and copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from ui.widgets.words import words


class Facts(QWidget):
    """A grid of facts in one or two columns; an empty answer leaves its line out."""

    def __init__(self, columns: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(7)
        for column in range(columns):
            self._grid.setColumnStretch(2 * column + 1, 1)
        self._shown: list[tuple[str, str]] = []

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Question and answer of every line."""
        return self._shown

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show these, in order, column by column in reading direction."""
        self._shown = [fact for fact in facts if fact[1]]
        while self._grid.count():
            item = self._grid.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().deleteLater()
        for at, (question, answer) in enumerate(self._shown):
            row, column = divmod(at, self._columns)
            self._grid.addWidget(words("label", question), row, 2 * column, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(_answer(question, answer), row, 2 * column + 1)


def _answer(question: str, answer: str) -> QLabel:
    label = words("", answer, wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setAccessibleName(f"{question} {answer}")
    return label
