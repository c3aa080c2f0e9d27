"""Where and of what a measurement was made: machine, commit, date. A number without them means nothing."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

from inspector_app.clock import SystemClock, moment_text

ROOT = Path(__file__).resolve().parent.parent


def setting() -> dict[str, str]:
    """Processor, cores, system, Python, commit (``+`` when the tree was changed) and the time of measuring."""
    return {
        "machine": _processor(),
        "cores": str(os.cpu_count()),
        "system": platform.platform(),
        "python": platform.python_version(),
        "commit": _commit(),
        "date": moment_text(SystemClock().now().at) + " (UTC+8)",
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8", "replace").splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _commit() -> str:
    commit = _git("rev-parse", "--short=12", "HEAD")
    return commit + ("+" if commit and _git("status", "--porcelain", "--untracked-files=no") else "")


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
