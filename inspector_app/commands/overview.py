"""Looking at things on the command line: ready, list, numbers."""

from __future__ import annotations

from argparse import Namespace

from inspector_app.commands import values
from inspector_app.commands.output import DONE, REFUSED, Output
from inspector_app.commands.parsing import Commands, add_command
from inspector_app.commands.session import require_writable, signed_in, write_file
from inspector_app.commands.tables import COLUMNS, Reader, lines
from inspector_app.domain import spreadsheets
from inspector_app.domain.continuity import CLEAN, Accounted, told
from inspector_app.domain.numbering import NumberState
from inspector_app.domain.sentences import Sentence
from inspector_app.journal.projections import TABLES, Row
from inspector_app.services import ledgers, lists, number_custody, ready, supplies

LISTS = tuple(COLUMNS)
EVERYTHING = 2**31


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    add_command(commands, "ready", "may I drive off? every reason not to", check_ready)
    parser = add_command(commands, "list", "list records", show_list)
    parser.add_argument("table", choices=LISTS)
    parser.add_argument("--search", default="")
    parser.add_argument("--csv", metavar="F", help="write every row into a file")
    parser.add_argument("--first", metavar="N", help="begin with the n-th row")
    parser.add_argument("--count", metavar="N", help="at most so many rows")
    parser = add_command(commands, "numbers", "the number ledger, and every gap with its cause", show_numbers)
    parser.add_argument("--each", action="store_true", help="with --json: every number by itself")


def check_ready(arguments: Namespace, output: Output) -> int:
    """``inspector ready``: may I drive off? Exit 1 when something should be cured first."""
    with signed_in(arguments) as device:
        reasons = ready.check_departure(device)
        drive = ready.may_drive(reasons)
        for reason in reasons:
            sentence: Sentence = output.sentences.of("reasons", reason.code, output.lang, reason.details)
            weight = output.phrase(f"weight_{reason.weight.value}")
            output.say(f"{weight}: {sentence.whole}")
        output.result({"ready": drive, "reasons": reasons}, output.phrase("ready" if drive else "not_ready"))
        return DONE if drive else REFUSED


def show_list(arguments: Namespace, output: Output) -> int:
    """``inspector list certificates|declarations|… [--search TEXT] [--csv F] [--first N] [--count N]``.

    People read a page at a time and are told of how many; a file and JSON hold every row.
    """
    first, count = values.rows(arguments.first), values.rows(arguments.count)
    require_writable(arguments.csv)
    with signed_in(arguments) as device:
        count = count or (EVERYTHING if arguments.csv or output.as_json else lists.PAGE)
        page = lists.listed(device, arguments.table, search=arguments.search, first=(first or 1) - 1, count=count)
        if arguments.csv:
            write_file(arguments.csv, as_csv(arguments.table, page.rows))
            said = {"total": page.total, "file": arguments.csv}
            return output.result(said, output.phrase("written", file=arguments.csv))
        for line in lines(arguments.table, page.rows, Reader(device, output)):
            output.say(line)
        return output.result({"total": page.total, "rows": page.rows}, _shown(page, first or 1, output))


def _shown(page: lists.Page, first: int, output: Output) -> str:
    begins, more = (first, len(page.rows) - 1) if page.rows else (0, 0)
    return output.phrase("of_all", first=begins, last=begins + more, total=page.total)


def as_csv(table: str, rows: list[Row]) -> bytes:
    """Every column of the rows as a spreadsheet opens them; the heading is there without a row too."""
    return spreadsheets.as_csv(list(TABLES[table].columns), (row.values() for row in rows))


def _number_word(output: Output, state: NumberState) -> str:
    # A declaration is withdrawn by its declarant (撤回), a number by the province (收回).
    return output.sentences.word("state" if state is not NumberState.WITHDRAWN else "column", state, output.lang)


def show_numbers(arguments: Namespace, output: Output) -> int:
    """``inspector numbers [--each]``: every block with its equation, every gap with its cause (连号核对).

    Exit 1 when an equation does not hold or a number is to be explained.
    """
    with signed_in(arguments) as device:
        ledger, found = number_custody.ledger(device), ledgers.continuity(device)
        for line in ledger:
            count = line.count
            parts = [f"{getattr(count, state)} {_number_word(output, state)}" for state in NumberState]
            held = "=" if count.holds else "≠"
            output.say(f"{line.kind} {line.first}–{line.last}: {count.size} {held} {' + '.join(parts)}")
        seen = supplies.forecasts(device)
        for reason in [ready.of_supply(one, code) for one in seen for code in one.codes]:
            output.say(output.sentences.of("stock", reason.code, output.lang, reason.details).whole)
        owing = ready.before_next_draw(device)
        for reason in owing:
            output.say(output.sentences.of("reasons", reason.code, output.lang, reason.details).whole)
        for gap in found.stretches:
            if gap.standing not in CLEAN:
                output.say(_gap_told(output, gap))
        blocks, numbers = {"blocks": ledger}, told(found, each=arguments.each)
        output.result(blocks | {"continuity": numbers, "forecast": seen, "before_next_draw": owing})
        sound = all(line.count.holds for line in ledger) and not found.to_explain
        return DONE if sound else REFUSED


def _gap_told(output: Output, gap: Accounted) -> str:
    word = output.sentences.word("standing", gap.standing.value, output.lang)
    span = gap.first if gap.first == gap.last else f"{gap.first}–{gap.last}"
    reason = output.sentences.word("reason", gap.reason, output.lang) if gap.reason else ""
    parts = f"{gap.kind} {span}: {word}", gap.day, reason, gap.entry, gap.passed_up
    return " ".join(part for part in parts if part)
