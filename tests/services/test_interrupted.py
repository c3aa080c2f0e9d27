"""The plug is pulled, or the disk is full, at every single thing an act brings to the disk.

The next start finds the act done or not done, nothing between; the home is sound; and the act can be done (again).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector_app.domain.refusals import RefusalCode, Refused
from inspector_app.services.day_close import close_day
from inspector_app.services.device import Device
from inspector_app.services.issuing import Issued, issue_certificate
from inspector_app.services.noticing import NoticeDraft, issue_notice
from inspector_app.services.print_jobs import answer, open_attempts, release_spare, submit
from tests.office import NOON, Office, parts
from tests.printers.fake import FakePrinter
from tests.services.power import Rehearsal, opened
from tests.services.work import (
    assert_sound,
    codes,
    done,
    draft,
    hand_over,
    inspected,
    issued,
    number_states,
    only,
    printed,
    void_paper,
)

C = RefusalCode
ISSUED, PRINTED = "B 9900000001", "B 9900000002"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a passed batch, a failed one, an unprinted certificate and a printed one."""
    folder = tmp_path_factory.mktemp("prepared") / "home"
    device = Office().enrol(folder, parts())
    batch = inspected(device)
    inspected(device, form={"conclusion": "failed", "findings": ["fish_dark"]})
    assert issued(device, batch) == ISSUED
    assert printed(device, issued(device, batch)) == PRINTED
    device.store.database.close()
    return folder


def batch(device: Device, conclusion: str = "passed") -> str:
    return str(device.rows.many("inspections", conclusion=conclusion)[0]["ref"])


# --- the acts and what is to be said of each after the next start ----------------------------------------------------


def issue(device: Device) -> object:
    return issue_certificate(device, draft(device, batch(device)))


def after_issue(device: Device, was_done: bool) -> None:
    used = 3 if was_done else 2
    assert number_states(device, "B") == ["used"] * used + ["free"] * (10 - used)
    outcome = issue(device)
    assert isinstance(outcome, Issued)
    assert outcome.number == f"B 990000000{used + 1}"


def notice(device: Device) -> object:
    made = NoticeDraft(
        inspection=batch(device, "failed"), basis=["apl_56"], method="therapy", failures=["clinical_signs"]
    )
    return issue_notice(device, made)


def after_notice(device: Device, was_done: bool) -> None:
    outcome = notice(device)
    if was_done:
        assert codes(outcome) == [C.ALREADY_RECORDED]
    else:
        assert done(outcome).number == "N 9900000001"  # type: ignore[attr-defined]


def print_it(device: Device) -> object:
    return submit(device, ISSUED, FakePrinter(deaf=True))


def after_print(device: Device, was_done: bool) -> None:
    attempts = open_attempts(device)
    assert len(attempts) == (1 if was_done else 0)
    if was_done:
        assert codes(print_it(device)) == [C.WRONG_STATE, C.PRINT_OPEN]
        only(answer(device, str(attempts[0]["ref"]), "not_printed"), C.PRINT_STILL_QUEUED)
        done(answer(device, str(attempts[0]["ref"]), "unknown"))
        assert release_spare(device, ISSUED, reason="other", spoiled=[], note="断电") == 2
    printed(device, ISSUED)


def release(device: Device) -> object:
    return release_spare(device, PRINTED, reason="paper_jam", spoiled=[1, 2])


def after_release(device: Device, was_done: bool) -> None:
    outcome = release(device)
    if was_done:
        assert codes(outcome) == [C.WRONG_STATE]
    else:
        assert outcome == 2
    printed(device, PRINTED)


def hand(device: Device) -> object:
    return hand_over(device, PRINTED)


def after_hand(device: Device, was_done: bool) -> None:
    outcome = hand(device)
    assert (codes(outcome) == [C.ALREADY_RECORDED]) if was_done else not isinstance(outcome, Refused)


def void(device: Device) -> object:
    return void_paper(device, PRINTED, reason="other", on_desk=2, note="改日再运")


def after_void(device: Device, was_done: bool) -> None:
    outcome = void(device)
    assert (codes(outcome) == [C.WRONG_STATE]) if was_done else not isinstance(outcome, Refused)


def close(device: Device) -> object:
    return close_day(device, device.today())


