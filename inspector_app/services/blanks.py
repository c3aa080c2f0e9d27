"""Blank sheets of pre-numbered stock that are no good (断码, 重号, 破损): spoiled before anything is printed on them.

Each number has its one sheet, so its number is dead at once. The sheet goes the way of every spoiled one: into the
register, written off, handed in or destroyed (GX-2014 Art. 23 (1)).
"""

from __future__ import annotations

from collections.abc import Sequence

from inspector_app.domain.authority import Action
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.blanks import BlankSpoiled
from inspector_app.journal.projections.blanks import BLANK_SHEET
from inspector_app.services.device import Device
from inspector_app.services.number_custody import NumberRange, find_range, number_in, spent_refusals
from inspector_app.services.print_jobs import PRE_NUMBERED
from inspector_app.services.sheet_custody import evidence_refusals
from inspector_app.services.stock_freeze import frozen_refusals

__all__ = ["BLANK_SHEET"]


def has_blanks(device: Device) -> bool:
    """Whether the sheets of this station bear their numbers before they are printed on (policy ``paper_mode``)."""
    return device.policy().paper_mode == PRE_NUMBERED


def spoil_blank(
    device: Device, kind: str, typed: str, *, category: str, photos: Sequence[str] = (), no_picture: str = ""
) -> str | Refused:
    """Register a blank as spoiled, as its number was typed or scanned; returns the entry.

    ``category`` is of the list ``spoil``, ``no_picture`` the reason (list ``no_picture``) where nobody photographed it.
    """
    numbers = find_range(device, kind, typed)

    def build(act: Act) -> str:
        assert isinstance(numbers, NumberRange)
        fact = BlankSpoiled(
            number=number_in(device, numbers),
            block=numbers.block,
            category=category,
            attachments=list(photos),
            unpictured="" if photos else no_picture,
        )
        return act.add(fact, sign=device.sign)

    def against() -> list[Refusal]:
        found = device.may(Action.SPOIL_SHEET) + evidence_refusals(device, category, photos, no_picture)
        return found + ([numbers] if isinstance(numbers, Refusal) else blank_refusals(device, numbers))

    return device.record_unless(against, build)


@enforces("G34")
def blank_refusals(device: Device, numbers: NumberRange) -> list[Refusal]:
    """Why there is no such blank here: plain paper has none, a used number's sheet is none, a sister's lies with her.

    One at a time, for each has its own photograph; nothing moves while it is counted.
    """
    if not has_blanks(device):
        return [Refusal(code=RefusalCode.NO_BLANKS, field="numbers")]
    block = device.rows.one("blocks", block=numbers.block) or {}
    if numbers.first != numbers.last or block.get("device") != device.id:
        return [Refusal(code=RefusalCode.NOT_FOUND, field="numbers", current=f"{numbers.first}–{numbers.last}")]
    found = spent_refusals(device, numbers)
    return found or frozen_refusals(device, numbers.kind, numbers.first, numbers.last)
