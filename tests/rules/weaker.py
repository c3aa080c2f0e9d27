"""What stands in a rule's place to see whether its tests notice (DESIGN 14.1).

A point that answers with refusals or with a fault answers with none. Every other point has its weaker form here.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any, Final

from inspector_app.domain.numbering import Block, Draw, NumberState
from inspector_app.domain.rules import Point
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.uncut import uncut_spans
from inspector_app.services.device import Device


def any_block_of_the_kind(device: Device, kind: str, _person: int) -> list[Row]:
    """Whosever block it is and whichever computer's."""
    return device.rows.many("blocks", order="ordinal", kind=kind)


def highest_free(device: Device, block: str) -> Row | None:
    """The other end of the block."""
    free = device.rows.many("numbers", order="digits", block=block, state=NumberState.FREE.value)
    return free[-1] if free else None


def sent_unrecorded(device: Device, *_what: object, **_named: object) -> str:
    """To the printer, and nothing written down."""
    return f"{device.id}/0"


def every_block_known(_device: Device, _block: Block, _draw: Draw, _draws: object, known: list[Block]) -> set[str]:
    """Whatever became of their numbers."""
    return {one.block for one in known}


def the_whole_range(_using: str, _kind: str, first: str, last: str) -> list[tuple[str, str]]:
    """Whether anything came back or not."""
    return [(first, last)]


WEAKER: Final[dict[str, Callable[..., Any]]] = {
    "inspector_app.services.number_custody.own_blocks": any_block_of_the_kind,
    "inspector_app.services.number_custody.lowest_free": highest_free,
    "inspector_app.services.print_jobs._record_attempt": sent_unrecorded,
    "inspector_app.domain.numbering.move_number": lambda _state, to: to,
    "inspector_app.journal.projections.uncut.living_spans": uncut_spans,
    "inspector_app.services.catching_up._given_back": every_block_known,
    "province.numbers.drawing_again.drawable_again": the_whole_range,
    "inspector_app.domain.stock.month_of_order": lambda on, _window_day, **_excused: on[:7],
    "inspector_app.store.doctor.check_chain": lambda _store: iter(()),
}
"""By the point's name."""


def weaker(point: Point[..., Any]) -> Callable[..., Any]:
    """A function that does not make the rules of ``point`` hold; KeyError when nobody said what that would be."""
    if point.name in WEAKER:
        return WEAKER[point.name]
    answer = typing.get_type_hints(point.check)["return"]
    if typing.get_origin(answer) is list:
        return lambda *_arguments, **_named: []
    if answer is type(None) or type(None) in typing.get_args(answer):
        return lambda *_arguments, **_named: None
    raise KeyError(f"{point.name}: say in {__name__} what would be weaker")
