"""Ledgers on the command line: the books (台账) as lines, CSV or PDF, and the life of a number."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from inspector_app.commands import values
from inspector_app.commands.output import DONE, REFUSED, Output
from inspector_app.commands.parsing import Commands, add_command
from inspector_app.commands.session import require_writable, signed_in, write_file
from inspector_app.commands.tables import ID_SHOWN, aligned, moment
from inspector_app.domain.refusals import Refused
from inspector_app.domain.sentences import MISSING
from inspector_app.journal.books.lives import Life, Step
from inspector_app.services import ledgers, tracing
from inspector_app.services.device import Device
from inspector_app.services.ledger_paper import Spelling, Word, as_csv, draw_book
from inspector_app.services.ledgers import Ledger


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    text = "a ledger book: as lines, CSV or the official form as PDF"
    parser = add_command(commands, "ledger", text, ledger)
    parser.add_argument("book", choices=ledgers.BOOKS)
    parser.add_argument("--from", dest="first", default="", metavar="DAY", help="else the first of the month or year")
    parser.add_argument("--to", dest="last", default="", metavar="DAY", help="else today")
    parser.add_argument("--csv", metavar="F")
    parser.add_argument("--pdf", metavar="F")
    text = "the whole life of a number: stock, draw, issue, prints, sheets, its end"
    parser = add_command(commands, "trace", text, trace)
    parser.add_argument("number")
    parser.add_argument("--sheet", default="", metavar="1/2,…", help="of these sheets alone, each as PRINT/SHEET")


def ledger(arguments: Namespace, output: Output) -> int:
    """``inspector ledger BOOK [--from D] [--to D] [--csv F] [--pdf F]``; exit 1 when books and stock differ."""
    require_writable(arguments.csv, arguments.pdf)
    with signed_in(arguments) as device:
        book = ledgers.read_book(device, arguments.book, first=arguments.first, last=arguments.last)
        if isinstance(book, Refused):
            return output.refused(book)
        spelling = Spelling(device, _words(output, output.lang), english=output.lang == "en")
        said = {"book": book.book, "first": book.first, "last": book.last, "format": book.format}
        output.say(output.phrase("ledger_line", **said))
        for line in _book_told(book, spelling):
            output.say(line)
        _write_files(device, book, spelling, arguments, output)
        output.result(book)
        return DONE if book.holds else REFUSED


def _words(output: Output, lang: str) -> Word:
    return lambda table, code: output.sentences.word(table, code, lang)


def _book_told(book: Ledger, spelling: Spelling) -> Iterator[str]:
    for section in book.sections:
        yield spelling.section(section)
        yield from aligned([spelling.head(book), *(spelling.row(book, line) for line in section.lines)])


def _write_files(device: Device, book: Ledger, spelling: Spelling, arguments: Namespace, output: Output) -> None:
    if arguments.csv:
        columns = {name: output.sentences.word("column", name, output.lang) for name in ("format", "kind", "item")}
        write_file(arguments.csv, as_csv(book, spelling, columns))
    if arguments.pdf:
        # The form is the authority's, so it is drawn in Chinese whatever language the terminal speaks.
        write_file(arguments.pdf, draw_book(device, book, _words(output, "zh")))
    for name in filter(None, (arguments.csv, arguments.pdf)):
        output.say(output.phrase("written", file=name))


def trace(arguments: Namespace, output: Output) -> int:
    """``inspector trace NUMBER [--sheet PRINT/SHEET]``: the whole life of a number, or of sheets of it (G03)."""
    wanted = {(one.print_no, one.sheet) for one in values.places(arguments.sheet)}
    with signed_in(arguments) as device:
        life = tracing.trace(device, arguments.number)
        if isinstance(life, Refused):
            return output.refused(life)
        life = tracing.of_sheets(life, wanted)
        output.say(output.phrase("life", number=life.number, standing=life.standing.value))
        for line in _steps_told(device, life, output):
            output.say(line)
        return output.result(life)


def _steps_told(device: Device, life: Life, output: Output) -> list[str]:
    steps = [_step_cells(device, step, output) for step in life.steps]
    return aligned(steps) if steps else []


def _step_cells(device: Device, step: Step, output: Output) -> tuple[str, ...]:
    grant = device.grant(step.by) if step.by else None
    said = output.sentences.word("deed", step.what, output.lang)
    verdict = output.sentences.headline("judgements", step.verdict, output.lang) if step.verdict else ""
    by = (grant.name_en if output.lang == "en" else grant.name) if grant else str(step.by or MISSING)
    return moment(step.at), said, _sheets_told(step, output), by, step.device[:ID_SHOWN] or MISSING, step.ref, verdict


def _sheets_told(step: Step, output: Output) -> str:
    """``1/1 kept, 1/2 handed over``: each sheet by its print and place."""
    states = ((f"{one.print}/{one.sheet}", one.state) for one in step.sheets)
    return ", ".join(f"{name} {output.sentences.word('state', state, output.lang)}" for name, state in states)
