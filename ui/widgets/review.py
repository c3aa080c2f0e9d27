"""The page before an act that cannot be taken back: what will happen, what it asks, and the act's own name (U61)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeySequence, QPainter, QPaintEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui import theme
from ui.texts import text
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.facts import Facts
from ui.widgets.field import Field
from ui.widgets.words import words

SHADE = 120


class Shade(QWidget):
    """Darkens the window behind a review, so that no half of a page seems to belong to it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def lie_over(self, window: QWidget) -> None:
        """Cover the whole window."""
        self.setGeometry(window.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A grey through which one still sees where one is."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0, SHADE))
        painter.end()


class Review(QDialog):
    """A modal page, as high as what it asks. Closing it with Esc or 稍后再说 leaves everything as it was.

    Signals:
        act_wanted: the named button or Ctrl+Enter was pressed; the owner does it and calls :meth:`accept`.
    """

    act_wanted = Signal()

    def __init__(self, parent: QWidget, title: str, explanation: str, *, act: str, dangerous: bool = True) -> None:
        super().__init__(parent)
        self.setModal(True)
        self.setWindowTitle(text("program.name"))
        self.banner = Banner()
        self.facts = Facts()
        self._shade = Shade(parent.window())
        self._fields: list[Field] = []
        self._questions = QVBoxLayout()
        self._questions.setSpacing(10)
        self._act = Button("danger" if dangerous else "primary")
        self._later = Button("plain")
        self._act.say(act, "Ctrl+Enter")
        self._later.say(text("review.later"), "Esc")
        self._act.act_wanted.connect(self.act_wanted)
        self._act.reason_wanted.connect(lambda why: self.banner.say(self.banner.tone, why))
        self._later.act_wanted.connect(self.reject)
        self._build(title, explanation)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self, self._act.click)
            shortcut.setAutoRepeat(False)  # the press that opened this page does not also answer it

    def _build(self, title: str, explanation: str) -> None:
        sheet = QFrame()
        sheet.setProperty("look", "sheet")
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # its height follows its width, see below
        around.addWidget(sheet)
        column = QVBoxLayout(sheet)
        column.setContentsMargins(26, 22, 26, 20)
        column.setSpacing(12)
        column.addWidget(words("h2", title, wrap=True))
        column.addWidget(words("", explanation, wrap=True))
        column.addWidget(self.banner)
        column.addWidget(self.facts)
        column.addLayout(self._questions)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._later)
        row.addWidget(self._act)
        column.addLayout(row)
        self.setMinimumWidth(theme.scaled(560))

    @property
    def button(self) -> Button:
        """The button that bears the act's name."""
        return self._act

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """What will be acted upon."""
        self.facts.show_facts(facts)

    def showEvent(self, event: QShowEvent) -> None:
        """As high as the words need at its width, no higher."""
        super().showEvent(event)
        self.layout().activate()
        self.resize(self.width(), self.layout().totalHeightForWidth(self.width()))
        self._shade.lie_over(self.parentWidget().window())
        self.move(self.parentWidget().window().geometry().center() - self.rect().center())

    def hideEvent(self, event: QHideEvent) -> None:
        """The page below is itself again."""
        super().hideEvent(event)
        self._shade.hide()

    def ask(self, *fields: Field) -> None:
        """Questions to be answered first, in order; Enter goes from one to the next."""
        for field in fields:
            self._fields.append(field)
            self._questions.addWidget(field)
        if self._fields:
            self._fields[0].editor.setFocus(Qt.FocusReason.OtherFocusReason)
