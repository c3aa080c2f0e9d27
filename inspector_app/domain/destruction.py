"""Destruction (销毁): four different persons agree before a sheet ceases to exist (GX-2014 Art. 24).

The keeper asks, the head reviews, the deputy leader (分管领导) and the legal representative (法定代表人) approve, each
at their own computer or by signing and sealing the printed request (销毁申请单); such a form counts once the head has
confirmed it. Persons are compared by their numbers in the roster, never by posts or accounts.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable

import msgspec

MOST_SHEETS = 500
"""How many sheets one request or slip may name, so that its entry stays well below its limit."""


class DestructionState(enum.StrEnum):
    """The life of a request; who has approved it is counted beside it."""

    REQUESTED = "requested"
    SENT_BACK = "sent_back"
    DESTROYED = "destroyed"


class Step(enum.StrEnum):
    """Who has a say before a destruction, in the order of their steps."""

    KEEPER = "keeper"
    HEAD = "head"
    DEPUTY = "deputy"
    LEGAL = "legal"


class Approvals(msgspec.Struct, frozen=True, kw_only=True):
    """Who agreed to one request, by number in the roster; 0 for nobody yet."""

    keeper: int
    head: int = 0
    deputy: int = 0
    legal: int = 0

    def missing(self) -> list[Step]:
        """The steps nobody has taken, in order."""
        return [step for step in Step if not getattr(self, step.value)]

    def is_twice(self) -> bool:
        """Whether one person stands for two of the steps."""
        agreed = [person for step in Step if (person := getattr(self, step.value))]
        return len(set(agreed)) < len(agreed)

    @property
    def complete(self) -> bool:
        """Whether four different persons agreed."""
        return not self.missing() and not self.is_twice()


def who_agreed(keeper: int, taken: Iterable[tuple[Step, int]]) -> Approvals:
    """Who stands for which step, of the steps taken in that order: the first person who stands for no other step.

    Nobody counts twice, whatever posts they hold: where only that person took a step, they are named for both.
    """
    agreed, steps = {Step.KEEPER: keeper}, list(taken)
    for step in list(Step)[1:]:
        people = [person for one, person in steps if one is step]
        fresh = [person for person in people if person not in agreed.values()]
        agreed[step] = (fresh or people or [0])[0]
    return Approvals(**{step.value: person for step, person in agreed.items()})
