"""The three life cycles and the two equations of DESIGN 4, watched from step to step at all computers and the province.

What a row was and what it is now must lie on one way through its life, however many entries came in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inspector_app.domain.certificate import CERTIFICATE_MOVES
from inspector_app.domain.custody import ON_HAND, SHEET_MOVES, SheetFlow, SheetState
from inspector_app.domain.numbering import NUMBER_MOVES, NumberState
from inspector_app.journal.projections import Row, Rows
from simulation.violations import Violation

Moves = Mapping[Any, Iterable[Any]]
_S = SheetState
# Two computers tell of one sheet: what was heard first gives way to what weighs more (domain.custody.reconcile_sheet),
# and a sheet marked 作废 lies on the desk again when its paper turns out to have been handed over before.
HEARD_LATE: dict[SheetState, frozenset[SheetState]] = {
    _S.SPOILED: frozenset({_S.PRINTED, _S.KEPT, _S.HANDED_OVER}),
    _S.LOST: frozenset({_S.HANDED_OVER}),
    _S.RETURNED: frozenset({_S.DESTROYED}),
}


def reachable(moves: Moves, state: Any, to: Any) -> bool:
    """Whether a life leads from one state to another, in any number of moves."""
    seen, edge = {state}, [state]
    while edge:
        for further in moves.get(edge.pop(), ()):
            if further not in seen:
                seen.add(further)
                edge.append(further)
    return to in seen


ENDED_FIRST = (NumberState.RETURNED, NumberState.WITHDRAWN)
"""A number given back or spoiled as a blank is lost after all when another computer's loss is heard late."""
SHEETS = {state: SHEET_MOVES[state] | HEARD_LATE.get(state, frozenset()) for state in SheetState}
LIVES: dict[str, tuple[tuple[str, ...], Moves]] = {
    "numbers": (("number", "block"), NUMBER_MOVES | dict.fromkeys(ENDED_FIRST, frozenset({NumberState.LOST}))),
    "certificates": (("number",), CERTIFICATE_MOVES),
    "sheets": (("number", "print", "sheet"), SHEETS),
}


class Lives:
    """What was seen at one place."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._seen: dict[tuple[object, ...], str] = {}

    def look(self, rows: Rows) -> None:
        """Every life went on as lives do, and none has vanished; both equations hold. Raises Violation."""
        found: set[tuple[object, ...]] = set()
        for table, (key, moves) in LIVES.items():
            for row in rows.many(table):
                name = (table, *(row[column] for column in key))
                found.add(name)
                self._follow(name, str(row["state"]), moves)
        if gone := self._seen.keys() - found:
            raise Violation("life", f"{self.where}: {sorted(map(str, gone))[:3]} vanished")
        self._blocks(rows)
        self._keepers(rows)

    def _follow(self, name: tuple[object, ...], state: str, moves: Moves) -> None:
        before = self._seen.get(name, state)
        states = {str(one): one for one in moves}
        if not reachable(moves, states[before], states[state]):
            raise Violation("life", f"{self.where}: {name} was {before} and is {state}")
        self._seen[name] = state

    def _blocks(self, rows: Rows) -> None:
        sizes: dict[str, int] = {}
        for row in rows.many("numbers"):
            sizes[str(row["block"])] = sizes.get(str(row["block"]), 0) + 1
        for block in rows.many("blocks"):
            if sizes.get(str(block["block"])) != block["size"]:
                raise Violation("first equation", f"{self.where}: block {block['block']}")

    def _keepers(self, rows: Rows) -> None:
        books: dict[str, int] = {}
        for move in rows.many("sheet_moves"):
            flow = {SheetFlow.IN.value: 1, SheetFlow.OUT.value: -1}.get(str(move["flow"]), 0)
            books[str(move["device"])] = books.get(str(move["device"]), 0) + flow
        for sheet in rows.many("sheets"):
            books[str(sheet["device"])] = books.get(str(sheet["device"]), 0) - (_is_on_hand(sheet))
        if wrong := sorted(device for device, left in books.items() if left):
            raise Violation("second equation", f"{self.where}: the books of {wrong}")


def _is_on_hand(sheet: Row) -> int:
    return int(SheetState(str(sheet["state"])) in ON_HAND)
