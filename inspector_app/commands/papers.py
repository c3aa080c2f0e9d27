"""Papers on the command line: print, answer, hand over, void, file the stub."""

from __future__ import annotations

import unicodedata
from argparse import BooleanOptionalAction, Namespace
from typing import Any

from inspector_app import bootstrap
from inspector_app.commands import copies, values
from inspector_app.commands.forms import require_few
from inspector_app.commands.output import DONE, FAULT, REFUSED, Output
from inspector_app.commands.parsing import Commands, add_command, whole
from inspector_app.commands.session import read_file, require_writable, signed_in
from inspector_app.domain.numbering import NumberScheme, parse_number
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, refused
from inspector_app.errors import StationError
from inspector_app.journal.projections import Row
from inspector_app.ports import Outcome, Printer
from inspector_app.services import attaching, handing_over, number_custody, print_jobs
from inspector_app.services.device import Device
from inspector_app.services.marked_sheets import Marked
from inspector_app.services.on_desk import paper_row
from inspector_app.services.print_jobs import Attempt
from inspector_app.services.telling_owners import Order


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    _add_printing(commands)
    _add_hand_over(commands)
    _add_stub(commands)
    _add_void(commands)


def _add_printing(commands: Commands) -> None:
    parser = add_command(commands, "print", "print a paper, or its next print with a reason", print_paper)
    parser.add_argument("number")
    parser.add_argument("--printer", required=True, metavar="NAME")
    parser.add_argument("--reason", default="", help="release the next print for this reason")
    parser.add_argument("--spoiled", default="", metavar="1,2", help="spoiled sheets of the print before")
    parser.add_argument("--note", default="", help="words beside the reason, which some reasons demand")
    parser.add_argument("--paper", default="", metavar="DIGITS", help="the number on a pre-numbered sheet")
    parser = add_command(commands, "answer", "how the open print came out", answer)
    parser.add_argument("number")
    parser.add_argument("outcome", choices=("printed", "not_printed", "unknown", "spoiled"))
    parser = add_command(commands, "cancel-print", "take the open print back from its printer", cancel_print)
    parser.add_argument("number")


def _add_hand_over(commands: Commands) -> None:
    """What is on the paper is signed for by whoever hands it over, so it is said and never supposed."""
    parser = add_command(commands, "hand-over", "the holder received the paper", hand_over)
    parser.add_argument("number")
    for name, text in (("--wet-signature", "signed by hand"), ("--wet-seal", "stamped with the official seal")):
        parser.add_argument(name, action=BooleanOptionalAction, required=True, help=text)
    parser.add_argument("--receipt", action=BooleanOptionalAction, default=False, help="a notice's party signed for it")
    parser.add_argument("--at", metavar='"YYYY-MM-DD HH:MM"', help="when, if it was earlier than now")
    parser.add_argument("--late-reason", default="", metavar="R", help="why it is recorded more than an hour later")
    parser.add_argument("--note", default="", help="words beside the reason, which some reasons demand")
    parser.add_argument("--stub", action=BooleanOptionalAction, default=True, help="the stub goes on file now")


def _add_stub(commands: Commands) -> None:
    text = "the station's copy goes on file; a thermal one with its proof"
    parser = add_command(commands, "file-stub", text, file_stub)
    parser.add_argument("number")
    parser.add_argument("--box", default="", metavar="MARK", help="the box or folder it lies in, such as 2026-B-03")
    proof = parser.add_mutually_exclusive_group()
    proof.add_argument("--photo", metavar="F", help="photograph of the thermal stub")
    proof.add_argument("--draw", metavar="F", help="draw the A4 stub into this PDF, to be printed and filed")


def _add_void(commands: Commands) -> None:
    parser = add_command(commands, "void", "void a certificate", void)
    parser.add_argument("number")
    parser.add_argument("--reason", required=True)
    parser.add_argument("--on-desk", type=whole, default=0, metavar="N", help="its sheets, counted on the desk")
    parser.add_argument("--lost", default="", metavar="1/2,…", help="sheets nobody can find, each as PRINT/SHEET")
    parser.add_argument("--note", default="")
    parser.add_argument("--photo", action="append", default=[], metavar="F", help="of the sheets, marked void")
    parser.add_argument("--no-picture", default="", metavar="R", help="why there is none: list no_picture")
    parser.add_argument("--legal-basis", default="", metavar="B", help="of revoking or seizing what its owner holds")
    parser.add_argument("--ordered-by", type=whole, default=0, metavar="N", help="the person who ordered that")


