"""Certificate numbers (证号): schemes, draws (领用), blocks (号段) and the life of a number.

A number is ``(scheme, kind, digits)``; digits are a string of the scheme's width and are written ``A 3200000123``.
``free → used | returned | lost | withdrawn``; all but ``free`` are final in the block the number is in. On plain paper
a number once in a block is never in another. Where the sheet itself bears the number, a later draw may cover sheets
that were given back and counted in: the number then begins a life of its own in the block cut from that draw, and what
it was in the earlier block stays as it is.

A *draw* is a range decided by people and signed with the authority key. A *block* is a part of one draw for exactly
one kind, one device and one person, cut by machine and signed with the server key. Both signatures are checked, so the
server key alone creates no number.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from inspector_app.domain.documents import Role, document
from inspector_app.domain.rules import enforces

MAX_BLOCK = 100_000
MAX_DIGITS = 20
_TYPED = re.compile(r"(?P<kind>[A-Z]*)(?P<digits>[0-9]+)")
_BETWEEN = re.compile(r"\.{2,}|[-~〜—–−至到]+")
_APART = re.compile(r"[,;，、；]")


class NumberState(enum.StrEnum):
    """The life of a number."""

    FREE = "free"
    USED = "used"
    RETURNED = "returned"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


NUMBER_MOVES: dict[NumberState, frozenset[NumberState]] = {
    NumberState.FREE: frozenset(NumberState) - {NumberState.FREE},
    NumberState.USED: frozenset(),
    NumberState.RETURNED: frozenset(),
    NumberState.LOST: frozenset(),
    NumberState.WITHDRAWN: frozenset(),
}


class Number(msgspec.Struct, frozen=True, order=True):
    """One certificate number; ``kind`` is ``A``, ``B`` or ``N`` (treatment notice)."""

    scheme: str
    kind: str
    digits: str

    def __str__(self) -> str:
        return f"{self.kind} {self.digits}"


class NumberScheme(msgspec.Struct, frozen=True):
    """How numbers of one kind look: ``prefix`` (province, or year for notices) then a sequence, ``width`` in all."""

    scheme: str
    kind: str
    prefix: str
    width: int

    def digits(self, sequence: int) -> str:
        """The digits of the ``sequence``-th number; ValueError when the width does not hold it."""
        text = str(sequence).zfill(self.width - len(self.prefix))
        if sequence < 0 or len(self.prefix) + len(text) != self.width:
            raise ValueError(f"sequence {sequence} does not fit {self.scheme}")
        return self.prefix + text

    def owns(self, digits: str) -> bool:
        """Whether ``digits`` is a number of this scheme."""
        return len(digits) == self.width and digits.isascii() and digits.isdigit() and digits.startswith(self.prefix)


@document("draw", 1, signed_by=Role.AUTHORITY)
class Draw(msgspec.Struct, frozen=True, array_like=True):
    """A range drawn (领用) by a station or vet under the custody rules; digits inclusive at both ends.

    ``turn`` counts how often these numbers have been drawn, this draw included: 1 but for sheets of pre-numbered stock
    that had been given back.
    """

    draw: str
    scheme: str
    kind: str
    first: str
    last: str
    station: int
    holder: int
    issued_at: int
    previous: str = ""
    turn: int = 1


@document("block", 1, signed_by=Role.SERVER)
class Block(msgspec.Struct, frozen=True, array_like=True):
    """A sub-range of one draw for one kind, one device and one person; ``ordinal`` counts the device's blocks.

    ``expires`` is a UTC millisecond, 0 when the block has no end (notice blocks end on 31 December).
    """

    block: str
    draw: str
    scheme: str
    kind: str
    first: str
    last: str
    device: str
    holder: int
    ordinal: int
    issued_at: int
    expires: int = 0

    def __contains__(self, number: object) -> bool:
        return isinstance(number, Number) and (
            number.scheme == self.scheme and number.kind == self.kind and self.first <= number.digits <= self.last
        )

    def numbers(self) -> Iterator[Number]:
        """All numbers of the block, lowest first."""
        width = len(self.first)
        for value in range(int(self.first), int(self.last) + 1):
            yield Number(self.scheme, self.kind, str(value).zfill(width))


def range_size(first: str, last: str) -> int:
    """How many numbers lie in ``first … last``, both included."""
    return int(last) - int(first) + 1


class BlockFault(enum.StrEnum):
    """Why a block is not taken in; the order of definition is the order of precedence."""

    MALFORMED = "block_malformed"
    FOREIGN_DEVICE = "block_foreign_device"
    DRAW_UNKNOWN = "block_draw_unknown"
    OUTSIDE_DRAW = "block_outside_draw"
    REPEATED = "block_repeated"
    OVERLAP = "block_overlap"
    BACKWARD = "block_backward"


@enforces("G33")
def check_block(
    block: Block,
    draw: Draw | None,
    device: str,
    known: Iterable[Block],
    *,
    station: int | None = None,
    given_back: Container[str] = (),
) -> BlockFault | None:
    """The first fault of a block offered to ``device`` that already holds ``known``; None when it may be taken in.

    ``station``, where given, is the device's: a draw of another station is not one to cut its blocks from.
    ``given_back`` names the blocks whose numbers in this range went back before they were drawn again.
    """
    known = list(known)
    if not is_range(block.first, block.last):
        return BlockFault.MALFORMED
    if block.device != device:
        return BlockFault.FOREIGN_DEVICE
    if draw is None or draw.draw != block.draw:
        return BlockFault.DRAW_UNKNOWN
    if not _inside(block, draw) or station not in (None, draw.station):
        return BlockFault.OUTSIDE_DRAW
    if any(other.block == block.block for other in known):
        return BlockFault.REPEATED
    if any(overlap(block, other) and other.block not in given_back for other in known):
        return BlockFault.OVERLAP
    if any(other.device == device and other.ordinal >= block.ordinal for other in known):
        return BlockFault.BACKWARD
    return None


def is_range(first: str, last: str) -> bool:
    """Whether ``first … last`` are digits of one width, in order, and no more than a block may hold."""
    digits_only = all(text.isascii() and text.isdigit() for text in (first, last))
    one_width = len(first) == len(last) <= MAX_DIGITS
    return digits_only and one_width and first <= last and range_size(first, last) <= MAX_BLOCK


def _inside(block: Block, draw: Draw) -> bool:
    one_width = len(block.first) == len(draw.first) == len(draw.last)
    same_space = (block.scheme, block.kind) == (draw.scheme, draw.kind) and one_width
    right_holder = draw.holder in (0, block.holder)
    return same_space and right_holder and draw.first <= block.first and block.last <= draw.last


def overlap(one: Block, other: Block) -> bool:
    """Whether two blocks have a number in common."""
    # Whatever the scheme is called: paper shows kind and digits only, and they stand on one certificate in the world.
    same_space = (one.kind, len(one.first)) == (other.kind, len(other.first))
    return same_space and one.first <= other.last and other.first <= one.last


@enforces("G47")
def move_number(state: NumberState, to: NumberState) -> NumberState:
    """The number's next state; ValueError for a move its life does not have."""
    if to not in NUMBER_MOVES[state]:
        raise ValueError(f"a {state} number cannot become {to}")
    return to


