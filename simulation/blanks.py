"""Pre-numbered paper in this world: decreed by the province, each sheet paired with its number, blanks spoiled."""

from __future__ import annotations

from inspector_app.services import blanks
from province.registry import publishing
from simulation.laptop import Laptop
from simulation.photographs import taken
from simulation.saying import NOTHING, told
from simulation.server import short_terms
from simulation.world import World

PLAIN, PRE_NUMBERED = 'name = "paper_mode"\nvalue = "plain"', 'name = "paper_mode"\nvalue = "pre_numbered"'
WRONG_SHEET = 0.1


def decree(world: World, _laptop: Laptop) -> str:
    """From now on certificates come on stock that bears their numbers, or on plain paper again."""
    world.decrees += 1
    body = short_terms().replace(PLAIN, PRE_NUMBERED) if world.decrees % 2 else short_terms()
    using, version = world.server.using, f"paper-{world.decrees}"
    world.server.work(lambda: publishing.publish_policy(using, version, body))
    return f"done {version}"


def sheet_in_printer(world: World, laptop: Laptop, number: str) -> str:
    """What is typed off the sheet that lies in the printer: the number of the paper, or that of a sheet taken amiss."""
    if not blanks.has_blanks(laptop.device):
        return ""
    digits = number.partition(" ")[2]
    if world.dice("blanks").happens(WRONG_SHEET):
        return str(int(digits) + 1).zfill(len(digits))
    return digits


def spoil(world: World, laptop: Laptop) -> str:
    """A blank is torn, or bears a number that came out wrong at the printing house."""
    device, dice = laptop.device, world.dice("blanks")
    if not blanks.has_blanks(device) and not dice.happens(0.1):
        return NOTHING
    own = {row["block"] for row in device.rows.many("blocks", device=device.id)}
    free = [row for row in device.rows.many("numbers", state="free") if row["block"] in own]
    if not free:
        return NOTHING
    row = dice.among(free)
    photos = [taken(world, device)] if dice.happens(0.5) else []
    category = dice.among(("missing_number", "doubled_number", "damaged"))
    outcome = blanks.spoil_blank(
        device, str(row["kind"]), str(row["digits"]), category=category, photos=photos, no_picture="camera_broken"
    )
    return f"{row['number']} {told(outcome)}"
