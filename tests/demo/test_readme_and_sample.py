"""The front door: what the README points at exists, what it tells to type is understood, and the sample is whole."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.source_tree import ROOT

READMES = ("README.md", "README.zh-CN.md", "docs/sample/README.md")
SAMPLE = ROOT / "docs" / "sample"


def run_py() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["run"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", READMES)
def test_everything_it_links_or_shows_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target]
    missing = [target for target in targets if not ((ROOT / name).parent / target).exists()]
    assert targets
    assert not missing


@pytest.mark.parametrize("name", READMES[:2])
def test_every_command_it_tells_is_understood(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    blocks = re.findall(r"```\n(python3 .*?)\n```", text)
    assert len(blocks) == 3
    parse = run_py().parse
    verbs = [parse(line.split()[2:])[0].verb for line in blocks]
    assert verbs == ["demo", "start", "test"]


@pytest.mark.parametrize("name", READMES[:2])
def test_it_says_what_has_not_been_run(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for word in ("Windows", "SPECIMEN", "practice:genuine"):
        assert word in text
    assert ("WeChat" in text) or ("微信" in text)


@pytest.mark.parametrize(
    ("name", "folder", "windows", "first_number"),
    [
        ("README.md", "every **printer is a folder**", "**has not been run on Windows yet**", "| A 9900000001 |"),
        ("README.zh-CN.md", "**打印机是文件夹**", "**尚未在 Windows 上运行过**", "| A 9900000001 |"),
    ],
)
def test_what_is_played_and_what_was_never_run_is_said_before_the_numbers(
    name: str, folder: str, windows: str, first_number: str
) -> None:
    before = (ROOT / name).read_text("utf-8").partition(first_number)[0]
    assert folder in before
    assert windows in before


@pytest.mark.parametrize("name", READMES[:2])
def test_the_sample_is_linked_by_its_page_and_every_number_by_its_truck(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert "](docs/sample/)" not in text
    assert text.count("](docs/sample/index.html)") == 2
    rows = re.findall(r"^\| [AB] 990000000\d \|.*→.*(?:Su |苏)K(\w{5}).* \|$", text, re.MULTILINE)
    assert len(set(rows)) == 8


def test_an_unknown_verb_in_a_readme_would_be_noticed() -> None:
    with pytest.raises(SystemExit):
        run_py().parse(["demonstrate"])


def test_the_sample_page_is_whole() -> None:
    page = (SAMPLE / "index.html").read_text("utf-8")
    outer = re.sub(r'srcdoc="[^"]*"', "", page)
    missing = [
        target for target in re.findall(r'href="([^"#]+)"', outer) if not (SAMPLE / target.partition("#")[0]).exists()
    ]
    assert not missing
    assert "<script" not in page
    assert len(re.findall(r'class="no">', page)) >= 8


def test_the_sample_holds_the_papers_its_summary_names() -> None:
    lines = json.loads((SAMPLE / "summary.json").read_text("utf-8"))["certificates"]
    assert len(lines) == 8
    for line in lines:
        assert (SAMPLE / line["pdf"]).is_file()
        assert line["ticket"] is None or (SAMPLE / line["ticket"]).is_file()


def test_the_sample_holds_no_home_and_no_passphrase() -> None:
    names = {path.name for path in SAMPLE.rglob("*")}
    assert not names & {"home", "desk", "province", "passphrase.txt", "journal.db", "root.key"}


def test_both_readmes_have_the_same_chapters() -> None:
    counts = [len(re.findall(r"^## ", Path(ROOT / name).read_text("utf-8"), re.MULTILINE)) for name in READMES[:2]]
    assert counts[0] == counts[1] >= 8