class BlockCount(msgspec.Struct, frozen=True, kw_only=True):
    """How the numbers of one block divide; the first equation of custody."""

    size: int
    free: int
    used: int
    returned: int
    lost: int
    withdrawn: int

    @property
    def holds(self) -> bool:
        """``size = free + used + returned + lost + withdrawn``."""
        return self.size == self.free + self.used + self.returned + self.lost + self.withdrawn


def count_block(block: Block, states: Sequence[NumberState]) -> BlockCount:
    """Count the states of a block's numbers against its size."""
    counted = {state.value: states.count(state) for state in NumberState}
    return BlockCount(size=range_size(block.first, block.last), **counted)


def parse_number(text: str, schemes: Iterable[NumberScheme]) -> tuple[Number, ...]:
    """All numbers a typed ``A 3200000123`` or bare ``3200000123`` may mean; bare digits may fit several kinds.

    Full-width letters and digits are what they look like (NFKC); spaces may stand anywhere.
    """
    typed = "".join(unicodedata.normalize("NFKC", text).upper().split())
    match = _TYPED.fullmatch(typed)
    if match is None:
        return ()
    kind, digits = match["kind"], match["digits"]
    fitting = [scheme for scheme in schemes if scheme.owns(digits) and kind in ("", scheme.kind)]
    return tuple(sorted(Number(scheme.scheme, scheme.kind, digits) for scheme in fitting))


def parse_range(text: str) -> tuple[str, str] | None:
    """First and last digits of a typed range (``9900000001-10``, full-width digits, one number alone); None for none.

    A short end stands for the last digits of the start, as people write it on paper.
    """
    typed = "".join(unicodedata.normalize("NFKC", text).split())
    first, *rest = _BETWEEN.split(typed)
    if not _is_number(first) or len(rest) > 1:
        return None
    last = rest[0] if rest else first
    if not _is_number(last) or len(last) > len(first):
        return None
    last = first[: len(first) - len(last)] + last
    return (first, last) if is_range(first, last) else None


def parse_ranges(text: str) -> list[tuple[str, str]] | None:
    """Several ranges with commas between them, Chinese ones too, in order and apart; None when one cannot be read."""
    parts = [part for part in _APART.split(unicodedata.normalize("NFKC", text)) if part.strip()]
    ranges = [parse_range(part) for part in parts]
    read = sorted(found for found in ranges if found is not None)
    touching = any(len(one[0]) == len(other[0]) and other[0] <= one[1] for one, other in pairwise(read))
    return read if read and len(read) == len(ranges) and not touching else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
