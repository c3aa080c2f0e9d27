"""How a loss goes up: level by level to the province, which tells every terminal (逐级上报, GX-2014 Art. 26)."""

from __future__ import annotations

import enum

import msgspec

from inspector_app.domain.documents import Role, document


class Level(enum.StrEnum):
    """The levels above a station, from below; none is passed over."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"


@document("loss_passed", 1, signed_by=Role.SERVER)
class LossPassed(msgspec.Struct, frozen=True, array_like=True):
    """A level has taken a loss (named by the entry that told of it) up and passed it on; ``passed_at`` UTC ms.

    ``by`` is the roster number of who did, 0 where the server's own command was used.
    """

    loss: str
    level: str
    passed_at: int
    by: int = 0


def next_level(passed: set[str]) -> Level | None:
    """The lowest level that has not taken it up; None once the province has."""
    return next((level for level in Level if level.value not in passed), None)
