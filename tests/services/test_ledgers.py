"""Ledger books: every line with its entry, balances that run, sums that agree with what is counted, one format."""

from __future__ import annotations

import csv
import io

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector_app import bootstrap
from inspector_app.domain.refusals import RefusalCode, Refused
from inspector_app.journal.books.flows import Ended
from inspector_app.services.device import Device
from inspector_app.services.ledger_paper import Spelling, as_csv, draw_book
from inspector_app.services.ledgers import BOOKS, FORMAT, Carry, Ledger, Section, read_book, spans
from inspector_app.services.losses import report_loss
from inspector_app.services.number_custody import return_numbers
from inspector_app.services.print_orders import order_print, receive_order
from tests.office import CLERK, VET, HandClock, Office
from tests.services.work import codes, done, handed_over, inspected, issued, only, printed, void_paper

C = RefusalCode
TODAY, NEXT = "2026-11-21", "2026-11-22"


def book(device: Device, name: str, first: str = "", last: str = "") -> Ledger:
    return done(read_book(device, name, first=first, last=last))


def section(ledger: Ledger, kind: str, item: str = "") -> Section:
    (found,) = [one for one in ledger.sections if (one.kind, one.item) == (kind, item)]
    return found


def figures(ledger: Ledger, part: Section) -> list[dict[str, str | int]]:
    """Lines by the names of their columns."""
    return [dict(zip((column.name for column in ledger.columns), line.cells, strict=True)) for line in part.lines]


def zh(table: str, code: str) -> str:
    return bootstrap.sentences().word(table, code, "zh")


def two_days(device: Device, clock: HandClock) -> None:
    """One issued and handed over, one voided; the next day one issued, one reported lost, two given back."""
    batch = inspected(device)
    handed_over(device, printed(device, issued(device, batch)))
    done(void_paper(device, issued(device, batch), reason="wrong_entry", on_desk=0))
    clock.forward(days=1)
    printed(device, issued(device, batch))
    done(report_loss(device, "B", "9900000005", cause="stolen"))
    done(return_numbers(device, "B", "9900000009-10", reason="too_many"))


# --- stock in and out -----------------------------------------------------------------------------------------------


def test_the_stock_book_runs_from_opening_to_closing_and_names_every_entry(device: Device, clock: HandClock) -> None:
    two_days(device, clock)
    ledger = book(device, "stock")
    lines = figures(ledger, section(ledger, "B", "numbers"))
    assert [(line["what"], line["span"], line["left"]) for line in lines] == [
        ("opening", "", 0),
        ("received", "9900000001–9900000010", 10),
        ("used", "9900000001", 9),
        ("used", "9900000002", 8),
        ("used", "9900000003", 7),
        ("lost", "9900000005", 6),
        ("returned", "9900000009–9900000010", 4),
        ("total", "", 4),
    ]
    assert (lines[-1]["came_in"], lines[-1]["went_out"], ledger.holds) == (10, 6, True)
    for line in section(ledger, "B", "numbers").lines[2:-1]:
        assert device.store.entry(line.ref) is not None


def test_what_was_before_the_period_is_its_opening(device: Device, clock: HandClock) -> None:
    two_days(device, clock)
    ledger = book(device, "stock", NEXT, NEXT)
    numbers = figures(ledger, section(ledger, "B", "numbers"))
    assert (numbers[0]["left"], numbers[-1]["went_out"], numbers[-1]["left"]) == (8, 4, 4)
    sheets = figures(ledger, section(ledger, "B", "sheets"))
    assert [(line["what"], line["left"]) for line in sheets] == [("opening", 1), ("printed", 3), ("total", 3)]


def test_what_came_after_the_period_is_not_in_it(device: Device, clock: HandClock) -> None:
    two_days(device, clock)
    lines = figures(ledger := book(device, "stock", TODAY, TODAY), section(ledger, "B", "numbers"))
    assert (lines[-1]["left"], ledger.holds) == (8, True)


def test_sheets_move_in_and_out_by_print_and_hand_over(device: Device) -> None:
    handed_over(device, printed(device))
    ledger = book(device, "stock")
    lines = figures(ledger, section(ledger, "B", "sheets"))
    assert [(line["what"], line["came_in"], line["went_out"], line["left"]) for line in lines] == [
        ("opening", "", "", 0),
        ("printed", 2, "", 2),
        ("handed_over", "", 1, 1),
        ("total", 2, 1, 1),
    ]


