"""Planted bugs of granting: fences that do not hold, and a restored province that grants what it had granted before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from django.db import connections

from inspector_app.journal.projections.uncut import living_spans
from province import granting
from province.granting import HOLDER
from province.high_water import MemoryHighWater
from province.journal import contact, recording, recovery
from province.journal.models import Journal, JournalState, State
from province.journal.recording import Recorded
from province.journal.rows import DjangoRows
from province.numbers import blocks, drawing_again
from province.numbers.models import DrawnRange
from province.numbers.ranges import place_of
from simulation.world import World


def fence_ignored(_world: World, stack: ExitStack) -> None:
    """What a fenced device sends is taken in like anything else."""
    real = recording.append_entries

    def trusting(using: str, *arguments: Any, **named: Any) -> Recorded:
        fenced = Journal.objects.using(using).filter(device=arguments[0].device.hex(), state=JournalState.FENCED)
        known = list(fenced.values_list("device", flat=True))
        fenced.update(state=JournalState.ACTIVE)
        try:
            return real(using, *arguments, **named)
        finally:
            taken = Journal.objects.using(using).filter(device__in=known, state=JournalState.ACTIVE)
            taken.update(state=JournalState.FENCED)

    stack.enter_context(patch.object(contact, "append_entries", trusting))


def restored_block_granted(world: World, stack: ExitStack) -> None:
    """Cutting goes on where the restored database stands, and not above what was cut before."""

    def from_the_rows(using: str, draw: DrawnRange) -> Iterator[tuple[int, int]]:
        whole = place_of(using, draw.scheme, draw.kind, draw.first, draw.last)
        start, row = max(draw.cut_through, draw.low - 1) + 1, DjangoRows(using).one("draws", draw=draw.draw)
        for first, last in living_spans(DjangoRows(using), row) if row is not None else []:
            if (low := max(start, whole.at(first))) <= whole.at(last):
                yield low, whole.at(last)

    stack.enter_context(patch.object(blocks, "left_to_cut", from_the_rows))
    _without_triggers(world)


def no_high_water(world: World, stack: ExitStack) -> None:
    """No number is remembered outside the database; which server grants still is, or none would."""
    read, step_above = MemoryHighWater.read, MemoryHighWater.step_above

    def forgotten(marks: MemoryHighWater, name: str) -> int:
        return read(marks, name) if name == HOLDER else 0

    def next_after(marks: MemoryHighWater, name: str, last: int) -> int:
        return step_above(marks, name, last) if name == HOLDER else last + 1

    stack.enter_context(patch.object(MemoryHighWater, "read", forgotten))
    stack.enter_context(patch.object(MemoryHighWater, "begin_with", lambda *_: {}))
    stack.enter_context(patch.object(MemoryHighWater, "step_above", next_after))
    _without_triggers(world)


def _without_triggers(world: World) -> None:
    with connections[world.server.using].cursor() as cursor:
        cursor.execute("DROP TRIGGER IF EXISTS number_block_apart")


def restore_without_epoch(_world: World, stack: ExitStack) -> None:
    """After a restore the province goes on in the epoch it was in, and believes that nothing was forgotten."""

    def goes_on(using: str) -> str:
        state = State.objects.using(using).get(only=1)
        State.objects.using(using).update(rolled_back=False)
        return str(state.epoch)

    stack.enter_context(patch.object(recovery, "declare_epoch", goes_on))


def both_grant(_world: World, stack: ExitStack) -> None:
    """After a fail-over each of two servers believes that it may grant."""
    stack.enter_context(patch.object(granting, "is_holder", lambda _using: True))


def regrant_without_closed_head(_world: World, stack: ExitStack) -> None:
    """Sheets go out again whether or not their block was closed and they were counted in."""
    stack.enter_context(patch.object(drawing_again, "drawable_again", lambda _using, _kind, *ends: [ends]))
