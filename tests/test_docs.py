"""The documents tell of the program as it is: code they name exists, commands they show are understood."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import time
import tomllib
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inspector_app import bootstrap, config
from inspector_app.__main__ import _parser
from inspector_app.domain.sentences import Sentences
from tests.source_tree import ROOT
from ui.places import SIGNS

ARCHITECTURE = ROOT / "docs" / "architecture.md"
NAMED = re.compile(r"`((?:[a-z_]+/)*[a-z_]+\.(?:py|toml|md))(?::([A-Za-z_]+))?(?:\(|`)")
FOLDER = re.compile(r"`((?:[a-z_]+/)+)`")


def module_path(name: str) -> Path:
    """A path as the document writes it: from the root, or from ``inspector_app``; a module may be a folder."""
    package = f"{name.removesuffix('.py')}/__init__.py"
    places = [ROOT / name, ROOT / "inspector_app" / name, ROOT / package, ROOT / "inspector_app" / package]
    return next((place for place in places if place.exists()), places[0])


def top_level_names(path: Path) -> set[str]:
    """What a module defines or imports at its top level."""
    found: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def named_code(text: str) -> list[tuple[str, str]]:
    """Every (file, name) a document mentions; the name is "" where only the file is."""
    return sorted({(match[1], match[2] or "") for match in NAMED.finditer(text)})


def missing_code(text: str) -> list[str]:
    """Files and names a document mentions that do not exist."""
    lost = []
    for file, name in named_code(text):
        path = module_path(file)
        if not path.exists():
            lost.append(file)
        elif name and path.suffix == ".py" and name not in top_level_names(path):
            lost.append(f"{file}:{name}")
    return lost


def test_architecture_names_only_code_that_exists() -> None:
    text = ARCHITECTURE.read_text("utf-8")
    assert len(named_code(text)) > 60
    assert not missing_code(text)


def test_architecture_names_only_folders_that_exist() -> None:
    folders = {match[1] for match in FOLDER.finditer(ARCHITECTURE.read_text("utf-8"))}
    assert "journal/" in folders
    assert not [folder for folder in folders if not module_path(folder).is_dir()]


@pytest.mark.parametrize(
    "text", ["`services/issuing.py:issue_nothing`", "`services/no_such_thing.py`", "`resources/forms/no_form.toml`"]
)
def test_code_that_does_not_exist_is_noticed(text: str) -> None:
    assert missing_code(text)


# --- the handbook's commands -----------------------------------------------------------------------------------------

HANDBOOKS = [ROOT / "docs" / "handbook.zh-CN.md", ROOT / "docs" / "handbook.en.md"]
IN_LANGUAGE = list(zip(HANDBOOKS, ("zh", "en"), strict=True))
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
FILE = re.compile(r"`([a-z-]+\.json)`[^\n]*\n+```json\n(.*?)```", re.DOTALL)
EXIT_CODE = re.compile(r"\s+# (?:退出码|exit code) (\d)$")
NEAR_MIDNIGHT_S = 900


def commands(text: str) -> list[str]:
    """The lines a reader types, in order; one that says its exit code must end with it."""
    typed = [line[2:] for block in CONSOLE.findall(text) for line in block.splitlines() if line.startswith("$ ")]
    return [_expecting(line) for line in typed]


def _expecting(line: str) -> str:
    said = EXIT_CODE.search(line)
    return f"{line[: said.start()]} || [ $? -eq {said[1]} ]" if said else line


def run_handbook(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Type everything a handbook says into one shell, in an empty folder, with ``inspector`` on the path."""
    for name, content in FILE.findall(text):
        (folder / name).write_text(content, "utf-8")
    program = folder / "bin" / "inspector"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m inspector_app "$@"\n', "utf-8")
    program.chmod(0o755)
    stop = 'trap \'[ -z "${SERVER:-}" ] || kill "$SERVER" 2>/dev/null || true\' EXIT'
    script = "\n".join(["set -eu", stop, *commands(text), "trap - EXIT", "echo the end"])
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("INSPECTOR", "DJANGO"))}
    surroundings |= {"PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, env=surroundings, capture_output=True, text=True, timeout=280, check=False
    )


