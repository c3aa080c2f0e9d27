"""Correction notes and telling the owner, on the command line."""

from __future__ import annotations

from argparse import Namespace

from inspector_app.commands import values
from inspector_app.commands.forms import read_form
from inspector_app.commands.output import Output
from inspector_app.commands.papers import resolve
from inspector_app.commands.session import require_writable, signed_in, write_file
from inspector_app.domain.refusals import Refused
from inspector_app.services import correcting, telling_owners


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
