"""The peers' bugs with numbers (PEERS chapter 2, points 4, 5, 6, 8 and 9) as test cases by name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.config import read_resource, resource_names
from inspector_app.domain.continuity import CLEAN, Standing
from inspector_app.domain.numbering import Block, parse_range, range_size
from inspector_app.domain.refusals import RefusalCode
from inspector_app.domain.sentences import Sentences, describe_refusal
from inspector_app.domain.supply import SupplyCode
from inspector_app.errors import BugError
from inspector_app.services import drafts, ledgers, supplies
from inspector_app.services.device import Device
from inspector_app.services.issuing import issue_certificate
from inspector_app.services.losses import report_loss
from inspector_app.services.number_custody import number_refusals, numbers_left, return_numbers
from inspector_app.services.ready import check_departure
from tests.office import STATION, VET, HandClock, Office
from tests.services.work import assert_sound, codes, done, draft, inspected, issued, number_states, only, void_paper
from tests.source_tree import ROOT

C = RefusalCode
WIDTH = 10


# --- 4: numbers run past the end of a range, or into another user's --------------------------------------------------


@given(first=st.integers(0, 10**WIDTH - 400), size=st.integers(1, 300))
def test_pain_4_both_ends_of_a_range_belong_to_it(first: int, size: int) -> None:
    ends = f"{first:0{WIDTH}}", f"{first + size - 1:0{WIDTH}}"
    block = Block("b", "d", "s", "B", *ends, device="x", holder=1, ordinal=1, issued_at=0)
    numbers = list(block.numbers())
    assert (numbers[0].digits, numbers[-1].digits, len(numbers)) == (*ends, range_size(*ends))
    assert all(number in block for number in numbers)
    beyond = [f"{value:0{WIDTH}}" for value in (first - 1, first + size) if 0 <= value < 10**WIDTH]
    assert not any(msgspec.structs.replace(numbers[0], digits=digits) in block for digits in beyond)


@given(first=st.integers(0, 10**WIDTH - 400), size=st.integers(1, 300))
def test_pain_4_a_typed_range_ends_where_it_says(first: int, size: int) -> None:
    ends = f"{first:0{WIDTH}}", f"{first + size - 1:0{WIDTH}}"
    assert parse_range(f"{ends[0]}-{ends[1]}") == ends
    assert parse_range(f"{ends[0]}－{ends[1]}") == ends


def test_pain_4_a_block_gives_its_last_number_and_not_one_more(office: Office, device: Device) -> None:
    batch = inspected(device)
    given_out = [issued(device, batch) for _ in range(10)]
    assert given_out == [f"B 99{value:08}" for value in range(1, 11)]
    refused = issue_certificate(device, draft(device, batch))
    assert codes(refused) == [C.NO_NUMBERS_LEFT]
    assert len(device.rows.many("certificates")) == 10


@pytest.mark.parametrize("typed", ["9900000010-11", "9900000001-9900000011", "9900000000-9"])
def test_pain_4_no_act_reaches_past_an_end(device: Device, typed: str) -> None:
    before = device.store.head()
    for outcome in (
        return_numbers(device, "B", typed, reason="too_many"),
        report_loss(device, "B", typed, cause="lost"),
    ):
        assert set(codes(outcome)) <= {C.OUTSIDE_BLOCK, C.NOT_FOUND}
        assert codes(outcome)
    assert device.store.head() == before


def test_pain_4_the_database_itself_holds_each_number_once(device: Device) -> None:
    row = device.rows.many("numbers", kind="B")[0]
    with pytest.raises(BugError, match="UNIQUE"), device.store.database.transaction():
        device.store.rows.insert("numbers", row)


# --- 5: the same numbers on two devices, two programs on one database ------------------------------------------------

SECOND = """
import sys
from pathlib import Path
from inspector_app.errors import StationError
from inspector_app.store.lock import HomeLock
lock = HomeLock(Path(sys.argv[1]))
sys.stdin.readline()
try:
    lock.take("writing", 1_795_136_400_000)
except StationError as error:
    print(error.code, flush=True)
