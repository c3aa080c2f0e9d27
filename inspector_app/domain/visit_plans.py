"""Which stations a supervision visit goes to, drawn by lot (双随机): anybody can draw the same again and compare.

The lot rests on unpredictable bytes taken on that day and kept in the document, so nobody chooses a station and nobody
can say afterwards that somebody did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from inspector_app.domain.documents import Role, document


@document("visits_drawn", 1, signed_by=Role.SERVER)
class VisitsDrawn(msgspec.Struct, frozen=True, array_like=True):
    """The stations drawn for visits on a legal day, once a day for an organisation.

    ``pool`` are the stations that could be drawn, ``seed`` is hex, ``drawn`` follows from both (:func:`draw_lots`).
    """

    plan: str
    organisation: int
    on: str
    seed: str
    pool: tuple[int, ...]
    drawn: tuple[int, ...]
    by: int
    at: int


def draw_lots(seed: str, pool: Iterable[int], count: int) -> tuple[int, ...]:
    """The ``count`` stations whose SHA-256 of seed and number is lowest, in the order of their lots."""
    lots = sorted(pool, key=lambda station: hashlib.sha256(f"{seed} {station}".encode()).digest())
    return tuple(lots[:count])