def resolve(device: Device, typed: str, *, field: str = "") -> str | Refused:
    """The number meant by ``B 9900000003`` or bare digits, however wide or apart; bare digits only when unique."""
    # As wide as it was typed: each number that may be meant is looked up, and no list of papers is read.
    width = sum(map(str.isdecimal, unicodedata.normalize("NFKC", typed)))
    meant = parse_number(typed, [NumberScheme("", kind, "", width) for kind in number_custody.KINDS])
    found = [str(one) for one in meant if paper_row(device, str(one)) is not None]
    if len(found) == 1:
        return found[0]
    code = RefusalCode.AMBIGUOUS if found else RefusalCode.NOT_FOUND
    return refused(Refusal(code=code, field=field, current=typed, details={"candidates": ", ".join(found)}))


def print_paper(arguments: Namespace, output: Output) -> int:
    """``inspector print NUMBER --printer NAME [--reason R --spoiled 1,2]``: print, or release the next print first."""
    spoiled = values.sheets(arguments.spoiled)
    with signed_in(arguments) as device:
        printer = bootstrap.printer(arguments.printer, device.clock)
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        if arguments.reason:
            return _print_next(device, number, printer, spoiled, arguments, output)
        attempt = print_jobs.submit(device, number, printer, paper=arguments.paper)
        if isinstance(attempt, Refused):
            return output.refused(attempt)
        output.result(attempt_told(attempt), sent_text(attempt, output))
        return _after(attempt, output, arguments.printer)


def _print_next(
    device: Device, number: str, printer: Printer, spoiled: list[int], arguments: Namespace, output: Output
) -> int:
    """Release the next print and send it: what was released is told whatever the printer does."""
    released = print_jobs.release_spare(device, number, reason=arguments.reason, spoiled=spoiled, note=arguments.note)
    if isinstance(released, Refused):
        return output.refused(released)
    output.say(output.phrase("released", number=number, print=released))
    printed = printed_at_once(device, number, printer, output, paper=arguments.paper)
    output.result({"number": number, "released": released, **printed})
    return FAULT if printed.get("unprinted") else DONE


def attempt_told(attempt: Attempt) -> dict[str, Any]:
    """An attempt and the printer's word so far."""
    report = attempt.report
    said = {"attempt": attempt.ref, "print": attempt.print_no, "printer_says": report.outcome.value}
    return said | {"reasons": report.reasons}


def sent_text(attempt: Attempt, output: Output) -> str:
    """The same as a line for people."""
    report = attempt.report
    said = report.outcome.value
    text = output.phrase("attempted", number=attempt.number, print=attempt.print_no, outcome=said)
    reasons = [output.sentences.word("printer_reason", reason, output.lang) for reason in report.reasons]
    return f"{text} ({', '.join(reasons)})" if reasons else text


def _after(attempt: Attempt, output: Output, printer: str) -> int:
    """A printer that took nothing is a fault of the environment, though the attempt is on record."""
    report = attempt.report
    if not reached_nobody(attempt):
        return DONE
    for reason in report.reasons:
        output.complain_of(reason, {"printer": printer})
    return FAULT


def reached_nobody(attempt: Attempt) -> bool:
    """Whether it is certain already that nothing was printed."""
    return attempt.report.settled and attempt.report.outcome is Outcome.NOT_PRINTED


def printed_at_once(
    device: Device, number: str, printer: Printer, output: Output, *, paper: str = ""
) -> dict[str, Any]:
    """Print a certificate just issued; whatever comes of it, the number is in force and told by the caller.

    ``unprinted`` is there when nothing went to the printer.
    """
    try:
        attempt = print_jobs.submit(device, number, printer, paper=paper)
    except StationError as error:
        output.complain(error)
        return {"unprinted": output.fault_told(error)}
    if isinstance(attempt, Refused):
        told = output.refusals_told(attempt)
        for reason in told:
            output.say("\n".join(filter(None, (reason["sentence"], reason["safe"], reason["what_to_do"]))))
        return {"unprinted": told}
    output.say(sent_text(attempt, output))
    _after(attempt, output, printer.name)
    return attempt_told(attempt) | ({"unprinted": attempt.report.reasons} if reached_nobody(attempt) else {})


