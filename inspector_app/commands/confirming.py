"""Confirming as the second person, on the command line: an act, or the void of a paper by its number."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from inspector_app.clock import legal_date
from inspector_app.commands.forms import require_few
from inspector_app.commands.output import Output
from inspector_app.commands.papers import resolve
from inspector_app.commands.parsing import Commands, add_command, whole
from inspector_app.commands.session import read_file, second_passphrase, signed_in_home
from inspector_app.domain.refusals import Refused
from inspector_app.errors import StationError
from inspector_app.journal.entries.ceremony import Ceremony
from inspector_app.journal.projections import Row
from inspector_app.services import ceremony, handing_over
from inspector_app.services.attaching import attach
from inspector_app.services.device import Device, Session
from inspector_app.services.sign_in import LockedHome
from inspector_app.vault.faults import VaultFault


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    parser = add_command(commands, "confirm-void", "the second person confirms a void", confirm_void)
    parser.add_argument("number")
    _add_second(parser)
    text = "the second person confirms an act; without one, what waits for that"
    parser = add_command(commands, "confirm", text, confirm)
    parser.add_argument("act", nargs="?", metavar="ACT")
    _add_second(parser)


def _add_second(parser: ArgumentParser) -> None:
    """How a second person confirms: apart unless on paper or at this desk."""
    parser.add_argument("--photo", action="append", default=[], metavar="F", help="of the form both signed on paper")
    parser.add_argument("--second", type=whole, metavar="N", help="the person who confirms at this desk")
    parser.add_argument("--second-passphrase-file", metavar="F")


def confirm(arguments: Namespace, output: Output) -> int:
    """``inspector confirm [ACT]``: apart by default, on paper with ``--photo``, together with ``--second``."""
    require_few(arguments.photo)
    with signed_in_home(arguments) as (home, device):
        if arguments.act is None:
            return _waiting(output, ceremony.unconfirmed(device))
        said = output.phrase("confirmed", act=arguments.act)
        if second := _second(home, arguments):
            return output.outcome(ceremony.confirm_together(device, arguments.act, second), said)
        form, photos = _on_paper(device, arguments)
        return output.outcome(ceremony.confirm_act(device, arguments.act, form=form, attachments=photos), said)


def confirm_void(arguments: Namespace, output: Output) -> int:
    """``inspector confirm-void NUMBER``: the same for the void of a paper, by its number."""
    require_few(arguments.photo)
    with signed_in_home(arguments) as (home, device):
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        said = output.phrase("void_confirmed", number=number)
        if second := _second(home, arguments):
            return output.outcome(handing_over.confirm_void_together(device, number, second), said)
        form, photos = _on_paper(device, arguments)
        return output.outcome(handing_over.confirm_void(device, number, form=form, attachments=photos), said)


def _second(home: LockedHome, arguments: Namespace) -> Session | None:
    """The second person at this desk, once their passphrase fits. StationError with the vault's fault."""
    if arguments.second is None:
        return None
    second = home.second(arguments.second, second_passphrase(arguments))
    if isinstance(second, VaultFault):
        raise StationError(second.value)
    return second


def _on_paper(device: Device, arguments: Namespace) -> tuple[Ceremony, list[str]]:
    photos = [attach(device, read_file(name)) for name in arguments.photo]
    return (Ceremony.ON_PAPER if photos else Ceremony.APART), photos


def _waiting(output: Output, rows: list[Row]) -> int:
    for row in rows:
        by, day = int(row["by"] or 0), legal_date(int(row["at"] or 0))
        output.say(output.phrase("unconfirmed", act=str(row["ref"]), kind=str(row["kind"]), by=by, day=day))
    return output.result({"acts": rows}, output.phrase("unconfirmed_count", count=len(rows)))
