"""Unused numbers on the command line: ask for them, give them back, report lost ones."""

from __future__ import annotations

from argparse import Namespace

from inspector_app.commands.output import Output
from inspector_app.commands.parsing import NUMBER_KINDS, Commands, add_command, whole
from inspector_app.commands.session import signed_in
from inspector_app.domain.supply import SupplyCode
from inspector_app.services import losses, number_custody, supplies


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    parser = add_command(commands, "request-numbers", "ask the province for more numbers", request_numbers)
    parser.add_argument("kind", choices=NUMBER_KINDS)
    parser.add_argument("wanted", type=whole)
    parser.add_argument("--emergency", action="store_true")
    text = "give unused numbers back, to the end of their block"
    parser = add_command(commands, "return-numbers", text, return_numbers)
    parser.add_argument("kind", choices=NUMBER_KINDS)
    parser.add_argument("numbers", metavar="RANGE", help="for example 9900000021-9900000050 or 9900000021-50")
    parser.add_argument("--reason", required=True, help="a code of the list number_return")
    parser.add_argument("--note", default="")
    text = "report unused numbers as lost, stolen or damaged: they are dead at once"
    parser = add_command(commands, "report-loss", text, report_loss)
    parser.add_argument("kind", choices=NUMBER_KINDS)
    parser.add_argument("numbers", metavar="RANGE")
    parser.add_argument("--cause", required=True, help="lost, stolen or damaged")
    parser.add_argument("--on", default="", metavar="DAY", help="when it was noticed; else today")
    parser.add_argument("--note", default="")


def request_numbers(arguments: Namespace, output: Output) -> int:
    """``inspector request-numbers KIND N``: with what the keeper above will meet, where it is over the cap (G14)."""
    with signed_in(arguments) as device:
        ahead = supplies.cap_ahead(device, arguments.kind, arguments.wanted)
        ref = number_custody.request_block(device, arguments.kind, arguments.wanted, emergency=arguments.emergency)
        for one in ahead if isinstance(ref, str) else ():
            output.say(output.sentences.of("stock", SupplyCode.OVER_CAP, output.lang, one.details).whole)
        return output.outcome(ref, output.phrase("asked", wanted=arguments.wanted, kind=arguments.kind))


def return_numbers(arguments: Namespace, output: Output) -> int:
    """``inspector return-numbers KIND RANGE --reason R``."""
    with signed_in(arguments) as device:
        ref = number_custody.return_numbers(
            device, arguments.kind, arguments.numbers, reason=arguments.reason, note=arguments.note
        )
        return output.outcome(ref, _said(output, "numbers_returned", arguments))


def report_loss(arguments: Namespace, output: Output) -> int:
    """``inspector report-loss KIND RANGE --cause C``."""
    with signed_in(arguments) as device:
        ref = losses.report_loss(
            device,
            arguments.kind,
            arguments.numbers,
            cause=arguments.cause,
            found_out_on=arguments.on,
            note=arguments.note,
        )
        return output.outcome(ref, _said(output, "loss_reported", arguments))


def _said(output: Output, phrase: str, arguments: Namespace) -> str:
    return output.phrase(phrase, kind=arguments.kind, numbers=arguments.numbers)
