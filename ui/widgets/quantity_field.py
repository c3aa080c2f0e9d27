"""Number and unit in one line; below it the amount in capital numerals, as the certificate will say it (U40, U49)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from inspector_app.domain.quantities import Quantity, QuantityError, Units, capital_text, display, parse_quantity
from ui import icons, theme
from ui.texts import either, language, text
from ui.widgets.line import CodeLine
from ui.widgets.living import Living
from ui.widgets.words import words

MULTIPLES = "万亿"


class CalmBox(QComboBox):
    """A list of few things; the wheel scrolls the page and never changes the choice."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the page scroll."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, then the sign that there is a list."""
        super().paintEvent(event)
        side = theme.scaled(14)
        painter = QPainter(self)
        left, top = self.width() - side - theme.scaled(8), (self.height() - side) // 2
        painter.drawPixmap(left, top, icons.pixmap("chevron-down", theme.current().muted, side))
        painter.end()


class QuantityEdit(Living, QWidget):
    """Reads ``120万``, ``1.5 万尾``, full-width digits.

    Signals:
        edited: number or unit were changed.
        left: the focus left the number.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, units: Units, default_unit: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._units = units
        self.line = CodeLine()
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.unit = CalmBox()
        self._echo = words("echo")
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.line, 1)
        row.addWidget(self.unit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(row)
        column.addWidget(self._echo)
        self._fill_units(default_unit)
        self.line.edited.connect(self._on_edited)
        self.line.left.connect(self._on_left)
        self.unit.activated.connect(self._on_edited)
        self.begin()

    @property
    def problem(self) -> str:
        """The code of what is wrong with the typed text (``quantity_<code>``), "" when nothing is."""
        try:
            self._read()
        except QuantityError as wrong:
            return f"quantity_{wrong.problem.value}"
        return ""

    @property
    def echo(self) -> str:
        """What is said below the number."""
        return self._echo.text()

    def value(self) -> Quantity | None:
        """The quantity, None while it cannot be read."""
        try:
            return self._read()
        except QuantityError:
            return None

    def _read(self) -> Quantity:
        """120万 beside 万尾 means 120 万尾: who writes 万 does not mean it twice."""
        typed, unit = self.line.text(), self._units[self._default_unit()]
        says_it = unit.is_multiple and any(sign in typed for sign in MULTIPLES)
        return parse_quantity(typed, self._units, unit.base if says_it else unit.code)

    def set_value(self, value: Quantity | None) -> None:
        """Show a quantity without separators, ready to be edited."""
        if value is None:
            self.line.set_value("")
        else:
            at = self.unit.findData(value.unit)
            self.unit.setCurrentIndex(max(at, 0))
            shown = display(value, self._units)
            self.line.set_value(shown.removesuffix(self._units[value.unit].zh).replace(",", ""))
        self._show_echo()

    def draft(self) -> object:
        """What a draft keeps: the text as typed and the unit beside it."""
        return [self.line.text(), self._default_unit()]

    def restore(self, kept: object) -> None:
        """Show what a draft kept."""
        if isinstance(kept, list) and len(kept) == 2:
            self.unit.setCurrentIndex(max(self.unit.findData(kept[1]), 0))
            self.line.set_value(str(kept[0]))
            self._show_echo()

    def set_unit(self, unit: int) -> None:
        """Offer another unit for what will be typed."""
        at = self.unit.findData(unit)
        if at >= 0 and not self.line.text():
            self.unit.setCurrentIndex(at)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Go to the number."""
        self.line.setFocus(reason)

    def setAccessibleName(self, name: str) -> None:
        """Name both parts."""
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)
        self.unit.setAccessibleName(f"{name}, {text('quantity.unit')}")

    def setAccessibleDescription(self, description: str) -> None:
        """Describe the number."""
        super().setAccessibleDescription(description)
        self.line.setAccessibleDescription(description)

    def _default_unit(self) -> int:
        return int(self.unit.currentData())

    def _fill_units(self, chosen: int) -> None:
        for unit in self._units.values():
            self.unit.addItem(either(unit.zh, unit.en), unit.code)
        self.unit.setCurrentIndex(max(self.unit.findData(chosen), 0))

    def _on_edited(self) -> None:
        self._show_echo()
        self.edited.emit()

    def _on_left(self) -> None:
        """What was read is written back, so that number and unit are what will be recorded."""
        quantity = self.value()
        if quantity is not None:
            self.set_value(quantity)
        self.left.emit()

    def _show_echo(self) -> None:
        quantity = self.value()
        shown = ""
        if quantity is not None:
            shown = f"{display(quantity, self._units, language().value)}   {capital_text(quantity, self._units)}"
        self._echo.setText(shown)
        self._echo.setVisible(bool(shown))

    def _set_texts(self) -> None:
        for at in range(self.unit.count()):
            unit = self._units[int(self.unit.itemData(at))]
            self.unit.setItemText(at, either(unit.zh, unit.en))
        self._show_echo()
