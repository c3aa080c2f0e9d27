"""The public notice of what a store lost: drawn, published with its clipping, and only then is the case concluded."""

from __future__ import annotations

import io

import msgspec
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspector_app.domain.loss_notice import NOTICE_TITLE, StoreNoticeDrawn, StoreNoticePublished
from inspector_app.domain.stock_endings import StockEnded, StockLossConcluded
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.errors import BugError, StationError
from printing.letters import Report
from province import papers
from province.custody import ending, notice_papers, organisations, store_notices
from province.custody.ending import EndRequest
from province.custody.store_notices import Publication
from province.journal.models import State
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from tests.province.desks import Desk, error_at
from tests.province.drawing import codes
from tests.province.fixtures import Province
from tests.province.institutional import CLIPPING, published, reported
from tests.province.institutions import (
    CITY_HEAD,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    PROVINCE,
    PROVINCE_HEAD,
    PROVINCE_KEEPER,
    found_chain,
    receive,
    stock_county,
)

STOLEN = "9900001001-9900001100, 9900001201-9900001201"
SAID = {"cause": "stolen", "conclusion": "loss_reported"}


@pytest.fixture
def one_chain(province: Province) -> Province:
    """The institutions, 1000 certificates B in the county's store, 40 marks in the province's."""
    return furnished(province)


def furnished(province: Province) -> Province:
    found_chain(province)
    stock_county(province, 1000)
    receive(province, kind="mark", typed="", count=40)
    return province


def lost(province: Province, **changes: object) -> str:
    stated = EndRequest(organisation=COUNTY, kind="B", how="lost", cause="stolen", by=COUNTY_KEEPER, typed=STOLEN)
    made = ending.end_stock(province.using, msgspec.structs.replace(stated, **changes))
    assert isinstance(made, StockEnded), made
    return made.ending


def marks(province: Province) -> str:
    return lost(province, organisation=PROVINCE, kind="mark", by=PROVINCE_KEEPER, typed="", count=4)


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as paper:
        found = "".join(page.get_textpage().get_text_range() for page in paper)
    return "".join(found.split())


def told(**changes: str) -> Publication:
    return msgspec.structs.replace(Publication(medium="newspaper", picture=CLIPPING), **changes)


# --- drawn -----------------------------------------------------------------------------------------------------------


def test_the_notice_says_who_lost_which_numbers_and_that_they_are_void(one_chain: Province) -> None:
    loss = lost(one_chain)
    made = notice_papers.draw_notice(one_chain.using, loss, by=COUNTY_KEEPER, phone="0514-84600000")
    assert isinstance(made, StoreNoticeDrawn), made
    paper = notice_papers.redraw(one_chain.using, loss, phone="0514-84600000")
    assert paper is not None
    said = words(paper)
    for one in (
        NOTICE_TITLE,
        "被盗",
        "现声明作废",
        "9900001001",
        "9900001100",
        "100个编号",
        "1个编号",
        "0514-84600000",
    ):
        assert one in said, one
    assert "SPECIMEN" in said, "practice draws no paper without its mark"
    assert notice_papers.redraw(one_chain.using, loss) is None, "another paper than the one on record"
    assert notice_papers.redraw(one_chain.using, "99-E9999-zz") is None


def test_a_province_draws_its_notice_without_the_mark_on_a_released_form_alone(one_chain: Province) -> None:
    loss = lost(one_chain)
    State.objects.using(one_chain.using).update(province="32")  # no practice any more
    made = notice_papers.draw_notice(one_chain.using, loss, by=COUNTY_KEEPER)
    assert isinstance(made, StoreNoticeDrawn), made
    paper = notice_papers.redraw(one_chain.using, loss)
    assert paper is not None
    assert "SPECIMEN" not in words(paper)


def test_g29_the_province_draws_no_letter_on_a_form_nobody_released(one_chain: Province) -> None:
    loss = lost(one_chain)
    State.objects.using(one_chain.using).update(province="32")
    DjangoRows(one_chain.using).update("forms", {"form": "loss_notice"}, {"sha256": "00" * 32})
    with pytest.raises(StationError, match=r"printing\.form_not_allowed"):
        notice_papers.draw_notice(one_chain.using, loss, by=COUNTY_KEEPER)
    assert DjangoRows(one_chain.using).count("store_notices") == 0


def test_the_province_draws_letters_and_no_certificate(one_chain: Province) -> None:
    unit = organisations.find(one_chain.using, COUNTY)
    assert unit is not None
    for form in ("certificate_a", "certificate_b", "portable_b_80", "treatment_notice"):
        with pytest.raises(BugError):
            papers.draw_letter(one_chain.using, form, Report(title="", made_at=0), unit)


@pytest.mark.parametrize("by", [CITY_HEAD, PROVINCE_KEEPER, 0])
def test_nobody_else_gives_notice_for_an_institution(one_chain: Province, by: int) -> None:
    loss = lost(one_chain)
    assert codes(notice_papers.draw_notice(one_chain.using, loss, by=by)) == [C.NOT_THE_HEAD]
    assert codes(store_notices.publish_notice(one_chain.using, loss, told(), by=by)) == [C.NOT_THE_HEAD]


