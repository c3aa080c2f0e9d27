"""What the keeper above counted of the sheets a station handed in, as rows; the station has the same ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspector_app.domain.hand_ins import OldSheetsReceived
from inspector_app.journal.projections.registry import projects_document
from inspector_app.journal.projections.rows import Row, Rows

DIFFERS = "hand_in_differs"
"""The kind of case a count opens that does not find everything."""


@projects_document(OldSheetsReceived)
def old_sheets_received(value: OldSheetsReceived, rows: Rows) -> None:
    """Counted in; what is missing opens one case, however often the slip is counted."""
    row: Row = {"receipt": value.receipt, "hand_in": value.hand_in, "missing": "，".join(value.missing)}
    row |= {name: getattr(value, name) for name in ("station", "organisation", "location", "counted", "by", "at")}
    rows.put("hand_in_counts", row | {"day": value.on})
    if value.missing and rows.one("custody_cases", ref=value.hand_in) is None:
        rows.insert("custody_cases", _case(value))


def _case(value: OldSheetsReceived) -> Row:
    """The case bears the name of the entry whose slip does not agree: it is of the station that wrote it."""
    device = value.hand_in.partition("/")[0]
    row: Row = {"ref": value.hand_in, "device": device, "kind": DIFFERS, "about": value.hand_in, "state": "open"}
    row |= {"form": "", "first": "", "last": "", "opened_on": value.on, "due_on": value.due_on, "note": ""}
    return row | {"opened_by": value.by, "opened_at": value.at}


def handed_in_by(rows: Rows, sheet: Row) -> list[str]:
    """The entries that handed a sheet in; two where two computers did not know of each other."""
    moves = rows.many(
        "sheet_moves", number=sheet["number"], print=sheet["print"], sheet=sheet["sheet"], state="returned"
    )
    return [str(move["ref"]) for move in moves]


def is_settled(rows: Rows, sheet: Row) -> bool:
    """Whether a sheet that was handed in was counted in, or the case of its being missing is concluded."""
    return any(_settles(rows, hand_in, sheet_text(sheet)) for hand_in in handed_in_by(rows, sheet))


def _settles(rows: Rows, hand_in: str, sheet: str) -> bool:
    counts = rows.many("hand_in_counts", hand_in=hand_in)
    if any(sheet not in missing_of(count) for count in counts):
        return True
    case = rows.one("custody_cases", ref=hand_in) if counts else None
    return case is not None and case["state"] != "open"


def missing_of(count: Mapping[str, Any]) -> list[str]:
    """The sheets a count did not find."""
    return [one for one in str(count["missing"]).split("，") if one]


def sheet_text(sheet: Row) -> str:
    """A sheet as slips name it."""
    return f"{sheet['number']} {sheet['print']}/{sheet['sheet']}"
