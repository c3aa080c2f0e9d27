"""Cases between the computers of a station on the command line: hand one over, take one in, give it back."""

from __future__ import annotations

from argparse import Namespace

from inspector_app.commands import copies
from inspector_app.commands.output import Output
from inspector_app.commands.parsing import Commands, add_command
from inspector_app.commands.session import read_file, require_writable, signed_in
from inspector_app.domain.refusals import Refused
from inspector_app.services import case_moves


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    parser = add_command(commands, "hand-case", "hand a case over to a sister device", hand_case)
    parser.add_argument("case", metavar="DECLARATION")
    parser.add_argument("--to", required=True, metavar="DEVICE")
    parser.add_argument("--out", required=True, metavar="FILE")
    add_command(commands, "take-case", "take a sister's case in", take_case).add_argument("file")
    parser = add_command(commands, "return-case", "give a case back to the device it came from", return_case)
    parser.add_argument("case", metavar="DECLARATION")
    parser.add_argument("--out", required=True, metavar="FILE")
    parser = add_command(commands, "recover-case", "have a case again from a device that was shut down", recover_case)
    parser.add_argument("case", metavar="DECLARATION")


def hand_case(arguments: Namespace, output: Output) -> int:
    """``inspector hand-case DECLARATION --to DEVICE --out FILE``: here nothing is issued on it any more."""
    with signed_in(arguments) as device:
        require_writable(arguments.out)
        file = case_moves.hand_case(device, arguments.case, arguments.to)
        if isinstance(file, Refused):
            return output.refused(file)
        text = output.phrase("case_handed", case=arguments.case, device=arguments.to)
        said = {"case": arguments.case, "device": arguments.to}
        return copies.with_file(output, said, text, arguments.case, arguments.out, lambda: file)


def take_case(arguments: Namespace, output: Output) -> int:
    """``inspector take-case FILE``: from now on it is issued on here; the same file twice changes nothing."""
    with signed_in(arguments) as device:
        taken = case_moves.take_case(device, read_file(arguments.file))
        if isinstance(taken, Refused):
            return output.refused(taken)
        text = output.phrase("case_taken" if taken.is_new else "case_taken_before", case=taken.declaration)
        return output.result({"case": taken.declaration, "from": taken.giver, "new": taken.is_new}, text)


def return_case(arguments: Namespace, output: Output) -> int:
    """``inspector return-case DECLARATION --out FILE``: back to the device that handed it over."""
    with signed_in(arguments) as device:
        require_writable(arguments.out)
        file = case_moves.return_case(device, arguments.case)
        if isinstance(file, Refused):
            return output.refused(file)
        text = output.phrase("case_returned", case=arguments.case)
        return copies.with_file(output, {"case": arguments.case}, text, arguments.case, arguments.out, lambda: file)


def recover_case(arguments: Namespace, output: Output) -> int:
    """``inspector recover-case DECLARATION``: the province shut down the device it was handed to."""
    with signed_in(arguments) as device:
        entry = case_moves.take_back(device, arguments.case)
        if isinstance(entry, Refused):
            return output.refused(entry)
        text = output.phrase("case_recovered", case=arguments.case)
        return output.result({"case": arguments.case, "entry": entry}, text)
