"""What can be proved here of each step of a number's life: whose signature it bears, and that nobody changed it since.

Computed when looked at and never stored. It repeats for a few entries what ``doctor`` does for the whole journal.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

import msgspec

from inspector_app.journal.books.lives import Step
from inspector_app.journal.chain import ACTOR_CONTEXT, Entry
from inspector_app.journal.entries.declarations import Note
from inspector_app.services.device import Device
from inspector_app.services.known_entries import KnownEntries
from inspector_app.suites import PublicKey, verify

WHY = ("reason", "cause", "category")
"""What kinds of fact call the code of their reason."""


class Proof(enum.StrEnum):
    """What vouches for a step, as far as it is known here."""

    SIGNED = "signed"
    """The person's own signature over the entry holds."""
    CHAINED = "chained"
    """The entry's hash is the one its journal goes on from; its kind needs no person's signature."""
    DOCUMENT = "document"
    """A document of the province, whose signature was checked when it was taken in."""
    ABSENT = "absent"
    """The entry is not here, so nothing can be said of it."""
    NO_KEY = "no_key"
    """A sister's entry whose actor's key the province has not published to this device yet."""
    WRONG = "wrong"
    """The signature or the hash does not hold."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A step's proof, and what its entry says: hex hash, the code of its reason and the person's words, or "" each."""

    proof: Proof
    hash: str = ""
    reason: str = ""
    note: str = ""


def prove(device: Device, steps: Iterable[Step]) -> Mapping[str, Evidence]:
    """What vouches for each step, by the name of its entry or document."""
    entries = KnownEntries(device)
    return {step.ref: _evidence(device, entries, step.ref) for step in steps}


def _evidence(device: Device, entries: KnownEntries, ref: str) -> Evidence:
    if "/" not in ref:
        return Evidence(proof=Proof.DOCUMENT)
    entry = entries.find(ref)
    if entry is None:
        return Evidence(proof=Proof.ABSENT)
    note = entry.private.text if isinstance(entry.private, Note) else ""
    reason = next((str(getattr(entry.fact, name)) for name in WHY if hasattr(entry.fact, name)), "")
    return Evidence(proof=_proof(device, entries, entry), hash=entry.hash.hex(), reason=reason, note=note)


def _proof(device: Device, entries: KnownEntries, entry: Entry) -> Proof:
    if entry.hash != entries.stated_hash(entry.ref):
        return Proof.WRONG
    if entry.fact is None or not entry.fact.ACCOUNTABLE:
        return Proof.CHAINED
    return _signature(device, entry, entries.signature(entry.ref))


def _signature(device: Device, entry: Entry, signature: bytes) -> Proof:
    """Whether a key of the actor on the entry's device made a signature.

    A sister's key counts once the province has published it; one made on this device is in its own journal.
    """
    rows = device.rows.many("person_keys", person=entry.envelope.actor, device=entry.envelope.device)
    known = [row for row in rows if row["published"] or row["device"] == device.id]
    keys = [PublicKey(int(row["suite"] or 0), bytes.fromhex(str(row["key"]))) for row in known]
    if not keys:
        return Proof.NO_KEY
    return Proof.SIGNED if any(verify(key, ACTOR_CONTEXT, entry.hash, signature) for key in keys) else Proof.WRONG
