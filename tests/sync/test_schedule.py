"""The schedule as properties: whatever happened and whatever the clocks do, no wait is absurd."""

from __future__ import annotations

from typing import Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app.clock import MS_PER_MINUTE, Stamp
from sync.schedule import BUSY, LONGEST_MINUTES, NO_HURRY, STOPPED, Last, Needs, Plan, ended, failed, next_contact

DEVICE: Final = "0f" * 16
BOOT: Final = "a"
NOTHING: Final = Needs()
LONGEST_MS: Final = LONGEST_MINUTES * MS_PER_MINUTE * 6 // 5
CODES = st.sampled_from(["", "network.unreachable", "network.timeout", STOPPED, *sorted(NO_HURRY), *sorted(BUSY)])
NEEDS = st.builds(Needs, waiting=st.integers(0, 10_000), urgent=st.booleans())
TIMES = st.integers(0, 4_000_000_000_000)
STAMPS = st.builds(Stamp, at=TIMES, mono=TIMES, boot=st.sampled_from(["a", "b"]))
LASTS = st.builds(
    Last,
    at=TIMES,
    mono=TIMES,
    boot=st.sampled_from(["a", "b"]),
    code=CODES,
    failures=st.integers(0, 10**6),
    frozen=st.booleans(),
    left=st.integers(0, 10_000),
)


def minutes(last: Last | None, needs: Needs = NOTHING, *, after_ms: int = 0) -> int:
    """Whole minutes until the next contact, asked ``after_ms`` after the last."""
    at, mono = (last.at, last.mono) if last else (0, 0)
    return next_contact(last, needs, DEVICE, Stamp(at + after_ms, mono + after_ms, BOOT)).in_ms // MS_PER_MINUTE


def last(code: str = "", *, failures: int = 0, frozen: bool = False, left: int = 0) -> Last:
    return Last(at=10**12, mono=10**6, boot=BOOT, code=code, failures=failures or bool(code), frozen=frozen, left=left)


@given(LASTS, NEEDS, STAMPS)
def test_no_wait_is_longer_than_the_longest_whatever_the_clocks_say(one: Last, needs: Needs, now: Stamp) -> None:
    plan = next_contact(one, needs, DEVICE, now)
    assert 0 <= plan.in_ms <= plan.delay_ms <= LONGEST_MS
    assert plan.delay_ms >= MS_PER_MINUTE


@given(LASTS, NEEDS, STAMPS)
def test_asked_again_it_says_the_same(one: Last, needs: Needs, now: Stamp) -> None:
    assert next_contact(one, needs, DEVICE, now) == next_contact(one, needs, DEVICE, now)


@given(LASTS, NEEDS, st.integers(0, 10**9), st.integers(0, 10**9))
def test_time_that_passes_only_brings_it_nearer(one: Last, needs: Needs, passed: int, more: int) -> None:
    def after(ms: int) -> int:
        return next_contact(one, needs, DEVICE, Stamp(one.at + ms, one.mono + ms, one.boot)).in_ms

    assert after(passed + more) <= after(passed)


@given(LASTS, NEEDS, st.integers(-(10**12), 10**12))
def test_a_wall_clock_that_was_moved_changes_nothing(one: Last, needs: Needs, moved: int) -> None:
    still = next_contact(one, needs, DEVICE, Stamp(one.at + 1_000, one.mono + 1_000, one.boot))
    assert next_contact(one, needs, DEVICE, Stamp(one.at + moved, one.mono + 1_000, one.boot)) == still


@given(LASTS, NEEDS)
def test_who_slept_through_it_is_due_when_awake(one: Last, needs: Needs) -> None:
    woken = Stamp(one.at + LONGEST_MS, one.mono + LONGEST_MS, one.boot)
    assert next_contact(one, needs, DEVICE, woken).is_due


@given(LASTS, NEEDS, st.integers(1, 10**12))
def test_after_a_restart_with_a_clock_set_back_it_is_due(one: Last, needs: Needs, back: int) -> None:
    assert next_contact(one, needs, DEVICE, Stamp(one.at - back, 5, "another boot")).is_due


