"""Declarations: their life, which certificate a trip needs, and how long before departure one was made."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.declaration import (
    DECLARATION_MOVES,
    MS_PER_DAY,
    DeclarationForm,
    DeclarationState,
    kind_for,
    lead_days,
    move_declaration,
    province_of,
)

D = DeclarationState
MOVES = [(state, to) for state in D for to in DECLARATION_MOVES[state]]


@pytest.mark.parametrize(("state", "to"), MOVES)
def test_a_declaration_moves_as_its_table_says(state: D, to: D) -> None:
    assert move_declaration(state, to) is to


@pytest.mark.parametrize(("state", "to"), [move for move in itertools.product(D, D) if move not in MOVES])
def test_a_declaration_makes_no_other_move(state: D, to: D) -> None:
    with pytest.raises(ValueError, match=f"a {state} declaration cannot become {to}"):
        move_declaration(state, to)


def test_what_was_not_accepted_or_withdrawn_is_declared_anew_not_revived() -> None:
    assert DECLARATION_MOVES[D.NOT_ACCEPTED] == DECLARATION_MOVES[D.WITHDRAWN] == frozenset()


@pytest.mark.parametrize(
    ("origin", "destination", "kind"),
    [(321084, 321281, "B"), (321084, 330106, "A"), (321084, 320000, "B"), (110101, 120101, "A")],
)
def test_leaving_the_province_needs_certificate_a(origin: int, destination: int, kind: str) -> None:
    assert kind_for(origin, destination) == kind


@given(st.integers(110_000, 659_999), st.integers(110_000, 659_999))
def test_the_kind_depends_on_the_two_provinces_alone(origin: int, destination: int) -> None:
    assert (kind_for(origin, destination) == "B") == (province_of(origin) == province_of(destination))
    assert kind_for(origin, destination) == kind_for(destination, origin)


@pytest.mark.parametrize(
    ("after_ms", "days"),
    [(3 * MS_PER_DAY, 3), (3 * MS_PER_DAY - 1, 2), (0, 0), (MS_PER_DAY - 1, 0), (-1, -1), (-MS_PER_DAY, -1)],
)
def test_lead_time_counts_whole_days_and_is_negative_after_departure(after_ms: int, days: int) -> None:
    assert lead_days(1_000_000, 1_000_000 + after_ms) == days


def test_a_form_without_a_departure_or_with_an_unknown_field_is_refused() -> None:
    least = {
        "owner": "王𬀩",
        "owner_phone": "0514-1",
        "species": 101,
        "stage": "fry",
        "quantity": {"value": 1, "scale": 0, "unit": 1},
        "purpose": 1,
        "origin": 321084,
        "destination": 321281,
        "departs_at": 1,
    }
    assert msgspec.convert(least, DeclarationForm).channel == "point"
    with pytest.raises(msgspec.ValidationError, match="departs_at"):
        msgspec.convert({name: least[name] for name in least if name != "departs_at"}, DeclarationForm)
    with pytest.raises(msgspec.ValidationError, match="unknown field `id_card`"):
        msgspec.convert(least | {"id_card": "x"}, DeclarationForm)
