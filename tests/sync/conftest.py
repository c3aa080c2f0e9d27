"""Fixtures of the tests of catching up: the province they catch up with."""

from tests.province.fixtures import (
    _databases_open,
    either_province,
    postgresql_databases,
    province,
    site,
    sqlite_databases,
)

__all__ = ["_databases_open", "either_province", "postgresql_databases", "province", "site", "sqlite_databases"]
