"""Stocktakes (盘点): opened with what the book says, counted, closed with what differs, or abandoned.

A stocktake is made at one computer of that computer's own book; a station counts as many as it has computers.
"""

from __future__ import annotations

from inspector_app.domain.stocktake import CountedRange, Difference, StockLine
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.envelope import Fact, fact


@fact("stocktake.opened/1", accountable=True)
class StocktakeOpened(Fact, frozen=True):
    """A stocktake of these kinds began; ``lines`` are the book at this entry's place in the journal.

    A book longer than one entry holds goes on in ``stocktake.listed`` of the same act.
    ``store`` names the store that changes its keeper where ``purpose`` is ``hand_over``, else "".
    """

    purpose: str
    kinds: list[str]
    lines: list[StockLine]
    store: str = ""


@fact("stocktake.listed/1", accountable=True)
class StocktakeListed(Fact, frozen=True):
    """A further page of the book with which a stocktake began, in its order."""

    stocktake: str
    lines: list[StockLine]


@fact("stocktake.counted/1", accountable=True)
class StocktakeCounted(Fact, frozen=True):
    """Ranges of one kind were found on one shelf, ``pages`` in all; no ranges: nothing is there.

    More ranges than one entry holds are counted in several of one act, of which the first says the pages.
    ``means`` is ``typed`` or ``scanned``; ``anew`` sets the earlier counts of this shelf and kind aside.
    """

    stocktake: str
    shelf: str
    kind: str
    ranges: list[CountedRange]
    pages: int
    means: str
    anew: bool = False


@fact("stocktake.closed/1", accountable=True)
class StocktakeClosed(Fact, frozen=True):
    """The count is complete; each difference has its case. ``explained`` numbers moved while the count went on.

    ``attachments`` are photographs of the first and the last sheet, where one person counted alone; ``no_picture`` is
    the reason (list ``no_picture``) where there are none.
    """

    stocktake: str
    differences: list[Difference]
    explained: int
    attachments: list[str]
    no_picture: str = ""


@fact("stocktake.abandoned/1", private=Note, accountable=True)
class StocktakeAbandoned(Fact, frozen=True):
    """The stocktake was given up for a reason of the list ``stocktake_abandoned``; nothing was concluded from it."""

    stocktake: str
    reason: str
