"""What a station does about a loss: notice and reports drawn, published, sent, acknowledged; the case concluded.

The numbers are dead from the moment the loss was told (:mod:`inspector_app.services.losses`); all of this comes after.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from inspector_app.domain.authority import Action
from inspector_app.domain.numbering import NumberState
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.domain.typed_text import clean_optional
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.declarations import Note, note_of
from inspector_app.journal.entries.losses import (
    LossAcknowledged,
    LossConcluded,
    LossDrafted,
    LossPublished,
    LossReported,
    NumbersFound,
    Publication,
    Recipient,
)
from inspector_app.journal.envelope import Fact
from inspector_app.journal.projections.losses import ACKNOWLEDGED, CONCLUDED, DRAFTED, PUBLISHED, REPORTED
from inspector_app.services.device import Device
from inspector_app.services.loss_cases import LossCase, find_case, found_spans, step_name
from inspector_app.services.loss_papers import draw_notice, draw_report
from inspector_app.services.number_custody import NumberRange
from inspector_app.services.rule_set import rule_set_refusals, rules_in_force
from inspector_app.services.typed import (
    attachment_refusals,
    code_refusals,
    day_refusals,
    one_text,
    reason_refusals,
)
from inspector_app.services.uncut import find_given, never_lost_refusals

Check = Callable[[LossCase], list[Refusal]]


class LossPapers(msgspec.Struct, frozen=True):
    """The drawn papers of a loss: their entry, and each PDF (hex SHA-256)."""

    ref: str
    notice: str
    to_authority: str
    to_institution: str


def draft_papers(device: Device, loss: str) -> LossPapers | Refused:
    """Draw the public notice (作废公告) and both reports and keep them; drawn again, the newest are shown."""

    def build(act: Act) -> LossPapers:
        case = _case(device, loss)
        profile = rules_in_force(device)
        assert profile is not None
        files = draw_notice(device, case), *(draw_report(device, case, to, profile) for to in Recipient)
        fact = LossDrafted(loss=case.ref, notice=files[0], to_authority=files[1], to_institution=files[2])
        return LossPapers(act.add(fact, sign=device.sign), *files)

    return device.record_unless(
        lambda: _refusals(device, loss, Action.FOLLOW_LOSS, lambda _case: rule_set_refusals(device)), build
    )


def publish(
    device: Device,
    loss: str,
    *,
    medium: str,
    name: str,
    published_on: str = "",
    attachments: Sequence[str] = (),
    note: str = "",
) -> str | Refused:
    """The notice appeared: in which medium (its ``name`` is private), when, with photographs of the clipping."""
    day = published_on or device.today()
    said = Publication(name=clean(name), note=note.strip())

    def against(case: LossCase) -> list[Refusal]:
        found = publication_refusals(device, case, medium, day, attachments)
        return found + _name_refusals(name) + one_text("note", note)

    fact = _later(
        device,
        loss,
        lambda ref: LossPublished(loss=ref, medium=medium, published_on=day, attachments=list(attachments)),
    )
    return _record(device, loss, Action.FOLLOW_LOSS, against, fact, said)


@enforces("G45")
def publication_refusals(
    device: Device, case: LossCase, medium: str, day: str, attachments: Sequence[str]
) -> list[Refusal]:
    """A notice is drafted before it is published, and tracked to its clipping (GX-2014 Art. 26)."""
    found = _step_refusals(case, PUBLISHED) + _needs(case, DRAFTED, field="loss")
    found += reason_refusals(device, "loss_medium", medium, field="loss_medium")
    found += _day_refusals(device, case, "published_on", day)
    if not attachments:
        found.append(Refusal(code=RefusalCode.FIELD_MISSING, field="attachments"))
    return found + attachment_refusals(device, attachments)


def report(
    device: Device, loss: str, *, to: str, sent_on: str = "", attachments: Sequence[str] = (), note: str = ""
) -> str | Refused:
    """A report went to the authority of the same level or to the institution above."""
    day = sent_on or device.today()

    def against(case: LossCase) -> list[Refusal]:
        found = code_refusals("recipient", [to], Recipient) + _step_refusals(case, REPORTED, to)
        found += _needs(case, DRAFTED, field="loss") + _day_refusals(device, case, "report_sent_on", day)
        return found + attachment_refusals(device, attachments) + one_text("note", note)

    fact = _later(device, loss, lambda ref: LossReported(loss=ref, to=to, sent_on=day, attachments=list(attachments)))
    return _record(device, loss, Action.FOLLOW_LOSS, against, fact, note_of(note))


def acknowledge(
    device: Device, loss: str, *, to: str, acknowledged_on: str = "", attachments: Sequence[str] = (), note: str = ""
) -> str | Refused:
    """Whoever was reported to has acknowledged it (回执)."""
    day = acknowledged_on or device.today()

    def against(case: LossCase) -> list[Refusal]:
        found = code_refusals("recipient", [to], Recipient) + _step_refusals(case, ACKNOWLEDGED, to)
        if not found:
            found += _needs(case, REPORTED, to, field="recipient")
        found += _day_refusals(device, case, "acknowledged_on", day)
        return found + attachment_refusals(device, attachments) + one_text("note", note)

    def made(ref: str) -> Fact:
        return LossAcknowledged(loss=ref, to=to, acknowledged_on=day, attachments=list(attachments))

    return _record(device, loss, Action.FOLLOW_LOSS, against, _later(device, loss, made), note_of(note))


def conclude(device: Device, loss: str, *, cause: str, conclusion: str, note: str = "") -> str | Refused:
    """Close the case of a loss, with its cause and what follows from it."""

    def against(case: LossCase) -> list[Refusal]:
        found = _step_refusals(case, CONCLUDED) + _needs(case, PUBLISHED, field="loss")
        return found + unreported_refusals(case) + conclusion_refusals(device, cause, conclusion, note)

    def made(ref: str) -> Fact:
        return LossConcluded(loss=ref, cause=cause, conclusion=conclusion)

    return _record(device, loss, Action.CONCLUDE_LOSS, against, _later(device, loss, made), note_of(note))


@enforces("G22")
def unreported_refusals(case: LossCase) -> list[Refusal]:
    """A loss is reported to the authority of the same level and to the institution above (GX-2014 Art. 17)."""
    return [refusal for to in Recipient for refusal in _needs(case, REPORTED, to, field="recipient")]


@enforces("G21")
def conclusion_refusals(device: Device, cause: str, conclusion: str, note: str) -> list[Refusal]:
    """No case is closed without its cause and a conclusion (GX-2014 Art. 17)."""
    found = reason_refusals(device, "loss_cause", cause, field="cause")
    return found + reason_refusals(device, "loss_conclusion", conclusion, note, field="conclusion")


def report_found(device: Device, kind: str, typed: str, *, found_on: str = "", note: str = "") -> str | Refused:
    """Lost numbers turned up again (追回): told at any computer of the station; they stay dead for ever."""
    numbers, day = find_given(device, kind, typed), found_on or device.today()

    def against() -> list[Refusal]:
        found = device.may(Action.REPORT_FOUND) + one_text("note", note)
        found += day_refusals("found_on", day) or _to_come(device, "found_on", day)
        if isinstance(numbers, Refusal):
            return [*found, numbers]
        return found + (not_lost_refusals(device, numbers) or _before_refusals(device, numbers, day))

    def build(act: Act) -> str:
        assert isinstance(numbers, NumberRange)
        ends = {"block": numbers.block, "first": numbers.first, "last": numbers.last, "draw": numbers.draw}
        fact = NumbersFound(**ends, found_on=day)
        return act.add(fact, private=note_of(note), sign=device.sign)

    return device.record_unless(against, build)


@enforces("G47")
def not_lost_refusals(device: Device, numbers: NumberRange) -> list[Refusal]:
    """Only what was lost is found; the first number of another state is named."""
    if numbers.draw:
        return never_lost_refusals(device, numbers) or _found_before_refusals(device, numbers)
    rows = device.rows.many("numbers", order="digits", block=numbers.block)
    inside = [row for row in rows if numbers.first <= str(row["digits"]) <= numbers.last]
    others = [row for row in inside if row["state"] != NumberState.LOST][:1]
    found = [
        Refusal(
            code=RefusalCode.WRONG_STATE,
            field="found",
            current=str(row["state"]),
            limit=NumberState.LOST.value,
            details={"number": str(row["number"])},
        )
        for row in others
    ]
    return found or _found_before_refusals(device, numbers)


def _found_before_refusals(device: Device, numbers: NumberRange) -> list[Refusal]:
    """What was told of once is not told of again."""
    known = found_spans(device, block=numbers.block, draw=numbers.draw)
    if not any(first <= numbers.first and numbers.last <= last for first, last in known):
        return []
    return [Refusal(code=RefusalCode.ALREADY_RECORDED, field="found", current=f"{numbers.kind} {numbers.first}")]


def _before_refusals(device: Device, numbers: NumberRange, day: str) -> list[Refusal]:
    """Nothing is found before it was lost."""
    case = find_case(device, f"{numbers.kind} {numbers.first}")
    if case is None or day >= case.lost_on:
        return []
    return [Refusal(code=RefusalCode.FIELD_INVALID, field="found_on", current=day, limit=case.lost_on)]


# --- what the steps share --------------------------------------------------------------------------------------------


def clean(name: str) -> str:
    """A name as typed, ends trimmed; what cannot be kept is refused beside it."""
    return clean_optional(name) if not one_text("medium_name", name) else ""


def _name_refusals(name: str) -> list[Refusal]:
    missing = [] if name.strip() else [Refusal(code=RefusalCode.FIELD_MISSING, field="medium_name")]
    return missing + one_text("medium_name", name)


def _case(device: Device, loss: str) -> LossCase:
    case = find_case(device, loss)
    assert case is not None, "asked before"
    return case


def _later(device: Device, loss: str, made: Callable[[str], Fact]) -> Callable[[], Fact]:
    return lambda: made(_case(device, loss).ref)


def _record(
    device: Device,
    loss: str,
    action: Action,
    against: Check,
    made: Callable[[], Fact],
    private: Note | Publication | None,
) -> str | Refused:
    return device.record_unless(
        lambda: _refusals(device, loss, action, against),
        lambda act: act.add(made(), private=private, sign=device.sign),
    )


def _refusals(device: Device, loss: str, action: Action, against: Check) -> list[Refusal]:
    case = find_case(device, loss)
    if case is None:
        return [*device.may(action), Refusal(code=RefusalCode.NOT_FOUND, field="loss", current=loss)]
    return [*device.may(action), *against(case)]


def _is_done(case: LossCase, step: str, to: str = "") -> bool:
    if step == DRAFTED:
        return bool(case.papers)
    return any(term.done_on for term in case.terms if (term.step, term.to) == (step, str(to)))


def _step_refusals(case: LossCase, step: str, to: str = "") -> list[Refusal]:
    """Once is enough."""
    done = _is_done(case, step, to)
    return [Refusal(code=RefusalCode.ALREADY_RECORDED, field="loss", current=case.span)] if done else []


def _needs(case: LossCase, step: str, to: str = "", *, field: str) -> list[Refusal]:
    """The step that comes before, as far as it is not done."""
    if _is_done(case, step, to):
        return []
    details: dict[str, str | int] = {"step": step_name(step, str(to))}
    return [Refusal(code=RefusalCode.LOSS_STEP_MISSING, field=field, current=case.span, details=details)]


def _day_refusals(device: Device, case: LossCase, field: str, day: str) -> list[Refusal]:
    """No day to come, and none before the loss was noticed."""
    found = day_refusals(field, day) or _to_come(device, field, day)
    if not found and day < case.lost_on:
        found = [Refusal(code=RefusalCode.FIELD_INVALID, field=field, current=day, limit=case.lost_on)]
    return found


def _to_come(device: Device, field: str, day: str) -> list[Refusal]:
    return [Refusal(code=RefusalCode.DAY_TO_COME, field=field, current=day)] if day > device.today() else []
