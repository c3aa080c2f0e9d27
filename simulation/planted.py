"""Planted bugs: known mistakes put into the product from outside, to see that this world finds them.

Each replaces product functions for the life of one world; the product itself has no switch for them. Where the product
would stop the mistake by a second guard (a trigger, a key, a projection that refuses), that guard is taken away too:
what is tried here is the eye of the checks, not the depth of the defence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import msgspec
from django.db import connections, transaction
from django.db.models import F

from inspector_app.domain.numbering import NumberState
from inspector_app.journal.projections import Row, certificates
from inspector_app.ports import Printer, PrintJob
from inspector_app.services import print_jobs
from inspector_app.services.device import Device
from inspector_app.store.journal_store import JournalStore
from inspector_app.store.sql_rows import SqlRows
from province import provinces
from province.high_water import MemoryHighWater
from province.journal import attachments, contact, feed, recording
from province.journal.judging import bench
from province.journal.judging.case import Case, Finding
from province.journal.recording import Recorded
from province.journal.rows import DjangoRows
from province.numbers import blocks, remembered
from province.numbers.models import CutBlock, DrawnRange
from simulation import planted_grants
from simulation.planted_cases import issue_after_hand_over
from simulation.world import World

EVERY = 4
"""The province of ``ack_before_commit`` loses one commit of so many."""


class Plant(msgspec.Struct, frozen=True):
    """One bug: how it is planted, and in which kind of world it shows."""

    profile: str
    put_in: Callable[[World, ExitStack], None]


@contextmanager
def planted(bug: str, world: World) -> Iterator[None]:
    """The product with this bug in it; "" for the product as it is. KeyError for a bug nobody knows."""
    with ExitStack() as stack:
        if bug:
            PLANTS[bug].put_in(world, stack)
        yield


def ack_before_commit(_world: World, stack: ExitStack) -> None:
    """The province says that it holds entries, and then its transaction is undone."""
    real, seen = recording.append_entries, [0]

    def forgetful(using: str, *arguments: Any, **named: Any) -> Recorded:
        with transaction.atomic(using=using):
            recorded = real(using, *arguments, **named)
            seen[0] += bool(recorded.added)
            if recorded.added and seen[0] % EVERY == 0:
                transaction.set_rollback(True, using=using)
        return recorded

    stack.enter_context(patch.object(contact, "append_entries", forgetful))


def reuse_number_in_doubt(_world: World, stack: ExitStack) -> None:
    """A certificate whose paper may not have come out gives its number to the next one."""
    real = JournalStore.lowest_free

    def lowest_free(store: JournalStore, block: str) -> Row | None:
        for row in store.rows.many("numbers", block=block, state="used"):
            if store.rows.many("prints", number=row["number"], state="unknown"):
                return {"scheme": row["scheme"], "digits": row["digits"]}
        return real(store, block)

    def any_move(_state: NumberState, to: NumberState) -> NumberState:
        return to

    stack.enter_context(patch.object(JournalStore, "lowest_free", lowest_free))
    stack.enter_context(patch.object(certificates, "move_number", any_move))

    def put_all(rows: SqlRows, table: str, many: Sequence[Row]) -> None:
        for row in many:
            rows.put(table, row)

    stack.enter_context(patch.object(SqlRows, "insert_all", put_all))


def print_before_commit(_world: World, stack: ExitStack) -> None:
    """The job goes to the printer first, and on record afterwards."""
    record = vars(print_jobs)["_record_attempt"]

    def eager(
        device: Device, number: str, print_no: int, form: str, exact: bytes, printer: Printer, *, paper: str
    ) -> Any:
        tries = len(device.rows.many("attempts", number=number, print=print_no)) + 1
        name = f"{number} print {print_no} attempt {tries}"
        printer.submit(PrintJob(name, exact, print_jobs.media_type(form), device.paper.copies(form)))
        return record(device, number, print_no, form, exact, printer, paper=paper)

    stack.enter_context(patch.object(print_jobs, "_record_attempt", eager))


def no_fork_check(_world: World, stack: ExitStack) -> None:
    """The province takes every history for the one it knows."""
    stack.enter_context(patch.object(recording, "_differs", lambda *_: False))


def double_allocation(world: World, stack: ExitStack) -> None:
    """Each new block begins with the last number of the block before it."""
    real = blocks.cut_block

    def greedy(using: str, holder: blocks.Holder) -> CutBlock | None:
        drawn = DrawnRange.objects.using(using).filter(kind=holder.kind, cut_through__gte=F("low"))
        drawn.update(cut_through=F("cut_through") - 1)
        marks = provinces.of(using).high_water
        if isinstance(marks, MemoryHighWater):
            marks.marks = {name: mark for name, mark in marks.marks.items() if name.startswith("ordinal")}
        return real(using, holder)

    def unasked(_using: str, draw: DrawnRange) -> Iterator[tuple[int, int]]:
        """What the rows say of the blocks there are is not asked either."""
        yield max(draw.cut_through, draw.low - 1) + 1, draw.high

    with connections[world.server.using].cursor() as cursor:
        cursor.execute("DROP TRIGGER number_block_apart")
    stack.enter_context(patch.object(blocks, "left_to_cut", unasked))
    stack.enter_context(patch.object(blocks, "cut_block", greedy))
    stack.enter_context(patch.object(DjangoRows, "insert", DjangoRows.put))


def forgotten_draws(_world: World, stack: ExitStack) -> None:
    """What was taken in and drawn is remembered in the database alone, which a restore sets back."""
    for note in ("note_draw", "note_stock"):
        stack.enter_context(patch.object(remembered, note, lambda *_: None))


def blob_wrong_hash(_world: World, stack: ExitStack) -> None:
    """The province takes what comes for what is named: at whatever offset, with whatever hash."""
    stack.enter_context(patch.object(attachments, "_news", lambda _sending, piece: piece.content))
    stack.enter_context(patch.object(attachments, "_is_right", lambda *_: True))


def lost_verdict(_world: World, stack: ExitStack) -> None:
    """A verdict is noted and never told."""
    real = bench.give_verdict

    def mute(case: Case, finding: Finding) -> None:
        with patch.object(feed, "publish", lambda *_: None):
            real(case, finding)

    stack.enter_context(patch.object(bench, "give_verdict", mute))


PLANTS = {
    "blob_wrong_hash": Plant("photographs", blob_wrong_hash),
    "lost_verdict": Plant("normal", lost_verdict),
    "forgotten_draws": Plant("restores", forgotten_draws),
    "ack_before_commit": Plant("normal", ack_before_commit),
    "reuse_number_in_doubt": Plant("paper", reuse_number_in_doubt),
    "print_before_commit": Plant("normal", print_before_commit),
    "no_fork_check": Plant("copies", no_fork_check),
    "double_allocation": Plant("normal", double_allocation),
    "issue_after_hand_over": Plant("hands", issue_after_hand_over),
    "fence_ignored": Plant("fences", planted_grants.fence_ignored),
    "restored_block_granted": Plant("cuts", planted_grants.restored_block_granted),
    "no_high_water": Plant("restores", planted_grants.no_high_water),
    "restore_without_epoch": Plant("restores", planted_grants.restore_without_epoch),
    "both_grant": Plant("splits", planted_grants.both_grant),
    "regrant_without_closed_head": Plant("regrants", planted_grants.regrant_without_closed_head),
}
