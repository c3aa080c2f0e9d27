"""The benchmark of reading: a journal of repeated facts is sound, and each reading is set against rows there are."""

from __future__ import annotations

import msgspec
import pytest

from benchmarks import books
from inspector_app.domain.continuity import Standing
from inspector_app.domain.refusals import Refusal, RefusalCode, refused
from inspector_app.services.ledgers import continuity, read_book
from inspector_app.services.tracing import trace
from inspector_app.store.doctor import examine
from tests.services.work import done


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> books.Station:
    return books.Station(tmp_path_factory.mktemp("books") / "home", blocks=3, size=14, untouched=1)


def test_repeated_papers_are_a_sound_journal(station: books.Station) -> None:
    assert examine(station.device.store) == []
    totals = continuity(station.device).totals()["B"]
    assert (totals["used"], totals["returned"], totals["free"]) == (8, 20, 14)
    assert continuity(station.device).to_explain == ()


def test_a_repeated_paper_has_the_life_of_one_that_went_through_the_services(station: books.Station) -> None:
    first, other = (done(trace(station.device, number)) for number in (station.first, "B 9900000018"))
    assert first.standing is other.standing is Standing.USED
    assert [step.what for step in other.steps] == [step.what for step in first.steps]
    assert [one.state for one in other.sheets] == ["kept", "handed_over"]


def test_papers_lie_in_the_years_of_the_books(station: books.Station) -> None:
    book = done(read_book(station.device, "use", **books.YEARS))
    assert book.holds
    assert {str(line.cells[0]) for section in book.sections for line in section.lines} == {"2026-11-21", "2026-11-28"}


def test_every_reading_has_its_time_and_its_floor(station: books.Station) -> None:
    found = books.measure(station, rounds=1)
    assert [one.reading for one in found] == [one.name for one in books.readings(station)]
    assert all(one.floor_ms >= 0 and one.best_ms > 0 for one in found)


def test_a_floor_scans_the_rows_of_its_tables(station: books.Station) -> None:
    database = station.device.store.database
    assert books.floor(database, ("blocks", "numbers")) == 3 + 42
    assert books.floor(database, ()) == station.device.store.head().seq


def test_a_refused_reading_is_no_measurement(station: books.Station, monkeypatch: pytest.MonkeyPatch) -> None:
    no_book = books.Reading("no book", lambda _device: refused(Refusal(code=RefusalCode.NOT_FOUND)), ("blocks",))
    monkeypatch.setattr(books, "readings", lambda _station: [no_book])
    with pytest.raises(SystemExit, match="no book is refused"):
        books.measure(station)


def test_a_journal_that_is_not_sound_is_no_measurement(station: books.Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "check_equations", lambda _store: ["equation_broken"])
    with pytest.raises(SystemExit, match="not sound"):
        books.measure(station, rounds=1)


def test_the_best_of_each_column_counts() -> None:
    found = books._figures("x", [(0.002, 0.03), (0.001, 0.05)])
    assert msgspec.structs.astuple(found) == ("x", 1.0, 30.0)
    assert found.ratio == 30.0
