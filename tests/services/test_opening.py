"""The first day of a station: a list is read with every row error at once, and becomes counted stock."""

from __future__ import annotations

import pytest

from inspector_app.domain.continuity import Standing
from inspector_app.domain.quantities import Quantity
from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.domain.writing_off import CopyRead
from inspector_app.journal.entries.sheets import SheetName
from inspector_app.services.ceremony import confirm_act
from inspector_app.services.custody_cases import open_cases
from inspector_app.services.day_close import day_sheet
from inspector_app.services.destroying import due_for_destruction, kept_through, request_destruction
from inspector_app.services.device import Device, Session
from inspector_app.services.keeping import assign_store, receive_draw
from inspector_app.services.ledgers import continuity
from inspector_app.services.number_custody import lowest_free, numbers_left
from inspector_app.services.on_desk import Sheet
from inspector_app.services.opening import read_opening, record_opening
from inspector_app.services.sheet_custody import spoil_sheet
from inspector_app.services.stocktaking import Closed, close_stocktake, count_stock, open_stocktake
from inspector_app.services.writing_off import WriteOffForm, write_off
from tests.office import CLERK, HEAD, VET, HandClock, Office
from tests.services.work import FISH, acting, assert_sound, codes, done, only, reasons

LIST = """类别,种类,起号,止号,页数,状态,日期,备注
纸证,B,3200000001,3200000003,2,空白,,封条完好
纸证,B,3200000011,,2,损坏,,
编号,A,3200000101,3200000110,,已用,,
案件,,,,,,2026-10-08,少一本存根
簿册,draw,,,48,,,
"""


@pytest.fixture
def station(device: Device, head: Session) -> Device:
    """The keeper of the station's cabinet signed in."""
    device.session = head
    done(assign_store(device, "main", HEAD))
    return device


def errors(device: Device, text: str) -> list[tuple[object, str, object]]:
    """Row, column and fault of every row that does not fit."""
    found = read_opening(device, text.encode()).errors
    return [(one.details["row"], one.field, one.details["fault"]) for one in found]


def test_a_list_becomes_counted_stock_and_cases_and_no_number_is_free(station: Device) -> None:
    ref = done(record_opening(station, LIST.encode(), "main"))
    sheets = station.rows.many("sheets", device=station.id)
    assert sorted((row["number"], row["state"]) for row in sheets if row["sheet"] == 1) == [
        ("B 3200000001", "blank"),
        ("B 3200000002", "blank"),
        ("B 3200000003", "blank"),
        ("B 3200000011", "spoiled"),
    ]
    assert len(sheets) == 8
    assert numbers_left(station, "B", VET) == 10
    assert station.rows.one("numbers", number="B 3200000001") is None
    (case,) = open_cases(station)
    assert (case["kind"], case["about"], case["opened_on"]) == ("taken_over", ref, "2026-10-08")
    assert_sound(station)


def test_what_was_taken_over_balances_in_the_keepers_book_and_is_no_print(station: Device) -> None:
    done(record_opening(station, LIST.encode(), "main"))
    sheet = day_sheet(station, station.today())
    assert (sheet.keeper.came_in, sheet.keeper.closing, sheet.keeper.holds) == (8, 8, True)
    assert [count.prints for count in sheet.counts if count.kind == "B"] == [0]


def test_what_was_taken_over_is_counted_in_a_stocktake(station: Device) -> None:
    done(record_opening(station, LIST.encode(), "main"))
    done(open_stocktake(station, kinds=("B",)))
    done(count_stock(station, "on_hand", "B", "3200000001-2，3200000011", pages=6))
    done(count_stock(station, "unused", "B", "9900000001-10"))
    outcome = close_stocktake(station, no_picture="nothing_there")
    assert isinstance(outcome, Closed)
    assert [(one.differs, one.first, one.expected) for one in outcome.differences] == [("missing", "3200000003", 2)]


def test_a_second_person_confirms_what_was_taken_over(device: Device, head: Session) -> None:
    with acting(device, head):
        done(assign_store(device, "main", HEAD))
        ref = done(record_opening(device, LIST.encode(), "main"))
        only(confirm_act(device, ref), C.ONE_PERSON_TWICE)
    done(confirm_act(device, ref))
    assert (device.rows.one("acts", ref=ref) or {})["confirmed_by"] == VET


