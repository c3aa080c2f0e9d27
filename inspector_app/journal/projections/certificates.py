"""Certificates, notices and the numbers they use, as rows."""

from __future__ import annotations

from inspector_app.domain.certificate import (
    CertificateParties,
    CertificateRecord,
    CertificateState,
    expires_at,
    move_certificate,
)
from inspector_app.domain.numbering import Number, NumberState, move_number
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.certificates import (
    CertificateHandedOver,
    CertificateIssued,
    CertificateVoided,
    NoticeDetails,
    NoticeHandedOver,
    NoticeIssued,
    NoticeVoided,
    OwnerTold,
)
from inspector_app.journal.projections.ceremony import note_act
from inspector_app.journal.projections.declarations import batch_columns, note_text
from inspector_app.journal.projections.numbers import end_number, row_in_block
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows
from inspector_app.journal.projections.sheets import give_sheets, spoil_desk


def use_number(number: Number, block: str, ref: str, rows: Rows) -> None:
    """``free → used`` by an entry, once and for ever; a print order may have told of that entry before.

    One reported lost, or taken over as ended, stays so, though its paper is on the road: that is a case for people.
    """
    row = row_in_block(rows, number, block)
    if row is not None and row["ended_by"] != ref and row["state"] not in (NumberState.LOST, NumberState.WITHDRAWN):
        move_number(NumberState(str(row["state"])), NumberState.USED)
        end_number(rows, row, NumberState.USED.value, ref)


@projects(CertificateIssued)
def certificate_issued(fact: CertificateIssued, entry: Entry, rows: Rows) -> None:
    """A certificate in force; the one it replaces, if any, is replaced in the same moment."""
    record = fact.record
    use_number(record.number, record.block, entry.ref, rows)
    held = rows.one("certificates", number=str(record.number))
    brought = held is not None and held["ref"] == entry.ref and held["key"] is None
    if not (brought and promised(str(record.number), rows) == fact.prints):
        rows.insert("certificates", _certificate(fact, entry) | certificate_content(record) | _parties(entry))
        insert_prints(str(record.number), fact.prints, rows)
    else:
        # A print order brought it here before; what happened to it since stands.
        known: Row = {"key": fact.key, "grant_ordinal": fact.grant}
        known |= certificate_content(record) | _parties(entry)
        rows.update("certificates", {"number": str(record.number)}, known)
    if record.replaces:
        _replace(record, entry, rows)


def _replace(record: CertificateRecord, entry: Entry, rows: Rows) -> None:
    old = rows.one("certificates", number=record.replaces)
    if old is None or is_foreign(old, entry, rows):
        return  # nobody ends another station's paper by naming it
    if old["state"] != CertificateState.ISSUED:
        # Another computer of the station ended it meanwhile: that stands, and so does the certificate on the road.
        if old["replaced_by"] is None:
            rows.update("certificates", {"number": record.replaces}, {"replaced_by": str(record.number)})
        return
    change_state(record.replaces, CertificateState.REPLACED, rows)
    changes: Row = {"replaced_by": str(record.number), "void_ref": entry.ref, "void_reason": record.replace_reason}
    words = entry.private.replace_note if isinstance(entry.private, CertificateParties) else ""
    changes |= {"void_at": entry.envelope.at, "void_by": entry.envelope.actor, "void_note": words or None}
    rows.update("certificates", {"number": record.replaces}, changes)
    _mark_sheets("certificates", record.replaces, entry, rows)


def is_foreign(row: Row, entry: Entry, rows: Rows) -> bool:
    """Whether a paper is another station's than the journal the entry stands in."""
    theirs = rows.one("journals", device=row["device"])
    own = rows.one("journals", device=entry.envelope.device)
    # A sister's journal may not have been heard of here yet; the own one always has.
    return theirs is not None and (own is None or own["station"] != theirs["station"])


