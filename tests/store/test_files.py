"""Attachments and print bytes: encrypted one by one, found by their hash, told when they are not whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector_app.errors import StationError
from inspector_app.journal.entries.devices import RetentionApplied
from inspector_app.journal.entries.stores import StorageChecked
from inspector_app.store.disk import LocalDisk
from inspector_app.store.doctor import check_files
from inspector_app.store.files import FileStore
from inspector_app.suites import sha256
from tests.journal.samples import DEVICE, act_on
from tests.proof_samples import SeededRandom
from tests.store.homes import Home
from tests.store.places import tiny_disk

SECRET = "检疫合格证明 王𬀩 13900000000 ".encode() * 300


def the_file(home: Home) -> Path:
    (path,) = home.paths.files.glob("*/*")
    return path


def test_a_file_reads_back_and_is_named_by_its_hash(home: Home) -> None:
    name = home.files.add(SECRET, "application/pdf")
    assert name == sha256(SECRET).hex()
    assert home.files.read(name) == SECRET
    assert home.files.has(name)
    assert home.database.one("SELECT size, media_type, uploaded FROM files") == (len(SECRET), "application/pdf", 0)


def test_nothing_of_a_file_can_be_read_on_the_disk(home: Home, folder: Path) -> None:
    home.files.add(SECRET, "application/pdf")
    raw = the_file(home).read_bytes()
    for start in range(0, len(SECRET) - 8, 8):
        assert SECRET[start : start + 8] not in raw
    key = home.database.one("SELECT key FROM files")
    assert key is not None
    on_disk = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert bytes(key[0]) not in on_disk


def test_two_files_have_two_keys(home: Home) -> None:
    for content in (b"one", b"two"):
        home.files.add(content, "text/plain")
    assert home.database.one("SELECT COUNT(DISTINCT key) FROM files") == (2,)


def test_the_same_content_again_changes_nothing(home: Home) -> None:
    name = home.files.add(SECRET, "application/pdf")
    before = the_file(home).read_bytes()
    assert home.files.add(SECRET, "image/png") == name
    assert the_file(home).read_bytes() == before
    assert home.database.one("SELECT media_type FROM files") == ("application/pdf",)


def test_a_lost_file_is_missing_and_comes_back_when_its_content_is_added_again(home: Home) -> None:
    name = home.files.add(SECRET, "application/pdf")
    the_file(home).unlink()
    assert not home.files.has(name)
    with pytest.raises(StationError, match=f"file_missing .name={name[:12]}"):
        home.files.read(name)
    home.files.add(SECRET, "application/pdf")
    assert home.files.read(name) == SECRET


@pytest.mark.parametrize("where", [0, 100, -1])
def test_one_changed_byte_is_damage(home: Home, where: int) -> None:
    name = home.files.add(SECRET, "application/pdf")
    raw = bytearray(the_file(home).read_bytes())
    raw[where] ^= 1
    the_file(home).write_bytes(raw)
    with pytest.raises(StationError, match="file_damaged"):
        home.files.read(name)


@pytest.mark.parametrize("left", [0, 15, 500])
def test_a_truncated_file_is_damage(home: Home, left: int) -> None:
    name = home.files.add(SECRET, "application/pdf")
    the_file(home).write_bytes(the_file(home).read_bytes()[:left])
    with pytest.raises(StationError, match="file_damaged"):
        home.files.read(name)


def test_two_files_changed_for_each_other_are_both_damaged(home: Home) -> None:
    names = [home.files.add(content, "text/plain") for content in (b"one", b"two")]
    paths = [home.paths.files / name[:2] / name for name in names]
    contents = [path.read_bytes() for path in paths]
    for path, content in zip(paths, reversed(contents), strict=True):
        path.write_bytes(content)
    for name in names:
        with pytest.raises(StationError, match="file_damaged"):
            home.files.read(name)


def test_a_file_nobody_has_a_key_for_is_missing(home: Home) -> None:
    with pytest.raises(StationError, match="file_missing"):
        home.files.read("00" * 32)
    assert not home.files.has("00" * 32)


def test_strays_are_swept_away_and_known_files_stay(home: Home) -> None:
    name = home.files.add(SECRET, "application/pdf")
    stray = home.paths.files / "00" / ("00" * 32)
    half = home.paths.files / name[:2] / f"{name}.new"
    for path in (stray, half):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"left by a power cut")
    assert home.files.sweep() == 2
    assert home.files.sweep() == 0
    assert home.files.read(name) == SECRET
    assert not stray.exists()


def test_when_the_key_cannot_be_kept_the_file_is_a_stray(home: Home) -> None:
    (pages,) = home.database.one("PRAGMA page_count") or (0,)
    home.database.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        for number in range(200):
            home.files.add(b"%d" % number, "text/plain")

    with pytest.raises(StationError, match="disk_full"):
        fill()
    kept = {row[0] for row in home.database.all("SELECT sha256 FROM files")}
    assert home.files.sweep() == 1
    assert {path.name for path in home.paths.files.glob("*/*")} == kept


def test_on_a_full_disk_no_key_is_kept_for_a_file_that_is_not_there(home: Home) -> None:
    with tiny_disk(100) as (place, code):
        files = FileStore(place / "files", home.database, LocalDisk(), SeededRandom(1))
        with pytest.raises(StationError, match=code):
            files.add(bytes(300_000), "application/pdf")
    assert home.database.one("SELECT COUNT(*) FROM files") == (0,)


def test_what_entries_name_waits_until_the_province_has_it_and_after_a_retention_too(home: Home) -> None:
    names = [home.files.add(SECRET + end, "application/pdf") for end in (b"1", b"2", b"3")]
    (first,) = home.record(StorageChecked(store="main", findings=[], attachments=names[:2]))
    seq = home.store.head().seq
    assert [one.name for one in home.files.unsent(DEVICE, seq, 1)] == sorted(names[:2])
    act = act_on(home.store.head(), actor=0)
    act.add(RetentionApplied(entries=[first]))
    home.store.append(act)
    assert [one.name for one in home.files.unsent(DEVICE, seq, 1)] == sorted(names[:2])
    home.files.note_uploaded(names, 1)
    assert home.files.unsent(DEVICE, seq, 1) == []
    assert len(home.files.unsent(DEVICE, seq, 2)) == 2
    assert home.files.unsent("ee" * 16, seq, 2) == []
    assert list(check_files(home.store, home.files)) == []


def test_a_fact_whose_attachments_are_no_hashes_names_none(home: Home) -> None:
    home.record(StorageChecked(store="main", findings=[], attachments=["../../passwd", "AB" * 32, "ab" * 31]))
    assert home.store.rows.many("attachments") == []