def test_a_dry_run_names_every_row_that_does_not_fit_at_once(station: Device) -> None:
    before = station.store.head()
    found = errors(
        station,
        "类别,种类,起号,止号,页数,状态,日期,备注\n"
        "纸证,B,9900000003,9900000005,2,空白,,\n"
        "编号,B,3200000001,3200000009,,未用,,\n"
        "编号,B,3200000001,3200000009,,free,,\n"
        "纸证,C,3200000020,,2,空白,,\n"
        "纸证,B,3200000030,三十一,2,空白,,\n"
        "纸证,B,3200000040,,0,空白,,\n"
        "纸证,B,3200000050,3200000059,2,空白,,\n"
        "纸证,B,3200000055,,2,空白,,\n"
        "案件,,,,,,2099-01-01,以后的事\n"
        "案件,,,,,,2026-01-01,\n"
        "簿册,diary,,,3,,,\n"
        "杂物,B,,,,,,\n",
    )
    assert found == [
        (2, "numbers", "block"),
        (3, "state", "unknown"),
        (4, "state", "free"),
        (5, "kind", "unknown"),
        (6, "numbers", "range"),
        (7, "pages", "pages"),
        (9, "numbers", "twice"),
        (10, "opened_on", "day"),
        (11, "note", "missing"),
        (12, "kind", "unknown"),
        (13, "what", "unknown"),
    ]
    assert station.store.head() == before


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "headings"),
        ("a,b\n1,2\n", "headings"),
        ("what,kind,what\n", "headings"),
        ("what,kind\n\n", "empty"),
        ("kind,what\nA\n", "unknown"),
        ('what,kind\n"' + "a" * 200_000, "unreadable"),
        ("what,kind,note,pages\nregister,draw,封\u202e条,1\n", "unreadable"),
        ("what,kind,note,pages\n" + f"register,draw,{'封' * 100},1\n" * 200, "too_many"),
        ("what,kind,first,last,pages,state\nsheet,B,3200000001,3200030000,1,blank\n", "too_many"),
    ],
)
def test_a_file_that_is_no_list_is_named_as_a_whole(station: Device, text: str, fault: str) -> None:
    assert [one[2] for one in errors(station, text)] == [fault]


def test_kinds_typed_wide_are_read(station: Device) -> None:
    assert (
        errors(
            station, "what,kind,first,last,pages,state\n纸证,Ｂ,３２０００００００１,３２０００００００３,２,blank\n"
        )
        == []
    )


def test_g20_nothing_is_taken_over_while_its_kind_is_counted(station: Device) -> None:
    done(open_stocktake(station, kinds=("B",)))
    only(record_opening(station, LIST.encode(), "main"), C.STOCKTAKE_OPEN)


def test_bytes_that_are_no_text_are_refused(station: Device) -> None:
    found = only(record_opening(station, b"PK\x03\x04\xff\xff\xff", "main"), C.LIST_INVALID)
    assert found.details["fault"] == "unreadable"


def test_a_chinese_spreadsheets_own_encoding_is_read(station: Device) -> None:
    read = read_opening(station, LIST.encode("gb18030"))
    assert (len(read.lines), len(read.cases), read.errors) == (4, 1, [])
    assert read_opening(station, LIST.encode("utf-8-sig")).lines == read.lines


def test_the_same_list_is_taken_over_once_and_the_same_paper_once(station: Device) -> None:
    done(record_opening(station, LIST.encode(), "main"))
    only(record_opening(station, LIST.encode(), "main"), C.ALREADY_RECORDED)
    again = "what,kind,first,last,pages,state\nsheet,B,3200000003,3200000006,1,blank\n"
    (found,) = reasons(record_opening(station, again.encode(), "main"))
    assert found.details["fault"] == "taken"


def test_only_the_keeper_of_the_store_takes_over(office: Office, station: Device, clerk: Session) -> None:
    only(record_opening(station, LIST.encode(), "cellar"), C.NOT_FOUND, "store")
    with acting(station, clerk):
        assert codes(record_opening(station, LIST.encode(), "main")) == [C.POST_MISSING, C.NOT_THE_KEEPER]
        office.publish(station, office.grant(CLERK, "keeper"))
        assert codes(record_opening(station, LIST.encode(), "main")) == [C.NOT_THE_KEEPER]