@pytest.mark.timeout(600)
def test_every_command_of_the_handbook_does_what_it_says(tmp_path: Path) -> None:
    text = HANDBOOKS[0].read_text("utf-8")  # the other shows the same: test_both_handbooks_show_the_same_commands
    assert len(commands(text)) > 30
    done = run_handbook(text, tmp_path)
    if done.returncode and _near_midnight():  # certificate B ends with the day: typed over midnight, it is refused
        again = tmp_path / "again"
        again.mkdir()
        done = run_handbook(text, again)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert done.stdout.endswith("the end\n")


def _near_midnight() -> bool:
    second = int(time.time() + 8 * 3600) % 86_400
    return second < NEAR_MIDNIGHT_S or second > 86_400 - NEAR_MIDNIGHT_S


def test_a_command_that_fails_is_noticed(tmp_path: Path) -> None:
    text = "```console\n$ inspector verify nothing.pdf --trust nothing.trust   # exit code 3\n$ inspector no-such\n```"
    done = run_handbook(text, tmp_path)
    assert done.returncode == 2
    assert "no-such" in done.stderr


# --- the handbooks and the program -----------------------------------------------------------------------------------

NOT_FOR_STATIONS = {"practice-province"}
SAID_OTHERWISE = ("合格", "passed")
"""Quoted in the handbook, and on the screen inside longer words."""
COMMAND = re.compile(r"`(?:inspector )?([a-z]+(?:-[a-z]+)*)(?: [^`]*)?`")
PLACE = re.compile(r"\*\*([^*]+)\*\*")


def offered_commands() -> set[str]:
    """Every command the parser knows, without those that another program of ours answers."""
    return set(subparsers()) - NOT_FOR_STATIONS


def subparsers() -> dict[str, ArgumentParser]:
    """The parser of each command."""
    return next(dict(action.choices) for action in _parser()._actions if isinstance(action.choices, dict))


def options_of(parser: ArgumentParser) -> set[str]:
    """The options of a command and of its steps."""
    below = (action.choices for action in parser._actions if isinstance(action.choices, dict))
    steps = [step for choices in below for step in choices.values() if isinstance(step, ArgumentParser)]
    return set(parser._option_string_actions).union(*map(options_of, steps))


@pytest.mark.parametrize("path", HANDBOOKS, ids=lambda path: path.name)
def test_the_table_of_commands_is_complete(path: Path) -> None:
    table = path.read_text("utf-8").partition("### 7.2")[2].partition("### 7.3")[0]
    shown = {match[1] for match in COMMAND.finditer(table)}
    assert not offered_commands() - shown - {"demo", "simulate"}
    assert not {name for name in shown if "-" in name} - offered_commands()


def test_both_handbooks_show_the_same_commands() -> None:
    files = [FILE.findall(path.read_text("utf-8")) for path in HANDBOOKS]
    assert files[0] == files[1]
    zh, en = (commands(path.read_text("utf-8")) for path in HANDBOOKS)
    same = {'I="inspector --lang zh --passphrase-file passphrase"': 'I="inspector --passphrase-file passphrase"'}
    assert [same.get(line, line).replace("一号机", "one") for line in zh] == en


@pytest.mark.parametrize("path", HANDBOOKS, ids=lambda path: path.name)
def test_both_handbooks_have_the_same_chapters(path: Path) -> None:
    numbered = [re.findall(r"^#+ ([0-9.]+)", book.read_text("utf-8"), re.MULTILINE) for book in (path, HANDBOOKS[0])]
    assert numbered[0] == numbered[1]


def labels() -> dict[str, Any]:
    """The labels of the screens, as one tree."""
    files = [tomllib.loads(config.read_resource(f"i18n/{name}.toml").decode("utf-8")) for name in ("pages", "ui")]
    return files[0] | files[1]


def said_on_screen(tree: dict[str, Any], lang: str) -> Iterator[str]:
    """Every label of one language."""
    for value in tree.values():
        if isinstance(value, dict):
            yield from said_on_screen(value, lang)
    if isinstance(tree.get(lang), str):
        yield tree[lang]


@pytest.mark.parametrize(("path", "lang"), IN_LANGUAGE, ids=("zh", "en"))
def test_pages_are_named_as_they_name_themselves(path: Path, lang: str) -> None:
    names = {place[lang] for place in labels()["place"].values()}
    assert len(set(PLACE.findall(path.read_text("utf-8"))) & names) >= 10


