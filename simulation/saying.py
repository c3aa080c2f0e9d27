"""How a step of the scenario came out, in a word or two."""

from __future__ import annotations

from inspector_app.domain.refusals import Refused
from inspector_app.domain.stock_refusals import StockRefused

NOTHING = "nothing to do"


def told(outcome: object) -> str:
    """An outcome in a word or two."""
    if isinstance(outcome, Refused):
        return f"refused {outcome.headline.code}"
    if isinstance(outcome, StockRefused):
        return f"refused {outcome.codes[0].value}"
    number = getattr(outcome, "number", "")
    return f"done {number}".strip()
