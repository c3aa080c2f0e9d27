"""The two reports of what a store lost: addressed by the register, sent, acknowledged; then the case is concluded."""

from __future__ import annotations

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspector_app.domain.loss_notice import (
    REPORT_TITLE,
    StoreReportAcknowledged,
    StoreReportsDrawn,
    StoreReportSent,
)
from inspector_app.domain.stock_endings import StockLossConcluded
from inspector_app.domain.stock_refusals import StockCode as C
from inspector_app.errors import StationError
from inspector_app.journal.entries.losses import Recipient
from province import reference
from province.custody import ending, report_papers, store_reports
from province.custody.store_reports import Step
from province.journal.models import State
from province.journal.projecting import differences
from province.journal.rows import DjangoRows
from province.violations import violations
from tests.province.desks import Desk, error_at
from tests.province.drawing import codes
from tests.province.fixtures import Province
from tests.province.institutional import CLIPPING, published, reported
from tests.province.institutions import (
    CITY,
    CITY_HEAD,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    PROVINCE,
    PROVINCE_HEAD,
    PROVINCE_KEEPER,
    register,
)
from tests.province.test_store_notices import SAID, furnished, lost, marks, words

AUTHORITY, INSTITUTION = Recipient.AUTHORITY, Recipient.INSTITUTION
DAY_S = 86_400
TOP, COUNTY_BUREAU = 2, 102


@pytest.fixture
def one_chain(province: Province) -> Province:
    """The institutions with names of their own, stock in their stores, an authority beside province and county."""
    return named(province)


def named(province: Province) -> Province:
    furnished(province)
    register(province, CITY, level="city", superior=PROVINCE, area=321000, head=CITY_HEAD, name="扬州所")
    register(province, TOP, line="authority", level="province", area=320000, name="江苏厅")
    register(province, 12, line="authority", level="city", superior=TOP, area=321000, name="扬州局")
    register(province, COUNTY_BUREAU, line="authority", level="county", superior=12, area=321084, name="高邮局")
    return province


def drawn(province: Province, loss: str, by: int = COUNTY_KEEPER) -> StoreReportsDrawn:
    made = report_papers.draw_reports(province.using, loss, by=by)
    assert isinstance(made, StoreReportsDrawn), made
    return made


def letter(province: Province, loss: str, to: Recipient) -> str:
    paper = report_papers.redraw(province.using, loss, to)
    assert paper is not None
    return words(paper)


def send(province: Province, loss: str, to: str = "authority", **said: str) -> object:
    return store_reports.send_report(province.using, loss, Step(to=to, **said), by=COUNTY_KEEPER)


def answer(province: Province, loss: str, to: str = "authority", **said: str) -> object:
    return store_reports.acknowledge_report(province.using, loss, Step(to=to, **said), by=COUNTY_KEEPER)


def late(province: Province) -> list[str]:
    return [one.code for one in violations(province.using) if one.source == "loss"]


# --- drawn -----------------------------------------------------------------------------------------------------------


def test_g22_each_report_is_addressed_to_whom_the_register_names(one_chain: Province) -> None:
    loss = lost(one_chain)
    made = drawn(one_chain, loss)
    assert [(one.to, one.addressee) for one in made.reports] == [("authority", COUNTY_BUREAU), ("institution", CITY)]
    authority, institution = letter(one_chain, loss, AUTHORITY), letter(one_chain, loss, INSTITUTION)
    assert "高邮局：" in authority
    assert "扬州所：" in institution
    for said in (authority, institution):
        for one in (REPORT_TITLE, "被盗", "9900001001", "9900001201", "共101个编号", "第十七条", "正在公告声明作废"):
            assert one in said, one
        assert "SPECIMEN" in said, "practice draws no paper without its mark"


def test_the_highest_institution_reports_to_its_authority_alone(one_chain: Province) -> None:
    loss = marks(one_chain)
    made = drawn(one_chain, loss, by=PROVINCE_HEAD)
    assert [(one.to, one.addressee) for one in made.reports] == [("authority", TOP)]
    assert "上一级" not in letter(one_chain, loss, AUTHORITY)
    assert report_papers.redraw(one_chain.using, loss, INSTITUTION) is None
    to_nobody = store_reports.send_report(one_chain.using, loss, Step(to="institution"), by=PROVINCE_HEAD)
    assert codes(to_nobody) == [C.RECIPIENT_UNKNOWN]


def test_a_report_of_goods_without_numbers_speaks_of_no_numbers(one_chain: Province) -> None:
    loss = marks(one_chain)
    drawn(one_chain, loss, by=PROVINCE_HEAD)
    said = letter(one_chain, loss, AUTHORITY)
    for one in ("检疫标志", "4枚", "从库存中减去"):
        assert one in said, one
    assert "编号今后" not in said
    assert "公告声明作废" not in said


def test_an_authority_the_register_does_not_name_goes_by_its_area(province: Province) -> None:
    furnished(province)
    loss = lost(province)
    assert drawn(province, loss).reports[0].addressee == 0
    assert "高邮市农业农村局：" in letter(province, loss, AUTHORITY)


