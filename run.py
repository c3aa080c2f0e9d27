#!/usr/bin/env python3
"""Set up, start, show and test Inspector: the only script a newcomer needs (安装、启动、演示、测试都只用它).

    python3 run.py                                           open the application in practice mode (练习)
    python3 run.py demo [--lang en|zh] [--out DIR] [--phone] tell one working day, leave DIR/index.html
    python3 run.py setup                                     only install what is needed
    python3 run.py test [--long] [pytest arguments]          lint, types and every test

It needs nothing but Python and uses only its standard library. Everything it installs goes into ``.venv`` beside it,
except the system libraries named in ``build_spec/debian-packages.txt``, which it fetches by apt when it may.
Exit codes: 0 done, 2 wrong usage, 3 something of the environment is missing, otherwise the program's own.
"""

import sys

VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"

# First of all, and in a grammar Python 3.6 can read: the reader shall get the reason, not a traceback.
if sys.version_info < (3, 11):
    sys.exit(
        f"Inspector needs Python 3.11 or newer; this is Python {VERSION} ({sys.executable}).\n"
        "Debian 12, Ubuntu 24.04 and later have it: sudo apt-get install python3 python3-venv\n"
        "On UOS and Kylin use the .deb package, which brings its own Python.\n"
        "本程序需要 Python 3.11 或更高版本；统信 UOS、麒麟系统请安装自带运行环境的 .deb 软件包。"
    )

import argparse
import configparser
import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import NamedTuple, NoReturn

ROOT = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"
DONE, USAGE, ENVIRONMENT, INTERRUPTED = 0, 2, 3, 130


class Needs(NamedTuple):
    """What a verb must find installed: extras of ``setup.cfg`` and sections of ``debian-packages.txt``."""

    extras: tuple[str, ...]
    debian: tuple[str, ...]


NEEDS = {
    "start": Needs(("desktop", "province"), ("desktop",)),
    "demo": Needs(("province",), ()),
    "setup": Needs(("desktop", "province"), ("desktop",)),
    "test": Needs(("desktop", "province", "test"), ("desktop", "test")),
}


class FaultError(Exception):
    """The environment lacks something; the two texts say what, and the exact line to type."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.english = english
        self.chinese = chinese


def say(english: str, chinese: str) -> None:
    """Print one sentence in the reader's language."""
    print(chinese if reads_chinese(os.environ) else english, flush=True)


def reads_chinese(environment: Mapping[str, str]) -> bool:
    """Whether the reader's system speaks Chinese, by locale; on Windows by the language of its screens."""
    if WINDOWS:
        import ctypes

        chinese_primary_language = 0x04
        language: int = ctypes.windll.kernel32.GetUserDefaultUILanguage()  # type: ignore[attr-defined, unused-ignore]
        return language & 0x3FF == chinese_primary_language
    chosen = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next((value for value in chosen if value), "").startswith("zh")


# --- what there is to install ---------------------------------------------------------------------------------------


def read_requirements(setup_cfg: str, extras: Iterable[str]) -> list[str]:
    """The requirement lines of the project and of ``extras``, from the text of ``setup.cfg``."""
    config = configparser.ConfigParser(interpolation=None)
    config.read_string(setup_cfg)
    blocks = [config["options"]["install_requires"]]
    blocks += [config["options.extras_require"][extra] for extra in extras]
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def read_debian_packages(text: str, sections: Iterable[str]) -> list[tuple[str, ...]]:
    """Packages of ``sections``; each a tuple of names of which one is enough, the first being the one to install."""
    found: dict[str, list[tuple[str, ...]]] = {}
    current: list[tuple[str, ...]] = []
    for line in text.splitlines():
        content = line.partition("#")[0].strip()
        if content.startswith("["):
            current = found.setdefault(content.strip("[]"), [])
        elif content:
            current.append(tuple(name.strip() for name in content.split("|")))
    return [package for section in sections for package in found[section]]


# --- running other programs -----------------------------------------------------------------------------------------


def run_quietly(command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    """Run ``command`` showing one moving line on a terminal; raises CalledProcessError with the whole output."""
    lines: list[str] = []
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        env=environment,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                lines.append(line)
                show_moving(line.strip())
        except BaseException:
            process.kill()  # interrupted: nothing may go on installing behind the reader's back
            raise
    show_moving("")
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command), "".join(lines))