def test_a_sisters_paper_is_in_the_stations_book_with_the_sisters_entry(
    office: Office, device: Device, sister: Device
) -> None:
    number = issued(device)
    done(receive_order(sister, done(order_print(device, number, sister.id))))
    printed(sister, number)
    assert ("B", "sheets") not in [(one.kind, one.item) for one in book(device, "stock").sections]
    office.relay(sister, device)
    ledger = book(device, "stock")
    (line,) = section(ledger, "B", "sheets").lines[1:-1]
    assert (line.ref.partition("/")[0], figures(ledger, section(ledger, "B", "sheets"))[1]["by"]) == (sister.id, CLERK)


def test_a_book_that_differs_from_what_is_counted_says_so(device: Device) -> None:
    number = printed(device)
    assert book(device, "stock").holds
    device.store.rows.update("sheets", {"number": number, "sheet": 1}, {"state": "destroyed"})
    assert not book(device, "stock").holds


# --- the other books ------------------------------------------------------------------------------------------------


def test_the_personal_book_says_what_each_holds_used_gave_back_lost_and_has_left(
    office: Office, device: Device, clock: HandClock
) -> None:
    two_days(device, clock)
    office.publish(device, *office.numbers(device.id, "B", holder=CLERK, size=5))
    ledger = book(device, "custody")
    mine, hers, total = figures(ledger, section(ledger, "B", "numbers"))
    assert (mine["holder"], mine["came_in"], mine["used"], mine["returned"], mine["lost"], mine["left"]) == (
        *(VET, 10, 3),
        *(2, 1, 4),
    )
    assert (hers["holder"], hers["left"], total["came_in"], total["left"]) == (CLERK, 5, 15, 9)
    later = figures(one := book(device, "custody", NEXT, NEXT), section(one, "B", "numbers"))
    assert (later[0]["opening"], later[0]["came_in"], later[0]["used"], later[0]["left"]) == (8, 0, 1, 4)


def test_the_book_of_use_names_each_paper_its_hand_over_and_its_end(device: Device, clock: HandClock) -> None:
    two_days(device, clock)
    ledger = book(device, "use")
    lines = figures(ledger, section(ledger, "B"))
    assert [(line["number"], line["state"], line["handed_on"], line["ended_on"]) for line in lines] == [
        ("9900000001", "issued", TODAY, ""),
        ("9900000002", "voided", "", TODAY),
        ("9900000003", "issued", "", ""),
    ]
    assert lines[1]["reason"] == "wrong_entry"
    assert len(section(book(device, "use", NEXT), "B").lines) == 1


def test_the_book_of_draws_has_draws_and_blocks(device: Device) -> None:
    ledger = book(device, "draws")
    assert [(line["what"], line["size"], line["holder"]) for line in figures(ledger, section(ledger, "B"))] == [
        ("draw", 10, VET),
        ("received", 10, VET),
    ]
    assert book(device, "draws", NEXT, NEXT).sections == ()


def test_months_follow_each_other_and_sum_up_to_the_year(device: Device, clock: HandClock) -> None:
    two_days(device, clock)
    clock.forward(days=40)
    monthly = book(device, "monthly", "2026-11-01", "2027-01-31")
    november, december, january, total = figures(monthly, section(monthly, "B"))
    assert [november["period"], december["period"], january["period"]] == ["2026-11", "2026-12", "2027-01"]
    assert (november["opening"], november["came_in"], november["used"], november["voided"], november["left"]) == (
        *(0, 10, 3),
        *(1, 4),
    )
    assert (december["opening"], december["left"], january["sheets_opening"]) == (4, 4, 3)
    assert (total["came_in"], total["used"], total["left"], total["sheets_left"]) == (10, 3, 4, 3)
    yearly = book(device, "yearly", "2026-01-01", "2027-01-31")
    first, second, whole = figures(yearly, section(yearly, "B"))
    assert (first["period"], first["used"], second["opening"], whole["left"]) == ("2026", 3, 4, 4)


def test_continuity_is_a_book_too(device: Device) -> None:
    issued(device)
    ledger = book(device, "continuity")
    lines = figures(ledger, section(ledger, "B", "numbers"))
    assert [(line["span"], line["standing"]) for line in lines] == [
        ("9900000001", "used"),
        ("9900000002–9900000010", "free"),
    ]


def test_a_book_of_all_times_has_the_years_of_which_there_is_something_to_say(device: Device) -> None:
    book = done(read_book(device, "monthly", first="0001-01-01", last="9999-12-31"))
    of_b = next(section for section in book.sections if section.kind == "B")
    assert [line.cells[0] for line in of_b.lines if not line.label] == [f"2026-{month:02d}" for month in range(1, 13)]


