"""The after-life of sheets at the station: spoiled, collected, found, handed in to the keeper above.

A sheet is named by its number, its print and its place in the form. Who tells of it works at any computer of the
station; the sheet stays in the keeping of the computer at which it came on hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action
from inspector_app.domain.custody import SHEET_MOVES, SheetState
from inspector_app.domain.destruction import MOST_SHEETS
from inspector_app.domain.numbering import Number
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.custody import SheetLost, SheetSpoiled
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.entries.sheets import SheetCollected, SheetFound, SheetName, SheetsHandedIn
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.sheets import CAME_BACK
from inspector_app.services import custody_papers
from inspector_app.services.device import Device
from inspector_app.services.old_sheets import TO_HAND_IN
from inspector_app.services.on_desk import Sheet, in_force_refusals, paper_row
from inspector_app.services.print_jobs import number_of
from inspector_app.services.stock_freeze import frozen_sheet_refusals
from inspector_app.services.typed import attachment_refusals, day_refusals, one_text, picture_refusals, reason_refusals

__all__ = ["SheetName"]

SPOIL, COLLECTION, HAND_IN = "spoil", "collection", "hand_in"
"""The lists of reasons: why a sheet is no good, why it came back, who takes it in."""


def name_of(row: Row) -> SheetName:
    """The name of a sheet by its row."""
    kind, _, digits = str(row["number"]).partition(" ")
    return SheetName(kind, digits, int(row["print"] or 0), int(row["sheet"] or 0))


def find_row(device: Device, name: SheetName) -> Row | None:
    """The sheet of this name, where the station has ever had it."""
    return device.rows.one("sheets", number=name.number, print=name.print, sheet=name.sheet)


@enforces("G47")
def move_refusals(name: SheetName, row: Row | None, to: SheetState) -> list[Refusal]:
    """Why a sheet cannot become ``to``: unknown here, or a move its life does not have (a found sheet stays dead)."""
    details: dict[str, str | int] = {"sheet": str(name)}
    if row is None:
        return [Refusal(code=RefusalCode.NOT_FOUND, field="sheet", current=str(name))]
    state = SheetState(str(row["state"]))
    if to in SHEET_MOVES[state]:
        return []
    return [Refusal(code=RefusalCode.WRONG_STATE, field="sheet", current=state.value, limit=to.value, details=details)]


def _place(number: Number, at: Sheet) -> tuple[Number, int, int]:
    return number, at.print_no, at.sheet


def _name(number: str, at: Sheet) -> SheetName:
    kind, _, digits = number.partition(" ")
    return SheetName(kind, digits, at.print_no, at.sheet)


# --- spoiled ---------------------------------------------------------------------------------------------------------


def spoil_sheet(
    device: Device, number: str, at: Sheet, *, category: str, photos: Sequence[str] = (), no_picture: str = ""
) -> str | Refused:
    """Move a sheet on the desk to the register of spoiled sheets (回收核销), with its category and photograph."""

    def build(act: Act) -> str:
        place, photographed = _place(number_of(device, number), at), list(photos)
        return act.add(SheetSpoiled(*place, category=category, attachments=photographed, no_picture=no_picture))

    return device.record_unless(lambda: spoil_refusals(device, _name(number, at), category, photos, no_picture), build)


@enforces("G34")
def spoil_refusals(
    device: Device, name: SheetName, category: str, photos: Sequence[str], no_picture: str
) -> list[Refusal]:
    """A spoiled sheet has a category of the measures and a photograph, or the reason why there is none (Art. 23)."""
    found = device.may(Action.SPOIL_SHEET) + move_refusals(name, find_row(device, name), SheetState.SPOILED)
    return found + evidence_refusals(device, category, photos, no_picture)


@enforces("G34")
def evidence_refusals(device: Device, category: str, photos: Sequence[str], no_picture: str) -> list[Refusal]:
    """What the register says of a sheet that is no good: its category, and how it looks."""
    found = reason_refusals(device, SPOIL, category, field="category") + attachment_refusals(device, photos)
    return found + picture_refusals(device, photos, no_picture)


class SpoiledLine(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet of the register: since which legal day, by when it is to be written off, and whether that is over."""

    name: SheetName
    category: str
    since: str
    due_on: str
    overdue: bool
    written_off: bool


