"""What is ours in the output folder, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector_app.demo.out_folder import BUILDING, MANIFEST, DemoError, OutFolder


def fill(place: Path, **files: str) -> None:
    for name, content in files.items():
        path = place / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")


def run(folder: Path, **files: str) -> None:
    out = OutFolder(folder)
    fill(out.begin(), **files)
    out.finish()


def names(folder: Path) -> set[str]:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return found - {MANIFEST}


def test_a_run_appears_whole_and_only_at_its_end(tmp_path: Path) -> None:
    out = OutFolder(tmp_path / "out")
    fill(out.begin(), index_dot_html="1", certificates__a="1")
    assert not (tmp_path / "out" / "index.html").exists()
    out.finish()
    assert names(tmp_path / "out") == {"index.html", "certificates/a"}


def test_files_of_an_earlier_run_that_are_no_longer_made_go_and_others_stay(tmp_path: Path) -> None:
    run(tmp_path, index_dot_html="1", certificates__a="1", old__b="1")
    fill(tmp_path, mine="x", certificates__mine="x")
    run(tmp_path, index_dot_html="2", certificates__a="2")
    assert names(tmp_path) == {"index.html", "certificates/a", "mine", "certificates/mine"}
    assert (tmp_path / "index.html").read_text("utf-8") == "2"
    assert not (tmp_path / "old").exists()


def test_the_log_of_an_old_database_never_meets_the_new_one(tmp_path: Path) -> None:
    run(tmp_path, home__journal_dot_db="1")
    fill(tmp_path / "home", **{"journal_dot_db-wal": "old", "files__ab__cd": "old", "notes": "mine"})
    run(tmp_path, home__journal_dot_db="2")
    assert names(tmp_path) == {"home/journal.db", "home/notes"}


def test_a_foreign_file_where_ours_belongs_stops_it_before_anything_is_moved(tmp_path: Path) -> None:
    out = OutFolder(tmp_path)
    place = out.begin()
    fill(place, index_dot_html="1", certificates__a="1")
    fill(tmp_path, certificates__a="mine")
    with pytest.raises(DemoError, match="not from an earlier demonstration"):
        out.finish()
    out.abandon()
    assert names(tmp_path) == {"certificates/a"}
    assert (tmp_path / "certificates" / "a").read_text("utf-8") == "mine"


def test_a_folder_where_one_of_our_files_belongs_is_told_and_left_alone(tmp_path: Path) -> None:
    out = OutFolder(tmp_path)
    fill(out.begin(), certificates__a="1")
    (tmp_path / "certificates").write_text("mine", "utf-8")
    with pytest.raises(DemoError, match="cannot be written"):
        out.finish()
    assert (tmp_path / "certificates").read_text("utf-8") == "mine"


def test_homes_of_somebody_who_never_ran_a_demonstration_are_foreign(tmp_path: Path) -> None:
    fill(tmp_path, home__journal_dot_db="mine")
    out = OutFolder(tmp_path)
    fill(out.begin(), home__journal_dot_db="1")
    with pytest.raises(DemoError):
        out.finish()
    assert (tmp_path / "home" / "journal.db").read_text("utf-8") == "mine"


def test_a_ruin_of_a_killed_run_is_cleared_but_not_somebody_elses_folder_of_that_name(tmp_path: Path) -> None:
    OutFolder(tmp_path).begin()
    OutFolder(tmp_path).begin()
    other = tmp_path / "other"
    fill(other, **{f"{BUILDING}__mine": "x"})
    with pytest.raises(DemoError):
        OutFolder(other).begin()
    assert (other / BUILDING / "mine").exists()


def test_an_unreadable_list_of_files_makes_everything_foreign(tmp_path: Path) -> None:
    run(tmp_path, index_dot_html="1")
    (tmp_path / MANIFEST).write_text("{", "utf-8")
    with pytest.raises(DemoError):
        OutFolder(tmp_path).begin()
    assert (tmp_path / "index.html").read_text("utf-8") == "1"


def test_killed_while_files_are_put_in_place_the_next_run_still_knows_what_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path, index_dot_html="1", certificates__a="1")
    out = OutFolder(tmp_path)
    fill(out.begin(), index_dot_html="2", certificates__b="2")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", _killed)
        with pytest.raises(KeyboardInterrupt):
            out.finish()
    run(tmp_path, index_dot_html="3", certificates__b="3")
    assert names(tmp_path) == {"index.html", "certificates/b"}


def _killed(*_arguments: object) -> None:
    raise KeyboardInterrupt