# --- what a former system left, and what becomes of it ----------------------------------------------------------------

FORMER = """类别,种类,起号,止号,页数,状态,日期,备注
纸证,B,3200000021,3200000022,1,在存,2024-06-30,2024 年上半年存根
纸证,B,3200000023,,1,在存,2026-01-05,
纸证,B,3200000024,,1,在存,,
"""


def due_numbers(device: Device) -> list[str]:
    return [line.name.digits for line in due_for_destruction(device)]


def form(number: str, *copies: CopyRead) -> WriteOffForm:
    checks = ["filled_properly", "one_hand", "not_blank_issued", "not_forged", "not_altered"]
    read = list(copies) or [CopyRead(sheet=1, issued_on="2024-05-12", quantity=Quantity(300_000, 0, FISH))]
    return WriteOffForm(number=number, print=0, checks=checks, findings=[], copies=read, same_hand=True)


def test_the_term_of_a_former_paper_counts_from_the_day_the_list_gives(station: Device) -> None:
    done(record_opening(station, FORMER.encode(), "main"))
    assert due_numbers(station) == ["3200000021", "3200000022"]
    rows = {str(row["number"]): row for row in station.rows.many("sheets", print=0)}
    days = [kept_through(station, rows[f"B 320000002{at}"]) for at in (1, 3, 4)]
    assert days == ["2026-06-30", "2028-01-05", "2028-11-21"]


@pytest.mark.parametrize("day", ["2026-13-01", "30.6.2024", "2099-01-01"])
def test_a_day_of_filing_there_is_not_or_that_has_not_come_is_a_row_error(station: Device, day: str) -> None:
    assert errors(station, FORMER.replace("2024-06-30", day)) == [(2, "opened_on", "day")]


def test_a_former_paper_is_written_off_copy_against_copy_for_there_is_no_record(station: Device) -> None:
    done(record_opening(station, FORMER.replace("3200000024,,1,", "3200000024,,2,").encode(), "main"))
    assert not done(write_off(station, form("B 3200000021"))).suspect
    apart = [CopyRead(sheet=at, issued_on=f"2024-05-1{at}", quantity=Quantity(5, 0, FISH)) for at in (1, 2)]
    assert done(write_off(station, form("B 3200000024", *apart))).against == ("date",)
    assert_sound(station)


def test_a_number_nobody_took_over_is_not_written_off(station: Device) -> None:
    done(record_opening(station, FORMER.encode(), "main"))
    assert C.NOT_FOUND in codes(write_off(station, form("B 3200000029")))
    strange = CopyRead(sheet=2, issued_on="2024-05-12", quantity=Quantity(1, 0, FISH))
    assert C.FIELD_INVALID in codes(write_off(station, form("B 3200000021", strange)))


def test_former_papers_whose_term_is_over_are_asked_to_be_destroyed_and_no_others(station: Device) -> None:
    done(record_opening(station, FORMER.encode(), "main"))
    for number in ("B 3200000021", "B 3200000023"):
        done(write_off(station, form(number)))
    old, young = (SheetName("B", digits, 0, 1) for digits in ("3200000021", "3200000023"))
    early = request_destruction(station, [old, young], method="shredding", planned_on="2026-12-01", counted=2)
    assert codes(early) == [C.STILL_TO_BE_KEPT]
    done(request_destruction(station, [old], method="shredding", planned_on="2026-12-01", counted=1))
    assert_sound(station)


def test_a_former_stub_that_is_spoiled_later_is_kept_from_then_on(station: Device) -> None:
    done(record_opening(station, FORMER.encode(), "main"))
    done(spoil_sheet(station, "B 3200000021", Sheet(0, 1), category="damaged", no_picture="camera_broken"))
    assert due_numbers(station) == ["3200000022"]


