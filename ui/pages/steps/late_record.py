"""A paper that was handed over before anybody could record it (补录): when it was, why it is recorded late."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from PySide6.QtWidgets import QWidget

from inspector_app.domain.certificate import is_recorded_late
from inspector_app.domain.refusals import Refused
from inspector_app.services import handing_over
from inspector_app.services.device import Device
from inspector_app.services.handing_over import NOW, Handed
from ui.desk import Desk
from ui.pages.asking import AskedReason, ask_reason
from ui.pages.steps.step import PaperStep
from ui.texts import text
from ui.widgets.checklist import CheckList
from ui.widgets.field import Field
from ui.widgets.moment_field import MomentEdit
from ui.widgets.popup_list import Option
from ui.widgets.review import Review

MOST_FACTS = 4


def hand_over_as_ticked(device: Device, number: str, ticked: Collection[str], handed: Handed = NOW) -> str | Refused:
    """Record the hand-over with what was seen on the paper, mark by mark."""
    return handing_over.hand_over(
        device,
        number,
        wet_signature="signature" in ticked,
        wet_seal="seal" in ticked,
        receipt_signed="receipt" in ticked,
        file_stub="stub" in ticked,
        handed=handed,
    )


class LatePaper(NamedTuple):
    """The paper a late record is about: what is to be ticked of it, its facts, and what is said above the questions."""

    number: str
    owner: str
    marks: Sequence[str]
    facts: Sequence[tuple[str, str]]
    explained: str
    recorded: str


def ask_late(step: PaperStep) -> Review | None:
    """Open the review page of a late record; None when there is no paper."""
    detail = step.detail
    if detail is None:
        return None
    number, owner = detail.line.number, detail.line.owner
    recorded = text("prints.handed_over", number=number, owner=owner)
    paper = LatePaper(number, owner, detail.marks, detail.facts[:MOST_FACTS], text("prints.late_explained"), recorded)
    return ask_late_of(step.desk, step, paper)


def ask_late_of(desk: Desk, parent: QWidget, paper: LatePaper) -> Review:
    """Ask when a paper was handed over, why that is recorded late, and what was on it."""
    when = Field("handed_at", MomentEdit(desk.now), required=True)
    marks = Field("marks", CheckList(1), words=lambda: text("prints.late_marks"))
    marks.editor.offer([Option(code, text(f"prints.{code}")) for code in paper.marks])

    def deed(device: Device, asked: AskedReason) -> Any:
        handed = Handed(asked.more["handed_at"], asked.reason, asked.note)
        return hand_over_as_ticked(device, paper.number, asked.more["marks"], handed)

    def demanded(answers: dict[str, Any]) -> bool:
        # What is no moment yet is refused as one; no reason is asked for on top.
        return bool(answers["handed_at"]) and is_recorded_late(answers["handed_at"], desk.now())

    return ask_reason(
        desk,
        parent,
        of=handing_over.LATE_RECORD,
        title=text("prints.late_title", number=paper.number),
        explanation=paper.explained,
        act=text("prints.late_act", number=paper.number),
        facts=paper.facts,
        more=[when, marks],
        demanded=demanded,
        deed=deed,
        done=lambda _entry: desk.say(paper.recorded),
    )
