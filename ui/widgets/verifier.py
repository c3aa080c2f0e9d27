"""Verify a certificate: text, photograph or PDF in, one large verdict out, with how old the knowledge is (S21).

It needs no signed-in person: the same widget serves the page and the lock screen.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from inspector_app.domain.areas import Areas
from inspector_app.domain.catalogue import Catalogue
from inspector_app.domain.credential import Judgement
from inspector_app.domain.trust import TrustFile
from inspector_app.errors import StationError
from inspector_app.services import verifying
from ui import explain, icons, theme
from ui.models.verdicts import Shown, show
from ui.tasks import Lane, Tasks
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.card import Card
from ui.widgets.chip import ICONS, Chip
from ui.widgets.drop_area import DropArea
from ui.widgets.empty import EmptyState
from ui.widgets.facts import Facts
from ui.widgets.line import Line
from ui.widgets.living import Living
from ui.widgets.scroll import Scroll
from ui.widgets.words import words

ReadCodes = Callable[[bytes], list[str]]
TrustNow = Callable[[], TrustFile | None]


class _Reader:
    """The port the service asks for, over a plain function."""

    def __init__(self, read: ReadCodes) -> None:
        self._read = read

    def read(self, content: bytes) -> list[str]:
        """Texts of all codes found."""
        return self._read(content)


class Verifier(Living, QWidget):
    """Input at the left, verdict at the right.

    Signals:
        judged: a verdict was given (the judgement).
    """

    judged = Signal(object)

    def __init__(
        self,
        tasks: Tasks,
        trust: TrustNow,
        read_codes: ReadCodes,
        now: Callable[[], int],
        catalogue: Catalogue,
        areas: Areas,
    ) -> None:
        super().__init__()
        self._tasks, self._trust, self._now = tasks, trust, now
        self._reader = _Reader(read_codes)
        self._catalogue, self._areas = catalogue, areas
        self._judgement: Judgement | None = None
        self.line = Line()
        self.verify_button = Button("primary", "scan-line")
        self.drop = DropArea(tasks)
        self.input = Card()
        self.verdict = Card(margin=26)
        self.nothing = EmptyState("scan-line")
        self._icon = QLabel()
        self._headline = words("big", wrap=True)
        self._body = words("", wrap=True)
        self._age = Chip("", Tone.OFF)
        self.facts = Facts()
        self._notes = words("muted", wrap=True)
        self._build()
        self._connect()
        self.begin()

    def _build(self) -> None:
        self.input.add(self.line, self.verify_button, self.drop)
        self.input.body.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(16)
        titles = QVBoxLayout()
        titles.setSpacing(4)
        titles.addWidget(self._headline)
        titles.addWidget(self._body)
        head.addWidget(self._icon)
        head.addLayout(titles, 1)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(16)
        column.addLayout(head)
        column.addWidget(self._age)
        column.addWidget(self.facts)
        column.addWidget(self._notes)
        column.addStretch(1)
        self._told = Scroll(inner)
        self.verdict.body.addWidget(self._told, 1)
        self.verdict.body.addWidget(self.nothing, 1)
        self._told.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self.input, 5)
        row.addWidget(self.verdict, 8)

    def _connect(self) -> None:
        self.verify_button.act_wanted.connect(self.verify_line)
        self.drop.text_given.connect(self.verify_text)
        self.drop.file_given.connect(lambda content, _name: self.verify_file(content))
        self.drop.file_refused.connect(self._say_refused)
        self.line.returnPressed.connect(self.verify_line)

    def verify_line(self) -> None:
        """Judge the text in the line."""
        if self.line.value():
            self.verify_text(self.line.value())

    def verify_text(self, content: str) -> None:
        """Judge a scanned or typed text."""
        self.line.set_value(content.strip())
        self._verify(content.strip())

    def verify_file(self, content: bytes) -> None:
        """Judge the codes in a picture or PDF."""
        self._verify(content)

    def _verify(self, content: str | bytes) -> None:
        trust, now = self._trust, self._now()

        def judge() -> Judgement:
            known = trust()
            if known is None:
                raise StationError("trust_missing")
            return verifying.verify(content, known, now, self._reader)

        self._tasks.run(judge, Lane.OUTSIDE, self).on_success(self.show_judgement).on_failure(self._say_problem)

    def show_judgement(self, judgement: Judgement) -> None:
        """Show a verdict."""
        self._judgement = judgement
        self._tell(show(judgement, self._catalogue, self._areas))
        self.judged.emit(judgement)

    def _tell(self, shown: Shown) -> None:
        self._headline.setText(shown.headline)
        self._body.setText(shown.body)
        self._age.say(shown.age, Tone.OFF)
        self._age.setVisible(bool(shown.age))
        self.facts.show_facts(shown.facts)
        self._notes.setText("\n".join(shown.notes))
        self._icon.setPixmap(icons.pixmap(ICONS[shown.tone], theme.current().ink(shown.tone), theme.scaled(44)))
        self.verdict.setAccessibleName(shown.headline)
        self._told.show()
        self.nothing.hide()

    def _say_refused(self, why: str) -> None:
        self._tell(Shown(Tone.OFF, why, "", [], [], ""))

    def _say_problem(self, error: Exception) -> None:
        said = explain.problem(error)
        self._tell(Shown(Tone.OFF, said.headline, said.body, [], [], ""))

    def _set_texts(self) -> None:
        self.input.title(text("verify.what"), text("verify.what_body"))
        self.line.setPlaceholderText(text("verify.hint"))
        self.line.setAccessibleName(text("verify.hint"))
        self.verify_button.say(text("verify.verify"), text("key.enter"))
        self.nothing.say(text("verify.nothing_yet"), text("verify.nothing_yet_body"))
        if self._judgement is not None:
            self._tell(show(self._judgement, self._catalogue, self._areas))

    def _set_look(self) -> None:
        if self._judgement is not None:
            self._tell(show(self._judgement, self._catalogue, self._areas))