def show_moving(line: str) -> None:
    """Overwrite the current line of the terminal; nothing where output goes to a file."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns - 1
        print("\r" + line[: width // 2].ljust(width)[:width] + "\r", end="", flush=True)


def typed(command: Sequence[str]) -> str:
    """The command as one types it."""
    return subprocess.list2cmdline(command) if WINDOWS else shlex.join(command)


# --- the house ------------------------------------------------------------------------------------------------------


class House:
    """The tree in ``root`` and the ``.venv`` in it.

    A stamp in ``.venv`` keeps, per extra and per Debian section, the digest of what it was installed from; a verb whose
    needs are all stamped starts at once. The stamp is written only after everything worked, so an interrupted set-up is
    simply done again.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.python = self.venv / ("Scripts/python.exe" if WINDOWS else "bin/python")
        self.stamp = self.venv / "inspector-setup.json"
        self.setup_cfg = (root / "setup.cfg").read_text("utf-8")
        self.debian_packages = (root / "build_spec" / "debian-packages.txt").read_text("utf-8")

    def set_up(self, needs: Needs) -> bool:
        """Install what ``needs`` asks for and is not there yet; False when a system package is left to the reader."""
        digest = self._digest()
        wanted = dict.fromkeys(["base", *needs.extras, *(f"debian {name}" for name in needs.debian)], digest)
        stamped = self._read_stamp()
        if self.python.exists() and wanted.items() <= stamped.items():
            return True
        self._refuse_read_only()
        started = time.monotonic()
        self._make_venv()
        complete = install_debian(read_debian_packages(self.debian_packages, needs.debian))
        self._install_python_packages(needs.extras)
        if "desktop" in needs.extras:
            self._try_qt()
        if not complete:
            wanted = {key: value for key, value in wanted.items() if not key.startswith("debian ")}
        self._write_stamp({**stamped, **wanted})
        seconds = round(time.monotonic() - started)
        say(f"Set up in {seconds} s.", f"安装完成，用时 {seconds} 秒。")
        return complete

    def _digest(self) -> str:
        parts = (self.setup_cfg, self.debian_packages, VERSION)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def _read_stamp(self) -> dict[str, str]:
        try:
            stamped = json.loads(self.stamp.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return stamped if isinstance(stamped, dict) else {}

    def _write_stamp(self, stamped: dict[str, str]) -> None:
        beside = self.stamp.with_suffix(".new")
        beside.write_text(json.dumps(stamped, indent=1), "utf-8")
        beside.replace(self.stamp)

    def _refuse_read_only(self) -> None:
        writable = self.venv if self.venv.exists() else self.root
        if not os.access(writable, os.W_OK):
            copying = f"cp -r {shlex.quote(str(self.root))} ~/inspector && cd ~/inspector && python3 run.py"
            raise FaultError(
                f"{writable} cannot be written, so nothing can be installed in it. Work in a copy:\n  {copying}",
                f"{writable} 不可写入，无法在其中安装。请复制到自己的文件夹再运行：\n  {copying}",
            )

    def _make_venv(self) -> None:
        if self._answers("-m", "pip", "--version"):
            return
        need_ensurepip()
        say(f"Making {self.venv.name} …", f"正在建立 {self.venv.name} …")
        # One whose Python still runs only lacks pip and keeps what it has; any other is a ruin.
        clear = [] if self._answers("-c", "") else ["--clear"]
        command = [sys.executable, "-m", "venv", *clear, str(self.venv)]
        try:
            run_quietly(command)
        except subprocess.CalledProcessError as error:
            raise FaultError(
                f"{error.output}\n.venv could not be made. When that is mended: python3 run.py setup",
                f"{error.output}\n.venv 建立失败。排除上述问题后请重新运行：python3 run.py setup",
            ) from error

    def _answers(self, *arguments: str) -> bool:
        command = [str(self.python), *arguments]
        return self.python.exists() and subprocess.run(command, capture_output=True, check=False).returncode == 0

    def _install_python_packages(self, extras: Sequence[str]) -> None:
        requirements = read_requirements(self.setup_cfg, extras)
        say(
            f"Installing {len(requirements)} Python packages and what they need into {self.venv.name} (once) …",
            f"正在向 {self.venv.name} 安装 {len(requirements)} 个 Python 软件包及其依赖（只需一次）…",
        )
        # Wheels only: a source package would need a compiler, and fail an hour later with a page of C.
        pip = [str(self.python), "-m", "pip", "install", "--no-user", "--no-input", "--disable-pip-version-check"]
        command = [*pip, "--progress-bar", "off", "--only-binary", ":all:", *requirements]
        try:
            run_quietly(command)
        except subprocess.CalledProcessError as error:
            raise FaultError(
                f"{error.output}\npip could not install the packages above. Check the network, or name a mirror with\n"
                f"  {typed([*pip[:3], 'config', '--site', 'set', 'global.index-url', 'https://MIRROR/simple'])}\n"
                "and then type again:  python3 run.py setup",
                f"{error.output}\n以上软件包安装失败。请检查网络，或用下面的命令指定镜像站：\n"
                f"  {typed([*pip[:3], 'config', '--site', 'set', 'global.index-url', 'https://MIRROR/simple'])}\n"
                "然后重新运行：python3 run.py setup",
            ) from error

    def _try_qt(self) -> None:
        """The wheel installs anywhere; whether the system has the libraries it links only loading it tells."""
        trial = [str(self.python), "-c", "import PySide6.QtWidgets"]
        result = subprocess.run(trial, capture_output=True, check=False, text=True)
        if result.returncode:
            reason = result.stderr.strip().splitlines()[-1]
            packages = read_debian_packages(self.debian_packages, ["desktop"])
            line = apt_line([names[0] for names in packages])
            raise FaultError(
                f"Qt does not load: {reason}\nThe system lacks libraries. On Debian or Ubuntu type:\n  {line}\n"
                "The demonstration works without them:  python3 run.py demo",
                f"Qt 无法加载：{reason}\n系统缺少运行库。Debian、Ubuntu 系统请运行：\n  {line}\n"
                "演示不需要这些库，可以直接运行：python3 run.py demo",
            )

    def environment(self) -> dict[str, str]:
        """The reader's own environment; UTF-8 whatever the console's code page is."""
        return {**os.environ, "PYTHONUTF8": "1"}

    def become(self, *arguments: str) -> int:
        """Hand over to ``python -m …``: on POSIX in this very process, so that signals reach the program."""
        command = [str(self.python), "-m", *arguments]
        os.chdir(self.root)
        if not WINDOWS:
            os.execve(self.python, command, self.environment())  # noqa: S606 (no shell is what we want)
        return self.call(*arguments)

    def call(self, *arguments: str) -> int:
        """Run ``python -m …`` in the tree and give its exit code."""
        command = [str(self.python), "-m", *arguments]
        with subprocess.Popen(command, cwd=self.root, env=self.environment()) as process:
            try:
                return process.wait()
            except KeyboardInterrupt:
                process.wait()  # the terminal told it too; let it put its servers and windows away
                raise
            except SystemExit:
                process.send_signal(signal.SIGTERM if WINDOWS else signal.SIGINT)
                raise


# --- system packages ------------------------------------------------------------------------------------------------


def apt_line(packages: Sequence[str]) -> str:
    """The line that installs ``packages``, as one types it."""
    return typed(["sudo", "apt-get", "install", "-y", "--no-install-recommends", *packages])


def is_debian() -> bool:
    """Whether packages of Debian's kind can be asked for and installed here."""
    return bool(shutil.which("dpkg-query") and shutil.which("apt-get"))


def missing_packages(packages: Sequence[tuple[str, ...]]) -> list[str]:
    """The first name of each package of which no alternative is installed."""
    if not packages:
        return []
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *(n for names in packages for n in names)]
    answer = subprocess.run(query, capture_output=True, check=False, text=True).stdout
    installed = {line.split()[0] for line in answer.splitlines() if line.endswith(" installed")}
    return [names[0] for names in packages if installed.isdisjoint(names)]


