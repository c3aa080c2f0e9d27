"""The province on stocktakes, stores, cases and visits: whose they are, who keeps them, what is held against whom."""

from __future__ import annotations

import pytest

from inspector_app.domain.stocktake import CountedRange, Difference, StockLine
from inspector_app.domain.verdicts import Judgement
from inspector_app.journal.entries.ceremony import ActConfirmed
from inspector_app.journal.entries.custody import NumbersLost
from inspector_app.journal.entries.custody_cases import CustodyCaseConcluded, CustodyCaseOpened
from inspector_app.journal.entries.openings import OpeningLine, OpeningRecorded
from inspector_app.journal.entries.stocktakes import (
    StocktakeAbandoned,
    StocktakeClosed,
    StocktakeCounted,
    StocktakeListed,
    StocktakeOpened,
)
from inspector_app.journal.entries.stores import DrawReceived, StoreAssigned
from inspector_app.journal.entries.supervision import (
    LedgerState,
    RectificationRecorded,
    SupervisionRecorded,
    VisitDetails,
)
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.registry import publishing
from province.violations import violations
from tests.province import work
from tests.province.fixtures import CLERK, HEAD, OTHER_STATION, SECOND_VET, STATION, VET, Province
from tests.province.judged import only, verdict_on, verdicts_on
from tests.sync.fakes import FakeDevice

J = Judgement
LINE = StockLine(shelf="unused", kind="B", first="9900000001", last="9900000010", block="b", current=True)
MAIN = "main"


def begin(device: FakeDevice, actor: int = VET, purpose: str = "periodic", store: str = "") -> str:
    return device.record(actor, StocktakeOpened(purpose=purpose, kinds=["B"], lines=[LINE], store=store))


def end(device: FakeDevice, stocktake: str, actor: int = VET) -> str:
    fact = StocktakeClosed(stocktake=stocktake, differences=[], explained=0, attachments=["00" * 32] * 2)
    return device.record(actor, fact)


def count(device: FakeDevice, stocktake: str, actor: int = VET) -> str:
    ranges = [CountedRange("9900000001", "9900000010")]
    fact = StocktakeCounted(stocktake=stocktake, shelf="unused", kind="B", ranges=ranges, pages=0, means="typed")
    return device.record(actor, fact)


def page(device: FakeDevice, stocktake: str, actor: int = VET) -> str:
    line = StockLine(shelf="on_hand", kind="B", first="9900000001", last="9900000001")
    return device.record(actor, StocktakeListed(stocktake=stocktake, lines=[line]))


def case(device: FakeDevice, due_on: str = "2026-12-18", actor: int = VET) -> str:
    fact = CustodyCaseOpened(case="book_differs", about="main", due_on=due_on, opened_on="2026-11-21")
    return device.record(actor, fact)


def visit(device: FakeDevice, *findings: str, rectify_by: str = "2026-12-21") -> str:
    fact = SupervisionRecorded(
        visited_on="2026-11-21",
        findings=list(findings),
        rectify_by=rectify_by,
        ledgers=[LedgerState(ledger="draw", records=1, lacking=0)],
        blocks_hold=True,
        sheets_hold=True,
        open_cases=0,
        attachments=[],
    )
    return device.record(HEAD, fact, private=VisitDetails(official="孙检查", unit="市局"))


def assign(device: FakeDevice, keeper: int = VET, previous: str = "", stocktake: str = "", actor: int = HEAD) -> str:
    return device.record(actor, StoreAssigned(store=MAIN, keeper=keeper, previous=previous, stocktake=stocktake))


def draw_of(province: Province, station: int = STATION) -> str:
    return str(DjangoRows(province.using).many("draws", station=station, kind="B")[0]["draw"])


def keeper(province: Province) -> object:
    return (DjangoRows(province.using).one("stores", station=STATION, store=MAIN) or {}).get("keeper")


# --- stocktakes -----------------------------------------------------------------------------------------------------


