"""Contact with the province on the command line: sync, and catching up by stick."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import msgspec

from inspector_app import bootstrap
from inspector_app.clock import MS_PER_MINUTE
from inspector_app.commands.output import DONE, REFUSED, Output
from inspector_app.commands.parsing import Commands, add_command
from inspector_app.commands.remarks import say_remarks
from inspector_app.commands.session import require_writable, signed_in_home
from inspector_app.ports import SyncReport
from inspector_app.services import outcomes
from inspector_app.services.device import Device
from sync import schedule


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    parser = add_command(commands, "sync", "catch up with the province", sync)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--when-due", action="store_true", help="only if the schedule asks for a contact now")
    how.add_argument("--status", action="store_true", help="what is well, what needs you, what waits; no contact")
    how.add_argument("--diagnose", action="store_true", help="find where the line to the province ends")
    parser.add_argument("--no-attachments", action="store_true", help="entries only; photographs and scans wait")
    parser = add_command(commands, "bundle", "catch up by stick", bundle)
    parser.add_argument("direction", choices=("export", "import"), help="to the province; its answer from it")
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--no-attachments", action="store_true", help="export entries only")


def sync(arguments: Namespace, output: Output) -> int:
    """``inspector sync``: exit 1 when the device had to stop issuing, or the line ends somewhere (``--diagnose``)."""
    with signed_in_home(arguments) as (home, device):
        contact = bootstrap.Contact(home, device)
        if arguments.status:
            return _status(device, contact, output)
        if arguments.diagnose:
            return _diagnose(contact, output)
        if arguments.when_due and not contact.plan().is_due:
            return _not_yet(contact.plan(), output)
        return _sync(device, contact, arguments, output)


def _sync(device: Device, contact: bootstrap.Contact, arguments: Namespace, output: Output) -> int:
    def told(done: int, total: int, size: int = 0) -> None:
        if size:  # before the first answer nothing has happened that could be told
            output.say(output.phrase("sync_progress", done=done, total=total, size=shown_size(size)))

    report = contact.sync(told, lambda: False, by_hand=not arguments.when_due, attachments=not arguments.no_attachments)
    counts = {"pushed": report.pushed, "pulled": report.pulled, "waiting": report.waiting}
    found = outcomes.summary(device)
    told_all = {**msgspec.to_builtins(report), "summary": found}
    lines = [output.phrase("synced", **counts), *_attachments_told(report, output), _summed_up(found, output)]
    output.result(told_all, "\n".join(lines))
    return REFUSED if report.frozen else DONE


def _summed_up(found: outcomes.Summary, output: Output) -> str:
    return output.phrase("sync_summary", ok=found.ok, need=found.asks, wait=found.waiting)


def _not_yet(plan: schedule.Plan, output: Output) -> int:
    text = output.phrase("sync_not_due", minutes=-(-plan.in_ms // MS_PER_MINUTE))
    return output.result({"due": False, "in_ms": plan.in_ms}, text)


def _status(device: Device, contact: bootstrap.Contact, output: Output) -> int:
    """What is well, what needs somebody and what waits; exit 1 while something needs somebody."""
    found, asking = outcomes.summary(device), outcomes.open_remarks(device)
    last, plan = contact.last(), contact.plan()
    output.say(_summed_up(found, output))
    say_remarks(device, output, asking)
    if last is not None and last.code:
        output.complain_of(last.code, last.details)
    value = {"summary": found, "need_you": asking, "papers": outcomes.paper_outcomes(device)}
    value |= {"last": last, "due": plan.is_due, "in_ms": plan.in_ms}
    output.result(value, output.phrase("sync_not_due", minutes=-(-plan.in_ms // MS_PER_MINUTE)))
    return REFUSED if found.asks else DONE


def _diagnose(contact: bootstrap.Contact, output: Output) -> int:
    """A line a step, and the three parts of the first that failed."""
    found = contact.diagnose(lambda _step: None, lambda: False)
    for one in found.findings:
        output.say(output.phrase("probe", step=one.step.value, outcome=one.outcome.value))
    failing = found.failing
    said = output.fault_told_of(failing.code, failing.seen) if failing is not None else {}
    if failing is not None:
        output.complain_of(failing.code, failing.seen)
    output.result({"steps": found.findings, "failing": failing.step if failing else "", **said})
    return DONE if failing is None else REFUSED


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
