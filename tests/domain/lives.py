"""The four life cycles as tables, side by side, so that one test can go through every move of every life."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from inspector_app.domain.certificate import CERTIFICATE_MOVES, CertificateState, move_certificate
from inspector_app.domain.custody import SHEET_MOVES, SheetState, move_sheet
from inspector_app.domain.declaration import DECLARATION_MOVES, DeclarationState, move_declaration
from inspector_app.domain.numbering import NUMBER_MOVES, NumberState, move_number


class Life(NamedTuple):
    """One life: its states, the moves it has, the function that makes a move or raises ValueError."""

    states: type[enum.StrEnum]
    moves: Mapping[Any, frozenset[Any]]
    move: Callable[[Any, Any], Any]
    begins: tuple[str, ...]


LIVES: Final[dict[str, Life]] = {
    "number": Life(NumberState, NUMBER_MOVES, move_number, ("free",)),
    "certificate": Life(CertificateState, CERTIFICATE_MOVES, move_certificate, ("issued",)),
    "sheet": Life(SheetState, SHEET_MOVES, move_sheet, ("blank", "printed")),
    "declaration": Life(DeclarationState, DECLARATION_MOVES, move_declaration, ("recorded",)),
}


def life_table(name: str) -> dict[str, Any]:
    """A life as the golden fixture holds it: where it begins, and every state with the states that may follow."""
    life = LIVES[name]
    moves = {state.value: sorted(life.moves[state]) for state in life.states}
    return {"life": name, "begins": list(life.begins), "moves": moves}
