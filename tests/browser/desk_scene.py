"""A province in the middle of its work, for the desk's pages: something of everything they show."""

from __future__ import annotations

import msgspec

from inspector_app.domain.stock import Distribution, DrawAsked
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
from province.custody import distributing, drawing, fees, ordering, organisations
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
    CITY_KEEPER,
    COUNTY,
    COUNTY_HEAD,
    COUNTY_KEEPER,
    PROVINCE,
    PROVINCE_HEAD,
    PROVINCE_KEEPER,
    found_chain,
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
}
ORGANISATIONS = {
    PROVINCE: "江苏省水生动物卫生监督所",
    CITY: "扬州市水生动物卫生监督所",
    COUNTY: "高邮市水生动物卫生监督所",
}
FILE = "00" * 32


def furnish(site: Province) -> None:
    """Institutions with names, their accounts, and a week of everybody's work."""
    found_chain(site)
    _name_everybody(site)
    stock_county(site, 1000)
    _between_institutions(site)
    device = site.enrol("高邮一号机", people=(VET, HEAD))
    _at_the_station(site, device)
    for name, person in (("keeper", COUNTY_KEEPER), ("head", COUNTY_HEAD), ("province", PROVINCE_KEEPER)):
        open_account(site, name, person)


def _name_everybody(site: Province) -> None:
    for number, (name, name_en) in NAMES.items():
        publishing.add_person(site.using, number, name=name, name_en=name_en)
    for number, name in ORGANISATIONS.items():
        sheet = organisations.find(site.using, number)
        assert sheet is not None
        organisations.register(site.using, msgspec.structs.replace(sheet, name=name))
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
