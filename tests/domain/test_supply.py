"""Days of supply: three messages, each with another way out, and a warning by days as well as by count."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.domain.supply import WINDOW_DAYS, Forecast, Supply, SupplyCode, forecast, warn_below

EVEN = [10] * WINDOW_DAYS
QUIET = [0] * WINDOW_DAYS


def seen(**changes: object) -> Forecast:
    stated = Supply(kind="B", free=100, used_daily=EVEN, room=500, block=100)
    return forecast(msgspec.structs.replace(stated, **changes))


def test_enough_for_a_fortnight_is_no_message() -> None:
    assert seen(free=140).codes == ()
    assert seen(free=140).days_left == 14


def test_sync_helps_only_while_a_draw_has_room() -> None:
    assert seen(free=139).codes == (SupplyCode.BY_SYNC,)
    assert seen(free=139, room=0).codes == (SupplyCode.BY_KEEPER,)


def test_nothing_left_says_what_helps_too() -> None:
    assert seen(free=0, room=0) == Forecast("B", 0, 0, 140, (SupplyCode.BY_KEEPER,))
    assert seen(free=0, room=1).codes == (SupplyCode.BY_SYNC,)


def test_a_block_that_ends_with_free_numbers_in_it_is_told_apart() -> None:
    assert seen(free=500, ends_in_days=14).codes == (SupplyCode.BLOCK_ENDS,)
    assert seen(free=500, ends_in_days=15).codes == ()
    assert seen(free=20, room=0, ends_in_days=3).codes == (SupplyCode.BY_KEEPER, SupplyCode.BLOCK_ENDS)
    assert seen(free=0, ends_in_days=3).codes == (SupplyCode.BY_SYNC,)


def test_where_nothing_is_used_half_a_block_is_few_and_no_days_are_promised() -> None:
    quiet = seen(used_daily=QUIET, free=49)
    assert (quiet.codes, quiet.days_left) == ((SupplyCode.BY_SYNC,), None)
    assert seen(used_daily=QUIET, free=50).codes == ()
    assert seen(used_daily=[], free=50).codes == ()


def test_uneven_use_warns_earlier_than_even_use() -> None:
    bursts = [70, 0, 0, 0, 0, 0, 0] * (WINDOW_DAYS // 7)
    assert sum(bursts) == sum(EVEN)
    assert warn_below(EVEN, 100) == 140
    assert warn_below(bursts, 100) > 350


@given(st.lists(st.integers(0, 200), min_size=1, max_size=40), st.integers(0, 5_000), st.integers(2, 500))
def test_the_days_promised_are_never_more_than_the_numbers_last(used: list[int], free: int, block: int) -> None:
    found = seen(used_daily=used, free=free, block=block)
    assert warn_below(used, block) >= block // 2
    if found.days_left is not None:
        assert found.days_left * sum(used) <= free * len(used) < (found.days_left + 1) * sum(used)
