"""The practice province keeps its invented station in numbers without anybody drawing them."""

from __future__ import annotations

from inspector_app.clock import day_start
from inspector_app.practice import world
from inspector_app.practice.province import draw_ahead, fill
from province.numbers.models import DrawnRange
from tests.province.fixtures import Province

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