def test_a_book_of_days_to_come_says_what_will_be_there(device: Device) -> None:
    book = done(read_book(device, "monthly", first="2099-01-01", last="2099-02-28"))
    of_b = next(section for section in book.sections if section.kind == "B")
    assert [line.cells[1] for line in of_b.lines] == [10, 10]


@pytest.mark.parametrize(("name", "first"), [("stock", "2026-11-01"), ("monthly", "2026-01-01")])
def test_without_a_period_the_month_or_year_counts(device: Device, name: str, first: str) -> None:
    ledger = book(device, name)
    assert (ledger.first, ledger.last) == (first, TODAY)


# --- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BOOKS)
def test_g12_no_book_is_made_in_a_format_the_province_does_not_name(office: Office, device: Device, name: str) -> None:
    office.publish(device, office.policy(ledger_format="GX-2030/2"))
    outcome = read_book(device, name)
    assert isinstance(outcome, Refused)
    found = only(outcome, C.LEDGER_FORMAT_OTHER)
    assert (found.limit, found.current) == ("GX-2030/2", FORMAT)


@pytest.mark.parametrize(
    ("name", "first", "last", "field"),
    [
        ("recipes", "", "", "book"),
        ("stock", "yesterday", "", "first"),
        ("stock", "", "2026-11-31", "last"),
        ("stock", NEXT, TODAY, "first"),
    ],
)
def test_a_book_or_period_there_is_not_is_refused(device: Device, name: str, first: str, last: str, field: str) -> None:
    only(read_book(device, name, first=first, last=last), C.FIELD_INVALID, field)


def test_everything_against_a_book_is_told_at_once(office: Office, device: Device) -> None:
    office.publish(device, office.policy(ledger_format="other"))
    assert codes(read_book(device, "stock", first="a", last="b")) == [
        C.LEDGER_FORMAT_OTHER,
        C.FIELD_INVALID,
        C.FIELD_INVALID,
    ]


# --- files ----------------------------------------------------------------------------------------------------------


def test_a_spreadsheet_gets_every_line_with_the_format_it_is_written_in(device: Device) -> None:
    issued(device)
    ledger = book(device, "stock")
    spelling = Spelling(device, zh)
    raw = as_csv(ledger, spelling, {"format": "台账格式", "kind": "种类", "item": "项目"})
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[0][:5] == ["台账格式", "种类", "项目", "日期", "摘要"]
    assert {row[0] for row in rows[1:]} == {FORMAT}
    assert len(rows) == 1 + sum(len(one.lines) for one in ledger.sections)
    assert all(len(row) == len(rows[0]) for row in rows)


def test_the_printed_book_names_format_period_and_head_and_carries_its_sums(device: Device, clock: HandClock) -> None:
    two_days(device, clock)
    ledger = book(device, "stock")
    title, facts, tables, *_rest = msgspec.json.decode(draw_book(device, ledger, zh))
    assert (title, facts["台账格式"], facts["期间"]) == ("出入库分类登记表", FORMAT, f"2026-11-01 至 {NEXT}")
    assert (facts["账本摘要"], facts["账实核对"]) == (device.store.head().hash.hex()[:16], "相符")
    numbers = next(table for table in tables if table["title"] == "B 证 编号")
    assert len(numbers["carried"]) == len(numbers["rows"])
    assert numbers["carried"][3][3:6] == ["10", "2", "8"]
    assert numbers["rows"][2][-1].startswith(f"{device.id[:8]}/")
    assert "销毁申请" not in numbers["head"]  # a column nobody wrote in takes no room


def test_a_book_without_sums_carries_nothing(device: Device) -> None:
    issued(device)
    assert all(column.carry is Carry.NOTHING for column in book(device, "use").columns)
    _title, _facts, tables, *_rest = msgspec.json.decode(draw_book(device, book(device, "use"), zh))
    assert tables[0]["carried"] == []


@given(st.sets(st.integers(1, 200), min_size=1))
def test_digits_as_ranges_lose_and_add_none(values: set[int]) -> None:
    numbers = [
        Ended(day="", at=0, kind="B", digits=f"99{value:08d}", block="", what="used", ref="", by=0) for value in values
    ]
    read = set[int]()
    for part in spans(numbers).split(", "):
        first, _, last = part.partition("–")
        read |= set(range(int(first), int(last or first) + 1))
    assert read == {9_900_000_000 + value for value in values}
