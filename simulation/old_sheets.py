"""What becomes of sheets after use in this world: spoiled, collected, found, handed in, written off, destroyed."""

from __future__ import annotations

from inspector_app.domain.custody import SheetState
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.writing_off import CHECKS, CopyRead
from inspector_app.journal.entries.ceremony import Ceremony
from inspector_app.journal.entries.sheets import DestructionSigned, SheetName
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.destruction import approvals, requested_sheets
from inspector_app.services import ceremony, destroying, sheet_custody, writing_off
from inspector_app.services.attaching import attach
from inspector_app.services.device import Device
from inspector_app.services.issuing_gates import quantity_of
from inspector_app.services.on_desk import Sheet, paper_row
from inspector_app.services.taking_in import StrangeSheet, take_in_sheet
from simulation.batches import TEN_THOUSAND_FISH
from simulation.laptop import Laptop
from simulation.saying import NOTHING, told
from simulation.server import DEPUTY, LEGAL
from simulation.world import World

PHOTO = b"\xff\xd8\xff\xe0 a photograph of this world"
MOST_AT_ONCE = 6
STRANGE_PREFIX = "66"
"""Another province's numbers begin so."""
FORMER = "2026-10-08", Quantity(50, 0, TEN_THOUSAND_FISH)
"""What both copies of a paper of the former system say; there is no record to compare them with."""


def _place(row: Row) -> tuple[str, Sheet]:
    return str(row["number"]), Sheet(int(row["print"] or 0), int(row["sheet"] or 0))


def _sheets(device: Device, *states: SheetState) -> list[Row]:
    return [row for state in states for row in device.rows.many("sheets", state=state.value)]


def spoil(world: World, laptop: Laptop) -> str:
    """Somebody sees that a sheet on the desk is torn."""
    rows = _sheets(laptop.device, SheetState.PRINTED, SheetState.KEPT)
    if not rows:
        return NOTHING
    number, at = _place(world.dice("scenario").among(rows))
    outcome = sheet_custody.spoil_sheet(laptop.device, number, at, category="damaged", no_picture="camera_broken")
    return f"{number} {at.print_no}/{at.sheet} {told(outcome)}"


def collect(world: World, laptop: Laptop) -> str:
    """A holder brings back a certificate that was voided or replaced; else a check kept one of another province."""
    device = laptop.device
    held = _sheets(device, SheetState.HANDED_OVER)
    rows = [row for row in held if (paper_row(device, str(row["number"])) or {}).get("state") != "issued"]
    if not rows:
        return _take_in(world, laptop)
    number, at = _place(world.dice("scenario").among(rows))
    outcome = sheet_custody.collect_sheet(device, number, at, reason="voided", marked=True)
    return f"{number} {at.print_no}/{at.sheet} {told(outcome)}"


def _take_in(world: World, laptop: Laptop) -> str:
    bears = f"B {STRANGE_PREFIX}{world.dice('strange').between(0, 99_999_999):08}"
    strange = StrangeSheet(
        bears=bears, sheet=2, reason="used", source="check_on_the_road", photos=[attach(laptop.device, PHOTO)]
    )
    return f"{bears} 0/2 {told(take_in_sheet(laptop.device, strange))}"


def find(world: World, laptop: Laptop) -> str:
    """A lost sheet turns up under a seat."""
    rows = _sheets(laptop.device, SheetState.LOST)
    if not rows:
        return NOTHING
    number, at = _place(world.dice("scenario").among(rows))
    return f"{number} {told(sheet_custody.find_lost(laptop.device, number, at))}"


def hand_in(world: World, laptop: Laptop) -> str:
    """Some of the old sheets go to the county."""
    device = laptop.device
    asked = _asked_for(device)
    old = [
        name for name in sheet_custody.to_hand_in(device) if name not in asked or world.dice("stubborn").happens(0.1)
    ]
    if not old:
        return NOTHING
    some = old[: world.dice("scenario").between(1, 2)]
    return f"{len(some)} {told(sheet_custody.hand_in(device, some, to='county_keeper'))}"


def _asked_for(device: Device) -> set[SheetName]:
    return {name for row in destroying.open_requests(device) for name in requested_sheets(device.rows, str(row["ref"]))}


def write_off(world: World, laptop: Laptop) -> str:
    """The keeper checks a print of which something lies at the station; one in eight looks altered."""
    device = laptop.device
    rows = _sheets(device, SheetState.SPOILED, SheetState.COLLECTED, SheetState.FOUND)
    prints = sorted({(str(row["number"]), int(row["print"] or 0)) for row in rows})
    left = [one for one in prints if writing_off.latest_check(device, *one) is None]
    if not left:
        return NOTHING
    number, print_no = world.dice("scenario").among(left)
    form = _form(device, number, print_no, altered=world.dice("scenario").happens(0.12))
    return f"{number} {told(writing_off.write_off(device, form))}"


