"""Acts that need a reason from a list: one review page for not accepting, withdrawing, voiding, releasing a print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtWidgets import QWidget

from inspector_app.domain.refusals import Refused
from inspector_app.services.device import Device
from ui import explain
from ui.desk import Desk
from ui.models.naming import Naming
from ui.texts import text
from ui.widgets.choice import DropDown
from ui.widgets.field import Field
from ui.widgets.note import Note
from ui.widgets.review import Review

REASON_NAMES = {"loss": "cause", "case_cause": "case_cause", "owner_told": "told_by"}
"""Lists whose choice the service does not call a reason."""


class AskedReason(NamedTuple):
    """What the person chose and wrote."""

    reason: str
    note: str
    more: dict[str, Any]


def ask_reason(
    desk: Desk,
    parent: QWidget,
    *,
    of: str,
    title: str,
    explanation: str,
    act: str,
    deed: Callable[[Device, AskedReason], Any],
    done: Callable[[Any], Any],
    facts: Sequence[tuple[str, str]] = (),
    first: Sequence[Field] = (),
    more: Sequence[Field] = (),
    demanded: Callable[[dict[str, Any]], bool] | None = None,
) -> Review:
    """Open the review page; ``deed`` is done with the answer, ``done`` is called with what it gave.

    ``first`` are questions before the reason, ``more`` those after it; their answers are in ``AskedReason.more``. What
    a refusal says of a question stands below it. The reason is always demanded, unless ``demanded`` says by these
    answers when it is.
    """
    review = Review(parent, title, explanation, act=act)
    reason, note = Field(REASON_NAMES.get(of, "reason"), DropDown(), required=demanded is None), Field("note", Note(2))
    reason.editor.offer(Naming(desk.device).reasons(of, desk.today()))
    review.show_facts(facts)
    others = (*first, *more)
    review.ask(*first, reason, *more, note)

    def on_refused(outcome: Refused) -> None:
        say_refused(review, outcome, (reason, *others, note))

    def on_done(result: Any) -> None:
        review.accept()
        done(result)

    def on_act() -> None:
        code = str(reason.value() or "")
        answers = {field.name: field.value() for field in others}
        if not all(_is_answered(field) for field in first):
            return
        known = desk.device.catalogue.reason(of, code)
        if known is None and (code or demanded is None or demanded(answers)):
            reason.say(text("asking.choose"))
            reason.setFocus()
            return
        if known is not None and known.needs_note and not note.value():
            note.say(text("asking.write"))
            note.setFocus()
            return
        if not all(_is_answered(field) for field in more):
            return
        asked = AskedReason(code, str(note.value()), answers)
        desk.act(lambda device: deed(device, asked), review, done=on_done, refused=on_refused,
                 failed=lambda error: say_problem(review, error))  # fmt: skip

    review.act_wanted.connect(on_act)
    review.open()
    return review


def say_refused(review: Review, outcome: Refused, fields: Sequence[Field]) -> None:
    """Each refusal below its question, the rest above them; the focus goes to the first of the questions."""
    asked = {field.name: field for field in fields}
    told = [one for one in outcome.refusals if one.field in asked]
    for one in reversed(told):
        asked[one.field].say(explain.field_message(one, asked[one.field].label))
        asked[one.field].setFocus()
    if left := [one for one in outcome.refusals if one not in told]:
        said = explain.refused(left)
        review.banner.say(said.tone, said.headline, said.body, details=said.details)
    else:
        review.banner.dismiss()


def _is_answered(field: Field) -> bool:
    """Whether the service can be asked about it; what is missing or cannot be read is said below the field."""
    is_missing = field.required and field.value() in (None, "", [])
    wrong = field.unread or (text("form.fill_in") if is_missing else "")
    if wrong:
        field.say(wrong)
        field.setFocus()
    return not wrong


def say_problem(review: Review, error: Exception) -> None:
    """Something outside did not work; the questions stay."""
    said = explain.problem(error)
    review.banner.say(said.tone, said.headline, said.body, details=said.details)
