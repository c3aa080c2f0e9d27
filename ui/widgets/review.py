"""The page before an act that cannot be taken back: what will happen, what it asks, and the act's own name (U61)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui import theme
from ui.texts import text
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.facts import Facts
from ui.widgets.field import Field
from ui.widgets.scroll import LOW_PX, Scroll, column
from ui.widgets.words import words

SHADE = 120
EDGE_PX = 12
"""What stays free above and below a page as high as its window."""


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
    """A modal page, as high as what it asks and no higher than its window: what is more scrolls above the buttons.

    Closing it with Esc or 稍后再说 leaves everything as it was.

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
        self._asked, self._questions = column(spacing=10)
        self._scroll = Scroll(self._asked)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._fit)
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
        lines = QVBoxLayout(sheet)
        lines.setContentsMargins(26, 22, 26, 20)
        lines.setSpacing(12)
        lines.addWidget(words("h2", title, wrap=True))
        lines.addWidget(words("", explanation, wrap=True))
        lines.addWidget(self.banner)
        self._questions.addWidget(self.facts)
        lines.addWidget(self._scroll, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._later)
        row.addWidget(self._act)
        lines.addLayout(row)
        self.setMinimumWidth(theme.scaled(560))
        self._asked.installEventFilter(self)

    @property
    def button(self) -> Button:
        """The button that bears the act's name."""
        return self._act

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """What will be acted upon."""
        self.facts.show_facts(facts)

    def showEvent(self, event: QShowEvent) -> None:
        """As high as the words need at its width."""
        super().showEvent(event)
        self._fit()
        self._shade.lie_over(self.parentWidget().window())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A message came below a field, or went."""
        if watched is self._asked and event.type() == QEvent.Type.LayoutRequest:
            self._soon.start()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """The banner said something."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._soon.start()
        return super().event(event)

    def _fit(self) -> None:
        """Give the questions the height they need, or what the window leaves them."""
        window = self.parentWidget().window()
        room = window.height() - 2 * theme.scaled(EDGE_PX)
        needed = max(
            self._questions.totalHeightForWidth(self._scroll.viewport().width()), self._asked.minimumSizeHint().height()
        )
        low = min(needed, theme.scaled(LOW_PX))
        self._scroll.setMinimumHeight(low)
        self._scroll.setMaximumHeight(needed)
        self.layout().activate()
        around = self.layout().totalHeightForWidth(self.width()) - min(self._scroll.sizeHint().height(), needed)
        self.resize(self.width(), min(around + needed, room))
        self.move(window.geometry().center() - self.rect().center())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next question; a held key is one step."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or not plain:
            super().keyPressEvent(event)
        elif not event.isAutoRepeat():
            self._walk_on()

    def _walk_on(self) -> None:
        """To the next question; after the last to the act, never to what leaves it for later."""
        seen = [field for field in self._fields if field.isVisible()]
        focus = self.focusWidget()
        if seen and seen[-1].isAncestorOf(focus):
            self._act.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.focusNextChild()

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

    def ask_form(self, form: QWidget) -> None:
        """Questions that are a form of their own, which walks from one to the next."""
        self._questions.addWidget(form)
