"""What must hold after every step, whatever went wrong (SYNC 3.6): each check raises :class:`Violation` by its name.

They look at the devices' own rows, at what the province has committed (by a connection of their own, which sees nothing
else), and at the paper that came out of the printers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from inspector_app.domain.numbering import NumberState, range_size
from inspector_app.journal.projections import Row
from inspector_app.ports import PrintJob
from inspector_app.services.day_close import keeper_count
from inspector_app.services.device import Device
from inspector_app.store.doctor import examine
from inspector_app.suites import sha256
from simulation.case_rights import CaseRights
from simulation.grant_checks import Fences, only_what_came_back
from simulation.laptop import Laptop
from simulation.store_checks import stores_hold
from simulation.violations import Violation

if TYPE_CHECKING:
    from simulation.world import World


LONG_WAY = 8
GIVEN_BACK = (NumberState.RETURNED, NumberState.LOST)


class Range(NamedTuple):
    """The numbers of a block or draw, whose they are (a device's, a station's), and how often they were drawn then."""

    kind: str
    first: str
    last: str
    device: str
    turn: str = "1"

    def overlaps(self, other: Range) -> bool:
        """Whether they share a number."""
        return self.kind == other.kind and self.first <= other.last and other.first <= self.last

    def contradicts(self, other: Range) -> bool:
        """Whether they share a number, and not because its sheet came back and was drawn again."""
        return self.turn == other.turn and self.overlaps(other)


class Checks:
    """The continuous checks of one world; remembers what was seen, for what may never change."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._ended: dict[str, dict[str, tuple[str, str]]] = {}
        self._recorded: dict[str, tuple[int, bytes]] = {}
        self._sheets = 0
        self._rights = CaseRights(world)
        self._fences = Fences()
        self._looked_at: dict[str, object] = {}
        self.blocks: dict[str, Range] = {}
        self.draws: dict[str, Range] = {}

    def forget_laptop(self, name: str) -> None:
        """A laptop's disk was put back: what ended there since has not ended on this disk."""
        self._ended.pop(name, None)

    def forget_province(self) -> None:
        """The province was restored: its rows may be older than was seen. Draws and blocks are never forgotten (I1)."""
        self._ended.pop("province", None)
        self._recorded.clear()
        self._fences.forget()

    # --- one device -------------------------------------------------------------------------------------------------

    def laptop(self, laptop: Laptop) -> None:
        """I1 to I4 and I14, by the device's own rows and journal, if anything was written there since."""
        store = laptop.device.store
        if self._is_old_news(laptop.name, (store, store.head(), store.database.one("SELECT total_changes()"))):
            return
        rows = laptop.device.rows
        numbers = rows.many("numbers")
        turns = {row["draw"]: row["turn"] for row in rows.many("draws")}
        blocks = {str(row["block"]): row | {"turn": turns[row["draw"]]} for row in rows.many("blocks")}
        self._one_end(laptop.name, numbers, rows.many("losses"))
        for block, held in _by_block(numbers).items():
            _equation(laptop.name, blocks[block], held)
            if blocks[block]["device"] == laptop.device.id:
                in_order(laptop.name, block, held)
        self._single_grant("block", self.blocks, blocks.values())
        self._rights.look(laptop)

    def _is_old_news(self, where: str, standing: object) -> bool:
        known, self._looked_at[where] = self._looked_at.get(where), standing
        return known == standing

    def doctor(self, laptop: Laptop) -> None:
        """The product's own full check finds nothing; on a full disk it has no room to compare.

        A database put back beside the files of another day misses some of them, and the check is right to say so.
        """
        if laptop.disk.full:
            return
        if not keeper_count(laptop.device, laptop.device.today()).holds:
            raise Violation("I4", f"{laptop.name}: the keeper's book does not balance")
        torn = laptop.device.id in self._world.evidence.tainted
        found = examine(laptop.device.store, laptop.device.files)
        findings = [one for one in found if not (torn and one.code == "file_missing")]
        if findings:
            raise Violation("doctor", f"{laptop.name}: {', '.join(f'{one.code} {one.where}' for one in findings)}")

    # --- the province -----------------------------------------------------------------------------------------------

    def province(self) -> None:
        """I1, I3 to I6 and I10, by what the province has committed, if it has committed anything since."""
        world = self._world
        if self._is_old_news("province", (world.server.version(), len(world.evidence.frames), world.restores)):
            return
        with self._world.server.committed() as database:
            blocks = {str(row["block"]): row for row in _rows(database, "SELECT * FROM number_block")}
            numbers = _rows(database, "SELECT * FROM reg_numbers ORDER BY number")
            self._one_end("province", numbers, _rows(database, "SELECT ref, at FROM reg_losses"))
            for block, held in _by_block(numbers).items():
                _equation("province", blocks[block], held)
            self._single_grant("block", self.blocks, blocks.values())
            if not self._world.restores:  # a restored province may hear of the return after the draw it told again
                only_what_came_back(database)
                drawn_again(numbers, {name: int(str(row["turn"])) for name, row in blocks.items()})
            draws = _rows(database, "SELECT draw, kind, first, last, station AS device, turn FROM number_draw")
            self._single_grant("draw", self.draws, draws)
            self._fences.hold(database)
            for journal in _rows(database, "SELECT device, seq, hash, state FROM journal_journal"):
                self._prefix_stays(database, journal)
                self._kept(database, journal)

        if (other := self._world.other) is not None:
            with other.committed() as database:  # I1 holds over both servers that answer
                self._single_grant("block", self.blocks, _rows(database, "SELECT * FROM number_block"))

    def _prefix_stays(self, database: sqlite3.Connection, journal: Row) -> None:
        device, seq = str(journal["device"]), int(journal["seq"] or 0)
        known_seq, known_hash = self._recorded.get(device, (0, b""))
        if seq < known_seq:
            raise Violation("I5", f"the province's copy of {device[:8]} went back from {known_seq} to {seq}")
        held = database.execute("SELECT hash FROM entry WHERE device = ? AND seq = ?", (device, known_seq)).fetchone()
        if known_seq and (held is None or bytes(held[0]) != known_hash):
            raise Violation("I5", f"the province's copy of {device[:8]} changed at {known_seq}")
        self._recorded[device] = (seq, bytes(_blob(journal["hash"])))

    def _kept(self, database: sqlite3.Connection, journal: Row) -> None:
        device = str(journal["device"])
        sql = "SELECT hash FROM entry WHERE device = ? UNION SELECT hash FROM entry_aside WHERE device = ?"
        held = {bytes(row[0]) for row in database.execute(sql, (device, device))}
        for seq, hashes in self._world.evidence.kept.get(device, {}).items():
            if not hashes <= held:
                raise Violation("I6", f"entry {seq} of {device[:8]} was taken in and is not kept")
            if len(hashes) > 1 and journal["state"] == "active":
                raise Violation("I6", f"{device[:8]} has two entries {seq}, and its journal is still believed")

    def stores(self) -> None:
        """The stock equation of every store of the institutions, and the place of every number in stock."""
        if self._is_old_news("stores", (self._world.server.version(), self._world.restores)):
            return
        stores_hold(self._world.server.using, restored=self._world.restores > 0)

    # --- both -------------------------------------------------------------------------------------------------------

    def _one_end(self, where: str, numbers: Iterable[Row], losses: Iterable[Row]) -> None:
        seen, told = self._ended.setdefault(where, {}), {str(row["ref"]): int(row["at"] or 0) for row in losses}
        for row in numbers:
            number, state = f"{row['number']} of {row['block']}", (str(row["state"]), str(row["ended_by"]))
            before = seen.get(number, state)
            if before != state and not (_told_earlier(before, state, told) or _lost_after_all(before, state, told)):
                raise Violation("I3", f"{where}: {number} had ended as {before} and is now {state}")
            if state[0] != NumberState.FREE:
                seen[number] = state

    def _single_grant(self, what: str, known: dict[str, Range], rows: Iterable[Row]) -> None:
        for row in rows:
            name = str(row[what])
            held = Range(*(str(row[column]) for column in Range._fields))
            if known.setdefault(name, held) != held:
                raise Violation("I1", f"{what} {name} is {known[name]} and {held}")
            for other, taken in known.items():
                if other != name and held.contradicts(taken):
                    raise Violation("I1", f"{what}s {name} {held} and {other} {taken} share numbers")

    # --- paper ------------------------------------------------------------------------------------------------------

    def paper(self) -> None:
        """I9: of every number and print there is one byte string in the world, unless its device was copied."""
        sheets = self._world.evidence.sheets
        if len(sheets) == self._sheets:
            return
        self._sheets = len(sheets)
        seen: dict[str, bytes] = {}
        for sheet in sheets:
            name = sheet.job.rpartition(" attempt ")[0]
            if seen.setdefault(name, sheet.content) != sheet.content and not self._copied(name):
                raise Violation("I9", f"{name} exists on paper in two versions")

    def _copied(self, name: str) -> bool:
        kind, digits = name.split()[:2]
        owners = {held.device for held in self.blocks.values() if held.overlaps(Range(kind, digits, digits, ""))}
        return bool(owners & self._world.evidence.tainted)


