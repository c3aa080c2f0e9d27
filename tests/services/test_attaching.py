"""Photographs and scans: pictures and PDFs only, not larger than a page needs, encrypted beside the database."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector_app.errors import StationError
from inspector_app.services.attaching import MAX_BYTES, attach
from inspector_app.services.device import Device
from inspector_app.services.inspecting import complete_inspection
from inspector_app.store.disk import LocalDisk
from tests.photographs import photograph
from tests.services.work import accepted, assert_sound, done, inspection_form

PDF = b"%PDF-1.7 a report"


def test_a_report_is_kept_as_it_is(device: Device) -> None:
    name = attach(device, PDF)
    assert device.files.read(name) == PDF
    assert attach(device, PDF) == name


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photograph_is_kept_as_small_as_policy_asks(device: Device, kind: str) -> None:
    taken = photograph(1600, 1200, kind=kind, orientation=6)
    name = attach(device, taken)
    kept = device.files.read(name)
    assert kept.startswith(b"\xff\xd8\xff")
    assert len(kept) <= device.policy().photograph_bytes < len(taken)
    assert b"Lu Qinghe" not in kept
    assert attach(device, taken) == name


@pytest.mark.parametrize("torn", [b"\xff\xd8\xff\xe0 no picture", b"\x89PNG\r\n\x1a\n no picture"])
def test_what_only_begins_like_a_photograph_is_refused(device: Device, torn: bytes) -> None:
    with pytest.raises(StationError, match="attachment_unreadable"):
        attach(device, torn)
    assert device.store.database.all("SELECT sha256 FROM files") == []


def test_a_scan_larger_than_policy_allows_says_how_large_it_may_be(device: Device) -> None:
    attach(device, PDF + bytes(device.policy().scan_bytes_max - len(PDF)))
    with pytest.raises(StationError, match="attachment_pdf_too_large") as caught:
        attach(device, PDF + bytes(device.policy().scan_bytes_max))
    assert caught.value.details == {"limit": 2}


def test_what_is_kept_lies_encrypted_on_the_disk(device: Device, home: Path) -> None:
    attach(device, PDF)
    assert not [path for path in home.rglob("*") if path.is_file() and b"a report" in path.read_bytes()]


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"<svg onload='x'>", b"PK\x03\x04", b" %PDF-1.7"])
def test_anything_else_is_refused(device: Device, content: bytes) -> None:
    with pytest.raises(StationError, match="attachment_unknown"):
        attach(device, content)


def test_what_is_too_large_says_how_large_it_may_be(device: Device) -> None:
    with pytest.raises(StationError, match="attachment_too_large") as caught:
        attach(device, b"\xff\xd8\xff\xe0" + bytes(MAX_BYTES))
    assert caught.value.details == {"limit": 20}


def test_an_attached_photograph_is_named_by_the_inspection(device: Device) -> None:
    name = attach(device, PDF)
    done(complete_inspection(device, inspection_form(device, accepted(device), attachments=[name])))
    assert_sound(device)


class FullDisk(LocalDisk):
    """A disk without room for anything."""

    def replace(self, path: Path, content: bytes, *, durable: bool = True) -> None:
        raise StationError("disk_full")


def test_a_full_disk_attaches_nothing(device: Device) -> None:
    device.files._disk = FullDisk()
    with pytest.raises(StationError, match="disk_full"):
        attach(device, PDF)
    assert device.store.database.all("SELECT sha256 FROM files") == []
