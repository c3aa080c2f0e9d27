"""An inspected batch beside the list: what was seen, its samples with their next step, where it goes from here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.desk import Desk
from ui.models.inspections import BatchDetail, SampleLine
from ui.models.naming import Naming
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.banner import Banner
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import Chip
from ui.widgets.facts import Facts
from ui.widgets.living import Living
from ui.widgets.scroll import Scroll, column
from ui.widgets.words import words


class BatchPane(Living, Card):
    """An inspected batch: facts, samples with their next step, and where it goes from here.

    Signals:
        sample_wanted, notice_wanted: for this batch (BatchDetail).
        send_wanted, result_wanted: for one sample (SampleLine).
    """

    sample_wanted = Signal(object)
    send_wanted = Signal(object)
    result_wanted = Signal(object)
    notice_wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.detail: BatchDetail | None = None
        self.state = Chip("", Tone.OFF)
        self.banner = Banner()
        self.facts = Facts()
        self.samples = QVBoxLayout()
        self.samples_title = words("h3")
        self.sample_button = Button("plain", "test-tube")
        self.notice_button = Button("primary", "file-text")
        self.issue_button = Button("primary", "file-signature")
        self._build()
        self.begin()

    def _build(self) -> None:
        self.corner.addWidget(self.state)
        inner, lines = column()
        lines.addWidget(self.facts)
        lines.addWidget(self.samples_title)
        lines.addLayout(self.samples)
        lines.addStretch(1)
        self.body.addWidget(self.banner)
        self.body.addWidget(Scroll(inner), 1)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in (self.sample_button, self.notice_button, self.issue_button):
            row.addWidget(button)
        self.notice_button.hide()  # only one of the two is ever seen: together they would push the page wider
        self.body.addLayout(row)
        self.sample_button.act_wanted.connect(lambda: self.sample_wanted.emit(self.detail))
        self.notice_button.act_wanted.connect(lambda: self.notice_wanted.emit(self.detail))
        self.issue_button.act_wanted.connect(self._on_issue)

    def show_detail(self, detail: BatchDetail) -> None:
        """Show one batch."""
        self.detail = detail
        line = detail.line
        self.title(line.owner, f"{line.batch} · {line.quantity}")
        self.state.say(line.state, line.tone)
        self.facts.show_facts(detail.facts)
        naming = Naming(self.desk.device)
        if detail.missing and not detail.failed:
            names = text("list.comma").join(naming.disease(code) for code in detail.missing)
            self.banner.say(Tone.INFO, text("inspection.needs", diseases=names), text("inspection.needs_body"))
        else:
            self.banner.dismiss()
        self._show_samples(detail.samples)
        self.notice_button.setVisible(detail.failed and not detail.notice)
        self.issue_button.setVisible(not detail.failed)
        self.issue_button.block(text("inspection.wait_result") if detail.missing else "")

    def _show_samples(self, samples: Sequence[SampleLine]) -> None:
        while self.samples.count():
            item = self.samples.takeAt(0)
            if item is not None and item.widget() is not None:
                item.widget().hide()
                item.widget().deleteLater()
        for sample in samples:
            self.samples.addWidget(self._sample_row(sample))
        self.samples_title.setText(text("inspection.samples"))
        self.samples_title.setVisible(bool(samples))

    def _sample_row(self, sample: SampleLine) -> QWidget:
        row = Card("well", margin=14)
        row.title(sample.code, sample.detail)
        if sample.next_step != "done":
            button = Button("plain", "truck" if sample.next_step == "send" else "file-text")
            button.say(text(f"inspection.{sample.next_step}"))
            wanted = self.send_wanted if sample.next_step == "send" else self.result_wanted
            button.act_wanted.connect(lambda: wanted.emit(sample))
            row.corner.addWidget(button)
        return row

    def submit(self) -> None:
        """The next step of this batch."""
        for button in (self.issue_button, self.notice_button, self.sample_button):
            if button.isVisibleTo(self) and not button.reason:
                button.click()
                return

    def _on_issue(self) -> None:
        if self.detail is not None:
            self.desk.go(Place.ISSUE, self.detail.line.inspection)

    def _set_texts(self) -> None:
        self.sample_button.say(text("inspection.take_sample"))
        self.notice_button.say(text("inspection.notice"), "Ctrl+Enter")
        self.issue_button.say(text("inspection.issue"), "Ctrl+Enter")
