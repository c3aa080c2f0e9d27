"""How things stand on this device, for the strip along the bottom and the counts in the navigation."""

from __future__ import annotations

from typing import NamedTuple

from inspector_app.clock import MS_PER_DAY, clock_text, legal_date
from inspector_app.services import ceremony, outcomes
from inspector_app.services.day_close import unclosed_days
from inspector_app.services.device import Device
from inspector_app.services.lists import issuables, print_queue
from inspector_app.services.number_custody import numbers_left
from ui.places import Place
from ui.texts import text
from ui.tokens import Tone
from ui.widgets.status_strip import CellState

KINDS = ("A", "B", "N")
FEW_NUMBERS = 20
LEASE_WARNING_MS = 3 * MS_PER_DAY


class Standing(NamedTuple):
    """What is read in one go; times are UTC ms, 0 when never."""

    now: int
    online: bool
    waiting: int
    contacted_at: int
    numbers: dict[str, int]
    lease_until: int
    last_entry_at: int
    clock_tolerance_ms: int
    clock_doubted: bool
    frozen: str
    undecided: int
    to_inspect: int
    issuable: int
    queued: int
    unclosed: int
    to_confirm: int
    attention: int
    practice: bool


def read_standing(device: Device) -> Standing:
    """Read how things stand; runs in the background."""
    lease = device.rows.one("leases", device=device.id)
    declarations = device.rows.many("declarations", state="recorded")
    online = [row for row in device.rows.many("online_declarations") if not row["declaration"]]
    ready = [item for item in issuables(device) if not item.missing and not item.positive]
    return Standing(
        now=device.clock.now().at,
        online=device.online,
        waiting=device.store.waiting(),
        contacted_at=device.store.acknowledged().contacted_at,
        numbers=_numbers(device),
        lease_until=int(lease["issue_until"] or 0) if lease else 0,
        last_entry_at=device.store.last_at(),
        clock_tolerance_ms=device.policy().clock_tolerance_ms,
        clock_doubted=device.clock_doubted,
        frozen=device.frozen,
        undecided=len(declarations) + len(online),
        to_inspect=len(to_inspect(device)),
        issuable=len(ready),
        queued=len(print_queue(device)),
        unclosed=len(unclosed_days(device)),
        to_confirm=_to_confirm(device),
        attention=len(outcomes.open_remarks(device)) + bool(device.frozen),
        practice=device.practice,
    )


def to_inspect(device: Device) -> list[dict[str, str | int | None]]:
    """Accepted declarations of this device that no inspection stands on yet."""
    inspected = {row["declaration"] for row in device.rows.many("inspections")}
    accepted = device.rows.many("declarations", state="accepted")
    return [row for row in accepted if row["ref"] not in inspected and row["holder"] == device.id]


def _to_confirm(device: Device) -> int:
    """Acts of others that wait for the person signed in."""
    if device.session is None:
        return 0
    waiting, person = ceremony.unconfirmed(device), device.session.person
    return sum(1 for row in waiting if ceremony.may_be_second(device, str(row["ref"]), person))


def _numbers(device: Device) -> dict[str, int]:
    if device.session is None:
        return {}
    grant = device.grant(device.session.person)
    kinds = set(grant.kinds) | {"N"} if grant else set()
    return {kind: numbers_left(device, kind, device.session.person) for kind in KINDS if kind in kinds}


def strip_cells(standing: Standing) -> list[CellState]:
    """The cells of the strip, in plain sentences (UX 3.8)."""
    return [
        _connection(standing),
        _waiting(standing),
        _contact(standing),
        _numbers_cell(standing),
        _lease(standing),
        _clock(standing),
    ]


def _connection(standing: Standing) -> CellState:
    key = "online" if standing.online else "offline"
    if standing.frozen:
        return CellState("connection", text("strip.frozen"), Tone.BAD, Place.SYNC, text("strip.frozen_hint"), "lock")
    icon = "wifi" if standing.online else "wifi-off"
    return CellState("connection", text(f"strip.{key}"), Tone.OFF, Place.SYNC, text("strip.connection_hint"), icon)


def _waiting(standing: Standing) -> CellState:
    if not standing.waiting:
        return CellState("waiting", text("strip.all_uploaded"), Tone.GOOD, Place.SYNC, icon="check")
    tone = Tone.WARN if _days_since(standing, standing.contacted_at) > 3 else Tone.OFF
    return CellState("waiting", text("strip.waiting", n=standing.waiting), tone, Place.SYNC, text("strip.waiting_hint"))


def _contact(standing: Standing) -> CellState:
    shown = moment_words(standing.contacted_at, standing.now)
    return CellState("contact", text("strip.contact", when=shown), Tone.OFF, Place.SYNC)


def _numbers_cell(standing: Standing) -> CellState:
    if not standing.numbers:
        return CellState("numbers", "", Tone.OFF, Place.NUMBERS)
    left = " · ".join(f"{kind} {count:,}" for kind, count in standing.numbers.items())
    certificates = [count for kind, count in standing.numbers.items() if kind != "N"]
    lowest = min(certificates, default=0)
    tone = Tone.BAD if lowest == 0 else Tone.WARN if lowest < FEW_NUMBERS else Tone.OFF
    return CellState("numbers", text("strip.numbers", left=left), tone, Place.NUMBERS, text("strip.numbers_hint"))


def _lease(standing: Standing) -> CellState:
    until = standing.lease_until
    if until <= standing.now:
        return CellState("lease", text("strip.lease_over"), Tone.BAD, Place.SYNC, text("strip.lease_over_hint"))
    tone = Tone.WARN if until - standing.now < LEASE_WARNING_MS else Tone.OFF
    shown = text("strip.lease", date=legal_date(until)[5:])
    return CellState("lease", shown, tone, Place.SYNC, text("strip.lease_hint"))


def _clock(standing: Standing) -> CellState:
    if standing.now < standing.last_entry_at - standing.clock_tolerance_ms:
        return CellState("clock", text("strip.clock_behind"), Tone.BAD, Place.READY, text("strip.clock_behind_hint"))
    if standing.clock_doubted:
        return CellState("clock", text("strip.clock_doubted"), Tone.WARN, Place.SYNC, text("strip.clock_doubted_hint"))
    return CellState("clock", text("strip.clock"), Tone.OFF, Place.READY, text("strip.clock_hint"))


def _days_since(standing: Standing, at: int) -> int:
    return (standing.now - at) // MS_PER_DAY if at else 0


def moment_words(at: int, now: int) -> str:
    """A moment as people say it: 09:12, yesterday 17:50, 11-18 17:50, never."""
    if not at:
        return text("moment.never")
    day, today = legal_date(at), legal_date(now)
    if day == today:
        return clock_text(at)
    if day == legal_date(now - MS_PER_DAY):
        return text("moment.yesterday", time=clock_text(at))
    return f"{day[5:] if day[:4] == today[:4] else day} {clock_text(at)}"
