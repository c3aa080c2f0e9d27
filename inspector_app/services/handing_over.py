"""Handing the paper to the holder (已签字盖章，交给货主), filing stubs, voiding and confirming voids."""

from __future__ import annotations

from inspector_app.domain.authority import Action
from inspector_app.domain.custody import SheetState
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.certificates import CertificateHandedOver, CertificateVoided, VoidConfirmed
from inspector_app.journal.entries.custody import StubFiled
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.sheets import STUB
from inspector_app.services.device import Device
from inspector_app.services.print_jobs import current_print, number_of
from inspector_app.services.typed import reason_refusals


def _known(device: Device, number: str) -> tuple[Row | None, list[Refusal]]:
    row = device.rows.one("certificates", number=number)
    return row, [] if row else [Refusal(code=RefusalCode.NOT_FOUND, current=number)]


def _in_state(row: Row | None, wanted: str) -> list[Refusal]:
    if row is None or row["state"] == wanted:
        return []
    return [Refusal(code=RefusalCode.WRONG_STATE, current=str(row["state"]), limit=wanted)]


def hand_over(
    device: Device, number: str, *, wet_signature: bool = True, wet_seal: bool = True, file_stub: bool = True
) -> str | Refused:
    """The holder received the travelling sheets; by default the stub goes on file in the same act."""

    def build(act: Act) -> str:
        print_no = int((current_print(device, number) or {})["print"] or 0)
        sheets = device.rows.many("sheets", number=number, print=print_no)
        travelling = [sheet for sheet in sheets if sheet["sheet"] != STUB]
        fact = CertificateHandedOver(
            number=number_of(device, number),
            print=print_no,
            sheets=len(travelling),
            wet_signature=wet_signature,
            wet_seal=wet_seal,
        )
        ref = act.add(fact, sign=device.sign)
        if file_stub and len(sheets) > len(travelling):
            act.add(StubFiled(number=fact.number, print=print_no, sheets=len(sheets) - len(travelling)))
        return ref

    return device.record_unless(lambda: hand_over_refusals(device, number), build)


def hand_over_refusals(device: Device, number: str) -> list[Refusal]:
    """Why a certificate may not be handed over now: its current print must lie on the desk, and once is enough."""
    row, found = _known(device, number)
    found = [*device.may(Action.HAND_OVER), *found, *_in_state(row, "issued")]
    held = current_print(device, number)
    if row is not None and (held is None or held["state"] != "printed"):
        found.append(Refusal(code=RefusalCode.WRONG_STATE, current=str(held["state"]) if held else "", limit="printed"))
    if row is not None and row["handed_over_at"]:
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, current=number))
    return found


def void_refusals(device: Device, number: str, reason: str, on_desk: int, note: str = "") -> list[Refusal]:
    """Why a certificate may not be voided now: before hand-over all its sheets must lie on the desk."""
    row, found = _known(device, number)
    found = [*device.may(Action.VOID), *found, *_in_state(row, "issued")]
    if row is not None and row["device"] != device.id:
        found.append(Refusal(code=RefusalCode.CASE_HANDED_OVER, details={"device": str(row["device"])}))
    found += reason_refusals(device, "void", reason, note)
    if row is not None and not row["handed_over_at"]:
        out = sheets_on_desk(device, number)
        if on_desk != out:
            found.append(Refusal(code=RefusalCode.COPIES_NOT_ON_DESK, field="on_desk", limit=out, current=on_desk))
    return found


def sheets_on_desk(device: Device, number: str) -> int:
    """How many sheets of a certificate the station still has in hand."""
    rows = device.rows.many("sheets", number=number)
    held = (SheetState.PRINTED, SheetState.KEPT, SheetState.SPOILED)
    return sum(1 for row in rows if row["state"] in held)


def void_certificate(device: Device, number: str, *, reason: str, on_desk: int, note: str = "") -> str | Refused:
    """Void (作废), in force at once; the number is never used again and the sheets are marked and kept."""

    def build(act: Act) -> str:
        fact = CertificateVoided(number=number_of(device, number), reason=reason, on_desk=on_desk)
        return act.add(fact, private=note_of(note), sign=device.sign)

    return device.record_unless(lambda: void_refusals(device, number, reason, on_desk, note), build)


def confirm_void(device: Device, number: str) -> str | Refused:
    """The second person confirms a void; one person never counts twice, whatever posts they hold."""

    def build(act: Act) -> str:
        row = device.rows.one("certificates", number=number) or {}
        fact = VoidConfirmed(number=number_of(device, number), void=str(row["void_ref"]))
        return act.add(fact, sign=device.sign)

    return device.record_unless(lambda: confirm_refusals(device, number), build)


def confirm_refusals(device: Device, number: str) -> list[Refusal]:
    """Why this person may not confirm a void now."""
    row, found = _known(device, number)
    found = [*device.may(Action.CONFIRM_VOID), *found, *_in_state(row, "voided")]
    if row is not None and device.session is not None and row["void_by"] == device.session.person:
        found.append(Refusal(code=RefusalCode.ONE_PERSON_TWICE))
    if row is not None and row["void_confirmed_by"]:
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, current=number))
    return found
