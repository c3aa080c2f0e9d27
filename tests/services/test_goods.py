"""Marks, licences, forms and seals of the station's store: each kind a ledger of its own, read from the feed (G01)."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app import bootstrap
from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.domain.seals import SealSheet
from inspector_app.domain.stock import Distribution, DistributionReceived, StockGivenBack
from inspector_app.domain.stock_endings import StockEnded, StockLossConcluded
from inspector_app.domain.store_counts import StoreCounted
from inspector_app.services.device import Device
from inspector_app.services.ledger_paper import Spelling, as_csv, draw_book
from inspector_app.services.ledgers import Ledger, Section, read_book
from tests.office import HEAD, STATION, VET, Office
from tests.services.registers import COUNTY, COUNTY_KEEPER, UNIT, chain
from tests.services.work import assert_sound, only

MONTH = ("2026-11-01", "2026-11-30")


def given(record: str, kind: str, count: int, *ranges: tuple[str, str], day: str = "2026-11-10") -> Distribution:
    told = ("", "", 0, "", "GX-2014/1", COUNTY_KEEPER, 1)
    return Distribution(record, COUNTY, 1, UNIT, kind, "", ranges, count, day, False, *told)


def received(record: str, count: int, *ranges: tuple[str, str], day: str = "2026-11-11") -> DistributionReceived:
    return DistributionReceived(record, 1, ranges, count, day, HEAD, 2)


def ended(record: str, kind: str, count: int, how: str = "used", day: str = "2026-11-15", at: int = 3) -> StockEnded:
    told = ("", "", "", "GX-2014/1", HEAD, 0, at)
    return StockEnded(record, UNIT, 1, kind, (), count, how, "", day, *told)


def counted(surplus: int = 0) -> StoreCounted:
    told = ("", "2026-11-20", "", "GX-2014/1", HEAD, 9)
    return StoreCounted("99-K1", UNIT, 1, "mark", 28, 28, (), surplus, *told)


def seal(ordinal: int, **changes: object) -> SealSheet:
    stated = SealSheet("邮检 3 号", ordinal, UNIT, 0, "ab" * 32, "2026-11-02", "", HEAD, 1_795_000_000_000)
    return msgspec.structs.replace(stated, **changes)


@pytest.fixture
def stocked(office: Office, device: Device) -> Device:
    """The unit's store with 40 marks and 5 licences that its keeper counted in."""
    office.publish(device, *chain())
    office.publish(device, given("D1", "mark", 40), received("D1", 40))
    office.publish(device, given("D2", "licence", 5, ("00001", "00005")), received("D2", 5, ("00001", "00005")))
    return device


def goods(device: Device, first: str = MONTH[0], last: str = MONTH[1]) -> Ledger:
    found = read_book(device, "goods", first=first, last=last)
    assert isinstance(found, Ledger), found
    return found


def lines(section: Section) -> list[tuple[object, ...]]:
    """Day, what, numbers, in, out, left of each line."""
    return [line.cells[:6] for line in section.lines]


def of_kind(book: Ledger, kind: str) -> list[tuple[object, ...]]:
    return next(lines(section) for section in book.sections if section.kind == kind)


def test_g01_every_kind_has_a_ledger_of_its_own(office: Office, stocked: Device) -> None:
    office.publish(stocked, ended("E1", "mark", 12))
    book = goods(stocked)
    assert [section.kind for section in book.sections] == ["mark", "licence"]
    assert of_kind(book, "mark") == [
        ("", "opening", "", "", "", 0),
        ("2026-11-11", "received", "", 40, "", 40),
        ("2026-11-15", "used", "", "", 12, 28),
        ("", "total", "", 40, 12, 28),
    ]
    assert of_kind(book, "licence")[1] == ("2026-11-11", "received", "00001–00005", 5, "", 5)
    assert book.holds
    assert_sound(stocked)


def test_what_was_lost_spoiled_or_given_back_says_so(office: Office, stocked: Device) -> None:
    back = StockGivenBack(
        "B1", UNIT, 1, COUNTY, STATION, "mark", (), 8, False, "too_many", "2026-11-17", "GX-2014/1", HEAD, 5
    )
    office.publish(stocked, ended("E1", "mark", 2, "lost"), ended("E2", "mark", 1, "destroyed", at=4), back)
    told = [(line[1], line[4], line[5]) for line in of_kind(goods(stocked), "mark")[2:-1]]
    assert told == [("lost", 2, 38), ("destroyed", 1, 37), ("returned", 8, 29)]


def test_a_count_stands_in_the_ledger_and_moves_nothing(office: Office, stocked: Device) -> None:
    office.publish(stocked, ended("E1", "mark", 12), counted(surplus=3))
    told = of_kind(goods(stocked), "mark")
    assert told[-2:] == [("2026-11-20", "counted", "+3", "", "", 28), ("", "total", "", 40, 12, 28)]
    assert not goods(stocked).holds  # more lies there than the book says, until the head concludes the case
    office.publish(stocked, StockLossConcluded("99-K1", "recording_mistake", "record_added", HEAD, 10))
    assert goods(stocked).holds


