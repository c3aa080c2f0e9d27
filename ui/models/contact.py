"""How things stand with the province: what is well, what needs somebody, what waits, and how the line was last seen."""

from __future__ import annotations

from typing import Any, NamedTuple

from inspector_app.domain.authority import Action
from inspector_app.domain.late_rejections import OWNERS
from inspector_app.services import outcomes
from inspector_app.services.attaching import unsent_attachments
from inspector_app.services.device import Device
from inspector_app.services.outcomes import Remark, Summary
from ui import explain
from ui.texts import text
from ui.tokens import Tone


class RemarkLine(NamedTuple):
    """One remark that is open: what happened, what to do, which case, whose it is and by when."""

    remark: Remark
    happened: str
    todo: str
    case: str
    done_when: str
    owner: str
    due_on: str
    overdue: bool

    @property
    def tone(self) -> Tone:
        """How urgent it looks."""
        return Tone.BAD if self.overdue else Tone.WARN


class Contact(NamedTuple):
    """How things stand with the province; times are UTC ms, 0 when never. ``last`` and ``plan`` are the schedule's.

    ``unsent``: how many attachments wait, and how many bytes they are.
    """

    now: int
    summary: Summary
    contacted_at: int
    acknowledged: int
    head: int
    lease_until: int
    remarks: list[RemarkLine]
    last: Any
    plan: Any
    may_settle: bool
    unsent: tuple[int, int]


def read_contact(device: Device, contact: Any) -> Contact:
    """Read how things stand; runs in the background."""
    heard = device.store.acknowledged()
    lease = device.rows.one("leases", device=device.id)
    return Contact(
        now=device.clock.now().at,
        summary=outcomes.summary(device),
        contacted_at=heard.contacted_at,
        acknowledged=heard.seq,
        head=device.store.head().seq,
        lease_until=int(lease["issue_until"] or 0) if lease else 0,
        remarks=read_remarks(device),
        last=contact.last(),
        plan=contact.plan(),
        may_settle=not device.may(Action.CONCLUDE_CUSTODY_CASE),
        unsent=unsent_attachments(device),
    )


def read_remarks(device: Device) -> list[RemarkLine]:
    """Remarks that are open, the earliest term first."""
    today = device.today()
    return [_line(one, today) for one in outcomes.open_remarks(device)]


def _line(one: Remark, today: str) -> RemarkLine:
    mentions = {"seq": str(one.seq), "due_on": one.due_on}
    said = explain.sentences().of("judgements", one.code, explain.language_code(), mentions)
    return RemarkLine(
        remark=one,
        happened=said.happened,
        todo=said.todo,
        case=explain.label("late_case", one.case.value) if one.case else text("sync.to_explain"),
        done_when=explain.label("late_todo", one.case.value if one.case else "explain"),
        owner=explain.label("post", OWNERS[one.case].value) if one.case else explain.label("post", "head"),
        due_on=one.due_on,
        overdue=one.is_overdue(today),
    )
