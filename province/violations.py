"""Violations of the custody rules, listed for circulation (通报批评): what is held against a station or institution.

Of stations: entries that did not follow the rules as their device knew them, what supervision visits found, and what
is past its term (cases, losses, voids nobody confirmed). Of institutions: requests that were refused for who asked or
between whom, orders and records that came late, receipts that are overdue, cases of their stores nobody concluded in
time (GX-2014 Art. 7–11, 17, 26–28). Nothing here is written; the list is computed when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from inspector_app.clock import legal_date
from inspector_app.domain.certificate import CertificateState
from inspector_app.domain.rules import enforces
from inspector_app.domain.stock_refusals import StockCode
from inspector_app.journal.entries.ceremony import VOIDS
from inspector_app.journal.entries.losses import Recipient
from inspector_app.journal.projections import Row
from inspector_app.journal.projections.losses import CONCLUDED, PUBLISHED, REPORTED, case_key, given_on
from inspector_app.journal.projections.stock_endings import OPEN
from province import provinces, reference
from province.custody import terms
from province.custody.models import RefusedRequest
from province.custody.store_notices import needs_notice, notice_due_on
from province.custody.store_reports import report_due_on, unsent
from province.journal.judging.earlier import place_of
from province.journal.models import StoredEntry
from province.journal.read_once import ReadOnceRows
from province.journal.rows import DjangoRows
from province.ledgers.cases import SHORT_RECEIPT, STORE_LOSS, SURPLUS, SUSPECTED


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """One violation: where, on which legal day, its source and code, the entry, and who made it (0: nobody in person).

    ``station`` is 0 for an institution above the stations, ``organisation`` for a station under none. ``overdue`` where
    a term has passed with nothing done.
    """

    station: int
    organisation: int = 0
    day: str
    source: str
    code: str
    ref: str
    person: int = 0
    overdue: bool = False


@enforces("G49")
def violations(using: str, *, station: int = 0, organisation: int = 0, since: str = "") -> list[Violation]:
    """All violations of a station and an organisation (0: of every) since a legal day, in the order of their days."""
    rows = ReadOnceRows(using, "rectifications", "loss_steps")
    home = {str(row["device"]): int(row["station"] or 0) for row in rows.many("journals")}
    today = legal_date(provinces.of(using).clock.now().at)
    found = [*_judged(using, rows, home), *_overdue(rows, home, today), *_found(rows, home, today)]
    found += [*_losses(using, rows, home, today), *_voids(using, rows, home, today)]
    found = [*_with_units(rows, found), *_refused(using), *_late_orders(rows), *_late_records(using)]
    found += [*_store_cases(rows, today), *(one for one in _store_papers(using, rows) if one.day < today)]
    wanted = (one for one in found if station in (0, one.station) and organisation in (0, one.organisation))
    return sorted((one for one in wanted if one.day >= since), key=lambda one: (one.day, one.ref, one.code))


def _with_units(rows: DjangoRows, found: list[Violation]) -> Iterator[Violation]:
    """Each with the organisation its station is."""
    units = {int(row["station"] or 0): int(row["organisation"] or 0) for row in rows.many("organisations")}
    for one in found:
        yield msgspec.structs.replace(one, organisation=units.get(one.station, 0) if one.station else 0)


def _judged(using: str, rows: DjangoRows, home: dict[str, int]) -> Iterator[Violation]:
    blamed = rows.many("verdicts", followed=0)
    actors = _actors(using, blamed)
    for row in blamed:
        device, seq = str(row["device"]), int(row["seq"] or 0)
        yield Violation(
            station=home.get(device, 0),
            day=legal_date(int(row["given_at"] or 0)),
            source="verdict",
            code=str(row["code"]),
            ref=f"{device}/{seq}",
            person=actors.get((device, seq), 0),
        )


def _actors(using: str, blamed: list[Row]) -> dict[tuple[str, int], int]:
    """Who wrote each of these entries."""
    seqs: dict[str, list[int]] = {}
    for row in blamed:
        seqs.setdefault(str(row["device"]), []).append(int(row["seq"] or 0))
    return {
        (device, seq): int(actor)
        for device, own in seqs.items()
        for seq, actor in StoredEntry.objects.using(using)
        .filter(device=device, seq__in=own)
        .values_list("seq", "actor")
    }


def _overdue(rows: DjangoRows, home: dict[str, int], today: str) -> Iterator[Violation]:
    for row in rows.many("custody_cases", state="open"):
        if str(row["due_on"]) < today:
            yield _of(row, home, day=str(row["due_on"]), source="case", code=str(row["kind"]), overdue=True)


def _found(rows: DjangoRows, home: dict[str, int], today: str) -> Iterator[Violation]:
    for visit in rows.many("visits"):
        done = {code for row in rows.many("rectifications", visit=visit["ref"]) for code in _codes(row)}
        for code in _codes(visit):
            late = code not in done and str(visit["rectify_by"]) < today
            yield _of(visit, home, day=str(visit["visited_on"]), source="supervision", code=code, overdue=late)


def _losses(using: str, rows: DjangoRows, home: dict[str, int], today: str) -> Iterator[Violation]:
    """Reports, notice and conclusion of a loss past their term; what two computers told of one loss counts once."""
    cases: dict[str, list[Row]] = {}
    for row in rows.many("losses", order="at"):
        cases.setdefault(case_key(rows, row), []).append(row)
    for told in cases.values():
        steps = [step for row in told for step in rows.many("loss_steps", loss=row["ref"])]
        done = {str(step["step"]) for step in steps}
        reported = {str(step["to_whom"]) for step in steps if step["step"] == REPORTED}
        done -= set() if reported >= set(Recipient) else {REPORTED}
        for step, rule in _STEPS.items() if CONCLUDED not in done else ():
            day = _due_since(using, rows, told[0], rule)
            if step not in done and day < today:
                yield _of(told[0], home, day=day, source="loss", code=f"loss_{step}", overdue=True)


_STEPS = {REPORTED: "report", PUBLISHED: "notice", CONCLUDED: "conclude"}
"""The steps of a loss that have a term of their own, and the policy's name of it."""


