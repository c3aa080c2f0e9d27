"""Signing in: passphrases, keyrings, machines, second processes, databases that went back or are gone."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from inspector_app.domain.documents import Keyring
from inspector_app.domain.refusals import RefusalCode
from inspector_app.errors import StationError
from inspector_app.services.attaching import attach
from inspector_app.services.device import Device
from inspector_app.services.issuing import can_issue
from inspector_app.services.sign_in import LockedHome, Parts, keyring_of
from inspector_app.store.home import HomePaths, read_sheet, write_sheet
from inspector_app.suites import SigningKey, Suite
from inspector_app.vault.faults import VaultFault
from tests.office import CLERK, HEAD, PASSPHRASE, VET, CountingRandom, HandClock, Office, parts
from tests.services.work import assert_sound, draft, inspected, issued

C = RefusalCode


@pytest.fixture
def closed(office: Office, home: Path, home_parts: Parts) -> Path:
    """A founded home nobody is signed in to."""
    device = office.enrol(home, home_parts)
    inspected(device)
    device.store.database.close()
    return home


@pytest.fixture
def locked(closed: Path, home_parts: Parts) -> Iterator[LockedHome]:
    """The same home, held by this process."""
    opened = LockedHome(closed, home_parts)
    yield opened
    opened.close()


def unlocked(locked: LockedHome, person: int = VET) -> Device:
    device = locked.unlock(person, PASSPHRASE)
    assert isinstance(device, Device)
    return device


# --- people ----------------------------------------------------------------------------------------------------------


def test_a_right_passphrase_opens_the_journal_as_it_was_left(locked: LockedHome) -> None:
    device = unlocked(locked)
    assert (device.person(), device.frozen, locked.people()) == (VET, "", (VET,))
    issued(device, str(device.rows.many("inspections")[0]["ref"]))
    assert_sound(device)


@pytest.mark.parametrize("typed", ["", "wrong", PASSPHRASE + "8", PASSPHRASE.upper(), "\x00"])
def test_a_wrong_passphrase_is_told_counted_and_opens_nothing(locked: LockedHome, typed: str) -> None:
    assert locked.unlock(VET, typed) is VaultFault.WRONG_PASSPHRASE
    assert locked.vault.failed_tries(VET) == 1
    assert isinstance(unlocked(locked), Device)
    assert locked.vault.failed_tries(VET) == 0


def test_full_width_letters_of_an_input_method_are_the_letters_they_look_like(locked: LockedHome) -> None:
    typed = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in PASSPHRASE)
    assert isinstance(locked.unlock(VET, typed), Device)


def test_somebody_without_a_slot_is_told_so(locked: LockedHome) -> None:
    assert locked.unlock(HEAD, PASSPHRASE) is VaultFault.SLOT_MISSING


def test_each_person_signs_with_a_key_of_their_own(
    office: Office, closed: Path, home_parts: Parts, locked: LockedHome
) -> None:
    device = unlocked(locked)
    office.let_join(device, closed, home_parts, CLERK)
    vet_key = device.session_key().public
    locked.lock()
    clerk = unlocked(locked, CLERK)
    assert clerk.person() == CLERK
    assert clerk.session_key().public != vet_key
    assert_sound(clerk)


def test_signing_out_closes_the_database_and_keeps_the_home(locked: LockedHome) -> None:
    device = unlocked(locked)
    locked.lock()
    with pytest.raises(Exception, match="closed"):
        device.store.head()
    assert isinstance(unlocked(locked), Device)


# --- damaged, foreign, copied ----------------------------------------------------------------------------------------


def test_a_keyring_damaged_in_one_copy_is_read_from_the_other(closed: Path, home_parts: Parts) -> None:
    (closed / "keyring" / "keyring").write_bytes(b"\x00" * 64)
    opened = LockedHome(closed, home_parts)
    assert opened.people() == (VET,)
    assert isinstance(opened.unlock(VET, PASSPHRASE), Device)
    opened.close()


def test_a_keyring_damaged_in_both_copies_is_told_and_nothing_is_made_anew(closed: Path, home_parts: Parts) -> None:
    for name in ("keyring", "keyring.copy"):
        (closed / "keyring" / name).write_bytes(b"torn")
    opened = LockedHome(closed, home_parts)
    with pytest.raises(StationError, match="vault_slot_damaged"):
        opened.people()
    assert opened.unlock(VET, PASSPHRASE) is VaultFault.SLOT_DAMAGED
    opened.close()
    assert (closed / "keyring" / "keyring").read_bytes() == b"torn"


def test_a_folder_copied_to_another_machine_opens_nothing(closed: Path, clock: HandClock) -> None:
    elsewhere = LockedHome(closed, parts(clock, machine=b"another machine"))
    assert elsewhere.unlock(VET, PASSPHRASE) is VaultFault.DEVICE_SECRET_FOREIGN
    with pytest.raises(StationError, match="vault_device_secret_foreign"):
        elsewhere.people()
    elsewhere.close()


def test_a_home_without_its_device_secret_opens_nothing(closed: Path, home_parts: Parts) -> None:
    (closed / "keyring" / "device").unlink()
    opened = LockedHome(closed, home_parts)
    assert opened.unlock(VET, PASSPHRASE) is VaultFault.DEVICE_SECRET_MISSING
    opened.close()


def test_a_database_that_is_gone_is_not_begun_anew(closed: Path, home_parts: Parts) -> None:
    (closed / "journal.db").unlink()
    opened = LockedHome(closed, home_parts)
    with pytest.raises(StationError, match="database_missing"):
        opened.unlock(VET, PASSPHRASE)
    opened.close()
    assert not (closed / "journal.db").exists()


def test_a_database_of_another_home_does_not_open(
    office: Office, closed: Path, home_parts: Parts, tmp_path: Path
) -> None:
    other = office.enrol(tmp_path / "other", parts(HandClock(), seed="other"))
    other.store.database.close()
    shutil.copy(tmp_path / "other" / "journal.db", closed / "journal.db")
    opened = LockedHome(closed, home_parts)
    with pytest.raises(StationError, match="database_unreadable"):
        opened.unlock(VET, PASSPHRASE)
    opened.close()


def test_a_torn_page_is_told(closed: Path, home_parts: Parts) -> None:
    content = bytearray((closed / "journal.db").read_bytes())
    content[100:140] = bytes(40)
    (closed / "journal.db").write_bytes(bytes(content))
    opened = LockedHome(closed, home_parts)
    with pytest.raises(StationError, match="database_unreadable"):
        opened.unlock(VET, PASSPHRASE)
    opened.close()


def test_a_database_put_back_from_a_backup_stops_issuing_before_the_first_number(
    closed: Path, home_parts: Parts, tmp_path: Path
) -> None:
    shutil.copy(closed / "journal.db", tmp_path / "yesterday.db")
    opened = LockedHome(closed, home_parts)
    device = unlocked(opened)
    batch = str(device.rows.many("inspections")[0]["ref"])
    assert issued(device, batch) == "B 9900000001"
    opened.close()
    shutil.copy(tmp_path / "yesterday.db", closed / "journal.db")
    again = LockedHome(closed, home_parts)
    device = unlocked(again)
    assert device.frozen == "witness_higher"
    assert [one.code for one in can_issue(device, draft(device, batch))] == [C.DEVICE_FROZEN]
    assert device.rows.many("certificates") == []
    again.close()


def test_a_cloned_folder_that_went_its_own_way_is_noticed(closed: Path, home_parts: Parts, tmp_path: Path) -> None:
    twin = tmp_path / "twin"
    shutil.copytree(closed, twin)
    for folder, plate in ((closed, "苏K11111"), (twin, "苏K22222")):
        opened = LockedHome(folder, home_parts)
        device = unlocked(opened)
        issued(device, str(device.rows.many("inspections")[0]["ref"]), plate=plate)
        opened.close()
    shutil.copy(twin / "journal.db", closed / "journal.db")
    opened = LockedHome(closed, home_parts)
    assert unlocked(opened).frozen == "witness_other_hash"
    opened.close()


def test_what_a_full_disk_kept_from_the_witness_it_is_told_at_the_next_start(
    closed: Path, home_parts: Parts, tmp_path: Path
) -> None:
    witness = closed / "keyring" / "witness"
    shutil.copy(closed / "journal.db", tmp_path / "yesterday.db")
    before = witness.read_bytes()
    opened = LockedHome(closed, home_parts)
    device = unlocked(opened)
    assert issued(device, str(device.rows.many("inspections")[0]["ref"])) == "B 9900000001"
    opened.close()
    witness.write_bytes(before)  # as if there had been no room for it
    opened = LockedHome(closed, home_parts)
    assert unlocked(opened).frozen == ""
    opened.close()
    shutil.copy(tmp_path / "yesterday.db", closed / "journal.db")
    opened = LockedHome(closed, home_parts)
    assert unlocked(opened).frozen == "witness_higher"
    opened.close()


def test_a_witness_that_cannot_be_read_freezes_nobody(closed: Path, home_parts: Parts) -> None:
    (closed / "keyring" / "witness").write_bytes(b"\xff" * 9)
    opened = LockedHome(closed, home_parts)
    device = unlocked(opened)
    assert device.frozen == ""
    issued(device, str(device.rows.many("inspections")[0]["ref"]))
    opened.close()


# --- the home as such ------------------------------------------------------------------------------------------------


def test_a_folder_that_is_no_home_is_not_made_one(tmp_path: Path, home_parts: Parts) -> None:
    with pytest.raises(StationError, match="home_missing") as caught:
        LockedHome(tmp_path, home_parts)
    assert caught.value.details == {"folder": tmp_path.name}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"{", b'{"device": 7}', b"\xff\xfe"])
def test_a_sheet_that_cannot_be_read_is_told(closed: Path, home_parts: Parts, content: bytes) -> None:
    (closed / "home.json").write_bytes(content)
    with pytest.raises(StationError, match="home_damaged"):
        LockedHome(closed, home_parts)


def test_a_home_whose_root_was_exchanged_does_not_open(closed: Path, home_parts: Parts) -> None:
    paths = HomePaths(closed)
    sheet = read_sheet(paths, home_parts.disk)
    assert sheet is not None
    assert isinstance(keyring_of(sheet), Keyring)
    stranger = Office(province="98")
    exchanged = msgspec.structs.replace(sheet, root=stranger.root_bytes())
    with pytest.raises(StationError, match="home_damaged"):
        keyring_of(exchanged)


def exchange_sheet(closed: Path, home_parts: Parts, **changes: object) -> None:
    paths = HomePaths(closed)
    sheet = read_sheet(paths, home_parts.disk)
    assert sheet is not None
    write_sheet(paths, home_parts.disk, msgspec.structs.replace(sheet, **changes))


def test_a_root_exchanged_with_all_its_statements_opens_no_records(closed: Path, home_parts: Parts) -> None:
    stranger = Office()
    stranger.root = SigningKey.generate(Suite.ED25519, CountingRandom("a stranger"))
    exchange_sheet(closed, home_parts, root=stranger.root_bytes(), statements=stranger.statements())
    opened = LockedHome(closed, home_parts)
    assert isinstance(keyring_of(opened.sheet), Keyring)
    with pytest.raises(StationError, match="home_root_differs"):
        opened.unlock(VET, PASSPHRASE)
    opened.close()


@pytest.mark.parametrize("changes", [{"station": 8}, {"province": "32"}])
def test_a_sheet_that_names_another_station_or_province_opens_no_records(
    closed: Path, home_parts: Parts, changes: dict[str, object]
) -> None:
    exchange_sheet(closed, home_parts, **changes)
    opened = LockedHome(closed, home_parts)
    with pytest.raises(StationError, match="home_root_differs"):
        opened.unlock(VET, PASSPHRASE)
    opened.close()


def test_after_five_wrong_passphrases_the_next_waits_across_a_restart(
    closed: Path, home_parts: Parts, clock: HandClock
) -> None:
    for _ in range(5):
        opened = LockedHome(closed, home_parts)
        assert opened.unlock(VET, "wrong") is VaultFault.WRONG_PASSPHRASE
        opened.close()
    opened = LockedHome(closed, home_parts)
    assert opened.unlock(VET, PASSPHRASE) is VaultFault.SLOT_WAITS
    clock.at += 30_000
    unlocked(opened)
    opened.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_everything_in_a_home_is_its_owners_alone(closed: Path, home_parts: Parts) -> None:
    opened = LockedHome(closed, home_parts)
    device = unlocked(opened)
    attach(device, b"\xff\xd8\xff photograph")
    found = {path.relative_to(closed.parent).as_posix(): path.stat().st_mode & 0o077 for path in closed.rglob("*")}
    found["home"] = closed.stat().st_mode & 0o077
    opened.close()
    assert {"home/journal.db", "home/journal.db-wal", "home/keyring/keyring", "home/keyring/device"} <= set(found)
    assert not {name for name, mode in found.items() if mode}


SECOND = """
import sys
from pathlib import Path
from inspector_app.errors import StationError
from inspector_app.services.sign_in import LockedHome
from tests.office import HandClock, parts
try:
    LockedHome(Path(sys.argv[1]), parts(HandClock()), doing="second")
