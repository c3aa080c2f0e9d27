"""A page taller than the window scrolls, and keeps the focused field in sight."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.field import Field

LOW_PX, MARGIN_PX = 180, 8


class Scroll(QScrollArea):
    """Content of natural height in a scroll area that never scrolls sideways unless it must.

    ``as_wide`` is for a part of a page: it is never narrower than what it holds, the parts beside it give way.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None, *, as_wide: bool = False) -> None:
        super().__init__(parent)
        self._as_wide = as_wide
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        content.setProperty("look", "clear")
        policy = content.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
        content.setSizePolicy(policy)
        self.setWidget(content)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(lambda: self._show_focus(QApplication.focusWidget()))
        content.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def sizeHint(self) -> QSize:
        """It asks for little height: what it holds scrolls, so the page around it need not."""
        size = super().sizeHint()
        return QSize(size.width(), min(size.height(), theme.scaled(LOW_PX)))

    def minimumSizeHint(self) -> QSize:
        """What it holds scrolls up and down; ``as_wide`` leaves room for its words and the bar beside them."""
        size = super().minimumSizeHint()
        if not self._as_wide or self.widget() is None:
            return size
        wanted = self.widget().minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(max(size.width(), wanted), size.height())

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        self._show_focus(now)

    def _show_focus(self, focus: QWidget | None) -> None:
        """The whole field with its message where that fits, else the part of it that has the focus."""
        if focus is None or self.widget() is None or not self.widget().isAncestorOf(focus):
            return
        field = _field_around(focus)
        if field is not None and field.height() <= self.viewport().height():
            self.ensureWidgetVisible(field, 0, MARGIN_PX)
        self.ensureWidgetVisible(focus, 20, 0 if field is not None else 40)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A message came below the field one is in: it is kept in sight as well."""
        if watched is self.widget() and event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._soon.start()
            if self._as_wide and event.type() == QEvent.Type.LayoutRequest:
                self.updateGeometry()
        return super().eventFilter(watched, event)


def _field_around(widget: QWidget) -> QWidget | None:
    """The labelled field a widget is part of; its message lies inside it."""
    around: QWidget | None = widget
    while around is not None and not isinstance(around, Field):
        around = around.parentWidget()
    return around


def column(*, spacing: int = 14) -> tuple[QWidget, QVBoxLayout]:
    """A widget and its column, ready to be put on a :class:`Scroll`."""
    widget = QWidget()
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 6, 0)
    layout.setSpacing(spacing)
    return widget, layout
