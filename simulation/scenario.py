"""What people do at a station: the chain of work from declaration to hand-over, and its detours.

Every step goes through the product's services as a screen would; a refusal is an answer like any other. People work
with what they see, answer from what came out of the printer, and are sometimes wrong.
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.declaration import DeclarationForm
from inspector_app.domain.numbering import NumberState
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import Refused
from inspector_app.errors import StationError
from inspector_app.journal.entries.inspections import DiseaseOutcome
from inspector_app.journal.projections import Row
from inspector_app.services import (
    ceremony,
    correcting,
    day_close,
    declaring,
    following_losses,
    handing_over,
    inspecting,
    issuing,
    lists,
    loss_cases,
    losses,
    noticing,
    number_custody,
    print_jobs,
    print_orders,
    sampling,
    telling_owners,
)
from inspector_app.services.attaching import attach
from inspector_app.services.marked_sheets import UNSEEN, Marked
from province.journal.feed import Audience
from province.registry import publishing
from simulation import blanks, old_sheets, versions
from simulation.batches import GRASS_CARP, HANGZHOU, LOACH, XINGHUA, as_declared_online, producers_form
from simulation.filed import filed
from simulation.laptop import Laptop
from simulation.saying import NOTHING, told
from simulation.server import STATION, STATIONS, VET
from simulation.world import Order, World
from sync.protocol import Status

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
ROAD, LABORATORY = 1, 3


# --- the chain of work ----------------------------------------------------------------------------------------------


def declare(world: World, laptop: Laptop) -> str:
    """A producer comes to the desk."""
    form = declaration_form(world, laptop.clock.now().at)
    return told(declaring.record_declaration(laptop.device, form))


def declaration_form(world: World, now: int) -> DeclarationForm:
    """What a producer declares at this moment (UTC ms)."""
    dice = world.dice("scenario")
    species, destination = dice.among((GRASS_CARP, LOACH)), dice.among((XINGHUA, XINGHUA, HANGZHOU))
    owner = dice.among(("王大河", "李小塘", "孙鱼苗"))
    return producers_form(species, destination, dice.between(10, 200), now + dice.between(1, 4) * DAY, owner)


def take_up(world: World, laptop: Laptop) -> str:
    """Take down what a producer declared online."""
    device = laptop.device
    waiting = [row for row in device.rows.many("online_declarations") if not row["declaration"]]
    if not waiting:
        return NOTHING
    form = declaring.form_from_online(world.dice("scenario").among(waiting))
    return told(declaring.record_declaration(device, form))


def decide(world: World, laptop: Laptop) -> str:
    """Accept a declaration, or not; sometimes it is withdrawn."""
    dice, device = world.dice("scenario"), laptop.device
    fate = dice.weighed(((10, "accept"), (1, "not accept"), (1, "withdraw")))
    states = ("recorded", "accepted") if fate == "withdraw" else ("recorded",)
    rows = [row for state in states for row in device.rows.many("declarations", state=state)]
    if not rows:
        return NOTHING
    ref = str(dice.among(rows)["ref"])
    match fate:
        case "accept":
            outcome = declaring.accept_declaration(device, ref, inspect_on=device.today(), short_notice="stage_window")
        case "not accept":
            outcome = declaring.refuse_acceptance(device, ref, reason="other_district")
        case _:
            outcome = declaring.withdraw_declaration(device, ref, reason="trip_cancelled")
    return f"{fate} {told(outcome)}"


def inspect(world: World, laptop: Laptop) -> str:
    """Inspect an accepted batch; one in six fails."""
    dice, device = world.dice("scenario"), laptop.device
    inspected = {row["declaration"] for row in device.rows.many("inspections")}
    rows = device.rows.many("declarations", state="accepted", holder=device.id)
    rows = [row for row in rows if row["ref"] not in inspected]
    if not rows:
        return NOTHING
    return told(inspect_batch(laptop, dice.among(rows), passed=not dice.happens(0.17)))


def inspect_batch(laptop: Laptop, row: Row, *, passed: bool) -> str | Refused:
    """Inspect the whole batch of a declaration."""
    device, now = laptop.device, laptop.clock.now().at
    checks = [check.code for check in device.catalogue.checks("documents", device.today())]
    form = inspecting.InspectionForm(
        declaration=str(row["ref"]),
        quantity=Quantity(int(row["value"] or 0), int(row["scale"] or 0), int(row["unit"] or 0)),
        started_at=now - MINUTE,
        ended_at=now,
        history_clean=True,
        conclusion=inspecting.PASSED if passed else inspecting.FAILED,
        checks=checks if passed else checks[1:],
        failings=[] if passed else checks[:1],
        batch="3 号池第一批",
    )
    return inspecting.complete_inspection(device, form)


def laboratory(world: World, laptop: Laptop) -> str:
    """One step of a sample's way: taken, sent, its report received."""
    dice, device = world.dice("scenario"), laptop.device
    reported = {row["sample"] for row in device.rows.many("results")}
    for row in device.rows.many("samples"):
        if row["ref"] not in reported:
            return _next_of(world, laptop, row)
    rows = [one for one in lists.issuables(device) if one.missing]
    if not rows:
        return NOTHING
    one = dice.among(rows)
    form = sampling.SampleForm(
        inspection=str(one.inspection["ref"]), individuals=150, preservation="ethanol", diseases=list(one.missing)
    )
    return f"taken {told(sampling.take_sample(device, form))}"


