"""Photographs and scans: pictures and PDFs only, not larger than a page needs, encrypted beside the database."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector_app.errors import StationError
from inspector_app.services.attaching import MAX_BYTES, attach
from inspector_app.services.device import Device
from inspector_app.services.inspecting import complete_inspection
from inspector_app.store.disk import LocalDisk
from tests.services.work import accepted, assert_sound, done, inspection_form

JPEG = b"\xff\xd8\xff\xe0 a photograph"


@pytest.mark.parametrize("content", [JPEG, b"\x89PNG\r\n\x1a\n a scan", b"%PDF-1.7 a report"])
def test_a_photograph_a_scan_and_a_report_are_kept_as_they_are(device: Device, content: bytes) -> None:
    name = attach(device, content)
    assert device.files.read(name) == content
    assert attach(device, content) == name


def test_what_is_kept_lies_encrypted_on_the_disk(device: Device, home: Path) -> None:
    attach(device, JPEG)
    assert not [path for path in home.rglob("*") if path.is_file() and b"a photograph" in path.read_bytes()]


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"<svg onload='x'>", b"PK\x03\x04", b" %PDF-1.7"])
def test_anything_else_is_refused(device: Device, content: bytes) -> None:
    with pytest.raises(StationError, match="attachment_unknown"):
        attach(device, content)


def test_what_is_too_large_says_how_large_it_may_be(device: Device) -> None:
    with pytest.raises(StationError, match="attachment_too_large") as caught:
        attach(device, JPEG + bytes(MAX_BYTES))
    assert caught.value.details == {"limit": 20}


def test_an_attached_photograph_is_named_by_the_inspection(device: Device) -> None:
    name = attach(device, JPEG)
    done(complete_inspection(device, inspection_form(device, accepted(device), attachments=[name])))
    assert_sound(device)


class FullDisk(LocalDisk):
    """A disk without room for anything."""

    def replace(self, path: Path, content: bytes, *, durable: bool = True) -> None:
        raise StationError("disk_full")


def test_a_full_disk_attaches_nothing(device: Device) -> None:
    device.files._disk = FullDisk()
    with pytest.raises(StationError, match="disk_full"):
        attach(device, JPEG)
    assert device.store.database.all("SELECT sha256 FROM files") == []