def durable_before_ink(laptop: Laptop, job: PrintJob) -> None:
    """I9: were the power cut now, the attempt with exactly these bytes would be on record.

    What is committed outlives a cut: nothing may be pending on the only connection there is. One sheet in eight is
    looked at the long way, from a copy of the disk.
    """
    if sha256(job.content)[0] % LONG_WAY == 0:
        with laptop.seen_after_a_cut() as device:
            _on_record(laptop, device, job)
        return
    if laptop.device.store.database.in_transaction:
        raise Violation("I9", f"{job.name} reached the printer of {laptop.name} while its record was pending")
    _on_record(laptop, laptop.device, job)


def _on_record(laptop: Laptop, device: Device, job: PrintJob) -> None:
    rows = device.rows.many("attempts", file=sha256(job.content).hex(), outcome="open", device=device.id)
    if not any(f"{row['number']} print {row['print']} attempt {row['attempt']}" == job.name for row in rows):
        raise Violation("I9", f"{job.name} reached the printer of {laptop.name} before it was on record")
    if not device.files.has(sha256(job.content).hex()):
        raise Violation("I9", f"the bytes of {job.name} are not kept on {laptop.name}")


def drawn_again(numbers: Iterable[Row], turns: Mapping[str, int]) -> None:
    """I1: a number is in no two blocks of one turn; in every one but its latest it was given back before.

    What was given back may be reported lost afterwards by somebody who had not heard of it.
    """
    rows: dict[str, list[Row]] = {}
    for row in numbers:
        rows.setdefault(str(row["number"]), []).append(row)
    for number, held in rows.items():
        *earlier, _latest = sorted(held, key=lambda row: turns[str(row["block"])])
        if len({turns[str(row["block"])] for row in held}) < len(held):
            raise Violation("I1", f"{number} is in two blocks of one turn")
        if wrong := [str(row["state"]) for row in earlier if row["state"] not in GIVEN_BACK]:
            raise Violation("I1", f"{number} was drawn again and is {wrong} in an earlier block")


