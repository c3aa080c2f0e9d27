"""run.py on small real trees: real .venv, real pip with wheels made here, a stand-in only for apt."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests import test_debian_packages as debian
from tests.source_tree import ROOT

PROGRAM = 'import json, os, sys\nprint("program", json.dumps([os.getpid(), os.getcwd(), sys.argv[1:]]), flush=True)\n'
SETUP_CFG = """
[options]
install_requires =
    tiny>=1.0
[options.extras_require]
desktop =
    PySide6-Essentials>=6
province =
test =
"""


def make_wheel(folder: Path, name: str, files: Mapping[str, str]) -> None:
    """A pure-Python wheel of version 1000.0 in ``folder``."""
    info = f"{name}-1000.0.dist-info"
    contents = dict(files) | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1000.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*contents, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{name}-1000.0-py3-none-any.whl", "w") as wheel:
        for path, text in {**contents, f"{info}/RECORD": record}.items():
            wheel.writestr(path, text)


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    make_wheel(folder, "tiny", {"tiny.py": "SIZE = 1\n"})
    make_wheel(folder, "PySide6_Essentials", {"PySide6/__init__.py": "", "PySide6/QtWidgets.py": ""})
    return folder


def make_tree(folder: Path) -> Path:
    """A tree of the shape run.py expects, with a program that says how it was called."""
    (folder / "inspector_app").mkdir(parents=True)
    (folder / "build_spec").mkdir()
    shutil.copy(ROOT / "run.py", folder)
    (folder / "setup.cfg").write_text(SETUP_CFG)
    (folder / "build_spec" / "debian-packages.txt").write_text("[desktop]\n[test]\n")
    (folder / "inspector_app" / "__init__.py").touch()
    (folder / "inspector_app" / "__main__.py").write_text(PROGRAM)
    return folder


def run_py(
    tree: Path, *arguments: str, python: str = sys.executable, **kwargs: object
) -> subprocess.CompletedProcess[str]:
    """Run the tree's run.py as a newcomer would and give what it said, both streams in one."""
    options: dict[str, object] = {"env": newcomer(), "cwd": tree, "timeout": 100, **kwargs}
    command = [python, str(tree / "run.py"), *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)  # type: ignore[call-overload, no-any-return]


def newcomer(**extra: str) -> dict[str, str]:
    """An environment without display, without our pip settings, in English."""
    ours = ("PIP_", "PYTHON", "DISPLAY", "WAYLAND", "QT_", "LC_", "LANG", "CI", "COV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PIP_CONFIG_FILE": os.devnull, "LANG": "C.UTF-8", **extra}


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory, wheels: Path) -> Path:
    """A tree in which ``demo`` has run once."""
    tree = make_tree(tmp_path_factory.mktemp("ready") / "tree")
    result = run_py(tree, "demo", env=offline(wheels))
    assert result.returncode == 0, result.stdout
    assert "Installing 1 Python packages" in result.stdout
    assert "Set up in" in result.stdout
    return tree


def offline(wheels: Path, **extra: str) -> dict[str, str]:
    """A newcomer whose pip finds the wheels made here and no network."""
    return newcomer(PIP_NO_INDEX="1", PIP_FIND_LINKS=str(wheels), **extra)


@pytest.fixture
def tree(ready: Path, tmp_path: Path) -> Path:
    """A copy of the ready tree, to be spoilt."""
    return Path(shutil.copytree(ready, tmp_path / "tree", symlinks=True))


def called(result: subprocess.CompletedProcess[str]) -> tuple[int, str, list[str]]:
    """Process id, folder and arguments with which the program was called."""
    line = next(line for line in result.stdout.splitlines() if line.startswith("program "))
    pid, folder, arguments = json.loads(line.removeprefix("program "))
    return pid, folder, arguments


