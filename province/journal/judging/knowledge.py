"""What an act may rest on: everything there was, or only what its device could know when it was done.

A device knows what stands in its own journal before the act, what it had pulled by then, and what came to it with a
case on a stick. Where that cannot be told (of a feed forgotten in a restore, of what else lay on the stick), the doubt
is the person's: it speaks for the act and never against it.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple, Protocol

import msgspec

from inspector_app.domain.policy import Policy
from province.journal.judging import holding
from province.journal.judging.case import Case
from province.journal.judging.earlier import place_of
from province.journal.models import FeedDocument


class Holds(Protocol):
    """Whether an entry counts."""

    def __call__(self, ref: str, /) -> bool:
        """Whether the entry ``ref`` (``<device>/<seq>``) counts."""


class Knowledge(NamedTuple):
    """One way to look at an act: which entries speak against it, which for it, and which policy was in force.

    ``in_doubt``: what speaks for it may have stood where nobody can look any more, so that it is missing says nothing.
    """

    against: Holds
    in_favour: Holds
    policy: Policy
    in_doubt: bool = False


def as_true(case: Case) -> Knowledge:
    """By everything on record, but for what the device itself did only afterwards."""
    before = partial(happened, case)
    return Knowledge(before, before, case.court.policy())


def as_known(case: Case) -> Knowledge:
    """By what the device knew."""
    in_doubt = case.court.known.doubtful
    return Knowledge(partial(knew, case), partial(_may_have_known, case), case.court.known_policy(), in_doubt)


def knew(case: Case, ref: str) -> bool:
    """Whether the device had an entry for certain when it wrote this one."""
    device, seq = place_of(ref)
    if device == case.journal.device:
        return seq < case.seq
    if _names(case.entry.fact, ref):
        return True
    return _had_pulled(case, device, seq) or holding.was_brought(case, device, seq)


def _names(said: object, ref: str) -> bool:
    """Whether a fact, or what it holds, names an entry: whoever names it had heard of it, however."""
    if isinstance(said, msgspec.Struct):
        return any(_names(getattr(said, field), ref) for field in said.__struct_fields__)
    return ref in said if isinstance(said, list) else said == ref


def happened(case: Case, ref: str) -> bool:
    """Whether it was before this entry, as far as there is an order: sisters' journals have none between them."""
    device, seq = place_of(ref)
    return device != case.journal.device or seq < case.seq


def _may_have_known(case: Case, ref: str) -> bool:
    in_doubt = case.court.known.doubtful or holding.came_on_a_stick(case)
    return knew(case, ref) or (in_doubt and happened(case, ref))


def _had_pulled(case: Case, device: str, seq: int) -> bool:
    told = FeedDocument.objects.using(case.using).filter(entry_device=device, entry_seq=seq)
    return told.filter(cursor__lte=case.court.known.through).exists()
