"""A province in the middle of its work, for the desk's pages: something of everything they show."""

from __future__ import annotations

import msgspec

from inspector_app.domain.register_changes import OrganisationAsked
from inspector_app.domain.seals import SealSheet
from inspector_app.domain.stock import Distribution, DrawAsked
from inspector_app.domain.stock_destruction import StockEndAsked
from inspector_app.domain.stock_receipts import Counted
from inspector_app.domain.store_counts import StoreCounted
from inspector_app.domain.visits import StationVisited
from inspector_app.journal.entries.certificates import CertificateVoided
from inspector_app.journal.entries.custody import BlockRequested, NumbersLost, SheetSpoiled
from inspector_app.journal.entries.declarations import Note
from inspector_app.journal.entries.losses import LossDrafted, LossPublished, LossReported, Publication
from inspector_app.journal.entries.sheets import DestructionRequested, DestructionReviewed, SheetName
from inspector_app.journal.entries.supervision import (
    LedgerState,
    RectificationRecorded,
    SupervisionRecorded,
    VisitDetails,
)
from province.custody import (
    counting,
    destroying,
    distributing,
    drawing,
    fees,
    notice_papers,
    ordering,
    organisations,
    registering,
    report_papers,
    seals,
    store_reports,
    visits,
)
from province.custody.drawing import DrawRequest
from province.custody.visiting import draw_visits
from province.ledgers.losses import pass_on
from province.numbers.models import DrawnRange
from province.registry import publishing
from tests.province import work
from tests.province.desks import open_account
from tests.province.drawing import print_one
from tests.province.fixtures import HEAD, STATION, VET, Province
from tests.province.institutions import (
    CITY,
    CITY_HEAD,
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    PROVINCE,
    PROVINCE_HEAD,
    PROVINCE_KEEPER,
    found_chain,
    register,
    stock_county,
    to_city,
)
from tests.province.test_old_sheets import write_off
from tests.sync.fakes import FakeDevice

NAMES = {
    31: ("钱一平", "Qian Yiping"),
    32: ("吴二安", "Wu Eran"),
    33: ("郑三和", "Zheng Sanhe"),
    41: ("冯四海", "Feng Sihai"),
    42: ("褚五湖", "Chu Wuhu"),
    43: ("卫六合", "Wei Liuhe"),
    45: ("蒋七星", "Jiang Qixing"),
    46: ("沈八方", "Shen Bafang"),
}
ORGANISATIONS = {
    PROVINCE: "江苏省水生动物卫生监督所",
    CITY: "扬州市水生动物卫生监督所",
    COUNTY: "高邮市水生动物卫生监督所",
}
AUTHORITIES = (
    (2, "province", 0, 320000, "江苏省农业农村厅"),
    (12, "city", 2, 321000, "扬州市农业农村局"),
    (102, "county", 12, 321084, "高邮市农业农村局"),
)
FILE = "00" * 32


def furnish(site: Province) -> None:
    """Institutions with names, their accounts, and a week of everybody's work."""
    found_chain(site)
    _name_everybody(site)
    stock_county(site, 1000)
    _between_institutions(site)
    device = site.enrol("高邮一号机", people=(VET, HEAD))
    _at_the_station(site, device)
    _in_the_county_s_store(site)
    _changes_of_registers(site)
    for name, person in (("keeper", COUNTY_KEEPER), ("head", COUNTY_HEAD), ("city", CITY_HEAD)):
        open_account(site, name, person)


def _name_everybody(site: Province) -> None:
    for number, (name, name_en) in NAMES.items():
        publishing.add_person(site.using, number, name=name, name_en=name_en)
    for number, name in ORGANISATIONS.items():
        sheet = organisations.find(site.using, number)
        assert sheet is not None
        organisations.register(site.using, msgspec.structs.replace(sheet, name=name))
    for number, level, superior, area, name in AUTHORITIES:
        register(site, number, line="authority", level=level, superior=superior, area=area, name=name)
    unit = organisations.of_station(site.using, STATION)
    assert unit is not None
    organisations.register(site.using, msgspec.structs.replace(unit, name="高邮湖西站"))


def _between_institutions(site: Province) -> None:
    using = site.using
    given = distributing.distribute(using, to_city(count=300))
    assert isinstance(given, Distribution)
    fees.charge(using, given.distribution, amount_fen=4_500, invoice="FP-2026-118", by=PROVINCE_KEEPER)
    ordering.place_order(
        using, ordering.OrderRequest(organisation=COUNTY, superior=CITY, kind="B", wanted=600, by=COUNTY_KEEPER)
    )
    ordering.place_order(
        using, ordering.OrderRequest(organisation=CITY, superior=PROVINCE, kind="A", wanted=200, by=CITY_KEEPER)
    )
    made = drawing.draw(using, DrawRequest(station=STATION, kind="B", by=COUNTY_KEEPER, count=200))
    assert isinstance(made, DrawnRange), made
    site.clock.wait(60)
    more = drawing.draw(using, DrawRequest(station=STATION, kind="B", by=COUNTY_KEEPER, count=300, reason="season"))
    assert isinstance(more, DrawAsked), more
    draw_visits(using, PROVINCE, 1, by=PROVINCE_HEAD)


