"""What the projections say about the numbers of blocks, read for one block or for all of them in the same few queries.

Most numbers are unremarkable, so only those of which something is to be said are read at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
from django.db import connections

from inspector_app.clock import MS_PER_MINUTE
from inspector_app.domain.numbering import NumberState
from inspector_app.domain.trust import Standing
from inspector_app.journal.projections.sheets import STUB
from province.journal.rows import PREFIX
from province.numbers.models import ContestedNumber, CutBlock

_BY_STATE = {"voided": Standing.VOIDED, "replaced": Standing.REPLACED}
_ENDED = {
    NumberState.WITHDRAWN: Standing.WITHDRAWN,
    NumberState.RETURNED: Standing.WITHDRAWN,
    NumberState.LOST: Standing.LOST,
}
_NOT_HOLDING = f"SELECT device || '/' || seq FROM {PREFIX}verdicts WHERE holds = 0"


class Said(msgspec.Struct, frozen=True):
    """What is to be said about one number, since which minute (UTC epoch), and when it was last corrected."""

    standing: Standing
    current_print: int = 1
    since_minute: int = 0
    corrected_minute: int = 0


class NumberFacts(msgspec.Struct, frozen=True):
    """By block: the highest number an accepted entry used, and by digits what is to be said."""

    reached: dict[str, str]
    said: dict[str, dict[str, Said]]


def read_facts(using: str, blocks: Sequence[CutBlock], *, every: bool) -> NumberFacts:
    """The facts about the numbers of these blocks; ``every``: they are all there are, which needs no condition."""
    names = [] if every else [block.block for block in blocks]
    asked = _Asked(using, names)
    said: dict[str, dict[str, Said]] = {}
    # Later ones count for more: a number passed over is only doubted, a void one is void.
    for block, digits, one in [*asked.passed_over(), *asked.ended(), *asked.remarkable()]:
        said.setdefault(block, {})[digits] = _graver(said.get(block, {}).get(digits), one)
    for block, digits, one in asked.gone():
        said.setdefault(block, {})[digits] = one
    for block, digits, at in asked.corrected():
        known = said.setdefault(block, {}).get(digits, Said(Standing.IN_FORCE))
        said[block][digits] = msgspec.structs.replace(known, corrected_minute=at // MS_PER_MINUTE)
    for block, digits, at in _contested(using, blocks, every=every):
        _doubt(said.setdefault(block, {}), digits, at // MS_PER_MINUTE)
    return NumberFacts(dict(asked.reached()), said)


def _graver(known: Said | None, one: Said) -> Said:
    """A lost number on a paper that is only doubted is lost: nobody on the road may take it for one in force."""
    if known is not None and known.standing is Standing.LOST and one.standing in (Standing.IN_FORCE, Standing.DISPUTED):
        return msgspec.structs.replace(one, standing=Standing.LOST)
    return one


def _doubt(said: dict[str, Said], digits: str, since: int) -> None:
    """Say that two papers bear the number, unless something worse is said of it."""
    known = said.get(digits, Said(Standing.IN_FORCE))
    if known.standing is Standing.IN_FORCE:
        said[digits] = Said(Standing.DISPUTED, known.current_print, since, known.corrected_minute)


def _contested(using: str, blocks: Sequence[CutBlock], *, every: bool) -> Iterator[tuple[str, str, int]]:
    """Numbers with two papers, by block; a device speaks of the numbers of its own blocks only."""
    of_device: dict[str, list[CutBlock]] = {}
    for block in blocks:
        of_device.setdefault(block.device, []).append(block)
    rows = ContestedNumber.objects.using(using)
    for row in (rows if every else rows.filter(device__in=of_device)).order_by("id"):
        for block in of_device.get(row.device, ()):
            alike = (block.kind, len(block.first)) == (row.kind, len(row.digits))
            if alike and block.first <= row.digits <= block.last:
                yield block.block, row.digits, row.at


class _Asked:
    """The questions, of the blocks with these names; of all blocks when there are none."""

    def __init__(self, using: str, names: Sequence[str]) -> None:
        self._connection = connections[using]
        self._names = tuple(names)
        self._of_block = f"n.block IN ({', '.join(['%s'] * len(names))})" if names else "1 = 1"
        self._reached = (
            f"SELECT n.block AS block, MAX(n.digits) AS high FROM {PREFIX}numbers n "
            f"WHERE n.state = 'used' AND {self._of_block} GROUP BY n.block"
        )

    def reached(self) -> list[tuple[str, str]]:
        """Block and highest number used."""
        return self._rows(self._reached, self._names)

    def passed_over(self) -> Iterable[tuple[str, str, Said]]:
        """Free numbers below one that was used: numbers are used in order, so nothing honest should bear them."""
        sql = (
            f"SELECT n.block, n.digits FROM {PREFIX}numbers n JOIN ({self._reached}) r ON r.block = n.block "
            f"WHERE n.state = 'free' AND n.digits < r.high AND {self._of_block}"
        )
        for block, digits in self._rows(sql, self._names * 2):
            yield block, digits, Said(Standing.DISPUTED)

    def ended(self) -> Iterable[tuple[str, str, Said]]:
        """Numbers that will never be used."""
        sql = (
            f"SELECT n.block, n.digits, n.state FROM {PREFIX}numbers n "
            f"WHERE n.state IN ('withdrawn', 'returned', 'lost') AND {self._of_block}"
        )
        for block, digits, state in self._rows(sql, self._names):
            yield block, digits, Said(_ENDED[NumberState(state)])

    def corrected(self) -> list[tuple[str, str, int]]:
        """Block, digits and the time of the last correction note of each certificate that has one."""
        sql = (
            f"SELECT n.block, n.digits, MAX(c.at) FROM {PREFIX}corrections c "
            f"JOIN {PREFIX}numbers n ON n.number = c.number WHERE {self._of_block} GROUP BY n.block, n.digits"
        )
        return self._rows(sql, self._names)

    def remarkable(self) -> Iterable[tuple[str, str, Said]]:
        """Certificates not in force, or not on their first print, and whatever does not hold."""
        certificates = (
            "SELECT n.block, n.digits, c.state, c.current_print, COALESCE(c.void_at, c.issued_at), "
            f"CASE WHEN c.ref IN ({_NOT_HOLDING}) THEN 1 ELSE 0 END "
            f"FROM {PREFIX}certificates c JOIN {PREFIX}numbers n ON n.number = c.number WHERE {self._of_block} "
            f"AND (c.state <> 'issued' OR c.current_print > 1 OR c.ref IN ({_NOT_HOLDING}))"
        )
        notices = (
            "SELECT n.block, n.digits, 'issued', 1, c.issued_at, 1 "
            f"FROM {PREFIX}notices c JOIN {PREFIX}numbers n ON n.number = c.number WHERE {self._of_block} "
            f"AND c.ref IN ({_NOT_HOLDING})"
        )
        for row in self._rows(f"{certificates} UNION ALL {notices}", self._names * 2):
            yield row[0], row[1], _of_certificate(*row[2:])

    def gone(self) -> Iterable[tuple[str, str, Said]]:
        """Certificates in force that nobody was given, a travelling sheet of which is lost: nobody honest has it."""
        sql = (
            f"SELECT n.block, n.digits, c.current_print, MIN(s.at) FROM {PREFIX}sheets s "
            f"JOIN {PREFIX}certificates c ON c.number = s.number AND c.current_print = s.print "
            f"JOIN {PREFIX}numbers n ON n.number = c.number WHERE s.state = 'lost' AND s.sheet <> {STUB} "
            f"AND c.state = 'issued' AND c.handed_over_at IS NULL AND {self._of_block} "
            "GROUP BY n.block, n.digits, c.current_print"
        )
        for block, digits, print_no, at in self._rows(sql, self._names):
            yield block, digits, Said(Standing.LOST, print_no, at // MS_PER_MINUTE)

    def _rows(self, sql: str, values: tuple[str, ...]) -> list[Any]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall()


def _of_certificate(state: str, current_print: int | None, since: int | None, doubted: int) -> Said:
    standing = _BY_STATE.get(state, Standing.DISPUTED if doubted else Standing.IN_FORCE)
    return Said(standing, current_print or 1, int(since or 0) // MS_PER_MINUTE)
