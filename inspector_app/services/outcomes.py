"""What became of each entry of this computer: waiting here, held by the province, accepted, or asking something of you.

The summary says "n ok, m need you, k wait" and nothing is left out of it: every entry is in exactly one of the three.
"""

from __future__ import annotations

import enum
from typing import Final

import msgspec

from inspector_app.domain.authority import Action
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.journal.books.late_cases import LATE_REJECTION, Remark, remarks
from inspector_app.journal.chain import Act, reference
from inspector_app.journal.entries.custody_cases import CustodyCaseConcluded
from inspector_app.journal.entries.declarations import note_of
from inspector_app.services.custody_cases import CAUSES, CONCLUSIONS, add_case
from inspector_app.services.device import Device
from inspector_app.services.typed import reason_refusals

__all__ = ["Remark"]
PAPERS: Final = ("certificates", "notices")


class Outcome(enum.StrEnum):
    """Where an entry stands; ``held`` is recorded by the province, and not known here to be judged yet."""

    WAITS = "waits"
    HELD = "held"
    ACCEPTED = "accepted"
    NEEDS_YOU = "needs_you"


class Summary(msgspec.Struct, frozen=True):
    """How many entries are with the province and ask nothing, ask something, or wait here.

    ``held`` of those that are ok are not known here to be judged yet. ``frozen`` is why this computer had to stop
    issuing, "" normally: that needs you too, and is no entry.
    """

    ok: int
    need_you: int
    waiting: int
    held: int
    frozen: str

    @property
    def asks(self) -> int:
        """How many things ask something of people."""
        return self.need_you + bool(self.frozen)


class PaperOutcome(msgspec.Struct, frozen=True):
    """A paper and where its entry stands."""

    number: str
    ref: str
    outcome: Outcome


def open_remarks(device: Device) -> list[Remark]:
    """Remarks on this computer's entries that are still to be settled, the earliest term first."""
    return [one for one in remarks(device.rows, [device.id]) if one.is_open]


def all_remarks(device: Device) -> list[Remark]:
    """All of them, the settled too."""
    return remarks(device.rows, [device.id])


def summary(device: Device) -> Summary:
    """The three figures."""
    return _Standing(device).summary()


def outcome_of(device: Device, seq: int) -> Outcome:
    """Where the entry ``seq`` of this computer stands."""
    return _Standing(device).of(seq)


def paper_outcomes(device: Device) -> list[PaperOutcome]:
    """Where each paper this computer issued stands, in the order in which they were issued."""
    standing, prefix = _Standing(device), f"{device.id}/"
    rows = [row for table in PAPERS for row in device.rows.many(table, device=device.id)]
    named = sorted((int(str(row["ref"]).removeprefix(prefix)), str(row["number"])) for row in rows)
    return [PaperOutcome(number, reference(device.id, seq), standing.of(seq)) for seq, number in named]


class _Standing:
    """What is known of the own journal, read once for many entries."""

    def __init__(self, device: Device) -> None:
        lease = device.rows.one("leases", device=device.id)
        self._head = device.store.head().seq
        self._acknowledged = min(device.store.acknowledged().seq, self._head)
        # A lease is given once everything before it was judged.
        self._judged = min(int(lease["accepted_seq"] or 0) if lease else 0, self._acknowledged)
        self._asking = {one.seq for one in open_remarks(device)}
        self._frozen = device.frozen

    def of(self, seq: int) -> Outcome:
        if seq > self._acknowledged:
            return Outcome.WAITS
        if seq in self._asking:
            return Outcome.NEEDS_YOU
        return Outcome.ACCEPTED if seq <= self._judged else Outcome.HELD

    def summary(self) -> Summary:
        asking = {seq for seq in self._asking if seq <= self._acknowledged}
        held = self._acknowledged - self._judged - sum(seq > self._judged for seq in asking)
        waiting = self._head - self._acknowledged
        return Summary(self._acknowledged - len(asking), len(asking), waiting, held, self._frozen)


def settle(device: Device, ref: str, *, cause: str, conclusion: str, note: str) -> str | Refused:
    """Settle a remark by saying how it came and what followed: a case of custody about that entry.

    It is opened and concluded in one act; returns the case's entry. ``cause`` and ``conclusion`` are codes of
    ``case_cause`` and ``case_conclusion``; words are asked for, because a code alone explains nothing to whoever asked.
    """

    def against() -> list[Refusal]:
        may = [*device.may(Action.OPEN_CUSTODY_CASE), *device.may(Action.CONCLUDE_CUSTODY_CASE)]
        return [*may, *settle_refusals(device, ref, cause, conclusion, note)]

    def build(act: Act) -> str:
        opened = add_case(act, device, LATE_REJECTION, ref)
        fact = CustodyCaseConcluded(opened=opened, cause=cause, conclusion=conclusion)
        act.add(fact, private=note_of(note), sign=device.sign)
        return opened

    return device.record_unless(against, build)


def settle_refusals(device: Device, ref: str, cause: str, conclusion: str, note: str) -> list[Refusal]:
    """There is such a remark, it is open, and somebody says how it came and what followed."""
    # A head may sit at any computer of the station; each hears what was said of its sisters' entries.
    remark = next((one for one in remarks(device.rows, [ref.partition("/")[0]]) if one.ref == ref), None)
    if remark is None:
        return [Refusal(code=RefusalCode.NOT_FOUND, field="case", current=ref)]
    found = [] if remark.is_open else [Refusal(code=RefusalCode.ALREADY_RECORDED, current=ref)]
    found += reason_refusals(device, CAUSES, cause, note, field="case_cause")
    found += reason_refusals(device, CONCLUSIONS, conclusion, note, field="case_conclusion")
    return found if note.strip() or found else [Refusal(code=RefusalCode.FIELD_MISSING, field="note")]
