"""Doors open to strangers: what is too often, for whom, and that one visitor's excess costs no other anything."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, RequestFactory

from inspector_app.domain.declaration import OnlineDeclaration
from province.journal.models import FeedDocument
from province.journal.rows import DjangoRows
from province.portal import declaring
from province.portal.models import PortalDeclaration
from province.public import login, tallies, views
from province.public.models import Tally
from province.public.visitors import address_of
from tests.province.fixtures import OTHER_STATION, STATION, Province
from tests.province.test_portal import sound

LIMIT = tallies.Limit(most=2, minutes=10)
PASSWORD = "luyu chitang qingchen 7"


# --- counting --------------------------------------------------------------------------------------------------------


def test_what_is_beyond_the_limit_is_told_until_its_time_is_over(either_province: Province) -> None:
    using = either_province.using
    asked = [tallies.is_beyond(using, "knock", "1.2.3.4", LIMIT) for _ in range(4)]
    assert asked == [False, False, True, True]
    assert tallies.is_reached(using, "knock", "1.2.3.4", LIMIT)
    assert not tallies.is_beyond(using, "knock", "1.2.3.5", LIMIT)
    assert not tallies.is_beyond(using, "ring", "1.2.3.4", LIMIT)
    either_province.clock.wait(600)
    assert not tallies.is_reached(using, "knock", "1.2.3.4", LIMIT)
    assert not tallies.is_beyond(using, "knock", "1.2.3.4", LIMIT)
    assert Tally.objects.using(using).count() == 1  # what is over is gone


def test_nobody_can_be_read_out_of_the_counts(province: Province) -> None:
    tallies.is_beyond(province.using, "knock", "1.2.3.4", LIMIT)
    assert "1.2.3.4" not in str(Tally.objects.using(province.using).values_list())
    tallies.forget(province.using, "knock", "1.2.3.4")
    assert not Tally.objects.using(province.using).exists()


# --- whom an address stands for --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "forwarded", "direct", "expected"),
    [
        ("", "10.0.0.9", "203.0.113.5", "203.0.113.5"),
        ("X-Forwarded-For", "10.0.0.9", "127.0.0.1", "10.0.0.9"),
        ("X-Forwarded-For", "8.8.8.8, 10.0.0.9", "127.0.0.1", "10.0.0.9"),
        ("X-Forwarded-For", "10.0.0.9, garbage", "127.0.0.1", "127.0.0.1"),
        ("X-Forwarded-For", "", "127.0.0.1", "127.0.0.1"),
        ("", "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", "", "::ffff:203.0.113.5", "203.0.113.5"),
        ("", "", "unix:", "unix:"),
    ],
)
def test_the_visitor_is_whom_the_trusted_proxy_names(
    settings: Any, header: str, forwarded: str, direct: str, expected: str
) -> None:
    settings.PROXY_HEADER = header
    request = RequestFactory().get("/", REMOTE_ADDR=direct, HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request) == expected


def looked_up(number: int, **where: Any) -> int:
    query = {"number": f"99{number:08d}", "code": "AAAAAA"}
    return int(Client().get("/q/", query, **where).status_code)


def test_who_looks_up_too_often_stops_nobody_else_and_no_number(site: Province) -> None:
    for _ in range(views.LOOK_UPS.most):
        assert looked_up(1, REMOTE_ADDR="203.0.113.5") == 200
    assert looked_up(2, REMOTE_ADDR="203.0.113.5") == 429
    assert looked_up(1, REMOTE_ADDR="203.0.113.6") == 200
    site.clock.wait(views.LOOK_UPS.minutes * 60)
    assert looked_up(2, REMOTE_ADDR="203.0.113.5") == 200


def test_behind_a_proxy_each_citizen_counts_alone(site: Province, settings: Any) -> None:
    settings.PROXY_HEADER = "X-Forwarded-For"
    statuses = {looked_up(number, HTTP_X_FORWARDED_FOR=f"9.9.9.9, 10.0.0.{number}") for number in range(1, 41)}
    assert statuses == {200}


# --- declaring -------------------------------------------------------------------------------------------------------


def sent(address: str = "203.0.113.5", **changes: str) -> tuple[int, str]:
    response = Client().post("/declare/", sound() | changes, REMOTE_ADDR=address)
    return response.status_code, response.content.decode()


def recorded(site: Province) -> int:
    assert FeedDocument.objects.using(site.using).filter(kind="online_declaration/1").count() == (
        PortalDeclaration.objects.using(site.using).count()
    )
    return PortalDeclaration.objects.using(site.using).count()


def test_the_same_declaration_sent_twice_is_one_and_its_reference_is_told_again(site: Province) -> None:
    device = site.enrol()
    assert sent()[0] == 302
    (row,) = PortalDeclaration.objects.using(site.using).all()
    status, html = sent("203.0.113.99")
    assert (status, row.online in html, recorded(site)) == (429, True, 1)
    device.sync(site.exchange)
    assert len(device.held(OnlineDeclaration)) == 1
    assert sent(amount="60")[0] == 302
    site.clock.wait(declaring.SAME_MINUTES * 60)
    assert sent()[0] == 302


def test_somebody_else_s_reference_is_told_to_nobody(site: Province) -> None:
    sent()
    (row,) = PortalDeclaration.objects.using(site.using).all()
    status, html = sent(owner="别的鱼种场")
    assert (status, row.online in html) == (302, False)


def test_one_address_sends_so_many_an_hour_and_another_still_may(site: Province) -> None:
    phones = [f"1390000{number:04d}" for number in range(declaring.OF_ADDRESS.most + 1)]
    statuses = [sent(owner_phone=phone)[0] for phone in phones]
    assert statuses == [302] * declaring.OF_ADDRESS.most + [429]
    status, html = sent(owner_phone=phones[-1])
    assert (status, "提交太频繁" in html, "0514-84600000" in html) == (429, True, True)
    assert recorded(site) == declaring.OF_ADDRESS.most
    assert sent("203.0.113.6", owner_phone=phones[-1])[0] == 302
    site.clock.wait(3600)
    assert sent(owner_phone="13911111111")[0] == 302


def test_a_station_is_not_flooded_from_many_addresses_and_the_next_station_is_not_touched(site: Province) -> None:
    most = declaring.OF_STATION.most
    for number in range(most):
        assert sent(f"198.51.100.{number}", owner_phone=f"1390000{number:04d}")[0] == 302
    status, html = sent("203.0.113.5", owner_phone="13911111111")
    assert (status, "该申报点网上申报过多" in html, recorded(site)) == (429, True, most)
    assert sent("203.0.113.5", owner_phone="13911111111", station=str(OTHER_STATION))[0] == 302


def test_one_telephone_has_so_many_open_until_the_station_takes_them_up(site: Province) -> None:
    for number in range(declaring.OPEN_OF_PHONE):
        assert sent(f"198.51.100.{number}", amount=str(number + 1))[0] == 302
    status, html = sent("203.0.113.5", amount="999")
    assert (status, "待办的申报已经很多" in html, "三垛鱼种场" in html) == (429, True, True)
    (first, *_others) = DjangoRows(site.using).many("online_declarations")
    taken = {"declaration": "somewhere/1"}
    DjangoRows(site.using).update("online_declarations", {"online": first["online"]}, taken)
    assert sent("203.0.113.5", amount="999")[0] == 302


def test_the_sentences_are_there_in_english(site: Province) -> None:
    sent()
    html = Client().post("/declare/?lang=en", sound()).content.decode()
    assert "This declaration has just been sent" in html


def test_what_is_wrong_costs_no_turn(site: Province) -> None:
    for _ in range(declaring.OF_ADDRESS.most + 5):
        assert sent(amount="")[0] == 200
    assert sent(station=str(STATION))[0] == 302


# --- signing in to the admin -----------------------------------------------------------------------------------------


def signs_in(name: str, password: str, address: str = "203.0.113.5") -> bool:
    data = {"username": name, "password": password}
    response = Client().post("/admin/login/?next=/admin/", data, REMOTE_ADDR=address)
    return response.status_code == 302


@pytest.fixture
def admin(site: Province) -> Province:
    User.objects.db_manager(site.using).create_superuser("admin", password=PASSWORD)
    return site


def test_after_five_wrong_passwords_the_right_one_has_to_wait(admin: Province) -> None:
    for guess in range(login.OF_NAME.most):
        assert not signs_in("admin", f"wrong {guess}")
    assert not signs_in("admin", PASSWORD)
    assert not signs_in("ADMIN", PASSWORD)
    assert signs_in("admin", PASSWORD, "203.0.113.6")
    admin.clock.wait(login.OF_NAME.minutes * 60)
    assert signs_in("admin", PASSWORD)


def test_a_right_password_begins_the_count_anew(admin: Province) -> None:
    for _ in range(3):
        for guess in range(login.OF_NAME.most - 1):
            assert not signs_in("admin", f"wrong {guess}")
        assert signs_in("admin", PASSWORD)


def test_many_names_from_one_address_are_stopped_too(admin: Province) -> None:
    for number in range(login.OF_ADDRESS.most):
        assert not signs_in(f"somebody {number}", "wrong")
    assert not signs_in("admin", PASSWORD)
    response = Client().post("/admin/login/", {"username": "admin", "password": PASSWORD}, REMOTE_ADDR="203.0.113.5")
    assert "密码输错次数太多，请过 15 分钟再登录。" in response.content.decode()
