"""The chain of work on the command line: declare, accept, inspect, sample, result, issue, notice."""

from __future__ import annotations

from argparse import Namespace
from typing import Any, TypeVar

import msgspec

from inspector_app import bootstrap
from inspector_app.commands import copies, papers
from inspector_app.commands.forms import read_form, require_few, unfit
from inspector_app.commands.output import DONE, FAULT, Output
from inspector_app.commands.parsing import Commands, add_command, whole
from inspector_app.commands.session import read_file, require_writable, signed_in, write_file
from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.declaration import DeclarationForm
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, refused
from inspector_app.services import attaching, declaration_papers, declaring, inspecting, issuing, noticing, sampling
from inspector_app.services.device import Device

P = TypeVar("P", inspecting.InspectionForm, sampling.SampleForm, sampling.ResultForm)


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    _add_declarations(commands)
    _add_forms(commands)
    _add_paper(commands)
    _add_issue(commands)


def _add_declarations(commands: Commands) -> None:
    parser = add_command(commands, "declare", "take a declaration down", declare)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("file", nargs="?", metavar="FILE.json")
    source.add_argument("--online", metavar="ID", help="take an online declaration up")
    parser = add_command(commands, "accept", "accept a declaration", accept)
    parser.add_argument("declaration")
    parser.add_argument("--inspect-on", metavar="DATE", default="")
    parser.add_argument("--short-notice", metavar="REASON", default="")
    parser.add_argument("--note", default="", help="words beside the reason, which some reasons demand")
    for parser in (
        add_command(commands, "not-accept", "do not accept a declaration", not_accept),
        add_command(commands, "withdraw", "the declarant takes it back", withdraw),
    ):
        parser.add_argument("declaration")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--note", default="")


def _add_forms(commands: Commands) -> None:
    with_pictures = (
        add_command(commands, "inspect", "record an inspection", inspect),
        add_command(commands, "sample", "record a sample", sample),
        add_command(commands, "result", "record a laboratory's report", result),
    )
    for parser in (*with_pictures, add_command(commands, "notice", "issue a treatment notice", notice)):
        parser.add_argument("file", metavar="FILE.json")
    for parser in with_pictures:
        parser.add_argument("--photo", action="append", default=[], metavar="F", help="keep a photograph with it")
    parser = add_command(commands, "sample-sent", "the sample left for the laboratory", sample_sent)
    parser.add_argument("sample")
    parser.add_argument("--laboratory", type=whole, required=True, metavar="N")
    parser.add_argument("--sent-on", metavar="DATE", default="", help="today unless given")


def _add_paper(commands: Commands) -> None:
    text = "the declaration form or acceptance slip as PDF"
    parser = add_command(commands, "declaration-form", text, declaration_form)
    parser.add_argument("declaration")
    parser.add_argument("--pdf", required=True, metavar="F")
    parser.add_argument("--slip", action="store_true", help="the acceptance slip instead")


def _add_issue(commands: Commands) -> None:
    parser = add_command(commands, "issue", "issue a certificate on an inspected declaration", issue)
    parser.add_argument("declaration")
    parser.add_argument("file", nargs="?", metavar="FILE.json", help="vehicle, destination, quantity …")
    parser.add_argument("--printer", metavar="NAME", help="print it at once, as 'inspector print' would")
    parser.add_argument("--pdf", metavar="F", help="keep a file copy of the page; no print, and not counted as one")
    parser.add_argument("--ticket", metavar="F", help="keep a picture of a portable B; no print either")
    parser.add_argument("--photo", action="append", default=[], metavar="F", help="of the replaced sheets, marked void")


def with_photos(device: Device, form: P, photos: list[str]) -> P:
    """The form with these photographs kept and named; they are on disk before the entry that names them."""
    require_few(photos)
    added: list[str] = [attaching.attach(device, read_file(photo)) for photo in photos]
    return msgspec.structs.replace(form, attachments=[*form.attachments, *added])


def declare(arguments: Namespace, output: Output) -> int:
    """``inspector declare FILE.json``; ``--online ID`` takes an online declaration up as it stands."""
    with signed_in(arguments) as device:
        form = (
            _online_form(device, arguments.online) if arguments.online else read_form(arguments.file, DeclarationForm)
        )
        ref = form if isinstance(form, Refused) else declaring.record_declaration(device, form)
        return output.outcome(ref if isinstance(ref, Refused) else {"declaration": ref}, str(ref))


def _online_form(device: Device, online: str) -> DeclarationForm | Refused:
    row = device.rows.one("online_declarations", online=online)
    if row is None:
        return refused(Refusal(code=RefusalCode.NOT_FOUND, field="online", current=online))
    return declaring.form_from_online(row)


def accept(arguments: Namespace, output: Output) -> int:
    """``inspector accept DECLARATION --inspect-on DATE [--short-notice REASON]``."""
    with signed_in(arguments) as device:
        day = arguments.inspect_on or device.today()
        ref = declaring.accept_declaration(
            device, arguments.declaration, inspect_on=day, short_notice=arguments.short_notice, note=arguments.note
        )
        return output.outcome(ref, output.phrase("accepted", declaration=arguments.declaration, day=day))


def not_accept(arguments: Namespace, output: Output) -> int:
    """``inspector not-accept DECLARATION --reason R``."""
    with signed_in(arguments) as device:
        ref = declaring.refuse_acceptance(device, arguments.declaration, reason=arguments.reason, note=arguments.note)
        return output.outcome(ref, output.phrase("not_accepted", declaration=arguments.declaration))


