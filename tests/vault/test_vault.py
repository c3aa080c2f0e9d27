"""Who may open the data of a device: a right passphrase on the right device, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector_app.domain.canonical import decode, encode
from inspector_app.domain.keys import PublicKey
from inspector_app.errors import StationError
from inspector_app.suites import Argon2Cost, BoxKey, verify
from inspector_app.vault.device import DeviceIdentity
from inspector_app.vault.keyring_file import KeyringFile, KeyringTable
from inspector_app.vault.slots import Slot
from inspector_app.vault.vault import Unlocked, Vault, VaultFault
from tests.office import HandClock
from tests.vault.conftest import (
    CHEAP,
    CLERK,
    CLERK_PASSPHRASE,
    DATA_KEY,
    HEAD,
    NEW_DATA_KEY,
    PASSPHRASE,
    Setting,
)

COPIES = ("keyring", "keyring.copy")


def unlocked(setting: Setting, person: int = HEAD, passphrase: str = PASSPHRASE) -> Unlocked:
    result = setting.vault.unlock(person, passphrase)
    assert isinstance(result, Unlocked)
    return result


def opens(setting: Setting, person: int = HEAD, passphrase: str = PASSPHRASE) -> bool:
    return isinstance(setting.vault.unlock(person, passphrase), Unlocked)


def device(setting: Setting) -> DeviceIdentity:
    identity = setting.secrets.load()
    assert isinstance(identity, DeviceIdentity)
    return identity


def table(setting: Setting) -> KeyringTable:
    read = KeyringFile(setting.disk, setting.folder).read(device(setting).device_id)
    assert isinstance(read, KeyringTable)
    return read


def plant(setting: Setting, changed: KeyringTable) -> None:
    KeyringFile(setting.disk, setting.folder).write(changed)


def slot(setting: Setting, person: int) -> Slot:
    found = table(setting).slot(person)
    assert found
    return found


# --- unlocking -------------------------------------------------------------------------------------------------------


def test_each_person_opens_the_same_data_with_a_key_of_their_own(setting: Setting) -> None:
    head, clerk = unlocked(setting), unlocked(setting, CLERK, CLERK_PASSPHRASE)
    assert head.data_key == clerk.data_key == DATA_KEY
    assert head.previous_data_key is None
    assert head.signing_key.public != clerk.signing_key.public
    assert setting.vault.list_people() == (HEAD, CLERK)


def test_the_key_given_at_joining_is_the_key_that_signs_later(tmp_path: Path) -> None:
    setting = Setting(tmp_path).create()
    public = setting.vault.add_person(HEAD, PASSPHRASE, DATA_KEY)
    assert isinstance(public, PublicKey)
    signature = unlocked(setting).signing_key.sign("inspector/entry/1", b"head")
    assert verify(public, "inspector/entry/1", b"head", signature)
    assert setting.vault.public_key(HEAD) == public


@pytest.mark.parametrize("typed", ["", "Luyu chitang qingchen bandeng 7", PASSPHRASE + " ", CLERK_PASSPHRASE])
def test_a_wrong_passphrase_is_refused(setting: Setting, typed: str) -> None:
    assert setting.vault.unlock(HEAD, typed) is VaultFault.WRONG_PASSPHRASE


def test_a_person_without_a_slot_is_told_so(setting: Setting) -> None:
    assert setting.vault.unlock(9, PASSPHRASE) is VaultFault.SLOT_MISSING
    assert setting.vault.public_key(9) is VaultFault.SLOT_MISSING


def test_wrong_tries_are_counted_per_person_and_forgotten_at_a_right_one(setting: Setting) -> None:
    for _ in range(3):
        setting.vault.unlock(HEAD, "wrong")
    assert (setting.vault.failed_tries(HEAD), setting.vault.failed_tries(CLERK)) == (3, 0)
    unlocked(setting)
    assert setting.vault.failed_tries(HEAD) == 0


def timed(setting: Setting, clock: HandClock) -> Vault:
    """The same vault as after a restart, on a clock in the test's hand."""
    return Vault(
        setting.folder, disk=setting.disk, secrets=setting.secrets, random=setting.random, cost=CHEAP, clock=clock
    )


