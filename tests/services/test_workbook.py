"""A list that comes as a workbook reads like the same list as CSV; whatever would have to be guessed is named."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from time import monotonic
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.services import workbook
from inspector_app.services.device import Device, Session
from inspector_app.services.keeping import assign_store
from inspector_app.services.list_files import MAX_BYTES
from inspector_app.services.opening import read_opening, record_opening
from inspector_app.services.workbook import MAX_ROWS, read_workbook
from tests.office import HEAD
from tests.services.work import assert_sound, done, only

HEAD_ROW = ("类别", "种类", "起号", "止号", "页数", "状态", "日期", "备注")
ROWS: list[tuple[Any, ...]] = [
    ("纸证", "Ｂ", "３２０００００００１", 3200000003, 2, "空白", None, "封条完好"),
    (),
    ("纸证", "B", 3200000011.0, None, "2", "损坏", date(2026, 1, 5), None),
    ("编号", "A", "3200000101", "10", None, "已用", None, None),
    ("案件", None, None, None, None, None, datetime(2026, 10, 8), "少一本存根"),
    ("簿册", "draw", None, None, 48, None, None, None),
]
CSV = """类别,种类,起号,止号,页数,状态,日期,备注
纸证,B,3200000001,3200000003,2,空白,,封条完好

纸证,B,3200000011,,2,损坏,2026-01-05,
编号,A,3200000101,3200000110,,已用,,
案件,,,,,,2026-10-08,少一本存根
簿册,draw,,,48,,,
"""
ROW = ("纸证", "B", "3200000001", "3200000003", 2, "空白", None, None)


@pytest.fixture
def station(device: Device, head: Session) -> Device:
    """The keeper of the station's cabinet signed in."""
    device.session = head
    done(assign_store(device, "main", HEAD))
    return device


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def workbook_of(*rows: Sequence[Any]) -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def made(*rows: Sequence[Any], then: Callable[[Worksheet], object] = lambda _sheet: None) -> bytes:
    """A workbook with the headings and these rows, finished by ``then``."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (HEAD_ROW, *rows):
        sheet.append(list(row))
    then(sheet)
    return saved(book)


def errors(device: Device, content: bytes) -> list[tuple[object, str, object]]:
    return [(one.details["row"], one.field, one.details["fault"]) for one in read_opening(device, content).errors]


def test_a_workbook_reads_like_the_same_list_as_csv(station: Device) -> None:
    read, same = read_opening(station, made(*ROWS)), read_opening(station, CSV.encode())
    assert (read.lines, read.cases, read.errors) == (same.lines, same.cases, [])
    done(record_opening(station, made(*ROWS), "main"))
    assert len(station.rows.many("sheets", device=station.id)) == 8
    assert_sound(station)


@pytest.mark.parametrize(
    ("place", "value", "shown_as", "found"),
    [
        ("C2", "=1+1", "General", ("first_number", "formula")),
        ("E2", 2.5, "General", ("pages", "as_number")),
        ("C2", 320000001, "0000000000", ("first_number", "as_number")),
        ("C2", 10**15, "General", ("first_number", "as_number")),
        ("E2", True, "General", ("pages", "not_text")),
        ("G2", datetime(2026, 1, 5, 9, 30), "yyyy-mm-dd hh:mm", ("opened_on", "not_text")),
        ("H2", "#REF!", "General", ("note", "cell_error")),
        ("K2", "在旁边", "General", ("K", "beside")),
        ("C2", date(2026, 1, 5), "yyyy-mm-dd", ("numbers", "range")),
    ],
)
def test_a_cell_that_would_have_to_be_guessed_is_named_by_row_and_column(
    station: Device, place: str, value: Any, shown_as: str, found: tuple[str, str]
) -> None:
    def spoil(sheet: Worksheet) -> None:
        sheet[place].value = value
        sheet[place].number_format = shown_as

    content = made(ROW, then=spoil)
    assert errors(station, content) == [(2, *found)]
    only(record_opening(station, content, "main"), C.ROW_INVALID, found[0])


def test_a_number_no_day_has_is_an_error_of_its_cell(station: Device) -> None:
    def spoil(sheet: Worksheet) -> None:
        sheet["C2"].value = 3200000001
        sheet["C2"].number_format = "yyyy-mm-dd"

    assert errors(station, made(ROW, then=spoil)) == [(2, "first_number", "cell_error")]


def test_merged_cells_are_named_and_no_row_below_is_taken_for_empty(station: Device) -> None:
    content = made(ROW, (None, None, "3200000004", None, 2, "空白"), then=lambda sheet: sheet.merge_cells("A2:A3"))
    assert errors(station, content) == [(2, "what", "merged"), (3, "what", "unknown")]


def test_rows_keep_the_numbers_the_spreadsheet_shows(station: Device) -> None:
    assert errors(station, made((), (), ("纸证", "C", "3200000001", None, 1, "空白"))) == [(4, "kind", "unknown")]


def test_a_second_sheet_with_content_is_refused_and_an_empty_one_is_not(station: Device) -> None:
    book = Workbook()
    for sheet, rows in ((book.active, (HEAD_ROW, ROW)), (book.create_sheet("Sheet2"), ())):
        assert isinstance(sheet, Worksheet)
        for row in rows:
            sheet.append(row)
    assert errors(station, saved(book)) == []
    book["Sheet2"]["A1"] = "又一张"
    assert errors(station, saved(book)) == [(0, "", "several_sheets")]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"PK\x03\x04 and nothing else", "unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_workbook"),
        (made(("封" * 30_000,) * 5)[:-200], "unreadable"),
        (b"a" * (MAX_BYTES + 1), "too_large"),
        (saved(Workbook()), "headings"),
        (made(), "empty"),
    ],
)
def test_a_file_that_is_no_list_is_refused_as_a_whole(station: Device, content: bytes, fault: str) -> None:
    assert [one[2] for one in errors(station, content)] == [fault]
    only(record_opening(station, content, "main"), C.LIST_INVALID)


def repacked(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one part changed."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if one == name else old.read(one))
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
MANY = b'<row r="2">' + b'<c r="XFD2"/></row><row>' * 40_000 + b"</row>"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda part: part + b" " * 9_000_000, "too_large"),
        (lambda part: part.replace(b"</sheetData>", MANY + b"</sheetData>"), "too_large"),
        (lambda part: part.replace(b"</sheetData>", b'<row r="900000000"/></sheetData>'), "too_large"),
        (lambda part: part.replace(b"<worksheet", LAUGHS + b"<worksheet", 1), "unreadable"),
        (lambda part: part.replace(b"</sheetData>", b""), "unreadable"),
        (lambda part: part.replace(b'r="A2"', b'r="A0x"'), "unreadable"),
        (
            lambda part: part.replace(b"</sheetData>", b'<row r="3"><c r="A3"><v>1e999</v></c></row></sheetData>'),
            "unreadable",
        ),
    ],
)
def test_a_hostile_workbook_is_refused_and_soon(change: Callable[[bytes], bytes], fault: str) -> None:
    content, begun = repacked(made(ROW), SHEET, change), monotonic()
    assert [one.fault for one in read_workbook(content).faults] == [fault]
    assert monotonic() - begun < 20


def test_what_a_workbook_says_of_its_own_size_leaves_no_row_out(station: Device) -> None:
    lying = repacked(made(*ROWS), SHEET, lambda part: part.replace(b'ref="A1:H7"', b'ref="A1:B2"'))
    assert b'ref="A1:B2"' in zipfile.ZipFile(io.BytesIO(lying)).read(SHEET)
    assert len(read_opening(station, lying).lines) == 4


def test_more_rows_than_any_list_has_are_refused() -> None:
    assert [one.fault for one in read_workbook(made(*[("x",)] * MAX_ROWS)).faults] == ["too_large"]


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_workbook_never_raises_and_is_never_half_read(seed: int) -> None:
    chance, content = random.Random(seed), made(*ROWS)
    part = chance.choice(zipfile.ZipFile(io.BytesIO(content)).namelist())
    damaged = repacked(content, part, lambda text: _damaged(text, chance))
    read = read_workbook(damaged)
    assert not read.rows or not any(one.column < 0 for one in read.faults)


def _damaged(text: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(text))
    return text[:at] + bytes(chance.randrange(256) for _ in range(3)) + text[at + chance.randrange(40) :]


def test_columns_are_named_as_a_spreadsheet_does() -> None:
    assert [workbook.letter_of(at) for at in (0, 25, 26)] == ["A", "Z", "AA"]
