"""``python -m province``: founding, furnishing, serving a real device over a real socket, and saying no plainly."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from inspector_app.clock import SystemClock
from inspector_app.domain.numbering import Block
from inspector_app.domain.stock_refusals import StockCode, StockRefused, refusal
from inspector_app.journal.entries.ceremony import ActConfirmed
from inspector_app.journal.entries.custody_cases import CustodyCaseConcluded
from inspector_app.journal.entries.stores import StorageChecked
from inspector_app.suites import BoxKey
from province.chance import SystemRandom
from province.custody.refused import RefusedError
from province.numbers.ranges import NumbersCode, NumbersError
from sync.frames.bundled import Content, pack, unpack
from sync.protocol import SYNC_PATH
from sync.transport import HttpsExchange
from tests.office import CountingRandom
from tests.province import servers, work
from tests.source_tree import ROOT
from tests.sync.fakes import FakeDevice


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded and furnished province."""
    made = tmp_path_factory.mktemp("province")
    servers.found(made)
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Its address."""
    with servers.serving(folder) as found:
        yield found


def refused(folder: Path, *arguments: str) -> tuple[int, str]:
    """One command that is not done: its exit code and the code of its reason."""
    code, said = servers.run(folder, *arguments)
    return code, said["refused"]


def enrolled(folder: Path, address: str) -> FakeDevice:
    """A device enrolled over the network."""
    code, said = servers.run(folder, "enrol-code", "--station", "7")
    assert code == 0
    device = FakeDevice(SystemClock(), SystemRandom())
    with HttpsExchange(address, device.clock) as exchange:
        device.join(exchange, said["code"])
        device.add_person(11)
        device.sync(exchange)
    return device


def test_a_device_enrols_works_and_catches_up_over_the_network(folder: Path, address: str) -> None:
    device = enrolled(folder, address)
    issued = work.certify(device)
    with HttpsExchange(address, device.clock) as exchange:
        report = device.sync(exchange)
    assert (report.left, device.frozen) == (0, "")
    assert {block.kind for block in device.held(Block)} == {"A", "B", "N"}
    html = requests.get(f"{address}/q/{issued.code().rsplit('/', 1)[1]}", timeout=20).text
    assert "证明有效" in html
    code, said = servers.run(folder, "status", "--verify")
    assert code == 0
    assert said["projections_differ"] == []
    (line,) = [one for one in said["devices"] if one["device"] == device.device]
    assert line["chain_holds"]
    assert line["entries"] == line["judged"] == len(device.entries)


def test_what_stands_against_the_rules_is_listed_for_circulation(folder: Path, address: str) -> None:
    device = enrolled(folder, address)
    device.record(11, ActConfirmed(act=f"{device.device}/1", form="apart"))
    stranger = CustodyCaseConcluded(opened=f"{device.device}/1", cause="misfiled", conclusion="put_right")
    ref = device.record(11, stranger)
    with HttpsExchange(address, device.clock) as exchange:
        device.sync(exchange)
    code, said = servers.run(folder, "violations", "--station", "7")
    assert code == 0
    assert ref in {one["ref"] for one in said["violations"]}
    assert said["count"] == len(said["violations"])
    assert servers.run(folder, "violations", "--station", "99")[1] == {"violations": [], "count": 0}


class CountingProxy:
    """A TCP relay that counts what passes, both ways."""

    def __init__(self, address: str) -> None:
        host, _, port = address.removeprefix("http://").partition(":")
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.counted = 0
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        server = socket.create_connection(self._target)
        ways = [
            threading.Thread(target=self._relay, args=pair, daemon=True)
            for pair in ((client, server), (server, client))
        ]
        for way in ways:
            way.start()
        for way in ways:
            way.join(30)
        client.close()
        server.close()

    def _relay(self, source: socket.socket, sink: socket.socket) -> None:
        while data := source.recv(65_536):
            self.counted += len(data)
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._listener.close()
        self._accepting.join(30)


def test_a_contact_without_news_costs_a_few_hundred_bytes(folder: Path, address: str) -> None:
    device = enrolled(folder, address)
    with HttpsExchange(address, device.clock) as exchange:
        device.sync(exchange)
    proxy = CountingProxy(address)
    with HttpsExchange(f"http://127.0.0.1:{proxy.port}", device.clock) as exchange:
        report = device.sync(exchange)
    proxy.close()
    assert report.requests == 1
    assert 300 < proxy.counted <= 600


def test_many_entries_go_in_few_requests_and_few_bytes(folder: Path, address: str) -> None:
    from inspector_app.journal.entries.declarations import PartyDetails, PartyRecorded

    device = enrolled(folder, address)
    for number in range(500):
        details = PartyDetails(name=f"养殖户 {number}", phone=f"139{number:08d}", address=f"湖西新区 {number} 号")
        device.record(11, PartyRecorded(role="owner", area=321084), private=details)
    with HttpsExchange(address, device.clock) as exchange:
        report = device.sync(exchange)
    assert report.left == 0
    assert report.requests <= 8
    assert report.bytes_up <= 150_000


def test_a_photograph_goes_over_the_network_and_is_written_out_at_the_province(folder: Path, address: str) -> None:
    device = enrolled(folder, address)
    content = b"\xff\xd8\xff" + CountingRandom("over the network").bytes(200 * 1024)
    name = device.attach(content)
    missing = device.attach(content + b"?")
    device.record(11, StorageChecked(store="main", findings=[], attachments=[name, missing]))
    del device.files[missing]
    with HttpsExchange(address, device.clock) as exchange:
        device.sync(exchange)
    proxy = CountingProxy(address)
    with HttpsExchange(f"http://127.0.0.1:{proxy.port}", device.clock) as exchange:
        report = device.send(exchange)
    proxy.close()
    assert (report.sent, report.ended) == (1, "")
    assert proxy.counted < 1.01 * len(content) + 1500
    said = servers.run(folder, "status", "--verify")[1]
    (told,) = [one["attachments"] for one in said["devices"] if one["device"] == device.device]
    assert told == {"named": 2, "whole": 1, "bytes": len(content), "missing": 1}
    assert said["attachments_differ"] == []
    assert servers.run(folder, "attachment", name, "--out", str(folder / "photo.jpg"))[0] == 0
    assert (folder / "photo.jpg").read_bytes() == content
    assert servers.run(folder, "attachment", missing, "--out", str(folder / "none.jpg"))[0] != 0
    assert not (folder / "none.jpg").exists()


def test_a_photograph_larger_than_any_may_be_never_leaves_its_device(folder: Path, address: str) -> None:
    device = enrolled(folder, address)
    name = device.attach(b"%PDF-" + bytes(21 * 1024 * 1024))
    device.record(11, StorageChecked(store="main", findings=[], attachments=[name]))
    with HttpsExchange(address, device.clock) as exchange:
        device.sync(exchange)
        report = device.send(exchange)
    assert (report.sent, report.left, report.faulty) == (0, 1, 1)
    assert report.bytes_up < 200_000


def test_strangers_are_answered_shortly(address: str) -> None:
    replies = [
        requests.post(address + SYNC_PATH, data=b"IF\x01garbage", timeout=20),
        requests.get(address + SYNC_PATH, timeout=20),
        requests.post(address + "/api/v1/sync/", data=b"", timeout=20),
        requests.get(address + "/", timeout=20),
        requests.get(address + "/q/", headers={"Host": "evil.example"}, timeout=20),
    ]
    assert [reply.status_code for reply in replies] == [400, 405, 404, 404, 400]
    assert all(len(reply.content) < 400 for reply in replies)
    assert "set-cookie" not in {name.lower() for reply in replies[:2] for name in reply.headers}


def test_a_body_above_the_limit_is_cut_short(address: str) -> None:
    reply = requests.post(address + SYNC_PATH, data=bytes(9 * 1024 * 1024), timeout=60)
    assert reply.status_code == 413


def test_the_key_files_are_their_owner_s_alone(folder: Path) -> None:
    for name in ("root.key", "authority.key", "server.key", "box.key", "django-secret"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name


def test_the_folder_and_the_database_are_their_owner_s_alone(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    databases = list(folder.glob("province.sqlite3*"))
    assert databases
    assert {stat.S_IMODE(file.stat().st_mode) for file in databases} == {0o600}


def test_a_bundle_from_a_stick_is_answered_with_a_bundle(folder: Path, address: str, tmp_path: Path) -> None:
    from province.keys import load_keys
    from sync.client import Device, prepare_from
    from sync.frames import Purpose, seal_frame
    from sync.protocol import to_bytes

    device = enrolled(folder, address)
    work.declare(device)
    request = prepare_from(Device(device, device.signer, device.clock), None, 65_536)
    frame = seal_frame(Purpose.SYNC_REQUEST, to_bytes(request), device.signer)
    box: BoxKey = load_keys(folder).box
    (tmp_path / "out").write_bytes(pack(Content.TO_PROVINCE, [frame], box.public_raw))
    code, said = servers.run(folder, "bundle", str(tmp_path / "out"), "--out", str(tmp_path / "back"))
    told = {"frames": 1, "refused": 0, "attachments": 0, "complete": 1, "answers": 1, "more": 0}
    assert (code, said) == (0, told)
    answers = unpack((tmp_path / "back").read_bytes(), device.box)
    assert (answers.content, len(answers.frames), answers.complete) == (Content.FROM_PROVINCE, 1, True)


# --- saying no ------------------------------------------------------------------------------------------------------


def test_an_empty_folder_is_no_province(tmp_path: Path) -> None:
    code, said = servers.run(tmp_path, "status")
    assert (code, said["refused"], said["folder"]) == (3, "province.not_founded", str(tmp_path))


def test_a_province_is_founded_once(folder: Path) -> None:
    code, said = servers.run(folder, "init", "--practice", "--name", "x")
    assert (code, said["refused"]) == (3, "province.key_exists")


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("stock", "--kind", "B", "--first", "9900000001", "--last", "9900000009"), 1, "stock_overlaps"),
        (("draw", "--kind", "B", "--count", "5000", "--station", "7"), 1, "not_in_stock"),
        (("grant", "--person", "99", "--station", "7", "--post", "vet"), 3, "province.person_unknown"),
        (("grant", "--person", "11", "--station", "7", "--post", "king"), 3, "province.post_unknown"),
        (("fence", "00" * 16), 3, "province.device_unknown"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(
    folder: Path, arguments: tuple[str, ...], code: int, reason: str
) -> None:
    exit_code, said = servers.run(folder, *arguments)
    assert (exit_code, said["refused"]) == (code, reason)
    assert set(said["said"]) == {"zh", "en"}
    assert reason not in "".join(said["said"].values())  # a sentence, not the code


def test_people_read_sentences_in_both_languages_not_codes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from province import __main__, commands

    def overlaps(_arguments: object) -> None:
        raise NumbersError(NumbersCode.STOCK_OVERLAPS, first="9900000001", last="9900000009")

    def two_reasons(_arguments: object) -> None:
        raise RefusedError(StockRefused((refusal(StockCode.OLDER_FIRST), refusal(StockCode.FEE_UNSETTLED))))

    monkeypatch.setattr(commands, "run", overlaps)
    assert __main__.main(["stock"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("9900000001–9900000009 已在省级库存中。")
    assert said[0].endswith("YJ-7838")
    assert said[1].startswith("9900000001–9900000009 is in the province's stock already.")
    monkeypatch.setattr(commands, "run", two_reasons)
    assert __main__.main(["distribute"]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_wrong_usage_is_told_apart(folder: Path) -> None:
    assert servers.run(folder, "stock", "--kind", "Z")[0] == 2
    assert servers.run(folder, "no-such-command")[0] == 2


def test_registers_and_numbers_by_command(folder: Path) -> None:
    station = servers.run(
        folder,
        "station",
        "--number",
        "8",
        "--name",
        "兴化站",
        "--name-en",
        "Xinghua",
        "--area",
        "321281",
        "--phone",
        "1",
    )
    assert station == (0, {"station": 8, "name": "兴化站", "sheet": 1})
    assert servers.run(folder, "person", "--number", "21", "--name", "甲")[0] == 0
    granted = servers.run(
        folder, "grant", "--person", "21", "--station", "8", "--post", "vet", "--kind", "B", "--until", "2027-12-31"
    )
    assert granted[1]["grant"] == 1
    stocked = servers.run(folder, "stock", "--kind", "B", "--count", "100")
    drawn = servers.run(folder, "draw", "--kind", "B", "--count", "100", "--station", "8")
    assert stocked[1]["first"] == drawn[1]["first"] == "9900001001"
    assert servers.run(folder, "migrate") == (0, {"projections_rebuilt": False})
    assert servers.run(folder, "publish")[0] == 0


# --- keys that lie elsewhere ----------------------------------------------------------------------------------------


@pytest.fixture
def real(tmp_path: Path) -> tuple[Path, Path]:
    """A province in earnest, and the disk to which its root and authority key were moved."""
    home, disk = tmp_path / "server", tmp_path / "disk"
    code, said = servers.run(home, "init", "--province", "32", "--name", "江苏省")
    assert code == 0
    assert "root.key" in said["warning"]
    disk.mkdir()
    for name in ("root.key", "authority.key"):
        (home / name).rename(disk / name)
    return home, disk


def test_keys_on_the_server_are_warned_of_until_they_are_gone(real: tuple[Path, Path], folder: Path) -> None:
    home, disk = real
    assert "warning" not in servers.run(home, "status")[1]
    (disk / "authority.key").rename(home / "authority.key")
    assert "authority.key" in servers.run(home, "status")[1]["warning"]
    assert "warning" not in servers.run(folder, "status")[1]  # in practice they have to be there


def test_with_the_keys_elsewhere_nothing_is_signed_but_by_name(real: tuple[Path, Path]) -> None:
    home, disk = real
    station = ("station", "--number", "7", "--name", "站", "--area", "321084", "--phone", "1")
    assert refused(home, *station) == (3, "province.authority_key_absent")
    assert servers.run(home, "--keys", str(disk), *station)[0] == 0
    assert refused(home, "renew-key", "server") == (3, "province.root_key_absent")
    code, said = servers.run(home, "--keys", str(disk), "renew-key", "server")
    assert (code, said["waiting_for"]) == (0, [])
    assert servers.run(home, "renew-key", "server", "--switch") == (0, {"switched": "server"})
    assert stat.S_IMODE((home / "server.key").stat().st_mode) == 0o600
    assert not (home / "server.next.key").exists()


def test_the_next_authority_key_never_lies_on_the_server(real: tuple[Path, Path]) -> None:
    home, disk = real
    assert servers.run(home, "--keys", str(disk), "renew-key", "authority")[0] == 0
    assert (disk / "authority.next.key").exists()
    assert not list(home.glob("authority*"))
    assert servers.run(home, "--keys", str(disk), "renew-key", "authority", "--switch")[0] == 0
    grant = ("station", "--number", "7", "--name", "站", "--area", "321084", "--phone", "1")
    assert servers.run(home, "--keys", str(disk), *grant)[0] == 0


def test_devices_are_licensed_by_command(folder: Path, address: str) -> None:
    device = enrolled(folder, address)
    assert servers.run(folder, "license") == (0, {"licensed": [], "days": 365})
    assert servers.run(folder, "license", device.device, "--days", "30")[1]["licensed"] == [device.device]
    assert device.device in servers.run(folder, "license")[1]["licensed"]  # it would end within a month
    assert servers.run(folder, "license", "00" * 16)[1]["refused"] == "province.device_unknown"


# --- the administrator ----------------------------------------------------------------------------------------------

PASSPHRASE = "luyu chitang qingchen 7"


def signed_in(address: str, passphrase: str) -> requests.Session:
    session = requests.Session()
    login = f"{address}/admin/login/?next=/admin/"
    session.get(login, timeout=20)
    form = {"username": "zhou", "password": passphrase, "csrfmiddlewaretoken": session.cookies["csrftoken"]}
    session.post(login, data=form, headers={"Referer": login}, timeout=20)
    return session


def test_an_administrator_made_by_command_reads_the_ledgers_and_changes_none(
    folder: Path, address: str, tmp_path: Path
) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n", "utf-8")
    made = servers.run(folder, "admin", "zhou", "--passphrase-file", str(secret))
    assert made == (0, {"administrator": "zhou", "new": True})
    session = signed_in(address, PASSPHRASE)
    assert session.get(f"{address}/admin/numbers/drawnrange/", allow_redirects=False, timeout=20).status_code == 200
    for ledger in ("numbers/drawnrange", "journal/storedentry", "ledgers/ledgercertificates"):
        assert session.get(f"{address}/admin/{ledger}/add/", timeout=20).status_code == 403
    secret.write_text(PASSPHRASE[::-1], "utf-8")
    assert servers.run(folder, "admin", "zhou", "--passphrase-file", str(secret))[1]["new"] is False
    assert signed_in(address, PASSPHRASE).get(f"{address}/admin/", allow_redirects=False, timeout=20).status_code == 302
    assert servers.run(folder, "admin", "zhou", "--stop")[0] == 0
    later = signed_in(address, PASSPHRASE[::-1])
    assert later.get(f"{address}/admin/", allow_redirects=False, timeout=20).status_code == 302


@pytest.mark.parametrize("passphrase", ["short", "123456789012345678", ""])
def test_a_weak_passphrase_makes_no_administrator(folder: Path, tmp_path: Path, passphrase: str) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(passphrase, "utf-8")
    code, said = servers.run(folder, "admin", "weak", "--passphrase-file", str(secret))
    assert (code, said["refused"]) == (3, "province.passphrase_weak")
    assert servers.run(folder, "admin", "weak", "--stop")[1]["refused"] == "province.administrator_unknown"


def test_a_passphrase_typed_differently_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from inspector_app.errors import StationError
    from province import administrators

    typed = iter(["one passphrase", "another passphrase"])
    monkeypatch.setattr("getpass.getpass", lambda *_: next(typed))
    with pytest.raises(StationError, match=r"province\.passphrase_differs"):
        administrators.passphrase_from(None)
    with pytest.raises(StationError, match="file_unreadable"):
        administrators.passphrase_from(folder / "no such file")


# --- nothing founded ------------------------------------------------------------------------------------------------


def test_a_server_without_a_province_does_not_start_and_no_secret_is_a_constant(tmp_path: Path) -> None:
    lines = "from django.conf import settings\nprint(settings.SECRET_KEY)\nimport province.wsgi"
    surroundings = os.environ | {"INSPECTOR_PROVINCE": str(tmp_path), "DJANGO_SETTINGS_MODULE": "province.settings"}
    tries = [
        subprocess.run(
            [sys.executable, "-c", lines],
            cwd=ROOT,
            env=surroundings,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        for _ in range(2)
    ]
    assert all(one.returncode and "province.not_founded" in one.stderr for one in tries)
    secrets = {one.stdout.strip() for one in tries}
    assert len(secrets) == 2
    assert all(len(secret) == 64 for secret in secrets)
