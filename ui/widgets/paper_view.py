"""The paper itself on the screen: pages drawn by the very renderer that prints them, fitted or magnified (U77)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui import theme
from ui.texts import text
from ui.widgets.button import Button
from ui.widgets.flow import Flow
from ui.widgets.living import Living
from ui.widgets.words import words

ZOOMS = (50, 75, 100, 125, 150, 200, 300)
_MARGIN = 6
INK = 150  # darker than the mark across a specimen


class _Sheet(QWidget):
    """One page with a thin edge; white in both themes, because paper is white."""

    def __init__(self, page: QPixmap, copy: QRect) -> None:
        super().__init__()
        self._page = page
        self._copy = copy
        self.whole = False

    @property
    def page(self) -> QPixmap:
        """What is shown of the page as the renderer drew it: all of it, or its first copy without the margins."""
        return self._page if self.whole else self._page.copy(self._copy)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Scale the page smoothly into the widget."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        inner = self.rect().adjusted(1, 1, -1, -1)
        ratio = self.devicePixelRatioF()
        size = QSize(round(inner.width() * ratio), round(inner.height() * ratio))
        smooth = Qt.TransformationMode.SmoothTransformation
        painter.drawPixmap(inner, self.page.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth))
        painter.setPen(QPen(QColor(theme.current().edge), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class PaperView(Living, QWidget):
    """Pages below each other: one copy over the whole width, the whole page, or a chosen zoom. Ctrl+wheel and + − zoom.

    Signals:
        zoom_changed: percent of paper size, 0 while it fits by itself.
    """

    zoom_changed = Signal(int)

    def __init__(self, dpi: int = 150, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dpi = dpi
        self._fit_page = False
        self._zoom = 0
        self._scroll = QScrollArea()
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scroll.viewport().installEventFilter(self)
        self._desk = QWidget()
        self._column = QVBoxLayout(self._desk)
        self._column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self._column.setSpacing(10)
        self._scroll.setWidget(self._desk)
        self._sheets: list[_Sheet] = []
        self._waiting = words("muted", wrap=True)
        self._bar = Flow(spacing=2)
        self._buttons = {name: Button("quiet") for name in ("width", "page", "smaller", "larger")}
        self._percent = words("muted")
        self._build()
        self.begin()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        first = QHBoxLayout()
        first.addWidget(self._waiting, 1)
        first.addWidget(self._percent)
        column.addLayout(first)
        column.addLayout(self._bar)
        column.addWidget(self._scroll, 1)
        for button in self._buttons.values():
            self._bar.addWidget(button)
        self._buttons["width"].act_wanted.connect(lambda: self.fit(whole_page=False))
        self._buttons["page"].act_wanted.connect(lambda: self.fit(whole_page=True))
        self._buttons["smaller"].act_wanted.connect(lambda: self.step(-1))
        self._buttons["larger"].act_wanted.connect(lambda: self.step(1))

    @property
    def controls(self) -> list[QWidget]:
        """What the keyboard can reach, as it stands."""
        return [*self._buttons.values(), self._scroll]

    @property
    def pages(self) -> list[_Sheet]:
        """The pages shown."""
        return list(self._sheets)

    def show_pages(self, pages: Sequence[bytes], note: str = "", copies: int = 1) -> None:
        """Show PNG pages; ``note`` stands above them; ``copies`` of one content stand below each other on each page."""
        self._clear()
        for content in pages:
            page = QPixmap()
            if page.loadFromData(content):
                sheet = _Sheet(page, _first_copy(page, copies))
                self._sheets.append(sheet)
                self._column.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        self._waiting.setText(note)
        self._arrange()

    def _clear(self) -> None:
        # Never without its parent: a layout shows what was added to it a moment later, and a sheet of nobody's would
        # then come up as a window of its own and take the keyboard away.
        for sheet in self._sheets:
            self._column.removeWidget(sheet)
            sheet.hide()
            sheet.deleteLater()
        self._sheets = []

    def take_focus(self) -> None:
        """Let the keyboard scroll and zoom."""
        self._scroll.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def say(self, note: str) -> None:
        """Say something in place of pages or above them."""
        self._waiting.setText(note)

    def fit(self, *, whole_page: bool) -> None:
        """Fit width or page again."""
        self._fit_page, self._zoom = whole_page, 0
        self._arrange()
        self.zoom_changed.emit(0)

    def step(self, by: int) -> None:
        """The next larger or smaller zoom."""
        now = self._zoom or self._fitting_percent()
        larger = [zoom for zoom in ZOOMS if zoom > now]
        smaller = [zoom for zoom in ZOOMS if zoom < now]
        self._zoom = (larger or [ZOOMS[-1]])[0] if by > 0 else (smaller or [ZOOMS[0]])[-1]
        self._arrange()
        self.zoom_changed.emit(self._zoom)

    def _fitting_percent(self) -> int:
        pages = self.pages
        if not pages:
            return 100
        return round(100 * pages[0].width() / self._paper_size(pages[0]).width())

    def _paper_size(self, sheet: _Sheet) -> QSize:
        """The page at 100 %: as large as the paper on this screen."""
        scale = self.logicalDpiX() / self._dpi
        return QSize(round(sheet.page.width() * scale), round(sheet.page.height() * scale))

    def _arrange(self) -> None:
        room = self._scroll.viewport().size()
        for sheet in self.pages:
            sheet.whole = self._fit_page or bool(self._zoom)
            sheet.setFixedSize(self._size_of(sheet, room))
        self._desk.setFixedSize(self._desk_size(room))
        self._percent.setText(f"{self._zoom or self._fitting_percent()} %" if self.pages else "")

    def _desk_size(self, room: QSize) -> QSize:
        """All sheets below each other with their margins; never narrower than what is in sight."""
        sizes = [sheet.size() for sheet in self.pages]
        width = max([size.width() for size in sizes], default=0) + 2 * _MARGIN
        height = sum(size.height() + self._column.spacing() for size in sizes) + 2 * _MARGIN
        return QSize(max(width, room.width()), height)

    def _size_of(self, sheet: _Sheet, room: QSize) -> QSize:
        paper = self._paper_size(sheet)
        if self._zoom:
            return paper * self._zoom / 100
        width = max(120, room.width() - 2 * _MARGIN - 2)
        if self._fit_page:
            height = max(120, room.height() - 2 * _MARGIN - 2)
            return paper.scaled(width, height, Qt.AspectRatioMode.KeepAspectRatio)
        return QSize(width, round(width * paper.height() / max(1, paper.width())))

    def _set_texts(self) -> None:
        signs = {"smaller": "−", "larger": "+"}
        for name, button in self._buttons.items():
            said = text(f"paper.{name}")
            button.say(signs.get(name, said))
            button.setAccessibleName(said)
            button.setToolTip(said)
        self._scroll.setAccessibleName(text("paper.name"))

    def _set_look(self) -> None:
        self._arrange()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Ctrl+wheel zooms; a plain wheel scrolls."""
        if isinstance(event, QWheelEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step(1 if event.angleDelta().y() > 0 else -1)
            return True
        if event.type() == QEvent.Type.Resize:
            self._arrange()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and − zoom, 0 fits again."""
        steps = {"+": 1, "=": 1, "-": -1}
        if event.text() in steps:
            self.step(steps[event.text()])
        elif event.text() == "0":
            self.fit(whole_page=False)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted page stays fitted."""
        super().resizeEvent(event)
        self._arrange()


def _first_copy(page: QPixmap, copies: int) -> QRect:
    """The part of a page that holds its first copy, without the white margins at its sides."""
    height = page.height() // max(1, copies)
    grey = page.toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows, stride = bytes(grey.constBits()), grey.bytesPerLine()
    inked = [at for at in range(grey.width()) if min(rows[at : height * stride : stride], default=255) < INK]
    if not inked:
        return QRect(0, 0, page.width(), height)
    margin = page.width() // 60
    left, right = max(0, inked[0] - margin), min(page.width(), inked[-1] + 1 + margin)
    return QRect(left, 0, right - left, height)
