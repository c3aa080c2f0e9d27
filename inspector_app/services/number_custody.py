"""Numbers on this device: which comes next, how many are left, asking for more."""

from __future__ import annotations

import msgspec

from inspector_app.domain.authority import Action
from inspector_app.domain.numbering import MAX_BLOCK, BlockCount, Number, NumberState, parse_range, range_size
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.custody import BlockRequested, NumbersReturned
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.numbers import standing_spans
from inspector_app.journal.projections.uncut import living_spans
from inspector_app.services.device import Device
from inspector_app.services.old_sheets import old_sheet_refusals
from inspector_app.services.stock_freeze import frozen_refusals
from inspector_app.services.typed import code_refusals, reason_refusals
from inspector_app.store.doctor import count_blocks

KINDS = ("A", "B", "N")


class NextNumber(msgspec.Struct, frozen=True):
    """The lowest free number of the holder's oldest block, and that block."""

    number: Number
    block: str
    expires: int


@enforces("G30")
def own_blocks(device: Device, kind: str, person: int) -> list[Row]:
    """This holder's blocks of a kind on this device, oldest first; those past their last day too."""
    rows = device.rows.many("blocks", order="ordinal", device=device.id, kind=kind)
    return [row for row in rows if row["holder"] in (0, person)]


def is_over(block: Row, now: int) -> bool:
    """Whether a block's last day has passed: notice blocks end with the year that is part of their numbers."""
    expires = int(block["expires"] or 0)
    return bool(expires) and now > expires


def next_number(device: Device, kind: str, person: int) -> NextNumber | None:
    """Lowest free of the oldest block in force that still has one (GX-2014 Art. 20); None when there is none left."""
    now = device.clock.now().at
    for block in own_blocks(device, kind, person):
        row = None if is_over(block, now) else lowest_free(device, str(block["block"]))
        if row is not None:
            number = Number(str(row["scheme"]), kind, str(row["digits"]))
            return NextNumber(number, str(block["block"]), int(block["expires"] or 0))
    return None


@enforces("G26")
def lowest_free(device: Device, block: str) -> Row | None:
    """The lowest free number of a block: no number is skipped (GX-2014 Art. 20)."""
    return device.store.lowest_free(block)


def numbers_left(device: Device, kind: str, person: int) -> int:
    """How many numbers of a kind this person may still use here."""
    now = device.clock.now().at
    counts = count_blocks(device.store)
    in_force = [block for block in own_blocks(device, kind, person) if not is_over(block, now)]
    return sum(counts[str(block["block"])].free for block in in_force)


def number_refusals(device: Device, kind: str, person: int) -> list[Refusal]:
    """Why no number of this kind can be taken now."""
    if next_number(device, kind, person) is not None:
        return []
    for block in own_blocks(device, kind, person):
        if lowest_free(device, str(block["block"])) is not None:
            return [Refusal(code=RefusalCode.BLOCK_EXPIRED, details={"block": str(block["block"])})]
    return [no_numbers_left(device, kind, person)]


def no_numbers_left(device: Device, kind: str, person: int) -> Refusal:
    """The refusal of whoever holds no free number of a kind: whether the next contact brings more, or only a draw."""
    code = RefusalCode.NUMBERS_NOT_CUT if uncut(device, kind, person) else RefusalCode.NO_NUMBERS_LEFT
    return Refusal(code=code, details={"kind": kind})


def uncut(device: Device, kind: str, person: int) -> int:
    """How many numbers were drawn for the station, or this person, and are in no block of any of its computers.

    What was reported lost is not among them.
    """
    draws = [row for row in device.rows.many("draws", kind=kind) if row["holder"] in (0, person)]
    return sum(range_size(*ends) for row in draws for ends in living_spans(device.rows, row))


def request_block(device: Device, kind: str, wanted: int, *, emergency: bool = False) -> str | Refused:
    """Ask for more numbers; the province cuts a block inside a draw at the next contact."""

    def against() -> list[Refusal]:
        found = device.may(Action.REQUEST_BLOCK) + code_refusals("kind", [kind], KINDS)
        if not 0 < wanted <= MAX_BLOCK:
            found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="wanted", current=wanted))
        # Refusing a passed batch is an offence, so an emergency waits for no old sheets.
        return found if emergency else found + old_sheet_refusals(device, kind)

    fact = BlockRequested(kind=kind, wanted=wanted, emergency=emergency)
    return device.record_unless(against, lambda act: act.add(fact))


