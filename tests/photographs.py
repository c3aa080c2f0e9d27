"""Pictures as a camera makes them, for tests: noise enough to be large, or a page of print, with EXIF where asked."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw, ImageFont

ORIENTATION, MAKER, OWNER, GPS = 0x0112, 0x010F, 0xA430, 0x8825


def photograph(
    width: int = 320, height: int = 240, *, seed: int = 1, noise: int = 40, kind: str = "JPEG", orientation: int = 0
) -> bytes:
    """A picture whose left upper quarter is red; ``orientation`` as in EXIF, and with it place and owner."""
    dice = random.Random(seed)
    grain = Image.frombytes("L", (width, height), dice.randbytes(width * height)).point(lambda v: v * noise // 255)
    picture = Image.merge("RGB", (grain, grain, grain))
    picture.paste((255, 0, 0), (0, 0, width // 2, height // 2))
    return _written(picture, kind, orientation)


def page(text: str, *, width: int = 3000, height: int = 4000) -> bytes:
    """A photographed page of print: lines of text over the paper's grain."""
    dice = random.Random(7)
    grain = Image.frombytes("L", (width // 4, height // 4), dice.randbytes(width * height // 16))
    paper = grain.point(lambda v: 225 + v // 16).resize((width, height), Image.Resampling.BICUBIC).convert("RGB")
    draw, font = ImageDraw.Draw(paper), ImageFont.load_default(size=height / 80)
    for line in range(60):
        draw.text((width / 12, height / 40 + line * height / 66), f"{line:02d} {text}", fill=(30, 30, 40), font=font)
    return _written(paper, "JPEG", 0)


def _written(picture: Image.Image, kind: str, orientation: int) -> bytes:
    made = io.BytesIO()
    exif = Image.Exif()
    if orientation:
        exif[ORIENTATION], exif[MAKER] = orientation, "the camera of Lu Qinghe"
        exif.get_ifd(GPS)[1] = "N"
    if kind == "JPEG":
        picture.save(made, kind, quality=92, exif=exif, comment=b"a secret remark" if orientation else b"")
    else:
        picture.save(made, kind, exif=exif)
    return made.getvalue()
