"""Stores (库房、柜): one keeper each, a profile, periodic checks, and what came in (GX-2014 Art. 5, 15).

A store changes its keeper only by a hand-over count (交接盘点): the old keeper closes it, the new one confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.authority import Action, Post
from inspector_app.domain.refusals import Refusal, RefusalCode, Refused
from inspector_app.domain.rules import enforces
from inspector_app.domain.stocktake import StocktakePurpose, StocktakeState
from inspector_app.journal.books.draw_sides import receipt_of, who_decided
from inspector_app.journal.books.standing import check_due_on
from inspector_app.journal.chain import Act
from inspector_app.journal.entries.declarations import note_of
from inspector_app.journal.entries.stores import DrawReceived, StorageChecked, StorageDescribed, StoreAssigned
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.openings import lines_meeting
from inspector_app.services.custody_cases import BOOK_DIFFERS, add_case
from inspector_app.services.device import Device
from inspector_app.services.stock_freeze import frozen_refusals
from inspector_app.services.stocktaking import not_the_keeper, photo_refusals
from inspector_app.services.typed import attachment_refusals, code_refusals, one_text, reason_refusals

SORTS = ("room", "cabinet")
MEASURES = ("storage_fire", "storage_damp", "storage_theft")
"""The lists of measures; a store has at least one of each."""
FINDINGS = "storage_finding"
UNSAFE = "storage_unsafe"
_STORE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


# --- the keeper -----------------------------------------------------------------------------------------------------


@enforces("G02")
def keeper_refusals(device: Device, store: str) -> list[Refusal]:
    """Only the keeper of a store moves what is in it (GX-2014 Art. 5)."""
    row = device.rows.one("stores", store=store)
    if row is None or row["keeper"] is None:
        return [Refusal(code=RefusalCode.NOT_FOUND, field="store", current=store)]
    if device.session is None or row["keeper"] == device.session.person:
        return []
    return [not_the_keeper(store, row)]


def assign_store(device: Device, store: str, keeper: int) -> str | Refused:
    """Put a store into one person's keeping: its first keeper, or the one who confirmed the hand-over count."""

    def against() -> list[Refusal]:
        return [*device.may(Action.ASSIGN_STORE), *assign_refusals(device, store, keeper)]

    def add(act: Act) -> str:
        held = _held(device, store)
        count = hand_over_count(device, store, keeper) if held else None
        previous = str(held["ref"]) if held else ""
        fact = StoreAssigned(
            store=store, keeper=keeper, previous=previous, stocktake=str(count["ref"]) if count else ""
        )
        return act.add(fact, sign=device.sign)

    return device.record_unless(against, add)


@enforces("G02")
def assign_refusals(device: Device, store: str, keeper: int) -> list[Refusal]:
    """A store has a name, one keeper with the post, and a new one only by the count both persons signed."""
    if not _STORE.fullmatch(store):
        return [Refusal(code=RefusalCode.FIELD_INVALID, field="store", current=store)]
    grant = device.grant(keeper)
    if grant is None or Post.KEEPER not in grant.posts or grant.station not in (0, device.sheet.station):
        return [Refusal(code=RefusalCode.FIELD_INVALID, field="keeper", current=keeper)]
    held = _held(device, store)
    if held is None:
        return []
    if held["keeper"] == keeper:
        return [Refusal(code=RefusalCode.ALREADY_RECORDED, field="keeper", current=keeper)]
    if hand_over_count(device, store, keeper) is None:
        return [
            Refusal(
                code=RefusalCode.HAND_OVER_COUNT_NEEDED,
                current=keeper,
                details={"store": store, "keeper": int(held["keeper"] or 0)},
            )
        ]
    return []


def _held(device: Device, store: str) -> Row | None:
    row = device.rows.one("stores", store=store)
    return row if row is not None and row["keeper"] is not None else None


def hand_over_count(device: Device, store: str, keeper: int) -> Row | None:
    """The hand-over count of a store since its last change that this person confirmed as the one who takes over."""
    held = _held(device, store)
    since = int(held["since"] or 0) if held else 0
    states = {"state": StocktakeState.CLOSED.value, "purpose": StocktakePurpose.HAND_OVER.value}
    for row in device.rows.many("stocktakes", order="ended_at", store=store, **states):
        act = device.rows.one("acts", ref=row["ended_ref"])
        if int(row["ended_at"] or 0) >= since and act is not None and act["confirmed_by"] == keeper:
            return row
    return None


