"""The PDF: exact text, embedded fonts, the same bytes again, the mark of practice, the place of every millimetre."""

from __future__ import annotations

import hashlib
import io
import threading
from pathlib import Path

import msgspec
import pikepdf
import pytest
from PIL import Image, ImageChops, ImageDraw

from inspector_app.errors import StationError
from printing import layout, pdf, preview, report, specimen
from printing.content import Calibration, Licence
from printing.fonts import shipped_fonts
from printing.forms import ReportForm
from printing.placed import Placed, PlacedPage, Region, SealPlace, Stroke
from printing.seal import SealImage
from tests.printing.external import poppler_fonts, poppler_text, python, zbar_codes
from tests.printing.samples import CODE, certificate_pdf, content, form, licence

FONTS = shipped_fonts()
RARE = "王𬀩 李㛃 鿎 赵𠮷 喆"
CERTIFICATES = ["certificate_a", "certificate_b", "portable_b_80", "portable_b_58"]
DPI = 300
MM = DPI / 25.4


def placed(name: str, **changes: object) -> Placed:
    return layout.place(form(name), content(name, **changes), FONTS)


def ink(picture: Image.Image, x: float, y: float, w: float, h: float) -> int:
    """Dots darker than the specimen mark's tint in a rectangle of the page (mm)."""
    box = tuple(round(value * MM) for value in (x, y, x + w, y + h))
    return picture.crop(box).convert("L").point(lambda level: 255 if level < 190 else 0).histogram()[255]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["certificate_a", "certificate_b"])
def test_names_beyond_the_bmp_are_copied_out_exactly_by_two_programs(name: str, tmp_path: Path) -> None:
    drawn = pdf.render(placed(name, owner=RARE, vet="赵𠮷"))
    for text in (poppler_text(drawn, tmp_path), preview.text_of(drawn)):
        assert RARE in text
        assert "赵𠮷" in text
        assert "9900000003" in text
        assert "动物检疫合格证明" in text


def test_every_character_of_a_page_with_many_is_copied_out(tmp_path: Path) -> None:
    """More than 256 characters of one font need several subsets, each with its own table."""
    table = (FONTS.path("x").parent / "tgh8105.txt").read_text("utf-8")
    characters = sorted({character for character in table if ord(character) > 0x3000})[::12]
    lines = ["".join(characters[start : start + 40]) for start in range(0, len(characters), 40)]
    sheet = report.ReportContent(title="字表", made_at=0, paragraphs=tuple(lines))
    chosen = form("report")
    assert isinstance(chosen, ReportForm)
    drawn = pdf.render(report.compose(chosen, sheet, FONTS))
    found = poppler_text(drawn, tmp_path)
    assert [character for character in characters if character not in found] == []


@pytest.mark.parametrize("name", CERTIFICATES)
def test_all_fonts_are_embedded_subset_and_readable(name: str, tmp_path: Path) -> None:
    fonts = poppler_fonts(certificate_pdf(name), tmp_path)
    assert fonts
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in fonts)
    assert not any("Helvetica" in row[0] for row in fonts)


def test_the_file_forbids_scaling_and_wastes_no_bytes_on_ascii() -> None:
    drawn = certificate_pdf("certificate_a")
    with pikepdf.open(io.BytesIO(drawn)) as document:
        assert document.Root.ViewerPreferences.PrintScaling == "/None"
        assert str(document.Root.Lang) == "zh-CN"
        sizes = [[round(float(value) / 72 * 25.4, 1) for value in page.mediabox[2:]] for page in document.pages]
    assert sizes == [[210.0, 297.0], [210.0, 297.0]]
    assert b"ASCII85" not in drawn
    assert len(drawn) < 90_000


def test_nothing_is_transparent() -> None:
    for drawn in (certificate_pdf("certificate_a"), with_seal()):
        assert b"/SMask" not in drawn
        assert b"/ca " not in drawn


@pytest.mark.parametrize("name", CERTIFICATES)
def test_the_same_content_gives_the_same_bytes(name: str) -> None:
    assert pdf.render(placed(name)) == pdf.render(placed(name)) == certificate_pdf(name)