def test_a_stocktake_that_the_county_confirms_is_accepted_in_silence(either_province: Province) -> None:
    publishing.add_person(either_province.using, 41, name="孙监督", name_en="Sun")
    publishing.grant(either_province.using, 41, station=0, posts=("supervisor",), kinds=())
    device = either_province.enrol(people=(VET, HEAD, 41))
    stocktake = begin(device)
    count(device, stocktake)
    act = end(device, stocktake)
    device.record(41, ActConfirmed(act=act, form="apart"))
    assert verdicts_on(either_province, device) == []
    rows = DjangoRows(either_province.using)
    assert (rows.one("stocktakes", ref=stocktake) or {})["state"] == "closed"
    assert (rows.one("acts", ref=act) or {})["confirmed_by"] == 41
    assert differences(either_province.using) == []


def test_who_is_keeper_and_vet_alike_is_not_confirmed_by_a_colleague(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    act = end(device, begin(device))
    device.record(HEAD, ActConfirmed(act=act, form="apart"))
    assert only(province, device) == (J.POST_MISSING, False, False)


def test_who_is_no_vet_is_confirmed_by_a_colleague(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    act = end(device, begin(device, HEAD), HEAD)
    device.record(VET, ActConfirmed(act=act, form="apart"))
    assert verdicts_on(province, device) == []


def test_without_the_post_nobody_counts(province: Province) -> None:
    device = province.enrol(people=(VET, CLERK))
    begin(device, CLERK)
    assert only(province, device) == (J.POST_MISSING, False, False)


def test_a_sister_says_nothing_of_a_stocktake_that_is_not_hers(province: Province) -> None:
    first, second = province.enrol("一号机"), province.enrol("二号机")
    stocktake = begin(first)
    first.sync(province.exchange)
    end(second, stocktake)
    assert only(province, second) == (J.REFERENCE_UNKNOWN, False, False)
    assert (DjangoRows(province.using).one("stocktakes", ref=stocktake) or {})["state"] == "open"


def test_a_further_page_of_the_book_is_of_ones_own_stocktake(either_province: Province) -> None:
    first, second = either_province.enrol("一号机"), either_province.enrol("二号机")
    stocktake = begin(first)
    page(first, stocktake)
    count(first, stocktake)
    assert verdicts_on(either_province, first) == []
    row = DjangoRows(either_province.using).one("stocktakes", ref=stocktake) or {}
    assert str(row["lines"]).count('"shelf"') == 2
    page(second, stocktake)
    assert only(either_province, second) == (J.REFERENCE_UNKNOWN, False, False)
    assert differences(either_province.using) == []


def test_of_a_stocktake_that_is_over_nothing_more_is_said(province: Province) -> None:
    device = province.enrol()
    stocktake = begin(device)
    end(device, stocktake)
    again = device.record(VET, StocktakeAbandoned(stocktake=stocktake, reason="wrong_scope"))
    assert verdict_on(province, device, again) == [(J.WRONG_STATE, False, False)]


def test_a_second_stocktake_at_one_computer_changes_nothing(province: Province) -> None:
    device = province.enrol()
    begin(device)
    second = begin(device)
    assert verdict_on(province, device, second) == [(J.WRONG_STATE, False, False)]
    assert DjangoRows(province.using).one("stocktakes", ref=second) is None


# --- stores ---------------------------------------------------------------------------------------------------------


def test_the_keeper_takes_a_draw_in_and_it_is_on_record(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    assign(device)
    device.record(VET, DrawReceived(draw=draw_of(province), store=MAIN))
    assert verdicts_on(province, device) == []
    assert len(DjangoRows(province.using).many("draw_receipts")) == 1


def test_g02_another_keeper_takes_nothing_in(province: Province) -> None:
    publishing.grant(province.using, SECOND_VET, station=STATION, posts=("vet", "keeper"), kinds=("B",))
    device = province.enrol(people=(VET, SECOND_VET, HEAD))
    assign(device)
    device.record(SECOND_VET, DrawReceived(draw=draw_of(province), store=MAIN))
    assert only(province, device) == (J.POST_MISSING, False, False)


def test_who_could_not_know_of_the_new_keeper_is_not_to_blame(province: Province) -> None:
    begun = province.clock.at - 120_000
    publishing.grant(
        province.using, SECOND_VET, station=STATION, posts=("vet", "keeper"), kinds=("B",), valid_from=begun
    )
    first, second = province.enrol("一号机", people=(VET, HEAD)), province.enrol("二号机", people=(SECOND_VET, HEAD))
    assign(second, SECOND_VET)
    province.clock.at -= 60_000
    assign(first, VET)
    assert verdicts_on(province, first) == []
    second.record(SECOND_VET, DrawReceived(draw=draw_of(province), store=MAIN))
    assert only(province, second) == (J.POST_MISSING, True, False)
    assert keeper(province) == VET


def test_a_draw_of_another_station_and_an_unknown_store_are_nobodys(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    first = device.record(VET, DrawReceived(draw=draw_of(province), store="cellar"))
    assign(device)
    second = device.record(VET, DrawReceived(draw="no-such-draw", store=MAIN))
    assert verdict_on(province, device, first) == [(J.REFERENCE_UNKNOWN, False, False)]
    assert verdict_on(province, device, second) == [(J.REFERENCE_UNKNOWN, False, False)]


def test_g02_a_keeper_has_the_post(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    assign(device, SECOND_VET)
    assert only(province, device) == (J.POST_MISSING, False, False)
    assert keeper(province) is None


def test_g02_a_store_changes_its_keeper_only_by_the_count_both_signed(province: Province) -> None:
    publishing.grant(province.using, SECOND_VET, station=STATION, posts=("vet", "keeper"), kinds=("B",))
    device = province.enrol(people=(VET, SECOND_VET, HEAD))
    first = assign(device)
    stocktake = begin(device, VET, "hand_over", MAIN)
    act = end(device, stocktake)
    early = assign(device, SECOND_VET, first, stocktake)
    assert verdict_on(province, device, early) == [(J.WRONG_STATE, False, False)]
    device.record(SECOND_VET, ActConfirmed(act=act, form="together"))
    late = assign(device, SECOND_VET, first, stocktake)
    assert verdict_on(province, device, late) == []
    assert keeper(province) == SECOND_VET


# --- cases, visits, opening -----------------------------------------------------------------------------------------


def test_a_case_is_seen_by_the_province_until_it_is_concluded(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    ref = case(device)
    device.sync(province.exchange)
    assert [row["ref"] for row in DjangoRows(province.using).many("custody_cases", state="open")] == [ref]
    device.record(HEAD, CustodyCaseConcluded(opened=ref, cause="misfiled", conclusion="found_again"))
    assert verdicts_on(province, device) == []
    assert DjangoRows(province.using).many("custody_cases", state="open") == []


def test_a_conclusion_waits_for_its_case_on_a_sister(province: Province) -> None:
    first, second = province.enrol("一号机", people=(VET, HEAD)), province.enrol("二号机", people=(VET, HEAD))
    ref = case(first)
    second.record(HEAD, CustodyCaseConcluded(opened=ref, cause="misfiled", conclusion="found_again"))
    assert verdicts_on(province, second) == []
    first.sync(province.exchange)
    assert (DjangoRows(province.using).one("custody_cases", ref=ref) or {})["state"] == "concluded"


def difference(device: FakeDevice) -> tuple[str, str]:
    """A count that missed three numbers, and its case: the entries."""
    ref = device.record(HEAD, StocktakeOpened(purpose="periodic", kinds=["B"], lines=[]))
    missing = {"shelf": "unused", "kind": "B", "first": "9900000003", "last": "9900000005"}
    one = Difference(**missing, differs="missing", expected=3, counted=0)
    closed = device.record(HEAD, StocktakeClosed(stocktake=ref, differences=[one], explained=0, attachments=[]))
    fact = CustodyCaseOpened(
        case="book_differs",
        about=closed,
        due_on="2026-12-18",
        opened_on="2026-11-21",
        form="B",
        first=one.first,
        last=one.last,
    )
    return closed, device.record(HEAD, fact)


@pytest.mark.parametrize(
    ("cause", "conclusion"),
    [("lost", "loss_reported"), ("stolen", "put_right"), ("misfiled", "found_again"), ("misfiled", "record_added")],
)
def test_g21_a_case_is_not_concluded_against_the_books(province: Province, cause: str, conclusion: str) -> None:
    device = province.enrol(people=(VET, HEAD))
    _closed, ref = difference(device)
    device.record(HEAD, CustodyCaseConcluded(opened=ref, cause=cause, conclusion=conclusion))
    assert only(province, device) == (J.WRONG_STATE, False, False)


def test_a_case_is_concluded_as_the_books_have_it(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    _closed, lost = difference(device)
    _number, block = work.next_number(device, "B")
    device.record(HEAD, NumbersLost(block, "9900000003", "9900000005", "lost", "2026-11-21"))
    device.record(HEAD, CustodyCaseConcluded(opened=lost, cause="lost", conclusion="loss_reported"))
    _closed, found = difference(device)
    again = device.record(HEAD, StocktakeOpened(purpose="periodic", kinds=["B"], lines=[]))
    device.record(HEAD, StocktakeClosed(stocktake=again, differences=[], explained=0, attachments=[]))
    device.record(HEAD, CustodyCaseConcluded(opened=found, cause="misfiled", conclusion="found_again"))
    assert verdicts_on(province, device) == []


@pytest.mark.parametrize("what", ["case", "visit"])
def test_what_is_another_stations_is_not_ours_to_end(province: Province, what: str) -> None:
    publishing.grant(
        province.using, SECOND_VET, station=OTHER_STATION, posts=("vet", "head"), kinds=("B",), valid_from=1
    )
    ours, theirs = province.enrol(people=(VET, HEAD)), province.enrol(station=OTHER_STATION, people=(SECOND_VET,))
    ref = case(ours) if what == "case" else visit(ours, "storage_poor")
    ours.sync(province.exchange)
    fact = (
        CustodyCaseConcluded(opened=ref, cause="misfiled", conclusion="found_again")
        if what == "case"
        else RectificationRecorded(visit=ref, findings=["storage_poor"], attachments=[])
    )
    theirs.record(SECOND_VET, fact)
    assert only(province, theirs) == (J.REFERENCE_UNKNOWN, False, False)


def opening(first: str, last: str, state: str = "blank", pages: int = 1) -> OpeningRecorded:
    line = OpeningLine(what="sheet", form="B", first=first, last=last, pages=pages, state=state)
    return OpeningRecorded(source=first.zfill(64), store=MAIN, lines=[line])


def test_what_is_taken_over_is_on_hand_and_never_free(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    assign(device)
    device.record(VET, opening("3200000001", "3200000003", pages=2))
    assert verdicts_on(province, device) == []
    rows = DjangoRows(province.using)
    assert len(rows.many("sheets", device=device.device)) == 6
    assert rows.one("numbers", number="B 3200000001") is None
    assert differences(province.using) == []


@pytest.mark.parametrize("other", [("3200000003", "3200000009"), ("3200000002", "3200000002")])
def test_who_knew_of_a_list_does_not_take_the_same_paper_over_again(province: Province, other: tuple[str, str]) -> None:
    device = province.enrol(people=(VET, HEAD))
    assign(device)
    device.record(VET, opening("3200000001", "3200000003"))
    again = device.record(VET, opening(*other))
    assert verdict_on(province, device, again) == [(J.WRONG_STATE, False, False)]


def test_of_two_lists_that_did_not_know_of_each_other_the_earlier_keeps_the_paper_and_nobody_is_to_blame(
    either_province: Province,
) -> None:
    first, second = (either_province.enrol(name, people=(VET, HEAD)) for name in ("一号机", "二号机"))
    assign(first)
    first.sync(either_province.exchange)
    second.record(VET, opening("3200000002", "3200000004"))
    either_province.clock.forward(minutes=5)
    first.record(VET, opening("3200000001", "3200000003"))
    assert verdicts_on(either_province, first) == []
    assert verdicts_on(either_province, second) == []
    held = {row["number"]: row["device"] for row in DjangoRows(either_province.using).many("sheets", sheet=1)}
    assert [held[f"B 320000000{at}"] for at in (1, 2, 3, 4)] == [first.device, *[second.device] * 3]
    assert differences(either_province.using) == []


def test_another_stations_papers_are_taken_over_by_nobody_and_who_took_them_is_not_blamed(province: Province) -> None:
    publishing.add_person(province.using, 42, name="陈保管", name_en="Chen")
    publishing.grant(province.using, 42, station=OTHER_STATION, posts=("keeper", "head"), kinds=(), valid_from=1)
    device, theirs = province.enrol(people=(VET, HEAD)), province.enrol(station=OTHER_STATION, people=(42,))
    assign(device)
    assign(theirs, 42, actor=42)
    device.record(VET, opening("3200000001", "3200000003"))
    device.sync(province.exchange)
    again = theirs.record(42, opening("3200000003", "3200000009"))
    assert verdict_on(province, theirs, again) == [(J.WRONG_STATE, True, False)]


@pytest.mark.parametrize(
    "wrong",
    [
        opening("3200000001", "3200000003", state="free"),
        opening("1", "9" * 19),
        opening("3200000009", "3200000001"),
        opening("0000000001", "0000099999", pages=99),
    ],
    ids=["a free number", "no range", "backwards", "without end"],
)
def test_a_list_nobody_could_have_taken_over_changes_nothing(province: Province, wrong: OpeningRecorded) -> None:
    device = province.enrol(people=(VET, HEAD))
    assign(device)
    device.record(VET, wrong)
    assert only(province, device)[0] is J.WRONG_STATE
    assert DjangoRows(province.using).many("sheets") == []


# --- violations -----------------------------------------------------------------------------------------------------


def told(province: Province, **asked: object) -> list[tuple[str, str, int, bool]]:
    found = violations(province.using, **asked)  # type: ignore[arg-type]
    return [(one.source, one.code, one.person, one.overdue) for one in found]


def test_g49_entries_against_the_rules_are_listed_with_who_made_them(province: Province) -> None:
    device = province.enrol(people=(VET, CLERK))
    begin(device, CLERK)
    device.sync(province.exchange)
    assert told(province) == [("verdict", "post_missing", CLERK, False)]


def test_g49_a_case_past_its_term_and_each_finding_of_a_visit_are_listed(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    case(device, due_on="2026-11-20")
    case(device)
    seen = visit(device, "ledger_wrong", "storage_poor", rectify_by="2026-11-20")
    device.record(HEAD, RectificationRecorded(visit=seen, findings=["storage_poor"], attachments=[]))
    device.sync(province.exchange)
    assert told(province) == [
        ("case", "book_differs", 0, True),
        ("supervision", "ledger_wrong", 0, True),
        ("supervision", "storage_poor", 0, False),
    ]


def test_violations_are_asked_for_by_station_and_day(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    visit(device, "ledger_wrong")
    device.sync(province.exchange)
    assert told(province, station=OTHER_STATION) == []
    assert told(province, station=STATION, since="2026-11-22") == []
    assert len(told(province, station=STATION, since="2026-11-21")) == 1


def test_honest_work_is_no_violation(province: Province) -> None:
    device = province.enrol(people=(VET, HEAD))
    end(device, begin(device, HEAD), HEAD)
    assign(device)
    device.sync(province.exchange)
    assert told(province) == []
