"""Serving from this process with waitress: practice, demonstration, a small office. Production uses gunicorn."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from province.databases import DEFAULT
from province.journal.projecting import ensure_projections

THREADS = 4


def serve(
    *, host: str, port: int, announce: Path | None, allow: tuple[str, ...] = (), until_input_closes: bool = False
) -> None:
    """Serve until the process is stopped; port 0 takes a free one. ``announce`` is written once it listens."""
    from waitress import create_server

    from province.wsgi import application

    call_command("migrate", verbosity=0, interactive=False)
    ensure_projections(DEFAULT)
    settings.ALLOWED_HOSTS += [name for name in (host, *allow) if name not in settings.ALLOWED_HOSTS]
    server: Any = create_server(application, host=host, port=port, threads=THREADS, ident=None)
    if announce is not None:
        _announce(announce, f"http://{host}:{server.effective_port}")
    if until_input_closes:
        threading.Thread(target=_close_after_input, args=(server,), daemon=True).start()
    try:
        server.run()
    finally:
        server.close()


def _announce(file: Path, address: str) -> None:
    # Renamed into place, so whoever waits for the file never reads half an address.
    beside = file.with_suffix(".new")
    beside.write_text(address + "\n", "ascii")
    beside.replace(file)


def _close_after_input(server: Any) -> None:
    """The parent keeps our standard input open as long as it lives."""
    sys.stdin.buffer.read()
    server.close()
