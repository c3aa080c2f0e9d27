"""Agreement: in rest, what a station shows and what the province shows are the same rows, column by column.

The station holds its own entries and its sisters' accepted ones, the province everything accepted, each in the order in
which it came to know them. Where that order may tell, two people of the station did the same thing at once, each on
their own laptop; such a row is *contested* and settled by people, not by programs. Nothing else may differ.
"""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest

from inspector_app.domain.continuity import CLEAN, TO_EXPLAIN
from inspector_app.journal.books.old_sheets import OldSheets, read_old_sheets
from inspector_app.journal.chain import Entry, WrittenEntry, read_entry
from inspector_app.journal.entries.blanks import BlankSpoiled
from inspector_app.journal.entries.certificates import (
    CertificateHandedOver,
    CertificateIssued,
    CertificateVoided,
    NoticeHandedOver,
    NoticeIssued,
    NoticeVoided,
)
from inspector_app.journal.entries.custody import NumbersLost, NumbersReturned, SheetLost, SheetSpoiled, StubFiled
from inspector_app.journal.entries.declarations import (
    DeclarationAccepted,
    DeclarationNotAccepted,
    DeclarationRecorded,
    DeclarationWithdrawn,
)
from inspector_app.journal.entries.inspections import SampleSent
from inspector_app.journal.entries.printing import PrintSubmitted
from inspector_app.journal.entries.sheets import (
    DestructionRequested,
    SheetCollected,
    SheetFound,
    SheetName,
    SheetsDestroyed,
    SheetsHandedIn,
)
from inspector_app.journal.entries.successions import PaperRegularised
from inspector_app.journal.envelope import Fact
from inspector_app.journal.projections import TABLES, Row
from inspector_app.journal.projections.hand_ins import DIFFERS
from inspector_app.services import ledgers
from province.journal.rows import DjangoRows
from province.ledgers.continuity import continuity_of
from simulation.belonging import Belonging
from simulation.laptop import Laptop
from simulation.violations import Violation
from simulation.world import World

APART: dict[str, str] = {
    "journals": "what a computer knows of its own journal, and the province of every one",
    "pulls": "what this computer was told last",
    "relayed": "how sisters' entries came here",
    "verdicts": "each computer hears those on its own entries",
    "set_aside": "what came too early here",
    "leases": "each computer holds its own",
    "licences": "each computer holds its own",
    "store_reports": "an institution's letters about a loss, told to no station",
} | dict.fromkeys(
    (
        *("organisations", "stock_locations", "store_hand_overs", "orders", "distributions", "stock_approvals"),
        *("stock_endings", "stock_end_asks", "store_counts", "stock_moves", "draw_asks", "draw_decisions"),
        *("stock_end_steps", "store_notices", "register_asks", "visit_plans", "seals", "licence_files"),
    ),
    "the institutions' own, of which a station hears what its chain and store are: tests/province/test_goods_told.py",
)
"""The tables that are a place's own, each with why; everything else is held against the province."""
SHARED = tuple(table for table in TABLES if table not in APART)
FORGOTTEN = frozenset(
    [
        *("online_declarations", "policies", "fees", "fee_payments", "stock_returns"),
        *("hand_in_counts", "visits", "rectifications", "loss_steps"),
    ]
)
"""What the province told a station in documents of its own that nobody brings back to it after a restore."""
CONTESTED = {
    "declarations": frozenset(
        "state inspect_on reason short_notice decided_at decided_by decided_ref decision_note "
        "accepted_at accepted_by accepted_ref acceptance_note holder".split()
    ),
    "online_declarations": frozenset(["declaration"]),
    "numbers": frozenset("state ended_by".split()),
    "samples": frozenset(["sent_on"]),
    "acts": frozenset("confirm_ref form confirmed_by confirmed_at".split()),
    "sheets": frozenset("state category at device box filed".split()),
}
Key = tuple[object, ...]


