"""Attempts, prints and print orders as rows."""

from __future__ import annotations

from inspector_app.domain.certificate import CertificateState
from inspector_app.domain.custody import LOST_BEFORE_HAND_OVER, SheetState
from inspector_app.domain.numbering import NumberState
from inspector_app.journal.chain import Entry
from inspector_app.journal.entries.printing import (
    OrderContent,
    PrintEnded,
    PrintOrdered,
    PrintOrderReceived,
    PrintReleased,
    PrintSubmitted,
)
from inspector_app.journal.projections.certificates import certificate_content, insert_prints, party_columns
from inspector_app.journal.projections.declarations import note_text
from inspector_app.journal.projections.numbers import end_number, latest_row
from inspector_app.journal.projections.registry import projects
from inspector_app.journal.projections.rows import Row, Rows
from inspector_app.journal.projections.sheets import ON_DESK, VOID, make_sheets, tell_sheet


@projects(PrintSubmitted)
def print_submitted(fact: PrintSubmitted, entry: Entry, rows: Rows) -> None:
    """An open attempt."""
    row: Row = {
        "ref": entry.ref,
        "device": entry.envelope.device,
        "number": str(fact.number),
        "print": fact.print,
        "attempt": fact.attempt,
        "printer": fact.printer,
        "medium": fact.medium,
        "form": fact.form,
        "file": fact.file,
        "sheets": fact.sheets,
        "submitted_at": entry.envelope.at,
        "by": entry.envelope.actor,
        "outcome": "open",
    }
    rows.insert("attempts", row)
    _tell_state(rows, str(fact.number), fact.print)


_PRINT_STATES = {
    "printed": "printed",
    "spoiled": "spoiled",
    "unknown": "unknown",
    "open": "submitted",
    "not_printed": "open",
}
"""What a print is by its attempts' outcomes: the first of these that one of them has, at whichever computer."""
_SHEETS_COME_OUT = {"printed": SheetState.PRINTED, "spoiled": SheetState.SPOILED}


@projects(PrintEnded)
def print_ended(fact: PrintEnded, entry: Entry, rows: Rows) -> None:
    """The attempt's end; only *printed* and *spoiled* bring sheets into being."""
    attempt = rows.one("attempts", ref=fact.attempt)
    if attempt is None:
        return
    changes: Row = {"outcome": fact.outcome, "source": fact.source, "ended_at": entry.envelope.at}
    rows.update("attempts", {"ref": fact.attempt}, changes)
    number, print_no = str(attempt["number"]), int(attempt["print"] or 0)
    _tell_state(rows, number, print_no)
    if (state := _SHEETS_COME_OUT.get(fact.outcome)) is not None:
        void = state is SheetState.PRINTED and _is_void(rows, number)
        # What came out after the paper was void is no original of anything.
        came, category = (SheetState.SPOILED, VOID) if void else (state, "")
        make_sheets(rows, entry, number, print_no, int(attempt["sheets"] or 0), came, category=category)


def _tell_state(rows: Rows, number: str, print_no: int) -> None:
    """A sister's attempt that came to nothing may be heard of after the paper came out here."""
    made = rows.one("prints", number=number, print=print_no)
    if made is not None and made["state"] != "superseded":
        outcomes = {str(attempt["outcome"]) for attempt in rows.many("attempts", number=number, print=print_no)}
        first = min(outcomes, key=list(_PRINT_STATES).index)
        rows.update("prints", {"number": number, "print": print_no}, {"state": _PRINT_STATES[first]})


def _is_void(rows: Rows, number: str) -> bool:
    row = rows.one("certificates", number=number) or rows.one("notices", number=number)
    # After its hand-over the sheets on the desk are not spoiled by a void, whichever is heard of first.
    return row is not None and row["state"] != CertificateState.ISSUED.value and not row["handed_over_at"]


@projects(PrintReleased)
def print_released(fact: PrintReleased, entry: Entry, rows: Rows) -> None:
    """Print n is the one that counts now; the earlier ones are superseded."""
    number = str(fact.number)
    for row in rows.many("prints", number=number):
        if int(row["print"] or 0) < fact.print:
            rows.update("prints", {"number": number, "print": row["print"]}, {"state": "superseded"})
    released: Row = {"number": number, "print": fact.print, "state": "open", "credential": fact.credential}
    released |= {"reason": fact.reason, "released_by": entry.envelope.actor, "released_at": entry.envelope.at}
    released |= {"released_ref": entry.ref, "note": note_text(entry)}
    rows.put("prints", released)
    rows.update("certificates", {"number": number}, {"current_print": fact.print})
    for sheet in rows.many("sheets", number=number, print=fact.print - 1):
        if sheet["sheet"] in fact.spoiled:
            tell_sheet(rows, entry, sheet, SheetState.SPOILED, fact.reason)
        elif fact.reason == LOST_BEFORE_HAND_OVER and (sheet["state"] in ON_DESK or sheet["category"] == VOID):
            tell_sheet(rows, entry, sheet, SheetState.LOST, fact.reason)


@projects(PrintOrdered)
def print_ordered(fact: PrintOrdered, entry: Entry, rows: Rows) -> None:
    """The certificate is printed on a sister device from now on."""
    number = str(fact.number)
    rows.update("certificates", {"number": number}, {"print_device": fact.device})
    if rows.one("print_orders", number=number, state="received") is None:
        row: Row = {"number": number, "ref": entry.ref, "from_device": entry.envelope.device}
        rows.put("print_orders", row | {"to_device": fact.device, "state": "sent", "at": entry.envelope.at})


@projects(PrintOrderReceived)
def print_order_received(fact: PrintOrderReceived, entry: Entry, rows: Rows) -> None:
    """A sister's certificate to print here; it is shown, its number belongs to the sister."""
    number = str(fact.number)
    order: Row = {"number": number, "ref": entry.ref, "from_device": fact.issued.partition("/")[0]}
    order |= {"to_device": entry.envelope.device, "state": "received", "at": entry.envelope.at}
    rows.put("print_orders", order)
    if rows.one("certificates", number=number) is None:
        content = entry.private if isinstance(entry.private, OrderContent) else None
        rows.insert("certificates", _ordered_certificate(fact) | (_brought(content) if content else {}))
        insert_prints(number, fact.prints, rows)
        _note_used(fact, rows)
    rows.update("certificates", {"number": number}, {"print_device": entry.envelope.device})


def _note_used(fact: PrintOrderReceived, rows: Rows) -> None:
    """The sister used the number by an entry that may come later, or never where her laptop is lost."""
    row = latest_row(rows, str(fact.number))
    if row is not None and row["state"] == NumberState.FREE:
        end_number(rows, row, NumberState.USED.value, fact.issued)


def _brought(content: OrderContent) -> Row:
    return certificate_content(content.record) | party_columns(content.parties)


def _ordered_certificate(fact: PrintOrderReceived) -> Row:
    row: Row = {"number": str(fact.number), "kind": fact.number.kind, "digits": fact.number.digits}
    row |= {"ref": fact.issued, "device": fact.issued.partition("/")[0]}
    return row | {"state": CertificateState.ISSUED.value, "current_print": 1}