def withdraw(arguments: Namespace, output: Output) -> int:
    """``inspector withdraw DECLARATION --reason R``."""
    with signed_in(arguments) as device:
        ref = declaring.withdraw_declaration(
            device, arguments.declaration, reason=arguments.reason, note=arguments.note
        )
        return output.outcome(ref, output.phrase("withdrawn", declaration=arguments.declaration))


def inspect(arguments: Namespace, output: Output) -> int:
    """``inspector inspect FILE.json``."""
    with signed_in(arguments) as device:
        form = with_photos(device, read_form(arguments.file, inspecting.InspectionForm), arguments.photo)
        ref = inspecting.complete_inspection(device, form)
        return output.outcome(ref if isinstance(ref, Refused) else {"inspection": ref}, str(ref))


def sample(arguments: Namespace, output: Output) -> int:
    """``inspector sample FILE.json``."""
    with signed_in(arguments) as device:
        form = with_photos(device, read_form(arguments.file, sampling.SampleForm), arguments.photo)
        ref = sampling.take_sample(device, form)
        return output.outcome(ref if isinstance(ref, Refused) else {"sample": ref}, str(ref))


def sample_sent(arguments: Namespace, output: Output) -> int:
    """``inspector sample-sent SAMPLE --laboratory N [--sent-on D]``."""
    with signed_in(arguments) as device:
        day = arguments.sent_on or device.today()
        ref = sampling.send_sample(device, arguments.sample, laboratory=arguments.laboratory, sent_on=day)
        return output.outcome(ref, output.phrase("sample_sent", sample=arguments.sample, day=day))


def result(arguments: Namespace, output: Output) -> int:
    """``inspector result FILE.json``."""
    with signed_in(arguments) as device:
        form = with_photos(device, read_form(arguments.file, sampling.ResultForm), arguments.photo)
        ref = sampling.receive_result(device, form)
        return output.outcome(ref if isinstance(ref, Refused) else {"result": ref}, str(ref))


def issue(arguments: Namespace, output: Output) -> int:
    """``inspector issue DECLARATION [FILE.json] [--printer P] [--pdf F] [--ticket F]``: one certificate on the batch.

    Whatever may stop the file or the printer is asked for before; afterwards the number is told whatever happens.
    """
    with signed_in(arguments) as device:
        printer = bootstrap.printer(arguments.printer, device.clock) if arguments.printer else None
        draft = _draft(device, arguments)
        if isinstance(draft, Refused):
            return output.refused(draft)
        copies.require_fitting(draft.medium, pdf=arguments.pdf, ticket=arguments.ticket)
        require_writable(arguments.pdf, arguments.ticket)
        issued = issuing.issue_certificate(device, draft)
        if isinstance(issued, Refused):
            return output.refused(issued)
        said: dict[str, Any] = {"number": issued.number, "entry": issued.ref}
        printed = papers.printed_at_once(device, issued.number, printer, output) if printer else {}
        copied = copies.keep(device, issued.number, output, pdf=arguments.pdf, ticket=arguments.ticket)
        output.result(said | printed | copied, output.phrase("issued", number=issued.number))
        return FAULT if "file_fault" in copied or printed.get("unprinted") else DONE


def _draft(device: Device, arguments: Namespace) -> IssueDraft | Refused:
    batch = issuing.batch_to_issue(device, arguments.declaration)
    if isinstance(batch, Refused):
        return batch
    proposed: dict[str, Any] = msgspec.to_builtins(issuing.propose(device, batch))
    given = read_form(arguments.file, dict[str, Any]) if arguments.file else {}
    try:
        draft = msgspec.convert(proposed | given, IssueDraft)
    except msgspec.ValidationError as error:
        raise unfit(arguments.file, error) from error
    return _with_proof(device, _with_known_number(device, draft), arguments.photo)


def _with_proof(device: Device, draft: IssueDraft | Refused, photos: list[str]) -> IssueDraft | Refused:
    """The draft with the photographs of what it replaces kept and named."""
    require_few(photos)
    if isinstance(draft, Refused) or not photos:
        return draft
    kept = [attaching.attach(device, read_file(photo)) for photo in photos]
    return msgspec.structs.replace(draft, replaces_photos=[*draft.replaces_photos, *kept])


def _with_known_number(device: Device, draft: IssueDraft) -> IssueDraft | Refused:
    """The draft with the number it replaces as it is written on record."""
    if not draft.replaces.strip():
        return draft
    number = papers.resolve(device, draft.replaces, field="replaces")
    return number if isinstance(number, Refused) else msgspec.structs.replace(draft, replaces=number)


def declaration_form(arguments: Namespace, output: Output) -> int:
    """``inspector declaration-form DECLARATION --pdf F [--slip]``."""
    with signed_in(arguments) as device:
        make = declaration_papers.slip_content if arguments.slip else declaration_papers.declaration_content
        content = make(device, arguments.declaration)
        if isinstance(content, Refused):
            return output.refused(content)
        write_file(arguments.pdf, device.paper.render(content))
        return output.result({"pdf": arguments.pdf}, output.phrase("written", file=arguments.pdf))


def notice(arguments: Namespace, output: Output) -> int:
    """``inspector notice FILE.json``: a treatment notice for a batch that failed."""
    with signed_in(arguments) as device:
        issued = noticing.issue_notice(device, read_form(arguments.file, noticing.NoticeDraft))
        return output.outcome(issued, output.phrase("issued", number=getattr(issued, "number", "")))
