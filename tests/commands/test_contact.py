"""The command line and a real province behind a TLS server with a CA of its own: enrol, sync, stick, colleagues."""

from __future__ import annotations

import functools
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
import requests

from inspector_app import bootstrap
from inspector_app.__main__ import main
from inspector_app.journal.entries.stores import StorageChecked
from inspector_app.services.attaching import attach
from inspector_app.services.device import Device
from inspector_app.store.disk import LocalDisk
from inspector_app.store.home import HomePaths, read_sheet, write_sheet
from tests.commands.conftest import Ran
from tests.office import CHEAP
from tests.province import servers
from tests.services.work import issued
from tests.sync.test_transport import certificate, server

SECRET = "luyu chitang qingchen bandeng 7"
VET, OTHER, STRANGER = 11, 12, 99


class Town(NamedTuple):
    """A province, and the TLS server in front of it."""

    folder: Path
    address: str
    ca: Path


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The province most tests of this module join; none of them changes what it tells the next."""
    with founded_town(tmp_path_factory.mktemp("province")) as made:
        yield made


@contextmanager
def founded_town(folder: Path) -> Iterator[Town]:
    """A founded province with two granted people; loopback HTTP behind, HTTPS in front."""
    servers.found(folder)
    assert servers.run(folder, "person", "--number", str(OTHER), "--name", "钱小满")[0] == 0
    assert servers.run(folder, "grant", "--person", str(OTHER), "--station", "7", "--post", "clerk")[0] == 0
    ca, context = certificate(folder, "province")
    with servers.serving(folder) as behind:

        def forward(handler: BaseHTTPRequestHandler, asked: bytes) -> None:
            kind = handler.headers["Content-Type"]
            answer = requests.post(behind + handler.path, data=asked, headers={"Content-Type": kind}, timeout=120)
            handler.send_response(answer.status_code)
            handler.send_header("Content-Type", answer.headers["Content-Type"])
            handler.send_header("Content-Length", str(len(answer.content)))
            handler.end_headers()
            handler.wfile.write(answer.content)

        with server(forward, context) as (address, _seen):
            yield Town(folder, address, ca)


class Laptop(NamedTuple):
    """A computer that may join."""

    folder: Path
    town: Town
    capture: pytest.CaptureFixture[str]

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def run(self, *typed: str, user: int = VET, secret: str = SECRET) -> Ran:
        (self.folder / "secret").write_text(secret + "\n", "utf-8")
        before = ["--json", "--home", str(self.home), "--user", str(user), "--passphrase-file"]
        self.capture.readouterr()
        code = main([*before, str(self.folder / "secret"), *typed])
        said = self.capture.readouterr()
        return Ran(code, said.out, said.err)

    def code(self) -> str:
        return str(servers.run(self.town.folder, "enrol-code", "--station", "7")[1]["code"])

    def enrol(self, *options: str, **given: Any) -> Ran:
        return self.run("enrol", "--server", self.town.address, "--code", self.code(), *options, **given)

    def join(self, person: int, new: str, **given: Any) -> Ran:
        file = self.folder / "new"
        file.write_text(new, "utf-8")
        return self.run("join", str(person), "--new-passphrase-file", str(file), **given)


@pytest.fixture
def laptop(tmp_path: Path, town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Laptop:
    monkeypatch.setattr(bootstrap, "real_parts", functools.partial(bootstrap.real_parts, cost=CHEAP))
    return Laptop(tmp_path, town, capsys)


# --- the CA ----------------------------------------------------------------------------------------------------------


def test_without_its_ca_the_province_is_not_believed_and_no_home_is_founded(laptop: Laptop) -> None:
    ran = laptop.enrol()
    assert (ran.code, ran.json["fault"]) == (3, "network.identity")
    assert not (laptop.home / "home.json").exists()


@pytest.mark.parametrize("content", [b"", b"no certificate", None])
def test_a_ca_that_is_none_is_told(laptop: Laptop, content: bytes | None) -> None:
    file = laptop.folder / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    ran = laptop.enrol("--ca", str(file))
    assert ran.code == 3
    assert ran.json["fault"] in ("network.identity", "file_unreadable")


def test_the_ca_vouched_for_at_enrolment_is_kept_and_asked_for_at_every_contact(laptop: Laptop) -> None:
    assert laptop.enrol("--ca", str(laptop.town.ca)).code == 0
    assert laptop.run("sync").code == 0
    paths, disk = HomePaths(laptop.home), LocalDisk()
    sheet = read_sheet(paths, disk)
    assert sheet is not None
    assert sheet.ca == laptop.town.ca.read_bytes()
    other, _context = certificate(laptop.folder, "other")
    paths.ca.write_bytes(other.read_bytes())
    assert laptop.run("sync").code == 0  # the file is decided anew
    write_sheet(paths, disk, msgspec.structs.replace(sheet, ca=b""))
    assert laptop.run("sync").json["fault"] == "network.identity"


def test_what_the_root_states_later_comes_before_it(laptop: Laptop) -> None:
    """A CA published by the province reaches the device with its feed; from then on it alone counts."""
    (laptop.folder / "province").mkdir()
    with founded_town(laptop.folder / "province") as town:
        laptop = laptop._replace(town=town)
        assert laptop.enrol("--ca", str(town.ca)).code == 0
        other, _context = certificate(laptop.folder, "later")
        both = laptop.folder / "both.pem"
        both.write_bytes(town.ca.read_bytes() + other.read_bytes())
        code, said = servers.run(town.folder, "ca", str(both))
        assert (code, said["ordinal"] > 0) == (0, True)
        assert laptop.run("sync").code == 0
        assert laptop.run("sync").code == 0
    assert HomePaths(laptop.home).ca.read_bytes() == both.read_bytes()


def test_only_certificates_are_published_as_ca(town: Town, tmp_path: Path) -> None:
    assert servers.run(town.folder, "ca", str(town.folder / "province.key"))[1]["refused"] == "province.ca_unreadable"
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    assert servers.run(town.folder, "ca", str(empty))[1]["refused"] == "province.ca_unreadable"


# --- diagnosis and schedule ------------------------------------------------------------------------------------------


def joined(laptop: Laptop) -> Laptop:
    assert laptop.enrol("--ca", str(laptop.town.ca)).code == 0
    return laptop


def test_a_line_that_is_well_is_said_step_by_step(laptop: Laptop) -> None:
    ran = joined(laptop).run("sync", "--diagnose")
    assert (ran.code, ran.json["failing"]) == (0, "")
    assert [one["outcome"] for one in ran.json["steps"]] == ["passed"] * 7


def test_a_server_with_another_ca_is_named_at_its_step(laptop: Laptop) -> None:
    paths, disk = HomePaths(joined(laptop).home), LocalDisk()
    sheet = read_sheet(paths, disk)
    assert sheet is not None
    write_sheet(paths, disk, msgspec.structs.replace(sheet, ca=b""))
    ran = laptop.run("sync", "--diagnose")
    assert (ran.code, ran.json["failing"], ran.json["fault"]) == (1, "identity", "network.identity")
    assert {one["outcome"] for one in ran.json["steps"][3:4]} == {"not_seen"}
    failed = laptop.run("sync")
    assert (failed.code, failed.json["step"]) == (3, "identity")


def test_an_address_that_is_none_is_told_and_does_not_break_the_diagnosis(laptop: Laptop) -> None:
    paths, disk = HomePaths(joined(laptop).home), LocalDisk()
    sheet = read_sheet(paths, disk)
    assert sheet is not None
    write_sheet(paths, disk, msgspec.structs.replace(sheet, server="http://province.example"))
    ran = laptop.run("sync", "--diagnose")
    assert (ran.code, ran.json["failing"], ran.json["fault"]) == (1, "dns", "network.address_wrong")


def test_what_is_well_and_what_waits_is_told_without_a_contact(laptop: Laptop) -> None:
    before = joined(laptop).run("sync", "--status").json
    assert (before["summary"]["ok"], before["last"], before["due"]) == (0, None, True)
    waiting = before["summary"]["waiting"]
    assert waiting > 0
    found = laptop.run("sync").json["summary"]
    assert (found["ok"], found["need_you"], found["waiting"]) == (waiting + 1, 0, 0)
    after = laptop.run("sync", "--status").json
    assert (after["summary"]["ok"], after["due"], after["last"]["code"]) == (waiting + 1, False, "")


def test_a_contact_by_the_schedule_happens_only_when_it_is_due(laptop: Laptop) -> None:
    assert joined(laptop).run("sync", "--when-due").json["pushed"] > 0
    second = laptop.run("sync", "--when-due")
    assert (second.code, second.json["due"]) == (0, False)
    assert 0 < second.json["in_ms"] <= 72 * 60_000
    assert laptop.run("sync").code == 0, "by hand it is always possible"


def test_a_failed_contact_is_remembered_and_a_note_that_cannot_be_read_makes_one_due(laptop: Laptop) -> None:
    paths, disk = HomePaths(joined(laptop).home), LocalDisk()
    sheet = read_sheet(paths, disk)
    assert sheet is not None
    write_sheet(paths, disk, msgspec.structs.replace(sheet, server="https://127.0.0.1:9"))
    assert laptop.run("sync").json["fault"] == "network.refused"
    told = laptop.run("sync", "--status").json
    assert (told["last"]["code"], told["last"]["failures"], told["due"]) == ("network.refused", 1, False)
    paths.contact.write_bytes(b"no json")
    assert laptop.run("sync", "--status").json["due"] is True


def test_one_question_at_a_time(laptop: Laptop) -> None:
    assert laptop.run("sync", "--status", "--diagnose").code == 2


# --- by stick --------------------------------------------------------------------------------------------------------


def test_a_day_goes_to_the_province_by_stick_and_its_answer_comes_back(laptop: Laptop) -> None:
    laptop.enrol("--ca", str(laptop.town.ca))
    laptop.run("sync")
    assert laptop.run("request-numbers", "B", "5").code == 0
    out, back = laptop.folder / "out.bundle", laptop.folder / "back.bundle"
    exported = laptop.run("bundle", "export", str(out))
    assert exported.code == 0
    assert exported.json["entries"] >= 1
    code, _told = servers.run(laptop.town.folder, "bundle", str(out), "--out", str(back))
    assert code == 0
    taken = laptop.run("bundle", "import", str(back))
    assert (taken.code, taken.json["frozen"]) == (0, "")
    assert laptop.run("bundle", "import", str(back)).code == 0  # a second time changes nothing
    wrong = laptop.run("bundle", "import", str(out))
    assert wrong.code == 3
    assert wrong.json["fault"].startswith("bundle.")


def with_photograph(laptop: Laptop) -> str:
    """A look at the store with a scan of 100 KB; its name."""
    home = bootstrap.open_home(laptop.home, doing="test")
    try:
        device = home.unlock(VET, SECRET)
        assert isinstance(device, Device)
        name = attach(device, b"%PDF-1.7 " + laptop.folder.name.encode() + bytes(100 * 1024))
        fact = StorageChecked(store="main", findings=[], attachments=[name])
        device.record(lambda act: act.add(fact, sign=device.sign))
    finally:
        home.close()
    return name


def test_photographs_go_after_the_entries_unless_they_are_to_wait(laptop: Laptop) -> None:
    laptop.enrol("--ca", str(laptop.town.ca))
    name = with_photograph(laptop)
    waiting = laptop.run("sync", "--no-attachments").json
    assert (waiting["waiting"], waiting["attachments_sent"], waiting["attachments_left"]) == (0, 0, 1)
    assert waiting["attachment_bytes_left"] > 100 * 1024
    out = laptop.folder / "photo.pdf"
    assert servers.run(laptop.town.folder, "attachment", name, "--out", str(out))[0] != 0
    sent = laptop.run("sync").json
    assert (sent["attachments_sent"], sent["attachments_left"], sent["attachments_ended"]) == (1, 0, "")
    assert servers.run(laptop.town.folder, "attachment", name, "--out", str(out))[0] == 0
    assert out.read_bytes().startswith(b"%PDF-1.7 ")
    assert laptop.run("sync").json["requests"] == 1


def test_a_stick_carries_photographs_unless_they_are_to_wait(laptop: Laptop) -> None:
    laptop.enrol("--ca", str(laptop.town.ca))
    laptop.run("sync")
    with_photograph(laptop)
    out, back = laptop.folder / "out.bundle", laptop.folder / "back.bundle"
    without = laptop.run("bundle", "export", str(out), "--no-attachments").json
    assert (without["attachments"], without["attachments_left"]) == (0, 1)
    exported = laptop.run("bundle", "export", str(out)).json
    assert (exported["attachments"], exported["attachments_left"]) == (1, 0)
    assert servers.run(laptop.town.folder, "bundle", str(out), "--out", str(back))[1]["attachments"] == 1
    assert laptop.run("bundle", "import", str(back)).code == 0
    assert laptop.run("sync").json["attachments_left"] == 0


def test_a_stick_that_is_not_there_or_cannot_be_written_is_told(laptop: Laptop) -> None:
    laptop.enrol("--ca", str(laptop.town.ca))
    assert laptop.run("bundle", "import", str(laptop.folder / "no")).json["fault"] == "bundle.absent"
    assert laptop.run("bundle", "export", str(laptop.folder)).json["fault"] == "file_is_folder"
    assert laptop.run("bundle", "carry", "x").code == 2


def test_a_computer_without_a_network_is_enrolled_by_stick(laptop: Laptop) -> None:
    code, ask, answer = laptop.code(), laptop.folder / "ask", laptop.folder / "answer"
    asked = laptop.run("enrol", "--code", code, "--request", str(ask), "--name", "two")
    assert asked.code == 0
    refused, said = servers.run(laptop.town.folder, "enrol-answer", str(ask), "--out", str(answer))
    assert (refused, said["device"]) == (0, asked.json["device"])
    assert b"\xe9\x99\x86" not in answer.read_bytes()  # sealed: nobody's name lies open on the stick
    taken = laptop.run("enrol", "--code", code, "--bundle", str(answer), "--server", laptop.town.address)
    assert (taken.code, taken.json["device"]) == (0, asked.json["device"])
    assert laptop.run("doctor").json["sound"]
    again = laptop.run("enrol", "--code", code, "--bundle", str(answer))
    assert again.json["fault"] == "home_exists"


def test_an_answer_counts_only_for_what_was_asked(laptop: Laptop) -> None:
    code, ask, answer = laptop.code(), laptop.folder / "ask", laptop.folder / "answer"
    early = laptop.run("enrol", "--code", code, "--bundle", str(answer))
    assert (early.code, early.json["fault"]) == (3, "enrol.not_asked")
    assert laptop.run("enrol", "--code", code, "--request", str(ask)).code == 0
    assert laptop.run("enrol", "--code", code, "--bundle", str(answer)).json["fault"] == "bundle.absent"
    assert servers.run(laptop.town.folder, "enrol-answer", str(ask), "--out", str(answer))[0] == 0
    other_code = laptop.run("enrol", "--code", laptop.code(), "--bundle", str(answer))
    assert (other_code.code, other_code.json["fault"]) == (3, "network.identity")
    foreign = laptop.run("enrol", "--code", code, "--bundle", str(ask))
    assert (foreign.code, foreign.json["fault"]) == (3, "bundle.not_ours")
    assert laptop.run("enrol", "--code", code, "--bundle", str(answer)).code == 0


def test_the_province_refuses_what_it_would_refuse_over_the_network(laptop: Laptop) -> None:
    ask, answer = laptop.folder / "ask", laptop.folder / "answer"
    ask.write_bytes(b"no frame")
    assert (
        servers.run(laptop.town.folder, "enrol-answer", str(ask), "--out", str(answer))[1]["refused"]
        == "frame_malformed"
    )
    wrong = laptop.code()
    assert laptop.run("enrol", "--code", wrong, "--request", str(ask)).code == 0
    assert servers.run(laptop.town.folder, "enrol-answer", str(ask), "--out", str(answer))[0] == 0
    other = laptop.folder / "other"
    assert main(["--home", str(other), "enrol", "--code", wrong, "--request", str(ask)]) == 0
    refused, said = servers.run(laptop.town.folder, "enrol-answer", str(ask), "--out", str(answer))
    assert (refused, said["refused"]) == (3, "enrol.code_used")


def test_how_to_reach_the_province_must_be_said(laptop: Laptop) -> None:
    ran = laptop.run("enrol", "--code", laptop.code())
    assert (ran.code, ran.json["fault"]) == (2, "enrol.no_way")


# --- people ----------------------------------------------------------------------------------------------------------


def test_a_colleague_joins_signs_in_and_syncs_with_a_passphrase_of_her_own(laptop: Laptop) -> None:
    laptop.enrol("--ca", str(laptop.town.ca))
    assert laptop.join(OTHER, "shuicao yugan xiaochuan\n").json["person"] == OTHER
    assert laptop.run("numbers", user=OTHER, secret="shuicao yugan xiaochuan").code == 0
    assert laptop.run("numbers", user=OTHER).json["fault"] == "vault_wrong_passphrase"
    assert laptop.run("sync", user=OTHER, secret="shuicao yugan xiaochuan").code == 0
    assert laptop.join(OTHER, "shuicao yugan xiaochuan").json["fault"] == "vault_person_exists"


@pytest.mark.parametrize(
    ("person", "new", "own", "code", "fault"),
    [
        (STRANGER, "shuicao yugan xiaochuan", SECRET, 3, "person_not_granted"),
        (OTHER, "x", SECRET, 2, "passphrase_too_short"),
        (OTHER, "shuicao yugan xiaochuan", "not the passphrase", 3, "vault_wrong_passphrase"),
    ],
)
def test_who_may_not_join_leaves_no_slot(
    laptop: Laptop, person: int, new: str, own: str, code: int, fault: str
) -> None:
    laptop.enrol("--ca", str(laptop.town.ca))
    ran = laptop.join(person, new, secret=own)
    assert (ran.code, ran.json["fault"]) == (code, fault)
    assert laptop.run("numbers", user=person, secret=new).json["fault"] == "vault_slot_missing"


def test_a_short_passphrase_spends_no_code(laptop: Laptop) -> None:
    code = laptop.code()
    typed = ("enrol", "--server", laptop.town.address, "--code", code, "--ca", str(laptop.town.ca))
    ran = laptop.run(*typed, secret="x" * 14)
    assert (ran.code, ran.json["fault"], ran.json["details"]) == (2, "passphrase_too_short", {"least": 15})
    assert laptop.run(*typed).code == 0


def test_a_new_passphrase_is_asked_for_twice(laptop: Laptop, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter([SECRET, SECRET + "x", SECRET, SECRET])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    before = ["--json", "--home", str(laptop.home), "--user", str(VET)]
    given = ["enrol", "--server", laptop.town.address, "--code", laptop.code(), "--ca", str(laptop.town.ca)]
    laptop.capture.readouterr()
    assert main([*before, *given]) == 2
    assert json.loads(laptop.capture.readouterr().out)["fault"] == "passphrases_differ"
    assert not laptop.home.exists()
    assert main([*before, *given]) == 0


@pytest.mark.parametrize(("code", "fault"), [("ABCD", "enrol.code_malformed"), ("", "enrol.code_malformed")])
def test_a_code_that_cannot_be_one_is_wrong_usage(laptop: Laptop, code: str, fault: str) -> None:
    ran = laptop.run("enrol", "--server", laptop.town.address, "--code", code)
    assert (ran.code, ran.json["fault"]) == (2, fault)


def test_somebody_without_a_grant_cannot_be_the_first_person(laptop: Laptop) -> None:
    ran = laptop.enrol("--ca", str(laptop.town.ca), user=STRANGER)
    assert (ran.code, ran.json["fault"]) == (3, "person_not_granted")
    assert not (laptop.home / "home.json").exists()


# --- going on for an earlier computer --------------------------------------------------------------------------------


def work_at(home: Path) -> str:
    """A certificate issued at a home; its number."""
    locked = bootstrap.open_home(home, doing="test")
    try:
        device = locked.unlock(VET, SECRET)
        assert isinstance(device, Device)
        return issued(device)
    finally:
        locked.close()


def copied(laptop: Laptop) -> tuple[Path, str]:
    """A copy of the laptop's disk: the laptop reported a paper, the copy stopped at the fork with another one."""
    laptop.enrol("--ca", str(laptop.town.ca))
    for _ in range(2):
        assert laptop.run("sync").code == 0
    other = laptop.folder / "copy"
    shutil.copytree(laptop.home, other, ignore=shutil.ignore_patterns("lock"))
    number = work_at(laptop.home)
    assert laptop.run("sync").code == 0
    assert work_at(other) == number
    return other, number


