"""The admin: in Chinese, complete enough to look after the province, and powerless over the ledgers."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client

from inspector_app.journal.entries.custody import BlockRequested
from inspector_app.journal.envelope import VERSION, Envelope, encode, encode_fact
from province.journal.admin import ReadOnly
from province.registry.models import Laboratory
from tests.province import work
from tests.province.declarations import declare_online
from tests.province.fixtures import VET, Province

LEDGERS = [
    *("journal/journal", "journal/storedentry", "journal/feeddocument", "journal/incident", "journal/asideentry"),
    "journal/attachment",
    *("ledgers/ledgercertificates", "ledgers/ledgernumbers", "ledgers/ledgerblocks", "ledgers/ledgerdeclarations"),
    *("numbers/stock", "numbers/drawnrange", "numbers/cutblock", "numbers/scheme", "numbers/contestednumber"),
    *("registry/station", "registry/person", "registry/publishedgrant", "registry/device", "registry/trustrelease"),
    *("registry/personsigningkey", "registry/enrolmentcode", "registry/givenlease", "portal/portaldeclaration"),
]


@pytest.fixture
def administrator(site: Province) -> Client:
    """Somebody with every right Django knows."""
    user = User.objects.db_manager(site.using).create_superuser("admin", password="luyu chitang qingchen 7")
    client = Client()
    client.force_login(user)
    device = site.enrol()
    work.void(device, work.certify(device))
    device.sync(site.exchange)
    declare_online(site)
    return client


@pytest.mark.parametrize("ledger", LEDGERS)
def test_every_ledger_can_be_read_and_not_changed_even_by_an_administrator(administrator: Client, ledger: str) -> None:
    listed = administrator.get(f"/admin/{ledger}/")
    assert listed.status_code == 200
    assert administrator.get(f"/admin/{ledger}/add/").status_code == 403
    html = listed.content.decode()
    assert f'href="/admin/{ledger}/add/"' not in html
    assert "delete_selected" not in html


def test_an_entry_of_a_time_no_calendar_has_is_listed_all_the_same(administrator: Client, site: Province) -> None:
    device = site.enrol("错时机")
    fact = BlockRequested(kind="B", wanted=1, emergency=False)
    envelope = Envelope(
        v=VERSION,
        device=device.device,
        seq=len(device.entries) + 1,
        at=2**52,
        mono=0,
        boot="x",
        actor=VET,
        kind=fact.KIND,
        fact=encode_fact(fact),
    )
    device.write(encode(envelope))
    device.sync(site.exchange)
    listed = administrator.get("/admin/journal/storedentry/")
    assert listed.status_code == 200
    assert str(2**52) in listed.content.decode()


def test_an_entry_is_shown_without_anything_personal(administrator: Client, site: Province) -> None:
    from province.journal.models import StoredEntry

    row = StoredEntry.objects.using(site.using).filter(kind="declaration.recorded/1").get()
    response = administrator.get(f"/admin/journal/storedentry/{row.pk}/change/")
    html = response.content.decode()
    assert response.status_code == 200
    assert "grass" not in html
    assert "湖西特种水产苗种场" not in html
    assert "summerling" in html
    assert administrator.post(f"/admin/journal/storedentry/{row.pk}/delete/").status_code == 403


def test_a_certificate_s_line_has_no_owner(administrator: Client) -> None:
    html = administrator.get("/admin/ledgers/ledgercertificates/B 9900000001/change/").content.decode()
    assert "voided" in html
    assert "湖西" not in html
    assert "13900000001" not in html


def test_laboratories_are_kept_by_hand_and_never_deleted(administrator: Client, site: Province) -> None:
    added = administrator.post(
        "/admin/registry/laboratory/add/",
        {"number": 3, "name": "省水产病害测报站", "accreditation": "", "valid_until": ""},
    )
    assert added.status_code == 302
    assert Laboratory.objects.using(site.using).get(number=3).name == "省水产病害测报站"
    assert administrator.post("/admin/registry/laboratory/3/delete/", {"post": "yes"}).status_code == 403


def test_the_admin_speaks_chinese(administrator: Client) -> None:
    html = administrator.get("/admin/").content.decode()
    for text in ("省级平台", "设备日志", "证明台账", "号段", "领用", "授权", "可信数据", "网上申报"):
        assert text in html


def test_nobody_gets_in_without_signing_in(site: Province) -> None:
    response = Client().get("/admin/")
    assert response.status_code == 302
    assert "/admin/login/" in response.headers["Location"]


def test_no_model_of_the_journal_can_be_changed_in_the_admin() -> None:
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label in ("journal", "numbers", "ledgers", "portal"):
            assert isinstance(model_admin, ReadOnly), model
