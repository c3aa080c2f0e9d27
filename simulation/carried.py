"""Cases on their way from laptop to laptop: handed over, carried on sticks, taken in, given back (DESIGN 7).

Sticks get lost and the file is made out again; they are read twice, late, or at the wrong laptop. What is carried stays
in the world: an old stick turns up whenever it likes.
"""

from __future__ import annotations

from inspector_app.domain.refusals import Refused
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.cases import HANDED_OVER, latest_move
from inspector_app.services import case_moves
from simulation.laptop import Laptop
from simulation.saying import NOTHING, told
from simulation.world import CarriedCase, World

STICK_LOST, AT_THE_RIGHT_ONE, MADE_OUT_AGAIN = 0.25, 0.75, 0.3


def hand_case(world: World, laptop: Laptop) -> str:
    """Hand a case over to a sister laptop; or make the file out again, because the stick never arrived."""
    dice, device = world.dice("carried"), laptop.device
    away = [row for row in device.rows.many("case_moves", giver=device.id) if row["act"] == HANDED_OVER]
    if away and dice.happens(MADE_OUT_AGAIN):
        row = dice.among(away)
        return _carry(world, str(row["declaration"]), str(row["device"]), _file(laptop, row))
    cases = device.rows.many("declarations", state="accepted", holder=device.id)
    sisters = [row for row in device.rows.many("devices") if row["device"] != device.id]
    if not cases or not sisters:
        return NOTHING
    case, sister = str(dice.among(cases)["ref"]), str(dice.among(sisters)["device"])
    return _carry(world, case, sister, case_moves.hand_case(device, case, sister))


def _file(laptop: Laptop, row: Row) -> bytes | Refused:
    return case_moves.hand_case(laptop.device, str(row["declaration"]), str(row["device"]))


def _carry(world: World, case: str, to: str, file: bytes | Refused) -> str:
    if isinstance(file, Refused):
        return f"{case[:8]} {told(file)}"
    if world.dice("carried").happens(0.0 if world.calm else STICK_LOST):
        return f"done {case[:8]} for {to[:8]}, and the stick is lost"
    world.cases.append(CarriedCase(case, to, file))
    return f"done {case[:8]} for {to[:8]}"


def take_case(world: World, laptop: Laptop) -> str:
    """Read a stick, mostly at the laptop it is for; it may have been read before, or be long out of date."""
    dice = world.dice("carried")
    brought = [one for one in world.cases if one.to_device == laptop.device.id]
    if not world.cases:
        return NOTHING
    chosen = dice.among(brought if brought and dice.happens(AT_THE_RIGHT_ONE) else world.cases)
    return f"{chosen.case[:8]} {told(case_moves.take_case(laptop.device, chosen.file))}"


def return_case(world: World, laptop: Laptop) -> str:
    """Give a lent case back, with whatever was done on it here."""
    device = laptop.device
    held = device.rows.many("declarations", state="accepted", holder=device.id)
    lent = [row for row in held if (move := latest_move(device.rows, str(row["ref"]))) and move["act"] == HANDED_OVER]
    if not lent:
        return NOTHING
    case = str(world.dice("carried").among(lent)["ref"])
    giver = str((latest_move(device.rows, case) or {})["giver"])
    return _carry(world, case, giver, case_moves.return_case(device, case))


def recover_case(world: World, laptop: Laptop) -> str:
    """Have a case again that was with a laptop the province has shut down since; some ask too early."""
    device = laptop.device
    away = [row for row in device.rows.many("case_moves", giver=device.id) if row["act"] == HANDED_OVER]
    lost = {row["device"] for row in device.rows.many("devices") if row["state"] != case_moves.ACTIVE}
    chosen = [row for row in away if row["device"] in lost] or away
    if not chosen:
        return NOTHING
    case = str(world.dice("carried").among(chosen)["declaration"])
    return f"{case[:8]} {told(case_moves.take_back(device, case))}"
