"""Print orders: issued here, printed there, without a network.

The order is sealed to the sister device's box key and carries the signed entries themselves, so the printing device
checks the vet's signatures before it draws anything. Keys and free numbers never travel.
"""

from __future__ import annotations

import msgspec

from inspector_app.domain.authority import Action
from inspector_app.domain.canonical import CborError, decode, encode
from inspector_app.domain.certificate import CertificateParties
from inspector_app.domain.keys import PublicKey
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, in_order
from inspector_app.errors import BugError, StationError
from inspector_app.journal.chain import ACTOR_CONTEXT, Act, Entry, PrivatePart, WrittenEntry, read_entry
from inspector_app.journal.entries.certificates import CertificateIssued
from inspector_app.journal.entries.printing import OrderContent, PrintOrdered, PrintOrderReceived
from inspector_app.journal.projections.certificates import promised
from inspector_app.services.device import Device
from inspector_app.services.issuing import FIRST_PRINT, held_credentials, spare_info
from inspector_app.services.print_jobs import current_print, number_of, open_credential
from inspector_app.store.journal_store import HeldCredential
from inspector_app.suites import SealError, seal, sha256, verify

ORDER_INFO = b"inspector/print-order/1|"
MAX_ORDER = 262_144


class SignedEntry(msgspec.Struct, frozen=True, array_like=True):
    """An entry as it travels: the hash before it and everything its signature needs."""

    previous: bytes
    public: bytes
    salt: bytes
    private: bytes
    actor_sig: bytes


class OrderFile(msgspec.Struct, frozen=True, array_like=True):
    """What is sealed to the printing device."""

    issued: SignedEntry
    ordered: SignedEntry
    credential: bytes
    spares: tuple[bytes, ...]


def order_print(device: Device, number: str, to_device: str) -> bytes | Refused:
    """Give a certificate's printing to a sister device; returns the sealed order file.

    From now on this device prints no original of it. Asking again for the same device makes the same order anew.
    """

    def build(act: Act) -> str:
        held = device.rows.one("print_orders", number=number)
        if held is not None:
            return str(held["ref"])
        return act.add(PrintOrdered(number=number_of(device, number), device=to_device), sign=device.sign)

    ref = device.record_unless(lambda: _order_refusals(device, number, to_device), build)
    return ref if isinstance(ref, Refused) else _seal_order(device, number, to_device, ref)


def _order_refusals(device: Device, number: str, to_device: str) -> list[Refusal]:
    found = device.may(Action.PRINT)
    row = device.rows.one("certificates", number=number)
    if row is None:
        return [*found, Refusal(code=RefusalCode.NOT_FOUND, current=number)]
    if row["state"] != "issued":
        found.append(Refusal(code=RefusalCode.WRONG_STATE, current=str(row["state"]), limit="issued"))
    if row["device"] != device.id or row["print_device"] not in (device.id, to_device):
        found.append(Refusal(code=RefusalCode.CASE_HANDED_OVER, details={"device": str(row["print_device"])}))
    held = current_print(device, number)
    if held is None or held["state"] != "open" or held["print"] != FIRST_PRINT:
        found.append(Refusal(code=RefusalCode.WRONG_STATE, current=str(held["state"]) if held else "", limit="open"))
    sister = device.rows.one("devices", device=to_device)
    if sister is None or sister["state"] != "active" or to_device == device.id:
        found.append(Refusal(code=RefusalCode.NOT_FOUND, field="device", current=to_device))
    return found


def _seal_order(device: Device, number: str, to_device: str, ordered_ref: str) -> bytes:
    row = device.rows.one("certificates", number=number) or {}
    order = OrderFile(
        issued=_signed_entry(device, str(row["ref"])),
        ordered=_signed_entry(device, ordered_ref),
        credential=open_credential(device, number, FIRST_PRINT),
        spares=tuple(_open_spares(device, number)),
    )
    sister = device.rows.one("devices", device=to_device) or {}
    plain = encode(msgspec.to_builtins(order, builtin_types=(bytes,)))
    return seal(bytes.fromhex(str(sister["box_key"])), ORDER_INFO + to_device.encode(), plain)


def _signed_entry(device: Device, ref: str) -> SignedEntry:
    seq = int(ref.partition("/")[2])
    for written in device.store.written(seq, 1):
        private = written.private or PrivatePart(b"", b"")
        previous = device.store.hash_at(seq - 1)
        return SignedEntry(previous, written.public, private.salt, private.content, written.actor_sig)
    raise BugError(f"no entry {ref}")


def _open_spares(device: Device, number: str) -> list[bytes]:
    spares = []
    for row in device.rows.many("prints", number=number, state="sealed"):
        print_no = int(row["print"] or 0)
        held = device.store.credential(number, print_no)
        if held is None or held.sealed is None:
            raise StationError("credential_missing", number=number, print=print_no)
        spares.append(device.identity.box.open(spare_info(number, print_no), held.sealed))
    return spares


