"""Persons, keys, devices, leases, policy and verdicts as rows."""

from __future__ import annotations

from inspector_app.domain.authority import (
    DeviceSheet,
    FormSheet,
    Grant,
    Lease,
    PersonKey,
    PolicySheet,
    StationSheet,
    TerminalLicence,
)
from inspector_app.domain.keys import PublicKey
from inspector_app.domain.verdicts import VerdictSheet
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.devices import DeviceEnrolled, PersonKeyAdded, ProvincePulled
from inspector_app.journal.projections.inspections import as_list
from inspector_app.journal.projections.registry import projects, projects_document
from inspector_app.journal.projections.rows import Row, Rows


@projects(DeviceEnrolled)
def device_enrolled(fact: DeviceEnrolled, entry: Entry, rows: Rows) -> None:
    """Where a journal belongs."""
    row: Row = {"device": entry.envelope.device, "root": fact.root, "province": fact.province, "name": fact.name}
    rows.insert("journals", row | {"station": fact.station})


@projects(PersonKeyAdded)
def person_key_added(fact: PersonKeyAdded, entry: Entry, rows: Rows) -> None:
    """A new signing key, not yet published by the province."""
    key = PublicKey(fact.suite, bytes.fromhex(fact.key))
    row: Row = {"key_id": key.key_id.hex(), "device": entry.envelope.device, "key": fact.key}
    row |= {"person": fact.person, "suite": fact.suite, "published": 0}
    if rows.one("person_keys", key_id=row["key_id"]) is None:
        rows.insert("person_keys", row)


@projects_document(PersonKey)
def person_key(value: PersonKey, rows: Rows) -> None:
    """A signing key as published, with its validity."""
    key = PublicKey(value.suite, value.key)
    row: Row = {"key_id": key.key_id.hex(), "device": value.device, "key": value.key.hex(), "person": value.person}
    row |= {"suite": value.suite, "valid_from": value.valid_from, "valid_until": value.valid_until, "published": 1}
    rows.put("person_keys", row)


@projects(ProvincePulled)
def province_pulled(fact: ProvincePulled, entry: Entry, rows: Rows) -> None:
    """How far a device has taken the feed in."""
    rows.put("pulls", {"device": entry.envelope.device, "epoch": fact.epoch, "last": fact.last})


def _is_newer(table: str, key: Row, ordinal: int, rows: Rows) -> bool:
    held = rows.one(table, **key)
    return held is None or int(held["ordinal"] or 0) < ordinal


@projects_document(Grant)
def grant(value: Grant, rows: Rows) -> None:
    """A person's posts and authority; all are kept, because which one counts depends on the day it is asked."""
    names = "person ordinal name name_en station valid_from valid_until".split()
    row: Row = {name: getattr(value, name) for name in names}
    row |= {"posts": as_list(value.posts), "kinds": as_list(value.kinds), "filings": as_list(value.filings)}
    rows.put("grants", row)


@projects_document(StationSheet)
def station(value: StationSheet, rows: Rows) -> None:
    """A station's public data."""
    if _is_newer("stations", {"station": value.station}, value.ordinal, rows):
        names = "station ordinal name name_en area phone agency address".split()
        rows.put("stations", {name: getattr(value, name) for name in names})


@projects_document(DeviceSheet)
def device(value: DeviceSheet, rows: Rows) -> None:
    """A device of the station and its public keys."""
    if _is_newer("devices", {"device": value.device}, value.ordinal, rows):
        names = "device ordinal station name suite state".split()
        row: Row = {name: getattr(value, name) for name in names}
        rows.put("devices", row | {"key": value.key.hex(), "box_key": value.box_key.hex()})


@projects_document(TerminalLicence)
def licence(value: TerminalLicence, rows: Rows) -> None:
    """Leave to be a terminal; all are kept, because which one counts depends on the moment it is asked for."""
    names = "device station valid_from valid_until".split()
    rows.put("licences", {name: getattr(value, name) for name in names})


@projects_document(Lease)
def lease(value: Lease, rows: Rows) -> None:
    """The right to issue; a later one always reaches at least as far."""
    held = rows.one("leases", device=value.device)
    if held is None or int(held["granted_at"] or 0) <= value.granted_at:
        names = "device granted_at issue_until accepted_seq".split()
        row: Row = {name: getattr(value, name) for name in names}
        rows.put("leases", row | {"accepted_hash": value.accepted_hash.hex()})


@projects_document(PolicySheet)
def policy(value: PolicySheet, rows: Rows) -> None:
    """A version of provincial policy."""
    rows.put("policies", {"version": value.version, "body": value.body, "issued_at": value.issued_at})


@projects_document(FormSheet)
def form(value: FormSheet, rows: Rows) -> None:
    """A released form template."""
    row: Row = {"form": value.form, "version": value.version, "sha256": value.sha256.hex()}
    rows.put("forms", row | {"valid_from": value.valid_from})


@projects_document(VerdictSheet)
def verdict(value: VerdictSheet, rows: Rows) -> None:
    """What the province said of an entry."""
    row: Row = {"device": value.device, "seq": value.seq, "followed": int(value.followed), "holds": int(value.holds)}
    row |= {"code": value.code, "given_at": value.given_at, "owner": value.owner, "due_on": value.due_on}
    rows.put("verdicts", row)
