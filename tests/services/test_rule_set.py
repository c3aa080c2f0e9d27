"""The set of custody rules is the province's to name; its words are said in those of today's institutions (G51)."""

from __future__ import annotations

from inspector_app.domain.refusals import RefusalCode as C
from inspector_app.domain.rules import choose_rules
from inspector_app.services.device import Device, Session
from inspector_app.services.following_losses import LossPapers, draft_papers
from inspector_app.services.rule_set import rules_in_force, shipped_rules
from tests.office import Office
from tests.services.test_following_losses import lost
from tests.services.work import acting, done, only


def test_the_measures_hold_since_their_day() -> None:
    shipped = shipped_rules()
    assert choose_rules(shipped, "GX-2014", "2014-05-26") is None
    held = choose_rules(shipped, "GX-2014", "2014-05-27")
    assert held is not None
    assert len(held.rule) == 51


def test_a_set_nobody_ships_is_none(device: Device) -> None:
    assert choose_rules(shipped_rules(), "HN-2031", device.today()) is None
    assert rules_in_force(device) is not None


def test_g51_no_paper_is_made_under_rules_this_program_does_not_carry_out(
    office: Office, device: Device, head: Session
) -> None:
    loss = lost(device)
    office.publish(device, office.policy(custody_rules="HN-2031"))
    with acting(device, head):
        found = only(draft_papers(device, loss), C.RULE_SET_OTHER)
    assert (found.limit, found.current) == ("HN-2031", "GX-2014")


def test_the_report_names_the_measures_and_today_s_institutions(device: Device, head: Session) -> None:
    loss = lost(device)
    with acting(device, head):
        papers = done(draft_papers(device, loss))
    assert isinstance(papers, LossPapers)
    text = device.files.read(papers.to_authority).decode()
    assert "广西壮族自治区动物卫生证章标志管理办法" in text
    assert "农业农村部门" in text
    assert "兽医主管部门" not in text
