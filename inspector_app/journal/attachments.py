"""Which photographs and scans (附件) an entry names: the hex SHA-256 of each, in its public part, kept for ever.

The bytes are no part of the entry. They travel after it, and only what a recorded entry names is taken in by anybody.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from inspector_app.journal.envelope import Fact

FIELD = "attachments"
MEDIA_TYPES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}
"""What an attachment may be, by how its bytes begin."""
_NAME = re.compile(r"[0-9a-f]{64}")


class Unsent(NamedTuple):
    """An attachment that the province has not confirmed yet: its name (hex SHA-256) and its size in bytes."""

    name: str
    size: int


def attachments_of(fact: Fact) -> tuple[str, ...]:
    """The attachments a fact names, each once and in its order; what is no SHA-256 names nothing."""
    if not _names_any(type(fact)):
        return ()
    named = (name for name in getattr(fact, FIELD) if _NAME.fullmatch(name))
    return tuple(dict.fromkeys(named))


@functools.cache
def _names_any(shape: type[Fact]) -> bool:
    return FIELD in shape.__struct_fields__