def receive_order(device: Device, sealed: bytes) -> str | Refused:
    """Take a print order in; returns the certificate's number. StationError ``order_unreadable`` for foreign bytes."""
    order = _open_order(device, sealed)
    issued, ordered = _entry(order.issued), _entry(order.ordered)
    if issued is None or ordered is None:
        raise StationError("order_unreadable")
    if not isinstance(issued.fact, CertificateIssued) or not isinstance(ordered.fact, PrintOrdered):
        raise StationError("order_unreadable")
    number = str(issued.fact.record.number)

    def build(act: Act) -> tuple[str | Refused, list[HeldCredential]]:
        refusals = [*device.may(Action.PRINT), *_trust_refusals(device, order, issued, ordered)]
        if device.rows.one("print_orders", number=number, state="received") is not None:
            refusals.append(Refusal(code=RefusalCode.ALREADY_RECORDED, current=number))
        refusals += _doubled(device, issued)
        if refusals:
            return Refused(in_order(refusals)), []
        return _record_order(device, order, issued, ordered, act)

    return device.record_with(build)


def _open_order(device: Device, sealed: bytes) -> OrderFile:
    try:
        plain = device.identity.box.open(ORDER_INFO + device.id.encode(), sealed)
        return msgspec.convert(decode(plain, MAX_ORDER), OrderFile, builtin_types=(bytes,))
    except (SealError, CborError, msgspec.ValidationError) as error:
        raise StationError("order_unreadable") from error


def _entry(signed: SignedEntry) -> Entry | None:
    private = PrivatePart(signed.salt, signed.private) if signed.salt else None
    return read_entry(signed.previous, WrittenEntry(signed.public, private, signed.actor_sig))


def _trust_refusals(device: Device, order: OrderFile, issued: Entry, ordered: Entry) -> list[Refusal]:
    found = []
    for signed, entry in ((order.issued, issued), (order.ordered, ordered)):
        if not signed_by_actor(device, entry, signed.actor_sig):
            found.append(Refusal(code=RefusalCode.KEY_NOT_PUBLISHED, details={"person": entry.envelope.actor}))
    if not _belong_together(device, issued, ordered) or not _credentials_match(order, issued):
        found.append(Refusal(code=RefusalCode.NOT_FOUND, field="order"))
    return found


def _doubled(device: Device, issued: Entry) -> list[Refusal]:
    """A sister's disk was copied, and the other copy has put this number on another paper (SYNC 3.5): print neither."""
    fact = issued.fact
    if not isinstance(fact, CertificateIssued) or promised(str(fact.record.number), device.rows) in ([], fact.prints):
        return []
    return [Refusal(code=RefusalCode.NUMBER_ON_OTHER_PAPER, current=str(fact.record.number))]


def _belong_together(device: Device, issued: Entry, ordered: Entry) -> bool:
    """Whether the order is for this device, for this certificate, and of the device that issued it."""
    fact, certificate = ordered.fact, issued.fact
    if not isinstance(fact, PrintOrdered) or not isinstance(certificate, CertificateIssued):
        return False
    same = fact.number == certificate.record.number and ordered.envelope.device == issued.envelope.device
    return same and fact.device == device.id and isinstance(issued.private, CertificateParties)


def _credentials_match(order: OrderFile, issued: Entry) -> bool:
    promised = issued.fact.prints if isinstance(issued.fact, CertificateIssued) else []
    return [sha256(payload).hex() for payload in (order.credential, *order.spares)] == promised


def signed_by_actor(device: Device, entry: Entry, signature: bytes) -> bool:
    """Whether one of the actor's published keys on the entry's device made this signature."""
    rows = device.rows.many("person_keys", person=entry.envelope.actor, device=entry.envelope.device, published=1)
    keys = [PublicKey(int(row["suite"] or 0), bytes.fromhex(str(row["key"]))) for row in rows]
    return any(verify(key, ACTOR_CONTEXT, entry.hash, signature) for key in keys)


def _record_order(
    device: Device, order: OrderFile, issued: Entry, ordered: Entry, act: Act
) -> tuple[str, list[HeldCredential]]:
    parties = issued.private
    if not isinstance(issued.fact, CertificateIssued) or not isinstance(parties, CertificateParties):
        raise BugError("the order was not checked")
    record, number = issued.fact.record, str(issued.fact.record.number)
    content = OrderContent(record=record, parties=parties, promise=issued.envelope.private)
    fact = PrintOrderReceived(number=record.number, issued=issued.ref, ordered=ordered.ref, prints=issued.fact.prints)
    act.add(fact, private=content)
    return number, held_credentials(device, number, [order.credential, *order.spares])
