"""Looking at things on the command line: ready, list, numbers."""

from __future__ import annotations

import csv
import io
from argparse import Namespace

from inspector_app.commands.output import REFUSED, Output
from inspector_app.commands.session import signed_in, write_file
from inspector_app.domain.sentences import Sentence
from inspector_app.journal.projections import Row
from inspector_app.services import lists, number_custody, ready

LISTS = ("certificates", "declarations", "notices", "online_declarations", "inspections", "samples", "attempts")


def check_ready(arguments: Namespace, output: Output) -> int:
    """``inspector ready``: may I drive off? Exit 1 when something should be cured first."""
    with signed_in(arguments) as device:
        reasons = ready.check_departure(device)
        drive = ready.may_drive(reasons)
        for reason in reasons:
            sentence: Sentence = output.sentences.of("reasons", reason.code, output.lang, reason.details)
            output.say(f"{reason.weight.value}: {sentence.whole}")
        output.result({"ready": drive, "reasons": reasons}, "ready" if drive else "not ready")
        return 0 if drive else REFUSED


def show_list(arguments: Namespace, output: Output) -> int:
    """``inspector list certificates|declarations|… [--search TEXT] [--csv F]``."""
    with signed_in(arguments) as device:
        page = lists.listed(device, arguments.table, search=arguments.search)
        if arguments.csv:
            write_file(arguments.csv, _as_csv(page.rows))
        for row in page.rows:
            output.say("  ".join(str(row[name]) for name in row if row[name] not in (None, "")))
        return output.result({"total": page.total, "rows": page.rows})


def _as_csv(rows: list[Row]) -> bytes:
    if not rows:
        return b""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(rows[0])
    writer.writerows([_safe(value) for value in row.values()] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _safe(value: object) -> object:
    # A spreadsheet would run a cell that begins like a formula (SECURITY T48).
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


def show_numbers(arguments: Namespace, output: Output) -> int:
    """``inspector numbers``: every block with its equation. Exit 1 when one does not hold."""
    with signed_in(arguments) as device:
        ledger = number_custody.ledger(device)
        for line in ledger:
            count = line.count
            parts = f"{count.free} free + {count.used} used + {count.returned} returned + {count.lost} lost"
            held = "=" if count.holds else "≠"
            output.say(
                f"{line.kind} {line.first}–{line.last}: {count.size} {held} {parts} + {count.withdrawn} withdrawn"
            )
        output.result({"blocks": ledger})
        return 0 if all(line.count.holds for line in ledger) else REFUSED
