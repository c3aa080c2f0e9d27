"""Long random lives: whatever a station, its sister and the province do, live rows equal rebuilt rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector_app.domain.numbering import NumberState
from inspector_app.journal.chain import ChainFault, entry_hash, follow, genesis
from inspector_app.journal.entries.certificates import CertificateIssued, NoticeIssued
from inspector_app.journal.projections import TABLES
from inspector_app.store.doctor import examine
from tests.journal.samples import DEVICE
from tests.store.homes import Home, Life


def rows_of(home: Home) -> dict[str, list[tuple[object, ...]]]:
    return {name: home.database.all(f"SELECT * FROM p_{name}") for name in TABLES}


@pytest.mark.parametrize("seed", range(5))
def test_after_a_long_random_life_the_home_is_sound_and_rebuilds_to_itself(home: Home, seed: int) -> None:
    life = Life(home, seed)
    for _ in range(4):
        life.run(60)
        assert examine(home.store, home.files) == []
    before = rows_of(home)
    home.store.rebuild()
    assert rows_of(home) == before


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 400))
def test_after_a_very_long_random_life_too(home: Home, seed: int) -> None:
    life = Life(home, seed)
    for _ in range(5):
        life.run(200)
        assert examine(home.store, home.files) == []


@pytest.mark.parametrize("seed", range(2))
def test_a_life_in_many_sittings_is_the_life_in_one(tmp_path: Path, seed: int) -> None:
    """Closing and opening again between any two steps changes nothing."""
    (tmp_path / "one").mkdir()
    (tmp_path / "many").mkdir()
    one = Home(tmp_path / "one", seed=seed)
    Life(one, seed).run(80)
    many = Home(tmp_path / "many", seed=seed)
    life = Life(many, seed)
    for _ in range(8):
        life.run(10)
        many.close()
        many = Home(tmp_path / "many", seed=seed)
        life.home, life.rows = many, many.store.rows
    assert list(one.store.written()) == list(many.store.written())
    assert rows_of(one) == rows_of(many)
    one.close()
    many.close()


@pytest.mark.parametrize("seed", range(2))
def test_the_bytes_alone_make_the_same_head_and_the_same_rows_elsewhere(home: Home, tmp_path: Path, seed: int) -> None:
    """What the province, or a new disk, is sent is enough: nothing else was needed."""
    Life(home, seed).run(120)
    head = genesis(DEVICE)
    for written in home.store.written():
        followed = follow(head, written)
        assert not isinstance(followed, ChainFault)
        assert followed[0].hash == entry_hash(head.hash, written.public)
        head = followed[0]
    assert head == home.store.head()


@pytest.mark.parametrize("seed", range(3))
def test_used_numbers_are_an_initial_segment_of_their_block_in_the_order_of_the_journal(home: Home, seed: int) -> None:
    """I2 of SYNC 3.6, for this device's blocks."""
    Life(home, seed).run(250)
    used: dict[str, list[str]] = {}
    for entry in home.store.entries():
        match entry.fact:
            case CertificateIssued(record=stated) | (NoticeIssued() as stated):
                used.setdefault(stated.block, []).append(stated.number.digits)
            case _:
                pass
    assert sum(map(len, used.values())) > 0
    for block, digits in used.items():
        row = home.store.rows.one("blocks", block=block)
        assert row is not None
        first = int(str(row["first"]))
        assert digits == [f"{first + place:010d}" for place in range(len(digits))]


@pytest.mark.parametrize("seed", range(3))
def test_a_number_once_used_stays_used(home: Home, seed: int) -> None:
    """I3 of SYNC 3.6: one end, and it is absorbing."""
    life = Life(home, seed)
    ended: dict[str, str] = {}
    for _ in range(25):
        life.run(8)
        now = {str(row["number"]): str(row["state"]) for row in home.store.rows.many("numbers")}
        assert {number: now[number] for number in ended} == ended
        ended = {number: state for number, state in now.items() if state != NumberState.FREE}