def _next_of(world: World, laptop: Laptop, sample: Row) -> str:
    device = laptop.device
    ref = str(sample["ref"])
    if not sample["sent_on"]:
        return f"sent {told(sampling.send_sample(device, ref, laboratory=LABORATORY, sent_on=device.today()))}"
    outcome = "positive" if world.dice("scenario").happens(0.15) else "negative"
    diseases = msgspec.json.decode(str(sample["diseases"]), type=list[str])
    form = sampling.ResultForm(
        sample=ref,
        laboratory=LABORATORY,
        report_no="JC-2026-118",
        reported_on=device.today(),
        outcomes=[DiseaseOutcome(disease, outcome) for disease in diseases],
    )
    return f"{outcome} {told(sampling.receive_result(device, form))}"


def issue(world: World, laptop: Laptop) -> str:
    """Issue a certificate for a truck: mostly a small part of a batch, now and then all that is left."""
    dice, device = world.dice("scenario"), laptop.device
    ready = [one for one in lists.issuables(device) if not one.positive]
    if not ready:
        return NOTHING
    grant = device.grant(laptop.person)
    rightly = [one for one in ready if grant and one.kind in grant.kinds and not one.missing]
    if not rightly and not world.dice("stubborn").happens(0.1):
        return NOTHING
    one = dice.among(rightly or ready)
    part = dice.between(1, max(1, one.left.value // 8))
    quantity = one.left if dice.happens(0.1) else Quantity(part, one.left.scale, one.left.unit)
    return told(issuing.issue_certificate(device, draft_of(device.clock.now().at, one, quantity)))


def draft_of(now: int, one: lists.Issuable, quantity: Quantity) -> IssueDraft:
    """What a vet fills in for a truck that leaves within the hour; ``now`` in UTC ms."""
    return IssueDraft(
        inspection=str(one.inspection["ref"]),
        kind=one.kind,
        quantity=quantity,
        destination=int(one.declaration["destination"] or 0),
        destination_place=str(one.declaration["destination_place"] or ""),
        departs_at=now + HOUR,
        valid_days=2,
        carrier="李长路",
        carrier_phone="13900000002",
        transport=ROAD,
        disinfectant=4,
        plate="苏K12345",
    )


def notice(world: World, laptop: Laptop) -> str:
    """Issue a treatment notice for a batch that failed."""
    device = laptop.device
    noticed = {row["inspection"] for row in device.rows.many("notices")}
    failed = [row for row in device.rows.many("inspections", conclusion="failed") if row["ref"] not in noticed]
    if not failed:
        return NOTHING
    inspection = str(world.dice("scenario").among(failed)["ref"])
    return told(noticing.issue_notice(device, notice_draft(inspection)))


def notice_draft(inspection: str) -> noticing.NoticeDraft:
    """What a vet fills in for a batch whose papers were not in order."""
    return noticing.NoticeDraft(inspection=inspection, basis=["apl_56"], method="burial", failures=["documents"])


def replace(world: World, laptop: Laptop) -> str:
    """Void a certificate and issue another in its place, in one act."""
    dice, device = world.dice("scenario"), laptop.device
    rows = device.rows.many("certificates", state="issued", device=device.id)
    if not rows:
        return NOTHING
    return told(replace_certificate(laptop, dice.among(rows)))


def replace_certificate(laptop: Laptop, old: Row) -> object:
    """The same load on another truck."""
    device = laptop.device
    inspection = device.rows.one("inspections", ref=old["inspection"])
    declaration = device.rows.one("declarations", ref=old["declaration"])
    if inspection is None or declaration is None:
        return NOTHING
    quantity = Quantity(int(old["value"] or 0), int(old["scale"] or 0), int(old["unit"] or 0))
    one = lists.Issuable(
        inspection=inspection, declaration=declaration, kind=str(old["kind"]), left=quantity, missing=(), positive=()
    )
    number = str(old["number"])
    changes = {"replaces": number, "replaces_on_desk": handing_over.sheets_on_desk(device, number)}
    changes |= {"replaces_no_picture": "too_dark", "replace_reason": "vehicle_changed", "plate": "苏K54321"}
    draft = draft_of(device.clock.now().at, one, quantity)
    return issuing.issue_certificate(device, msgspec.structs.replace(draft, **changes))


# --- paper ----------------------------------------------------------------------------------------------------------


def submit(world: World, laptop: Laptop) -> str:
    """Send the next paper of the queue to the printer at this laptop."""
    queue = [line for line in lists.print_queue(laptop.device) if line.next_step == "print"]
    if not queue or (print_jobs.open_attempts(laptop.device) and not world.dice("stubborn").happens(0.2)):
        return NOTHING
    line = world.dice("scenario").among(queue)
    paper = blanks.sheet_in_printer(world, laptop, line.number)
    outcome = print_jobs.submit(laptop.device, line.number, laptop.printer, paper=paper)
    return f"{line.number} print {line.print_no} {told(outcome)}"


def answer(world: World, laptop: Laptop) -> str:
    """Look after the attempts nobody answered for: ask the printer, cancel, then say what came out."""
    attempts = print_jobs.open_attempts(laptop.device)
    if not attempts:
        return NOTHING
    dice, row = world.dice("scenario"), attempts[0]
    ref = str(row["ref"])
    report = print_jobs.follow(laptop.device, ref, laptop.printer)
    if not report.settled:
        if not dice.happens(0.5):
            return "still waiting"
        print_jobs.cancel(laptop.device, ref, laptop.printer)
    row = laptop.device.rows.one("attempts", ref=ref) or row
    if row["outcome"] != "open":
        return f"{row['number']} done, the printer says {row['outcome']}"
    return _answer_for(world, laptop, row)


def _answer_for(world: World, laptop: Laptop, row: Row) -> str:
    """What a person says who looks at the tray; sometimes they look at the wrong one."""
    dice = world.dice("scenario")
    name = job_name(row)
    out = [sheet for sheet in world.evidence.sheets if sheet.job == name and sheet.printer == laptop.printer.name]
    said = ("printed" if out[-1].whole else "spoiled") if out else dice.among(("not_printed", "unknown"))
    if dice.happens(0.0 if world.calm else world.rates.wrong_answer):
        said = dice.among(print_jobs.OUTCOMES)
    return f"{row['number']} {said} {told(print_jobs.answer(laptop.device, str(row['ref']), said, laptop.printer))}"


def job_name(row: Row) -> str:
    """What the product calls the job of an attempt."""
    return f"{row['number']} print {row['print']} attempt {row['attempt']}"


def spare(world: World, laptop: Laptop) -> str:
    """Release the next print of a certificate whose paper was spoiled or is in doubt."""
    dice, device = world.dice("scenario"), laptop.device
    rows = device.rows.many("certificates", state="issued", print_device=device.id)
    rows = [row for row in rows if _print_state(laptop, str(row["number"])) in ("unknown", "spoiled", "printed")]
    if not rows:
        return NOTHING
    doubtful = [row for row in rows if _print_state(laptop, str(row["number"])) != "printed"]
    number = str(dice.among(doubtful or rows)["number"])
    held = print_jobs.current_print(device, number) or {}
    sheets = [int(row["sheet"] or 0) for row in device.rows.many("sheets", number=number, print=held.get("print"))]
    outcome = print_jobs.release_spare(device, number, reason="paper_jam", spoiled=sheets[:1])
    return f"{number} {told(outcome)}"


def _print_state(laptop: Laptop, number: str) -> str:
    return str((print_jobs.current_print(laptop.device, number) or {}).get("state"))


def hand_over(world: World, laptop: Laptop) -> str:
    """The holder drives off with the paper."""
    queue = [line for line in lists.print_queue(laptop.device) if line.next_step == "hand_over"]
    if not queue:
        return NOTHING
    number = world.dice("scenario").among(queue).number
    done = handing_over.hand_over(laptop.device, number, wet_signature=True, wet_seal=True, receipt_signed=True)
    return f"{number} {told(done)}"


def void(world: World, laptop: Laptop) -> str:
    """Void a certificate or a notice."""
    device = laptop.device
    papers = ("certificates", "notices")
    rows = [row for table in papers for row in device.rows.many(table, state="issued", device=device.id)]
    if not rows:
        return NOTHING
    row = world.dice("scenario").among(rows)
    number, reason = str(row["number"]), "trip_cancelled" if row["handed_over_at"] else "wrong_entry"
    on_desk = handing_over.sheets_on_desk(device, number)
    marked = Marked([attach(device, old_sheets.PHOTO)]) if on_desk else UNSEEN
    outcome = handing_over.void_certificate(device, number, reason=reason, on_desk=on_desk, marked=marked)
    return f"{number} {told(outcome)}"


def correct(world: World, laptop: Laptop) -> str:
    """A certificate on the road goes on with another truck: a note corrects the plate."""
    rows = [row for row in laptop.device.rows.many("certificates", state="issued") if row["handed_over_at"]]
    if not rows:
        return NOTHING
    dice = world.dice("scenario")
    number, plate = str(dice.among(rows)["number"]), f"苏K{dice.between(10_000, 99_999)}"
    return f"{number} {told(correcting.correct(laptop.device, number, {'plate': plate}, reason='vehicle_changed'))}"


def tell_owner(world: World, laptop: Laptop) -> str:
    """The owner hears that the paper in their hands ended."""
    waiting = telling_owners.owners_to_tell(laptop.device)
    if not waiting:
        return NOTHING
    number = str(world.dice("scenario").among(waiting)["number"])
    return f"{number} {told(telling_owners.tell_owner(laptop.device, number, means='telephone'))}"


def follow_loss(world: World, laptop: Laptop) -> str:
    """The next step of an open loss: drawn, published, reported, acknowledged, concluded; or a number turns up."""
    cases = loss_cases.open_losses(laptop.device)
    if not cases:
        return NOTHING
    case = world.dice("scenario").among(cases)
    return f"{case.span} {told(_next_step(laptop, case))}"


def _next_step(laptop: Laptop, case: loss_cases.LossCase) -> object:
    device, done = laptop.device, {(term.step, term.to) for term in case.terms if term.done_on}
    if not case.papers:
        return following_losses.draft_papers(device, case.ref)
    if ("published", "") not in done:
        clipping = device.files.add(b"\xff\xd8\xff\xe0 a clipping", "image/jpeg")
        return following_losses.publish(device, case.ref, medium="newspaper", name="练习日报", attachments=[clipping])
    for to in ("authority", "institution"):
        if ("reported", to) not in done:
            return following_losses.report(device, case.ref, to=to)
        if ("acknowledged", to) not in done:
            return following_losses.acknowledge(device, case.ref, to=to)
    if case.what == "numbers" and not case.found and not case.used:
        return following_losses.report_found(device, case.kind, case.first)
    return following_losses.conclude(device, case.ref, cause="theft", conclusion="instructed")


def confirm_void(world: World, laptop: Laptop) -> str:
    """The second person confirms a void."""
    waiting = ceremony.unconfirmed_voids(laptop.device)
    if not waiting:
        return NOTHING
    number = str(world.dice("scenario").among(waiting)["subject"])
    return f"{number} {told(handing_over.confirm_void(laptop.device, number))}"


def order(world: World, laptop: Laptop) -> str:
    """Let a sister laptop print a certificate; the order is carried there by hand."""
    dice, device = world.dice("scenario"), laptop.device
    rows = device.rows.many("certificates", state="issued", device=device.id, print_device=device.id)
    rows = [row for row in rows if _print_state(laptop, str(row["number"])) == "open"] or rows[:1]
    sisters = [row for row in device.rows.many("devices") if row["device"] != device.id]
    if not rows or not sisters:
        return NOTHING
    number, sister = str(dice.among(rows)["number"]), str(dice.among(sisters)["device"])
    sealed = print_orders.order_print(device, number, sister)
    if isinstance(sealed, Refused):
        return f"{number} {told(sealed)}"
    world.orders.append(Order(number, sister, sealed))
    return f"{number} done for {sister[:8]}"


def receive(world: World, laptop: Laptop) -> str:
    """Take in a print order that was carried here; a stick is sometimes read twice, or at the wrong laptop."""
    if not world.orders:
        return NOTHING
    dice, brought = world.dice("scenario"), [one for one in world.orders if one.to_device == laptop.device.id]
    chosen = dice.among(brought if brought and dice.happens(0.7) else world.orders)
    meant = chosen.to_device == laptop.device.id
    try:
        outcome = told(print_orders.receive_order(laptop.device, chosen.sealed))
    except StationError as error:
        if error.code != "order_unreadable" or meant:
            raise
        return f"{chosen.number} not for this device"
    return f"{chosen.number} {outcome}"


# --- the office -----------------------------------------------------------------------------------------------------


def close_day(world: World, laptop: Laptop) -> str:
    """Close the oldest day that is still open."""
    device = laptop.device
    day = next(iter(day_close.unclosed_days(device)), device.today())
    return f"{day} {told(day_close.close_day(device, day))}"


def request_numbers(world: World, laptop: Laptop) -> str:
    """Ask for more numbers than there are; now and then because they have run out."""
    kind, emergency = world.dice("scenario").among(("A", "B", "N")), world.dice("emergency").happens(0.2)
    left = number_custody.numbers_left(laptop.device, kind, laptop.device.person())
    return f"{kind} {told(number_custody.request_block(laptop.device, kind, left + 3, emergency=emergency))}"


def give_back(world: World, laptop: Laptop) -> str:
    """The last numbers of a block go back to the keeper; some ask for what is not theirs, or is used."""
    device = laptop.device
    blocks = device.rows.many("blocks")
    if not blocks:
        return NOTHING
    block = world.dice("scenario").among(blocks)
    typed = _last_of(world, block)
    return f"{typed} {told(number_custody.return_numbers(device, str(block['kind']), typed, reason='too_many'))}"


def report_loss(world: World, laptop: Laptop) -> str:
    """A number cannot be found, often the next one; any computer of the station may say so of any other's."""
    device = laptop.device
    free = device.rows.many("numbers", state=NumberState.FREE.value)
    if not free:
        return NOTHING
    dice = world.dice("scenario")
    next_ones = list({row["block"]: row for row in reversed(free)}.values())
    row = dice.among(next_ones if dice.happens(0.5) else free)
    return f"{row['number']} {told(losses.report_loss(device, str(row['kind']), str(row['digits']), cause='lost'))}"


def _last_of(world: World, block: Row) -> str:
    first, last = str(block["first"]), str(block["last"])
    start = max(int(first), int(last) - world.dice("scenario").between(0, 2))
    return f"{str(start).zfill(len(last))}-{last}"


def countersign(world: World, laptop: Laptop) -> str:
    """The head countersigns what one person did alone."""
    waiting = ceremony.unconfirmed(laptop.device)
    if not waiting:
        return NOTHING
    act = world.dice("scenario").among(waiting)
    return f"{act['kind']} {told(ceremony.confirm_act(laptop.device, str(act['ref'])))}"


def sync(world: World, laptop: Laptop) -> str:
    """Catch up with the province."""
    with versions.program_of(world, laptop):
        report = world.sync(laptop)
    how = "done" if report.status == Status.OK else report.status
    return f"{how} sent {report.sent} pulled {report.pulled} left {report.left} {report.frozen}".strip()


def change_person(world: World, laptop: Laptop) -> str:
    """Somebody else signs in."""
    person = world.dice("scenario").among(laptop.people)
    laptop.open(person)
    return f"done person {person}"


def declare_online(world: World, laptop: Laptop) -> str:
    """A producer declares on the province's page."""
    now = world.time.at
    world.declared_online += 1
    form = declaration_form(world, now)
    online = f"online-{world.declared_online}"
    station = int(str(world.dice("scenario").among(STATIONS)["number"]))
    struct = as_declared_online(form, online, station, now)
    using, key = world.server.using, world.server.keys.server
    world.server.work(lambda: publishing.publish(using, struct, key, Audience(station=station)))
    return f"done {online}"


def decide_grant(world: World, laptop: Laptop) -> str:
    """The province renews the vet's grant; every device of the station hears of it."""
    kinds = world.dice("scenario").among((("A", "B"), ("B", "A")))
    using = world.server.using

    def renew() -> None:
        told = filed(using, STATION, VET)
        publishing.grant(using, VET, station=STATION, posts=("vet",), kinds=kinds, filed=told)

    world.server.work(renew)
    return "done"
