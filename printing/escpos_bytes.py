"""ESC/POS commands: pictures in bands and text in the printer's own Chinese letters.

Written from the command reference, not with python-escpos's drawing functions: those have four defects on Chinese text
and tall pictures (PRINTING 2.2). Rules kept here: a picture goes out in bands of at most 128 rows, white rows are fed
instead of sent, the white right edge is cut off, nothing is dithered, and no text is sent whose bytes the printer might
read differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PIL import Image

INITIALISE = b"\x1b@"
"""ESC @"""
MOTION_UNITS_203 = b"\x1dP\xcb\xcb"
"""GS P: one feed unit is one dot of a 203 dpi head; Epson's own default is finer."""
CHINESE_ON = b"\x1c&"
"""FS &: what follows above 0x7F are two bytes of a character."""
CUT = b"\x1dVB\x00"
"""GS V 66 0: feed to the knife, then a partial cut."""
ALIGN = {"left": b"\x1ba\x00", "centre": b"\x1ba\x01", "right": b"\x1ba\x02"}
"""ESC a"""
NORMAL, DOUBLE = b"\x1d!\x00", b"\x1d!\x11"
"""GS !: single, and double width and height, for Latin and Chinese alike."""
BOLD_ON, BOLD_OFF = b"\x1bE\x01", b"\x1bE\x00"
"""ESC E"""
REVERSE_ON, REVERSE_OFF = b"\x1dB\x01", b"\x1dB\x00"
"""GS B: white on black."""

BAND_ROWS = 128
"""A clone's picture buffer holds at least this many rows of 576 dots."""
GAP_ROWS = 2
"""White rows from which feeding is shorter than sending."""
MOST_FEED = 255


def picture(image: Image.Image) -> bytes:
    """A one-bit picture (255 = white) as bands from the left edge; the paper ends up below it."""
    across = (image.width + 7) // 8
    inked = bytes(octet ^ 0xFF for octet in _packed(image))
    rows = [inked[start : start + across] for start in range(0, len(inked), across)]
    return b"".join(_bands(rows))


def _packed(image: Image.Image) -> bytes:
    if image.mode != "1":
        raise ValueError(f"a thermal picture has one bit per dot, not mode {image.mode}")
    width = (image.width + 7) // 8 * 8
    if width != image.width:
        whole = Image.new("1", (width, image.height), 255)
        whole.paste(image)
        image = whole
    return image.tobytes()


def _bands(rows: list[bytes]) -> Iterator[bytes]:
    y = 0
    while y < len(rows):
        if not any(rows[y]):
            end = _end_of_white(rows, y)
            yield feed(end - y)
        else:
            end = _end_of_band(rows, y)
            yield _band(rows[y:end])
        y = end


def _end_of_white(rows: list[bytes], y: int) -> int:
    while y < len(rows) and not any(rows[y]):
        y += 1
    return y


def _end_of_band(rows: list[bytes], y: int) -> int:
    """The band ends where GAP_ROWS white rows begin, or when it is full."""
    last, end = y, min(y + BAND_ROWS, len(rows))
    for index in range(y, end):
        if any(rows[index]):
            last = index
        elif index - last >= GAP_ROWS:
            break
    return last + 1


def _band(rows: list[bytes]) -> bytes:
    """GS v 0 m xL xH yL yH d1…dk"""
    across = max(len(row.rstrip(b"\x00")) for row in rows)
    size = across.to_bytes(2, "little") + len(rows).to_bytes(2, "little")
    return b"\x1dv0\x00" + size + b"".join(row[:across] for row in rows)


def feed(dots: int) -> bytes:
    """ESC J: feed by dots."""
    full, rest = divmod(dots, MOST_FEED)
    return b"\x1bJ\xff" * full + (b"\x1bJ" + bytes([rest]) if rest else b"")


def in_rom(text: str, charset: str) -> bool:
    """Whether every character is in the printer's Chinese ROM (``gb2312``, ``gbk`` or ``gb18030``)."""
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def line(text: str, charset: str) -> bytes:
    """One line of text in the ROM's code. Raises UnicodeEncodeError when :func:`in_rom` was not asked first."""
    return text.encode(charset) + b"\n"


def strip(parts: Iterable[bytes], *, cuts: bool, motion_units: bool) -> bytes:
    """One strip of paper: reset, contents, cut (or a feed past the tear bar)."""
    start = INITIALISE + (MOTION_UNITS_203 if motion_units else b"") + CHINESE_ON
    return b"".join([start, *parts, CUT if cuts else feed(160)])
