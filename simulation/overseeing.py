"""What the institutions see of the stations in this world: visits drawn by lot and paid, losses taken up."""

from __future__ import annotations

from inspector_app.errors import StationError
from province.custody import visiting, visits
from province.custody.visits import VisitReport, left_of, station_of
from province.ledgers import losses
from simulation.desk import acting, at_desk, heading, rows_at
from simulation.institutions import CHAIN, COUNTY
from simulation.laptop import Laptop
from simulation.saying import NOTHING
from simulation.server import STATIONS
from simulation.world import World

FINDINGS = ("ledger_incomplete", "storage_poor")


def draw_visits(world: World, _laptop: Laptop) -> str:
    """The county draws by lot whom it visits today."""
    count, by = world.dice("visits").between(1, len(STATIONS)), heading(world, COUNTY)
    return at_desk(world, lambda using: visiting.draw_visits(using, COUNTY, count, by=by))


def visit(world: World, _laptop: Laptop) -> str:
    """The county's keeper visits a station and records what is found."""
    dice = world.dice("visits")
    findings = FINDINGS if dice.happens(0.6) else ()
    report = VisitReport(
        station=int(str(dice.among(STATIONS)["number"])),
        organisation=COUNTY,
        by=acting(world, COUNTY),
        findings=findings,
        rectify_by="2027-01-31" if findings else "",
        no_picture="too_dark",
    )
    return at_desk(world, lambda using: visits.record_visit(using, report))


def see_rectified(world: World, _laptop: Laptop) -> str:
    """The county sees that a finding of a visit was put right, whoever recorded the visit."""
    using = world.server.using
    left = [
        (row, found) for row in rows_at(world, "visits") if station_of(using, row) and (found := left_of(using, row))
    ]
    if not left:
        return NOTHING
    row, findings = world.dice("visits").among(left)
    by = acting(world, COUNTY)
    return at_desk(world, lambda at: visits.record_rectified(at, str(row["ref"]), findings[:1], by=by))


def pass_on(world: World, _laptop: Laptop) -> str:
    """A level takes a loss up; one in ten is passed over its turn."""
    dice = world.dice("visits")
    waiting = [one for one in losses.loss_states(world.server.using) if one.waits_for]
    if not waiting:
        return NOTHING
    state = dice.among(waiting)
    level = "province" if dice.happens(0.1) else state.waits_for
    by = next(acting(world, one.number) for one in CHAIN if one.level == level)
    try:
        world.server.work(lambda: losses.pass_on(world.server.using, state.loss, level, by=by))
    except StationError as error:
        if not error.code.startswith("loss."):
            raise
        return f"{level} refused {error.code.partition('.')[2]}"
    return f"{level} done"