def insert_prints(number: str, credentials: list[str], rows: Rows) -> None:
    """The prints fixed at issue: the first lies open, the spares are sealed."""
    prints: list[Row] = [
        {"number": number, "print": index, "state": "open" if index == 1 else "sealed", "credential": credential}
        for index, credential in enumerate(credentials, start=1)
    ]
    rows.insert_all("prints", prints)


def promised(number: str, rows: Rows) -> list[str]:
    """The credentials fixed at issue of the paper known by this number, print 1 first; empty when none is known."""
    return [str(row["credential"]) for row in rows.many("prints", number=number)]


def _certificate(fact: CertificateIssued, entry: Entry) -> Row:
    number = fact.record.number
    return {
        "number": str(number),
        "kind": number.kind,
        "digits": number.digits,
        "ref": entry.ref,
        "device": entry.envelope.device,
        "print_device": entry.envelope.device,
        "state": CertificateState.ISSUED.value,
        "key": fact.key,
        "grant_ordinal": fact.grant,
        "current_print": 1,
    }


PLAIN_FIELDS = (
    "declaration inspection stage issued_on medium form purpose origin destination vet station issued_at departs_at "
    "plate_reason"
).split()


CONTENT_COLUMNS = (*PLAIN_FIELDS, "species", "value", "scale", "unit", "expires_at", "offline", "replaces")
PARTY_COLUMNS = tuple("owner_name owner_phone origin_place destination_place consignee carrier plate".split())


def certificate_content(record: CertificateRecord) -> Row:
    """What a certificate states, as the columns of its row."""
    row: Row = {name: getattr(record, name) for name in PLAIN_FIELDS}
    row |= {"expires_at": expires_at(record), "offline": int(record.offline), "replaces": record.replaces or None}
    return row | batch_columns(record.species, record.quantity)


def _parties(entry: Entry) -> Row:
    if isinstance(entry.private, CertificateParties):
        return party_columns(entry.private)
    return dict.fromkeys(PARTY_COLUMNS)


def party_columns(parties: CertificateParties) -> Row:
    """The personal columns of a certificate's row."""
    return {
        "owner_name": parties.owner,
        "owner_phone": parties.owner_phone,
        "origin_place": parties.origin_place,
        "destination_place": parties.destination_place,
        "consignee": parties.consignee,
        "carrier": parties.carrier,
        "plate": parties.plate,
    }


def change_state(number: str, to: CertificateState, rows: Rows, table: str = "certificates") -> None:
    """Move a certificate on; one this side does not hold (another device's) is left to its own journal."""
    row = rows.one(table, number=number)
    if row is not None:
        move_certificate(CertificateState(str(row["state"])), to)
        rows.update(table, {"number": number}, {"state": to.value})


def ended_elsewhere(row: Row | None, entry: Entry) -> bool:
    """Whether another computer ended the paper already: that stands, and saying it once more changes nothing."""
    if row is None or row["state"] == CertificateState.ISSUED:
        return False
    return str(row["void_ref"]).partition("/")[0] != entry.envelope.device


def _mark_sheets(table: str, number: str, entry: Entry, rows: Rows) -> None:
    # After the hand-over only the stub is here; it stays on file as the stub of what the holder was given.
    row = rows.one(table, number=number)
    if row is not None and not row["handed_over_at"]:
        spoil_desk(rows, entry, number)


@projects(CertificateVoided)
def certificate_voided(fact: CertificateVoided, entry: Entry, rows: Rows) -> None:
    """Void, in force at once. One that only repeats what stands wants a second person too: confirming either counts."""
    note_act(rows, entry, str(fact.number))
    if ended_elsewhere(rows.one("certificates", number=str(fact.number)), entry):
        return
    change_state(str(fact.number), CertificateState.VOIDED, rows)
    changes: Row = {"void_ref": entry.ref, "void_reason": fact.reason, "void_note": note_text(entry)}
    changes |= {"void_at": entry.envelope.at, "void_by": entry.envelope.actor}
    rows.update("certificates", {"number": str(fact.number)}, changes)
    _mark_sheets("certificates", str(fact.number), entry, rows)


