"""The benchmark of catching up: what is timed is the real thing, and figures are those of what passed."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmarks import peers, station, sync
from benchmarks.proxy import PLAIN, SHAPED
from inspector_app.journal.chain import WrittenEntry

SMALL, LARGE, SCANS = 20, 40, 5


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> sync.Found:
    """A run of ours with few entries."""
    made = sync.Found()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sync, "SMALL", SMALL)
        patched.setattr(sync, "LARGE", LARGE)
        patched.setattr(sync, "SCANS", SCANS)
        sync.Ours(tmp_path_factory.mktemp("ours"), made).run((SMALL, LARGE), (PLAIN,))
    return made


def test_every_phase_is_measured_and_in_one_request_where_it_should(found: sync.Found) -> None:
    phases = [(row.phase, row.n) for row in found.rows]
    one = ["initial", "no_change", "one_change"]
    entries = [(phase, n) for n in (SMALL, LARGE) for phase in one]
    assert phases == [*entries, ("resume", SMALL), ("attachments", SCANS), ("resume", SCANS)]
    assert [row.requests for row in found.rows if row.phase in ("no_change", "one_change")] == [1] * 4
    assert all(row.bytes > 0 and row.seconds > 0 for row in found.rows)


def test_a_contact_without_news_and_one_entry_cost_what_they_may(found: sync.Found) -> None:
    for n in (SMALL, LARGE):
        quiet, one = (found.row(sync.OURS, "plain", phase, n) for phase in ("no_change", "one_change"))
        assert quiet is not None
        assert one is not None
        assert quiet.bytes <= 600
        assert one.bytes <= 1_300


def test_entries_are_those_of_a_day_on_the_road(found: sync.Found) -> None:
    assert 850 < found.entry_bytes < 950


def test_what_the_dead_line_took_is_less_than_what_was_sent_in_all(found: sync.Found) -> None:
    assert found.resent is not None
    assert 0 < found.resent.lost < found.resent.whole


def test_scans_travel_whole_and_after_a_cut_only_what_is_missing(found: sync.Found) -> None:
    whole, rest = (found.row(sync.OURS, "plain", phase, SCANS) for phase in ("attachments", "resume"))
    assert whole is not None
    assert rest is not None
    assert SCANS * station.SCAN_BYTES < whole.bytes < SCANS * station.SCAN_BYTES * 1.02
    assert whole.bytes * (1 - sync.CUT_AT) < rest.bytes < whole.bytes * 0.9
    assert found.resent_scans is not None
    assert 0 < found.resent_scans.lost <= found.resent_scans.whole / 100 + found.resent_scans.chunk


def test_a_scan_the_province_lacks_is_no_measurement(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Lacking:
        @staticmethod
        def scans_held(_device: object) -> int:
            return sync.SCANS - 1

    ours = object.__new__(sync.Ours)
    monkeypatch.setattr(ours, "province", Lacking(), raising=False)
    monkeypatch.setattr(station, "opened", lambda _made: nullcontext((None, None)))
    monkeypatch.setattr(sync, "unsent_attachments", lambda _device: (0, 0))
    with pytest.raises(SystemExit, match="scans held 99"):
        ours._check_scans(station.Measured(tmp_path, 1))


def test_scans_of_a_peer_are_as_large_and_no_two_persons_have_the_same(tmp_path: Path) -> None:
    files = station.write_scans(tmp_path / "scans", 2)
    first, second = (file.read_bytes() for file in files)
    assert [first, second] == list(station.scans(2))
    assert len({first, second, *station.scans(2, person=1)}) == 4
    assert {len(first), len(second)} == {station.SCAN_BYTES}


def test_the_server_is_timed_for_recording_and_for_everything(found: sync.Found) -> None:
    assert found.applied is not None
    assert found.applied.n >= LARGE
    assert 0 < found.applied.recorded_s < found.applied.all_s


def test_bare_rows_have_the_shape_others_read(
    found: sync.Found, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(self: sync.Ours, *_arguments: object) -> None:
        self.found.rows = list(found.rows)

    monkeypatch.setattr(sync.Ours, "__init__", lambda self, _folder, made: setattr(self, "found", made))
    monkeypatch.setattr(sync.Ours, "run", run)
    assert sync.main(["--only", "ours", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {"rows"}
    assert {tuple(row) for row in said["rows"]} == {("phase", "n", "bytes", "requests", "seconds")}


def row(phase: str, n: int, size: int, *, who: str = sync.OURS, link: str = "plain", seconds: float = 1.0) -> sync.Row:
    return sync.Row(who, link, phase, n, size, 1, seconds)


@pytest.mark.parametrize(
    ("missed", "what"),
    [
        (row("no_change", 1_000, 601), "no_change, 1000 entries: bytes"),
        (row("one_change", 10_000, 1_301), "one_change, 10000 entries: bytes"),
        (row("initial", 1_000, 300_001), "initial, 1000 entries: bytes"),
        (row("initial", 10_000, 3_000_001), "initial, 10000 entries: bytes"),
    ],
)
def test_an_aim_that_is_missed_is_said_so(missed: sync.Row, what: str) -> None:
    assert [aim.what for aim in sync.aims(sync.Found(rows=[missed])) if not aim.met] == [what]
    just = msgspec.structs.replace(missed, bytes=missed.bytes - 1)
    assert all(aim.met for aim in sync.aims(sync.Found(rows=[just])))


@pytest.mark.parametrize(("ours", "met"), [(0.79, True), (0.81, False)])
def test_the_slow_line_is_a_ratio_in_one_run(ours: float, met: bool) -> None:
    rows = [row("initial", 1_000, 9, link=SHAPED.name, seconds=ours * 10)]
    assert sync.aims(sync.Found(rows=list(rows))) == []
    rows.append(row("initial", 1_000, 9, who=peers.ANKI.name, link=SHAPED.name, seconds=10.0))
    assert [aim.met for aim in sync.aims(sync.Found(rows=rows))] == [met]


def test_a_resumed_upload_that_begins_anew_misses_its_aim() -> None:
    assert sync.aims(sync.Found(resent=sync.Resent(1_500, 100_000, 500)))[0].met
    assert not sync.aims(sync.Found(resent=sync.Resent(60_000, 100_000, 500)))[0].met
    assert sync.aims(sync.Found(resent_scans=sync.Resent(1_500, 100_000, 500)))[0].met
    assert not sync.aims(sync.Found(resent_scans=sync.Resent(1_501, 100_000, 500)))[0].met


def test_a_peer_gets_the_same_content(tmp_path: Path) -> None:
    public = {"v": 1, "device": "d", "seq": 3, "fact": {"x": 1}}
    entry = WrittenEntry(json.dumps(public).encode(), None, b"\x05" * 64)
    (line,) = sync.write_records([entry], tmp_path / "records").read_text("utf-8").splitlines()
    told: dict[str, Any] = json.loads(line)
    assert told == {"id": "0" * 32, **public, "signature": "05" * 64}


# --- peers -----------------------------------------------------------------------------------------------------------


def test_a_peer_that_cannot_be_had_is_told_plainly(tmp_path: Path) -> None:
    def install(place: Path) -> None:
        peers._run(["no-such-installer", "x"], place)

    absent = msgspec.structs.replace(peers.ANKI, name="absent", install=install)
    with pytest.raises(peers.NotInstalledError, match="no-such-installer is not on this machine"):
        peers.installed(absent, tmp_path)
    assert not (tmp_path / "absent" / "installed").exists()


def test_a_peer_is_installed_once_and_again_after_a_failed_try(tmp_path: Path) -> None:
    tries: list[Path] = []

    def install(place: Path) -> None:
        tries.append(place)
        assert list(place.iterdir()) == [], "what a failed try left is cleared away"
        (place / "half").touch()
        if len(tries) == 1:
            raise peers.NotInstalledError("no network")

    one = msgspec.structs.replace(peers.ANKI, name="one", install=install)
    with pytest.raises(peers.NotInstalledError):
        peers.installed(one, tmp_path)
    assert peers.installed(one, tmp_path) == peers.installed(one, tmp_path) == tmp_path / "one"
    assert len(tries) == 2


def test_a_failing_installer_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(peers.NotInstalledError, match="no such package"):
        peers._run(["sh", "-c", "echo first >&2; echo no such package >&2; exit 1"], tmp_path)


def test_a_client_that_gives_up_ends_the_measurement(tmp_path: Path) -> None:
    client = peers.Client(["sh", "-c", "read line; echo broken >&2; exit 1", "sh"], tmp_path / "client", "http://x/")
    with pytest.raises(SystemExit, match="broken"):
        client.do("sync")
    client.close()


def test_a_device_that_does_not_come_to_rest_is_no_measurement(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Restless:
        pushed, pulled = 1, 0

    monkeypatch.setattr(station, "synced", lambda _made, _url: Restless())
    with pytest.raises(SystemExit, match="come to rest"):
        station.rest(station.Measured(tmp_path, 1), "http://127.0.0.1:1")
