"""Notices windows nobody opened: a widget that lost its parent and comes up takes the keyboard from whoever types."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from ui.window import Window

PASSING = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)
"""Menus, lists that drop down and hints: gone with the next key."""


class Strays:
    """``seen`` names every stray so far; it looks whenever a window gets the keyboard, and whenever it is asked to.

    ``opened`` says which windows the test itself made and shows.
    """

    def __init__(self, app: QApplication, opened: Callable[[], Collection[QWidget]]) -> None:
        self._app, self._opened = app, opened
        self._before = app.topLevelWidgets()
        self.seen: set[str] = set()
        app.focusWindowChanged.connect(self.look)

    def look(self, _window: object = None) -> None:
        """Name what is up now and should not be."""
        for widget in self._app.topLevelWidgets():
            if widget.isVisible() and widget not in self._before and not self._may_be_up(widget):
                self.seen.add(type(widget).__name__)

    def _may_be_up(self, widget: QWidget) -> bool:
        return isinstance(widget, (Window, QDialog)) or widget.windowType() in PASSING or widget in self._opened()

    def close(self) -> None:
        """Look a last time."""
        self._app.focusWindowChanged.disconnect(self.look)
        self.look()
