"""Numbers that were drawn for the station and are in no block yet (未切段): they too can be lost, and be found again.

What this computer takes for uncut may be in a block of a sister by now. A report names the draw then, and ends the
numbers wherever they are once the block is heard of.
"""

from __future__ import annotations

from inspector_app.domain.numbering import NumberState, parse_range
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.domain.rules import enforces
from inspector_app.journal.projections.uncut import living_spans, lost_uncut, uncut_spans
from inspector_app.services.device import Device
from inspector_app.services.number_custody import NumberRange, find_range


def find_given(device: Device, kind: str, typed: str) -> NumberRange | Refusal:
    """The numbers a person typed, where they lie in one block of this station or in one stretch no block holds yet.

    A range whose end crosses from one into the other is refused with where it ends: each is told on its own.
    """
    ends, found = parse_range(typed), find_range(device, kind, typed)
    if ends is None or isinstance(found, NumberRange) or found.code is not RefusalCode.NOT_FOUND:
        return found
    for draw in device.rows.many("draws", kind=kind):
        for stretch in uncut_spans(device.rows, draw):
            if len(stretch[0]) == len(ends[0]) and stretch[0] <= ends[0] <= stretch[1]:
                return _inside(NumberRange("", kind, *ends, draw=str(draw["draw"])), stretch)
    return found


def _inside(numbers: NumberRange, stretch: tuple[str, str]) -> NumberRange | Refusal:
    if numbers.last <= stretch[1]:
        return numbers
    details: dict[str, str | int] = {"block": "–".join(stretch)}
    current = f"{numbers.first}–{numbers.last}"
    return Refusal(code=RefusalCode.OUTSIDE_BLOCK, field="numbers", current=current, details=details)


@enforces("G47")
def lost_before_refusals(device: Device, numbers: NumberRange) -> list[Refusal]:
    """The lowest number of a stretch that was reported lost already."""
    lost = [one for one in lost_uncut(device.rows, numbers.draw) if one.meets(numbers.first, numbers.last)]
    return [_wrong(numbers, "numbers", NumberState.LOST.value, max(one.first, numbers.first)) for one in lost[:1]]


def never_lost_refusals(device: Device, numbers: NumberRange) -> list[Refusal]:
    """The lowest number of a stretch that nobody reported lost."""
    draw = device.rows.one("draws", draw=numbers.draw)
    for first, last in living_spans(device.rows, draw) if draw is not None else []:
        if first <= numbers.last and numbers.first <= last:
            return [_wrong(numbers, "found", NumberState.FREE.value, max(first, numbers.first), NumberState.LOST.value)]
    return []


def _wrong(numbers: NumberRange, field: str, state: str, first: str, limit: str = "") -> Refusal:
    details: dict[str, str | int] = {"number": f"{numbers.kind} {first}"}
    return Refusal(code=RefusalCode.WRONG_STATE, field=field, current=state, limit=limit, details=details)
