"""The statutory books of the station, and whether station and province account alike for every number."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from inspector_app import bootstrap
from inspector_app.demo.papers import write
from inspector_app.demo.stage import Stage
from inspector_app.demo.story import Story
from inspector_app.domain.continuity import Continuity, Standing, told
from inspector_app.errors import BugError
from inspector_app.practice import world
from inspector_app.services import ledgers
from inspector_app.services.ledger_paper import draw_book
from inspector_app.services.ledgers import Ledger

FOLDER = "ledgers"
DRAWN = ("stock", "draws", "use", "continuity")
"""The books that are left as official forms."""


class Agreement(NamedTuple):
    """The continuity report as both computers and the province give it; ``differing`` are numbers they disagree in."""

    reports: dict[str, Continuity]
    differing: list[str]

    @property
    def agree(self) -> bool:
        """Whether all say the same of every number."""
        return not self.differing


def leave(story: Story) -> dict[str, Ledger]:
    """Draw the books from the first day of the story to its last, as the keeper's computer has them."""
    with story.stage.desk.used_by(world.KEEPER) as device:
        first = story.clock.date(-4)
        books = {name: ledgers.read_book(device, name, first=first, last=story.clock.date()) for name in DRAWN}
        for name, book in books.items():
            if not isinstance(book, Ledger) or not book.holds:
                raise BugError(f"the book {name} does not hold: {book}")
            write(story.folder, f"{FOLDER}/{name}.pdf", draw_book(device, book, _word))
    return {name: book for name, book in books.items() if isinstance(book, Ledger)}


def _word(table: str, code: str) -> str:
    return bootstrap.sentences().word(table, code, "zh")


def agreement(stage: Stage) -> Agreement:
    """What ``inspector numbers`` says on both computers, and ``province continuity`` at the province."""
    from province.databases import DEFAULT
    from province.ledgers.continuity import continuity_of

    reports = {seat.place: ledgers.continuity(seat.device) for seat in (stage.laptop, stage.desk)}
    reports["province"] = continuity_of(DEFAULT, world.STATION)
    return Agreement(reports, compare(list(reports.values())))


def compare(reports: list[Continuity]) -> list[str]:
    """The numbers, and stretches not cut into blocks yet, of which not every report says the same."""
    said = Counter(line for report in reports for line in {*map(repr, (*report.numbers, *report.stretches))})
    return sorted(line for line, times in said.items() if times != len(reports))


def summary(found: Agreement) -> dict[str, object]:
    """What ``summary.json`` says of it."""
    report = found.reports["province"]
    every = told(report)
    numbers = sum(one.size for one in report.stretches)
    return {
        "agree": found.agree,
        "compared": sorted(found.reports),
        "numbers": numbers,
        "differing": found.differing,
        "to_explain": every["to_explain"],
        "totals": {kind: {name: n for name, n in total.items() if n} for kind, total in report.totals().items()},
    }


def accounted(found: Agreement) -> list[tuple[str, str, int]]:
    """Kind, standing and count of every standing there is, in the order of the report."""
    totals = found.reports["province"].totals()
    return [
        (kind, one.value, total[one.value]) for kind, total in totals.items() for one in Standing if total[one.value]
    ]
