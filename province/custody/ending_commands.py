"""Stock that ends in a store, on the server's command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from inspector_app.domain.loss_notice import StoreReportsDrawn
from inspector_app.domain.stock_endings import Ending
from inspector_app.errors import BugError, StationError
from inspector_app.journal.entries.losses import Recipient
from province.custody.commands import BY, LOCATION, NUMBER, TEXT, Answer, done, picture_digest
from province.databases import DEFAULT


def end_stock(arguments: argparse.Namespace) -> Answer:
    """Report stock of a store lost or used; without --kind list the losses that wait for their head."""
    from province.custody import ending

    if not arguments.kind:
        return {"losses": ending.open_losses(DEFAULT)}
    request = ending.EndRequest(
        organisation=arguments.organisation,
        kind=arguments.kind,
        how=arguments.how,
        by=arguments.by,
        cause=arguments.cause,
        typed=arguments.ranges,
        count=arguments.count,
        location=arguments.location,
    )
    return done(ending.end_stock(DEFAULT, request))


def conclude_loss(arguments: argparse.Namespace) -> Answer:
    """The head concludes the case of a loss of stock."""
    from province.custody import ending

    said = {"cause": arguments.cause, "conclusion": arguments.conclusion}
    return done(ending.conclude_loss(DEFAULT, arguments.loss, **said, by=arguments.by))


def count_store(arguments: argparse.Namespace) -> Answer:
    """Record what the keeper counted in a store; without --kind list the counts that wait for the head."""
    from inspector_app.domain.stock_receipts import Counted
    from province.custody import counting

    if not arguments.kind:
        return {"counts": counting.unconfirmed_counts(DEFAULT)}
    request = counting.CountRequest(
        organisation=arguments.organisation,
        kind=arguments.kind,
        by=arguments.by,
        counted=Counted(count=arguments.counted, typed=arguments.ranges, cause=arguments.cause),
        location=arguments.location,
        confirmed_by=arguments.head,
    )
    return done(counting.count_store(DEFAULT, request))


def confirm_count(arguments: argparse.Namespace) -> Answer:
    """The head confirms a count of a store."""
    from province.custody import counting

    return done(counting.confirm_count(DEFAULT, arguments.count_name, by=arguments.by))


def notice(arguments: argparse.Namespace) -> Answer:
    """Draw the public notice of a store's loss into --out, or with --medium record where it appeared."""
    from province.custody import notice_papers, store_notices

    if not arguments.medium:
        told = done(notice_papers.draw_notice(DEFAULT, arguments.loss, by=arguments.by, phone=arguments.phone))
        drawn = notice_papers.redraw(DEFAULT, arguments.loss, phone=arguments.phone)
        return told | {"file": _saved(arguments.loss, drawn, arguments.out)}
    said = store_notices.Publication(
        medium=arguments.medium,
        picture=picture_digest(arguments.picture),
        published_on=arguments.day,
    )
    return done(store_notices.publish_notice(DEFAULT, arguments.loss, said, by=arguments.by))


def reports(arguments: argparse.Namespace) -> Answer:
    """Draw both reports of a store's loss into --out, or record with --sent, --acknowledged how far one came."""
    from province.custody import report_papers, store_reports

    if arguments.sent or arguments.acknowledged:
        act = store_reports.send_report if arguments.sent else store_reports.acknowledge_report
        said = store_reports.Step(
            to=arguments.sent or arguments.acknowledged,
            on=arguments.day,
            picture=picture_digest(arguments.picture),
        )
        return done(act(DEFAULT, arguments.loss, said, by=arguments.by))
    told = report_papers.draw_reports(DEFAULT, arguments.loss, by=arguments.by)
    return done(told) | {"files": _all_saved(told, arguments.out) if isinstance(told, StoreReportsDrawn) else []}


def _all_saved(told: StoreReportsDrawn, folder: Path) -> list[str]:
    from province.custody import report_papers

    return [
        _saved(
            told.ending,
            report_papers.redraw(DEFAULT, told.ending, Recipient(one.to)),
            folder / f"report-{one.to}.pdf",
        )
        for one in told.reports
    ]


def _saved(loss: str, drawn: bytes | None, file: Path) -> str:
    """Where a paper just drawn of a loss lies now. StationError ``copy_not_written``: the desk gives it too."""
    if drawn is None:
        raise BugError("a paper just drawn cannot be drawn again")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(drawn)
    except OSError as problem:
        raise StationError("copy_not_written", subject=loss) from problem
    return str(file)


def add(verbs: Any, verb: Any) -> None:
    """Add the commands; ``verb`` adds one, as :mod:`province.commands` does."""
    goods = (("--organisation", NUMBER), ("--kind", TEXT), ("--ranges", TEXT), ("--count", NUMBER))
    how = ("--how", {"choices": [Ending.LOST.value, Ending.USED.value], "default": Ending.LOST.value})
    cause = ("--cause", {**TEXT, "help": "of the list loss; nothing for what was used"})
    by = (BY[0], {**BY[1], "required": False, "default": 0})
    verb(verbs, "end-stock", end_stock, *goods, how, cause, by, LOCATION)
    said = (("--cause", {"required": True}), ("--conclusion", {"required": True}))
    verb(verbs, "conclude-loss", conclude_loss, ("loss", {}), *said, BY)
    place = (("--organisation", NUMBER), ("--kind", TEXT), ("--ranges", TEXT))
    counted = ("--counted", {"type": int, "default": None, "help": "pieces that lay there; nothing where all did"})
    head = ("--head", {**NUMBER, "help": "the head, who counted along"})
    verb(verbs, "count-store", count_store, *place, counted, cause, by, LOCATION, head)
    paper = (("--out", {"type": Path, "default": Path("notice.pdf")}), ("--phone", {**TEXT, "help": "on the paper"}))
    medium = ("--medium", {**TEXT, "help": "it appeared: of the list loss_medium"})
    clipping = ("--picture", {"type": Path, "help": "photograph of the clipping"})
    day = ("--day", {**TEXT, "help": "YYYY-MM-DD"})
    verb(verbs, "loss-notice", notice, ("loss", {}), *paper, medium, clipping, day, BY)
    whom = {"choices": [one.value for one in Recipient], "default": ""}
    sent = ("--sent", {**whom, "help": "the report to whom went out"})
    answered = ("--acknowledged", {**whom, "help": "whose acknowledgement came"})
    folder = ("--out", {"type": Path, "default": Path("."), "help": "folder for the PDFs"})
    photo = ("--picture", {"type": Path, "help": "photograph of the paper"})
    verb(verbs, "loss-reports", reports, ("loss", {}), folder, sent, answered, photo, day, BY)
    verb(verbs, "confirm-count", confirm_count, ("count_name", {"metavar": "COUNT"}), BY)
