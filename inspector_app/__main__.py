"""``inspector``: without a command the desktop opens; everything the screens do, a command does too."""

from __future__ import annotations

import sys
from argparse import SUPPRESS, ArgumentParser, BooleanOptionalAction, Namespace, _SubParsersAction
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import msgspec

from inspector_app import config
from inspector_app.commands.output import DONE, FAULT, WRONG_USAGE, Output, leave_quietly, speak_utf8
from inspector_app.domain.canonical import MAX_INTEGER
from inspector_app.errors import StationError

if TYPE_CHECKING:
    Commands = _SubParsersAction["Parser"]

Handler = Callable[[Namespace, Output], int]
PASSED_ON = ("demo", "simulate", "province", "practice-province")
WITH_VALUE = ("--home", "--user", "--passphrase-file", "--lang")
INTERRUPTED = 130


class UsageError(Exception):
    """The command line was not understood; the text is argparse's, with the usage above it."""

    def __init__(self, usage: str, said: str) -> None:
        super().__init__(said)
        self.usage, self.said = usage, said


class Parser(ArgumentParser):
    """Says what it did not understand to whoever asked, instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        """Raise :class:`UsageError`."""
        raise UsageError(self.format_usage(), message)


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = sys.argv[1:] if argv is None else argv
    speak_utf8()
    try:
        return _run(given)
    except UsageError as error:
        return _misunderstood(error, as_json="--json" in given)
    except BrokenPipeError:
        leave_quietly()
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(given: list[str]) -> int:
    try:
        return _dispatch(given)
    finally:
        # Here, where a reader who has gone is noticed, and not when the interpreter ends.
        sys.stdout.flush()


def _dispatch(given: list[str]) -> int:
    at = _command_at(given)
    if given[at : at + 1] and given[at] in PASSED_ON:
        return _pass_on(given[at], given[:at] + given[at + 1 :])
    arguments = _parser().parse_args(given)
    if arguments.command is None:
        return _open_desktop(arguments)
    return _answer(arguments, _output(arguments))


def _output(arguments: Namespace) -> Output:
    from inspector_app import bootstrap

    return Output(as_json=arguments.json, lang=arguments.lang, sentences=bootstrap.sentences())


def _answer(arguments: Namespace, output: Output) -> int:
    """The one place where what a command raises becomes a sentence and an exit code."""
    try:
        return _handler(arguments.command)(arguments, output)
    except StationError as error:
        return output.fault(error)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the person reads a sentence and not a traceback
        return output.bug(error)


def _command_at(given: list[str]) -> int:
    """Where the command's name stands: behind the options of every command."""
    at = 0
    while at < len(given) and given[at].startswith("-"):
        at += 2 if given[at] in WITH_VALUE else 1
    return at


def _misunderstood(error: UsageError, *, as_json: bool) -> int:
    if as_json:
        print(msgspec.json.encode({"fault": "wrong_usage", "details": {"said": error.said}}).decode())
    print(f"{error.usage}inspector: {error.said}", file=sys.stderr)
    return WRONG_USAGE


def _pass_on(command: str, rest: list[str]) -> int:
    if command == "demo":
        from inspector_app.demo.run import main as demo

        return demo(rest)
    if command == "simulate":
        from simulation.run import main as simulate

        return simulate(rest)
    if command == "practice-province":
        from inspector_app.practice.province import main as practice_province

        return practice_province(rest)
    from province.__main__ import main as province

    return province(rest)


def _open_desktop(arguments: Namespace) -> int:
    """The desktop over ``--home``, else over practice mode."""
    if not config.has_display():
        print("No display: the desktop cannot open here. Try 'python3 run.py demo'.", file=sys.stderr)
        return FAULT
    from inspector_app import bootstrap, surroundings
    from ui.application import run

    try:
        if arguments.home:
            home = bootstrap.open_home(Path(arguments.home), doing="desktop")
            around = surroundings.Surroundings(home)
        else:
            home, around = surroundings.open_practice(config.default_home() / "practice", print)
    except StationError as error:
        return _output(arguments).fault(error)
    try:
        return run(home, around)
    finally:
        around.close()


