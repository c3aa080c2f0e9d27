"""Several views at one place: the page is as high as the one seen needs, not as the highest of them."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget


class OneOf(QStackedWidget):
    """A stack that asks for the room of its current widget alone."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _at: self.updateGeometry())

    def sizeHint(self) -> QSize:
        """What the one seen would like."""
        seen = self.currentWidget()
        return seen.sizeHint() if seen is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """What the one seen cannot do without."""
        seen = self.currentWidget()
        return seen.minimumSizeHint() if seen is not None else super().minimumSizeHint()
