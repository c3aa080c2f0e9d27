"""The navigation at the left: places with icon, word and count; arrows move, Enter goes there."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui import theme
from ui.places import SIGNS, Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.chip import chip_font
from ui.widgets.living import Living
from ui.widgets.words import words

WIDTH = 196


class PlaceButton(Button):
    """One place; a count at its right says how much waits there."""

    def __init__(self, place: Place, navigation: Navigation) -> None:
        self._count = 0
        self._tone = Tone.OFF
        self.place = place
        self._navigation = navigation
        super().__init__("place", SIGNS[place].icon)
        self.setCheckable(True)

    @property
    def count(self) -> int:
        """How much waits there."""
        return self._count

    def set_count(self, count: int, tone: Tone) -> None:
        """Show how much waits; 0 shows nothing."""
        self._count, self._tone = count, tone
        name = text(f"place.{self.place.value}")
        self.setAccessibleName(f"{name}, {count}" if count else name)
        self.update()

    def _set_texts(self) -> None:
        self.say(text(f"place.{self.place.value}"))
        keys = SIGNS[self.place].keys
        self.setToolTip(keys)
        self.set_count(self._count, self._tone)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the neighbours."""
        by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self._navigation.step(self, by)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, then its count."""
        super().paintEvent(event)
        if not self._count:
            return
        tokens = theme.current()
        painter = QPainter(self)
        painter.setFont(chip_font(self.font()))
        painter.setPen(tokens.accent if self.isChecked() else tokens.ink(self._tone))
        inner = self.rect().adjusted(0, 0, -theme.scaled(12), 0)
        painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{self._count:,}")
        painter.end()


class Navigation(Living, QWidget):
    """Signals:
    place_chosen: the person wants to go there.
    """

    place_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._program = words("h2", wrap=True)
        self._station = words("muted", wrap=True)
        self._mark = words("key")
        self._group = QButtonGroup(self)
        self.buttons: dict[Place, PlaceButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 8)
        column.setSpacing(4)
        for labels in ((self._program, self._mark), (self._station,)):
            row = QHBoxLayout()
            row.setContentsMargins(6, 0, 0, 0)
            for label in labels:
                row.addWidget(label, int(label is not self._mark))
            column.addLayout(row)
        self._mark.hide()
        column.addSpacing(2)
        self._scroll = self._places()
        column.addWidget(self._scroll, 1)
        self.begin()

    def _places(self) -> QScrollArea:
        inner = QWidget()
        inner.setProperty("look", "clear")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for place, sign in SIGNS.items():
            if sign.gap:
                rows.addSpacing(5)
            button = PlaceButton(place, self)
            self.buttons[place] = button
            self._group.addButton(button)
            button.act_wanted.connect(lambda place=place: self.place_chosen.emit(place.value))
            rows.addWidget(button)
        rows.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        return scroll

    def go(self, place: Place) -> None:
        """Mark where we are."""
        self.buttons[place].setChecked(True)
        self._scroll.ensureWidgetVisible(self.buttons[place])
        for button in self.buttons.values():
            button.checkStateSet()

    def set_count(self, place: Place, count: int, tone: Tone = Tone.OFF) -> None:
        """How much waits at a place."""
        self.buttons[place].set_count(count, tone)

    def name_station(self, station: str, mark: str) -> None:
        """Say whose computer it is; ``mark`` is 练习 in practice mode."""
        self._station.setText(station)
        self._mark.setText(mark)
        self._mark.setVisible(bool(mark))

    def step(self, at: PlaceButton, by: int) -> None:
        """Move the focus to a neighbour."""
        row = list(self.buttons.values())
        row[max(0, min(len(row) - 1, row.index(at) + by))].setFocus(Qt.FocusReason.TabFocusReason)

    def _set_texts(self) -> None:
        self._program.setText(text("program.name"))

    def _set_look(self) -> None:
        self.setFixedWidth(theme.scaled(WIDTH))
