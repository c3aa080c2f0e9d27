"""What the books say of the numbers a case of custody is about: were they reported lost, does a later count agree?

A conclusion that speaks of a loss or of a find is held against them (GX-2014 Art. 17), at the station before it is
recorded and at the province after it was heard. A case without a range of numbers is for people to judge.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from inspector_app.domain.custody import ON_HAND
from inspector_app.domain.numbering import NumberState
from inspector_app.domain.stocktake import Difference, Shelf, StockLine, StocktakeState, expand
from inspector_app.journal.projections.rows import Row, Rows

BOOK_DIFFERS = "book_differs"
"""The kind of a case (list ``custody_case``) that a difference of a stocktake opens."""
LOST_CAUSES = frozenset({"lost", "stolen"})
LOSS_REPORTED = "loss_reported"
AGREES = frozenset({"found_again", "record_added"})
"""Conclusions (list ``case_conclusion``) by which book and stock agree again: a later count shows it."""


class Span(msgspec.Struct, frozen=True):
    """Numbers of one kind, digits inclusive."""

    kind: str
    first: str
    last: str

    def meets(self, kind: str, first: str, last: str) -> bool:
        """Whether a range of that kind has a number in common with these."""
        return kind == self.kind and len(first) == len(self.first) and first <= self.last and self.first <= last


def span_of(case: Row) -> Span | None:
    """The numbers a case is about; None where it names none."""
    return Span(str(case["form"]), str(case["first"]), str(case["last"])) if case["form"] else None


def has_loss(rows: Rows, span: Span) -> bool:
    """Whether a loss is on record of any of these numbers or their papers."""
    return any(span.meets(*_range(row)) for row in rows.many("losses", kind=span.kind))


def unreported(rows: Rows, case: Row, span: Span) -> str:
    """The lowest number of a case that is missing without a report of its loss, as it is written; "" for none.

    A number that was used or went back since is not missing; nor is a paper that is on hand no more.
    """
    losses = [_range(row) for row in rows.many("losses", kind=span.kind)]
    origin = _origin(rows, case)
    if origin is not None and origin.shelf != Shelf.UNUSED and origin.counted:
        # Copies lie several to a range: what was counted there is not missing, so as many losses as copies will do.
        told = sum(span.meets(*loss) for loss in losses)
        return "" if told >= origin.expected - origin.counted else f"{span.kind} {span.first}"
    for digits in sorted(set(_at_rest(rows, case, span))):
        if not any(Span(span.kind, digits, digits).meets(*loss) for loss in losses):
            return f"{span.kind} {digits}"
    return "" if has_loss(rows, span) else f"{span.kind} {span.first}"


def _range(row: Row) -> tuple[str, str, str]:
    return str(row["kind"]), str(row["first"]), str(row["last"])


def _at_rest(rows: Rows, case: Row, span: Span) -> Iterator[str]:
    """Numbers of a case that still lie where they were missed."""
    for block in rows.many("blocks", kind=span.kind):
        if span.meets(*_range(block)):
            free = rows.many("numbers", block=block["block"], state=NumberState.FREE.value)
            yield from (str(row["digits"]) for row in free if span.first <= str(row["digits"]) <= span.last)
    origin = _origin(rows, case)
    if origin is None or origin.shelf != Shelf.UNUSED:
        for digits in expand(span.first, span.last):
            if any(row["state"] in set(ON_HAND) for row in rows.many("sheets", number=f"{span.kind} {digits}")):
                yield digits


def _origin(rows: Rows, case: Row) -> Difference | None:
    """What the stocktake that opened a case missed; None where somebody opened it by hand."""
    origin = rows.one("stocktakes", ended_ref=case["about"])
    named = (case["form"], case["first"], case["last"])
    found = _differences(origin) if origin else []
    return next((one for one in found if (one.kind, one.first, one.last) == named), None)


def _differences(stocktake: Row) -> list[Difference]:
    return msgspec.json.decode(str(stocktake["differences"]), type=list[Difference])


def has_agreeing_count(rows: Rows, case: Row, span: Span) -> bool:
    """Whether a stocktake closed after the case was opened found nothing to differ in its numbers.

    It is one of the book that differed: where somebody opened the case by hand, of any book that has the numbers.
    """
    origin = rows.one("stocktakes", ended_ref=case["about"])
    closed = rows.many("stocktakes", state=StocktakeState.CLOSED.value)
    own = [one for one in closed if (one["device"] == origin["device"] if origin else _has(one, span))]
    return any(_is_later(one, case) and _agrees(one, span) for one in own)


def _has(stocktake: Row, span: Span) -> bool:
    lines = msgspec.json.decode(str(stocktake["lines"]), type=list[StockLine])
    return any(span.meets(line.kind, line.first, line.last) for line in lines)


def _is_later(stocktake: Row, case: Row) -> bool:
    """By the journal's order where both stand in one, by the clock elsewhere."""
    one, other = str(stocktake["ref"]).split("/"), str(case["ref"]).split("/")
    if one[0] == other[0]:
        return int(one[1]) > int(other[1])
    return int(stocktake["opened_at"] or 0) > int(case["opened_at"] or 0)


def _agrees(stocktake: Row, span: Span) -> bool:
    kinds = msgspec.json.decode(str(stocktake["kinds"]), type=list[str])
    found = _differences(stocktake)
    return span.kind in kinds and not any(span.meets(one.kind, one.first, one.last) for one in found)
