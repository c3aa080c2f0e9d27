"""Two servers answer after a fail-over: only the holder of the fencing generation grants, the other records only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from inspector_app.domain.numbering import Block
from inspector_app.errors import StationError
from inspector_app.journal.entries.custody import BlockRequested
from province import granting, inprocess, provinces
from province.generations import FileGeneration, Generation, MemoryGeneration
from province.high_water import FileHighWater, HighWater, MemoryHighWater
from province.journal.models import FeedDocument, State, StoredEntry
from province.numbers import blocks, custody
from province.numbers.models import CutBlock
from province.registry import publishing
from province.registry.enrolment import make_code
from tests.office import CountingRandom
from tests.province import servers, work
from tests.province.fixtures import STATION, VET, Province
from tests.sync.fakes import FakeDevice


@contextmanager
def copied(province: Province, tmp_path: Path) -> Iterator[Province]:
    """A copy of the province on another machine, with the marks both share; the first holds."""
    held = provinces.of(province.using)
    granting.take_over(province.using)
    place = tmp_path / "second.sqlite3"
    inprocess.copy_database(province.using, place)
    exchange = inprocess.attach_province(
        *("second", str(place), held.keys),
        clock=province.clock,
        random=CountingRandom("second"),
        high_water=held.high_water,
    )
    try:
        yield Province("second", exchange, province.clock, str(place))
    finally:
        inprocess.close_province("second")


def ask(device: FakeDevice) -> None:
    device.record(VET, BlockRequested(kind="B", wanted=300, emergency=False))


def spans(*served: Province) -> list[tuple[int, int]]:
    cut = {(row.low, row.high) for one in served for row in CutBlock.objects.using(one.using).filter(kind="B")}
    return sorted(cut)


def test_a_copy_records_answers_and_gives_nothing(province: Province, tmp_path: Path) -> None:
    device = province.enrol()
    with copied(province, tmp_path) as second:
        feed, cut = FeedDocument.objects.using("second").count(), len(device.held(Block))
        ask(device)
        number = work.certify(device)
        report = device.sync(second.exchange)
        assert (report.left, device.frozen, len(device.held(Block))) == (0, "", cut)
        stored = StoredEntry.objects.using("second").filter(device=device.device).count()
        assert stored == device.head().seq
        assert FeedDocument.objects.using("second").count() == feed
        device.sync(province.exchange)  # the holder hears it too, and judges and cuts
        assert len(device.held(Block)) > cut
        assert number.ref


def test_a_device_enrolled_after_the_copy_was_made_is_not_known_there(province: Province, tmp_path: Path) -> None:
    with copied(province, tmp_path) as second:
        device = province.enrol()
        granting.take_over(second.using)
        with pytest.raises(StationError, match="network"):
            device.sync(second.exchange)
        assert spans(second) == []


def test_the_one_taken_over_from_gives_nothing_out(province: Province, tmp_path: Path) -> None:
    device = province.enrol()
    with copied(province, tmp_path) as second:
        granting.take_over(second.using)
        ask(device)
        held = len(device.held(Block))
        assert device.sync(province.exchange).left == 0
        assert len(device.held(Block)) == held
        first = custody.undrawn_start(province.using, "B")
        for act in (
            lambda: custody.draw(province.using, "B", first, first, station=STATION),
            lambda: publishing.renew_lease(province.using, device.device),
            lambda: blocks.replenish(province.using, device.device),
            lambda: make_code(province.using, STATION),
        ):
            with pytest.raises(StationError, match=r"province\.not_holder"):
                act()
        device.sync(second.exchange)
        numbers = [(block.first, block.last) for block in device.held(Block) if block.kind == "B"]
        assert len(numbers) == len(set(numbers)) > 1


def test_a_device_that_met_the_new_holder_believes_the_old_one_no_more(province: Province, tmp_path: Path) -> None:
    device = province.enrol()
    with copied(province, tmp_path) as second:
        granting.take_over(second.using)
        work.certify(device)
        assert device.sync(second.exchange).left == 0
        with pytest.raises(StationError, match=r"network\.province_rolled_back"):
            device.sync(province.exchange)
        # What it showed proves to the old server that it was left behind, whatever its own generation says.
        assert State.objects.using(province.using).get(only=1).rolled_back


def test_what_only_the_other_had_heard_comes_back_from_the_devices(province: Province, tmp_path: Path) -> None:
    device = province.enrol()
    with copied(province, tmp_path) as second:
        number = work.certify(device)
        device.sync(province.exchange)
        ask(device)
        device.sync(province.exchange)
        told = {block.block for block in device.held(Block)}
        granting.take_over(second.using)
        assert device.sync(second.exchange).left == 0
        assert told <= set(CutBlock.objects.using("second").values_list("block", flat=True))
        assert StoredEntry.objects.using("second").filter(device=device.device).count() == device.head().seq
        assert number.ref


def test_taken_over_in_the_middle_of_cutting_nothing_is_cut(
    province: Province, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = province.enrol()
    with copied(province, tmp_path) as second:
        marks = provinces.of(province.using).high_water
        real = marks.raise_to

        def overtaken(name: str, high: int) -> None:
            real(name, high)
            if name.startswith("99-B"):
                monkeypatch.setattr(marks, "raise_to", real)
                granting.take_over(second.using)

        monkeypatch.setattr(marks, "raise_to", overtaken)
        before = spans(province)
        ask(device)
        device.sync(province.exchange)
        assert spans(province) == before
        device.sync(second.exchange)
        new = [span for span in spans(second) if span not in before]
        assert new
        assert min(low for low, _high in new) > max(high for _low, high in before)


def test_marks_nobody_can_read_give_nothing_and_record_all_the_same(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = province.enrol()
    ask(device)

    def unreadable(_name: str) -> int:
        raise StationError("province.high_water_damaged", file="high_water.json")

    monkeypatch.setattr(provinces.of(province.using).high_water, "read", unreadable)
    before = spans(province)
    with pytest.raises(StationError):
        device.sync(province.exchange)
    assert spans(province) == before
    assert StoredEntry.objects.using(province.using).filter(device=device.device).count() == device.head().seq


# --- where a generation is kept --------------------------------------------------------------------------------------


@pytest.fixture(params=["memory", "file"])
def generation(request: pytest.FixtureRequest, tmp_path: Path) -> Generation:
    """Both places keep the same contract."""
    return MemoryGeneration() if request.param == "memory" else FileGeneration(tmp_path / "generation")


@pytest.fixture(params=["memory", "file"])
def marks(request: pytest.FixtureRequest, tmp_path: Path) -> HighWater:
    """Both kinds of marks."""
    return MemoryHighWater() if request.param == "memory" else FileHighWater(tmp_path / "high_water.json")


def test_a_generation_is_kept_as_it_was_written(generation: Generation) -> None:
    assert generation.read() == 0
    generation.write(3)
    generation.write(4)
    assert generation.read() == 4


def test_each_that_takes_over_holds_and_the_one_before_does_not(
    province: Province, marks: HighWater, generation: Generation
) -> None:
    mine = msgspec.structs.replace(provinces.of(province.using), high_water=marks, generation=generation)
    provinces.register(mine)
    first, _epoch = granting.take_over(province.using)
    assert granting.is_holder(province.using)
    marks.step_above(granting.HOLDER, 0)  # somebody else
    assert not granting.is_holder(province.using)
    second, _epoch = granting.take_over(province.using)
    assert second == first + 2


@pytest.mark.parametrize("content", [b"", b"one", b"-1", b"\xff\xfe"])
def test_a_damaged_generation_grants_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "generation").write_bytes(content)
    with pytest.raises(StationError, match=r"province\.generation_damaged"):
        FileGeneration(tmp_path / "generation").read()


def test_the_command_takes_over_and_the_status_says_who_may_grant(tmp_path: Path) -> None:
    servers.found(tmp_path)
    assert servers.run(tmp_path, "status")[1]["may_grant"]
    (tmp_path / "generation").unlink()  # as on a machine to which only keys, marks and database were brought
    assert not servers.run(tmp_path, "status")[1]["may_grant"]
    code, said = servers.run(tmp_path, "enrol-code", "--station", "7")
    assert (code, said["refused"]) == (3, "province.not_holder")
    code, said = servers.run(tmp_path, "take-over")
    assert (code, said["generation"]) == (0, 2)
    assert servers.run(tmp_path, "enrol-code", "--station", "7")[0] == 0
