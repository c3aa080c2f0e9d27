"""What else a keeper does in the simulated world: the store looked after, papers of a former system taken over, a sheet
nobody can find, a supervisor's visit and what is put right after it.
"""

from __future__ import annotations

from inspector_app.domain.custody import SheetState
from inspector_app.journal.projections import Row
from inspector_app.services import custody_cases, keeping, opening, sheet_custody, supervision
from inspector_app.services.device import Device
from inspector_app.services.on_desk import Sheet
from simulation.laptop import Laptop
from simulation.photographs import taken_or_excused
from simulation.saying import NOTHING, told
from simulation.stocktaking import MAIN
from simulation.world import World

FORMER_PREFIX = "77"
"""No number of this world's province begins so."""


def look_after(world: World, laptop: Laptop) -> str:
    """The store gets its profile, and after that a look now and then; one look in five finds something."""
    device = laptop.device
    store = device.rows.one("stores", store=MAIN)
    if store is None:
        return NOTHING
    if store["described_ref"] is None:
        return f"profile {told(keeping.describe_store(device, MAIN, sort='cabinet', measures=_measures(device)))}"
    findings = ("lock_broken",) if world.dice("cupboard").happens(0.2) else ()
    photos, why = taken_or_excused(world, device)
    return told(keeping.check_store(device, MAIN, findings=findings, attachments=photos, no_picture=why))


def _measures(device: Device) -> list[str]:
    """One measure each against fire, damp and theft."""
    return [device.catalogue.reasons(name, device.today())[0].code for name in keeping.MEASURES]


def take_over(world: World, laptop: Laptop) -> str:
    """Papers of a former system are taken over into the store, some spoiled, with a case that was open."""
    device = laptop.device
    if device.rows.one("stores", store=MAIN) is None:
        return NOTHING
    first = int(f"{FORMER_PREFIX}{world.dice('cupboard').between(0, 99_999_990):08}")
    lines = ["what,kind,first,last,pages,state,opened_on,note", f"sheet,B,{first},{first + 2},2,blank,,"]
    lines += [f"sheet,B,{first + 5},{first + 5},2,spoiled,,", f"case,,,,,,{device.today()},少一本存根"]
    return told(opening.record_opening(device, "\n".join(lines).encode(), MAIN))


def lose_sheet(world: World, laptop: Laptop) -> str:
    """A sheet on hand cannot be found."""
    device = laptop.device
    states = (SheetState.PRINTED, SheetState.KEPT, SheetState.SPOILED, SheetState.COLLECTED)
    rows = [row for state in states for row in device.rows.many("sheets", state=state.value)]
    if not rows:
        return NOTHING
    row = world.dice("cupboard").among(rows)
    number, at = str(row["number"]), Sheet(int(row["print"] or 0), int(row["sheet"] or 0))
    return f"{number} {told(sheet_custody.lose_sheet(device, number, at, cause='lost'))}"


def visit(world: World, laptop: Laptop) -> str:
    """Somebody of the county looks at the ledgers; every other visit finds something."""
    device = laptop.device
    found = ["ledger_incomplete", "storage_poor"] if world.dice("cupboard").happens(0.5) else []
    form = supervision.VisitForm(
        findings=found, rectify_by=device.today() if found else "", official="谢督查", unit="县农业农村局"
    )
    return told(supervision.record_visit(device, form))


def rectify(_world: World, laptop: Laptop) -> str:
    """The next finding of a visit is put right."""
    device = laptop.device
    left = [(row, supervision.left_to_rectify(device, row)) for row in device.rows.many("visits")]
    waiting: list[tuple[Row, list[str]]] = [(row, findings) for row, findings in left if findings]
    if not waiting:
        return NOTHING
    row, findings = waiting[0]
    return told(supervision.record_rectification(device, str(row["ref"]), findings[:1], note="已整改"))


def open_case(world: World, laptop: Laptop) -> str:
    """Somebody wonders about a paper: a case is opened beside any stocktake."""
    device = laptop.device
    rows = device.rows.many("certificates")
    if not rows:
        return NOTHING
    number = str(world.dice("cupboard").among(rows)["number"])
    return f"{number} {told(custody_cases.open_case(device, custody_cases.BOOK_DIFFERS, number))}"
