"""Where a province's tables lie: SQLite for practice and tests, PostgreSQL in production; several in one process.

Functions of the province take the alias of their database as ``using``, because the simulated world and the tests run
several provinces side by side.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

DEFAULT = "default"
_SQLITE_START = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"


def database_settings(place: str) -> dict[str, Any]:
    """Django's settings for a database: a ``postgresql://`` URL, or the path of a SQLite file."""
    if place.startswith(("postgresql://", "postgres://")):
        return _postgresql(place)
    # BEGIN IMMEDIATE: a transaction that will write waits its turn at the start instead of failing half way.
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _SQLITE_START}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": place, "OPTIONS": options}


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def add_database(using: str, place: str) -> None:
    """Make a further database known to Django under the alias ``using``."""
    from django.db import connections

    completed = connections.configure_settings({DEFAULT: {}, using: database_settings(place)})
    _close(using)
    connections.settings[using] = completed[using]


def forget_database(using: str) -> None:
    """Close a database added by :func:`add_database` and forget its alias."""
    from django.db import connections

    _close(using)
    del connections.settings[using]


def _close(using: str) -> None:
    """Close the alias' connection in this thread, if it ever had one."""
    from django.db import connections

    if using in connections.settings:
        connections[using].close()
        del connections[using]