# --- the same papers at two computers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("told_first", ["device", "sister"])
def test_of_two_computers_that_took_the_same_papers_over_the_earlier_keeps_them(
    office: Office, station: Device, sister: Device, clock: HandClock, told_first: str
) -> None:
    for one in (station, sister):
        office.publish(one, office.grant(CLERK, "keeper"))
    done(assign_store(sister, "main", CLERK))
    ours, theirs = "sheet,B,3200000001,3200000004,2,kept", "sheet,B,3200000003,3200000006,2,spoiled"
    for one, row in (
        ((station, ours), (sister, theirs)) if told_first == "device" else ((sister, theirs), (station, ours))
    ):
        done(record_opening(one, f"what,kind,first,last,pages,state\n{row}\n".encode(), "main"))
        clock.forward(minutes=1)
    office.relay(sister, station)
    office.relay(station, sister)
    held = [
        {(str(row["number"]), row["sheet"]): (row["device"], row["state"]) for row in one.rows.many("sheets", print=0)}
        for one in (station, sister)
    ]
    first = station.id if told_first == "device" else sister.id
    assert held[0] == held[1]
    assert {held[0][f"B 320000000{at}", 1] for at in (3, 4)} == {(first, "spoiled")}
    for one in (station, sister):
        assert day_sheet(one, one.today()).keeper.holds
        assert_sound(one)


# --- numbers that come after the list ---------------------------------------------------------------------------------

ENDED = """类别,种类,起号,止号,页数,状态
编号,B,9900000011,9900000013,,遗失
编号,B,9900000014,9900000016,,已用
纸证,B,9900000017,9900000018,2,在存
"""


def states_of_b(device: Device) -> str:
    """The second block's numbers in order: free, lost, withdrawn, used."""
    rows = device.rows.many("numbers", order="digits", kind="B")
    return "".join(str(row["state"])[0] for row in rows if str(row["digits"]) > "9900000010")


def test_g47_what_was_taken_over_as_ended_is_never_free_in_a_block_that_comes_later(
    office: Office, station: Device
) -> None:
    done(record_opening(station, ENDED.encode(), "main"))
    office.publish(station, *office.numbers(station.id, "B"))
    assert states_of_b(station) == "lllwwwwwff"
    assert numbers_left(station, "B", VET) == 12
    assert_sound(station)


def test_g33_the_next_number_of_such_a_block_passes_the_ended_ones_over(office: Office, station: Device) -> None:
    done(record_opening(station, ENDED.encode(), "main"))
    draw, block = office.numbers(station.id, "B")
    office.publish(station, draw, block)
    free = lowest_free(station, block.block) or {}
    assert free["digits"] == "9900000019"
    found = {(one.first[-2:], one.last[-2:]): (one.standing, one.reason) for one in continuity(station).stretches}
    assert found["11", "13"] == (Standing.LOST, "ended_before")
    assert found["14", "18"] == (Standing.WITHDRAWN, "ended_before")


def test_of_two_computers_each_ends_the_same_numbers_in_whatever_order_it_heard(
    office: Office, station: Device, sister: Device
) -> None:
    held = office.numbers(sister.id, "B")
    office.publish(sister, *held)
    done(record_opening(station, ENDED.encode(), "main"))
    office.relay(station, sister)
    office.publish(station, *held)
    assert states_of_b(station) == states_of_b(sister) == "lllwwwwwff"
    ends = [
        [row["ended_by"] for row in one.rows.many("numbers", kind="B", order="digits")] for one in (station, sister)
    ]
    assert ends[0][-10:] == ends[1]
    assert_sound(sister)


def test_a_draw_with_numbers_that_were_taken_over_opens_a_case_for_each_stretch(
    office: Office, station: Device
) -> None:
    done(record_opening(station, ENDED.encode(), "main"))
    draw, block = office.numbers(station.id, "B")
    office.publish(station, draw, block)
    ref = done(receive_draw(station, draw.draw, "main"))
    found = [(row["kind"], row["about"], row["first"], row["last"]) for row in open_cases(station)]
    assert sorted(found) == [
        ("book_differs", ref, "9900000011", "9900000013"),
        ("book_differs", ref, "9900000014", "9900000016"),
        ("book_differs", ref, "9900000017", "9900000018"),
    ]


def test_a_draw_apart_from_all_that_was_taken_over_opens_no_case(office: Office, station: Device) -> None:
    done(record_opening(station, ENDED.replace("99000000", "99000001").encode(), "main"))
    draw, block = office.numbers(station.id, "B")
    office.publish(station, draw, block)
    done(receive_draw(station, draw.draw, "main"))
    assert states_of_b(station) == "f" * 10
    assert open_cases(station) == []
