"""Who may use this computer, on the command line: the first person with the province's code, others by a colleague."""

from __future__ import annotations

from argparse import Namespace

from inspector_app import bootstrap
from inspector_app.commands.output import Output
from inspector_app.commands.session import (
    home_folder,
    locked_home,
    new_passphrase,
    passphrase,
    person,
    read_file,
)
from inspector_app.errors import StationError
from inspector_app.services.enrolment import let_colleague_join, require_long_enough
from inspector_app.vault.faults import VaultFault


def enrol(arguments: Namespace, output: Output) -> int:
    """``inspector enrol --server URL --code CODE --user ID``: join a province; ID is the first person on the device."""
    ca = read_file(arguments.ca) if arguments.ca else b""
    # Before the code is spent on a passphrase that will not do.
    chosen = new_passphrase(arguments, arguments.passphrase_file) if arguments.user is not None else ""
    if chosen:
        require_long_enough(chosen)
    joining = bootstrap.enrol(home_folder(arguments), arguments.server, arguments.code, name=arguments.name, ca=ca)
    people = joining.people()
    if arguments.user is None:
        raise StationError("user_needed", people=", ".join(f"{grant.person} {grant.name}" for grant in people))
    if arguments.user not in {grant.person for grant in people}:
        raise StationError("person_not_granted", person=arguments.user)
    device = joining.found(arguments.user, chosen)
    head = device.store.head()
    device.store.database.close()
    said = {"device": device.id, "station": device.sheet.station, "practice": device.practice, "entries": head.seq}
    return output.result(said, output.phrase("enrolled", device=device.id, station=device.sheet.station))


def join(arguments: Namespace, output: Output) -> int:
    """``inspector --user COLLEAGUE join PERSON [--new-passphrase-file F]``: another person joins this computer."""
    with locked_home(arguments) as home:
        by, known = person(arguments, home), passphrase(arguments)
        chosen = new_passphrase(arguments, arguments.new_passphrase_file)
        joined = let_colleague_join(home, by=by, by_passphrase=known, person=arguments.person, passphrase=chosen)
        if isinstance(joined, VaultFault):
            raise StationError(joined.value)
        said = {"person": arguments.person, "entries": joined.store.head().seq}
        return output.result(said, output.phrase("joined", person=arguments.person))