@pytest.mark.parametrize(("path", "lang"), IN_LANGUAGE, ids=("zh", "en"))
def test_keys_lead_where_the_handbook_says(path: Path, lang: str) -> None:
    shown = re.findall(r"^\| (F\d+|Ctrl\+\S+) \| ([^|]+) \|$", path.read_text("utf-8"), re.MULTILINE)
    named = {sign.keys: labels()["place"][place.value][lang] for place, sign in SIGNS.items() if sign.keys}
    assert dict(shown) == named


@pytest.mark.parametrize(
    ("path", "lang", "quoted"),
    [(HANDBOOKS[0], "zh", re.compile("“([^”]+)”")), (HANDBOOKS[1], "en", re.compile('"([^"]+)"'))],
    ids=("zh", "en"),
)
def test_buttons_bear_the_words_the_handbook_quotes(path: Path, lang: str, quoted: re.Pattern[str]) -> None:
    day = re.sub("`[^`]*`", "", path.read_text("utf-8").partition("## 2.")[2].partition("## 3.")[0])
    reasons = (row.name(lang) for row in bootstrap.catalogue().records("reason"))
    labelled = (re.sub(r"\{n\}|\{number\}", "…", label) for label in said_on_screen(labels(), lang))
    known = {words.casefold() for words in (*labelled, *reasons, *SAID_OTHERWISE)}
    asked = [words.replace("2", "…").rstrip("，,.").casefold() for words in quoted.findall(day)]
    assert len(asked) >= 15
    assert not sorted(set(asked) - known)


@pytest.mark.parametrize("path", HANDBOOKS, ids=lambda path: path.name)
def test_the_commands_of_the_province_are_all_there(path: Path) -> None:
    table = path.read_text("utf-8").partition("### 5.3")[2].partition("### 5.4")[0]
    shown = {name for row in re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE) for name in first_words(row)}
    offered = subprocess.run(
        [sys.executable, "-m", "inspector_app", "province", "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    ).stdout
    assert shown == set(re.findall(r"^    ([a-z-]+)(?:  |$)", offered, re.MULTILINE))


def first_words(row: str) -> list[str]:
    """The commands of one row: ``province init`` · ``migrate`` → init, migrate."""
    return [span.removeprefix("province ").split()[0] for span in re.findall("`([^`]+)`", row)]


@pytest.mark.parametrize("path", HANDBOOKS, ids=lambda path: path.name)
def test_the_pages_of_the_province_are_where_the_handbook_says(path: Path) -> None:
    served = re.findall(r'path\("([a-z]+/)"', (ROOT / "province" / "urls.py").read_text("utf-8"))
    assert {f"/{place}" for place in served} == set(re.findall(r"`(/[a-z]+/)`", path.read_text("utf-8")))


@pytest.mark.parametrize("path", HANDBOOKS, ids=lambda path: path.name)
def test_every_option_in_the_table_of_commands_exists(path: Path) -> None:
    table = path.read_text("utf-8").partition("### 7.2")[2].partition("### 7.3")[0]
    offered = subparsers()
    for span in re.findall(r"`([^`]+)`", table):
        name = span.removeprefix("inspector").split()[0] if span.removeprefix("inspector").split() else ""
        known = options_of(offered[name]) if name in offered else set()
        assert name not in offered or set(re.findall(r"--[a-z-]+", span)) <= known, span


@pytest.mark.parametrize("path", HANDBOOKS, ids=lambda path: path.name)
def test_every_number_of_a_message_lies_in_a_range_of_the_handbook(path: Path) -> None:
    table = path.read_text("utf-8").partition("### 7.3")[2]
    hundreds: set[int] = set()
    for row in re.findall(r"^\| YJ-([^|]+)\|", table, re.MULTILINE):
        for part in row.split("·"):
            ends = [int(end) for end in re.findall(r"(\d\d)xx", part)]
            hundreds |= set(range(ends[0], ends[-1] + 1))
    names = config.resource_names("i18n", ".toml")
    sentences = Sentences.parse(config.read_resource(name).decode("utf-8") for name in names)
    assert not sorted({entry.no for _family, _code, entry in sentences.entries() if entry.no // 100 not in hundreds})
