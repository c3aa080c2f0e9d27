"""Widgets whose words follow the language and whose pictures follow the theme, without being told one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget as _Base
else:
    _Base = object


class Living(_Base):
    """Mixed in before a Qt class; call :meth:`begin` at the end of ``__init__``.

    Qt tells every widget of a new language or a new style sheet; then the two hooks run again.
    """

    _begun = False

    def begin(self) -> None:
        """Set words and look for the first time; from now on they follow."""
        self._begun = True
        self._set_texts()
        self._set_look()

    def _set_texts(self) -> None:
        """Set every word this widget shows."""

    def _set_look(self) -> None:
        """Make anew what was made from the theme's colours or the font's size."""

    def changeEvent(self, event: QEvent) -> None:
        """Qt's way of saying that language or style are new."""
        super().changeEvent(event)
        if not self._begun:
            return
        if event.type() == QEvent.Type.LanguageChange:
            self._set_texts()
        elif event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._set_look()
