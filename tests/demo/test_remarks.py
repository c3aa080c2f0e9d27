"""Remarks stand beside what they explain: no remark covers a letter of the form, and no field is without one."""

from __future__ import annotations

import pytest

from inspector_app.demo.page import callouts
from inspector_app.demo.page.pictures import STRIP_MARGIN_MM, _places, _strip_places
from printing import layout
from printing.fonts import shipped_fonts
from printing.forms import RollForm, SheetForm
from printing.placed import EM_ASCENT, EM_DESCENT, MM_PER_POINT, GlyphRun
from tests.printing import samples

NARROWEST_PX = 480
"""How wide a sheet is shown at least on a desk; a remark is 17 pixels across, and its white rim one more."""
RADIUS_PX = 9.5
NOTICE = {
    "place": "周巷镇锦鲤场",
    "diseases": "临床检查发现异常",
    "basis": "《动物防疫法》第五十六条",
    "method": "隔离观察",
    "owner": "周巷锦鲤养殖场",
    "number": "2026000001",
}
FORMS = ("certificate_a", "certificate_b", "treatment_notice")


def runs(form_id: str, **changes: str) -> list[GlyphRun]:
    form = samples.form(form_id)
    content = samples.content(form_id, remarks="本批分两车启运，此为第一车", **changes)
    page = layout.place(form, content, shipped_fonts()).pages[0]
    return [mark for mark in page.marks if isinstance(mark, GlyphRun) and not mark.turn]


def covers(x: float, y: float, radius: float, run: GlyphRun) -> bool:
    em = run.size * MM_PER_POINT
    left, right = run.x, run.x + em * sum(1 if ord(letter) > 0x2E7F else 0.5 for letter in run.text.rstrip("　 "))
    top, bottom = run.y - EM_ASCENT * em * 0.9, run.y + EM_DESCENT * em * 0.2
    nearest = min(max(x, left), right), min(max(y, top), bottom)
    return run.text.strip("　 ") != "" and (nearest[0] - x) ** 2 + (nearest[1] - y) ** 2 < radius**2


@pytest.mark.parametrize("form_id", FORMS)
def test_no_remark_covers_a_letter(form_id: str) -> None:
    form = samples.form(form_id)
    assert isinstance(form, SheetForm)
    shown = {callouts._spot(name) for name in callouts.FIELDS[form_id]} | {"print_mark"}
    radius = RADIUS_PX * form.width / NARROWEST_PX
    letters = runs(form_id, **(NOTICE if form_id == "treatment_notice" else {}))
    covered = [
        (name, run.text)
        for name, x, y in _places(form, form.copies[0])
        for run in letters
        if name in shown and covers(x, y, radius, run)
    ]
    assert covered == []


def test_a_remark_on_a_label_would_be_noticed() -> None:
    label = next(run for run in runs("certificate_b") if run.text.startswith("数量"))
    assert covers(label.x + 1, label.y - 1, 3.0, label)
    assert not covers(label.x - 9, label.y - 1, 3.0, label)


@pytest.mark.parametrize("form_id", FORMS)
def test_every_field_of_a_form_has_its_remark(form_id: str) -> None:
    form = samples.form(form_id)
    assert isinstance(form, SheetForm)
    told_together = {"transport_road", "transport_rail", "transport_water", "transport_air", "carrier_phone"}
    told_together |= {"agency_phone", "check_code", "code_host"}
    explained = {callouts._spot(name) for name in callouts.FIELDS[form_id]}
    wanted = set(form.keys()) - told_together - ({"remarks"} if form_id == "treatment_notice" else set())
    assert wanted <= explained
    placed = {name for name, _x, _y in _places(form, form.copies[0])}
    assert explained <= placed


@pytest.mark.parametrize("form_id", ["portable_b_80", "portable_b_58"])
def test_every_remark_on_a_strip_has_its_line_and_stands_beside_the_paper(form_id: str) -> None:
    form = samples.form(form_id)
    assert isinstance(form, RollForm)
    page = layout.place(form, samples.content(form_id), shipped_fonts()).pages[0]
    spots = dict(_strip_places(form, page))
    assert {callouts._spot(name) for name in callouts.STRIP_FIELDS} <= set(spots)
    paper = page.width / (page.width + STRIP_MARGIN_MM)
    assert all(spot.x > paper for spot in spots.values())
    assert spots["owner_phone"].y < spots["agency_phone"].y
