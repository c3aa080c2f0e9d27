"""Contact with the province on the command line: sync, and catching up by stick."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from inspector_app import bootstrap
from inspector_app.commands.output import DONE, REFUSED, Output
from inspector_app.commands.parsing import Commands, add_command
from inspector_app.commands.session import require_writable, signed_in_home


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    add_command(commands, "sync", "catch up with the province", sync)
    parser = add_command(commands, "bundle", "catch up by stick", bundle)
    parser.add_argument("direction", choices=("export", "import"), help="to the province; its answer from it")
    parser.add_argument("file", metavar="FILE")


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