def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "import hashlib; from tests.printing.samples import certificate_pdf;"
        "print(hashlib.sha256(certificate_pdf('certificate_b')).hexdigest())"
    )
    assert python(code).strip() == hashlib.sha256(certificate_pdf("certificate_b")).hexdigest()


def test_the_date_in_the_file_is_the_contents_and_not_the_clocks() -> None:
    with pikepdf.open(io.BytesIO(pdf.render(placed("certificate_b", made_at=0)))) as document:
        assert str(document.docinfo["/CreationDate"]) == "D:19700101080000+08'00'"


def test_different_contents_give_different_bytes() -> None:
    assert pdf.render(placed("certificate_b", quantity="伍拾万零壹尾")) != certificate_pdf("certificate_b")


def test_threads_writing_at_once_do_not_disturb_each_other() -> None:
    wanted = {name: certificate_pdf(name) for name in CERTIFICATES}
    drawn: dict[str, bytes] = {}
    threads = [
        threading.Thread(target=lambda name=name: drawn.update({name: pdf.render(placed(name))}))
        for name in CERTIFICATES
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == wanted


@pytest.mark.parametrize("name", CERTIFICATES)
def test_both_readers_read_every_code_at_300_dpi(name: str, tmp_path: Path) -> None:
    drawn = certificate_pdf(name)
    for page in range(preview.page_count(drawn)):
        path = tmp_path / f"{page}.png"
        preview.page_image(drawn, DPI, page).save(path)
        assert zbar_codes(path) == [CODE]
    assert preview.read_codes(drawn) == [CODE]


def test_the_modules_are_where_and_as_large_as_the_form_says() -> None:
    picture = preview.page_image(certificate_pdf("certificate_b"), 600, grey=True)
    box = tuple(round(value * 600 / 25.4) for value in (20.0, 82.0, 58.0, 120.0))
    dark = picture.crop(box).point(lambda level: 255 if level < 128 else 0).getbbox()  # type: ignore[arg-type]
    assert dark is not None
    modules = round((dark[2] - dark[0]) / 600 * 25.4 / 0.508)
    assert modules == 57
    assert abs((dark[0] + dark[2]) / 2 - 19 * 600 / 25.4) < 2


@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_specimen_is_marked_in_every_copy(name: str) -> None:
    sample = placed(name)
    drawn = certificate_pdf(name)
    copies = sum(len(page.copies) for page in sample.pages)
    assert preview.text_of(drawn).count("练习 · SPECIMEN") >= copies
    assert preview.text_of(drawn).count("SPECIMEN") >= 2 * copies  # and once in each practice seal


def test_the_mark_survives_a_form_that_leaves_it_no_room() -> None:
    """The renderer draws it, whatever the layout holds."""
    bare = Placed("t", "", "f", "0" * 64, (PlacedPage(210, 297, (), (Region(0, 0, 210, 297),)),), True, 0)
    assert "练习 · SPECIMEN" in preview.text_of(pdf.render(bare))


def test_the_mark_does_not_touch_the_code() -> None:
    for name in CERTIFICATES:
        page = placed(name).pages[0]
        assert list(specimen.page_runs(page, FONTS))
    assert preview.read_codes(certificate_pdf("portable_b_58")) == [CODE]


@pytest.mark.parametrize(
    "leave",
    [
        None,
        Licence("", "b", "c", form("certificate_b").hash),
        Licence("a", "", "c", form("certificate_b").hash),
        Licence("a", "b", "", form("certificate_b").hash),
        Licence("a", "b", "c", form("certificate_a").hash),
    ],
)
def test_an_unmarked_page_is_refused_without_a_licence_for_exactly_its_form(leave: Licence | None) -> None:
    with pytest.raises(StationError) as caught:
        pdf.render(placed("certificate_b", specimen=False), licence=leave)
    assert caught.value.code == "printing.unlicensed"


def test_a_licensed_page_has_no_mark_and_leaves_the_place_of_the_seal_free() -> None:
    drawn = pdf.render(placed("certificate_b", specimen=False), licence=licence("certificate_b"))
    assert "SPECIMEN" not in preview.text_of(drawn)
    assert ink(preview.page_image(drawn, DPI), 145, 77, 37, 37) == 0


def test_a_licence_does_not_unmark_a_specimen() -> None:
    drawn = pdf.render(placed("certificate_b"), licence=licence("certificate_b"), seal=seal_picture())
    assert "练习 · SPECIMEN" in preview.text_of(drawn)
    assert drawn == certificate_pdf("certificate_b")


def seal_picture() -> SealImage:
    picture = Image.new("RGBA", (400, 400), (255, 255, 255, 0))
    ImageDraw.Draw(picture).ellipse((20, 20, 380, 380), outline=(200, 10, 20, 255), width=30)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return SealImage(file.getvalue())


def with_seal() -> bytes:
    return pdf.render(placed("certificate_b", specimen=False), licence=licence("certificate_b"), seal=seal_picture())


def test_a_registered_seal_is_drawn_in_its_place_in_red() -> None:
    picture = preview.page_image(with_seal(), DPI).convert("RGB")
    place = next(mark for mark in placed("certificate_b").pages[0].marks if isinstance(mark, SealPlace))
    assert ink(picture, place.x, place.y, place.size, place.size) > 5_000
    red, green, blue = picture.getpixel((round((place.x + place.size * 0.085) * MM), round((place.y + 20) * MM)))  # type: ignore[misc]
    assert red > 150
    assert green < 90
    assert blue < 90


def test_a_damaged_seal_is_named() -> None:
    with pytest.raises(StationError) as caught:
        pdf.render(
            placed("certificate_b", specimen=False), licence=licence("certificate_b"), seal=SealImage(b"no picture")
        )
    assert caught.value.code == "printing.seal_unreadable"


def crosses() -> Placed:
    """A target: a vertical and a horizontal line at known places."""
    marks = (Stroke(50, 40, 50, 60, 0.2), Stroke(150, 240, 170, 240, 0.2))
    page = PlacedPage(210, 297, marks, (Region(0, 0, 210, 297),))
    return Placed("target", "", "target", "0" * 64, (page,), False, 0)


def measured(drawn: bytes) -> tuple[float, float]:
    """Where the vertical line (x) and the horizontal line (y) landed, in millimetres."""
    picture = preview.page_image(drawn, 600, grey=True).point(lambda level: 255 if level < 128 else 0)
    k = 600 / 25.4
    across = picture.crop((round(40 * k), round(48 * k), round(60 * k), round(52 * k))).getbbox()
    down = picture.crop((round(158 * k), round(230 * k), round(162 * k), round(250 * k))).getbbox()
    assert across is not None
    assert down is not None
    return 40 + (across[0] + across[2]) / 2 / k, 230 + (down[1] + down[3]) / 2 / k


TARGET = Licence("a", "b", "c", "0" * 64)


def test_a_millimetre_is_a_millimetre() -> None:
    x, y = measured(pdf.render(crosses(), licence=TARGET))
    assert abs(x - 50) < 0.05
    assert abs(y - 240) < 0.05


def test_calibration_moves_and_stretches_the_whole_page() -> None:
    correction = Calibration(dx_mm=1.5, dy_mm=-0.8, sx=1.002, sy=0.997)
    x, y = measured(pdf.render(crosses(), licence=TARGET, calibration=correction))
    assert abs(x - (50 * 1.002 + 1.5)) < 0.06
    assert abs(y - (240 * 0.997 - 0.8)) < 0.06


def test_without_calibration_nothing_moves() -> None:
    plain, zero = (pdf.render(placed("certificate_b"), calibration=shift) for shift in (None, Calibration()))
    assert plain == zero


def test_the_preview_is_the_page_that_is_printed() -> None:
    first, second = (preview.page_image(certificate_pdf("certificate_b"), 100) for _ in range(2))
    assert ImageChops.difference(first, second).getbbox() is None


def test_a_change_of_one_character_shows_only_in_its_field() -> None:
    other = pdf.render(placed("certificate_b", purpose="种用"))
    before, after = (preview.page_image(drawn, DPI) for drawn in (certificate_pdf("certificate_b"), other))
    box = ImageChops.difference(before, after).getbbox()
    assert box is not None
    assert box[0] / MM >= 44
    assert box[2] / MM <= 102


def test_licence_is_a_plain_value() -> None:
    assert msgspec.structs.asdict(licence("certificate_b"))["form_hash"] == form("certificate_b").hash
