"""QR codes: small, readable by others, read back before printing; photographs and PDFs of other people."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from inspector_app.errors import StationError
from printing import layout, pdf, preview, qr
from printing.fonts import shipped_fonts
from printing.proof import selfcheck, selfcheck_strip
from tests.printing.external import zbar_codes
from tests.printing.samples import CODE, certificate_pdf, content, form

FONTS = shipped_fonts()


def drawn(code: qr.Code, dots: int = 5) -> Image.Image:
    side = len(code.rows) + 2 * qr.QUIET_MODULES
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(code.rows):
        for x, module in enumerate(row):
            if module == "#":
                picture.putpixel((x + qr.QUIET_MODULES, y + qr.QUIET_MODULES), 0)
    return picture.resize((side * dots, side * dots), Image.Resampling.NEAREST)


def made(text: str) -> qr.Code:
    code = qr.make(text, 0.5)
    assert code is not None
    return code


def test_a_signed_certificate_fits_a_small_code() -> None:
    assert len(made(CODE).rows) == 57
    assert len(made("https://jiansu-yuye.example.gov.cn/q/" + "9" * 400).rows) <= 61


def test_url_and_digits_in_two_segments_are_smaller_than_in_one() -> None:
    assert len(made(CODE).rows) < len(made(CODE + "x").rows)


def test_the_same_text_gives_the_same_code() -> None:
    assert made(CODE) == made(CODE)


def test_both_readers_read_it(tmp_path: Path) -> None:
    drawn(made(CODE)).save(tmp_path / "q.png")
    assert qr.read(drawn(made(CODE))) == [CODE]
    assert zbar_codes(tmp_path / "q.png") == [CODE]


@given(st.from_regex(r"https://[a-z.]{1,30}/q/[0-9]{1,420}", fullmatch=True))
def test_any_link_is_read_back(text: str) -> None:
    assert qr.read(drawn(made(text), 3)) == [text]


def test_more_than_a_code_holds_gives_none() -> None:
    assert qr.make("x" * 3000, 0.5) is None


def test_it_is_read_under_blur_noise_and_a_stain() -> None:
    noise = random.Random(7)
    picture = drawn(made(CODE), 8).filter(ImageFilter.GaussianBlur(2.5))
    pixels = bytes(min(255, max(0, level + noise.randint(-40, 40))) for level in picture.tobytes())
    picture = Image.frombytes("L", picture.size, pixels)
    picture.paste(255, (240, 300, 270, 330))
    assert qr.read(picture) == [CODE]


def test_a_page_that_says_what_it_should_passes() -> None:
    for name in ("certificate_a", "certificate_b"):
        placed = layout.place(form(name), content(name), FONTS)
        assert selfcheck(certificate_pdf(name), placed, CODE) == []


def test_a_code_that_says_something_else_is_found() -> None:
    placed = layout.place(form("certificate_b"), content("certificate_b"), FONTS)
    other = layout.place(form("certificate_b"), content("certificate_b", code=CODE[:-1] + "6"), FONTS)
    assert selfcheck(pdf.render(other), placed, CODE) == ["code_differs"]


def test_a_code_that_is_not_there_and_a_wrong_number_are_found() -> None:
    placed = layout.place(form("certificate_b"), content("certificate_b"), FONTS)
    bare = layout.place(form("certificate_b"), content("certificate_b", code="", number="B 9900000004"), FONTS)
    assert selfcheck(pdf.render(bare), placed, CODE) == ["code_unreadable", "number_missing"]


def test_the_dots_of_a_strip_are_read_back_too() -> None:
    placed = layout.place(form("portable_b_58"), content("portable_b_58"), FONTS)
    assert selfcheck_strip(placed, CODE, 384) == []
    assert selfcheck_strip(placed, CODE + "0", 384) == ["code_differs"]


def test_codes_of_different_pages_are_all_read() -> None:
    first = layout.place(form("certificate_a"), content("certificate_a"), FONTS)
    second = layout.place(form("certificate_a"), content("certificate_a", code=CODE + "1"), FONTS)
    from msgspec.structs import replace

    both = replace(first, pages=first.pages[:1] + second.pages[:1])
    assert preview.read_codes(pdf.render(both)) == [CODE, CODE + "1"]


def test_a_photograph_is_read_at_an_angle_and_reduced() -> None:
    page = preview.page_image(certificate_pdf("certificate_b"), 400, grey=True)
    photo = page.rotate(7, expand=True, fillcolor=200)
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=60)
    assert preview.read_codes(file.getvalue()) == [CODE]


def test_a_picture_without_a_code_gives_nothing() -> None:
    file = io.BytesIO()
    Image.new("L", (300, 300), 255).save(file, "PNG")
    assert preview.PageCodeReader().read(file.getvalue()) == []


@pytest.mark.parametrize(
    ("content_of_file", "code"),
    [
        (b"", "printing.not_readable"),
        (b"hello", "printing.not_readable"),
        (b"\x89PNG\r\n\x1a\nrubbish", "printing.not_readable"),
        (b"%PDF-1.4 rubbish", "printing.pdf_unreadable"),
    ],
)
def test_what_is_neither_picture_nor_pdf_is_named(content_of_file: bytes, code: str) -> None:
    with pytest.raises(StationError) as caught:
        preview.read_codes(content_of_file)
    assert caught.value.code == code


@given(st.binary(max_size=200))
def test_no_bytes_do_more_than_be_named(raw: bytes) -> None:
    try:
        assert preview.read_codes(raw) == []
    except StationError:
        pass


def test_a_picture_with_too_many_pixels_is_not_opened() -> None:
    file = io.BytesIO()
    Image.new("1", (12_000, 6_000)).save(file, "PNG")
    with pytest.raises(StationError):
        preview.read_codes(file.getvalue())
