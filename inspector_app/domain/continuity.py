"""Continuity of numbers (连号核对): every number that was ever drawn, in order, with what became of it and why.

Pure arithmetic over what a journal's rows say. Station and province ask the same function, so that both give the same
answer for each number (GX-2014 Art. 20, 27). A number nobody can say anything of is *to be explained*: one that was
skipped, one that two papers bear, one that was used by no paper on record.
"""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import msgspec

from inspector_app.domain.certificate import CertificateState
from inspector_app.domain.numbering import NumberState, range_size
from inspector_app.domain.rules import enforces


class Standing(enum.StrEnum):
    """What became of a number, as an auditor asks for it."""

    UNDRAWN = "undrawn"
    UNCUT = "uncut"
    FREE = "free"
    USED = "used"
    VOIDED = "voided"
    REPLACED = "replaced"
    RETURNED = "returned"
    LOST = "lost"
    WITHDRAWN = "withdrawn"
    SKIPPED = "skipped"
    CONTESTED = "contested"
    UNEXPLAINED = "unexplained"


_S = Standing
TO_EXPLAIN = frozenset({_S.SKIPPED, _S.CONTESTED, _S.UNEXPLAINED})
"""What nobody has accounted for yet."""
CLEAN = frozenset({_S.UNDRAWN, _S.UNCUT, _S.FREE, _S.USED})
"""What is no gap in a row of numbers: in force, or still to come."""
_OF_STATE = {
    NumberState.FREE: _S.FREE,
    NumberState.RETURNED: _S.RETURNED,
    NumberState.LOST: _S.LOST,
    NumberState.WITHDRAWN: _S.WITHDRAWN,
}
_OF_PAPER = {
    CertificateState.ISSUED.value: _S.USED,
    CertificateState.VOIDED.value: _S.VOIDED,
    CertificateState.REPLACED.value: _S.REPLACED,
}


class LostNumbers(msgspec.Struct, frozen=True):
    """Numbers of a draw that were lost before they came into a block: digits inclusive, by which entry and why."""

    first: str
    last: str
    entry: str
    day: str
    reason: str


class DrawnNumbers(msgspec.Struct, frozen=True):
    """A draw: digits inclusive; ``lost`` are those of its numbers in no block that were reported lost, in order.

    ``turn`` counts how often its numbers have been drawn: more than once where sheets came back and went out again.
    """

    draw: str
    kind: str
    first: str
    last: str
    lost: tuple[LostNumbers, ...] = ()
    turn: int = 1


class KnownNumber(msgspec.Struct, frozen=True):
    """What is known of one number of a block.

    ``entry`` ended it (issue, return, loss; for a paper voided or replaced the entry that did that), on ``day`` for the
    reason of this code; ``used_at`` is when it was used (UTC ms), ``paper`` the state of the paper that bears it.
    ``passed_up`` names the record by which the station's keeper gave it to the institution above.
    """

    digits: str
    state: NumberState
    entry: str = ""
    day: str = ""
    reason: str = ""
    used_at: int = 0
    paper: str = ""
    contested: bool = False
    passed_up: str = ""


class HeldNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """A block and what is known of its numbers; ``expires`` is a UTC millisecond, 0 without an end."""

    block: str
    draw: str
    kind: str
    first: str
    last: str
    device: str
    holder: int
    ordinal: int
    expires: int
    numbers: tuple[KnownNumber, ...]


class Place(msgspec.Struct, frozen=True):
    """Where a number stands: its draw and block, whose the block is and on which device; no block before it is cut."""

    draw: str
    block: str = ""
    device: str = ""
    holder: int = 0


class Accounted(msgspec.Struct, frozen=True):
    """One number, or several in a row of which the same is to be said: digits inclusive.

    ``passed_up`` names the record by which returned numbers went on to the institution above, "" while they lie here.
    """

    kind: str
    first: str
    last: str
    standing: Standing
    place: Place
    entry: str = ""
    day: str = ""
    reason: str = ""
    passed_up: str = ""

    @property
    def size(self) -> int:
        """How many numbers."""
        return range_size(self.first, self.last)


