"""Fixtures of the crash tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.province.fixtures import _databases_open

__all__ = ["_databases_open", "folder"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for a home."""
    made = tmp_path / "home"
    made.mkdir()
    return made
