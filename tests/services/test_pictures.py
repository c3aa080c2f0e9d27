"""Photographs are made small enough for a bad line, stay upright and readable, and tell nothing of who took them."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from inspector_app import bootstrap
from inspector_app.domain.policy import PolicyError
from inspector_app.errors import StationError
from inspector_app.services.pictures import MAX_PIXELS, SIDES, reduced
from printing.preview import PageCodeReader
from printing.qr import make
from tests.photographs import page, photograph

KB = 1024
MOST = 80 * KB


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def red(picture: Image.Image, x: float, y: float) -> bool:
    found = picture.convert("RGB").getpixel((int(x * (picture.width - 1)), int(y * (picture.height - 1))))
    assert isinstance(found, tuple)
    return found[0] > 200 and found[1] < 80


def test_a_phones_photograph_fits_and_keeps_its_shape() -> None:
    made = reduced(photograph(4000, 3000, noise=60), MOST)
    assert len(made) <= MOST
    picture = opened(made)
    assert picture.format == "JPEG"
    assert abs(picture.width / picture.height - 4 / 3) < 0.01


def test_a_photographed_page_stays_large_enough_to_be_read() -> None:
    made = reduced(page("Inspected 500,000 grass carp fry"), MOST)
    assert len(made) <= MOST
    assert max(opened(made).size) >= 1000


def test_the_code_on_a_photographed_paper_is_still_read() -> None:
    text = "https://q.example/q/9900000003" + "7" * 300
    code = make(text, 0.5)
    assert code is not None
    dark = Image.frombytes("L", (len(code.rows),) * 2, bytes(0 if one == "#" else 255 for one in "".join(code.rows)))
    sheet = opened(page("Inspected 500,000 grass carp fry"))
    sheet.paste("white", (150, 2450, 1350, 3650))
    sheet.paste(dark.resize((1000, 1000), Image.Resampling.NEAREST), (250, 2550))
    raw = io.BytesIO()
    sheet.save(raw, "JPEG", quality=92)
    assert PageCodeReader().read(reduced(raw.getvalue(), MOST)) == [text]


@pytest.mark.parametrize(
    ("orientation", "corner"), [(1, (0.1, 0.1)), (3, (0.9, 0.9)), (6, (0.9, 0.1)), (8, (0.1, 0.9))]
)
def test_it_stands_as_it_was_taken(orientation: int, corner: tuple[float, float]) -> None:
    picture = opened(reduced(photograph(orientation=orientation), MOST))
    corners = [(0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)]
    assert [place for place in corners if red(picture, *place)] == [corner]
    assert (picture.width > picture.height) == (orientation in (1, 3))


def test_nothing_the_camera_wrote_is_left() -> None:
    taken = photograph(orientation=6) + b"hidden behind the end"
    made = reduced(taken, MOST)
    picture = opened(made)
    assert b"secret remark" in taken
    assert not dict(picture.getexif())
    assert not [text for text in (b"Exif", b"Lu Qinghe", b"secret", b"hidden") if text in made]


def test_a_picture_with_transparency_lies_on_white_paper() -> None:
    raw = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(raw, "PNG")
    assert opened(reduced(raw.getvalue(), MOST)).convert("RGB").getpixel((20, 20)) == (255, 255, 255)


def test_the_same_photograph_is_made_the_same_again() -> None:
    taken = photograph(1200, 900)
    assert reduced(taken, MOST) == reduced(taken, MOST)


def test_noise_that_fits_nowhere_comes_as_small_as_it_gets() -> None:
    made = reduced(photograph(900, 900, noise=255), 10 * KB)
    assert len(made) > 10 * KB
    assert max(opened(made).size) == SIDES[-1]


def bomb(side: int) -> bytes:
    """A PNG that claims ``side`` × ``side`` pixels in a hundred bytes."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8\xff\xe0 no picture",
        b"\x89PNG\r\n\x1a\n no picture",
        photograph()[:900],
        bomb(int(MAX_PIXELS**0.5) + 1),
        bomb(60_000),
        b"GIF89a" + bytes(40),
        b"",
    ],
    ids=["jpeg", "png", "torn", "large", "bomb", "gif", "nothing"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(StationError, match="attachment_unreadable"):
        reduced(content, MOST)


def test_the_sizes_are_dated_policy() -> None:
    policy = bootstrap.base_policy().on("2026-11-28")
    assert (policy.photograph_bytes, policy.scan_bytes_max) == (80 * KB, 2048 * KB)
    with pytest.raises(PolicyError):
        _ = policy.on("2009-01-01").photograph_bytes
