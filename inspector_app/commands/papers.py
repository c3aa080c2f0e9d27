"""Papers on the command line: print, answer, hand over, void, order a print elsewhere, close the day, verify."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from inspector_app import bootstrap
from inspector_app.clock import SystemClock
from inspector_app.commands.output import REFUSED, Output
from inspector_app.commands.session import home_folder, read_file, signed_in, write_file
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, refused
from inspector_app.domain.sentences import describe_verdict
from inspector_app.domain.trust import TrustFile
from inspector_app.errors import StationError
from inspector_app.services import day_close, handing_over, print_jobs, print_orders, verifying
from inspector_app.services.device import Device
from inspector_app.services.print_jobs import content_of, current_print, media_type

TICKET_DPI = 203


def write_files(device: Device, number: str, *, pdf: str | None, ticket: str | None) -> dict[str, str]:
    """Write the current print where the person asked: PDF of a laser form, PNG of a thermal one."""
    print_no = int((current_print(device, number) or {})["print"] or 0)
    content = content_of(device, number, print_no)
    written = {}
    if pdf and media_type(content.form) == "application/pdf":
        write_file(pdf, device.paper.render(content))
        written["pdf"] = pdf
    if ticket and media_type(content.form) != "application/pdf":
        write_file(ticket, device.paper.picture(content, TICKET_DPI)[0])
        written["ticket"] = ticket
    return written


def resolve(device: Device, typed: str) -> str | Refused:
    """The number meant by ``B 9900000003`` or bare digits; bare digits only when they mean one paper."""
    wanted = typed.strip().upper()
    rows = [*device.rows.many("certificates"), *device.rows.many("notices")]
    found = [str(row["number"]) for row in rows if wanted in (row["number"], row["digits"])]
    if len(found) == 1:
        return found[0]
    code = RefusalCode.AMBIGUOUS if found else RefusalCode.NOT_FOUND
    return refused(Refusal(code=code, current=typed, details={"candidates": ", ".join(found)}))


def print_paper(arguments: Namespace, output: Output) -> int:
    """``inspector print NUMBER --printer NAME [--reason R --spoiled 1,2]``: print, or release the next print first."""
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        if isinstance(number, str) and arguments.reason:
            released = print_jobs.release_spare(
                device, number, reason=arguments.reason, spoiled=arguments.spoiled, note=arguments.note
            )
            number = released if isinstance(released, Refused) else number
        if isinstance(number, Refused):
            return output.refused(number)
        attempt = print_jobs.submit(device, number, bootstrap.printer(arguments.printer))
        if isinstance(attempt, Refused):
            return output.refused(attempt)
        report = attempt.report
        said = {"attempt": attempt.ref, "print": attempt.print_no, "printer_says": report.outcome.value}
        text = f"{number} print {attempt.print_no}: {report.outcome.value} {', '.join(report.reasons)}".rstrip()
        return output.result(said | {"reasons": report.reasons}, text)


def answer(arguments: Namespace, output: Output) -> int:
    """``inspector answer NUMBER printed|not_printed|unknown|spoiled``: what a person saw of the open attempt."""
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        rows = [row for row in print_jobs.open_attempts(device) if row["number"] == number]
        if not rows:
            return output.refused(refused(Refusal(code=RefusalCode.NOT_FOUND, field="attempt", current=number)))
        ref = print_jobs.answer(device, str(rows[0]["ref"]), arguments.outcome)
        return output.outcome(ref, f"{number}: {arguments.outcome}")


def hand_over(arguments: Namespace, output: Output) -> int:
    """``inspector hand-over CERT``."""
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        done = number if isinstance(number, Refused) else handing_over.hand_over(device, number)
        return output.outcome(done, f"{number} handed over")


def void(arguments: Namespace, output: Output) -> int:
    """``inspector void NUMBER --reason R [--on-desk N]``."""
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        if isinstance(number, Refused):
            return output.refused(number)
        on_desk = handing_over.sheets_on_desk(device, number) if arguments.on_desk is None else arguments.on_desk
        done = handing_over.void_certificate(
            device, number, reason=arguments.reason, on_desk=on_desk, note=arguments.note
        )
        return output.outcome(done, f"{number} void")


def order(arguments: Namespace, output: Output) -> int:
    """``inspector order NUMBER --to DEVICE --out FILE``: let a sister device print it."""
    with signed_in(arguments) as device:
        number = resolve(device, arguments.number)
        sealed = number if isinstance(number, Refused) else print_orders.order_print(device, number, arguments.to)
        if isinstance(sealed, Refused):
            return output.refused(sealed)
        write_file(arguments.out, sealed)
        return output.result({"number": number, "file": arguments.out}, f"{number} to be printed by {arguments.to[:8]}")


def receive_order(arguments: Namespace, output: Output) -> int:
    """``inspector receive-order FILE``: take a sister's print order in."""
    with signed_in(arguments) as device:
        number = print_orders.receive_order(device, read_file(arguments.file))
        return output.outcome(number if isinstance(number, Refused) else {"number": number}, f"{number} to print here")


def close_day(arguments: Namespace, output: Output) -> int:
    """``inspector day-close [--date D] [--pdf F]``."""
    with signed_in(arguments) as device:
        date = arguments.date or device.today()
        closed = day_close.close_day(device, date)
        if isinstance(closed, Refused):
            return output.refused(closed)
        if arguments.pdf:
            write_file(arguments.pdf, device.files.read(closed.sheet))
        return output.result({"date": date, "entry": closed.ref, "sheet": closed.sheet}, f"{date} closed")


def verify(arguments: Namespace, output: Output) -> int:
    """``inspector verify TEXT|IMAGE|PDF [--trust FILE]``: no sign-in, no network; exit 1 unless genuine."""
    trust = _trust(arguments)
    content = _claim(arguments.what)
    now = SystemClock().now().at
    judged = verifying.verify_all(content, trust, now, bootstrap.code_reader())
    said = [_judgement(judgement, output) for judgement in judged]
    worst = judged[0]
    output.result(said[0] if len(said) == 1 else said, said[0]["sentence"])
    return 0 if worst.code in ("genuine", "practice:genuine") else REFUSED


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


def _judgement(judgement: Any, output: Output) -> dict[str, Any]:
    sentence = describe_verdict(output.sentences, judgement, output.lang)
    facts = judgement.facts
    return {
        "verdict": judgement.code,
        "number": facts.number if facts else "",
        "print": facts.print_no if facts else 0,
        "trust_age_ms": judgement.trust_age_ms,
        "sentence": sentence.happened,
        "what_to_do": sentence.todo,
    }


def doctor(arguments: Namespace, output: Output) -> int:
    """``inspector doctor``: prove the chain, private parts, projections, equations and files."""
    from inspector_app.store.doctor import examine

    with signed_in(arguments) as device:
        findings = examine(device.store, device.files)
        head = device.store.head()
        said = {"sound": not findings, "entries": head.seq, "head": head.hash.hex(), "findings": findings}
        text = f"{head.seq} entries, head {head.hash.hex()[:16]}: sound" if not findings else ""
        for finding in findings:
            output.say(f"{finding.code}: {finding.where}")
        output.result(said, text)
        return REFUSED if findings else 0
