"""Ledger books (台账): read from the projections, never written; the statutory books are reports over the journals."""

from __future__ import annotations

from inspector_app.domain.continuity import Continuity
from inspector_app.journal.books.continuity import read_continuity
from inspector_app.services.device import Device
from inspector_app.services.known_entries import KnownEntries


def continuity(device: Device) -> Continuity:
    """What became of every number drawn for this station, as it is known here."""
    return read_continuity(device.rows, device.sheet.station, KnownEntries(device))
