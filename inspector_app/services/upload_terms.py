"""The term within which records of what was drawn are reported (领用记录上报): a countdown on this computer (G13)."""

from __future__ import annotations

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.rules import enforces
from inspector_app.journal.entries.custody import NumbersLost, NumbersReturned
from inspector_app.journal.entries.devices import ProvincePulled
from inspector_app.journal.entries.stores import DrawReceived
from inspector_app.services.device import Device

RECORDS = frozenset({ProvincePulled.KIND, DrawReceived.KIND, NumbersReturned.KIND, NumbersLost.KIND})
"""Taking in draws and blocks, giving numbers back, reporting them lost: the records of Art. 11 a station makes."""


class UploadTerm(msgspec.Struct, frozen=True):
    """The oldest such record the province has not confirmed; ``working_days_left`` is negative once it is overdue."""

    since: str
    due_on: str
    working_days_left: int


@enforces("G13")
def upload_term(device: Device) -> UploadTerm | None:
    """When the oldest record that waits is due; None when none waits."""
    for entry in device.store.entries(device.store.acknowledged().seq + 1):
        if entry.envelope.kind in RECORDS:
            return _term(device, legal_date(entry.envelope.at))
    return None


def _term(device: Device, since: str) -> UploadTerm:
    policy = device.policy()
    due_on = policy.after_working_days(since, policy.distribution_upload_working_days)
    return UploadTerm(since, due_on, policy.working_days_left(device.today(), due_on))
