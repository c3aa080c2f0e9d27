"""Contact with the province on the command line: sync, and catching up by stick."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from inspector_app import bootstrap
from inspector_app.commands.output import DONE, REFUSED, Output
from inspector_app.commands.parsing import Commands, add_command
from inspector_app.commands.session import require_writable, signed_in_home
from inspector_app.ports import SyncReport


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    parser = add_command(commands, "sync", "catch up with the province", sync)
    parser.add_argument("--no-attachments", action="store_true", help="entries only; photographs and scans wait")
    parser = add_command(commands, "bundle", "catch up by stick", bundle)
    parser.add_argument("direction", choices=("export", "import"), help="to the province; its answer from it")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--no-attachments", action="store_true", help="export entries only")


def sync(arguments: Namespace, output: Output) -> int:
    """``inspector sync``: exit 1 when the device had to stop issuing."""
    with signed_in_home(arguments) as (home, device):
        contact = bootstrap.Contact(home, device)
        told = _Told(output)
        report = contact.sync(told, lambda: False, attachments=not arguments.no_attachments)
        counts = {"pushed": report.pushed, "pulled": report.pulled, "waiting": report.waiting}
        output.result(report, "\n".join([output.phrase("synced", **counts), *_attachments_told(report, output)]))
        return REFUSED if report.frozen else DONE


class _Told:
    """Says how far a contact is, a line each time."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def __call__(self, done: int, total: int, size: int = 0) -> None:
        """Entries as ``3/12``, attachments with the bytes that went."""
        self._output.say(f"{done}/{total}" + (f" {shown_size(size)}" if size else ""))


def _attachments_told(report: SyncReport, output: Output) -> list[str]:
    """What became of the attachments; nothing where there were none."""
    if not report.attachments_sent and not report.attachments_left:
        return []
    sent, left = report.attachments_sent, report.attachments_left
    return [output.phrase("attachments_synced", sent=sent, left=left, size=shown_size(report.attachment_bytes_left))]


def shown_size(count: int) -> str:
    """Bytes as people read them, in KB or MB."""
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{-(-count // 1024)} KB"


def bundle(arguments: Namespace, output: Output) -> int:
    """``inspector bundle export|import FILE``: the same frames on a stick; exit 1 when the device stopped issuing."""
    return _export(arguments, output) if arguments.direction == "export" else _import(arguments, output)


def _export(arguments: Namespace, output: Output) -> int:
    require_writable(arguments.file)
    with signed_in_home(arguments) as (home, device):
        report = bootstrap.Stick(home, device).export(Path(arguments.file), attachments=not arguments.no_attachments)
        text = output.phrase("exported", entries=report.entries, file=arguments.file)
        if report.attachments or report.attachments_left:
            counts = {"attachments": report.attachments, "left": report.attachments_left}
            text += "\n" + output.phrase("attachments_exported", **counts)
        said = {"file": arguments.file, "entries": report.entries, "bytes": report.size}
        said |= {"attachments": report.attachments, "attachments_left": report.attachments_left}
        return output.result(said, text)


def _import(arguments: Namespace, output: Output) -> int:
    with signed_in_home(arguments) as (home, device):
        report = bootstrap.Stick(home, device).take_in(Path(arguments.file))
        counts = {"pushed": report.sent, "pulled": report.pulled, "waiting": report.left}
        output.result({**counts, "frozen": report.frozen}, output.phrase("synced", **counts))
        return REFUSED if report.frozen else DONE
