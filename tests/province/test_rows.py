"""Three places for rows, one contract: the station's, the province's, and the lists tests keep them in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector_app.errors import BugError
from inspector_app.journal.projections import Row, Rows
from inspector_app.store.database import Database
from inspector_app.store.sql_rows import SqlRows
from province.journal import rows as province_rows
from province.journal.rows import DjangoRows, RememberedRows
from tests.journal.test_taken_twice import Memory
from tests.province.fixtures import Province


@pytest.fixture
def station_rows(tmp_path: Path) -> Iterator[Rows]:
    database = Database(tmp_path / "rows.db", bytes(32))
    found = SqlRows(database)
    found.create()
    yield found
    database.close()


@pytest.fixture(params=["station", "province", "remembered", "memory"])
def rows(request: pytest.FixtureRequest, station_rows: Rows, province: Province) -> Rows:
    kept: dict[str, Rows] = {
        "station": station_rows,
        "province": DjangoRows(province.using),
        "remembered": RememberedRows(province.using),
        "memory": Memory(),
    }
    return kept[request.param]


def picture(place: int, about: str = "d/1") -> Row:
    return {"ref": f"d/{place}", "device": "d", "about": about, "pictures": place, "by": 7, "at": 1}


def test_many_rows_are_added_at_once(rows: Rows) -> None:
    count = 2 * province_rows.AT_ONCE + 1
    rows.insert_all("photographs", [picture(place) for place in range(1, count + 1)])
    found = rows.many("photographs", about="d/1", order="pictures")
    assert [row["pictures"] for row in found] == list(range(1, count + 1))
    assert found[0] == picture(1)


def test_no_rows_are_no_statement(rows: Rows) -> None:
    rows.insert_all("photographs", [])
    assert rows.many("photographs") == []


def test_what_is_told_of_a_row_may_leave_columns_out_in_any_order(rows: Rows) -> None:
    rows.insert_all("photographs", [{"ref": "d/1", "pictures": 2}, {"pictures": 3, "ref": "d/2"}])
    assert [(row["ref"], row["pictures"], row["about"]) for row in rows.many("photographs", order="pictures")] == [
        ("d/1", 2, None),
        ("d/2", 3, None),
    ]


@pytest.mark.parametrize("again", [[1], [2, 1], [3, 3]])
def test_a_key_that_is_there_is_our_fault(rows: Rows, again: list[int]) -> None:
    rows.insert("photographs", picture(1))
    with pytest.raises(BugError):
        rows.insert_all("photographs", [picture(place) for place in again])


def test_a_row_that_was_looked_for_is_found_once_it_is_added(rows: Rows) -> None:
    assert rows.one("photographs", ref="d/1") is None
    rows.insert_all("photographs", [picture(1)])
    assert rows.one("photographs", ref="d/1") == picture(1)


def test_one_row_is_one_and_several_are_our_fault(rows: Rows) -> None:
    rows.insert_all("photographs", [picture(1), picture(2)])
    with pytest.raises(BugError):
        rows.one("photographs", about="d/1")


def test_putting_replaces_the_row_with_its_key(rows: Rows) -> None:
    rows.insert("photographs", picture(1))
    rows.put("photographs", {"ref": "d/1", "pictures": 9})
    assert rows.many("photographs") == [dict.fromkeys(picture(1)) | {"ref": "d/1", "pictures": 9}]


def test_updating_says_how_many_rows_it_changed(rows: Rows) -> None:
    rows.insert_all("photographs", [picture(1), picture(2), picture(3, about="d/9")])
    assert rows.update("photographs", {"about": "d/1"}, {"by": 8}) == 2
    assert [row["by"] for row in rows.many("photographs", order="pictures")] == [8, 8, 7]
    assert rows.update("photographs", {"about": "nobody"}, {"by": 8}) == 0


def test_what_was_remembered_is_looked_up_again_once_it_changed(rows: Rows) -> None:
    rows.insert_all("photographs", [picture(1), picture(2, about="d/9")])
    assert rows.one("photographs", about="d/9") == picture(2, about="d/9")
    assert [row["ref"] for row in rows.many("photographs", by=7)] == ["d/1", "d/2"]
    rows.update("photographs", {"ref": "d/2"}, {"about": "d/8", "by": 8})
    assert rows.one("photographs", about="d/9") is None
    assert (rows.one("photographs", about="d/8") or {})["by"] == 8
    assert [row["ref"] for row in rows.many("photographs", by=7)] == ["d/1"]
    rows.put("photographs", picture(2, about="d/7"))
    assert rows.one("photographs", about="d/8") is None
    assert rows.one("photographs", ref="d/2") == picture(2, about="d/7")


def test_an_update_by_another_column_reaches_what_is_known_by_key(rows: Rows) -> None:
    rows.insert_all("photographs", [picture(1), picture(2, about="d/9")])
    assert [(rows.one("photographs", ref=f"d/{place}") or {})["by"] for place in (1, 2)] == [7, 7]
    rows.update("photographs", {"about": "d/1"}, {"by": 9})
    assert [(rows.one("photographs", ref=f"d/{place}") or {})["by"] for place in (1, 2)] == [9, 7]


def test_what_a_caller_does_to_a_row_changes_nothing_that_is_remembered(rows: Rows) -> None:
    rows.insert("photographs", picture(1))
    for found in (rows.many("photographs")[0], rows.one("photographs", ref="d/1") or {}):
        found["by"] = 99
    assert rows.many("photographs") == [picture(1)]
    assert rows.one("photographs", ref="d/1") == picture(1)
