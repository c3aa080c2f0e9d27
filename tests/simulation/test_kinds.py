"""The list of kinds nobody makes in this world: it names kinds there are, each with why, and a new kind is missed."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain import documents
from inspector_app.domain.documents import Role, document
from inspector_app.journal.envelope import registered
from simulation import kinds
from simulation.world import World

REASONS = kinds.FACTS_LEFT_OUT | kinds.DOCUMENTS_LEFT_OUT


def test_only_kinds_there_are_are_left_out_and_each_has_a_reason() -> None:
    documents_there_are = {one.tag for one in documents.registered_types()}
    assert kinds.FACTS_LEFT_OUT.keys() <= registered().keys()
    assert kinds.DOCUMENTS_LEFT_OUT.keys() <= documents_there_are
    assert all(len(reason) > 5 for reason in REASONS.values())
    assert kinds.known() | REASONS.keys() == registered().keys() | documents_there_are


def test_what_a_world_begins_with_is_seen(world: World) -> None:
    begun = {"device.enrolled/1", "inspection.completed/1", "draw/1", "organisation/1", "stock_distributed/1"}
    assert begun <= kinds.made(world) & kinds.known()
    assert "certificate.issued/1" not in kinds.made(world)


def test_a_document_nobody_makes_here_is_missed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "_TYPES", dict(documents._TYPES))
    monkeypatch.setattr(documents, "_TYPE_OF", dict(documents._TYPE_OF))

    @document("stock_eaten_by_mice", 1, signed_by=Role.SERVER)
    class _Eaten(msgspec.Struct, frozen=True, array_like=True):
        count: int

    assert "stock_eaten_by_mice/1" in kinds.known() - kinds.made(world)
