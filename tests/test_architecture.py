"""Who may import whom, and what is never called (DESIGN 2.1): each failure says why, and what to write instead."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import source_tree
from tests.source_tree import ROOT, Module, is_within

# --- the table of DESIGN 2.1 ----------------------------------------------------------------------------------------

RECORDS = ("msgspec", "cbor2")
DJANGO = ("django", "psycopg", "waitress", "gunicorn", "whitenoise")
PAPER = ("reportlab", "pikepdf", "pypdfium2", "qrcode", "zxingcpp", "escpos", "PIL", "serial", "win32print", "win32ui")
FOUNDATION = ("inspector_app.clock", "inspector_app.config", "inspector_app.errors")
STATION = tuple(
    f"inspector_app.{name}" for name in ("domain", "ports", "suites", "journal", "vault", "store", "services")
)


class Row(NamedTuple):
    """What one package may import: first-party prefixes and third-party packages (None: everything)."""

    own: tuple[str, ...]
    libraries: tuple[str, ...] | None = RECORDS


def _station(*names: str) -> tuple[str, ...]:
    return (*FOUNDATION, *(f"inspector_app.{name}" for name in names))


ROWS = {
    "inspector_app.clock": Row((), ()),
    "inspector_app.config": Row((), ()),
    "inspector_app.errors": Row((), ()),
    "inspector_app.domain": Row(("inspector_app.domain",)),
    "inspector_app.ports": Row(_station("ports", "domain")),
    "inspector_app.suites": Row(_station("suites", "domain"), (*RECORDS, "cryptography")),
    "inspector_app.journal": Row(_station("journal", "domain", "suites")),
    "inspector_app.vault": Row(_station("vault", "domain", "ports", "suites")),
    # suites: the store encrypts attachments, and only suites may touch cryptography (decision 0001)
    "inspector_app.store": Row(_station("store", "domain", "journal", "ports", "suites"), (*RECORDS, "sqlcipher3")),
    "inspector_app.services": Row((*FOUNDATION, *STATION)),
    # one module meets the hostile file (decision 0061)
    "inspector_app.services.workbook": Row((*FOUNDATION, *STATION), (*RECORDS, "openpyxl")),
    # and one the hostile picture (decision 0086)
    "inspector_app.services.pictures": Row((*FOUNDATION, *STATION), (*RECORDS, "PIL")),
    "sync": Row((*_station("domain", "journal", "ports", "suites"), "sync"), (*RECORDS, "zstandard")),
    "sync.transport": Row(
        (*_station("domain", "journal", "ports", "suites"), "sync"), (*RECORDS, "zstandard", "requests")
    ),
    "printing": Row((*_station("domain", "ports"), "printing"), (*RECORDS, *PAPER)),
    "province": Row(
        (
            *_station("domain", "journal", "ports", "suites"),
            *("province", "sync.protocol", "sync.frames", "printing.layout", "printing.pdf", "printing.letters"),
        ),
        (*RECORDS, *DJANGO),
    ),
    "ui": Row((*_station("domain", "services"), "ui"), ("PySide6",)),
    "simulation": Row(("inspector_app", "sync", "printing", "province", "simulation"), (*RECORDS, *DJANGO)),
    **{
        f"inspector_app.{name}": Row(("inspector_app", "sync", "printing", "ui", "province", "simulation"), None)
        for name in ("practice", "demo", "surroundings")
    },
    "inspector_app.bootstrap": Row(("inspector_app", "sync", "printing", "ui", "province", "simulation"), None),
    "inspector_app.commands": Row(("inspector_app", "sync", "printing", "ui", "province", "simulation"), None),
    "inspector_app.__main__": Row(("inspector_app", "sync", "printing", "ui", "province", "simulation"), None),
}
UNRULED = ("tests", "benchmarks", "build_spec", "run")  # they measure, build and try the product; nothing imports them
OWN = ("inspector_app", "sync", "printing", "ui", "province", "simulation", *UNRULED)

# --- what is never called -------------------------------------------------------------------------------------------


class Ban(NamedTuple):
    """Dotted names (and all below them) that only the places in ``except_in`` may use; tests and tools are free."""

    dotted: tuple[str, ...]
    reason: str
    instead: str
    except_in: tuple[str, ...] = ()
    everywhere: bool = False


def _qt(*names: str) -> tuple[str, ...]:
    return tuple(f"PySide6.{name}" for name in names)


# These implement the clock and the ports, for the station and for the province, which may not import bootstrap.
CLOCKWORK = ("inspector_app.clock", "inspector_app.bootstrap", "province.chance")
CLOCK = "inspector_app.clock (a Clock is passed in; legal_date, day_start and moment_text turn its readings into dates)"
READS_TIME = "the simulated world could not move this clock, and a replay would differ"
NO_SEED = "a seed could not replay this"
CHANCE = "inspector_app.ports.Random, passed in"
SPEAKING = (".__main__", "inspector_app.commands", "inspector_app.demo")
PYTHON_TIME = (
    "time",
    *(f"datetime.{name}" for name in ("datetime.now", "datetime.utcnow", "datetime.today", "date.today")),
)
DJANGO_TIME = tuple(f"django.utils.timezone.{name}" for name in ("now", "localtime", "localdate"))
QT_TIME = _qt(
    *(f"QtCore.QDateTime.{name}" for name in ("currentDateTime", "currentDateTimeUtc", "currentMSecsSinceEpoch")),
    *("QtCore.QDateTime.currentSecsSinceEpoch", "QtCore.QDate.currentDate", "QtCore.QTime.currentTime"),
)
DJANGO_CHANCE = ("django.utils.crypto.get_random_string", "django.core.management.utils.get_random_secret_key")
SYSTEM_CHANCE = ("random", "secrets", "os.urandom", "os.getrandom", "uuid.uuid1", "uuid.uuid4")
ENVIRONMENT = tuple(f"os.{name}" for name in ("environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"))
BANS = (
    Ban((*PYTHON_TIME, *DJANGO_TIME, *QT_TIME, "django.db.models.functions.Now"), READS_TIME, CLOCK, CLOCKWORK),
    Ban(
        (*SYSTEM_CHANCE, *DJANGO_CHANCE, "django.db.models.functions.Random"),
        *(NO_SEED, CHANCE, (*CLOCKWORK, "province.chance")),
    ),
    Ban(_qt("QtCore.QUuid", "QtCore.QRandomGenerator"), NO_SEED, CHANCE),
    Ban(ENVIRONMENT, "a hidden input makes two machines differ", "inspector_app.config", ("inspector_app.config",)),
    Ban(("builtins.print",), "only a command line speaks on stdout", "a returned value", SPEAKING),
    Ban(
        _qt("QtCharts", "QtGraphs", "QtDataVisualization"),
        *("these Qt modules are GPL only", "a reportlab drawing shown as SVG (DESIGN 13)"),
        everywhere=True,
    ),
    Ban(
        _qt("QtQml", "QtQuick", "QtQuickWidgets", "QtQuick3D"),
        *("screens are QtWidgets", "ui.widgets (DESIGN 10)"),
        everywhere=True,
    ),
    Ban(
        _qt("QtPrintSupport"),
        *("QPrinter moves numbered forms by millimetres and hides the outcome", "printing (DESIGN 13)"),
        everywhere=True,
    ),
    Ban(
        _qt("QtPdf", "QtPdfWidgets"),
        *("one renderer shows and proves the same page", "pypdfium2 through printing (DESIGN 13)"),
        everywhere=True,
    ),
)


def offences(module: Module) -> Iterator[str]:
    """Everything in ``module`` that DESIGN 2.1 forbids, one line of text each."""
    yield from _import_offences(module)
    yield from _call_offences(module)


def _import_offences(module: Module) -> Iterator[str]:
    row = _row_of(module.name)
    if row is None:
        if module.name not in OWN and not module.name.startswith(UNRULED):
            yield f"{module.path}: no row of DESIGN 2.1 covers {module.name}; place it in a package that has one"
        return
    for line, dotted in source_tree.imports(module):
        top = dotted.partition(".")[0]
        if top in OWN:
            if not any(is_within(dotted, prefix) for prefix in row.own):
                allowed = ", ".join(row.own) or "nothing of ours"
                yield f"{module.path}:{line}: {module.name} imports {dotted}; it may import {allowed} (DESIGN 2.1)"
        elif top not in sys.stdlib_module_names and row.libraries is not None and top not in row.libraries:
            allowed = ", ".join(row.libraries) or "none"
            yield f"{module.path}:{line}: {module.name} imports {dotted}; its libraries are {allowed} (DESIGN 2.1, 13)"


def _row_of(name: str) -> Row | None:
    covering = [prefix for prefix in ROWS if is_within(name, prefix)]
    return ROWS[max(covering, key=len)] if covering else None


def _call_offences(module: Module) -> Iterator[str]:
    bans = [ban for ban in BANS if _holds_in(ban, module)]
    called = source_tree.calls(module)
    for use in source_tree.uses(module):
        for ban in bans:
            if any(is_within(use.dotted, dotted) for dotted in ban.dotted) and not _is_excused(module, use, called):
                yield _told(module, use.node.lineno, use.dotted, ban)
    for line, dotted in source_tree.imports(module):  # of Qt even the unused import binds the licence
        for ban in bans:
            if dotted.startswith("PySide6.") and dotted in ban.dotted:
                yield _told(module, line, dotted, ban)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
            yield f"{module.path}:{node.value.lineno}: {node.arg}: {READS_TIME}. Use {CLOCK} (DESIGN 2.1)"


def _holds_in(ban: Ban, module: Module) -> bool:
    if module.name.startswith(UNRULED):
        return ban.everywhere
    return not any(is_within(module.name, place) or module.name.endswith(place) for place in ban.except_in)


def _told(module: Module, line: int, dotted: str, ban: Ban) -> str:
    return f"{module.path}:{line}: {dotted}: {ban.reason}. Use {ban.instead} (DESIGN 2.1)"


def _is_excused(module: Module, use: source_tree.Use, called: dict[ast.expr, ast.Call]) -> bool:
    """Uses that are no offence: a seeded generator in the simulation, telling Django its settings, a print's number."""
    arguments = called[use.node].args if use.node in called else []
    if use.dotted == "builtins.print":
        return use.node not in called  # "print n" is a word of the trade, and a field may bear it
    if use.dotted == "random.Random":
        return is_within(module.name, "simulation") and (bool(arguments) or use.node not in called)
    first = arguments[0] if arguments else None
    told_django = isinstance(first, ast.Constant) and first.value == "DJANGO_SETTINGS_MODULE"
    return use.dotted == "os.environ.setdefault" and told_django