def damage(folder: Path) -> str:
    """A digest over names and contents, to see that nothing was touched."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in found)).hexdigest()


# --- the second time ------------------------------------------------------------------------------------------------


def test_the_second_run_installs_nothing_and_costs_under_a_second(tree: Path) -> None:
    before = damage(tree / ".venv")
    cost = _seconds_of_children()
    result = run_py(tree, "demo")  # no index, no wheels: an installation would fail
    cost = _seconds_of_children() - cost
    assert result.stdout.startswith("program "), result.stdout
    assert damage(tree / ".venv") == before
    assert cost < 1.0


def _seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)  # CPU time: a busy machine does not fail the test
    return used.ru_utime + used.ru_stime


def test_a_changed_setup_cfg_is_installed_again(tree: Path, wheels: Path) -> None:
    (tree / "setup.cfg").write_text(SETUP_CFG.replace("tiny>=1.0", "tiny>=2.0"))
    result = run_py(tree, "demo", env=offline(wheels))
    assert "Installing" in result.stdout
    assert result.returncode == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"base": "of another day"}'])
def test_a_stamp_that_says_nothing_means_setting_up_again(tree: Path, wheels: Path, text: str) -> None:
    (tree / ".venv" / "inspector-setup.json").write_text(text)
    result = run_py(tree, "demo", env=offline(wheels))
    assert "Set up in" in result.stdout
    assert result.returncode == 0


def test_a_venv_whose_python_is_gone_is_made_anew(tree: Path, wheels: Path) -> None:
    for link in (tree / ".venv" / "bin").glob("python*"):
        link.unlink()
    (tree / ".venv" / "bin" / "python").symlink_to(tree / "removed" / "python3")
    result = run_py(tree, "demo", env=offline(wheels))
    assert "Making .venv" in result.stdout
    assert result.returncode == 0, result.stdout


def test_a_venv_without_pip_gets_pip_and_keeps_what_it_has(tree: Path, wheels: Path) -> None:
    site = next((tree / ".venv").glob("lib/python*/site-packages"))
    for folder in site.glob("pip*"):
        shutil.rmtree(folder)
    (site / "precious.py").touch()
    (tree / ".venv" / "inspector-setup.json").unlink()
    result = run_py(tree, "demo", env=offline(wheels))
    assert result.returncode == 0, result.stdout
    assert (site / "precious.py").exists()
    assert (site / "pip").is_dir()


# --- what goes wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [["deno"], ["demo", "--lang", "fr"], ["demo", "extra"], ["--phone"], ["setup", "-x"]]
)
def test_wrong_usage_is_told_before_anything_is_installed(tmp_path: Path, arguments: list[str]) -> None:
    tree = make_tree(tmp_path / "tree")
    result = run_py(tree, *arguments)
    assert result.returncode == 2
    assert "usage: run.py" in result.stdout
    assert not (tree / ".venv").exists()


def test_without_network_the_whole_reason_and_the_next_line_to_type_are_shown(tree: Path, wheels: Path) -> None:
    (tree / "setup.cfg").write_text(SETUP_CFG.replace("tiny", "tiny2"))
    dead = newcomer(PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_RETRIES="0")
    result = run_py(tree, "demo", env=dead)
    assert result.returncode == 3
    assert "tiny2>=1.0" in result.stdout
    assert "python3 run.py setup" in result.stdout
    assert "program" not in result.stdout
    again = run_py(tree, "demo", env=dead)
    assert again.returncode == 3, "a failed installation must not count as done"
    make_wheel(wheels, "tiny2", {"tiny2.py": ""})
    assert run_py(tree, "demo", env=offline(wheels)).returncode == 0


def test_a_package_that_only_exists_as_source_is_refused_not_compiled(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "needs-compiler-1.0.tar.gz").write_bytes(b"never opened")
    (tree / "setup.cfg").write_text(SETUP_CFG.replace("tiny", "needs-compiler"))
    result = run_py(tree, "demo", env=offline(tmp_path / "sources"))
    assert result.returncode == 3
    assert "No matching distribution found for needs-compiler" in result.stdout


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="inspector-house-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody(tree: Path, *arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run as a user who owns nothing here, with the system's Python, which that user may start."""
    python = shutil.which("python3", path="/usr/bin") or sys.executable
    user = {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}
    return run_py(tree, *arguments, python=python, env=newcomer(PYTHONDONTWRITEBYTECODE="1", **extra), **user)


