"""How a step of the scenario came out, in a word or two."""

from __future__ import annotations

from inspector_app.domain.refusals import Refused

NOTHING = "nothing to do"


def told(outcome: object) -> str:
    """An outcome in a word or two."""
    if isinstance(outcome, Refused):
        return f"refused {outcome.headline.code}"
    number = getattr(outcome, "number", "")
    return f"done {number}".strip()
