"""A place to drop a photograph or PDF on, or to paste one into; a button and Ctrl+V do the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from inspector_app.errors import StationError
from ui import icons, theme
from ui.tasks import Lane, Tasks
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

    def __init__(self, tasks: Tasks, words_of: str = "verify", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._words_of = words_of
        self._keys = "Ctrl+O" if words_of == "verify" else ""
        self.setProperty("look", "well")
        self.setAcceptDrops(True)
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words = words("muted", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.choose_button = Button("plain", "download")
        self.choose_button.act_wanted.connect(self.choose)
        self._lay_out()
        self.begin()

    def _lay_out(self) -> None:
        """Large where dropping is what the page is for, one line among the fields of a form."""
        if self._words_of != "verify":
            self._icon.hide()
            line = QHBoxLayout(self)
            line.setContentsMargins(12, 8, 8, 8)
            self._words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            line.addWidget(self._words, 1)
            line.addWidget(self.choose_button)
            return
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 20, 18, 18)
        column.setSpacing(10)
        column.addWidget(self._icon)
        column.addWidget(self._words)
        column.addWidget(self.choose_button, 0, Qt.AlignmentFlag.AlignHCenter)

    def choose(self) -> None:
        """Choose a file."""
        name, _ = QFileDialog.getOpenFileName(self, self._said("choose"), "", self._said("files"))
        if name:
            self.take_file(Path(name))

    def paste(self) -> None:
        """Take what is on the clipboard."""
        self._take(QGuiApplication.clipboard().mimeData())

    def _take(self, given: QMimeData) -> None:
        local = [url.toLocalFile() for url in given.urls() if url.isLocalFile()]
        if local:
            self.take_file(Path(local[0]))
        elif given.hasImage():
            image = QImage(given.imageData())
            self._take_in(lambda: _png(image), self._said("clipboard"))
        elif given.hasText():
            self.text_given.emit(given.text())
        else:
            self.file_refused.emit(self._said("nothing"))

    def take_file(self, path: Path) -> None:
        """Read a file in the background, and hand its bytes on."""
        self._take_in(lambda: _content_of(path), path.name)

    def _take_in(self, read: Callable[[], bytes | None], name: str) -> None:
        def on_read(content: bytes | None) -> None:
            if content is None:
                self.file_refused.emit(self._said("too_large"))
            else:
                self.file_given.emit(content, name)

        def on_failed(_error: Exception) -> None:
            self.file_refused.emit(text("verify.unreadable", name=name))

        self._tasks.run(read, Lane.OUTSIDE, self).on_success(on_read).on_failure(on_failed)

    def _said(self, what: str) -> str:
        return text(f"{self._words_of}.{what}")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files, pictures and texts are welcome."""
        if event.mimeData().hasUrls() or event.mimeData().hasText() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        self._take(event.mimeData())
        event.acceptProposedAction()

    def _set_texts(self) -> None:
        self._words.setText(self._said("drop"))
        self.choose_button.say(self._said("choose"), self._keys)

    def _set_look(self) -> None:
        self._icon.setPixmap(icons.pixmap("scan-line", theme.current().muted, theme.scaled(34)))


def _content_of(path: Path) -> bytes | None:
    """The bytes of a file, None when there are too many of them; StationError when it cannot be read."""
    try:
        return path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise StationError("file_unreadable", name=path.name) from error


def _png(picture: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes where Qt takes text
    content: QByteArray = buffer.data()
    return bytes(content.data())
