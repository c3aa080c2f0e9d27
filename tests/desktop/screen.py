"""A screen of our own: Xvfb started on a free display, stopped by its process id."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

WIDTH, HEIGHT = 1366, 768


@contextmanager
def screen(width: int = WIDTH, height: int = HEIGHT) -> Iterator[dict[str, str]]:
    """The environment in which a program opens its windows on that screen."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as announced:
            number = announced.readline().strip()
        assert number, "Xvfb did not start"
        yield os.environ | {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb", "QT_ACCESSIBILITY": "0"}
    finally:
        process.terminate()
        process.wait(timeout=20)
