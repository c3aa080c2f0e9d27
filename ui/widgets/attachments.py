"""Photographs and scans of one record: chosen, dropped or pasted; kept encrypted before the record names them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from inspector_app.services.attaching import attach
from ui import explain
from ui.desk import Desk
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.drop_area import DropArea
from ui.widgets.living import Living
from ui.widgets.words import words


class AttachmentEdit(Living, QWidget):
    """A place to drop files on, and below it what was kept; the value is the list of their names (hex SHA-256).

    Signals:
        edited: one was added or taken away.
        left: never by itself; here for the field's sake.
    """

    edited = Signal()
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._kept: dict[str, str] = {}
        self.drop = DropArea(desk.tasks, "attachments")
        self.problem = words("message", wrap=True)
        self.problem.setProperty("tone", Tone.BAD.value)
        self.problem.hide()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.drop)
        column.addWidget(self.problem)
        column.addLayout(self._rows)
        self.drop.file_given.connect(self._keep)
        self.drop.file_refused.connect(self._say)
        self.drop.text_given.connect(lambda _text: self._say(text("attachments.nothing")))
        self.begin()

    def value(self) -> list[str]:
        """The names of what is attached."""
        return list(self._kept)

    def set_value(self, value: object) -> None:
        """Only nothing can be shown without names; a draft brings them."""
        self.restore(value if isinstance(value, list) else [])

    def draft(self) -> object:
        """What a draft keeps: names and what the files were called."""
        return [[name, called] for name, called in self._kept.items()]

    def restore(self, kept: object) -> None:
        """Show what a draft kept."""
        pairs = [pair for pair in kept if isinstance(pair, list) and len(pair) == 2] if isinstance(kept, list) else []
        self._kept = {str(name): str(called) for name, called in pairs}
        self._say("")
        self._show()

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Go to the button that chooses a file."""
        self.drop.choose_button.setFocus(reason)

    def _keep(self, content: bytes, called: str) -> None:
        """Encrypt and keep it at once; the record only names it."""
        self._say("")

        def on_kept(name: str) -> None:
            self._kept[name] = called
            self._show()
            self.edited.emit()

        def on_failed(error: Exception) -> None:
            self._say(explain.problem(error).headline)

        self._desk.read(lambda device: attach(device, content), self).on_success(on_kept).on_failure(on_failed)

    def _take_away(self, name: str) -> None:
        self._kept.pop(name, None)
        self._show()
        self.edited.emit()

    def _show(self) -> None:
        while self._rows.count():
            item = self._rows.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        for name, called in self._kept.items():
            self._rows.addWidget(self._row(name, called))

    def _row(self, name: str, called: str) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        away = Button("quiet", "x")
        away.setAccessibleName(text("attachments.remove", name=called))
        away.setToolTip(text("attachments.remove", name=called))
        away.act_wanted.connect(lambda: self._take_away(name))
        line.addWidget(words("", called, wrap=True), 1)
        line.addWidget(away)
        return row

    def _say(self, shown: str) -> None:
        self.problem.setText(shown)
        self.problem.setVisible(bool(shown))

    def _set_texts(self) -> None:
        self._show()
