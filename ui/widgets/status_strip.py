"""The strip along the bottom: plain sentences one can act on; each cell opens the page that explains it (U87–U89)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.flow import Flow
from ui.widgets.living import Living
from ui.widgets.words import set_property


class CellState(NamedTuple):
    """One cell: a name, what it says, how urgently, where it leads, and two lines for the tool tip."""

    name: str
    shown: str
    tone: Tone
    place: Place
    hint: str = ""
    icon: str = ""


class StripCell(Button):
    """A cell; arrows go to its neighbours, Enter opens its page."""

    def __init__(self, strip: StatusStrip) -> None:
        super().__init__("cell")
        self._strip = strip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move along the strip."""
        by = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self._strip.step(self, by)


class StatusStrip(Living, QWidget):
    """Signals:
    cell_opened: a cell was pressed (the place it leads to).
    """

    cell_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._row = Flow(self, spacing=2)
        self._row.setContentsMargins(8, 3, 8, 3)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        policy.setVerticalPolicy(policy.Policy.Minimum)
        self.setSizePolicy(policy)
        self.cells: dict[str, StripCell] = {}
        self._states: list[CellState] = []
        self.begin()

    @property
    def states(self) -> list[CellState]:
        """What the cells say."""
        return self._states

    def show_states(self, states: Sequence[CellState]) -> None:
        """Show these cells, in order."""
        self._states = list(states)
        for at, state in enumerate(states):
            cell = self.cells.get(state.name) or self._new_cell(state.name, at)
            cell.set_icon(state.icon)
            cell.say(state.shown)
            cell.setToolTip(state.hint)
            cell.setAccessibleDescription(state.hint)
            quiet = state.tone in (Tone.OFF, Tone.GOOD, Tone.INFO)
            set_property(cell, "tone", "" if quiet else state.tone.value)
            cell.setVisible(bool(state.shown))

    def _new_cell(self, name: str, at: int) -> StripCell:
        cell = StripCell(self)
        self.cells[name] = cell
        cell.act_wanted.connect(lambda: self._on_opened(name))
        self._row.insert(at, cell)
        return cell

    def _on_opened(self, name: str) -> None:
        place = next(state.place for state in self._states if state.name == name)
        self.cell_opened.emit(place.value)

    def step(self, at: StripCell, by: int) -> None:
        """Move the focus along the strip."""
        shown = [cell for cell in self.cells.values() if cell.isVisible()]
        shown[max(0, min(len(shown) - 1, shown.index(at) + by))].setFocus(Qt.FocusReason.TabFocusReason)

    def _set_texts(self) -> None:
        self.setAccessibleName(text("strip.name"))
