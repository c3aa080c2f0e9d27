"""Stocktakes (盘点) of this computer's book: opened, counted by ranges or by scanning, closed, or given up.

Everything counted is in the journal at once, so a stocktake that lost its power goes on where it was. At closing, each
difference becomes a case; whoever counted alone leaves photographs, and a second person confirms.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from inspector_app.domain.authority import Action, Post
from inspector_app.domain.custody import ON_HAND
from inspector_app.domain.numbering import NumberState, parse_ranges
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.domain.stocktake import (
    Count,
    CountedRange,
    Difference,
    Place,
    Reconciled,
    Shelf,
    StockLine,
    StocktakePurpose,
    StocktakeState,
    book_of,
    covered,
    pages_of,
    read_scan,
    reconcile,
    runs,
    standing,
)
from inspector_app.journal.books.standing import count_due_on
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.ceremony import Ceremony
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.entries.stocktakes import (
    StocktakeAbandoned,
    StocktakeClosed,
    StocktakeCounted,
    StocktakeListed,
    StocktakeOpened,
)
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.stocktakes import lines_of, ranges_of
from inspector_app.services.custody_cases import BOOK_DIFFERS, add_case
from inspector_app.services.device import Device
from inspector_app.services.number_custody import KINDS, is_over
from inspector_app.services.stock_freeze import under_way
from inspector_app.services.typed import NO_PICTURE, attachment_refusals, code_refusals, reason_refusals

TYPED, SCANNED = "typed", "scanned"
PHOTOS_ALONE = 2
"""Of the first and of the last sheet, where one person counts alone (DOMAIN 11)."""
MAX_DIFFERENCES = 100
MAX_PAGES = 1_000_000


class Closed(msgspec.Struct, frozen=True):
    """A closed stocktake: its entry, what differed, and the case of each difference."""

    ref: str
    differences: list[Difference]
    explained: int
    cases: list[str]


# --- opening --------------------------------------------------------------------------------------------------------


def own_stocktake(device: Device) -> Row | None:
    """The stocktake under way at this computer."""
    rows = device.rows.many("stocktakes", device=device.id, state=StocktakeState.OPEN.value)
    return rows[0] if rows else None


def open_stocktake(
    device: Device, *, kinds: Sequence[str] = KINDS, purpose: str = StocktakePurpose.PERIODIC.value, store: str = ""
) -> str | Refused:
    """Open a stocktake of these kinds; the book as it stands is written down with it. Returns its entry."""

    def against() -> list[Refusal]:
        found = device.may(Action.STOCKTAKE) + code_refusals("kind", kinds, KINDS)
        return found + purpose_refusals(device, purpose, store) + _open_refusals(device, kinds)

    def add(act: Act) -> str:
        wanted = sorted(set(kinds))
        first, *more = pages_of(book(device, wanted))
        fact = StocktakeOpened(purpose=purpose, kinds=wanted, lines=first, store=store)
        ref = act.add(fact, sign=device.sign)
        for page in more:
            act.add(StocktakeListed(stocktake=ref, lines=page), sign=device.sign)
        return ref

    return device.record_unless(against, add)


def _open_refusals(device: Device, kinds: Sequence[str]) -> list[Refusal]:
    if not kinds:
        return [Refusal(code=RefusalCode.FIELD_MISSING, field="kind")]
    if (row := own_stocktake(device)) is not None:
        return [under_way(row)]
    return []


def purpose_refusals(device: Device, purpose: str, store: str) -> list[Refusal]:
    """A hand-over counts a store that has a keeper, and is begun by that keeper, or by the head in their place."""
    if found := code_refusals("purpose", [purpose], StocktakePurpose):
        return found
    if purpose != StocktakePurpose.HAND_OVER:
        return code_refusals("store", [store], ("",))
    row = device.rows.one("stores", store=store)
    if row is None or row["keeper"] is None:
        return [Refusal(code=RefusalCode.NOT_FOUND, field="store", current=store)]
    if device.session is None or row["keeper"] == device.session.person or stands_in(device, int(row["keeper"] or 0)):
        return []
    return [not_the_keeper(store, row)]


def not_the_keeper(store: str, row: Row) -> Refusal:
    """The refusal of whoever does not keep this store."""
    return Refusal(code=RefusalCode.NOT_THE_KEEPER, details={"store": store, "keeper": int(row["keeper"] or 0)})


def stands_in(device: Device, keeper: int) -> bool:
    """Whether the head is signed in, and the keeper holds no grant any more that lets them hand over."""
    own, gone = device.grant(device.person()), device.grant(keeper)
    is_gone = gone is None or Post.KEEPER not in gone.posts or gone.valid_until < device.clock.now().at
    return is_gone and own is not None and Post.HEAD in own.posts


def book(device: Device, kinds: Iterable[str]) -> list[StockLine]:
    """What this computer's book says is there: numbers not used yet, and papers on hand with their pages."""
    pages = _pages_on_hand(device)
    return [line for kind in kinds for line in (*_unused(device, kind), *_on_hand(kind, pages[kind]))]


