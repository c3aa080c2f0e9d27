"""Pre-numbered sheets drawn again (再次领用): a vet gave them back, the keeper above counted them in, they go out anew.

On plain paper a number once in a block is in no other. Where the sheet itself bears its number nobody can use it in two
places at once: it lies in the keeper's hand (DESIGN 4). GX-2014 Art. 21 forbids lending, so this is how stock goes from
one vet to another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from inspector_app.domain.numbering import NumberState
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock import Lot, left_of
from inspector_app.domain.stocktake import runs
from inspector_app.journal.projections import Row
from province import reference
from province.journal.rows import DjangoRows
from province.numbers.models import CutBlock, DrawnRange
from province.numbers.ranges import NumbersCode, NumbersError, Place

PRE_NUMBERED = "pre_numbered"
"""The paper mode in which every sheet bears its number before it is printed on."""

Ends = tuple[str, str]
"""First and last digits of a range."""


def turn_of(using: str, place: Place, day: str) -> int:
    """How often these numbers will have been drawn: 1 for what nobody drew before.

    NumbersError ``draw_overlaps`` where some of them were, and not all of them came back to be drawn again.
    """
    drawn = DrawnRange.objects.using(using).filter(low__lte=place.high, high__gte=place.low).order_by("-turn", "low")
    held = drawn.first()
    if held is None:
        return 1
    whole = Lot("", place.first, place.last, place.high - place.low + 1)
    if not is_numbered(using, day) or left_of([whole], drawable_again(using, place.scheme.kind, *_ends(place))):
        raise NumbersError(NumbersCode.DRAW_OVERLAPS, draw=held.draw, first=held.first, last=held.last)
    return held.turn + 1


def is_numbered(using: str, day: str) -> bool:
    """Whether sheets bear their numbers before they are printed on, by the policy of this legal day."""
    return reference.policy(using).on(day).paper_mode == PRE_NUMBERED


@enforces("G31", "G47")
def drawable_again(using: str, kind: str, first: str, last: str) -> list[Ends]:
    """The stretches of a range whose sheets may go out again: given back, and counted in since.

    In every block they were ever in they were given back and nothing else is told of them. What was lost, used, spoiled
    or taken over as ended stays dead for ever (GX-2014 Art. 23, 26).
    """
    rows = DjangoRows(using)
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows.between("numbers", column="digits", first=first, last=last, kind=kind):
        if len(str(row["digits"])) == len(first):
            found[str(row["digits"])].append(row)
    cut_at = {row["block"]: int(row["issued_at"] or 0) for row in rows.many("blocks", kind=kind)}
    drawn = [row for row in rows.many("draws", kind=kind) if _meets(row, first, last)]
    counted = [row for row in _counted_in(using, rows, kind) if _meets(row, first, last)]
    again = (
        digits
        for digits, held in found.items()
        if all(row["state"] == NumberState.RETURNED for row in held)
        and len(held) == sum(_meets(row, digits, digits) for row in drawn)  # none that was drawn again and is not cut
        and _is_counted(counted, digits, since=max(cut_at.get(row["block"], 0) for row in held))
    )
    return list(runs(again))


def left_standing(using: str, blocks: Iterable[CutBlock]) -> dict[str, list[Ends]]:
    """By block what of it no later draw covers again, lowest first: of the rest its later block tells."""
    again = list(DrawnRange.objects.using(using).filter(turn__gt=1))
    found = {}
    for block in blocks:
        later = [(one.first, one.last) for one in again if one.kind == block.kind and one.turn > block.turn]
        whole = Lot("", block.first, block.last, block.size)
        found[block.block] = [(lot.first, lot.last) for lot in left_of([whole], later)]
    return found


def _counted_in(using: str, rows: DjangoRows, kind: str) -> list[Row]:
    """What keepers of institutions counted in of what vets gave back, while sheets bore their numbers."""
    moves = rows.many("stock_moves", kind=kind, flow="in", ended=1)
    numbered = {day: is_numbered(using, day) for day in {str(row["day"]) for row in moves}}
    return [row for row in moves if numbered[str(row["day"])]]


def _is_counted(counted: list[Row], digits: str, *, since: int) -> bool:
    return any(_meets(row, digits, digits) and int(row["at"] or 0) >= since for row in counted)


def _meets(row: Row, first: str, last: str) -> bool:
    return len(str(row["first"])) == len(first) and str(row["first"]) <= last and first <= str(row["last"])


def _ends(place: Place) -> Ends:
    return place.first, place.last