# --- the tree obeys -------------------------------------------------------------------------------------------------


def test_every_module_imports_and_calls_only_what_its_place_allows() -> None:
    found = [text for module in source_tree.modules() for text in offences(module)]
    assert not found, "\n" + "\n".join(found)


def test_every_top_level_folder_of_the_design_exists() -> None:
    missing = [folder for folder in source_tree.FOLDERS if not (ROOT / folder).is_dir()]
    assert not missing


def test_no_module_bears_a_name_that_gathers_everything() -> None:
    vague = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc", "logic"}
    found = [module.path for module in source_tree.modules() if vague & set(module.name.split("."))]
    assert not found, f"name the idea instead (DESIGN 2): {found}"


def test_no_screen_is_written_in_qml() -> None:
    assert not [path for path in source_tree.files() if path.suffix in (".qml", ".qrc", ".ui")]


def test_sql_reads_neither_clock_nor_chance() -> None:
    clock_or_chance = re.compile(r"current_(time|date|timestamp)|'now'|\brandom(blob)?\s*\(", re.IGNORECASE)
    found = [
        path
        for path in source_tree.files()
        if path.suffix == ".sql" and clock_or_chance.search(path.read_text("utf-8"))
    ]
    assert not found, f"pass the value as a parameter, taken from clock or ports.Random: {found}"


