"""Reports, and the port `Paper` that services draw with."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from inspector_app.errors import BugError, StationError
from inspector_app.ports import Leave, Paper, PaperContent, PaperProblem, ReportTable
from printing import preview, report
from printing.fonts import shipped_fonts
from printing.forms import ReportForm, load_form
from printing.paper import StationPaper, shipped_forms
from printing.placed import GlyphRun
from printing.thermal import PrinterProfile
from tests.printers.escpos_paper import decode
from tests.printing.external import poppler_text
from tests.printing.samples import CERTIFICATE, CODE, FORMS, MADE_AT, form

FONTS = shipped_fonts()
LEAVE = Leave("aa" * 32, "bb" * 32, "cc" * 32)
BLOCKS = ReportTable(
    "号段等式",
    ("号段", "总数", "未用", "已用"),
    tuple(
        (f"B {number:010d}–{number + 19:010d}", "20", "15", "5") for number in range(9_900_000_001, 9_900_001_600, 20)
    ),
)
FACTS = {"站点": "高邮湖西申报点", "经办人": "赵𠮷", "账本摘要": "5e884898da280471"}


def paper(**options: Any) -> StationPaper:
    return StationPaper(shipped_forms(), **options)


def says(form_id: str, **changes: Any) -> PaperContent:
    fields: dict[str, Any] = {
        "form": form_id,
        "number": "B 9900000003",
        "values": CERTIFICATE,
        "made_at": MADE_AT,
        "code": CODE,
        "check_code": "K7M2QX",
    }
    return PaperContent(**{**fields, **changes})


def report_form() -> ReportForm:
    chosen = form("day_close")
    assert isinstance(chosen, ReportForm)
    return chosen


def test_the_station_paper_is_the_port() -> None:
    drawn: Paper = paper()
    assert drawn.form_hash("certificate_b") == form("certificate_b").hash


def test_a_day_close_has_its_facts_tables_page_numbers_and_lines_to_sign_on(tmp_path: Path) -> None:
    drawn = paper().report("日结单", FACTS, (BLOCKS,), MADE_AT)
    text = poppler_text(drawn, tmp_path)
    assert preview.page_count(drawn) == 3
    for expected in (
        "日结单",
        "赵𠮷",
        "高邮湖西申报点",
        "第 1 页",
        "共 3 页",
        "官方兽医：",
        "站（所）负责人：",
        "B 9900001581",
    ):
        assert expected.replace(" ", "") in text.replace(" ", "")
    assert text.count("总数") >= 3  # the head of the table on each page (and the note)
    assert text.count("–99") == 80  # no row is lost or doubled where a page ends


def test_a_report_is_the_same_bytes_again_and_marked_in_practice() -> None:
    first, second = (paper().report("日结单", FACTS, (BLOCKS,), MADE_AT) for _ in range(2))
    assert first == second
    assert preview.text_of(first).count("练习 · SPECIMEN") == 3


def test_a_report_with_leave_has_no_mark() -> None:
    drawn = paper().report("日结单", FACTS, (), MADE_AT, leave=LEAVE)
    assert "SPECIMEN" not in preview.text_of(drawn)


def test_a_report_without_a_form_of_its_own_uses_the_plain_one() -> None:
    text = preview.text_of(paper().report("检测情况表", {}, (ReportTable("", ("品种", "批次"), ()),), MADE_AT))
    assert "检测情况表" in text
    assert "负责人：" in text
    assert "无" in text


def test_a_report_names_the_characters_it_cannot_draw() -> None:
    with pytest.raises(StationError) as caught:
        paper().report("日结单", {"站点": "高邮🐟"}, (), MADE_AT)
    assert (caught.value.code, caught.value.details["characters"]) == ("printing.no_glyph", "🐟")


def test_composing_unchecked_is_a_bug_of_ours() -> None:
    with pytest.raises(BugError):
        report.compose(report_form(), report.ReportContent(title="🐟", made_at=0), FONTS)


def test_a_table_with_many_wide_columns_keeps_every_word_on_the_page(tmp_path: Path) -> None:
    head = tuple(f"第{number}栏目名称" for number in range(1, 12))
    row = tuple(f"{number}江苏省扬州市高邮市菱塘回族乡" for number in range(1, 12))
    content = report.ReportContent(title="宽表", made_at=0, tables=(report.Table("", head, (row,)),))
    placed = report.compose(report_form(), content, FONTS)
    marks = [mark for page in placed.pages for mark in page.marks if isinstance(mark, GlyphRun)]
    assert all(15 < mark.x < 190 for mark in marks)
    text = "".join(mark.text for mark in marks)
    assert text.count("菱") == 11


def test_a_long_paragraph_goes_on_over_the_page() -> None:
    content = report.ReportContent(title="说明", made_at=0, paragraphs=("检疫" * 3000,))
    placed = report.compose(report_form(), content, FONTS)
    drawn = "".join(mark.text for page in placed.pages for mark in page.marks if isinstance(mark, GlyphRun))
    assert len(placed.pages) == 3
    assert drawn.count("检疫") >= 3000


def test_the_paper_checks_before_issue_and_names_the_field() -> None:
    assert paper().check(says("certificate_b")) == ()
    rare = says("certificate_b", values={**CERTIFICATE, "owner": "王🐟"})
    assert paper().check(rare) == (PaperProblem("no_glyph", "owner", "🐟"),)


def test_the_paper_renders_pdf_for_the_laser_and_escpos_for_the_roll() -> None:
    assert paper().render(says("certificate_a")).startswith(b"%PDF-")
    assert decode(paper().render(says("portable_b_80"))).codes() == [CODE, CODE]
    narrow = paper(profile=PrinterProfile(name="58 mm", dots=384))
    assert decode(narrow.render(says("portable_b_58")), 384).codes() == [CODE, CODE]


@pytest.mark.parametrize("form_id", ["certificate_b", "portable_b_80"])
def test_a_print_that_does_not_read_back_is_never_given_to_a_printer(
    form_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that begins to draw codes badly is found here, not at the roadside."""
    monkeypatch.setattr("printing.qr.read", lambda _: ["https://practice.example/q/2"])
    with pytest.raises(BugError, match="code_differs"):
        paper().render(says(form_id))


