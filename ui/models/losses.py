"""Losses in words: what is gone, the steps that follow from it with their terms, and which of them comes next."""

from __future__ import annotations

from inspector_app.domain.authority import Action
from inspector_app.services.device import Device
from inspector_app.services.loss_cases import (
    ACKNOWLEDGED,
    NUMBERS,
    PUBLISHED,
    REPORTED,
    LossCase,
    Recipient,
    Term,
    find_case,
    loss_cases,
    step_name,
)
from inspector_app.services.recipients import recipient
from ui import explain
from ui.models.naming import Naming
from ui.models.records import Deed, Line, Record, StepShown, why_not
from ui.texts import text
from ui.tokens import Tone


def read_losses(device: Device, view: str) -> list[Line]:
    """Losses that are not concluded, or all of them; the latest first."""
    return [_line(device, case) for case in loss_cases(device) if view == "all" or not case.concluded]


def _line(device: Device, case: LossCase) -> Line:
    waiting = [term for term in case.terms if not term.done_on]
    if case.concluded:
        state, tone = text("losses.concluded"), Tone.OFF
    elif any(term.overdue for term in waiting):
        state, tone = text("losses.overdue", n=sum(term.overdue for term in waiting)), Tone.BAD
    else:
        state, tone = text("losses.due_by", day=min(term.due_on for term in waiting)), Tone.WARN
    detail = cause_words(device, case)
    what = text("losses.numbers_of" if case.what == NUMBERS else "losses.sheets_of", n=case.count)
    return Line(case.ref, case.span, detail, what, case.lost_on, state, tone, case.ref)


def cause_words(device: Device, case: LossCase) -> str:
    """How it was lost; of sheets lost before hand-over that is the reason of the further print."""
    known = device.catalogue.reason("loss", case.cause)
    return Naming(device).reason("loss", case.cause) if known else explain.word("loss", case.cause)


def read_loss(device: Device, line: Line) -> Record | None:
    """One loss."""
    case, naming, comma = find_case(device, line.item), Naming(device), text("list.comma")
    if case is None:
        return None
    facts = [
        (text("losses.cause"), line.detail),
        (text("losses.count"), line.what),
        (text("losses.noticed"), case.lost_on),
        (text("losses.told_by"), naming.person(case.by) if case.by else ""),
        *[(text(f"losses.to_{to.value}"), recipient(device, to)) for to in Recipient if not case.concluded],
        *[(step_words(term), _standing(term)) for term in case.terms],
        *[(explain.label("level", level), text("losses.passed", day=day)) for level, day in case.passed.items()],
        (text("losses.used"), comma.join(case.used)),
        (text("losses.found"), comma.join(case.found)),
    ]
    return Record(line.ref, line.title, "", line.state, line.tone, facts, _deeds(device, case), _steps(case))


def step_words(term: Term) -> str:
    """What a term is about, as it stands alone."""
    return explain.label("loss_step", step_name(term.step, term.to))


def _standing(term: Term) -> str:
    if term.done_on:
        return text("losses.done_on", day=term.done_on)
    return text("losses.late" if term.overdue else "losses.until", day=term.due_on)


def _steps(case: LossCase) -> list[StepShown]:
    drafted = StepShown(text("losses.step_drafted"), Tone.GOOD if case.papers else Tone.WARN)
    return [drafted, *(StepShown(text(f"losses.step_{_name(term)}"), _tone(term)) for term in case.terms)]


def _name(term: Term) -> str:
    return step_name(term.step, term.to)


def _tone(term: Term) -> Tone:
    if term.done_on:
        return Tone.GOOD
    return Tone.BAD if term.overdue else Tone.OFF


def waiting_recipients(case: LossCase, step: str) -> list[str]:
    """To whom a step is still to be taken: reports that were not sent, or sent ones that were not acknowledged."""
    done = {(term.step, term.to) for term in case.terms if term.done_on}
    ready = [to for to in Recipient if step == REPORTED or (REPORTED, to.value) in done]
    return [to.value for to in ready if (step, to.value) not in done]


def _deeds(device: Device, case: LossCase) -> list[Deed]:
    """The next steps first; papers and what turned up again at any time."""
    follow = why_not(device, Action.FOLLOW_LOSS)
    found: list[Deed] = []
    if not case.concluded:
        found += _next(device, case, follow)
    if case.what == NUMBERS and len(case.found) < case.count:
        found.append(Deed("turned_up", "search", why_not(device, Action.REPORT_FOUND)))
    if case.papers:
        found.append(Deed("save_papers", "download"))
    return found


def _next(device: Device, case: LossCase, follow: str) -> list[Deed]:
    if not case.papers:
        return [Deed("draft", "file-text", follow)]
    published = any(term.step == PUBLISHED and term.done_on for term in case.terms)
    to_report = waiting_recipients(case, REPORTED)
    found = [] if published else [Deed("publish", "upload", follow)]
    found += [Deed("report", "upload", follow)] if to_report else []
    found += [Deed("acknowledge", "inbox", follow)] if waiting_recipients(case, ACKNOWLEDGED) else []
    ready = published and not to_report
    return [*found, Deed("conclude", "check", why_not(device, Action.CONCLUDE_LOSS))] if ready else found