def test_after_a_fork_a_new_computer_goes_on_and_the_province_lists_the_paper(laptop: Laptop) -> None:
    earlier, number = copied(laptop)
    stopped = laptop.run("--home", str(earlier), "sync")
    assert (stopped.code, stopped.json["frozen"]) == (1, "fork")
    new = laptop._replace(folder=laptop.folder / "new")
    new.folder.mkdir()
    ran = new.enrol("--ca", str(laptop.town.ca), "--after", str(earlier))
    assert (ran.code, ran.json["numbers"], ran.json["entries"] > 0) == (0, [number], True)
    _code, listed = servers.run(laptop.town.folder, "regularise", "--station", "7")
    mine = [one for one in listed["papers"] if one["case"].startswith(ran.json["device"])]
    assert [(one["number"], bool(one["accepted"]), bool(one["due_on"])) for one in mine] == [(number, True, True)]
    assert laptop.run("sync").json["frozen"]  # the other copy is shut down with it
    again = new.run("succeed", str(earlier))
    assert (again.code, again.json["refused"][0]["code"]) == (1, "already_recorded")


def test_without_contact_nothing_is_taken_over_and_by_stick_it_is(laptop: Laptop) -> None:
    earlier, _number = copied(laptop)
    new = laptop._replace(folder=laptop.folder / "new")
    new.folder.mkdir()
    assert new.enrol("--ca", str(laptop.town.ca)).code == 0
    sheet = read_sheet(HomePaths(earlier), LocalDisk())
    assert sheet is not None
    write_sheet(HomePaths(earlier), LocalDisk(), msgspec.structs.replace(sheet, server="https://127.0.0.1:9"))
    ran = new.run("succeed", str(earlier))
    assert (ran.code, ran.json["fault"].partition(".")[0]) == (3, "network")
    assert new.run("succeed", str(earlier), "--by-stick").code == 0


def test_an_earlier_home_that_does_not_open_changes_nothing(laptop: Laptop) -> None:
    laptop.enrol("--ca", str(laptop.town.ca))
    assert laptop.run("succeed", str(laptop.folder / "nowhere")).json["fault"] == "home_missing"
    new = laptop._replace(folder=laptop.folder / "new")
    new.folder.mkdir()
    assert new.enrol("--ca", str(laptop.town.ca)).code == 0
    machine = laptop.folder / "machine-id"
    machine.write_bytes(b"another machine\n")
    ran = new.run("succeed", str(laptop.home), "--earlier-machine", str(machine))
    assert (ran.code, ran.json["fault"]) == (3, "vault_device_secret_foreign")
    wrong = laptop.folder / "wrong"
    wrong.write_text("another passphrase 123", "utf-8")
    ran = new.run("succeed", str(laptop.home), "--earlier-passphrase-file", str(wrong))
    assert (ran.code, ran.json["fault"]) == (3, "vault_wrong_passphrase")
