"""What a loss in an institution's store leads to besides its notice: both reports drawn, sent, acknowledged."""

from __future__ import annotations

from inspector_app.journal.entries.losses import Recipient
from inspector_app.journal.projections import Row
from province.custody import report_papers, store_reports
from province.custody.store_reports import Step
from simulation.desk import at_desk, heading, rows_at
from simulation.laptop import Laptop
from simulation.saying import NOTHING
from simulation.world import World

UNDRAWN = 0.1
"""How often a report is told of that may never have been drawn, or went out before."""


def draw_reports(world: World, _laptop: Laptop) -> str:
    """The reports of a loss are drawn; of goods without numbers that are only damaged there is none."""
    losses = rows_at(world, "stock_endings", how="lost", state="open")
    if not losses:
        return NOTHING
    row = world.dice("stores").among(losses)
    by = heading(world, int(row["organisation"] or 0))
    return at_desk(world, lambda using: report_papers.draw_reports(using, str(row["ending"]), by=by))


def send_report(world: World, _laptop: Laptop) -> str:
    """A report goes out; one in ten is told of whatever became of it."""
    dice, reports = world.dice("stores"), rows_at(world, "store_reports", sent_on=None)
    if dice.happens(UNDRAWN):
        losses = rows_at(world, "stock_endings", how="lost")
        reports = [{"ending": row["ending"], "to_whom": to.value} for row in losses for to in Recipient]
    if not reports:
        return NOTHING
    row = dice.among(reports)
    by = _speaking(world, row)
    return at_desk(world, lambda using: store_reports.send_report(using, str(row["ending"]), _step(row), by=by))


def acknowledge_report(world: World, _laptop: Laptop) -> str:
    """Whoever was reported to answers, now and then before the report was sent."""
    reports = rows_at(world, "store_reports", acknowledged_on=None)
    if not reports:
        return NOTHING
    row = world.dice("stores").among(reports)
    by = _speaking(world, row)
    return at_desk(world, lambda using: store_reports.acknowledge_report(using, str(row["ending"]), _step(row), by=by))


def _step(row: Row) -> Step:
    return Step(to=str(row["to_whom"]))


def _speaking(world: World, row: Row) -> int:
    loss = rows_at(world, "stock_endings", ending=row["ending"])[0]
    return heading(world, int(loss["organisation"] or 0))
