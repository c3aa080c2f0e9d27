"""Labels by what they are on the page: heading, label, quiet words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget


def words(look: str = "", shown: str = "", *, wrap: bool = False) -> QLabel:
    """A label in one of the looks of the style sheet (h1, h2, h3, big, muted, label, echo, key)."""
    label = QLabel(shown)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("look", look)
    if wrap:
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def rule() -> QFrame:
    """One thin line between things that belong together."""
    line = QFrame()
    line.setProperty("look", "rule")
    return line


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property the style sheet asks for, and let the sheet see it."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
