"""Ending a paper that its owner already holds: without any fault of theirs, and never without their knowing.

An error of ours is mended by another certificate in its place, free for the owner; nobody revokes or seizes what was
lawfully obtained without a cause, a legal basis and somebody who ordered it (GX-2014 Art. 29).
"""

from __future__ import annotations

import msgspec

from inspector_app.clock import moment_text
from inspector_app.domain.authority import Action, Grant
from inspector_app.domain.certificate import LEGAL_BASIS, OWN_FAULTS, OWNERS_WISH, CertificateState
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.journal.entries.certificates import OwnerTold
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.projections import Row
from inspector_app.services.device import Device
from inspector_app.services.on_desk import strange_number_refusals
from inspector_app.services.print_jobs import number_of
from inspector_app.services.typed import one_text, reason_refusals

MEANS = "owner_told"


class Order(msgspec.Struct, frozen=True):
    """On what a paper in its owner's hands is ended: a code of the list ``legal_basis``, and who ordered it."""

    legal_basis: str = ""
    ordered_by: int = 0


NO_ORDER = Order()


@enforces("G50")
def holder_refusals(device: Device, row: Row, reason: str, order: Order) -> list[Refusal]:
    """What stands against voiding a certificate its owner holds; nothing against one that is still on the desk."""
    if not row["handed_over_at"] or row["kind"] not in ("A", "B"):
        return []
    if reason in OWN_FAULTS:
        return [Refusal(code=RefusalCode.NEEDS_REPLACEMENT, field="reason", current=str(row["number"]))]
    return [] if reason in OWNERS_WISH else _order_refusals(device, order)


def who_may_order(device: Device) -> list[Grant]:
    """Everybody who may order that the signed-in person takes a paper from its owner, by number; never that person."""
    people = {int(row["person"] or 0) for row in device.rows.many("grants")} - {_actor(device)}
    grants = [grant for person in sorted(people) if (grant := device.grant(person)) is not None]
    return [grant for grant in grants if _may_order(device, grant)]


def _may_order(device: Device, grant: Grant) -> bool:
    """Whether somebody holds a post that may order it, here and now."""
    here = grant.station in (0, device.sheet.station)
    return here and grant.may(Action.ORDER_SEIZURE) and grant.valid_from <= device.clock.now().at <= grant.valid_until


def _actor(device: Device) -> int:
    return device.session.person if device.session is not None else 0


def _order_refusals(device: Device, order: Order) -> list[Refusal]:
    found = reason_refusals(device, LEGAL_BASIS, order.legal_basis, field=LEGAL_BASIS)
    grant = device.grant(order.ordered_by) if order.ordered_by else None
    if grant is None:
        return [*found, Refusal(code=RefusalCode.FIELD_MISSING, field="ordered_by")]
    if order.ordered_by == _actor(device):
        found.append(Refusal(code=RefusalCode.ONE_PERSON_TWICE, field="ordered_by"))
    elif not _may_order(device, grant):
        found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="ordered_by", current=grant.name))
    return found


def tell_owner(device: Device, number: str, *, means: str, told_at: int | None = None, note: str = "") -> str | Refused:
    """The owner was told that the paper in their hands ended: how, and when (UTC ms, None for now)."""

    def fact() -> OwnerTold:
        return OwnerTold(number=number_of(device, number), means=means, told_at=told_at or device.clock.now().at)

    return device.record_unless(
        lambda: tell_refusals(device, number, means, told_at, note),
        lambda act: act.add(fact(), private=note_of(note), sign=device.sign),
    )


def tell_refusals(device: Device, number: str, means: str, told_at: int | None, note: str = "") -> list[Refusal]:
    """Why that may not be recorded: only of what ended in its owner's hands, and once."""
    row = device.rows.one("certificates", number=number)
    found = [*device.may(Action.NOTIFY_OWNER), *reason_refusals(device, MEANS, means, field="told_by")]
    found += one_text("note", note)
    if row is None:
        return [*found, Refusal(code=RefusalCode.NOT_FOUND, current=number)]
    if row["state"] == CertificateState.ISSUED or not row["handed_over_at"]:
        found.append(Refusal(code=RefusalCode.WRONG_STATE, field="owner_told", current=str(row["state"])))
    elif device.rows.many("owner_notices", number=number):
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, current=number))
    return [*found, *strange_number_refusals(device, row), *_when_refusals(device, row, told_at)]


def _when_refusals(device: Device, row: Row, told_at: int | None) -> list[Refusal]:
    """Not in time to come, and not before the paper was in the owner's hands."""
    now, earliest = device.clock.now().at, int(row["handed_over_at"] or 0)
    if told_at is None or earliest <= told_at <= now:
        return []
    limit, current = moment_text(earliest), moment_text(told_at)
    return [Refusal(code=RefusalCode.FIELD_INVALID, field="told_at", limit=limit, current=current)]


def owners_to_tell(device: Device) -> list[Row]:
    """Certificates that ended in their owners' hands and of which nobody has told them yet, oldest first."""
    ended = [
        row
        for state in (CertificateState.VOIDED, CertificateState.REPLACED)
        for row in device.rows.many("certificates", state=state.value)
        if row["handed_over_at"] and not device.rows.many("owner_notices", number=row["number"])
    ]
    return sorted(ended, key=lambda row: (int(row["void_at"] or 0), str(row["number"])))
