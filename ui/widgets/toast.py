"""A short word that something was done, with a way back for ten seconds; it takes no focus and blocks nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ui import theme
from ui.texts import text
from ui.widgets.button import Button
from ui.widgets.living import Living
from ui.widgets.words import words

SHOWN_MS = 4_000
SHOWN_WITH_UNDO_MS = 10_000
TOP_PX = 10


class Toast(Living, QFrame):
    """Lies over the upper middle of ``parent``, away from the acts, and moves with it.

    Signals:
        undo_wanted: the person took it back.
    """

    undo_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "toast")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._said = words("")
        self._undo = Button("plain", "")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 9, 12, 9)
        row.setSpacing(14)
        row.addWidget(self._said)
        row.addWidget(self._undo)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._undo.act_wanted.connect(self._on_undo)
        parent.installEventFilter(self)
        self.hide()
        self.begin()

    @property
    def said(self) -> str:
        """What it says."""
        return self._said.text()

    def say(self, shown: str, *, undo: bool = False) -> None:
        """Show ``shown``; with ``undo`` it stays longer and offers the way back."""
        self._said.setText(shown)
        self.setAccessibleName(shown)
        self._undo.setVisible(undo)
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self._timer.start(SHOWN_WITH_UNDO_MS if undo else SHOWN_MS)

    def _on_undo(self) -> None:
        self.hide()
        self._timer.stop()
        self.undo_wanted.emit()

    def _place(self) -> None:
        parent = self.parentWidget()
        self.move((parent.width() - self.width()) // 2, theme.scaled(TOP_PX))

    def _set_texts(self) -> None:
        self._undo.say(text("toast.undo"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle of the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False
