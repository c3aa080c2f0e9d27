"""A new computer goes on for one that was copied or put back: papers, drafts and files come over, no number is free."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from inspector_app.domain.numbering import NumberState
from inspector_app.domain.refusals import RefusalCode
from inspector_app.errors import StationError
from inspector_app.journal.entries.successions import (
    SUCCESSION_CONTEXT,
    DeviceSucceeded,
    succession_message,
)
from inspector_app.services import drafts, ledgers
from inspector_app.services.attaching import attach
from inspector_app.services.custody_cases import conclude_case, open_cases
from inspector_app.services.device import Device
from inspector_app.services.sign_in import LockedHome, Parts
from inspector_app.services.succeeding import Succession, branch_papers, carry_files, succeed
from inspector_app.suites import verify
from inspector_app.vault.faults import VaultFault
from tests.office import PASSPHRASE, STATION, VET, HandClock, Office, parts
from tests.services.work import assert_sound, codes, done, issued, number_states, only

PICTURE = b"%PDF-1.7 a page on the desk"


@pytest.fixture
def successor(office: Office, device: Device, tmp_path: Path, clock: HandClock) -> Iterator[Device]:
    """The new computer of the same vet; it knows the old one and its blocks."""
    opened = office.enrol(tmp_path / "new", parts(clock, seed="new"))
    office.introduce(device, opened)
    office.show_blocks(device, opened)
    yield opened
    opened.store.database.abandon()


def take_over(device: Device, earlier: Device) -> Succession:
    return done(succeed(device, earlier))


def fact_of(device: Device, ref: str) -> DeviceSucceeded:
    entry = device.store.entry(ref)
    assert entry is not None
    assert isinstance(entry.fact, DeviceSucceeded)
    return entry.fact


def test_each_paper_the_province_never_told_of_is_known_by_number_with_a_case(
    office: Office, device: Device, successor: Device
) -> None:
    office.relay(device, successor)
    on_the_road = [issued(device), issued(device)]
    came = take_over(successor, device)
    assert list(came.papers) == on_the_road
    cases = open_cases(successor)
    assert [(row["kind"], row["about"]) for row in cases] == [("branch_paper", number) for number in on_the_road]
    assert all(str(row["due_on"]) > successor.today() and row["opened_by"] == VET for row in cases)
    assert_sound(successor)


def test_the_numbers_of_its_papers_are_used_and_never_free_again(device: Device, successor: Device) -> None:
    numbers = [issued(device), issued(device)]
    take_over(successor, device)
    rows = [successor.rows.one("numbers", number=number) for number in numbers]
    assert [row and row["state"] for row in rows] == [NumberState.USED] * 2
    told = [one for one in ledgers.continuity(successor).numbers if one.reason == "regularised"]
    assert [(one.standing, one.first, one.last) for one in told] == [
        ("contested", numbers[0].partition(" ")[2], numbers[0].partition(" ")[2]),
        ("contested", numbers[1].partition(" ")[2], numbers[1].partition(" ")[2]),
    ]


def test_what_the_province_took_in_is_no_branch(office: Office, device: Device, successor: Device) -> None:
    number = issued(device)
    office.relay(device, successor)
    assert branch_papers(successor, device) == []
    assert take_over(successor, device).papers == ()
    assert open_cases(successor) == []
    certificate = successor.rows.one("certificates", number=number)
    assert certificate is not None
    assert certificate["state"] == "issued"


def test_of_two_papers_with_one_number_the_other_branch_s_is_told_apart_by_its_hash(
    office: Office, device: Device, home: Path, home_parts: Parts, successor: Device, tmp_path: Path
) -> None:
    shutil.copytree(home, tmp_path / "copy", ignore=shutil.ignore_patterns("lock"))
    number = issued(device)
    office.relay(device, successor)
    copied = LockedHome(tmp_path / "copy", home_parts)
    other = copied.unlock(VET, PASSPHRASE)
    assert isinstance(other, Device)
    assert issued(other) == number
    came = take_over(successor, other)
    copied.close()
    row = successor.rows.one("numbers", number=number)
    assert came.papers == (number,)
    assert row is not None
    assert str(row["ended_by"]).startswith(device.id)  # the accepted paper keeps it
    assert [case["about"] for case in open_cases(successor)] == [number]
    assert_sound(successor)


def test_nothing_typed_is_lost(device: Device, successor: Device) -> None:
    draft = drafts.new_draft(device)
    drafts.save(device, draft, form="declaration", subject="", content={"owner": "王大河"})
    picture = attach(device, PICTURE)
    came = take_over(successor, device)
    assert (came.drafts, came.files) == (1, 1)
    held = drafts.find(successor, draft)
    assert held is not None
    assert held.content == {"owner": "王大河"}
    assert successor.files.read(picture) == PICTURE


def test_a_file_that_is_gone_is_left_behind_and_stops_nothing(device: Device, successor: Device, home: Path) -> None:
    picture = attach(device, PICTURE)
    next(path for path in home.rglob(picture)).unlink()
    assert carry_files(successor, device) == 0
    assert take_over(successor, device).files == 0


def test_broken_off_after_the_files_it_is_done_again_without_doubles(device: Device, successor: Device) -> None:
    attach(device, PICTURE)
    number = issued(device)
    carry_files(successor, device)  # and then the power went
    came = take_over(successor, device)
    assert (came.files, came.papers) == (0, (number,))


def test_the_earlier_computer_signs_who_goes_on_for_it(device: Device, successor: Device) -> None:
    issued(device)
    fact = fact_of(successor, take_over(successor, device).ref)
    assert (fact.device, fact.seq, fact.hash) == (device.id, device.store.head().seq, device.store.head().hash.hex())
    message = succession_message(device.id, successor.id, fact.seq, fact.hash)
    key = device.identity.signing.public
    assert verify(key, SUCCESSION_CONTEXT, message, bytes.fromhex(fact.proof))
    for_another = succession_message(device.id, device.id, fact.seq, fact.hash)
    assert not verify(key, SUCCESSION_CONTEXT, for_another, bytes.fromhex(fact.proof))


def test_a_frozen_computer_is_succeeded_like_any_other(device: Device, successor: Device) -> None:
    number = issued(device)
    device.frozen = "fork"
    assert take_over(successor, device).papers == (number,)


def test_a_computer_is_succeeded_once(device: Device, successor: Device) -> None:
    issued(device)
    take_over(successor, device)
    before = successor.store.head()
    only(succeed(successor, device), RefusalCode.ALREADY_RECORDED)
    assert successor.store.head() == before


def test_nobody_goes_on_for_itself(device: Device) -> None:
    only(succeed(device, device), RefusalCode.FIELD_INVALID, "earlier")


def test_nobody_goes_on_for_a_computer_of_another_province(device: Device, tmp_path: Path, clock: HandClock) -> None:
    stranger = Office(practice=False, province="32").enrol(tmp_path / "stranger", parts(clock, seed="stranger"))
    only(succeed(device, stranger), RefusalCode.FIELD_INVALID, "earlier")
    stranger.store.database.abandon()


def test_nobody_goes_on_for_a_computer_of_another_station(device: Device, successor: Device) -> None:
    device.sheet = msgspec.structs.replace(device.sheet, station=STATION + 1)
    only(succeed(successor, device), RefusalCode.FIELD_INVALID, "earlier")


def test_it_takes_somebody_of_the_station_with_a_post(office: Office, device: Device, successor: Device) -> None:
    office.publish(successor, office.grant(VET, "supervisor"))
    assert codes(succeed(successor, device)) == [RefusalCode.POST_MISSING]
    assert successor.rows.many("successions") == []


def test_the_case_of_such_a_paper_is_concluded_like_any_other(
    office: Office, device: Device, successor: Device, tmp_path: Path
) -> None:
    issued(device)
    take_over(successor, device)
    case = open_cases(successor)[0]
    office.publish(successor, office.grant(VET, "vet", "head"))
    done(conclude_case(successor, str(case["ref"]), cause="recording_mistake", conclusion="record_added"))
    assert open_cases(successor) == []


def test_a_disk_in_another_computer_opens_only_by_the_old_machine_s_name(
    device: Device, home: Path, home_parts: Parts, successor: Device
) -> None:
    number = issued(device)
    device.store.database.close()
    elsewhere = LockedHome(home, msgspec.structs.replace(home_parts, machine=b"another computer"))
    assert elsewhere.unlock(VET, PASSPHRASE) is VaultFault.DEVICE_SECRET_FOREIGN
    elsewhere.close()
    told = LockedHome(home, home_parts)
    opened = told.unlock(VET, PASSPHRASE)
    assert isinstance(opened, Device)
    assert take_over(successor, opened).papers == (number,)
    told.close()
    with pytest.raises(StationError):
        LockedHome(home / "nowhere", home_parts)


def test_the_state_of_numbers_nobody_used_stays_what_it_was(device: Device, successor: Device) -> None:
    issued(device)
    take_over(successor, device)
    block = next(row for row in successor.rows.many("blocks", kind="B") if row["device"] == device.id)
    states = [row["state"] for row in successor.rows.many("numbers", order="digits", block=block["block"])]
    assert states == ["used"] + ["free"] * 9
    assert number_states(device, "B") == ["used"] + ["free"] * 9