def after_close(device: Device, was_done: bool) -> None:
    outcome = close(device)
    assert (codes(outcome) == [C.ALREADY_RECORDED]) if was_done else not isinstance(outcome, Refused)


def pull(device: Device) -> object:
    office = Office()
    office._cursor, office._next["B"], office._ordinal[device.id] = 500, 11, 50
    office.publish(device, *office.numbers(device.id, "B"))
    return None


def after_pull(device: Device, was_done: bool) -> None:
    assert len(number_states(device, "B")) == (20 if was_done else 10)
    if not was_done:
        pull(device)
    assert len(number_states(device, "B")) == 20


Check = Callable[[Device, bool], None]
ACTS: dict[str, tuple[Callable[[Device], object], Check]] = {
    "issue": (issue, after_issue),
    "print": (print_it, after_print),
    "release": (release, after_release),
    "close the day": (close, after_close),
    "pull": (pull, after_pull),
    "notice": (notice, after_notice),
    "hand over": (hand, after_hand),
    "void": (void, after_void),
}
OFTEN = ("issue", "print", "release", "close the day")
EACH = [name if name in OFTEN else pytest.param(name, marks=pytest.mark.long) for name in ACTS]


@pytest.mark.parametrize("name", EACH)
def test_a_pulled_plug_leaves_the_act_done_or_not_done(name: str, prepared: Path, tmp_path: Path) -> None:
    act, check = ACTS[name]
    rehearsal = Rehearsal(prepared, tmp_path, NOON, act)
    assert not isinstance(rehearsal.outcome, Refused)
    assert {"BEGIN IMMEDIATE", "COMMIT", "before witness", "after witness"} <= set(rehearsal.events)
    found = [rehearsal.cut(at, check) for at in range(len(rehearsal.events))]
    # Not done before its commit, done after it, and never back again.
    assert found == sorted(found)
    assert (found[0], found[-1]) == (False, True)


@pytest.mark.parametrize("name", EACH)
def test_a_disk_full_anywhere_fails_the_act_whole_or_not_at_all(name: str, prepared: Path, tmp_path: Path) -> None:
    act, check = ACTS[name]
    rehearsal = Rehearsal(prepared, tmp_path, NOON, act)
    places = [at for at, event in enumerate(rehearsal.events) if not event.startswith("after")]
    found = [rehearsal.fill(at, check) for at in places]
    assert found == sorted(found)
    assert (found[0], found[-1]) == (False, True)


# --- a real file system that takes no more ---------------------------------------------------------------------------

NO_MORE_ROOM = """
import json, resource, signal, sys
from pathlib import Path
from inspector_app.errors import StationError
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.sign_in import LockedHome
from inspector_app.domain.quantities import Quantity
from tests.office import PASSPHRASE, VET, HandClock, parts
from tests.services.work import draft

home, room = Path(sys.argv[1]), int(sys.argv[2])
locked = LockedHome(home, parts(HandClock(), seed="later"))
device = locked.unlock(VET, PASSPHRASE)
batch = str(device.rows.many("inspections", conclusion="passed")[0]["ref"])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
# Acts grow the log; how large the database itself is grows with every table the program has.
log = (home / "journal.db-wal").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (log + room, resource.RLIM_INFINITY))
said = {"issued": [], "fault": ""}
try:
    for _ in range(8):
        said["issued"].append(issue_certificate(device, draft(device, batch)).number)
except StationError as error:
    said["fault"] = error.code
print(json.dumps(said), flush=True)
import os
os._exit(0)
"""


@pytest.mark.parametrize("room", [0, 4096, 30_000, 70_000])
def test_a_file_system_that_takes_no_more_costs_no_number(prepared: Path, tmp_path: Path, room: int) -> None:
    home = tmp_path / "home"
    shutil.copytree(prepared, home)
    result = subprocess.run(
        [sys.executable, "-c", NO_MORE_ROOM, str(home), str(room)],
        cwd=Path(__file__).resolve().parents[2], capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    said = json.loads(result.stdout)
    assert said["fault"] in ("disk_full", "disk_failing")
    with opened(home, NOON) as device:
        used = 2 + len(said["issued"])
        assert number_states(device, "B") == ["used"] * used + ["free"] * (10 - used)
        assert_sound(device)
        assert issued(device, batch(device)) == f"B 990000000{used + 1}"