# --- profile and checks ---------------------------------------------------------------------------------------------


def describe_store(device: Device, store: str, *, sort: str, measures: Sequence[str], note: str = "") -> str | Refused:
    """A store's profile: room or cabinet, and what protects it; where it is belongs to the note."""

    def against() -> list[Refusal]:
        found = device.may(Action.DESCRIBE_STORE)
        if not _STORE.fullmatch(store):
            found.append(Refusal(code=RefusalCode.FIELD_INVALID, field="store", current=store))
        found += one_text("note", note)
        return found + code_refusals("sort", [sort], SORTS) + measure_refusals(device, measures)

    fact = StorageDescribed(store=store, sort=sort, measures=sorted(set(measures)))
    return device.record_unless(against, lambda act: act.add(fact, private=note_of(note), sign=device.sign))


@enforces("G17")
def measure_refusals(device: Device, measures: Sequence[str]) -> list[Refusal]:
    """Measures of the three lists, at least one each against fire, damp and theft (GX-2014 Art. 15)."""
    today = device.today()
    lists = {name: {row.code for row in device.catalogue.reasons(name, today)} for name in MEASURES}
    found = code_refusals("measures", measures, set().union(*lists.values()))
    lacking = [name for name, known in lists.items() if not known & set(measures)]
    return found + [
        Refusal(code=RefusalCode.FIELD_MISSING, field="measures", details={"lacking": name}) for name in lacking
    ]


def check_store(
    device: Device,
    store: str,
    *,
    findings: Sequence[str] = (),
    attachments: Sequence[str] = (),
    no_picture: str = "",
    note: str = "",
) -> str | Refused:
    """Record a periodic check with its photograph; a finding opens a case. Returns the check's entry."""

    def against() -> list[Refusal]:
        found = device.may(Action.CHECK_STORE) + attachment_refusals(device, attachments)
        found += [] if findings else one_text("note", note)
        for finding in findings:
            found += reason_refusals(device, FINDINGS, finding, note, field="findings")
        return found + check_refusals(device, store, attachments, no_picture)

    def add(act: Act) -> str:
        fact = StorageChecked(
            store=store, findings=sorted(set(findings)), attachments=list(attachments), no_picture=no_picture
        )
        ref = act.add(fact, private=note_of(note), sign=device.sign)
        if findings:
            add_case(act, device, UNSAFE, ref)
        return ref

    return device.record_unless(against, add)


@enforces("G17")
def check_refusals(device: Device, store: str, attachments: Sequence[str], no_picture: str) -> list[Refusal]:
    """What is checked has a profile, and the check a photograph or the reason why not."""
    row = device.rows.one("stores", store=store)
    found = photo_refusals(device, attachments, no_picture, 1)
    if row is None or row["described_ref"] is None:
        return [Refusal(code=RefusalCode.NOT_FOUND, field="store", current=store), *found]
    return found


class StoreDue(msgspec.Struct, frozen=True):
    """A store, its keeper (0: none), the legal day its next check is due, and whether that day has passed."""

    store: str
    keeper: int
    described: bool
    due_on: str
    overdue: bool


def stores(device: Device) -> list[StoreDue]:
    """Every store of the station with its next check; one never checked is due now."""
    return [_due(device, row) for row in device.rows.many("stores")]


def _due(device: Device, row: Row) -> StoreDue:
    checks = device.rows.many("store_checks", store=row["store"])
    due_on = check_due_on(row, checks, device.policy())
    return StoreDue(
        store=str(row["store"]),
        keeper=int(row["keeper"] or 0),
        described=row["described_ref"] is not None,
        due_on=due_on,
        overdue=due_on < device.today(),
    )


class StoreCheck(msgspec.Struct, frozen=True):
    """One check: its legal day, who made it, what was found (list ``storage_finding``)."""

    day: str
    by: int
    findings: list[str]


