"""Before departure (出发前检查): may I drive off? Every reason not to, and everything worth knowing."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

import msgspec

from inspector_app.clock import MS_PER_DAY, legal_date
from inspector_app.domain.authority import Action, Grant
from inspector_app.domain.refusals import Refusal, RefusalCode
from inspector_app.domain.stock import yuan
from inspector_app.domain.supply import Forecast, SupplyCode
from inspector_app.ports import Printer
from inspector_app.services.ceremony import overdue_voids, unconfirmed_voids
from inspector_app.services.day_close import overdue_days, overdue_refusals, unclosed_days
from inspector_app.services.device import Device
from inspector_app.services.fees import open_fees
from inspector_app.services.issuing_gates import device_refusals, person_refusals
from inspector_app.services.loss_cases import overdue_losses
from inspector_app.services.number_custody import KINDS, uncut
from inspector_app.services.old_sheets import Outstanding, outstanding
from inspector_app.services.supplies import forecast_of
from inspector_app.services.telling_owners import owners_to_tell
from inspector_app.services.upkeep import DESTRUCTION, PHOTOGRAPH, STOCKTAKE, STORE_CHECK, Due, upkeep_due
from inspector_app.services.upload_terms import upload_term

TRIP_MS = 3 * MS_PER_DAY
FEW_NUMBERS = 10
REMIND_WITHIN = 2
"""Working days before the end of a term from which on one is reminded of it."""


class Weight(enum.StrEnum):
    """How much a reason weighs: it stops issuing, it should be cured first, or it is good to know."""

    STOPS = "stops"
    CURE = "cure"
    NOTE = "note"


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the check: ``code`` names the sentence, ``cure`` where it is cured.

    That is a page of the program (``sync``, ``numbers``, ``day_close``, ``prints``, ``declarations``, ``certificates``,
    ``stocktake``, ``stores``, ``old_sheets``) or lies outside it: ``clock``, ``disk``, ``province`` (a post, an
    authority, a cost fee), ``sign_in``, ``printer``.
    """

    weight: Weight
    code: str
    cure: str
    details: dict[str, str | int] = {}


CURES = {
    RefusalCode.CLOCK_BEHIND_JOURNAL: "clock",
    RefusalCode.NOT_SIGNED_IN: "sign_in",
    RefusalCode.POST_MISSING: "province",
    RefusalCode.AUTHORITY_MISSING: "province",
    RefusalCode.FILED_ELSEWHERE: "province",
    RefusalCode.DISK_LOW: "disk",
    RefusalCode.DAY_UNCLOSED: "day_close",
}
"""Where a refusal is cured that contact with the province alone does not cure."""

UPKEEP = {STOCKTAKE: "stocktake", STORE_CHECK: "stores", DESTRUCTION: "old_sheets"}
"""Where what is due at the station is done."""

OF_ISSUING = (RefusalCode.LEASE_EXPIRED, RefusalCode.NO_TERMINAL_LICENCE, RefusalCode.DAY_UNCLOSED)
"""What stands against issuing only: whoever never signs drives without it."""


def check_departure(device: Device) -> tuple[Reason, ...]:
    """All reasons, the heaviest first; no reason of weight ``stops`` or ``cure`` means: drive."""
    found = [
        *_refusals(device),
        *_numbers(device),
        *before_next_draw(device),
        *_lease(device),
        *_waiting(device),
        *_reporting(device),
        *_tasks(device),
    ]
    return heaviest_first(found)


