"""The continuity report (连号核对) of one station, read from rows; what a row does not say is asked of its entry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from inspector_app.clock import legal_date
from inspector_app.domain.continuity import (
    Continuity,
    DrawnNumbers,
    HeldNumbers,
    KnownNumber,
    LostNumbers,
    Place,
    Standing,
    account,
    standing_of,
)
from inspector_app.domain.numbering import NumberState
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.books.entries import Entries
from inspector_app.journal.chain import reference
from inspector_app.journal.entries.blanks import BlankSpoiled
from inspector_app.journal.entries.certificates import CertificateIssued, NoticeIssued
from inspector_app.journal.entries.custody import NumbersLost, NumbersReturned
from inspector_app.journal.entries.openings import OpeningRecorded
from inspector_app.journal.entries.successions import PaperRegularised
from inspector_app.journal.projections import Row, Rows
from inspector_app.journal.projections.stock import ranges_of
from inspector_app.journal.projections.uncut import lost_uncut

ENDED_BEFORE = "ended_before"
"""The reason of numbers that a station took over as ended: a code of its own, no list gives it."""
REGULARISED = "regularised"
"""Of numbers on papers of a branch the province never took in, the same."""
PAPERS = ("certificates", "notices")
SECOND_PAPER = frozenset({Judgement.NUMBER_CONTESTED, Judgement.NUMBER_TAKEN, Judgement.NUMBER_LOST})
"""Verdicts on a paper whose number another paper bears, or may bear, or whose number was dead."""


def read_continuity(rows: Rows, station: int, entries: Entries) -> Continuity:
    """What became of every number drawn for a station, number for number."""
    draws = rows.many("draws", station=station)
    blocks = blocks_of(rows, draws)
    devices = devices_of(blocks)
    papers = {str(row["number"]): row for table in PAPERS for one in devices for row in rows.many(table, device=one)}
    reader = _Reader(rows, station, entries, devices, papers.get)
    return account([_drawn(rows, one) for one in draws], [reader.held(row) for row in blocks])


def _drawn(rows: Rows, draw: Row) -> DrawnNumbers:
    """A draw, and what of it was lost before it came into a block."""
    name = str(draw["draw"])
    lost = (LostNumbers(one.first, one.last, one.ref, legal_date(one.at), one.cause) for one in lost_uncut(rows, name))
    ends = str(draw["first"]), str(draw["last"])
    return DrawnNumbers(name, str(draw["kind"]), *ends, tuple(lost), turn=int(draw["turn"] or 1))


def read_standing(rows: Rows, station: int, kind: str, digits: str, entries: Entries) -> tuple[Standing, Place] | None:
    """How one number stands, and where, as :func:`read_continuity` has it; None when no draw of the station holds it.

    Of a number drawn again after it was given back, as it stands in the latest draw. Only the blocks that can tell are
    read: its own, and for a free number those to which its holder may have gone on.
    """
    draws = rows.many("draws", station=station)
    holding = draws_holding(rows, station, kind, digits)
    if not holding:
        return None
    own = next((row for row in blocks_of(rows, holding[-1:]) if _holds(row, digits)), None)
    if own is None:
        return _uncut(rows, holding[-1], digits)
    blocks = blocks_of(rows, draws)
    devices = devices_of(blocks)
    reader = _Reader(rows, station, entries, devices, lambda number: _paper(rows, devices, number))
    number = rows.one("numbers", number=f"{kind} {digits}", block=own["block"]) or {}
    later = [row for row in blocks if _is_later(row, own)] if number.get("state") == NumberState.FREE else []
    return standing_of(digits, reader.held(own), [reader.held(row) for row in later])


def _uncut(rows: Rows, draw: Row, digits: str) -> tuple[Standing, Place]:
    lost = any(one.meets(digits, digits) for one in lost_uncut(rows, draw["draw"]))
    return Standing.LOST if lost else Standing.UNCUT, Place(str(draw["draw"]))


def draws_holding(rows: Rows, station: int, kind: str, digits: str) -> list[Row]:
    """The draws of a station that a number was in, the earliest first: several where it was given back between them."""
    held = (row for row in rows.many("draws", station=station, kind=kind) if _holds(row, digits))
    return sorted(held, key=lambda row: (int(row["turn"] or 1), int(row["issued_at"] or 0), str(row["draw"])))


def blocks_of(rows: Rows, draws: Iterable[Row]) -> list[Row]:
    """The blocks that were cut from these draws."""
    return [row for draw in draws for row in rows.many("blocks", draw=draw["draw"])]


def devices_of(blocks: Iterable[Row]) -> list[str]:
    """The devices that hold these blocks."""
    return sorted({str(row["device"]) for row in blocks})


def _holds(row: Row, digits: str) -> bool:
    first, last = str(row["first"]), str(row["last"])
    return len(first) == len(digits) and first <= digits <= last


def _is_later(row: Row, own: Row) -> bool:
    same = all(row[name] == own[name] for name in ("device", "kind", "holder"))
    return same and int(row["ordinal"] or 0) > int(own["ordinal"] or 0)


def _paper(rows: Rows, devices: Collection[str], number: str) -> Row | None:
    found = filter(None, (rows.one(table, number=number) for table in PAPERS))
    return next((row for row in found if row["device"] in devices), None)


class _Reader:
    """What the rows of a station's devices say of its numbers; ``paper_of`` finds the paper that bears one."""

    def __init__(
        self,
        rows: Rows,
        station: int,
        entries: Entries,
        devices: Collection[str],
        paper_of: Callable[[str], Row | None],
    ) -> None:
        self._rows = rows
        self._passed_up = [
            (str(row["kind"]), first, last, int(row["at"] or 0), str(row["record"]))
            for row in sorted(rows.many("stock_returns", station=station, ended=1), key=_went_up)
            for first, last in ranges_of(str(row["ranges"]))
        ]
        self._entries = entries
        self._paper_of = paper_of
        self._contested = set(self._second_papers(devices))
        self._ends: dict[str, tuple[str, str]] = {}

    def _second_papers(self, devices: Iterable[str]) -> Iterator[tuple[str, str]]:
        for device in devices:
            for row in self._rows.many("verdicts", device=device):
                entry = self._entries.find(reference(device, int(row["seq"] or 0))) if _is_second(row) else None
                match entry.fact if entry else None:
                    case CertificateIssued(record=record):
                        yield str(record.number), record.block
                    case NoticeIssued(number=number, block=block):
                        yield str(number), block
                    case _:
                        pass

    def held(self, row: Row) -> HeldNumbers:
        """A block and its numbers."""
        numbers = self._rows.many("numbers", block=row["block"])
        return HeldNumbers(
            block=str(row["block"]),
            draw=str(row["draw"]),
            kind=str(row["kind"]),
            first=str(row["first"]),
            last=str(row["last"]),
            device=str(row["device"]),
            holder=int(row["holder"] or 0),
            ordinal=int(row["ordinal"] or 0),
            expires=int(row["expires"] or 0),
            numbers=tuple(self._known(one) for one in numbers),
        )

    def _known(self, row: Row) -> KnownNumber:
        state, entry = NumberState(str(row["state"])), str(row["ended_by"] or "")
        contested = (str(row["number"]), str(row["block"])) in self._contested
        paper = self._paper_of(str(row["number"])) if state is NumberState.USED else None
        if paper is not None:
            return _on_paper(str(row["digits"]), paper, contested=contested)
        day, reason = self._end(entry)
        contested |= reason == REGULARISED
        passed_up = self._record_of(row) if state is NumberState.RETURNED else ""
        return KnownNumber(str(row["digits"]), state, entry, day, reason, contested=contested, passed_up=passed_up)

    def _record_of(self, row: Row) -> str:
        """By which record a returned number went up from the station; "" while it lies there.

        One that was drawn twice may have gone up twice: the first record after its block was cut is that of its block.
        """
        kind, digits = row["kind"], str(row["digits"])
        block = self._rows.one("blocks", block=row["block"]) or {}
        cut_at = int(block.get("issued_at") or 0)
        held = (one for one in self._passed_up if one[0] == kind and len(one[1]) == len(digits) and one[3] >= cut_at)
        return next((record for _kind, first, last, _at, record in held if first <= digits <= last), "")

    def _end(self, ref: str) -> tuple[str, str]:
        """On which day and for which reason numbers ended without a paper."""
        if ref and ref not in self._ends:
            entry = self._entries.find(ref)
            reason = ""
            match entry.fact if entry else None:
                case NumbersReturned(reason=given) | NumbersLost(cause=given):
                    reason = given
                case BlankSpoiled(category=given):
                    reason = given
                case OpeningRecorded():
                    reason = ENDED_BEFORE
                case PaperRegularised():
                    reason = REGULARISED
                case _:
                    pass
            self._ends[ref] = (legal_date(entry.envelope.at) if entry else "", reason)
        return self._ends.get(ref, ("", ""))


def _went_up(row: Row) -> tuple[int, str]:
    return int(row["at"] or 0), str(row["record"])


def _is_second(row: Row) -> bool:
    return row["code"] in SECOND_PAPER


def _on_paper(digits: str, paper: Row, *, contested: bool) -> KnownNumber:
    ended = str(paper["void_ref"] or "")
    day = legal_date(int(paper["void_at"] or 0)) if ended else str(paper["issued_on"] or "")
    return KnownNumber(
        digits,
        NumberState.USED,
        ended or str(paper["ref"]),
        day,
        str(paper["void_reason"] or "") if ended else "",
        used_at=int(paper["issued_at"] or 0),
        paper=str(paper["state"]),
        contested=contested,
    )
