"""The shipped fonts draw every character a certificate may carry."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parents[2] / "resources" / "fonts"
SERIF = ("NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf")
EVERYDAY = (*SERIF, "NotoSansSC-Regular.ttf", "NotoSansSC-Medium.ttf", "NotoSansSC-Bold.ttf")
RARE = ("NotoSerifSC-Rare.ttf", "HanaMinB-subset.ttf")


@cache
def characters(name: str) -> frozenset[int]:
    with TTFont(FONTS / name, lazy=True) as font:
        return frozenset(font.getBestCmap())


def standard_table() -> list[str]:
    lines = (FONTS / "tgh8105.txt").read_text("utf-8").splitlines()
    rows = [line.split(" ") for line in lines if not line.startswith("#")]
    assert [int(place) for place, _ in rows] == list(range(1, 8106))
    return [character for _, character in rows]


def test_standard_table_has_8105_characters_and_196_beyond_the_bmp() -> None:
    table = standard_table()
    assert len(set(table)) == 8105
    assert sum(ord(character) > 0xFFFF for character in table) == 196


@pytest.mark.parametrize("name", EVERYDAY)
def test_everyday_font_draws_the_whole_standard_table(name: str) -> None:
    assert [c for c in standard_table() if ord(c) not in characters(name)] == []


@pytest.mark.parametrize("name", EVERYDAY)
@pytest.mark.parametrize(
    "text",
    [
        "壹贰叁肆伍陆柒捌玖拾佰仟万亿零点尾只粒株羽千克",
        "○〇·℃№✓□（）／：；，。、《》「」…—％",
        "ABCXYZabcxyz0123456789 /-:.,()#@",
        "练习·SPECIMEN 作废 便携式动物检疫合格证明（动物B）",
        "𬀩㛃鿎",
    ],
)
def test_everyday_font_draws_what_forms_print(name: str, text: str) -> None:
    assert [c for c in text if ord(c) not in characters(name)] == []


@pytest.mark.parametrize("name", [*EVERYDAY, *RARE])
def test_outlines_are_truetype_and_embeddable(name: str) -> None:
    with TTFont(FONTS / name, lazy=True) as font:
        assert "glyf" in font
        assert "CFF " not in font
        assert font["OS/2"].fsType == 0


def test_serif_with_its_rare_part_covers_level_one() -> None:
    both = characters(SERIF[0]) | characters(RARE[0])
    level_one = [*range(0x3400, 0x4DB6), *range(0x4E00, 0x9FF0)]
    assert [hex(point) for point in level_one if point not in both] == []


def test_a_rare_name_character_is_drawn_only_by_the_last_font() -> None:
    assert ord("𠮷") in characters(RARE[1])
    assert ord("𠮷") not in characters(SERIF[0]) | characters(RARE[0])


@pytest.mark.parametrize("missing", ["😀", "☑", chr(0x30EDE)])
def test_a_character_no_font_draws_is_absent_everywhere(missing: str) -> None:
    assert all(ord(missing) not in characters(name) for name in (*EVERYDAY, *RARE))


@pytest.mark.parametrize(
    ("name", "character"),
    [
        (SERIF[0], "鳜"),
        (SERIF[1], "𬀩"),
        (EVERYDAY[2], "㛃"),
        (RARE[0], "㐀"),
        (RARE[1], "𠮷"),
    ],
)
def test_a_covered_character_has_an_outline(name: str, character: str) -> None:
    with TTFont(FONTS / name, lazy=True) as font:
        glyphs = font.getGlyphSet()
        pen = BoundsPen(glyphs)
        glyphs[font.getBestCmap()[ord(character)]].draw(pen)
        assert pen.bounds is not None


def test_rare_fonts_do_not_share_a_family_with_the_everyday_font() -> None:
    families = []
    for name in (SERIF[0], *RARE):
        with TTFont(FONTS / name, lazy=True) as font:
            families.append(font["name"].getDebugName(1))
    assert len(set(families)) == 3


def test_readme_states_the_hash_of_every_shipped_file() -> None:
    stated = dict(re.findall(r"^([0-9a-f]{64})  (\S+)$", (FONTS / "README.md").read_text("utf-8"), re.MULTILINE))
    stated = {name: digest for digest, name in stated.items()}
    real = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in [*FONTS.glob("*.ttf"), FONTS / "tgh8105.txt"]}
    assert stated == real


@pytest.mark.parametrize(
    "name", ["LICENSE-NotoSerifSC.txt", "LICENSE-NotoSansSC.txt", "LICENSE-HanaMinB.txt", "LICENSE-Unicode.txt"]
)
def test_a_licence_text_lies_beside_the_fonts(name: str) -> None:
    assert len((FONTS / name).read_text("utf-8")) > 500
