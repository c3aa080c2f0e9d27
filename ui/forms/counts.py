"""Counts as people type them into a line."""

from __future__ import annotations

from inspector_app.domain.canonical import MAX_INTEGER
from inspector_app.domain.typed_text import normalise_code_text

MOST_DIGITS = len(str(MAX_INTEGER)) - 1
"""Fifteen: every number of so many digits can be recorded."""


def typed_count(typed: str, otherwise: int) -> int:
    """A whole number, full-width digits too; ``otherwise`` for what is none, or more than anybody counts."""
    digits = normalise_code_text(typed)
    is_count = digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS
    return int(digits) if is_count else otherwise
