"""Contact with the province on the command line: enrol, sync, ask for numbers."""

from __future__ import annotations

from argparse import Namespace

from inspector_app import bootstrap
from inspector_app.commands.output import DONE, REFUSED, Output
from inspector_app.commands.session import home_folder, passphrase, signed_in, signed_in_home
from inspector_app.errors import StationError
from inspector_app.services import number_custody


def enrol(arguments: Namespace, output: Output) -> int:
    """``inspector enrol --server URL --code CODE --user ID``: join a province; ID is the first person on the device."""
    joining = bootstrap.enrol(home_folder(arguments), arguments.server, arguments.code, name=arguments.name)
    people = joining.people()
    if arguments.user is None:
        names = ", ".join(f"{grant.person} {grant.name}" for grant in people)
        raise StationError("user_needed", people=names)
    if arguments.user not in {grant.person for grant in people}:
        raise StationError("person_not_granted", person=arguments.user)
    device = joining.found(arguments.user, passphrase(arguments))
    head = device.store.head()
    device.store.database.close()
    said = {"device": device.id, "station": device.sheet.station, "practice": device.practice, "entries": head.seq}
    return output.result(said, f"device {device.id[:8]} of station {device.sheet.station} enrolled")


def sync(arguments: Namespace, output: Output) -> int:
    """``inspector sync``: exit 1 when the device had to stop issuing."""
    with signed_in_home(arguments) as (home, device):
        contact = bootstrap.Contact(home, device)
        report = contact.sync(lambda done, total: output.say(f"{done}/{total}"), lambda: False)
        text = f"{report.pushed} uploaded, {report.pulled} received, {report.waiting} waiting"
        output.result(report, text)
        return REFUSED if report.frozen else DONE


def request_numbers(arguments: Namespace, output: Output) -> int:
    """``inspector request-numbers KIND N``."""
    with signed_in(arguments) as device:
        ref = number_custody.request_block(device, arguments.kind, arguments.wanted, emergency=arguments.emergency)
        return output.outcome(ref, f"{arguments.wanted} {arguments.kind} numbers asked for")
