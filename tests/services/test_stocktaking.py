"""Stocktakes: the book at opening, counts by range and by scan, differences that become cases, and what is frozen."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.domain.stocktake import StockLine
from inspector_app.journal.projections import Row
from inspector_app.services import stocktaking
from inspector_app.services.attaching import attach
from inspector_app.services.ceremony import confirm_act, confirm_together
from inspector_app.services.custody_cases import open_cases
from inspector_app.services.device import Device, Session
from inspector_app.services.losses import report_loss
from inspector_app.services.number_custody import KINDS, return_numbers
from inspector_app.services.on_desk import Sheet
from inspector_app.services.sheet_custody import hand_in, spoil_sheet, to_hand_in
from inspector_app.services.stock_freeze import frozen_refusals
from inspector_app.services.stocktaking import (
    Closed,
    abandon_stocktake,
    close_stocktake,
    count_stock,
    open_stocktake,
    own_stocktake,
    scan_stock,
    uncounted,
)
from tests.office import CLERK, HEAD, VET, HandClock, Office, parts
from tests.services.power import opened as reopened
from tests.services.work import (
    HOUR,
    acting,
    assert_sound,
    codes,
    done,
    handed_over,
    issued,
    only,
    printed,
)

PHOTO = b"%PDF-1.7 first and last sheet"


def opened(device: Device, *kinds: str) -> Row:
    """A stocktake under way; of B numbers unless said otherwise."""
    done(open_stocktake(device, kinds=kinds or ("B",)))
    row = own_stocktake(device)
    assert row is not None
    return row


def book(row: Row) -> list[tuple[str, str, str, int, bool]]:
    """The lines of a stocktake, in short."""
    lines = msgspec.json.decode(str(row["lines"]), type=list[StockLine])
    return [(line.shelf, line.first[-2:], line.last[-2:], line.pages, line.current) for line in lines]


def photos(device: Device) -> list[str]:
    """The first and the last sheet."""
    return [attach(device, PHOTO), attach(device, PHOTO + b"2")]


def closed(device: Device) -> Closed:
    """The stocktake closed by one person alone."""
    outcome = close_stocktake(device, attachments=photos(device))
    assert isinstance(outcome, Closed), outcome
    return outcome


def told(outcome: Closed) -> list[tuple[str, str, str, str, int, int]]:
    """The differences, in short."""
    return [(d.differs, d.shelf, d.first[-2:], d.last[-2:], d.expected, d.counted) for d in outcome.differences]


def second_block(office: Office, device: Device) -> None:
    """Ten more B numbers, which nobody has begun."""
    office.publish(device, *office.numbers(device.id, "B"))


# --- the book -------------------------------------------------------------------------------------------------------


def test_the_book_lists_unused_numbers_by_block_and_papers_with_their_pages(office: Office, device: Device) -> None:
    second_block(office, device)
    printed(device)
    handed_over(device)
    issued(device)
    assert book(opened(device)) == [
        ("unused", "04", "10", 1, True),
        ("unused", "11", "20", 1, False),
        ("on_hand", "02", "02", 1, False),
        ("on_hand", "01", "01", 2, False),
    ]


def test_each_kind_is_counted_of_its_own_book_only(office: Office, device: Device, sister: Device) -> None:
    office.publish(device, *office.numbers(sister.id, "A", holder=VET))
    assert book(opened(device, "A")) == [("unused", "01", "10", 1, True)]


def test_a_count_that_agrees_closes_without_a_case(device: Device) -> None:
    printed(device)
    opened(device)
    done(count_stock(device, "on_hand", "B", "9900000001", pages=2))
    done(count_stock(device, "unused", "B", "９９００００００02～10"))
    outcome = closed(device)
    assert (outcome.differences, outcome.explained, outcome.cases) == ([], 0, [])
    assert own_stocktake(device) is None
    assert_sound(device)


def test_several_ranges_may_stand_in_one_line_with_chinese_commas(device: Device) -> None:
    opened(device)
    done(count_stock(device, "unused", "B", "９９０００００００１－３，9900000005、9900000008—10"))
    assert told(closed(device)) == [
        ("missing", "unused", "04", "04", 1, 0),
        ("missing", "unused", "06", "07", 2, 0),
    ]


# --- differences ----------------------------------------------------------------------------------------------------


def test_g21_each_difference_opens_a_case_that_waits_for_its_conclusion(device: Device) -> None:
    opened(device)
    done(count_stock(device, "unused", "B", "9900000001-7"))
    outcome = closed(device)
    assert told(outcome) == [("missing", "unused", "08", "10", 3, 0)]
    (case,) = open_cases(device)
    assert (case["ref"], case["kind"], case["about"]) == (outcome.cases[0], "book_differs", outcome.ref)
    assert (case["form"], case["first"], case["last"]) == ("B", "9900000008", "9900000010")
    assert case["due_on"] == "2026-12-18"
    assert_sound(device)


def test_g20_what_is_there_though_the_book_has_it_not_is_a_difference_too(device: Device) -> None:
    opened(device)
    done(count_stock(device, "unused", "B", "9900000001-10"))
    done(count_stock(device, "unused", "B", "8800000005"))
    assert ("surplus", "unused", "05", "05", 0, 1) in told(closed(device))


def test_pages_that_are_missing_are_a_difference(device: Device) -> None:
    printed(device)
    opened(device)
    done(count_stock(device, "on_hand", "B", "9900000001", pages=1))
    done(count_stock(device, "unused", "B", "9900000002-10"))
    assert told(closed(device)) == [("pages", "on_hand", "01", "01", 2, 1)]


def test_issuing_goes_on_and_is_explained_by_the_sequence_at_opening(device: Device) -> None:
    printed(device)
    opened(device)
    done(count_stock(device, "on_hand", "B", "9900000001", pages=2))
    handed_over(device, "B 9900000001")
    printed(device)
    done(count_stock(device, "unused", "B", "9900000003-10"))
    issued(device)
    outcome = closed(device)
    assert (outcome.differences, outcome.explained) == ([], 1)


def test_a_loss_reported_meanwhile_is_explained(device: Device) -> None:
    opened(device)
    done(report_loss(device, "B", "9900000009-10", cause="damaged"))
    done(count_stock(device, "unused", "B", "9900000001-8"))
    outcome = closed(device)
    assert (outcome.differences, outcome.explained) == ([], 2)


# --- counting -------------------------------------------------------------------------------------------------------


def test_a_scanner_reads_one_sheet_after_the_other(device: Device) -> None:
    printed(device)
    printed(device)
    opened(device)
    done(scan_stock(device, "on_hand", "B", ["B 9900000001", "９９００００００01", "9900000002", ""]))
    done(count_stock(device, "unused", "B", "9900000003-10"))
    assert told(closed(device)) == [("pages", "on_hand", "01", "02", 4, 3)]


def test_a_scan_that_is_no_number_of_the_kind_is_named_and_nothing_is_counted(device: Device) -> None:
    opened(device)
    before = device.store.head()
    found = only(scan_stock(device, "unused", "B", ["9900000001", "A 9900000002"]), C.FIELD_INVALID, "numbers")
    assert found.current == "A 9900000002"
    assert device.store.head() == before


def test_a_range_whose_end_crosses_a_block_is_refused_with_where_the_block_ends(office: Office, device: Device) -> None:
    second_block(office, device)
    opened(device)
    found = only(count_stock(device, "unused", "B", "9900000008-12"), C.OUTSIDE_BLOCK, "numbers")
    assert (found.current, found.details) == ("9900000008–9900000012", {"block": "9900000001–9900000010"})
    done(count_stock(device, "unused", "B", "9900000011-20"))
    done(count_stock(device, "unused", "B", "9900000008-10"))


def test_a_range_counted_twice_is_refused_and_may_be_counted_anew(device: Device) -> None:
    opened(device)
    done(count_stock(device, "unused", "B", "9900000001-5"))
    only(count_stock(device, "unused", "B", "9900000005-10"), C.ALREADY_RECORDED, "numbers")
    done(count_stock(device, "unused", "B", "9900000001-10", anew=True))
    assert told(closed(device)) == []


@pytest.mark.parametrize("typed", ["一到五", "9900000009-1", "9900000001-3，9900000002", "9900000001-2-3"])
def test_ranges_that_cannot_be_read_are_refused(device: Device, typed: str) -> None:
    opened(device)
    assert only(count_stock(device, "unused", "B", typed), C.FIELD_INVALID, "numbers").current == typed


@pytest.mark.parametrize(("shelf", "kind", "field"), [("cellar", "B", "shelf"), ("unused", "A", "kind")])
def test_only_what_the_stocktake_is_about_is_counted(device: Device, shelf: str, kind: str, field: str) -> None:
    opened(device)
    only(count_stock(device, shelf, kind, "9900000001-10"), C.FIELD_INVALID, field)


@pytest.mark.parametrize(("pages", "code"), [(0, C.FIELD_MISSING), (-1, C.FIELD_INVALID), (2**40, C.FIELD_INVALID)])
def test_papers_are_counted_with_their_pages(device: Device, pages: int, code: C) -> None:
    opened(device)
    only(count_stock(device, "on_hand", "B", "9900000001", pages=pages), code, "pages")


def test_the_block_in_use_is_counted_last(office: Office, device: Device) -> None:
    second_block(office, device)
    printed(device)
    row = opened(device)
    found = only(count_stock(device, "unused", "B", "9900000002-10"), C.STOCKTAKE_COUNT_LAST, "numbers")
    assert found.current == "B 9900000011–9900000020"
    done(count_stock(device, "unused", "B", "9900000011-20"))
    only(count_stock(device, "unused", "B", "9900000002-10"), C.STOCKTAKE_COUNT_LAST, "numbers")
    done(count_stock(device, "on_hand", "B", "9900000001", pages=2))
    done(count_stock(device, "unused", "B", "9900000002-10"))
    assert uncounted(device, row) == []


def test_that_nothing_more_is_there_is_said_and_not_supposed(office: Office, device: Device) -> None:
    second_block(office, device)
    opened(device)
    done(count_stock(device, "unused", "B", ""))
    done(count_stock(device, "unused", "B", "9900000001-10"))
    assert told(closed(device)) == [("missing", "unused", "11", "20", 10, 0)]


def test_what_nobody_looked_for_keeps_the_stocktake_open(device: Device) -> None:
    opened(device, *KINDS)
    done(count_stock(device, "unused", "B", "9900000001-10"))
    found = only(close_stocktake(device, attachments=photos(device)), C.STOCKTAKE_UNCOUNTED)
    assert (found.limit, found.current) == (2, "A 9900000001–9900000010")


# --- one at a time, given up, resumed -------------------------------------------------------------------------------


def test_of_two_stocktakes_at_one_computer_the_second_is_refused(device: Device) -> None:
    row = opened(device)
    found = only(open_stocktake(device, kinds=("A",)), C.STOCKTAKE_OPEN)
    assert (found.current, found.details) == (row["ref"], {"by": VET, "since": row["opened_at"]})


@pytest.mark.parametrize(
    ("kinds", "purpose", "code", "field"),
    [
        ((), "periodic", C.FIELD_MISSING, "kind"),
        (("X",), "periodic", C.FIELD_INVALID, "kind"),
        (("B",), "for_fun", C.FIELD_INVALID, "purpose"),
        (("B",), "hand_over", C.NOT_FOUND, "store"),
    ],
)
def test_a_stocktake_is_of_kinds_there_are_and_for_a_purpose_there_is(
    device: Device, kinds: tuple[str, ...], purpose: str, code: C, field: str
) -> None:
    only(open_stocktake(device, kinds=kinds, purpose=purpose), code, field)


def test_without_a_stocktake_nothing_is_counted_closed_or_given_up(device: Device) -> None:
    only(count_stock(device, "unused", "B", "9900000001"), C.NOT_FOUND, "stocktake")
    only(close_stocktake(device), C.NOT_FOUND, "stocktake")
    only(abandon_stocktake(device, reason="wrong_scope"), C.NOT_FOUND, "stocktake")


def test_a_clerk_counts_nothing(device: Device, clerk: Session) -> None:
    with acting(device, clerk):
        assert C.POST_MISSING in codes(open_stocktake(device))
        assert C.POST_MISSING in codes(count_stock(device, "unused", "B", "x"))


def test_a_stocktake_given_up_concludes_nothing_and_frees_what_it_froze(office: Office, device: Device) -> None:
    second_block(office, device)
    opened(device)
    only(return_numbers(device, "B", "9900000011-20", reason="too_many"), C.STOCKTAKE_OPEN)
    only(abandon_stocktake(device, reason=""), C.FIELD_MISSING, "reason")
    only(abandon_stocktake(device, reason="other"), C.FIELD_MISSING, "note")
    done(abandon_stocktake(device, reason="other", note="停电，改日再盘"))
    done(return_numbers(device, "B", "9900000011-20", reason="too_many"))
    assert open_cases(device) == []
    assert_sound(device)


def test_more_differences_than_one_stocktake_concludes_are_counted_anew(
    device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stocktaking, "MAX_DIFFERENCES", 1)
    done(open_stocktake(device))
    for kind in ("A", "B", "N"):
        done(count_stock(device, "unused", kind, ""))
    found = only(close_stocktake(device, no_picture="camera_broken"), C.STOCKTAKE_TOO_LONG)
    assert (found.limit, found.current) == (1, 3)
    done(count_stock(device, "unused", "A", "9900000001-10", anew=True))
    assert only(close_stocktake(device, no_picture="camera_broken"), C.STOCKTAKE_TOO_LONG).current == 2


# --- what is frozen -------------------------------------------------------------------------------------------------


def test_g20_returns_are_frozen_in_what_is_counted_and_nowhere_else(office: Office, device: Device) -> None:
    second_block(office, device)
    opened(device)
    found = only(return_numbers(device, "B", "9900000011-20", reason="too_many"), C.STOCKTAKE_OPEN)
    assert found.details["by"] == VET
    done(return_numbers(device, "A", "9900000001-10", reason="too_many"))


def test_g20_old_sheets_are_not_handed_in_while_they_are_counted(device: Device) -> None:
    number = printed(device)
    done(spoil_sheet(device, number, Sheet(1, 2), category="damaged", photos=[attach(device, PHOTO)]))
    opened(device)
    only(hand_in(device, to_hand_in(device), to="county_keeper"), C.STOCKTAKE_OPEN)
    done(abandon_stocktake(device, reason="interrupted"))
    done(hand_in(device, to_hand_in(device), to="county_keeper"))


def test_a_stocktake_at_a_computer_that_is_shut_down_holds_nothing_up(
    office: Office, device: Device, sister: Device
) -> None:
    office.publish(sister, office.grant(CLERK, "keeper"))
    office.publish(sister, *office.numbers(sister.id, "B", holder=CLERK), *office.numbers(sister.id, "B", holder=CLERK))
    done(open_stocktake(sister, kinds=("B",)))
    office.relay(sister, device)
    assert frozen_refusals(device, "B", "9900000021", "9900000030")
    office.publish(device, office.device_sheet(sister, state="shut"))
    assert frozen_refusals(device, "B", "9900000021", "9900000030") == []


def test_g20_a_sisters_stocktake_freezes_her_numbers_here_too(office: Office, device: Device, sister: Device) -> None:
    office.publish(sister, office.grant(CLERK, "keeper"))
    office.publish(sister, *office.numbers(sister.id, "B", holder=CLERK), *office.numbers(sister.id, "B", holder=CLERK))
    done(open_stocktake(sister, kinds=("B",)))
    office.relay(sister, device)
    assert frozen_refusals(device, "B", "9900000001", "9900000010") == []
    assert [one.code for one in frozen_refusals(device, "B", "9900000021", "9900000030")] == [C.STOCKTAKE_OPEN]


def test_the_block_in_use_is_frozen_from_its_count_for_ten_minutes_at_most(device: Device, clock: HandClock) -> None:
    opened(device)
    done(count_stock(device, "unused", "B", "9900000001-10"))
    assert codes(return_numbers(device, "B", "9900000001-10", reason="too_many")) == [C.STOCKTAKE_OPEN]
    clock.forward(minutes=10)
    assert codes(return_numbers(device, "B", "9900000001-10", reason="too_many")) == [C.STOCKTAKE_OPEN]
    clock.forward(minutes=1)
    done(return_numbers(device, "B", "9900000001-10", reason="too_many"))
    assert closed(device).differences == []


def test_the_block_in_use_is_free_until_it_is_counted(device: Device) -> None:
    opened(device)
    done(return_numbers(device, "B", "9900000006-10", reason="too_many"))


# --- the second person ----------------------------------------------------------------------------------------------


def test_who_counts_alone_leaves_two_photographs_or_says_why_not(device: Device) -> None:
    opened(device)
    done(count_stock(device, "unused", "B", "9900000001-10"))
    found = only(close_stocktake(device, attachments=photos(device)[:1]), C.FIELD_MISSING, "attachments")
    assert (found.limit, found.current) == (2, 1)
    only(close_stocktake(device, no_picture="lazy"), C.FIELD_INVALID, "no_picture")
    assert isinstance(close_stocktake(device, no_picture="nothing_there"), Closed)


def test_where_two_count_together_no_photograph_is_asked_for(office: Office, device: Device, head: Session) -> None:
    office.publish(device, office.policy(ceremony_stocktake="together"))
    opened(device)
    done(count_stock(device, "unused", "B", "9900000001-10"))
    outcome = close_stocktake(device)
    assert isinstance(outcome, Closed)
    done(confirm_together(device, outcome.ref, head))


def test_another_person_confirms_and_whoever_counted_never_does(office: Office, device: Device, head: Session) -> None:
    opened(device)
    done(count_stock(device, "unused", "B", "9900000001-10"))
    act = closed(device).ref
    only(confirm_act(device, act), C.ONE_PERSON_TWICE)
    with acting(device, head):
        done(confirm_act(device, act))
    assert (device.rows.one("acts", ref=act) or {})["confirmed_by"] == HEAD


def test_who_is_keeper_and_vet_in_one_is_confirmed_by_the_county(office: Office, device: Device, head: Session) -> None:
    office.publish(device, office.grant(VET, "vet", "keeper", kinds=("A", "B")))
    opened(device)
    done(count_stock(device, "unused", "B", "9900000001-10"))
    act = closed(device).ref
    with acting(device, head):
        only(confirm_act(device, act), C.POST_MISSING)
    office.publish(device, office.grant(HEAD, "supervisor", station=0))
    with acting(device, head):
        done(confirm_act(device, act))


# --- power ----------------------------------------------------------------------------------------------------------


def test_after_a_power_cut_the_stocktake_goes_on_with_what_was_counted(
    office: Office, tmp_path: Path, clock: HandClock
) -> None:
    folder = tmp_path / "desk"
    device = office.enrol(folder, parts(clock))
    second_block(office, device)
    row = opened(device)
    done(count_stock(device, "unused", "B", "9900000011-20"))
    device.store.database.abandon()
    with reopened(folder, clock.at + HOUR) as again:
        found = own_stocktake(again)
        assert found == row
        assert [line.first for line in uncounted(again, row)] == ["9900000001"]
        done(count_stock(again, "unused", "B", "9900000001-10"))
        assert told(closed(again)) == []
        assert_sound(again)


def test_of_two_stocktakes_open_at_two_computers_each_counts_its_own(
    office: Office, device: Device, sister: Device
) -> None:
    office.publish(sister, office.grant(CLERK, "keeper"), *office.numbers(sister.id, "B", holder=CLERK))
    ours = opened(device)
    done(open_stocktake(sister, kinds=("B",)))
    office.relay(sister, device)
    assert own_stocktake(device) == ours
    done(count_stock(device, "unused", "B", "9900000001-10"))
    assert told(closed(device)) == []
    assert own_stocktake(sister) is not None
    assert_sound(device)


def test_the_next_stocktake_is_due_a_quarter_after_the_last(device: Device) -> None:
    assert stocktaking.stocktake_due_on(device) == device.today()
    opened(device)
    done(count_stock(device, "unused", "B", "9900000001-10"))
    closed(device)
    assert stocktaking.stocktake_due_on(device) == "2027-02-21"
