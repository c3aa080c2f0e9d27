"""Stocktakes, cases, stores, supervision visits and the opening stock on the command line."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from inspector_app.commands.forms import require_few
from inspector_app.commands.output import Output
from inspector_app.commands.parsing import (
    NUMBER_KINDS,
    Commands,
    add_command,
    add_noted_step,
    add_step,
    add_steps,
    whole,
)
from inspector_app.commands.remarks import say_remarks
from inspector_app.commands.session import read_file, signed_in
from inspector_app.domain.refusals import Refused
from inspector_app.services import custody_cases, keeping, opening, outcomes, stocktaking, supervision
from inspector_app.services.attaching import attach
from inspector_app.services.device import Device
from inspector_app.services.number_custody import KINDS
from inspector_app.services.stock_freeze import lines_of
from inspector_app.services.stocktaking import Closed
from inspector_app.services.supervision import VisitForm


def add_commands(commands: Commands) -> None:
    """The commands of this module."""
    _add_stocktake(commands)
    _add_cases(commands)
    _add_stores(commands)
    _add_supervision(commands)
    _add_opening(commands)


def _add_stocktake(commands: Commands) -> None:
    text = "count the stock of this computer; what is still to be counted"
    steps = add_steps(commands, "stocktake", text, stocktake)
    begin = add_step(steps, "open", "begin: the book as it stands is written down")
    begin.add_argument("--kind", action="append", default=[], choices=NUMBER_KINDS, help="else all kinds")
    purposes = ("periodic", "hand_over", "supervision", "suspicion")
    begin.add_argument("--purpose", default="periodic", choices=purposes)
    begin.add_argument("--store", default="", help="the store that changes its keeper, with --purpose hand_over")
    count = add_step(steps, "count", "what was found; without numbers, that nothing more is there")
    count.add_argument("shelf", choices=("unused", "on_hand"), help="unused numbers, or papers on hand")
    count.add_argument("kind", choices=NUMBER_KINDS)
    count.add_argument("numbers", nargs="?", default="", metavar="RANGES", help="for example 9900000001-5,9900000009")
    count.add_argument("--pages", type=whole, default=0, metavar="N", help="pages of all these papers")
    count.add_argument("--scan", metavar="FILE", help="what a scanner read, a line for each sheet")
    count.add_argument("--anew", action="store_true", help="set the earlier counts of this shelf and kind aside")
    close = add_step(steps, "close", "end: each difference becomes a case")
    close.add_argument("--photo", action="append", default=[], metavar="F", help="of the first and the last sheet")
    close.add_argument("--no-picture", default="", metavar="R", help="why there is none: a code of the list no_picture")
    leave = add_noted_step(steps, "abandon", "give the stocktake up")
    leave.add_argument("--reason", required=True, help="a code of the list stocktake_abandoned")


def _add_cases(commands: Commands) -> None:
    steps = add_steps(commands, "case", "cases of custody: the open ones with their terms", case)
    begin = add_noted_step(steps, "open", "open a case")
    begin.add_argument("kind", help="a code of the list custody_case")
    begin.add_argument("about", help="a record, a number or a store")
    end = add_noted_step(steps, "conclude", "conclude a case")
    end.add_argument("case")
    end.add_argument("--cause", required=True, help="a code of the list case_cause")
    end.add_argument("--conclusion", required=True, help="a code of the list case_conclusion")
    remark = add_noted_step(steps, "settle", "settle a remark of the province by saying how it came and what followed")
    remark.add_argument("entry", help="the entry the remark is on, as inspector sync --status names it")
    remark.add_argument("--cause", required=True, help="a code of the list case_cause")
    remark.add_argument("--conclusion", required=True, help="a code of the list case_conclusion")


def _add_stores(commands: Commands) -> None:
    text = "stores and their keepers; every store with its next check"
    steps = add_steps(commands, "storage", text, storage)
    describe = add_noted_step(steps, "describe", "a store's profile")
    describe.add_argument("store")
    describe.add_argument("--sort", required=True, choices=("room", "cabinet"))
    describe.add_argument("--measure", action="append", default=[], help="a code against fire, damp or theft")
    check = add_noted_step(steps, "check", "a periodic check", photos=True)
    check.add_argument("store")
    check.add_argument("--finding", action="append", default=[], help="a code of the list storage_finding")
    check.add_argument("--no-picture", default="", metavar="R", help="why there is none: a code of the list no_picture")
    assign = add_step(steps, "assign", "put a store into a person's keeping")
    assign.add_argument("store")
    assign.add_argument("keeper", type=whole)
    receive = add_step(steps, "receive", "take a draw into a store")
    receive.add_argument("draw")
    receive.add_argument("store")


def _add_supervision(commands: Commands) -> None:
    text = "supervision visits; what is still to be put right"
    steps = add_steps(commands, "supervision", text, supervise)
    record = add_noted_step(steps, "record", "record a visit, with the ledgers as they stand", photos=True)
    record.add_argument("--finding", action="append", default=[], help="a code of the list supervision_finding")
    record.add_argument("--by", default="", metavar="DAY", help="by when the findings are put right")
    record.add_argument("--on", default="", metavar="DAY", help="when the visit was; else today")
    record.add_argument("--official", default="", help="who came, unless the supervisor signs")
    record.add_argument("--unit", default="", help="where they came from")
    rectify = add_noted_step(steps, "rectify", "findings of a visit were put right", photos=True)
    rectify.add_argument("visit")
    rectify.add_argument("--finding", action="append", default=[], required=True)


def _add_opening(commands: Commands) -> None:
    text = "take over what lies there on a station's first day, from a list (CSV, XLSX)"
    parser = add_command(commands, "opening", text, take_over)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--store", default="", help="the store it lies in")
    parser.add_argument("--dry-run", action="store_true", help="name every row that does not fit, record nothing")


def stocktake(arguments: Namespace, output: Output) -> int:
    """``inspector stocktake [open|count|close|abandon]``; without a step, what is still to be counted."""
    steps = {"open": _open, "count": _count, "close": _close, "abandon": _abandon, None: _standing}
    require_few(getattr(arguments, "photo", []))
    with signed_in(arguments) as device:
        return steps[arguments.step](arguments, device, output)


def _open(arguments: Namespace, device: Device, output: Output) -> int:
    kinds = arguments.kind or KINDS
    ref = stocktaking.open_stocktake(device, kinds=kinds, purpose=arguments.purpose, store=arguments.store)
    row = stocktaking.own_stocktake(device)
    lines = len(lines_of(row)) if row else 0
    return output.outcome(ref, output.phrase("stocktake_opened", lines=lines))


def _count(arguments: Namespace, device: Device, output: Output) -> int:
    shelf, kind = arguments.shelf, arguments.kind
    if arguments.scan is not None:
        scans = read_file(arguments.scan).decode("utf-8", "replace").splitlines()
        ref = stocktaking.scan_stock(device, shelf, kind, scans, anew=arguments.anew)
        return output.outcome(ref, output.phrase("stocktake_counted", kind=kind, numbers=len(scans)))
    typed = arguments.numbers
    ref = stocktaking.count_stock(device, shelf, kind, typed, pages=arguments.pages, anew=arguments.anew)
    said = output.phrase("stocktake_counted" if typed else "stocktake_nothing_more", kind=kind, numbers=typed)
    return output.outcome(ref, said)


def _close(arguments: Namespace, device: Device, output: Output) -> int:
    photos = _photos(device, arguments.photo)
    closed = stocktaking.close_stocktake(device, attachments=photos, no_picture=arguments.no_picture)
    if isinstance(closed, Refused):
        return output.refused(closed)
    output.say(_told_of(closed, output))
    return output.result(closed, "\n".join(_differences(closed, output)))


def _told_of(closed: Closed, output: Output) -> str:
    return output.phrase("stocktake_closed", differences=len(closed.differences), explained=closed.explained)


def _differences(closed: Closed, output: Output) -> list[str]:
    return [
        output.phrase(
            "stocktake_difference",
            differs=one.differs,
            kind=one.kind,
            numbers=f"{one.first}–{one.last}",
            expected=one.expected,
            counted=one.counted,
            ref=case,
        )
        for one, case in zip(closed.differences, closed.cases, strict=True)
    ]


def _abandon(arguments: Namespace, device: Device, output: Output) -> int:
    ref = stocktaking.abandon_stocktake(device, reason=arguments.reason, note=arguments.note)
    return output.outcome(ref, output.phrase("stocktake_abandoned"))


def _standing(_arguments: Namespace, device: Device, output: Output) -> int:
    row, due_on = stocktaking.own_stocktake(device), stocktaking.stocktake_due_on(device)
    if row is None:
        return output.result({"open": None, "due_on": due_on}, output.phrase("stocktake_none", day=due_on))
    left = stocktaking.uncounted(device, row)
    for line in left:
        numbers = f"{line.first}–{line.last}"
        output.say(output.phrase("stocktake_left", shelf=line.shelf, kind=line.kind, numbers=numbers))
    return output.result({"open": row["ref"], "due_on": due_on, "left": left})


def _photos(device: Device, names: Sequence[str]) -> list[str]:
    return [attach(device, read_file(name)) for name in names]


# --- cases ----------------------------------------------------------------------------------------------------------


def case(arguments: Namespace, output: Output) -> int:
    """``inspector case [open|conclude|settle]``; without a step, the open cases with their terms."""
    with signed_in(arguments) as device:
        if arguments.step == "open":
            ref = custody_cases.open_case(device, arguments.kind, arguments.about, note=arguments.note)
            return output.outcome(ref, output.phrase("case_opened", ref=str(ref)))
        if arguments.step == "conclude":
            ref = custody_cases.conclude_case(
                device, arguments.case, cause=arguments.cause, conclusion=arguments.conclusion, note=arguments.note
            )
            return output.outcome(ref, output.phrase("case_concluded", ref=arguments.case))
        if arguments.step == "settle":
            said = {"cause": arguments.cause, "conclusion": arguments.conclusion, "note": arguments.note}
            ref = outcomes.settle(device, arguments.entry, **said)
            return output.outcome(ref, output.phrase("remark_settled", ref=arguments.entry))
        return _cases(device, output)


def _cases(device: Device, output: Output) -> int:
    rows, late = custody_cases.open_cases(device), {row["ref"] for row in custody_cases.overdue_cases(device)}
    for row in rows:
        ref, kind, day = str(row["ref"]), str(row["kind"]), str(row["due_on"])
        output.say(output.phrase("case_due", ref=ref, kind=kind, day=day, late=_late(row["ref"] in late)))
    asking = outcomes.open_remarks(device)
    say_remarks(device, output, asking)
    value = {"cases": rows, "remarks": asking}
    return output.result(value, output.phrase("cases_open", count=len(rows) + len(asking)))


def _late(overdue: bool) -> str:
    return "late" if overdue else "in_time"


# --- stores ---------------------------------------------------------------------------------------------------------


def storage(arguments: Namespace, output: Output) -> int:
    """``inspector storage [describe|check|assign|receive]``; without a step, every store with its next check."""
    steps = {"describe": _describe, "check": _check, "assign": _assign, "receive": _receive, None: _stores}
    require_few(getattr(arguments, "photo", []))
    with signed_in(arguments) as device:
        return steps[arguments.step](arguments, device, output)


def _describe(arguments: Namespace, device: Device, output: Output) -> int:
    ref = keeping.describe_store(
        device, arguments.store, sort=arguments.sort, measures=arguments.measure, note=arguments.note
    )
    return output.outcome(ref, output.phrase("store_described", store=arguments.store))


def _check(arguments: Namespace, device: Device, output: Output) -> int:
    ref = keeping.check_store(
        device,
        arguments.store,
        findings=arguments.finding,
        attachments=_photos(device, arguments.photo),
        no_picture=arguments.no_picture,
        note=arguments.note,
    )
    return output.outcome(ref, output.phrase("store_checked", store=arguments.store))


def _assign(arguments: Namespace, device: Device, output: Output) -> int:
    ref = keeping.assign_store(device, arguments.store, arguments.keeper)
    return output.outcome(ref, output.phrase("store_assigned", store=arguments.store, keeper=arguments.keeper))


def _receive(arguments: Namespace, device: Device, output: Output) -> int:
    ref = keeping.receive_draw(device, arguments.draw, arguments.store)
    return output.outcome(ref, output.phrase("draw_received", draw=arguments.draw, store=arguments.store))


def _stores(_arguments: Namespace, device: Device, output: Output) -> int:
    known = keeping.stores(device)
    for one in known:
        late, keeper = _late(one.overdue), one.keeper or ""
        output.say(output.phrase("store_due", store=one.store, keeper=keeper, day=one.due_on, late=late))
    return output.result({"stores": known})


# --- supervision ----------------------------------------------------------------------------------------------------


def supervise(arguments: Namespace, output: Output) -> int:
    """``inspector supervision [record|rectify]``; without a step, the visits and what is still to be put right."""
    steps = {"record": _record, "rectify": _rectify, None: _visits}
    require_few(getattr(arguments, "photo", []))
    with signed_in(arguments) as device:
        return steps[arguments.step](arguments, device, output)


def _record(arguments: Namespace, device: Device, output: Output) -> int:
    form = VisitForm(
        findings=arguments.finding,
        rectify_by=arguments.by,
        visited_on=arguments.on,
        official=arguments.official,
        unit=arguments.unit,
        note=arguments.note,
        attachments=_photos(device, arguments.photo),
    )
    ref = supervision.record_visit(device, form)
    return output.outcome(ref, output.phrase("visit_recorded", ref=str(ref)))


def _rectify(arguments: Namespace, device: Device, output: Output) -> int:
    photos = _photos(device, arguments.photo)
    ref = supervision.record_rectification(
        device, arguments.visit, arguments.finding, attachments=photos, note=arguments.note
    )
    return output.outcome(ref, output.phrase("rectified"))


def _visits(_arguments: Namespace, device: Device, output: Output) -> int:
    known = supervision.visits(device)
    for one in known:
        left = " ".join(output.sentences.word("reason", code, output.lang) for code in one.left)
        day, term, late = one.visited_on, one.rectify_by, _late(one.overdue)
        output.say(output.phrase("visit_due", ref=one.visit, day=day, left=left, term=term, late=late))
    return output.result({"visits": known})


# --- opening --------------------------------------------------------------------------------------------------------


def take_over(arguments: Namespace, output: Output) -> int:
    """``inspector opening FILE --store S [--dry-run]``."""
    content = read_file(arguments.file)
    with signed_in(arguments) as device:
        if not arguments.dry_run:
            ref = opening.record_opening(device, content, arguments.store)
            return output.outcome(ref, output.phrase("opening_recorded", ref=str(ref)))
        read = opening.read_opening(device, content)
        if read.errors:
            return output.refused(Refused(tuple(read.errors)))
        said = output.phrase("opening_read", lines=len(read.lines), cases=len(read.cases))
        return output.result({"lines": read.lines, "cases": len(read.cases)}, said)
