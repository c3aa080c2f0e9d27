"""Two people's pages at the same time: the renderer is asked from every lane of the desktop at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

CROWD = """
import threading
from printing import layout, preview
from printing.fonts import shipped_fonts
from printing.proof import selfcheck
from tests.printing.samples import CODE, certificate_pdf, content, form

page = certificate_pdf("certificate_a")
placed = layout.place(form("certificate_a"), content("certificate_a"), shipped_fonts())
start, seen = threading.Barrier(4), []

def draw():
    start.wait()
    for _ in range(15):
        preview.page_image(page, 50)
        seen.append((selfcheck(page, placed, CODE), preview.page_count(page)))

crowd = [threading.Thread(target=draw) for _ in range(4)]
for one in crowd:
    one.start()
for one in crowd:
    one.join()
print(len(seen), {repr(what) for what in seen})
"""


def test_four_threads_draw_and_read_pages_at_once() -> None:
    # In a process of its own: pdfium used by two threads at once does not raise, it kills.
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", CROWD], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split(" ", 1) == ["60", "{'([], 2)'}\n"]
