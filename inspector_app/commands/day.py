"""The close of the day on the command line."""

from __future__ import annotations

from argparse import Namespace

from inspector_app.commands import copies
from inspector_app.commands.output import Output
from inspector_app.commands.parsing import Commands, add_command
from inspector_app.commands.session import require_writable, signed_in
from inspector_app.domain.refusals import Refused
from inspector_app.services import day_close


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    parser = add_command(commands, "day-close", "close the day", close_day)
    parser.add_argument("--date", default="")
    parser.add_argument("--pdf", metavar="F")


def close_day(arguments: Namespace, output: Output) -> int:
    """``inspector day-close [--date D] [--pdf F]``."""
    with signed_in(arguments) as device:
        date = arguments.date or device.today()
        require_writable(arguments.pdf)
        closed = day_close.close_day(device, date)
        if isinstance(closed, Refused):
            return output.refused(closed)
        said, text = {"date": date, "entry": closed.ref, "sheet": closed.sheet}, output.phrase("day_closed", date=date)
        if not arguments.pdf:
            return output.result(said, text)
        return copies.with_file(output, said, text, date, arguments.pdf, lambda: device.files.read(closed.sheet))
