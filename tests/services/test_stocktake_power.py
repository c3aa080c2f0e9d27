"""The plug is pulled, or the disk is full, at every single thing a step of a stocktake brings to the disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector_app.services.custody_cases import open_cases
from inspector_app.services.device import Device
from inspector_app.services.stocktaking import (
    abandon_stocktake,
    close_stocktake,
    count_stock,
    open_stocktake,
    own_stocktake,
    uncounted,
)
from tests.office import NOON, Office, parts
from tests.services.power import Rehearsal, opened
from tests.services.work import done, printed

Act = Callable[[Device], object]
Check = Callable[[Device, bool], None]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a paper on the desk and a stocktake of it, the block in use not counted yet."""
    folder = tmp_path_factory.mktemp("prepared") / "home"
    device = Office().enrol(folder, parts())
    printed(device)
    done(open_stocktake(device, kinds=("B",)))
    done(count_stock(device, "on_hand", "B", "9900000001", pages=1))
    device.store.database.close()
    return folder


def count(device: Device) -> object:
    return count_stock(device, "unused", "B", "9900000002-10")


def after_count(device: Device, was_done: bool) -> None:
    row = own_stocktake(device)
    assert row is not None
    assert len(uncounted(device, row)) == (0 if was_done else 1)
    if not was_done:
        done(count(device))
    done(close(device))


def close(device: Device) -> object:
    return close_stocktake(device, no_picture="camera_broken")


def after_abandon(device: Device, was_done: bool) -> None:
    assert (own_stocktake(device) is None) == was_done
    assert open_cases(device) == []
    done(open_stocktake(device, kinds=("A",)) if was_done else count(device))


def abandon(device: Device) -> object:
    return abandon_stocktake(device, reason="interrupted")


STEPS: dict[str, tuple[Act, Check]] = {"count": (count, after_count), "abandon": (abandon, after_abandon)}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("trouble", ["cut", "fill"])
def test_a_step_is_done_or_not_done_and_the_stocktake_goes_on(
    prepared: Path, tmp_path: Path, step: str, trouble: str
) -> None:
    act, check = STEPS[step]
    rehearsal = Rehearsal(prepared, tmp_path, NOON, act)
    told = [getattr(rehearsal, trouble)(at, check) for at in range(len(rehearsal.events))]
    assert False in told


@pytest.fixture(scope="module")
def counted(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, everything counted, a page missing."""
    folder = tmp_path_factory.mktemp("counted") / "home"
    shutil.copytree(prepared, folder)
    with opened(folder, NOON) as device:
        done(count(device))
    return folder


@pytest.mark.parametrize("trouble", ["cut", "fill"])
def test_a_stocktake_closes_with_its_case_or_not_at_all(counted: Path, tmp_path: Path, trouble: str) -> None:
    rehearsal = Rehearsal(counted, tmp_path, NOON, close)

    def check(device: Device, was_done: bool) -> None:
        assert len(open_cases(device)) == int(was_done)
        assert (own_stocktake(device) is None) == was_done
        if not was_done:
            done(close(device))
        assert len(open_cases(device)) == 1

    told = [getattr(rehearsal, trouble)(at, check) for at in range(len(rehearsal.events))]
    assert False in told
