"""Which function turns which fact, or which document of the province, into rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from inspector_app.errors import BugError
from inspector_app.journal.chain import Entry
from inspector_app.journal.envelope import Fact
from inspector_app.journal.projections.rows import Rows

FactProjection = Callable[[Any, Entry, Rows], None]
DocumentProjection = Callable[[Any, Rows], None]
FP = TypeVar("FP", bound=FactProjection)
DP = TypeVar("DP", bound=DocumentProjection)

_FACTS: dict[type[Fact], FactProjection] = {}
_DOCUMENTS: dict[type[msgspec.Struct], DocumentProjection] = {}
_EVERY: list[FactProjection] = []


def projects(shape: type[Fact]) -> Callable[[FP], FP]:
    """Register ``function(fact, entry, rows)`` for a fact in its newest shape."""

    def register(function: FP) -> FP:
        if shape in _FACTS:
            raise BugError(f"{shape.__name__} is projected twice")
        _FACTS[shape] = function
        return function

    return register


def projects_every(function: FP) -> FP:
    """Register ``function(fact, entry, rows)`` for every fact, whatever its kind."""
    _EVERY.append(function)
    return function


def projects_document(shape: type[msgspec.Struct]) -> Callable[[DP], DP]:
    """Register ``function(value, rows)`` for a document of the province."""

    def register(function: DP) -> DP:
        _DOCUMENTS[shape] = function
        return function

    return register


def project(entry: Entry, rows: Rows) -> None:
    """Apply one entry. Unknown kinds and damaged facts change nothing: they are stored and shown, not understood."""
    if entry.fact is not None and (function := _FACTS.get(type(entry.fact))) is not None:
        for each in (function, *_EVERY):
            each(entry.fact, entry, rows)


def project_document(value: msgspec.Struct, rows: Rows) -> None:
    """Apply one document of the province."""
    if (function := _DOCUMENTS.get(type(value))) is not None:
        function(value, rows)


def projected() -> frozenset[type[Fact]]:
    """The facts that have a projection."""
    return frozenset(_FACTS)
