"""Requests for destruction in words: the four persons as a line of steps, what is lacking, who may go on."""

from __future__ import annotations

from collections.abc import Sequence

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action, Post
from inspector_app.domain.destruction import Approvals, DestructionState, Step
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.services.destroying import agreed, sheets_of, unconfirmed_forms
from inspector_app.services.device import Device
from ui import explain
from ui.models.naming import Naming, Row
from ui.models.old_sheets import span_facts
from ui.models.records import Deed, Line, Record, StepShown, names_of, people_with, why_not
from ui.texts import text
from ui.tokens import Tone

POSTS = {Step.KEEPER: Post.KEEPER, Step.HEAD: Post.HEAD, Step.DEPUTY: Post.DEPUTY, Step.LEGAL: Post.LEGAL}
STATE_TONES = {"requested": Tone.WARN, "sent_back": Tone.BAD, "destroyed": Tone.OFF}


def read_requests(device: Device) -> list[Line]:
    """Every request: the open ones first, then the latest."""
    rows = device.rows.many("destructions", order="at")[::-1]
    return [_line(device, row) for row in sorted(rows, key=lambda row: row["state"] != DestructionState.REQUESTED)]


def _line(device: Device, row: Row) -> Line:
    naming, state = Naming(device), str(row["state"])
    count = len(sheets_of(device, str(row["ref"])))
    title = text("old_sheets.request_of", n=count)
    shown, tone = explain.label("state", state), STATE_TONES[state]
    if state == DestructionState.REQUESTED:
        missing = agreed(device, dict(row)).missing()
        shown = text(f"old_sheets.lacks_{missing[0].value}") if missing else text("old_sheets.lacks_destruction")
        tone = Tone.WARN if missing else Tone.INFO
    detail = text("old_sheets.asked_by", name=naming.person(int(row["by"] or 0)), day=legal_date(int(row["at"] or 0)))
    method = naming.reason("destruction", str(row["method"]))
    return Line(str(row["ref"]), title, detail, method, str(row["planned_on"]), shown, tone, str(row["ref"]))


def read_request(device: Device, ref: str) -> Record:
    """One request with its steps."""
    row, naming = device.rows.one("destructions", ref=ref) or {}, Naming(device)
    line, known = _line(device, row), agreed(device, dict(row))
    sheets = sheets_of(device, ref)
    facts = [
        (text("old_sheets.method"), line.what),
        (text("old_sheets.planned_on"), line.day),
        (text("old_sheets.counted"), text("old_sheets.sheets", n=int(row["counted"] or 0))),
        *span_facts(sheets),
        (
            text("old_sheets.back_why"),
            naming.reason("destruction_back", str(row["reason"] or "")) if row["reason"] else "",
        ),
        (text("old_sheets.suspected"), text("old_sheets.suspected_yes") if row["suspected"] else ""),
        *_carried_out(naming, row),
    ]
    is_open = row["state"] == DestructionState.REQUESTED
    deeds = _deeds(device, row, known) if is_open else []
    following = _next(device, ref, known) if is_open else ""
    steps = _steps(device, naming, row, known)
    return Record(
        ref,
        line.title,
        line.detail,
        line.state,
        line.tone,
        facts,
        [*deeds, Deed("save_request", "download")],
        steps,
        following,
    )


def _carried_out(naming: Naming, row: Row) -> list[tuple[str, str]]:
    if not row["destroyed_ref"]:
        return []
    return [
        (text("old_sheets.destroyed_on"), str(row["destroyed_on"])),
        (text("old_sheets.destroyed_count"), text("old_sheets.sheets", n=int(row["destroyed_count"] or 0))),
        (text("old_sheets.supervisor"), naming.person(int(row["supervisor"] or 0))),
    ]


def _steps(device: Device, naming: Naming, row: Row, known: Approvals) -> list[StepShown]:
    waiting = {Step.DEPUTY, Step.LEGAL} if unconfirmed_forms(device, str(row["ref"])) else set()
    made = []
    for step in Step:
        person, name = getattr(known, step.value), text(f"old_sheets.step_{step.value}")
        if person:
            made.append(StepShown(f"{name} · {naming.person(person)}", Tone.GOOD))
        else:
            shown = text("old_sheets.step_signed", step=name) if step in waiting else name
            made.append(StepShown(shown, Tone.WARN if step in waiting else Tone.OFF))
    done = row["state"] == DestructionState.DESTROYED
    return [*made, StepShown(text("old_sheets.step_destroyed"), Tone.GOOD if done else Tone.OFF)]


def _next(device: Device, ref: str, known: Approvals) -> str:
    """Which step comes next, and who may take it."""
    missing, comma = known.missing(), text("list.comma")
    if known.is_twice():
        return text("old_sheets.next_other")
    if not missing:
        who = names_of(people_with(device, Post.KEEPER), comma)
        return text("old_sheets.next_destroy", who=who or text("old_sheets.nobody"))
    if unconfirmed_forms(device, ref):
        who = names_of(people_with(device, Post.HEAD), comma)
        return text("old_sheets.next_confirm", who=who or text("old_sheets.nobody"))
    who = names_of(people_with(device, POSTS[missing[0]]), comma)
    return text(f"old_sheets.next_{missing[0].value}", who=who or text("old_sheets.nobody"))


def _deeds(device: Device, row: Row, known: Approvals) -> list[Deed]:
    """What the next step asks for, first; sending back is open to the head until it is carried out."""
    missing, found = known.missing(), []
    stands_already = _stands_already(device, known)
    if Step.HEAD in missing:
        found.append(Deed("review", "check", why_not(device, Action.REVIEW_DESTRUCTION, *stands_already)))
    if unconfirmed_forms(device, str(row["ref"])):
        found.append(Deed("confirm_signed", "check", why_not(device, Action.CONFIRM_DESTRUCTION)))
    elif {Step.DEPUTY, Step.LEGAL} & set(missing) and Step.HEAD not in missing:
        found.append(Deed("approve", "signature", why_not(device, Action.APPROVE_DESTRUCTION, *stands_already)))
        found.append(Deed("enter_signed", "camera", why_not(device, Action.REQUEST_DESTRUCTION)))
    if not missing:
        found.append(Deed("destroy", "trash-2", why_not(device, Action.DESTROY_SHEETS)))
    found.append(Deed("send_back", "undo-2", why_not(device, Action.REVIEW_DESTRUCTION)))
    # What this person may do comes before what others may.
    return sorted(found, key=lambda deed: bool(deed.why_not))


def _stands_already(device: Device, known: Approvals) -> Sequence[Refusal]:
    """Nobody agrees twice, whatever posts they hold."""
    if device.session is None or device.session.person not in [getattr(known, step.value) for step in Step]:
        return ()
    return (Refusal(code=RefusalCode.ONE_PERSON_TWICE, field="request"),)
