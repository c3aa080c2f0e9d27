"""What a keeper may do only because the head lets them: an order after its window, other stock than the oldest.

The keeper asks and the head answers, each in an act of their own (GX-2014 Art. 8, 11). What was let happen is the
order or distribution itself, which names the ask; here stand the asking and the refusal.
"""

from __future__ import annotations

import enum

import msgspec

from inspector_app.domain.documents import Role, document
from inspector_app.domain.stock import Ranges


class Excused(enum.StrEnum):
    """The acts a head may let happen otherwise than the rules have it."""

    ORDER = "order"
    DISTRIBUTE = "distribute"


@document("stock_approval_asked", 1, signed_by=Role.SERVER)
class ApprovalAsked(msgspec.Struct, frozen=True, array_like=True):
    """A keeper of ``organisation`` asks its head; ``reason`` is of the list ``late_order`` or ``other_stock``.

    ``counterpart`` is the superior an order goes to, or the receiver of a distribution. ``on`` is the day of the order,
    or that of a distribution by a paper slip; "" where it happens on the day it is approved.
    """

    ask: str
    act: str
    organisation: int
    location: int
    counterpart: int
    kind: str
    ranges: Ranges
    count: int
    on: str
    paper: bool
    order: str
    reason: str
    ledger: str
    by: int
    at: int


@document("stock_approval_declined", 1, signed_by=Role.SERVER)
class ApprovalDeclined(msgspec.Struct, frozen=True, array_like=True):
    """The head does not let it happen."""

    ask: str
    by: int
    at: int