class Continuity(msgspec.Struct, frozen=True):
    """Every number of one station in order: alone, and in stretches of one cause; what is in no block yet only so."""

    numbers: tuple[Accounted, ...]
    stretches: tuple[Accounted, ...]

    @property
    def to_explain(self) -> tuple[Accounted, ...]:
        """What nobody has accounted for."""
        return tuple(one for one in self.stretches if one.standing in TO_EXPLAIN)

    def totals(self) -> dict[str, dict[str, int]]:
        """How many numbers of each kind stand how; what there is none of is 0."""
        kinds = sorted({one.kind for one in self.stretches})
        return {kind: self._total(kind) for kind in kinds}

    def _total(self, kind: str) -> dict[str, int]:
        counted = Counter[Standing]()
        for one in self.stretches:
            if one.kind == kind:
                counted[one.standing] += one.size
        return {standing.value: counted[standing] for standing in Standing}


def account(draws: Iterable[DrawnNumbers], blocks: Iterable[HeldNumbers]) -> Continuity:
    """What became of each number of these draws, in order of kind and digits.

    A number that was drawn again after its sheet came back is told once for each draw, the earlier first.
    """
    held, cut, turns = list(blocks), defaultdict[str, list[tuple[int, int]]](list), dict[str, int]()
    skipped = set(skipped_numbers(held))
    for block in held:
        cut[block.draw].append((int(block.first), int(block.last)))
    found = [one for block in held for one in _of_block(block, skipped)]
    for draw in draws:
        turns[draw.draw] = draw.turn
        found += _uncut(draw, cut[draw.draw])

    def place(one: Accounted) -> tuple[str, int, str, int]:
        return one.kind, len(one.first), one.first, turns.get(one.place.draw, 1)

    ordered = sorted(found, key=place)
    stretches = [one for turn in _by_turn(ordered, turns) for one in _folded(turn)]
    return Continuity(tuple(ordered), tuple(sorted(stretches, key=place)))


def _by_turn(numbers: Iterable[Accounted], turns: Mapping[str, int]) -> Iterator[list[Accounted]]:
    """The same numbers apart by how often they had been drawn, so that neighbours stand beside each other."""
    found = defaultdict[int, list[Accounted]](list)
    for one in numbers:
        found[turns.get(one.place.draw, 1)].append(one)
    return iter(found.values())


@enforces("G26")
def skipped_numbers(blocks: Iterable[HeldNumbers]) -> list[tuple[str, str]]:
    """Block and digits of every free number above which its holder went on (跳号, GX-2014 Art. 20): to be explained.

    Within a block and from one block of a holder's to the next on the same device. What was free in a block that had
    ended by then was not skipped.
    """
    ordered = sorted(blocks, key=_chain_order)
    return [one for _holder, chain in groupby(ordered, key=_chain) for one in _passed_over(list(chain))]


def _passed_over(chain: Sequence[HeldNumbers]) -> Iterator[tuple[str, str]]:
    went_on = 0  # when the first of the numbers above was used: a block that had ended by then had by every later one
    for block in reversed(chain):
        for number in sorted(block.numbers, key=lambda one: one.digits, reverse=True):
            in_time = not block.expires or went_on <= block.expires
            if number.state is NumberState.FREE and went_on and in_time:
                yield block.block, number.digits
            if number.used_at:
                went_on = min(went_on or number.used_at, number.used_at)


def _chain(block: HeldNumbers) -> tuple[str, str, int]:
    return block.device, block.kind, block.holder


def _chain_order(block: HeldNumbers) -> tuple[str, str, int, int]:
    return (*_chain(block), block.ordinal)