@projects(OwnerTold)
def owner_told(fact: OwnerTold, entry: Entry, rows: Rows) -> None:
    """The owner knows."""
    row: Row = {"ref": entry.ref, "number": str(fact.number), "device": entry.envelope.device, "means": fact.means}
    row |= {"told_at": fact.told_at, "at": entry.envelope.at, "by": entry.envelope.actor}
    rows.insert("owner_notices", row | {"note": note_text(entry)})


@projects(CertificateHandedOver)
def certificate_handed_over(fact: CertificateHandedOver, entry: Entry, rows: Rows) -> None:
    """The travelling sheets left the desk."""
    _hand_over("certificates", fact, entry, rows)


def _hand_over(table: str, fact: CertificateHandedOver | NoticeHandedOver, entry: Entry, rows: Rows) -> None:
    number = str(fact.number)
    held = rows.one(table, number=number)
    if held is not None and _is_earlier(fact.handed_at, entry.ref, held):
        rows.update(table, {"number": number}, _handed_over(fact, entry))
    give_sheets(rows, entry, number, fact.print, fact.sheets)


def _is_earlier(handed_at: int, ref: str, held: Row) -> bool:
    """Of two computers that recorded it, the earlier moment counts, whichever is heard of first."""
    if not held["handed_over_ref"]:
        return True
    return (handed_at, ref) < (int(held["handed_over_at"] or 0), str(held["handed_over_ref"]))


def _handed_over(fact: CertificateHandedOver | NoticeHandedOver, entry: Entry) -> Row:
    row: Row = {"handed_over_at": fact.handed_at, "handed_over_recorded_at": entry.envelope.at}
    row |= {"handed_over_ref": entry.ref}
    return row | {"late_reason": fact.late_reason or None, "late_note": note_text(entry)}


@projects(NoticeIssued)
def notice_issued(fact: NoticeIssued, entry: Entry, rows: Rows) -> None:
    """A treatment notice; it uses a number of its own kind."""
    use_number(fact.number, fact.block, entry.ref, rows)
    row: Row = {
        "number": str(fact.number),
        "kind": fact.number.kind,
        "digits": fact.number.digits,
        "ref": entry.ref,
        "device": entry.envelope.device,
        "state": CertificateState.ISSUED.value,
        "declaration": fact.declaration,
        "inspection": fact.inspection,
        "stage": fact.stage,
        "issued_on": fact.issued_on,
        "issued_at": entry.envelope.at,
        "method": fact.method,
        "vet": fact.vet,
        "station": fact.station,
    }
    if isinstance(entry.private, NoticeDetails):
        row |= {"owner_name": entry.private.owner, "owner_phone": entry.private.owner_phone}
    rows.insert("notices", row | batch_columns(fact.species, fact.quantity))
    rows.insert("prints", {"number": str(fact.number), "print": 1, "state": "open", "credential": ""})


@projects(NoticeHandedOver)
def notice_handed_over(fact: NoticeHandedOver, entry: Entry, rows: Rows) -> None:
    """The party has its copy."""
    _hand_over("notices", fact, entry, rows)


@projects(NoticeVoided)
def notice_voided(fact: NoticeVoided, entry: Entry, rows: Rows) -> None:
    """Void, in force at once."""
    number = str(fact.number)
    note_act(rows, entry, number)
    if ended_elsewhere(rows.one("notices", number=number), entry):
        return
    change_state(number, CertificateState.VOIDED, rows, "notices")
    changes: Row = {"void_ref": entry.ref, "void_reason": fact.reason, "void_note": note_text(entry)}
    rows.update(
        "notices", {"number": number}, changes | {"void_at": entry.envelope.at, "void_by": entry.envelope.actor}
    )
    _mark_sheets("notices", number, entry, rows)
