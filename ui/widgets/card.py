"""A white card with one thin line; everything on a page lies on cards."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.widgets.words import words


class Card(QFrame):
    """Content below an optional heading; ``corner`` takes chips and quiet buttons at the heading's right."""

    def __init__(self, look: str = "card", margin: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", look)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin - 4, margin, margin - 4)
        self.body.setSpacing(12)
        self.heading = words("h2")
        self.caption = words("muted", wrap=True)
        self.corner = QHBoxLayout()
        self.corner.setSpacing(8)
        self.body.addLayout(self._head())
        self.title("")

    def _head(self) -> QHBoxLayout:
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(self.heading)
        titles.addWidget(self.caption)
        head = QHBoxLayout()
        head.addLayout(titles, 1)
        head.addLayout(self.corner)
        return head

    def title(self, heading: str, caption: str = "") -> None:
        """Name the card; an empty part takes no room."""
        for label, shown in ((self.heading, heading), (self.caption, caption)):
            label.setText(shown)
            label.setVisible(bool(shown))
        if heading:
            self.setAccessibleName(heading)

    def add(self, *parts: QWidget) -> None:
        """Put widgets below what is there."""
        for part in parts:
            self.body.addWidget(part)

    def fill(self) -> None:
        """Take all the height there is."""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
