"""Cases between two computers on the command line: the file, what is said, and what a fault leaves."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inspector_app.commands import cases, copies
from inspector_app.errors import StationError
from inspector_app.services.case_moves import hand_case, return_case, take_case
from inspector_app.services.device import Device
from sync import nearby
from tests.commands.conftest import Desk
from tests.office import CLERK, HandClock, parts
from tests.services.work import accepted, done, inspected


@pytest.fixture
def sister(desk: Desk, clock: HandClock, tmp_path: Path) -> Iterator[Device]:
    """Another computer of the station, known to this one."""
    opened = desk.office.enrol(tmp_path / "sister", parts(clock, seed="sister"))
    with desk.at_work() as device:
        desk.office.introduce(device, opened)
    yield opened
    opened.store.database.abandon()


def holder(device: Device, declaration: str) -> object:
    return (device.rows.one("declarations", ref=declaration) or {}).get("holder")


def test_a_case_goes_there_and_back(desk: Desk, sister: Device) -> None:
    case = desk.doing(accepted)
    ran = desk.run("--json", "hand-case", case, "--to", sister.id, "--out", desk.path("case"))
    assert (ran.code, ran.json["case"], ran.json["device"]) == (0, case, sister.id)
    done(take_case(sister, Path(desk.path("case")).read_bytes()))
    inspected_there = sister.rows.one("declarations", ref=case)
    assert inspected_there is not None
    back = desk.file("back", done(return_case(sister, case)))
    first, again = (desk.run("--json", "take-case", back) for _ in range(2))
    assert [(one.code, one.json["new"]) for one in (first, again)] == [(0, True), (0, False)]
    with desk.at_work() as device:
        assert holder(device, case) == device.id


def test_people_read_where_the_case_is_now(desk: Desk, sister: Device) -> None:
    case = desk.doing(accepted)
    ran = desk.run("hand-case", case, "--to", sister.id, "--out", desk.path("case"))
    assert ran.out == f"Case {case} is with {sister.id[:8]} now; nothing is issued on it here\n"


def test_a_case_handed_over_is_given_back_by_a_command(desk: Desk, sister: Device) -> None:
    declaration = accepted(sister)
    with desk.at_work() as device:
        file = desk.file("case", done(hand_case(sister, declaration, device.id)))
    assert desk.run("take-case", file).code == 0
    assert desk.run("return-case", declaration, "--out", desk.path("back")).code == 0
    done(take_case(sister, Path(desk.path("back")).read_bytes()))
    assert holder(sister, declaration) == sister.id


def test_a_file_for_another_computer_is_refused_and_names_it(desk: Desk, sister: Device) -> None:
    case = desk.doing(accepted)
    desk.run("hand-case", case, "--to", sister.id, "--out", desk.path("case"))
    ran = desk.run("take-case", desk.path("case"))
    assert ran.code == 1
    assert sister.id[:8] in ran.out


def test_where_no_file_can_be_written_the_case_stays(desk: Desk, sister: Device) -> None:
    case = desk.doing(accepted)
    assert desk.run("hand-case", case, "--to", sister.id, "--out", str(desk.folder)).code == 3
    with desk.at_work() as device:
        assert holder(device, case) == device.id


def test_a_file_that_fails_after_the_act_is_told_beside_it_and_can_be_made_out_again(
    desk: Desk, sister: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise StationError("disk_full")

    case = desk.doing(inspected).partition(" ")[0]
    with desk.at_work() as device:
        case = str((device.rows.one("inspections", ref=case) or {})["declaration"])
    typed = ("--json", "hand-case", case, "--to", sister.id, "--out", desk.path("case"))
    with monkeypatch.context() as patched:
        patched.setattr(copies, "write_file", full)
        ran = desk.run(*typed)
    assert (ran.code, ran.json["file_fault"]["fault"]) == (3, "disk_full")
    assert desk.run(*typed).code == 0
    assert done(take_case(sister, Path(desk.path("case")).read_bytes())).is_new


def test_a_damaged_file_is_a_fault_and_takes_nothing_in(desk: Desk) -> None:
    ran = desk.run("--json", "take-case", desk.file("case", b"not a case"))
    assert (ran.code, ran.json["fault"]) == (3, "case_unreadable")


def test_a_clerk_hands_no_case_over(desk: Desk, sister: Device) -> None:
    case = desk.doing(accepted)
    ran = desk.run("--json", "hand-case", case, "--to", sister.id, "--out", desk.path("case"), user=CLERK)
    assert (ran.code, ran.json["refused"][0]["code"]) == (1, "post_missing")
    assert not Path(desk.path("case")).exists()


def test_a_case_comes_back_once_the_other_computer_is_shut_down(desk: Desk, sister: Device) -> None:
    case = desk.doing(accepted)
    desk.run("hand-case", case, "--to", sister.id, "--out", desk.path("case"))
    assert desk.run("recover-case", case).code == 1
    with desk.at_work() as device:
        desk.office.publish(device, desk.office.device_sheet(sister, state="fenced"))
    assert desk.run("recover-case", case).out == f"Case {case} is here again; issue on it here\n"


# --- over the local network -------------------------------------------------------------------------------------------


def test_a_case_goes_straight_to_the_computer_that_waits(desk: Desk, sister: Device) -> None:
    case = desk.doing(accepted)
    arrived: list[bytes] = []

    def accept(file: bytes) -> bool:
        arrived.append(file)
        return True

    with nearby.Waiting(sister.id, host="127.0.0.1") as waiting, ThreadPoolExecutor(1) as pool:
        waits = pool.submit(waiting.take, accept, seconds=20)
        ran = desk.run("--json", "hand-case", case, "--to", sister.id, "--nearby", f"127.0.0.1:{waiting.port}")
        assert waits.result() is True
    assert (ran.code, ran.json["code"]) == (0, nearby.code_of(arrived[0]))
    assert done(take_case(sister, arrived[0])).declaration == case


def test_where_nobody_waits_the_case_is_away_and_can_be_sent_again(desk: Desk, sister: Device) -> None:
    case = desk.doing(accepted)
    ran = desk.run("--json", "hand-case", case, "--to", sister.id, "--nearby", "127.0.0.1:1")
    assert (ran.code, ran.json["file_fault"]["fault"]) == (3, "nearby_nobody")
    assert desk.run("hand-case", case, "--to", sister.id, "--out", desk.path("case")).code == 0


def test_a_computer_that_waits_takes_one_case_in(desk: Desk, sister: Device) -> None:
    case = accepted(sister)
    with desk.at_work() as device:
        to, file = device.id, done(hand_case(sister, case, device.id))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def send() -> None:
        while not _sent(f"127.0.0.1:{port}", file, to):
            threading.Event().wait(0.1)

    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(send)
        ran = desk.run("--json", "take-case", "--nearby", str(port))
        sent.result()
    assert (ran.code, ran.json["case"], ran.json["code"]) == (0, case, nearby.code_of(file))


def _sent(address: str, file: bytes, to: str) -> bool:
    try:
        nearby.send(address, file, to=to)
    except StationError as error:
        if error.code != "nearby_nobody":
            raise
        return False
    return True


def test_a_computer_that_waited_in_vain_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "WAIT_SECONDS", 0.1)
    ran = desk.run("--json", "take-case", "--nearby", "0")
    assert (ran.code, ran.json["fault"]) == (3, "nearby_nobody_came")
