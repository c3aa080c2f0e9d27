"""Whole files, durably: written beside, fsynced, renamed, and the fault told when that fails."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector_app.errors import StationError
from inspector_app.store.disk import LocalDisk, explained, make_folder
from tests.store.places import readable_only, tiny_disk

DISK = LocalDisk()


def test_what_was_replaced_reads_back_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file"
    assert DISK.read(path) is None
    assert not DISK.exists(path)
    DISK.replace(path, b"one")
    DISK.replace(path, b"two")
    assert DISK.read(path) == b"two"
    assert DISK.exists(path)
    assert [one.name for one in path.parent.iterdir()] == ["file"]


def test_removing_twice_is_removing_once(tmp_path: Path) -> None:
    DISK.replace(tmp_path / "file", b"x")
    DISK.remove(tmp_path / "file")
    DISK.remove(tmp_path / "file")
    assert DISK.read(tmp_path / "file") is None


class RecordedCalls:
    """The system calls a replacement makes, in order; each is really made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[str] = []
        self._real_fsync, self._real_mkdir, self._real_replace = os.fsync, Path.mkdir, Path.replace
        monkeypatch.setattr(os, "fsync", self._fsync)
        monkeypatch.setattr(Path, "mkdir", self._mkdir())
        monkeypatch.setattr(Path, "replace", self._replace())

    def _fsync(self, descriptor: int) -> None:
        self.made.append(f"fsync {Path(os.readlink(f'/proc/self/fd/{descriptor}')).name}")
        self._real_fsync(descriptor)

    def _mkdir(self) -> Callable[..., None]:
        def mkdir(path: Path, mode: int = 0o777, *, exist_ok: bool) -> None:
            self.made.append(f"mkdir {path.name}")
            self._real_mkdir(path, mode, exist_ok=exist_ok)

        return mkdir

    def _replace(self) -> Callable[[Path, Path], Path]:
        def replace(path: Path, target: Path) -> Path:
            self.made.append(f"rename {target.name}")
            return self._real_replace(path, target)

        return replace


def test_every_name_on_the_way_to_a_file_is_made_durable_before_the_file_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in a folder whose own name was never synced is gone after a power cut, synced or not."""
    calls = RecordedCalls(monkeypatch)
    DISK.replace(tmp_path / "files" / "ab" / "abcd", b"x")
    folder = tmp_path.name
    assert calls.made == [
        "mkdir files", f"fsync {folder}", "mkdir ab", "fsync files", "fsync abcd.new", "rename abcd", "fsync ab",
    ]  # fmt: skip


def test_what_need_not_survive_a_power_cut_waits_for_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = RecordedCalls(monkeypatch)
    for content in (b"long ago", b"now", b""):
        DISK.replace(tmp_path / "witness", content, durable=False)
        assert DISK.read(tmp_path / "witness") == content
    assert calls.made == []
    assert [path.name for path in tmp_path.iterdir()] == ["witness"]


def test_making_a_folder_that_is_there_touches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = RecordedCalls(monkeypatch)
    make_folder(tmp_path)
    assert calls.made == []


def test_a_virus_scanner_that_holds_the_file_for_a_moment_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    DISK.replace(path, b"old")
    real, refused = Path.replace, iter([True, True, False])

    def held(source: Path, target: Path) -> Path:
        if next(refused):
            raise PermissionError(errno.EACCES, "sharing violation")
        return real(source, target)

    monkeypatch.setattr(Path, "replace", held)
    DISK.replace(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_file_that_stays_held_keeps_its_old_content_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    DISK.replace(path, b"old")
    waits: list[float] = []

    def held(source: Path, target: Path) -> Path:
        raise PermissionError(errno.EACCES, "sharing violation")

    class NoTime:
        now = None

        def wait(self, seconds: float) -> None:
            waits.append(seconds)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(StationError, match="disk_read_only"):
        LocalDisk(NoTime()).replace(path, b"new")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert 0.5 < sum(waits) < 5
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_when_a_step_fails_the_old_file_stands_and_no_half_file_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "file"
    DISK.replace(path, b"old")

    def fail(*_arguments: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os if call == "fsync" else Path, call, fail)
    with pytest.raises(StationError, match="disk_failing .detail=Input/output error"):  # noqa: RUF043
        DISK.replace(path, b"new")
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_on_a_full_disk_the_old_file_stands_and_no_half_file_is_left() -> None:
    with tiny_disk(200) as (place, code):
        DISK.replace(place / "file", b"old")
        with pytest.raises(StationError, match=code):
            DISK.replace(place / "file", bytes(400_000))
        assert (place / "file").read_bytes() == b"old"
        assert [one.name for one in place.iterdir()] == ["file"]
        DISK.replace(place / "file", b"new")


def test_in_a_folder_one_may_only_read_every_change_is_refused_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    with readable_only(tmp_path) as place:
        assert DISK.read(place / "file") == b"old"
        for path in (place / "file", place / "new" / "file"):
            with pytest.raises(StationError, match="disk_read_only"):
                DISK.replace(path, b"new")
        with pytest.raises(StationError, match="disk_read_only"):
            DISK.remove(place / "file")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EROFS, "disk_read_only"),
        (errno.EACCES, "disk_read_only"),
        (errno.EPERM, "disk_read_only"),
        (errno.EIO, "disk_failing"),
        (errno.ENODEV, "disk_failing"),
    ],
)
def test_the_operating_systems_errors_become_the_stations_words(number: int, code: str) -> None:
    assert explained(OSError(number, os.strerror(number))).code == code


def test_a_folder_in_the_place_of_a_file_is_told_not_raised_raw(tmp_path: Path) -> None:
    with pytest.raises(StationError, match="disk_failing"):
        DISK.read(tmp_path)
