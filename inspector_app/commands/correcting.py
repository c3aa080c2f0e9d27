"""Correction notes and telling the owner, on the command line."""

from __future__ import annotations

from argparse import Namespace

from inspector_app.commands import values
from inspector_app.commands.forms import read_form
from inspector_app.commands.output import Output
from inspector_app.commands.papers import resolve
from inspector_app.commands.parsing import Commands, add_command
from inspector_app.commands.session import require_writable, signed_in, write_file
from inspector_app.domain.refusals import Refused
from inspector_app.services import correcting, telling_owners


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    text = "correct fields of a certificate on the road by a note"
    parser = add_command(commands, "correct", text, correct)
    parser.add_argument("number")
    parser.add_argument("file", metavar="FILE.json", help="the new values by field")
    parser.add_argument("--reason", required=True, help="a code of the list correction")
    parser.add_argument("--note", default="")
    parser.add_argument("--pdf", metavar="F")
    text = "the owner knows that the paper in their hands ended"
    parser = add_command(commands, "owner-told", text, tell_owner)
    parser.add_argument("number")
    parser.add_argument("--means", required=True, help="a code of the list owner_told")
    parser.add_argument("--at", metavar="TIME")
    parser.add_argument("--note", default="")


def correct(arguments: Namespace, output: Output) -> int:
    """``inspector correct NUMBER FILE.json --reason R [--pdf F]``: FILE holds the new values by field."""
    told = read_form(arguments.file, dict[str, str])
    require_writable(arguments.pdf)
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        ref = correcting.correct(device, number, told, reason=arguments.reason, note=arguments.note)
        if isinstance(ref, Refused):
            return output.refused(ref)
        if arguments.pdf:
            write_file(arguments.pdf, device.files.read(correcting.draw_note(device, ref)))
        said = {"number": number, "entry": ref, "fields": sorted(told)}
        return output.result(said, output.phrase("corrected", number=number))


def tell_owner(arguments: Namespace, output: Output) -> int:
    """``inspector owner-told NUMBER --means M [--at T]``: the owner knows that the paper in their hands ended."""
    told_at = values.moment(arguments.at)
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        done = telling_owners.tell_owner(device, number, means=arguments.means, told_at=told_at, note=arguments.note)
        return output.outcome(done, output.phrase("owner_told", number=number))