class Agreement:
    """The province's rows, and what is contested in them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rows = DjangoRows(world.server.using)
        entries = recorded(world)
        self._contested = contested(entries)
        self._contested_sheets = self._contested | contested_sheets(entries)
        self._contested |= self._cases_of_silent_givers()
        self._belonging = Belonging(self._rows)

    def check(self, laptop: Laptop) -> None:
        """Compare every shared table of a laptop; raises Violation at the first row that differs."""
        concerns, station = self._belonging.concerns, laptop.device.sheet.station
        for table in SHARED:
            ours = {_key(table, row): row for row in laptop.device.rows.many(table)}
            theirs = {_key(table, row): row for row in self._rows.many(table) if concerns(station, table, row)}
            for key in sorted(ours.keys() | theirs.keys(), key=str):
                one, other = ours.get(key), theirs.get(key)
                if one != other and not self._may_differ(laptop, table, key, one, other):
                    raise Violation("I7", f"{laptop.name} and the province differ in {table} {_told(key, one, other)}")
        self._numbers(laptop)
        self._old_sheets(laptop)

    def _cases_of_silent_givers(self) -> set[str]:
        """Cases that a laptop shut down since gave away: its stick may have been read, and the province never told.

        Who has the case then, is settled at the station; the province frees it when it is asked.
        """
        fenced = self._world.evidence.fenced
        moves = (row for laptop in self._world.at_work() for row in laptop.device.rows.many("case_moves"))
        return {str(row["declaration"]) for row in moves if row["giver"] in fenced}

    def _old_sheets(self, laptop: Laptop) -> None:
        """What a station still owes of its draws (缴旧领新) is the same at both, but for what people have to settle.

        Of every draw, also of those that may be in arrears: so a difference shows before it stands in the way.
        """
        if self._world.restores:
            return
        policy, station = laptop.device.policy(), laptop.device.sheet.station
        for kind in ledgers.KINDS:
            ours, theirs = (
                read_old_sheets(rows, station, kind, arrears=0, stubs_handed_in=policy.stubs_handed_in)
                for rows in (laptop.device.rows, self._rows)
            )
            differing = {number for number, _sheet in owed(ours) ^ owed(theirs)} - self._contested
            if differing:
                raise Violation("I7", f"{laptop.name} and the province differ in old sheets of {sorted(differing)}")

    def _numbers(self, laptop: Laptop) -> None:
        """The continuity reports give the same answer for every number but those that people have to settle."""
        if self._world.restores:
            return  # a restored province and a laptop may know different blocks of a sister
        station = laptop.device.sheet.station
        ours, theirs = ledgers.continuity(laptop.device), continuity_of(self._world.server.using, station)
        for one, other in zip_longest(ours.numbers, theirs.numbers):
            if one != other and (one is None or f"{one.kind} {one.first}" not in self._contested):
                raise Violation("I7", f"{laptop.name} and the province account differently: {one}, {other}")
        for one in ours.numbers:
            if one.standing not in CLEAN | TO_EXPLAIN and not (one.entry and one.day and one.reason):
                raise Violation("G26", f"{laptop.name} knows no cause of {one}")

    def _may_differ(self, laptop: Laptop, table: str, key: Key, one: Row | None, other: Row | None) -> bool:
        if table == "sheet_moves":
            return str(key[1]) in self._contested_sheets
        if table == "case_moves" and str(key[0]) in self._contested:
            return True
        # A restored province has forgotten what it told a station since its backup; the station has not.
        if one is not None and self._world.restores > 0 and (_is_told(table, one) or self._has_no_visit(table, one)):
            return True
        if one is None or other is None:
            return table in ("blocks", "numbers") and self._is_forgotten(laptop, one or other or {})
        columns = {name for name in one if one[name] != other[name]}
        if table == "losses" and columns == {"kind"}:  # it follows from the block
            return self._is_forgotten(laptop, one)
        settled = self._contested_sheets if table == "sheets" else self._contested
        return str(key[0]) in settled and columns <= CONTESTED.get(table, frozenset())

    def _has_no_visit(self, table: str, row: Row) -> bool:
        """Whether a station put right what the province, restored, forgot that it ever found."""
        return table == "rectifications" and self._rows.one("visits", ref=row["visit"]) is None

    def _is_forgotten(self, laptop: Laptop, row: Row) -> bool:
        """Whether a restored province and this laptop may know different blocks of a sister; its own never."""
        held = self._world.checks.blocks.get(str(row["block"]))
        return self._world.restores > 0 and held is not None and held.device != laptop.device.id


def _is_told(table: str, row: Row) -> bool:
    """Whether a row comes from a document of the province, and from no entry of the station's."""
    if table == "custody_cases":
        return row["kind"] == DIFFERS
    return table in FORGOTTEN and not row.get("device")


def owed(draws: list[OldSheets]) -> set[tuple[str, tuple[object, ...]]]:
    """Each sheet that is owed by its number, print, place and draw."""
    return {
        (str(row["number"]), (one.draw, row["print"], row["sheet"]))
        for one in draws
        for row in (*one.stubs, *one.sheets)
    }


