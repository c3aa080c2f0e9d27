"""Makes ``resources/pinyin/readings.txt``: every reading of each of the 8105 characters, for searching by pinyin.

Run as ``python -m build_spec.readings`` with pypinyin installed; the same version gives the same bytes.
"""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

from pypinyin import Style, pinyin

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
HEAD = """\
# Readings of the 8105 characters of 通用规范汉字表 without tones, all of them, the commonest first.
# Source: pypinyin {version} (MIT licence, https://pypi.org/project/pypinyin/). Made by build_spec/readings.py.
"""


def main() -> None:
    """Write the file."""
    table = (RESOURCES / "fonts" / "tgh8105.txt").read_text("utf-8")
    characters = [line.split()[1] for line in table.splitlines() if line and not line.startswith("#")]
    lines = [f"{one} {'|'.join(readings(one))}" for one in characters if readings(one)]
    head = HEAD.format(version=importlib.metadata.version("pypinyin"))
    (RESOURCES / "pinyin" / "readings.txt").write_text(head + "\n".join(lines) + "\n", "utf-8")


def readings(character: str) -> list[str]:
    """The syllables of one character in ASCII (ü as v), without tones and without repetition."""
    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    syllables = (one.replace("ü", "v").replace("ê", "e") for one in (found[0] if found else []))
    return list(dict.fromkeys(one for one in syllables if one.isascii() and one.isalpha()))


if __name__ == "__main__":
    main()
