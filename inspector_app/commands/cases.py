"""Cases between the computers of a station on the command line: hand one over, take one in, give it back.

A case travels as a file (``--out``), or straight over the local network to a computer that waits for it (``--nearby``).
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from inspector_app.commands import copies
from inspector_app.commands.output import FAULT, Output
from inspector_app.commands.parsing import Commands, add_command
from inspector_app.commands.session import read_file, require_writable, signed_in
from inspector_app.domain.refusals import Refused
from inspector_app.errors import StationError
from inspector_app.services import case_files, case_moves
from inspector_app.services.case_moves import Taken
from inspector_app.services.device import Device
from sync import nearby

WAIT_SECONDS = 300


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    parser = add_command(commands, "hand-case", "hand a case over to a sister device", hand_case)
    parser.add_argument("case", metavar="DECLARATION")
    parser.add_argument("--to", required=True, metavar="DEVICE")
    _add_ways(parser)
    parser = add_command(commands, "take-case", "take a sister's case in", take_case)
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("file", nargs="?")
    way.add_argument("--nearby", type=int, metavar="PORT", help="wait for it on the local network; 0: any port")
    parser = add_command(commands, "return-case", "give a case back to the device it came from", return_case)
    parser.add_argument("case", metavar="DECLARATION")
    _add_ways(parser)
    parser = add_command(commands, "recover-case", "have a case again from a device that was shut down", recover_case)
    parser.add_argument("case", metavar="DECLARATION")


def _add_ways(parser: ArgumentParser) -> None:
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--out", metavar="FILE")
    way.add_argument("--nearby", metavar="HOST:PORT", help="where the other computer waits")


def hand_case(arguments: Namespace, output: Output) -> int:
    """``inspector hand-case DECLARATION --to DEVICE --out FILE``: here nothing is issued on it any more."""
    with signed_in(arguments) as device:
        require_writable(arguments.out)
        file = case_moves.hand_case(device, arguments.case, arguments.to)
        if isinstance(file, Refused):
            return output.refused(file)
        text = output.phrase("case_handed", case=arguments.case, device=arguments.to)
        return _leave(arguments, output, {"case": arguments.case, "device": arguments.to}, text, file)


def return_case(arguments: Namespace, output: Output) -> int:
    """``inspector return-case DECLARATION --out FILE``: back to the device that handed it over."""
    with signed_in(arguments) as device:
        require_writable(arguments.out)
        file = case_moves.return_case(device, arguments.case)
        if isinstance(file, Refused):
            return output.refused(file)
        text = output.phrase("case_returned", case=arguments.case)
        return _leave(arguments, output, {"case": arguments.case}, text, file)


def _leave(arguments: Namespace, output: Output, said: dict[str, Any], text: str, file: bytes) -> int:
    """Write the file or send it; the case is not here any more, whatever becomes of that."""
    if arguments.out:
        return copies.with_file(output, said, text, arguments.case, arguments.out, lambda: file)
    to, code = case_files.word_of(case_files.read_file(file)).fact.device, nearby.code_of(file)
    output.say(output.phrase("case_code", code=code))
    try:
        nearby.send(arguments.nearby, file, to=to)
    except StationError as error:
        output.result(said | copies.told(error, arguments.case, output), text)
        return FAULT
    return output.result(said | {"code": code}, text)


def take_case(arguments: Namespace, output: Output) -> int:
    """``inspector take-case FILE``: from now on it is issued on here; the same file twice changes nothing."""
    with signed_in(arguments) as device:
        if arguments.nearby is None:
            return _tell_taken(case_moves.take_case(device, read_file(arguments.file)), output, {})
        return _wait(device, arguments.nearby, output)


def _wait(device: Device, port: int, output: Output) -> int:
    outcomes: list[Taken | Refused] = []
    code = ""

    def accept(file: bytes) -> bool:
        nonlocal code
        code = nearby.code_of(file)
        output.say(output.phrase("case_code", code=code))
        outcomes.append(case_moves.take_case(device, file))
        return isinstance(outcomes[-1], Taken)

    with nearby.Waiting(device.id, port=port) as waiting:
        output.say(output.phrase("case_waits", port=waiting.port))
        waiting.take(accept, seconds=WAIT_SECONDS)
    return _tell_taken(outcomes[-1], output, {"code": code})


def _tell_taken(taken: Taken | Refused, output: Output, said: dict[str, Any]) -> int:
    if isinstance(taken, Refused):
        return output.refused(taken)
    text = output.phrase("case_taken" if taken.is_new else "case_taken_before", case=taken.declaration)
    return output.result({"case": taken.declaration, "from": taken.giver, "new": taken.is_new} | said, text)


def recover_case(arguments: Namespace, output: Output) -> int:
    """``inspector recover-case DECLARATION``: the province shut down the device it was handed to."""
    with signed_in(arguments) as device:
        entry = case_moves.take_back(device, arguments.case)
        if isinstance(entry, Refused):
            return output.refused(entry)
        text = output.phrase("case_recovered", case=arguments.case)
        return output.result({"case": arguments.case, "entry": entry}, text)