def _handler(command: str) -> Handler:
    from inspector_app.commands import (
        contact,
        correcting,
        custody,
        ledgers,
        losses,
        old_sheets,
        overview,
        papers,
        people,
        stock,
        work,
    )

    handlers: dict[str, Handler] = {
        "ready": overview.check_ready,
        "list": overview.show_list,
        "numbers": overview.show_numbers,
        "trace": ledgers.trace,
        "ledger": ledgers.ledger,
        "declare": work.declare,
        "accept": work.accept,
        "not-accept": work.not_accept,
        "withdraw": work.withdraw,
        "inspect": work.inspect,
        "sample": work.sample,
        "sample-sent": work.sample_sent,
        "result": work.result,
        "issue": work.issue,
        "notice": work.notice,
        "declaration-form": work.declaration_form,
        "print": papers.print_paper,
        "answer": papers.answer,
        "cancel-print": papers.cancel_print,
        "hand-over": papers.hand_over,
        "file-stub": papers.file_stub,
        "void": papers.void,
        "confirm-void": custody.confirm_void,
        "confirm": custody.confirm,
        "order": papers.order,
        "receive-order": papers.receive_order,
        "day-close": papers.close_day,
        "verify": papers.verify,
        "doctor": papers.doctor,
        "sync": contact.sync,
        "bundle": contact.bundle,
        "enrol": people.enrol,
        "join": people.join,
        "request-numbers": contact.request_numbers,
        "return-numbers": custody.return_numbers,
        "report-loss": custody.report_loss,
        "correct": correcting.correct,
        "owner-told": correcting.tell_owner,
        "losses": losses.show_losses,
        "loss-papers": losses.draft_papers,
        "loss-published": losses.publish,
        "loss-reported": losses.report,
        "loss-acknowledged": losses.acknowledge,
        "loss-concluded": losses.conclude,
        "report-found": losses.report_found,
        "stocktake": stock.stocktake,
        "case": stock.case,
        "storage": stock.storage,
        "supervision": stock.supervise,
        "opening": stock.take_over,
        "spoil": old_sheets.spoil,
        "collect": old_sheets.collect,
        "lost": old_sheets.lost,
        "found": old_sheets.found,
        "hand-in": old_sheets.hand_in,
        "write-off": old_sheets.write_off,
        "due": old_sheets.due,
        "request-destruction": old_sheets.request_destruction,
        "destructions": old_sheets.destructions,
        "review-destruction": old_sheets.review_destruction,
        "approve-destruction": old_sheets.approve_destruction,
        "sign-destruction": old_sheets.sign_destruction,
        "destroy": old_sheets.destroy,
        "book": old_sheets.show_book,
    }
    return handlers[command]


