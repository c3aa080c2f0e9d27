"""The benchmark of issuing: both sides do their work, the home is sound afterwards, figures are those of the times."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import issue
from inspector_app.services.device import Device
from inspector_app.services.sign_in import LockedHome
from inspector_app.store.database import Database
from tests.office import PASSPHRASE, VET, HandClock, parts


def test_every_step_takes_its_turn_with_numbers_of_its_own() -> None:
    called: list[tuple[str, int]] = []
    times = issue.take_turns(
        [lambda count: called.append(("floor", count)), lambda count: called.append(("issue", count))], 25, first=100
    )
    assert [len(taken) for taken in times] == [25, 25]
    assert [count for name, count in called if name == "issue"] == list(range(100, 125))
    assert called[:10] == [("floor", count) for count in range(100, 110)]
    assert called[10:20] == [("issue", count) for count in range(100, 110)]


def test_figures_are_percentiles_in_milliseconds() -> None:
    found = issue.figures([count / 1000 for count in range(1, 101)])
    assert (found.p50_ms, found.p95_ms, found.mean_ms, found.count) == (50.5, 96.0, 50.5, 100)


def test_both_sides_do_what_is_timed(tmp_path: Path) -> None:
    found = issue.measure(tmp_path, declarations=2, certificates=4, count=12)
    assert {name: row.count for name, row in found.items()} == {"floor": 12, "issue": 12}
    assert all(0 < row.p50_ms <= row.p95_ms for row in found.values())
    locked = LockedHome(tmp_path / "home", parts(HandClock()))
    device = locked.unlock(VET, PASSPHRASE)
    assert isinstance(device, Device)
    assert len(device.rows.many("certificates")) == 16
    locked.close()


def test_the_floor_commits_the_bytes_of_an_issue_durably(tmp_path: Path) -> None:
    station = issue.Station(tmp_path / "home", 1, 1, 1)
    content = station.bytes_of_last()
    assert 1_500 < len(content) < 4_000
    floor = issue.Floor(tmp_path / "floor.db", station.device.session_key(), content)
    floor.commit(0)
    database: Database = floor._database
    assert database.all("SELECT content FROM floor") == [(content,)]
    assert database.one("PRAGMA synchronous") == (2,)
    assert database.one("PRAGMA journal_mode") == ("wal",)
    floor.close()
    station.device.store.database.close()


def test_a_station_whose_numbers_ran_out_is_no_measurement(tmp_path: Path) -> None:
    station = issue.Station(tmp_path / "home", 1, 2, 0)
    with pytest.raises(SystemExit, match="refused"):
        station.issue(2)
    station.device.store.database.close()


@pytest.mark.parametrize(("issuing", "code"), [(2.9, 0), (3.1, 1)])
def test_the_exit_code_says_whether_the_aim_is_met(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], issuing: float, code: int
) -> None:
    rows = {"floor": issue.Figures(1.0, 2.0, 1.1, 300), "issue": issue.Figures(issuing, 9.0, 3.0, 300)}
    monkeypatch.setattr(issue, "measure", lambda *_args, **_more: rows)
    assert issue.main(["--json"]) == code
    said = json.loads(capsys.readouterr().out)
    assert (said["ratio_p50"], said["aim"], set(said["setting"]) >= {"machine", "commit", "date"}) == (
        issuing,
        3.0,
        True,
    )
    assert issue.main([]) == code
    assert ("NOT met" in capsys.readouterr().out) == bool(code)
