"""A page taller than the window scrolls, and keeps the focused field in sight."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui import theme

LOW_PX = 180


class Scroll(QScrollArea):
    """Content of natural height in a scroll area that never scrolls sideways unless it must."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        content.setProperty("look", "clear")
        policy = content.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        content.setSizePolicy(policy)
        self.setWidget(content)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def sizeHint(self) -> QSize:
        """It asks for little height: what it holds scrolls, so the page around it need not."""
        size = super().sizeHint()
        return QSize(size.width(), min(size.height(), theme.scaled(LOW_PX)))

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.widget() is not None and self.widget().isAncestorOf(now):
            self.ensureWidgetVisible(now, 20, 40)


def column(*, spacing: int = 14) -> tuple[QWidget, QVBoxLayout]:
    """A widget and its column, ready to be put on a :class:`Scroll`."""
    widget = QWidget()
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 6, 0)
    layout.setSpacing(spacing)
    return widget, layout