except StationError as error:
    print(error.code, error.details["pid"], error.details["doing"])
    raise SystemExit(3)
"""


def test_a_second_process_is_told_who_has_the_home(locked: LockedHome, closed: Path) -> None:
    import os

    root = Path(__file__).resolve().parents[2]
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", SECOND, str(closed)],
        cwd=root, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (result.returncode, result.stdout.split()) == (3, ["home_in_use", str(os.getpid()), "inspector"])
    assert isinstance(unlocked(locked), Device)


def test_a_home_given_back_can_be_taken_again(closed: Path, home_parts: Parts) -> None:
    LockedHome(closed, home_parts).close()
    opened = LockedHome(closed, home_parts)
    with pytest.raises(StationError, match="home_in_use"):
        LockedHome(closed, home_parts)
    opened.close()
    LockedHome(closed, home_parts).close()


# --- what goes on when the right to issue has ended ------------------------------------------------------------------


def test_sign_in_reading_and_preparing_a_sync_go_on_after_lease_and_grant_ended(
    locked: LockedHome, clock: HandClock
) -> None:
    clock.forward(days=400)
    device = unlocked(locked)
    batch = str(device.rows.many("inspections")[0]["ref"])
    assert [one.code for one in can_issue(device, draft(device, batch))] == [C.LEASE_EXPIRED]
    assert device.store.waiting() == device.store.head().seq
    assert len(list(device.store.written())) == device.store.head().seq
    assert device.rows.many("declarations")[0]["owner_name"] == "王大河"
    assert_sound(device)
