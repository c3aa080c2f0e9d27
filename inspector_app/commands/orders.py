"""Print orders on the command line: let a sister device print a certificate, and take its order in."""

from __future__ import annotations

from argparse import Namespace

from inspector_app.commands import copies
from inspector_app.commands.output import Output
from inspector_app.commands.papers import resolve
from inspector_app.commands.parsing import Commands, add_command
from inspector_app.commands.session import read_file, require_writable, signed_in
from inspector_app.domain.refusals import Refused
from inspector_app.services import print_orders


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    parser = add_command(commands, "order", "let a sister device print a certificate", order)
    parser.add_argument("number")
    parser.add_argument("--to", required=True, metavar="DEVICE")
    parser.add_argument("--out", required=True, metavar="FILE")
    add_command(commands, "receive-order", "take a sister's print order in", receive_order).add_argument("file")


def order(arguments: Namespace, output: Output) -> int:
    """``inspector order NUMBER --to DEVICE --out FILE``: let a sister device print it; asking again makes it anew."""
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        require_writable(arguments.out)
        sealed = number if isinstance(number, Refused) else print_orders.order_print(device, number, arguments.to)
        if isinstance(sealed, Refused):
            return output.refused(sealed)
        text = output.phrase("ordered", number=str(number), device=arguments.to)
        return copies.with_file(output, {"number": number}, text, str(number), arguments.out, lambda: sealed)


def receive_order(arguments: Namespace, output: Output) -> int:
    """``inspector receive-order FILE``: take a sister's print order in."""
    with signed_in(arguments) as device:
        number = print_orders.receive_order(device, read_file(arguments.file))
        if isinstance(number, Refused):
            return output.refused(number)
        return output.result({"number": number}, output.phrase("order_received", number=number))
