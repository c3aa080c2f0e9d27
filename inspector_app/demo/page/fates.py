"""What happened to each number, told from the records of both journals and from nothing else."""

from __future__ import annotations

from typing import NamedTuple

from inspector_app import bootstrap
from inspector_app.clock import clock_text, legal_date
from inspector_app.demo.cast import GRASS, TRIPS, Trip
from inspector_app.demo.page.texts import said
from inspector_app.demo.stage import Seat
from inspector_app.demo.story import Story, cargo, place_of, route
from inspector_app.demo.telling import Both
from inspector_app.domain.filling import batch_text
from inspector_app.errors import BugError
from inspector_app.journal.projections import Row
from inspector_app.services.inspecting import PASSED
from inspector_app.services.issuing_gates import quantity_of

PAPER = {
    "certificate_a": Both("two A4 sheets", "A4 纸两张"),
    "certificate_b": Both("one A4 sheet, both copies on it", "A4 纸一张，上下两联"),
    "portable_b_80": Both("80 mm thermal paper", "80 mm 热敏纸"),
    "portable_b_58": Both("58 mm thermal paper", "58 mm 热敏纸"),
}


class Fate(NamedTuple):
    """One certificate of the day: what it is for, and the sentences of its life."""

    number: str
    kind: str
    state: str
    trip: Trip
    cargo: Both
    way: Both
    plate: str
    issued: str
    sentences: tuple[Both, ...]


def fates(story: Story) -> list[Fate]:
    """All certificates of the day, A first, then B, by number."""
    rows = story.stage.laptop.device.rows.many("certificates", order="kind, digits")
    return [_fate(story, row) for row in rows]


def notice_fates(story: Story) -> list[Fate]:
    """The treatment notices of the day; they have no truck and no sentences of a certificate's life."""
    return [_notice(story, row) for row in story.stage.laptop.device.rows.many("notices", order="digits")]


def _notice(story: Story, row: Row) -> Fate:
    trip = next(trip for trip in TRIPS if story.declarations[trip.name] == row["declaration"])
    return Fate(
        number=str(row["number"]),
        kind="N",
        state="notice",
        trip=trip,
        cargo=cargo(trip),
        way=route(trip),
        plate="",
        issued=_time(row["issued_at"]),
        sentences=(),
    )


def _fate(story: Story, row: Row) -> Fate:
    number = str(row["number"])
    trip = next(trip for trip in TRIPS if story.declarations[trip.name] == row["declaration"])
    known, quantity = bootstrap.catalogue(), quantity_of(row)
    areas = bootstrap.areas()
    what = (batch_text(known, trip.species, trip.stage, quantity, lang) for lang in ("en", "zh"))
    origin, there = areas.area(int(row["origin"] or 0)), areas.area(int(row["destination"] or 0))
    return Fate(
        number=number,
        kind=str(row["kind"]),
        state=str(row["state"]),
        trip=trip,
        cargo=Both(*what),
        way=Both(f"{origin.name_en} → {trip.buyer.town_en}", f"{origin.name} → {there.name}"),
        plate=str(row["plate"] or ""),
        issued=_time(row["issued_at"]),
        sentences=tuple(_sentences(story, row, number, _printing_seat(story, row))),
    )


def _printing_seat(story: Story, row: Row) -> Seat:
    stage = story.stage
    return stage.desk if row["print_device"] == stage.desk.device.id else stage.laptop


def _sentences(story: Story, row: Row, number: str, seat: Seat) -> list[Both]:
    told = [_inspected(story, row), _issued(row)]
    if row["declaration"] == story.declarations[GRASS.name]:
        whole, left = f"{GRASS.quantity.value:,}", f"{GRASS.quantity.value - int(row['value'] or 0):,}"
        told.append(said("fate.two_trucks", whole=whole, left=left))
    told += _printed(row, number, seat)
    if row["state"] == "replaced":
        told.append(said("fate.replaced", by=str(row["replaced_by"]), time=_time(row["void_at"])))
    else:
        held = seat.device.rows.one("certificates", number=number) or {}
        told.append(said("fate.handed_over", time=_time(held["handed_over_at"])))
    return told


def _time(at: object) -> str:
    return clock_text(int(str(at or 0)))


def _inspected(story: Story, row: Row) -> Both:
    """When and where the batch was found healthy, and the laboratory's report where one was needed."""
    rows = story.stage.laptop.device.rows
    batch = rows.one("inspections", ref=str(row["inspection"])) or {}
    trip = next(trip for trip in TRIPS if story.declarations[trip.name] == row["declaration"])
    place, ended = place_of(trip), int(batch["ended_at"] or 0)
    where = {"place": place.en, "place_zh": place.zh, "time": clock_text(ended), "date": legal_date(ended)}
    if batch["conclusion"] != PASSED:
        raise BugError(f"{row['number']} was issued for a batch that failed")
    report = rows.one("results", inspection=str(batch["ref"]))
    if report is None:
        return said("fate.inspected", **where)
    return said("fate.sampled", report=str(report["report_no"]), **where)


def _issued(row: Row) -> Both:
    time = _time(row["issued_at"])
    if row["replaces"]:
        return said("fate.replacement", time=time, replaces=str(row["replaces"]))
    return said("fate.issued", time=time)


def _printed(row: Row, number: str, seat: Seat) -> list[Both]:
    attempts = seat.device.rows.many("attempts", order="ended_at", number=number)
    outcomes = {str(attempt["outcome"]) for attempt in attempts}
    times = {"first": _time(attempts[0]["ended_at"]), "time": _time(attempts[-1]["ended_at"])}
    paper = PAPER[str(row["form"])]
    told = [said("fate.ordered")] if seat.place == "desk" else []
    what = "jammed" if "spoiled" in outcomes else "missed" if "not_printed" in outcomes else "printed"
    return [*told, said(f"fate.{what}", paper=paper.en, paper_zh=paper.zh, **times)]
