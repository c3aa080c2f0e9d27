"""After the demonstration both computers and the province account alike for every number, one by one."""

from __future__ import annotations

from typing import Any

import pytest

from inspector_app.domain.continuity import CLEAN, Standing
from tests.demo.running import Told, inspector
from tests.demo.test_what_it_leaves import home
from tests.province import servers


def at_the_station(told: Told, name: str) -> dict[str, Any]:
    code, answer = inspector(*home(told, name), "numbers", "--each")
    assert code == 0
    return dict(answer["continuity"])


def at_the_province(told: Told, *options: str) -> dict[str, Any]:
    code, answer = servers.run(told.out / "province", "continuity", *options)
    assert code == 0
    (station,) = answer["stations"]
    assert station.pop("station") > 0
    return dict(station)


@pytest.mark.parametrize("name", ["home", "desk"])
def test_numbers_and_the_provinces_report_agree_number_for_number(told: Told, name: str) -> None:
    ours, theirs = at_the_station(told, name), at_the_province(told, "--each")
    assert ours["numbers"] == theirs["numbers"]
    assert ours == theirs
    assert ours["to_explain"] == 0
    gaps = [one for one in ours["numbers"] if Standing(one["standing"]) not in CLEAN]
    assert gaps
    assert all(one["entry"] and one["day"] and one["reason"] for one in gaps), "each gap with its cause"
    in_force = [one for one in ours["numbers"] if one["standing"] == "used"]
    assert {f"{one['kind']} {one['first']}" for one in in_force} >= {
        f"{line['kind']} {line['number']}" for line in told.summary["certificates"] if line["state"] == "issued"
    }
    assert [one["standing"] for one in ours["stretches"] if one["standing"] == "replaced"] == ["replaced"]


def test_without_each_the_report_is_the_stretches_alone(told: Told) -> None:
    short = at_the_province(told)
    assert "numbers" not in short
    assert short["stretches"]
