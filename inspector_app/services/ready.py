"""Before departure (出发前检查): may I drive off? Every reason not to, and everything worth knowing."""

from __future__ import annotations

import enum

import msgspec

from inspector_app.clock import MS_PER_DAY, legal_date
from inspector_app.domain.refusals import Refusal
from inspector_app.services.day_close import unclosed_days
from inspector_app.services.device import Device
from inspector_app.services.issuing_gates import device_refusals, person_refusals
from inspector_app.services.number_custody import numbers_left

TRIP_MS = 3 * MS_PER_DAY
FEW_NUMBERS = 10


class Weight(enum.StrEnum):
    """How much a reason weighs: it stops issuing, it should be cured first, or it is good to know."""

    STOPS = "stops"
    CURE = "cure"
    NOTE = "note"


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the check: ``code`` names the sentence, ``cure`` the page that cures it."""

    weight: Weight
    code: str
    cure: str
    details: dict[str, str | int] = {}


def check_departure(device: Device) -> tuple[Reason, ...]:
    """All reasons, the heaviest first; no reason of weight ``stops`` or ``cure`` means: drive."""
    found = [*_refusals(device), *_numbers(device), *_lease(device), *_waiting(device), *_tasks(device)]
    order = list(Weight)
    return tuple(sorted(found, key=lambda reason: order.index(reason.weight)))


def may_drive(reasons: tuple[Reason, ...]) -> bool:
    """Whether nothing but notes stands."""
    return all(reason.weight is Weight.NOTE for reason in reasons)


def _refusals(device: Device) -> list[Reason]:
    kinds = _kinds(device)
    found: list[Refusal] = [*device_refusals(device), *person_refusals(device, kinds[0] if kinds else "")]
    return [Reason(weight=Weight.STOPS, code=item.code.value, cure="sync", details=item.details) for item in found]


def _kinds(device: Device) -> tuple[str, ...]:
    grant = device.grant(device.session.person) if device.session else None
    return grant.kinds if grant else ()


def _numbers(device: Device) -> list[Reason]:
    found = []
    for kind in _kinds(device):
        left = numbers_left(device, kind, device.person())
        if left == 0:
            found.append(Reason(weight=Weight.STOPS, code="no_numbers_left", cure="numbers", details={"kind": kind}))
        elif left < FEW_NUMBERS:
            details: dict[str, str | int] = {"kind": kind, "left": left}
            found.append(Reason(weight=Weight.CURE, code="few_numbers", cure="numbers", details=details))
    return found


def _lease(device: Device) -> list[Reason]:
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
    found = [
        Reason(weight=Weight.CURE, code="day_not_closed", cure="day_close", details={"date": date})
        for date in unclosed_days(device)
    ]
    inbox = [row for row in device.rows.many("online_declarations") if not row["declaration"]]
    if inbox:
        found.append(
            Reason(weight=Weight.NOTE, code="online_inbox", cure="declarations", details={"count": len(inbox)})
        )
    opened = device.rows.many("attempts", outcome="open", device=device.id)
    for row in opened:
        found.append(
            Reason(weight=Weight.CURE, code="print_open", cure="prints", details={"number": str(row["number"])})
        )
    return found
