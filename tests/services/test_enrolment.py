"""Founding a home: the first documents, the first person, and a wizard that was interrupted."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec
import pytest

from inspector_app.domain.keys import PublicKey
from inspector_app.errors import BugError, StationError
from inspector_app.journal.entries.devices import DeviceEnrolled, PersonKeyAdded, ProvincePulled
from inspector_app.journal.feed import Pulled
from inspector_app.services.device import Device
from inspector_app.services.enrolment import Enrolment, found_home, join, prepare_home
from inspector_app.services.sign_in import LockedHome, Parts, vault_of
from inspector_app.store.disk import LocalDisk
from inspector_app.store.home import HomePaths
from inspector_app.vault.vault import Unlocked
from tests.office import CLERK, EPOCH, PASSPHRASE, VET, HandClock, Office, parts
from tests.services.work import assert_sound, issued


def found(folder: Path, home_parts: Parts, enrolment: Enrolment, passphrase: str = PASSPHRASE) -> Device:
    return found_home(folder, home_parts, enrolment, name="测试机", person=VET, passphrase=passphrase)


def enrolment_of(office: Office, folder: Path, home_parts: Parts, *more: Pulled) -> Enrolment:
    identity = prepare_home(folder, home_parts)
    structs = [*office.station_documents(identity.device_id), *office.numbers(identity.device_id, "B")]
    return office.enrolment(identity, [*office.documents(*structs), *more])


def test_a_home_begins_with_who_it_is_what_it_was_told_and_whose_key_signs(
    office: Office, home: Path, home_parts: Parts
) -> None:
    device = found(home, home_parts, enrolment_of(office, home, home_parts))
    facts = [entry.fact for entry in device.store.entries()]
    assert [type(fact) for fact in facts] == [DeviceEnrolled, ProvincePulled, PersonKeyAdded]
    assert isinstance(facts[0], DeviceEnrolled)
    assert facts[0].root == office.root.public.key_id.hex()
    assert (device.practice, device.person(), device.frozen) == (True, VET, "")
    assert_sound(device)
    device.store.database.close()
    opened = LockedHome(home, home_parts)
    assert isinstance(opened.unlock(VET, PASSPHRASE), Device)
    opened.close()


def test_no_key_lies_open_on_the_disk(office: Office, home: Path, home_parts: Parts) -> None:
    device = found(home, home_parts, enrolment_of(office, home, home_parts))
    secrets = (
        device.session_key().private_bytes(),
        device.identity.secret,
        device.identity.box.private_bytes(),
        PASSPHRASE.encode(),
        "王大河".encode(),
    )
    office.publish_key(device)
    issued(device)
    device.store.database.close()
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [secret for secret in secrets if secret in content], path.name


def test_a_founded_home_is_not_founded_again(office: Office, home: Path, home_parts: Parts) -> None:
    enrolment = enrolment_of(office, home, home_parts)
    found(home, home_parts, enrolment).store.database.close()
    with pytest.raises(StationError, match="home_exists"):
        prepare_home(home, home_parts)
    with pytest.raises(StationError, match="home_exists"):
        found(home, home_parts, enrolment)
    opened = LockedHome(home, home_parts)
    assert isinstance(opened.unlock(VET, PASSPHRASE), Device)
    opened.close()


def test_a_document_that_does_not_hold_founds_no_home_and_the_next_try_does(
    office: Office, home: Path, home_parts: Parts
) -> None:
    enrolment = enrolment_of(office, home, home_parts)
    spoiled = enrolment.documents[3]._replace(content=enrolment.documents[3].content[:-1] + b"\x00")
    bad = msgspec.structs.replace(enrolment, documents=[*enrolment.documents[:3], spoiled, *enrolment.documents[4:]])
    with pytest.raises(StationError, match="document"):
        found(home, home_parts, bad)
    assert not (home / "home.json").exists()
    device = found(home, home_parts, enrolment)
    assert device.frozen == ""
    assert_sound(device)
    device.store.database.abandon()


def test_preparing_twice_keeps_the_device_it_made(home: Path, home_parts: Parts) -> None:
    assert prepare_home(home, home_parts).device_id == prepare_home(home, home_parts).device_id


def test_an_answer_meant_for_another_device_founds_nothing(office: Office, home: Path, home_parts: Parts) -> None:
    enrolment = msgspec.structs.replace(enrolment_of(office, home, home_parts), device="4" * 32)
    with pytest.raises(StationError, match="device_secret_missing"):
        found(home, home_parts, enrolment)


def test_practice_is_decided_by_the_root_alone(office: Office, home: Path, home_parts: Parts) -> None:
    enrolment = msgspec.structs.replace(enrolment_of(office, home, home_parts), practice=False)
    with pytest.raises(BugError, match="practice"):
        found(home, home_parts, enrolment)
    real = Office(practice=False, province="32")
    device = found(home, home_parts, enrolment_of(real, home, home_parts))
    assert not device.practice
    device.store.database.abandon()


class TearingDisk(LocalDisk):
    """A disk that is full from the n-th file on."""

    def __init__(self, room: int) -> None:
        super().__init__(HandClock())
        self.room = room

    def replace(self, path: Path, content: bytes, *, durable: bool = True) -> None:
        self.room -= 1
        if self.room < 0:
            raise StationError("disk_full")
        super().replace(path, content, durable=durable)


@pytest.mark.parametrize("room", range(9))
def test_a_disk_full_at_any_file_leaves_no_half_home(office: Office, home: Path, room: int) -> None:
    tight, roomy = parts(HandClock(), disk=TearingDisk(room)), parts(HandClock())
    with contextlib.suppress(StationError):
        found(home, tight, enrolment_of(office, home, tight)).store.database.close()
    if not (home / "home.json").exists():
        found(home, roomy, enrolment_of(office, home, roomy)).store.database.close()
    opened = LockedHome(home, roomy)
    device = opened.unlock(VET, PASSPHRASE)
    assert isinstance(device, Device)
    assert device.frozen == ""
    assert_sound(device)
    opened.close()


class PulledPlugError(BaseException):
    """The power went."""


@pytest.mark.parametrize("at", [1, 5, 20, 60, 120, 200, 260, 290, 305])
def test_a_power_cut_at_any_statement_leaves_a_folder_to_start_over_in(office: Office, home: Path, at: int) -> None:
    count = 0

    def pull(_sql: str) -> None:
        nonlocal count
        count += 1
        if count == at:
            raise PulledPlugError

    weak = parts(HandClock(), before_statement=pull)
    try:
        found(home, weak, enrolment_of(office, home, weak)).store.database.abandon()
    except PulledPlugError:
        assert not (home / "home.json").exists()
        sturdy = parts(HandClock())
        found(home, sturdy, enrolment_of(office, home, sturdy)).store.database.close()
    opened = LockedHome(home, parts(HandClock()))
    device = opened.unlock(VET, PASSPHRASE)
    assert isinstance(device, Device)
    assert device.frozen == ""
    opened.close()


def test_a_colleague_joins_and_a_second_slot_is_refused(office: Office, home: Path, home_parts: Parts) -> None:
    device = found(home, home_parts, enrolment_of(office, home, home_parts))
    session = office.let_join(device, home, home_parts, CLERK)
    assert session.person == CLERK
    vault = vault_of(HomePaths(home), home_parts)
    opened = vault.unlock(VET, PASSPHRASE)
    assert isinstance(opened, Unlocked)
    with pytest.raises(StationError, match="vault_person_exists"):
        join(device, vault, person=CLERK, passphrase="another one, long enough", data_key=opened.data_key)
    with pytest.raises(StationError, match="vault_wrong_data_key"):
        join(device, vault, person=77, passphrase="another one, long enough", data_key=bytes(32))
    device.store.database.abandon()


def test_documents_of_the_enrolment_come_from_one_epoch_in_order(office: Office, home: Path, home_parts: Parts) -> None:
    device = found(home, home_parts, enrolment_of(office, home, home_parts))
    fact = [entry.fact for entry in device.store.entries()][1]
    assert isinstance(fact, ProvincePulled)
    stored = device.store.documents(EPOCH, fact.first, fact.last)
    assert [document.cursor for document in stored] == list(range(fact.first, fact.last + 1))
    device.store.database.abandon()


@pytest.mark.parametrize("short", ["", "1", "x" * 14, "  " + "x" * 14 + "  ", "ｘ" * 14])
def test_a_short_passphrase_founds_no_home_and_lets_nobody_join(
    office: Office, home: Path, home_parts: Parts, short: str
) -> None:
    enrolment = enrolment_of(office, home, home_parts)
    with pytest.raises(StationError, match="passphrase_too_short"):
        found(home, home_parts, enrolment, passphrase=short)
    device = found(home, home_parts, enrolment)
    vault = vault_of(HomePaths(home), home_parts)
    opened = vault.unlock(VET, PASSPHRASE)
    assert isinstance(opened, Unlocked)
    with pytest.raises(StationError, match="passphrase_too_short"):
        join(device, vault, person=CLERK, passphrase=short, data_key=opened.data_key)
    assert vault.list_people() == (VET,)
    device.store.database.abandon()


def test_a_join_broken_off_between_slot_and_journal_is_taken_up_again(
    office: Office, home: Path, home_parts: Parts
) -> None:
    device = found(home, home_parts, enrolment_of(office, home, home_parts))
    vault = vault_of(HomePaths(home), home_parts)
    opened = vault.unlock(VET, PASSPHRASE)
    assert isinstance(opened, Unlocked)
    key = vault.add_person(CLERK, "another one, long enough", opened.data_key)
    assert isinstance(key, PublicKey)
    with pytest.raises(StationError, match="vault_wrong_passphrase"):
        join(device, vault, person=CLERK, passphrase="not the one of the slot", data_key=opened.data_key)
    join(device, vault, person=CLERK, passphrase="another one, long enough", data_key=opened.data_key)
    assert [row["key"] for row in device.rows.many("person_keys", person=CLERK)] == [key.raw.hex()]
    device.store.database.abandon()
