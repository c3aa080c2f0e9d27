"""One record beside its list: its state, its facts, its steps, and below them what may be done with it now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.models.records import Deed, Record
from ui.tokens import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.facts import Facts
from ui.widgets.flow import Flow
from ui.widgets.scroll import Scroll, column
from ui.widgets.words import words


class RecordPane(Card):
    """A :class:`ui.models.records.Record`; ``word`` names its deeds.

    Signals:
        deed_wanted: a deed was chosen (its name).
    """

    deed_wanted = Signal(str)

    def __init__(self, word: Callable[[str], str]) -> None:
        super().__init__()
        self._word = word
        self.record: Record | None = None
        self.buttons: dict[str, Button] = {}
        self.banner = Banner()
        self.state = Chip("", Tone.OFF)
        self.facts = Facts()
        self.next = words("", wrap=True)
        self._steps = Flow(spacing=6)
        self._acts = Flow(spacing=8)
        self._build()
        self.show_record(None)

    def _build(self) -> None:
        self.corner.addWidget(self.state)
        self.body.addWidget(self.banner)
        inner, lines = column(spacing=12)
        self._step_line = QWidget()
        self._step_line.setLayout(self._steps)
        for part in (self._step_line, self.next, self.facts):
            lines.addWidget(part)
        lines.addStretch(1)
        self.body.addWidget(Scroll(inner), 1)
        acts = QWidget()
        acts.setLayout(self._acts)
        self.body.addWidget(acts)

    def show_record(self, record: Record | None) -> None:
        """Show one; None when none is chosen."""
        if record is None or self.record is None or record.ref != self.record.ref:
            self.banner.dismiss()
        self.record = record
        shown = record or Record("", self._word("choose"))
        self.title(shown.title, shown.caption)
        self.state.say(shown.state, shown.tone)
        self.state.setVisible(bool(shown.state))
        self.facts.show_facts(shown.facts)
        self.next.setText(shown.next_words)
        self.next.setVisible(bool(shown.next_words))
        _clear(self._steps)
        self._step_line.setVisible(bool(shown.steps))
        for step in shown.steps:
            self._steps.addWidget(Chip(step.words, step.tone))
        self._show_deeds(shown.deeds)

    def _show_deeds(self, deeds: Sequence[Deed]) -> None:
        focused = next((name for name, button in self.buttons.items() if button.hasFocus()), "")
        _clear(self._acts)
        self.buttons = {}
        main = next((deed.name for deed in deeds if not deed.why_not), "")
        for deed in deeds:
            self.buttons[deed.name] = button = self._button(deed, main=deed.name == main)
            self._acts.addWidget(button)
        if focused in self.buttons:
            self.buttons[focused].setFocus()

    def _button(self, deed: Deed, *, main: bool) -> Button:
        button = Button("primary" if main else "plain", deed.icon)
        button.say(self._word(deed.name), "Ctrl+Enter" if main else "")
        button.block(deed.why_not)
        button.act_wanted.connect(lambda: self.deed_wanted.emit(deed.name))
        button.reason_wanted.connect(lambda why: self.banner.say(Tone.WARN, why))
        return button

    def submit(self) -> None:
        """The first deed that may be done now; where there is none, why the first may not."""
        deeds = self.record.deeds if self.record is not None else ()
        ready = [deed for deed in deeds if not deed.why_not] or list(deeds)
        if ready:
            self.buttons[ready[0].name].click()


def _clear(row: Flow) -> None:
    while row.count():
        item = row.takeAt(0)
        if item is not None and item.widget() is not None:
            item.widget().hide()
            item.widget().deleteLater()