def test_goods_without_numbers_have_nothing_to_declare_void(one_chain: Province) -> None:
    loss = marks(one_chain)
    assert codes(notice_papers.draw_notice(one_chain.using, loss, by=PROVINCE_KEEPER)) == [C.NO_NUMBERS]
    reported(one_chain, loss, by=PROVINCE_HEAD)
    made = ending.conclude_loss(one_chain.using, loss, **SAID, by=PROVINCE_HEAD)
    assert isinstance(made, StockLossConcluded), made


def test_of_a_loss_there_is_not_there_is_no_notice(one_chain: Province) -> None:
    none = "99-E9999-zz"
    assert codes(notice_papers.draw_notice(one_chain.using, none, by=COUNTY_KEEPER)) == [C.RECORD_UNKNOWN]
    assert codes(store_notices.publish_notice(one_chain.using, none, told(), by=COUNTY_KEEPER)) == [C.RECORD_UNKNOWN]


# --- published -------------------------------------------------------------------------------------------------------


def test_g45_a_store_s_notice_is_drawn_before_it_is_published_and_its_clipping_kept(one_chain: Province) -> None:
    loss = lost(one_chain)
    early = store_notices.publish_notice(one_chain.using, loss, told(), by=COUNTY_KEEPER)
    assert codes(early) == [C.NOTICE_NOT_DRAWN]
    notice_papers.draw_notice(one_chain.using, loss, by=COUNTY_KEEPER)
    for changes, code in (
        ({"picture": ""}, C.PICTURE_NEEDED),
        ({"medium": "rumour"}, C.REASON_UNKNOWN),
        ({"published_on": "2020-01-01"}, C.DAY_IMPOSSIBLE),
        ({"published_on": "2030-01-01"}, C.DAY_IMPOSSIBLE),
    ):
        assert codes(store_notices.publish_notice(one_chain.using, loss, told(**changes), by=COUNTY_KEEPER)) == [code]
    made = store_notices.publish_notice(one_chain.using, loss, told(), by=COUNTY_KEEPER)
    assert isinstance(made, StoreNoticePublished), made
    again = store_notices.publish_notice(one_chain.using, loss, told(), by=COUNTY_KEEPER)
    assert codes(again) == [C.RECORD_SETTLED]
    assert differences(one_chain.using) == []


def test_g45_no_case_of_lost_numbers_is_concluded_before_they_are_declared_void(one_chain: Province) -> None:
    loss = lost(one_chain)
    reported(one_chain, loss)
    assert codes(ending.conclude_loss(one_chain.using, loss, **SAID, by=COUNTY_HEAD)) == [C.NOTICE_NOT_PUBLIC]
    notice_papers.draw_notice(one_chain.using, loss, by=COUNTY_KEEPER)
    assert codes(ending.conclude_loss(one_chain.using, loss, **SAID, by=COUNTY_HEAD)) == [C.NOTICE_NOT_PUBLIC]
    published(one_chain, loss)
    assert isinstance(ending.conclude_loss(one_chain.using, loss, **SAID, by=COUNTY_HEAD), StockLossConcluded)
    assert codes(notice_papers.draw_notice(one_chain.using, loss, by=COUNTY_KEEPER)) == [C.RECORD_SETTLED]


# --- at the desk -----------------------------------------------------------------------------------------------------


def test_a_notice_is_drawn_saved_and_published_at_the_desk(site: Province) -> None:
    furnished(site)
    loss, keeper = lost(site), Desk(site, COUNTY_KEEPER)
    here = f"stock/endings/{loss}/"
    keeper.get(f"{here}notice.pdf", 409)
    page = keeper.post(f"{here}notice/", phone="0514-84600000")
    assert "下载公告" in page
    answer = keeper.client.get(f"/desk/{here}notice.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "0514-84600000" in words(answer.content)
    assert "YJ-8201" in Desk(site, COUNTY_HEAD).get(f"{here}notice.pdf", 409), (
        "another session does not know the number"
    )
    page = keeper.post(f"{here}publication/", medium="newspaper")
    assert "请填写这一项" in error_at(page, "picture")
    clipping = SimpleUploadedFile("clipping.jpg", b"void", content_type="image/jpeg")
    keeper.post(f"{here}publication/", medium="newspaper", picture=clipping)
    assert "报纸" in keeper.get(here)
    assert "已公告" in keeper.get("stock/endings/")


def test_a_case_without_numbers_has_no_page_of_a_notice(site: Province) -> None:
    furnished(site)
    loss, keeper = marks(site), Desk(site, PROVINCE_KEEPER)
    for page in ("notice/", "notice.pdf", "publication/"):
        keeper.get(f"stock/endings/{loss}/{page}", 404)
    assert "作废公告" not in keeper.get(f"stock/endings/{loss}/")