def contested(entries: list[Entry]) -> set[str]:
    """What several laptops did on their own: declarations decided or taken up, samples sent, twice.

    And numbers one laptop used, gave back or reported lost while another did something else with them.
    """
    done: Counter[str] = Counter()
    spent: dict[str, set[str]] = {}
    for entry in entries:
        for number in _numbers_spent(entry):
            spent.setdefault(number, set()).add(entry.envelope.device)
        match entry.fact:
            case DeclarationAccepted() | DeclarationNotAccepted() | DeclarationWithdrawn() as fact:
                done[fact.declaration] += 1
            case DeclarationRecorded(online=online) if online:
                done[online] += 1
            case SampleSent() as fact:
                done[fact.sample] += 1
            case _:
                pass
    twice = {number for number, devices in spent.items() if len(devices) > 1}
    return {name for name, times in done.items() if times > 1} | twice


def contested_sheets(entries: list[Entry]) -> set[str]:
    """The numbers of papers ended on one laptop while they were printed on another: whether its sheets were on the desk
    when it was void, or came out after it, is what each side knew first. And of those of whose sheets several told.
    """
    ended: dict[str, str] = {}
    printed: dict[str, set[str]] = {}
    told: dict[str, set[str]] = {}
    old: set[str] = set()
    asked = {entry.ref: entry.fact.sheets for entry in entries if isinstance(entry.fact, DestructionRequested)}
    for entry in entries:
        _note_ends(entry, ended, printed)
        numbers = _old_sheets(entry.fact, asked)
        old |= numbers
        for number in numbers | _given_or_ended(entry.fact):
            told.setdefault(number, set()).add(entry.envelope.device)
    elsewhere = {number for number, device in ended.items() if printed.get(number, {device}) - {device}}
    return elsewhere | {number for number in old if len(told[number]) > 1}


def _old_sheets(fact: Fact | None, asked: dict[str, list[SheetName]]) -> set[str]:
    """The numbers of whose sheets a fact tells that they were spoiled or lost, came back or went for good."""
    match fact:
        case SheetSpoiled() | SheetLost() | SheetCollected() | SheetFound():
            return {str(fact.number)}
        case SheetsHandedIn(sheets=names):
            return {name.number for name in names}
        case SheetsDestroyed(request=request):
            return {name.number for name in asked.get(request, [])}
        case _:
            return set()


def _given_or_ended(fact: Fact | None) -> set[str]:
    """The number of a paper that changed hands, went on file or ended: there, while its sheet was spoiled here."""
    match fact:
        case CertificateHandedOver() | NoticeHandedOver() | StubFiled() | CertificateVoided() | NoticeVoided():
            return {str(fact.number)}
        case CertificateIssued(record=record) if record.replaces:
            return {record.replaces}
        case _:
            return set()


def _numbers_spent(entry: Entry) -> list[str]:
    """The numbers an entry ends: one it uses, or those of a range reported lost or returned."""
    match entry.fact:
        case CertificateIssued(record=record):
            return [str(record.number)]
        case NoticeIssued() as fact:
            return [str(fact.number)]
        case BlankSpoiled(number=number) | PaperRegularised(number=number):
            return [str(number)]
        case NumbersLost() | NumbersReturned() as fact:
            width = len(fact.first)
            digits = (str(one).zfill(width) for one in range(int(fact.first), int(fact.last) + 1))
            return [f"{kind} {one}" for one in digits for kind in ("A", "B", "N")]
        case _:
            return []


def _note_ends(entry: Entry, ended: dict[str, str], printed: dict[str, set[str]]) -> None:
    device = entry.envelope.device
    match entry.fact:
        case CertificateVoided() | NoticeVoided() as fact:
            ended[str(fact.number)] = device
        case CertificateIssued(record=record) if record.replaces:
            ended[record.replaces] = device
        case PrintSubmitted() as fact:
            printed.setdefault(str(fact.number), set()).add(device)
        case _:
            pass


def recorded(world: World) -> list[Entry]:
    """Every entry the province has recorded."""
    found = []
    with world.server.committed() as database:
        for public, previous in database.execute(
            "SELECT entry.public, before.hash FROM entry LEFT JOIN entry AS before "
            "ON before.device = entry.device AND before.seq = entry.seq - 1"
        ):
            entry = read_entry(bytes(previous or b""), WrittenEntry(bytes(public)))
            found += [entry] if entry is not None else []
    return found


def _told(key: Key, one: Row | None, other: Row | None) -> str:
    if one is None or other is None:
        return f"{key}: only {'the province has it' if one is None else 'the laptop has it'}"
    return f"{key}: { {name: (one[name], other[name]) for name in one if one[name] != other[name]} }"


def _key(table: str, row: Row) -> Key:
    return tuple(row[name] for name in TABLES[table].key)