def answer(arguments: Namespace, output: Output) -> int:
    """``inspector answer NUMBER printed|not_printed|unknown|spoiled``: what a person saw of the open attempt."""
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        attempt = _open_attempt(device, number)
        if isinstance(attempt, Refused):
            return output.refused(attempt)
        printer = bootstrap.printer(str(attempt["printer"]), device.clock)
        ref = print_jobs.answer(device, str(attempt["ref"]), arguments.outcome, printer)
        return output.outcome(ref, output.phrase("answered", number=number, outcome=arguments.outcome))


def _open_attempt(device: Device, number: str) -> Row | Refused:
    rows = [row for row in print_jobs.open_attempts(device) if row["number"] == number]
    missing = Refusal(code=RefusalCode.NOT_FOUND, field="attempt", current=number)
    return rows[0] if rows else refused(missing)


def cancel_print(arguments: Namespace, output: Output) -> int:
    """``inspector cancel-print NUMBER``: take the open print back from its printer. Exit 1 unless it is seen gone."""
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        attempt = number if isinstance(number, Refused) else _open_attempt(device, number)
        if isinstance(attempt, Refused):
            return output.refused(attempt)
        printer = bootstrap.printer(str(attempt["printer"]), device.clock)
        report = print_jobs.cancel(device, str(attempt["ref"]), printer)
        sent = Attempt(str(attempt["ref"]), str(number), int(attempt["print"] or 0), report)
        output.result(attempt_told(sent), sent_text(sent, output))
        return DONE if reached_nobody(sent) else REFUSED


def hand_over(arguments: Namespace, output: Output) -> int:
    """``inspector hand-over NUMBER --[no-]wet-signature --[no-]wet-seal [--receipt] [--no-stub] [--at T]``."""
    handed = handing_over.Handed(values.moment(arguments.at), arguments.late_reason, arguments.note)
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        done = handing_over.hand_over(
            device,
            number,
            wet_signature=arguments.wet_signature,
            wet_seal=arguments.wet_seal,
            receipt_signed=arguments.receipt,
            file_stub=arguments.stub,
            handed=handed,
        )
        return output.outcome(done, output.phrase("handed_over", number=number))


def file_stub(arguments: Namespace, output: Output) -> int:
    """``inspector file-stub NUMBER [--photo F | --draw F]``: the station's copy goes on file."""
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        require_writable(arguments.draw)
        means, proof = _stub_proof(device, number, arguments)
        done = handing_over.file_stub(device, number, means=means, attachments=proof, box=arguments.box)
        text = output.phrase("stub_filed", number=number)
        if isinstance(done, Refused) or not arguments.draw:
            return output.outcome(done, text)
        return copies.with_file(
            output, {"number": number}, text, number, arguments.draw, lambda: device.files.read(proof[0])
        )


def _stub_proof(device: Device, number: str, arguments: Namespace) -> tuple[str, list[str]]:
    if arguments.photo:
        return "photo", [attaching.attach(device, read_file(arguments.photo))]
    if arguments.draw:
        return "laser", [handing_over.draw_stub(device, number)]
    return "paper", []


def void(arguments: Namespace, output: Output) -> int:
    """``inspector void NUMBER --reason R [--on-desk N --photo F] [--lost PRINT/SHEET,…]``."""
    require_few(arguments.photo)
    lost = values.places(arguments.lost)
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        photos = [attaching.attach(device, read_file(name)) for name in arguments.photo]
        done = handing_over.void_certificate(
            device,
            number,
            reason=arguments.reason,
            on_desk=arguments.on_desk,
            note=arguments.note,
            lost=lost,
            order=Order(arguments.legal_basis, arguments.ordered_by),
            marked=Marked(photos, arguments.no_picture),
        )
        return output.outcome(done, output.phrase("voided", number=number))