def install_debian(packages: Sequence[tuple[str, ...]]) -> bool:
    """Install what is missing; True when nothing is left to do, False after telling the reader what to type."""
    missing = missing_packages(packages) if is_debian() else []
    if not missing:
        return True
    line = apt_line(missing)
    if os.geteuid() != 0:  # type: ignore[attr-defined, unused-ignore]
        say(
            f"System packages are missing, and only an administrator may install them. Type:\n  {line}",
            f"缺少系统软件包，需要管理员安装。请运行：\n  {line}",
        )
        return False
    say(
        f"Installing {len(missing)} system packages by apt: {' '.join(missing)} …",
        f"正在用 apt 安装 {len(missing)} 个系统软件包：{' '.join(missing)} …",
    )
    apt = ["apt-get", "-o", "DPkg::Lock::Timeout=120"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        run_quietly([*apt, "update"], environment)
        run_quietly([*apt, "install", "-y", "--no-install-recommends", *missing], environment)
    except subprocess.CalledProcessError as error:
        raise FaultError(
            f"{error.output}\napt could not install the system packages. When that is mended, type:\n  {line}",
            f"{error.output}\n系统软件包安装失败。排除上述问题后请运行：\n  {line}",
        ) from error
    return True


def need_ensurepip() -> None:
    """Debian splits ``ensurepip`` off the standard library; without it a ``.venv`` would have no pip."""
    if importlib.util.find_spec("ensurepip") is not None:
        return
    package = f"python{VERSION}-venv"
    if is_debian() and os.geteuid() == 0 and install_debian([(package,)]):  # type: ignore[attr-defined, unused-ignore]
        importlib.invalidate_caches()
        if importlib.util.find_spec("ensurepip") is not None:
            return
    line = apt_line([package])
    raise FaultError(
        f"This Python has no ensurepip, so it cannot make a .venv. On Debian or Ubuntu type:\n  {line}\n"
        "and then again:  python3 run.py",
        f"本机的 Python 缺少 ensurepip，无法建立 .venv。Debian、Ubuntu 系统请运行：\n  {line}\n"
        "然后再运行：python3 run.py",
    )


# --- the verbs ------------------------------------------------------------------------------------------------------


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether a window can be opened here."""
    if WINDOWS or sys.platform == "darwin":
        return True
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def start(house: House, _arguments: argparse.Namespace, _rest: list[str]) -> int:
    """Open the application; without a display, run the demonstration instead."""
    if not has_display(os.environ):
        say(
            "There is no display here, so the application cannot open its window; running the demonstration instead.",
            "本机没有图形界面，无法打开窗口，改为运行演示。",
        )
        return demo(house, parse(["demo"])[0], [])
    house.set_up(NEEDS["start"])
    return house.become("inspector_app")


def demo(house: House, arguments: argparse.Namespace, _rest: list[str]) -> int:
    """Tell one working day; ``--out`` is meant relative to where the reader stands, not to the tree."""
    house.set_up(NEEDS["demo"])
    options = ["--out", str(Path(arguments.out).absolute())]
    if arguments.lang:
        options += ["--lang", arguments.lang]
    if arguments.phone:
        options.append("--phone")
    return house.become("inspector_app", "demo", *options)


def set_up(house: House, _arguments: argparse.Namespace, _rest: list[str]) -> int:
    """Install for the application and the demonstration, and say what to type next."""
    if not house.set_up(NEEDS["setup"]):
        return ENVIRONMENT
    say("Everything is installed. Next:  python3 run.py", "已全部就绪。下一步：python3 run.py")
    return DONE


def test(house: House, arguments: argparse.Namespace, rest: list[str]) -> int:
    """Lint, format, types and tests, all of them; the exit code is that of the first that failed."""
    house.set_up(NEEDS["test"])
    profile = ["--profile=long", "-o", "faulthandler_timeout=14400"] if arguments.long else []
    workers = str(min(os.cpu_count() or 1, 4))
    stages = {
        "ruff check": ["ruff", "check", "."],
        "ruff format": ["ruff", "format", "--check", "."],
        "mypy": ["mypy"],
        "pytest": ["pytest", "-n", workers, "--dist", "worksteal", *profile, *rest],
    }
    failed: dict[str, int] = {}
    for name, command in stages.items():
        say(f"== {name}", f"== {name}")
        code = house.call(*command)
        if code:
            failed[name] = code
    for name, code in failed.items():
        say(f"run.py: {name} failed (exit code {code})", f"run.py：{name} 未通过（退出码 {code}）")
    return next(iter(failed.values()), DONE)


VERBS = {"start": start, "demo": demo, "setup": set_up, "test": test}


def parse(argv: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """The verb with its options, and for ``test`` the rest, which is pytest's; wrong usage ends with exit code 2."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(
        prog="run.py",
        usage="run.py [-h] [{demo,setup,test}] ...",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(dest="verb", title="verbs", metavar="{demo,setup,test}")
    demonstration = verbs.add_parser("demo", help="one working day of a station, told line by line (演示一个工作日)")
    demonstration.add_argument("--lang", choices=["en", "zh"], help="language of what is told (语言)")
    demonstration.add_argument("--out", default="out", metavar="DIR", help="where it leaves its papers (输出文件夹)")
    demonstration.add_argument("--phone", action="store_true", help="then show the public page to phones (手机查验)")
    verbs.add_parser("setup", help="only install (只安装)")
    testing = verbs.add_parser("test", help="lint, types, tests; the rest goes to pytest (测试)", allow_abbrev=False)
    testing.add_argument("--long", action="store_true", help="the long profile too (含长时间测试)")
    arguments, rest = parser.parse_known_args(argv)
    if rest and arguments.verb != "test":
        parser.error(f"unknown arguments: {' '.join(rest)}")
    arguments.verb = arguments.verb or "start"
    return arguments, rest


def end_at_once(_signal: int, _frame: FrameType | None) -> NoReturn:
    """On SIGTERM leave through the ``with`` blocks, so that no child is left behind."""
    sys.exit(128 + signal.SIGTERM)


def main(argv: Sequence[str]) -> int:
    """Run one verb."""
    signal.signal(signal.SIGTERM, end_at_once)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr, unused-ignore]
    arguments, rest = parse(argv)
    try:
        return VERBS[arguments.verb](House(ROOT), arguments, rest)
    except FaultError as fault:
        say(fault.english, fault.chinese)
        return ENVIRONMENT
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