def standing_of(digits: str, own: HeldNumbers, later: Iterable[HeldNumbers]) -> tuple[Standing, Place]:
    """How one number of the block ``own`` stands; ``later`` are the blocks its holder had after it on that device."""
    known = next((one for one in own.numbers if one.digits == digits), None)
    if known is None:
        return Standing.UNEXPLAINED, _place(own)
    is_skipped = known.state is NumberState.FREE and (own.block, digits) in skipped_numbers([own, *later])
    return Standing.SKIPPED if is_skipped else stands(known), _place(own)


def _place(block: HeldNumbers) -> Place:
    return Place(block.draw, block.block, block.device, block.holder)


def _of_block(block: HeldNumbers, passed: Container[tuple[str, str]]) -> Iterator[Accounted]:
    known, place = {one.digits: one for one in block.numbers}, _place(block)
    for value in range(int(block.first), int(block.last) + 1):
        digits = str(value).zfill(len(block.first))
        number = known.get(digits)
        if number is None:
            yield Accounted(block.kind, digits, digits, Standing.UNEXPLAINED, place)
            continue
        standing = Standing.SKIPPED if (block.block, digits) in passed else stands(number)
        cause = number.entry, number.day, number.reason, number.passed_up
        yield Accounted(block.kind, digits, digits, standing, place, *cause)


def stands(number: KnownNumber) -> Standing:
    """How one number stands by itself."""
    if number.contested:
        return Standing.CONTESTED
    if number.state is NumberState.USED:
        return _OF_PAPER.get(number.paper, Standing.UNEXPLAINED)
    return _OF_STATE[number.state]


def _uncut(draw: DrawnNumbers, cut: Iterable[tuple[int, int]]) -> Iterator[Accounted]:
    """What of a draw is in no block yet; ``cut`` are first and last of its blocks. What was lost is told apart."""
    for one in draw.lost:
        cause = one.entry, one.day, one.reason
        yield Accounted(draw.kind, one.first, one.last, Standing.LOST, Place(draw.draw), *cause)
    told = [*cut, *((int(one.first), int(one.last)) for one in draw.lost)]
    low, width = int(draw.first), len(draw.first)
    for first, last in [*sorted(told), (int(draw.last) + 1, int(draw.last))]:
        if low < first:
            ends = str(low).zfill(width), str(first - 1).zfill(width)
            yield Accounted(draw.kind, *ends, Standing.UNCUT, Place(draw.draw))
        low = max(low, last + 1)


def _folded(numbers: Sequence[Accounted]) -> Iterator[Accounted]:
    """Neighbours of which the same is to be said as one; numbers in force each have a paper of their own."""
    for _key, run in groupby(enumerate(numbers), key=lambda at: _same(at[1], at[0])):
        whole = [one for _at, one in run]
        first, last = whole[0], whole[-1]
        if len(whole) == 1:
            yield first
        elif first.standing is Standing.USED:
            yield msgspec.structs.replace(first, last=last.last, entry="", day="")
        else:
            yield msgspec.structs.replace(first, last=last.last)


def _same(one: Accounted, at: int) -> tuple[object, ...]:
    ends = () if one.standing is Standing.USED else (one.entry, one.day, one.reason, one.passed_up)
    step = one.first if one.standing is Standing.UNCUT else int(one.first) - at
    return one.kind, one.standing, one.place, step, ends


def told(continuity: Continuity, *, each: bool = False) -> dict[str, object]:
    """The report as programs read it, in the same words at station and province; ``each`` adds every number."""
    found: dict[str, object] = {
        "totals": continuity.totals(),
        "stretches": [_told(one) for one in continuity.stretches],
        "to_explain": sum(one.size for one in continuity.to_explain),
    }
    return found | ({"numbers": [_told(one) for one in continuity.numbers]} if each else {})


def _told(one: Accounted) -> dict[str, object]:
    found: dict[str, object] = {"kind": one.kind, "first": one.first, "last": one.last, "size": one.size}
    return found | {"standing": one.standing.value, **msgspec.to_builtins(one.place), **_cause(one)}


def _cause(one: Accounted) -> dict[str, str]:
    return {"entry": one.entry, "day": one.day, "reason": one.reason, "passed_up": one.passed_up}
