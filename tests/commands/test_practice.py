"""Practice mode is founded to the end, however often that is broken off."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector_app import bootstrap
from inspector_app.practice import mode, world
from inspector_app.practice.mode import PracticeProvince, found_practice, home_folder, is_founded, province_folder
from inspector_app.services.device import Device
from tests.office import CHEAP


class PowerCutError(Exception):
    """The machine goes off here."""


def cut_at(real: Callable[..., Any], times: int) -> Callable[..., Any]:
    """The function, until it is called for the n-th time."""
    called = []

    def going(*args: Any, **given: Any) -> Any:
        called.append(1)
        if len(called) == times:
            raise PowerCutError
        return real(*args, **given)

    return going


@pytest.mark.timeout(300)
def test_practice_broken_off_anywhere_is_taken_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    province = PracticeProvince(province_folder(tmp_path))
    parts = functools.partial(found_practice, tmp_path, province, bootstrap.real_parts(cost=CHEAP))
    try:
        # After the sheet is written; between two colleagues; before the first contact and in the middle of it.
        for name, times in (("join", 1), ("join", 2), ("sync_twice", 1)):
            with monkeypatch.context() as cut:
                cut.setattr(mode, name, cut_at(getattr(mode, name), times))
                with pytest.raises(PowerCutError):
                    parts()
            assert (home_folder(tmp_path) / "home.json").exists()
            assert not is_founded(tmp_path)
        parts()
    finally:
        province.stop()
    assert is_founded(tmp_path)
    home = bootstrap.open_home(home_folder(tmp_path), doing="test", parts=bootstrap.real_parts(cost=CHEAP))
    try:
        assert set(home.people()) == {person.number for person in world.PEOPLE}
        device = home.unlock(world.CLERK.number, world.PASSPHRASE)
        assert isinstance(device, Device)
        assert {row["kind"] for row in device.rows.many("blocks", device=device.id)} == {"A", "B", "N"}
        keys = device.rows.many("person_keys", device=device.id)
        assert {row["person"] for row in keys if row["published"]} == {person.number for person in world.PEOPLE}
    finally:
        home.close()