def test_a_report_is_made_again_only_as_long_as_it_would_be_the_same(one_chain: Province) -> None:
    loss = lost(one_chain)
    drawn(one_chain, loss)
    register(one_chain, COUNTY_BUREAU, line="authority", level="county", superior=12, area=321084, name="高邮农业局")
    assert report_papers.redraw(one_chain.using, loss, AUTHORITY) is None
    assert report_papers.redraw(one_chain.using, loss, INSTITUTION) is not None
    drawn(one_chain, loss)
    assert "高邮农业局：" in letter(one_chain, loss, AUTHORITY)


def test_what_was_sent_is_not_drawn_again(one_chain: Province) -> None:
    loss = lost(one_chain)
    drawn(one_chain, loss)
    send(one_chain, loss)
    assert [one.to for one in drawn(one_chain, loss).reports] == ["institution"]
    send(one_chain, loss, "institution")
    again = report_papers.draw_reports(one_chain.using, loss, by=COUNTY_KEEPER)
    assert codes(again) == [C.RECORD_SETTLED]


def test_g29_no_report_is_drawn_on_a_form_nobody_released(one_chain: Province) -> None:
    loss = lost(one_chain)
    State.objects.using(one_chain.using).update(province="32")  # no practice any more
    DjangoRows(one_chain.using).update("forms", {"form": "loss_report"}, {"sha256": "00" * 32})
    with pytest.raises(StationError, match=r"printing\.form_not_allowed"):
        report_papers.draw_reports(one_chain.using, loss, by=COUNTY_KEEPER)
    assert DjangoRows(one_chain.using).count("store_reports") == 0


