"""What is worked out once for the same bytes: signatures, the form of CBOR, the limits of an entry.

One world holds a dozen parties who check the same documents again and again. Each of these functions is pure, so an
answer remembered is the answer that would be given; only the good ones are (an exception is never remembered).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from unittest.mock import patch

from inspector_app import suites
from inspector_app.domain import canonical
from inspector_app.journal import envelope

ANSWERS = 65_536
PURE: tuple[tuple[ModuleType, str], ...] = (
    (suites, "_verify_or_raise"),
    (canonical, "_walk_all"),
    (envelope, "_limits"),
)


@contextmanager
def answers_remembered() -> Iterator[None]:
    """While this lasts, the same question is worked out once."""
    with ExitStack() as stack:
        for module, name in PURE:
            remembered = functools.lru_cache(maxsize=ANSWERS)(getattr(module, name))
            stack.enter_context(patch.object(module, name, remembered))
        yield