def _unused(device: Device, kind: str) -> Iterator[StockLine]:
    current = current_blocks(device, kind)
    for block in device.rows.many("blocks", order="ordinal", device=device.id, kind=kind):
        name = str(block["block"])
        free = device.rows.many("numbers", block=name, state=NumberState.FREE.value)
        for first, last in runs(str(row["digits"]) for row in free):
            yield StockLine(
                shelf=Shelf.UNUSED.value, kind=kind, first=first, last=last, block=name, current=name in current
            )


def current_blocks(device: Device, kind: str) -> set[str]:
    """The block each holder takes numbers from: the oldest in force that still has one."""
    now, found = device.clock.now().at, dict[int, str]()
    for block in device.rows.many("blocks", order="ordinal", device=device.id, kind=kind):
        holder, name = int(block["holder"] or 0), str(block["block"])
        if holder not in found and not is_over(block, now) and device.store.lowest_free(name) is not None:
            found[holder] = name
    return set(found.values())


def _pages_on_hand(device: Device) -> dict[str, Counter[str]]:
    """How many pages of each paper lie here: digits, by kind."""
    pages = defaultdict[str, Counter[str]](Counter)
    for row in device.rows.many("sheets", device=device.id):
        if row["state"] in ON_HAND:
            kind, _blank, digits = str(row["number"]).partition(" ")
            pages[kind][digits] += 1
    return pages


def _on_hand(kind: str, pages: Counter[str]) -> Iterator[StockLine]:
    for count in sorted(set(pages.values())):
        for first, last in runs(digits for digits, many in pages.items() if many == count):
            yield StockLine(shelf=Shelf.ON_HAND.value, kind=kind, first=first, last=last, pages=count)


# --- counting -------------------------------------------------------------------------------------------------------


def count_stock(
    device: Device, shelf: str, kind: str, typed: str, *, pages: int = 0, anew: bool = False
) -> str | Refused:
    """Record ranges that were found (``9900000001-5，9900000009``); "" says that nothing more is there.

    ``pages`` are those of all papers of the ranges; ``anew`` sets the earlier counts of this shelf and kind aside.
    """
    ranges = parse_ranges(typed) if typed.strip() else []
    if ranges is None:
        return _unreadable(device, typed)
    return _count(device, shelf, kind, ranges, pages=pages, means=TYPED, anew=anew)


def scan_stock(device: Device, shelf: str, kind: str, scans: Sequence[str], *, anew: bool = False) -> str | Refused:
    """Record what a scanner read, one reading per sheet; a number read twice lies there with two pages."""
    read = {text: read_scan(text, kind) for text in scans if text.strip()}
    if bad := next((text for text, digits in read.items() if digits is None), None):
        return _unreadable(device, bad)
    found = [str(read[text]) for text in scans if text.strip()]
    pages = len(found) if shelf == Shelf.ON_HAND else 0
    return _count(device, shelf, kind, list(runs(set(found))), pages=pages, means=SCANNED, anew=anew)


def _unreadable(device: Device, typed: str) -> Refused:
    wrong = Refusal(code=RefusalCode.FIELD_INVALID, field="numbers", current=typed)
    return Refused((*device.may(Action.STOCKTAKE), wrong))


def _count(
    device: Device, shelf: str, kind: str, ranges: list[tuple[str, str]], *, pages: int, means: str, anew: bool
) -> str | Refused:
    counted = [CountedRange(first, last) for first, last in ranges]
    count = Count(shelf=shelf, kind=kind, ranges=counted, pages=pages, anew=anew)

    def add(act: Act) -> str:
        first, *more = pages_of(counted)
        stocktake = str((own_stocktake(device) or {})["ref"])
        fact = StocktakeCounted(
            stocktake=stocktake, shelf=shelf, kind=kind, ranges=first, pages=pages, means=means, anew=anew
        )
        ref = act.add(fact, sign=device.sign)
        for page in more:
            act.add(msgspec.structs.replace(fact, ranges=page, pages=0, anew=False), sign=device.sign)
        return ref

    return device.record_unless(lambda: [*device.may(Action.STOCKTAKE), *count_refusals(device, count)], add)


