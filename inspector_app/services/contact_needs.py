"""What waits for the province on this computer, and whether any of it should be there soon (DESIGN 15)."""

from __future__ import annotations

from typing import Final

import msgspec

from inspector_app.journal.entries.certificates import CertificateIssued
from inspector_app.journal.entries.custody import DayClosed
from inspector_app.services.device import Device

AHEAD_MS: Final = 24 * 3_600_000
"""An A paper that departs within this time is to be with the province before it does."""


class WaitingNeeds(msgspec.Struct, frozen=True):
    """How many entries wait, and whether one of them is an A paper about to depart or the close of a day."""

    count: int
    is_urgent: bool


def waiting_needs(device: Device) -> WaitingNeeds:
    """Read what waits, from the first entry the province has not acknowledged."""
    count = device.store.waiting()
    if not count:
        return WaitingNeeds(0, is_urgent=False)
    latest = device.clock.now().at + AHEAD_MS
    unsent = device.store.entries(device.store.acknowledged().seq + 1)
    return WaitingNeeds(count, is_urgent=any(_is_urgent(entry.fact, latest) for entry in unsent))


def _is_urgent(fact: object, latest: int) -> bool:
    match fact:
        case DayClosed():
            return True
        case CertificateIssued(record=record):
            return record.number.kind == "A" and record.departs_at <= latest
        case _:
            return False
