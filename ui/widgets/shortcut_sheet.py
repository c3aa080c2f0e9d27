"""All keys that do something here (Ctrl+/), in two columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from ui import theme
from ui.texts import text
from ui.widgets.button import Button
from ui.widgets.words import words

Shortcuts = Sequence[tuple[str, Sequence[tuple[str, str]]]]


class ShortcutSheet(QFrame):
    """Lies over the window until Esc; groups of (keys, what they do)."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("look", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._before: QWidget | None = None
        self._title = words("h2")
        self._grid_host = QWidget()
        self._close = Button("quiet", "x")
        self._close.act_wanted.connect(self.close_quietly)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self._grid_host)
        column.addWidget(self._close, 0, Qt.AlignmentFlag.AlignRight)
        self.hide()

    def open(self, groups: Shortcuts) -> None:
        """Show these."""
        self._before = self.window().focusWidget()
        self._title.setText(text("shortcuts.title"))
        self._close.say(text("shortcuts.close"), "Esc")
        self.setAccessibleName(text("shortcuts.title"))
        self._fill(groups)
        window = self.parentWidget()
        self.adjustSize()
        size = self.sizeHint().boundedTo(window.size())
        self.setGeometry(
            (window.width() - size.width()) // 2,
            max(theme.scaled(20), (window.height() - size.height()) // 2),
            size.width(),
            size.height(),
        )
        self.show()
        self.raise_()
        self._close.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_quietly(self) -> None:
        """Close and give the focus back."""
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self, groups: Shortcuts) -> None:
        fresh = QWidget()
        grid = QGridLayout(fresh)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(7)
        for at, (title, lines) in enumerate(groups):
            left = 3 * at
            grid.addWidget(words("h3", title), 0, left, 1, 2)
            for row, (keys, does) in enumerate(lines, 1):
                grid.addWidget(words("key", keys), row, left, Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(words("", does), row, left + 1)
            if at:
                grid.setColumnMinimumWidth(left - 1, 28)
        self.layout().replaceWidget(self._grid_host, fresh)
        self._grid_host.deleteLater()
        self._grid_host = fresh

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_quietly()
        else:
            super().keyPressEvent(event)
