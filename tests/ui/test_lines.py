"""Typing: the input method is never interrupted, codes are made half-width, both Enter keys are alike."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import wait_for
from ui.widgets.line import CodeLine, Line
from ui.widgets.note import Note


def compose(app: QApplication, widget: QWidget, pinyin: str) -> None:
    """The input method shows ``pinyin`` and has committed nothing yet."""
    app.sendEvent(widget, QInputMethodEvent(pinyin, []))


def commit(app: QApplication, widget: QWidget, text: str) -> None:
    """The input method commits ``text``."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    app.sendEvent(widget, event)


class Host(QWidget):
    """A parent that counts the Enter keys that reach it."""

    def __init__(self, child: QWidget) -> None:
        super().__init__()
        QVBoxLayout(self).addWidget(child)
        self.entered = 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.entered += event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_while_composing_neither_moves_nor_submits(app: QApplication, qtbot: QtBot, key: Qt.Key) -> None:
    line = Line()
    host = Host(line)
    qtbot.addWidget(host)
    compose(app, line, "ni hao")
    assert line.is_composing
    qtbot.keyClick(line, key)
    assert host.entered == 0
    commit(app, line, "你好")
    qtbot.keyClick(line, key)
    assert host.entered == 1
    assert line.value() == "你好"


def test_composing_is_no_edit(app: QApplication, qtbot: QtBot) -> None:
    line = Line()
    qtbot.addWidget(line)
    edits: list[bool] = []
    line.edited.connect(lambda: edits.append(True))
    compose(app, line, "caoyu")
    assert not edits
    commit(app, line, "草鱼")
    assert edits == [True]


def test_leaving_ends_a_composition(app: QApplication, qtbot: QtBot) -> None:
    line, other = Line(), Line()
    host = QWidget()
    QVBoxLayout(host).addWidget(line)
    host.layout().addWidget(other)
    qtbot.addWidget(host)
    host.show()
    host.activateWindow()
    wait_for(host.isActiveWindow)
    line.setFocus()
    compose(app, line, "ni")
    other.setFocus()
    assert not line.is_composing


@pytest.mark.parametrize(
    ("typed", "kept"), [("１３８０５１４０００１", "13805140001"), (" 苏k 12345", "苏K12345"), ("ｂ９９", "B99")]
)
def test_a_code_is_normalised_on_leaving_and_never_refused(qtbot: QtBot, typed: str, kept: str) -> None:
    line = CodeLine()
    qtbot.addWidget(line)
    line.setText(typed)
    assert line.value() == kept
    line.left.emit()
    assert line.text() == kept


def test_a_name_is_kept_as_typed(qtbot: QtBot) -> None:
    line = Line()
    qtbot.addWidget(line)
    line.setText("  王𬀩ＡＢ ")
    assert line.value() == "王𬀩ＡＢ"


def test_codes_keep_the_input_method_off_and_names_keep_it_on(qtbot: QtBot) -> None:
    code, name = CodeLine(), Line()
    qtbot.addWidget(code)
    qtbot.addWidget(name)
    assert not code.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    assert name.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_enter_in_a_note_is_a_new_line_and_control_enter_is_not(qtbot: QtBot) -> None:
    note = Note()
    host = Host(note)
    qtbot.addWidget(host)
    qtbot.keyClicks(note, "a")
    qtbot.keyClick(note, Qt.Key.Key_Return)
    qtbot.keyClicks(note, "b")
    assert note.value() == "a\nb"
    qtbot.keyClick(note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert note.value() == "a\nb"
    assert host.entered == 1


def test_showing_a_value_is_no_edit(qtbot: QtBot) -> None:
    note, line = Note(), Line()
    qtbot.addWidget(note)
    qtbot.addWidget(line)
    edits: list[bool] = []
    note.edited.connect(lambda: edits.append(True))
    line.edited.connect(lambda: edits.append(True))
    note.set_value("x")
    line.set_value("x")
    assert not edits