class StoreProfile(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a store: since which legal day it has its keeper, its measures, checks (latest first), draws."""

    sort: str
    since: str
    measures: list[str]
    note: str
    described: bool
    checks: list[StoreCheck]
    draws: list[str]


def profile(device: Device, store: str) -> StoreProfile:
    """A store with its checks and what was taken into it."""
    row = device.rows.one("stores", store=store) or {}
    checks = device.rows.many("store_checks", order="at", store=store)[::-1]
    return StoreProfile(
        sort=str(row.get("sort") or ""),
        since=legal_date(int(row["since"] or 0)) if row.get("since") else "",
        measures=_listed(row.get("measures")),
        note=str(row.get("note") or ""),
        described=bool(row.get("described_ref")),
        checks=[_check_of(check) for check in checks],
        draws=_draws_in(device, store),
    )


def _draws_in(device: Device, store: str) -> list[str]:
    rows = device.rows.many("draw_receipts", order="at", store=store)
    return list(dict.fromkeys(str(row["draw"]) for row in rows))


def _check_of(row: Row) -> StoreCheck:
    return StoreCheck(legal_date(int(row["at"] or 0)), int(row["by"] or 0), _listed(row["findings"]))


def _listed(value: object) -> list[str]:
    return msgspec.json.decode(str(value), type=list[str]) if value else []


# --- what comes in --------------------------------------------------------------------------------------------------


def receive_draw(device: Device, draw: str, store: str) -> str | Refused:
    """The keeper takes a draw into the store (领用入库); where they decided it themself, another of the station.

    Numbers of it that the station took over as ended are dead already; each stretch of them becomes a case.
    """

    def against() -> list[Refusal]:
        return [*taker_refusals(device, draw, store), *receive_refusals(device, draw)]

    def add(act: Act) -> str:
        ref = act.add(DrawReceived(draw=draw, store=store), sign=device.sign)
        for numbers in ended_before(device, draw):
            add_case(act, device, BOOK_DIFFERS, ref, numbers=numbers)
        return ref

    return device.record_unless(against, add)


def ended_before(device: Device, draw: str) -> list[tuple[str, str, str]]:
    """The numbers of a draw that were taken over as ended: kind, first and last of each stretch, lowest first."""
    row = device.rows.one("draws", draw=draw) or {}
    kind, first, last = (str(row[name]) for name in ("kind", "first", "last"))
    lines = lines_meeting(device.rows, kind, first, last)
    spans = {(max(first, str(line["first"])), min(last, str(line["last"]))) for line in lines}
    return [(kind, *span) for span in sorted(spans)]


@enforces("G10")
def taker_refusals(device: Device, draw: str, store: str) -> list[Refusal]:
    """Who takes a draw in: the store's keeper, and never who decided it at the county (GX-2014 Art. 10).

    Whoever decided it and keeps the store by now leaves it to a vet, to the head or to another keeper of the station.
    """
    if found := decided_refusals(device, draw):
        return found
    decided_by = who_decided(device.rows, draw)
    if decided_by and (device.rows.one("stores", store=store) or {}).get("keeper") == decided_by:
        return device.may(Action.RECEIVE_FOR_KEEPER)
    return [*device.may(Action.RECEIVE_DRAW), *keeper_refusals(device, store)]


def decided_refusals(device: Device, draw: str) -> list[Refusal]:
    """Whoever decided a draw does not take it in."""
    if device.session is None or who_decided(device.rows, draw) != device.session.person:
        return []
    return [Refusal(code=RefusalCode.DRAW_DECIDED_BY_TAKER, field="draw", current=draw)]


def draw_receipt(device: Device, draw: str) -> Row | None:
    """Who took a draw in and where; None while it waits."""
    return receipt_of(device.rows, draw)


def receive_refusals(device: Device, draw: str) -> list[Refusal]:
    """Why this draw is not taken in now, whoever does it."""
    found = []
    row = device.rows.one("draws", draw=draw)
    if row is None or row["station"] != device.sheet.station:
        return [Refusal(code=RefusalCode.NOT_FOUND, field="draw", current=draw)]
    if draw_receipt(device, draw) is not None:
        found.append(Refusal(code=RefusalCode.ALREADY_RECORDED, field="draw", current=draw))
    return found + frozen_refusals(device, str(row["kind"]))
