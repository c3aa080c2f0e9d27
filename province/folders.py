"""Where the province's own files lie: keys, high-water marks, Django's secret and, with SQLite, the database."""

from __future__ import annotations

from pathlib import Path

from inspector_app.config import default_home, setting, use_setting

VARIABLE = "INSPECTOR_PROVINCE"


def folder() -> Path:
    """The province's folder: from the environment, or the user's own data folder."""
    return Path(setting(VARIABLE) or default_home("inspector-province"))


def choose(chosen: Path) -> None:
    """Name the folder for this process; before Django reads its settings."""
    use_setting(VARIABLE, str(chosen))
