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
    done: Callable[[], Any],
    facts: Sequence[tuple[str, str]] = (),
    more: Sequence[Field] = (),
    demanded: Callable[[dict[str, Any]], bool] | None = None,
    told: Callable[[Any], Any] = lambda _outcome: None,
) -> Review:
    """Open the review page; ``deed`` is done with the answer, ``done`` is called when it is on record.

    ``told`` is called after it with what the deed gave.

    The reason is always demanded, unless ``demanded`` says by the values of ``more`` when it is.
    """
    review = Review(parent, title, explanation, act=act)
    reason, note = Field("reason", DropDown(), required=demanded is None), Field("note", Note(2))
    reason.editor.offer(Naming(desk.device).reasons(of, desk.today()))
    review.show_facts(facts)
    review.ask(reason, *more, note)

    def on_refused(outcome: Refused) -> None:
        said = explain.refused(outcome.refusals)
        review.banner.say(said.tone, said.headline, said.body, details=said.details)

    def on_done(result: Any) -> None:
        review.accept()
        done()
        told(result)

    def on_act() -> None:
        code = str(reason.value() or "")
        answers = {field.name: field.value() for field in more}
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
                 failed=lambda error: _say(review, error))  # fmt: skip

    review.act_wanted.connect(on_act)
    review.open()
    return review


def _is_answered(field: Field) -> bool:
    """Whether the service can be asked about it; what is missing or cannot be read is said below the field."""
    is_missing = field.required and field.value() in (None, "", [])
    wrong = field.unread or (text("form.fill_in") if is_missing else "")
    if wrong:
        field.say(wrong)
        field.setFocus()
    return not wrong


def _say(review: Review, error: Exception) -> None:
    said = explain.problem(error)
    review.banner.say(said.tone, said.headline, said.body, details=said.details)
