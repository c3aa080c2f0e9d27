"""Losses as cases (遗失案件): what was lost, what was done about it, what is due and by when, what turned up.

A loss told by two computers is one case: of numbers that of whoever made them dead, of sheets one for each paper.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.numbering import NumberState, range_size
from inspector_app.domain.stocktake import expand
from inspector_app.journal.entries.losses import Recipient
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.losses import (
    ACKNOWLEDGED,
    CONCLUDED,
    DRAFTED,
    NUMBERS,
    PASSED,
    PUBLISHED,
    REPORTED,
    case_key,
    given_on,
    lost_span,
)
from inspector_app.services.device import Device

__all__ = ["ACKNOWLEDGED", "NUMBERS", "PUBLISHED", "REPORTED", "Recipient"]


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """Something due: which step, to whom, by which legal day, and the day it was done, "" while it was not."""

    step: str
    to: str
    due_on: str
    done_on: str
    overdue: bool


class LossCase(msgspec.Struct, frozen=True, kw_only=True):
    """One loss. ``refs`` are all entries that told of it, the case's own name first.

    ``used`` are numbers of it that stand on a paper (reported lost, and used all the same), ``found`` the numbers that
    turned up again; both stay dead. ``passed``: the levels above that took it up, each with its legal day.
    """

    ref: str
    refs: tuple[str, ...]
    what: str
    kind: str
    first: str
    last: str
    count: int
    cause: str
    lost_on: str
    device: str
    by: int
    used: tuple[str, ...]
    found: tuple[str, ...]
    terms: tuple[Term, ...]
    papers: tuple[str, ...]
    passed: dict[str, str]
    concluded: bool

    @property
    def span(self) -> str:
        """The numbers as people write them: ``B 9900000021–9900000030``."""
        return f"{self.kind} {self.first}" + (f"–{self.last}" if self.last != self.first else "")


def loss_cases(device: Device) -> list[LossCase]:
    """Every loss of the station, the latest first."""
    rows = sorted(device.rows.many("losses"), key=_told)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(case_key(device.rows, row), []).append(row)
    return sorted((_case(device, group) for group in groups.values()), key=lambda case: case.lost_on, reverse=True)


def _told(row: Row) -> tuple[int, str]:
    return int(row["at"] or 0), str(row["ref"])


def find_case(device: Device, ref: str) -> LossCase | None:
    """The case an entry that told of a loss belongs to; also found by a number of it (``B 9900000021``)."""
    return next((case for case in loss_cases(device) if ref in case.refs or _covers(case, ref)), None)


def _covers(case: LossCase, number: str) -> bool:
    kind, _, digits = number.partition(" ")
    return kind == case.kind and len(digits) == len(case.first) and case.first <= digits <= case.last


def _case(device: Device, rows: list[Row]) -> LossCase:
    named = next((row for row in rows if row["what"] != NUMBERS or case_key(device.rows, row) == row["ref"]), rows[0])
    refs = (str(named["ref"]), *(str(row["ref"]) for row in rows if row is not named))
    steps = sorted((step for ref in refs for step in device.rows.many("loss_steps", loss=ref)), key=_told)
    lost_on = _lost_on(device, named)
    numbers = lost_span(device.rows, named) if named["what"] == NUMBERS else []
    drafted = [step for step in steps if step["step"] == DRAFTED]
    return LossCase(
        ref=refs[0],
        refs=refs,
        what=str(named["what"]),
        kind=str(named["kind"] or ""),
        first=str(named["first"]),
        last=str(named["last"]),
        count=range_size(str(named["first"]), str(named["last"])) if named["what"] == NUMBERS else len(rows),
        cause=str(named["cause"]),
        lost_on=lost_on,
        device=str(named["device"]),
        by=int(named["by"] or 0),
        used=tuple(str(number["number"]) for number in numbers if _is_on_paper(device, number)),
        found=_found(device, named),
        terms=_terms(device, lost_on, steps),
        papers=tuple(msgspec.json.decode(str(drafted[0]["files"]), type=list[str])) if drafted else (),
        passed={str(step["to_whom"]): _day(step) for step in steps if step["step"] == PASSED},
        concluded=any(step["step"] == CONCLUDED for step in steps),
    )


def _lost_on(device: Device, row: Row) -> str:
    """The day it was noticed; numbers are not lost before they were given, whatever day somebody wrote down."""
    given = given_on(device.rows, block=row["block"], draw=row["draw"])
    return max(given, str(row["found_out_on"] or legal_date(int(row["at"] or 0))))


def _is_on_paper(device: Device, number: Row) -> bool:
    if number["state"] == NumberState.USED:
        return True
    return any(device.rows.one(table, number=number["number"]) is not None for table in ("certificates", "notices"))


def _found(device: Device, row: Row) -> tuple[str, ...]:
    if row["what"] != NUMBERS:
        return ()
    spans = found_spans(device, block=str(row["block"] or ""), draw=str(row["draw"] or ""))
    inside = (digits for digits in expand(str(row["first"]), str(row["last"])))
    return tuple(f"{row['kind']} {one}" for one in inside if any(a <= one <= b for a, b in spans))


def found_spans(device: Device, *, block: str, draw: str) -> list[tuple[str, str]]:
    """What turned up again of a block, or of a draw and its blocks: the first and last digits each report names.

    One may name a block, the other its draw: who told of it may not have known of the block.
    """
    held = draw or str((device.rows.one("blocks", block=block) or {}).get("draw") or "")
    blocks = [str(one["block"]) for one in device.rows.many("blocks", draw=draw)] if draw else [block]
    rows = [row for name in blocks for row in device.rows.many("found_numbers", block=name)]
    rows += device.rows.many("found_numbers", draw=held) if held else []
    return [(str(row["first"]), str(row["last"])) for row in rows]


def _terms(device: Device, lost_on: str, steps: list[Row]) -> tuple[Term, ...]:
    """Reports at once, the notice within days, acknowledgements after each report, then the conclusion."""
    made = [_term(device, REPORTED, "report", lost_on, steps, to) for to in Recipient]
    made.insert(0, _term(device, PUBLISHED, "notice", lost_on, steps))
    for to in Recipient:
        sent = _done_on(steps, REPORTED, to)
        if sent:
            made.append(_term(device, ACKNOWLEDGED, "ack", sent, steps, to))
    return (*made, _term(device, CONCLUDED, "conclude", lost_on, steps))


def _term(device: Device, step: str, rule: str, since: str, steps: Iterable[Row], to: str = "") -> Term:
    policy = device.policy().on(since)
    due_on, done_on = policy.after_working_days(since, policy.loss_working_days(rule)), _done_on(steps, step, to)
    return Term(step=step, to=str(to), due_on=due_on, done_on=done_on, overdue=not done_on and device.today() > due_on)


def _done_on(steps: Iterable[Row], step: str, to: str = "") -> str:
    days = [_day(row) for row in steps if row["step"] == step and (not to or row["to_whom"] == to)]
    return min(days, default="")


def _day(step: Row) -> str:
    return str(step["day"] or legal_date(int(step["at"] or 0)))


def step_name(step: str, to: str = "") -> str:
    """The step and to whom it goes, as one word: ``reported_authority``."""
    return f"{step}_{to}" if to else step


def open_losses(device: Device) -> list[LossCase]:
    """Losses not concluded yet, the latest first."""
    return [case for case in loss_cases(device) if not case.concluded]


def overdue_losses(device: Device) -> list[LossCase]:
    """Losses of which something is past its term."""
    return [case for case in open_losses(device) if any(term.overdue for term in case.terms)]
