"""One contract for every device whose attachments are sent: the fake of these tests, and the real one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inspector_app.errors import StationError
from inspector_app.journal.attachments import Unsent
from inspector_app.journal.entries.stores import StorageChecked
from inspector_app.services.attaching import DeviceAttachments, attach
from inspector_app.suites import sha256
from sync.attachment_port import AttachmentPort
from tests.province.fixtures import Province
from tests.sync.test_attachments import checked
from tests.sync.test_journal_port import FakeOne, RealOne


class FakeCamera:
    """The device of these tests, and somebody who looks at its store."""

    def __init__(self, province: Province, folder: Path) -> None:
        self.one = FakeOne(province, folder)
        self.port: AttachmentPort = self.one.device

    def look(self, *contents: bytes) -> int:
        checked(self.one.device, *contents)
        return self.one.device.head().seq


class RealCamera:
    """Home, vault, SQLCipher, services."""

    def __init__(self, province: Province, folder: Path) -> None:
        self.one = RealOne(province, folder)
        self.port: AttachmentPort = DeviceAttachments(self.one.device)

    def look(self, *contents: bytes) -> int:
        device = self.one.device
        fact = StorageChecked(store="main", findings=[], attachments=[attach(device, one) for one in contents])
        device.record(lambda act: act.add(fact, sign=device.sign))
        return device.store.head().seq


MAKERS: list[Callable[[Province, Path], FakeCamera | RealCamera]] = [FakeCamera, RealCamera]
Made = FakeCamera | RealCamera
FIRST, SECOND, THIRD = (b"%PDF-1.7 " + name for name in (b"first", b"second", b"third"))


@pytest.fixture(params=MAKERS, ids=["fake", "real"])
def made(request: pytest.FixtureRequest, province: Province, tmp_path: Path) -> Made:
    camera: Made = request.param(province, tmp_path)
    return camera


def unsent(*contents: bytes) -> list[Unsent]:
    return [Unsent(sha256(content).hex(), len(content)) for content in contents]


def test_what_entries_name_waits_in_their_order(made: Made) -> None:
    seq = made.look(FIRST)
    assert list(made.port.unsent(seq - 1, 1)) == []
    later = made.look(SECOND, FIRST)
    assert list(made.port.unsent(seq, 1)) == unsent(FIRST)
    assert list(made.port.unsent(later, 1)) == unsent(FIRST, SECOND)
    assert made.port.read(sha256(SECOND).hex()) == SECOND


def test_what_no_entry_names_stays_here(made: Made) -> None:
    seq = made.look(FIRST)
    keep = made.one.device.attach if isinstance(made, FakeCamera) else lambda content: attach(made.one.device, content)
    keep(THIRD)
    assert list(made.port.unsent(seq, 1)) == unsent(FIRST)


def test_what_is_held_waits_again_in_the_next_epoch_only(made: Made) -> None:
    seq = made.look(FIRST, SECOND)
    made.port.note_held([sha256(FIRST).hex()], 2)
    assert list(made.port.unsent(seq, 2)) == unsent(SECOND)
    made.port.note_held([sha256(FIRST).hex()], 1)  # a late answer of the epoch before
    assert list(made.port.unsent(seq, 2)) == unsent(SECOND)
    assert sorted(made.port.unsent(seq, 3)) == sorted(unsent(FIRST, SECOND))


def test_to_be_told_of_what_is_not_here_changes_nothing(made: Made) -> None:
    seq = made.look(FIRST)
    made.port.note_held([sha256(THIRD).hex()], 1)
    assert list(made.port.unsent(seq, 1)) == unsent(FIRST)


def test_what_is_not_here_cannot_be_read(made: Made) -> None:
    with pytest.raises(StationError, match="file_missing"):
        made.port.read(sha256(THIRD).hex())
