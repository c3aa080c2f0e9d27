"""Old papers in few words: four persons for a destruction, papers written off, terms that have passed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inspector_app.domain.quantities import Quantity
from inspector_app.domain.writing_off import CHECKS, CopyRead
from inspector_app.journal.entries.sheets import SheetName
from inspector_app.services.attaching import attach
from inspector_app.services.ceremony import confirm_act
from inspector_app.services.destroying import Destruction, enter_signed, request_destruction, review
from inspector_app.services.device import Device, Session
from inspector_app.services.on_desk import Sheet
from inspector_app.services.writing_off import WriteOffForm, WrittenOff, sheets_there, write_off
from tests.office import HEAD, VET, HandClock, Office
from tests.services.work import TEN_THOUSAND_FISH, acting, collect_marked, done, handed_over, void_paper

DEPUTY, LEGAL = 15, 16
PHOTO = b"%PDF-1.7 a signed form"
TODAY = "2026-11-21"
TRAVELLING = Sheet(1, 2)


def staff(office: Office, *devices: Device) -> None:
    """The vet is keeper, the head only head; deputy leader and legal representative stand in the roster."""
    grants = [
        office.grant(VET, "vet", "keeper", kinds=("A", "B")),
        office.grant(HEAD, "head"),
        office.grant(DEPUTY, "deputy", name="沈分管"),
        office.grant(LEGAL, "legal", name="高法人"),
    ]
    for device in devices:
        office.publish(device, *grants)


def photo(device: Device) -> list[str]:
    """A photograph kept on the device."""
    return [attach(device, PHOTO)]


def named(number: str, at: Sheet) -> SheetName:
    """The name of one sheet."""
    kind, _, digits = number.partition(" ")
    return SheetName(kind, digits, at.print_no, at.sheet)


def collected(device: Device) -> str:
    """A certificate that was voided and brought back by its holder."""
    number = handed_over(device)
    done(void_paper(device, number, reason="trip_cancelled", on_desk=0))
    done(collect_marked(device, number, TRAVELLING, reason="voided"))
    return number


def form(device: Device, number: str, **changes: Any) -> WriteOffForm:
    """Everything in order: each sheet there says what the record says."""
    issued_on = str((device.rows.one("certificates", number=number) or {})["issued_on"])
    there = sheets_there(device, number, 1)
    copies = [
        CopyRead(sheet=sheet, issued_on=issued_on, quantity=Quantity(10, 0, TEN_THOUSAND_FISH)) for sheet in there
    ]
    fields: dict[str, Any] = {
        "number": number,
        "print": 1,
        "checks": [check.code for check in device.catalogue.checks(CHECKS, device.today())],
        "copies": copies,
        "same_hand": True,
    }
    return WriteOffForm(**{**fields, **changes})


def written_off(device: Device, number: str, **changes: Any) -> WrittenOff:
    """A paper written off by the keeper."""
    return done(write_off(device, form(device, number, **changes)))


def due(device: Device, clock: HandClock) -> list[SheetName]:
    """A collected sheet that is written off and whose year of keeping has passed."""
    number = collected(device)
    written_off(device, number)
    clock.forward(days=366)
    return [named(number, TRAVELLING)]


def requested(device: Device, sheets: Sequence[SheetName]) -> str:
    """A request for destruction by shredding."""
    return done(
        request_destruction(device, sheets, method="shredding", planned_on=device.today(), counted=len(sheets))
    ).ref


def signed(device: Device, request: str, head: Session) -> str:
    """The head reviewed it, both signed it on paper, the head confirmed that."""
    with acting(device, head):
        done(review(device, request, counted=len(device.rows.many("destruction_sheets", request=request))))
    act = done(
        enter_signed(device, request, deputy=DEPUTY, legal=LEGAL, signed_on=device.today(), photos=photo(device))
    )
    with acting(device, head):
        done(confirm_act(device, act))
    return act


def carried_out(device: Device, **changes: Any) -> Destruction:
    """One sheet shredded today, the deputy being present."""
    fields: dict[str, Any] = {
        "method": "shredding",
        "counted": 1,
        "destroyed_on": device.today(),
        "supervisor": DEPUTY,
        "photos": tuple(photo(device)),
    }
    return Destruction(**{**fields, **changes})