def test_the_picture_is_what_would_be_printed() -> None:
    pages = paper().picture(says("certificate_a"), 150)
    assert len(pages) == 2
    with Image.open(io.BytesIO(pages[0])) as first:
        assert first.size in ((1240, 1754), (1241, 1754))
    (strip,) = paper().picture(says("portable_b_58"), 150)
    assert preview.read_codes(strip) == [CODE]


def test_copies_and_sheets_are_what_the_form_says() -> None:
    drawn = paper()
    assert [drawn.copies(name) for name in ("certificate_a", "certificate_b", "portable_b_80")] == [2, 2, 2]
    assert [drawn.sheets(name) for name in ("certificate_a", "certificate_b", "portable_b_80")] == [2, 1, 1]


def test_without_leave_everything_is_marked_and_with_it_nothing() -> None:
    assert "SPECIMEN" in preview.text_of(paper().render(says("certificate_b")))
    assert "SPECIMEN" not in preview.text_of(paper().render(says("certificate_b", leave=LEAVE)))


def test_a_leave_with_a_missing_document_does_not_unmark() -> None:
    with pytest.raises(StationError) as caught:
        paper().render(says("certificate_b", leave=Leave("aa" * 32, "", "cc" * 32)))
    assert caught.value.code == "printing.unlicensed"


def test_a_form_the_province_did_not_sign_is_not_used() -> None:
    signed = {form("certificate_a").hash}
    drawn = paper(allowed=signed)
    drawn.render(says("certificate_a"))
    with pytest.raises(StationError) as caught:
        drawn.render(says("certificate_b"))
    assert caught.value.code == "printing.form_not_allowed"


def test_an_altered_form_in_the_folder_is_not_used() -> None:
    altered = load_form((FORMS / "certificate_b.toml").read_bytes() + b"\n")
    drawn = StationPaper({altered.id: altered}, allowed={form("certificate_b").hash})
    with pytest.raises(StationError):
        drawn.check(says("certificate_b"))


def test_an_unknown_form_is_a_bug_of_ours() -> None:
    with pytest.raises(BugError):
        paper().render(says("certificate_c"))


def test_a_damaged_form_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"kind = 'sheet'")
    with pytest.raises(StationError) as caught:
        shipped_forms(tmp_path)
    assert caught.value.code == "printing.form_damaged"


def destruction_form() -> ReportForm:
    chosen = form("destruction_request")
    assert isinstance(chosen, ReportForm)
    return chosen


@pytest.mark.parametrize("rows", [1, 18, 25, 60])
def test_boxes_to_sign_and_seal_in_are_whole_wherever_the_page_ends(rows: int) -> None:
    line = ("1", "B 9900000001", "1", "2")
    table = report.Table("逐联清单", ("序号", "编号", "第几次打印", "第几联"), (line,) * rows)
    content = report.ReportContent(title="证章标志销毁申请单", made_at=0, tables=(table,))
    placed = report.compose(destruction_form(), content, FONTS)
    captions = destruction_form().boxes
    for page in placed.pages:
        texts = "".join(mark.text for mark in page.marks if isinstance(mark, GlyphRun))
        assert texts.count("签名（盖章）") == sum(caption[:6] in texts for caption in captions)
        assert all(mark.y < report.FOOT + 5 for mark in page.marks if isinstance(mark, GlyphRun))
    whole = "".join(mark.text for page in placed.pages for mark in page.marks if isinstance(mark, GlyphRun))
    assert [caption for caption in captions if caption.replace("　", "") not in whole.replace("　", "")] == []


def test_a_report_without_boxes_draws_none() -> None:
    text = preview.text_of(paper().report("日结单", FACTS, (), MADE_AT))
    assert "签名（盖章）" not in text


def test_the_request_for_destruction_and_the_book_have_forms_of_their_own() -> None:
    drawn = [paper().report_form(title) for title in ("证章标志销毁申请单", "出入库分类登记表", "证章标志交接清单")]
    assert drawn == ["destruction_request", "ledger_stock", "handover"]
