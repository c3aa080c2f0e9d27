"""What a loss in an institution's store leads to in this world: its notice drawn and published, its case concluded."""

from __future__ import annotations

from inspector_app.journal.projections import Row
from inspector_app.suites import sha256
from province.custody import ending, notice_papers, store_notices
from province.custody.store_notices import Publication, needs_notice, notice_of
from simulation.desk import at_desk, heading, rows_at
from simulation.laptop import Laptop
from simulation.saying import NOTHING
from simulation.world import World

CLIPPING = sha256(b"a clipping of this world").hex()
PHONE = "0514-84600100"
UNSEEN = 0.1
"""How often a publication is told of without its clipping."""


def _open_losses(world: World) -> list[Row]:
    """The losses of numbers whose case is open."""
    return [row for row in rows_at(world, "stock_endings", state="open") if needs_notice(row)]


def draw_notice(world: World, _laptop: Laptop) -> str:
    """The notice of a loss is drawn; now and then once more."""
    losses, dice = _open_losses(world), world.dice("stores")
    if not dice.happens(0.2):
        losses = [row for row in losses if notice_of(world.server.using, str(row["ending"])) is None]
    if not losses:
        return NOTHING
    row = dice.among(losses)
    by = heading(world, int(row["organisation"] or 0))
    return at_desk(world, lambda using: notice_papers.draw_notice(using, str(row["ending"]), by=by, phone=PHONE))


def publish_notice(world: World, _laptop: Laptop) -> str:
    """It stands in the newspaper; one in ten forgets the clipping. Nobody publishes what was never drawn."""
    losses, dice = _open_losses(world), world.dice("stores")
    if not losses:
        return NOTHING
    row = dice.among(losses)
    said = Publication(medium="newspaper", picture="" if dice.happens(UNSEEN) else CLIPPING)
    by = heading(world, int(row["organisation"] or 0))
    return at_desk(world, lambda using: store_notices.publish_notice(using, str(row["ending"]), said, by=by))


def conclude(world: World, _laptop: Laptop) -> str:
    """The head concludes the case of a loss, of a surplus, or of a suspicion."""
    cases = [(str(row["ending"]), row) for row in rows_at(world, "stock_endings", state="open")]
    cases += [(str(row["count"]), row) for row in rows_at(world, "store_counts", state="open")]
    cases += [(str(row["ask"]), row) for row in rows_at(world, "stock_end_asks", case_state="open")]
    if not cases:
        return NOTHING
    name, row = world.dice("stores").among(cases)
    by = heading(world, int(row["organisation"] or 0))
    said = {"cause": "counting_mistake", "conclusion": "put_right"}
    return at_desk(world, lambda using: ending.conclude_loss(using, name, **said, by=by))