def test_a_tree_that_cannot_be_written_says_so_and_how_to_work_in_a_copy(open_folder: Path) -> None:
    tree = make_tree(open_folder / "tree")
    tree.chmod(0o555)
    result = as_nobody(tree, "demo")
    tree.chmod(0o755)
    assert result.returncode == 3
    assert f"{tree} cannot be written" in result.stdout
    assert "cp -r" in result.stdout
    assert "Traceback" not in result.stdout


def test_a_ready_tree_needs_no_writing(tree: Path) -> None:
    (tree / ".venv").chmod(0o555)
    result = run_py(tree, "demo")
    (tree / ".venv").chmod(0o755)
    assert result.returncode == 0


def test_qt_that_does_not_load_is_told_with_the_line_that_helps(tree: Path, tmp_path: Path, wheels: Path) -> None:
    broken = Path(shutil.copytree(wheels, tmp_path / "broken"))
    (tree / "build_spec" / "debian-packages.txt").write_text("[desktop]\nliba\n[test]\n")
    lacking = 'raise ImportError("libEGL.so.1: cannot open shared object file")\n'
    make_wheel(broken, "PySide6_Essentials", {"PySide6/__init__.py": "", "PySide6/QtWidgets.py": lacking})
    result = run_py(tree, "setup", env=offline(broken, PATH=str(tree)))  # no apt in this PATH
    assert result.returncode == 3
    assert "libEGL.so.1" in result.stdout
    assert "sudo apt-get install -y --no-install-recommends liba" in result.stdout
    assert "python3 run.py demo" in result.stdout


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 8, 0), (3, 10, 9)])
def test_an_older_python_is_told_which_one_is_needed(version: tuple[int, int, int]) -> None:
    pretend = f"import runpy, sys; sys.version_info = {version!r}; runpy.run_path({str(ROOT / 'run.py')!r})"
    result = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True, timeout=20, check=False)
    assert result.returncode == 1
    assert f"needs Python 3.11 or newer; this is Python 3.{version[1]}" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_older_python_can_read_the_file_that_far() -> None:
    source = (ROOT / "run.py").read_text("utf-8")
    ast.parse(source, feature_version=(3, 6))
    assert "from __future__ import annotations" not in source  # 3.6 would stop at it before the reason is told


def test_run_py_needs_the_standard_library_only() -> None:
    tree = ast.parse((ROOT / "run.py").read_text("utf-8"))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in named} <= sys.stdlib_module_names


# --- the verbs ------------------------------------------------------------------------------------------------------


