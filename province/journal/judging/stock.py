"""Stocktakes, stores and what a station takes over: whose they are to speak of, and who keeps them."""

from __future__ import annotations

from collections.abc import Iterator

from inspector_app.domain.authority import Post
from inspector_app.domain.rules import enforces
from inspector_app.domain.stocktake import CountedRange, Covered, StocktakePurpose, StocktakeState
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.books.case_facts import (
    AGREES,
    BOOK_DIFFERS,
    LOSS_REPORTED,
    LOST_CAUSES,
    has_agreeing_count,
    has_loss,
    span_of,
)
from inspector_app.journal.books.draw_sides import who_decided
from inspector_app.journal.entries.custody_cases import CustodyCaseConcluded
from inspector_app.journal.entries.openings import OpeningLine, OpeningRecorded
from inspector_app.journal.entries.stocktakes import (
    StocktakeAbandoned,
    StocktakeClosed,
    StocktakeCounted,
    StocktakeListed,
    StocktakeOpened,
)
from inspector_app.journal.entries.stores import DrawReceived, StoreAssigned
from inspector_app.journal.entries.supervision import RectificationRecorded
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.openings import FORMER, SHEET
from province.journal.judging.case import CONSEQUENCES, Case, Finding
from province.journal.judging.earlier import NOWHERE, place_of
from province.journal.judging.knowledge import knew

_UNKNOWN = CONSEQUENCES[Judgement.REFERENCE_UNKNOWN]._replace(takes_effect=False)
_OF_STOCKTAKE = StocktakeListed | StocktakeCounted | StocktakeClosed | StocktakeAbandoned


def of_station(case: Case) -> Finding | None:
    """Nobody concludes another station's case, puts its findings right, or takes its draw in."""
    match case.entry.fact:
        case RectificationRecorded(visit=ref) if place_of(ref) == NOWHERE:
            return _of_visit(case, ref)
        case CustodyCaseConcluded(opened=ref) | RectificationRecorded(visit=ref):
            home = case.rows.one("journals", device=place_of(ref)[0])
            return None if home and home["station"] == case.journal.station else _UNKNOWN
        case DrawReceived(draw=draw):
            row = case.rows.one("draws", draw=draw)
            return None if row and row["station"] == case.journal.station else _UNKNOWN
        case _:
            return None


def _of_visit(case: Case, visit: str) -> Finding | None:
    """Of a visit the institution recorded: whoever heard of one that a restore forgot is not to blame."""
    row = case.rows.one("visits", ref=visit)
    if row is None and case.court.known.doubtful:
        return _UNKNOWN._replace(followed=True)
    return None if row and row["station"] == case.journal.station else _UNKNOWN


@enforces("G21")
def conclusion(case: Case) -> Finding | None:
    """A case is not concluded against the books: as a loss nobody told of, as found where no later count says so.

    Whoever concluded knew no more than is known here, so what is missing here was missing there.
    """
    fact = case.entry.fact
    row = case.rows.one("custody_cases", ref=fact.opened) if isinstance(fact, CustodyCaseConcluded) else None
    span = span_of(row) if row is not None else None
    if row is None or span is None or not isinstance(fact, CustodyCaseConcluded):
        return None
    says_lost = fact.conclusion == LOSS_REPORTED or fact.cause in LOST_CAUSES
    if says_lost and not has_loss(case.rows, span):
        return CONSEQUENCES[Judgement.WRONG_STATE]
    counted = fact.conclusion not in AGREES or row["kind"] != BOOK_DIFFERS or has_agreeing_count(case.rows, row, span)
    return None if counted else CONSEQUENCES[Judgement.WRONG_STATE]


def stocktake(case: Case) -> Finding | None:
    """A computer counts its own book, one stocktake at a time, and says nothing more of one that is over."""
    fact = case.entry.fact
    if isinstance(fact, StocktakeOpened):
        going_on = case.rows.many("stocktakes", device=case.journal.device, state=StocktakeState.OPEN.value)
        return CONSEQUENCES[Judgement.WRONG_STATE] if going_on else None
    if not isinstance(fact, _OF_STOCKTAKE):
        return None
    row = case.rows.one("stocktakes", ref=fact.stocktake)
    if row is None or row["device"] != case.journal.device:
        return _UNKNOWN
    return None if row["state"] == StocktakeState.OPEN else CONSEQUENCES[Judgement.WRONG_STATE]


