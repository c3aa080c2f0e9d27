"""The chain of work on the command line: declare, accept, inspect, sample, result, issue, notice."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from inspector_app.commands import papers
from inspector_app.commands.output import Output
from inspector_app.commands.session import read_file, signed_in, write_file
from inspector_app.domain.certificate import IssueDraft
from inspector_app.domain.declaration import DeclarationForm
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, refused
from inspector_app.errors import StationError
from inspector_app.services import attaching, declaration_papers, declaring, inspecting, issuing, noticing, sampling
from inspector_app.services.device import Device

S = TypeVar("S")


def read_form(name: str, shape: type[S]) -> S:
    """A form from a JSON file. StationError ``form_unreadable`` naming what does not fit."""
    try:
        return msgspec.json.decode(read_file(name), type=shape)
    except msgspec.MsgspecError as error:
        raise StationError("form_unreadable", name=Path(name).name, detail=str(error)) from error


P = TypeVar("P", inspecting.InspectionForm, sampling.SampleForm, sampling.ResultForm)


def with_photos(device: Device, form: P, photos: list[str]) -> P:
    """The form with these photographs kept and named; they are on disk before the entry that names them."""
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
        return output.outcome(ref, f"{arguments.declaration} accepted, inspection on {day}")


def not_accept(arguments: Namespace, output: Output) -> int:
    """``inspector not-accept DECLARATION --reason R``."""
    with signed_in(arguments) as device:
        ref = declaring.refuse_acceptance(device, arguments.declaration, reason=arguments.reason, note=arguments.note)
        return output.outcome(ref, f"{arguments.declaration} not accepted")


def withdraw(arguments: Namespace, output: Output) -> int:
    """``inspector withdraw DECLARATION --reason R``."""
    with signed_in(arguments) as device:
        ref = declaring.withdraw_declaration(
            device, arguments.declaration, reason=arguments.reason, note=arguments.note
        )
        return output.outcome(ref, f"{arguments.declaration} withdrawn")


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


def result(arguments: Namespace, output: Output) -> int:
    """``inspector result FILE.json``."""
    with signed_in(arguments) as device:
        form = with_photos(device, read_form(arguments.file, sampling.ResultForm), arguments.photo)
        ref = sampling.receive_result(device, form)
        return output.outcome(ref if isinstance(ref, Refused) else {"result": ref}, str(ref))


def issue(arguments: Namespace, output: Output) -> int:
    """``inspector issue DECLARATION [FILE.json] [--pdf F] [--ticket F]``: one certificate on the inspected batch."""
    with signed_in(arguments) as device:
        draft = _draft(device, arguments)
        issued = draft if isinstance(draft, Refused) else issuing.issue_certificate(device, draft)
        if isinstance(issued, Refused):
            return output.refused(issued)
        files = papers.write_files(device, issued.number, pdf=arguments.pdf, ticket=arguments.ticket)
        return output.result({"number": issued.number, "entry": issued.ref, **files}, f"{issued.number} issued")


def _draft(device: Device, arguments: Namespace) -> IssueDraft | Refused:
    batch = issuing.batch_to_issue(device, arguments.declaration)
    if isinstance(batch, Refused):
        return batch
    proposed: dict[str, Any] = msgspec.to_builtins(issuing.propose(device, batch))
    given = read_form(arguments.file, dict) if arguments.file else {}
    try:
        return msgspec.convert(proposed | given, IssueDraft)
    except msgspec.ValidationError as error:
        raise StationError("form_unreadable", name=Path(arguments.file).name, detail=str(error)) from error


def declaration_form(arguments: Namespace, output: Output) -> int:
    """``inspector declaration-form DECLARATION --pdf F [--slip]``."""
    with signed_in(arguments) as device:
        make = declaration_papers.slip_content if arguments.slip else declaration_papers.declaration_content
        content = make(device, arguments.declaration)
        if isinstance(content, Refused):
            return output.refused(content)
        write_file(arguments.pdf, device.paper.render(content))
        return output.result({"pdf": arguments.pdf}, f"{arguments.pdf} written")


def notice(arguments: Namespace, output: Output) -> int:
    """``inspector notice FILE.json``: a treatment notice for a batch that failed."""
    with signed_in(arguments) as device:
        issued = noticing.issue_notice(device, read_form(arguments.file, noticing.NoticeDraft))
        return output.outcome(issued, f"{getattr(issued, 'number', '')} issued")
