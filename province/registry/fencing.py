"""Fencing a device (隔离): it was lost or stolen. What it sends afterwards is evidence and changes nothing (I10)."""

from __future__ import annotations

from django.db import transaction

from inspector_app.errors import StationError
from province import provinces
from province.high_water import next_ordinal
from province.journal import feed
from province.journal.models import Journal, JournalState
from province.registry import publishing
from province.registry.models import Device, PersonSigningKey

FENCED = "fenced"


def is_fenced(using: str, device: str) -> bool:
    """Whether a device is fenced, or none of ours."""
    row = Device.objects.using(using).filter(device=device).first()
    return row is None or row.state == FENCED


def fence_device(using: str, device: str) -> str:
    """Fence a device now; its people's keys on it are not believed for anything signed from now on.

    What it reported before stays as it is. Returns the journal's state. StationError for a device nobody enrolled.
    """
    with transaction.atomic(using=using):
        feed.lock_state(using)
        row = Device.objects.using(using).filter(device=device).first()
        if row is None:
            raise StationError("province.device_unknown", device=device)
        journal = Journal.objects.using(using).select_for_update().get(device=device)
        if journal.state == JournalState.ACTIVE:
            journal.state = JournalState.FENCED
            journal.save(using=using, update_fields=["state"])
        now = provinces.of(using).clock.now().at
        PersonSigningKey.objects.using(using).filter(device=device, valid_before=0).update(valid_before=now)
        row.ordinal = next_ordinal(provinces.of(using).high_water, f"device {device}", row.ordinal)
        row.state = FENCED
        row.save(using=using, update_fields=["ordinal", "state"])
        publishing.publish_device(using, row)
        return str(journal.state)
