"""When the next automatic contact is due: a pure function of how the last one ended, what waits, and the clocks.

A person may try at any time; the schedule only says when the program tries by itself. Time that has passed is measured
by the clock that counts sleep, so a laptop that was suspended is due when it wakes, and a wall clock that was moved
changes nothing. After a restart only the wall clock is left: one that went backwards makes the contact due at once.
"""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from inspector_app.clock import MS_PER_MINUTE, Stamp

FIRST_MINUTES: Final = 1
LONGEST_MINUTES: Final = 60
WAITING_MINUTES: Final = 15
URGENT_MINUTES: Final = 5
BUSY_MINUTES: Final = 5
JITTER_PARTS: Final = 5
"""Up to a fifth is added, so that the laptops of a province that lost its server do not all come back together."""
NO_HURRY: Final = frozenset(
    "network.program_too_old network.below_minimum network.unknown_device network.identity network.server_key_ended "
    "network.frame_refused network.province_rolled_back network.address_wrong network.certificate_ended".split()
)
"""Failures that trying again does not cure: somebody has to do something first."""
BUSY: Final = frozenset("network.server_busy network.server_full network.server_error".split())
STOPPED: Final = "sync_cancelled"


class Last(msgspec.Struct, frozen=True, kw_only=True):
    """How the last contact ended, by all clocks; what is kept of it between two runs of the program.

    ``code`` is what it failed with ("" for none) and ``details`` the values of its sentence; ``failures`` are those in
    a row. ``frozen`` says that this computer had to stop issuing; ``left`` entries were not acknowledged.
    """

    at: int
    mono: int
    boot: str
    code: str = ""
    details: dict[str, str | int] = {}
    failures: int = 0
    frozen: bool = False
    left: int = 0


class Needs(msgspec.Struct, frozen=True):
    """What waits here; ``urgent`` is what should be with the province soon: an A paper about to depart, the day."""

    waiting: int = 0
    urgent: bool = False


class Plan(msgspec.Struct, frozen=True):
    """When the next contact is due: in ``in_ms``, 0 now; ``delay_ms`` is the whole wait since the last one."""

    in_ms: int
    delay_ms: int

    @property
    def is_due(self) -> bool:
        """Whether it is due now."""
        return self.in_ms == 0


def next_contact(last: Last | None, needs: Needs, device: str, now: Stamp) -> Plan:
    """The plan for a device (32 hex digits): it depends on nothing else, and asked again it says the same."""
    if last is None:
        return Plan(0, 0)
    delay = _with_jitter(_minutes(last, needs) * MS_PER_MINUTE, device, last.failures)
    return Plan(max(0, delay - _passed(last, now)), delay)


def _passed(last: Last, now: Stamp) -> int:
    """Milliseconds since the last contact; as many as anybody waits where the clocks cannot tell."""
    if last.boot == now.boot and now.mono >= last.mono:
        return now.mono - last.mono
    gone = now.at - last.at
    return gone if gone >= 0 else 2 * LONGEST_MINUTES * MS_PER_MINUTE


def _minutes(last: Last, needs: Needs) -> int:
    if last.frozen or last.code in NO_HURRY:
        return LONGEST_MINUTES
    most = URGENT_MINUTES if needs.urgent else WAITING_MINUTES if needs.waiting else LONGEST_MINUTES
    if last.code == STOPPED:
        return max(most, WAITING_MINUTES)  # somebody did not want it now
    if last.code:
        backed_off = FIRST_MINUTES * (1 << min(max(last.failures - 1, 0), 10))
        return max(min(backed_off, _longest_backoff(needs)), BUSY_MINUTES if last.code in BUSY else FIRST_MINUTES)
    return FIRST_MINUTES if last.left else most


def _longest_backoff(needs: Needs) -> int:
    return WAITING_MINUTES if needs.urgent else 2 * WAITING_MINUTES if needs.waiting else LONGEST_MINUTES


def _with_jitter(delay: int, device: str, failures: int) -> int:
    chance = int.from_bytes(hashlib.sha256(f"{device}/{failures}".encode()).digest()[:4], "big")
    return delay + delay * chance // (2**32 * JITTER_PARTS)


def ended(now: Stamp, *, left: int, frozen: bool) -> Last:
    """What is kept of a round that ended, whatever came before."""
    return Last(at=now.at, mono=now.mono, boot=now.boot, left=left, frozen=frozen)


def failed(last: Last | None, now: Stamp, code: str, details: dict[str, str | int], *, by_hand: bool = False) -> Last:
    """What is kept of a round that failed. A person's own try begins the row of failures anew."""
    stopped = code == STOPPED
    before = 0 if last is None or by_hand else last.failures
    return Last(
        at=now.at,
        mono=now.mono,
        boot=now.boot,
        code=code,
        details=details,
        failures=before if stopped else before + 1,
        frozen=last.frozen if last is not None else False,
        left=last.left if last is not None else 0,
    )