def spoiled_register(device: Device) -> list[SpoiledLine]:
    """Every spoiled sheet still at the station, the longest waiting first."""
    rows = device.rows.many("sheets", order="at", state=SheetState.SPOILED.value)
    return [_spoiled_line(device, row) for row in rows]


def _spoiled_line(device: Device, row: Row) -> SpoiledLine:
    since, policy = legal_date(int(row["at"] or 0)), device.policy()
    due_on = policy.after_working_days(since, policy.spoiled_write_off_working_days)
    written_off = bool(device.rows.many("write_offs", number=row["number"], print=row["print"]))
    return SpoiledLine(
        name=name_of(row),
        category=str(row["category"] or ""),
        since=since,
        due_on=due_on,
        overdue=not written_off and device.today() > due_on,
        written_off=written_off,
    )


# --- collected, lost and found ----------------------------------------------------------------------------------------


def collect_sheet(
    device: Device, number: str, at: Sheet, *, reason: str, photos: Sequence[str] = (), note: str = ""
) -> str | Refused:
    """Take a sheet back from its holder (回收)."""

    def build(act: Act) -> str:
        fact = SheetCollected(*_place(number_of(device, number), at), reason=reason, attachments=list(photos))
        return act.add(fact, private=note_of(note), sign=device.sign)

    def against() -> list[Refusal]:
        found = device.may(Action.COLLECT_SHEET) + attachment_refusals(device, photos)
        return found + collection_refusals(device, _name(number, at), reason, note)

    return device.record_unless(against, build)


@enforces("G36")
def collection_refusals(device: Device, name: SheetName, reason: str, note: str = "") -> list[Refusal]:
    """Only what its holder has comes back, for a reason of the measures that is true of it (Art. 23, 29)."""
    found = move_refusals(name, find_row(device, name), SheetState.COLLECTED)
    unclear = reason_refusals(device, COLLECTION, reason, note)
    found += unclear
    paper = paper_row(device, name.number)
    if paper is not None and not unclear and not _WANTED.get(reason, _is_spent)(device, paper):
        current = str(paper["state"])
        found.append(Refusal(code=RefusalCode.WRONG_STATE, field="reason", current=current, limit=reason))
    return found


def _is_ended(_device: Device, paper: Row) -> bool:
    return paper["state"] != "issued"


def _is_used(device: Device, paper: Row) -> bool:
    # Nobody takes from a holder what still covers a trip (Art. 29).
    return device.clock.now().at > int(paper.get("expires_at") or 0)


def _is_spent(device: Device, paper: Row) -> bool:
    return _is_ended(device, paper) or _is_used(device, paper)


_WANTED: dict[str, Callable[[Device, Row], bool]] = {"voided": _is_ended, "used": _is_used}
"""What must be true of a paper that comes back for a reason; for any other, that it covers no trip any more."""


def lose_sheet(device: Device, number: str, at: Sheet, *, cause: str) -> str | Refused:
    """Report that a sheet on hand cannot be found (遗失), as at a stocktake: it is a loss to be followed from now on.

    ``cause`` is of the list ``loss``. A travelling sheet of a paper in force is lost only with what ends the paper.
    """

    def against() -> list[Refusal]:
        name = _name(number, at)
        row = find_row(device, name)
        found = device.may(Action.REPORT_LOSS) + move_refusals(name, row, SheetState.LOST)
        found += in_force_refusals(device, number, at) if row is not None else []
        return found + reason_refusals(device, "loss", cause, field="cause")

    def build(act: Act) -> str:
        row = find_row(device, _name(number, at)) or {}
        place = _place(number_of(device, number), at)
        return act.add(SheetLost(*place, category=cause, came_back=_came_back(device, row)))

    return device.record_unless(against, build)