def in_order(where: str, block: str, numbers: list[Row]) -> None:
    """I2: in a block, numbers are used from its first on without a gap, in the order of the journal.

    What was returned or lost is passed over: it ended out of order, and is not used any more.
    """
    last_seq, gap = 0, ""
    for row in numbers:
        if row["state"] == NumberState.FREE:
            gap = gap or str(row["number"])
        if row["state"] != NumberState.USED:
            continue
        if gap:
            raise Violation("I2", f"{where}: {row['number']} of {block} is burned while {gap} is free")
        seq = int(str(row["ended_by"]).partition("/")[2] or 0)
        if seq <= last_seq:
            raise Violation("I2", f"{where}: {row['number']} of {block} was burned by entry {seq}, after {last_seq}")
        last_seq = seq


def _told_earlier(before: tuple[str, str], now: tuple[str, str], told: dict[str, int]) -> bool:
    """Whether a lost number is lost still, and only who told of it first was heard of late."""
    if (before[0], now[0]) != (NumberState.LOST, NumberState.LOST) or not told.keys() >= {before[1], now[1]}:
        return False
    return (told[now[1]], now[1]) < (told[before[1]], before[1])


def _lost_after_all(before: tuple[str, str], now: tuple[str, str], told: dict[str, int]) -> bool:
    """Whether a number given back, or spoiled as a blank, is lost by what another computer told: no loss is undone."""
    ended_first = before[0] in (NumberState.RETURNED, NumberState.WITHDRAWN)
    if not ended_first or now[0] != NumberState.LOST or now[1] not in told:
        return False
    return before[1].partition("/")[0] != now[1].partition("/")[0]


def _by_block(numbers: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in numbers:
        found.setdefault(str(row["block"]), []).append(row)
    return found


def _equation(where: str, block: Row, numbers: list[Row]) -> None:
    states = [str(row["state"]) for row in numbers]
    size = range_size(str(block["first"]), str(block["last"]))
    if sum(states.count(state.value) for state in NumberState) != size or len(states) != size:
        raise Violation("I4", f"{where}: block {block['block']} of {size} has {len(states)} numbers")


def _rows(database: sqlite3.Connection, sql: str) -> list[dict[str, Any]]:
    cursor = database.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _blob(value: Any) -> bytes:
    return bytes(value)