def _parser() -> ArgumentParser:
    parser = Parser(prog="inspector", description="Offline certificates for aquatic seed (水产苗种产地检疫出证)")
    parser.add_argument("--version", action="version", version=f"inspector {config.VERSION}")
    _common(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_work(commands)
    _add_papers(commands)
    _add_overview(commands)
    _add_losses(commands)
    _add_contact(commands)
    _add_stocktake(commands)
    _add_stores(commands)
    _add_supervision(commands)
    _add_old_sheets(commands)
    _add_destruction(commands)
    for name, text in (
        ("demo", "one working day, told line by line"),
        ("simulate", "the deterministic world"),
        ("province", "the provincial server's own commands"),
    ):
        commands.add_parser(name, help=text)
    return parser


def _common(parser: ArgumentParser, *, again: bool = False) -> None:
    """Options of every command; they may stand before the command or after it (``again``)."""
    plain = SUPPRESS if again else None
    parser.add_argument("--home", default=plain, help="folder of the station's home")
    parser.add_argument("--user", type=_whole, default=plain, help="person's number")
    parser.add_argument("--passphrase-file", default=plain, metavar="F")
    parser.add_argument("--json", action="store_true", default=SUPPRESS if again else False, help="JSON on stdout")
    parser.add_argument("--lang", choices=("zh", "en"), default=SUPPRESS if again else "en")


def _command(commands: Commands, name: str, text: str) -> Parser:
    parser = commands.add_parser(name, help=text, description=text)
    _common(parser, again=True)
    return parser


def _add_work(commands: Commands) -> None:
    declare = _command(commands, "declare", "take a declaration down")
    source = declare.add_mutually_exclusive_group(required=True)
    source.add_argument("file", nargs="?", metavar="FILE.json")
    source.add_argument("--online", metavar="ID", help="take an online declaration up")
    accept = _command(commands, "accept", "accept a declaration")
    accept.add_argument("declaration")
    accept.add_argument("--inspect-on", metavar="DATE", default="")
    accept.add_argument("--short-notice", metavar="REASON", default="")
    accept.add_argument("--note", default="", help="words beside the reason, which some reasons demand")
    for name, text in (("not-accept", "do not accept a declaration"), ("withdraw", "the declarant takes it back")):
        closing = _command(commands, name, text)
        closing.add_argument("declaration")
        closing.add_argument("--reason", required=True)
        closing.add_argument("--note", default="")
    for name, text in (
        ("inspect", "record an inspection"),
        ("sample", "record a sample"),
        ("result", "record a laboratory's report"),
        ("notice", "issue a treatment notice"),
    ):
        form = _command(commands, name, text)
        form.add_argument("file", metavar="FILE.json")
        if name != "notice":
            form.add_argument("--photo", action="append", default=[], metavar="F", help="keep a photograph with it")
    sent = _command(commands, "sample-sent", "the sample left for the laboratory")
    sent.add_argument("sample")
    sent.add_argument("--laboratory", type=_whole, required=True, metavar="N")
    sent.add_argument("--sent-on", metavar="DATE", default="", help="today unless given")
    paper = _command(commands, "declaration-form", "the declaration form or acceptance slip as PDF")
    paper.add_argument("declaration")
    paper.add_argument("--pdf", required=True, metavar="F")
    paper.add_argument("--slip", action="store_true", help="the acceptance slip instead")
    issue = _command(commands, "issue", "issue a certificate on an inspected declaration")
    issue.add_argument("declaration")
    issue.add_argument("file", nargs="?", metavar="FILE.json", help="vehicle, destination, quantity …")
    issue.add_argument("--printer", metavar="NAME", help="print it at once, as 'inspector print' would")
    issue.add_argument("--pdf", metavar="F", help="keep a file copy of the page; no print, and not counted as one")
    issue.add_argument("--ticket", metavar="F", help="keep a picture of a portable B; no print either")


def _whole(text: str) -> int:
    """A whole number as records hold them; argparse says of any other that it is invalid."""
    number = int(text)
    if abs(number) > MAX_INTEGER:
        raise ValueError(text)
    return number


_whole.__name__ = "whole number"  # as argparse calls it


def _positive(text: str) -> int:
    number = _whole(text)
    if number < 1:
        raise ValueError(text)
    return number


def _add_second(parser: ArgumentParser) -> None:
    """How a second person confirms: apart unless on paper or at this desk."""
    parser.add_argument("--photo", action="append", default=[], metavar="F", help="of the form both signed on paper")
    parser.add_argument("--second", type=_whole, metavar="N", help="the person who confirms at this desk")
    parser.add_argument("--second-passphrase-file", metavar="F")


def _add_papers(commands: Commands) -> None:
    printing = _command(commands, "print", "print a paper, or its next print with a reason")
    printing.add_argument("number")
    printing.add_argument("--printer", required=True, metavar="NAME")
    printing.add_argument("--reason", default="", help="release the next print for this reason")
    printing.add_argument("--spoiled", default="", metavar="1,2", help="spoiled sheets of the print before")
    printing.add_argument("--note", default="", help="words beside the reason, which some reasons demand")
    printing.add_argument("--paper", default="", metavar="DIGITS", help="the number on a pre-numbered sheet")
    answer = _command(commands, "answer", "how the open print came out")
    answer.add_argument("number")
    answer.add_argument("outcome", choices=("printed", "not_printed", "unknown", "spoiled"))
    _command(commands, "cancel-print", "take the open print back from its printer").add_argument("number")
    _add_hand_over(commands)
    void = _command(commands, "void", "void a certificate")
    void.add_argument("number")
    void.add_argument("--reason", required=True)
    void.add_argument("--on-desk", type=_whole, default=0, metavar="N", help="its sheets, counted on the desk")
    void.add_argument("--lost", default="", metavar="1/2,…", help="sheets nobody can find, each as PRINT/SHEET")
    void.add_argument("--note", default="")
    void.add_argument("--legal-basis", default="", metavar="B", help="of revoking or seizing what its owner holds")
    void.add_argument("--ordered-by", type=_whole, default=0, metavar="N", help="the person who ordered that")
    correct = _command(commands, "correct", "correct fields of a certificate on the road by a note")
    correct.add_argument("number")
    correct.add_argument("file", metavar="FILE.json", help="the new values by field")
    correct.add_argument("--reason", required=True, help="a code of the list correction")
    correct.add_argument("--note", default="")
    correct.add_argument("--pdf", metavar="F")
    told = _command(commands, "owner-told", "the owner knows that the paper in their hands ended")
    told.add_argument("number")
    told.add_argument("--means", required=True, help="a code of the list owner_told")
    told.add_argument("--at", metavar="TIME")
    told.add_argument("--note", default="")
    confirm_void = _command(commands, "confirm-void", "the second person confirms a void")
    confirm_void.add_argument("number")
    _add_second(confirm_void)
    confirm = _command(commands, "confirm", "the second person confirms an act; without one, what waits for that")
    confirm.add_argument("act", nargs="?", metavar="ACT")
    _add_second(confirm)
    order = _command(commands, "order", "let a sister device print a certificate")
    order.add_argument("number")
    order.add_argument("--to", required=True, metavar="DEVICE")
    order.add_argument("--out", required=True, metavar="FILE")
    _command(commands, "receive-order", "take a sister's print order in").add_argument("file")
    close = _command(commands, "day-close", "close the day")
    close.add_argument("--date", default="")
    close.add_argument("--pdf", metavar="F")
    verify = _command(commands, "verify", "judge a code, a photograph or a PDF, offline")
    verify.add_argument("what", metavar="TEXT|IMAGE|PDF")
    verify.add_argument("--trust", metavar="FILE")


def _add_hand_over(commands: Commands) -> None:
    """What is on the paper is signed for by whoever hands it over, so it is said and never supposed."""
    handing = _command(commands, "hand-over", "the holder received the paper")
    handing.add_argument("number")
    for name, text in (("--wet-signature", "signed by hand"), ("--wet-seal", "stamped with the official seal")):
        handing.add_argument(name, action=BooleanOptionalAction, required=True, help=text)
    handing.add_argument(
        "--receipt", action=BooleanOptionalAction, default=False, help="a notice's party signed for it"
    )
    handing.add_argument("--at", metavar='"YYYY-MM-DD HH:MM"', help="when, if it was earlier than now")
    handing.add_argument("--late-reason", default="", metavar="R", help="why it is recorded more than an hour later")
    handing.add_argument("--note", default="", help="words beside the reason, which some reasons demand")
    handing.add_argument("--stub", action=BooleanOptionalAction, default=True, help="the stub goes on file now")
    filing = _command(commands, "file-stub", "the station's copy goes on file; a thermal one with its proof")
    filing.add_argument("number")
    filing.add_argument("--box", default="", metavar="MARK", help="the box or folder it lies in, such as 2026-B-03")
    proof = filing.add_mutually_exclusive_group()
    proof.add_argument("--photo", metavar="F", help="photograph of the thermal stub")
    proof.add_argument("--draw", metavar="F", help="draw the A4 stub into this PDF, to be printed and filed")


def _add_overview(commands: Commands) -> None:
    from inspector_app.commands.overview import LISTS
    from inspector_app.services.ledgers import BOOKS

    _command(commands, "ready", "may I drive off? every reason not to")
    listing = _command(commands, "list", "list records")
    listing.add_argument("table", choices=LISTS)
    listing.add_argument("--search", default="")
    listing.add_argument("--csv", metavar="F", help="write every row into a file")
    listing.add_argument("--first", type=_positive, metavar="N", help="begin with the n-th row")
    listing.add_argument("--count", type=_positive, metavar="N", help="at most so many rows")
    numbers = _command(commands, "numbers", "the number ledger, and every gap with its cause")
    numbers.add_argument("--each", action="store_true", help="with --json: every number by itself")
    ledger = _command(commands, "ledger", "a ledger book: as lines, CSV or the official form as PDF")
    ledger.add_argument("book", choices=BOOKS)
    ledger.add_argument("--from", dest="first", default="", metavar="DAY", help="else the first of the month or year")
    ledger.add_argument("--to", dest="last", default="", metavar="DAY", help="else today")
    ledger.add_argument("--csv", metavar="F")
    ledger.add_argument("--pdf", metavar="F")
    trace = _command(commands, "trace", "the whole life of a number: stock, draw, issue, prints, sheets, its end")
    trace.add_argument("number")
    trace.add_argument("--sheet", default="", metavar="1/2,…", help="of these sheets alone, each as PRINT/SHEET")
    _command(commands, "doctor", "prove the home sound")


def _add_losses(commands: Commands) -> None:
    shown = _command(commands, "losses", "losses and what is due about each")
    shown.add_argument("--all", action="store_true", help="concluded ones too")
    drawn = _add_loss(commands, "loss-papers", "draw the public notice and both reports of a loss")
    drawn.add_argument("--out", required=True, metavar="DIR")
    published = _add_step(commands, "loss-published", "the notice of a loss was published")
    published.add_argument("--medium", required=True, help="a code of the list loss_medium")
    published.add_argument("--name", required=True, help="which newspaper or site, and where in it")
    for name, text in (("loss-reported", "a report was sent"), ("loss-acknowledged", "a report was acknowledged")):
        _add_step(commands, name, text).add_argument("--to", required=True, choices=("authority", "institution"))
    ended = _add_loss(commands, "loss-concluded", "close the case of a loss")
    ended.add_argument("--cause", required=True, help="a code of the list loss_cause")
    ended.add_argument("--conclusion", required=True, help="a code of the list loss_conclusion")
    ended.add_argument("--note", default="")
    found = _command(commands, "report-found", "lost numbers turned up: they stay dead")
    found.add_argument("kind", choices=("A", "B", "N"))
    found.add_argument("numbers", metavar="RANGE")
    found.add_argument("--on", default="", metavar="DAY", help="when they turned up; else today")
    found.add_argument("--note", default="")


def _add_loss(commands: Commands, name: str, text: str) -> ArgumentParser:
    parser = _command(commands, name, text)
    parser.add_argument("loss", metavar="LOSS", help="the entry that told of it, or a number of it (B 9900000021)")
    return parser


def _add_step(commands: Commands, name: str, text: str) -> ArgumentParser:
    parser = _add_loss(commands, name, text)
    parser.add_argument("--on", default="", metavar="DAY", help="else today")
    parser.add_argument("--photo", action="append", default=[], metavar="F")
    parser.add_argument("--note", default="")
    return parser


def _add_contact(commands: Commands) -> None:
    _command(commands, "sync", "catch up with the province")
    bundle = _command(commands, "bundle", "catch up by stick")
    bundle.add_argument("direction", choices=("export", "import"), help="to the province; its answer from it")
    bundle.add_argument("file", metavar="FILE")
    enrol = _command(commands, "enrol", "join a province with a one-time code")
    enrol.add_argument("--server", default="", metavar="URL", help="where to enrol, and to sync from then on")
    by_stick = enrol.add_mutually_exclusive_group()
    by_stick.add_argument("--request", metavar="FILE", help="write the file that asks the province, without a network")
    by_stick.add_argument("--bundle", metavar="FILE", help="take in its answer")
    enrol.add_argument("--code", required=True)
    enrol.add_argument("--name", default="inspector")
    enrol.add_argument("--ca", metavar="FILE", help="the province's own CA (PEM), trusted instead of the system's")
    join = _command(commands, "join", "another person joins this computer; --user is a colleague who vouches")
    join.add_argument("person", type=_whole, help="number of the person who joins")
    join.add_argument("--new-passphrase-file", metavar="F", help="the new person's passphrase; else asked twice")
    request = _command(commands, "request-numbers", "ask the province for more numbers")
    request.add_argument("kind", choices=("A", "B", "N"))
    request.add_argument("wanted", type=_whole)
    request.add_argument("--emergency", action="store_true")
    back = _command(commands, "return-numbers", "give unused numbers back, to the end of their block")
    back.add_argument("kind", choices=("A", "B", "N"))
    back.add_argument("numbers", metavar="RANGE", help="for example 9900000021-9900000050 or 9900000021-50")
    back.add_argument("--reason", required=True, help="a code of the list number_return")
    back.add_argument("--note", default="")
    loss = _command(commands, "report-loss", "report unused numbers as lost, stolen or damaged: they are dead at once")
    loss.add_argument("kind", choices=("A", "B", "N"))
    loss.add_argument("numbers", metavar="RANGE")
    loss.add_argument("--cause", required=True, help="lost, stolen or damaged")
    loss.add_argument("--on", default="", metavar="DAY", help="when it was noticed; else today")
    loss.add_argument("--note", default="")


def _steps(commands: Commands, name: str, text: str) -> Commands:
    """A command of several steps; without one it shows how things stand."""
    return _command(commands, name, text).add_subparsers(dest="step", metavar="STEP")


def _noted(steps: Commands, name: str, text: str, *, photos: bool = False) -> ArgumentParser:
    step = _command(steps, name, text)
    step.add_argument("--note", default="", help="words beside the codes")
    if photos:
        step.add_argument("--photo", action="append", default=[], metavar="F")
    return step


def _add_stocktake(commands: Commands) -> None:
    steps = _steps(commands, "stocktake", "count the stock of this computer; what is still to be counted")
    begin = _command(steps, "open", "begin: the book as it stands is written down")
    begin.add_argument("--kind", action="append", default=[], choices=("A", "B", "N"), help="else all kinds")
    purposes = ("periodic", "hand_over", "supervision", "suspicion")
    begin.add_argument("--purpose", default="periodic", choices=purposes)
    begin.add_argument("--store", default="", help="the store that changes its keeper, with --purpose hand_over")
    count = _command(steps, "count", "what was found; without numbers, that nothing more is there")
    count.add_argument("shelf", choices=("unused", "on_hand"), help="unused numbers, or papers on hand")
    count.add_argument("kind", choices=("A", "B", "N"))
    count.add_argument("numbers", nargs="?", default="", metavar="RANGES", help="for example 9900000001-5,9900000009")
    count.add_argument("--pages", type=_whole, default=0, metavar="N", help="pages of all these papers")
    count.add_argument("--scan", metavar="FILE", help="what a scanner read, a line for each sheet")
    count.add_argument("--anew", action="store_true", help="set the earlier counts of this shelf and kind aside")
    close = _command(steps, "close", "end: each difference becomes a case")
    close.add_argument("--photo", action="append", default=[], metavar="F", help="of the first and the last sheet")
    close.add_argument("--no-picture", default="", metavar="R", help="why there is none: a code of the list no_picture")
    leave = _noted(steps, "abandon", "give the stocktake up")
    leave.add_argument("--reason", required=True, help="a code of the list stocktake_abandoned")
    cases = _steps(commands, "case", "cases of custody: the open ones with their terms")
    case = _noted(cases, "open", "open a case")
    case.add_argument("kind", help="a code of the list custody_case")
    case.add_argument("about", help="a record, a number or a store")
    end = _noted(cases, "conclude", "conclude a case")
    end.add_argument("case")
    end.add_argument("--cause", required=True, help="a code of the list case_cause")
    end.add_argument("--conclusion", required=True, help="a code of the list case_conclusion")


def _add_stores(commands: Commands) -> None:
    steps = _steps(commands, "storage", "stores and their keepers; every store with its next check")
    describe = _noted(steps, "describe", "a store's profile")
    describe.add_argument("store")
    describe.add_argument("--sort", required=True, choices=("room", "cabinet"))
    describe.add_argument("--measure", action="append", default=[], help="a code against fire, damp or theft")
    check = _noted(steps, "check", "a periodic check", photos=True)
    check.add_argument("store")
    check.add_argument("--finding", action="append", default=[], help="a code of the list storage_finding")
    check.add_argument("--no-picture", default="", metavar="R", help="why there is none: a code of the list no_picture")
    assign = _command(steps, "assign", "put a store into a person's keeping")
    assign.add_argument("store")
    assign.add_argument("keeper", type=_whole)
    receive = _command(steps, "receive", "take a draw into a store")
    receive.add_argument("draw")
    receive.add_argument("store")


def _add_supervision(commands: Commands) -> None:
    steps = _steps(commands, "supervision", "supervision visits; what is still to be put right")
    record = _noted(steps, "record", "record a visit, with the ledgers as they stand", photos=True)
    record.add_argument("--finding", action="append", default=[], help="a code of the list supervision_finding")
    record.add_argument("--by", default="", metavar="DAY", help="by when the findings are put right")
    record.add_argument("--on", default="", metavar="DAY", help="when the visit was; else today")
    record.add_argument("--official", default="", help="who came, unless the supervisor signs")
    record.add_argument("--unit", default="", help="where they came from")
    rectify = _noted(steps, "rectify", "findings of a visit were put right", photos=True)
    rectify.add_argument("visit")
    rectify.add_argument("--finding", action="append", default=[], required=True)
    opening = _command(
        commands, "opening", "take over what lies there on a station's first day, from a list (CSV, XLSX)"
    )
    opening.add_argument("file", metavar="FILE")
    opening.add_argument("--store", default="", help="the store it lies in")
    opening.add_argument("--dry-run", action="store_true", help="name every row that does not fit, record nothing")


def _add_old_sheets(commands: Commands) -> None:
    """Sheets after use, each named by its print and its place in the form: ``1/2``."""
    spoil = _command(commands, "spoil", "a sheet on the desk is no good any more; without a number, the register")
    spoil.add_argument("number", nargs="?")
    spoil.add_argument("sheet", nargs="?", default="", metavar="PRINT/SHEET")
    spoil.add_argument("--category", default="", help="a code of the list spoil")
    spoil.add_argument("--photo", action="append", default=[], metavar="F")
    spoil.add_argument("--no-picture", default="", metavar="R", help="why there is none: a code of the list no_picture")
    collect = _command(commands, "collect", "a sheet came back from its holder")
    collect.add_argument("--reason", required=True, help="a code of the list collection")
    collect.add_argument("--photo", action="append", default=[], metavar="F")
    lost = _command(commands, "lost", "a sheet that should be on hand cannot be found")
    lost.add_argument("--cause", required=True, help="a code of the list loss")
    found = _command(commands, "found", "a lost sheet was found; it is never used again")
    found.add_argument("--on", default="", metavar="DAY", help="when it was found; else today")
    for one in (collect, lost, found):
        one.add_argument("number")
        one.add_argument("sheet", metavar="PRINT/SHEET")
    for one in (collect, found):
        one.add_argument("--note", default="")
    into = _command(commands, "hand-in", "hand old sheets in to the keeper above")
    into.add_argument("--to", required=True, help="a code of the list hand_in")
    into.add_argument("--sheets", default="", metavar='"NUMBER PRINT/SHEET, …"', help="else everything that goes in")
    into.add_argument("--pdf", metavar="F", help="the slip both sign")
    into.add_argument("--note", default="")
    checked = _command(commands, "write-off", "record the checks of one print of a paper")
    checked.add_argument("file", metavar="FILE.json")
    checked.add_argument("--photo", action="append", default=[], metavar="F")
    listing = _command(commands, "due", "what may be destroyed, and what stands in the way")
    listing.add_argument("--on", default="", metavar="DAY", help="by that day; else today")
    listing.add_argument("--csv", metavar="F")
    book = _command(commands, "book", "the book of sheets in and out")
    book.add_argument("--from", dest="first", default="", metavar="DAY", help="else today")
    book.add_argument("--to", dest="last", default="", metavar="DAY", help="else today")
    book.add_argument("--csv", metavar="F")
    book.add_argument("--pdf", metavar="F")


def _add_destruction(commands: Commands) -> None:
    """The way of a request for destruction, one command for each person."""
    asking = _command(commands, "request-destruction", "ask that old sheets be destroyed")
    asking.add_argument("--sheets", default="", metavar='"NUMBER PRINT/SHEET, …"', help="else everything that is due")
    asking.add_argument("--on", required=True, metavar="DAY", help="the planned day")
    asking.add_argument("--pdf", metavar="F", help="the form to be signed and sealed")
    _command(commands, "destructions", "open requests and what each still lacks")
    review = _command(commands, "review-destruction", "the head's review")
    review.add_argument("--send-back", default="", metavar="R", help="a code of the list destruction_back")
    review.add_argument("--suspected", action="store_true", help="an offence is suspected; the sheets are traced")
    approve = _command(commands, "approve-destruction", "deputy leader or legal representative approves")
    sign = _command(commands, "sign-destruction", "enter the request both signed and sealed on paper")
    for name in ("deputy", "legal"):
        sign.add_argument(f"--{name}", type=_whole, required=True, metavar="N", help="person's number")
    destroying = _command(commands, "destroy", "the sheets of a request were destroyed")
    destroying.add_argument("--supervisor", type=_whole, required=True, metavar="N", help="the deputy who was present")
    for one in (sign, destroying):
        one.add_argument("--on", default="", metavar="DAY", help="else today")
        one.add_argument("--photo", action="append", default=[], metavar="F")
    for one in (review, approve, sign, destroying):
        one.add_argument("request")
    for one in (asking, destroying):
        one.add_argument("--method", required=True, help="a code of the list destruction")
    for one in (asking, review, destroying):
        one.add_argument("--count", type=_whole, required=True, metavar="N", help="sheets counted in hand")
        one.add_argument("--note", default="")


if __name__ == "__main__":
    sys.exit(main())
