"""The portable B certificate as dots and as letters, decoded by the strict head."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from inspector_app.errors import StationError
from printing import escpos_bytes, layout, raster, thermal
from printing.fonts import shipped_fonts
from printing.forms import RollForm
from printing.placed import GlyphRun, Stroke
from printing.thermal import PrinterProfile, known_model
from tests.printers.escpos_paper import Paper, decode
from tests.printing.external import zbar_codes
from tests.printing.samples import CODE, content, form, licence, portable_bytes
from tests.printing.test_pdf import seal_picture

FONTS = shipped_fonts()
ROLLS = [("portable_b_80", 576), ("portable_b_58", 384)]
PLAIN = {"owner": "王喆", "vet": "赵练习"}


def roll(name: str) -> RollForm:
    chosen = form(name)
    assert isinstance(chosen, RollForm)
    return chosen


def letters(name: str, charset: str = "gbk", **changes: object) -> Paper:
    """A licensed ticket for a printer whose Chinese letters were tested, on paper."""
    chosen = roll(name)
    profile = PrinterProfile(name="lab", dots=chosen.dots, charset=charset)
    says = content(name, specimen=False, **{**PLAIN, **changes})
    return decode(thermal.ticket(chosen, says, profile, licence=licence(name)), chosen.dots)


@pytest.mark.parametrize(("name", "dots"), ROLLS)
def test_every_dot_that_was_drawn_is_on_the_paper(name: str, dots: int) -> None:
    drawn = raster.pictures(layout.place(form(name), content(name), FONTS))
    paper = decode(portable_bytes(name), dots)
    y = 0
    for image in drawn:
        printed = paper.image.crop((0, y, dots, y + image.height))
        assert ImageChops.difference(printed, image.convert("L")).getbbox() is None
        y += image.height
    assert paper.cuts == [drawn[0].height, drawn[0].height + drawn[1].height]


@pytest.mark.parametrize(("name", "dots"), ROLLS)
def test_both_copies_carry_a_code_both_readers_read(name: str, dots: int, tmp_path: Path) -> None:
    assert decode(portable_bytes(name), dots).codes() == [CODE, CODE]
    placed = layout.place(form(name), content(name), FONTS)
    (tmp_path / "t.png").write_bytes(thermal.portable_picture(placed, dots))
    assert zbar_codes(tmp_path / "t.png") == [CODE]


@pytest.mark.parametrize(("name", "dots"), ROLLS)
def test_no_band_is_higher_than_a_printers_buffer_and_white_is_fed_not_sent(name: str, dots: int) -> None:
    events = decode(portable_bytes(name), dots).events
    assert max(rows for kind, rows in events if kind == "raster") <= escpos_bytes.BAND_ROWS
    assert any(kind == "feed" and rows > 20 for kind, rows in events)


@pytest.mark.parametrize(("name", "dots"), ROLLS)
def test_an_unmarked_strip_is_less_than_half_of_the_plain_picture(name: str, dots: int) -> None:
    chosen = roll(name)
    says = content(name, specimen=False)
    sent = thermal.ticket(chosen, says, PrinterProfile(name="lab", dots=dots), licence=licence(name))
    plain = sum(image.height for image in raster.pictures(layout.place(chosen, content(name), FONTS))) * dots // 8
    assert len(sent) < plain * 0.45


def test_the_picture_of_the_ticket_says_its_resolution() -> None:
    placed = layout.place(form("portable_b_80"), content("portable_b_80"), FONTS)
    with Image.open(io.BytesIO(thermal.portable_picture(placed, 576))) as picture:
        assert picture.width == 576
        assert round(picture.info["dpi"][0]) == 203
        assert picture.mode == "1"


@pytest.mark.parametrize("name", ["portable_b_80", "portable_b_58"])
def test_letters_say_every_statutory_field_in_both_copies(name: str) -> None:
    paper = letters(name)
    text = "".join(paper.text)
    for value in ("货　　主：王喆", "草鱼（夏花）", "伍拾万尾", "应于当日内到达有效", "赵练习", "牲畜耳标号：/"):
        assert text.count(value) == 2
    assert ("第一联" in text, "第二联" in text) == (True, True)
    assert paper.codes() == [CODE, CODE]
    assert len(paper.cuts) == 2


def test_letters_cost_less_than_dots() -> None:
    chosen, says = roll("portable_b_80"), content("portable_b_80", specimen=False, **PLAIN)
    sizes = [
        len(thermal.ticket(chosen, says, PrinterProfile(name="x", charset=charset), licence=licence("portable_b_80")))
        for charset in ("gbk", "")
    ]
    assert sizes[0] < sizes[1] / 2


@pytest.mark.parametrize(
    ("charset", "owner", "wanted"),
    [
        ("gb2312", "王伟", True),
        ("gb2312", "王喆", False),
        ("gbk", "王喆", True),
        ("gbk", "王𬀩", False),
        ("gb18030", "王𬀩", True),
        ("", "王伟", False),
    ],
)
def test_letters_are_sent_only_when_the_tested_rom_has_them_all(charset: str, owner: str, wanted: bool) -> None:
    says = content("portable_b_80", specimen=False, owner=owner, vet="赵", issued_on="十一月二十一日")
    profile = PrinterProfile(name="x", charset=charset)
    assert thermal.can_send_letters(roll("portable_b_80"), says, profile) is wanted


def test_one_rare_name_turns_the_whole_ticket_into_dots() -> None:
    paper = letters("portable_b_80", owner="王𬀩")
    assert paper.text == []
    assert paper.codes() == [CODE, CODE]


def test_in_practice_letters_are_never_used_because_the_mark_must_cross_the_paper() -> None:
    chosen = roll("portable_b_80")
    profile = PrinterProfile(name="x", charset="gb18030")
    paper = decode(thermal.ticket(chosen, content("portable_b_80", **PLAIN), profile))
    assert paper.text == []


def test_a_registered_seal_turns_letters_into_dots_and_is_on_the_paper() -> None:
    chosen, says = roll("portable_b_80"), content("portable_b_80", specimen=False, **PLAIN)
    profile, leave = PrinterProfile(name="x", charset="gbk"), licence("portable_b_80")
    sealed = decode(thermal.ticket(chosen, says, profile, licence=leave, seal=seal_picture()))
    bare = decode(thermal.ticket(chosen, says, PrinterProfile(name="x"), licence=leave))
    assert sealed.text == []
    assert sealed.image.histogram()[0] > bare.image.histogram()[0] + 5_000


def test_print_two_is_named_on_a_black_band() -> None:
    assert "".join(letters("portable_b_58", print_no=2).text).count("第2次打印") == 2


def test_an_unlicensed_ticket_and_picture_are_refused() -> None:
    chosen, says = roll("portable_b_80"), content("portable_b_80", specimen=False)
    with pytest.raises(StationError):
        thermal.ticket(chosen, says, PrinterProfile(name="x"))
    with pytest.raises(StationError):
        thermal.portable_picture(layout.place(chosen, says, FONTS), 576, licence=licence("portable_b_58"))


def test_a_form_wider_than_the_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="576 dots"):
        thermal.ticket(roll("portable_b_80"), content("portable_b_80"), PrinterProfile(name="58 mm", dots=384))


def test_a_printer_without_a_knife_feeds_past_its_tear_bar() -> None:
    profile = PrinterProfile(name="hand-held", dots=384, cuts=False)
    paper = decode(thermal.ticket(roll("portable_b_58"), content("portable_b_58"), profile), 384)
    assert paper.cuts == []
    assert paper.events[-1] == ("feed", 160)


def test_known_models_give_width_and_knife_but_never_vouch_for_chinese() -> None:
    epson = known_model("TM-T88V")
    assert (epson.dots, epson.cuts, epson.charset) == (512, True, "")
    assert known_model("default", dots=384).dots == 384


def test_a_picture_with_greys_is_refused() -> None:
    with pytest.raises(ValueError, match="one bit"):
        escpos_bytes.picture(Image.new("L", (8, 8), 128))


@given(st.integers(1, 70), st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=300), st.integers(0, 255))
def test_any_picture_comes_out_dot_for_dot(width: int, rows: list[int], white: int) -> None:
    image = Image.new("1", (width, len(rows)), 255)
    for y, bits in enumerate(rows):
        if bits % 256 < white:
            continue
        for x in range(width):
            if bits >> (x % 64) & 1:
                image.putpixel((x, y), 0)
    data = escpos_bytes.strip([escpos_bytes.picture(image)], cuts=True, motion_units=True)
    paper = decode(data, 576)
    assert paper.image.height == image.height
    assert ImageChops.difference(paper.image.crop((0, 0, width, len(rows))), image.convert("L")).getbbox() is None


@given(st.integers(0, 2000))
def test_feeding_is_exact_however_far(dots: int) -> None:
    paper = decode(escpos_bytes.MOTION_UNITS_203 + escpos_bytes.feed(dots))
    assert paper.height_mm == dots / 8


@pytest.mark.parametrize(("name", "dots"), ROLLS)
def test_there_is_room_to_sign_beside_or_below_the_printed_name(name: str, dots: int) -> None:
    del dots
    marks = layout.place(form(name), content(name, vet="赵练习"), FONTS).pages[0].marks
    signed = next(index for index, mark in enumerate(marks) if isinstance(mark, GlyphRun) and "赵练习" in mark.text)
    name_run = marks[signed]
    line = next(mark for mark in marks[signed:] if isinstance(mark, Stroke))
    assert isinstance(name_run, GlyphRun)
    label_above = name_run.x < 5
    assert line.y1 - name_run.y > (8.5 if label_above else 5.0)