WITHOUT_DESKTOP = """
import importlib, pkgutil, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "sqlcipher3"}:
            raise ModuleNotFoundError(f"{name} is absent here", name=name)

sys.meta_path.insert(0, Absent())
import province
if importlib.util.find_spec("province.settings"):
    import os
    os.environ["DJANGO_SETTINGS_MODULE"] = "province.settings"
    import django
    django.setup()
names = [m.name for m in pkgutil.walk_packages(province.__path__, "province.") if not m.name.endswith("__main__")]
for name in names:
    importlib.import_module(name)
forbidden = tuple(f"inspector_app.{name}" for name in ("store", "vault", "services")) + ("ui",)
private = [name for name in sys.modules if name.startswith(tuple(f"{place}." for place in forbidden))]
assert not private, private
print("imported", len(names))
"""


def test_the_province_runs_where_qt_and_sqlcipher_are_absent(tmp_path: Path) -> None:
    (tmp_path / "django-secret").write_text("of a founded province", "ascii")  # province.wsgi loads in no other
    command = [sys.executable, "-W", "error", "-c", WITHOUT_DESKTOP]
    place = os.environ | {"INSPECTOR_PROVINCE": str(tmp_path)}
    result = subprocess.run(command, cwd=ROOT, env=place, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("imported")


# --- and the rules bite ---------------------------------------------------------------------------------------------

OFFENDING = [
    ("inspector_app/domain/rule.py", "import requests", "imports requests"),
    ("inspector_app/domain/rule.py", "from inspector_app import clock", "imports inspector_app.clock"),
    ("inspector_app/domain/rule.py", "from inspector_app.store.home import Home", "imports inspector_app.store.home"),
    ("inspector_app/domain/rule.py", "from ..store import home", "imports inspector_app.store.home"),
    ("inspector_app/journal/__init__.py", "from ..vault import slots", "imports inspector_app.vault.slots"),
    ("inspector_app/services/act.py", "def act():\n    import sync.client", "imports sync.client"),
    (
        "inspector_app/services/act.py",
        "import importlib\nimportlib.import_module('printing.pdf')",
        "imports printing.pdf",
    ),
    ("inspector_app/services/act.py", "__import__('PySide6')", "imports PySide6"),
    ("inspector_app/store/home.py", "from inspector_app.vault import slots", "imports inspector_app.vault.slots"),
    ("inspector_app/store/home.py", "from cryptography.hazmat import x", "imports cryptography.hazmat.x"),
    ("inspector_app/odds.py", "import json", "no row of DESIGN 2.1"),
    ("sync/client.py", "import requests", "imports requests"),
    ("printing/pdf.py", "from inspector_app.services import issuing", "imports inspector_app.services.issuing"),
    ("province/views.py", "from printing.device import send", "imports printing.device.send"),
    (
        "province/views.py",
        "if TYPE_CHECKING:\n    from inspector_app.vault import slots",
        "imports inspector_app.vault",
    ),
    ("ui/pages/issue.py", "from inspector_app.store import home", "imports inspector_app.store.home"),
    ("simulation/world.py", "from ui import texts", "imports ui.texts"),
    ("sync/client.py", "import time\ntime.sleep(1)", "time.sleep: the simulated world"),
    ("sync/client.py", "from time import monotonic as m\nm()", "time.monotonic"),
    ("sync/client.py", "import datetime as d\nread = d.datetime.now", "datetime.datetime.now"),
    ("printing/pdf.py", "from datetime import date\ndate.today()", "datetime.date.today"),
    ("province/models.py", "from django.utils import timezone\ntimezone.now()", "django.utils.timezone.now"),
    ("province/models.py", "f = DateTimeField(auto_now_add=True)", "auto_now_add"),
    ("province/models.py", "from uuid import uuid4\nid = uuid4()", "uuid.uuid4: a seed could not replay"),
    ("simulation/world.py", "import random\nrandom.choice([1])", "random.choice"),
    ("simulation/world.py", "import random\nrandom.Random()", "random.Random"),
    ("sync/client.py", "import random\nrandom.Random(1)", "random.Random"),
    ("inspector_app/vault/slots.py", "import os\nos.urandom(16)", "Use inspector_app.ports.Random"),
    ("inspector_app/store/home.py", "import os\nos.environ['HOME']", "Use inspector_app.config"),
    ("province/settings.py", "from os import getenv\ngetenv('X')", "os.getenv"),
    ("province/settings.py", "import os\nos.environ.setdefault('DEBUG', '1')", "os.environ.setdefault"),
    ("ui/pages/issue.py", "print('issued')", "only a command line speaks"),
    ("ui/pages/issue.py", "from PySide6 import QtCharts", "GPL only"),
    ("ui/pages/issue.py", "from PySide6.QtPrintSupport import QPrinter\nQPrinter()", "hides the outcome"),
    ("ui/pages/issue.py", "from PySide6.QtCore import QDate\nQDate.currentDate()", "QDate.currentDate"),
    ("benchmarks/draw.py", "from PySide6 import QtQuick", "screens are QtWidgets"),
]


@pytest.mark.parametrize(
    ("path", "text", "told"), OFFENDING, ids=[f"{p}-{t.splitlines()[-1]}" for p, t, _ in OFFENDING]
)
def test_an_offending_line_is_found_and_told_why(path: str, text: str, told: str) -> None:
    found = list(offences(source_tree.parse(path, text)))
    assert any(told in line for line in found), found


HONEST = [
    ("inspector_app/domain/rule.py", "import msgspec, dataclasses\nfrom inspector_app.domain import numbering"),
    ("inspector_app/clock.py", "import time\ntime.time_ns()"),
    ("inspector_app/bootstrap.py", "import os, PySide6\nfrom ui import window\nos.urandom(8)"),
    (
        "inspector_app/services/act.py",
        "def act(clock, time):\n    return clock.now(), time.sleep, self.random.bytes(8)",
    ),
    ("inspector_app/config.py", "import os\nos.environ.get('INSPECTOR_HOME')"),
    ("sync/transport.py", "import requests\nfrom sync.frames import frame"),
    ("province/wsgi.py", "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'province.settings')"),
    (
        "province/views.py",
        "from printing.layout import place\nfrom sync import protocol\nfrom inspector_app import clock",
    ),
    (
        "simulation/world.py",
        "import random\ndef world(seed: int, chance: random.Random):\n    return random.Random(seed)",
    ),
    ("simulation/__main__.py", "print('seed 7 holds')"),
    ("inspector_app/commands/numbers.py", "from sync import client\nprint('B 9900000003')"),
    ("printing/content.py", "class Content:\n    print: int\ndef first(print: int) -> bool:\n    return print == 1"),
    (
        "ui/pages/issue.py",
        "from PySide6.QtWidgets import QWidget\nfrom datetime import date, time\ndate(2026, 1, 1), time(9)",
    ),
    ("tests/sync/test_client.py", "import time, random, os\ntime.sleep(1), random.random(), os.environ, print()"),
]


@pytest.mark.parametrize(("path", "text"), HONEST, ids=[path for path, _ in HONEST])
def test_honest_code_is_left_alone(path: str, text: str) -> None:
    assert not list(offences(source_tree.parse(path, text)))


# --- what is written down -------------------------------------------------------------------------------------------

TEXT = {".py", ".toml", ".cfg", ".md", ".txt", ".sql", ".sh", ".json", ".html", ".csv", ".yaml", ".yml", ""}
MACHINE_PATH = re.compile(r"(?<![\w.:/-])(?:/(?:home|Users|root|work|tmp)/\w|[A-Z]:\\+Users\\)")
UNFINISHED = re.compile(r"\b(TODO|FIXME)\b")


def test_no_source_names_a_folder_of_somebodys_machine() -> None:
    found = _lines_with(MACHINE_PATH)
    assert not found, f"use tmp_path, a relative path or a placeholder: {found}"


def test_no_source_puts_work_off() -> None:
    found = _lines_with(UNFINISHED)
    assert not found, f"finish it, or write an issue: {found}"


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    this_file = "tests/test_architecture.py"  # the only place that must spell what it looks for
    found = []
    for path in source_tree.files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix in TEXT and name != this_file:
            lines = path.read_text("utf-8", errors="replace").splitlines()
            found += [f"{name}:{number}" for number, line in enumerate(lines, 1) if pattern.search(line)]
    return found


@pytest.mark.parametrize("line", ["open('/home/li/x')", "cd /home/li/main", '"C:\\\\Users\\\\li"', "see /tmp/a.log"])
def test_a_machine_path_is_recognised(line: str) -> None:
    assert MACHINE_PATH.search(line)


@pytest.mark.parametrize("line", ["https://example.org/home/x", "/usr/bin/python3", "DIR/home/li", "// work / tmp"])
def test_other_paths_are_left_alone(line: str) -> None:
    assert not MACHINE_PATH.search(line)