def _due_since(using: str, rows: DjangoRows, loss: Row, rule: str) -> str:
    """The last day of a term that began when the loss was noticed, and never before the numbers were given."""
    given = given_on(rows, block=loss["block"], draw=loss["draw"])
    since = max(given, str(loss["found_out_on"] or legal_date(int(loss["at"] or 0))))
    policy = reference.policy(using).on(since)
    return policy.after_working_days(since, policy.loss_working_days(rule))


def _voids(using: str, rows: DjangoRows, home: dict[str, int], today: str) -> Iterator[Violation]:
    """Voids whose second person has not confirmed in time, of papers that ended by them; one of each paper."""
    acts = [row for kind in sorted(VOIDS) for row in rows.many("acts", order="at", kind=kind)]
    settled = {row["subject"] for row in acts if row["confirmed_by"] not in (None, row["by"])}
    for row in {act["subject"]: act for act in reversed(acts) if act["subject"] not in settled}.values():
        table = "notices" if str(row["subject"]).startswith("N ") else "certificates"
        paper = rows.one(table, number=row["subject"]) or {}
        day = legal_date(int(row["at"] or 0))
        policy = reference.policy(using).on(day)
        due_on = policy.after_working_days(day, policy.void_confirm_working_days)
        if paper.get("state") == CertificateState.VOIDED and due_on < today:
            yield _of(row, home, day=due_on, source="void", code="void_unconfirmed", overdue=True)


# --- of institutions -------------------------------------------------------------------------------------------------

BREACHES = (
    StockCode.LEVEL_SKIPPED,
    StockCode.ACROSS_DISTRICTS,
    StockCode.NOT_USING_UNIT,
    StockCode.STATION_NO_UNIT,
    StockCode.NOT_FILED,
    StockCode.NOT_DIRECT_SUPERIOR,
    StockCode.DRAWS_FOR_SELF,
    StockCode.NOT_THE_KEEPER,
)
"""The reasons of a refusal that are breaches in themselves, what says most first; a mistyped range is none."""


