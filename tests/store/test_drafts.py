"""Drafts: what people are typing survives a crash, can be put aside and taken back, and goes after thirty days."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from inspector_app.errors import StationError
from inspector_app.store.drafts import KEPT_MS, Draft
from tests.journal.samples import MORNING
from tests.store.homes import Home


def draft(name: str, text: bytes = b'{"owner":"', at: int = MORNING, form: str = "declaration") -> Draft:
    return Draft(name, form, 7, "online/O1", text, at)


def test_a_draft_is_what_was_typed_last(home: Home) -> None:
    home.drafts.save(draft("a", b"one"))
    home.drafts.save(draft("a", "王𬀩".encode(), at=MORNING + 1))
    assert home.drafts.get("a") == draft("a", "王𬀩".encode(), at=MORNING + 1)
    assert len(home.drafts.open_drafts()) == 1


def test_open_drafts_come_latest_first_and_by_form(home: Home) -> None:
    home.drafts.save(draft("a", at=1))
    home.drafts.save(draft("b", at=3))
    home.drafts.save(draft("c", at=2, form="issue"))
    assert [one.draft for one in home.drafts.open_drafts()] == ["b", "c", "a"]
    assert [one.draft for one in home.drafts.open_drafts("issue")] == ["c"]
    assert home.drafts.open_drafts("sample") == []


def test_a_discarded_draft_is_put_aside_and_can_be_taken_back(home: Home) -> None:
    home.drafts.save(draft("a"))
    home.drafts.discard("a", MORNING + 5)
    assert home.drafts.open_drafts() == []
    held = home.drafts.get("a")
    assert held is not None
    assert held.discarded_at == MORNING + 5
    home.drafts.restore("a")
    assert home.drafts.open_drafts() == [draft("a")]


def test_typing_on_in_a_discarded_draft_takes_it_back(home: Home) -> None:
    home.drafts.save(draft("a"))
    home.drafts.discard("a", MORNING)
    home.drafts.save(draft("a"))
    assert len(home.drafts.open_drafts()) == 1


def test_a_discarded_draft_goes_after_thirty_days_and_not_a_moment_before(home: Home) -> None:
    home.drafts.save(draft("old"))
    home.drafts.save(draft("open", at=0))
    home.drafts.discard("old", MORNING)
    home.drafts.expire(MORNING + KEPT_MS)
    assert home.drafts.get("old") is not None
    home.drafts.expire(MORNING + KEPT_MS + 1)
    assert home.drafts.get("old") is None
    assert home.drafts.get("open") is not None, "what is not discarded is never forgotten"


def test_a_finished_draft_is_gone_and_an_unknown_one_never_was(home: Home) -> None:
    home.drafts.save(draft("a"))
    home.drafts.finish("a")
    home.drafts.finish("b")
    home.drafts.discard("b", 1)
    assert home.drafts.get("a") is None
    assert home.drafts.get("b") is None


def test_what_was_typed_is_there_after_a_power_cut(home: Home, folder: Path, tmp_path: Path) -> None:
    home.drafts.save(draft("a", "半张申报单".encode()))
    found = Home(Path(shutil.copytree(folder, tmp_path / "found")))
    assert found.drafts.get("a") == draft("a", "半张申报单".encode())
    found.close()


def test_a_draft_that_does_not_fit_leaves_the_one_before(home: Home) -> None:
    home.drafts.save(draft("a", b"kept"))
    (pages,) = home.database.one("PRAGMA page_count") or (0,)
    home.database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StationError, match="disk_full"):
        home.drafts.save(draft("a", bytes(1_000_000)))
    assert home.drafts.get("a") == draft("a", b"kept")
