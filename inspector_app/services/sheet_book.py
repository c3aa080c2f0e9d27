"""The book of sheets in and out (出入库分类登记表): one line per act and kind, with what was on hand after it.

Derived from the moves of the sheets; nobody writes it by hand, so it cannot differ from them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from inspector_app.domain.custody import SheetFlow, SheetState
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused, refused
from inspector_app.domain.rules import enforces
from inspector_app.journal.projections import Row
from inspector_app.services.day_deeds import moves
from inspector_app.services.device import Device
from inspector_app.services.typed import day_refusals

HEAD = ("日期", "种类", "事由", "收进", "发出", "结存", "编号", "经办记录", "销毁申请")


class BookLine(msgspec.Struct, frozen=True, kw_only=True):
    """One act on one kind: sheets that came in and went out, what was on hand after it, and the numbers.

    ``ref`` is the entry, ``request`` the request for destruction it carries out, else "".
    """

    day: str
    kind: str
    what: str
    came_in: int
    went_out: int
    on_hand: int
    numbers: tuple[str, ...]
    ref: str
    request: str


def span_refused(first: str, last: str) -> Refused | None:
    """Why there is no book of these days: no days of the calendar, or the last before the first."""
    found = [*day_refusals("first", first), *day_refusals("last", last)]
    if not found and last < first:
        found = [Refusal(code=RefusalCode.FIELD_INVALID, field="last", current=last, limit=first)]
    return refused(*found) if found else None


def opening(device: Device, kind: str, first: str) -> int:
    """How many sheets of a kind were on hand here when the day ``first`` began."""
    return sum(_sign(row) for row in moves(device) if str(row["day"]) < first and _kind(row) == kind)


def book(device: Device, first: str, last: str) -> list[BookLine]:
    """The lines of the days ``first … last`` (legal, inclusive) in the order in which they happened, kind by kind."""
    flowing = [row for row in moves(device) if row["flow"] != SheetFlow.STAYS and first <= str(row["day"]) <= last]
    ordered = sorted(flowing, key=lambda row: (_kind(row), str(row["day"]), int(row["at"] or 0), _act(row)))
    found = []
    for kind, of_kind in groupby(ordered, key=_kind):
        on_hand = opening(device, kind, first)
        for _act_of, moved in groupby(of_kind, key=_act):
            line = _line(device, kind, list(moved), on_hand)
            on_hand = line.on_hand
            found.append(line)
    return found


def _kind(row: Row) -> str:
    return str(row["number"]).partition(" ")[0]


def _act(row: Row) -> tuple[str, str, str]:
    return str(row["ref"]), str(row["state"]), str(row["flow"])


def _sign(row: Row) -> int:
    return {SheetFlow.IN.value: 1, SheetFlow.OUT.value: -1}.get(str(row["flow"]), 0)


def _line(device: Device, kind: str, moved: Sequence[Row], before: int) -> BookLine:
    ref, signs = str(moved[0]["ref"]), [_sign(row) for row in moved]
    return BookLine(
        day=str(moved[0]["day"]),
        kind=kind,
        what=str(moved[0]["state"]),
        came_in=signs.count(1),
        went_out=signs.count(-1),
        on_hand=before + sum(signs),
        numbers=tuple(dict.fromkeys(str(row["number"]).partition(" ")[2] for row in moved)),
        ref=ref,
        request=_request(device, ref),
    )


def _request(device: Device, ref: str) -> str:
    found = device.rows.many("destructions", destroyed_ref=ref)
    return str(found[0]["ref"]) if found else ""


@enforces("G40")
def destroyed_lines(device: Device, request: str) -> list[BookLine]:
    """The lines by which a destruction stands in this device's book, each with its request (Art. 24 (3))."""
    row = device.rows.one("destructions", ref=request) or {}
    days = {str(move["day"]) for move in moves(device) if move["ref"] == row.get("destroyed_ref")}
    if not days:
        return []
    lines = book(device, min(days), max(days))
    return [line for line in lines if line.request == request and line.what == SheetState.DESTROYED]


def ranges(numbers: Iterable[str]) -> str:
    """Digits with neighbours drawn together: ``9900000001–9900000003、9900000007``."""
    parts: list[list[str]] = []
    for digits in sorted(numbers):
        if parts and len(parts[-1][-1]) == len(digits) and int(digits) == int(parts[-1][-1]) + 1:
            parts[-1].append(digits)
        else:
            parts.append([digits])
    return "、".join(part[0] if len(part) == 1 else f"{part[0]}–{part[-1]}" for part in parts)


def as_csv(lines: Iterable[BookLine], words: dict[str, str]) -> bytes:
    """The book as a spreadsheet opens it; ``words`` are the names of the states."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEAD)
    for line in lines:
        counts = (line.came_in, line.went_out, line.on_hand)
        writer.writerow(
            (
                line.day,
                line.kind,
                words.get(line.what, line.what),
                *counts,
                ranges(line.numbers),
                line.ref,
                line.request,
            )
        )
    return text.getvalue().encode("utf-8-sig")
