"""Inspected here, issued there: a case for another computer of the station, carried as a file (DESIGN 7)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from inspector_app.domain.refusals import Refused
from inspector_app.services import case_moves
from inspector_app.services.case_files import MAX_CASE
from inspector_app.services.case_moves import Taken
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.explain import Explained
from ui.models.declarations import DeclarationDetail
from ui.pages import files
from ui.pages.carried_file import OutgoingFile, take_in
from ui.pages.print_orders import sisters
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.button import Button
from ui.widgets.choice import Segments
from ui.widgets.field import Field
from ui.widgets.popup_list import Option
from ui.widgets.review import Review

SUFFIX = ".case"


class CaseButton(Button):
    """What may be done with a case besides working on it: hand it over, give it back, export again, take it back.

    Signals:
        moved: the case went or came (its declaration).
        troubled: what stands against it (:class:`Explained`).
    """

    moved = Signal(str)
    troubled = Signal(object)

    def __init__(self, desk: Desk, owner: QWidget) -> None:
        super().__init__("plain", "monitor")
        self._desk, self._owner = desk, owner
        self._detail: DeclarationDetail | None = None
        self.giving: GiveCase | None = None
        self.act_wanted.connect(self._on_act)

    def show_for(self, detail: DeclarationDetail) -> None:
        """The case this button is about."""
        self._detail = detail
        place = detail.place
        self.setVisible(detail.line.state == "accepted" and (place.is_here or place.given_here))
        self.say(text(f"cases_moved.button_{place.where}"))

    def _on_act(self) -> None:
        assert self._detail is not None
        where = self._detail.place.where
        if where == "lost":
            self._take_back(self._detail.line.ref)
        elif where == "here":
            self._desk.read(sisters, self).on_success(self._choose)
        else:
            self._give(self._detail, [])

    def _choose(self, others: list[Option]) -> None:
        if others and self._detail is not None:
            self._give(self._detail, others)
        else:
            nobody = Explained(Tone.INFO, text("print_orders.nobody"), text("cases_moved.nobody_body"), "")
            self.troubled.emit(nobody)

    def _give(self, detail: DeclarationDetail, others: list[Option]) -> None:
        self.giving = GiveCase(self._desk, self._owner, detail, others, lambda: self.moved.emit(detail.line.ref))

    def _take_back(self, case: str) -> None:
        def done(_entry: str) -> None:
            self._desk.say(text("cases_moved.recovered"))
            self.moved.emit(case)

        self._desk.act(
            lambda device: case_moves.take_back(device, case),
            self._owner,
            done=done,
            refused=lambda outcome: self.troubled.emit(explain.refused(outcome.refusals)),
        )


class GiveCase(OutgoingFile):
    """The page that lets a case go: to a computer to be chosen from ``others``, or back to the one it came from.

    Where it went already, the file for that computer is made out again.

    The act comes first and ends the right to issue here; the file is written after it, and again if need be.
    """

    def __init__(
        self, desk: Desk, parent: QWidget, detail: DeclarationDetail, others: list[Option], done: Callable[[], None]
    ) -> None:
        self._line, self._done, self._where = detail.line, done, detail.place.where
        kind, name = {"here": "hand", "lent": "return"}.get(self._where, "again"), detail.place.name
        review = Review(
            parent,
            text(f"cases_moved.{kind}_title", owner=detail.line.owner),
            text(f"cases_moved.{kind}_explained", name=name),
            act=text(f"cases_moved.{kind}_act"),
            dangerous=False,
        )
        super().__init__(desk, review)
        self.device = Field("device", Segments(upright=True), required=True, words=lambda: text("cases_moved.to"))
        if others:
            self.device.editor.offer(others)
            self.device.set_value(others[0].value)
            self.review.ask(self.device)
        self.review.act_wanted.connect(self._on_act)
        self.review.open()

    def _deed(self) -> Callable[[Device], bytes | Refused]:
        ref, to = self._line.ref, str(self.device.value() or "")
        match self._where:
            case "here":
                return lambda device: case_moves.hand_case(device, ref, to)
            case "lent":
                return lambda device: case_moves.return_case(device, ref)
            case _:
                return lambda device: case_moves.export_again(device, ref)

    def _on_act(self) -> None:
        path = files.ask_where(self.review, text("cases_moved.save"), f"{self._line.owner}{SUFFIX}", f"*{SUFFIX}")
        if path is not None:
            # It is not here any more, whatever becomes of the file.
            self._send(path, self._deed(), saved=text("cases_moved.saved", name=path.name), recorded=self._done)


def take(desk: Desk, owner: QWidget, say: Callable[[Explained], None], done: Callable[[str], None]) -> None:
    """Take a case in from a file; ``done`` hears which."""
    path = files.ask_which(owner, text("cases_moved.take"), f"*{SUFFIX};;*")
    if path is None:
        return

    def on_taken(taken: Taken) -> None:
        desk.say(text("cases_moved.taken_in" if taken.is_new else "cases_moved.taken_before"))
        done(taken.declaration)

    take_in(desk, owner, path, case_moves.take_case, done=on_taken, say=say, most=MAX_CASE)
