"""Fixtures of the tests of the measurements: databases of our own making may be opened."""

from tests.province.fixtures import _databases_open

__all__ = ["_databases_open"]
