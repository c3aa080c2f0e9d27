"""A place to drop a photograph or PDF on, or to paste one into; a button and Ctrl+V do the same."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QVBoxLayout, QWidget

from ui import icons, theme
from ui.texts import text
from ui.widgets.button import Button
from ui.widgets.living import Living
from ui.widgets.words import words

LARGEST = 40 * 1024 * 1024


class DropArea(Living, QFrame):
    """Signals:
    text_given: a text was dropped or pasted.
    file_given: bytes of a picture or PDF, and their name.
    file_refused: why it was not taken.
    """

    text_given = Signal(str)
    file_given = Signal(bytes, str)
    file_refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "well")
        self.setAcceptDrops(True)
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words = words("muted", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.choose_button = Button("plain", "download")
        self.choose_button.act_wanted.connect(self.choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 20, 18, 18)
        column.setSpacing(10)
        column.addWidget(self._icon)
        column.addWidget(self._words)
        column.addWidget(self.choose_button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.begin()

    def choose(self) -> None:
        """Choose a file."""
        name, _ = QFileDialog.getOpenFileName(self, text("verify.choose"), "", text("verify.files"))
        if name:
            self._take_file(Path(name))

    def paste(self) -> None:
        """Take what is on the clipboard."""
        self._take(QGuiApplication.clipboard().mimeData())

    def _take(self, given: QMimeData) -> None:
        local = [url.toLocalFile() for url in given.urls() if url.isLocalFile()]
        if local:
            self._take_file(Path(local[0]))
        elif given.hasImage():
            self.file_given.emit(_png(given.imageData()), text("verify.clipboard"))
        elif given.hasText():
            self.text_given.emit(given.text())
        else:
            self.file_refused.emit(text("verify.nothing"))

    def _take_file(self, path: Path) -> None:
        try:
            if path.stat().st_size > LARGEST:
                self.file_refused.emit(text("verify.too_large"))
                return
            self.file_given.emit(path.read_bytes(), path.name)
        except OSError:
            self.file_refused.emit(text("verify.unreadable", name=path.name))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files, pictures and texts are welcome."""
        if event.mimeData().hasUrls() or event.mimeData().hasText() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        self._take(event.mimeData())
        event.acceptProposedAction()

    def _set_texts(self) -> None:
        self._words.setText(text("verify.drop"))
        self.choose_button.say(text("verify.choose"), "Ctrl+O")

    def _set_look(self) -> None:
        self._icon.setPixmap(icons.pixmap("scan-line", theme.current().muted, theme.scaled(34)))


def _png(image: object) -> bytes:
    picture = image if isinstance(image, QImage) else QImage()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes where Qt takes text
    content: QByteArray = buffer.data()
    return bytes(content.data())
