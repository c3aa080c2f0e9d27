"""Where things lie: resources beside the program, the home of a station, and the few environment variables we read."""

from __future__ import annotations

import os
import sys
from pathlib import Path

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
VERSION = "0.1.0"


def read_resource(name: str) -> bytes:
    """Bytes of ``resources/<name>``; a missing one is a broken installation and raises FileNotFoundError."""
    return (RESOURCES / name).read_bytes()


def resource_names(folder: str, suffix: str) -> list[str]:
    """Names (relative to ``resources``) of the files in a folder, sorted."""
    return sorted(f"{folder}/{path.name}" for path in (RESOURCES / folder).glob(f"*{suffix}"))


def shown_path(path: str) -> str:
    """A path as a person reads it: what lies in their own folder begins with ``~``, as the shells of POSIX write it."""
    own = str(Path.home())
    inside = os.name == "posix" and path.startswith(own + os.sep)
    return f"~{path.removeprefix(own)}" if inside else path


def default_home(program: str = "inspector") -> Path:
    """The per-user data folder: ``%LOCALAPPDATA%`` on Windows, ``XDG_DATA_HOME`` elsewhere."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / program
    return Path(os.environ.get("XDG_DATA_HOME", str(Path.home() / ".local" / "share"))) / program


def setting(name: str, default: str = "") -> str:
    """An environment variable of ours, e.g. ``INSPECTOR_HOME``."""
    return os.environ.get(name, default)


def use_setting(name: str, value: str) -> None:
    """Set an environment variable for this process and its children."""
    os.environ[name] = value


def has_display() -> bool:
    """Whether a window can be opened: always on Windows and macOS, with X11 or Wayland elsewhere."""
    if sys.platform in ("win32", "darwin"):
        return True
    offscreen = setting("QT_QPA_PLATFORM") in ("offscreen", "minimal")
    return offscreen or bool(setting("DISPLAY") or setting("WAYLAND_DISPLAY"))
