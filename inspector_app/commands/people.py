"""Who may use this computer, on the command line: the first person with the province's code, others by a colleague."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from inspector_app import bootstrap
from inspector_app.commands.output import Output
from inspector_app.commands.parsing import Commands, add_command, whole
from inspector_app.commands.session import (
    home_folder,
    locked_home,
    new_passphrase,
    passphrase,
    person,
    read_file,
    require_writable,
)
from inspector_app.commands.succeeding import add_earlier, go_on
from inspector_app.errors import StationError
from inspector_app.services.enrolment import let_colleague_join, require_long_enough
from inspector_app.vault.faults import VaultFault


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    parser = add_command(commands, "enrol", "join a province with a one-time code", enrol)
    parser.add_argument("--server", default="", metavar="URL", help="where to enrol, and to sync from then on")
    stick = parser.add_mutually_exclusive_group()
    stick.add_argument("--request", metavar="FILE", help="write the file that asks the province, without a network")
    stick.add_argument("--bundle", metavar="FILE", help="take in its answer")
    parser.add_argument("--code", required=True)
    parser.add_argument("--name", default="inspector")
    parser.add_argument("--after", dest="earlier", metavar="OLDHOME", help="go on for the computer of this home")
    add_earlier(parser)
    parser.add_argument("--ca", metavar="FILE", help="the province's own CA (PEM), trusted instead of the system's")
    text = "another person joins this computer; --user is a colleague who vouches"
    parser = add_command(commands, "join", text, join)
    parser.add_argument("person", type=whole, help="number of the person who joins")
    parser.add_argument("--new-passphrase-file", metavar="F", help="the new person's passphrase; else asked twice")


def enrol(arguments: Namespace, output: Output) -> int:
    """``inspector enrol --code CODE --user ID --server URL|--bundle FILE``: join a province.

    ID is the first person on the device. By stick, ``--request FILE`` asks first.
    """
    if arguments.request:
        return _ask(arguments, output)
    ca = read_file(arguments.ca) if arguments.ca else b""
    # Before the code is spent on a passphrase that will not do.
    chosen = new_passphrase(arguments, arguments.passphrase_file) if arguments.user is not None else ""
    if chosen:
        require_long_enough(chosen)
    joining = _joining(arguments, ca)
    people = joining.people()
    if arguments.user is None:
        raise StationError("user_needed", people=", ".join(f"{grant.person} {grant.name}" for grant in people))
    if arguments.user not in {grant.person for grant in people}:
        raise StationError("person_not_granted", person=arguments.user)
    device = joining.found(arguments.user, chosen)
    head = device.store.head()
    device.store.database.close()
    said: dict[str, object] = {
        "device": device.id,
        "station": device.sheet.station,
        "practice": device.practice,
        "entries": head.seq,
    }
    if arguments.earlier:
        arguments.by_stick = bool(arguments.bundle)
        return go_on(arguments, output, said)
    return output.result(said, output.phrase("enrolled", device=device.id, station=device.sheet.station))


def _ask(arguments: Namespace, output: Output) -> int:
    require_writable(arguments.request)
    file = Path(arguments.request)
    device = bootstrap.ask_by_stick(home_folder(arguments), arguments.code, file, name=arguments.name)
    return output.result({"device": device, "file": str(file)}, output.phrase("written", file=str(file)))


def _joining(arguments: Namespace, ca: bytes) -> bootstrap.Joining:
    home, server = home_folder(arguments), arguments.server
    if arguments.bundle:
        return bootstrap.enrol_by_stick(home, arguments.code, Path(arguments.bundle), server=server)
    if not server:
        raise StationError("enrol.no_way")
    return bootstrap.enrol(home, server, arguments.code, name=arguments.name, ca=ca)


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
