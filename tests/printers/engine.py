"""What the lab's IPP printer runs for each job: waits while a fault is on, counts pages, keeps the file.

Started by ippeveprinter with the document as argument; speaks its STATE and ATTR lines on standard error.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import pypdfium2

FAULTS = ("media-empty", "media-jam", "cover-open")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def pages(document: Path) -> int:
    """Sheets the document needs; anything but PDF counts as one."""
    if document.read_bytes()[:4] != b"%PDF":
        return 1
    with pypdfium2.PdfDocument(document) as pdf:
        return len(pdf)


def main() -> None:
    """Print: one fault after the other is waited for, then the sheets are made."""
    out, document = Path(os.environ["OUTDIR"]), Path(sys.argv[1])
    count = pages(document)
    for fault in FAULTS:
        if (out / fault).exists():
            say(f"STATE: +{fault}-error")
            while (out / fault).exists():
                time.sleep(0.05)
            say(f"STATE: -{fault}-error")
    shutil.copy(document, out / f"printed-{int(os.environ['IPP_JOB_ID']):04d}")
    settings = sorted(name for name in os.environ if name.startswith("IPP_"))
    text = "\n".join(f"{name}={os.environ[name]}" for name in settings)
    (out / f"settings-{int(os.environ['IPP_JOB_ID']):04d}").write_text(text)
    say(f"ATTR: job-impressions={count} job-impressions-completed={count} job-media-sheets-completed={count}")


if __name__ == "__main__":
    main()
