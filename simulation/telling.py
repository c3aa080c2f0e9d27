"""What a step says of itself in the trace."""

from __future__ import annotations

from inspector_app.domain.refusals import Refused

NOTHING = "nothing to do"


def told(outcome: object) -> str:
    """An outcome in a word or two."""
    if isinstance(outcome, Refused):
        return f"refused {outcome.headline.code}"
    number = getattr(outcome, "number", "")
    return f"done {number}".strip()
