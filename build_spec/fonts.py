"""Make the fonts in `resources/fonts` from their published packages.

The certificate must draw every character of the national table of standard characters (通用规范汉字表, 8105
characters) and of GB 18030-2022 levels 1 and 2, and nearly all characters found in personal and place names.
Whole fonts would cost 90 MB in the tree and 40–220 ms at each start, so they are cut into

* the *everyday* sets (GB 2312, the 8105 table, Latin, symbols), loaded always;
* `NotoSerifSC-Rare.ttf`, the rest of level 1 (URO and Extension A), loaded when a character needs it;
* `HanaMinB-subset.ttf`, characters of Extensions B–F that have a reading or a modern source, likewise.

Run (needs fontTools; sources are listed in resources/fonts/README.md)::

    npm install @expo-google-fonts/noto-serif-sc@0.4.3 @expo-google-fonts/noto-sans-sc
    apt-get download fonts-hanazono unicode-data      # then: dpkg -x FILE DIR
    python build_spec/fonts.py --npm node_modules --debian DIR --out resources/fonts

The same sources and fontTools give the same bytes: time stamps come from the source fonts.
"""

from __future__ import annotations

import argparse
import bz2
import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HISTORICAL_SOURCES = {"GKX", "GHZ"}
"""G-sources that are dictionaries of the past only: Kangxi and 漢語大字典."""

LEVEL_ONE_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
"""Extension A, the unified block, compatibility ideographs."""

EXTRA_RARE = {0x20BB7}
"""𠮷 has neither a mainland source nor a reading in Unihan, yet people are called so."""

PINYIN_LETTERS = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüêḿńňǹ"


@dataclass(frozen=True)
class Cut:
    """One shipped font: the file to write, its source, the characters, and a new family name if it needs one."""

    name: str
    source: Path
    characters: frozenset[int]
    family: str | None = None


def unihan(debian: Path, wanted: set[str]) -> Iterator[tuple[int, str, str]]:
    """Yield (code point, property, value) of the wanted Unihan properties."""
    for path in sorted((debian / "usr/share/unicode").glob("Unihan_*.txt.bz2")):
        with bz2.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("U+"):
                    point, key, value = line.rstrip("\n").split("\t")
                    if key in wanted:
                        yield int(point.removeprefix("U+"), 16), key, value


def read_sources(debian: Path) -> tuple[dict[int, int], set[int]]:
    """Return {character: place in the 8105 table}, and the characters beyond the BMP that names may need."""
    table: dict[int, int] = {}
    rare = set(EXTRA_RARE)
    for point, key, value in unihan(debian, {"kTGH", "kIRG_GSource", "kMandarin"}):
        if key == "kTGH":
            table[point] = int(value.split(":")[1])
        elif point > 0xFFFF and (key == "kMandarin" or value.split("-")[0] not in HISTORICAL_SOURCES):
            rare.add(point)
    return table, rare


def gb2312() -> set[int]:
    """All characters of GB 2312-1980: 6763 hanzi, and rows 1–9 (punctuation, units, ○ № ℃, Greek, tables)."""
    points = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                points.add(ord(bytes((row, cell)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return points


def symbols() -> set[int]:
    """Latin, pinyin, punctuation, arrows, marks, CJK punctuation and full-width forms."""
    ranges = (
        (0x20, 0x7F),
        (0xA0, 0x180),
        (0x2000, 0x2070),
        (0x2070, 0x2300),
        (0x2460, 0x2800),
        (0x3000, 0x3040),
        (0x3200, 0x3400),
        (0xFE30, 0xFE50),
        (0xFF00, 0xFFF0),
    )
    return {point for low, high in ranges for point in range(low, high)} | set(map(ord, PINYIN_LETTERS))


def cuts(npm: Path, debian: Path) -> tuple[list[Cut], dict[int, int]]:
    """Say which fonts to write, and return the 8105 table beside."""
    table, rare = read_sources(debian)
    everyday = frozenset(gb2312() | symbols() | set(table))
    families = npm / "@expo-google-fonts"
    serif = families / "noto-serif-sc"
    sans = families / "noto-sans-sc"
    hanazono = debian / "usr/share/fonts/truetype/hanazono/HanaMinB.ttf"
    rest = frozenset(point for low, high in LEVEL_ONE_BLOCKS for point in range(low, high)) - everyday
    return [
        Cut("NotoSerifSC-Regular.ttf", serif / "400Regular/NotoSerifSC_400Regular.ttf", everyday),
        Cut("NotoSerifSC-Bold.ttf", serif / "700Bold/NotoSerifSC_700Bold.ttf", everyday),
        Cut("NotoSansSC-Regular.ttf", sans / "400Regular/NotoSansSC_400Regular.ttf", everyday),
        Cut("NotoSansSC-Medium.ttf", sans / "500Medium/NotoSansSC_500Medium.ttf", everyday),
        Cut("NotoSansSC-Bold.ttf", sans / "700Bold/NotoSansSC_700Bold.ttf", everyday),
        Cut("NotoSerifSC-Rare.ttf", serif / "400Regular/NotoSerifSC_400Regular.ttf", rest, "Noto Serif SC Rare"),
        Cut("HanaMinB-subset.ttf", hanazono, frozenset(rare), "HanaMinB Subset"),
    ], table


def rename(font: TTFont, family: str) -> None:
    """Give a cut its own family, so that it never shadows the font it was cut from."""
    compact = family.replace(" ", "")
    for record in list(font["name"].names):
        replacement = {1: family, 3: compact, 4: family, 6: compact, 16: family}.get(record.nameID)
        if replacement is not None:
            font["name"].setName(replacement, record.nameID, record.platformID, record.platEncID, record.langID)


def write_cut(cut: Cut, out: Path) -> None:
    """Write one subset: outlines and kerning only, no hinting, no variants; the source's own time stamp."""
    options = subset.Options()
    options.layout_features = ["kern"]
    options.hinting = False
    options.notdef_outline = True
    options.glyph_names = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.drop_tables += ["FFTM", "BASE", "STAT", "vhea", "vmtx"]
    font = TTFont(cut.source, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=cut.characters & set(font.getBestCmap()))
    subsetter.subset(font)
    if cut.family is not None:
        rename(font, cut.family)
    font.save(out / cut.name)


def write_table(table: dict[int, int], out: Path) -> None:
    """Write the 8105 table, one `number character` per line: 1–3500 level 1, –6500 level 2, –8105 level 3."""
    lines = [
        "# 通用规范汉字表 (国发〔2013〕23号), 8105 characters in the order of the table.",
        "# Source: Unihan 15.0.0 kTGH (Debian package unicode-data 15.0.0-1), Unicode licence; see README.md.",
        "# 1-3500 level 1, 3501-6500 level 2, 6501-8105 level 3.",
    ]
    lines += [f"{place:04d} {chr(point)}" for point, place in sorted(table.items(), key=lambda item: item[1])]
    (out / "tgh8105.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Write all fonts and print size, SHA-256 and name of each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--npm", type=Path, required=True, help="a node_modules folder")
    parser.add_argument("--debian", type=Path, required=True, help="where the two Debian packages were unpacked")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    wanted, table = cuts(arguments.npm, arguments.debian)
    write_table(table, arguments.out)
    for cut in wanted:
        write_cut(cut, arguments.out)
        data = (arguments.out / cut.name).read_bytes()
        print(f"{len(data) / 1e6:6.2f} MB  {hashlib.sha256(data).hexdigest()}  {cut.name}")


if __name__ == "__main__":
    main()