@enforces("G02")
def store(case: Case) -> Finding | None:
    """What comes into a store is taken in by its keeper, who changes only by the count both persons signed."""
    match case.entry.fact:
        case DrawReceived(draw=draw, store=name):
            row = case.rows.one("stores", station=case.journal.station, store=name) or {}
            decided_by = who_decided(case.rows, draw)
            return None if decided_by and row.get("keeper") == decided_by else _kept_by(case, name)
        case OpeningRecorded(store=name):
            return _kept_by(case, name)
        case StoreAssigned() as fact:
            return _assigned(case, fact)
        case _:
            return None


def _kept_by(case: Case, name: str) -> Finding | None:
    row = case.rows.one("stores", station=case.journal.station, store=name)
    if row is None or row["keeper"] is None:
        return _UNKNOWN
    if row["keeper"] == case.actor:
        return None
    return CONSEQUENCES[Judgement.POST_MISSING]._replace(followed=not knew(case, str(row["ref"])))


def _assigned(case: Case, fact: StoreAssigned) -> Finding | None:
    grant = case.known_grant(fact.keeper)
    if not case.court.known.forgotten and (grant is None or Post.KEEPER not in grant.posts):
        return CONSEQUENCES[Judgement.POST_MISSING]._replace(takes_effect=False)
    if not fact.previous:
        return None  # of two first keepers the earlier stands, and who did not know of the other did nothing wrong
    before = case.rows.one("store_keepers", ref=fact.previous)
    if before is None or before["station"] != case.journal.station or before["store"] != fact.store:
        return _UNKNOWN
    counted = case.rows.one("stocktakes", ref=fact.stocktake)
    return None if counted and _is_hand_over(case, counted, fact) else CONSEQUENCES[Judgement.WRONG_STATE]


def _is_hand_over(case: Case, counted: Row, fact: StoreAssigned) -> bool:
    act = case.rows.one("acts", ref=counted["ended_ref"]) or {}
    told = (counted["purpose"], counted["store"], counted["state"])
    closed = told == (StocktakePurpose.HAND_OVER, fact.store, StocktakeState.CLOSED)
    return closed and act.get("confirmed_by") == fact.keeper


def opening(case: Case) -> Finding | None:
    """The same paper is not taken over twice.

    Of two lists of a station's computers that did not know of each other the earlier stands; another station cannot
    have had the same papers, which says nothing of who took them over first.
    """
    fact = case.entry.fact
    if not isinstance(fact, OpeningRecorded):
        return None
    papers = [line for line in fact.lines if line.what == SHEET]
    by_form = {form: _ranges(papers, form) for form in {line.form for line in papers}}
    if any(_meets(case, str(row["ref"]), by_form) for row in _lists(case) if knew(case, str(row["ref"]))):
        return CONSEQUENCES[Judgement.WRONG_STATE]
    if any(_is_elsewhere(case, line) for line in papers):
        return CONSEQUENCES[Judgement.WRONG_STATE]._replace(followed=True)
    return None


def _ranges(papers: list[OpeningLine], form: str) -> Covered:
    return Covered(CountedRange(line.first, line.last) for line in papers if line.form == form)


def _lists(case: Case) -> Iterator[Row]:
    """What the computers of this station took over before."""
    for journal in case.rows.many("journals", station=case.journal.station):
        yield from case.rows.many("openings", device=journal["device"])


def _meets(case: Case, ref: str, papers: dict[str, Covered]) -> bool:
    lines = [line for line in case.rows.many("opening_lines", ref=ref, what=SHEET) if line["form"] in papers]
    return any(papers[str(line["form"])].meets(str(line["first"]), str(line["last"])) for line in lines)


def _is_elsewhere(case: Case, line: OpeningLine) -> bool:
    numbers = (f"{line.form} {line.first}", f"{line.form} {line.last}")
    held = [row for number in numbers for row in case.rows.many("sheets", number=number, print=FORMER)]
    homes = (case.rows.one("journals", device=row["device"]) for row in held)
    return any(home is None or home["station"] != case.journal.station for home in homes)
