"""Photographs on a stick: behind the entries, whole, harmless twice, in any order and cut off anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector_app.errors import StationError
from province.journal import attachments
from province.journal.models import Attachment, AttachmentPiece
from province.journal.sticks import answer_bundle
from sync.attachments import AttachmentProgress, Watch
from sync.pacing import Pace
from sync.sticks import StickReport, export_requests, import_answers
from tests.province.fixtures import Province
from tests.sync.fakes import FakeDevice
from tests.sync.test_attachments import checked, photo
from tests.sync.test_bundle import OUT, Stick, box_of, side

KB, PLENTY = 1024, 24 * 1024 * 1024


def exported(province: Province, device: FakeDevice, stick: Stick, most: int = PLENTY) -> StickReport:
    return export_requests(side(device), stick, OUT, box_of(province), device, most)


def carried(province: Province, device: FakeDevice, stick: Stick) -> dict[str, int | str]:
    """To the province and back."""
    stick.files[Path("back")], told = answer_bundle(province.using, stick.files[OUT])
    import_answers(side(device), stick, Path("back"), device.box, device)
    return told


def all_there(province: Province, device: FakeDevice) -> bool:
    return all(attachments.read(province.using, name) == content for name, content in device.files.items())


def test_a_stick_brings_entries_and_their_photographs(either_province: Province) -> None:
    device, stick = either_province.enrol(), Stick()
    checked(device, photo(600 * KB, "large"), *(photo(9 * KB, f"{place}") for place in range(5)))
    written = exported(either_province, device, stick)
    assert (written.attachments, written.attachments_left) == (6, 0)
    told = carried(either_province, device, stick)
    assert (told["attachments"], told["refused"]) == (6, 0)
    assert all_there(either_province, device)
    device.sync(either_province.exchange)
    assert device.send(either_province.exchange).requests == 0
    again = exported(either_province, device, Stick())
    assert again.attachments == 0


def test_a_stick_without_them_is_as_it_was(province: Province) -> None:
    device, stick = province.enrol(), Stick()
    checked(device, photo(9 * KB))
    assert export_requests(side(device), stick, OUT, box_of(province)).attachments == 0
    assert carried(province, device, stick)["attachments"] == 0
    assert device.send(province.exchange).sent == 1


def test_what_does_not_fit_is_counted_and_comes_next_time(province: Province) -> None:
    device = province.enrol()
    checked(device, *(photo(40 * KB, f"{place}") for place in range(5)))
    stick = Stick()
    written = exported(province, device, stick, 100 * KB)
    assert (written.attachments, written.attachments_left) == (2, 3)
    carried(province, device, stick)
    assert exported(province, device, Stick(), 100 * KB).attachments_left == 1


def test_sticks_may_come_twice_late_and_after_a_call(either_province: Province) -> None:
    device, first, second = either_province.enrol(), Stick(), Stick()
    checked(device, photo(300 * KB, "first"))
    exported(either_province, device, first)
    checked(device, photo(20 * KB, "second"))
    exported(either_province, device, second)
    device.sync(either_province.exchange)
    device.send(either_province.exchange, batch_bytes=Pace.SMALLEST, watch=stopping_after(30 * KB))
    for stick in (second, first, second, first):
        carried(either_province, device, stick)
    assert all_there(either_province, device)
    assert Attachment.objects.using(either_province.using).count() == 2


def stopping_after(size: int) -> Watch:
    def watch(progress: AttachmentProgress) -> None:
        if progress.bytes > size:
            raise StationError("sync_cancelled")

    return watch


@pytest.mark.parametrize("tenths", [3, 5, 7, 9])
def test_a_stick_cut_off_keeps_what_is_whole_on_it(province: Province, tenths: int) -> None:
    device, stick = province.enrol(), Stick()
    checked(device, photo(900 * KB, "large"))
    exported(province, device, stick)
    whole = stick.files[OUT]
    stick.files[OUT] = whole[: len(whole) * tenths // 10]
    told = carried(province, device, stick)
    assert (told["complete"], told["attachments"]) == (0, 0)
    (sending,) = Attachment.objects.using(province.using).all() or [None]
    held = sending.held if sending else 0
    assert held == sum(len(one.content) for one in AttachmentPiece.objects.using(province.using).all()) > 0
    device.sync(province.exchange)
    rest = device.send(province.exchange)
    assert rest.bytes_up < 900 * KB - held + 3 * KB
    assert all_there(province, device)


def test_a_photograph_that_is_gone_here_does_not_keep_the_stick_from_going(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, stick = province.enrol(), Stick()
    gone, kept = checked(device, photo(9 * KB, "gone"), photo(9 * KB, "kept"))
    read = device.read

    def missing(name: str) -> bytes:
        if name == gone:
            raise StationError("file_missing", name=name[:12])
        return read(name)

    monkeypatch.setattr(device, "read", missing)
    written = exported(province, device, stick)
    assert (written.attachments, written.attachments_left) == (1, 1)
    carried(province, device, stick)
    assert device.uploaded == {kept: 1}


def test_an_answer_that_names_nothing_of_ours_changes_nothing(province: Province) -> None:
    device, other, stick = province.enrol(), province.enrol("二号机"), Stick()
    checked(device, photo(9 * KB))
    exported(province, device, stick)
    answers, _told = answer_bundle(province.using, stick.files[OUT])
    stick.files[Path("back")] = answers
    with pytest.raises(StationError, match=r"bundle\.for_somebody_else"):
        import_answers(side(other), stick, Path("back"), other.box, other)
    assert other.uploaded == {}