else:
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def two_programs(tmp_path: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes that are about to open the same home."""
    command = [sys.executable, "-c", SECOND, str(tmp_path / "home" / "lock")]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    yield started
    for process in started:
        process.communicate(timeout=30)


def pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def test_pain_5_of_two_programs_that_open_one_home_at_once_one_writes(
    two_programs: list[subprocess.Popen[str]],
) -> None:
    for process in two_programs:
        pipe(process.stdin).write("\n")
        pipe(process.stdin).flush()
    said = [pipe(process.stdout).readline().strip() for process in two_programs]
    assert sorted(said) == ["held", "home_in_use"]


def test_pain_5_one_person_s_numbers_are_another_range_on_each_device(
    office: Office, device: Device, sister: Device
) -> None:
    office.publish(device, *office.numbers(sister.id, "B", holder=VET))
    assert numbers_left(device, "B", VET) == 10, "hers are shown here, and not to be used"
    for _ in range(10):
        issued(device)
    assert [one.code for one in number_refusals(device, "B", VET)] == [C.NO_NUMBERS_LEFT]
    used = {row["digits"] for row in device.rows.many("numbers", kind="B", state="used")}
    assert max(map(str, used)) == "9900000010"


# --- 6: no numbers left, and the message does not help ---------------------------------------------------------------


def used_up(office: Office, device: Device) -> Device:
    """Everything that was drawn is cut and used."""
    for _ in range(10):
        issued(device)
    return device


def more_drawn(office: Office, device: Device) -> Device:
    """The same, and the station has drawn more."""
    used_up(office, device)
    draw, _block = office.numbers(device.id, "B", size=50)
    office.publish(device, draw)
    return device


def block_over(office: Office, device: Device) -> Device:
    """Numbers are left in a block whose time is over."""
    used_up(office, device)
    draw, block = office.numbers(device.id, "B")
    office.publish(device, draw, msgspec.structs.replace(block, expires=device.clock.now().at - 1))
    return device


EMPTY: dict[Callable[[Office, Device], Device], C] = {
    more_drawn: C.NUMBERS_NOT_CUT,
    used_up: C.NO_NUMBERS_LEFT,
    block_over: C.BLOCK_EXPIRED,
}


@pytest.mark.parametrize("emptied", EMPTY)
def test_pain_6_who_has_no_number_is_told_what_brings_more(
    office: Office, device: Device, emptied: Callable[[Office, Device], Device]
) -> None:
    (found,) = number_refusals(emptied(office, device), "B", VET)
    assert found.code == EMPTY[emptied]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pain_6_the_three_messages_advise_three_things(office: Office, device: Device, lang: str) -> None:
    (found,) = number_refusals(used_up(office, device), "B", VET)
    told = Sentences.parse(read_resource(name).decode() for name in resource_names("i18n", ".toml"))
    alike = [msgspec.structs.replace(found, code=code) for code in EMPTY.values()]
    said = {one.code: describe_refusal(told, one, lang).todo for one in alike}
    assert len(set(said.values())) == 3
    assert ("同步一次" if lang == "zh" else "Sync: that brings more") in said[C.NUMBERS_NOT_CUT]
    assert ("同步补不了号" if lang == "zh" else "sync cannot bring more") in said[C.NO_NUMBERS_LEFT]


def test_pain_6_before_driving_off_it_is_told_by_days_and_with_its_cure(office: Office, device: Device) -> None:
    more_drawn(office, device)
    reasons = {reason.code: reason.cure for reason in check_departure(device)}
    assert reasons["numbers_not_cut"] == "sync"
    assert "no_numbers_left" not in reasons
    seen = supplies.forecast_of(device, "B")
    assert (seen.free, seen.days_left, seen.codes) == (0, 0, (SupplyCode.BY_SYNC,))


def test_pain_6_drawn_for_another_person_is_no_help(office: Office, device: Device) -> None:
    used_up(office, device)
    draw, _block = office.numbers(device.id, "B", size=50, holder=VET + 1)
    office.publish(device, draw)
    assert draw.station == STATION
    assert [one.code for one in number_refusals(device, "B", VET)] == [C.NO_NUMBERS_LEFT]


# --- 8: every gap has its cause --------------------------------------------------------------------------------------


def test_pain_8_every_gap_has_its_cause_its_day_and_its_entry(device: Device) -> None:
    batch = inspected(device)
    first = issued(device, batch)
    issued(device, batch, replaces=first, replace_reason="vehicle_changed")
    done(void_paper(device, issued(device, batch), reason="wrong_entry", on_desk=0))
    done(report_loss(device, "B", "9900000005-6", cause="stolen"))
    done(return_numbers(device, "B", "9900000009-10", reason="too_many"))
    issued(device, batch)
    found = ledgers.continuity(device)
    gaps = [one for one in found.numbers if one.standing not in CLEAN]
    assert {one.standing for one in gaps} == {Standing.REPLACED, Standing.VOIDED, Standing.LOST, Standing.RETURNED}
    for one in gaps:
        assert (one.reason, one.day) > ("", ""), one
        assert device.store.entry(one.entry) is not None, one
    assert found.to_explain == ()


@pytest.mark.parametrize(
    "act",
    [
        lambda device: return_numbers(device, "B", "9900000009-10", reason=""),
        lambda device: report_loss(device, "B", "9900000009", cause="because"),
        lambda device: void_paper(device, issued(device), reason="", on_desk=0),
    ],
)
def test_pain_8_no_number_leaves_the_row_without_a_reason_of_the_list(
    device: Device, act: Callable[[Device], object]
) -> None:
    assert {C.FIELD_MISSING, C.FIELD_INVALID} & set(codes(act(device)))
    assert {one.standing for one in ledgers.continuity(device).numbers} <= CLEAN


def test_pain_8_a_number_nobody_can_explain_is_named(device: Device) -> None:
    device.store.rows.update("numbers", {"number": "B 9900000003"}, {"state": "used", "ended_by": f"{device.id}/3"})
    (one,) = ledgers.continuity(device).to_explain
    assert (one.first, one.standing, one.entry) == ("9900000003", Standing.UNEXPLAINED, f"{device.id}/3")


# --- 9: drafts burn numbers ------------------------------------------------------------------------------------------


def test_pain_9_drafts_refusals_and_second_thoughts_burn_no_number(device: Device, clock: HandClock) -> None:
    batch = inspected(device)
    for _ in range(3):
        name = drafts.new_draft(device)
        drafts.save(device, name, form="issue", subject=batch, content={"plate": "苏K12345"})
        only(issue_certificate(device, draft(device, batch, plate="")), C.FIELD_MISSING, "plate")
        drafts.discard(device, name)
    clock.forward(minutes=30)
    assert number_states(device, "B") == ["free"] * 10
    assert issued(device, batch) == "B 9900000001"
    assert_sound(device)