def test_demo_writes_where_the_reader_stands_and_hands_its_options_on(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    result = run_py(tree, "demo", "--lang", "en", "--out", "papers", "--phone", cwd=tmp_path / "desk")
    _, folder, arguments = called(result)
    assert folder == str(tree)
    assert arguments == ["demo", "--out", str(tmp_path / "desk" / "papers"), "--lang", "en", "--phone"]


def test_the_program_takes_the_place_of_run_py_so_that_signals_reach_it(tree: Path) -> None:
    command = [sys.executable, "run.py", "demo"]
    with subprocess.Popen(command, cwd=tree, env=newcomer(), stdout=subprocess.PIPE, text=True) as process:
        said, _ = process.communicate(timeout=30)
    assert json.loads(said.removeprefix("program "))[0] == process.pid


def test_without_a_display_it_says_so_and_runs_the_demonstration(tree: Path) -> None:
    result = run_py(tree)
    assert "There is no display here" in result.stdout
    assert called(result)[2][0] == "demo"


def test_a_reader_of_chinese_is_told_in_chinese(tree: Path) -> None:
    result = run_py(tree, env=newcomer(LC_ALL="zh_CN.UTF-8"))
    assert "本机没有图形界面" in result.stdout


def test_with_a_display_the_application_is_set_up_and_opened(tree: Path, wheels: Path) -> None:
    result = run_py(tree, env=offline(wheels, QT_QPA_PLATFORM="offscreen"))
    assert "Installing 2 Python packages" in result.stdout
    assert called(result)[2] == []


def test_setup_says_what_to_type_next(tree: Path, wheels: Path) -> None:
    result = run_py(tree, "setup", env=offline(wheels))
    assert result.returncode == 0
    assert "Next:  python3 run.py" in result.stdout
    assert "program" not in result.stdout


@pytest.fixture
def stages(tree: Path, wheels: Path) -> Path:
    """A ready tree in which ruff, mypy and pytest only say how they were called and end as the environment tells."""
    for name in ("ruff", "mypy", "pytest"):
        (tree / name).mkdir()
        answer = (
            f"import os, sys\nprint('called', '{name}', *sys.argv[1:])\nsys.exit(int(os.environ.get('{name}', 0)))\n"
        )
        (tree / name / "__main__.py").write_text(answer)
    assert run_py(tree, "setup", env=offline(wheels)).returncode == 0
    return tree


def test_test_runs_lint_format_types_and_tests_and_says_each(stages: Path, wheels: Path) -> None:
    result = run_py(stages, "test", "-k", "sync", env=offline(wheels))
    lines = [line for line in result.stdout.splitlines() if line.startswith("called")]
    assert lines[:3] == ["called ruff check .", "called ruff format --check .", "called mypy"]
    assert lines[3].startswith("called pytest -n ")
    assert lines[3].endswith(" -k sync")
    assert result.returncode == 0


def test_a_failing_stage_does_not_hide_the_next_and_gives_the_exit_code(stages: Path, wheels: Path) -> None:
    result = run_py(stages, "test", env=offline(wheels, mypy="7", pytest="5"))
    assert "called pytest" in result.stdout
    assert "mypy failed (exit code 7)" in result.stdout
    assert "pytest failed (exit code 5)" in result.stdout
    assert result.returncode == 7


def test_the_long_profile_is_asked_for_by_its_option(stages: Path, wheels: Path) -> None:
    result = run_py(stages, "test", "--long", env=offline(wheels))
    assert "--profile=long" in result.stdout


def test_ci_runs_exactly_the_command_people_type() -> None:
    last = (ROOT / ".ci" / "run").read_text("utf-8").strip().splitlines()[-1]
    assert last.endswith("python3 run.py test")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    readmes = [path.read_text("utf-8") for path in ROOT.glob("README*.md")]
    assert all("python3 run.py test" in text for text in readmes)


def test_unfinished_system_packages_are_told_every_time_but_do_not_stop_the_rest(
    open_folder: Path, wheels: Path
) -> None:
    tree = make_tree(open_folder / "tree")
    (tree / "build_spec" / "debian-packages.txt").write_text(debian.LIST)
    tools = debian.make_apt(open_folder / "tools")
    shutil.copytree(wheels, open_folder / "wheels").chmod(0o755)
    if os.geteuid() == 0:
        os.chown(tree, 65534, 65534)
    extra = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(open_folder / "wheels"), "HOME": str(open_folder)}
    extra["PATH"] = f"{tools}:/usr/bin:/bin"
    first = as_nobody(tree, "setup", **extra)
    assert first.returncode == 3, first.stdout
    assert "only an administrator may install them" in first.stdout
    assert "no-install-recommends liba\n" in first.stdout
    assert "Set up in" in first.stdout
    second = as_nobody(tree, "setup", **extra)
    assert "no-install-recommends liba\n" in second.stdout
    (tools / "installed").write_text("liba installed\nlibb installed\n")
    assert as_nobody(tree, "setup", **extra).returncode == 0
