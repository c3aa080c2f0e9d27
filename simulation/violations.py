"""What a world ends with when something that must hold does not."""

from __future__ import annotations


class Violation(Exception):  # noqa: N818 - a finding, not an error of the simulator
    """An invariant did not hold; ``invariant`` is its name (I1 … I14, ``doctor``, ``crash``)."""

    def __init__(self, invariant: str, message: str) -> None:
        super().__init__(invariant, message)
        self.invariant = invariant
        self.message = message

    def __str__(self) -> str:
        return f"{self.invariant}: {self.message}"