def _refused(using: str) -> Iterator[Violation]:
    """What somebody tried that the measures forbid: it was refused, and stays on record (Art. 5, 7, 9)."""
    for one in RefusedRequest.objects.using(using).order_by("at", "id"):
        for code in [code for code in BREACHES if code in one.codes.split()][:1]:
            yield Violation(
                station=0,
                organisation=one.organisation,
                day=legal_date(one.at),
                source="refused",
                code=code.value,
                ref=f"{one.act}/{one.pk}",
                person=one.by,
            )


def _late_orders(rows: DjangoRows) -> Iterator[Violation]:
    """Orders after their window without an approved exception: they wait for the next month (Art. 8)."""
    for row in rows.many("orders", late=1):
        if not row["approved_by"]:
            yield Violation(
                station=0,
                organisation=int(row["organisation"] or 0),
                day=str(row["day"]),
                source="order",
                code="late_order",
                ref=str(row["order_no"]),
                person=int(row["by"] or 0),
            )


def _late_records(using: str) -> Iterator[Violation]:
    """Receipts past their term, and distributions entered after theirs (Art. 11)."""
    for term in terms.overdue(using):
        yield Violation(
            station=term.station,
            organisation=term.organisation,
            day=term.due_on,
            source="record",
            code=f"no_{term.what}",
            ref=term.record,
            overdue=True,
        )
    for late in terms.late_records(using):
        yield Violation(
            station=0,
            organisation=late.giver,
            day=late.due_on,
            source="record",
            code="late_record",
            ref=late.distribution,
        )


def _store_cases(rows: DjangoRows, today: str) -> Iterator[Violation]:
    """What a store lost, did not receive or has too much of, and its head has not concluded in time (Art. 17)."""
    ended = rows.many("stock_endings", state=OPEN)
    lost = ((row["ending"], SHORT_RECEIPT if row["shipment"] else STORE_LOSS, row) for row in ended)
    surplus = ((row["count"], SURPLUS, row) for row in rows.many("store_counts", state=OPEN))
    suspected = ((row["ask"], SUSPECTED, row) for row in rows.many("stock_end_asks", case_state=OPEN))
    for ref, code, row in (*lost, *surplus, *suspected):
        if str(row["due_on"]) < today:
            yield Violation(
                station=0,
                organisation=int(row["organisation"] or 0),
                day=str(row["due_on"]),
                source="case",
                code=code,
                ref=str(ref),
                overdue=True,
            )


def _store_papers(using: str, rows: DjangoRows) -> Iterator[Violation]:
    """What a store lost and nobody reported or declared void in public yet, by the day it is due (Art. 17, 26)."""
    for row in rows.many("stock_endings", state=OPEN):
        known = rows.one("store_notices", ending=row["ending"]) or {}
        if needs_notice(row) and not known.get("published_on"):
            yield _overdue_paper(row, PUBLISHED, notice_due_on(using, row))
        if unsent(using, row):
            yield _overdue_paper(row, REPORTED, report_due_on(using, row))


def _overdue_paper(row: Row, step: str, due_on: str) -> Violation:
    return Violation(
        station=0,
        organisation=int(row["organisation"] or 0),
        day=due_on,
        source="loss",
        code=f"loss_{step}",
        ref=str(row["ending"]),
        overdue=True,
    )


def _of(row: Row, home: dict[str, int], *, day: str, source: str, code: str, overdue: bool) -> Violation:
    ref = str(row["ref"])
    station = int(row.get("station") or home.get(place_of(ref)[0], 0))
    return Violation(station=station, day=day, source=source, code=code, ref=ref, overdue=overdue)


def _codes(row: Row) -> list[str]:
    return msgspec.json.decode(str(row["findings"]), type=list[str])
