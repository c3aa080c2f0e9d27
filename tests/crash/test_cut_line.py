"""The line dies in the middle of a real round, at any place of what is sent or answered: nothing is lost or doubled.

A real home, the real province in a process of its own, HTTP between them through the proxy of the measurements. After
each cut both sides are looked at as they stand, then the line is mended and the next round has to put them right.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from benchmarks import station
from benchmarks.proxy import DOWN, UP, Proxy
from inspector_app.errors import StationError
from inspector_app.store.doctor import examine

ENTRIES = 10
"""Of each round: two cases."""
PLACES = 8
FINE = 40
"""Places of the long profile, in each direction."""


class World(NamedTuple):
    """A device, its province, and the line between them."""

    province: station.Province
    made: station.Measured
    proxy: Proxy

    def round(self) -> bool:
        """One round; whether it came to its end."""
        try:
            station.synced(self.made, self.proxy.url)
        except StationError as problem:
            if not problem.code.startswith("network."):
                raise
            return False
        return True

    def assert_agreed(self, *, settled: bool) -> None:
        """What the device thinks acknowledged is held; settled, both hold the same and nothing is disputed."""
        with station.opened(self.made) as (_home, device):
            acknowledged, head = device.store.acknowledged().seq, device.store.head()
            recorded, judged, verdicts = self.province.standing(device)
            assert acknowledged <= recorded <= head.seq
            assert (device.frozen, verdicts) == ("", 0)
            assert self.province.holds(device)
            if settled:
                assert (acknowledged, recorded, judged) == (head.seq,) * 3
                assert examine(device.store, device.files) == []


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, _databases_open: None) -> Iterator[World]:
    with station.Province(tmp_path_factory.mktemp("cut") / "province") as province:
        made = province.device(1, numbers=ENTRIES * (2 * FINE + 2 * PLACES))
        with province.served() as port, Proxy(port) as proxy:
            yield World(province, made, proxy)


def whole_round(world: World) -> dict[str, int]:
    """How many bytes a round with so much to tell sends each way."""
    station.work(world.province, world.made, ENTRIES)
    world.proxy.look()
    assert world.round()
    counted = world.proxy.look()
    return {UP: counted.up, DOWN: counted.down}


def cut_at(world: World, way: str, part: float) -> None:
    """A round cut at this part of its bytes, a look, and the round after it."""
    whole = whole_round(world)
    station.work(world.province, world.made, ENTRIES)
    world.proxy.cut(int(whole[way] * part), way=way)
    ended = world.round()
    assert not ended
    world.assert_agreed(settled=False)
    world.proxy.mend()
    assert world.round()
    assert world.round()
    world.assert_agreed(settled=True)


@pytest.mark.parametrize("way", [UP, DOWN])
@pytest.mark.parametrize("place", range(PLACES))
def test_wherever_the_line_dies_the_next_round_puts_it_right(world: World, way: str, place: int) -> None:
    cut_at(world, way, place / PLACES)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("way", [UP, DOWN])
def test_the_same_at_many_more_places(world: World, way: str) -> None:
    for place in range(FINE):
        cut_at(world, way, (place + 0.5) / FINE)


def test_a_line_that_is_not_cut_is_not_told_as_one(world: World) -> None:
    """The tests above can fail: without a cut the round ends, and what they look for is not there."""
    station.work(world.province, world.made, ENTRIES)
    with pytest.raises(AssertionError):
        world.assert_agreed(settled=True)
    assert world.round()
    assert world.round()
    world.assert_agreed(settled=True)
