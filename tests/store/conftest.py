"""Fixtures of the store's tests: real SQLCipher in a temporary folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.homes import Home


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for a home."""
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture
def home(folder: Path) -> Iterator[Home]:
    """An opened, empty home."""
    opened = Home(folder)
    yield opened
    opened.close()
