"""The witness: tells of a journal that went back, and never stops a healthy device."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.store.disk import LocalDisk
from inspector_app.vault.witness import Witness, WitnessFile, WitnessFinding, compare
from tests.vault.conftest import WatchedDisk

DEVICE, SECRET = "ab" * 16, bytes(32)
HASH, OTHER = b"h" * 32, b"o" * 32


def witness(folder: Path, device: str = DEVICE, secret: bytes = SECRET) -> WitnessFile:
    return WitnessFile(LocalDisk(), folder, device, secret)


@pytest.mark.parametrize(
    ("seen", "height", "head", "finding"),
    [
        (Witness(10, HASH), 10, HASH, WitnessFinding.OK),
        (Witness(9, OTHER), 10, HASH, WitnessFinding.OK),
        (None, 10, HASH, WitnessFinding.ABSENT),
        (None, 0, b"", WitnessFinding.ABSENT),
        (Witness(11, HASH), 10, HASH, WitnessFinding.HIGHER),
        (Witness(10, OTHER), 10, HASH, WitnessFinding.OTHER_HASH),
    ],
)
def test_only_a_journal_that_went_back_is_found_out(
    seen: Witness | None, height: int, head: bytes, finding: WitnessFinding
) -> None:
    assert compare(seen, height, head) is finding


def test_only_proof_of_a_rollback_freezes() -> None:
    assert [finding for finding in WitnessFinding if finding.freezes] == [
        WitnessFinding.HIGHER,
        WitnessFinding.OTHER_HASH,
    ]


@given(st.lists(st.integers(1, 50), min_size=1, max_size=20), st.integers(0, 19))
def test_a_journal_that_only_grows_is_never_frozen(heights: list[int], lag: int) -> None:
    """Whatever commits the witness missed, it is behind or level with the same hash."""
    journal = sorted(set(heights))
    seen = journal[: max(1, len(journal) - lag)][-1]
    finding = compare(Witness(seen, seen.to_bytes(32)), journal[-1], journal[-1].to_bytes(32))
    assert finding is WitnessFinding.OK


def test_the_witness_is_read_as_written_by_the_next_start(tmp_path: Path) -> None:
    witness(tmp_path).raise_to(10, HASH)
    assert witness(tmp_path).read() == Witness(10, HASH)


def test_a_witness_never_goes_down(tmp_path: Path) -> None:
    first = witness(tmp_path)
    first.raise_to(10, HASH)
    first.raise_to(9, OTHER)
    witness(tmp_path).raise_to(10, OTHER)
    witness(tmp_path).raise_to(3, OTHER)
    assert witness(tmp_path).read() == Witness(10, HASH)


def test_raising_writes_once_per_height(tmp_path: Path) -> None:
    disk = WatchedDisk()
    file = WitnessFile(disk, tmp_path, DEVICE, SECRET)
    for height in (1, 2, 2, 1, 3):
        file.raise_to(height, HASH)
    assert len(disk.written) == 3


def test_no_witness_and_a_witness_of_another_device_are_absent(tmp_path: Path) -> None:
    assert witness(tmp_path).read() is None
    witness(tmp_path, "cd" * 16).raise_to(99, HASH)
    assert witness(tmp_path).read() is None


def test_a_witness_made_without_the_device_secret_is_not_believed(tmp_path: Path) -> None:
    witness(tmp_path, secret=b"x" * 32).raise_to(1, OTHER)
    assert witness(tmp_path).read() is None


@given(at=st.integers(0, 500), bit=st.integers(0, 7))
def test_no_flipped_bit_lowers_a_witness(tmp_path_factory: pytest.TempPathFactory, at: int, bit: int) -> None:
    folder = tmp_path_factory.mktemp("witness")
    witness(folder).raise_to(10, HASH)
    raw = bytearray((folder / "witness").read_bytes())
    raw[at % len(raw)] ^= 1 << bit
    (folder / "witness").write_bytes(raw)
    assert witness(folder).read() is None
