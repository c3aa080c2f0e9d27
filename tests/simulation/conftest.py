"""One workshop for all worlds of a module: founding is done once.

Not longer: while a workshop stands, blocks are cut small in this process, and other tests count on their usual size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from simulation.faults import PROFILES
from simulation.workshop import Workshop
from simulation.world import World

CalmWorld = Callable[[], World]


@pytest.fixture(scope="module")
def shop(django_db_blocker: DjangoDbBlocker) -> Iterator[Workshop]:
    """The databases of these worlds are their own; pytest-django's guard protects only configured ones."""
    with django_db_blocker.unblock(), Workshop() as made:
        made.founded()  # before any test puts a bug into what founds
        yield made


@pytest.fixture
def world(shop: Workshop) -> Iterator[World]:
    """A world in which nothing goes wrong by itself."""
    with World(shop, 1, PROFILES["calm"]) as made:
        made.become_calm()
        yield made
