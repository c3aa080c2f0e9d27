"""Custody of numbers on the command line: give unused ones back, report lost ones."""

from __future__ import annotations

from argparse import Namespace

from inspector_app.commands.output import Output
from inspector_app.commands.session import signed_in
from inspector_app.services import losses, number_custody


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