def count_refusals(device: Device, count: Count) -> list[Refusal]:
    """Why this count cannot stand: nothing is open, not what is counted, a range beyond its block, counted already."""
    row = own_stocktake(device)
    if row is None:
        return [Refusal(code=RefusalCode.NOT_FOUND, field="stocktake")]
    kinds = msgspec.json.decode(str(row["kinds"]), type=list[str])
    found = code_refusals("shelf", [count.shelf], Shelf) + code_refusals("kind", [count.kind], kinds)
    if found:
        return found
    found = _pages_refusals(count) + _crossing_refusals(device, count)
    return found + _again_refusals(device, row, count) + last_refusals(device, row, count)


def _pages_refusals(count: Count) -> list[Refusal]:
    if not 0 <= count.pages <= MAX_PAGES:
        return [Refusal(code=RefusalCode.FIELD_INVALID, field="pages", current=count.pages)]
    missing = count.shelf == Shelf.ON_HAND and count.ranges and not count.pages
    return [Refusal(code=RefusalCode.FIELD_MISSING, field="pages")] if missing else []


def _crossing_refusals(device: Device, count: Count) -> list[Refusal]:
    """A range of unused numbers whose end crosses a block is refused with where that block ends, never cut."""
    blocks = device.rows.many("blocks", kind=count.kind) if count.shelf == Shelf.UNUSED else []
    for one in count.ranges:
        for block in blocks:
            first, last = str(block["first"]), str(block["last"])
            beside = len(one.first) != len(first) or one.last < first or last < one.first
            if not beside and not first <= one.first <= one.last <= last:
                typed = f"{one.first}–{one.last}"
                return [
                    Refusal(
                        code=RefusalCode.OUTSIDE_BLOCK,
                        field="numbers",
                        current=typed,
                        details={"block": f"{first}–{last}"},
                    )
                ]
    return []


def _again_refusals(device: Device, row: Row, count: Count) -> list[Refusal]:
    if count.anew:
        return []
    before = covered(counts_of(device, str(row["ref"])), (count.shelf, count.kind))
    twice = (one for one in count.ranges if before.meets(one.first, one.last))
    return [
        Refusal(code=RefusalCode.ALREADY_RECORDED, field="numbers", current=f"{one.first}–{one.last}") for one in twice
    ][:1]


def last_refusals(device: Device, row: Row, count: Count) -> list[Refusal]:
    """The block a vet works with is counted last, so that it is held still for as short as can be."""
    lines = lines_of(row)
    current = [line for line in lines if line.current and (line.shelf, line.kind) == (count.shelf, count.kind)]
    if not any(line.overlaps(one.first, one.last) for line in current for one in count.ranges):
        return []
    counts = [*counts_of(device, str(row["ref"])), count]
    left = [line for line in _uncounted(lines, counts) if not line.current]
    if not left:
        return []
    return [Refusal(code=RefusalCode.STOCKTAKE_COUNT_LAST, field="numbers", current=_told(left[0]))]


def counts_of(device: Device, stocktake: str) -> list[Count]:
    """The counts of a stocktake in the order in which they were made."""
    return [
        Count(
            shelf=str(row["shelf"]),
            kind=str(row["kind"]),
            ranges=ranges_of(row),
            pages=int(row["pages"] or 0),
            anew=bool(row["anew"]),
        )
        for row in device.rows.many("stock_counts", order="seq", stocktake=stocktake)
    ]


def _uncounted(lines: Iterable[StockLine], counts: list[Count]) -> list[StockLine]:
    """Lines nobody looked for: no part of them was found, and nobody said that nothing more is there."""
    places: dict[Place, list[StockLine]] = {}
    for line in lines:
        places.setdefault((line.shelf, line.kind), []).append(line)
    found = []
    for place, its in places.items():
        if all(held.ranges for held in standing(counts, place)):
            there = covered(counts, place)
            found += [line for line in its if not there.meets(line.first, line.last)]
    return found


def _told(line: StockLine) -> str:
    return f"{line.kind} {line.first}–{line.last}"


# --- closing --------------------------------------------------------------------------------------------------------


def uncounted(device: Device, row: Row) -> list[StockLine]:
    """Lines of the book nobody has looked for yet."""
    return _uncounted(lines_of(row), counts_of(device, str(row["ref"])))


