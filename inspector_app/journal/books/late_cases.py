"""The province's remarks on a journal as work to be done: which case each opened, whose it is, and what settled it.

The same rows are at the device and at the province, so both say the same: a case is settled by the act that puts it
right (the paper ended, a correction note, the photograph added), or by a case of custody about that very entry that was
concluded with its cause. There is no further fact for it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from inspector_app.domain.late_rejections import LateCase, late_case
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.chain import reference
from inspector_app.journal.projections.rows import Row, Rows

LATE_REJECTION: Final = "late_rejection"
"""The kind (list ``custody_case``) of the case of custody that settles a remark by explaining it."""
_PAPERS: Final = ("certificates", "notices")
_IN_FORCE: Final = "issued"
_CONCLUDED: Final = "concluded"


class Settled(enum.StrEnum):
    """What put it right."""

    PAPER_ENDED = "paper_ended"
    CORRECTED = "corrected"
    PHOTOGRAPHED = "photographed"
    EXPLAINED = "explained"


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """One remark that asks something of somebody.

    ``case`` is None where the act holds and only a rule was not kept: then there is no term, and it is explained once.
    ``number`` is the paper the entry made, "" for other entries; ``owner`` who settles it (``station/7/head``);
    ``settled`` is what put it right, None while it is open.
    """

    ref: str
    device: str
    seq: int
    code: str
    case: LateCase | None
    followed: bool
    holds: bool
    owner: str
    due_on: str
    given_at: int
    number: str = ""
    settled: Settled | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.settled is None

    def is_overdue(self, today: str) -> bool:
        """Whether it is open past its term; ``today`` is a legal day."""
        return self.is_open and bool(self.due_on) and self.due_on < today


def remarks(rows: Rows, devices: Iterable[str]) -> list[Remark]:
    """Remarks on the journals of these devices, the earliest term first, those without a term last."""
    found = [one for device in devices for one in _of_device(rows, device)]
    return sorted(found, key=lambda one: (one.due_on or "~", one.device, one.seq))


def _of_device(rows: Rows, device: str) -> Iterator[Remark]:
    for row in rows.many("verdicts", device=device):
        if not (row["followed"] and row["holds"]):
            yield _remark(rows, row)


def _remark(rows: Rows, row: Row) -> Remark:
    device, seq, code = str(row["device"]), int(row["seq"] or 0), str(row["code"])
    ref = reference(device, seq)
    paper = next((found for table in _PAPERS for found in rows.many(table, ref=ref)), None)
    return Remark(
        ref=ref,
        device=device,
        seq=seq,
        code=code,
        case=None if row["holds"] else late_case(code),
        followed=bool(row["followed"]),
        holds=bool(row["holds"]),
        owner=str(row["owner"] or ""),
        due_on=str(row["due_on"] or ""),
        given_at=int(row["given_at"] or 0),
        number=str(paper["number"]) if paper else "",
        settled=_settled(rows, ref, paper, row),
    )


def _settled(rows: Rows, ref: str, paper: Row | None, verdict: Row) -> Settled | None:
    """What put it right first of all; an explanation does for every case, because people have looked into it."""
    if paper is not None and paper["state"] != _IN_FORCE:
        return Settled.PAPER_ENDED
    if paper is not None and _is_corrected(rows, paper, verdict):
        return Settled.CORRECTED
    if verdict["code"] == Judgement.PHOTO_MISSING and rows.many("photographs", about=ref):
        return Settled.PHOTOGRAPHED
    explained = rows.many("custody_cases", about=ref, state=_CONCLUDED)
    return Settled.EXPLAINED if explained else None


def _is_corrected(rows: Rows, paper: Row, verdict: Row) -> bool:
    """Whether a note made since then corrects it; the case has to be one that a note puts right."""
    if verdict["holds"] or late_case(str(verdict["code"])) is not LateCase.CORRECT:
        return False
    notes = rows.many("corrections", number=paper["number"])
    return any(int(note["at"] or 0) >= int(verdict["given_at"] or 0) for note in notes)