def _came_back(device: Device, row: Row) -> str:
    """The latest entry by which a sheet came back; "" where it never left, or left again."""
    if row.get("state") not in CAME_BACK:
        return ""
    place = {name: row[name] for name in ("number", "print", "sheet", "state")}
    moves = device.rows.many("sheet_moves", order="at", **place)
    return str(moves[-1]["ref"])


def find_lost(device: Device, number: str, at: Sheet, *, found_on: str = "", note: str = "") -> str | Refused:
    """A lost sheet was found (追回): it is only handed in or destroyed now. ``found_on``: today unless given."""
    day = found_on or device.today()

    def build(act: Act) -> str:
        fact = SheetFound(*_place(number_of(device, number), at), found_on=day)
        return act.add(fact, private=note_of(note), sign=device.sign)

    def against() -> list[Refusal]:
        name = _name(number, at)
        found = device.may(Action.COLLECT_SHEET) + move_refusals(name, find_row(device, name), SheetState.FOUND)
        return found + past_day_refusals(device, "found_on", day) + one_text("note", note)

    return device.record_unless(against, build)


def past_day_refusals(device: Device, field: str, day: str) -> list[Refusal]:
    """What is no day of the calendar, or one to come."""
    if found := day_refusals(field, day):
        return found
    return [Refusal(code=RefusalCode.DAY_TO_COME, field=field, current=day)] if day > device.today() else []


# --- handed in -------------------------------------------------------------------------------------------------------


class HandedIn(msgspec.Struct, frozen=True):
    """Sheets handed in: the entry, the slip's PDF (hex SHA-256), how many went, and how many are left for another."""

    ref: str
    slip: str
    count: int
    left: int


class Batch(NamedTuple):
    """Of many sheets as many as one entry names, and how many are left for the next."""

    sheets: list[SheetName]
    left: int


def oldest_batch(device: Device, sheets: Sequence[SheetName]) -> Batch:
    """The sheets that have waited longest, at most ``MOST_SHEETS``; all of them, as they were named, if no more."""
    left = len(sheets) - MOST_SHEETS
    if left <= 0:
        return Batch(list(sheets), 0)
    return Batch(sorted(sheets, key=lambda one: (_since(device, one), one))[:MOST_SHEETS], left)


def _since(device: Device, name: SheetName) -> int:
    return int((find_row(device, name) or {}).get("at") or 0)


def to_hand_in(device: Device) -> list[SheetName]:
    """Everything at the station that goes to the keeper above: spoiled, collected, found."""
    return [name_of(row) for state in TO_HAND_IN for row in device.rows.many("sheets", state=state.value)]


def hand_in(device: Device, sheets: Sequence[SheetName], *, to: str, note: str = "") -> HandedIn | Refused:
    """Hand old sheets in to the keeper of the institution above (缴旧); the slip is drawn, both sign it by hand.

    Of more than one slip names (``MOST_SHEETS``) the oldest go.
    """
    some, left = oldest_batch(device, sheets)

    def against() -> list[Refusal]:
        found = device.may(Action.HAND_IN_SHEETS) + reason_refusals(device, HAND_IN, to, note, field="receiver")
        return found + list_refusals(device, some, SheetState.RETURNED) + frozen_sheet_refusals(device, some)

    def build(act: Act) -> HandedIn:
        slip = device.files.add(custody_papers.draw_slip(device, some, to), "application/pdf")
        fact = SheetsHandedIn(sheets=some, to=to, slip=slip)
        return HandedIn(act.add(fact, private=note_of(note), sign=device.sign), slip, len(some), left)

    return device.record_unless(against, build)


def list_refusals(device: Device, sheets: Sequence[SheetName], to: SheetState) -> list[Refusal]:
    """Why these sheets cannot go that way together: none named, one named twice, one not here for that."""
    if not sheets:
        return [Refusal(code=RefusalCode.FIELD_MISSING, field="sheets")]
    twice = sorted(str(one) for one, times in Counter(sheets).items() if times > 1)
    found = [Refusal(code=RefusalCode.FIELD_INVALID, field="sheets", current=one) for one in twice]
    return found + [refusal for one in sheets for refusal in move_refusals(one, find_row(device, one), to)]