def found_so_far(device: Device, row: Row) -> Reconciled:
    """What a stocktake under way would find if it were closed now."""
    kinds = msgspec.json.decode(str(row["kinds"]), type=list[str])
    now = book_of(book(device, kinds))
    moved = _moved_since(device, row)
    found = reconcile(book_of(lines_of(row)), counts_of(device, str(row["ref"])), now, moved)
    return found or Reconciled([], 0)


def _moved_since(device: Device, row: Row) -> dict[Place, set[str]]:
    """Papers that moved since the opening, though they may have come back: by order here, by the clock elsewhere."""
    opened = int(str(row["ref"]).partition("/")[2])
    found: dict[Place, set[str]] = {}
    for move in device.rows.many("sheet_moves"):
        owner, _slash, seq = str(move["ref"]).partition("/")
        after = int(seq) > opened if owner == device.id else int(move["at"] or 0) >= int(row["opened_at"] or 0)
        if after:
            kind, _blank, digits = str(move["number"]).partition(" ")
            found.setdefault((Shelf.ON_HAND.value, kind), set()).add(digits)
    return found


def close_stocktake(device: Device, *, attachments: Sequence[str] = (), no_picture: str = "") -> Closed | Refused:
    """Close the stocktake of this computer; each difference opens a case in the same act (GX-2014 Art. 17)."""

    def add(act: Act) -> Closed:
        row = own_stocktake(device) or {}
        found = found_so_far(device, row)
        fact = StocktakeClosed(
            stocktake=str(row["ref"]),
            differences=found.differences,
            explained=found.explained,
            attachments=list(attachments),
            no_picture=no_picture,
        )
        ref = act.add(fact, sign=device.sign)
        cases = [_case_of(act, device, ref, one) for one in found.differences]
        return Closed(ref, found.differences, found.explained, cases)

    return device.record_unless(
        lambda: [*device.may(Action.STOCKTAKE), *close_refusals(device, attachments, no_picture)], add
    )


def _case_of(act: Act, device: Device, ref: str, one: Difference) -> str:
    return add_case(act, device, BOOK_DIFFERS, ref, numbers=(one.kind, one.first, one.last))


def close_refusals(device: Device, attachments: Sequence[str], no_picture: str) -> list[Refusal]:
    """Why the stocktake is not complete: something was not looked for, or whoever counts alone left no photographs."""
    row = own_stocktake(device)
    if row is None:
        return [Refusal(code=RefusalCode.NOT_FOUND, field="stocktake")]
    found = attachment_refusals(device, attachments)
    if left := uncounted(device, row):
        found.append(Refusal(code=RefusalCode.STOCKTAKE_UNCOUNTED, limit=len(left), current=_told(left[0])))
    elif (many := len(found_so_far(device, row).differences)) > MAX_DIFFERENCES:
        found.append(Refusal(code=RefusalCode.STOCKTAKE_TOO_LONG, limit=MAX_DIFFERENCES, current=many))
    if device.policy().ceremony("stocktake") == Ceremony.APART:
        found += photo_refusals(device, attachments, no_picture, PHOTOS_ALONE)
    return found + purpose_refusals(device, str(row["purpose"]), str(row["store"]))


@enforces("G20")
def photo_refusals(device: Device, attachments: Sequence[str], no_picture: str, wanted: int) -> list[Refusal]:
    """So many photographs, or the reason (list ``no_picture``) why there are none."""
    if no_picture:
        return reason_refusals(device, NO_PICTURE, no_picture, field="no_picture")
    if len(attachments) >= wanted:
        return []
    return [Refusal(code=RefusalCode.FIELD_MISSING, field="attachments", limit=wanted, current=len(attachments))]


def abandon_stocktake(device: Device, *, reason: str, note: str = "") -> str | Refused:
    """Give the stocktake of this computer up; nothing is concluded from it and nothing is frozen any more."""

    def against() -> list[Refusal]:
        found = device.may(Action.STOCKTAKE) + reason_refusals(device, "stocktake_abandoned", reason, note)
        return found if own_stocktake(device) else [*found, Refusal(code=RefusalCode.NOT_FOUND, field="stocktake")]

    def add(act: Act) -> str:
        fact = StocktakeAbandoned(stocktake=str((own_stocktake(device) or {})["ref"]), reason=reason)
        return act.add(fact, private=note_of(note), sign=device.sign)

    return device.record_unless(against, add)


def stocktake_due_on(device: Device) -> str:
    """The legal day by which this computer's next stocktake is due; today when there has been none."""
    return count_due_on(device.rows, device.id, device.policy()) or device.today()