def heaviest_first(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Reasons by weight; those of one weight keep their order."""
    order = list(Weight)
    return tuple(sorted(reasons, key=lambda reason: order.index(reason.weight)))


def may_drive(reasons: tuple[Reason, ...]) -> bool:
    """Whether nothing but notes stands."""
    return all(reason.weight is Weight.NOTE for reason in reasons)


def printers_not_ready(printers: Mapping[str, Printer]) -> tuple[Reason, ...]:
    """What printers say of themselves; asks each, so it may take a while and runs beside everything else."""
    found = []
    for name, printer in printers.items():
        if problems := printer.health():
            details: dict[str, str | int] = {"printer": name, "reasons": " ".join(problems)}
            found.append(Reason(weight=Weight.CURE, code="printer_not_ready", cure="printer", details=details))
    return tuple(found)


def _refusals(device: Device) -> list[Reason]:
    grant = _grant(device)
    found: list[Refusal] = [*device_refusals(device), *overdue_refusals(device)]
    if grant is None or grant.may(Action.ISSUE):
        found += person_refusals(device, next(iter(_kinds(device)), ""))
    else:
        found = [item for item in found if item.code not in OF_ISSUING] + _other_post_refusals(device, grant)
    return [_stops(item) for item in found]


def _stops(item: Refusal) -> Reason:
    given = {"limit": item.limit, "current": item.current}
    details = item.details | {name: value for name, value in given.items() if value != ""}
    return Reason(weight=Weight.STOPS, code=item.code.value, cure=CURES.get(item.code, "sync"), details=details)


def _other_post_refusals(device: Device, grant: Grant) -> list[Refusal]:
    """Whether somebody who never signs may do anything at all here today."""
    theirs = next((action for action in Action if grant.may(action)), Action.ISSUE)
    return device.may(theirs, grant)


def _grant(device: Device) -> Grant | None:
    return device.grant(device.session.person) if device.session else None


def _kinds(device: Device) -> tuple[str, ...]:
    grant = _grant(device)
    return grant.kinds if grant is not None and grant.may(Action.ISSUE) else ()


def _numbers(device: Device) -> list[Reason]:
    found = []
    for kind in _kinds(device):
        seen = forecast_of(device, kind)
        if seen.free == 0:
            found.append(_none_left(device, kind))
        found += [of_supply(seen, code) for code in seen.codes]
    return found


def _none_left(device: Device, kind: str) -> Reason:
    """Whether syncing brings numbers, or only who draws."""
    if uncut(device, kind, device.person()):
        return Reason(weight=Weight.STOPS, code="numbers_not_cut", cure="sync", details={"kind": kind})
    return Reason(weight=Weight.STOPS, code="no_numbers_left", cure="numbers", details={"kind": kind})


def of_supply(seen: Forecast, code: SupplyCode) -> Reason:
    """What brings numbers: sync while a draw has room, otherwise the keeper."""
    short = seen.free < FEW_NUMBERS or (seen.days_left is not None and seen.days_left * MS_PER_DAY <= TRIP_MS)
    details: dict[str, str | int] = {"kind": seen.kind, "left": seen.free}
    if code is SupplyCode.BLOCK_ENDS:
        details["days"] = seen.ends_in_days or 0
    elif seen.days_left is not None:
        details["days"] = seen.days_left
    cure = "sync" if code is SupplyCode.BY_SYNC else "numbers"
    return Reason(weight=Weight.CURE if short else Weight.NOTE, code=code.value, cure=cure, details=details)


def before_next_draw(device: Device) -> list[Reason]:
    """What is to be settled before numbers are drawn again (缴旧领新, 工本费): today's work goes on without."""
    fees = (_fee(one.fee, one.invoice, one.left_fen) for one in open_fees(device))
    return [*fees, *(_old_sheets(one) for kind in KINDS for one in outstanding(device, kind))]


def _fee(fee: str, invoice: str, left_fen: int) -> Reason:
    details: dict[str, str | int] = {"fee": fee, "invoice": invoice, "yuan": yuan(left_fen)}
    return Reason(weight=Weight.NOTE, code="fee_owed", cure="province", details=details)


def _old_sheets(one: Outstanding) -> Reason:
    details: dict[str, str | int] = {"draw": one.draw, "stubs": one.stubs, "sheets": one.sheets}
    return Reason(weight=Weight.NOTE, code="old_sheets_owed", cure="old_sheets", details=details)


def _reporting(device: Device) -> list[Reason]:
    term = upload_term(device)
    if term is None or term.working_days_left > REMIND_WITHIN:
        return []
    details: dict[str, str | int] = {"date": term.since, "due": term.due_on, "left": max(term.working_days_left, 0)}
    if term.working_days_left < 0:
        return [Reason(weight=Weight.CURE, code="distribution_upload_overdue", cure="sync", details=details)]
    return [Reason(weight=Weight.NOTE, code="distribution_upload_due", cure="sync", details=details)]


def _lease(device: Device) -> list[Reason]:
    grant = _grant(device)
    if grant is not None and not grant.may(Action.ISSUE):
        return []
    row = device.rows.one("leases", device=device.id)
    until = int(row["issue_until"] or 0) if row else 0
    now = device.clock.now().at
    if now < until < now + TRIP_MS:
        return [Reason(weight=Weight.CURE, code="lease_ends_soon", cure="sync", details={"until": legal_date(until)})]
    return []


def _waiting(device: Device) -> list[Reason]:
    waiting = device.store.waiting()
    return [Reason(weight=Weight.NOTE, code="waiting", cure="sync", details={"count": waiting})] if waiting else []


def _tasks(device: Device) -> list[Reason]:
    overdue = overdue_days(device)
    found = [
        Reason(weight=Weight.CURE, code="day_not_closed", cure="day_close", details={"date": date})
        for date in unclosed_days(device)
        if date not in overdue
    ]
    inbox = [row for row in device.rows.many("online_declarations") if not row["declaration"]]
    if inbox:
        found.append(
            Reason(weight=Weight.NOTE, code="online_inbox", cure="declarations", details={"count": len(inbox)})
        )
    found += [*_voids(device), *_owners(device), *_losses(device), *_upkeep(device)]
    opened = device.rows.many("attempts", outcome="open", device=device.id)
    for row in opened:
        found.append(
            Reason(weight=Weight.CURE, code="print_open", cure="prints", details={"number": str(row["number"])})
        )
    return found


def _voids(device: Device) -> list[Reason]:
    """Voids without a second person: worth knowing, and to be cured once their working days have passed."""
    if overdue := overdue_voids(device):
        details: dict[str, str | int] = {"count": len(overdue), "number": str(overdue[0]["subject"])}
        return [Reason(weight=Weight.CURE, code="voids_overdue", cure="certificates", details=details)]
    if waiting := unconfirmed_voids(device):
        details = {"count": len(waiting)}
        return [Reason(weight=Weight.NOTE, code="voids_unconfirmed", cure="certificates", details=details)]
    return []


def _owners(device: Device) -> list[Reason]:
    if waiting := owners_to_tell(device):
        details: dict[str, str | int] = {"count": len(waiting), "number": str(waiting[0]["number"])}
        return [Reason(weight=Weight.CURE, code="owner_not_told", cure="certificates", details=details)]
    return []


def _upkeep(device: Device) -> list[Reason]:
    """What is due at the station: it waits for the return, but somebody should know."""
    found = []
    for due in upkeep_due(device):
        details: dict[str, str | int] = {"date": due.due_on, "store": due.store, "count": due.sheets}
        details["number"] = due.number
        found.append(Reason(weight=Weight.NOTE, code=due.code, cure=_cured_at(due), details=details))
    return found


def _cured_at(due: Due) -> str:
    if due.code == PHOTOGRAPH:
        return "old_sheets" if due.state else "certificates"
    return UPKEEP[due.code]


def _losses(device: Device) -> list[Reason]:
    return [
        Reason(weight=Weight.CURE, code="loss_overdue", cure="numbers", details={"numbers": case.span})
        for case in overdue_losses(device)
    ]