def test_after_five_wrong_tries_even_the_right_one_waits_and_colleagues_do_not(setting: Setting) -> None:
    clock = HandClock()
    for _ in range(5):
        assert timed(setting, clock).unlock(HEAD, "wrong") is VaultFault.WRONG_PASSPHRASE
    assert timed(setting, clock).unlock(HEAD, PASSPHRASE) is VaultFault.SLOT_WAITS
    assert isinstance(timed(setting, clock).unlock(CLERK, CLERK_PASSPHRASE), Unlocked)
    clock.at += 30_000
    assert isinstance(timed(setting, clock).unlock(HEAD, PASSPHRASE), Unlocked)
    assert timed(setting, clock).unlock(HEAD, "wrong") is VaultFault.WRONG_PASSPHRASE


@pytest.mark.parametrize(("tries", "seconds"), [(4, 0), (5, 30), (6, 60), (7, 300), (8, 900), (30, 900)])
def test_each_wrong_try_lengthens_the_wait_but_never_for_good(setting: Setting, tries: int, seconds: int) -> None:
    clock = HandClock()
    for _ in range(tries):
        assert timed(setting, clock).unlock(HEAD, "wrong") is VaultFault.WRONG_PASSPHRASE
        clock.at += 900_000
    clock.at -= 900_000
    if seconds:
        clock.at += seconds * 1000 - 1
        assert timed(setting, clock).unlock(HEAD, PASSPHRASE) is VaultFault.SLOT_WAITS
        clock.at += 1
    assert isinstance(timed(setting, clock).unlock(HEAD, PASSPHRASE), Unlocked)


def test_a_clock_put_back_makes_nobody_wait(setting: Setting) -> None:
    clock = HandClock()
    for _ in range(5):
        timed(setting, clock).unlock(HEAD, "wrong")
    clock.forward(days=-400)
    assert isinstance(timed(setting, clock).unlock(HEAD, PASSPHRASE), Unlocked)


def test_a_full_disk_keeps_nobody_from_signing_in(setting: Setting) -> None:
    setting.disk.writes_left = 0
    assert setting.vault.unlock(HEAD, "wrong") is VaultFault.WRONG_PASSPHRASE
    assert unlocked(setting).data_key == DATA_KEY


def test_an_edited_counter_counts_as_none_and_locks_nobody_out(setting: Setting) -> None:
    setting.vault.unlock(HEAD, "wrong")
    path = setting.folder / "tries"
    path.write_bytes(path.read_bytes()[:-1])
    assert setting.vault.failed_tries(HEAD) == 0
    assert opens(setting)


# --- moved, planted, damaged -----------------------------------------------------------------------------------------


def test_a_slot_copied_under_another_persons_number_does_not_open(setting: Setting) -> None:
    swapped = msgspec.structs.replace(slot(setting, CLERK), person=HEAD)
    plant(setting, table(setting).with_slots(swapped, msgspec.structs.replace(slot(setting, HEAD), person=CLERK)))
    assert setting.vault.unlock(HEAD, CLERK_PASSPHRASE) is VaultFault.WRONG_PASSPHRASE
    assert setting.vault.unlock(CLERK, PASSPHRASE) is VaultFault.WRONG_PASSPHRASE


def test_a_keyring_of_another_device_is_foreign(setting: Setting, tmp_path: Path) -> None:
    other = Setting(tmp_path / "other", seed=2).with_people()
    for name in COPIES:
        shutil.copy(setting.folder / name, other.folder / name)
    assert other.vault.unlock(HEAD, PASSPHRASE) is VaultFault.SLOT_FOREIGN