def test_what_was_before_the_period_is_its_opening(office: Office, stocked: Device) -> None:
    office.publish(stocked, ended("E1", "mark", 12))
    assert of_kind(goods(stocked, "2026-11-14", "2026-11-30"), "mark") == [
        ("", "opening", "", "", "", 40),
        ("2026-11-15", "used", "", "", 12, 28),
        ("", "total", "", 0, 12, 28),
    ]


def test_what_is_on_its_way_lies_in_no_store(office: Office, stocked: Device) -> None:
    office.publish(stocked, given("D3", "form", 100))
    assert "form" not in [section.kind for section in goods(stocked).sections]
    office.publish(stocked, received("D3", 90))
    assert of_kind(goods(stocked), "form")[-1] == ("", "total", "", 90, 0, 90)


def test_a_seal_is_taken_into_use_passed_on_and_ended(office: Office, stocked: Device) -> None:
    office.publish(stocked, seal(1), seal(2, holder=VET), seal(3, holder=VET, until="2026-11-25"))
    told = [(line[1], line[2], line[3], line[4], line[5]) for line in of_kind(goods(stocked), "seal")]
    name = "邮检 3 号"
    assert told[1:-1] == [
        ("registered", name, 1, "", 1),
        ("passed_on", name, "", "", 1),
        ("seal_ended", name, "", 1, 0),
    ]


def test_a_seal_that_ends_later_is_still_there(office: Office, stocked: Device) -> None:
    office.publish(stocked, seal(1, until="2026-12-31"))
    assert of_kind(goods(stocked), "seal")[-1][5] == 1


@pytest.mark.parametrize("backwards", [False, True])
def test_the_ledger_is_the_same_in_whatever_order_ends_and_counts_are_heard(
    office: Office, stocked: Device, backwards: bool
) -> None:
    told = [ended("E1", "mark", 12), counted(), ended("E2", "mark", 1, "lost", "2026-11-21", 10), seal(1), seal(2)]
    office.publish(stocked, *(reversed(told) if backwards else told))
    assert [line[1] for line in of_kind(goods(stocked), "mark")] == [
        *("opening", "received", "used", "counted", "lost", "total")
    ]
    assert [line[1] for line in of_kind(goods(stocked), "seal")] == ["opening", "registered", "total"]


def test_more_than_there_was_is_said_by_the_book(office: Office, stocked: Device) -> None:
    office.publish(stocked, ended("E1", "mark", 41))
    assert not goods(stocked).holds


def test_another_organisation_s_stock_and_certificates_are_in_no_line(office: Office, stocked: Device) -> None:
    other = msgspec.structs.replace(ended("E9", "mark", 5), organisation=COUNTY)
    office.publish(stocked, other, msgspec.structs.replace(ended("E8", "B", 5), ranges=(("9900000001", "9900000005"),)))
    book = goods(stocked)
    assert [section.kind for section in book.sections] == ["mark", "licence"]
    assert of_kind(book, "mark")[-1] == ("", "total", "", 40, 0, 40)


def test_a_station_that_never_heard_of_a_register_has_no_such_ledger(office: Office, device: Device) -> None:
    office.publish(device, given("D1", "mark", 40), received("D1", 40))
    assert goods(device).sections == ()
    only(read_book(device, "goods", first="2026-11-30", last="2026-11-01"), C.FIELD_INVALID, "first")


def test_g12_the_ledger_is_written_in_the_format_in_force_alone(office: Office, stocked: Device) -> None:
    office.publish(stocked, office.policy(ledger_format="GX-2030/1"))
    only(read_book(stocked, "goods"), C.LEDGER_FORMAT_OTHER)


def test_a_spreadsheet_names_kind_and_person(office: Office, stocked: Device) -> None:
    office.publish(stocked, ended("E1", "mark", 12))
    heads = {"format": "format", "kind": "kind", "item": "item"}
    text = as_csv(goods(stocked), Spelling(stocked, lambda table, code: f"{table}.{code}"), heads).decode("utf-8-sig")
    assert text.splitlines()[3] == "GX-2014/1,mark,,2026-11-15,ledger.used,,,12,28,周望山,E1,"


def test_the_book_is_drawn_on_its_form_kind_by_kind(office: Office, stocked: Device) -> None:
    office.publish(stocked, seal(1))
    words = bootstrap.sentences()
    drawn = draw_book(stocked, goods(stocked), lambda table, code: words.word(table, code, "zh")).decode()
    assert "其他证章标志台账" in drawn
    places = [drawn.index(name) for name in ("检疫专用章", "检疫标志", "许可证件")]
    assert places == sorted(places)
