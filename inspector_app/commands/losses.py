"""Losses on the command line: the list, the papers, publication, reports, the conclusion; numbers found again."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import msgspec

from inspector_app.commands.forms import require_few
from inspector_app.commands.output import Output
from inspector_app.commands.parsing import NUMBER_KINDS, Commands, Handler, Parser, add_command
from inspector_app.commands.session import read_file, require_writable, signed_in, write_file
from inspector_app.domain.refusals import Refused
from inspector_app.services import following_losses, loss_cases
from inspector_app.services.attaching import attach
from inspector_app.services.loss_cases import LossCase, Recipient, Term
from inspector_app.services.recipients import recipient

PAPERS = {"notice": "notice.pdf", "to_authority": "report-authority.pdf", "to_institution": "report-institution.pdf"}
"""The files ``loss-papers --out DIR`` writes."""


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    parser = add_command(commands, "losses", "losses and what is due about each", show_losses)
    parser.add_argument("--all", action="store_true", help="concluded ones too")
    text = "draw the public notice and both reports of a loss"
    parser = _add_loss(commands, "loss-papers", text, draft_papers)
    parser.add_argument("--out", required=True, metavar="DIR")
    parser = _add_step(commands, "loss-published", "the notice of a loss was published", publish)
    parser.add_argument("--medium", required=True, help="a code of the list loss_medium")
    parser.add_argument("--name", required=True, help="which newspaper or site, and where in it")
    for parser in (
        _add_step(commands, "loss-reported", "a report was sent", report),
        _add_step(commands, "loss-acknowledged", "a report was acknowledged", acknowledge),
    ):
        parser.add_argument("--to", required=True, choices=("authority", "institution"))
    parser = _add_loss(commands, "loss-concluded", "close the case of a loss", conclude)
    parser.add_argument("--cause", required=True, help="a code of the list loss_cause")
    parser.add_argument("--conclusion", required=True, help="a code of the list loss_conclusion")
    parser.add_argument("--note", default="")
    parser = add_command(commands, "report-found", "lost numbers turned up: they stay dead", report_found)
    parser.add_argument("kind", choices=NUMBER_KINDS)
    parser.add_argument("numbers", metavar="RANGE")
    parser.add_argument("--on", default="", metavar="DAY", help="when they turned up; else today")
    parser.add_argument("--note", default="")


def _add_loss(commands: Commands, name: str, text: str, answer: Handler) -> Parser:
    parser = add_command(commands, name, text, answer)
    parser.add_argument("loss", metavar="LOSS", help="the entry that told of it, or a number of it (B 9900000021)")
    return parser


def _add_step(commands: Commands, name: str, text: str, answer: Handler) -> Parser:
    parser = _add_loss(commands, name, text, answer)
    parser.add_argument("--on", default="", metavar="DAY", help="else today")
    parser.add_argument("--photo", action="append", default=[], metavar="F")
    parser.add_argument("--note", default="")
    return parser


def show_losses(arguments: Namespace, output: Output) -> int:
    """``inspector losses [--all]``: every loss with what is due; concluded ones only with ``--all``."""
    with signed_in(arguments) as device:
        cases = loss_cases.loss_cases(device) if arguments.all else loss_cases.open_losses(device)
        for case in cases:
            _say_case(case, output)
        told = {to.value: recipient(device, to) for to in Recipient}
        if any(not case.concluded for case in cases):
            output.say(output.phrase("loss_recipients", **told))
        return output.result({"losses": cases, "recipients": told}, output.phrase("losses_count", count=len(cases)))


def _say_case(case: LossCase, output: Output) -> None:
    word = output.sentences.word
    said = {"span": case.span, "cause": word("loss", case.cause, output.lang), "day": case.lost_on}
    output.say(output.phrase("loss_line", **said, loss=case.ref))
    for term in case.terms:
        step = word("loss_step", loss_cases.step_name(term.step, term.to), output.lang)
        output.say("  " + output.phrase(_term_phrase(term), step=step, due=term.due_on, done=term.done_on))
    for level, day in case.passed.items():
        output.say("  " + output.phrase("loss_passed", level=word("level", level, output.lang), day=day))
    if case.used:
        output.say("  " + output.phrase("loss_used", numbers=", ".join(case.used)))
    if case.found:
        output.say("  " + output.phrase("loss_found", numbers=", ".join(case.found)))


def _term_phrase(term: Term) -> str:
    if term.done_on:
        return "loss_term_done"
    return "loss_term_overdue" if term.overdue else "loss_term_due"


def draft_papers(arguments: Namespace, output: Output) -> int:
    """``inspector loss-papers LOSS --out DIR``: draw the notice and both reports, keep them, and write them there."""
    files = {name: str(Path(arguments.out) / file) for name, file in PAPERS.items()}
    for file in files.values():
        require_writable(file)
    with signed_in(arguments) as device:
        made = following_losses.draft_papers(device, arguments.loss)
        if isinstance(made, Refused):
            return output.refused(made)
        for name, file in files.items():
            write_file(file, device.files.read(getattr(made, name)))
        return output.result(msgspec.to_builtins(made) | {"files": files}, output.phrase("written", file=arguments.out))


def publish(arguments: Namespace, output: Output) -> int:
    """``inspector loss-published LOSS --medium M --name N --photo F``."""
    told = {"medium": arguments.medium, "name": arguments.name, "published_on": arguments.on}
    return _follow(arguments, output, following_losses.publish, "loss_published", told)


def report(arguments: Namespace, output: Output) -> int:
    """``inspector loss-reported LOSS --to authority|institution``."""
    told = {"to": arguments.to, "sent_on": arguments.on}
    return _follow(arguments, output, following_losses.report, "loss_sent", told)


def acknowledge(arguments: Namespace, output: Output) -> int:
    """``inspector loss-acknowledged LOSS --to authority|institution``."""
    told = {"to": arguments.to, "acknowledged_on": arguments.on}
    return _follow(arguments, output, following_losses.acknowledge, "loss_acknowledged", told)


def _follow(
    arguments: Namespace, output: Output, step: Callable[..., str | Refused], phrase: str, told: dict[str, str]
) -> int:
    """One more step of a loss, with its photographs and its note."""
    require_few(arguments.photo)
    with signed_in(arguments) as device:
        photos = [attach(device, read_file(name)) for name in arguments.photo]
        done = step(device, arguments.loss, attachments=photos, note=arguments.note, **told)
        return output.outcome(done, output.phrase(phrase, loss=arguments.loss))


def conclude(arguments: Namespace, output: Output) -> int:
    """``inspector loss-concluded LOSS --cause C --conclusion C``."""
    with signed_in(arguments) as device:
        done = following_losses.conclude(
            device, arguments.loss, cause=arguments.cause, conclusion=arguments.conclusion, note=arguments.note
        )
        return output.outcome(done, output.phrase("loss_concluded", loss=arguments.loss))


def report_found(arguments: Namespace, output: Output) -> int:
    """``inspector report-found KIND RANGE``."""
    with signed_in(arguments) as device:
        done = following_losses.report_found(
            device, arguments.kind, arguments.numbers, found_on=arguments.on, note=arguments.note
        )
        return output.outcome(done, output.phrase("found_reported", kind=arguments.kind, numbers=arguments.numbers))
