"""Which server of a province may grant (发放权): after a fail-over two may answer, and only one gives anything out.

Each server keeps its own *generation* beside its keys, never in the database, for a replica has a copy of that. Which
generation holds is one of the high-water marks, which all servers of a province share and nobody ever lowers. A server
of any other generation records what devices send and answers from what it knows: it judges nothing, publishes nothing
and gives no block, lease or draw.

A mark of numbers is raised first and the generation compared after it (:func:`require_holder`): whoever takes over in
between finds the mark raised, and whoever was taken over from finds that out and undoes what it was about to sign.
"""

from __future__ import annotations

from inspector_app.errors import StationError
from province import provinces
from province.high_water import next_ordinal

HOLDER = "holder"
"""The mark that says which generation holds."""


def is_holder(using: str) -> bool:
    """Whether this server may grant now."""
    province = provinces.of(using)
    return province.generation.read() == province.high_water.read(HOLDER)


def require_holder(using: str) -> None:
    """StationError ``province.not_holder`` where another server has taken over."""
    if not is_holder(using):
        raise StationError("province.not_holder")


def hold_first(using: str) -> None:
    """The server on which a province is founded holds its first generation."""
    province = provinces.of(using)
    province.generation.write(next_ordinal(province.high_water, HOLDER, 0))


def take_over(using: str) -> tuple[int, str]:
    """Let this server hold from now on; returns its generation and the new epoch of the province.

    Like a restore: what the other server took in since this copy was made, devices bring back.
    """
    from province.journal.recovery import declare_epoch

    province = provinces.of(using)
    generation = next_ordinal(province.high_water, HOLDER, province.generation.read())
    province.generation.write(generation)
    return generation, declare_epoch(using)