def test_a_keyring_relabelled_for_another_device_does_not_open(setting: Setting, tmp_path: Path) -> None:
    other = Setting(tmp_path / "other", seed=2).with_people()
    relabelled = msgspec.structs.replace(table(setting), device_id=device(other).device_id, writes=99)
    plant(other, relabelled)
    assert other.vault.unlock(HEAD, PASSPHRASE) is VaultFault.WRONG_PASSPHRASE


def test_without_the_device_secret_no_passphrase_helps(setting: Setting) -> None:
    setting.secrets.destroy()
    assert setting.vault.unlock(HEAD, PASSPHRASE) is VaultFault.DEVICE_SECRET_MISSING
    assert setting.vault.list_people() is VaultFault.DEVICE_SECRET_MISSING
    assert setting.vault.failed_tries(HEAD) == 0


def test_a_folder_carried_to_another_machine_does_not_open(setting: Setting) -> None:
    there = Setting(setting.folder, machine=b"another machine-id")
    assert there.vault.unlock(HEAD, PASSPHRASE) is VaultFault.DEVICE_SECRET_FOREIGN


def test_a_planted_box_key_is_noticed_before_anything_is_sealed_to_it(setting: Setting) -> None:
    """Re-sealing never believes the plain file: who cannot show the data key cannot have changed the table."""
    planted = BoxKey.generate(setting.random).public_raw
    changed = msgspec.structs.replace(slot(setting, CLERK), box_public=planted)
    before = table(setting)
    plant(setting, msgspec.structs.replace(before, slots=(slot(setting, HEAD), changed)))
    assert setting.vault.rotate_data_key(DATA_KEY, NEW_DATA_KEY) is VaultFault.WRONG_DATA_KEY
    assert setting.vault.unlock(HEAD, PASSPHRASE) is VaultFault.SLOT_DAMAGED


def test_a_planted_costly_slot_does_not_stall_the_machine(setting: Setting) -> None:
    costly = msgspec.structs.replace(slot(setting, HEAD), cost=Argon2Cost(2**22, 1000, 1))
    plant(setting, table(setting).with_slots(costly, slot(setting, CLERK)))
    assert setting.vault.unlock(HEAD, PASSPHRASE) is VaultFault.SLOT_DAMAGED


def test_a_cheapened_slot_does_not_open_more_cheaply(setting: Setting) -> None:
    cheaper = msgspec.structs.replace(slot(setting, HEAD), cost=Argon2Cost(32, 1, 1))
    plant(setting, table(setting).with_slots(cheaper, slot(setting, CLERK)))
    assert setting.vault.unlock(HEAD, PASSPHRASE) is VaultFault.WRONG_PASSPHRASE


@pytest.mark.parametrize("name", COPIES)
def test_one_damaged_or_lost_copy_costs_nothing(setting: Setting, name: str) -> None:
    (setting.folder / name).write_bytes(b"")
    assert opens(setting)
    (setting.folder / name).unlink()
    assert opens(setting)