def test_g51_no_report_appeals_to_rules_the_province_does_not_name(
    one_chain: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    loss = lost(one_chain)
    foreign = tuple(msgspec.structs.replace(one, profile="HN-2031") for one in reference.shipped_rules())
    with monkeypatch.context() as shipped:
        shipped.setattr(reference, "shipped_rules", lambda: foreign)
        refused = report_papers.draw_reports(one_chain.using, loss, by=COUNTY_KEEPER)
    assert codes(refused) == [C.RULES_OTHER]
    assert DjangoRows(one_chain.using).count("store_reports") == 0


@pytest.mark.parametrize("by", [CITY_HEAD, PROVINCE_KEEPER, 0])
def test_nobody_else_reports_for_an_institution(one_chain: Province, by: int) -> None:
    loss, said = lost(one_chain), Step(to="authority")
    assert codes(report_papers.draw_reports(one_chain.using, loss, by=by)) == [C.NOT_THE_HEAD]
    drawn(one_chain, loss)
    assert codes(store_reports.send_report(one_chain.using, loss, said, by=by)) == [C.NOT_THE_HEAD]
    send(one_chain, loss)
    assert codes(store_reports.acknowledge_report(one_chain.using, loss, said, by=by)) == [C.NOT_THE_HEAD]


def test_damaged_goods_without_numbers_and_losses_there_are_not_need_no_report(one_chain: Province) -> None:
    damaged = lost(
        one_chain, organisation=PROVINCE, kind="mark", by=PROVINCE_KEEPER, typed="", count=4, cause="damaged"
    )
    refused = report_papers.draw_reports(one_chain.using, damaged, by=PROVINCE_KEEPER)
    assert codes(refused) == [C.RECIPIENT_UNKNOWN]
    made = ending.conclude_loss(one_chain.using, damaged, **SAID, by=PROVINCE_HEAD)
    assert isinstance(made, StockLossConcluded), made
    none = "99-E9999-zz"
    assert codes(report_papers.draw_reports(one_chain.using, none, by=COUNTY_KEEPER)) == [C.RECORD_UNKNOWN]
    assert codes(send(one_chain, none)) == codes(answer(one_chain, none)) == [C.RECORD_UNKNOWN]
    assert report_papers.redraw(one_chain.using, none, AUTHORITY) is None


# --- sent, acknowledged ----------------------------------------------------------------------------------------------


def test_a_report_is_drawn_then_sent_once_then_acknowledged_once(one_chain: Province) -> None:
    loss = lost(one_chain)
    assert codes(send(one_chain, loss)) == [C.REPORT_NOT_DRAWN]
    drawn(one_chain, loss)
    assert codes(answer(one_chain, loss)) == [C.REPORT_NOT_SENT]
    for said, code in (
        ({"to": "neighbour"}, C.RECIPIENT_UNKNOWN),
        ({"on": "2020-01-01"}, C.DAY_IMPOSSIBLE),
        ({"on": "2030-01-01"}, C.DAY_IMPOSSIBLE),
        ({"picture": "no digest"}, C.PICTURE_NEEDED),
    ):
        assert codes(send(one_chain, loss, **said)) == [code]
    assert isinstance(send(one_chain, loss, picture=CLIPPING), StoreReportSent)
    assert codes(send(one_chain, loss)) == [C.RECORD_SETTLED]
    assert codes(answer(one_chain, loss, on="2026-01-01")) == [C.DAY_IMPOSSIBLE]
    assert isinstance(answer(one_chain, loss), StoreReportAcknowledged)
    assert codes(answer(one_chain, loss)) == [C.RECORD_SETTLED]
    assert codes(answer(one_chain, loss, "institution")) == [C.REPORT_NOT_SENT]
    assert differences(one_chain.using) == []


@pytest.mark.parametrize("told", [(), ("authority",), ("institution",)])
def test_g22_no_case_of_a_store_is_concluded_before_both_reports_went_out(
    one_chain: Province, told: tuple[str, ...]
) -> None:
    loss = lost(one_chain)
    published(one_chain, loss)
    drawn(one_chain, loss)
    for to in told:
        send(one_chain, loss, to)
    refused = ending.conclude_loss(one_chain.using, loss, **SAID, by=COUNTY_HEAD)
    assert codes(refused) == [C.REPORT_NOT_SENT] * (2 - len(told))
    for to in {"authority", "institution"} - set(told):
        send(one_chain, loss, to)
    assert isinstance(ending.conclude_loss(one_chain.using, loss, **SAID, by=COUNTY_HEAD), StockLossConcluded)
    assert isinstance(answer(one_chain, loss), StoreReportAcknowledged), "an answer may come after the conclusion"


def test_g22_stolen_marks_need_no_notice_and_are_reported_all_the_same(one_chain: Province) -> None:
    loss = marks(one_chain)
    refused = ending.conclude_loss(one_chain.using, loss, **SAID, by=PROVINCE_HEAD)
    assert codes(refused) == [C.REPORT_NOT_SENT]
    reported(one_chain, loss, by=PROVINCE_HEAD)
    assert isinstance(ending.conclude_loss(one_chain.using, loss, **SAID, by=PROVINCE_HEAD), StockLossConcluded)


def test_a_loss_reported_to_one_of_the_two_is_a_violation_past_its_term(one_chain: Province) -> None:
    """Lost on a Saturday: due on the Monday, the notice on the Friday after."""
    loss = lost(one_chain)
    drawn(one_chain, loss)
    send(one_chain, loss)
    one_chain.clock.wait(2 * DAY_S)
    assert late(one_chain) == []
    one_chain.clock.wait(DAY_S)
    assert late(one_chain) == ["loss_reported"]
    send(one_chain, loss, "institution")
    assert late(one_chain) == []


# --- at the desk -----------------------------------------------------------------------------------------------------


def test_reports_are_drawn_saved_sent_and_acknowledged_at_the_desk(site: Province) -> None:
    named(site)
    loss, keeper = lost(site), Desk(site, COUNTY_KEEPER)
    here = f"stock/endings/{loss}/"
    assert "2026-11-23 前" in keeper.get("stock/endings/")
    assert "高邮局" in keeper.get(here), "whom it would name"
    keeper.get(f"{here}report-authority.pdf", 404)
    assert "YJ-7203" in Desk(site, CITY_HEAD).refused(f"{here}reports/")
    assert "下载（PDF）" in keeper.post(f"{here}reports/")
    answered = keeper.client.get(f"/desk/{here}report-institution.pdf")
    assert "扬州所：" in words(answered.content)
    page = keeper.post(f"{here}reports/sent/", recipient="authority", sent_on="2030-01-01")
    assert "YJ-" in error_at(page, "sent_on")
    for to in ("authority", "institution"):
        photo = SimpleUploadedFile("report.jpg", b"sent", content_type="image/jpeg")
        keeper.post(f"{here}reports/sent/", recipient=to, picture=photo)
    assert "已报告" in keeper.get("stock/endings/")
    keeper.post(f"{here}reports/acknowledged/", recipient="institution")
    assert [row["acknowledged_on"] is None for row in rows_of(site)] == [True, False]
    assert "登记回执" in keeper.get(here), "the authority's is still awaited"


def rows_of(site: Province) -> list[dict[str, str | int | None]]:
    return DjangoRows(site.using).many("store_reports", order="to_whom")


def test_a_report_that_would_be_another_is_not_saved_at_the_desk(site: Province) -> None:
    named(site)
    loss, keeper = lost(site), Desk(site, COUNTY_KEEPER)
    keeper.post(f"stock/endings/{loss}/reports/")
    register(site, COUNTY_BUREAU, line="authority", level="county", superior=12, area=321084, name="高邮农业局")
    assert "YJ-8220" in keeper.get(f"stock/endings/{loss}/report-authority.pdf", 409)


def test_a_case_that_needs_no_report_has_no_page_of_one(site: Province) -> None:
    furnished(site)
    loss = lost(site, organisation=PROVINCE, kind="mark", by=PROVINCE_KEEPER, typed="", count=4, cause="damaged")
    keeper = Desk(site, PROVINCE_KEEPER)
    for page in ("reports/sent/", "reports/acknowledged/", "report-authority.pdf"):
        keeper.get(f"stock/endings/{loss}/{page}", 404)
    assert "遗失报告" not in keeper.get(f"stock/endings/{loss}/")
