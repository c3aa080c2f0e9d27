"""Contact with the province on the command line: sync, catch up by stick, ask for numbers."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from inspector_app import bootstrap
from inspector_app.commands.output import DONE, REFUSED, Output
from inspector_app.commands.session import require_writable, signed_in, signed_in_home
from inspector_app.services import number_custody


def sync(arguments: Namespace, output: Output) -> int:
    """``inspector sync``: exit 1 when the device had to stop issuing."""
    with signed_in_home(arguments) as (home, device):
        contact = bootstrap.Contact(home, device)
        report = contact.sync(lambda done, total: output.say(f"{done}/{total}"), lambda: False)
        counts = {"pushed": report.pushed, "pulled": report.pulled, "waiting": report.waiting}
        output.result(report, output.phrase("synced", **counts))
        return REFUSED if report.frozen else DONE


def bundle(arguments: Namespace, output: Output) -> int:
    """``inspector bundle export|import FILE``: the same frames on a stick; exit 1 when the device stopped issuing."""
    return _export(arguments, output) if arguments.direction == "export" else _import(arguments, output)


def _export(arguments: Namespace, output: Output) -> int:
    require_writable(arguments.file)
    with signed_in_home(arguments) as (home, device):
        report = bootstrap.Stick(home, device).export(Path(arguments.file))
        text = output.phrase("exported", entries=report.entries, file=arguments.file)
        return output.result({"file": arguments.file, "entries": report.entries, "bytes": report.size}, text)


def _import(arguments: Namespace, output: Output) -> int:
    with signed_in_home(arguments) as (home, device):
        report = bootstrap.Stick(home, device).take_in(Path(arguments.file))
        counts = {"pushed": report.sent, "pulled": report.pulled, "waiting": report.left}
        output.result({**counts, "frozen": report.frozen}, output.phrase("synced", **counts))
        return REFUSED if report.frozen else DONE


def request_numbers(arguments: Namespace, output: Output) -> int:
    """``inspector request-numbers KIND N``."""
    with signed_in(arguments) as device:
        ref = number_custody.request_block(device, arguments.kind, arguments.wanted, emergency=arguments.emergency)
        return output.outcome(ref, output.phrase("asked", wanted=arguments.wanted, kind=arguments.kind))