class NumberRange(msgspec.Struct, frozen=True):
    """Numbers of one block, digits inclusive; of a ``draw``, and ``block`` "", where they are in no block yet."""

    block: str
    kind: str
    first: str
    last: str
    draw: str = ""


def find_range(device: Device, kind: str, typed: str) -> NumberRange | Refusal:
    """The numbers a person typed, where they lie in one block of this station; else why not.

    A range whose end crosses a block is refused with where that block ends, never cut. What went back and was drawn
    again belongs to its later block, or to none yet.
    """
    found = parse_range(typed)
    if found is None:
        return Refusal(code=RefusalCode.FIELD_INVALID, field="numbers", current=typed)
    for row in device.rows.many("blocks", kind=kind):
        for first, last in standing_spans(device.rows, row):
            if first <= found[0] <= last and len(found[0]) == len(first):
                if found[1] <= last:
                    return NumberRange(str(row["block"]), kind, *found)
                block = f"{first}–{last}"
                return Refusal(code=RefusalCode.OUTSIDE_BLOCK, field="numbers", current=typed, details={"block": block})
    return Refusal(code=RefusalCode.NOT_FOUND, field="numbers", current=typed)


def number_in(device: Device, numbers: NumberRange) -> Number:
    """The first number of a range, with its scheme."""
    block = device.rows.one("blocks", block=numbers.block) or {}
    return Number(str(block["scheme"]), numbers.kind, numbers.first)


@enforces("G47")
def spent_refusals(device: Device, numbers: NumberRange) -> list[Refusal]:
    """The lowest number of a range that has met its end already, with what became of it."""
    rows = device.rows.many("numbers", order="digits", block=numbers.block)
    inside = [row for row in rows if numbers.first <= str(row["digits"]) <= numbers.last]
    spent = [row for row in inside if row["state"] != NumberState.FREE]
    return [
        Refusal(
            code=RefusalCode.WRONG_STATE,
            field="numbers",
            current=str(row["state"]),
            details={"number": str(row["number"])},
        )
        for row in spent[:1]
    ]


def return_numbers(device: Device, kind: str, typed: str, *, reason: str, note: str = "") -> str | Refused:
    """Give unused numbers back to the keeper (退库), from a number to the end of its block, which is closed with that.

    Nobody lends numbers: who is to use them next draws them from the keeper (GX-2014 Art. 21).
    """
    numbers = find_range(device, kind, typed)

    def against() -> list[Refusal]:
        found = device.may(Action.RETURN_NUMBERS)
        found += reason_refusals(device, "number_return", reason, note)
        if isinstance(numbers, Refusal):
            return [*found, numbers]
        return found + return_refusals(device, numbers) + frozen_refusals(device, kind, numbers.first, numbers.last)

    def add(act: Act) -> str:
        assert isinstance(numbers, NumberRange)
        fact = NumbersReturned(block=numbers.block, first=numbers.first, last=numbers.last, reason=reason)
        return act.add(fact, private=note_of(note), sign=device.sign)

    return device.record_unless(against, add)


@enforces("G31")
def return_refusals(device: Device, numbers: NumberRange) -> list[Refusal]:
    """Only the holder gives back, at the computer whose block it is, and only what is free, to the block's end."""
    own = [row for row in own_blocks(device, numbers.kind, device.person()) if row["block"] == numbers.block]
    if not own:
        return [Refusal(code=RefusalCode.NOT_FOUND, field="numbers", current=f"{numbers.first}–{numbers.last}")]
    if spent := spent_refusals(device, numbers):
        return spent
    if numbers.last != own[0]["last"]:
        limit, current = str(own[0]["last"]), numbers.last
        return [Refusal(code=RefusalCode.NOT_TO_BLOCK_END, field="numbers", limit=limit, current=current)]
    return []


class BlockLine(msgspec.Struct, frozen=True):
    """One line of the number ledger (证号台账)."""

    block: str
    kind: str
    first: str
    last: str
    holder: int
    device: str
    count: BlockCount


def ledger(device: Device) -> list[BlockLine]:
    """Every block of this station with its equation, oldest first."""
    counts = count_blocks(device.store)
    return [
        BlockLine(
            block=str(row["block"]),
            kind=str(row["kind"]),
            first=str(row["first"]),
            last=str(row["last"]),
            holder=int(row["holder"] or 0),
            device=str(row["device"]),
            count=counts[str(row["block"])],
        )
        for row in device.rows.many("blocks", order="issued_at, ordinal")
    ]
