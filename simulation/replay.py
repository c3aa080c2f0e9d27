"""I7: what the province holds follows from the set of frames it received, not from their order, number or timing.

The founded province is copied once more, given the draws and blocks of this world, and then hears every frame that ever
reached the first one, shuffled, until nothing is left that finds a gap before it.
"""

from __future__ import annotations

import shutil
import sqlite3

import msgspec

from inspector_app.domain.documents import SignedDocument, decode_document, from_payload
from inspector_app.domain.numbering import Block, Draw
from inspector_app.journal.entries.blanks import BlankSpoiled
from inspector_app.journal.entries.certificates import CertificateIssued, NoticeIssued
from inspector_app.journal.entries.custody import NumbersLost, NumbersReturned
from inspector_app.journal.entries.successions import PaperRegularised
from province import provinces
from province.journal.judging import judge
from province.journal.recovery import declare_epoch
from province.numbers.blocks import import_block
from province.numbers.draws_back import import_draw
from simulation.agreement import recorded
from simulation.evidence import opened_answer, opened_request, promised_through
from simulation.server import Server
from simulation.succeeding import enrol_again
from simulation.violations import Violation
from simulation.world import World
from sync.protocol import SYNC_PATH, Status

ENTRIES = "SELECT device, seq, hash, actor_sig FROM entry ORDER BY device, seq"
NUMBERS = "SELECT number, state, ended_by FROM reg_numbers WHERE state <> 'free' ORDER BY number"
CUSTODY = (
    "SELECT ref, what, number, block, first, last, cause FROM reg_losses",
    "SELECT ref, loss, step, to_whom FROM reg_loss_steps WHERE step <> 'passed'",
    "SELECT ref, number, fields FROM reg_corrections",
    "SELECT ref, state, differences, explained FROM reg_stocktakes",
    "SELECT ref, stocktake, shelf, ranges FROM reg_stock_counts",
    "SELECT ref, kind, state, concluded_ref FROM reg_custody_cases WHERE kind <> 'hand_in_differs'",
    "SELECT ref, store, previous, keeper FROM reg_store_keepers",
    "SELECT ref, store, keeper FROM reg_stores",
    "SELECT ref, draw, store FROM reg_draw_receipts",
    "SELECT ref, number, suspect FROM reg_write_offs",
    "SELECT ref, state, back_ref, destroyed_ref FROM reg_destructions",
    "SELECT request, number, print, sheet FROM reg_destruction_sheets",
    "SELECT ref, step, request, person FROM reg_destruction_steps",
    "SELECT ref, declaration, turn, giver, device, act, received_ref FROM reg_case_moves",
)
"""What custody keeps; each row is named by the entry, and so by the device, that told of it.

But for what the levels above say, a loss taken up and a slip counted in short: here only frames are heard again.
"""
CERTIFICATES = "SELECT device, number, state, ref, replaced_by, void_ref FROM reg_certificates ORDER BY number"


def same_in_any_order(world: World) -> None:
    """Raise Violation I7 when the shuffled frames lead to another ledger.

    Not asked where a disk was copied or put back: which of two stories is the journal, their order says, and what
    sisters tell of its papers hangs on that.
    """
    if world.evidence.tainted:
        return
    apart, settled_by_people = world.evidence.fenced, spent_twice(world)
    expected = ledger(world.server, apart, settled_by_people)
    name, folder = world.shop.room()
    place = folder / "replayed.sqlite3"
    shutil.copy(world.shop.founded().province, place)
    with Server(name, place, world.time, "replay") as server:
        provinces.register(msgspec.structs.replace(provinces.of(name), publishes=False))
        server.go_on_with(world.shop.founded().marks)
        enrol_again(world.server, server)
        _give_numbers(world.server, server)
        declare_epoch(name)  # what the devices had pulled the other province told them; this one knows nothing of it
        _replay(world, server, apart)
        found = ledger(server, apart, settled_by_people)
        if found != expected:
            raise Violation("I7", f"the same frames in another order give another ledger: {_first(expected, found)}")
    shutil.rmtree(folder)


def _replay(world: World, server: Server, apart: set[str]) -> None:
    dice = world.dice("replay")
    pending = [frame for frame in dict.fromkeys(world.evidence.frames) if _device_of(frame) not in apart]
    while pending:
        dice.shuffle(pending)
        left = [frame for frame in pending if not _taken(server, frame)]
        if len(left) == len(pending):
            raise Violation("I7", f"{len(left)} frames that were taken in once find no place any more")
        pending = left
    for device in sorted(world.evidence.kept):
        judge(server.using, device)  # what names an epoch this province never had is recorded, and judged later