@given(CODES.filter(bool), st.integers(1, 50), NEEDS)
def test_more_failures_never_mean_a_shorter_wait(code: str, failures: int, needs: Needs) -> None:
    def delay(count: int) -> int:
        # The jitter of another count may be less, so it is the whole wait without it that may not shrink.
        plan = next_contact(last(code, failures=count), needs, DEVICE, Stamp(0, 0, BOOT))
        return plan.delay_ms * 5 // 6

    assert delay(failures + 1) * 6 // 5 + 1 >= delay(failures)


@given(st.integers(1, 1_000), st.text("0123456789abcdef", min_size=32, max_size=32))
def test_the_jitter_is_at_most_a_fifth(failures: int, device: str) -> None:
    one = last("network.unreachable", failures=failures)
    delay = next_contact(one, NOTHING, device, Stamp(0, 0, BOOT)).delay_ms
    base = min(2 ** min(failures - 1, 10), 60) * MS_PER_MINUTE
    assert base <= delay <= base + base // 5


def test_devices_do_not_all_come_back_at_once() -> None:
    one, now = last("network.unreachable", failures=6), Stamp(0, 0, BOOT)
    waits = {next_contact(one, NOTHING, f"{number:032x}", now).delay_ms for number in range(100)}
    assert len(waits) > 95


def test_before_the_first_contact_it_is_due_at_once() -> None:
    assert next_contact(None, NOTHING, DEVICE, Stamp(5, 5, BOOT)) == Plan(0, 0)


@pytest.mark.parametrize(
    ("one", "needs", "at_least", "at_most"),
    [
        (last(), NOTHING, 60, 72),
        (last(), Needs(3), 15, 18),
        (last(), Needs(3, urgent=True), 5, 6),
        (last(left=4), Needs(4), 1, 1),
        (last("network.unreachable"), Needs(3), 1, 1),
        (last("network.unreachable", failures=4), NOTHING, 8, 9),
        (last("network.unreachable", failures=40), Needs(3, urgent=True), 15, 18),
        (last("network.unreachable", failures=40), Needs(3), 30, 36),
        (last("network.server_busy"), Needs(3, urgent=True), 5, 6),
        (last(STOPPED), Needs(3, urgent=True), 15, 18),
    ],
)
def test_how_long_it_waits(one: Last, needs: Needs, at_least: int, at_most: int) -> None:
    assert at_least <= minutes(one, needs) <= at_most


@pytest.mark.parametrize("code", sorted(NO_HURRY))
def test_what_trying_again_does_not_cure_is_not_tried_fast(code: str) -> None:
    assert minutes(last(code), Needs(9, urgent=True)) >= LONGEST_MINUTES


def test_a_computer_that_had_to_stop_issuing_does_not_hurry() -> None:
    assert minutes(last(frozen=True, left=3), Needs(9, urgent=True)) >= LONGEST_MINUTES


# --- what is kept of a contact --------------------------------------------------------------------------------------

NOW = Stamp(7, 8, BOOT)


def test_failures_in_a_row_are_counted_and_a_good_contact_ends_the_row() -> None:
    first = failed(None, NOW, "network.timeout", {})
    second = failed(first, NOW, "network.unreachable", {"x": 1})
    assert (first.failures, second.failures, second.code, second.details) == (1, 2, "network.unreachable", {"x": 1})
    assert ended(NOW, left=0, frozen=False).failures == 0


def test_a_person_s_own_try_begins_the_row_anew() -> None:
    many = last("network.timeout", failures=30)
    assert failed(many, NOW, "network.timeout", {}, by_hand=True).failures == 1


def test_a_stop_is_no_failure() -> None:
    assert failed(last("network.timeout", failures=3), NOW, STOPPED, {}).failures == 3


def test_a_failure_forgets_neither_that_it_is_frozen_nor_what_was_left() -> None:
    kept = failed(last(frozen=True, left=9), NOW, "network.timeout", {})
    assert (kept.frozen, kept.left) == (True, 9)


def test_what_is_kept_comes_back_as_it_was() -> None:
    kept = failed(None, NOW, "network.server_error", {"status": 500})
    assert msgspec.json.decode(msgspec.json.encode(kept), type=Last) == kept
