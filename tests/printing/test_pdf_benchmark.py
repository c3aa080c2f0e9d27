"""The benchmark compares like with like, and notices an engine that draws something else."""

from __future__ import annotations

import json

import pytest
from PIL import Image, ImageChops

from benchmarks import __main__ as bench
from benchmarks import pdf as measured
from printing import layout, preview
from printing.fonts import shipped_fonts
from printing.paper import shipped_forms
from printing.placed import CodeMark, Placed
from tests.printing.samples import certificate_pdf


def page_without_codes(drawn: bytes, placed: Placed) -> Image.Image:
    """The peers choose another mask, so their modules differ; the codes are read instead."""
    picture = preview.page_image(drawn, 60, grey=True)
    for mark in placed.pages[0].marks:
        if isinstance(mark, CodeMark):
            box = mark.region
            corners = (box.x - 1, box.y - 1, box.x + box.w + 1, box.y + box.h + 1)
            picture.paste(255, tuple(round(corner * 60 / 25.4) for corner in corners))  # type: ignore[arg-type]
    return picture


def test_the_peers_draw_the_same_page_as_ours() -> None:
    form, content = shipped_forms()[measured.FORM], measured.certificate(1)
    placed = layout.place(form, content, shipped_fonts())
    mine = page_without_codes(measured.ours(form, content), placed)
    for drawn in (measured.naive(placed, content), measured.kept(placed, content)):
        difference = ImageChops.difference(mine, page_without_codes(drawn, placed))
        strong = sum(difference.histogram()[160:])
        assert strong < 60  # antialiasing of the seal's edge, not a missing line
        assert preview.read_codes(drawn) == [content.code]


def test_an_engine_that_draws_another_certificate_is_stopped() -> None:
    with pytest.raises(SystemExit, match="did not draw"):
        measured._require_same("other", certificate_pdf(), measured.certificate(1))


def test_no_two_certificates_are_the_same_work() -> None:
    codes = {measured.certificate(number).code for number in range(60)}
    assert len(codes) == 60


def test_figures_come_with_machine_commit_and_date(capsys: pytest.CaptureFixture[str]) -> None:
    code = measured.main(["--json", "--count", "1"])
    shown = json.loads(capsys.readouterr().out)
    assert set(shown["setting"]) == {"machine", "cores", "system", "python", "commit", "date"}
    assert shown["engines"]["inspector"]["per_s"] > shown["engines"]["reportlab, fonts kept"]["per_s"]
    assert code == (0 if shown["ratio"] >= shown["aim"] else 1)


def test_an_unknown_measurement_lists_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["speed"]) == 2
    assert "pdf" in capsys.readouterr().out
