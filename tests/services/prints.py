"""Prints and sheets as a test reads them."""

from __future__ import annotations

from inspector_app.domain.refusals import RefusalCode
from inspector_app.services.device import Device
from inspector_app.services.issuing import issue_certificate
from tests.office import HandClock
from tests.services.work import (
    HANGZHOU,
    HOUR,
    done,
    draft_a,
    inspected,
    reported,
)

C = RefusalCode


def state_of(device: Device, number: str, print_no: int = 1) -> str:
    return str((device.rows.one("prints", number=number, print=print_no) or {})["state"])


def sheets(device: Device, number: str, print_no: int = 1) -> list[str]:
    return [str(row["state"]) for row in device.rows.many("sheets", number=number, print=print_no)]


def issued_for_long(device: Device, clock: HandClock) -> str:
    """A certificate that outlives the right to issue by some days."""
    batch = inspected(device, destination=HANGZHOU)
    reported(device, batch, GCHD="negative")
    clock.forward(days=6)
    fresh = draft_a(device, batch, valid_days=5, departs_at=clock.at + HOUR)
    return done(issue_certificate(device, fresh)).number
