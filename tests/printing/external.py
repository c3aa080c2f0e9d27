"""Other people's programs as second opinions: poppler and zbar."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def run(*command: str | Path) -> str:
    """Output of a program that must succeed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return done.stdout.decode("utf-8", "replace")


def poppler_text(pdf: bytes, folder: Path) -> str:
    """The text as pdftotext copies it out."""
    (folder / "t.pdf").write_bytes(pdf)
    return run("pdftotext", "-enc", "UTF-8", folder / "t.pdf", "-")


def poppler_fonts(pdf: bytes, folder: Path) -> list[list[str]]:
    """Rows of pdffonts: name, type, …, emb, sub, uni, object, generation."""
    (folder / "f.pdf").write_bytes(pdf)
    return [line.split() for line in run("pdffonts", folder / "f.pdf").splitlines()[2:]]


def zbar_codes(picture: Path) -> list[str]:
    """Codes as zbarimg reads them, each once."""
    done = subprocess.run(["zbarimg", "-q", "--raw", str(picture)], capture_output=True, check=False, timeout=60)
    return list(dict.fromkeys(done.stdout.decode("utf-8").split()))


def python(code: str) -> str:
    """Output of a fresh interpreter."""
    return run(sys.executable, "-c", code)