def _form(device: Device, number: str, print_no: int, *, altered: bool) -> writing_off.WriteOffForm:
    checks = [check.code for check in device.catalogue.checks(CHECKS, device.today())]
    paper = paper_row(device, number)
    issued_on, quantity = (str(paper["issued_on"]), quantity_of(paper)) if paper else FORMER
    there = writing_off.sheets_there(device, number, print_no)
    return writing_off.WriteOffForm(
        number=number,
        print=print_no,
        checks=checks[altered:],
        findings=checks[:altered],
        copies=[CopyRead(sheet=sheet, issued_on=issued_on, quantity=quantity) for sheet in there],
        same_hand=True,
    )


def ask_destruction(_world: World, laptop: Laptop) -> str:
    """The keeper asks for the destruction of what is due."""
    device = laptop.device
    asked, due = _asked_for(device), destroying.due_for_destruction(device)
    names = [line.name for line in due if line.written_off and not line.suspect and line.name not in asked]
    if not names:
        return NOTHING
    some = names[:MOST_AT_ONCE]
    outcome = destroying.request_destruction(
        device, some, method="shredding", planned_on=device.today(), counted=len(some)
    )
    return f"{len(some)} {told(outcome)}"


def review(world: World, laptop: Laptop) -> str:
    """The head reviews a request; one in ten goes back."""
    rows = [row for row in destroying.open_requests(laptop.device) if not approvals(laptop.device.rows, row).head]
    if not rows:
        return NOTHING
    ref = str(world.dice("scenario").among(rows)["ref"])
    count = len(requested_sheets(laptop.device.rows, ref))
    back = "count_differs" if world.dice("scenario").happens(0.1) else ""
    return f"{ref} {back} {told(destroying.review(laptop.device, ref, counted=count, sent_back=back))}"


def approve(world: World, laptop: Laptop) -> str:
    """Deputy leader or legal representative approves at a computer, whoever of them has not done so."""
    found = [(row, approvals(laptop.device.rows, row)) for row in destroying.open_requests(laptop.device)]
    waiting = [(str(row["ref"]), approved) for row, approved in found if approved.head and not approved.complete]
    if not waiting:
        return NOTHING
    ref, approved = world.dice("scenario").among(waiting)
    person = LEGAL if approved.deputy else DEPUTY
    if person in laptop.people and laptop.person != person:
        laptop.sit_down(person)
    return f"{ref} {told(destroying.approve(laptop.device, ref))}"


def sign(world: World, laptop: Laptop) -> str:
    """The keeper enters the form that deputy leader and legal representative signed."""
    device = laptop.device
    rows = [row for row in destroying.open_requests(device) if approvals(device.rows, row).head]
    waiting = {row["request"] for row in device.rows.many("destruction_steps", on_paper=1)}
    rows = [row for row in rows if row["ref"] not in waiting]
    if not rows:
        return NOTHING
    ref = str(world.dice("scenario").among(rows)["ref"])
    photo = [attach(device, PHOTO)]
    outcome = destroying.enter_signed(device, ref, deputy=DEPUTY, legal=LEGAL, signed_on=device.today(), photos=photo)
    return f"{ref} {told(outcome)}"


def confirm_signed(world: World, laptop: Laptop) -> str:
    """The head confirms a signed form."""
    acts = [row for row in ceremony.unconfirmed(laptop.device) if row["kind"] == DestructionSigned.KIND]
    if not acts:
        return NOTHING
    act = str(world.dice("scenario").among(acts)["ref"])
    return f"{act} {told(ceremony.confirm_act(laptop.device, act, form=Ceremony.APART))}"


def destroy(world: World, laptop: Laptop) -> str:
    """A request is carried out; now and then before all have agreed, which is refused."""
    device, dice = laptop.device, world.dice("scenario")
    rows = destroying.open_requests(device)
    ready = [row for row in rows if approvals(device.rows, row).complete]
    rows = ready or (rows if world.dice("stubborn").happens(0.2) else [])
    if not rows:
        return NOTHING
    row = dice.among(rows)
    done = destroying.Destruction(
        method=str(row["method"]),
        counted=len(requested_sheets(device.rows, str(row["ref"]))),
        destroyed_on=device.today(),
        supervisor=DEPUTY,
        photos=(attach(device, PHOTO),),
    )
    return f"{row['ref']} {told(destroying.destroy(device, str(row['ref']), done))}"