def _device_of(frame: bytes) -> str:
    request = opened_request(frame)
    return request.device.hex() if request else ""


def _taken(server: Server, frame: bytes) -> bool:
    reply = server.post(SYNC_PATH, frame)
    request, answer = opened_request(frame), opened_answer(reply)
    if request is None or answer is None or answer.status == Status.TOO_OLD:
        return True
    return promised_through(answer) >= request.from_seq - 1 + len(request.entries)


def _give_numbers(source: Server, server: Server) -> None:
    with source.committed() as database:
        draws = [bytes(row[0]) for row in database.execute("SELECT document FROM number_draw ORDER BY turn, low")]
        blocks = [bytes(row[0]) for row in database.execute("SELECT document FROM number_block ORDER BY turn, low")]
    for raw in (*draws, *blocks):
        signed = decode_document(raw)
        match from_payload(signed.type, signed.payload) if isinstance(signed, SignedDocument) else None:
            case Draw() as draw:
                import_draw(server.using, draw, raw)
            case Block() as block:
                import_block(server.using, block, raw)
            case _:
                raise Violation("I7", "a draw or block that is none")


def spent_twice(world: World) -> set[str]:
    """Numbers one device gave back or put on a paper while another reported them lost: what is heard first stands."""
    ends: dict[str, set[str]] = {}
    for entry in recorded(world):
        match entry.fact:
            case CertificateIssued(record=record):
                ends.setdefault(str(record.number), set()).add("used")
            case NoticeIssued(number=number):
                ends.setdefault(str(number), set()).add("used")
            case PaperRegularised(number=number):
                # On the branch it was used, and what else was used there only the earlier device's frames would say.
                ends.setdefault(str(number), set()).update((PaperRegularised.KIND, "used"))
            case BlankSpoiled(number=number) as blank:
                ends.setdefault(str(number), set()).add(blank.KIND)
            case NumbersLost() | NumbersReturned() as fact:
                for lost in _numbers_of(world, fact):
                    ends.setdefault(lost, set()).add(fact.KIND)
            case _:
                pass
    return {number for number, ways in ends.items() if len(ways) > 1}


def _numbers_of(world: World, fact: NumbersLost | NumbersReturned) -> list[str]:
    uncut = isinstance(fact, NumbersLost) and fact.draw
    given = world.checks.draws[uncut] if uncut else world.checks.blocks[fact.block]
    kind, width = given.kind, len(fact.first)
    return [f"{kind} {str(one).zfill(width)}" for one in range(int(fact.first), int(fact.last) + 1)]


def ledger(server: Server, apart: set[str], settled_by_people: set[str]) -> dict[str, list[str]]:
    """What was recorded, the number ledger and custody, per device, without the devices ``apart``.

    Of numbers that people have to settle it is not asked what became of them.
    """
    lines: dict[str, list[str]] = {}
    silent = apart | _numbers_of_silent(server, apart)
    with server.committed() as database:
        for device, line in _lines(database, settled_by_people):
            # What sisters tell of the cases and papers of a laptop that is silent now hangs on what that never said.
            if device not in apart and not any(name in line for name in silent):
                lines.setdefault(device, []).append(line)
    return lines


def _numbers_of_silent(server: Server, apart: set[str]) -> set[str]:
    """The numbers of the blocks of these devices, as lines name them."""
    with server.committed() as database:
        rows = database.execute("SELECT device, number FROM reg_numbers JOIN number_block USING (block)").fetchall()
    return {str(number) for device, number in rows if device in apart}


def _lines(database: sqlite3.Connection, settled_by_people: set[str]) -> list[tuple[str, str]]:
    found = [(row[0], f"{row[1]} {bytes(row[2]).hex()} {bytes(row[3]).hex()}") for row in database.execute(ENTRIES)]
    numbers = [row for row in database.execute(NUMBERS) if row[0] not in settled_by_people]
    found += [(str(row[2]).partition("/")[0], " ".join(map(str, row))) for row in numbers]
    found += [(row[0], " ".join(map(str, row))) for row in database.execute(CERTIFICATES)]
    for question in CUSTODY:
        rows = sorted(" ".join(map(str, row)) for row in database.execute(question))
        found += [(line.partition("/")[0], f"{question.partition(' FROM ')[2]} {line}") for line in rows]
    return found


def _first(expected: dict[str, list[str]], found: dict[str, list[str]]) -> str:
    for device in sorted(expected | found):
        ours, theirs = expected.get(device, []), found.get(device, [])
        for line in sorted(set(ours) ^ set(theirs)):
            return f"{device[:8]} {line} ({'first' if line in ours else 'second'} time only)"
    return "the order of lines"
