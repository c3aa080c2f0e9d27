"""Whom the papers of a loss are addressed to: by the register the province told, by area code where it told none."""

from __future__ import annotations

import msgspec
import pytest

from inspector_app.domain.authority import StationSheet
from inspector_app.domain.organisations import OrganisationSheet
from inspector_app.journal.entries.losses import Recipient
from inspector_app.services.device import Device, Session
from inspector_app.services.following_losses import LossPapers, draft_papers
from inspector_app.services.losses import report_loss
from inspector_app.services.recipients import recipient
from tests.office import STATION, HandClock, Office
from tests.services.registers import authority, chain
from tests.services.work import acting, assert_sound, done

AUTHORITY, COUNTY = "高邮市农业农村局（登记）", "高邮市水生动物卫生监督所"


def papers(device: Device, head: Session) -> tuple[str, str, str]:
    """The notice, and the reports to the authority and to the institution, of numbers stolen today."""
    loss = done(report_loss(device, "B", "9900000008-10", cause="stolen"))
    with acting(device, head):
        drawn = done(draft_papers(device, loss))
    assert isinstance(drawn, LossPapers)
    notice, first, second = (
        device.files.read(name).decode() for name in (drawn.notice, drawn.to_authority, drawn.to_institution)
    )
    return notice, first, second


def test_g22_reports_go_to_whom_the_register_names(office: Office, device: Device, head: Session) -> None:
    office.publish(device, *chain())
    _notice, to_authority, to_institution = papers(device, head)
    assert f"{AUTHORITY}：" in to_authority
    assert f"{COUNTY}：" in to_institution
    assert "水生动物检疫机构" not in to_institution  # the name by area code is nowhere any more
    assert all("高邮湖西检疫站" in one for one in (to_authority, to_institution))  # who reports, as it is registered
    assert_sound(device)


def test_g45_the_notice_names_the_unit_and_whom_the_register_names_besides(
    office: Office, device: Device, head: Session
) -> None:
    office.publish(device, *chain())
    notice = papers(device, head)[0]
    assert f"请立即向我单位、{AUTHORITY}、{COUNTY}举报" in notice
    assert "高邮湖西检疫站于" in notice


@pytest.mark.parametrize("to", Recipient)
def test_a_recipient_is_named_even_where_no_area_is_known(office: Office, device: Device, to: Recipient) -> None:
    nowhere = StationSheet(STATION, 2, "练习站", "Practice Station", 0, "0514-84600000", "", "湖西")
    office.publish(device, nowhere)
    assert recipient(device, to) in {"农业农村局", "水生动物检疫机构"}


def test_without_a_register_they_are_named_by_the_area_code(device: Device, head: Session) -> None:
    notice, to_authority, to_institution = papers(device, head)
    assert "江苏省扬州市高邮市农业农村局：" in to_authority
    assert "江苏省扬州市水生动物检疫机构：" in to_institution
    assert "请立即向我单位举报" in notice
    assert "练习检疫站于" in notice


@pytest.mark.parametrize("late", [False, True])
def test_a_newer_sheet_replaces_the_older_in_whatever_order_they_are_heard(
    office: Office, device: Device, head: Session, late: bool
) -> None:
    sheets = [authority(), authority("高邮市农业农村和水务局", ordinal=2)]
    office.publish(device, *chain()[:-1], *(reversed(sheets) if late else sheets))
    assert "高邮市农业农村和水务局：" in papers(device, head)[1]


@pytest.mark.parametrize(
    "ended",
    [
        authority(ordinal=2, filed_until="2026-11-20"),
        authority(ordinal=2, filed_from="2026-11-22"),
        authority(ordinal=2, area=321281),
    ],
)
def test_an_authority_out_of_its_days_or_of_another_area_is_not_written_to(
    office: Office, device: Device, head: Session, ended: OrganisationSheet
) -> None:
    office.publish(device, *chain(), ended)
    notice, to_authority, to_institution = papers(device, head)
    assert "扬州市农业农村局（登记）" not in to_authority  # the one above is not of the same level
    assert "江苏省扬州市高邮市农业农村局：" in to_authority
    assert f"{COUNTY}：" in to_institution
    assert f"请立即向我单位、{COUNTY}举报" in notice


def test_an_authority_is_written_to_through_its_last_day(
    office: Office, device: Device, head: Session, clock: HandClock
) -> None:
    office.publish(device, *chain()[:-1], authority(filed_until="2026-11-21"))
    assert f"{AUTHORITY}：" in papers(device, head)[1]


def test_a_unit_that_became_another_station_s_speaks_for_this_one_no_more(
    office: Office, device: Device, head: Session
) -> None:
    office.publish(device, *chain(), msgspec.structs.replace(chain()[0], ordinal=2, station=8))
    assert "江苏省扬州市高邮市农业农村局：" in papers(device, head)[1]