def _at_the_station(site: Province, device: FakeDevice) -> None:
    issued = [work.certify(device) for _each in range(9)]
    print_one(device, issued[0])
    print_one(device, issued[1])
    device.record(VET, SheetSpoiled(number=issued[0].number, print=1, sheet=2, category="torn"))
    work.hand_over(device, issued[1])
    void = CertificateVoided(number=issued[1].number, reason="wrong_entry", on_desk=0)
    device.record(VET, void, private=Note(text=""))
    block = work.next_number(device, "B")[1]
    lost = device.record(VET, NumbersLost(block, "9900000090", "9900000095", "stolen", "2026-11-20"))
    device.record(VET, LossDrafted(loss=lost, notice=FILE, to_authority=FILE, to_institution=FILE))
    device.record(VET, LossPublished(lost, "newspaper", "2026-11-21", [FILE]), private=Publication(name="高邮日报"))
    device.record(VET, LossReported(loss=lost, to="authority", sent_on="2026-11-21"))
    number = issued[1].number
    asked = DestructionRequested(
        [SheetName(number.kind, number.digits, 1, 2)], "shredding", "2027-12-01", counted=1, form=FILE
    )
    write_off(device, issued[1])
    request = device.record(VET, asked)
    device.record(HEAD, DestructionReviewed(request, counted=1))
    visit = device.record(HEAD, _visit(), private=VisitDetails(official="孙检查", unit="市局"))
    device.record(HEAD, RectificationRecorded(visit=visit, findings=["storage_poor"], attachments=[FILE]))
    device.record(VET, BlockRequested(kind="B", wanted=1900, emergency=True))
    device.sync(site.exchange)
    site.clock.wait(60)
    pass_on(site.using, lost, "county", by=COUNTY_KEEPER)
    _visit_from_above(site)
    _registers(site)


def _registers(site: Province) -> None:
    """A seal that changed hands once."""
    for holder in (VET, HEAD):
        sheet = SealSheet("高邮检疫 1 号", 0, COUNTY, holder, "ab" * 32, "2026-11-01", "", COUNTY_KEEPER, 0)
        seals.keep_seal(site.using, sheet)
    seals.open_file(site.using, "XK-1", organisation=COUNTY, licence="防疫条件 7", by=COUNTY_KEEPER)


def _visit_from_above(site: Province) -> None:
    """The city's head came by, and saw one of two findings put right the same day."""
    site.clock.wait(60)
    report = visits.VisitReport(
        station=STATION,
        organisation=CITY,
        by=CITY_HEAD,
        findings=("stocktake_late", "storage_poor"),
        rectify_by="2026-12-10",
        no_picture="too_dark",
    )
    made = visits.record_visit(site.using, report)
    assert isinstance(made, StationVisited), made
    visits.record_rectified(site.using, made.visit, ["storage_poor"], by=CITY_HEAD)


def _in_the_county_s_store(site: Province) -> None:
    """A count with ten missing and five too many, notice drawn and one report sent; damp sheets half agreed to go."""
    using = site.using
    there = "9900000901-9900000905,9900001201-9900001500,9900001511-9900002000"
    counted = Counted(typed=there, cause="stolen")
    made = counting.count_store(
        using, counting.CountRequest(organisation=COUNTY, kind="B", by=COUNTY_KEEPER, counted=counted)
    )
    assert isinstance(made, StoreCounted), made
    notice_papers.draw_notice(using, made.ending, by=COUNTY_KEEPER)
    report_papers.draw_reports(using, made.ending, by=COUNTY_KEEPER)
    store_reports.send_report(using, made.ending, store_reports.Step(to="authority"), by=COUNTY_KEEPER)
    request = destroying.DestructionRequest(
        organisation=COUNTY,
        kind="B",
        by=COUNTY_KEEPER,
        cause="damaged",
        method="shredding",
        planned_on="2027-01-05",
        typed="9900001901-9900001950,9900001971-9900002000",
    )
    asked = destroying.ask_destruction(using, request)
    assert isinstance(asked, StockEndAsked), asked
    destroying.review(using, asked.ask, counted=80, by=COUNTY_HEAD)
    destroying.enter_signed(using, asked.ask, signed_on="2026-11-21", picture=FILE, by=COUNTY_KEEPER)


def _changes_of_registers(site: Province) -> None:
    """A county with another name, before the city's head."""
    sheet = organisations.find(site.using, COUNTY)
    assert sheet is not None
    wanted = msgspec.structs.replace(sheet, name="高邮市水生动物疫病预防控制中心", by=COUNTY_KEEPER)
    asked = registering.ask(site.using, OrganisationAsked("", wanted))
    assert isinstance(asked, OrganisationAsked), asked


def _visit() -> SupervisionRecorded:
    return SupervisionRecorded(
        visited_on="2026-11-21",
        findings=["storage_poor", "ledger_incomplete"],
        rectify_by="2026-12-21",
        ledgers=[LedgerState(ledger="draw", records=1, lacking=0)],
        blocks_hold=True,
        sheets_hold=False,
        open_cases=1,
        attachments=[],
    )
