"""Papers on the command line: print, answer, hand over, void, order a print elsewhere, close the day, verify."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import Any

import msgspec

from inspector_app import bootstrap
from inspector_app.clock import SystemClock, legal_date
from inspector_app.commands import copies, values
from inspector_app.commands.output import DONE, FAULT, REFUSED, Output, in_parts, three_parts
from inspector_app.commands.session import home_folder, read_file, require_writable, signed_in, write_file
from inspector_app.domain.credential import Judgement
from inspector_app.domain.numbering import NumberScheme, parse_number
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, refused
from inspector_app.domain.sentences import describe_verdict
from inspector_app.domain.trust import TrustFile
from inspector_app.errors import StationError
from inspector_app.journal.projections import Row
from inspector_app.ports import Outcome, Printer
from inspector_app.services import attaching, day_close, handing_over, print_jobs, print_orders, verifying
from inspector_app.services.device import Device
from inspector_app.services.print_jobs import Attempt
from inspector_app.services.telling_owners import Order


def resolve(device: Device, typed: str, *, field: str = "") -> str | Refused:
    """The number meant by ``B 9900000003`` or bare digits, however wide or apart; bare digits only when unique."""
    rows = [*device.rows.many("certificates"), *device.rows.many("notices")]
    schemes = {NumberScheme("", str(row["kind"]), "", len(str(row["digits"]))) for row in rows}
    meant = {str(number) for number in parse_number(typed, schemes)}
    found = sorted({str(row["number"]) for row in rows} & meant)
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
        return _with_file(output, {"number": number}, text, number, arguments.draw, lambda: device.files.read(proof[0]))


def _stub_proof(device: Device, number: str, arguments: Namespace) -> tuple[str, list[str]]:
    if arguments.photo:
        return "photo", [attaching.attach(device, read_file(arguments.photo))]
    if arguments.draw:
        return "laser", [handing_over.draw_stub(device, number)]
    return "paper", []


def void(arguments: Namespace, output: Output) -> int:
    """``inspector void NUMBER --reason R [--on-desk N] [--lost PRINT/SHEET,…]``."""
    lost = values.places(arguments.lost)
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        done = handing_over.void_certificate(
            device,
            number,
            reason=arguments.reason,
            on_desk=arguments.on_desk,
            note=arguments.note,
            lost=lost,
            order=Order(arguments.legal_basis, arguments.ordered_by),
        )
        return output.outcome(done, output.phrase("voided", number=number))


def order(arguments: Namespace, output: Output) -> int:
    """``inspector order NUMBER --to DEVICE --out FILE``: let a sister device print it; asking again makes it anew."""
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        require_writable(arguments.out)
        sealed = number if isinstance(number, Refused) else print_orders.order_print(device, number, arguments.to)
        if isinstance(sealed, Refused):
            return output.refused(sealed)
        text = output.phrase("ordered", number=str(number), device=arguments.to)
        return _with_file(output, {"number": number}, text, str(number), arguments.out, lambda: sealed)


def _with_file(
    output: Output, said: dict[str, Any], text: str, subject: str, file: str, content: Callable[[], bytes]
) -> int:
    """What was done, and the file it leaves: should that be missing, what was done is told all the same."""
    try:
        write_file(file, content())
    except StationError as error:
        output.result(said | copies.told(error, subject, output), text)
        return FAULT
    return output.result(said | {"file": file}, text)


def receive_order(arguments: Namespace, output: Output) -> int:
    """``inspector receive-order FILE``: take a sister's print order in."""
    with signed_in(arguments) as device:
        number = print_orders.receive_order(device, read_file(arguments.file))
        if isinstance(number, Refused):
            return output.refused(number)
        return output.result({"number": number}, output.phrase("order_received", number=number))


def close_day(arguments: Namespace, output: Output) -> int:
    """``inspector day-close [--date D] [--pdf F]``."""
    with signed_in(arguments) as device:
        date = arguments.date or device.today()
        require_writable(arguments.pdf)
        closed = day_close.close_day(device, date)
        if isinstance(closed, Refused):
            return output.refused(closed)
        said, text = {"date": date, "entry": closed.ref, "sheet": closed.sheet}, output.phrase("day_closed", date=date)
        if not arguments.pdf:
            return output.result(said, text)
        return _with_file(output, said, text, date, arguments.pdf, lambda: device.files.read(closed.sheet))


def verify(arguments: Namespace, output: Output) -> int:
    """``inspector verify TEXT|IMAGE|PDF [--trust FILE]``: no sign-in, no network; exit 1 unless genuine."""
    trust = _trust(arguments)
    content = _claim(arguments.what)
    now = SystemClock().now().at
    judged = verifying.verify_all(content, trust, now, bootstrap.code_reader())
    said = [_judgement(judgement, output) for judgement in judged]
    for judgement in judged:
        output.say(_verdict_text(judgement, output))
    output.result(said[0] if len(said) == 1 else said)
    return DONE if judged[0].code in ("genuine", "practice:genuine") else REFUSED


def _verdict_text(judgement: Judgement, output: Output) -> str:
    """The verdict, what stands beside it, and always how old the knowledge is (DESIGN 6)."""
    sentence = describe_verdict(output.sentences, judgement, output.lang)
    notes = [output.sentences.of("reasons", reason, output.lang).happened for reason in judgement.reasons]
    if judgement.corrected_ms:
        notes.append(output.phrase("corrected_on", day=legal_date(judgement.corrected_ms)))
    return "\n".join([three_parts(sentence), *notes, output.phrase("trust_age", age=judgement.trust_age_ms)])


def _claim(what: str) -> str | bytes:
    if "://" in what or what.replace(" ", "").isalnum():
        return what
    return read_file(what)


def _trust(arguments: Namespace) -> TrustFile:
    if arguments.trust:
        return verifying.trust_from_pack(read_file(arguments.trust))
    if not (home_folder(arguments) / "home.json").exists():
        raise StationError("trust_missing")
    trust = bootstrap.kept_trust(home_folder(arguments))
    if trust is None:
        raise StationError("trust_missing")
    return trust


def _judgement(judgement: Judgement, output: Output) -> dict[str, Any]:
    sentence = describe_verdict(output.sentences, judgement, output.lang)
    facts = judgement.facts
    return {
        "verdict": judgement.code,
        "number": facts.number if facts else "",
        "print": facts.print_no if facts else 0,
        "trust_age_ms": judgement.trust_age_ms,
        "corrected_on": legal_date(judgement.corrected_ms) if judgement.corrected_ms else "",
        **in_parts(sentence),
    }


def doctor(arguments: Namespace, output: Output) -> int:
    """``inspector doctor``: prove the chain, private parts, projections, equations and files."""
    from inspector_app.store.doctor import examine

    with signed_in(arguments) as device:
        findings = examine(device.store, device.files)
        head = device.store.head()
        said = {"sound": not findings, "entries": head.seq, "head": head.hash.hex()}
        told = [output.sentences.of("faults", finding.code, output.lang) for finding in findings]
        for finding, sentence in zip(findings, told, strict=True):
            output.say(f"{three_parts(sentence)}\n{finding.code}: {finding.where}")
        shown = [msgspec.to_builtins(one) | in_parts(sentence) for one, sentence in zip(findings, told, strict=True)]
        text = output.phrase("sound", entries=head.seq, head=head.hash.hex()[:16]) if not findings else ""
        output.result(said | {"findings": shown}, text)
        return REFUSED if findings else DONE
