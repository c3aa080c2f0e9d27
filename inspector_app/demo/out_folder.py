"""The folder the demonstration leaves behind: made anew beside it, then put in place; foreign files are never touched.

A run works in ``DIR/.inspector-demo.new`` and moves its files into ``DIR`` only at the end, so a run that is killed
leaves the earlier result as it was. ``DIR/.inspector-demo.json`` names every file that was put there; the next run
replaces those, and what the program itself has since written into its homes, and nothing else.
"""

from __future__ import annotations

import fnmatch
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from inspector_app.clock import SystemClock
from inspector_app.demo.stage import DESK, LAPTOP, PROVINCE
from inspector_app.demo.telling import Both
from inspector_app.errors import StationError
from inspector_app.store.lock import HomeLock

MANIFEST, BUILDING, MARK = ".inspector-demo.json", ".inspector-demo.new", "made-by-inspector-demo"
TOP = ("index.html", "summary.json", "trust.pack")
HOME_FILES = (
    *("journal.db", "journal.db-*", "home.json", "lock", "trust.pack", "trust.pack.new", "keyring/*", "files/*"),
    *("backups/*", "prints/*"),
)
PROVINCE_FILES = ("*.key", "django-secret", "province.sqlite3", "province.sqlite3-*", "high_water.*")
PROGRAM_FILES = {LAPTOP: HOME_FILES, DESK: HOME_FILES, PROVINCE: PROVINCE_FILES}


class DemoError(Exception):
    """The demonstration cannot run here; says why, and what to do."""

    def __init__(self, said: Both) -> None:
        super().__init__(said.en)
        self.said = said


class Manifest(msgspec.Struct, frozen=True):
    """Which files in the folder are the demonstration's, by path relative to it."""

    version: int
    files: list[str]


class OutFolder:
    """``DIR`` of ``inspector demo --out DIR``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._locks: list[HomeLock] = []

    @property
    def building(self) -> Path:
        """Where the run works until everything is there."""
        return self.folder / BUILDING

    @property
    def was_used(self) -> bool:
        """Whether an earlier demonstration left its result here."""
        return (self.folder / MANIFEST).exists()

    def begin(self) -> Path:
        """A fresh place to work in. DemoError when the folder cannot be used."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._refuse_foreign(TOP)
            self._hold_homes()
            self._remove_ruin()
            self.building.mkdir()
            (self.building / MARK).touch()
        except OSError as error:
            raise DemoError(_unwritable(self.folder, error)) from error
        return self.building

    def _hold_homes(self) -> None:
        """Hold the homes of an earlier run, so that nobody works in them while they are replaced."""
        now = SystemClock().now().at
        for name in (LAPTOP, DESK):
            if not (self.folder / name / "home.json").exists():
                continue
            lock = HomeLock(self.folder / name / "lock")
            try:
                lock.take("inspector demo", now)
            except StationError as error:
                self.give_back()
                raise DemoError(_in_use(self.folder / name, error)) from error
            self._locks.append(lock)

    def _remove_ruin(self) -> None:
        if not self.building.exists():
            return
        if not (self.building / MARK).exists():
            raise DemoError(_foreign(self.building))
        shutil.rmtree(self.building)

    def finish(self) -> None:
        """Put everything in place. DemoError when a foreign file stands in the way or the disk fails."""
        self.give_back()
        try:
            self._put_in_place()
        except OSError as error:
            raise DemoError(_unwritable(self.folder, error)) from error

    def _put_in_place(self) -> None:
        made = (path.relative_to(self.building).as_posix() for path in _files(self.building))
        new = sorted(name for name in made if name != MARK)
        self._refuse_foreign(new)
        old = self._own()
        self._write_manifest(sorted(old | set(new)))  # killed from here on, the next run still knows what is ours
        for name in [*(old - set(new)), *self._left_by_the_program()]:
            (self.folder / name).unlink(missing_ok=True)
        for name in new:
            place = self.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            (self.building / name).replace(place)
        self._write_manifest(new)
        shutil.rmtree(self.building)
        self._remove_empty_folders(old | set(new))

    def abandon(self) -> None:
        """Forget an unfinished run."""
        self.give_back()
        shutil.rmtree(self.building, ignore_errors=True)

    def give_back(self) -> None:
        """Let go of the earlier run's homes."""
        for lock in self._locks:
            lock.release()
        self._locks.clear()

    def _own(self) -> set[str]:
        path = self.folder / MANIFEST
        if not path.exists():
            return set()
        try:
            return set(msgspec.json.decode(path.read_bytes(), type=Manifest).files)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise DemoError(_foreign(path)) from error

    def _refuse_foreign(self, names: tuple[str, ...] | list[str]) -> None:
        own = self._own()
        for name in names:
            if name not in own and (self.folder / name).exists() and not self._is_programs(name):
                raise DemoError(_foreign(self.folder / name))

    def _is_programs(self, name: str) -> bool:
        top, _, rest = name.partition("/")
        patterns = PROGRAM_FILES.get(top, ()) if self.was_used else ()
        return any(fnmatch.fnmatchcase(rest, pattern) for pattern in patterns)

    def _left_by_the_program(self) -> list[str]:
        """What the program wrote into the homes since: a database's log must not outlive its database."""
        found = []
        for top in PROGRAM_FILES:
            for path in _files(self.folder / top):
                name = path.relative_to(self.folder).as_posix()
                if self._is_programs(name):
                    found.append(name)
        return found

    def _write_manifest(self, files: list[str]) -> None:
        (self.folder / MANIFEST).write_bytes(msgspec.json.encode(Manifest(1, files)))

    def _remove_empty_folders(self, names: set[str]) -> None:
        tops = {Path(name).parts[0] for name in names if "/" in name} | set(PROGRAM_FILES)
        for top in sorted(tops):
            folders = [path for path in (self.folder / top).rglob("*") if path.is_dir()]
            for path in sorted([self.folder / top, *folders], reverse=True):
                if path.is_dir() and not any(path.iterdir()):
                    path.rmdir()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else iter(())


def _unwritable(folder: Path, error: OSError) -> Both:
    why = error.strerror or str(error)
    return Both(
        f"{folder} cannot be written ({why}). Name another folder:  --out DIR",
        f"{folder} 不可写入（{why}）。请换一个文件夹：--out 文件夹",
    )


def _foreign(path: Path) -> Both:
    return Both(
        f"{path} is not from an earlier demonstration, so it is left alone. Name another folder:  --out DIR",
        f"{path} 不是以前的演示留下的，未作任何改动。请换一个文件夹：--out 文件夹",
    )


def _in_use(home: Path, error: StationError) -> Both:
    pid = error.details.get("pid", "")
    return Both(
        f"{home} is open in another program (process {pid}). Close it, or name another folder:  --out DIR",
        f"{home} 正被另一个程序使用（进程 {pid}）。请先关闭，或换一个文件夹：--out 文件夹",
    )
