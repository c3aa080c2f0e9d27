"""The practice province keeps its invented station in numbers without anybody drawing them."""

from __future__ import annotations

import pytest

from inspector_app.clock import day_start
from inspector_app.practice import world
from inspector_app.practice.province import draw_ahead, draw_numbers, fill
from province.numbers.models import DrawnRange
from province.numbers.ranges import NumbersError
from province.registry import publishing
from tests.province import work
from tests.province.fixtures import VET, Province
from tests.province.test_numbers import spoil

PRACTISING = world.PEOPLE[0].number


def draws(province: Province) -> list[tuple[str, str]]:
    rows = DrawnRange.objects.using(province.using).filter(station=world.STATION).order_by("kind", "low")
    return [(row.kind, row.first) for row in rows]


def test_every_kind_is_drawn_once_and_not_again_while_there_is_plenty(province: Province) -> None:
    fill(province.using)
    drawn = draws(province)
    assert sorted(kind for kind, _first in drawn) == ["A", "B", "N"]
    draw_ahead(province.using)
    assert draws(province) == drawn


def test_with_the_new_year_its_notices_are_drawn(province: Province) -> None:
    fill(province.using)
    before = draws(province)
    province.clock.at = day_start("2027-01-01") + 1
    draw_ahead(province.using)
    assert set(draws(province)) - set(before) == {("N", "2027000001")}


def test_what_was_nearly_used_up_is_drawn_anew(province: Province) -> None:
    fill(province.using)
    before = draws(province)
    held = DrawnRange.objects.using(province.using).get(station=world.STATION, kind="B")
    held.cut_through = held.high - 10
    held.save(using=province.using)
    draw_ahead(province.using)
    assert [kind for kind, _first in set(draws(province)) - set(before)] == ["B"]


def test_sheets_nobody_takes_in_do_not_leave_practice_without_numbers(province: Province) -> None:
    fill(province.using)
    publishing.grant(province.using, VET, station=world.STATION, posts=("vet",), kinds=("B",), valid_from=1)
    device = province.enrol("练习机", station=world.STATION, people=(VET,))
    device.sync(province.exchange)
    spoil(device, work.certify(device))
    device.sync(province.exchange)
    draw_numbers(province.using, "B")
    for held in DrawnRange.objects.using(province.using).filter(station=world.STATION, kind="B"):
        held.cut_through = held.high
        held.save(using=province.using)
    with pytest.raises(NumbersError, match="arrears"):
        draw_numbers(province.using, "B")
    before = draws(province)
    draw_ahead(province.using)
    assert [kind for kind, _first in set(draws(province)) - set(before)] == ["B"]
