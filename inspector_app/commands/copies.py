"""Files an act leaves: ``--pdf`` and ``--ticket`` of ``issue``, a sheet or an order. A copy is no print, no attempt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inspector_app.commands.output import FAULT, Output
from inspector_app.commands.session import write_file
from inspector_app.errors import StationError
from inspector_app.services.case import LASER
from inspector_app.services.device import Device
from inspector_app.services.print_jobs import THERMAL, content_of, current_print, kept_bytes

TICKET_DPI = 203


def require_fitting(medium: str, *, pdf: str | None, ticket: str | None) -> None:
    """A page is kept as PDF, a thermal paper as a picture. StationError ``option_does_not_fit``."""
    if ticket and medium == LASER:
        raise StationError("option_does_not_fit", option="--ticket", instead="--pdf")
    if pdf and medium.startswith(THERMAL):
        raise StationError("option_does_not_fit", option="--pdf", instead="--ticket")


def keep(device: Device, number: str, output: Output, *, pdf: str | None, ticket: str | None) -> dict[str, Any]:
    """Write the copies of a certificate that is in force; a fault is told beside the number, not instead of it."""
    try:
        return _write(device, number, pdf=pdf, ticket=ticket)
    except StationError as error:
        return told(error, number, output)
    except Exception:  # noqa: BLE001 - the certificate is in force, and its number is told whatever happens
        return told(StationError("bug"), number, output)


def told(error: StationError, subject: str, output: Output) -> dict[str, Any]:
    """A fault of the file that an act which holds should have left."""
    output.complain(error)
    output.complain(StationError("copy_not_written", subject=subject))
    return {"file_fault": output.fault_told(error)}


def _write(device: Device, number: str, *, pdf: str | None, ticket: str | None) -> dict[str, Any]:
    if not pdf and not ticket:
        return {}
    print_no = int((current_print(device, number) or {})["print"] or 0)
    content = content_of(device, number, print_no)
    if pdf:
        # Bytes that went to a printer already are kept; a copy is the same to the byte.
        write_file(pdf, kept_bytes(device, number, print_no) or device.paper.render(content))
        return {"pdf": pdf}
    assert ticket
    write_file(ticket, device.paper.picture(content, TICKET_DPI)[0])
    return {"ticket": ticket}


def with_file(
    output: Output, said: dict[str, Any], text: str, subject: str, file: str, content: Callable[[], bytes]
) -> int:
    """What was done, and the file it leaves: should that be missing, what was done is told all the same."""
    try:
        write_file(file, content())
    except StationError as error:
        output.result(said | told(error, subject, output), text)
        return FAULT
    return output.result(said | {"file": file}, text)
