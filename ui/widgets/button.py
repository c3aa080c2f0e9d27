"""Buttons: one filled act per page, quiet ones beside it; a button that cannot act now says why."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui import icons, theme
from ui.widgets.living import Living
from ui.widgets.words import set_property

BOLD_WHEN_CHECKED = ("segment", "place")


class Button(Living, QPushButton):
    """A button of one ``look``: plain, primary, danger, quiet, link, place, cell, segment, tile.

    A blocked button stays reachable by keyboard: it looks greyed, tells its reason to assistive technology and in the
    tool tip, and a press asks for the reason instead of acting.

    Signals:
        act_wanted: pressed while it may act.
        reason_wanted: pressed while it is blocked (why).
    """

    act_wanted = Signal()
    reason_wanted = Signal(str)

    def __init__(self, look: str = "plain", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = icon
        self._reason = ""
        self._words = ""
        self._keys = ""
        self.setProperty("look", look)
        self.setAutoDefault(False)
        # Qt takes a button's wish, with the keys, as its least; ours is the words alone.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._on_clicked)
        self.begin()

    @property
    def reason(self) -> str:
        """Why it may not act now, or ""."""
        return self._reason

    def say(self, shown: str, keys: str = "") -> None:
        """Set the words on it; ``keys`` is the shortcut written beside them."""
        self._words, self._keys = shown, keys
        self._fit(self.width(), anew=True)
        self.setAccessibleName(shown.replace("&", ""))
        self.updateGeometry()

    def _texts(self) -> tuple[str, str]:
        """With the keys beside the words, and without."""
        words = (" " if self._icon_name else "") + self._words
        return (f"{words}   {self._keys}" if self._keys else words), words

    def _fit(self, width: int, *, anew: bool = False) -> None:
        """In a narrow place the keys go first; the words are never cut."""
        long, short = self._texts()
        wanted = long if anew or width >= self._size_with(long).width() else short
        if wanted != self.text():
            self.setText(wanted)

    def _size_with(self, shown: str) -> QSize:
        size, flag = super().sizeHint(), Qt.TextFlag.TextShowMnemonic
        wanted = max(metrics.size(flag, shown).width() for metrics in self._weights())
        differs = wanted - self.fontMetrics().size(flag, self.text()).width()
        return QSize(size.width() + differs, size.height())

    def _weights(self) -> list[QFontMetrics]:
        """The letters it may be written in: where the chosen one is bold, room is kept for bold from the start."""
        if self._look not in BOLD_WHEN_CHECKED:
            return [self.fontMetrics()]
        bold = QFont(self.font())
        bold.setBold(True)
        return [self.fontMetrics(), QFontMetrics(bold)]

    def block(self, reason: str) -> None:
        """Say why it may not act now; "" lets it act again."""
        self._reason = reason
        self.setToolTip(reason)
        self.setAccessibleDescription(reason)
        set_property(self, "blocked", bool(reason))
        self._set_look()
        self.update()

    def set_icon(self, name: str) -> None:
        """Show another icon before the words."""
        self._icon_name = name
        self._set_look()

    def _on_clicked(self) -> None:
        if self._reason:
            self.reason_wanted.emit(self._reason)
        else:
            self.act_wanted.emit()

    def _set_look(self) -> None:
        if self._icon_name:
            size = theme.scaled(17)
            self.setIcon(icons.icon(self._icon_name, self._ink(), size))
            self.setIconSize(QSize(size, size))

    def _ink(self) -> str:
        tokens = theme.current()
        if self._reason:
            return tokens.muted
        if self._look in ("place", "segment", "filter") and self.isChecked():
            return tokens.accent
        inks = {"primary": tokens.on_accent, "danger": tokens.bad, "link": tokens.accent, "plain": tokens.text}
        return inks.get(self._look, tokens.muted)

    def checkStateSet(self) -> None:
        """A checked button has the accent's ink."""
        super().checkStateSet()
        self._set_look()

    def nextCheckState(self) -> None:
        """The same, when the person pressed it."""
        super().nextCheckState()
        self._set_look()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Both Enter keys press a focused button, as Space does."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            if not event.isAutoRepeat():  # a held Enter must not press what the first press brought here
                self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Room for words and keys."""
        return self._size_with(self._texts()[0]) if self._words else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Room for the words."""
        return self._size_with(self._texts()[1]) if self._words else super().minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the keys where there is room for them."""
        super().resizeEvent(event)
        if self._words:
            self._fit(event.size().width())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's drawing, then a focus ring of 2 px that shows on every ground."""
        super().paintEvent(event)
        if not self.hasFocus():
            return
        tokens = theme.current()
        filled = self._look == "primary" and not self._reason
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.on_accent if filled else tokens.accent), 2))
        inset = 4.0 if filled else 1.0
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 5, 5)
        painter.end()
