"""Declaring online: what is refused with which sentence, and that a sound declaration reaches its station."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from inspector_app.domain.declaration import OnlineDeclaration
from province.portal.models import PortalDeclaration
from tests.province.fixtures import STATION, Province

SOUND = {
    "station": str(STATION),
    "owner": "三垛鱼种场",
    "owner_phone": "0514-84612345",
    "owner_address": "三垛镇",
    "permit": "",
    "species": "101",
    "stage": "",
    "amount": "50",
    "unit": "11",
    "purpose": "1",
    "origin": "高邮",
    "origin_place": "三垛镇鱼种场",
    "pond": "3 号塘",
    "destination": "江苏省泰州市兴化市",
    "destination_place": "昌荣镇",
    "consignee": "",
    "departs_on": "2026-11-25",
    "departs_time": "06:30",
    "remarks": "",
}


def sound() -> dict[str, str]:
    from province import reference

    stage = reference.catalogue().stages_for(101, "2026-11-21")[0]
    return SOUND | {"stage": stage.code}


def send(language: str = "zh", **changes: str) -> tuple[int, str]:
    """Post the form with some fields changed; follows to the reference."""
    url = "/declare/?lang=en" if language == "en" else "/declare/"
    response = Client().post(url, sound() | changes, follow=True)
    return response.status_code, response.content.decode()


def error_of(html: str, field: str) -> str:
    found = re.search(rf'id="{field}-error">(.*?)</p>', html)
    return found[1] if found else ""


def test_a_sound_declaration_gets_a_reference_and_reaches_its_station(site: Province) -> None:
    device = site.enrol()
    status, html = send()
    row = PortalDeclaration.objects.using(site.using).get()
    assert status == 200
    assert row.online in html
    assert "0514-84600000" in html
    device.sync(site.exchange)
    (told,) = device.held(OnlineDeclaration)
    assert (told.online, told.owner, told.origin, told.destination) == (row.online, "三垛鱼种场", 321084, 321281)
    assert (told.quantity.value, told.quantity.unit, told.species) == (50, 11, 101)
    from inspector_app.clock import moment_text

    assert moment_text(told.departs_at) == "2026-11-25 06:30"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("owner", "", "请填写这一项"),
        ("owner", "  ", "请填写这一项"),
        ("owner", "李\u202e四", "有无法使用的字符，请重新输入"),
        ("owner", "长" * 100, "太长，最多 80 个字"),
        ("owner_phone", "12", "电话应为 5 到 20 位数字，可带区号"),
        ("owner_phone", "电话", "电话应为 5 到 20 位数字，可带区号"),
        ("amount", "0", "请填大于 0 的数，例如 50 或 1.5"),
        ("amount", "很多", "请填大于 0 的数，例如 50 或 1.5"),
        ("amount", "-5", "请填大于 0 的数，例如 50 或 1.5"),
        ("station", "999", "请填写这一项"),
        ("species", "", "请填写这一项"),
        ("stage", "nothing", "请填写这一项"),
        ("origin", "不知道的地方", "请选择县（市、区）"),
        ("origin", "江苏省", "请选择县（市、区）"),
        ("departs_on", "2026-11-20", "启运时间已过"),
        ("departs_on", "2027-11-20", "最多提前 60 天申报"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(site: Province, field: str, typed: str, sentence: str) -> None:
    status, html = send(**{field: typed})
    assert status == 200
    assert error_of(html, field) == sentence
    assert "处需要补正" in html
    assert not PortalDeclaration.objects.using(site.using).exists()


def test_a_name_that_fits_several_counties_is_offered_as_a_choice(site: Province) -> None:
    _status, html = send(destination="鼓楼区")
    assert error_of(html, "destination") == "请选择县（市、区）"
    assert len(re.findall(r'<option value="\d{6}">[^<]*鼓楼区', html)) >= 3
    status, html = send(destination="320106")
    assert PortalDeclaration.objects.using(site.using).count() == 1
    assert status == 200


def test_full_width_and_chinese_ways_of_writing_are_understood(site: Province) -> None:
    device = site.enrol()
    send(amount="１２．５", owner_phone="＋８６ 139 0000 0001", origin="321084")
    device.sync(site.exchange)
    (told,) = device.held(OnlineDeclaration)
    assert (told.quantity.value, told.quantity.scale) == (125, 1)
    assert told.owner_phone == "13900000001"


def test_the_form_speaks_english_too(site: Province) -> None:
    _status, html = send("en", owner="")
    assert error_of(html, "owner") == "Please fill this in"
    assert "Gaoyou Huxi Station" in html


def test_what_was_typed_stays_in_the_form(site: Province) -> None:
    _status, html = send(amount="", owner='王"<b>')
    assert "王&quot;&lt;b&gt;" in html
    assert "<b>" not in html


def test_a_reference_nobody_was_given_shows_nothing(site: Province) -> None:
    assert Client().get("/declare/W261121-AAAAAA/").status_code == 404


def test_a_form_without_its_token_is_refused(site: Province) -> None:
    import logging

    logging.getLogger("django.security.csrf").disabled = True
    try:
        assert Client(enforce_csrf_checks=True).post("/declare/", sound()).status_code == 403
    finally:
        logging.getLogger("django.security.csrf").disabled = False
    assert not PortalDeclaration.objects.using(site.using).exists()
