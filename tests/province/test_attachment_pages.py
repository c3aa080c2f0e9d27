"""Photographs of stations as people at the province see them: by the record that names them, and in the admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from inspector_app.journal.entries.supervision import LedgerState, SupervisionRecorded, VisitDetails
from inspector_app.suites import sha256
from tests.office import CountingRandom
from tests.province.desks import Desk, county
from tests.province.fixtures import HEAD, Province
from tests.province.institutions import found_chain

JPEG = b"\xff\xd8\xff" + CountingRandom("a visit").bytes(5_000)
SCAN = b"%PDF-1.7 " + CountingRandom("a report").bytes(5_000)
PAGE = b"<html><script>alert(1)</script></html>"


@pytest.fixture
def desk(site: Province) -> Desk:
    """The county's keeper at the desk."""
    found_chain(site)
    return county(site)


def visited(site: Province, *contents: bytes, sent: bool = True) -> str:
    """A visit a station tells of with these attachments; its entry."""
    device = site.enrol(people=(HEAD,))
    fact = SupervisionRecorded(
        visited_on="2026-11-21",
        findings=["storage_poor"],
        rectify_by="2026-12-21",
        ledgers=[LedgerState(ledger="draw", records=1, lacking=0)],
        blocks_hold=True,
        sheets_hold=True,
        open_cases=0,
        attachments=[device.attach(content) for content in contents],
    )
    ref = device.record(HEAD, fact, private=VisitDetails(official="孙检查", unit="市局"))
    device.sync(site.exchange)
    if sent:
        assert device.send(site.exchange).left == 0
    return ref


def test_a_visit_leads_to_its_photographs_once_they_are_here(site: Province, desk: Desk) -> None:
    ref, name = visited(site, JPEG), sha256(JPEG).hex()
    shown = desk.get(f"visits/one/?visit={ref}")
    assert f"/desk/attachments/{name}/" in shown
    assert "还没有传到" not in shown
    answer = desk.client.get(f"/desk/attachments/{name}/")
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (200, JPEG, "image/jpeg")


def test_a_visit_says_of_a_photograph_that_it_is_not_here_yet(site: Province, desk: Desk) -> None:
    ref, name = visited(site, JPEG, sent=False), sha256(JPEG).hex()
    shown = desk.get(f"visits/one/?visit={ref}")
    assert f"{name} （照片还没有传到）" in shown
    assert f"/desk/attachments/{name}/" not in shown
    desk.get(f"attachments/{name}/", status=404)


@pytest.mark.parametrize(
    ("content", "kind", "how"),
    [
        (JPEG, "image/jpeg", "inline"),
        (SCAN, "application/pdf", "attachment"),
        (PAGE, "application/octet-stream", "attachment"),
    ],
)
def test_whatever_a_device_sent_is_never_shown_as_a_page_of_ours(
    site: Province, desk: Desk, content: bytes, kind: str, how: str
) -> None:
    visited(site, content)
    headers = desk.client.get(f"/desk/attachments/{sha256(content).hex()}/").headers
    assert headers["Content-Type"] == kind
    assert headers["Content-Disposition"].startswith(how)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


def test_nobody_sees_one_without_an_account(site: Province, desk: Desk) -> None:
    visited(site, JPEG)
    name = sha256(JPEG).hex()
    for path in (f"/desk/attachments/{name}/", f"/admin/journal/attachment/{name}/content/"):
        assert Client().get(path).status_code == 302
    clerk = User.objects.db_manager(site.using).create_user("clerk", password="luyu chitang 7", is_staff=True)
    client = Client()
    client.force_login(clerk)
    assert client.get(f"/admin/journal/attachment/{name}/content/").status_code == 403


def test_the_admin_lists_them_and_leads_to_those_that_are_whole(site: Province, desk: Desk) -> None:
    visited(site, JPEG)
    name = sha256(JPEG).hex()
    assert name[:16] in desk.client.get("/admin/journal/attachment/").content.decode()
    assert desk.client.get(f"/admin/journal/attachment/{name}/content/").content == JPEG
    assert desk.client.get(f"/admin/journal/attachment/{'0' * 64}/content/").status_code == 404
    assert desk.client.get("/admin/journal/attachment/add/").status_code == 403