def test_two_damaged_copies_are_called_damage_not_a_wrong_passphrase(setting: Setting) -> None:
    for name in COPIES:
        raw = bytearray((setting.folder / name).read_bytes())
        raw[len(raw) // 2] ^= 1
        (setting.folder / name).write_bytes(raw)
    assert setting.vault.unlock(HEAD, PASSPHRASE) is VaultFault.SLOT_DAMAGED


def test_no_keyring_at_all_is_a_missing_slot(setting: Setting) -> None:
    for name in COPIES:
        (setting.folder / name).unlink()
    assert setting.vault.unlock(HEAD, PASSPHRASE) is VaultFault.SLOT_MISSING


@pytest.mark.parametrize("name", [*COPIES, "device"])
def test_files_of_a_newer_version_are_called_so(setting: Setting, name: str) -> None:
    path = setting.folder / name
    title, version, *rest = decode(path.read_bytes(), 10_000)
    path.write_bytes(encode([title, version + 1, *rest]))
    assert setting.vault.unlock(HEAD, PASSPHRASE) is VaultFault.NEWER_VERSION


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(at=st.integers(0, 5000), bit=st.integers(0, 7))
def test_no_flipped_bit_in_the_keyring_opens_anything(setting: Setting, at: int, bit: int) -> None:
    raws = {name: (setting.folder / name).read_bytes() for name in COPIES}
    for name, raw in raws.items():
        changed = bytearray(raw)
        changed[at % len(changed)] ^= 1 << bit
        (setting.folder / name).write_bytes(changed)
    try:
        assert isinstance(setting.vault.unlock(HEAD, PASSPHRASE), VaultFault)
    finally:
        for name, raw in raws.items():
            (setting.folder / name).write_bytes(raw)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(raw=st.binary(max_size=200))
def test_any_bytes_in_place_of_the_keyring_are_damage(setting: Setting, raw: bytes) -> None:
    raws = {name: (setting.folder / name).read_bytes() for name in COPIES}
    for name in raws:
        (setting.folder / name).write_bytes(raw)
    try:
        assert setting.vault.unlock(HEAD, PASSPHRASE) is VaultFault.SLOT_DAMAGED
    finally:
        for name, kept in raws.items():
            (setting.folder / name).write_bytes(kept)


# --- joining, changing, leaving --------------------------------------------------------------------------------------


def test_a_second_vault_in_the_same_folder_is_refused(setting: Setting) -> None:
    with pytest.raises(StationError, match="vault_exists"):
        setting.create()
    assert opens(setting)


def test_a_person_joins_only_by_someone_who_holds_the_data_key(setting: Setting) -> None:
    assert setting.vault.add_person(9, "third passphrase", NEW_DATA_KEY) is VaultFault.WRONG_DATA_KEY
    assert setting.vault.list_people() == (HEAD, CLERK)


def test_a_person_joins_once(setting: Setting) -> None:
    assert setting.vault.add_person(HEAD, "another", DATA_KEY) is VaultFault.PERSON_EXISTS
    assert opens(setting)


def test_a_data_key_of_another_length_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Setting(tmp_path).create().vault.add_person(HEAD, PASSPHRASE, b"short")


def test_a_new_passphrase_keeps_the_keys_and_ends_the_old_one(setting: Setting) -> None:
    before, old_slot = unlocked(setting), slot(setting, HEAD)
    assert setting.vault.change_passphrase(HEAD, PASSPHRASE, "xin mima 2026") is None
    assert setting.vault.unlock(HEAD, PASSPHRASE) is VaultFault.WRONG_PASSPHRASE
    after = unlocked(setting, HEAD, "xin mima 2026")
    assert after.signing_key.public == before.signing_key.public
    assert after.data_key == DATA_KEY
    assert slot(setting, HEAD).salt != old_slot.salt
    assert opens(setting, CLERK, CLERK_PASSPHRASE)


def test_a_passphrase_is_not_changed_by_someone_who_does_not_know_it(setting: Setting) -> None:
    assert setting.vault.change_passphrase(HEAD, "guess", "mine now") is VaultFault.WRONG_PASSPHRASE
    assert opens(setting)
    assert setting.vault.failed_tries(HEAD) == 0


def test_an_old_wrapping_put_back_into_a_new_slot_does_not_open(setting: Setting) -> None:
    old = slot(setting, HEAD)
    setting.vault.change_passphrase(HEAD, PASSPHRASE, "xin mima 2026")
    mixed = msgspec.structs.replace(
        slot(setting, HEAD), salt=old.salt, box_wrapped=old.box_wrapped, signing_wrapped=old.signing_wrapped
    )
    plant(setting, table(setting).with_slots(mixed, slot(setting, CLERK)))
    assert setting.vault.unlock(HEAD, PASSPHRASE) is VaultFault.WRONG_PASSPHRASE


def test_a_new_passphrase_takes_todays_cost(setting: Setting) -> None:
    today = Argon2Cost(128, 2, 1)
    vault = Vault(setting.folder, disk=setting.disk, secrets=setting.secrets, random=setting.random, cost=today)
    assert slot(setting, HEAD).cost == CHEAP
    vault.change_passphrase(HEAD, PASSPHRASE, "xin mima 2026")
    assert slot(setting, HEAD).cost == today
    assert slot(setting, CLERK).cost == CHEAP


def test_a_person_who_leaves_no_longer_opens_it_and_colleagues_do(setting: Setting) -> None:
    assert setting.vault.remove_person(CLERK, DATA_KEY) is None
    assert setting.vault.unlock(CLERK, CLERK_PASSPHRASE) is VaultFault.SLOT_MISSING
    assert opens(setting)


@pytest.mark.parametrize(
    ("person", "data_key", "fault"),
    [(CLERK, NEW_DATA_KEY, VaultFault.WRONG_DATA_KEY), (9, DATA_KEY, VaultFault.SLOT_MISSING)],
)
def test_nobody_is_removed_by_an_outsider_or_twice(
    setting: Setting, person: int, data_key: bytes, fault: VaultFault
) -> None:
    assert setting.vault.remove_person(person, data_key) is fault
    assert setting.vault.list_people() == (HEAD, CLERK)


def test_the_last_person_cannot_be_removed(setting: Setting) -> None:
    setting.vault.remove_person(CLERK, DATA_KEY)
    assert setting.vault.remove_person(HEAD, DATA_KEY) is VaultFault.LAST_PERSON
    assert opens(setting)


def test_the_table_digest_tells_an_older_keyring_from_the_present_one(setting: Setting) -> None:
    before = setting.vault.table_digest()
    kept = {name: (setting.folder / name).read_bytes() for name in COPIES}
    setting.vault.remove_person(CLERK, DATA_KEY)
    now = setting.vault.table_digest()
    for name, raw in kept.items():
        (setting.folder / name).write_bytes(raw)
    assert now != before == setting.vault.table_digest()


# --- a new data key --------------------------------------------------------------------------------------------------


def test_a_new_data_key_reaches_people_who_are_not_there(setting: Setting) -> None:
    assert setting.vault.rotate_data_key(DATA_KEY, NEW_DATA_KEY) is None
    assert setting.vault.settle_rotation(unlocked(setting), NEW_DATA_KEY) is None
    clerk = unlocked(setting, CLERK, CLERK_PASSPHRASE)
    assert (clerk.data_key, clerk.previous_data_key) == (NEW_DATA_KEY, None)


def test_a_person_left_out_of_a_rotation_gets_nothing(setting: Setting) -> None:
    old = slot(setting, CLERK)
    setting.vault.rotate_data_key(DATA_KEY, NEW_DATA_KEY, without=[CLERK])
    assert setting.vault.unlock(CLERK, CLERK_PASSPHRASE) is VaultFault.SLOT_MISSING
    plant(setting, table(setting).with_slots(old, slot(setting, HEAD)))
    assert setting.vault.unlock(CLERK, CLERK_PASSPHRASE) is VaultFault.SLOT_DAMAGED


def test_until_settled_both_data_keys_open_so_a_power_cut_loses_neither(setting: Setting) -> None:
    setting.vault.rotate_data_key(DATA_KEY, NEW_DATA_KEY)
    head = unlocked(setting)
    assert (head.data_key, head.previous_data_key) == (NEW_DATA_KEY, DATA_KEY)


def test_a_rotation_the_database_did_not_follow_can_be_taken_back_and_tried_again(setting: Setting) -> None:
    setting.vault.rotate_data_key(DATA_KEY, NEW_DATA_KEY)
    assert setting.vault.settle_rotation(unlocked(setting), DATA_KEY) is None
    assert unlocked(setting).data_key == DATA_KEY
    assert setting.vault.rotate_data_key(DATA_KEY, bytes(32)) is None
    assert setting.vault.settle_rotation(unlocked(setting), bytes(32)) is None
    assert unlocked(setting, CLERK, CLERK_PASSPHRASE).data_key == bytes(32)


def test_settling_needs_a_key_that_is_one_of_the_two(setting: Setting) -> None:
    setting.vault.rotate_data_key(DATA_KEY, NEW_DATA_KEY)
    assert setting.vault.settle_rotation(unlocked(setting), bytes(32)) is VaultFault.WRONG_DATA_KEY
    assert unlocked(setting).previous_data_key == DATA_KEY


def test_settling_what_is_not_open_changes_nothing(setting: Setting) -> None:
    written = len(setting.disk.written)
    assert setting.vault.settle_rotation(unlocked(setting), DATA_KEY) is None
    assert len(setting.disk.written) == written


def test_an_open_rotation_is_settled_before_anything_else(setting: Setting) -> None:
    setting.vault.rotate_data_key(DATA_KEY, NEW_DATA_KEY)
    assert setting.vault.rotate_data_key(NEW_DATA_KEY, bytes(32)) is VaultFault.ROTATION_OPEN
    assert setting.vault.add_person(9, "third", NEW_DATA_KEY) is VaultFault.ROTATION_OPEN


def test_a_rotation_without_anybody_is_refused(setting: Setting) -> None:
    assert setting.vault.rotate_data_key(DATA_KEY, NEW_DATA_KEY, without=[HEAD, CLERK]) is VaultFault.LAST_PERSON
    assert unlocked(setting).data_key == DATA_KEY


def test_a_passphrase_changed_in_the_middle_of_a_rotation_keeps_both_keys(setting: Setting) -> None:
    setting.vault.rotate_data_key(DATA_KEY, NEW_DATA_KEY)
    assert setting.vault.change_passphrase(HEAD, PASSPHRASE, "xin mima 2026") is None
    assert unlocked(setting, HEAD, "xin mima 2026").previous_data_key == DATA_KEY


@pytest.mark.parametrize("writes", [0, 1])
def test_a_disk_that_fails_at_any_write_leaves_an_openable_vault(setting: Setting, writes: int) -> None:
    setting.disk.writes_left = writes
    with pytest.raises(StationError, match="disk_full"):
        setting.vault.change_passphrase(HEAD, PASSPHRASE, "xin mima 2026")
    results = [setting.vault.unlock(HEAD, typed) for typed in (PASSPHRASE, "xin mima 2026")]
    assert sum(isinstance(result, Unlocked) for result in results) == 1
    assert isinstance(results[writes], Unlocked)


# --- nothing in the clear --------------------------------------------------------------------------------------------


def test_no_raw_key_is_in_any_file_ever_written(setting: Setting) -> None:
    """Every byte of every write is searched, not only what is left at the end; file names too."""
    setting.vault.unlock(HEAD, "wrong")
    setting.vault.change_passphrase(HEAD, PASSPHRASE, "xin mima 2026")
    setting.vault.rotate_data_key(DATA_KEY, NEW_DATA_KEY)
    head, clerk = unlocked(setting, HEAD, "xin mima 2026"), unlocked(setting, CLERK, CLERK_PASSPHRASE)
    setting.vault.settle_rotation(head, NEW_DATA_KEY)
    identity = device(setting)
    secrets = [DATA_KEY, NEW_DATA_KEY, identity.secret, identity.box.private_bytes(), PASSPHRASE.encode()]
    for keys in (head, clerk):
        secrets += [keys.signing_key.private_bytes(), keys.box_key.private_bytes()]
    signing = getattr(identity.signing, "private_bytes", None)
    assert signing
    secrets.append(signing())
    written = b"".join(bytes(path) + content for path, content in setting.disk.written)
    left = b"".join(path.read_bytes() for path in sorted(setting.folder.rglob("*")) if path.is_file())
    assert len(setting.disk.written) > 10
    for secret in secrets:
        for form in (secret, secret.hex().encode(), secret[:16], secret[16:]):
            assert form not in written + left


def test_what_is_unlocked_does_not_show_its_keys(setting: Setting) -> None:
    head = unlocked(setting)
    shown = f"{head!r} {head} {device(setting)!r}"
    assert DATA_KEY.hex() not in shown
    assert repr(DATA_KEY) not in shown
    assert device(setting).secret.hex() not in shown
