"""Ledgers on the command line: the life of a number."""

from __future__ import annotations

from argparse import Namespace

from inspector_app.commands import values
from inspector_app.commands.output import Output
from inspector_app.commands.session import signed_in
from inspector_app.commands.tables import ID_SHOWN, aligned, moment
from inspector_app.domain.refusals import Refused
from inspector_app.domain.sentences import MISSING
from inspector_app.journal.books.lives import Life, Step
from inspector_app.services import tracing
from inspector_app.services.device import Device


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
